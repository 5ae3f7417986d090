package main

import (
	"os"
	"strings"
	"testing"
)

// TestUploadCommands: a stopped node tries nothing, and says so; a running one lists what
// it could not take in, and is asked to try.
func TestUploadCommands(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	do := func(line string) {
		t.Helper()
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	do("exits 0 sinso init --data node")
	do("exits 1 sinso upload ls --data node")
	do("stderr 'the node does not run'")
	do("exits 2 sinso upload retry --data node")
	s.background("node", "NODE")
	do("exits 0 sinso upload ls --data node --json")
	if got := strings.TrimSpace(s.stdout); got != "[]" {
		t.Errorf("got %q", got)
	}
	do("exits 0 sinso upload ls --data node")
	do("stdout '^UPLOAD'")
	do("exits 10 sinso upload retry --data node u_aaaaaaaaaaaaaaaaaaaaaaaaaa")
}
