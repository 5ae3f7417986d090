package jpeg_test

import (
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// slice is a smooth image with the noise of a CT.
func slice(samples, precision int) jpeg.Image {
	m := jpeg.Image{Rows: 512, Columns: 512, Samples: samples, Precision: precision}
	seed := uint32(1)
	for y := range m.Rows {
		for x := range m.Columns {
			for s := range samples {
				dx, dy := x-256, y-256
				v := 0
				if r := dx*dx + dy*dy*(s+4)/4; r < 200*200 {
					v = 1000 + r/100 + (x/40+y/50)%4*60
				}
				seed = seed*1664525 + 1013904223
				v += int(seed>>24) / 8
				if precision <= 8 {
					m.Pixels = append(m.Pixels, byte(v>>3))
				} else {
					m.Pixels = append(m.Pixels, byte(v), byte(v>>8))
				}
			}
		}
	}
	return m
}

func benchmarkDecode(b *testing.B, stream []byte, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	m, err := jpeg.Decode(stream, 1<<30)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(m.Pixels)))
	b.ReportAllocs()
	b.ReportMetric(float64(len(m.Pixels))/float64(len(stream)), "ratio")
	for b.Loop() {
		if _, err := jpeg.Decode(stream, 1<<30); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeLossless16(b *testing.B) {
	stream, err := jpeg.EncodeLossless(slice(1, 12), 1)
	benchmarkDecode(b, stream, err)
}

func BenchmarkDecodeLossless16Predictor7(b *testing.B) {
	stream, err := jpeg.EncodeLossless(slice(1, 12), 7)
	benchmarkDecode(b, stream, err)
}

func BenchmarkDecodeLosslessRGB(b *testing.B) {
	stream, err := jpeg.EncodeLossless(slice(3, 8), 1)
	benchmarkDecode(b, stream, err)
}

func BenchmarkDecodeBaselineGrey(b *testing.B) {
	stream, err := jpeg.EncodeBaseline(slice(1, 8), 90)
	benchmarkDecode(b, stream, err)
}

func BenchmarkDecodeBaselineColour(b *testing.B) {
	m := slice(3, 8)
	m.Transform = jpeg.ColorRGB
	stream, err := jpeg.EncodeBaseline(m, 90)
	benchmarkDecode(b, stream, err)
}

func BenchmarkDecodeExtended12(b *testing.B) {
	stream, err := jpeg.EncodeBaseline(slice(1, 12), 90)
	benchmarkDecode(b, stream, err)
}

func BenchmarkEncodeLossless(b *testing.B) {
	m := slice(1, 12)
	b.SetBytes(int64(len(m.Pixels)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jpeg.EncodeLossless(m, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeBaseline(b *testing.B) {
	m := slice(3, 8)
	m.Transform = jpeg.ColorRGB
	b.SetBytes(int64(len(m.Pixels)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jpeg.EncodeBaseline(m, 90); err != nil {
			b.Fatal(err)
		}
	}
}
