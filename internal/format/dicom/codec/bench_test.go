package codec_test

import (
	"math"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// slice returns a frame of 512×512 samples of 12 bits in 16: slopes with noise.
func slice() dicom.Frame {
	s := shaped(1, 16, 12, false, "MONOCHROME2")
	s.Rows, s.Columns = 512, 512
	noise := drawn(dicom.Shape{Rows: 512, Columns: 512, Samples: 1, Allocated: 8, Stored: 3, High: 2}, 1)
	f := dicom.Frame{Shape: s, Data: make([]byte, 0, s.Bytes())}
	for y := range s.Rows {
		for x := range s.Columns {
			v := uint16(1500+1200*math.Sin(float64(x)/40)*math.Cos(float64(y)/55)) + uint16(noise.Data[y*512+x])
			f.Data = append(f.Data, byte(v), byte(v>>8))
		}
	}
	return f
}

func BenchmarkDecodeFrame(b *testing.B) {
	frame := slice()
	for _, syntax := range targets[4:] {
		data, err := codec.EncodeFrame(syntax, frame)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(syntax, func(b *testing.B) {
			b.SetBytes(int64(len(frame.Data)))
			for b.Loop() {
				if _, err := codec.DecodeFrame(syntax, data, frame.Shape); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeFrame(b *testing.B) {
	frame := slice()
	for _, syntax := range targets[4:] {
		b.Run(syntax, func(b *testing.B) {
			b.SetBytes(int64(len(frame.Data)))
			for b.Loop() {
				if _, err := codec.EncodeFrame(syntax, frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
