package spool_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"sinso.dev/sinso"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/upload/spool"
)

// childEnv holds the work that this test binary does as a child, in JSON.
const childEnv = "SINSO_TEST_SPOOL"

// work is one process that appends to an upload until it is killed.
type work struct {
	Dir, KeyFile, Uploads string
	ID                    sinso.UploadID
}

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		if err := appendUntilKilled(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const stepBytes = 50_000

// appendUntilKilled tells each acknowledged offset at once.
func appendUntilKilled(text string) error {
	var w work
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return err
	}
	ctx := context.Background()
	keys, err := keyfile.Open(w.Dir, keyfile.Unlock{KeyFile: w.KeyFile}, rand.Reader)
	if err != nil {
		return err
	}
	s, err := spool.Open(ctx, spool.Config{Dir: w.Uploads, Keys: keys, Rand: rand.Reader, Clock: wall{}})
	if err != nil {
		return err
	}
	u, err := s.Upload(ctx, w.ID)
	if err != nil {
		return err
	}
	data := noise(int(u.Size))
	for at := u.Offset; at < u.Size; {
		n, err := s.Append(ctx, w.ID, at, bytes.NewReader(data[at:min(at+stepBytes, u.Size)]))
		if err != nil {
			return err
		}
		at += n
		fmt.Println(at)
	}
	return nil
}

// TestKilledProcessLosesNothingAcknowledged kills a process that appends, again and
// again: what it had acknowledged is there, and the upload ends in the bytes sent.
func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := work{Dir: filepath.Join(dir, "node", "keys"), KeyFile: filepath.Join(dir, "root.key"), Uploads: filepath.Join(dir, "node", "uploads")}
	keys, err := keyfile.Create(w.Dir, keyfile.Unlock{KeyFile: w.KeyFile}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	if err := keys.Create(t.Context(), sinso.KeyNode); err != nil {
		t.Fatal(err)
	}
	g := &rig{cfg: spool.Config{Dir: w.Uploads, Keys: keys, Rand: rand.Reader, Clock: wall{}}}
	g.reopen(t)
	w.ID = g.create(t, "owner", 40*stepBytes).ID
	told, kills := int64(0), 0
	for round := 0; ; round++ {
		last, ended := runChild(t, w, 1+round*3%5)
		told = max(told, last)
		g.reopen(t)
		if got := g.offset(t, w.ID); got < told || got%stepBytes != 0 {
			t.Fatalf("round %d: offset %d, but %d was acknowledged", round, got, told)
		}
		if ended {
			break
		}
		kills++
	}
	if kills < 5 {
		t.Errorf("the process was killed %d times, want 5 or more", kills)
	}
	if !bytes.Equal(g.content(t, w.ID), noise(40*stepBytes)) {
		t.Error("what is read is not what was appended")
	}
}

// runChild kills the process once it has told so many offsets, and returns the last one.
func runChild(t *testing.T, w work, offsets int) (last int64, ended bool) {
	t.Helper()
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+string(text))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
		if offsets--; offsets == 0 {
			_ = child.Process.Kill()
		}
	}
	return last, child.Wait() == nil
}
