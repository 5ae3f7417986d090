package jpeg_test

import (
	"bytes"
	"errors"
	"math/bits"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// variant is how a lossless stream is laid out.
type variant struct {
	sampling  [][2]int // of each component
	scans     [][]int  // components of each scan
	rows      int      // rows of MCUs between restarts; 0: none
	predictor int
	shift     int // point transform
}

// variantWriter writes lossless streams of any layout, sample by sample as T.81 §H
// has it, with a Huffman code of five bits for every size.
type variantWriter struct {
	out  []byte
	bits uint64
	held int
}

func (w *variantWriter) put(v, n int) {
	w.bits = w.bits<<n | uint64(v)&(1<<n-1)
	for w.held += n; w.held >= 8; w.held -= 8 {
		c := byte(w.bits >> (w.held - 8))
		if w.out = append(w.out, c); c == 0xFF {
			w.out = append(w.out, 0)
		}
	}
}

func (w *variantWriter) align() {
	if w.held > 0 {
		w.put(0xFF, 8-w.held)
	}
}

func (w *variantWriter) difference(d int) {
	d = int(int16(d))
	size := bits.Len(uint(max(d, -d)))
	w.put(size, 5)
	if d < 0 {
		d--
	}
	if size < 16 {
		w.put(d, size)
	}
}

// plane is a component with whole MCUs.
type plane struct {
	rows, columns, stride, h, v int
	values                      []int
}

// expected is what a sample of a scan is predicted to be; top is the first row since
// the restart.
func (p *plane) expected(x, y, top, origin, predictor int) int {
	at := func(dx, dy int) int { return p.values[(y-dy)*p.stride+x-dx] }
	switch {
	case x == 0 && y == top:
		return origin
	case y == top:
		return at(1, 0)
	case x == 0:
		return at(0, 1)
	}
	a, b, c := at(1, 0), at(0, 1), at(1, 1)
	return [8]int{0, a, b, c, a + b - c, a + (b-c)>>1, b + (a-c)>>1, (a + b) >> 1}[predictor]
}

// encode writes an image, whose components are subsampled by leaving samples out.
func (v *variant) encode(m jpeg.Image) []byte {
	maxH, maxV := 0, 0
	for _, s := range v.sampling {
		maxH, maxV = max(maxH, s[0]), max(maxV, s[1])
	}
	mcuX, mcuY := (m.Columns+maxH-1)/maxH, (m.Rows+maxV-1)/maxV
	w := &variantWriter{out: []byte{0xFF, 0xD8, 0xFF, 0xC4, 0, 36, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}
	for size := range 17 {
		w.out = append(w.out, byte(size))
	}
	w.out = append(w.out, 0xFF, 0xC3, 0, byte(8+3*m.Samples), byte(m.Precision), byte(m.Rows>>8), byte(m.Rows), byte(m.Columns>>8), byte(m.Columns), byte(m.Samples))
	planes := make([]plane, m.Samples)
	for i, s := range v.sampling {
		w.out = append(w.out, byte(i+1), byte(s[0]<<4|s[1]), 0)
		p := plane{
			rows: (m.Rows*s[1] + maxV - 1) / maxV, columns: (m.Columns*s[0] + maxH - 1) / maxH,
			stride: mcuX * s[0], h: s[0], v: s[1],
		}
		for y := range mcuY * p.v {
			for x := range p.stride {
				sx, sy := min(min(x, p.columns-1)*maxH/s[0], m.Columns-1), min(min(y, p.rows-1)*maxV/s[1], m.Rows-1)
				p.values = append(p.values, sampleAt(m, sx, sy, i)>>v.shift)
			}
		}
		planes[i] = p
	}
	for _, scan := range v.scans {
		v.scan(w, planes, scan, mcuX, mcuY, 1<<(m.Precision-v.shift-1))
	}
	return append(w.out, 0xFF, 0xD9)
}

func sampleAt(m jpeg.Image, x, y, i int) int {
	at := (y*m.Columns+x)*m.Samples + i
	if m.Precision > 8 {
		return int(m.Pixels[2*at]) | int(m.Pixels[2*at+1])<<8
	}
	return int(m.Pixels[at])
}

func (v *variant) scan(w *variantWriter, planes []plane, scan []int, mcuX, mcuY, origin int) {
	if len(scan) == 1 {
		mcuX, mcuY = planes[scan[0]].columns, planes[scan[0]].rows
	}
	interval := v.rows * mcuX
	w.out = append(w.out, 0xFF, 0xDD, 0, 4, byte(interval>>8), byte(interval))
	w.out = append(w.out, 0xFF, 0xDA, 0, byte(6+2*len(scan)), byte(len(scan)))
	for _, i := range scan {
		w.out = append(w.out, byte(i+1), 0)
	}
	w.out = append(w.out, byte(v.predictor), 0, byte(v.shift))
	top := 0
	for my := range mcuY {
		if v.rows > 0 && my > 0 && my%v.rows == 0 {
			w.align()
			w.out = append(w.out, 0xFF, 0xD0+byte((my/v.rows-1)%8))
			top = my
		}
		for mx := range mcuX {
			for _, i := range scan {
				p := planes[i]
				if len(scan) == 1 {
					p.h, p.v = 1, 1
				}
				for y := my * p.v; y < (my+1)*p.v; y++ {
					for x := mx * p.h; x < (mx+1)*p.h; x++ {
						w.difference(p.values[y*p.stride+x] - p.expected(x, y, top*p.v, origin, v.predictor))
					}
				}
			}
		}
	}
	w.align()
}

// TestLosslessLayouts decodes streams with restarts, several scans, subsampling and
// point transforms, as they were encoded and, where it can, as dcmdjpeg does.
func TestLosslessLayouts(t *testing.T) {
	t.Parallel()
	one, three := [][2]int{{1, 1}}, [][2]int{{1, 1}, {1, 1}, {1, 1}}
	for name, v := range map[string]variant{
		"restarts":                       {sampling: one, scans: [][]int{{0}}, rows: 2},
		"restarts of every row":          {sampling: one, scans: [][]int{{0}}, rows: 1},
		"restarts of colour":             {sampling: three, scans: [][]int{{0, 1, 2}}, rows: 3},
		"one component, factor 2":        {sampling: [][2]int{{2, 2}}, scans: [][]int{{0}}, rows: 3},
		"a scan for each":                {sampling: three, scans: [][]int{{0}, {1}, {2}}},
		"scans in another order":         {sampling: three, scans: [][]int{{2}, {0, 1}}, rows: 5},
		"one scan in another order":      {sampling: three, scans: [][]int{{1, 2, 0}}},
		"point transform":                {sampling: three, scans: [][]int{{0, 1, 2}}, shift: 2},
		"4:2:2":                          {sampling: [][2]int{{2, 1}, {1, 1}, {1, 1}}, scans: [][]int{{0, 1, 2}}},
		"4:2:0, restarts":                {sampling: [][2]int{{2, 2}, {1, 1}, {1, 1}}, scans: [][]int{{0, 1, 2}}, rows: 2},
		"4:2:0, a scan for each":         {sampling: [][2]int{{2, 2}, {1, 1}, {1, 1}}, scans: [][]int{{0}, {1}, {2}}, rows: 3},
		"all of factor 2":                {sampling: [][2]int{{2, 2}, {2, 1}}, scans: [][]int{{0, 1}}, shift: 1},
		"four of several, point transf.": {sampling: [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}}, scans: [][]int{{3, 0}, {1, 2}}, shift: 1},
	} {
		for _, precision := range []int{8, 13} {
			for v.predictor = 1; v.predictor <= 7; v.predictor++ {
				m := texture(21, 17, len(v.sampling), precision)
				want := v.seen(m)
				got, err := jpeg.Decode(v.encode(m), 1<<20)
				if err != nil || !bytes.Equal(got.Pixels, want.Pixels) || got.Lossless != (v.shift == 0) {
					t.Errorf("%s, %d bits, predictor %d: another image: %v", name, precision, v.predictor, err)
				}
			}
		}
	}
}

// seen is what a decoder can know of an image: subsampled components repeat samples.
func (v *variant) seen(m jpeg.Image) jpeg.Image {
	maxH, maxV := 0, 0
	for _, s := range v.sampling {
		maxH, maxV = max(maxH, s[0]), max(maxV, s[1])
	}
	out := m
	out.Pixels = nil
	for y := range m.Rows {
		for x := range m.Columns {
			for i, s := range v.sampling {
				h, w := maxV/s[1], maxH/s[0]
				value := sampleAt(m, x/w*w, y/h*h, i) >> v.shift << v.shift
				out.Pixels = append(out.Pixels, byte(value))
				if m.Precision > 8 {
					out.Pixels = append(out.Pixels, byte(value>>8))
				}
			}
		}
	}
	return out
}

// TestLosslessLayoutsAreWhatDCMTKReads has dcmdjpeg decode such streams, so that they
// are what T.81 says and not only what we think it says.
func TestLosslessLayoutsAreWhatDCMTKReads(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	three := [][2]int{{1, 1}, {1, 1}, {1, 1}}
	for _, v := range []variant{
		{sampling: [][2]int{{1, 1}}, scans: [][]int{{0}}, rows: 2, predictor: 4},
		{sampling: three, scans: [][]int{{0, 1, 2}}, rows: 3, predictor: 7},
		{sampling: three, scans: [][]int{{0}, {1}, {2}}, rows: 1, predictor: 6},
	} {
		m := texture(21, 18, len(v.sampling), 8)
		photometric := "MONOCHROME2"
		if m.Samples == 3 {
			photometric = "RGB"
		}
		got := frames(t, run(t, encapsulated(t, m, photometric, process14, v.encode(m)), "dcmdjpeg", "+cn", "+px"))[0]
		if !bytes.Equal(got, m.Pixels) {
			t.Errorf("%+v: another image", v)
		}
	}
}

// endless is a progressive stream of side × side pixels whose scans of many blocks
// take but some bytes: a scan for each coefficient and bit.
func endless(side, scans int) []byte {
	b := []byte{0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0}
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xFF, 0xC2, 0, 11, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)
	for _, t := range [][2]byte{{0x00, 0}, {0x10, 0xE0}} { // one code each: no difference; 16384 or more blocks are at their end
		b = append(b, 0xFF, 0xC4, 0, 20, t[0], 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, t[1])
	}
	blocks := (side / 8) * (side / 8)
	scan := func(k, high, low int) { b = append(b, 0xFF, 0xDA, 0, 8, 1, 1, 0, byte(k), byte(k), byte(high<<4|low)) }
	scan(0, 0, 0)
	b = append(b, make([]byte, (blocks+7)/8)...)
	run := &variantWriter{}
	for left := blocks; left > 0; left -= 16384 {
		run.put(0, 15)
	}
	run.align()
	for i := range scans - 1 {
		k, low := 1+i/14, 13-i%14
		scan(k, (low+1)%14, low)
		b = append(b, run.out...)
	}
	return append(b, 0xFF, 0xD9)
}

// TestManyScansAreBounded decodes a progressive stream of 128 scans, and refuses one of
// 129.
func TestManyScansAreBounded(t *testing.T) {
	t.Parallel()
	stream := endless(2048, 128)
	m, err := jpeg.Decode(stream, 1<<23)
	if err != nil || slices.Max(m.Pixels) != 128 || slices.Min(m.Pixels) != 128 {
		t.Errorf("%d bytes: %v", len(stream), err)
	}
	if _, err := jpeg.Decode(endless(64, 129), 1<<20); !classified(err) {
		t.Errorf("got %v", err)
	}
	once := endless(64, 20)
	if _, err := jpeg.Decode(once, 1<<20); err != nil {
		t.Error(err)
	}
	twice := bytes.Replace(once, []byte{1, 1, 0xCB}, []byte{1, 1, 0xDC}, 1)
	if _, err := jpeg.Decode(twice, 1<<20); !errors.Is(err, sinso.ErrCorrupt) || bytes.Equal(once, twice) {
		t.Errorf("a bit is sent again: got %v", err)
	}
}

// TestRestartsOfProgressiveFrames decodes scans of DC and AC coefficients in intervals
// of ten blocks, of which a row has seven: a run of blocks does not go on behind a
// restart. A restart marker that is another makes the stream corrupt.
func TestRestartsOfProgressiveFrames(t *testing.T) {
	t.Parallel()
	const blocks, wide, interval = 49, 7, 10
	stream := append([]byte{0xFF, 0xD8, 0xFF, 0xDD, 0, 4, 0, interval, 0xFF, 0xDB, 0, 67, 0}, bytes.Repeat([]byte{64}, 64)...)
	stream = append(stream, 0xFF, 0xC2, 0, 11, 8, 0, 8*wide, 0, 8*wide, 1, 1, 0x11, 0)
	stream = append(stream, 0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	stream = append(stream, 0xFF, 0xC4, 0, 21, 0x10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xE0)
	scan := func(header []byte, put func(w *variantWriter)) {
		w := &variantWriter{out: append(stream, header...)}
		for i := 0; i < blocks; i += interval {
			if i > 0 {
				w.out = append(w.out, 0xFF, 0xD0+byte(i/interval-1))
			}
			put(w)
			w.align()
		}
		stream = w.out
	}
	scan([]byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0}, func(w *variantWriter) { w.put(0, interval) })
	scan([]byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0}, func(w *variantWriter) {
		w.put(0b01, 2)      // coefficient 1 of a block is 1
		w.put(0b10<<14, 16) // the next 16384 blocks have none
	})
	stream = append(stream, 0xFF, 0xD9)
	m := decode(t, stream)
	for i := range blocks {
		first := i/wide*8*m.Columns + i%wide*8
		if got, want := m.Pixels[first] != 128, i%interval == 0; got != want {
			t.Errorf("block %d: has a coefficient: %t, want %t", i, got, want)
		}
	}
	wrong := bytes.Replace(stream, []byte{0xFF, 0xD2}, []byte{0xFF, 0xD3}, 1)
	if _, err := jpeg.Decode(wrong, 1<<20); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("another restart marker: got %v", err)
	}
}
