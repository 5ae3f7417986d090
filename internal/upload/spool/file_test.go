package spool_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestTornTailIsCutOff ends the file of an upload at each byte of its last part, and
// puts zeros in its place, as a crash may leave it.
func TestTornTailIsCutOff(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 600)
	g.append(t, u.ID, 0, noise(100))
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g.append(t, u.ID, 100, noise(200))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for end := len(before); end <= len(whole); end++ {
		for _, zeros := range []int{0, len(whole) - end} {
			torn := append(slices.Clone(whole[:end]), make([]byte, zeros)...)
			if err := os.WriteFile(path, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			g.reopen(t)
			want := int64(100)
			if bytes.Equal(torn, whole) {
				want = 300
			}
			if got := g.offset(t, u.ID); got != want || g.Damaged() != 0 {
				t.Fatalf("%d bytes of %d and %d zeros: offset %d, want %d", end, len(whole), zeros, got, want)
			}
			g.append(t, u.ID, want, noise(7))
			g.reopen(t)
			if got := g.offset(t, u.ID); got != want+7 {
				t.Fatalf("after going on: offset %d, want %d", got, want+7)
			}
		}
	}
}

// TestChangedFilesAreRefusedOrShorter flips every byte of a file in turn: it is never
// read as something else.
func TestChangedFilesAreRefusedOrShorter(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	data := noise(60)
	u := g.create(t, "owner", len(data))
	g.append(t, u.ID, 0, data[:30])
	g.append(t, u.ID, 30, data[30:])
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		changed := slices.Clone(whole)
		changed[i] ^= 0x41
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		g.reopen(t)
		got, err := g.Upload(t.Context(), u.ID)
		switch {
		case errors.Is(err, sinso.ErrNotFound) && g.Damaged() == 1:
			continue
		case err != nil || got.Name.Reveal() != u.Name.Reveal() || got.Size != u.Size:
			t.Fatalf("byte %d: got %+v, %v", i, got, err)
		case got.Offset < got.Size:
			continue
		}
		r, err := g.Open(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(io.NewSectionReader(r, 0, got.Size))
		if err == nil && !bytes.Equal(read, data) || err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			t.Fatalf("byte %d: read %q, %v", i, read, err)
		}
		_ = r.Close()
	}
}

func TestForeignFilesAreLeft(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 10)
	another := "u_" + strings.Repeat("a", 26)
	whole, err := os.ReadFile(filepath.Join(g.cfg.Dir, string(u.ID)))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"notes.txt": []byte("x"), another: whole, ".u_cut.1": whole, "u_": nil} {
		if err := os.WriteFile(filepath.Join(g.cfg.Dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g.reopen(t)
	if g.Damaged() != 3 {
		t.Errorf("%d damaged, want 3: a file under another name is not read", g.Damaged())
	}
	if _, err := g.Upload(t.Context(), sinso.UploadID(another)); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("under another name: %v", err)
	}
	if _, err := os.Stat(filepath.Join(g.cfg.Dir, ".u_cut.1")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a cut write left: %v", err)
	}
	g.offset(t, u.ID)
}
