package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// scene is an archive with small objects: of patient, study and number.
type scene struct {
	*Way
	t *testing.T
}

func newScene(t *testing.T) scene {
	t.Helper()
	return scene{archive(t), t}
}

func uidOf(study string, number int) string { return fmt.Sprintf("2.25.7%s%d", study, number) }

// object is a synthetic CT slice without pixels.
func object(t *testing.T, patient, study string, number int, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	var ds dicom.Dataset
	for tag, value := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: uidOf(study, number), 0x0020000D: "2.25." + study, 0x0020000E: "2.25.9" + study,
		0x00080060: "CT", 0x00100010: "PHANTOM^" + patient, 0x00100020: patient, 0x00080020: "20240117",
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	if edit != nil {
		edit(&ds)
	}
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

// note is a rejection note that names objects of one study.
func note(t *testing.T, patient, study, code string, names ...string) []byte {
	t.Helper()
	return object(t, patient, study, 900+len(names), func(ds *dicom.Dataset) {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.88.59")
		ds.SetString(0x00080018, dicom.VRUI, "2.25.88"+study+code)
		ds.SetString(0x0020000E, dicom.VRUI, "2.25.89"+study)
		ds.SetString(0x00080060, "CS", "KO")
		var title, evidence, series dicom.Dataset
		title.SetString(0x00080100, "SH", code)
		title.SetString(0x00080102, "SH", "DCM")
		for _, uid := range names {
			var one dicom.Dataset
			one.SetString(0x00081155, dicom.VRUI, uid)
			series.Set(dicom.DataElement{Tag: 0x00081199, VR: dicom.VRSQ, Items: append(itemsIn(series), one)})
		}
		evidence.SetString(0x0020000D, dicom.VRUI, "2.25."+study)
		evidence.Set(dicom.DataElement{Tag: 0x00081115, VR: dicom.VRSQ, Items: []dicom.Dataset{series}})
		ds.Set(dicom.DataElement{Tag: 0x0040A043, VR: dicom.VRSQ, Items: []dicom.Dataset{title}})
		ds.Set(dicom.DataElement{Tag: 0x0040A375, VR: dicom.VRSQ, Items: []dicom.Dataset{evidence}})
	})
}

func itemsIn(ds dicom.Dataset) []dicom.Dataset {
	if e := ds.Find(0x00081199); e != nil {
		return e.Items
	}
	return nil
}

func (s scene) take(data []byte) sinso.Receipt {
	s.t.Helper()
	return must[sinso.Receipt](s.t)(s.Take(s.t.Context(), sinso.Item{Bytes: data}, ImportOptions{Actor: "test"}))
}

func (s scene) imports(files ...[]byte) ImportResult {
	s.t.Helper()
	return must[ImportResult](s.t)(s.Import(s.t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		for _, file := range files {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: file}}); err != nil {
				return err
			}
		}
		return nil
	}, ImportOptions{Actor: "test"}))
}

// uids are the SOP Instance UIDs that are shown, sorted.
func (s scene) uids() []string {
	s.t.Helper()
	var shown []string
	if err := s.Find(s.t.Context(), sinso.Query{Level: sinso.LevelInstance}, func(f sinso.Found) error {
		shown = append(shown, f.Instance.UID)
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(shown)
	return shown
}

func (s scene) want(what string, uids ...string) {
	s.t.Helper()
	slices.Sort(uids)
	if got := s.uids(); !slices.Equal(got, uids) {
		s.t.Errorf("%s: shown %v, want %v", what, got, uids)
	}
}

// rows are all that the index has of persons, studies, instances and releases, as JSON.
func (s scene) rows() string {
	s.t.Helper()
	var all []any
	for _, study := range must[[]sinso.StudyRow](s.t)(s.Studies(s.t.Context(), "")) {
		all = append(all, study, must[[]sinso.InstanceRow](s.t)(s.Instances(s.t.Context(), study.ID)),
			must[[]sinso.Event](s.t)(s.History(s.t.Context(), "", string(study.ID))))
	}
	all = append(all, must[[]sinso.PersonRow](s.t)(s.Persons(s.t.Context())), must[[]sinso.ReleaseRow](s.t)(s.Releases(s.t.Context(), "")),
		must[[]sinso.OrderRow](s.t)(s.Orders(s.t.Context(), "")), must[[]Rejection](s.t)(s.Rejections(s.t.Context())))
	return string(must[[]byte](s.t)(json.MarshalIndent(all, "", " ")))
}

// rebuilt wants a rebuild to end the same.
func (s scene) rebuilt() {
	s.t.Helper()
	before := s.rows()
	if err := s.Rebuild(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(before, s.rows()); diff != "" {
		s.t.Errorf("after a rebuild (-want +got):\n%s", diff)
	}
}

// TestNoteRejectsByItsTitle is IHE's table: what each title hides, and that other
// titles and codes hide nothing.
func TestNoteRejectsByItsTitle(t *testing.T) {
	t.Parallel()
	for code, tt := range map[string]struct{ rejects, hidden bool }{
		"113001": {true, false}, "113037": {true, true}, "113038": {true, true}, "113039": {true, true},
		"113000": {false, false}, // Of Interest
	} {
		for _, imported := range []bool{false, true} {
			s := newScene(t)
			in := func(data []byte) {
				if imported {
					s.imports(data)
					return
				}
				s.take(data)
			}
			for i := range 3 {
				in(object(t, "A", "1", i, nil))
			}
			in(note(t, "A", "1", code, uidOf("1", 0), uidOf("1", 2)))
			want := []string{uidOf("1", 1)}
			if !tt.rejects {
				want = append(want, uidOf("1", 0), uidOf("1", 2))
			}
			if !tt.hidden {
				want = append(want, "2.25.881"+code)
			}
			s.want(fmt.Sprintf("%s, imported %t", code, imported), want...)
			s.rebuilt()
		}
	}
}

// TestNoteOfAnotherRejectsNothing: a stranger's note, one of another study, and one
// that names itself.
func TestNoteOfAnotherRejectsNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.take(object(t, "A", "1", 0, nil))
	s.take(object(t, "A", "2", 0, nil))
	shown := []string{uidOf("1", 0), uidOf("2", 0)}
	s.take(note(t, "B", "1", "113001", uidOf("1", 0))) // the same UIDs, another patient
	shown = append(shown, "2.25.881113001")
	s.want("another patient's note", shown...)
	s.take(note(t, "A", "3", "113001", uidOf("1", 0), uidOf("2", 0), "2.25.883113001", "no UID", ""))
	shown = append(shown, "2.25.883113001")
	s.want("another study's note", shown...)
	s.take(object(t, "A", "1", 1, nil))
	s.want("what came later", append(shown, uidOf("1", 1))...)
}

// TestNoteBeforeItsObject: the order does not matter, by any door, and a restored
// object stays.
func TestNoteBeforeItsObject(t *testing.T) {
	t.Parallel()
	for _, imported := range []bool{false, true} {
		s := newScene(t)
		wrong := object(t, "A", "1", 0, nil)
		s.take(note(t, "A", "1", "113038", uidOf("1", 0)))
		if imported {
			if got := s.imports(wrong, object(t, "A", "1", 1, nil)); got.Instances != 2 {
				t.Errorf("imported: %+v", got)
			}
		} else {
			s.take(wrong)
			s.take(object(t, "A", "1", 1, nil))
		}
		s.want("rejected before it came", uidOf("1", 1))
		s.rebuilt()
		size := len(must[[]Rejection](t)(s.Rejections(t.Context())))
		if got := s.take(wrong); got.Outcome != sinso.OutcomeDuplicate || got.CID == "" {
			t.Errorf("sent again: %+v", got)
		}
		if got := s.imports(wrong); got.Duplicates != 1 {
			t.Errorf("imported again: %+v", got)
		}
		rows := must[[]Rejection](t)(s.Rejections(t.Context()))
		if len(rows) != size || size != 2 {
			t.Errorf("%d are rejected, then %d, want 2: the note and its object", size, len(rows))
		}
		at := slices.IndexFunc(rows, func(r Rejection) bool { return string(r.Instance) != r.By })
		if rows[at].Reason != ingest.ReasonWrongWorklist || rows[at].Study == "" {
			t.Errorf("rejection: %+v", rows[at])
		}
		if err := s.Restore(t.Context(), []sinso.InstanceID{rows[at].Instance}, "test"); err != nil {
			t.Fatal(err)
		}
		s.want("restored", uidOf("1", 0), uidOf("1", 1))
		s.take(wrong)
		s.take(note(t, "A", "1", "113038", uidOf("1", 0))) // the same note again
		s.want("after the same came again", uidOf("1", 0), uidOf("1", 1))
		s.rebuilt()
	}
}

// TestNoteWithItsObjectsInOneImport has them in one batch, in either order.
func TestNoteWithItsObjectsInOneImport(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	got := s.imports(object(t, "A", "1", 0, nil), note(t, "A", "1", "113037", uidOf("1", 0), uidOf("1", 1)), object(t, "A", "1", 1, nil), object(t, "A", "1", 2, nil))
	if got.Instances != 4 || got.Quarantined != 0 {
		t.Errorf("import: %+v", got)
	}
	s.want("one batch", uidOf("1", 2))
	if got := s.imports(note(t, "B", "5", "113037", uidOf("5", 0)), object(t, "B", "5", 0, nil)); got.Instances != 2 {
		t.Errorf("all of a study: %+v", got)
	}
	s.want("all of a study", uidOf("1", 2))
	if err := s.Resume(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	s.rebuilt()
}

// TestDeletedStaysSealed: an operator takes objects out; the bytes are there, the list
// is made anew, and what is restored reads as before.
func TestDeletedStaysSealed(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	files := [][]byte{object(t, "A", "1", 0, nil), object(t, "A", "1", 1, nil)}
	study := s.imports(files...).Studies[0]
	before := must[[]sinso.InstanceRow](t)(s.Instances(ctx, study))
	if err := s.Reject(ctx, []sinso.InstanceID{before[0].ID, "i_none"}, ReasonDeleted, "op"); err != nil {
		t.Fatal(err)
	}
	s.want("one is deleted", uidOf("1", 1))
	if err := s.Reject(ctx, []sinso.InstanceID{before[0].ID}, ReasonDeleted, "op"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	row := must[sinso.StudyRow](t)(s.Study(ctx, study))
	if row.Listed != 1 {
		t.Errorf("the list has %d instances, want 1", row.Listed)
	}
	if got := s.imports(files...); got.Duplicates != 2 {
		t.Errorf("imported again: %+v", got)
	}
	if plain := must[[]byte](t)(s.Read(ctx, before[0])); !slices.Equal(plain, files[0]) {
		t.Error("the sealed bytes are gone")
	}
	if err := s.Reject(ctx, []sinso.InstanceID{before[1].ID}, ReasonDeleted, "op"); err != nil {
		t.Fatal(err)
	}
	s.want("all is deleted")
	s.rebuilt()
	if err := s.Restore(ctx, []sinso.InstanceID{before[0].ID, before[1].ID}, "op"); err != nil {
		t.Fatal(err)
	}
	after := must[[]sinso.InstanceRow](t)(s.Instances(ctx, study))
	if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(sinso.InstanceRow{}, "Seq")); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	if err := s.Restore(ctx, []sinso.InstanceID{"i_none"}, "op"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("nothing restored: %v", err)
	}
	if rows := must[[]Rejection](t)(s.Rejections(ctx)); len(rows) != 0 {
		t.Errorf("rejected: %+v", rows)
	}
	s.rebuilt()
}

// TestNotesAndObjectsSideBySide lets many objects and their note come at once: at the
// end all that the note names are rejected, whatever came first.
func TestNotesAndObjectsSideBySide(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const many = 40
	files, names := [][]byte{}, []string{}
	for i := range many {
		files, names = append(files, object(t, "A", "1", i, nil)), append(names, uidOf("1", i))
	}
	files = slices.Insert(files, many/2, note(t, "A", "1", "113039", names...))
	next, errs := make(chan []byte), make(chan error)
	for range 4 {
		go func() {
			for data := range next {
				_, err := s.Take(t.Context(), sinso.Item{Bytes: data}, ImportOptions{Actor: "test"})
				errs <- err
			}
		}()
	}
	go func() {
		defer close(next)
		for _, file := range files {
			next <- file
		}
	}()
	for range files {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	s.want("all are named")
	s.rebuilt()
}
