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
