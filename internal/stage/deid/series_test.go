package deid

import (
	"bytes"
	"errors"
	"image"
	lossyjpeg "image/jpeg"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// headSeries draws a small head, and changes each slice.
func headSeries(t *testing.T, change func(*dicom.Dataset)) [][]byte {
	t.Helper()
	scan := headphantom.HeadFirst(headphantom.CT(), 8)
	scan.Columns, scan.Rows, scan.Slices, scan.Middle = 74, 86, 20, headphantom.Place{0, -10, -22}
	s := headphantom.Series{Name: "A", BodyPart: "HEAD", Volume: scan.Measure(headphantom.Head{Size: 0.7, Narrow: 1, Neck: true}.At)}
	objects, err := s.Objects()
	if err != nil {
		t.Fatal(err)
	}
	for i, object := range objects {
		_, tree := read(t, object)
		change(&tree)
		objects[i] = part10(t, dicom.ExplicitLittleEndian, tree)
	}
	return objects
}

// asJPEG writes a slice of CT in 8 bits, 10 HU a step, as JPEG with loss.
func asJPEG(t *testing.T, object []byte) []byte {
	t.Helper()
	file, tree := read(t, object)
	frame, err := codec.Frame(file, 0)
	if err != nil {
		t.Fatal(err)
	}
	plane, size := planeOf(&tree, true), frame.Allocated/8
	grey := image.NewGray(image.Rect(0, 0, frame.Columns, frame.Rows))
	for i := range grey.Pix {
		hu := stored(frame, size, i)*plane.slope + plane.intercept
		grey.Pix[i] = uint8(max(0, min(255, (hu+1000)/10)))
	}
	var packed bytes.Buffer
	if err := lossyjpeg.Encode(&packed, grey, &lossyjpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	for tag, v := range map[dicom.Tag]int{0x00280100: 8, tagBitsStored: 8, 0x00280102: 7, 0x00280103: 0} {
		tree.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: us(v)})
	}
	tree.SetString(tagSlope, dicom.VRDS, "10")
	tree.SetString(tagIntercept, dicom.VRDS, "-1000")
	tree.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{{}, packed.Bytes()}})
	return part10(t, codec.JPEGBaseline, tree)
}

// TestWhatCannotBeDefacedIsHeldAndNoError: pixels that only loss can write, slices that
// are not even, what has no pixels at all; and why.
func TestWhatCannotBeDefacedIsHeldAndNoError(t *testing.T) {
	t.Parallel()
	p, err := Preset("research-sale-defaced")
	if err != nil {
		t.Fatal(err)
	}
	whole := headSeries(t, func(*dicom.Dataset) {})
	lossy := make([][]byte, len(whole))
	for i, object := range whole {
		lossy[i] = asJPEG(t, object)
	}
	for name, tt := range map[string]struct {
		objects [][]byte
		series  Series
		want    Judgement
	}{
		"whole":             {whole, Series{Named: true}, Judgement{Face: true, Found: ShowsHead}},
		"named otherwise":   {whole, Series{Heads: 2}, Judgement{Face: true, Found: ShowsHead}},
		"not looked at":     {whole, Series{Heads: 1}, Judgement{}},
		"JPEG with loss":    {lossy, Series{Named: true}, Judgement{Face: true, Found: ShowsHead, Why: WhyEncoded}},
		"a hole":            {slices.Concat(whole[:5], whole[9:]), Series{Named: true}, Judgement{Face: true, Found: ShowsUnclear, Why: WhyVolume}},
		"a hole, no name":   {slices.Concat(whole[:5], whole[9:]), Series{Heads: 2}, Judgement{Found: ShowsUnclear, Why: WhyVolume}},
		"without pixels":    {headSeries(t, func(ds *dicom.Dataset) { ds.Remove(tagPixelData); ds.Remove(tagRows) }), Series{Named: true}, Judgement{Face: true, Found: ShowsUnclear, Why: WhyVolume}},
		"damaged in a part": {slices.Concat(whole[:19], headSeries(t, func(ds *dicom.Dataset) { ds.Find(tagPixelData).Value = make([]byte, 8) })[19:]), Series{Named: true}, Judgement{Face: true, Found: ShowsUnclear, Why: WhyVolume}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && (name == "named otherwise" || name == "JPEG with loss") {
				t.Skip("left out by -short: needs some seconds")
			}
			got, err := p.Judge(t.Context(), Release{}, tt.series, false, len(tt.objects), func(i int) ([]byte, error) { return tt.objects[i], nil })
			if err != nil {
				t.Fatal(err)
			}
			if out := got.Faceless != nil; out != (tt.want.Face && tt.want.Why == "") {
				t.Errorf("the face is taken out: %t", out)
			}
			if got.Face != tt.want.Face || got.Found != tt.want.Found || got.Why != tt.want.Why {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	gone := errors.Join(sinso.ErrNotFound)
	if _, err := p.Judge(t.Context(), Release{}, Series{Named: true}, false, 3, func(int) ([]byte, error) { return nil, gone }); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an object that is gone: got %v, want that", err)
	}
}

// TestWritingInAHeadIsBlankedAndItsFaceTakenOut: neither keeps the other from its work.
func TestWritingInAHeadIsBlankedAndItsFaceTakenOut(t *testing.T) {
	t.Parallel()
	p, err := Preset("research-sale-defaced")
	if err != nil {
		t.Fatal(err)
	}
	whole := headSeries(t, func(*dicom.Dataset) {})
	judged, err := p.Judge(t.Context(), Release{}, Series{Named: true}, false, len(whole), func(i int) ([]byte, error) { return whole[i], nil })
	if err != nil || judged.Faceless == nil {
		t.Fatalf("got %+v, %v", judged, err)
	}
	box := Box{Frame: AllFrames}
	box.Area.Min.X, box.Area.Min.Y, box.Area.Max.X, box.Area.Max.Y = 30, 40, 40, 50 // in the brain
	const slice = 12
	frames := map[bool][]byte{}
	for _, drawn := range []bool{false, true} {
		release := Release{Believe: true}
		if drawn {
			release.Review.Boxes = []Box{box}
		}
		result, err := judged.Faceless.Clean(t.Context(), p, slice, sinso.Record{Kind: sinso.KindDICOM, Bytes: whole[slice]}, release)
		if err != nil || len(result.Clean.Withheld) > 0 {
			t.Fatalf("withheld for %v, %v", result.Clean.Withheld, err)
		}
		file, _ := read(t, result.Clean.Bytes)
		frame, err := codec.Frame(file, 0)
		if err != nil {
			t.Fatal(err)
		}
		frames[drawn] = frame.Data
	}
	file, _ := read(t, whole[slice])
	before, err := codec.Frame(file, 0)
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	for i := range before.Rows * before.Columns {
		x, y := i%before.Columns, i/before.Columns
		in := x >= 30 && x < 40 && y >= 40 && y < 50
		at := func(data []byte) [2]byte { return [2]byte(data[2*i:]) }
		switch was, plain, both := at(before.Data), at(frames[false]), at(frames[true]); {
		case in && both == was:
			t.Fatalf("a pixel of the box is kept at %d, %d", x, y)
		case !in && both != plain:
			t.Fatalf("a pixel outside of the box is another at %d, %d", x, y)
		case !in && plain != was:
			cut++
		}
	}
	if cut == 0 {
		t.Error("the slice lost nothing of a face: the test says nothing")
	}
}
