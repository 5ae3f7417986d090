package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestStatusShowsTheSwarm runs the nodes of two clinics, of which one connects to the other
// by the address and the key that it is given, and asks each where it is.
func TestStatusShowsTheSwarm(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	do := func(format string, args ...any) {
		t.Helper()
		line := fmt.Sprintf(format, args...)
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
	do("env SINSO_CHAIN=none")
	do("exits 0 sinso init --data alone")
	s.background("alone", "ALONE")
	do("exits 0 sinso status --data alone --json")
	do("jsonkeys running")
	do("env SINSO_SWARM=/ip4/127.0.0.1/tcp/0")
	do("exits 0 sinso init --data one")
	s.background("one", "ONE")
	do("exits 0 sinso status --data one")
	do("stdout '^in a swarm as 12D3'")
	do("stdout '^no member is connected$'")
	do("exits 0 sinso status --data one --json")
	do("jsonkeys running swarm")
	var status runningStatus
	if err := json.Unmarshal([]byte(s.stdout), &status); err != nil || len(status.Swarm.Addresses) != 1 {
		t.Fatalf("got %s, %v", s.stdout, err)
	}
	do("env SINSO_SWARM=none")
	do("env SINSO_SWARM_PEERS=%s", status.Swarm.Addresses[0])
	do("env SINSO_SWARM_KEY=one.swarm.key")
	do("exits 0 sinso init --data two")
	s.background("two", "TWO")
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 200 {
		do("exits 0 sinso status --data two")
		if strings.Contains(s.stdout, "connected to") {
			break
		}
		<-tick.C
	}
	do("stdout '^connected to %s$'", status.Swarm.Addresses[0])
	do("! stdout 'listens on'")
	do("! stdout 'for members'")
	do("exits 0 sinso status --data one")
	do("stdout '^connected to /ip4/127.0.0.1/tcp/[0-9]+/p2p/12D3'")
	do("env SINSO_SWARM_PEERS=none")
	do("env SINSO_SWARM_ROUTING=http://127.0.0.1:9/routing/v1")
	do("exits 0 sinso init --data three")
	s.background("three", "THREE")
	do("exits 0 sinso status --data three")
	do("stdout '^asks http://127.0.0.1:9 for members: 0 times, 0 without an answer; 0 members found$'")
}
