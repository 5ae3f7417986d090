//go:build unix

package ingest_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWalkHangsOnNothing meets a pipe that nobody writes to, a socket, a device and
// a file of the kernel that never ends.
func TestWalkHangsOnNothing(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(root, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(root, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	if err := os.Symlink("/dev/zero", filepath.Join(root, "device")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/proc/kmsg", filepath.Join(root, "kernel")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "last"), []byte("reached"))
	walk(t, root, root).is(t, map[string]string{
		"fifo": "!unreadable", "socket": "!unreadable", "device": "!unreadable", "kernel": "", "last": "reached",
	})
	walk(t, root, filepath.Join(root, "fifo")).is(t, map[string]string{"fifo": "!unreadable"})
}
