package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// TestBlankIsExactInEverySyntaxWithoutLoss blanks frames of each shape in each transfer
// syntax, first, last or all of them: no sample outside changes, all inside are the
// darkest; the frames without boxes keep their bytes.
func TestBlankIsExactInEverySyntaxWithoutLoss(t *testing.T) {
	t.Parallel()
	syntaxes := append([]string{codec.EncapsulatedUncompressed, codec.JPEGLSNearLossless, codec.JPEG2000}, targets...)
	for _, syntax := range syntaxes {
		t.Run(syntax, func(t *testing.T) {
			t.Parallel()
			for _, s := range append(shapes(), shaped(1, 16, 12, true, "MONOCHROME1"), shaped(1, 1, 1, false, "MONOCHROME1")) {
				if !isExact(syntax, s) || s.Photometric == "PALETTE COLOR" {
					continue
				}
				values := darkest(s)
				if s.Photometric == "MONOCHROME1" && s.Signed {
					values = []int64{1<<(s.Stored-1) - 1}
				}
				b := drawnObject(t, syntax, s)
				for what, boxes := range boxesOf(s.Rows, s.Columns) {
					checkFrames(t, fmt.Sprintf("%v, %s", s, what), b, []int{2}, boxes, values, 0)
				}
				checkFrames(t, fmt.Sprint(s), b, []int{0}, []image.Rectangle{image.Rect(3, 3, 9, 9)}, values, 0)
				checkFrames(t, fmt.Sprint(s), b, []int{0, 1, 2}, []image.Rectangle{image.Rect(3, 3, 9, 9)}, values, 0)
			}
		})
	}
}

// checkFrames blanks some frames and looks at all.
func checkFrames(t *testing.T, name string, b []byte, which []int, boxes []image.Rectangle, values []int64, near int) {
	t.Helper()
	by := map[int][]image.Rectangle{}
	for _, n := range which {
		by[n] = boxes
	}
	out := blanked(t, b, by)
	was, got := allFrames(t, name, b), allFrames(t, name, out)
	if len(got) != len(was) {
		t.Errorf("%s: %d frames, want %d", name, len(got), len(was))
		return
	}
	before, err := read(t, b).Frames()
	if err != nil {
		t.Fatal(err)
	}
	after, err := read(t, out).Frames()
	if err != nil {
		t.Fatal(err)
	}
	for n := range was {
		if why := checkBlank(got[n], was[n], by[n], values, near); why != "" {
			t.Errorf("%s: frame %d: %s", name, n, why)
		}
		if by[n] == nil && !bytes.Equal(before[n], after[n]) {
			t.Errorf("%s: frame %d has other bytes", name, n)
		}
	}
}

// TestBlankOfLossyJPEGReachesAnMCU blanks baseline and extended JPEG: what is further
// than its MCU decodes to what it did.
func TestBlankOfLossyJPEGReachesAnMCU(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		dicom.Shape
		transform jpeg.ColorTransform
	}{
		{shaped(1, 8, 8, false, "MONOCHROME2"), jpeg.ColorUnknown},
		{shaped(1, 8, 8, false, "MONOCHROME1"), jpeg.ColorUnknown},
		{shaped(3, 8, 8, false, "YBR_FULL"), jpeg.ColorJFIF},
		{shaped(3, 8, 8, false, "YBR_FULL_422"), jpeg.ColorUnknown},
		{shaped(3, 8, 8, false, "RGB"), jpeg.ColorUnknown},
		{shaped(3, 8, 8, false, "RGB"), jpeg.ColorYCbCr}, // the stream is believed
		{shaped(1, 16, 12, false, "MONOCHROME2"), jpeg.ColorUnknown},
		{shaped(1, 16, 12, false, "MONOCHROME1"), jpeg.ColorUnknown},
		{shaped(1, 16, 12, true, "MONOCHROME2"), jpeg.ColorUnknown},
	} {
		s, transform, syntax := tt.Shape, tt.transform, codec.JPEGBaseline
		if s.Allocated == 16 {
			syntax = codec.JPEGExtended
		}
		var streams [][]byte
		for seed := range uint64(3) {
			f := drawn(s, seed)
			for i := 1; s.Allocated == 16 && i < len(f.Data); i += 2 {
				f.Data[i] &= 0x0F
			}
			stream, err := jpeg.EncodeBaseline(jpeg.Image{Rows: s.Rows, Columns: s.Columns, Samples: s.Samples, Precision: s.Stored, Pixels: f.Data, Transform: transform}, 90)
			if err != nil {
				t.Fatal(err)
			}
			if len(stream)%2 == 1 {
				stream = append(stream, 0)
			}
			streams = append(streams, stream)
		}
		b := fragmented(t, syntax, s, streams...)
		values := darkest(s)
		if s.Samples == 3 {
			values = []int64{0, 0, 0} // what is YBR is decoded as RGB
		}
		for what, boxes := range boxesOf(s.Rows, s.Columns) {
			for _, which := range [][]int{{1}, {0, 1, 2}} {
				checkFrames(t, fmt.Sprintf("%v, %s of %v", s, what, which), b, which, boxes, values, 7)
			}
		}
	}
}

// TestBlankLeavesNoTrace blanks objects that differ in a rectangle alone: they become the
// same, byte by byte.
func TestBlankLeavesNoTrace(t *testing.T) {
	t.Parallel()
	box := image.Rect(3, 5, 17, 9)
	for _, s := range []dicom.Shape{shaped(1, 8, 8, false, "MONOCHROME2"), shaped(3, 8, 8, false, "RGB"), shaped(1, 16, 16, false, "MONOCHROME2")} {
		for _, syntax := range append([]string{codec.JPEGBaseline, codec.EncapsulatedUncompressed, codec.JPEG2000}, targets...) {
			if syntax == codec.JPEGBaseline && s.Allocated > 8 {
				continue
			}
			var objects [2][]byte
			var different [2][]byte
			for i := range objects {
				f := drawn(s, 1)
				pixel := s.Samples * s.Allocated / 8
				for y := box.Min.Y; y < box.Max.Y; y++ {
					for x := box.Min.X * pixel; x < box.Max.X*pixel; x++ {
						f.Data[y*s.Columns*pixel+x] = byte(x*y + i*99*x)
					}
				}
				if known, _ := dicom.SyntaxByUID(syntax); known.Encapsulated {
					different[i] = fragmented(t, syntax, s, streamOf(t, syntax, f))
				} else {
					different[i] = object(t, syntax, f)
				}
				objects[i] = blanked(t, different[i], map[int][]image.Rectangle{0: {box}})
			}
			if bytes.Equal(different[0], different[1]) || !bytes.Equal(objects[0], objects[1]) {
				t.Errorf("%v in %s: what was blanked can be told apart", s, syntax)
			}
		}
	}
}

// TestBlankNeedsABox returns nothing where nothing is to be done.
func TestBlankNeedsABox(t *testing.T) {
	t.Parallel()
	b := object(t, codec.RLELossless, drawn(shaped(1, 8, 8, false, "MONOCHROME2"), 1))
	for name, boxes := range map[string]map[int][]image.Rectangle{
		"nil": nil, "none of a frame": {0: nil}, "outside": {0: {image.Rect(20, 0, 30, 9)}},
	} {
		if _, tags := blankedTree(t, b, boxes); tags != nil {
			t.Errorf("%s: got %v", name, tags)
		}
	}
}

// TestBlankRefuses names the class.
func TestBlankRefuses(t *testing.T) {
	t.Parallel()
	grey, colour := shaped(1, 8, 8, false, "MONOCHROME2"), shaped(3, 8, 8, false, "RGB")
	one := map[int][]image.Rectangle{0: {image.Rect(0, 0, 5, 5)}}
	change := func(b []byte, syntax string, change func(*dicom.Dataset)) []byte {
		ds := tree(t, b)
		change(&ds)
		return encoded(t, syntax, ds)
	}
	photometric := func(v string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) { ds.SetString(0x00280004, "CS", v) }
	}
	native := object(t, dicom.ExplicitLittleEndian, drawn(grey, 1))
	rgb := object(t, dicom.ExplicitLittleEndian, drawn(colour, 1))
	lossy := object(t, codec.JPEGBaseline, drawn(grey, 1))
	for name, tt := range map[string]struct {
		b     []byte
		boxes map[int][]image.Rectangle
		want  error
	}{
		"a frame that is not":       {native, map[int][]image.Rectangle{1: {image.Rect(0, 0, 5, 5)}}, sinso.ErrNotFound},
		"a frame before the first":  {native, map[int][]image.Rectangle{-1: nil}, sinso.ErrNotFound},
		"no pixel data":             {change(native, dicom.ExplicitLittleEndian, func(ds *dicom.Dataset) { ds.Remove(0x7FE00010) }), one, sinso.ErrNotFound},
		"colours not known":         {change(rgb, dicom.ExplicitLittleEndian, photometric("HSV")), one, sinso.ErrUnsupported},
		"no colours":                {change(native, dicom.ExplicitLittleEndian, photometric("")), one, sinso.ErrUnsupported},
		"grey of three samples":     {change(rgb, dicom.ExplicitLittleEndian, photometric("MONOCHROME2")), one, sinso.ErrUnsupported},
		"RGB of one sample":         {change(native, dicom.ExplicitLittleEndian, photometric("RGB")), one, sinso.ErrUnsupported},
		"chrominance of four":       {change(rgb, dicom.ExplicitLittleEndian, photometric("YBR_PARTIAL_420")), one, sinso.ErrUnsupported},
		"no palette":                {change(native, dicom.ExplicitLittleEndian, photometric("PALETTE COLOR")), one, sinso.ErrUnsupported},
		"a lossy palette":           {change(lossy, codec.JPEGBaseline, photometric("PALETTE COLOR")), one, sinso.ErrUnsupported},
		"less than the header says": {change(native, dicom.ExplicitLittleEndian, func(ds *dicom.Dataset) { us(ds, 0x00280010, 99) }), one, sinso.ErrCorrupt},
		"a stream of another size":  {change(lossy, codec.JPEGBaseline, func(ds *dicom.Dataset) { us(ds, 0x00280010, 9) }), one, sinso.ErrCorrupt},
		"a damaged stream": {change(lossy, codec.JPEGBaseline, func(ds *dicom.Dataset) {
			e := ds.Find(0x7FE00010)
			e.Fragments[1] = e.Fragments[1][:len(e.Fragments[1])/2*2-20]
		}), one, sinso.ErrCorrupt},
		"a transfer syntax not known": {change(lossy, "1.2.840.10008.1.2.4.201", func(*dicom.Dataset) {}), one, sinso.ErrUnsupported},
		"floating point": {change(native, dicom.ExplicitLittleEndian, func(ds *dicom.Dataset) {
			ds.Remove(0x7FE00010)
			us(ds, 0x00280100, 32)
			ds.Set(dicom.DataElement{Tag: 0x7FE00008, VR: "OF", Value: make([]byte, 24*20*4)})
		}), one, sinso.ErrUnsupported},
	} {
		if _, err := codec.Blank(read(t, tt.b), tt.boxes); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestBlankDoesNotChangeWhatItReads compares the bytes of objects before and after.
func TestBlankDoesNotChangeWhatItReads(t *testing.T) {
	t.Parallel()
	for _, syntax := range append([]string{codec.EncapsulatedUncompressed, codec.JPEG2000}, targets...) {
		b := drawnObject(t, syntax, shaped(3, 8, 8, false, "RGB"))
		was := bytes.Clone(b)
		blanked(t, b, map[int][]image.Rectangle{0: {image.Rect(0, 0, 9, 9)}, 2: {image.Rect(3, 3, 99, 99)}})
		if !bytes.Equal(b, was) {
			t.Errorf("%s: the object was written into", syntax)
		}
	}
}
