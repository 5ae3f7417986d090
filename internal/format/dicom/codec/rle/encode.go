package rle

import (
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Encode packs a frame, in either planar configuration. Each row is packed by
// itself (PS3.5 §G.3.1), each segment padded to an even length.
//
// It is ErrInvalid if the data is not as long as the shape says, ErrUnsupported if
// a pixel has more than 15 bytes, or samples are single bits.
func Encode(frame dicom.Frame) ([]byte, error) {
	bytes, segments, err := planes(frame.Shape)
	switch {
	case err != nil:
		return nil, err
	case frame.Allocated == 1:
		return nil, fmt.Errorf("rle: encode: samples of one bit: %w", sinso.ErrUnsupported)
	case int64(len(frame.Data)) != frame.Bytes():
		return nil, fmt.Errorf("rle: encode: %d bytes, the shape says %d: %w", len(frame.Data), frame.Bytes(), sinso.ErrInvalid)
	}
	out := make([]byte, headerBytes, headerBytes+len(frame.Data)/2)
	binary.LittleEndian.PutUint32(out, uint32(segments)) //nolint:gosec // at most maxSegments
	row := make([]byte, frame.Columns)
	for i := range segments {
		if len(out) > math.MaxUint32 {
			return nil, fmt.Errorf("rle: encode: more than 4 GiB: %w", sinso.ErrUnsupported)
		}
		binary.LittleEndian.PutUint32(out[4+4*i:], uint32(len(out))) //nolint:gosec // checked above
		sample, place := i/bytes, bytes-1-i%bytes
		at, step := sample*bytes+place, segments
		if frame.Planar {
			at, step = sample*frame.Rows*frame.Columns*bytes+place, bytes
		}
		for range frame.Rows {
			for x := range row {
				row[x] = frame.Data[at]
				at += step
			}
			out = pack(out, row)
		}
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
	}
	return out, nil
}

// pack appends the packed row: runs of three or more, and of two where no literal
// would have to be cut for it, as such.
func pack(out, row []byte) []byte {
	literal := 0 // where the bytes begin that are not written yet
	for i := 0; i < len(row); {
		run := 1
		for i+run < len(row) && run < maxRun && row[i+run] == row[i] {
			run++
		}
		if run > 2 || run == 2 && literal == i {
			out = literals(out, row[literal:i])
			out = append(out, byte(257-run), row[i]) //nolint:gosec // 129 to 255
			i += run
			literal = i
			continue
		}
		i += run
	}
	return literals(out, row[literal:])
}

// literals appends bytes as they are, up to 128 behind each count.
func literals(out, bytes []byte) []byte {
	for len(bytes) > 0 {
		n := min(len(bytes), maxRun)
		out = append(out, byte(n-1)) //nolint:gosec // below 128
		out = append(out, bytes[:n]...)
		bytes = bytes[n:]
	}
	return out
}
