package spool_test

import (
	"bytes"
	"errors"
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
	c := g.create(t, "owner", 30)
	g.append(t, c.ID, 0, noise(29))
	if err := g.Remove(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	d := g.create(t, "owner", 30)
	g.append(t, d.ID, 0, noise(29))
}
