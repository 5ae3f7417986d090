package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"sinso.dev/sinso"
)

// maxObjectBytes bounds one object. It and what is acknowledged with it go into
// one batch of the journal, which holds 1 GiB (docs/formats.md, "Journal").
const maxObjectBytes = 960 << 20

// Found is one file that Walk met: its item, or why it is none.
type Found struct {
	Item    sinso.Item
	Refusal *RefusalError // set if the bytes could not be read, or are not to be taken
}

// visitor is called with each file.
type visitor func(Found) error

func (v visitor) refuse(name sinso.PHI[string], reason sinso.Reason, format string, args ...any) error {
	return v(Found{sinso.Item{Name: name}, refuse(reason, format, args...)})
}

// Walk reads files, folders and zip files and calls fn with each file in them,
// from one goroutine: a folder's in lexical order, a zip's in the order of its
// list. A link to a folder is followed where it is one of paths, and nowhere
// else. Of a DICOMDIR that is one of paths the files that it lists are read. What cannot be read is passed on as refused and the walk goes on; an
// error of fn ends it. A path that does not exist is ErrNotFound, before anything
// of the others was read.
func Walk(ctx context.Context, paths []string, fn func(Found) error) error {
	for _, path := range paths {
		_, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("import: a path that was given is not there: %w", sinso.ErrNotFound)
		case err != nil:
			return fmt.Errorf("import: a path that was given cannot be read: %w: %w", reason(err), sinso.ErrInvalid)
		}
	}
	for _, path := range paths {
		walk := walkPath
		if isDirectory(path) {
			walk = walkDirectory
		}
		if err := walk(ctx, path, fn); err != nil {
			return err
		}
	}
	return nil
}

// reason strips the path from a file error: paths hold names of patients.
func reason(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func walkPath(ctx context.Context, root string, fn visitor) error {
	if info, err := os.Stat(root); err == nil && info.IsDir() {
		root += string(filepath.Separator) // WalkDir follows no link, but this it takes for the folder behind it
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name := sinso.NewPHI(path)
		if err != nil {
			return fn.refuse(name, ReasonUnreadable, "the file or folder cannot be read (%v)", reason(err))
		}
		if entry.IsDir() {
			return nil
		}
		info, err := os.Stat(path) // follows a link to a file
		switch {
		case err != nil:
			return fn.refuse(name, ReasonUnreadable, "the file cannot be read (%v)", reason(err))
		case info.IsDir():
			return fn.refuse(name, ReasonUnreadable, "this is a link to a folder, which is not followed: import that folder by itself")
		case !info.Mode().IsRegular():
			return fn.refuse(name, ReasonUnreadable, "this is a pipe, a socket or a device, and no file")
		case info.Size() == 0:
			return fn(Found{Item: sinso.Item{Name: name}}) // not opened: a kernel has files of no size that never end
		}
		return walkFile(ctx, path, name, fn)
	})
}

func walkFile(ctx context.Context, path string, name sinso.PHI[string], fn visitor) error {
	// A file that has become a pipe since it was looked at must not hang the walk.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fn.refuse(name, ReasonUnreadable, "the file cannot be read (%v)", reason(err))
	}
	defer func() { _ = file.Close() }() // read only
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return fn.refuse(name, ReasonUnreadable, "this is no longer a file")
	}
	return WalkFile(ctx, file, info.Size(), name, fn)
}

// WalkFile is [Walk] of one file that is no path: of size bytes, under a name that stays
// with what is in it.
func WalkFile(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string], fn func(Found) error) error {
	visit := visitor(fn)
	if IsZip(file) {
		return walkZip(ctx, file, size, name, visit)
	}
	if size > maxObjectBytes {
		return visit.refuse(name, ReasonTooLarge, "the file has %d bytes; one object may have %d", size, int64(maxObjectBytes))
	}
	data, err := readAll(ctx, io.NewSectionReader(file, 0, size+1), size) // one more, to see whether it grew
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return visit.refuse(name, ReasonUnreadable, "the file cannot be read to its end (%v)", reason(err))
	case int64(len(data)) != size:
		return visit.refuse(name, ReasonUnreadable, "the file changed while it was read: import it again when it is complete")
	}
	return fn(Found{Item: sinso.Item{Bytes: data, Name: name}})
}

// readAll reads what is expected to have size bytes, and at most one more.
func readAll(ctx context.Context, from io.Reader, size int64) ([]byte, error) {
	data := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	_, err := data.ReadFrom(io.LimitReader(cancellable(ctx, from), size+1))
	return data.Bytes(), err //nolint:wrapcheck // the caller says what was read
}

type readerFunc func([]byte) (int, error)

// Read implements [io.Reader].
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// cancellable ends a reader with its context, within a MiB.
func cancellable(ctx context.Context, from io.Reader) io.Reader {
	const step = 1 << 20
	return readerFunc(func(p []byte) (int, error) {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return from.Read(p[:min(len(p), step)])
	})
}
