package ingest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"syscall"

	"sinso.dev/sinso"
)

// Again reads once more what [Walk] found, by the names that it gave. It keeps the last
// zip file open; one goroutine uses it at a time. The zero value is ready.
type Again struct {
	path    string // of the zip that is open
	file    *os.File
	entries map[string][]*zip.File
}

// Read returns the bytes of a file, or of an entry of a zip, of which is says that they
// are those that were found: a zip may have several entries of one name. It is
// ErrNotFound if there are none any more.
func (a *Again) Read(ctx context.Context, name sinso.PHI[string], is func([]byte) bool) ([]byte, error) {
	path := name.Reveal() // to open the file by
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() <= MaxHeld {
		return a.whole(ctx, path, is)
	}
	for at := 0; ; {
		next := strings.Index(path[at:], zipInside)
		if next < 0 {
			return nil, errGone
		}
		at += next
		if info, err := os.Stat(path[:at]); err == nil && info.Mode().IsRegular() {
			return a.entry(ctx, path[:at], path[at+len(zipInside):], is)
		}
		at += len(zipInside)
	}
}

var errGone = fmt.Errorf("import: a file is not there any more, or has changed: %w", sinso.ErrNotFound)

func (a *Again) whole(ctx context.Context, path string, is func([]byte) bool) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // a name that Walk gave
	if err != nil {
		return nil, errGone
	}
	defer func() { _ = file.Close() }() // read only
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > MaxHeld {
		return nil, errGone
	}
	data, err := readAll(ctx, file, info.Size())
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || !is(data) {
		return nil, errGone
	}
	return data, nil
}

func (a *Again) entry(ctx context.Context, path, entry string, is func([]byte) bool) ([]byte, error) {
	if path != a.path {
		if err := a.open(path); err != nil {
			return nil, err
		}
	}
	for _, e := range a.entries[entry] {
		found, _ := readZipEntry(ctx, e, sinso.PHI[string]{}, math.MaxInt64)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if found.Refusal == nil && is(found.Item.Bytes) {
			return found.Item.Bytes, nil
		}
	}
	return nil, errGone
}

// open opens a zip in the place of the last one.
func (a *Again) open(path string) error {
	if err := a.Close(); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // a name that Walk gave
	if err != nil {
		return errGone
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return errors.Join(errGone, file.Close())
	}
	files, err := listZip(file, info.Size())
	if err != nil {
		return errors.Join(errGone, file.Close())
	}
	a.path, a.file, a.entries = path, file, map[string][]*zip.File{}
	for _, e := range files {
		a.entries[e.Name] = append(a.entries[e.Name], e)
	}
	return nil
}

// Close closes what is open.
func (a *Again) Close() error {
	file := a.file
	*a = Again{}
	if file == nil {
		return nil
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("import: a zip file: %w: %w", reason(err), sinso.ErrUnavailable)
	}
	return nil
}

// errTooMany says that the list of a zip is longer than it may be.
var errTooMany = fmt.Errorf("import: the zip file lists more files than are allowed: %w", sinso.ErrInvalid)

// listZip reads the list of a zip, and no more of it than that may be.
func listZip(file io.ReaderAt, size int64) ([]*zip.File, error) {
	meter := &metered{file, maxZipDirectory}
	archive, err := zip.NewReader(meter, size)
	if errors.Is(err, zip.ErrInsecurePath) {
		err = nil // an entry's name is shown to its owner and is never a path
	}
	switch {
	case meter.left < 0 || err == nil && len(archive.File) > maxZipEntries:
		return nil, errTooMany
	case err != nil:
		return nil, fmt.Errorf("import: the zip file: %w: %w", err, sinso.ErrCorrupt)
	}
	meter.left = math.MaxInt64
	return archive.File, nil
}
