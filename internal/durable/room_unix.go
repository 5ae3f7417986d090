//go:build unix

package durable

import (
	"fmt"
	"syscall"
)

// Room returns the bytes that may still be written to the file system of a folder, and
// how many it has in all. Quotas are not in it.
func Room(dir string) (free, total int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("durable: room: %w", err)
	}
	block := int64(s.Bsize)                                      //nolint:unconvert // its type is another on each system
	return int64(s.Bavail) * block, int64(s.Blocks) * block, nil //nolint:gosec // a file system has fewer bytes
}
