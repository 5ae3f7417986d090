package jpegls_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

// kinds are what the images of the tests show.
var kinds = []string{"smooth", "noise", "flat", "edges"}

// drawn returns an image that shows something.
func drawn(kind string, rows, columns, samples, precision int) jpegls.Image {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	m := jpegls.Image{Rows: rows, Columns: columns, Samples: samples, Precision: precision}
	largest := 1<<precision - 1
	for y := range rows {
		for x := range columns {
			for c := range samples {
				v := 0
				switch kind {
				case "smooth":
					v = int((math.Sin(float64(x+7*c)/17)+math.Cos(float64(y)/23)+2)/4*float64(largest)) + r.IntN(5) - 2
				case "noise":
					v = r.IntN(largest + 1)
				case "flat":
					v = largest / 3
					if r.IntN(200) == 0 {
						v += r.IntN(9) - 4
					}
				case "edges":
					if (x/19+y/13+c)%2 == 0 {
						v = largest
					}
				}
				m.Pixels = appendSample(m.Pixels, min(max(v, 0), largest), precision)
			}
		}
	}
	return m
}

func appendSample(b []byte, v, precision int) []byte {
	if precision <= 8 {
		return append(b, byte(v))
	}
	return binary.LittleEndian.AppendUint16(b, uint16(v))
}

// furthest returns how far the samples of two images of one shape are apart.
func furthest(t *testing.T, a, b jpegls.Image) int {
	t.Helper()
	if len(a.Pixels) != len(b.Pixels) || a.Rows != b.Rows || a.Columns != b.Columns || a.Samples != b.Samples || a.Precision != b.Precision {
		t.Fatalf("got an image of %d×%d×%d, %d bits, %d bytes, want %d×%d×%d, %d bits, %d bytes", a.Rows, a.Columns, a.Samples, a.Precision, len(a.Pixels),
			b.Rows, b.Columns, b.Samples, b.Precision, len(b.Pixels))
	}
	far := 0
	size := 1
	if a.Precision > 8 {
		size = 2
	}
	for i := 0; i < len(a.Pixels); i += size {
		x, y := int(a.Pixels[i]), int(b.Pixels[i])
		if size == 2 {
			x, y = int(binary.LittleEndian.Uint16(a.Pixels[i:])), int(binary.LittleEndian.Uint16(b.Pixels[i:]))
		}
		far = max(far, x-y, y-x)
	}
	return far
}

func mustEncode(tb testing.TB, m jpegls.Image, near int) []byte {
	tb.Helper()
	b, err := jpegls.Encode(m, near)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
