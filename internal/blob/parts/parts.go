// Package parts keeps the sealed parts of shares (port [sinso.Parts]) as files, a folder
// for each share, so that what a share had is gone from the disk's folders when it ends:
// the journal forgets nothing.
package parts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Folder is a folder of shares. Its methods may be called from several goroutines; the
// caller sees to it that none puts a part while its share is removed.
type Folder struct{ dir string }

var _ sinso.Parts = (*Folder)(nil)

// Open opens folder dir, or makes it.
func Open(dir string) (*Folder, error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	return &Folder{dir}, nil
}

// makeDir makes a folder, durably, if it is not there.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = durable.SyncDir(filepath.Dir(dir))
	}
	if err != nil {
		return unavailable("make a folder", err)
	}
	return nil
}

// unavailable leaves out what the operating system says of paths: they name shares.
func unavailable(what string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("parts: %s: %w: %w", what, err, sinso.ErrUnavailable)
}

// of returns the folder of a share. An id is a file name that leads nowhere else.
func (f *Folder) of(share sinso.ShareID) (string, error) {
	if !isName(string(share)) {
		return "", fmt.Errorf("parts: this is no id of a share: %w", sinso.ErrInvalid)
	}
	return filepath.Join(f.dir, string(share)), nil
}

func isName(text string) bool {
	digits, ok := strings.CutPrefix(text, "l_")
	return ok && digits != "" && strings.Trim(digits, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// file returns the path of a part.
func (f *Folder) file(share sinso.ShareID, part int) (string, error) {
	dir, err := f.of(share)
	if err == nil && part < 0 {
		err = fmt.Errorf("parts: part %d: %w", part, sinso.ErrInvalid)
	}
	return filepath.Join(dir, strconv.Itoa(part)), err
}

// Put implements [sinso.Parts].
func (f *Folder) Put(ctx context.Context, share sinso.ShareID, part int, sealed []byte) error {
	path, err := f.file(share, part)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("parts: put: %w", err)
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := durable.WriteFile(path, sealed, 0o600); err != nil {
		return unavailable("put", err)
	}
	return nil
}

// Open implements [sinso.Parts].
func (f *Folder) Open(ctx context.Context, share sinso.ShareID, part int) (io.ReadCloser, int64, error) {
	path, err := f.file(share, part)
	if err != nil {
		return nil, 0, err
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, fmt.Errorf("parts: open: %w", err)
	}
	file, err := os.Open(path) //nolint:gosec // below our own folder: see of
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("parts: part %d: %w", part, sinso.ErrNotFound)
	}
	if err != nil {
		return nil, 0, unavailable("open", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(unavailable("open", err), file.Close())
	}
	return file, info.Size(), nil
}

// Has implements [sinso.Parts].
func (f *Folder) Has(ctx context.Context, share sinso.ShareID, part int) (bool, error) {
	path, err := f.file(share, part)
	if err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("parts: has: %w", err)
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, unavailable("has", err)
	}
	return true, nil
}

// Remove implements [sinso.Parts].
func (f *Folder) Remove(ctx context.Context, share sinso.ShareID) error {
	dir, err := f.of(share)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("parts: remove: %w", err)
	}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return unavailable("remove", err)
	}
	if err := durable.SyncDir(f.dir); err != nil {
		return unavailable("remove", err)
	}
	return nil
}

// List implements [sinso.Parts].
func (f *Folder) List(ctx context.Context, fn func(sinso.ShareID) error) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return unavailable("list", err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("parts: list: %w", err)
		}
		if !isName(entry.Name()) {
			continue
		}
		if err := fn(sinso.ShareID(entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
