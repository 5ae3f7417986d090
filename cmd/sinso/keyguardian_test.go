package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGuardianCommands shares the root key of a stopped node among three guardians, loses it,
// has two of them give it back over the network, and shares it anew while the node runs.
func TestGuardianCommands(t *testing.T) {
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
	do("exits 0 sinso init --data node")
	do("exits 2 sinso key guardian new")
	for i := range 3 {
		do("exits 0 sinso key guardian new --key g%d.key", i)
		do("stdout '^sinso-guardian-public-1 '")
		if err := os.WriteFile(s.path(fmt.Sprintf("g%d.pub", i)), []byte(s.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do("exits 1 sinso key guardian new --key g0.key")
	const three = "--guardian g0.pub --guardian g1.pub --guardian g2.pub"
	do("exits 2 sinso key export --data node --shares 2/4 --to sealed %s", three)
	do("exits 2 sinso key export --data node --shares 2/3 --to - %s", three)
	do("exits 1 sinso key export --data node --shares 2/3 --to sealed --guardian g0.pub --guardian g1.pub --guardian g0.pub")
	do("stderr 'guardian 3 is there twice'")
	do("exits 0 sinso key export --data node --shares 2/3 --to sealed --json %s", three)
	do(`stdout '"what":"sealed","threshold":2,"identifier":[0-9]+,"files":."sealed/sealed-1-of-3.json",.*"words":..'`)
	do("exits 12 sinso key guardian open sealed/sealed-1-of-3.json --key g1.key")
	do("exits 0 sinso key guardian open sealed/sealed-1-of-3.json --key g0.key --json")
	do("jsonkeys file fingerprint guardian identifier member threshold words")
	do(`stdout '"member":1,"threshold":2,.*"file":"","words":""'`)
	do("exits 0 sinso key guardian open sealed/sealed-3-of-3.json --key g2.key --to words")
	do("exits 0 sinso key check words")

	do("mv node.key lost")
	url, code, end := s.waiting("sinso", "key", "recover", "--data", "node", "--guardians", "--listen", "127.0.0.1:0", "--json")
	do("exits 11 sinso key rotate --data node")
	do("exits 12 sinso key guardian give words --url %s --code %s", url, strings.Repeat("AAAA-", 7)+"AAAA")
	do("stderr 'your share was not sent'")
	do("exits 0 sinso key guardian give sealed/sealed-2-of-3.json --key g1.key --url %s --code %s --json", url, code)
	do(`stdout '"taken":1,"missing":1'`)
	do("exits 0 sinso key guardian give words --url %s --code %s", url, code)
	do("stdout '^taken: the root key is there$'")
	if answer := end(); !strings.Contains(answer, `"checked":true,"made":true,"rotated":false`) {
		t.Errorf("the recovery says %s", answer)
	}
	do("exits 0 cmp node.key lost")

	s.background("node", "NODE")
	do("exits 0 sinso key export --data node --shares 3/3 --to again %s", three)
	do("stdout '^wrote again/sealed-2-of-3.json, for guardian [0-9a-f]{16}$'")
	do("exits 0 sinso key guardian open again/sealed-1-of-3.json --key g0.key")
	do("stdout '^sound: share 1 of set [0-9]+, of which 3 are needed'")
	do("exits 1 sinso key export --data node --shares 2/3 --to third --guardian g0.pub --guardian g1.pub --guardian g0.key")
	do("stderr 'guardian 3: guardian: this is no guardian.s public key'")
}

// waiting starts a recovery by guardians, and returns where it listens, its code, and what
// waits for its end and returns the rest of its answer.
func (s *script) waiting(args ...string) (url, code string, end func() string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(s.bin, args[0]), args[1:]...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	var at struct{ URL, Code, Fingerprint string }
	if err != nil || json.Unmarshal([]byte(line), &at) != nil || at.Fingerprint == "" {
		s.t.Fatalf("recover says %q, %v", line, err)
	}
	return at.URL, at.Code, func() string {
		rest, err := io.ReadAll(lines)
		if err != nil {
			s.t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			s.t.Error(err)
		}
		return string(rest)
	}
}
