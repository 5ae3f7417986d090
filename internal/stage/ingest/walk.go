package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
)

// Limits on what a path may hold. A zip's own sizes are not believed: entries
// are read through a limit.
const (
	maxObjectBytes = 2 << 30 // one object, as PS3.5 bounds a defined length
	maxZipEntries  = 1 << 20
	maxZipBytes    = 256 << 30 // of all entries of one zip together
	maxZipRatio    = 1100      // what DEFLATE can reach at best is about 1,032
	zipRatioFrom   = 64 << 20  // below this an entry may inflate as it likes
)

// Found is one file that Walk met: its item, or why it is none.
type Found struct {
	Item    sinso.Item
	Refusal *RefusalError // set if the bytes could not be read, or are not to be taken
}

// Walk reads files, folders and zip files and calls fn with each file in them,
// in lexical order, from one goroutine. What cannot be read is passed on as
// refused and the walk goes on; an error of fn ends it. A path that does not
// exist is an error of the call: nothing of it could have been taken.
func Walk(ctx context.Context, paths []string, fn func(Found) error) error {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("import: cannot read the path given: %w: %w", reason(err), sinso.ErrNotFound)
		}
	}
	for _, path := range paths {
		if err := walkPath(ctx, path, fn); err != nil {
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

func walkPath(ctx context.Context, root string, fn func(Found) error) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name := sinso.NewPHI(path)
		if err != nil {
			return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "the file or folder cannot be read (%v)", reason(err))})
		}
		if entry.IsDir() {
			return nil
		}
		info, err := os.Stat(path) // follows a link that was given or stands in a folder
		switch {
		case err != nil:
			return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "the file cannot be read (%v)", reason(err))})
		case info.IsDir():
			return nil // a link to a folder: followed only where it was given
		case !info.Mode().IsRegular():
			return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "this is not a regular file")})
		case info.Size() > maxObjectBytes && !strings.EqualFold(filepath.Ext(path), ".zip"):
			return fn(Found{sinso.Item{Name: name}, refuse(ReasonTooLarge, "the file has %d bytes; one object may have %d", info.Size(), int64(maxObjectBytes))})
		}
		return walkFile(ctx, path, name, info.Size(), fn)
	})
}

var zipMagic = []byte("PK\x03\x04")

func walkFile(ctx context.Context, path string, name sinso.PHI[string], size int64, fn func(Found) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "the file cannot be read (%v)", reason(err))})
	}
	defer func() { _ = file.Close() }() // read only
	var head [4]byte
	if n, _ := io.ReadFull(file, head[:]); n == len(head) && bytes.Equal(head[:], zipMagic) {
		return walkZip(ctx, file, size, name, fn)
	}
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "the file cannot be read to its end (%v)", reason(err))})
	}
	return fn(Found{Item: sinso.Item{Bytes: data, Name: name}})
}

func walkZip(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string], fn func(Found) error) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return fn(Found{sinso.Item{Name: name}, refuse(ReasonUnreadable, "the zip file is damaged: its list of files cannot be read")})
	}
	if len(archive.File) > maxZipEntries {
		return fn(Found{sinso.Item{Name: name}, refuse(ReasonTooLarge, "the zip file lists %d files; %d are allowed", len(archive.File), maxZipEntries)})
	}
	left := int64(maxZipBytes)
	for _, entry := range archive.File {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if entry.FileInfo().IsDir() {
			continue
		}
		// The entry's name goes where the file's own name goes: to its owner.
		found := readZipEntry(entry, sinso.NewPHI(name.Reveal()+"!"+entry.Name), left)
		left -= int64(len(found.Item.Bytes))
		if err := fn(found); err != nil {
			return err
		}
	}
	return nil
}

func readZipEntry(entry *zip.File, name sinso.PHI[string], left int64) Found {
	item := sinso.Item{Name: name}
	limit := min(int64(maxObjectBytes), left, max(zipRatioFrom, int64(min(entry.CompressedSize64, maxObjectBytes))*maxZipRatio))
	reader, err := entry.Open()
	if err != nil {
		return Found{item, refuse(ReasonUnreadable, "this file in the zip cannot be read: it is encrypted, damaged or packed by an unknown method")}
	}
	defer func() { _ = reader.Close() }() // read only
	var data bytes.Buffer
	data.Grow(int(min(entry.UncompressedSize64, zipRatioFrom, uint64(max(limit, 0)))))
	n, err := io.Copy(&data, io.LimitReader(reader, limit+1))
	switch {
	case n > limit:
		return Found{item, refuse(ReasonTooLarge, "this file in the zip unpacks to more than the %d bytes allowed for it", limit)}
	case err != nil:
		return Found{item, refuse(ReasonUnreadable, "this file in the zip is damaged: its checksum or its data is wrong")}
	}
	item.Bytes = data.Bytes()
	return Found{Item: item}
}
