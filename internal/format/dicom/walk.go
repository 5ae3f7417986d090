package dicom

import (
	"fmt"

	"sinso.dev/sinso"
)

// Next returns the place in [File.Elements] of the entry after the one at i and
// all that stands in it.
func (f *File) Next(i int) int { return int(f.index[f.meta+i].next) - f.meta }

// LittleEndian returns the value of an element as [File.Value] does, its numbers
// little endian: a copy where the file has them big endian.
func (f *File) LittleEndian(e Element) []byte {
	value := f.Value(e)
	if e.BigEndian() {
		return swapped(e.VR(), value)
	}
	return value
}

// PixelElement returns the element of pixel data at the root, of integers, floats
// or doubles. Where [ReadHeader] stopped before it, its Offset and Length are zero,
// and its Kind says only whether it is compressed.
func (f *File) PixelElement() (Element, bool) {
	if f.partial {
		return f.stop, f.stop.Tag != 0
	}
	e, err := f.pixels()
	return e, err == nil
}

// stopAt notes the header before which reading stopped.
func (f *File) stopAt(h *head, m mode) {
	f.stop = entry(h, m, KindValue, 0)
	f.stop.Offset = 0
	f.pixelsEnd, f.pixelsLength = int64(h.start)+int64(h.length), int64(h.length)
	if h.length == undefined {
		f.stop.Kind, f.pixelsEnd = KindFragments, 0
	}
}

// PixelsEnd returns where the pixel data ends that [ReadHeader] stopped before, in
// bytes from the beginning of the file: the length of most files that hold an image.
// It is not known of a deflated data set, and where the file gives no length.
func (f *File) PixelsEnd() (int64, bool) {
	return f.pixelsEnd, f.partial && f.pixelsEnd > 0 && !f.syntax.Deflated
}

// NativeFrame returns where frame i, from 0, of the pixel data lies that [ReadHeader]
// stopped before, in bytes from the beginning of the file: what [File.Frames] would return
// of it, if the file is as long as its header says. It is ErrUnsupported for pixel data
// that is compressed, for a deflated data set, and for frames that share bytes, ErrNotFound
// if there is no such frame or no pixel data, ErrCorrupt if the header does not fit it.
func (f *File) NativeFrame(i int) (offset, length int64, err error) {
	end, known := f.PixelsEnd()
	if f.stop.Tag == 0 || i < 0 {
		return 0, 0, fmt.Errorf("dicom: no frame %d: %w", i, sinso.ErrNotFound)
	}
	if !known || f.stop.Kind != KindValue || f.syntax.Encapsulated {
		return 0, 0, fmt.Errorf("dicom: the pixel data is not native, or its place is not known: %w", sinso.ErrUnsupported)
	}
	bits, err := f.frameBits()
	if err != nil {
		return 0, 0, err
	}
	n := 1
	if given, ok := f.Int(tagFrames); ok && given > 0 {
		n = given
	}
	length = bits / 8
	switch {
	case bits%8 != 0 || n > maxFrames:
		return 0, 0, fmt.Errorf("dicom: frames that share bytes, or too many: %w", sinso.ErrUnsupported)
	case length*int64(n) > f.pixelsLength:
		return 0, 0, fmt.Errorf("dicom: the header says %d frames of %d bytes, the pixel data has %d: %w", n, length, f.pixelsLength, sinso.ErrCorrupt)
	case i >= n:
		return 0, 0, fmt.Errorf("dicom: no frame %d of %d: %w", i, n, sinso.ErrNotFound)
	}
	return end - f.pixelsLength + int64(i)*length, length, nil
}

// VROf returns the VR that the dictionary has for a tag: OW and US where the data
// set decides (PS3.5 A.1, PS3.6 §6), UN for what is not in it.
func VROf(t Tag) VR { return codeOfTag(t, false).vr() }
