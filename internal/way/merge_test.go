package way

import (
	"context"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

func TestMergedPersonHoldsBoth(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	for name, tt := range map[string]struct {
		from, into sinso.PersonID
		want       error
	}{
		"themselves": {a.Person, a.Person, sinso.ErrInvalid}, "nobody": {"p_none", a.Person, sinso.ErrNotFound}, "into nobody": {a.Person, "p_none", sinso.ErrNotFound},
	} {
		if err := s.Merge(ctx, tt.from, tt.into, "test"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if err := s.Merge(ctx, a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Merge(ctx, b.Person, a.Person, "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("in a circle: %v", err)
	}
	later := s.take(object(t, "A", "1", 1, nil)) // by the old identity
	if later.Person != b.Person || later.Study != a.Study {
		t.Errorf("what comes later: %+v, want study %s of %s", later, a.Study, b.Person)
	}
	if again := s.take(object(t, "A", "1", 0, nil)); again.Outcome != sinso.OutcomeDuplicate || again.Instance != a.Instance {
		t.Errorf("sent again: %+v", again)
	}
	if studies := must[[]sinso.StudyRow](t)(s.Studies(ctx, a.Person)); len(studies) != 0 {
		t.Errorf("the old person has %d studies", len(studies))
	}
	if studies := must[[]sinso.StudyRow](t)(s.Studies(ctx, b.Person)); len(studies) != 2 {
		t.Errorf("the new person has %d studies", len(studies))
	}
	openers := must[[]sinso.KeyID](t)(s.custodians(ctx, b.Person))
	for _, id := range []sinso.InstanceID{a.Instance, b.Instance, later.Instance} {
		row := must[sinso.InstanceRow](t)(s.Instance(ctx, id))
		if _, err := s.sealer.Key(ctx, row.CID, row.Keys, openers...); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if events := must[[]sinso.Event](t)(s.History(ctx, b.Person, string(a.Instance))); len(events) != 1 {
		t.Errorf("the history of the old person's instance has %d events, want 1", len(events))
	}
	_, err := s.Take(ctx, sinso.Item{Bytes: object(t, "C", "3", 0, nil)}, ImportOptions{Actor: "test", Person: a.Person})
	if err == nil {
		t.Error("the old name still adds to records")
	}
	s.take(note(t, "A", "1", "113001", uidOf("1", 0), uidOf("1", 1)))
	s.want("a note by the old identity", uidOf("2", 0), "2.25.881113001")
	s.rebuilt()
}

func TestMergedAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, b, c := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil)), s.take(object(t, "C", "3", 0, nil))
	if err := errors.Join(s.Merge(ctx, a.Person, b.Person, "t"), s.Merge(ctx, b.Person, c.Person, "t")); err != nil {
		t.Fatal(err)
	}
	if keys := must[[]sinso.KeyID](t)(s.custodians(ctx, c.Person)); len(keys) != 3 {
		t.Errorf("custodians: %v, want 3", keys)
	}
	if late := s.take(object(t, "A", "4", 0, nil)); late.Person != c.Person {
		t.Errorf("filed under %s, want %s", late.Person, c.Person)
	}
	s.rebuilt()
}

func TestMovedStudyOpensForItsPersonAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	second := s.take(object(t, "A", "1", 1, nil))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Reject(ctx, []sinso.InstanceID{second.Instance}, ReasonDeleted, "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Move(ctx, a.Study, a.Person, "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("to whose it is: %v", err)
	}
	if err := s.Move(ctx, a.Study, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(ctx, []sinso.InstanceID{second.Instance}, "test"); err != nil {
		t.Fatal(err)
	}
	third := s.take(object(t, "A", "1", 2, nil)) // by the wrong identity
	if third.Person != b.Person || third.Study != a.Study {
		t.Errorf("what comes later: %+v", third)
	}
	if again := s.take(object(t, "A", "1", 0, nil)); again.Outcome != sinso.OutcomeDuplicate {
		t.Errorf("sent again: %+v", again)
	}
	_, err := s.Take(ctx, sinso.Item{Bytes: object(t, "A", "1", 3, nil)}, ImportOptions{Actor: "owner", Person: a.Person})
	if err == nil {
		t.Error("the old owner adds to the study of another")
	}
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	study := must[sinso.StudyRow](t)(s.Study(ctx, a.Study))
	if study.Person != b.Person || study.Listed != 3 {
		t.Errorf("study: person %s, %d listed", study.Person, study.Listed)
	}
	opens := func(cid sinso.CID, keys []sinso.WrappedKey, person sinso.PersonID) bool {
		_, err := s.sealer.Key(ctx, cid, keys, sinso.PersonKey(person))
		return err == nil
	}
	if !opens(study.Manifest, study.Keys, b.Person) || opens(study.Manifest, study.Keys, a.Person) {
		t.Error("the list opens for the wrong one")
	}
	rows := must[[]sinso.InstanceRow](t)(s.Instances(ctx, a.Study))
	if len(rows) != 3 {
		t.Errorf("%d instances, want 3", len(rows))
	}
	for _, row := range rows {
		if !opens(row.CID, row.Keys, b.Person) || opens(row.CID, row.Keys, a.Person) {
			t.Errorf("%s opens for the wrong one", row.ID)
		}
		if _, err := s.Read(ctx, row); err != nil {
			t.Errorf("the institution: %v", err)
		}
	}
	s.rebuilt()
	// Back again, and all of it out and in.
	ids := []sinso.InstanceID{a.Instance, second.Instance, third.Instance}
	if err := errors.Join(s.Reject(ctx, ids, ReasonDeleted, "t"), s.Restore(ctx, ids, "t"), s.Move(ctx, a.Study, a.Person, "t")); err != nil {
		t.Fatal(err)
	}
	for _, row := range must[[]sinso.InstanceRow](t)(s.Instances(ctx, a.Study)) {
		if opens(row.CID, row.Keys, b.Person) || !opens(row.CID, row.Keys, a.Person) {
			t.Errorf("moved back, %s opens for the wrong one", row.ID)
		}
	}
	s.rebuilt()
}

// TestImportsByAnOldNameAreKept imports objects that name a person who was merged: each
// is refused, and each is in quarantine under the hash of its bytes.
func TestImportsByAnOldNameAreKept(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	if err := s.Merge(t.Context(), a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for i := range 3 {
		data := object(t, "C", "3", i, nil)
		want[must[string](t)(digestOf(sinso.Item{Bytes: data}))] = true
		for range 2 { // again is not kept again
			result := must[ImportResult](t)(s.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
				return fn(ingest.Found{Item: sinso.Item{Bytes: data}})
			}, ImportOptions{Actor: "test", Person: a.Person}))
			if result.Quarantined != 1 || result.Reasons[reasonMoved] != 1 {
				t.Errorf("got %+v, want one refused", result)
			}
		}
	}
	rows := must[[]sinso.QuarantineRow](t)(s.Quarantine(t.Context()))
	for _, row := range rows {
		if !want[row.SHA256] {
			t.Errorf("in quarantine under the hash %q", row.SHA256)
		}
	}
	if len(rows) != len(want) {
		t.Errorf("%d are in quarantine, want %d", len(rows), len(want))
	}
}
