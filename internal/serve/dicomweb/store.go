package dicomweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/wire/multipart"
)

// The reasons that a store response gives (PS3.18 Tables I.2-1 and I.2-2).
const (
	reasonOutOfRoom  = 0xA700
	reasonMismatch   = 0xA900
	reasonUnreadable = 0xC000
	reasonDenied     = 0x0124
	reasonFailed     = 0x0110

	warningConflict = 0xB000
)

const (
	maxStored   = 100_000 // objects of one request
	maxOneBody  = 1 << 16 // first bytes of a body that is one object, while its length is not known
	maxSOPClass = 64      // bytes of a UID that is told back
)

// stored is what became of one object.
type stored struct {
	class, uid, study, series string
	failure, warning          int
}

// storing is one request that stores.
type storing struct {
	*call
	person  sinso.PersonID // whose the objects are; "": by what is in them
	study   string         // that all must belong to, "" for any
	slots   chan struct{}  // a place for each object in memory
	group   sync.WaitGroup
	results []*stored
}

// store takes objects in (PS3.18 §10.5).
func (c *call) store() error {
	person, _, err := c.caller.Scope(auth.Import)
	if err != nil {
		return err
	}
	s := &storing{call: c, person: person, study: c.param("study"), slots: make(chan struct{}, maxInFlight)}
	if s.study != "" && !isUID(s.study) {
		return invalid("the study in the path is no UID")
	}
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	if first(wishes, jsonType, plainJSON) == "" {
		return notAcceptable("this is answered as " + jsonType)
	}
	if c.r.ContentLength > c.cfg.MaxUpload {
		return &http.MaxBytesError{Limit: c.cfg.MaxUpload}
	}
	select {
	case c.uploads <- struct{}{}:
		defer func() { <-c.uploads }()
	default:
		return fmt.Errorf("dicomweb: %d requests store at once: %w", maxUploads, sinso.ErrBusy)
	}
	err = s.receive()
	s.group.Wait()
	if err != nil {
		return err
	}
	return s.answer()
}

var errStoreType = refused(http.StatusUnsupportedMediaType, sinso.ErrUnsupported,
	`this route takes multipart/related with type="application/dicom" or "application/dicom+json", or application/dicom`)

// receive reads the body, by its media type.
func (s *storing) receive() error {
	media, err := multipart.ParseMedia(s.r.Header.Get("Content-Type"))
	if err != nil {
		return errStoreType
	}
	switch media.Type {
	case dicomType:
		return s.whole()
	case relatedType:
	default:
		return errStoreType
	}
	limits := multipart.Limits{Parts: maxStored, PartBytes: s.cfg.MaxObject}
	if strings.EqualFold(media.Params["type"], jsonType) {
		limits.PartBytes = min(limits.PartBytes, maxDescribed)
	}
	r, err := multipart.NewReader(s.r.Body, s.r.Header.Get("Content-Type"), limits)
	if err != nil {
		return err
	}
	switch r.Type {
	case "", dicomType:
		r.Sink = func(multipart.Header) multipart.Sink { return s.cfg.Archive.Arrive() }
		return s.parts(r)
	case jsonType:
		return s.described(r)
	default:
		return errStoreType
	}
}

// whole takes a body that is one object.
func (s *storing) whole() error {
	if s.r.ContentLength > s.cfg.MaxObject {
		return &http.MaxBytesError{Limit: s.cfg.MaxObject}
	}
	body, err := readAll(http.MaxBytesReader(s.w.ResponseWriter, s.r.Body, s.cfg.MaxObject), s.r.ContentLength)
	if err != nil {
		return broken(err)
	}
	s.take(body)
	return nil
}

// readAll reads a body whose length may be given. Memory does not grow much faster
// than what comes.
func readAll(in io.Reader, length int64) ([]byte, error) {
	const ahead = 1 << 20
	if length < 0 {
		length = maxOneBody
	}
	b := make([]byte, 0, min(length, ahead)+1)
	for {
		if len(b) == cap(b) {
			b = append(make([]byte, 0, max(min(length, int64(4*len(b))), int64(2*len(b)))+1), b...)
		}
		n, err := in.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// parts takes the parts of a body as they come. A part that cannot be an object is
// a failure of its own; a body that breaks off ends the request, and what came
// before it stays.
func (s *storing) parts(r *multipart.Reader) error {
	for {
		if err := s.slot(); err != nil {
			return err
		}
		part, err := r.Next()
		if err != nil {
			<-s.slots
			giveUp(part)
			if errors.Is(err, io.EOF) {
				return nil
			}
			return broken(err)
		}
		media, err := multipart.ParseMedia(part.Header.Get("Content-Type"))
		if part.Header.Get("Content-Type") != "" && (err != nil || media.Type != dicomType && media.Type != octetType) {
			<-s.slots
			giveUp(part)
			s.results = append(s.results, &stored{failure: reasonUnreadable})
			continue
		}
		if err := s.start(part); err != nil {
			return err
		}
	}
}

// slot takes a place for an object in memory.
func (s *storing) slot() error {
	select {
	case s.slots <- struct{}{}:
		return nil
	case <-s.ctx().Done():
		return s.ctx().Err()
	}
}

// start stores an object beside the others, once there is memory for it among those
// of all requests: until then nothing more of this one is read. The caller holds
// its place.
func (s *storing) start(part multipart.Part) error {
	weight := min(int64(len(part.Body)), maxMemory)
	if err := s.memory.Acquire(s.ctx(), weight); err != nil {
		<-s.slots
		giveUp(part)
		return fmt.Errorf("dicomweb: wait for memory: %w", err)
	}
	result := &stored{}
	s.results = append(s.results, result)
	s.group.Go(func() {
		defer func() { s.memory.Release(weight); <-s.slots }()
		s.object(result, part.Body, arrivalOf(part))
	})
	return nil
}

// arrivalOf returns what saw a part arrive, or nil.
func arrivalOf(part multipart.Part) Arrival {
	arrival, _ := part.Sink.(Arrival)
	return arrival
}

// giveUp ends the arrival of a part that is not taken.
func giveUp(part multipart.Part) {
	if arrival := arrivalOf(part); arrival != nil {
		arrival.GiveUp()
	}
}

// take stores one object.
func (s *storing) take(plain []byte) {
	result := &stored{}
	s.results = append(s.results, result)
	s.object(result, plain, nil)
}

// object stores one object and notes what became of it. arrival is what saw
// it arrive, or nil.
func (s *storing) object(result *stored, plain []byte, arrival Arrival) {
	file, err := dicom.ReadHeader(plain)
	if err == nil {
		result.name(file)
	}
	if err == nil && s.study != "" && result.study != s.study {
		result.failure = reasonMismatch
		if arrival != nil {
			arrival.GiveUp()
		}
		return
	}
	receipt, err := s.cfg.Archive.Take(s.ctx(), sinso.Item{Bytes: plain, Person: s.person}, TakeOptions{Actor: s.caller.ID, Person: s.person, Research: s.caller.Research, Arrival: arrival})
	result.end(receipt, err)
	if err != nil && result.failure == reasonFailed {
		_ = s.cfg.Problems.Problem(s.ctx(), s.w.Header().Get("X-Request-Id"), s.r.Pattern, err) // for the log
	}
}

// name reads the UIDs that are told back. What cannot be a UID is not.
func (r *stored) name(f *dicom.File) {
	for tag, into := range map[dicom.Tag]*string{tagSOPClass: &r.class, tagSOPInstance: &r.uid, tagStudyInstance: &r.study, tagSeriesInstance: &r.series} {
		if uid := strings.TrimSpace(f.String(tag)); isUID(uid) {
			*into = uid
		}
	}
	if r.uid == "" {
		if uid := f.MetaString(tagMetaSOPInstance); isUID(uid) {
			r.uid = uid
		}
	}
}

// end notes what the archive did.
func (r *stored) end(receipt sinso.Receipt, err error) {
	var refusal *ingest.RefusalError
	switch {
	case errors.As(err, &refusal):
		r.failure = reasonUnreadable
		if refusal.Reason == reasonErased || refusal.Reason == reasonDerivative {
			r.failure = reasonDenied
		}
	case errors.Is(err, sinso.ErrDenied):
		r.failure = reasonDenied
	case errors.Is(err, sinso.ErrBusy), errors.Is(err, sinso.ErrUnavailable):
		r.failure = reasonOutOfRoom
	case errors.Is(err, sinso.ErrInvalid), errors.Is(err, sinso.ErrCorrupt), errors.Is(err, sinso.ErrUnsupported):
		r.failure = reasonUnreadable
	case err != nil:
		r.failure = reasonFailed
	case receipt.Outcome == sinso.OutcomeConflict:
		r.warning = warningConflict
	case receipt.Outcome == sinso.OutcomeQuarantined, receipt.Outcome == sinso.OutcomeSkipped:
		r.failure = reasonUnreadable
	}
}

// reasonErased is why nothing more is filed for a person whose key was destroyed.
const reasonErased = sinso.Reason("person-erased")

// reasonDerivative is why a de-identified copy is not taken, but for research.
const reasonDerivative = sinso.Reason("derivative")
