package ipfs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/ipfs"
)

func open(t *testing.T, dir string) *ipfs.Blobs {
	t.Helper()
	b, err := ipfs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	blobtest.TestBlobs(t, func(t *testing.T) blobtest.OpenBlobs {
		dir := filepath.Join(t.TempDir(), "made", "blocks")
		return func(t *testing.T) blobtest.BlobStore { return must[*ipfs.Blobs](t)(ipfs.Open(dir)) }
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	blobtest.TestNamed(t, func(t *testing.T) blobtest.OpenNamed {
		dir := t.TempDir()
		return func(t *testing.T) blobtest.NamedStore { return must[*ipfs.Blobs](t)(ipfs.Open(dir)) }
	})
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, dir)
	if _, err := ipfs.Open(dir); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

// fileOf finds the file of the one block.
func fileOf(t *testing.T, dir string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".data") {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("no file of a block: %v", err)
	}
	return found
}

// TestChangedBytesAreCorrupt: a flipped bit, a cut and a longer file are found by Get, and a
// Put of the block makes it whole again.
func TestChangedBytesAreCorrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, whole := open(t, dir), block("what was stored")
	put := func() {
		if err := b.Put(t.Context(), whole); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get(t.Context(), whole.CID); err != nil || string(got) != string(whole.Data) {
			t.Fatalf("get: got %q, %v", got, err)
		}
	}
	put()
	path := fileOf(t, dir)
	for name, data := range map[string]string{"flipped": "vhat was stored", "cut": "what", "empty": "", "longer": "what was stored, and more"} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get(t.Context(), whole.CID); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
		put()
	}
}

// TestWhatACutPutLeftIsRemoved: files that never got their name are gone when the folder is
// opened again, and what is no block is not listed.
func TestWhatACutPutLeftIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir)
	if err := b.Put(t.Context(), block("a")); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "raw", ".temp", "batch-1-1")
	foreign := filepath.Join(filepath.Dir(fileOf(t, dir)), "CIQFOREIGN.data")
	if err := errors.Join(os.MkdirAll(left, 0o700), os.WriteFile(filepath.Join(left, "CIQ.data"), []byte("in part"), 0o600), os.WriteFile(foreign, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	b = open(t, dir)
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a Put left: %v, want it gone", err)
	}
	var listed []sinso.CID
	if err := b.List(t.Context(), func(cid sinso.CID) error { listed = append(listed, cid); return nil }); err != nil || len(listed) != 1 {
		t.Errorf("got %v, %v, want the one block", listed, err)
	}
}

// TestAFolderOfAnotherKindIsRefused, and stays as it is.
func TestAFolderOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file, text string
		class      error
	}{
		"no flatfs":        {"raw/notes.txt", "private", sinso.ErrCorrupt},
		"damaged":          {"raw/SHARDING", "private", sinso.ErrCorrupt},
		"another sharding": {"raw/SHARDING", "/repo/flatfs/shard/v1/prefix/3\n", sinso.ErrUnsupported},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(tt.file))
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(tt.text), 0o600)); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the lock is given back
			if _, err := ipfs.Open(dir); !errors.Is(err, tt.class) {
				t.Errorf("%s: got %v, want %v", name, err, tt.class)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != tt.text {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestADamagedNameIsCorrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir)
	for _, text := range []string{"", "private", strings.Repeat("b", 1000)} {
		if err := os.WriteFile(filepath.Join(dir, "names", "latest"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Name(t.Context(), "latest"); !errors.Is(err, sinso.ErrCorrupt) || strings.Contains(err.Error(), "private") {
			t.Errorf("%q: got %v, want ErrCorrupt", text, err)
		}
	}
}
