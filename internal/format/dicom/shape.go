package dicom

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// Shape says how the samples of a frame lie in native pixel data (PS3.3 C.7.6.3).
type Shape struct {
	Rows, Columns, Samples  int
	Allocated, Stored, High int    // bits of a sample: its cell, those that count, the highest of them
	Signed                  bool   // Pixel Representation 1: two's complement
	Planar                  bool   // Planar Configuration 1: a plane for each sample
	Photometric             string // Photometric Interpretation, as the file says it
}

// Frame is one frame as native pixel data: little endian, cells of
// [Shape.Allocated] bits (1, 8, 16 or 32), rows from the top, no padding but
// to a whole byte at the end.
type Frame struct {
	Shape
	Data []byte
}

// Bytes returns the size of a frame of this shape as native pixel data without
// shared chrominance.
func (s Shape) Bytes() int64 {
	return (int64(s.Rows)*int64(s.Columns)*int64(s.Samples)*int64(s.Allocated) + 7) / 8
}

// Shape returns how the frames of the file lie once they are native. It is
// ErrNotFound without pixel data, ErrCorrupt if the header says what cannot be.
func (f *File) Shape() (Shape, error) {
	if _, err := f.pixels(); err != nil {
		return Shape{}, err
	}
	get := func(t Tag, otherwise int) int {
		if n, ok := f.Int(t); ok {
			return n
		}
		return otherwise
	}
	s := Shape{
		Rows: get(tagRows, 0), Columns: get(tagColumns, 0), Samples: get(tagSamples, 1),
		Allocated: get(tagBitsAllocated, 0), Signed: get(tagPixelRepresentation, 0) == 1,
		Planar: get(tagPlanar, 0) == 1, Photometric: f.String(tagPhotometric),
	}
	s.Stored = get(tagBitsStored, s.Allocated)
	s.High = get(tagHighBit, s.Stored-1)
	switch {
	case s.Rows < 1 || s.Columns < 1 || s.Rows > math.MaxUint16 || s.Columns > math.MaxUint16,
		s.Samples < 1 || s.Samples > 4,
		s.Allocated != 1 && (s.Allocated < 8 || s.Allocated > 64 || s.Allocated%8 != 0),
		s.Stored < 1 || s.Stored > s.Allocated || s.High < s.Stored-1 || s.High >= s.Allocated:
		return Shape{}, fmt.Errorf("dicom: rows, columns, samples or bits that cannot be: %w", sinso.ErrCorrupt)
	}
	return s, nil
}
