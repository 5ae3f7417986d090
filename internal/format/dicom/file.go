package dicom

import (
	"bytes"
	"fmt"
	"sync"

	"sinso.dev/sinso"
)

// File is an index over the bytes of one DICOM object.
type File struct {
	raw       []byte // as given
	data      []byte // where the data set is: raw, or what it inflates to
	index     []Element
	meta      int // entries of the File Meta Information, the first in index
	syntax    Syntax
	truncated bool    // something is cut off
	partial   bool    // read up to the pixel data only, or bulk data was passed over
	stop      Element // before which reading stopped, of no Tag if it did not

	pixelsEnd    int64 // see PixelsEnd; 0 if it is not known
	pixelsLength int64 // bytes of the pixel data that end there

	cut       sync.Once // of the compressed pixel data into frames: once, for who asks for one after the other
	frames    [][]byte
	framesErr error
}

// Syntax returns the transfer syntax that the file names, or the one found where
// it names none. Explicit and BigEndian are as found.
func (f *File) Syntax() Syntax { return f.syntax }

// Truncated reports whether [ReadTruncated] found something cut off.
func (f *File) Truncated() bool { return f.truncated }

// Meta returns the elements of the File Meta Information (PS3.10 §7.1), in the
// order of the file.
func (f *File) Meta() []Element { return f.index[:f.meta:f.meta] }

// Elements returns the entries of the data set in the order of the file: elements
// of the root and below, items, fragments.
func (f *File) Elements() []Element { return f.index[f.meta:len(f.index):len(f.index)] }

// Find returns the element of the root with the tag. Of several, which no valid
// file has, it is the last.
func (f *File) Find(t Tag) (Element, bool) {
	var found Element
	var ok bool
	for i := f.meta; i < len(f.index); i = int(f.index[i].next) {
		if f.index[i].Tag == t {
			found, ok = f.index[i], true
		}
	}
	return found, ok
}

func (f *File) findMeta(t Tag) (Element, bool) {
	for _, e := range f.index[:f.meta] {
		if e.Tag == t {
			return e, true
		}
	}
	return Element{}, false
}

// Value returns the bytes of an element of this file as they are written: a part
// of the bytes that were read, not to be changed. Nil if it is not held.
func (f *File) Value(e Element) []byte {
	if !e.Held() {
		return nil
	}
	b := f.data
	if e.flags&flagMeta != 0 {
		b = f.raw
	}
	end := e.Offset + e.Length
	return b[e.Offset:end:end]
}

// PixelBytes returns the value of uncompressed pixel data, as it is written. It
// is ErrNotFound if there is none, ErrUnsupported if it is compressed.
func (f *File) PixelBytes() ([]byte, error) {
	e, err := f.pixels()
	if err != nil {
		return nil, err
	}
	if e.Kind != KindValue {
		return nil, fmt.Errorf("dicom: the pixel data is compressed: %w", sinso.ErrUnsupported)
	}
	return f.Value(e), nil
}

// pixels finds the one element of pixel data at the root.
func (f *File) pixels() (Element, error) {
	if f.partial {
		return Element{}, errPartial()
	}
	for _, t := range [...]Tag{tagPixelData, tagFloatPixels, tagDoublePixels} {
		if e, ok := f.Find(t); ok {
			return e, nil
		}
	}
	return Element{}, fmt.Errorf("dicom: no pixel data: %w", sinso.ErrNotFound)
}

// MetaString returns a value of the File Meta Information without its padding, ""
// if it is not there.
func (f *File) MetaString(t Tag) string {
	e, ok := f.findMeta(t)
	if !ok {
		return ""
	}
	return string(trim(f.Value(e)))
}

// trim cuts the padding off a text value: blanks and zeros at its end, blanks at
// its beginning.
func trim(b []byte) []byte { return bytes.TrimLeft(bytes.TrimRight(b, " \x00"), " ") }

func errPartial() error { return fmt.Errorf("dicom: only the header was read: %w", sinso.ErrInvalid) }
