package spool_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

// TestOwnersShareOfTheRoom: what is not done counts, of its owner, also in the next life
// of the node; what is done, ended or could not be written does not.
func TestOwnersShareOfTheRoom(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Quota = 100 }) // so that one may have 50
	if _, err := g.Create(t.Context(), sinso.Upload{Owner: "owner", Size: 51}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("an upload that never fits: %v", err)
	}
	full := func(u sinso.Upload) {
		t.Helper()
		n, err := g.Append(t.Context(), u.ID, 0, bytes.NewReader(noise(21)))
		if n != 0 || !errors.Is(err, sinso.ErrUploadShare) || !errors.Is(err, sinso.ErrBusy) {
			t.Errorf("%d bytes, %v, want %v", n, err, sinso.ErrUploadShare)
		}
	}
	a, b, other := g.create(t, "owner", 30), g.create(t, "owner", 21), g.create(t, "other", 50)
	g.append(t, a.ID, 0, noise(30))
	full(b)
	g.append(t, other.ID, 0, noise(50))
	g.reopen(t)
	full(b)
	if next, err := g.Next(t.Context()); err != nil || next.ID != a.ID {
		t.Fatalf("got %+v, %v", next, err)
	}
	full(b)
	if err := g.Finish(t.Context(), a.ID, sinso.UploadOutcome{}); err != nil {
		t.Fatal(err)
	}
	g.append(t, b.ID, 0, noise(21))
	c := g.create(t, "owner", 29)
	g.append(t, c.ID, 0, noise(28))
	if err := g.Remove(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	d := g.create(t, "owner", 29)
	g.append(t, d.ID, 0, noise(28))
}

// TestWhatHasBegunCanEnd: an upload has room for all of itself from its first byte on, also
// in the next life of the node; of one that has none, no byte is taken.
func TestWhatHasBegunCanEnd(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Quota, c.Share = 100, 16 })
	var begun []sinso.Upload
	for range 3 {
		u := g.create(t, "owner", 5)
		g.append(t, u.ID, 0, noise(4))
		begun = append(begun, u)
	}
	late := g.create(t, "owner", 5)
	full := func() {
		t.Helper()
		if n, err := g.Append(t.Context(), late.ID, 0, bytes.NewReader(noise(1))); n != 0 || !errors.Is(err, sinso.ErrUploadShare) {
			t.Errorf("%d bytes, %v, want %v", n, err, sinso.ErrUploadShare)
		}
	}
	full()
	g.reopen(t)
	full()
	for _, u := range begun {
		g.append(t, u.ID, 4, noise(1))
	}
	full()
	if err := g.Finish(t.Context(), begun[0].ID, sinso.UploadOutcome{}); err != nil {
		t.Fatal(err)
	}
	g.append(t, late.ID, 0, noise(5))
}

// TestWhatCouldNotBeginTakesNoRoom: of an upload whose first part could not be written
// nothing is kept for it.
func TestWhatCouldNotBeginTakesNoRoom(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("left out: this system has no /dev/full")
	}
	g := newRig(t, func(c *spool.Config) { c.Quota, c.Share = 100, 16 })
	u := g.create(t, "owner", 16)
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	if err := errors.Join(os.Remove(path), os.Symlink("/dev/full", path)); err != nil {
		t.Fatal(err)
	}
	if n, err := g.Append(t.Context(), u.ID, 0, bytes.NewReader(noise(1))); n != 0 || !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("added %d, %v", n, err)
	}
	other := g.create(t, "owner", 16)
	g.append(t, other.ID, 0, noise(1))
}
