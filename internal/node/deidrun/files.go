package deidrun

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// bare strips the path from a file error: paths hold names of people.
func bare(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	var linkErr *os.LinkError
	if errors.As(err, &linkErr) {
		return linkErr.Err
	}
	return err
}

// removeAll removes files that may be there.
func removeAll(paths ...string) error {
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("deid: what an earlier run made cannot be removed: %w: %w", bare(err), sinso.ErrUnavailable)
		}
	}
	return nil
}

// removeTree removes a folder of this program's own.
func removeTree(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("deid: a temporary folder cannot be removed: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

// move gives a file that may be there another name, whatever has that.
func (r *run) move(from, to string) error {
	r.o.step()
	if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deid: a file cannot be moved: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

// syncDirs makes the names in folders durable.
func syncDirs(dirs ...string) error {
	for _, dir := range dirs {
		if err := durable.SyncDir(dir); err != nil {
			return fmt.Errorf("deid: the output cannot be made durable: %w: %w", bare(err), sinso.ErrUnavailable)
		}
	}
	return nil
}

// sumOf hashes a file that may be there.
func sumOf(path string) (sum id, there bool, err error) {
	file, err := os.Open(path) //nolint:gosec // a name of the run's own
	if errors.Is(err, fs.ErrNotExist) {
		return sum, false, nil
	}
	hash := sha256.New()
	if err == nil {
		_, err = io.Copy(hash, file)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return sum, false, fmt.Errorf("deid: a file that an earlier run made cannot be read: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return id(hash.Sum(nil)[:16]), true, nil
}
