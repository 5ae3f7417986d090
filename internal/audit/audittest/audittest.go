// Package audittest is the conformance suite of port [sinso.Audit]: every
// adapter runs it, and a new promise of the port is added here.
package audittest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

// Open opens the log that is in a journal, always with the same keys and with a
// clock that says [Now], and returns the public key of its proofs.
type Open func(t *testing.T, journal sinso.Journal) (audit sinso.Audit, public []byte, err error)

// Now is the time of the suite.
var Now = time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)

// Test runs the suite on a log that has these keys.
func Test(t *testing.T, keys *Keys, open Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Open){
		"AppendGivesPlacesAndSalts":      testPlaces,
		"EventsComeBackAsLogged":         testEvents,
		"EventsFromAnywhere":             testEventsFrom,
		"EventsStopAtTheCallersError":    testEventsStop,
		"EventsInsideEvents":             testEventsInside,
		"ReopenKeepsAll":                 testReopen,
		"OneBatchForBlocksAndEvents":     testOneBatch,
		"NothingIsReadableInTheJournal":  testEncrypted,
		"BadEventsAreInvalid":            testInvalid,
		"BadBlockHurtsNobodyElse":        testBadBlock,
		"ReceiptIsCheckableOffline":      testProve,
		"ProofShowsTheDisclosedHalfOnly": testDisclosed,
		"ProofOfNothingIsNotFound":       testProveNothing,
		"ChangedEntryIsFound":            testChanged,
		"RemovedEntryIsFound":            testRemoved,
		"ReorderedEntryIsFound":          testReordered,
		"RepeatedEntryIsFound":           testRepeated,
		"ChangeWhileOpenIsFound":         testChangedWhileOpen,
		"FailedAppendLeavesNothing":      testFailed,
		"LostAnswerIsNotLoggedTwice":     testLostAnswer,
		"ConcurrentAppendsKeepTheirRuns": testConcurrent,
		"CancelledCallsEnd":              testCancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
	for name, test := range map[string]func(*testing.T, *Keys, Open){
		"ErasedEventLeavesItsLeaf":       testErased,
		"ErasedRecordTakesNoEvent":       testErasedRecord,
		"LostKeyIsDamage":                testLostKey,
		"ChangedEventUnderAKeyIsDamaged": testChangedUnder,
	} {
		t.Run(name, func(t *testing.T) { test(t, keys, open) })
	}
}

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened opens a log that must open.
func opened(t *testing.T, open Open, journal sinso.Journal) (sinso.Audit, []byte) {
	t.Helper()
	audit, public, err := open(t, journal)
	must(t, err)
	return audit, public
}

func event(n int) sinso.Event {
	return sinso.Event{
		Type: sinso.EventOpened, Actor: fmt.Sprintf("actor-%d", n), Person: "p_marker", Origin: sinso.OriginSelf,
		Public: json.RawMessage(fmt.Sprintf(`{"public-marker":%d}`, n)),
		Body:   json.RawMessage(fmt.Sprintf(`{"body-marker":%d}`, n)),
	}
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

// filled returns a journal and the n events logged in it, each Append with a
// block.
func filled(t *testing.T, open Open, n int) (*Journal, []sinso.Event) {
	t.Helper()
	journal := &Journal{}
	audit, _ := opened(t, open, journal)
	var all []sinso.Event
	for i := range n {
		logged, err := audit.Append(t.Context(), []sinso.Block{block(fmt.Sprint(i))}, event(i))
		must(t, err)
		all = append(all, logged...)
	}
	return journal, all
}

func events(t *testing.T, audit sinso.Audit, from uint64) []sinso.Event {
	t.Helper()
	var all []sinso.Event
	must(t, audit.Events(t.Context(), from, func(e sinso.Event) error { all = append(all, e); return nil }))
	return all
}

func testPlaces(t *testing.T, open Open) {
	audit, _ := opened(t, open, &Journal{})
	salts := map[[16]byte]bool{}
	next := uint64(0)
	for n := range 3 {
		in := []sinso.Event{event(n), event(n + 10)}
		in[1].At = time.Date(1999, 1, 1, 2, 0, 0, 0, time.FixedZone("", 7200))
		in[0].Seq, in[0].Salt = 99, [16]byte{1}
		logged, err := audit.Append(t.Context(), nil, in...)
		must(t, err)
		for i, e := range logged {
			if e.Seq != next {
				t.Errorf("place: got %d, want %d", e.Seq, next)
			}
			next++
			salts[e.Salt] = true
			want := in[i]
			want.Seq, want.Salt = e.Seq, e.Salt
			if want.At.IsZero() {
				want.At = Now
			}
			want.At = want.At.UTC()
			if diff := cmp.Diff(want, e); diff != "" {
				t.Errorf("event as logged (-want +got):\n%s", diff)
			}
		}
	}
	if len(salts) != 6 || salts[[16]byte{}] || salts[[16]byte{1}] {
		t.Errorf("salts: got %d different, want 6 fresh ones", len(salts))
	}
	logged, err := audit.Append(t.Context(), nil)
	if err != nil || len(logged) > 0 {
		t.Errorf("append of nothing: got %v, %v", logged, err)
	}
}

func testEvents(t *testing.T, open Open) {
	journal, want := filled(t, open, 5)
	audit, _ := opened(t, open, journal)
	if diff := cmp.Diff(want, events(t, audit, 0)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	empty, _ := opened(t, open, &Journal{})
	if got := events(t, empty, 0); len(got) > 0 {
		t.Errorf("events of an empty log: got %v", got)
	}
	must(t, empty.Verify(t.Context()))
}

func testEventsFrom(t *testing.T, open Open) {
	const n = 600
	journal := &Journal{}
	audit, _ := opened(t, open, journal)
	for i := range n {
		_, err := audit.Append(t.Context(), nil, event(i))
		must(t, err)
		if i%50 == 0 { // others write to the journal too
			b := block(fmt.Sprint(i))
			_, err := journal.Append(t.Context(), sinso.JournalEntry{Kind: sinso.EntryBlock, CID: b.CID, Data: b.Data})
			must(t, err)
		}
	}
	again, _ := opened(t, open, journal)
	for _, log := range []sinso.Audit{audit, again} {
		for _, from := range []uint64{0, 1, 255, 256, 257, 511, 512, 599, n} {
			got := events(t, log, from)
			if len(got) != n-int(from) {
				t.Fatalf("events from %d: got %d, want %d", from, len(got), n-int(from))
			}
			for i, e := range got {
				if e.Seq != from+uint64(i) || e.Actor != fmt.Sprintf("actor-%d", e.Seq) {
					t.Fatalf("event %d from %d: got %d of %s", i, from, e.Seq, e.Actor)
				}
			}
		}
		is(t, "events from behind the end", log.Events(t.Context(), n+1, func(sinso.Event) error { return nil }), sinso.ErrInvalid)
	}
}

var errCaller = errors.New("the caller's own")

func testEventsStop(t *testing.T, open Open) {
	journal, _ := filled(t, open, 3)
	audit, _ := opened(t, open, journal)
	calls := 0
	err := audit.Events(t.Context(), 0, func(sinso.Event) error { calls++; return errCaller })
	is(t, "events", err, errCaller)
	if calls != 1 {
		t.Errorf("calls: got %d, want 1", calls)
	}
}

func testEventsInside(t *testing.T, open Open) {
	journal, _ := filled(t, open, 3)
	audit, _ := opened(t, open, journal)
	calls := 0
	must(t, audit.Events(t.Context(), 0, func(e sinso.Event) error {
		calls++
		if _, err := audit.Prove(t.Context(), e.Seq); err != nil {
			return err
		}
		_, err := audit.Append(t.Context(), nil, event(9))
		return err
	}))
	if calls != 3 {
		t.Errorf("calls: got %d, want 3: what is logged meanwhile is not part of it", calls)
	}
}

func testReopen(t *testing.T, open Open) {
	journal := &Journal{}
	var want []sinso.Event
	for n := range 4 {
		audit, _ := opened(t, open, journal)
		logged, err := audit.Append(t.Context(), nil, event(n), event(n))
		must(t, err)
		want = append(want, logged...)
		if diff := cmp.Diff(want, events(t, audit, 0)); diff != "" {
			t.Fatalf("events after %d openings (-want +got):\n%s", n, diff)
		}
		must(t, audit.Verify(t.Context()))
	}
}

func testOneBatch(t *testing.T, open Open) {
	journal := &Journal{}
	audit, _ := opened(t, open, journal)
	_, err := audit.Append(t.Context(), []sinso.Block{block("a"), block("b")}, event(1), event(2))
	must(t, err)
	_, err = audit.Append(t.Context(), []sinso.Block{block("c")})
	must(t, err)
	if len(journal.Batches) != 2 {
		t.Fatalf("batches: got %d, want 2", len(journal.Batches))
	}
	kinds := map[sinso.EntryKind]int{}
	for _, e := range journal.Batches[0] {
		kinds[e.Kind]++
	}
	want := map[sinso.EntryKind]int{sinso.EntryBlock: 2, sinso.EntryEvent: 2, sinso.EntryLeaf: 2}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("entries of the batch (-want +got):\n%s", diff)
	}
}

func testEncrypted(t *testing.T, open Open) {
	journal, _ := filled(t, open, 5)
	for i, e := range journal.Entries {
		for _, marker := range []string{"marker", "actor", string(sinso.EventOpened), string(sinso.OriginSelf)} {
			if e.Kind != sinso.EntryBlock && bytes.Contains(e.Data, []byte(marker)) {
				t.Errorf("entry %d shows %q", i, marker)
			}
		}
	}
	again := &Journal{} // the same events, the same keys
	audit, _ := opened(t, open, again)
	_, err := audit.Append(t.Context(), []sinso.Block{block("0")}, event(0))
	must(t, err)
	for i, e := range again.Entries {
		if e.Kind != sinso.EntryBlock && bytes.Equal(e.Data, journal.Entries[i].Data) {
			t.Errorf("entry %d: the same event gives the same bytes", i)
		}
	}
}

func testInvalid(t *testing.T, open Open) {
	journal := &Journal{}
	audit, _ := opened(t, open, journal)
	for name, change := range map[string]func(*sinso.Event){
		"no type":          func(e *sinso.Event) { e.Type = "" },
		"public not JSON":  func(e *sinso.Event) { e.Public = []byte("{secret") },
		"body not JSON":    func(e *sinso.Event) { e.Body = []byte("{secret") },
		"long actor":       func(e *sinso.Event) { e.Actor = strings.Repeat("secret", 100) },
		"time out of JSON": func(e *sinso.Event) { e.At = time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		e := event(1)
		change(&e)
		_, err := audit.Append(t.Context(), []sinso.Block{block("a")}, event(0), e)
		is(t, name, err, sinso.ErrInvalid)
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "marker")) {
			t.Errorf("%s: the error quotes the event: %v", name, err)
		}
	}
	if len(journal.Entries) > 0 {
		t.Errorf("entries after appends that failed: got %d", len(journal.Entries))
	}
}

func testBadBlock(t *testing.T, open Open) {
	journal := &Journal{}
	audit, _ := opened(t, open, journal)
	bad := block("good")
	bad.Data = []byte("bad")
	var wait sync.WaitGroup
	for n := range 20 {
		wait.Go(func() {
			b := block(fmt.Sprint(n))
			if n%4 == 0 {
				b = bad
			}
			_, err := audit.Append(t.Context(), []sinso.Block{b}, event(n))
			if n%4 == 0 {
				is(t, "append of a bad block", err, sinso.ErrInvalid)
			} else if err != nil {
				t.Errorf("append of a good block: %v", err)
			}
		})
	}
	wait.Wait()
	if got := len(events(t, audit, 0)); got != 15 {
		t.Errorf("events: got %d, want 15", got)
	}
	must(t, audit.Verify(t.Context()))
}

func testProve(t *testing.T, open Open) {
	journal, all := filled(t, open, 7)
	audit, public := opened(t, open, journal)
	var early []sinso.Proof
	for round := range 2 {
		for _, e := range all {
			p, err := audit.Prove(t.Context(), e.Seq)
			must(t, err)
			if _, err := translog.VerifyProof(p, public); err != nil {
				t.Errorf("round %d, event %d: %v", round, e.Seq, err)
			}
			if err := translog.CheckBody(p.Leaf, e); err != nil {
				t.Errorf("round %d, event %d: %v", round, e.Seq, err)
			}
			if p.Index != int64(e.Seq) {
				t.Errorf("index: got %d, want %d", p.Index, e.Seq)
			}
			early = append(early, p)
		}
		_, err := audit.Append(t.Context(), nil, event(50))
		must(t, err)
	}
	p := early[3]
	p.Leaf = bytes.Clone(p.Leaf)
	p.Leaf[len(p.Leaf)-1] ^= 1
	_, err := translog.VerifyProof(p, public)
	is(t, "proof of a changed leaf", err, sinso.ErrCorrupt)
	other := slices.Clone(public)
	other[0] ^= 1
	_, err = translog.VerifyProof(early[3], other)
	is(t, "proof against another key", err, sinso.ErrCorrupt)
}

func testDisclosed(t *testing.T, open Open) {
	journal, all := filled(t, open, 2)
	audit, public := opened(t, open, journal)
	p, err := audit.Prove(t.Context(), 1)
	must(t, err)
	raw, err := json.Marshal(p)
	must(t, err)
	for _, private := range []string{"actor-1", "p_marker", "body-marker", string(all[1].Salt[:])} {
		if bytes.Contains(p.Leaf, []byte(private)) || bytes.Contains(raw, []byte(private)) {
			t.Errorf("the proof shows %q", private)
		}
	}
	got, err := translog.VerifyProof(p, public)
	must(t, err)
	if got.Type != all[1].Type || got.Origin != all[1].Origin || !bytes.Equal(got.Public, all[1].Public) {
		t.Errorf("disclosed: got %+v, want that of %+v", got, all[1])
	}
}

func testProveNothing(t *testing.T, open Open) {
	journal, _ := filled(t, open, 2)
	audit, _ := opened(t, open, journal)
	_, err := audit.Prove(t.Context(), 2)
	is(t, "prove", err, sinso.ErrNotFound)
}

// found says whether a log shows that its journal was changed, and that it does
// not serve anything but what was logged.
func found(t *testing.T, open Open, journal sinso.Journal, want []sinso.Event) bool {
	t.Helper()
	audit, _, err := open(t, journal)
	if err != nil {
		is(t, "open", err, sinso.ErrCorrupt)
		return true
	}
	err = audit.Verify(t.Context())
	if err != nil {
		is(t, "verify", err, sinso.ErrCorrupt)
	}
	n := 0
	reading := audit.Events(t.Context(), 0, func(e sinso.Event) error {
		if n >= len(want) || !cmp.Equal(e, want[n]) {
			t.Errorf("event %d is served and is not what was logged", n)
		}
		n++
		return nil
	})
	if (err == nil) != (reading == nil) {
		t.Errorf("verify says %v, reading %v", err, reading)
	}
	return err != nil
}

func testChanged(t *testing.T, open Open) {
	journal, all := filled(t, open, 3)
	for i, e := range journal.Entries {
		if e.Kind == sinso.EntryBlock {
			continue
		}
		for at := range e.Data {
			c := journal.Copy()
			c.Entries[i].Data[at] ^= 0x20
			if !found(t, open, c, all) {
				t.Errorf("entry %d: byte %d was changed and nobody noticed", i, at)
			}
		}
	}
}

// log returns the places of the entries that are events or leaves.
func log(j *Journal) []int {
	var places []int
	for i, e := range j.Entries {
		if e.Kind == sinso.EntryEvent || e.Kind == sinso.EntryLeaf {
			places = append(places, i)
		}
	}
	return places
}

func testRemoved(t *testing.T, open Open) {
	journal, all := filled(t, open, 4)
	places := log(journal)
	for n, i := range places {
		c := journal.Copy()
		c.Entries = slices.Delete(c.Entries, i, i+1)
		if !found(t, open, c, all) {
			t.Errorf("entry %d was removed and nobody noticed", n)
		}
	}
	for n := 0; n+2 < len(places); n += 2 { // an event with its leaf, but for the last
		c := journal.Copy()
		c.Entries = slices.Delete(c.Entries, places[n], places[n]+2)
		if !found(t, open, c, all) {
			t.Errorf("event %d was removed and nobody noticed", n/2)
		}
	}
}

func testReordered(t *testing.T, open Open) {
	journal, all := filled(t, open, 3)
	places := log(journal)
	for a := range places {
		for b := range a {
			c := journal.Copy()
			x, y := places[a], places[b]
			c.Entries[x], c.Entries[y] = c.Entries[y], c.Entries[x]
			if !found(t, open, c, all) {
				t.Errorf("entries %d and %d were exchanged and nobody noticed", b, a)
			}
		}
	}
	for a := 0; a < len(places); a += 2 { // events with their leaves
		for b := 0; b < a; b += 2 {
			c := journal.Copy()
			for k := range 2 {
				x, y := places[a+k], places[b+k]
				c.Entries[x], c.Entries[y] = c.Entries[y], c.Entries[x]
			}
			if !found(t, open, c, all) {
				t.Errorf("events %d and %d were exchanged and nobody noticed", b/2, a/2)
			}
		}
	}
}

func testRepeated(t *testing.T, open Open) {
	journal, all := filled(t, open, 3)
	places := log(journal)
	for n := 0; n < len(places); n += 2 {
		c := journal.Copy()
		c.Entries = append(c.Entries, c.Entries[places[n]], c.Entries[places[n]+1])
		if !found(t, open, c, all) {
			t.Errorf("event %d was repeated at the end and nobody noticed", n/2)
		}
	}
}

func testChangedWhileOpen(t *testing.T, open Open) {
	journal, all := filled(t, open, 3)
	audit, _ := opened(t, open, journal)
	for _, i := range log(journal) {
		kept := journal.Entries[i]
		data := slices.Clone(kept.Data)
		data[len(data)/2] ^= 1
		journal.Entries[i].Data = data
		is(t, fmt.Sprint("verify with entry ", i, " changed"), audit.Verify(t.Context()), sinso.ErrCorrupt)
		journal.Entries[i] = kept
	}
	must(t, audit.Verify(t.Context()))
	journal.Entries = journal.Entries[:len(journal.Entries)-3] // the last event, its leaf and block
	is(t, "verify with the last event gone", audit.Verify(t.Context()), sinso.ErrCorrupt)
	_, err := audit.Prove(t.Context(), all[2].Seq)
	is(t, "proof of an event that is gone", err, sinso.ErrCorrupt)
}

func testFailed(t *testing.T, open Open) {
	journal, want := filled(t, open, 2)
	audit, _ := opened(t, open, journal)
	journal.Before = func([]sinso.JournalEntry) error { return fmt.Errorf("no: %w", sinso.ErrUnavailable) }
	_, err := audit.Append(t.Context(), nil, event(7))
	is(t, "append", err, sinso.ErrUnavailable)
	journal.Before = nil
	if diff := cmp.Diff(want, events(t, audit, 0)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	logged, err := audit.Append(t.Context(), nil, event(8))
	must(t, err)
	if logged[0].Seq != 2 {
		t.Errorf("place after an append that failed: got %d, want 2", logged[0].Seq)
	}
	must(t, audit.Verify(t.Context()))
}

func testLostAnswer(t *testing.T, open Open) {
	journal, _ := filled(t, open, 2)
	audit, _ := opened(t, open, journal)
	journal.After = func([]sinso.JournalEntry) error { return fmt.Errorf("lost: %w", sinso.ErrUnavailable) }
	_, err := audit.Append(t.Context(), nil, event(2))
	is(t, "append", err, sinso.ErrUnavailable)
	journal.After = nil
	logged, err := audit.Append(t.Context(), nil, event(3))
	must(t, err)
	if logged[0].Seq != 3 {
		t.Errorf("place behind an event whose answer was lost: got %d, want 3", logged[0].Seq)
	}
	must(t, audit.Verify(t.Context()))
	again, _ := opened(t, open, journal)
	must(t, again.Verify(t.Context()))
	for i, e := range events(t, again, 0) {
		if e.Actor != fmt.Sprintf("actor-%d", i) {
			t.Errorf("event %d: got %s", i, e.Actor)
		}
	}
}

func testConcurrent(t *testing.T, open Open) {
	journal := &Journal{}
	audit, public := opened(t, open, journal)
	const writers, each = 8, 20
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				pair := []sinso.Event{event(w*each + i), event(w*each + i)}
				logged, err := audit.Append(t.Context(), []sinso.Block{block(fmt.Sprint(w, i))}, pair...)
				if err != nil || logged[1].Seq != logged[0].Seq+1 {
					t.Errorf("append: %v, places %v", err, logged)
					return
				}
				p, err := audit.Prove(t.Context(), logged[0].Seq)
				if err == nil {
					_, err = translog.VerifyProof(p, public)
				}
				if err == nil {
					err = translog.CheckBody(p.Leaf, logged[0])
				}
				if err != nil {
					t.Errorf("proof of event %d: %v", logged[0].Seq, err)
				}
			}
		})
	}
	wait.Wait()
	again, _ := opened(t, open, journal)
	must(t, again.Verify(t.Context()))
	if got := len(events(t, again, 0)); got != 2*writers*each {
		t.Errorf("events: got %d, want %d", got, 2*writers*each)
	}
}

func testCancelled(t *testing.T, open Open) {
	journal, _ := filled(t, open, 2)
	audit, _ := opened(t, open, journal)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := audit.Append(ctx, nil, event(1))
	is(t, "append", err, context.Canceled)
	is(t, "events", audit.Events(ctx, 0, func(sinso.Event) error { return nil }), context.Canceled)
	is(t, "verify", audit.Verify(ctx), context.Canceled)
	_, err = audit.Prove(ctx, 0)
	is(t, "prove", err, context.Canceled)
}
