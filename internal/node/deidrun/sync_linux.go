package deidrun

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"sinso.dev/sinso"
)

// syncfsCalls are the numbers of syncfs(2), which package syscall lacks
// (linux/arch/*/entry/syscalls/*.tbl, include/uapi/asm-generic/unistd.h).
var syncfsCalls = map[string]uintptr{"amd64": 306, "386": 344, "arm": 373, "arm64": 267, "riscv64": 267, "loong64": 267, "ppc64le": 348, "s390x": 338}

// groupSync reports whether many files can be made durable by one call. If not, each
// is synced when it is written.
func groupSync() bool { return syncfsCalls[runtime.GOARCH] != 0 }

// syncFiles makes all files durable that were written in the file system of dir. One
// call for a thousand files costs the disk what one file does.
func syncFiles(dir string) error {
	if !groupSync() {
		return nil
	}
	folder, err := os.Open(dir) //nolint:gosec // the run's own folder
	if err != nil {
		return fmt.Errorf("deid: the output cannot be made durable: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	defer folder.Close() //nolint:errcheck // read only
	for {
		_, _, errno := syscall.Syscall(syncfsCalls[runtime.GOARCH], folder.Fd(), 0, 0)
		switch {
		case errno == 0:
			return nil
		case errors.Is(errno, syscall.EINTR):
			continue
		}
		return fmt.Errorf("deid: the output cannot be made durable: %w: %w", errno, sinso.ErrUnavailable)
	}
}
