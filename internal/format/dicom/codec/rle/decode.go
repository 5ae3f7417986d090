package rle

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	headerBytes = 64 // number of segments and their places, PS3.5 §G.5
	maxSegments = 15
	maxRun      = 128 // bytes that two packed ones stand for
)

// Decode unpacks the frame of the shape: samples interleaved, little endian, each
// in its cell. Frames of single bits have one segment, in which the bits are packed.
//
// Segments may be longer than they have to be, and need no byte of padding. It is
// ErrCorrupt if their number is not that of the shape's bytes per pixel, or if one
// of them is too short; ErrUnsupported if a shape has more bytes per pixel than
// there can be segments.
func Decode(data []byte, shape dicom.Shape) ([]byte, error) {
	bytes, segments, err := planes(shape)
	if err != nil {
		return nil, err
	}
	starts, err := header(data, segments)
	if err != nil {
		return nil, err
	}
	size := shape.Bytes()
	if size/maxRun > int64(len(data))/2 {
		return nil, fmt.Errorf("rle: decode: %d bytes cannot hold a frame of %d: %w", len(data), size, sinso.ErrCorrupt)
	}
	frame := make([]byte, size)
	plane := int(size) / segments
	for i, start := range starts[:segments] {
		first := i/bytes*bytes + bytes - 1 - i%bytes
		if got := unpack(frame[first:], data[start:starts[i+1]], segments, plane); got != plane {
			return nil, fmt.Errorf("rle: decode: segment %d has %d bytes of %d: %w", i, got, plane, sinso.ErrCorrupt)
		}
	}
	return frame, nil
}

// planes returns the bytes of a sample and the segments of a frame.
func planes(s dicom.Shape) (bytes, segments int, err error) {
	switch {
	case s.Rows < 1 || s.Columns < 1 || s.Samples < 1 || s.Rows > 1<<16 || s.Columns > 1<<16,
		s.Allocated != 1 && (s.Allocated < 8 || s.Allocated%8 != 0):
		return 0, 0, fmt.Errorf("rle: rows, columns, samples or bits that cannot be: %w", sinso.ErrInvalid)
	case s.Allocated == 1 && s.Samples > 1, s.Samples > maxSegments || s.Samples*s.Allocated/8 > maxSegments:
		return 0, 0, fmt.Errorf("rle: %d samples of %d bits do not fit %d segments: %w", s.Samples, s.Allocated, maxSegments, sinso.ErrUnsupported)
	case s.Allocated == 1:
		return 1, 1, nil
	}
	return s.Allocated / 8, s.Samples * s.Allocated / 8, nil
}

// header returns where the segments start, and behind them where the last one ends.
func header(data []byte, segments int) (starts [maxSegments + 1]int, err error) {
	if len(data) < headerBytes {
		return starts, fmt.Errorf("rle: decode: %d bytes are no header: %w", len(data), sinso.ErrCorrupt)
	}
	if n := binary.LittleEndian.Uint32(data); n != uint32(segments) { //nolint:gosec // at most maxSegments
		return starts, fmt.Errorf("rle: decode: %d segments, the frame has %d: %w", n, segments, sinso.ErrCorrupt)
	}
	last := headerBytes
	for i := range segments {
		start := int(binary.LittleEndian.Uint32(data[4+4*i:]))
		if start < last || start > len(data) {
			return starts, fmt.Errorf("rle: decode: segment %d starts at %d of %d: %w", i, start, len(data), sinso.ErrCorrupt)
		}
		starts[i], last = start, start
	}
	starts[segments] = len(data)
	return starts, nil
}

// unpack writes n bytes of a segment to every step-th of out, and returns how many
// there were (PS3.5 §G.3.2).
func unpack(out, segment []byte, step, n int) int {
	done := 0
	for len(segment) > 1 && done < n {
		control := segment[0]
		switch {
		case control < maxRun:
			count := min(int(control)+1, len(segment)-1, n-done)
			spread(out, segment[1:1+count], done, step)
			done += count
			segment = segment[min(int(control)+2, len(segment)):]
		case control > maxRun:
			count := min(257-int(control), n-done)
			repeat(out, segment[1], done, count, step)
			done += count
			segment = segment[2:]
		default: // no operation
			segment = segment[1:]
		}
	}
	return done
}

// spread copies bytes to every step-th of out, from the at-th on.
func spread(out, bytes []byte, at, step int) {
	if step == 1 {
		copy(out[at:], bytes)
		return
	}
	i := at * step
	for _, b := range bytes {
		out[i] = b
		i += step
	}
}

// repeat sets count of every step-th byte of out, from the at-th on.
func repeat(out []byte, b byte, at, count, step int) {
	if step == 1 {
		run := out[at : at+count]
		for i := range run {
			run[i] = b
		}
		return
	}
	for i, end := at*step, (at+count)*step; i < end; i += step {
		out[i] = b
	}
}
