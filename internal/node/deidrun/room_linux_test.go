package deidrun

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

// TestAFullDiskEndsTheRunAndRoomEndsItWell runs into a file system that is too small,
// and again when it has grown.
func TestAFullDiskEndsTheRunAndRoomEndsItWell(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=600k"); err != nil {
		t.Skip("needs the right to mount a small file system:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	const files = 400
	for i := range files {
		put(t, filepath.Join(in, fmt.Sprintf("%03d", i)), object{number: i}.part10(t))
	}
	whole := Options{In: in, Out: filepath.Join(dir, "whole"), Key: &[32]byte{1}}
	mustRun(t, whole)
	want := tree(t, whole.Out)
	contents := map[string]bool{}
	for _, sum := range want {
		contents[sum] = true
	}
	o := Options{In: in, Out: filepath.Join(disk, "out"), Key: &[32]byte{1}}
	for range 2 {
		_, err := Run(t.Context(), o)
		if !errors.Is(err, sinso.ErrUnavailable) || !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("got %v, want ErrUnavailable with ENOSPC", err)
		}
		for name, sum := range tree(t, o.Out) {
			if !contents[sum] {
				t.Errorf("%s is not whole", name)
			}
		}
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if got := mustRun(t, o); got.Clean != files {
		t.Errorf("with room: got %+v, want %d clean", got, files)
	}
	if diff := cmp.Diff(want, tree(t, o.Out)); diff != "" {
		t.Errorf("other files (-want +got):\n%s", diff)
	}
}
