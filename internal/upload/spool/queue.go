package spool

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// Next implements [sinso.Uploads].
func (s *Spool) Next(ctx context.Context) (sinso.Upload, error) {
	for {
		u, pause, ok := s.pop()
		if ok {
			return u, nil
		}
		var due <-chan time.Time
		if pause > 0 {
			due = time.After(pause)
		}
		select {
		case <-s.wake:
		case <-due:
		case <-ctx.Done():
			return sinso.Upload{}, fmt.Errorf("upload: next: %w", ctx.Err())
		}
	}
}

// pop returns the first that waits. If there is none, one may be due after pause; 0: none is.
func (s *Spool) pop() (u sinso.Upload, pause time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pause = s.enqueueDue()
	for len(s.queue) > 0 {
		e := s.queue[0]
		s.queue[0] = nil
		if s.queue = s.queue[1:]; len(s.queue) > 0 || len(s.failed) > 0 {
			s.signal() // for another who waits
		}
		if e.gone || e.upload.State != sinso.UploadWaiting {
			continue
		}
		e.upload.State = sinso.UploadTaking
		return s.snapshot(e), 0, true
	}
	return sinso.Upload{}, pause, false
}

// enqueueDue queues what failed and is to be tried again by now. It returns how long it is
// until the next is; 0: there is none. s.mu is held.
func (s *Spool) enqueueDue() (next time.Duration) {
	now, later := s.cfg.Clock.Now(), s.failed[:0]
	for _, e := range s.failed {
		left := e.upload.Again.Sub(now)
		if left <= 0 {
			s.enqueue(e)
			continue
		}
		later = append(later, e)
		if next == 0 || left < next {
			next = left
		}
	}
	clear(s.failed[len(later):])
	s.failed = later
	return next
}

// Fail implements [sinso.Uploads].
func (s *Spool) Fail(_ context.Context, id sinso.UploadID, again bool) error {
	e, err := s.find(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.upload.State = sinso.UploadFailed
	if again {
		e.pause = min(max(2*e.pause, s.cfg.Pause), s.cfg.MaxPause)
		e.upload.Again = s.cfg.Clock.Now().Add(e.pause).UTC()
		s.failed = append(s.failed, e)
		s.signal() // for one who waits to know how long
	}
	return nil
}

// Ask implements [sinso.Uploads].
func (s *Spool) Ask(_ context.Context, id sinso.UploadID, patients []sinso.AskedPatient) error {
	e, err := s.find(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.upload.State != sinso.UploadTaking {
		return fmt.Errorf("upload: it is not being taken in: %w", sinso.ErrExists)
	}
	e.upload.State, e.upload.Asked = sinso.UploadAsking, patients
	return nil
}

// Retry implements [sinso.Uploads].
func (s *Spool) Retry(_ context.Context, id sinso.UploadID) error {
	e, err := s.find(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.gone || e.upload.State != sinso.UploadFailed && e.upload.State != sinso.UploadAsking {
		return fmt.Errorf("upload: it has not failed and asks nothing: %w", sinso.ErrExists)
	}
	s.unfail(e)
	s.enqueue(e)
	return nil
}

// unfail takes an entry from those that are tried again by themselves; s.mu is held.
func (s *Spool) unfail(e *entry) {
	s.failed = slices.DeleteFunc(s.failed, func(o *entry) bool { return o == e })
}
