package way

import (
	"testing"

	"sinso.dev/sinso"
)

// TestRecalledStaysRecalled: what was under way when a release was recalled, and is
// logged later, brings nothing back, and an offer of it is revoked from its beginning.
func TestRecalledStaysRecalled(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a, other := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "A", "2", 0, nil))
	log := func(kind sinso.EventType, body any) {
		t.Helper()
		if err := s.recordOne(t.Context(), kind, "test", a.Person, body); err != nil {
			t.Fatal(err)
		}
	}
	planned := func(id sinso.ReleaseID, study sinso.StudyID) {
		t.Helper()
		log(sinso.EventReleasePlanned, sinso.ReleasePlanned{Release: id, Study: study, Secret: sinso.WrappedKey{To: sinso.PersonKey(a.Person)}})
	}
	planned("r_1", a.Study)
	planned("r_2", a.Study)
	planned("r_3", other.Study)
	log(sinso.EventReleased, sinso.Released{Release: "r_2", Study: a.Study, Manifest: "m"})
	log(sinso.EventAssetRegistered, sinso.AssetRegistered{Release: "r_2", Token: sinso.TokenID{2}})
	log(sinso.EventOrdered, sinso.Ordered{Release: "r_2", Hash: sinso.Hash{2}})
	late := s.take(object(t, "A", "1", 1, nil)) // is not in r_2, and may be in r_1
	if err := s.Reject(t.Context(), []sinso.InstanceID{late.Instance}, ReasonDeleted, "op"); err != nil {
		t.Fatal(err)
	}
	states := func(want map[sinso.ReleaseID]sinso.ReleaseState) {
		t.Helper()
		for id, state := range want {
			row := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), id))
			if row.State != state || state == sinso.ReleaseIsRefused && row.Reason != ReasonRecalled {
				t.Errorf("%s is %s (%s), want %s", id, row.State, row.Reason, state)
			}
		}
	}
	states(map[sinso.ReleaseID]sinso.ReleaseState{"r_1": sinso.ReleaseIsRefused, "r_2": sinso.ReleaseIsRegistered, "r_3": sinso.ReleaseIsPlanned})
	if err := s.Reject(t.Context(), []sinso.InstanceID{a.Instance}, ReasonDeleted, "op"); err != nil {
		t.Fatal(err)
	}
	if order := must[sinso.OrderRow](t)(s.Order(t.Context(), sinso.Hash{2})); !order.Revoked {
		t.Error("the order of a recalled release stands")
	}
	log(sinso.EventReleased, sinso.Released{Release: "r_1", Study: a.Study, Manifest: "m"})
	log(sinso.EventReleasePriced, sinso.ReleasePriced{Release: "r_1"})
	log(sinso.EventAssetRegistered, sinso.AssetRegistered{Release: "r_1", Token: sinso.TokenID{1}})
	log(sinso.EventOrdered, sinso.Ordered{Release: "r_1", Hash: sinso.Hash{1}})
	if order := must[sinso.OrderRow](t)(s.Order(t.Context(), sinso.Hash{1})); !order.Revoked {
		t.Error("an order that was signed at the same moment stands")
	}
	states(map[sinso.ReleaseID]sinso.ReleaseState{"r_1": sinso.ReleaseIsRefused, "r_2": sinso.ReleaseIsRefused, "r_3": sinso.ReleaseIsPlanned})
	s.rebuilt()
}

// TestNoteRecalls: the recall is in the log with the note.
func TestNoteRecalls(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a := s.take(object(t, "A", "1", 0, nil))
	for _, step := range []struct {
		kind sinso.EventType
		body any
	}{
		{sinso.EventReleasePlanned, sinso.ReleasePlanned{Release: "r_1", Study: a.Study, Draft: true}},
		{sinso.EventReleased, sinso.Released{Release: "r_1", Study: a.Study}},
	} {
		if err := s.recordOne(t.Context(), step.kind, "test", a.Person, step.body); err != nil {
			t.Fatal(err)
		}
	}
	s.take(note(t, "A", "1", "113037", "2.25.404"))
	if row := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), "r_1")); row.State != sinso.ReleaseIsStored {
		t.Errorf("a note of what is not here: the release is %s", row.State)
	}
	s.take(note(t, "A", "1", "113001", uidOf("1", 0)))
	if row := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), "r_1")); row.State != sinso.ReleaseIsRefused {
		t.Errorf("the release is %s", row.State)
	}
	s.rebuilt()
}

// TestMergedReleaseKeepsItsSigner: whose key signs a release does not change.
func TestMergedReleaseKeepsItsSigner(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	plan := func(id sinso.ReleaseID) {
		t.Helper()
		if err := s.recordOne(ctx, sinso.EventReleasePlanned, "test", a.Person, sinso.ReleasePlanned{Release: id, Study: a.Study}); err != nil {
			t.Fatal(err)
		}
	}
	plan("r_1")
	if err := s.recordOne(ctx, sinso.EventOrdered, "test", a.Person, sinso.Ordered{Release: "r_1", Hash: sinso.Hash{1}}); err != nil {
		t.Fatal(err)
	}
	before := must[[32]byte](t)(s.creatorSecret(ctx, must[sinso.ReleaseRow](t)(s.ReleaseRow(ctx, "r_1"))))
	if err := s.Merge(ctx, a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	plan("r_2") // at the same moment, and logged later
	for _, id := range []sinso.ReleaseID{"r_1", "r_2"} {
		row := must[sinso.ReleaseRow](t)(s.ReleaseRow(ctx, id))
		if row.Person != b.Person || row.Custodian() != sinso.PersonKey(a.Person) {
			t.Errorf("%s is of %s, signed by %s", id, row.Person, row.Custodian())
		}
	}
	if after := must[[32]byte](t)(s.creatorSecret(ctx, must[sinso.ReleaseRow](t)(s.ReleaseRow(ctx, "r_1")))); after != before {
		t.Error("another account signs it now")
	}
	if orders := must[[]sinso.OrderRow](t)(s.Orders(ctx, b.Person)); len(orders) != 1 {
		t.Errorf("%d orders, want 1", len(orders))
	}
	s.rebuilt()
}
