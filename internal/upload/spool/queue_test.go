package spool_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

func TestOutcomeStaysUntilItExpires(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 0) // has all its bytes
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Remove(t.Context(), u.ID); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("removed while it is taken in: %v", err)
	}
	want := sinso.UploadOutcome{Files: 3, Instances: 2, Skipped: 1, Bytes: 9, Studies: []sinso.StudyID{"s_1"}, Reasons: map[sinso.Reason]int{"why": 1}}
	if err := g.Finish(t.Context(), u.ID, want); err != nil {
		t.Fatal(err)
	}
	g.clock.pass(7*24*time.Hour - time.Second)
	g.reopen(t)
	got, err := g.Upload(t.Context(), u.ID)
	if err != nil || got.State != sinso.UploadDone || cmp.Diff(want, got.Outcome) != "" {
		t.Fatalf("after a restart: %+v, %v", got, err)
	}
	if _, err := g.Open(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("its bytes can be read: %v", err)
	}
	g.clock.pass(time.Second)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Upload(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("after its time: %v", err)
	}
	if files, err := os.ReadDir(g.cfg.Dir); err != nil || len(files) > 0 {
		t.Errorf("%d files are left, %v", len(files), err)
	}
}

func TestWhatWasCutIsTakenUpAtTheNextStart(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	first, second, third := g.create(t, "owner", 1), g.create(t, "other", 1), g.create(t, "owner", 2)
	for _, u := range []sinso.Upload{first, second, third} {
		g.append(t, u.ID, 0, []byte("x"))
	}
	for _, want := range []sinso.Upload{first, second} {
		if got, err := g.Next(t.Context()); err != nil || got.ID != want.ID {
			t.Fatalf("got %s, %v, want %s", got.ID, err, want.ID)
		}
	}
	if err := g.Fail(t.Context(), second.ID, false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if got, err := g.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a third: %v, %v", got.ID, err)
	}
	g.reopen(t) // the process ended while both were being taken
	for _, want := range []sinso.Upload{first, second} {
		if got, err := g.Next(t.Context()); err != nil || got.ID != want.ID {
			t.Fatalf("after a restart: got %s, %v, want %s", got.ID, err, want.ID)
		}
	}
}

func TestEachWaitingUploadGoesToOneTaker(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const uploads, takers = 100, 4
	got := make(chan sinso.UploadID, uploads)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range takers {
		wg.Go(func() {
			for {
				u, err := g.Next(ctx)
				if err != nil {
					return
				}
				got <- u.ID
			}
		})
	}
	for range uploads {
		g.create(t, "owner", 0)
	}
	seen := map[sinso.UploadID]bool{}
	for range uploads {
		seen[<-got] = true
	}
	cancel()
	wg.Wait()
	if len(seen) != uploads || len(got) > 0 {
		t.Errorf("%d different uploads were taken and %d more, want %d", len(seen), len(got), uploads)
	}
}

// TestWhatCameWholeIsNotSweptBeforeItIsTaken: its sender was told that all of it is here.
func TestWhatCameWholeIsNotSweptBeforeItIsTaken(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Keep = time.Hour })
	u := g.create(t, "owner", 0)
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Fail(t.Context(), u.ID, false); err != nil {
		t.Fatal(err)
	}
	g.clock.pass(1000 * time.Hour)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Upload(t.Context(), u.ID); err != nil || got.State != sinso.UploadFailed {
		t.Errorf("after a long time: %+v, %v", got, err)
	}
}

func TestUnfinishedUploadExpiresFromItsLastByte(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Keep = time.Hour })
	u, idle := g.create(t, "owner", 10), g.create(t, "owner", 10)
	g.clock.pass(59 * time.Minute)
	g.append(t, u.ID, 0, []byte("01"))
	g.clock.pass(time.Minute)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Upload(t.Context(), idle.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an hour without a byte: %v", err)
	}
	got, err := g.Upload(t.Context(), u.ID)
	if err != nil || !got.Expires.Equal(g.clock.Now().Add(59*time.Minute)) {
		t.Errorf("expires %s, %v, want 59 minutes from %s", got.Expires, err, g.clock.Now())
	}
	g.clock.pass(59 * time.Minute)
	g.reopen(t) // by the time of the file, which is the wall's
	if _, err := g.Upload(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an hour after its last byte: %v", err)
	}
	if _, err := g.Append(t.Context(), u.ID, 2, strings.NewReader("2")); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("going on with what is forgotten: %v", err)
	}
}
