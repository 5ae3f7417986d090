package ingest_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestWhatWalkFoundIsReadAgain by its name: files, entries of zips, entries of one name,
// and names that only look like an entry's.
func TestWhatWalkFoundIsReadAgain(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, entry := range [][2]string{{"a", "first"}, {"d/a", "other"}, {"a", "second"}, {"a!/b", "odd"}} {
		w, err := z.Create(entry[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(entry[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(root, "x!")
	if err := os.Mkdir(odd, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{"plain": []byte("whole"), "one.zip": packed.Bytes(), "two.zip": packed.Bytes(), "x!/in": []byte("in a folder"), "x!/z": packed.Bytes()} {
		if err := os.WriteFile(filepath.Join(root, path), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var again ingest.Again
	read := 0
	err := ingest.Walk(t.Context(), []string{root}, func(f ingest.Found) error {
		read++
		got, err := again.Read(t.Context(), f.Item.Name, func(data []byte) bool { return bytes.Equal(data, f.Item.Bytes) })
		if err != nil || !bytes.Equal(got, f.Item.Bytes) {
			t.Errorf("got %q, %v, want %q", got, err, f.Item.Bytes)
		}
		got, err = again.Read(t.Context(), f.Item.Name, func([]byte) bool { return false })
		if !errors.Is(err, sinso.ErrNotFound) || got != nil {
			t.Errorf("what is other bytes: got %q, %v, want ErrNotFound", got, err)
		}
		return nil
	})
	if err != nil || read != 14 {
		t.Errorf("%d files, %v", read, err)
	}
	for _, name := range []string{"gone", "gone.zip!/a", "one.zip!/gone", "plain!/a", "x!/gone", "!/"} {
		got, err := again.Read(t.Context(), sinso.NewPHI(filepath.Join(root, name)), func([]byte) bool { return true })
		if !errors.Is(err, sinso.ErrNotFound) || got != nil {
			t.Errorf("%s: got %q, %v, want ErrNotFound", name, got, err)
		}
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
