package dicomweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"sinso.dev/sinso"
)

// errGone is a client that takes nothing any more.
var errGone = errors.New("dicomweb: the client has gone")

// steady is a connection that may be slow and must not stand still: a client has so
// long to take a portion, or to send one. What this node takes for its own work is
// not counted.
type steady struct {
	http.ResponseWriter
	control *http.ResponseController
	stall   time.Duration
	clock   sinso.Clock
	timer   *time.Timer   // of a write that waits
	reading *time.Timer   // of a read that waits
	left    time.Duration // that reads may still wait until a portion has come
	begun   bool
	status  int // sent with the first byte, if it is not 200
	body    io.ReadCloser
	since   int // bytes of the body since then
}

const portion = 1 << 20 // bytes

func newSteady(w http.ResponseWriter, stall time.Duration, clock sinso.Clock) *steady {
	return &steady{ResponseWriter: w, control: http.NewResponseController(w), stall: stall, clock: clock}
}

// WriteHeader implements [http.ResponseWriter].
func (s *steady) WriteHeader(status int) {
	s.begun = true
	s.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter]. Its error is errGone.
func (s *steady) Write(b []byte) (int, error) {
	if !s.begun && s.status != 0 {
		s.ResponseWriter.WriteHeader(s.status)
	}
	s.begun = true
	written := 0
	for first := true; first || len(b) > 0; first = false {
		s.wait()
		n, err := s.ResponseWriter.Write(b[:min(len(b), portion)])
		s.rest()
		written += n
		if err != nil {
			return written, fmt.Errorf("%w: %T", errGone, err) // its words hold addresses
		}
		b = b[n:]
	}
	return written, nil
}

// later sets the status that goes out with the first byte: until then an error can
// still be answered.
func (s *steady) later(status int) { s.status = status }

// wait starts the timer of writing. A deadline that has passed ends the write that
// waits; a recorder has none.
func (s *steady) wait() {
	if s.timer == nil {
		s.timer = time.AfterFunc(s.stall, func() { _ = s.control.SetWriteDeadline(time.Unix(1, 0)) })
		return
	}
	s.timer.Reset(s.stall)
}

// flush sends what is buffered.
func (s *steady) flush() error {
	s.wait()
	defer s.rest()
	if err := s.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("%w: %T", errGone, err)
	}
	return nil
}

// rest stops the timer of writing.
func (s *steady) rest() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

func (s *steady) stop() {
	s.rest()
	if s.reading != nil {
		s.reading.Stop()
	}
}

// Unwrap lets [http.ResponseController] reach the connection.
func (s *steady) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// clean takes back the headers of an answer that was not sent.
func (s *steady) clean() {
	s.status = 0
	for _, name := range []string{"Content-Length", "ETag", "Accept-Ranges", "Content-Disposition", "Vary", "Content-Location", photometricField} {
		s.Header().Del(name)
	}
}

// bound limits the body of the request in bytes, and in time while it is read.
func (c *call) bound() {
	c.w.body = http.MaxBytesReader(c.w.ResponseWriter, c.r.Body, c.cfg.MaxUpload)
	c.w.reading = time.AfterFunc(c.w.stall, func() { _ = c.w.control.SetReadDeadline(time.Unix(1, 0)) })
	c.w.reading.Stop() // until a read waits
	c.w.left = c.w.stall
	c.r.Body = c.w
}

// Read implements [io.Reader] for the body.
func (s *steady) Read(p []byte) (int, error) {
	began := s.clock.Now()
	s.reading.Reset(s.left)
	n, err := s.body.Read(p)
	s.reading.Stop()
	s.left = max(s.left-s.clock.Now().Sub(began), time.Millisecond)
	if s.since += n; s.since >= portion {
		s.since, s.left = 0, s.stall
	}
	return n, err
}

// Close implements [io.Closer] for the body.
func (s *steady) Close() error { return s.body.Close() }

// broken is a body that did not come whole.
func broken(err error) error {
	var tooLarge *http.MaxBytesError
	var known interface{ HTTPStatus() int }
	switch {
	case errors.As(err, &tooLarge), errors.As(err, &known):
		return err
	case errors.Is(err, sinso.ErrInvalid), errors.Is(err, sinso.ErrUnsupported):
		return err
	default:
		return invalid("the body did not come whole")
	}
}
