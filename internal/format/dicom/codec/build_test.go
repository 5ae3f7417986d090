package codec_test

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// shaped returns the shape of 24×20 samples.
func shaped(samples, allocated, stored int, signed bool, photometric string) dicom.Shape {
	return dicom.Shape{
		Rows: 24, Columns: 20, Samples: samples, Allocated: allocated, Stored: stored, High: stored - 1,
		Signed: signed, Photometric: photometric,
	}
}

// drawn returns a frame of slopes and noise that uses all bits that the shape stores.
func drawn(s dicom.Shape, seed uint64) dicom.Frame {
	r := rand.New(rand.NewPCG(seed, 7))
	f := dicom.Frame{Shape: s}
	if s.Allocated == 1 {
		f.Data = make([]byte, s.Bytes())
		for i := range f.Data {
			f.Data[i] = byte(r.Uint32())
		}
		if rest := s.Rows * s.Columns % 8; rest != 0 {
			f.Data[len(f.Data)-1] &= 1<<rest - 1
		}
		return f
	}
	for y := range s.Rows {
		for x := range s.Columns {
			for c := range s.Samples {
				v := uint64(y*x*(c+3)+r.IntN(9)) << max(s.Stored-12, 0)
				if x < 5 {
					v = r.Uint64()
				}
				shift := 64 - s.Stored
				if v <<= shift; s.Signed {
					v = uint64(int64(v) >> shift)
				} else {
					v >>= shift
				}
				for i := range s.Allocated / 8 {
					f.Data = append(f.Data, byte(v>>(8*i)))
				}
			}
		}
	}
	return f
}

func us(ds *dicom.Dataset, tag dicom.Tag, v int) {
	ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(v))})
}

// describe sets the attributes of a shape.
func describe(ds *dicom.Dataset, s dicom.Shape, frames int) {
	ds.SetString(0x00280004, "CS", s.Photometric)
	if frames > 1 {
		ds.SetString(0x00280008, "IS", strconv.Itoa(frames))
	}
	signed, planar := 0, 0
	if s.Signed {
		signed = 1
	}
	if s.Planar {
		planar = 1
	}
	if s.Samples > 1 {
		us(ds, 0x00280006, planar)
	}
	for tag, v := range map[dicom.Tag]int{
		0x00280002: s.Samples, 0x00280010: s.Rows, 0x00280011: s.Columns,
		0x00280100: s.Allocated, 0x00280101: s.Stored, 0x00280102: s.High, 0x00280103: signed,
	} {
		us(ds, tag, v)
	}
}

// object returns an object of frames in a transfer syntax, the native ones with a
// value, others with fragments, a frame each.
func object(tb testing.TB, syntax string, frames ...dicom.Frame) []byte {
	tb.Helper()
	var ds dicom.Dataset
	ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
	ds.SetString(0x00080018, "UI", "2.25.7")
	describe(&ds, frames[0].Shape, len(frames))
	e := dicom.DataElement{Tag: 0x7FE00010, VR: "OW"}
	if s, _ := dicom.SyntaxByUID(syntax); s.Encapsulated {
		e.VR, e.Fragments = "OB", [][]byte{nil}
		for _, f := range frames {
			b, err := codec.EncodeFrame(syntax, f)
			if err != nil {
				tb.Fatal(err)
			}
			e.Fragments = append(e.Fragments, b)
		}
	} else {
		for _, f := range frames {
			e.Value = append(e.Value, f.Data...)
		}
	}
	ds.Set(e)
	return encoded(tb, syntax, ds)
}

func encoded(tb testing.TB, syntax string, ds dicom.Dataset) []byte {
	tb.Helper()
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func tree(t *testing.T, b []byte) dicom.Dataset {
	t.Helper()
	ds, err := read(t, b).Tree()
	if err != nil {
		t.Fatal(err)
	}
	return ds
}
