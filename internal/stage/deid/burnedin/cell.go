package burnedin

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// sound reports whether the samples of a frame can be read: the shape is one that
// can be, and the data has all of it.
func sound(frame dicom.Frame) bool { return check(frame) == nil }

// check says why the samples of a frame cannot be read, before memory is taken.
func check(frame dicom.Frame) error {
	switch {
	case frame.Rows < 1 || frame.Columns < 1 || frame.Rows > 1<<16 || frame.Columns > 1<<16,
		frame.Stored < 1 || frame.Stored > frame.Allocated || frame.High < frame.Stored-1 || frame.High >= frame.Allocated:
		return fmt.Errorf("burnedin: %d × %d pixels, %d of %d bits: %w", frame.Rows, frame.Columns, frame.Stored, frame.Allocated, sinso.ErrInvalid)
	case frame.Samples != 1 && frame.Samples != 3,
		frame.Allocated != 1 && frame.Allocated != 8 && frame.Allocated != 16 && frame.Allocated != 32,
		frame.Allocated == 1 && frame.Samples != 1:
		return fmt.Errorf("burnedin: %d samples of %d bits: %w", frame.Samples, frame.Allocated, sinso.ErrUnsupported)
	case int64(len(frame.Data)) < frame.Bytes():
		return fmt.Errorf("burnedin: %d bytes of pixels, the shape has %d: %w", len(frame.Data), frame.Bytes(), sinso.ErrCorrupt)
	}
	return nil
}

// index returns where a sample of a pixel is among the cells of a frame.
func index(frame dicom.Frame, x, y, sample int) int {
	i := y*frame.Columns + x
	if frame.Planar {
		return sample*frame.Rows*frame.Columns + i
	}
	return i*frame.Samples + sample
}

// cell returns the bits of a sample, unused ones too.
func cell(frame dicom.Frame, i int) uint32 {
	switch frame.Allocated {
	case 1:
		return uint32(frame.Data[i/8] >> (i % 8) & 1)
	case 8:
		return uint32(frame.Data[i])
	case 16:
		return uint32(binary.LittleEndian.Uint16(frame.Data[2*i:]))
	default:
		return binary.LittleEndian.Uint32(frame.Data[4*i:])
	}
}

// wide returns the frame as if the bits over the stored ones were stored, too: a
// writer that did not mind how many those are has put values or overlays there.
func wide(frame dicom.Frame) dicom.Frame {
	frame.Stored += frame.Allocated - 1 - frame.High
	frame.High = frame.Allocated - 1
	return frame
}

// spare is by how many bits values of so many bits are shortened to fit a plane.
func spare(stored int) int { return max(0, stored-30) }

// value returns a sample as the number that its stored bits are, at most 30 bits
// of it.
func value(frame dicom.Frame, i int) int32 {
	left := 31 - frame.High // puts the highest stored bit at the sign's place
	right := 32 - frame.Stored + spare(frame.Stored)
	v := cell(frame, i) << left
	if frame.Signed {
		return int32(v) >> right //nolint:gosec // two's complement
	}
	return int32(v >> right) //nolint:gosec // at most 30 bits are left
}
