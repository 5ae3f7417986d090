package index

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childVariable names the file that this test program indexes a chain into, until it
// is killed.
const childVariable = "INDEX_TEST_FILE"

// grown is the same simulated chain, with the same forks, in each process.
func grown(step func(*sim)) *sim {
	s := newSim(77)
	for i := range 40 {
		s.live(15)
		if i%3 == 1 {
			depth := 1 + s.IntN(64)
			s.fork(depth)
			s.live(depth + 1)
		}
		s.settle(uint64(max(len(s.canon)-70, 0)))
		step(s)
	}
	return s
}

// TestKilledChild is the child of the test below, and does nothing by itself.
func TestKilledChild(t *testing.T) {
	path := os.Getenv(childVariable)
	if path == "" {
		return
	}
	var x *Index
	grown(func(s *sim) {
		if x == nil {
			x = open(t, path, of(s))
			_, _ = os.Stdout.WriteString("ready\n")
		}
		catchUp(t, x)
	})
}

// TestKill: a process that is killed at any moment leaves a file that is whole, and
// from which the index comes to the same end.
func TestKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "index.db")
	for _, after := range []time.Duration{20, 150, 400, 900} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledChild$")
		child.Env = append(os.Environ(), childVariable+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.TrimSpace(lines.Text()) == "ready" {
				break
			}
		}
		time.Sleep(after * time.Millisecond) // the kill comes at some moment of its work
		_ = child.Process.Kill()
		_ = child.Wait() // it was killed
		s := grown(func(*sim) {})
		x := open(t, path, of(s))
		catchUp(t, x)
		same(t, x, s)
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
