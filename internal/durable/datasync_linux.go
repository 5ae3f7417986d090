package durable

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Datasync makes a file's bytes and size durable, but not its times, which
// saves a journal write of the file system.
func Datasync(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("durable: fdatasync: %w", err)
		}
		return nil
	}
}

// StartWriting has the system begin to write a part of a file to the disk, so that a
// sync that follows has less to wait for. It promises nothing.
func StartWriting(file *os.File, offset, length int64) {
	const page, write = 4 << 10, 2 // SYNC_FILE_RANGE_WRITE of linux/fs.h
	end := (offset + length) &^ (page - 1)
	offset &^= page - 1 // a page that is half full is written again
	if end > offset {
		_ = syscall.SyncFileRange(int(file.Fd()), offset, end-offset, write) // the sync does it all
	}
}
