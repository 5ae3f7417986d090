package pack

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
)

// TestNamesThatWereChangedAreCorrupt flips each bit of the file, cuts it at each byte,
// and adds to it: no name is read any more, and none is written over it.
func TestNamesThatWereChangedAreCorrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	cid := sinso.CIDOf(sinso.CodecRaw, []byte("a block"))
	for _, name := range []string{"latest", "backup-1"} {
		if err := p.SetName(t.Context(), name, cid); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, namesName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := [][]byte{append(append([]byte{}, whole...), '\n'), append(append([]byte{}, whole...), whole...), make([]byte, maxNamesBytes+2)}
	for i := range whole {
		damaged = append(damaged, whole[:i])
		flipped := append([]byte{}, whole...)
		flipped[i] ^= 1 << (i % 8)
		damaged = append(damaged, flipped)
	}
	for _, raw := range damaged {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Name(t.Context(), "latest"); !errors.Is(err, sinso.ErrCorrupt) {
			t.Fatalf("name in a file of %d bytes: got %s, %v, want ErrCorrupt", len(raw), got, err)
		}
		if err := p.SetName(t.Context(), "other", cid); !errors.Is(err, sinso.ErrCorrupt) {
			t.Fatalf("set in a file of %d bytes: got %v, want ErrCorrupt", len(raw), err)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Name(t.Context(), "latest"); err != nil || got != cid {
		t.Errorf("name in the file as it was: got %s, %v", got, err)
	}
}

// TestNamesSurviveLossOfPower cuts the power after each operation of a disk: a name that
// was acknowledged is there, and one that was not is there or is not.
func TestNamesSurviveLossOfPower(t *testing.T) {
	t.Parallel()
	first, second := sinso.CIDOf(sinso.CodecRaw, []byte("1")), sinso.CIDOf(sinso.CodecRaw, []byte("2"))
	for left := range 20 {
		d := newSimDisk()
		p, err := open(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.SetName(t.Context(), "latest", first); err != nil {
			t.Fatal(err)
		}
		d.left = left
		done := p.SetName(t.Context(), "latest", second) == nil
		again, err := open(d.crash(func() bool { return false }), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := again.Name(t.Context(), "latest")
		if err != nil || got != second && (done || got != first) {
			t.Errorf("power failed after %d operations, acknowledged %t: got %s, %v", left, done, got, err)
		}
	}
}
