package render

import (
	"bytes"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Thumbnail draws one frame of native pixel data, from 0, as a PNG whose longer
// side is at most maxSide pixels; it is never enlarged. Compressed pixel data is
// ErrUnsupported, a frame that is not there ErrNotFound; else see [Picture].
func Thumbnail(f *dicom.File, frame, maxSide int) ([]byte, error) {
	if maxSide < 1 || maxSide > 4096 {
		return nil, fmt.Errorf("render: a side of %d pixels: %w", maxSide, sinso.ErrInvalid)
	}
	native, err := nativeFrame(f, frame)
	if err != nil {
		return nil, err
	}
	picture, err := Picture(f, native, frame, Options{MaxSide: maxSide})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := EncodePNG(&out, picture); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// nativeFrame cuts one frame out of uncompressed pixel data.
func nativeFrame(f *dicom.File, index int) (dicom.Frame, error) {
	shape, err := f.Shape()
	if err != nil {
		return dicom.Frame{}, fmt.Errorf("render: %w", err)
	}
	pixels, err := f.PixelBytes()
	if err != nil {
		return dicom.Frame{}, fmt.Errorf("render: %w", err)
	}
	if err := checkShape(shape); err != nil {
		return dicom.Frame{}, err
	}
	frames := 1
	if n, ok := f.Int(tagFrames); ok {
		frames = max(1, n)
	}
	if index < 0 || index >= frames {
		return dicom.Frame{}, fmt.Errorf("render: frame %d: %w", index, sinso.ErrNotFound)
	}
	bits := int64(shape.Rows) * int64(shape.Columns) * int64(shape.Samples) * int64(shape.Allocated)
	if halved(shape) {
		bits = bits * 2 / 3
	}
	have := int64(len(pixels)) * 8
	if int64(index) > have/bits || have-int64(index)*bits < bits {
		return dicom.Frame{}, fmt.Errorf("render: %d bytes of pixels do not hold frame %d of %d bits: %w", len(pixels), index, bits, sinso.ErrCorrupt)
	}
	return dicom.Frame{Shape: shape, Data: cut(swapperOf(f, shape), pixels, int64(index)*bits, bits)}, nil
}

// swapper puts the bytes of big endian pixel data in the other order: words of
// size bytes (PS3.5 §7.3); 1 if they are as they should be.
type swapper int

func swapperOf(f *dicom.File, s dicom.Shape) swapper {
	for _, tag := range [...]dicom.Tag{tagPixelData, tagFloatPixels, tagDoublePixels} {
		e, ok := f.Find(tag)
		switch {
		case !ok:
		case !e.BigEndian():
			return 1
		case s.Allocated > 8:
			return swapper(s.Allocated / 8)
		case e.VR() == dicom.VROW:
			return 2
		default:
			return 1
		}
	}
	return 1
}

// cut returns a range of bits that begins at a byte, the lowest bit of a byte
// first (PS3.5 §8.1.1), little endian. The range is within pixels.
func cut(words swapper, pixels []byte, from, bits int64) []byte {
	first, end := from/8, (from+bits+7)/8
	if words > 1 {
		size := int64(words)
		start := first / size * size
		pixels = slices.Clone(pixels[start:min((end+size-1)/size*size, int64(len(pixels)))])
		for word := range slices.Chunk(pixels, int(words)) {
			slices.Reverse(word)
		}
		first, end = first-start, end-start
	}
	shift := from % 8
	if shift == 0 {
		return pixels[first:end:end]
	}
	out := make([]byte, (bits+7)/8)
	for i := range out {
		at := first + int64(i)
		v := uint16(pixels[at])
		if at+1 < end {
			v |= uint16(pixels[at+1]) << 8
		}
		out[i] = byte(v >> shift)
	}
	return out
}
