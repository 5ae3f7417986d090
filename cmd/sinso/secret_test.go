//go:build linux

package main

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// typed runs a line in a terminal (script of util-linux), and types an answer each time that
// its prompt stands there. It returns all that the terminal showed.
func (s *script) typed(line string, answers ...[2]string) string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "script", "-qec", strings.Replace(line, "sinso", filepath.Join(s.bin, "sinso"), 1), "/dev/null")
	cmd.Dir, cmd.Env = s.dir, s.env
	in, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("script of util-linux: %v", err)
	}
	var shown bytes.Buffer
	var reading sync.WaitGroup
	reading.Go(func() {
		for from := bufio.NewReader(out); ; {
			b, err := from.ReadByte()
			if err != nil {
				return
			}
			shown.WriteByte(b)
			if len(answers) > 0 && strings.HasSuffix(shown.String(), answers[0][0]) {
				// The prompt comes before the terminal is told not to show what is typed.
				time.Sleep(100 * time.Millisecond)
				_, _ = io.WriteString(in, answers[0][1]+"\n")
				answers = answers[1:]
			}
		}
	})
	reading.Wait()
	if err := cmd.Wait(); err != nil {
		s.t.Fatalf("%s: %v\n%s", line, err, shown.String())
	}
	if len(answers) > 0 {
		s.t.Fatalf("%s: nobody asked for %q\n%s", line, answers[0][0], shown.String())
	}
	return shown.String()
}

// TestSecretsAreTypedUnseen makes, opens and recovers a node with a passphrase on a terminal:
// the phrase is shown once, and what is typed is not shown.
func TestSecretsAreTypedUnseen(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	const first, second = "correct horse battery staple", "another horse battery staple"
	shown := s.typed("sinso init --data node --passphrase", [2]string{"12 characters or more: ", first}, [2]string{"once more: ", first})
	phrase := strings.Join(regexp.MustCompile(`(?m)^  (([a-z]+ ){5}[a-z]+)\r?$`).FindAllString(shown, -1), " ")
	if n := len(strings.Fields(phrase)); n != 24 || !strings.Contains(shown, "Write the words down") {
		t.Fatalf("got %d words, want 24:\n%s", n, shown)
	}
	phrase = strings.Join(strings.Fields(phrase), " ")
	shown += s.typed("sinso status --data node", [2]string{"passphrase of the node: ", first})
	told := s.typed("sinso key recover --data node", [2]string{"(not shown): ", "abandon about"}, [2]string{"(not shown): ", phrase},
		[2]string{"12 characters or more: ", second}, [2]string{"once more: ", second})
	if !strings.Contains(told, "that is none: a recovery phrase has 24 words") || !strings.Contains(told, "Its recovery phrase:") {
		t.Errorf("got %s", told)
	}
	if strings.Contains(told, phrase) || strings.Contains(shown+told, first) || strings.Contains(shown+told, second) {
		t.Error("what was typed was shown")
	}
	s.typed("sinso status --data node", [2]string{"passphrase of the node: ", second})
}
