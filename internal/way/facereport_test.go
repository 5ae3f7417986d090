package way

import (
	"errors"
	"image"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// headObjects are the slices of a drawn head.
func headObjects(t *testing.T, thick float64) [][]byte {
	t.Helper()
	head := headphantom.Adult()
	return must[[][]byte](t)(headphantom.Series{Volume: headphantom.HeadFirst(headphantom.CT(), thick).Measure(head.At), Name: "R", BodyPart: "HEAD"}.Objects())
}

// withoutFaces is an archive that releases heads without their faces.
func withoutFaces(t *testing.T) scene {
	t.Helper()
	s := newScene(t)
	s.Chain = contractsOnly{}
	s.profile = must[*deid.Profile](t)(deid.Preset("research-sale-defaced"))
	return s
}

// TestReleaseTellsOfItsFaces releases a head: its event has the figures and the checks,
// a rebuild has the same, and both pictures are drawn from what is stored.
func TestReleaseTellsOfItsFaces(t *testing.T) {
	t.Parallel()
	s := withoutFaces(t)
	objects := headObjects(t, 5)
	row := s.draft(s.imports(objects...).Studies[0])
	if row.State != sinso.ReleaseIsStored || row.Instances != len(objects) || len(row.Faces) != 1 {
		t.Fatalf("it is %s with %d of %d, %d faces", row.State, row.Instances, len(objects), len(row.Faces))
	}
	is := row.Faces[0]
	if is.Failed != "" || is.Nothing || is.First != 0 || is.Objects != len(objects) || is.Changed < 0.01 || is.Changed > 0.5 || is.Mean < 7 || is.Inside != 0 || is.Vault != 0 || len(is.Checks) != 7 {
		t.Errorf("its figures are %+v", is)
	}
	for _, check := range is.Checks {
		if !check.Passed {
			t.Errorf("released, and %+v", check)
		}
	}
	s.rebuilt()
	if diff := cmp.Diff(row.Faces, must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)).Faces); diff != "" {
		t.Errorf("after a rebuild (-want +got):\n%s", diff)
	}
	last, total := 0, 0
	made := must[Portraits](t)(s.Portraits(t.Context(), row, is.Series, 96, "owner-1", func(done, all int) { last, total = done, all }))
	if last != total || total != 4*len(objects) {
		t.Errorf("%d of %d objects were read, want %d", last, total, 4*len(objects))
	}
	// The nose stands out to the left of the middle in the second view: it is there before.
	before, after := profileLine(made.Before), profileLine(made.After)
	if before == 0 || after >= before {
		t.Errorf("from the side the head is %d pixels deep at the nose before, %d after", before, after)
	}
	opened := must[[]sinso.Event](t)(s.History(t.Context(), row.Person, string(is.Series)))
	if len(opened) != 1 || opened[0].Type != sinso.EventOpened || opened[0].Actor != "owner-1" {
		t.Errorf("the log tells of it as %v", opened)
	}
	if _, err := s.Portraits(t.Context(), row, "e_none", 96, "owner-1", func(int, int) {}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of another series: %v", err)
	}
}

// profileLine is how many pixels of the view from the left are lit in its lower half.
func profileLine(picture *image.Gray) int {
	side, lit := picture.Rect.Dy(), 0
	for y := side / 2; y < side; y++ {
		for x := side; x < 2*side; x++ {
			if picture.GrayAt(x, y).Y > 0 {
				lit++
			}
		}
	}
	return lit
}

// TestReleaseTellsWhyAFaceStays refuses a head with slices missing: the event says why,
// and there is nothing to draw.
func TestReleaseTellsWhyAFaceStays(t *testing.T) {
	t.Parallel()
	s := withoutFaces(t)
	objects := headObjects(t, 5)
	row := s.draft(s.imports(append(objects[:12:12], objects[15:]...)...).Studies[0])
	if row.State != sinso.ReleaseIsRefused || len(row.Faces) != 1 || row.Faces[0].Failed != deid.WhyVolume || row.Faces[0].Objects != 0 {
		t.Fatalf("it is %s, faces %+v", row.State, row.Faces)
	}
	if _, err := s.Portraits(t.Context(), row, row.Faces[0].Series, 96, "owner-1", func(int, int) {}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("drawn: %v", err)
	}
}

// TestReleaseWithoutHeadsTellsOfNoFaces: and under a profile that leaves faces where they
// are none is looked for.
func TestReleaseWithoutHeadsTellsOfNoFaces(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	if row := s.draft(s.take(echo(t, "1", 1, "NO")).Study); row.State != sinso.ReleaseIsStored || len(row.Faces) != 0 {
		t.Errorf("an echo is %s, faces %+v", row.State, row.Faces)
	}
	if row := s.draft(s.imports(headObjects(t, 10)...).Studies[0]); row.State != sinso.ReleaseIsRefused || len(row.Faces) != 0 {
		t.Errorf("a head is %s, faces %+v", row.State, row.Faces)
	}
}
