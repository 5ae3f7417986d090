package spool_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

// TestWhatFailedIsTriedAgainAfterGrowingPauses: by itself, while the node runs, first
// after a minute and never less often than each hour.
func TestWhatFailedIsTriedAgainAfterGrowingPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, func(c *spool.Config) { c.Clock = wall{} })
		u := g.create(t, "owner", 0) // has all its bytes
		var pauses []time.Duration
		for range 9 {
			from := time.Now()
			next, err := g.Next(t.Context())
			if err != nil || next.ID != u.ID || !next.Again.IsZero() {
				t.Fatalf("got %+v, %v", next, err)
			}
			pauses = append(pauses, time.Since(from))
			if err := g.Fail(t.Context(), u.ID, true); err != nil {
				t.Fatal(err)
			}
			now, err := g.Upload(t.Context(), u.ID)
			if err != nil || now.State != sinso.UploadFailed || !now.Again.After(time.Now()) {
				t.Fatalf("failed: %+v, %v", now, err)
			}
		}
		for i, want := range []time.Duration{0, 1, 2, 4, 8, 16, 32, 60, 60} {
			if pauses[i] != want*time.Minute {
				t.Fatalf("pauses %v", pauses)
			}
		}
	})
}

// TestWaitingForWorkHearsOfAFailure: who waits since before an upload failed takes it
// when its pause is over, also if who failed does not come back.
func TestWaitingForWorkHearsOfAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, func(c *spool.Config) { c.Clock = wall{} })
		u := g.create(t, "owner", 0)
		if _, err := g.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		begun, got := time.Now(), make(chan sinso.Upload, 1)
		go func() {
			next, _ := g.Next(t.Context())
			got <- next
		}()
		synctest.Wait()
		if err := g.Fail(t.Context(), u.ID, true); err != nil {
			t.Fatal(err)
		}
		if next := <-got; next.ID != u.ID || time.Since(begun) != time.Minute {
			t.Errorf("got %q after %s, want it after a minute", next.ID, time.Since(begun))
		}
	})
}

// TestRetryDoesNotWait: what failed is taken up at once when somebody asks, also what is
// not tried again by itself; nothing else can be asked for, or is taken up twice.
func TestRetryDoesNotWait(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for _, byItself := range []bool{true, false} {
		u := g.create(t, "owner", 0)
		if err := g.Retry(t.Context(), u.ID); !errors.Is(err, sinso.ErrExists) {
			t.Errorf("of one that waits: %v, want %v", err, sinso.ErrExists)
		}
		if _, err := g.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := g.Fail(t.Context(), u.ID, byItself); err != nil {
			t.Fatal(err)
		}
		if err := g.Retry(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
		if next, err := g.Next(t.Context()); err != nil || next.ID != u.ID {
			t.Fatalf("got %+v, %v, want %s", next, err, u.ID)
		}
		g.clock.pass(24 * time.Hour)
		g.idle(t)
		if err := g.Fail(t.Context(), u.ID, false); err != nil {
			t.Fatal(err)
		}
		g.clock.pass(24 * time.Hour)
		g.idle(t)
		if err := g.Remove(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Retry(t.Context(), "u_"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// TestRemovedUploadIsNotTriedAgain: its owner ended what had failed.
func TestRemovedUploadIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 0)
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.Fail(t.Context(), u.ID, true), g.Remove(t.Context(), u.ID)); err != nil {
		t.Fatal(err)
	}
	g.clock.pass(time.Hour)
	g.idle(t)
}

// idle checks that nothing is to be taken in now.
func (g *rig) idle(t *testing.T) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	end()
	if next, err := g.Next(ended); err == nil {
		t.Errorf("%s is to be taken in", next.ID)
	}
}
