package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// background runs a node until the test ends, and returns where it takes associations.
func (s *script) background(folder, aet string) (dimse string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(s.bin, "sinso"),
		"serve", "--data", folder, "--json", "--listen", "127.0.0.1:0", "--chain-listen", "127.0.0.1:0", "--dimse-listen", "127.0.0.1:0", "--aet", aet)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil && s.t.Context().Err() == nil {
			s.t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	var at served
	if err != nil || json.Unmarshal([]byte(line), &at) != nil {
		s.t.Fatalf("serve says %q, %v", line, err)
	}
	return at.DIMSE
}

// TestPeerCommands asks a running node for its study, sends it another, and does the
// same from a stopped node and through the socket of a running one.
func TestPeerCommands(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir, dir = dir, s.dir
	do := func(format string, args ...any) {
		t.Helper()
		line := fmt.Sprintf(format, args...)
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
	do("exits 0 sinso init --data them")
	do("exits 0 sinso import --data them %s", filepath.Join(dir, "chest"))
	do("exits 0 sinso peer add --data them US 127.0.0.1")
	host, port, err := net.SplitHostPort(s.background("them", "THEM"))
	if err != nil {
		t.Fatal(err)
	}
	do("env SINSO_AET=US")
	do("env SINSO_DIMSE_LISTEN=127.0.0.1:0")
	do("exits 0 sinso init --data us")
	do("exits 0 sinso peer add --data us THEM %s:%s", host, port)
	do("exits 0 sinso peer add --data us GONE 127.0.0.1:1")
	for _, where := range []string{"stopped", "running"} {
		if where == "running" {
			s.background("us", "US")
		}
		do("exits 0 sinso peer echo --data us THEM")
		do("stdout '^THEM answers in [0-9.]+ ms$'")
		do("exits 0 sinso peer echo --data us THEM --json")
		do("jsonkeys aet milliseconds tls")
		do("exits 10 sinso peer echo --data us NOBODY")
		do("exits 1 sinso peer echo --data us GONE")
		do("exits 2 sinso peer find --data us THEM --level limb")
		do("exits 2 sinso peer find --data us THEM --key Nonsense=1")
		do("exits 2 sinso peer pull --data us THEM")
		do("exits 2 sinso peer send --data us THEM")
		do("exits 0 sinso peer find --data us THEM --key PatientID=*")
		do("stdout '^StudyInstanceUID +PatientID .*\n[0-9.]+ '")
		do("exits 0 sinso peer find --data us THEM --json --level series --key Modality=CT")
		var found []map[string]struct {
			VR    string `json:"vr"`
			Value []any
		}
		if err := json.Unmarshal([]byte(s.stdout), &found); err != nil || len(found) != 1 || found[0]["0020000D"].VR != "UI" {
			t.Fatalf("%s: find says %q, %v", where, s.stdout, err)
		}
		study, _ := found[0]["0020000D"].Value[0].(string)
		do("exits 0 sinso peer pull --data us THEM --study %s --json", study)
		do("jsonkeys by objects received failed taken duplicates conflicts refused")
		var pulled node.PeerPulled
		want := node.PeerPulled{By: "get", Objects: 3, Received: 3, Taken: 3}
		if where == "running" {
			want.Taken, want.Duplicates = 0, 3
		}
		if err := json.Unmarshal([]byte(s.stdout), &pulled); err != nil || pulled != want {
			t.Errorf("%s: pull says %q, %v, want %+v", where, s.stdout, err, want)
		}
		do("exits 10 sinso peer pull --data us THEM --study 1.2.3")
		if strings.Contains(s.stderr, "1.2.3") {
			t.Errorf("%s: an error names a study: %q", where, s.stderr)
		}
		do("exits 0 sinso peer send --data us THEM %s", study)
		do("stdout '^3 of 3 objects sent$'")
		do("exits 10 sinso peer send --data us THEM 1.2.3")
		do("exits 1 sinso peer send --data us GONE %s", study)
		if where == "stopped" { // its study was listed
			do("exits 0 sinso study ls --data us --json")
			var studies []sinso.StudyRow
			if err := json.Unmarshal([]byte(s.stdout), &studies); err != nil || len(studies) != 1 || studies[0].Listed != 3 {
				t.Errorf("studies: %q, %v", s.stdout, err)
			}
		}
	}
}
