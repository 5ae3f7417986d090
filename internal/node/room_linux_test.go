package node

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sinso.dev/sinso"
)

// TestOpenOnAFullDiskEnds opens a node on a file system that is full: the store
// of the embedded chain must not be tried, since it never gives up.
func TestOpenOnAFullDiskEnds(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m"); err != nil {
		t.Skip("needs the right to mount a small file system:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	cfg, err := Config{Data: filepath.Join(disk, "node"), ChainListen: noChain}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Init(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	fill := filepath.Join(disk, "fill")
	if err := os.WriteFile(fill, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := Open(t.Context(), cfg, Options{})
	if !errors.Is(err, sinso.ErrUnavailable) || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("got %v, want ErrUnavailable with ENOSPC", err)
	}
	if n != nil {
		t.Error("got a node, want none")
	}
}
