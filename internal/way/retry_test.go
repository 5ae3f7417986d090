package way

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestRetryTakesOutOfQuarantine: a de-identified copy is refused, tried again as what it
// was, refused again, and tried as research data of a person who is named: then it is
// filed, and in quarantine no longer, also after a rebuild. The same bytes that come anew
// are refused anew.
func TestRetryTakesOutOfQuarantine(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	raw := copyOf(t, object(t, "ADA", "1", 1, nil))
	s.wantHeld("a copy", raw, sinso.ReleaseRow{})
	held := func() []sinso.QuarantineRow { return must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx)) }
	cid := held()[0].CID
	_, err := s.Retry(ctx, cid, ImportOptions{Actor: "test"})
	var refusal *ingest.RefusalError
	if !errors.As(err, &refusal) || refusal.Reason != ReasonDerivative || len(held()) != 1 {
		t.Fatalf("as it was: %v, %d in quarantine", err, len(held()))
	}
	person := must[sinso.PersonID](t)(s.CreatePerson(ctx, "test", "", "EVE"))
	receipt, err := s.Retry(ctx, cid, ImportOptions{Actor: "test", Research: true, Person: person})
	if err != nil || receipt.Outcome != sinso.OutcomeTaken || receipt.Person != person {
		t.Fatalf("as research data: %+v, %v", receipt, err)
	}
	for _, when := range []string{"taken", "rebuilt"} {
		rows := must[[]sinso.InstanceRow](t)(s.Instances(ctx, receipt.Study))
		if len(rows) != 1 || rows[0].Person != person || len(held()) != 0 {
			t.Errorf("%s: filed %+v, %d in quarantine", when, rows, len(held()))
		}
		s.rebuilt()
	}
	if _, err := s.Retry(ctx, cid, ImportOptions{Actor: "test", Research: true}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
	s.wantHeld("the same bytes anew", raw, sinso.ReleaseRow{})
	again, err := s.Retry(ctx, held()[0].CID, ImportOptions{Actor: "test", Research: true, Person: person})
	if err != nil || again.Outcome != sinso.OutcomeDuplicate || again.Instance != receipt.Instance || len(held()) != 0 {
		t.Errorf("anew: %+v, %v, %d in quarantine", again, err, len(held()))
	}
	if n := must[int](t)(s.CheckObjects(ctx, func(err error) { t.Error(err) })); n < 3 {
		t.Errorf("%d objects were checked, want those of the quarantine among them", n)
	}
}

// TestRetryOfBytesThatWereRefusedTwice: two rows of the same bytes, as two senders at one
// time make them; either is tried again by itself, and the node opens again after it.
func TestRetryOfBytesThatWereRefusedTwice(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	s.wantHeld("a copy", copyOf(t, object(t, "ADA", "1", 1, nil)), sinso.ReleaseRow{})
	first := must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))[0]
	err := s.recordOne(ctx, sinso.EventQuarantined, "test", "", sinso.Quarantined{
		CID: first.CID + "x", SHA256: first.SHA256, Size: first.Size, Reason: first.Reason, Keys: first.Keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Retry(ctx, first.CID, ImportOptions{Actor: "test", Research: true}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		rows := must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))
		if len(rows) != 1 || rows[0].CID == first.CID {
			t.Fatalf("in quarantine: %+v, want the other row alone", rows)
		}
		s.rebuilt()
	}
}
