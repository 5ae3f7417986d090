package spool_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Quota, c.Share, c.MaxOpen, c.MaxKept = 100, 100, 2, 2 })
	a, b := g.create(t, "owner", 100), g.create(t, "owner", 80)
	if _, err := g.Create(t.Context(), sinso.Upload{Owner: "owner", Size: 1}); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("a third upload: %v", err)
	}
	other := g.create(t, "other", 1)
	g.append(t, a.ID, 0, noise(60))
	if n, err := g.Append(t.Context(), b.ID, 0, bytes.NewReader(noise(1))); !errors.Is(err, sinso.ErrBusy) || n != 0 {
		t.Errorf("beyond the quota: %d, %v", n, err)
	}
	if _, err := g.Append(t.Context(), other.ID, 0, strings.NewReader("x")); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("another's, beyond the quota: %v", err)
	}
	g.reopen(t)
	if _, err := g.Append(t.Context(), other.ID, 0, strings.NewReader("x")); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("after a restart, beyond the quota: %v", err)
	}
	if err := g.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	g.append(t, other.ID, 0, []byte("x"))
	for range 4 { // of more than are kept, the oldest gives way
		u := g.create(t, "third", 0)
		for {
			next, err := g.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Finish(t.Context(), next.ID, sinso.UploadOutcome{}); err != nil {
				t.Fatal(err)
			}
			if next.ID == u.ID {
				break
			}
		}
	}
	if got := g.numbers(t, "third"); len(got) != 2 {
		t.Errorf("kept are %v, want the 2 newest", got)
	}
}

func (g *rig) numbers(t *testing.T, owner string) []uint64 {
	t.Helper()
	var got []uint64
	err := g.List(t.Context(), owner, func(u sinso.Upload) error {
		got = append(got, u.Number)
		return nil
	})
	if err != nil || !slices.IsSorted(got) {
		t.Errorf("numbers %v, %v", got, err)
	}
	return got
}

func TestListIsOfItsOwnerInOrder(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for range 5 {
		g.create(t, "a", 1)
		g.create(t, "b", 1)
	}
	g.reopen(t)
	u := g.create(t, "a", 1)
	got := g.numbers(t, "a")
	if len(got) != 6 || got[5] != u.Number || u.Number != 11 || len(g.numbers(t, "nobody")) != 0 {
		t.Errorf("got %v, the last is %d", got, u.Number)
	}
	if all := g.numbers(t, ""); len(all) != 11 || !slices.IsSorted(all) {
		t.Errorf("of everybody: %v", all)
	}
	stop := errors.New("enough")
	if err := g.List(t.Context(), "b", func(sinso.Upload) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the function's own error", err)
	}
}
