package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// TestKilledDemoTakesTheBuyerWithIt kills a demo while the buyer's process has its
// folder open, and waits for the folder to be free.
func TestKilledDemoTakesTheBuyerWithIt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 6 s; left out by -short")
	}
	s := newScript(t, programDir(t))
	demo := exec.CommandContext(t.Context(), filepath.Join(s.bin, "sinso"), "demo", "--keep", "kept", "chest")
	demo.Dir, demo.Env = s.dir, s.env
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	lock := s.path("kept/buyer/log/lock")
	within(t, time.Minute, "the buyer to open its folder", func() bool { return isLocked(t, lock) })
	if err := demo.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = demo.Wait() // it was killed
	within(t, 3*time.Second, "the buyer to end", func() bool { return !isLocked(t, lock) })
}

// isLocked reports whether a process has the folder open.
func isLocked(t *testing.T, path string) bool {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		return false
	}
	lock, err := durable.TryLock(path)
	if errors.Is(err, sinso.ErrBusy) {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	return false
}

// within waits until something is so.
func within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", limit, what)
		}
	}
}
