package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node/deidrun"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// TestDeidEndsOnInterruptAndGoesOn sends SIGINT to a run that has written some files,
// and runs the same command again.
func TestDeidEndsOnInterruptAndGoesOn(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	one, err := filepath.Glob(s.path("chest/*"))
	if err != nil || len(one) == 0 {
		t.Fatalf("got %d slices, %v", len(one), err)
	}
	if err := os.Mkdir(s.path("many"), 0o700); err != nil {
		t.Fatal(err)
	}
	const files, some = 50, 1 << 10 // of half a MiB each, under many names; bytes of what is written down of one
	for i := range files {
		if err := os.Symlink(one[0], s.path(fmt.Sprintf("many/%05d", i))); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sinso", "deid", "--jobs", "1", "many", "out")
	cmd.Path = filepath.Join(s.bin, "sinso")
	cmd.Err = nil
	cmd.Dir, cmd.Env = s.dir, s.env
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if journal, err := os.Stat(s.path("out/.sinso-deid/journal")); err == nil && journal.Size() >= some {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted || !strings.Contains(errOut.String(), "the same command goes on") {
		t.Fatalf("got %v, want exit %d and how to go on:\n%s", err, exitInterrupted, errOut.String())
	}
	if err := s.exits([]string{"0", "sinso", "deid", "many", "out"}); err != nil {
		t.Fatalf("%v\n%s", err, s.stderr)
	}
	if !strings.Contains(s.stdout, "50 files: 1 clean, 0 withheld, 0 not read, 0 skipped, 49 duplicates") || !strings.Contains(s.stdout, "of them were done by an earlier run") {
		t.Errorf("got %s", s.stdout)
	}
}

// TestDeidTakesFacesOutOfFolders where the profile asks for it, and says in the report how
// much was changed; where it does not, the head is withheld though it is named a chest.
func TestDeidTakesFacesOutOfFolders(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	s := newScript(t, programDir(t))
	series := headphantom.Series{Name: "A", BodyPart: "CHEST"}
	series.Volume = headphantom.HeadFirst(headphantom.CT(), 8).Measure(headphantom.Adult().At)
	objects, err := series.Objects()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.path("head"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, object := range objects {
		if err := os.WriteFile(s.path(fmt.Sprintf("head/%02d", i)), object, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.exits([]string{"3", "sinso", "deid", "head", "held"}); err != nil || !strings.Contains(s.stdout, fmt.Sprintf("%d face: ", len(objects))) {
		t.Errorf("under the default profile: %v\n%s", err, s.stdout)
	}
	if err := s.exits([]string{"0", "sinso", "deid", "--profile", "research-sale-defaced", "--report", "report", "head", "out"}); err != nil {
		t.Fatalf("%v\n%s", err, s.stderr)
	}
	if want := fmt.Sprintf("%d of the clean show a head, and no face any more", len(objects)); !strings.Contains(s.stdout, want) {
		t.Errorf("got %s, want %q", s.stdout, want)
	}
	report, err := os.ReadFile(s.path("report"))
	if err != nil || !strings.Contains(string(report), `"face":true,"found":"head","faceless":true,"changed":0.`) {
		t.Errorf("the report does not tell of the face: %v", err)
	}
}

// TestDeidSaysNothingOfBytesItDoesNotHave: what a node says of an object that cannot be
// read is not said of a file whose bytes never came.
func TestDeidSaysNothingOfBytesItDoesNotHave(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	deidOptions{}.print(&out, deidrun.Result{Files: 2, Refused: 1, Withheld: 1, Reasons: map[sinso.Reason]int{"unreadable": 1, "face": 1}})
	if text := out.String(); !strings.Contains(text, "  1 unreadable\n") || !strings.Contains(text, "  1 face: a head is in it") {
		t.Errorf("got\n%s", text)
	}
}
