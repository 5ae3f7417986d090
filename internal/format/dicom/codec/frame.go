package codec

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes that say how pixel data lies, and what became of it.
const (
	tagLengthToEnd   dicom.Tag = 0x00080001
	tagSamples       dicom.Tag = 0x00280002
	tagPhotometric   dicom.Tag = 0x00280004
	tagPlanar        dicom.Tag = 0x00280006
	tagFrames        dicom.Tag = 0x00280008
	tagRows          dicom.Tag = 0x00280010
	tagColumns       dicom.Tag = 0x00280011
	tagAllocated     dicom.Tag = 0x00280100
	tagStored        dicom.Tag = 0x00280101
	tagHigh          dicom.Tag = 0x00280102
	tagRepresent     dicom.Tag = 0x00280103
	tagSmallest      dicom.Tag = 0x00280106
	tagLargest       dicom.Tag = 0x00280107
	tagPadding       dicom.Tag = 0x00280120
	tagDescriptor    dicom.Tag = 0x00281101 // of red; green and blue follow
	tagEntries       dicom.Tag = 0x00281201
	tagLossy         dicom.Tag = 0x00282110
	tagLossyRatio    dicom.Tag = 0x00282112
	tagLossyMethod   dicom.Tag = 0x00282114
	tagExtendedTable dicom.Tag = 0x7FE00001
	tagExtendedSizes dicom.Tag = 0x7FE00002
	tagTotalLength   dicom.Tag = 0x7FE00003
	tagFloatPixels   dicom.Tag = 0x7FE00008
	tagDoublePixels  dicom.Tag = 0x7FE00009
	tagPixelData     dicom.Tag = 0x7FE00010
)

// Frame returns the n-th frame of a file, counted from 0, as [DecodeFrame] does. No
// other frame is decoded or, of native pixel data, looked at. It is ErrNotFound if
// there is no pixel data or no such frame.
func Frame(f *dicom.File, n int) (dicom.Frame, error) {
	shape, err := f.Shape()
	if err != nil {
		return dicom.Frame{}, err
	}
	if err := check(shape); err != nil {
		return dicom.Frame{}, err
	}
	count := frameCount(f)
	if n < 0 || n >= count {
		return dicom.Frame{}, fmt.Errorf("codec: frame %d of %d: %w", n, count, sinso.ErrNotFound)
	}
	e, _ := pixelElement(f)
	if e.Kind == dicom.KindValue {
		data, err := nativeFrame(f, e, shape, n)
		if err != nil {
			return dicom.Frame{}, err
		}
		return fromNative(data, shape)
	}
	frames, err := encapsulated(f, count)
	if err != nil {
		return dicom.Frame{}, err
	}
	return DecodeFrame(f.Syntax().UID, frames[n], shape)
}

// frameCount returns Number of Frames.
func frameCount(f *dicom.File) int {
	if n, ok := f.Int(tagFrames); ok && n > 0 {
		return n
	}
	return 1
}

func pixelElement(f *dicom.File) (dicom.Element, bool) {
	for _, t := range [...]dicom.Tag{tagPixelData, tagFloatPixels, tagDoublePixels} {
		if e, ok := f.Find(t); ok {
			return e, true
		}
	}
	return dicom.Element{}, false
}

// encapsulated returns the frames of compressed pixel data. Fragments of a film are no
// frames: it is ErrUnsupported for what is not decoded here.
func encapsulated(f *dicom.File, count int) ([][]byte, error) {
	if syntax := f.Syntax().UID; !CanDecode(syntax) {
		return nil, fmt.Errorf("codec: frames in transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	frames, err := f.Frames()
	if err != nil {
		return nil, err
	}
	if len(frames) != count {
		return nil, fmt.Errorf("codec: the header says %d frames, the fragments tell %d apart: %w", count, len(frames), sinso.ErrCorrupt)
	}
	return frames, nil
}

// nativeFrame returns the little endian bytes of a frame of native pixel data. One of
// single bits that does not begin at a byte is shifted so that it does.
func nativeFrame(f *dicom.File, e dicom.Element, shape dicom.Shape, n int) ([]byte, error) {
	pixels := f.Value(e)
	bits := int64(shape.Rows) * int64(shape.Columns) * int64(shape.Samples) * int64(shape.Allocated)
	if shape.Photometric == "YBR_FULL_422" {
		bits = bits / 3 * 2
	}
	if bits > int64(len(pixels))*8/int64(n+1) {
		return nil, fmt.Errorf("codec: frame %d of %d bits ends behind the %d bytes of pixel data: %w", n, bits, len(pixels), sinso.ErrCorrupt)
	}
	word := 1
	if e.BigEndian() {
		word = wordOf(e.VR())
	}
	from, to := int64(n)*bits, int64(n+1)*bits
	first := from / 8 / int64(word) * int64(word)
	last := min(((to+7)/8+int64(word)-1)/int64(word)*int64(word), int64(len(pixels)))
	b := pixels[first:last:last]
	if word > 1 {
		b = swapped(b, word)
	}
	return bitsOf(b, from-first*8, bits), nil
}

// wordOf returns the bytes that are swapped in a value of the VR (PS3.5 §7.3).
func wordOf(vr dicom.VR) int {
	switch vr {
	case dicom.VROW:
		return 2
	case dicom.VROF, dicom.VROL:
		return 4
	case dicom.VROD, dicom.VROV:
		return 8
	default:
		return 1
	}
}

// bitsOf returns a range of bits, the lowest bit of a byte first (PS3.5 §8.1.1).
func bitsOf(b []byte, from, bits int64) []byte {
	b = b[from/8:]
	shift, size := from%8, (bits+7)/8
	if shift == 0 && bits%8 == 0 {
		return b[:size:size]
	}
	out := make([]byte, size)
	for i := range out {
		v := uint16(b[i])
		if i+1 < len(b) {
			v |= uint16(b[i+1]) << 8
		}
		out[i] = byte(v >> shift) //nolint:gosec // the lower byte is meant
	}
	if rest := bits % 8; rest != 0 {
		out[size-1] &= 1<<rest - 1
	}
	return out
}
