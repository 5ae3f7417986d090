package dicom

import (
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
)

const maxFrames = 1 << 20 // of one object; whole-slide images have some 100,000

// Frames returns the bytes of each frame as the file has them, not decoded.
//
// Native frames are parts of the pixel data: Rows × Columns × Samples per Pixel ×
// Bits Allocated (PS3.5 §8.1.1), but for YBR_FULL_422 and its kin, which share
// chrominance. Frames of single bits follow each other without a gap; one that
// does not begin at a byte is copied so that it does, the last byte padded with
// zeros. Encapsulated frames are found by the Extended or the Basic Offset Table
// if it fits the fragments, else a fragment is a frame if there are as many, else
// all fragments are one frame; those of several fragments are copied together.
//
// What it returns is the file's own: it is not written to. It is ErrNotFound without
// pixel data, ErrCorrupt if the header does not fit it.
func (f *File) Frames() ([][]byte, error) {
	e, err := f.pixels()
	if err != nil {
		return nil, err
	}
	n := 1
	if given, ok := f.Int(tagFrames); ok && given > 0 {
		n = given
	}
	if n > maxFrames {
		return nil, fmt.Errorf("dicom: the file says %d frames, %d can be read: %w", n, maxFrames, sinso.ErrUnsupported)
	}
	if e.Kind == KindFragments {
		f.cut.Do(func() { f.frames, f.framesErr = f.encapsulated(n) })
		return f.frames, f.framesErr
	}
	return f.native(f.Value(e), n)
}

// native cuts uncompressed pixel data.
func (f *File) native(pixels []byte, n int) ([][]byte, error) {
	bits, err := f.frameBits()
	if err != nil {
		return nil, err
	}
	if need := (bits*int64(n) + 7) / 8; need > int64(len(pixels)) {
		return nil, fmt.Errorf("dicom: the header says %d frames of %d bits, the pixel data has %d bytes: %w", n, bits, len(pixels), sinso.ErrCorrupt)
	}
	frames := make([][]byte, n)
	for i := range frames {
		frames[i] = bitsOf(pixels, int64(i)*bits, bits)
	}
	return frames, nil
}

// frameBits returns the size of a native frame: below 2^48 for one sample.
func (f *File) frameBits() (int64, error) {
	get := func(t Tag, otherwise int) int64 {
		if v, ok := f.Int(t); ok {
			return int64(v)
		}
		return int64(otherwise)
	}
	rows, columns := get(tagRows, 0), get(tagColumns, 0)
	samples, allocated := get(tagSamples, 1), get(tagBitsAllocated, 0)
	switch {
	case rows < 1 || columns < 1 || rows > math.MaxUint16 || columns > math.MaxUint16,
		samples < 1 || samples > 4, allocated != 1 && (allocated < 8 || allocated > 64 || allocated%8 != 0):
		return 0, fmt.Errorf("dicom: rows, columns, samples or bits that cannot be: %w", sinso.ErrCorrupt)
	}
	bits := rows * columns * allocated
	switch f.String(tagPhotometric) { // PS3.3 C.7.6.3.1.2
	case "YBR_FULL_422", "YBR_PARTIAL_422":
		return bits * 2, nil
	case "YBR_PARTIAL_420":
		return bits * 3 / 2, nil
	default:
		return bits * samples, nil
	}
}

// bitsOf returns a range of bits, the lowest bit of a byte first (PS3.5 §8.1.1).
func bitsOf(b []byte, from, bits int64) []byte {
	first, end, shift := from/8, (from+bits+7)/8, from%8
	if shift == 0 && bits%8 == 0 {
		return b[first:end:end]
	}
	out := make([]byte, (bits+7)/8)
	for i := range out {
		v := uint16(b[first+int64(i)])
		if next := first + int64(i) + 1; next < end {
			v |= uint16(b[next]) << 8
		}
		out[i] = byte(v >> shift) //nolint:gosec // the lower byte is meant
	}
	if rest := bits % 8; rest != 0 {
		out[len(out)-1] &= 1<<rest - 1
	}
	return out
}

// encapsulated joins fragments into frames.
func (f *File) encapsulated(n int) ([][]byte, error) {
	var fragments []Element
	for i := range f.index {
		if e := &f.index[i]; e.Kind == KindFragments && e.Depth == 0 && e.Tag == tagPixelData {
			fragments = f.index[i+1 : e.next]
		}
	}
	if len(fragments) < 2 {
		return nil, fmt.Errorf("dicom: the compressed pixel data has no fragment: %w", sinso.ErrCorrupt)
	}
	table, fragments := f.Value(fragments[0]), fragments[1:]
	starts := f.starts(table, fragments, n)
	switch {
	case starts != nil:
	case n == len(fragments):
		starts = make([]int, n)
		for i := range starts {
			starts[i] = i
		}
	default:
		starts = []int{0}
	}
	frames := make([][]byte, len(starts))
	for i, start := range starts {
		end := len(fragments)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		frames[i] = f.join(fragments[start:end])
	}
	return frames, nil
}

// starts returns the fragment at which each frame begins by an offset table, nil if
// none fits. Offsets count from the first fragment's item (PS3.5 A.4, PS3.3
// C.7.6.3.1.8).
func (f *File) starts(basic []byte, fragments []Element, n int) []int {
	if e, ok := f.Find(tagExtendedOffsets); ok && e.Kind == KindValue {
		if starts := match(f.Value(e), 8, fragments, n); starts != nil {
			return starts
		}
	}
	return match(basic, 4, fragments, n)
}

// match finds the fragments at the offsets of a table; nil if one of them begins
// nowhere, if they do not ascend, or are not n.
func match(table []byte, size int, fragments []Element, n int) []int {
	if len(table) != size*n {
		return nil
	}
	starts := make([]int, 0, n)
	at := 0
	base := uint64(fragments[0].Offset)
	for ; len(table) > 0; table = table[size:] {
		var offset uint64
		if size == 8 {
			offset = binary.LittleEndian.Uint64(table)
		} else {
			offset = uint64(binary.LittleEndian.Uint32(table))
		}
		if len(starts) == 0 && offset != 0 {
			return nil
		}
		for at < len(fragments) && uint64(fragments[at].Offset)-base < offset {
			at++
		}
		if at == len(fragments) || uint64(fragments[at].Offset)-base != offset || len(starts) > 0 && starts[len(starts)-1] == at {
			return nil
		}
		starts = append(starts, at)
	}
	return starts
}

// join returns fragments as one: itself if it is one.
func (f *File) join(fragments []Element) []byte {
	if len(fragments) == 1 {
		return f.Value(fragments[0])
	}
	size := 0
	for _, e := range fragments {
		size += int(e.Length)
	}
	out := make([]byte, 0, size)
	for _, e := range fragments {
		out = append(out, f.Value(e)...)
	}
	return out
}
