// Package durable writes files that must survive kill -9 and loss of power, and
// locks folders. It is the one place that knows in which order to write, sync
// and rename. Its errors carry no class of the domain: callers add theirs.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrLocked says that another process holds the lock.
var ErrLocked = errors.New("locked by another process")

// WriteFile replaces the file at path by one that holds data, whole or not at
// all: it writes a temporary file beside it, syncs, renames it over path and
// syncs the folder. After it returns the new content survives loss of power.
// The old content is unlinked, not overwritten: where it lay on the disk it may
// stay until the space is used again.
func WriteFile(path string, data []byte, perm fs.FileMode) (err error) {
	temp, err := writeTemp(path, data, perm)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(fmt.Errorf("durable: rename: %w", err), os.Remove(temp))
	}
	return SyncDir(filepath.Dir(path))
}

// CreateFile is WriteFile for a file that must not be there yet: it returns an
// error that is [fs.ErrExist] if it is.
func CreateFile(path string, data []byte, perm fs.FileMode) error {
	temp, err := writeTemp(path, data, perm)
	if err != nil {
		return err
	}
	// A link fails where a rename would replace.
	err = os.Link(temp, path)
	if err = errors.Join(err, os.Remove(temp)); err != nil {
		return fmt.Errorf("durable: create: %w", err)
	}
	return SyncDir(filepath.Dir(path))
}

// writeTemp writes and syncs a temporary file in the folder of path.
func writeTemp(path string, data []byte, perm fs.FileMode) (name string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", fmt.Errorf("durable: temporary file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(data)
	if err == nil {
		err = file.Chmod(perm)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("durable: write: %w", err)
	}
	return file.Name(), nil
}

// SyncDir makes the names in a folder durable: files made, renamed or removed.
func SyncDir(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the caller's own folder
	if err != nil {
		return fmt.Errorf("durable: open folder: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("durable: sync folder: %w", err)
	}
	return nil
}

// Lock is a held lock.
type Lock struct{ file *os.File }

// TryLock takes the lock at path, a file that is made if it is not there, or
// returns [ErrLocked] at once. The lock ends with Unlock or with the process,
// however that ends; the file stays.
func TryLock(path string) (*Lock, error) { return openLock(path, false) }

// WaitLock takes the lock at path, waiting for whoever holds it.
func WaitLock(path string) (*Lock, error) { return openLock(path, true) }

func openLock(path string, wait bool) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the caller's own folder
	if err != nil {
		return nil, fmt.Errorf("durable: open lock: %w", err)
	}
	if err := flock(file, wait); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Lock{file}, nil
}

// Unlock gives the lock back. Closing the file is not enough: a process that is
// being started may hold a copy of it for a moment, and the lock with it.
func (l *Lock) Unlock() error {
	if err := errors.Join(unflock(l.file), l.file.Close()); err != nil {
		return fmt.Errorf("durable: unlock: %w", err)
	}
	return nil
}
