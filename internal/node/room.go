package node

import (
	"fmt"
	"os"

	"sinso.dev/sinso"
)

// minRoom is how much room the embedded chain is opened with, in bytes. Its store
// writes about a tenth of it when it opens, and tries for ever where it cannot
// (measured on a file system of 40 MiB, Pebble 2.1).
const minRoom = 8 << 20

// hasRoom is ErrUnavailable if so many bytes cannot be written into dir. They are
// written, since quotas are in no count of free blocks, and removed.
func hasRoom(dir string, size int) (err error) {
	file, err := os.CreateTemp(dir, "room-")
	if err == nil {
		_, err = file.Write(make([]byte, size))
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
	if err != nil {
		return fmt.Errorf("node: the embedded chain needs %d MiB of room to open: %w: %w", size>>20, err, sinso.ErrUnavailable)
	}
	return nil
}
