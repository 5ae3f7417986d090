package deid

import (
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// TestAScannersOwnPictureIsNoPageOfText: slices of a head in few pixels look like
// writing to a detector. From a scanner they pass as they are; said to be of a screen
// they do not.
func TestAScannersOwnPictureIsNoPageOfText(t *testing.T) {
	t.Parallel()
	scan := headphantom.HeadFirst(headphantom.T1(), 8)
	scan.Columns, scan.Rows, scan.Slices, scan.Middle = 74, 86, 20, headphantom.Place{0, -10, -22}
	series := headphantom.Series{Name: "A", BodyPart: "CHEST", Volume: scan.Measure(headphantom.Head{Size: 0.7, Narrow: 1, Neck: true}.At)}
	objects, err := series.Objects()
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for _, raw := range objects {
		if held := clean(t, salesProfile(t), raw, 1).Clean.Withheld; len(held) > 0 {
			t.Errorf("a slice is withheld: %v", held)
		}
		_, tree := read(t, raw)
		tree.SetString(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY", "SCREEN SAVE")
		if slices.Equal(clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, tree), 1).Clean.Withheld, []sinso.Reason{ReasonText}) {
			pages++
		}
	}
	t.Logf("%d of %d slices look like pages of text", pages, len(objects))
	if pages == 0 {
		t.Error("none of them looks like a page: the test shows nothing")
	}
}
