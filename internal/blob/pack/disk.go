package pack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// disk is the little of a file system that a log needs: one folder of files.
// Tests put a model of a disk here that loses, tears and reorders what was not
// synced.
type disk interface {
	lock() (unlock func() error, err error) // ErrBusy if held
	list() ([]string, error)
	open(name string) (file, error)   // of a file that is there
	create(name string) (file, error) // empty, also if it was there
	remove(name string) error
	rename(from, to string) error         // over what is there, whole or not at all
	write(name string, data []byte) error // whole, durable when it returns
	syncDir() error
}

// file is one open file. Writes are durable after datasync.
type file interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	size() (int64, error)
	datasync() error
	startWriting(offset, length int64) // to the disk, without waiting for it; it need not
	Close() error
}

// osDisk is a folder of the operating system.
type osDisk struct{ dir string }

const lockFile = "lock"

func (d osDisk) lock() (func() error, error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return nil, fmt.Errorf("journal: make folder: %w", errors.Join(sinso.ErrUnavailable, err))
	}
	lock, err := durable.TryLock(filepath.Join(d.dir, lockFile))
	if errors.Is(err, durable.ErrLocked) {
		return nil, fmt.Errorf("journal: the folder is open in another process: %w", sinso.ErrBusy)
	}
	if err != nil {
		return nil, errors.Join(sinso.ErrUnavailable, err)
	}
	return lock.Unlock, nil
}

func (d osDisk) list() ([]string, error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

func (d osDisk) open(name string) (file, error) {
	return openOS(os.OpenFile(filepath.Join(d.dir, name), os.O_RDWR, 0))
}

func (d osDisk) create(name string) (file, error) {
	return openOS(os.OpenFile(filepath.Join(d.dir, name), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600))
}

func openOS(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (d osDisk) remove(name string) error { return os.Remove(filepath.Join(d.dir, name)) }

func (d osDisk) rename(from, to string) error {
	return os.Rename(filepath.Join(d.dir, from), filepath.Join(d.dir, to))
}

func (d osDisk) write(name string, data []byte) error {
	return durable.WriteFile(filepath.Join(d.dir, name), data, 0o600)
}

func (d osDisk) syncDir() error { return durable.SyncDir(d.dir) }

type osFile struct{ *os.File }

func (f osFile) size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f osFile) datasync() error { return durable.Datasync(f.File) }

func (f osFile) startWriting(offset, length int64) { durable.StartWriting(f.File, offset, length) }

// segmentName is the file name of a segment.
func segmentName(number uint32) string { return fmt.Sprintf("%08d%s", number, segmentSuffix) }

const (
	segmentSuffix = ".seg"
	markName      = "mark"
	// condensingName is the file that a segment is condensed into. It takes the
	// segment's name when it is whole.
	condensingName = "condensing"
)

// IsSegment reports whether a file of that name is a segment of a log.
func IsSegment(name string) bool {
	_, is := segmentNumber(name)
	return is
}

// segmentNumber reads a file name; ok is false for files that are no segments.
func segmentNumber(name string) (number uint32, ok bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok {
		return 0, false
	}
	if _, err := fmt.Sscanf(digits, "%d", &number); err != nil || segmentName(number) != name {
		return 0, false
	}
	return number, true
}

// window reads a file forward in pieces, so that headers that lie close cost one
// read, and headers that lie far apart do not read what is between them.
type window struct {
	file      file
	size      int64 // of what may be read
	condensed bool  // the segment is
	at        int64
	buf       []byte
}

// windowBytes holds the headers of a study's batch, and is small against the
// blocks between two of them.
const windowBytes = 8 << 10

// bytes returns n bytes at offset, which are valid until the next call. Fewer
// bytes than that left in the file is io.ErrUnexpectedEOF.
func (w *window) bytes(offset int64, n int) ([]byte, error) {
	if offset < 0 || offset > w.size || int64(n) > w.size-offset {
		return nil, io.ErrUnexpectedEOF
	}
	if offset < w.at || offset+int64(n) > w.at+int64(len(w.buf)) {
		size := min(int64(max(n, windowBytes)), w.size-offset)
		if int64(cap(w.buf)) < size {
			w.buf = make([]byte, size)
		}
		w.at, w.buf = offset, w.buf[:size]
		if err := readFull(w.file, w.buf, offset); err != nil {
			w.buf = w.buf[:0]
			return nil, err
		}
	}
	return w.buf[offset-w.at:][:n], nil
}

// readFull fills b from offset on; a file that is too short is
// io.ErrUnexpectedEOF.
func readFull(f io.ReaderAt, b []byte, offset int64) error {
	n, err := f.ReadAt(b, offset)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
