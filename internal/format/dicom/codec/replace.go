package codec

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Replace returns the elements that replace those of f, as [Blank] does, with frames
// replaced by others of one sample a pixel and the file's shape, as [Frame] returns
// them. The transfer syntax stays; other frames keep their bytes. Frames are encoded
// without loss, so that lossy JPEG is ErrUnsupported: it would lose once more where
// nothing was changed. It is ErrInvalid for a frame of another shape, ErrNotFound for
// one that is not in the file.
func Replace(f *dicom.File, frames map[int]dicom.Frame) ([]dicom.DataElement, error) {
	shape, err := f.Shape()
	if err != nil {
		return nil, err
	}
	if err := check(shape); err != nil {
		return nil, err
	}
	e, _ := pixelElement(f)
	if e.Tag != tagPixelData || shape.Samples != 1 || shape.Allocated < 8 {
		return nil, fmt.Errorf("codec: replace: not samples of one, of whole bytes: %w", sinso.ErrUnsupported)
	}
	b := blanker{file: f, shape: shape, count: frameCount(f), syntax: f.Syntax().UID}
	if b.tree, err = f.Tree(); err != nil {
		return nil, err
	}
	for n, frame := range frames {
		if n < 0 || n >= b.count {
			return nil, fmt.Errorf("codec: replace: frame %d of %d: %w", n, b.count, sinso.ErrNotFound)
		}
		if frame.Rows != shape.Rows || frame.Columns != shape.Columns || frame.Samples != 1 || frame.Allocated != shape.Allocated || int64(len(frame.Data)) != frame.Bytes() {
			return nil, fmt.Errorf("codec: replace: frame %d has another shape: %w", n, sinso.ErrInvalid)
		}
	}
	if e.Kind == dicom.KindValue {
		err = b.replaceNative(e, frames)
	} else {
		err = b.replaceEncapsulated(frames)
	}
	slices.SortFunc(b.out, func(x, y dicom.DataElement) int { return cmp.Compare(x.Tag, y.Tag) })
	return b.out, err
}

func (b *blanker) replaceNative(e dicom.Element, frames map[int]dicom.Frame) error {
	if _, err := nativeFrame(b.file, e, b.shape, b.count-1); err != nil { // all are there
		return err
	}
	pixels := *b.tree.Find(tagPixelData)
	pixels.Value = bytes.Clone(pixels.Value)
	for n, frame := range frames {
		copy(pixels.Value[n*len(frame.Data):], frame.Data) // a tree's values are little endian
	}
	b.out = append(b.out, pixels)
	return nil
}

func (b *blanker) replaceEncapsulated(frames map[int]dicom.Frame) error {
	old, err := encapsulated(b.file, b.count)
	if err != nil {
		return err
	}
	lengths, old := b.lengths(old), slices.Clone(old)
	syntax := b.syntax
	switch syntax { // both allow what loses nothing
	case JPEGLSNearLossless:
		syntax = JPEGLSLossless
	case JPEG2000:
		syntax = JPEG2000Lossless
	}
	if familyOf(syntax) == jpegDCT {
		return fmt.Errorf("codec: replace: transfer syntax %s loses: %w", syntax, sinso.ErrUnsupported)
	}
	for _, n := range slices.Sorted(maps.Keys(frames)) {
		data, err := EncodeFrame(syntax, frames[n])
		if err != nil {
			return fmt.Errorf("codec: replace: frame %d: %w", n, err)
		}
		lengths[n] = uint64(len(data))
		if len(data)%2 == 1 {
			data = append(data, 0)
		}
		old[n] = data
	}
	b.fragments(old, lengths)
	return nil
}
