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

const (
	// Large is from how many bytes on a file is not held in memory, as a rule.
	Large = 64 << 20
	// MaxHeld bounds one object that is held in memory. It and what is acknowledged with
	// it go into one batch of the journal, which holds 1 GiB (docs/formats.md, "Journal").
	MaxHeld = 960 << 20
	// maxLarge bounds one that is read in parts: of so many bytes a fingerprint is told
	// not to collide (docs/formats.md, "Names").
	maxLarge = 64 << 30
)

// Found is one file that Walk met: its item, or why it is none.
type Found struct {
	Item    sinso.Item
	Refusal *RefusalError // set if the bytes could not be read, or are not to be taken
}

// visitor is called with each file.
type visitor struct {
	Walker
	visit func(Found) error
}

func (v visitor) refuse(name sinso.PHI[string], reason sinso.Reason, format string, args ...any) error {
	return v.visit(Found{sinso.Item{Name: name}, refuse(reason, format, args...)})
}

// Walker reads files, folders and zip files.
type Walker struct {
	// Large is how many bytes a file may have that is held in memory: the item of a larger
	// one has its Content, which is there until the function that is called with it returns.
	// 0: every item has its Bytes, and what memory does not hold is refused.
	Large int64
}

// Walk is [Walker.Walk] where nothing is large.
func Walk(ctx context.Context, paths []string, fn func(Found) error) error {
	return Walker{}.Walk(ctx, paths, fn)
}

// WalkFile is [Walker.File] where nothing is large.
func WalkFile(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string], fn func(Found) error) error {
	return Walker{}.File(ctx, file, size, name, fn)
}

// Walk reads files, folders and zip files and calls fn with each file in them,
// from one goroutine: a folder's in lexical order, a zip's in the order of its
// list. A link to a folder is followed where it is one of paths, and nowhere
// else. Of a DICOMDIR that is one of paths the files that it lists are read. What cannot be read is passed on as refused and the walk goes on; an
// error of fn ends it. A path that does not exist is ErrNotFound, before anything
// of the others was read.
func (w Walker) Walk(ctx context.Context, paths []string, fn func(Found) error) error {
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
		if err := walk(ctx, path, visitor{w, fn}); err != nil {
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
			return fn.visit(Found{Item: sinso.Item{Name: name}}) // not opened: a kernel has files of no size that never end
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
	return fn.file(ctx, file, info.Size(), name)
}

// File is [Walker.Walk] of one file that is no path: of size bytes, under a name that stays
// with what is in it.
func (w Walker) File(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string], fn func(Found) error) error {
	return visitor{w, fn}.file(ctx, file, size, name)
}

func (v visitor) file(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string]) error {
	most := int64(MaxHeld)
	if v.Large > 0 {
		most = maxLarge
	}
	switch {
	case IsZip(file):
		return walkZip(ctx, file, size, name, v)
	case size > most:
		return v.refuse(name, ReasonTooLarge, "the file has %d bytes; one object may have %d", size, most)
	case v.Large > 0 && size > v.Large:
		return v.visit(Found{Item: sinso.Item{Content: newSteady(ctx, file, size), Name: name}})
	}
	data, err := readAll(ctx, io.NewSectionReader(file, 0, size+1), size) // one more, to see whether it grew
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return v.refuse(name, ReasonUnreadable, "the file cannot be read to its end (%v)", reason(err))
	case int64(len(data)) != size:
		return v.refuse(name, ReasonUnreadable, saysChanged)
	}
	return v.visit(Found{Item: sinso.Item{Bytes: data, Name: name}})
}

const saysChanged = "the file changed while it was read: import it again when it is complete"

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
