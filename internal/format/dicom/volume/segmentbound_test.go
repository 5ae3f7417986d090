package volume

import (
	"context"
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/segmenttest"
)

// outlined is the volume of a series, and a segmentation of it that edit has changed.
func outlined(t *testing.T, edit func(*dicom.Dataset)) (*Volume, *Segmentation) {
	t.Helper()
	var files [][]byte
	all := series(axial([3]float64{0, 0, 2}), nil)
	for _, ds := range all {
		raw, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, raw)
	}
	v, err := read(t, all, enough)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSegmentation(segmenttest.Draw(t, files, edit, segmenttest.Outline{Label: "All", Has: func(_, _, _ float64) bool { return true }}))
	if err != nil {
		t.Fatal(err)
	}
	return v, s
}

// TestWhatFramesHaveInCommonIsLookedUpOnce: many frames and a long shared group take no
// longer than both one after the other.
func TestWhatFramesHaveInCommonIsLookedUpOnce(t *testing.T) {
	t.Parallel()
	const frames, elements = 1 << 13, 1 << 18
	v, s := outlined(t, func(ds *dicom.Dataset) {
		ds.SetString(tagFrames, dicom.VRIS, "8192")
		shared := &ds.Find(tagShared).Items[0]
		for n := range elements {
			shared.Elements = append(shared.Elements, dicom.DataElement{Tag: 0x60000000 + dicom.Tag(n), VR: dicom.VRLO})
		}
		ds.Set(dicom.DataElement{Tag: tagPerFrame, VR: dicom.VRSQ, Items: make([]dicom.Dataset, frames)})
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: make([]byte, frames*rows*columns/8)})
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := s.Fill(ctx, v, 1, codec.Frame); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want that no frame is of the segment", err)
	}
}

// TestTwoFramesOfASegmentInOneSliceAreRefused: which of them holds is not told.
func TestTwoFramesOfASegmentInOneSliceAreRefused(t *testing.T) {
	t.Parallel()
	v, s := outlined(t, nil)
	if err := s.Fill(t.Context(), v, 1, codec.Frame); err != nil || v.Slices[count-1][0] != Inside {
		t.Fatalf("one for each: %v", err)
	}
	v, s = outlined(t, func(ds *dicom.Dataset) {
		groups := ds.Find(tagPerFrame).Items
		groups[2] = groups[1]
	})
	if err := s.Fill(t.Context(), v, 1, codec.Frame); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}
