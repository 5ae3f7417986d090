package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestKilledDemoTakesTheBuyerWithIt kills a demo while the buyer's process buys, and
// wants that process to end too.
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
	buyer := s.path("kept/buyer")
	within(t, time.Minute, "the buyer to start", func() bool { return hasProcess(t, "fill", buyer) })
	if err := demo.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = demo.Wait() // it was killed
	within(t, 10*time.Second, "the buyer to end", func() bool { return !hasProcess(t, "fill", buyer) })
}

// hasProcess reports whether some process was started with these arguments.
func hasProcess(t *testing.T, arguments ...string) bool {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range lines {
		line, err := os.ReadFile(path)
		has := err == nil
		for _, argument := range arguments {
			has = has && bytes.Contains(line, []byte("\x00"+argument+"\x00"))
		}
		if has {
			return true
		}
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
