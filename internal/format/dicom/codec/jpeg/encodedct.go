//nolint:gosec // coefficients and samples are below 2^16, the tables used are 0 and 1
package jpeg

import "math/bits"

// The quantisation tables for luminance and chrominance that T.81 §K.1 gives, row
// by row.
var (
	luminance = [64]uint8{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	chrominance = [64]uint8{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// EncodeBaseline writes an image by the baseline process (process 1) up to 8 bits of
// precision, by the extended one (process 4) of 12 bits up to 12. quality is 1 to
// 100 as the IJG's library scales the tables of T.81 §K.1.
//
// Three components that Transform says are RGB are written as Y, Cb and Cr (JFIF
// 1.02), others as they are; nothing is subsampled. It is ErrInvalid if the image is
// none, or a sample exceeds the precision.
func EncodeBaseline(m Image, quality int) ([]byte, error) {
	if err := m.check(1, 12); err != nil {
		return nil, err
	}
	if quality < 1 || quality > 100 {
		return nil, invalid("quality %d", quality)
	}
	e := newDCTEncoder(&m, quality)
	if !e.transform() {
		return nil, invalid("a sample exceeds %d bits", m.Precision)
	}
	return e.write(), nil
}

// dctEncoder is the state of one image.
type dctEncoder struct {
	m            *Image
	precision    int // 8 or 12
	toYCbCr      bool
	tables       []byte // of each component: 1 for chrominance, else 0
	quant        [2][64]int32
	coefficients []int16 // blocks in the order of the scan, each in zigzag order
	dc, ac       [2]statistics
}

func newDCTEncoder(m *Image, quality int) *dctEncoder {
	e := &dctEncoder{m: m, precision: 8, toYCbCr: m.Samples == 3 && m.Transform == ColorRGB, tables: make([]byte, m.Samples)}
	if m.Precision > 8 {
		e.precision = 12
	}
	if m.Samples == 3 && m.Transform != ColorUnknown {
		e.tables[1], e.tables[2] = 1, 1
	}
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / quality
	}
	for k, at := range zigzag {
		for t, base := range [2]*[64]uint8{&luminance, &chrominance} {
			e.quant[t][k] = int32(min(max((int(base[at])*scale+50)/100, 1), 255))
		}
	}
	return e
}

// transform makes the coefficients, and counts what is to be coded. It is false if a
// sample exceeds the precision.
func (e *dctEncoder) transform() bool {
	m := e.m
	high, wide := ceil(m.Rows, 8), ceil(m.Columns, 8)
	e.coefficients = make([]int16, high*wide*64*m.Samples)
	row := make([]uint16, m.Columns*m.Samples)
	lines := make([]int32, 8*wide*8*m.Samples)
	pred := make([]int32, m.Samples)
	var block [64]int32
	at := 0
	for y := range high {
		for i := range 8 {
			m.row(row, min(y*8+i, m.Rows-1)) // beyond the edges the last samples repeat
			if !fits(row, m.Precision) {
				return false
			}
			e.load(lines[i*wide*8*m.Samples:][:wide*8*m.Samples], row)
		}
		for x := range wide {
			for i, t := range e.tables {
				for k := range 8 {
					copy(block[k*8:k*8+8], lines[(k*m.Samples+i)*wide*8+x*8:])
				}
				fdct(&block, e.precision)
				out := (*[64]int16)(e.coefficients[at:])
				quantise(out, &block, &e.quant[t])
				e.count(out, t, pred[i])
				pred[i] = int32(out[0])
				at += 64
			}
		}
	}
	return true
}

// load puts a row of each component, one behind the other, into lines, around zero.
func (e *dctEncoder) load(lines []int32, row []uint16) {
	n := e.m.Samples
	wide := len(lines) / n
	centre := int32(1) << uint(e.precision-1)
	if e.toYCbCr {
		ys, cbs, crs := lines[:wide], lines[wide:2*wide], lines[2*wide:]
		for x := 0; len(row) >= 3; x, row = x+1, row[3:] {
			y, cb, cr := toYCbCr(int32(row[0]), int32(row[1]), int32(row[2]))
			ys[x], cbs[x], crs[x] = y-centre, cb, cr
		}
	} else {
		for i := range n {
			line := lines[i*wide:][:wide]
			for x, at := 0, i; at < len(row); x, at = x+1, at+n {
				line[x] = int32(row[at]) - centre
			}
		}
	}
	for i := range n {
		line := lines[i*wide:][:wide]
		for x := e.m.Columns; x < wide; x++ {
			line[x] = line[x-1]
		}
	}
}

// toYCbCr is JFIF 1.02 §7 in 1/65536, rounded as the IJG's library does. Cb and Cr
// are around zero.
func toYCbCr(r, g, b int32) (y, cb, cr int32) {
	y = (19595*r + 38470*g + 7471*b + half) >> 16
	cb = (-11059*r - 21709*g + 32768*b + half - 1) >> 16
	cr = (32768*r - 27439*g - 5329*b + half - 1) >> 16
	return y, cb, cr
}

// quantise divides coefficients, which are eight times too large, and rounds.
func quantise(out *[64]int16, block, quant *[64]int32) {
	for k, at := range zigzag {
		q := quant[k] * 8
		switch v := block[at&63]; {
		case v >= 0 && v+q/2 >= q:
			out[k] = int16((v + q/2) / q)
		case v < 0 && -v+q/2 >= q:
			out[k] = int16(-((-v + q/2) / q))
		default:
			out[k] = 0
		}
	}
}

// endOfBlock and sixteenZeros are AC codes that no coefficient follows (T.81
// §F.1.2.2).
const (
	endOfBlock   = 0x00
	sixteenZeros = 0xF0
)

// magnitude returns how many additional bits a coefficient has.
func magnitude(v int32) uint { return uint(bits.Len32(uint32(max(v, -v)))) }

// count adds the codes of a block to the statistics of its tables.
func (e *dctEncoder) count(block *[64]int16, t byte, pred int32) {
	e.dc[t][magnitude(int32(block[0])-pred)]++
	e.ac[t].others(block)
}

// others counts the codes of the AC coefficients of a block.
func (s *statistics) others(block *[64]int16) {
	run := 0
	for _, v := range block[1:] {
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			s[sixteenZeros]++
		}
		s[uint(run)<<4|magnitude(int32(v))]++
		run = 0
	}
	if run > 0 {
		s[endOfBlock]++
	}
}

// write writes the stream.
func (e *dctEncoder) write() []byte {
	w := streamWriter{out: make([]byte, 0, len(e.m.Pixels)/4+1024)}
	color, frame := e.m.Transform, byte(markerSOF0)
	if e.toYCbCr {
		color = ColorJFIF
	}
	if e.precision > 8 {
		frame = markerSOF1
	}
	w.begin(color)
	used := e.tables[len(e.tables)-1] + 1
	var dc, ac [2]*code
	scan := make([]byte, len(e.tables))
	for t := range used {
		body := []byte{t}
		for _, q := range e.quant[t] {
			body = append(body, byte(q))
		}
		w.segment(markerDQT, body...)
	}
	w.frame(frame, e.m, e.precision, e.tables)
	for t := range used {
		dc[t], ac[t] = e.dc[t].code(), e.ac[t].code()
		w.define(0, t, dc[t])
		w.define(1, t, ac[t])
	}
	for i, t := range e.tables {
		scan[i] = t<<4 | t
	}
	w.scan(scan, 0, 63)
	pred := make([]int32, len(e.tables))
	for at := 0; at < len(e.coefficients); at += 64 {
		i := at / 64 % len(e.tables)
		block := (*[64]int16)(e.coefficients[at:])
		w.block(block, dc[e.tables[i]], ac[e.tables[i]], pred[i])
		pred[i] = int32(block[0])
	}
	return w.end()
}

// block writes the codes of a block (T.81 §F.1.2).
func (w *streamWriter) block(block *[64]int16, dc, ac *code, pred int32) {
	diff := int32(block[0]) - pred
	w.number(dc, 0, diff, magnitude(diff))
	w.others(block, ac)
}

// others writes the codes of the AC coefficients of a block.
func (w *streamWriter) others(block *[64]int16, ac *code) {
	run := 0
	for _, v := range block[1:] {
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.put(ac.word[sixteenZeros], ac.length[sixteenZeros])
		}
		w.number(ac, byte(run<<4), int32(v), magnitude(int32(v)))
		run = 0
	}
	if run > 0 {
		w.put(ac.word[endOfBlock], ac.length[endOfBlock])
	}
}
