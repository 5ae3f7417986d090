package codec

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Transcode writes an object in another transfer syntax: the data set as it is, pixel
// data decoded and encoded as it has to be, and the attributes that say how it lies
// (PS3.3 C.7.6.3), or that it once lost something (C.7.6.1.1.5). SOP Instance UID
// stays, since nothing more is lost. Between native transfer syntaxes pixel data
// changes in byte order only. Retired group lengths are left out where they would be
// wrong; compressed pixel data in items (icons) becomes native.
//
// It is ErrUnsupported if the transfer syntax cannot be written, can hold no such
// pixel data, or loses something: an object in baseline JPEG is another instance.
func Transcode(f *dicom.File, syntax string) ([]byte, error) {
	if !CanEncode(syntax) || syntax == JPEGBaseline {
		return nil, fmt.Errorf("codec: transcode: to transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	ds, err := f.Tree()
	if err != nil {
		return nil, err
	}
	from := f.Syntax().UID
	if from == syntax {
		return dicom.EncodeMeta(syntax, f.MetaTree(), ds)
	}
	if err := adapt(&ds, from, 0); err != nil {
		return nil, err
	}
	if e := ds.Find(tagPixelData); e != nil {
		err = transcodePixels(f, &ds, syntax)
	} else if _, ok := pixelElement(f); ok && !isNative(syntax) {
		err = fmt.Errorf("codec: transcode: floating point pixel data to transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	if err != nil {
		return nil, err
	}
	return dicom.EncodeMeta(syntax, f.MetaTree(), ds)
}

// adapt makes what is below the root, and group lengths anywhere, fit another
// transfer syntax.
func adapt(ds *dicom.Dataset, from string, depth int) error {
	kept := ds.Elements[:0]
	for _, e := range ds.Elements {
		if e.Tag.Element() != 0 && e.Tag != tagLengthToEnd { // group lengths, retired
			kept = append(kept, e)
		}
	}
	ds.Elements = kept
	for i := range ds.Elements {
		for k := range ds.Elements[i].Items {
			if err := adapt(&ds.Elements[i].Items[k], from, depth+1); err != nil {
				return err
			}
		}
	}
	if e := ds.Find(tagPixelData); depth > 0 && e != nil && e.Fragments != nil {
		return icon(ds, from)
	}
	return nil
}

// icon decodes compressed pixel data of one frame in an item.
func icon(ds *dicom.Dataset, from string) error {
	shape := shapeOf(ds)
	var data []byte
	for i, fragment := range ds.Find(tagPixelData).Fragments {
		if i > 0 { // the first is the Basic Offset Table
			data = append(data, fragment...)
		}
	}
	frame, _, err := decode(from, data, shape)
	if err != nil {
		return fmt.Errorf("codec: transcode: pixel data in an item: %w", err)
	}
	setShape(ds, frame.Shape)
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: pixelVR(frame.Shape), Value: frame.Data})
	return nil
}

// transcodePixels replaces the pixel data of the root.
func transcodePixels(f *dicom.File, ds *dicom.Dataset, syntax string) error {
	e, _ := pixelElement(f)
	shape, err := f.Shape()
	if e.Kind == dicom.KindValue && isNative(syntax) {
		if err == nil {
			ds.Find(tagPixelData).VR = pixelVR(shape)
		}
		return nil
	}
	if err != nil {
		return err
	}
	t := transcoder{file: f, element: e, shape: shape, syntax: syntax, count: frameCount(f)}
	if err := t.frames(); err != nil {
		return err
	}
	for _, tag := range [...]dicom.Tag{tagExtendedTable, tagExtendedSizes, tagTotalLength} {
		ds.Remove(tag)
	}
	if familyOf(syntax) == jpeg2k && t.written.Photometric == "RGB" {
		t.written.Photometric = "YBR_RCT" // what EncodeLossless makes of three samples, PS3.5 §8.2.4
	}
	setShape(ds, t.written)
	if t.lossy {
		setLossy(ds, f.Syntax().UID, float64(t.decodedBytes)/float64(max(t.codedBytes, 1)))
	}
	ds.Set(t.pixels)
	return nil
}

// transcoder makes the pixel data of an object.
type transcoder struct {
	file    *dicom.File
	element dicom.Element // of the pixel data
	shape   dicom.Shape
	syntax  string
	count   int // of frames

	pixels                   dicom.DataElement
	written                  dicom.Shape // of what is in pixels
	lossy                    bool        // the pixel data had lost something
	decodedBytes, codedBytes int64       // of all frames
}

// frames decodes and encodes one frame after the other.
func (t *transcoder) frames() error {
	if err := check(t.shape); err != nil {
		return err
	}
	if t.shape.Bytes() > math.MaxUint32/int64(t.count) {
		return fmt.Errorf("codec: transcode: %d frames of %d bytes are more than 4 GiB: %w", t.count, t.shape.Bytes(), sinso.ErrUnsupported)
	}
	var coded [][]byte
	var err error
	if t.element.Kind == dicom.KindValue {
		_, err = nativeFrame(t.file, t.element, t.shape, t.count-1) // all are there
	} else {
		coded, err = encapsulated(t.file, t.count)
	}
	if err != nil {
		return err
	}
	var out collector
	if isNative(t.syntax) {
		out = &joined{t: t}
	} else {
		out = &fragments{t: t}
	}
	for n := range t.count {
		frame, err := t.frame(coded, n)
		if err != nil {
			return fmt.Errorf("codec: transcode: frame %d: %w", n, err)
		}
		if n > 0 && frame.Photometric != t.written.Photometric {
			return fmt.Errorf("codec: transcode: the colours of frame %d are others than those before: %w", n, sinso.ErrUnsupported)
		}
		t.written = frame.Shape
		if err := out.add(frame); err != nil {
			return fmt.Errorf("codec: transcode: frame %d: %w", n, err)
		}
	}
	t.pixels = out.element()
	return nil
}

// frame returns the n-th frame, native.
func (t *transcoder) frame(coded [][]byte, n int) (dicom.Frame, error) {
	if t.element.Kind == dicom.KindValue {
		data, err := nativeFrame(t.file, t.element, t.shape, n)
		if err != nil {
			return dicom.Frame{}, err
		}
		return fromNative(data, t.shape)
	}
	frame, how, err := decode(t.file.Syntax().UID, coded[n], t.shape)
	t.lossy = t.lossy || how.lossy
	t.decodedBytes += int64(len(frame.Data))
	t.codedBytes += int64(len(coded[n]))
	return frame, err
}
