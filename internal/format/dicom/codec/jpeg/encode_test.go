package jpeg_test

import (
	"bytes"
	"errors"
	stdimage "image"
	stdjpeg "image/jpeg"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// TestLosslessRoundTrip encodes and decodes every precision, predictor and number
// of components.
func TestLosslessRoundTrip(t *testing.T) {
	t.Parallel()
	for precision := 2; precision <= 16; precision++ {
		for samples := 1; samples <= 4; samples++ {
			for predictor := range 8 {
				m := texture(23, 37, samples, precision)
				stream, err := jpeg.EncodeLossless(m, predictor)
				if err != nil {
					t.Fatal(err)
				}
				got := decode(t, stream)
				m.Lossless = true
				if !same(got, m) {
					t.Errorf("%d bits, %d samples, predictor %d: another image", precision, samples, predictor)
				}
			}
		}
	}
}

func same(a, b jpeg.Image) bool {
	return a.Rows == b.Rows && a.Columns == b.Columns && a.Samples == b.Samples && a.Precision == b.Precision &&
		a.Lossless == b.Lossless && a.Transform == b.Transform && bytes.Equal(a.Pixels, b.Pixels)
}

// TestLosslessOfExtremes encodes images whose differences are the largest there are,
// 32768 among them, and such as need Huffman codes of every length.
func TestLosslessOfExtremes(t *testing.T) {
	t.Parallel()
	checker := jpeg.Image{Rows: 16, Columns: 16, Samples: 1, Precision: 16}
	for i := range 256 {
		v := []byte{0, 0x80}
		switch (i + i/16) % 3 {
		case 1:
			v = []byte{0, 0}
		case 2:
			v = []byte{0xFF, 0xFF}
		}
		checker.Pixels = append(checker.Pixels, v...)
	}
	steep := jpeg.Image{Rows: 1, Columns: 65535, Samples: 1, Precision: 16, Pixels: make([]byte, 2*65535)}
	value, at := 0, 0
	for size := range 16 { // a size is twice as frequent as the next
		for range 1 << (15 - size) {
			if at++; at < 65535 {
				value ^= 1 << size >> 1
				steep.Pixels[2*at], steep.Pixels[2*at+1] = byte(value), byte(value>>8)
			}
		}
	}
	for name, m := range map[string]jpeg.Image{"checker": checker, "steep": steep} {
		for predictor := 1; predictor <= 7; predictor++ {
			stream, err := jpeg.EncodeLossless(m, predictor)
			if err != nil {
				t.Fatal(err)
			}
			if got := decode(t, stream); !bytes.Equal(got.Pixels, m.Pixels) {
				t.Errorf("%s, predictor %d: another image", name, predictor)
			}
		}
	}
}

// TestPeersDecodeOurLossless gives our streams to dcmdjpeg and gdcmconv.
func TestPeersDecodeOurLossless(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk and gdcm")
	}
	t.Parallel()
	for _, shape := range [][2]int{{1, 8}, {1, 12}, {1, 16}, {3, 8}} {
		for predictor := 1; predictor <= 7; predictor++ {
			m := texture(67, 45, shape[0], shape[1])
			photometric := "MONOCHROME2"
			if m.Samples == 3 {
				photometric, m.Transform = "RGB", jpeg.ColorRGB
			}
			stream, err := jpeg.EncodeLossless(m, predictor)
			if err != nil {
				t.Fatal(err)
			}
			object := encapsulated(t, m, photometric, process14, stream)
			for tool, args := range map[string][]string{"dcmdjpeg": {"+px"}, "gdcmconv": {"--raw"}} {
				got := frames(t, run(t, object, tool, args...))[0]
				if n := len(m.Pixels); len(got) < n || !bytes.Equal(got[:n], m.Pixels) {
					t.Errorf("%s: %v, predictor %d: another image", tool, shape, predictor)
				}
			}
		}
	}
}

// TestPeersDecodeOurLossy gives our baseline and extended streams to dcmdjpeg, which
// makes the same of them as we do.
func TestPeersDecodeOurLossy(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for _, shape := range [][2]int{{1, 8}, {1, 12}, {3, 8}} {
		for _, size := range sizes {
			for _, quality := range []int{1, 30, 75, 100} {
				m := texture(size[0], size[1], shape[0], shape[1])
				photometric, syntax := "MONOCHROME2", baseline
				if m.Samples == 3 {
					photometric, m.Transform = "YBR_FULL", jpeg.ColorRGB
				}
				if m.Precision > 8 {
					syntax = extended
				}
				stream, err := jpeg.EncodeBaseline(m, quality)
				if err != nil {
					t.Fatal(err)
				}
				got := decode(t, stream)
				want := frames(t, run(t, encapsulated(t, m, photometric, syntax, stream), "dcmdjpeg", "+cn", "+px"))[0]
				if largest, n := difference(t, got.Pixels, want[:len(got.Pixels)], m.Precision); n > 0 {
					t.Errorf("%v %v quality %d: %d samples differ, by up to %d", shape, size, quality, n, largest)
				}
			}
		}
	}
}

// TestLossyIsNear bounds the error of encoding and decoding, which says that the DCT,
// the colours and the tables are right.
func TestLossyIsNear(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ samples, precision, quality, within int }{
		{1, 8, 100, 1}, {1, 12, 100, 2}, {3, 8, 100, 4}, {1, 8, 90, 24}, {1, 10, 100, 2}, {1, 7, 100, 1}, {2, 8, 100, 1}, {4, 8, 100, 1},
	} {
		m := texture(61, 83, tt.samples, tt.precision)
		if tt.samples == 3 {
			m.Transform = jpeg.ColorRGB
		}
		stream, err := jpeg.EncodeBaseline(m, tt.quality)
		if err != nil {
			t.Fatal(err)
		}
		got := decode(t, stream)
		if tt.samples == 3 {
			if got.Transform != jpeg.ColorJFIF {
				t.Errorf("got colours %d", got.Transform)
			}
			got = got.ToRGB()
		}
		if largest, _ := difference(t, got.Pixels, m.Pixels, tt.precision); largest > tt.within || got.Lossless {
			t.Errorf("%+v: differs by up to %d", tt, largest)
		}
	}
}

// TestStandardLibraryReadsOurBaseline decodes our colours with image/jpeg.
func TestStandardLibraryReadsOurBaseline(t *testing.T) {
	t.Parallel()
	m := texture(37, 50, 3, 8)
	m.Transform = jpeg.ColorRGB
	stream, err := jpeg.EncodeBaseline(m, 95)
	if err != nil {
		t.Fatal(err)
	}
	std, err := stdjpeg.Decode(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	ycbcr, ok := std.(*stdimage.YCbCr)
	if !ok {
		t.Fatalf("got %T", std)
	}
	got := decode(t, stream)
	want := make([]byte, 0, len(got.Pixels))
	for y := range m.Rows {
		for x := range m.Columns {
			want = append(want, ycbcr.Y[ycbcr.YOffset(x, y)], ycbcr.Cb[ycbcr.COffset(x, y)], ycbcr.Cr[ycbcr.COffset(x, y)])
		}
	}
	if largest, _ := difference(t, got.Pixels, want, 8); largest > 1 {
		t.Errorf("differs by up to %d", largest)
	}
}

// TestTransformIsKept writes what an image says of its colours and reads it.
func TestTransformIsKept(t *testing.T) {
	t.Parallel()
	for samples, colors := range map[int][]jpeg.ColorTransform{
		1: {jpeg.ColorUnknown},
		3: {jpeg.ColorUnknown, jpeg.ColorYCbCr, jpeg.ColorJFIF, jpeg.ColorRGB},
		4: {jpeg.ColorUnknown, jpeg.ColorCMYK, jpeg.ColorYCCK},
	} {
		for _, color := range colors {
			m := texture(9, 9, samples, 8)
			m.Transform = color
			stream, err := jpeg.EncodeLossless(m, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := decode(t, stream); got.Transform != color {
				t.Errorf("%d samples: got %d, want %d", samples, got.Transform, color)
			}
		}
	}
}

// TestEncodeRefusesWhatIsNoImage wants ErrInvalid.
func TestEncodeRefusesWhatIsNoImage(t *testing.T) {
	t.Parallel()
	good := texture(4, 4, 1, 8)
	for name, change := range map[string]func(*jpeg.Image){
		"no rows":          func(m *jpeg.Image) { m.Rows = 0 },
		"too many columns": func(m *jpeg.Image) { m.Columns = 65536 },
		"five samples":     func(m *jpeg.Image) { m.Samples = 5 },
		"17 bits":          func(m *jpeg.Image) { m.Precision = 17 },
		"no bits":          func(m *jpeg.Image) { m.Precision = 0 },
		"few pixels":       func(m *jpeg.Image) { m.Pixels = m.Pixels[1:] },
		"a large sample":   func(m *jpeg.Image) { m.Precision, m.Pixels = 4, bytes.Repeat([]byte{16}, 16) },
	} {
		m := good
		change(&m)
		if _, err := jpeg.EncodeLossless(m, 1); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("lossless: %s: got %v", name, err)
		}
		if _, err := jpeg.EncodeBaseline(m, 90); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("baseline: %s: got %v", name, err)
		}
	}
	for _, n := range []int{-1, 8} {
		if _, err := jpeg.EncodeLossless(good, n); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("predictor %d: got %v", n, err)
		}
	}
	for _, n := range []int{0, 101} {
		if _, err := jpeg.EncodeBaseline(good, n); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("quality %d: got %v", n, err)
		}
	}
}

// TestToRGBIsTheFormulaOfJFIF compares every Cb and Cr with the formula in floating
// point.
func TestToRGBIsTheFormulaOfJFIF(t *testing.T) {
	t.Parallel()
	for _, precision := range []int{8, 12} {
		top := 1<<precision - 1
		centre := float64(top+1) / 2
		m := jpeg.Image{Rows: 1, Columns: 1, Samples: 3, Precision: precision}
		for cb := 0; cb <= top; cb += 1 + top/300 {
			for cr := 0; cr <= top; cr += 1 + top/300 {
				in := [3]int{top * 2 / 5, cb, cr}
				y, b, r := float64(in[0]), float64(cb)-centre, float64(cr)-centre
				want := [3]float64{y + 1.402*r, y - 0.344136*b - 0.714136*r, y + 1.772*b}
				m.Pixels = m.Pixels[:0]
				for _, v := range in {
					m.Pixels = append(m.Pixels, byte(v))
					if precision > 8 {
						m.Pixels = append(m.Pixels, byte(v>>8))
					}
				}
				got := m.ToRGB().Pixels
				for i, w := range want {
					g := int(got[i*len(got)/3])
					if precision > 8 {
						g |= int(got[2*i+1]) << 8
					}
					if w = min(max(w, 0), float64(top)); float64(g) < w-0.6 || float64(g) > w+0.6 {
						t.Fatalf("%d bits, %v, component %d: got %d, want %f", precision, in, i, g, w)
					}
				}
			}
		}
	}
	if grey := texture(2, 2, 1, 8); !same(grey.ToRGB(), grey) {
		t.Error("grey is changed")
	}
}
