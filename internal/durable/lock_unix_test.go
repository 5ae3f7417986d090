//go:build unix

package durable

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestUnlockWhileAProcessIsBeingStarted holds the lock's file open a second time,
// as a child does between fork and exec: the lock must be free all the same.
func TestUnlockWhileAProcessIsBeingStarted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := TryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	inherited, err := syscall.Dup(int(lock.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited) //nolint:errcheck // of the test alone
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := TryLock(path)
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	if err := again.Unlock(); err != nil {
		t.Fatal(err)
	}
}
