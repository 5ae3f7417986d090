package audittest

import (
	"bytes"
	"encoding/json"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

// under returns an event that is written under a record's key.
func under(n int, id string) sinso.Event {
	e := event(n)
	e.Under = sinso.RecordKey(id)
	return e
}

// mixed returns a journal with four events, the second and the third under records.
func mixed(t *testing.T, open Open, id string) (*Journal, sinso.Audit, []byte) {
	t.Helper()
	journal := &Journal{}
	audit, public := opened(t, open, journal)
	for _, e := range []sinso.Event{event(0), under(1, id+"-a"), under(2, id+"-b"), event(3)} {
		_, err := audit.Append(t.Context(), nil, e)
		must(t, err)
	}
	for _, e := range events(t, audit, 0) {
		if e.Erased || !bytes.Contains(e.Body, []byte("body-marker")) {
			t.Fatalf("event %d came back without what was written", e.Seq)
		}
	}
	return journal, audit, public
}

// testErased destroys the key of a record: its event is gone, to the open log and to
// one that is opened again, and all else is what it was, with proofs.
func testErased(t *testing.T, keys *Keys, open Open) {
	journal, audit, public := mixed(t, open, "erased")
	before, err := audit.Prove(t.Context(), 1)
	must(t, err)
	must(t, keys.Destroy(t.Context(), sinso.RecordKey("erased-a")))
	again, _ := opened(t, open, journal)
	for _, log := range []sinso.Audit{audit, again} {
		all := events(t, log, 0)
		if len(all) != 4 {
			t.Fatalf("got %d events, want 4", len(all))
		}
		gone := all[1]
		text, err := json.Marshal(gone)
		must(t, err)
		if !gone.Erased || gone.Type != sinso.EventOpened || !gone.At.Equal(Now) || gone.Under != sinso.RecordKey("erased-a") ||
			bytes.Contains(text, []byte("marker")) || bytes.Contains(text, []byte("actor-")) || gone.Salt != [16]byte{} {
			t.Errorf("got %+v of an erased event", gone)
		}
		for _, n := range []int{0, 2, 3} {
			if all[n].Erased || !bytes.Contains(all[n].Body, []byte("body-marker")) {
				t.Errorf("event %d was erased with another", n)
			}
		}
		must(t, log.Verify(t.Context()))
		_, err = log.Prove(t.Context(), 1)
		is(t, "proof of an erased event", err, sinso.ErrDenied)
		proof, err := log.Prove(t.Context(), 2)
		must(t, err)
		_, err = translog.VerifyProof(proof, public)
		must(t, err)
	}
	_, err = translog.VerifyProof(before, public) // what was given away before holds on
	must(t, err)
}

func testErasedRecord(t *testing.T, keys *Keys, open Open) {
	_, audit, _ := mixed(t, open, "closed")
	must(t, keys.Destroy(t.Context(), sinso.RecordKey("closed-b")))
	_, err := audit.Append(t.Context(), nil, under(4, "closed-b"))
	is(t, "an event of an erased record", err, sinso.ErrDenied)
	if n := len(events(t, audit, 0)); n != 4 {
		t.Errorf("got %d events, want 4", n)
	}
	_, err = audit.Append(t.Context(), nil, sinso.Event{Type: sinso.EventOpened, Under: sinso.PersonKey("p_nobody")})
	is(t, "an event under the key of a person who has none", err, sinso.ErrNotFound)
}

// testLostKey puts back keys from before a record came: that is damage, not erasure.
func testLostKey(t *testing.T, keys *Keys, open Open) {
	journal, audit, _ := mixed(t, open, "lost")
	keys.Lose(sinso.RecordKey("lost-b"))
	is(t, "events", audit.Events(t.Context(), 0, func(sinso.Event) error { return nil }), sinso.ErrCorrupt)
	is(t, "verify", audit.Verify(t.Context()), sinso.ErrCorrupt)
	again, _ := opened(t, open, journal) // whose last event is sound
	is(t, "verify after opening", again.Verify(t.Context()), sinso.ErrCorrupt)
}

// testChangedUnder flips each byte of an event under a record's key.
func testChangedUnder(t *testing.T, _ *Keys, open Open) {
	journal, _, _ := mixed(t, open, "changed")
	at := 0
	for i, e := range journal.Entries {
		if e.Kind == sinso.EntryEvent {
			if at++; at == 2 {
				at = i
				break
			}
		}
	}
	sealed := journal.Entries[at].Data
	for i := range sealed {
		flipped := bytes.Clone(sealed)
		flipped[i] ^= 1
		journal.Entries[at].Data = flipped
		audit, _, err := open(t, journal)
		if err == nil {
			err = audit.Verify(t.Context())
		}
		if err == nil {
			t.Fatalf("byte %d of %d can be changed unseen", i, len(sealed))
		}
	}
}
