package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// Limits on a zip file. Nothing that it says of itself is believed: what is read
// is counted.
const (
	maxZipEntries   = 1 << 19
	maxZipDirectory = 64 << 20  // bytes of the list of files; read, it takes up to about ten times as many
	maxZipBytes     = 256 << 30 // of all entries together
	zipFree         = 256 << 20 // bytes that any zip may unpack to
	zipRatio        = 128       // beyond them, of its own size: images and masks that are mostly background reach some hundred
)

// zipEncrypted is the bit of an entry's flags that says so (APPNOTE.TXT §4.4.4).
const zipEncrypted = 1

const (
	zipStart  = "PK\x03\x04" // of the first entry (APPNOTE.TXT §4.3.7)
	zipNoFile = "PK\x05\x06" // of a zip without one (§4.3.16)
	zipInside = "!/"         // between the name of a zip and of its entry
	prefixEnd = 132          // preamble and "DICM" (PS3.10 §7.1)
)

// IsZip reports whether a file begins as a zip does. A DICOM file may begin so
// too: the 128 bytes of its preamble are free.
func IsZip(file io.ReaderAt) bool {
	var head [prefixEnd]byte
	n, _ := file.ReadAt(head[:], 0) // what cannot be read is found when it is read whole
	return isZip(head[:n])
}

func isZip(head []byte) bool {
	if len(head) >= prefixEnd && string(head[prefixEnd-4:prefixEnd]) == "DICM" {
		return false
	}
	return bytes.HasPrefix(head, []byte(zipStart)) || bytes.HasPrefix(head, []byte(zipNoFile))
}

// metered counts what is read, and fails when it is too much.
type metered struct {
	io.ReaderAt
	left int64
}

var errMeter = errors.New("more was read than is allowed")

// ReadAt implements [io.ReaderAt].
func (m *metered) ReadAt(p []byte, at int64) (int, error) {
	n, err := m.ReaderAt.ReadAt(p, at)
	if m.left -= int64(n); m.left < 0 {
		return 0, errMeter
	}
	return n, err
}

// At returns the bytes of what [WalkFile] calls its function with as the n-th, from 0, and
// unpacks nothing else. ErrNotFound if there is no such, a *RefusalError if it is refused.
func At(ctx context.Context, file io.ReaderAt, size int64, n int) ([]byte, error) {
	if IsZip(file) {
		return atInZip(ctx, file, size, n)
	}
	if n != 0 {
		return nil, fmt.Errorf("ingest: object %d: %w", n, sinso.ErrNotFound)
	}
	var found Found
	err := WalkFile(ctx, file, size, sinso.PHI[string]{}, func(f Found) error {
		found = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found.Item.Bytes, asError(found.Refusal)
}

func atInZip(ctx context.Context, file io.ReaderAt, size int64, n int) ([]byte, error) {
	list, err := listZip(file, size)
	if err != nil {
		return nil, refuse(ReasonUnreadable, "the list of files in the zip file cannot be read")
	}
	list = slices.DeleteFunc(list, isFolder)
	if n < 0 || n >= len(list) {
		return nil, fmt.Errorf("ingest: object %d: %w", n, sinso.ErrNotFound)
	}
	found, _ := readZipEntry(ctx, list[n], sinso.PHI[string]{}, MaxHeld)
	if ctx.Err() != nil {
		return nil, ctx.Err() //nolint:wrapcheck // the caller's own
	}
	return found.Item.Bytes, asError(found.Refusal)
}

// asError is a refusal as an error; nil is none.
func asError(refusal *RefusalError) error {
	if refusal == nil {
		return nil
	}
	return refusal
}

func isFolder(entry *zip.File) bool { return strings.HasSuffix(entry.Name, "/") }

func walkZip(ctx context.Context, file io.ReaderAt, size int64, name sinso.PHI[string], fn visitor) error {
	list, err := listZip(file, size)
	switch {
	case errors.Is(err, errTooMany):
		return fn.refuse(name, ReasonTooLarge, "the zip file lists more than the %d files allowed: unpack it and import the folder", maxZipEntries)
	case err != nil:
		return fn.refuse(name, ReasonUnreadable, "the zip file is cut off or damaged: the list of files at its end cannot be read, and nothing of it was taken")
	}
	files, left := 0, min(maxZipBytes, max(zipFree, min(size, maxZipBytes)*zipRatio))
	for _, entry := range list {
		if isFolder(entry) {
			continue
		}
		files++
		// The entry's name goes where the file's own name goes: to its owner.
		found, read := readZipEntry(ctx, entry, sinso.NewPHI(name.Reveal()+zipInside+entry.Name), left)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		left -= read
		if err := fn.visit(found); err != nil {
			return err
		}
	}
	if files == 0 {
		return fn.refuse(name, ReasonEmpty, "the zip file holds no file")
	}
	return nil
}

// readZipEntry unpacks an entry of at most left bytes, and says how many it was:
// of one that is refused too, so that a zip costs no more time than it may hold.
func readZipEntry(ctx context.Context, entry *zip.File, name sinso.PHI[string], left int64) (Found, int64) {
	no := func(reason sinso.Reason, format string, args ...any) Found {
		return Found{sinso.Item{Name: name}, refuse(reason, format, args...)}
	}
	switch {
	case entry.Flags&zipEncrypted != 0:
		return no(ReasonUnreadable, "this file in the zip is encrypted: unpack the zip with its password and import the folder"), 0
	case !entry.Mode().IsRegular():
		return no(ReasonUnreadable, "this entry of the zip is a link or a device, and no file"), 0
	case left <= 0:
		return no(ReasonTooLarge, "the zip file unpacks to more than its size allows: unpack it and import the folder"), 0
	}
	reader, err := entry.Open()
	if err != nil {
		return no(ReasonUnreadable, "this file in the zip cannot be read: it is damaged, or packed by an unknown method"), 0
	}
	defer func() { _ = reader.Close() }() // read only
	limit := min(int64(MaxHeld), left)
	var data bytes.Buffer
	data.Grow(int(min(entry.UncompressedSize64, zipFree)) + bytes.MinRead)
	n, err := data.ReadFrom(io.LimitReader(cancellable(ctx, reader), limit+1))
	switch {
	case n > limit:
		return no(ReasonTooLarge, "this file in the zip unpacks to more than the %d bytes allowed for it: unpack the zip and import the folder", limit), n
	case err != nil:
		return no(ReasonUnreadable, "this file in the zip is damaged: its data or its checksum is wrong"), n
	}
	return Found{Item: sinso.Item{Bytes: data.Bytes(), Name: name}}, n
}
