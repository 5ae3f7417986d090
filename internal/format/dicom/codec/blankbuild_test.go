package codec_test

import (
	"fmt"
	"image"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

// blankedTree returns an object's data set with rectangles blanked, and the tags that
// were replaced.
func blankedTree(tb testing.TB, b []byte, boxes map[int][]image.Rectangle) (dicom.Dataset, []dicom.Tag) {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	elements, err := codec.Blank(f, boxes)
	if err != nil {
		tb.Fatalf("%s: %v", f.Syntax().UID, err)
	}
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	var tags []dicom.Tag
	for _, e := range elements {
		ds.Set(e)
		tags = append(tags, e.Tag)
	}
	return ds, tags
}

// blanked returns an object with rectangles blanked.
func blanked(tb testing.TB, b []byte, boxes map[int][]image.Rectangle) []byte {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	ds, _ := blankedTree(tb, b, boxes)
	out, err := dicom.EncodeMeta(f.Syntax().UID, f.MetaTree(), ds)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// boxesOf are lists of rectangles of every kind that a frame can be given.
func boxesOf(rows, columns int) map[string][]image.Rectangle {
	r := image.Rect
	return map[string][]image.Rectangle{
		"none":        nil,
		"empty":       {r(3, 3, 3, 9)},
		"outside":     {r(columns, 0, columns+9, rows), r(-9, -9, 0, 0)},
		"upper left":  {r(0, 0, 1, 1)},
		"lower right": {r(columns-1, rows-1, columns, rows)},
		"right edge":  {r(columns-2, rows/3, columns+100, rows/2+1)},
		"lower edge":  {r(columns/3, rows-1, columns/2+1, rows+7)},
		"whole":       {r(-5, -5, columns+5, rows+5)},
		"overlapping": {r(0, 0, columns/2, rows/2), r(columns/3, rows/3, columns, rows)},
		"upside down": {{Min: image.Pt(columns/2, rows/2), Max: image.Pt(columns/4, rows/4)}},
	}
}

// valueAt returns a sample of a frame.
func valueAt(f dicom.Frame, x, y, sample int) int64 {
	at := (y*f.Columns+x)*f.Samples + sample
	if f.Allocated == 1 {
		return int64(f.Data[at/8] >> (at % 8) & 1)
	}
	cell := f.Allocated / 8
	return sampleAt(f, at*cell, cell)
}

// checkBlank says what is wrong with a frame that was blanked: pixels in boxes must have
// the values, those further than near from all of them what they had.
func checkBlank(got, was dicom.Frame, boxes []image.Rectangle, values []int64, near int) string {
	if got.Shape != was.Shape || len(got.Data) != len(was.Data) {
		return fmt.Sprintf("it is a frame of another shape, %v, not %v", got.Shape, was.Shape)
	}
	for y := range was.Rows {
		for x := range was.Columns {
			in, far := false, true
			for _, box := range boxes {
				box = box.Canon()
				if box.Intersect(image.Rect(0, 0, was.Columns, was.Rows)).Empty() {
					continue
				}
				in = in || image.Pt(x, y).In(box)
				far = far && !image.Pt(x, y).In(box.Inset(-near))
			}
			for s := range was.Samples {
				if v := valueAt(got, x, y, s); in && v != values[s] {
					return fmt.Sprintf("sample %d at %d, %d is %d, not %d", s, x, y, v, values[s])
				} else if far && v != valueAt(was, x, y, s) {
					return fmt.Sprintf("sample %d at %d, %d was changed", s, x, y)
				}
			}
		}
	}
	return ""
}

// darkest returns the values that are shown darkest, of a shape without palette.
func darkest(s dicom.Shape) []int64 {
	switch {
	case s.Photometric == "YBR_FULL":
		return []int64{0, 1 << (s.Stored - 1), 1 << (s.Stored - 1)}
	case s.Samples == 3:
		return []int64{0, 0, 0}
	case s.Photometric == "MONOCHROME1":
		return []int64{1<<s.Stored - 1}
	case s.Signed:
		return []int64{-1 << (s.Stored - 1)}
	}
	return []int64{0}
}

// streamOf encodes a frame, also in the transfer syntaxes that are not written elsewhere.
func streamOf(tb testing.TB, syntax string, f dicom.Frame) []byte {
	tb.Helper()
	var b []byte
	var err error
	switch syntax {
	case codec.EncapsulatedUncompressed:
		return f.Data
	case codec.JPEG2000:
		b, err = codec.EncodeFrame(codec.JPEG2000Lossless, f)
	case codec.JPEGLSNearLossless:
		m := jpegls.Image{Rows: f.Rows, Columns: f.Columns, Samples: f.Samples, Precision: f.Allocated, Pixels: f.Data}
		b, err = jpegls.Encode(m, 2)
	default:
		b, err = codec.EncodeFrame(syntax, f)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// fragmented returns an object of streams, a fragment each.
func fragmented(tb testing.TB, syntax string, s dicom.Shape, streams ...[]byte) []byte {
	tb.Helper()
	ds := fragmentedTree(s, streams...)
	return encoded(tb, syntax, ds)
}

func fragmentedTree(s dicom.Shape, streams ...[]byte) dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
	ds.SetString(0x00080018, "UI", "2.25.7")
	describe(&ds, s, len(streams))
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: append([][]byte{nil}, streams...)})
	return ds
}

// isExact reports whether a transfer syntax loses nothing of a shape, and can hold it.
func isExact(syntax string, s dicom.Shape) bool {
	switch syntax {
	case codec.JPEG2000:
		return canHold(codec.JPEG2000Lossless, s)
	case codec.JPEGLSNearLossless:
		return s.Allocated > 1 && s.Allocated <= 16 && s.Allocated == s.Stored && !s.Signed
	}
	return canHold(syntax, s)
}

// drawnObject returns an object of three frames.
func drawnObject(tb testing.TB, syntax string, s dicom.Shape) []byte {
	tb.Helper()
	frames := []dicom.Frame{drawn(s, 1), drawn(s, 2), drawn(s, 3)}
	if known, _ := dicom.SyntaxByUID(syntax); known.Encapsulated {
		var streams [][]byte
		for _, f := range frames {
			streams = append(streams, streamOf(tb, syntax, f))
		}
		return fragmented(tb, syntax, s, streams...)
	}
	if s.Allocated > 1 {
		return object(tb, syntax, frames...)
	}
	var packed []byte // without gaps between frames
	bit := 0
	for _, f := range frames {
		for i := range s.Rows * s.Columns {
			if bit%8 == 0 {
				packed = append(packed, 0)
			}
			packed[bit/8] |= f.Data[i/8] >> (i % 8) & 1 << (bit % 8)
			bit++
		}
	}
	ds := treeOf(tb, object(tb, dicom.ExplicitLittleEndian, frames...))
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Value: packed})
	return encoded(tb, syntax, ds)
}

func treeOf(tb testing.TB, b []byte) dicom.Dataset {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return ds
}
