package copies

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

func opened(t *testing.T, path string) *Copies {
	t.Helper()
	c, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func cid(n int) sinso.CID { return sinso.CIDOf(sinso.CodecRaw, fmt.Append(nil, n)) }

// filled has ten blocks that two peers are to have.
func filled(t *testing.T, path string) *Copies {
	t.Helper()
	c := opened(t, path)
	must(t, c.Peer(t.Context(), "a"))
	must(t, c.Peer(t.Context(), "b"))
	must(t, c.Peer(t.Context(), "b"))
	var owed []Owed
	for n := range 10 {
		owed = append(owed, Owed{cid(n), []string{"a", "b"}})
	}
	fresh, err := c.Owe(t.Context(), "", owed, 77)
	if err != nil || len(fresh) != len(owed) {
		t.Fatalf("%d of %d blocks are new, %v", len(fresh), len(owed), err)
	}
	return c
}

// TestACopyCountsWhenItIsProven: by healthy peers, and not after it was lost.
func TestACopyCountsWhenItIsProven(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "copies")
	c := filled(t, path)
	short := func(want int64, healthy ...string) {
		t.Helper()
		if blocks, got, err := c.Short(ctx, healthy, 2); err != nil || blocks != 10 || got != want {
			t.Errorf("of %d blocks %d are short with %v, %v; want %d of 10", blocks, got, healthy, err, want)
		}
	}
	short(10, "a", "b")
	must(t, c.Mark(ctx, "a", map[sinso.CID]int64{cid(1): 5, cid(2): 7}))
	must(t, c.Mark(ctx, "b", map[sinso.CID]int64{cid(1): 5}))
	if fresh, err := c.Owe(ctx, "", []Owed{{cid(1), []string{"a"}}}, 78); err != nil || len(fresh) > 0 { // again: it stays proven
		t.Errorf("known already, %v are new, %v", fresh, err)
	}
	short(9, "a", "b")
	short(10, "a")
	short(10)
	must(t, c.Mark(ctx, "b", map[sinso.CID]int64{cid(1): -1}))
	short(10, "a", "b")
	must(t, c.Health(ctx, "a", time.UnixMilli(5000), ""))
	must(t, c.Health(ctx, "a", time.Time{}, "ill"))
	must(t, c.Close())

	c = opened(t, path)
	got, err := c.Peers(ctx)
	want := []sinso.ReplicaStatus{
		{Name: "a", Problem: "ill", Proven: time.UnixMilli(5000).UTC(), Held: 2, Owed: 8, Bytes: 12}, {Name: "b", Owed: 10},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("after it was closed (-want +got), %v:\n%s", err, diff)
	}
	if at, _, err := c.Position(ctx); at != 78 || err != nil {
		t.Errorf("position %d, %v", at, err)
	}
}

// TestBlocksAreListedInParts: each once, whatever the size of a part.
func TestBlocksAreListedInParts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := filled(t, filepath.Join(t.TempDir(), "copies"))
	must(t, c.Mark(ctx, "a", map[sinso.CID]int64{cid(3): 1, cid(4): 1}))
	for name, tt := range map[string]struct {
		list func(context.Context, string, sinso.CID, int) ([]sinso.CID, error)
		want int
	}{"due": {c.Due, 8}, "proven": {c.Proven, 2}} {
		var all []sinso.CID
		for after := sinso.CID(""); ; after = all[len(all)-1] {
			some, err := tt.list(ctx, "a", after, 3)
			must(t, err)
			if len(some) == 0 {
				break
			}
			all = append(all, some...)
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != tt.want {
			t.Errorf("%s: %d blocks, want %d", name, len(all), tt.want)
		}
	}
}

// TestDeletionsWaitUntilTheyAreConfirmed: for each peer apart, also over a restart; the block
// is owed to nobody.
func TestDeletionsWaitUntilTheyAreConfirmed(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "copies")
	c := filled(t, path)
	must(t, c.Delete(ctx, []sinso.CID{cid(1), cid(2)}))
	must(t, c.Delete(ctx, []sinso.CID{cid(2), cid(99)})) // one twice, one that nobody had
	last, err := c.LastDeletion(ctx)
	must(t, err)
	if known, err := c.Known(ctx, cid(1)); known || err != nil {
		t.Errorf("a deleted block is known: %t, %v", known, err)
	}
	must(t, c.Close())
	c = opened(t, path)
	all, err := c.Deletions(ctx, "a", 0, 100)
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v; want 3", all, err)
	}
	must(t, c.Deleted(ctx, all))
	for peer, want := range map[string]int64{"a": 0, "b": 3} {
		if got, known, err := c.Pending(ctx, peer, last); got != want || !known || err != nil {
			t.Errorf("%s has %d pending, %t, %v; want %d", peer, got, known, err, want)
		}
	}
	if now, err := c.LastDeletion(ctx); now != last || err != nil {
		t.Errorf("the last order is %d, %v; want %d as before", now, err, last)
	}
	must(t, c.Drop(ctx, "b"))
	if _, known, err := c.Pending(ctx, "b", last); known || err != nil {
		t.Errorf("a peer that was dropped is known: %t, %v", known, err)
	}
	must(t, c.Peer(ctx, "b"))
	if _, known, err := c.Pending(ctx, "b", last); known || err != nil {
		t.Errorf("what another of its name was told is taken for its own: %t, %v", known, err)
	}
	must(t, c.Delete(ctx, []sinso.CID{cid(1)}))
	last, err = c.LastDeletion(ctx)
	must(t, err)
	if got, known, err := c.Pending(ctx, "b", last); got != 1 || !known || err != nil {
		t.Errorf("it has %d pending, %t, %v; want 1", got, known, err)
	}
}

// TestAnotherPolicyIsReckonedAnew: what is owed goes, what is proven stays.
func TestAnotherPolicyIsReckonedAnew(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := filled(t, filepath.Join(t.TempDir(), "copies"))
	must(t, c.Mark(ctx, "a", map[sinso.CID]int64{cid(1): 5}))
	must(t, c.Begin(ctx, "other"))
	_, err := c.Owe(ctx, "", []Owed{{cid(2), []string{"a"}}}, 99) // by who has not heard of it yet
	must(t, err)
	at, policy, err := c.Position(ctx)
	if at != 0 || policy != "other" || err != nil {
		t.Errorf("got %d, %q, %v", at, policy, err)
	}
	if blocks, short, err := c.Short(ctx, []string{"a"}, 1); blocks != 1 || short != 0 || err != nil {
		t.Errorf("%d blocks, %d short, %v; want 1 and 0", blocks, short, err)
	}
}

// TestDamagedFileIsCorrupt: it is not taken for an empty one.
func TestDamagedFileIsCorrupt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "copies")
	c := filled(t, path)
	must(t, c.Close())
	data, err := os.ReadFile(path)
	must(t, err)
	copy(data, "no database here")
	must(t, os.WriteFile(path, data, 0o600))
	if _, err := Open(t.Context(), path); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want %v", err, sinso.ErrCorrupt)
	}
}
