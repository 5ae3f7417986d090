package ingest

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash/maphash"
	"io"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// maxLargeMetadata bounds the metadata of an object that is read in parts, in bytes: more is
// not kept of any.
const maxLargeMetadata = 64 << 20

// readLarge is Read of what is not held in memory. What can only be read whole is, where
// memory may hold it: a deflated data set, a key object selection, a header beyond bounds.
func readLarge(item sinso.Item) (sinso.Record, error) {
	content := &noting{Content: item.Content}
	file, err := dicom.ReadFrom(content, content.Size())
	switch {
	case content.err != nil:
		return sinso.Record{}, content.err
	case errors.Is(err, sinso.ErrUnsupported):
		return readHeld(item, trimClass(err.Error(), sinso.ErrUnsupported))
	case err != nil:
		head := make([]byte, min(prefixEnd, content.Size()))
		if _, readErr := content.ReadAt(head, 0); readErr != nil && content.err != nil {
			return sinso.Record{}, content.err
		}
		return sinso.Record{}, refusalOf(item, head, err)
	}
	record, err := recordOf(item, file, func() (sum [sha256.Size]byte, err error) {
		digest := sha256.New()
		err = Copy(digest, item.Content)
		return [sha256.Size]byte(digest.Sum(nil)), err
	}, maxLargeMetadata)
	if err == nil && record.Header.SOPClassUID == classKeyObjects {
		return readHeld(item, "a key object selection is read whole")
	}
	return record, err
}

// readHeld reads a large item whole, if memory may hold it.
func readHeld(item sinso.Item, why string) (sinso.Record, error) {
	size := item.Content.Size()
	if size > MaxHeld {
		return sinso.Record{}, refuse(ReasonUnsupported, "%s; of an object of this kind up to %d bytes are read, it has %d", why, int64(MaxHeld), size)
	}
	held := item
	held.Content, held.Bytes = nil, make([]byte, size)
	if n, err := item.Content.ReadAt(held.Bytes, 0); int64(n) < size {
		return sinso.Record{}, err //nolint:wrapcheck // the content's own
	}
	return Read(held)
}

// Copy writes all of a content to w. Its error is the content's, as w's are hashes.
func Copy(w io.Writer, content sinso.Content) error {
	_, err := io.CopyBuffer(onlyWriter{w}, io.NewSectionReader(content, 0, content.Size()), make([]byte, steadyChunk))
	return err //nolint:wrapcheck // the content's own
}

// onlyWriter hides whatever else a writer can do: it is to be written in large parts.
type onlyWriter struct{ io.Writer }

// noting notes why a content cannot be read: it must not pass for an object that is damaged.
type noting struct {
	sinso.Content
	err error
}

// ReadAt implements [io.ReaderAt].
func (n *noting) ReadAt(p []byte, offset int64) (int, error) {
	read, err := n.Content.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return read, err //nolint:wrapcheck // the content's own
}

// steadyChunk is how many bytes of a file are compared at once.
const steadyChunk = 1 << 20

// steady is a file that may change while it is read, and does so unnoticed by nobody: what
// is read a second time is what was read the first time. The file's owner can't know the
// seed, so that 64 bits are enough to tell by.
type steady struct {
	read  func(p []byte, offset int64) (int, error)
	plain bool // its errors are told as they are
	size  int64
	seed  maphash.Seed
	sums  []uint64 // of each chunk; 0: it was not read yet
	chunk []byte   // the last one that was read
	at    int64    // which it is; -1: none
}

// newSteady returns size bytes of a file as a [sinso.Content], which ends with ctx. What
// cannot be read, and what has changed, is a *RefusalError.
func newSteady(ctx context.Context, file io.ReaderAt, size int64) *steady {
	return &steady{
		read: func(p []byte, offset int64) (int, error) {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return file.ReadAt(p, offset)
		},
		size: size, seed: maphash.MakeSeed(), sums: make([]uint64, (size+steadyChunk-1)/steadyChunk), at: -1,
	}
}

// ContentOf returns size bytes of what never changes as a [sinso.Content], which ends with
// ctx.
func ContentOf(ctx context.Context, from io.ReaderAt, size int64) sinso.Content {
	s := newSteady(ctx, from, size)
	s.plain = true
	return s
}

// Size implements [sinso.Content].
func (s *steady) Size() int64 { return s.size }

// ReadAt implements [io.ReaderAt].
func (s *steady) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, refuse(ReasonUnreadable, "a place before the file")
	}
	for n < len(p) {
		at := offset + int64(n)
		if at >= s.size {
			return n, io.EOF
		}
		if err := s.load(at / steadyChunk); err != nil {
			return n, err
		}
		n += copy(p[n:], s.chunk[at%steadyChunk:])
	}
	return n, nil
}

// load reads a chunk, and one byte more at the end of the file, to see whether it grew.
func (s *steady) load(at int64) error {
	if at == s.at {
		return nil
	}
	if s.chunk == nil {
		s.chunk = make([]byte, steadyChunk+1)
	}
	s.at = -1
	want := min(steadyChunk, s.size-at*steadyChunk)
	chunk, last := s.chunk[:want], at*steadyChunk+want == s.size
	if last {
		chunk = s.chunk[:want+1]
	}
	n, err := s.read(chunk, at*steadyChunk)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		s.plain && err != nil && !errors.Is(err, io.EOF):
		return err
	case int64(n) < want && (err == nil || errors.Is(err, io.EOF)), int64(n) > want:
		return refuse(ReasonUnreadable, saysChanged)
	case int64(n) < want:
		return refuse(ReasonUnreadable, "the file cannot be read to its end (%v)", reason(err))
	}
	s.chunk = chunk[:want]
	sum := maphash.Bytes(s.seed, s.chunk)
	if s.sums[at] != 0 && s.sums[at] != sum {
		return refuse(ReasonUnreadable, saysChanged)
	}
	s.sums[at], s.at = sum, at
	return nil
}
