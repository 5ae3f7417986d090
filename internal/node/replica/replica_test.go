package replica

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
)

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func block(n int) sinso.Block {
	data := fmt.Append(nil, "block ", n)
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
}

// somewhere are peers that nobody calls.
func somewhere(names ...string) (peers []sinso.ReplicaKept) {
	for _, name := range names {
		peers = append(peers, sinso.ReplicaKept{Name: name, URL: "https://" + name + ".example", Token: "sinso_a"})
	}
	return peers
}

// newSet is a set over a log, with two peers; between, if not nil, is called when a block
// was seen to be here and is not noted yet.
func newSet(t *testing.T, between func(*Set, sinso.CID)) (*Set, *pack.Pack) {
	t.Helper()
	p, err := pack.Open(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	var s *Set
	s = New(Config{
		Own: p, End: p.End, State: filepath.Join(t.TempDir(), "copies"), Clock: wall{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Stored: func(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.CID) error) error {
			return storedIn(p)(ctx, from, func(after sinso.Position, cid sinso.CID) error {
				err := fn(after, cid)
				if between != nil {
					between(s, cid)
				}
				return err
			})
		},
	})
	if err := s.Keep(t.Context(), somewhere("a", "b")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, p
}

// storedIn is what a log has, as [Config.Stored] wants it.
func storedIn(p *pack.Pack) func(context.Context, sinso.Position, func(sinso.Position, sinso.CID) error) error {
	return func(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.CID) error) error {
		return p.Replay(ctx, from, func(after sinso.Position, entry sinso.JournalEntry) error {
			if entry.Kind != sinso.EntryBlock {
				return nil
			}
			return fn(after, entry.CID)
		})
	}
}

// TestWhatIsDeletedWhileItIsNotedIsOwedToNobody: and does not come back from a peer.
func TestWhatIsDeletedWhileItIsNotedIsOwedToNobody(t *testing.T) {
	t.Parallel()
	ctx, gone := t.Context(), block(1)
	s, p := newSet(t, func(s *Set, cid sinso.CID) {
		if cid == gone.CID {
			if err := s.Blobs().Delete(t.Context(), cid); err != nil {
				t.Error(err)
			}
		}
	})
	if err := p.Put(ctx, gone, block(2)); err != nil {
		t.Fatal(err)
	}
	members, state := s.now()
	if _, err := s.look(ctx, members, state); err != nil {
		t.Fatal(err)
	}
	for b, want := range map[sinso.CID]bool{gone.CID: false, block(2).CID: true} {
		if known, err := state.Known(ctx, b); known != want || err != nil {
			t.Errorf("block %s: it is to have copies: %t, %v; want %t", b, known, err, want)
		}
	}
	for _, m := range members {
		if all, err := state.Deletions(ctx, m.name, 0, 10); err != nil || len(all) != 1 || all[0].CID != gone.CID {
			t.Errorf("peer %s is told to delete %v, %v", m.name, all, err)
		}
	}
	if _, err := s.Blobs().Get(ctx, gone.CID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want %v", err, sinso.ErrNotFound)
	}
}

// TestBlocksThatTheLogDoesNotHaveAreListed: as those of a store of their own.
func TestBlocksThatTheLogDoesNotHaveAreListed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, p := newSet(t, nil)
	s.cfg.Stored, s.cfg.List = nil, time.Hour
	if err := p.Put(ctx, block(1), block(2)); err != nil {
		t.Fatal(err)
	}
	members, state := s.now()
	look := func(want int64) {
		t.Helper()
		if _, err := s.look(ctx, members, state); err != nil {
			t.Fatal(err)
		}
		if blocks, _, err := state.Short(ctx, nil, 1); blocks != want || err != nil {
			t.Errorf("%d blocks are to have copies, %v; want %d", blocks, err, want)
		}
	}
	look(2)
	if err := p.Put(ctx, block(3)); err != nil {
		t.Fatal(err)
	}
	look(2) // it was listed a moment ago
	s.listed = time.Time{}
	look(3)
	if at, _, err := state.Position(ctx); at != p.End() || err != nil {
		t.Errorf("position %d, %v; want %d", at, err, p.End())
	}
}

// noting is blocks that note a deleted block again just before it goes, as a look does that
// has seen it before.
type noting struct {
	sinso.Blobs
	set *Set
}

func (n noting) Delete(ctx context.Context, cids ...sinso.CID) error {
	members, state := n.set.now()
	if err := state.Begin(ctx, n.set.policy(members)); err != nil {
		return err
	}
	if _, err := n.set.look(ctx, members, state); err != nil {
		return err
	}
	return n.Blobs.Delete(ctx, cids...)
}

// TestWhatIsNotedWhileItIsDeletedIsOwedToNobody is the other way round.
func TestWhatIsNotedWhileItIsDeletedIsOwedToNobody(t *testing.T) {
	t.Parallel()
	ctx, gone := t.Context(), block(1)
	s, p := newSet(t, nil)
	if err := p.Put(ctx, gone); err != nil {
		t.Fatal(err)
	}
	b := s.Blobs()
	b.Blobs = noting{p, s}
	if err := b.Delete(ctx, gone.CID); err != nil {
		t.Fatal(err)
	}
	_, state := s.now()
	if known, err := state.Known(ctx, gone.CID); known || err != nil {
		t.Errorf("it is to have copies: %t, %v", known, err)
	}
}

// TestPeersAreChosenEvenly: each block has as many as are wanted, the same each time, and one
// peer more changes the choice for few.
func TestPeersAreChosenEvenly(t *testing.T) {
	t.Parallel()
	s := New(Config{Copies: 2})
	members := func(names ...string) (all []*member) {
		for _, name := range names {
			all = append(all, &member{name: name})
		}
		return all
	}
	three, four := members("a", "b", "c"), members("a", "b", "c", "d")
	count, moved := map[string]int{}, 0
	const blocks = 3000
	for n := range blocks {
		chosen, more := s.choose(three, block(n).CID), s.choose(four, block(n).CID)
		if len(chosen) != 2 || chosen[0] == chosen[1] {
			t.Fatalf("chosen: %v", chosen)
		}
		for _, name := range chosen {
			count[name]++
			if !slices.Contains(more, name) {
				moved++
			}
		}
	}
	for name, n := range count {
		if n < blocks/2 || n > blocks*5/6 {
			t.Errorf("peer %s has %d of %d blocks, want about two thirds", name, n, blocks)
		}
	}
	if moved < blocks/3 || moved > blocks*2/3 {
		t.Errorf("%d of %d copies moved with a fourth peer, want about half of the blocks' number", moved, 2*blocks)
	}
	if got := s.choose(members("a"), block(1).CID); len(got) != 1 {
		t.Errorf("of one peer: %v", got)
	}
}
