// Package blobtest is the conformance suite of the ports [sinso.Blobs],
// [sinso.NamedBlobs] and [sinso.Journal]: every adapter runs it, and a new promise of a
// port is added here. [Faulty] wraps a store so that it fails.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// Store is one engine that is both ports.
type Store interface {
	sinso.Blobs
	sinso.Journal
	Close() error
}

// Open opens the store of one test, the same each time it is called: first
// empty, then, when the suite has closed it, with what was stored.
type Open func(t *testing.T) Store

// Test runs the suite of both ports. fresh makes the place of one test's store.
func Test(t *testing.T, fresh func(t *testing.T) Open) {
	t.Helper()
	TestBlobs(t, func(t *testing.T) OpenBlobs {
		open := fresh(t)
		return func(t *testing.T) BlobStore { return open(t) }
	})
	for name, test := range map[string]func(*testing.T, Open){
		"PutTwiceIsOneEntry":             testPutTwiceEntry,
		"AppendReturnsThePositionAfter":  testPositions,
		"ReplayGivesAllInOrder":          testReplay,
		"ReplayFromAnywhere":             testReplayFrom,
		"ReplayStopsAtTheCallersError":   testReplayStops,
		"ReplayBeyondTheEndIsInvalid":    testReplayBeyond,
		"ReplayInsideReplay":             testReplayInside,
		"AppendOfABadEntryWritesNothing": testBadEntries,
		"AppendOfNothing":                testAppendNothing,
		"BlobsAndJournalAreOne":          testOneLog,
		"ConcurrentAppendsKeepTheirRuns": testConcurrent,
		"CancelledAppendsEnd":            testCancelled,
		"ReopenKeepsAll":                 testReopen,
		"ClosedJournalIsUnavailable":     testClosed,
		"LargeBlock":                     testLarge,
		"EarlyBlocks":                    testEarly,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
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

// opened opens a store that is closed when the test ends.
func opened[S interface{ Close() error }](t *testing.T, open func(*testing.T) S) S {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

func event(text string) sinso.JournalEntry {
	return sinso.JournalEntry{Kind: sinso.EntryEvent, Data: []byte(text)}
}

func entryOf(b sinso.Block) sinso.JournalEntry {
	return sinso.JournalEntry{Kind: sinso.EntryBlock, CID: b.CID, Data: b.Data}
}

// replayed is one call of Replay's function.
type replayed struct {
	After sinso.Position
	Entry sinso.JournalEntry
}

func replay(t *testing.T, s Store, from sinso.Position) []replayed {
	t.Helper()
	var all []replayed
	must(t, s.Replay(t.Context(), from, func(after sinso.Position, e sinso.JournalEntry) error {
		all = append(all, replayed{after, e})
		return nil
	}))
	return all
}

func testPutTwiceEntry(t *testing.T, open Open) {
	s := opened(t, open)
	b := block("twice")
	must(t, s.Put(t.Context(), b, b))
	must(t, s.Put(t.Context(), b))
	if got := len(replay(t, s, 0)); got != 1 {
		t.Errorf("entries after two puts of one block: got %d, want 1", got)
	}
}

func testPositions(t *testing.T, open Open) {
	s := opened(t, open)
	var last sinso.Position
	for i := range 20 {
		after, err := s.Append(t.Context(), event(fmt.Sprint(i)), event("second"))
		must(t, err)
		if after <= last {
			t.Errorf("append %d: got position %d, want more than %d", i, after, last)
		}
		last = after
	}
	all := replay(t, s, 0)
	if got := all[len(all)-1].After; got != last {
		t.Errorf("position after the last entry: got %d, want %d", got, last)
	}
	if got := replay(t, s, last); len(got) > 0 {
		t.Errorf("replay from the end: got %d entries", len(got))
	}
}

// mixed returns entries of all kinds, and as Replay gives them: blocks without
// data.
func mixed() (entries, want []sinso.JournalEntry) {
	b := block("a block of the batch")
	entries = []sinso.JournalEntry{
		event("first"), entryOf(b),
		{Kind: sinso.EntryLeaf, Data: bytes.Repeat([]byte{7}, 32)},
		event(""),
		{Kind: sinso.EntryDelete, CID: b.CID},
		event(strings.Repeat("long", 30_000)),
	}
	want = slices.Clone(entries)
	want[1].Data = nil
	return entries, want
}

// same compares entries; no data and empty data are the same.
func same(t *testing.T, got []replayed, want []sinso.JournalEntry) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("entries: got %d, want %d", len(got), len(want))
	}
	var last sinso.Position
	for i, g := range got {
		w := want[i]
		if g.Entry.Kind != w.Kind || g.Entry.CID != w.CID || !bytes.Equal(g.Entry.Data, w.Data) {
			t.Errorf("entry %d: got kind %d, %q, %d bytes, want kind %d, %q, %d bytes", i,
				g.Entry.Kind, g.Entry.CID, len(g.Entry.Data), w.Kind, w.CID, len(w.Data))
		}
		if g.After <= last {
			t.Errorf("entry %d: position %d after %d", i, g.After, last)
		}
		last = g.After
	}
}

func testReplay(t *testing.T, open Open) {
	s := opened(t, open)
	entries, want := mixed()
	for range 3 {
		_, err := s.Append(t.Context(), entries...)
		must(t, err)
	}
	same(t, replay(t, s, 0), slices.Concat(want, want, want))
}

func testReplayFrom(t *testing.T, open Open) {
	s := open(t)
	entries, want := mixed()
	for range 3 {
		_, err := s.Append(t.Context(), entries...)
		must(t, err)
	}
	want = slices.Concat(want, want, want)
	all := replay(t, s, 0)
	for i, r := range all {
		same(t, replay(t, s, r.After), want[i+1:])
	}
	must(t, s.Close())
	s = opened(t, open)
	for i, r := range all {
		same(t, replay(t, s, r.After), want[i+1:])
	}
}

func testReplayStops(t *testing.T, open Open) {
	s := opened(t, open)
	_, err := s.Append(t.Context(), event("a"), event("b"))
	must(t, err)
	calls := 0
	err = s.Replay(t.Context(), 0, func(sinso.Position, sinso.JournalEntry) error { calls++; return errCaller })
	is(t, "replay", err, errCaller)
	if calls != 1 {
		t.Errorf("calls: got %d, want 1", calls)
	}
}

func testReplayBeyond(t *testing.T, open Open) {
	s := opened(t, open)
	end, err := s.Append(t.Context(), event("a"))
	must(t, err)
	err = s.Replay(t.Context(), end+1, func(sinso.Position, sinso.JournalEntry) error { return nil })
	is(t, "replay beyond the end", err, sinso.ErrInvalid)
}

func testReplayInside(t *testing.T, open Open) {
	s := opened(t, open)
	_, err := s.Append(t.Context(), event("a"), event("b"))
	must(t, err)
	calls := 0
	must(t, s.Replay(t.Context(), 0, func(sinso.Position, sinso.JournalEntry) error {
		calls++
		replay(t, s, 0)
		_, err := s.Append(t.Context(), event("while it is read"))
		return err
	}))
	if calls != 2 {
		t.Errorf("calls: got %d, want 2: what was appended meanwhile is not part of it", calls)
	}
}

func testBadEntries(t *testing.T, open Open) {
	s := opened(t, open)
	b := block("a block")
	for name, bad := range map[string]sinso.JournalEntry{
		"no kind":             {Data: []byte("x")},
		"unknown kind":        {Kind: 99},
		"block, other bytes":  {Kind: sinso.EntryBlock, CID: b.CID, Data: []byte("other")},
		"block without CID":   {Kind: sinso.EntryBlock, Data: []byte("other")},
		"event with CID":      {Kind: sinso.EntryEvent, CID: b.CID},
		"deletion with data":  {Kind: sinso.EntryDelete, CID: b.CID, Data: []byte("x")},
		"deletion of nothing": {Kind: sinso.EntryDelete},
	} {
		_, err := s.Append(t.Context(), event("good"), entryOf(b), bad)
		is(t, name, err, sinso.ErrInvalid)
	}
	if got := replay(t, s, 0); len(got) > 0 {
		t.Errorf("entries after appends that failed: got %d", len(got))
	}
	if has, err := s.Has(t.Context(), b.CID); err != nil || has {
		t.Errorf("block of an append that failed: got %t, %v", has, err)
	}
}

func testAppendNothing(t *testing.T, open Open) {
	s := opened(t, open)
	want, err := s.Append(t.Context(), event("a"))
	must(t, err)
	got, err := s.Append(t.Context())
	if err != nil || got != want {
		t.Errorf("append of nothing: got %d, %v, want the end %d", got, err, want)
	}
}

func testOneLog(t *testing.T, open Open) {
	s := opened(t, open)
	put, appended := block("put"), block("appended")
	must(t, s.Put(t.Context(), put))
	_, err := s.Append(t.Context(), entryOf(appended), event("with it"))
	must(t, err)
	must(t, s.Delete(t.Context(), put.CID))
	if got, err := s.Get(t.Context(), appended.CID); err != nil || !bytes.Equal(got, appended.Data) {
		t.Errorf("get of an appended block: got %q, %v", got, err)
	}
	same(t, replay(t, s, 0), []sinso.JournalEntry{
		{Kind: sinso.EntryBlock, CID: put.CID},
		{Kind: sinso.EntryBlock, CID: appended.CID},
		event("with it"),
		{Kind: sinso.EntryDelete, CID: put.CID},
	})
	_, err = s.Append(t.Context(), sinso.JournalEntry{Kind: sinso.EntryDelete, CID: appended.CID})
	must(t, err)
	_, err = s.Get(t.Context(), appended.CID)
	is(t, "get after a deletion in the journal", err, sinso.ErrNotFound)
}

func testConcurrent(t *testing.T, open Open) {
	s := open(t)
	const writers, each = 8, 10
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				name := fmt.Sprintf("%d/%d", w, i)
				b := block(name)
				if _, err := s.Append(t.Context(), event(name), entryOf(b), event(name)); err != nil {
					t.Errorf("append: %v", err)
				}
				if got, err := s.Get(t.Context(), b.CID); err != nil || string(got) != name {
					t.Errorf("get at once after append: got %q, %v", got, err)
				}
			}
		})
	}
	wait.Wait()
	must(t, s.Close())
	s = opened(t, open)
	all := replay(t, s, 0)
	if len(all) != writers*each*3 {
		t.Fatalf("entries: got %d, want %d", len(all), writers*each*3)
	}
	next := map[string]int{}
	for i := 0; i < len(all); i += 3 {
		name := string(all[i].Entry.Data)
		if all[i+1].Entry.CID != block(name).CID || string(all[i+2].Entry.Data) != name {
			t.Fatalf("entries %d to %d are not one batch", i, i+2)
		}
		writer, nth, _ := strings.Cut(name, "/")
		if nth != fmt.Sprint(next[writer]) {
			t.Errorf("writer %s: got batch %s, want %d", writer, nth, next[writer])
		}
		next[writer]++
	}
}

func testCancelled(t *testing.T, open Open) {
	s := opened(t, open)
	must(t, s.Put(t.Context(), block("before")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Append(ctx, event("x"))
	is(t, "append", err, context.Canceled)
	is(t, "put", s.Put(ctx, block("y")), context.Canceled)
	is(t, "replay", s.Replay(ctx, 0, func(sinso.Position, sinso.JournalEntry) error { return nil }), context.Canceled)
	if got := len(replay(t, s, 0)); got != 1 {
		t.Errorf("entries: got %d, want 1", got)
	}
}

func testReopen(t *testing.T, open Open) {
	entries, want := mixed()
	var all []sinso.JournalEntry
	for range 3 {
		s := open(t)
		same(t, replay(t, s, 0), all)
		_, err := s.Append(t.Context(), entries...)
		must(t, err)
		must(t, s.Put(t.Context(), block("kept")))
		must(t, s.Close())
		all = append(all, want...)
		if len(all) == len(want) {
			all = append(all, sinso.JournalEntry{Kind: sinso.EntryBlock, CID: block("kept").CID})
		}
	}
	s := opened(t, open)
	if got, err := s.Get(t.Context(), block("kept").CID); err != nil || string(got) != "kept" {
		t.Errorf("get: got %q, %v", got, err)
	}
}

func testClosed(t *testing.T, open Open) {
	s := open(t)
	must(t, s.Close())
	_, err := s.Append(t.Context(), event("x"))
	is(t, "append", err, sinso.ErrUnavailable)
	is(t, "replay", s.Replay(t.Context(), 0, func(sinso.Position, sinso.JournalEntry) error { return nil }), sinso.ErrUnavailable)
}

func testLarge(t *testing.T, open Open) {
	s := open(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 3<<16) // 3 MiB
	b := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	_, err := s.Append(t.Context(), event("before"), entryOf(b), event("behind"))
	must(t, err)
	must(t, s.Close())
	s = opened(t, open)
	got, err := s.Get(t.Context(), b.CID)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("get: got %d bytes, %v", len(got), err)
	}
	same(t, replay(t, s, 0), []sinso.JournalEntry{event("before"), {Kind: sinso.EntryBlock, CID: b.CID}, event("behind")})
}

// testEarly writes blocks before their Append, if the journal can: whole, in part, and
// overtaken by another; they are there after it, and before it nothing is.
func testEarly(t *testing.T, open Open) {
	s := open(t)
	journal, can := s.(sinso.EarlyJournal)
	if !can {
		return
	}
	var want []sinso.JournalEntry
	blocks := map[string]sinso.Block{}
	for _, name := range []string{"whole", "in part", "overtaken", "again"} {
		data := bytes.Repeat([]byte(name+" "), 1<<20/len(name))
		b := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
		blocks[name] = b
		entry := entryOf(b)
		if entry.Early = journal.Early(int64(len(data)), 1); entry.Early != nil {
			part := data
			if name == "in part" {
				part = data[:1000]
			}
			if n, err := entry.Early.Write(part); n != len(part) || err != nil {
				t.Errorf("%s: wrote %d, %v", name, n, err)
			}
		}
		_, err := s.Get(t.Context(), b.CID)
		is(t, name+", before its append", err, sinso.ErrNotFound)
		if name == "overtaken" {
			_, err := s.Append(t.Context(), event("first"))
			must(t, err)
			want = append(want, event("first"))
		}
		_, err = s.Append(t.Context(), entry, event(name))
		must(t, err)
		want = append(want, sinso.JournalEntry{Kind: sinso.EntryBlock, CID: b.CID}, event(name))
	}
	must(t, s.Close())
	s = opened(t, open)
	for name, b := range blocks {
		if got, err := s.Get(t.Context(), b.CID); err != nil || !bytes.Equal(got, b.Data) {
			t.Errorf("%s: got %d bytes, %v", name, len(got), err)
		}
	}
	same(t, replay(t, s, 0), want)
}
