package tlog_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/audittest"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/crypt/translog"
)

type fixedClock struct{}

func (fixedClock) Now() time.Time { return audittest.Now }

var keys = &audittest.Keys{}

func config() tlog.Config {
	return tlog.Config{Key: [32]byte{1}, Keys: keys, Sign: [32]byte{2}, Rand: rand.Reader, Clock: fixedClock{}}
}

// TestLogIsAudit runs the suite of the port.
func TestLogIsAudit(t *testing.T) {
	t.Parallel()
	audittest.Test(t, keys, func(t *testing.T, journal sinso.Journal) (sinso.Audit, []byte, error) {
		log, err := tlog.Open(t.Context(), journal, config())
		if err != nil {
			return nil, nil, err
		}
		return log, log.Public(), nil
	})
}

func openLog(t testing.TB, journal sinso.Journal) *tlog.Log {
	t.Helper()
	log, err := tlog.Open(t.Context(), journal, config())
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func logEvents(t testing.TB, log *tlog.Log, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		if _, err := log.Append(t.Context(), nil, event(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func event(n int) sinso.Event {
	return sinso.Event{Type: sinso.EventOpened, Actor: strconv.Itoa(n), Body: json.RawMessage(`{"a":1}`)}
}

// TestNewerCheckpointExtendsOlder checks consistency proofs between checkpoints
// of a growing log, also across a restart.
func TestNewerCheckpointExtendsOlder(t *testing.T) {
	t.Parallel()
	journal := &audittest.Journal{}
	var older []string
	for n := range 12 {
		log := openLog(t, journal)
		for _, o := range older {
			newer, path, err := log.Extend(o)
			if err != nil {
				t.Fatal(err)
			}
			if err := translog.VerifyConsistency(o, newer, path, log.Public()); err != nil {
				t.Errorf("size %d: %v", n, err)
			}
			if err := log.Extends(o); err != nil {
				t.Errorf("size %d: %v", n, err)
			}
		}
		c, err := log.Checkpoint()
		if err != nil {
			t.Fatal(err)
		}
		older = append(older, c)
		logEvents(t, log, n, n+1)
	}
}

// TestCutEndIsFoundByACheckpoint checks that entries taken off the end, or a log
// of another history, are found by somebody who holds a checkpoint.
func TestCutEndIsFoundByACheckpoint(t *testing.T) {
	t.Parallel()
	journal := &audittest.Journal{}
	log := openLog(t, journal)
	logEvents(t, log, 0, 5)
	held, err := log.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	journal.Entries = journal.Entries[:8] // four events
	cut := openLog(t, journal)
	if err := cut.Extends(held); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("cut log: got %v, want ErrCorrupt", err)
	}
	logEvents(t, cut, 10, 15)
	if err := cut.Extends(held); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("another history: got %v, want ErrCorrupt", err)
	}
}

// TestCheckpointOfAnotherKeyIsRefused checks that only this log's own checkpoints
// count.
func TestCheckpointOfAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	journal := &audittest.Journal{}
	logEvents(t, openLog(t, journal), 0, 3)
	cfg := config()
	cfg.Sign[0]++
	other, err := tlog.Open(t.Context(), journal, cfg)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if err := openLog(t, journal).Extends(foreign); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

// TestWrongKeyIsFoundWhenOpening checks that a log is not continued under a key
// that cannot read it.
func TestWrongKeyIsFoundWhenOpening(t *testing.T) {
	t.Parallel()
	journal := &audittest.Journal{}
	logEvents(t, openLog(t, journal), 0, 1)
	cfg := config()
	cfg.Key[0]++
	if _, err := tlog.Open(t.Context(), journal, cfg); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
	if _, err := tlog.Open(t.Context(), journal, tlog.Config{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no config: got %v, want ErrInvalid", err)
	}
}

// TestLogOverPack runs appends of several writers over the real journal and
// fails each of its calls in turn: whatever happens, what was acknowledged is
// there and the log verifies.
func TestLogOverPack(t *testing.T) {
	t.Parallel()
	for _, fault := range []blobtest.Fault{blobtest.FaultFail, blobtest.FaultLost} {
		for at := 2; at < 12; at++ { // the first call is Open's
			dir := t.TempDir()
			acknowledged := failAt(t, dir, fault, at)
			p, err := pack.Open(dir, pack.Options{})
			if err != nil {
				t.Fatal(err)
			}
			log := openLog(t, p)
			if err := log.Verify(t.Context()); err != nil {
				t.Errorf("fault %d at call %d: %v", fault, at, err)
			}
			got := map[string]bool{}
			if err := log.Events(t.Context(), 0, func(e sinso.Event) error { got[e.Actor] = true; return nil }); err != nil {
				t.Error(err)
			}
			for _, actor := range acknowledged {
				if !got[actor] {
					t.Errorf("fault %d at call %d: event %s was acknowledged and is gone", fault, at, actor)
				}
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func failAt(t *testing.T, dir string, fault blobtest.Fault, at int) (acknowledged []string) {
	t.Helper()
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := openLog(t, &blobtest.Faulty{Store: p, Fault: fault, At: at})
	var mu sync.Mutex // guards acknowledged
	var wait sync.WaitGroup
	for w := range 3 {
		wait.Go(func() {
			for i := range 5 {
				e := event(w*100 + i)
				if _, err := log.Append(t.Context(), nil, e); err == nil {
					mu.Lock()
					acknowledged = append(acknowledged, e.Actor)
					mu.Unlock()
				} else if !errors.Is(err, sinso.ErrUnavailable) {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return acknowledged
}

// TestVerifyNamesTheEvent checks that the message says which event was changed.
func TestVerifyNamesTheEvent(t *testing.T) {
	t.Parallel()
	journal := &audittest.Journal{}
	logEvents(t, openLog(t, journal), 0, 5)
	journal.Entries[2*3].Data[20] ^= 1
	err := openLog(t, journal).Verify(t.Context())
	if !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), "event 3") {
		t.Errorf("got %v, want ErrCorrupt that names event 3", err)
	}
}

// BenchmarkAppend logs one event with a block of 525 kB, durably.
func BenchmarkAppend(b *testing.B) {
	p, err := pack.Open(b.TempDir(), pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	log := openLog(b, p)
	data := make([]byte, 525_000)
	block := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := log.Append(b.Context(), []sinso.Block{block}, event(1)); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpen opens a log of 100,000 events.
func BenchmarkOpen(b *testing.B) {
	p, err := pack.Open(b.TempDir(), pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	log := openLog(b, p)
	var events []sinso.Event
	for n := range 1000 {
		events = append(events, event(n))
	}
	for range 100 {
		if _, err := log.Append(b.Context(), nil, events...); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		openLog(b, p)
	}
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVerify checks a log of 10,000 events.
func BenchmarkVerify(b *testing.B) {
	journal := &audittest.Journal{}
	log := openLog(b, journal)
	logEvents(b, log, 0, 10_000)
	for b.Loop() {
		if err := log.Verify(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// TestEarlyBlockIsStoredWithItsEvent writes a block before its append.
func TestEarlyBlockIsStoredWithItsEvent(t *testing.T) {
	t.Parallel()
	p, err := pack.Open(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }() // nothing is lost with it
	log := openLog(t, p)
	data := bytes.Repeat([]byte("block"), 50_000)
	early := log.Early(int64(len(data)))
	if early == nil {
		t.Fatal("nothing is taken early")
	}
	_, _ = early.Write(data) // never fails
	block := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data, Fresh: true, Early: early}
	if _, err := log.Append(t.Context(), []sinso.Block{block}, event(1)); err != nil {
		t.Fatal(err)
	}
	var kinds []sinso.EntryKind
	err = p.Replay(t.Context(), 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		kinds = append(kinds, e.Kind)
		return nil
	})
	if want := []sinso.EntryKind{sinso.EntryBlock, sinso.EntryEvent, sinso.EntryLeaf}; err != nil || !slices.Equal(kinds, want) {
		t.Errorf("got entries %v, %v, want %v", kinds, err, want)
	}
	if got, err := p.Get(t.Context(), block.CID); err != nil || !bytes.Equal(got, data) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if err := log.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if early := openLog(t, &audittest.Journal{}).Early(1 << 20); early != nil {
		t.Error("taken early by a journal that cannot")
	}
}
