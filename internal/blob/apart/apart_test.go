package apart_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/audittest"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/apart"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
)

// both is a log and the other store, opened and closed together.
type both struct {
	*apart.Blobs

	log, other *pack.Pack
}

func (b both) Close() error { return errors.Join(b.log.Close(), b.other.Close()) }

func open(t *testing.T, dir string) both {
	t.Helper()
	log, err := pack.Open(filepath.Join(dir, "log"), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := pack.Open(filepath.Join(dir, "other"), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return both{apart.New(log, other), log, other}
}

func opened(t *testing.T) both {
	t.Helper()
	b := open(t, t.TempDir())
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestApartIsBlobs runs the suite of the port.
func TestApartIsBlobs(t *testing.T) {
	t.Parallel()
	blobtest.TestBlobs(t, func(t *testing.T) blobtest.OpenBlobs {
		dir := t.TempDir()
		return func(t *testing.T) blobtest.BlobStore { return open(t, dir) }
	})
}

// TestBlocksOfTheLogStay reads, lists and deletes what lies in the log, in the other store
// and in both, each once.
func TestBlocksOfTheLogStay(t *testing.T) {
	t.Parallel()
	b := opened(t)
	var want, all []sinso.CID
	for i := range 40 {
		one := block(strconv.Itoa(i))
		if i%3 != 0 {
			must(t, b.log.Put(t.Context(), one))
		}
		if i%3 != 1 {
			must(t, b.Put(t.Context(), one))
		}
		want = append(want, one.CID)
		if got, err := b.Get(t.Context(), one.CID); err != nil || !bytes.Equal(got, one.Data) {
			t.Errorf("get %d: %q, %v", i, got, err)
		}
		if has, err := b.Has(t.Context(), one.CID); err != nil || !has {
			t.Errorf("has %d: %t, %v", i, has, err)
		}
	}
	list := func() {
		all = nil
		must(t, b.List(t.Context(), func(cid sinso.CID) error {
			all = append(all, cid)
			return nil
		}))
	}
	if list(); !slices.Equal(all, slices.Sorted(slices.Values(want))) {
		t.Errorf("listed %d blocks, want %d in order", len(all), len(want))
	}
	must(t, b.Delete(t.Context(), want[1:]...))
	if list(); !slices.Equal(all, want[:1]) {
		t.Errorf("after the deletion: listed %v, want %v", all, want[:1])
	}
	for _, p := range []*pack.Pack{b.log, b.other} {
		if dead, _ := p.Dead(); dead == 0 {
			t.Error("a store has no deleted bytes before they are freed")
		}
	}
	if freed, err := b.Reclaim(t.Context()); err != nil || freed == 0 {
		t.Errorf("freed %d, %v", freed, err)
	}
	for _, p := range []*pack.Pack{b.log, b.other} {
		if dead, _ := p.Dead(); dead != 0 {
			t.Errorf("%d deleted bytes are left", dead)
		}
	}
}

// TestDamageInTheLogIsReadFromTheOther: a block that rots in the log is taken from the other
// store, and named as damaged if it is not there.
func TestDamageInTheLogIsReadFromTheOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir)
	twice, once := block("bytes that are in both stores"), block("bytes that are in the log alone")
	must(t, b.log.Put(t.Context(), twice, once))
	must(t, b.Put(t.Context(), twice))
	must(t, b.Close())
	segment := filepath.Join(dir, "log", "00000001.seg")
	raw, err := os.ReadFile(segment)
	must(t, err)
	for _, one := range []sinso.Block{twice, once} {
		raw[bytes.Index(raw, one.Data)] ^= 1
	}
	must(t, os.WriteFile(segment, raw, 0o600))
	b = open(t, dir)
	defer b.Close() //nolint:errcheck // it is a test's
	if got, err := b.Get(t.Context(), twice.CID); err != nil || !bytes.Equal(got, twice.Data) {
		t.Errorf("in both: got %q, %v", got, err)
	}
	if _, err := b.Get(t.Context(), once.CID); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("in the log alone: got error %v, want ErrCorrupt", err)
	}
}

type fixedClock struct{}

func (fixedClock) Now() time.Time { return audittest.Now }

func openAudit(t *testing.T, b both, blobs sinso.Blobs) (*apart.Audit, *tlog.Log) {
	t.Helper()
	log, err := tlog.Open(t.Context(), b.log, tlog.Config{Key: [32]byte{1}, Keys: &audittest.Keys{}, Sign: [32]byte{2}, Rand: rand.Reader, Clock: fixedClock{}})
	must(t, err)
	return apart.NewAudit(log, blobs), log
}

func event() sinso.Event {
	return sinso.Event{Type: sinso.EventOpened, Actor: "a", Body: json.RawMessage(`{}`)}
}

// TestBlocksComeBeforeTheirEvents: what an Append stores is in the other store and not in
// the log; of one whose blocks fail nothing is logged.
func TestBlocksComeBeforeTheirEvents(t *testing.T) {
	t.Parallel()
	b := opened(t)
	audit, log := openAudit(t, b, b)
	if _, early := any(audit).(sinso.EarlyAudit); early {
		t.Error("blocks that lie elsewhere are taken early")
	}
	stored := block("stored")
	logged, err := audit.Append(t.Context(), []sinso.Block{stored}, event(), event())
	if err != nil || len(logged) != 2 || log.Size() != 2 {
		t.Fatalf("got %d events, %v", len(logged), err)
	}
	if has, err := b.other.Has(t.Context(), stored.CID); err != nil || !has {
		t.Errorf("in the other store: %t, %v", has, err)
	}
	if has, err := b.log.Has(t.Context(), stored.CID); err != nil || has {
		t.Errorf("in the log: %t, %v", has, err)
	}
	if _, err := audit.Append(t.Context(), []sinso.Block{block("no event")}); err != nil {
		t.Error(err)
	}
	bad := sinso.Block{CID: stored.CID, Data: []byte("other bytes")}
	if _, err := audit.Append(t.Context(), []sinso.Block{bad}, event()); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a bad block: got error %v, want ErrInvalid", err)
	}
	if log.Size() != 2 {
		t.Errorf("%d events are logged, want 2", log.Size())
	}
}

// slow is a store in which a Put of one block waits for another's.
type slow struct {
	sinso.Blobs

	began, goOn chan struct{}
}

func (s slow) Put(ctx context.Context, blocks ...sinso.Block) error {
	if strings.HasPrefix(string(blocks[0].Data), "slow") {
		close(s.began)
		<-s.goOn
	}
	return s.Blobs.Put(ctx, blocks...)
}

// TestSlowBlocksHoldNobodyUp: while one Append's blocks are on their way others are logged.
func TestSlowBlocksHoldNobodyUp(t *testing.T) {
	t.Parallel()
	b := opened(t)
	s := slow{b, make(chan struct{}), make(chan struct{})}
	audit, log := openAudit(t, b, s)
	ended := make(chan error, 1)
	go func() {
		_, err := audit.Append(context.WithoutCancel(t.Context()), []sinso.Block{block("slow")}, event())
		ended <- err
	}()
	<-s.began
	if _, err := audit.Append(t.Context(), []sinso.Block{block("quick")}, event()); err != nil {
		t.Error(err)
	}
	if log.Size() != 1 {
		t.Errorf("%d events are logged before the slow one, want 1", log.Size())
	}
	close(s.goOn)
	if err := <-ended; err != nil || log.Size() != 2 {
		t.Errorf("%d events in the end, %v", log.Size(), err)
	}
}

// sameSize is a store that takes a block for stored if there is one, whatever its bytes, as a
// server does that is asked for its size.
type sameSize struct {
	sinso.Blobs

	damaged map[sinso.CID]bool
}

func (s sameSize) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if s.damaged[cid] {
		return nil, sinso.ErrCorrupt
	}
	return s.Blobs.Get(ctx, cid)
}

func (s sameSize) Delete(ctx context.Context, cids ...sinso.CID) error {
	for _, cid := range cids {
		delete(s.damaged, cid)
	}
	return s.Blobs.Delete(ctx, cids...)
}

// TestDamagedBlockIsStoredAgain: a block that the other store gave back with other bytes is
// deleted there before it is put again.
func TestDamagedBlockIsStoredAgain(t *testing.T) {
	t.Parallel()
	b := opened(t)
	one, other := block("rots"), block("stays")
	must(t, b.Put(t.Context(), one, other))
	blobs := apart.New(b.log, sameSize{b.other, map[sinso.CID]bool{one.CID: true}})
	if _, err := blobs.Get(t.Context(), one.CID); !errors.Is(err, sinso.ErrCorrupt) {
		t.Fatalf("got error %v, want ErrCorrupt", err)
	}
	must(t, blobs.Put(t.Context(), other, one))
	for _, want := range []sinso.Block{one, other} {
		if got, err := blobs.Get(t.Context(), want.CID); err != nil || !bytes.Equal(got, want.Data) {
			t.Errorf("after it was put again: %q, %v", got, err)
		}
	}
}
