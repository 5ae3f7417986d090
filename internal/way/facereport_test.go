package way

import (
	"errors"
	"image"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface"
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
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds, and a minute under the race detector")
	}
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

// TestReportTellsWhyNoSliceIsReleased: a plan was made, and no slice could be written by
// it.
func TestReportTellsWhyNoSliceIsReleased(t *testing.T) {
	t.Parallel()
	gone := derived{withheld: []sinso.Reason{deid.ReasonFace}}
	d := derivation{results: []derived{gone, {}, gone}, heads: []head{{series: "e_1", places: []int{0, 2}, plan: &deface.Plan{}}}}
	if is := d.faces()[0]; is.Failed != WhyUnwritten || is.Objects != 0 {
		t.Errorf("%d objects, and it says %q", is.Objects, is.Failed)
	}
}

// TestFacesAreDrawnOfTheSeriesAlone: among the slices of a head stand an object that
// names no series, which the archive files there, and a document, which stays. Both
// pictures are of the head.
func TestFacesAreDrawnOfTheSeriesAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds, and a minute under the race detector")
	}
	s := withoutFaces(t)
	objects := headObjects(t, 5)
	first := must[*dicom.File](t)(dicom.Read(objects[0]))
	head := must[dicom.Dataset](t)(first.Tree())
	among := func(number string, edit func(*dicom.Dataset)) []byte {
		ds := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(echo(t, "1", 1, "NO"))).Tree())
		for _, tag := range []dicom.Tag{0x00100010, 0x00100020, 0x0020000D} {
			ds.Set(*head.Find(tag))
		}
		ds.SetString(0x00080018, dicom.VRUI, "2.25.77"+number)
		ds.SetString(0x0020000E, dicom.VRUI, first.String(0x0020000D))
		ds.SetString(0x00200013, dicom.VRIS, number)
		edit(&ds)
		return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
	}
	for i, raw := range objects { // a series whose name is that of its study
		ds := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(raw)).Tree())
		ds.SetString(0x0020000E, dicom.VRUI, first.String(0x0020000D))
		objects[i] = must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
	}
	sound := among("7", func(ds *dicom.Dataset) { ds.Remove(0x0020000E) })
	paper := among("9", func(ds *dicom.Dataset) {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.104.1")
		ds.Remove(0x7FE00010)
	})
	row := s.draft(s.imports(append(objects, sound, paper)...).Studies[0])
	if row.Instances != len(objects)+1 || len(row.Faces) != 1 {
		t.Fatalf("it is %s with %d of %d, withheld %v, %d faces", row.State, row.Instances, len(objects)+1, row.Withheld, len(row.Faces))
	}
	is := row.Faces[0]
	if is.Failed != "" || is.First != 0 || is.Objects != len(objects) || len(is.Between) != 1 || len(is.Apart) != 2 {
		t.Fatalf("%q: %d objects from %d, between them %v, apart %v", is.Failed, is.Objects, is.First, is.Between, is.Apart)
	}
	made := must[Portraits](t)(s.Portraits(t.Context(), row, is.Series, 96, "owner-1", func(int, int) {}))
	before, after := profileLine(made.Before), profileLine(made.After)
	if before == 0 || after >= before {
		t.Errorf("from the side the head is %d pixels deep at the nose before, %d after", before, after)
	}
}
