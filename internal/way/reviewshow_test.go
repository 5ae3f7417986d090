package way

import (
	"bytes"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// stored are the objects that a release holds.
func (s scene) stored(row sinso.ReleaseRow) (all [][]byte) {
	s.t.Helper()
	for _, object := range must[[]sinso.ManifestObject](s.t)(s.objects(s.t.Context(), row)) {
		all = append(all, must[[]byte](s.t)(s.open(s.t.Context(), object.CID, sinso.CEK(object.Key))))
	}
	return all
}

// TestSampleIsShownAsItsReleaseHoldsIt: byte for byte, in its place beside what is
// withheld, whatever templates and decisions came since. One whose
// place the node does not know is made anew, by what its release was made by.
func TestSampleIsShownAsItsReleaseHoldsIt(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	everySample(s)
	study := s.take(echo(t, "1", 1, "NO")).Study
	s.take(echo(t, "1", 2, "YES"))
	s.take(echo(t, "1", 3, "NO"))
	made := s.draft(study)
	objects := s.stored(made)
	if len(objects) != 2 {
		t.Fatalf("%d objects, withheld %v", len(objects), made.Withheld)
	}
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	samples := slices.DeleteFunc(s.queue(sinso.ReviewIsOpen), func(row sinso.ReviewRow) bool { return !row.Sample() })
	if len(samples) != 2 {
		t.Fatalf("%d samples, want 2", len(samples))
	}
	for i, row := range samples {
		s.decide(row.ID, sinso.DecisionLeak, "clinician-1", sinso.ReviewBox{X0: 20, Y0: 20, X1: 30, Y1: 30})
		row = must[sinso.ReviewRow](t)(s.Review(t.Context(), row.ID))
		preview := must[Preview](t)(s.Preview(t.Context(), row, "clinician-1"))
		if !preview.Stored || !bytes.Equal(preview.Derivative, objects[i]) || len(preview.Marks) != 0 {
			t.Errorf("sample %d: stored %t, marks %v; it is shown as something else", i, preview.Stored, preview.Marks)
		}
		row.Place = 0
		preview = must[Preview](t)(s.Preview(t.Context(), row, "clinician-1"))
		if preview.Stored || preview.Derivative == nil || len(preview.Marks) != 0 {
			t.Errorf("sample %d made anew: stored %t, marks %v", i, preview.Stored, preview.Marks)
		}
	}
	s.sameAfterRebuild()
}

// TestSampleOfAHeadShowsNoFace: it is shown as it was released, and not at all where it
// would have to be made anew, with its face.
func TestSampleOfAHeadShowsNoFace(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	s := withoutFaces(t)
	everySample(s)
	made := s.draft(s.imports(headObjects(t, 10)...).Studies[0])
	objects, samples := s.stored(made), s.queue(sinso.ReviewIsOpen)
	if len(objects) == 0 || len(samples) != len(objects) {
		t.Fatalf("%s: %d samples of %d objects, withheld %v", made.State, len(samples), len(objects), made.Withheld)
	}
	row := samples[len(samples)/2]
	preview := must[Preview](t)(s.Preview(t.Context(), row, "clinician-1"))
	if !preview.Stored || !bytes.Equal(preview.Derivative, objects[len(samples)/2]) || len(preview.Withheld) != 0 {
		t.Errorf("stored %t, held for %v", preview.Stored, preview.Withheld)
	}
	row.Place = 0
	preview = must[Preview](t)(s.Preview(t.Context(), row, "clinician-1"))
	if preview.Stored || preview.Derivative != nil || !slices.Contains(preview.Withheld, deid.ReasonFace) {
		t.Errorf("made anew: %d bytes, held for %v", len(preview.Derivative), preview.Withheld)
	}
}
