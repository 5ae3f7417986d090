package render_test

import (
	"bytes"
	"image/png"
	"io"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// ctSlice returns a slice of 512 by 512 pixels of 16 bits, with noise, and its frame.
func ctSlice(tb testing.TB) (*dicom.File, dicom.Frame) {
	tb.Helper()
	var slice []byte
	err := phantom.Series(phantom.Options{Slices: 2, Rows: 512, Columns: 512}, func(_ string, part10 []byte) error {
		slice = part10
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return nativeOf(tb, slice, 0)
}

// nativeOf reads a file whose pixel data is little endian.
func nativeOf(tb testing.TB, part10 []byte, index int) (*dicom.File, dicom.Frame) {
	tb.Helper()
	f, err := dicom.Read(part10)
	if err != nil {
		tb.Fatal(err)
	}
	shape, err := f.Shape()
	if err != nil {
		tb.Fatal(err)
	}
	frames, err := f.Frames()
	if err != nil {
		tb.Fatal(err)
	}
	return f, dicom.Frame{Shape: shape, Data: frames[index]}
}

func BenchmarkPicture(b *testing.B) {
	f, frame := ctSlice(b)
	for name, o := range map[string]render.Options{
		"whole":   {},
		"window":  {Window: &render.Window{Center: 40, Width: 400}},
		"sigmoid": {Window: &render.Window{Center: 40, Width: 400, Function: render.Sigmoid}},
		"128":     {MaxSide: 128},
		"1024":    {Viewport: &render.Viewport{Width: 1024, Height: 1024}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := render.Picture(f, frame, 0, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRenderedPNG is all that a rendered frame takes after reading: from 16
// bits to a PNG. The size of the PNG is beside that of the standard library's.
func BenchmarkRenderedPNG(b *testing.B) {
	f, frame := ctSlice(b)
	o := render.Options{Window: &render.Window{Center: 40, Width: 400}}
	picture, err := render.Picture(f, frame, 0, o)
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out.Reset()
			p, err := render.Picture(f, frame, 0, o)
			if err != nil {
				b.Fatal(err)
			}
			if err := render.EncodePNG(&out, p); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(out.Len()), "png-bytes")
	})
	for name, level := range map[string]png.CompressionLevel{"fastest": png.BestSpeed, "default": png.DefaultCompression} {
		b.Run("image-png-"+name, func(b *testing.B) {
			for b.Loop() {
				out.Reset()
				if err := (&png.Encoder{CompressionLevel: level}).Encode(&out, picture); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.Len()), "png-bytes")
		})
	}
}

func BenchmarkEncodeJPEG(b *testing.B) {
	f, frame := ctSlice(b)
	p, err := render.Picture(f, frame, 0, render.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := render.EncodeJPEG(io.Discard, p, 0); err != nil {
			b.Fatal(err)
		}
	}
}
