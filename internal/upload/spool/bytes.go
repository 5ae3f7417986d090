package spool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Append implements [sinso.Uploads].
func (s *Spool) Append(_ context.Context, id sinso.UploadID, offset int64, from io.Reader) (added int64, err error) {
	e, err := s.find(id)
	if err != nil {
		return 0, err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	if e.gone {
		return 0, fmt.Errorf("upload: append: %w", sinso.ErrNotFound)
	}
	if offset != e.upload.Offset {
		return 0, fmt.Errorf("upload: append at %d, %d bytes are here: %w", offset, e.upload.Offset, sinso.ErrExists)
	}
	file, err := os.OpenFile(s.path(id), os.O_WRONLY, 0)
	if err != nil {
		return 0, fmt.Errorf("upload: open: %w", failed(err))
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for {
		// One byte more than may come, to see that it does not.
		buffer := newBuffer(min(partBytes, e.upload.Size-e.upload.Offset+1))
		n, reading := buffer.fill(from)
		if int64(n) > e.upload.Size-e.upload.Offset {
			return added, fmt.Errorf("upload: append beyond %d bytes: %w", e.upload.Size, sinso.ErrInvalid)
		}
		if n > 0 {
			if err := s.put(file, e, buffer.b[:n]); err != nil {
				return added, err
			}
			added += int64(n)
		}
		if errors.Is(reading, io.EOF) {
			return added, nil
		}
		if reading != nil {
			return added, reading
		}
	}
}

// buffer fills up to most bytes; it grows with what comes, so that many who send slowly
// take little memory.
type buffer struct {
	b    []byte
	most int64
}

func newBuffer(most int64) *buffer { return &buffer{most: most} }

// fill reads until it is full, or until from fails or ends.
func (b *buffer) fill(from io.Reader) (int, error) {
	const first = 64 << 10
	for int64(len(b.b)) < b.most {
		if len(b.b) == cap(b.b) {
			b.b = slices.Grow(b.b, int(min(b.most-int64(len(b.b)), max(first, int64(len(b.b))))))
		}
		n, err := from.Read(b.b[len(b.b):min(int64(cap(b.b)), b.most)])
		if b.b = b.b[:len(b.b)+n]; err != nil {
			return len(b.b), err //nolint:wrapcheck // the caller's own
		}
	}
	return len(b.b), nil
}

// put seals a part, and makes it durable. e.writing is held.
func (s *Spool) put(file *os.File, e *entry, plain []byte) error {
	n := int64(len(plain))
	begins := e.upload.Offset == 0
	if begins {
		if err := s.reserve(e.upload.Owner, e.upload.Size); err != nil {
			return err
		}
	}
	record, p, err := s.seal(make([]byte, 0, prefix+n+n/1024+1024), e.cek, kindPart, e.upload.Offset, plain)
	if err == nil {
		if _, err = file.WriteAt(record, e.end); err == nil {
			err = durable.Datasync(file)
		}
		if err != nil {
			_ = file.Truncate(e.end) // else the next start cuts it off
			err = fmt.Errorf("upload: write a part: %w", failed(err))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		if begins {
			s.count(e.upload.Owner, -e.upload.Size)
		}
		return err
	}
	p.at += e.end
	e.parts, e.end, e.touched = append(e.parts, p), e.end+int64(len(record)), s.cfg.Clock.Now()
	if e.upload.Offset += n; e.upload.Offset == e.upload.Size {
		s.enqueue(e)
	}
	return nil
}

// reserve counts the bytes of an upload that is about to begin.
func (s *Spool) reserve(owner string, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > s.cfg.Share-s.usedBy[owner] {
		return fmt.Errorf("upload: %d bytes: %w", s.cfg.Share, sinso.ErrUploadShare)
	}
	if n > s.cfg.Quota-s.used {
		return fmt.Errorf("upload: uploads that are not done may take %d bytes: %w", s.cfg.Quota, sinso.ErrBusy)
	}
	s.count(owner, n)
	return nil
}

// Finish implements [sinso.Uploads]. What became of it is written over its parts.
func (s *Spool) Finish(ctx context.Context, id sinso.UploadID, result sinso.UploadOutcome) error {
	e, err := s.find(id)
	if err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	if e.gone {
		return fmt.Errorf("upload: finish: %w", sinso.ErrNotFound)
	}
	result.Shorten()
	now := s.cfg.Clock.Now()
	fresh := &entry{upload: e.upload}
	if err := s.write(ctx, fresh, &outcome{result, now.UTC()}); err != nil {
		return err
	}
	clear(fresh.cek[:]) // nothing more is written
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(e.upload.Owner, -reserved(e.upload))
	clear(e.cek[:])
	e.parts, e.end, e.touched = nil, fresh.end, now
	e.upload.State, e.upload.Outcome = sinso.UploadDone, result
	return nil
}

// Remove implements [sinso.Uploads].
func (s *Spool) Remove(_ context.Context, id sinso.UploadID) error {
	e, err := s.find(id)
	if err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	return s.remove(e)
}

// remove forgets an entry; e.writing is held.
func (s *Spool) remove(e *entry) error {
	s.mu.Lock()
	switch {
	case e.gone:
		s.mu.Unlock()
		return nil
	case e.upload.State == sinso.UploadTaking:
		s.mu.Unlock()
		return fmt.Errorf("upload: it is being taken in: %w", sinso.ErrExists)
	}
	s.drop(e)
	s.mu.Unlock()
	return s.removeFile(e.upload.ID)
}

// Sweep forgets what has expired: uploads to which nothing was added for the time that
// they are kept, and what became of those that were done so long ago. One of which all is
// here stays until it is taken in.
func (s *Spool) Sweep(context.Context) error {
	now := s.cfg.Clock.Now()
	s.mu.Lock()
	var over []*entry
	for _, e := range s.byID {
		if !now.Before(e.touched.Add(s.cfg.Keep)) && (e.upload.State == sinso.UploadReceiving || e.upload.State == sinso.UploadDone) {
			over = append(over, e)
		}
	}
	s.mu.Unlock()
	var errs []error
	for _, e := range over {
		if !e.writing.TryLock() { // more of it is coming just now
			continue
		}
		errs = append(errs, s.remove(e))
		e.writing.Unlock()
	}
	return errors.Join(errs...)
}

// Tend sweeps every hour until ctx ends. failed is told what could not be removed.
func (s *Spool) Tend(ctx context.Context, failed func(error)) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.Sweep(ctx); err != nil {
				failed(err)
			}
		}
	}
}

// reader reads the plain bytes of one upload. It keeps the part that was read last.
type reader struct {
	file  *os.File
	cek   sinso.CEK
	parts []part
	size  int64
	open  int // the part whose plain bytes are in plain; -1: none
	plain []byte
	room  []byte
}

// Open implements [sinso.Uploads].
func (s *Spool) Open(_ context.Context, id sinso.UploadID) (sinso.UploadReader, error) {
	e, err := s.find(id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.gone || e.upload.Offset != e.upload.Size || e.upload.State == sinso.UploadDone {
		return nil, fmt.Errorf("upload: its bytes are not here: %w", sinso.ErrNotFound)
	}
	file, err := os.Open(s.path(id))
	if err != nil {
		return nil, fmt.Errorf("upload: open: %w", failed(err))
	}
	return &reader{file: file, cek: e.cek, parts: slices.Clone(e.parts), size: e.upload.Size, open: -1}, nil
}

// ReadAt implements [io.ReaderAt].
func (r *reader) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, fmt.Errorf("upload: offset %d: %w", offset, sinso.ErrInvalid)
	}
	done := 0
	for done < len(p) {
		at := offset + int64(done)
		if at >= r.size {
			return done, io.EOF
		}
		i := sort.Search(len(r.parts), func(i int) bool { return r.parts[i].plain > at }) - 1
		if err := r.hold(i); err != nil {
			return done, err
		}
		done += copy(p[done:], r.plain[at-r.parts[i].plain:])
	}
	return done, nil
}

// hold opens a part, if it is not the one that is open.
func (r *reader) hold(i int) (err error) {
	if r.open == i {
		return nil
	}
	r.open = -1
	if int64(cap(r.room)) < r.parts[i].length {
		r.room = make([]byte, r.parts[i].length)
	}
	if r.plain, err = openRecord(r.file, r.cek, kindPart, r.parts[i], r.room); err == nil {
		r.open = i
	}
	return err
}

// Close implements [io.Closer]. It wipes what was open.
func (r *reader) Close() error {
	clear(r.cek[:])
	clear(r.room)
	if err := r.file.Close(); err != nil {
		return fmt.Errorf("upload: close: %w", failed(err))
	}
	return nil
}
