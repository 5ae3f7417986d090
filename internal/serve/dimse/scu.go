package dimse

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// What the node asks of its peers, as a service class user: C-ECHO and C-STORE
// here, C-FIND in scufind.go, C-GET and C-MOVE in scupull.go.

const purposeSend = "dimse-send"

// plainSyntaxes are what every peer can read.
var plainSyntaxes = []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian}

// Echoed is how a peer answered a C-ECHO.
type Echoed struct {
	Title        string  `json:"aet"`
	Milliseconds float64 `json:"milliseconds"` // from the call to the release; the caller's to measure
	TLS          bool    `json:"tls"`
}

// Echo is C-ECHO: whether a known peer answers, and knows this node. ErrNotFound if
// the title is not known, ErrDenied if the peer refuses.
func (d *Door) Echo(ctx context.Context, title string) (Echoed, error) {
	out := Echoed{Title: title}
	a, err := d.call(ctx, title, wire.Context{Abstract: wire.Verification, Syntaxes: []string{dicom.ImplicitLittleEndian}})
	if err != nil {
		return out, err
	}
	defer a.Abort() // nothing, after a release
	status, err := a.Echo(ctx)
	if err != nil {
		return out, err
	}
	if status != wire.StatusSuccess {
		return out, answered(status)
	}
	out.TLS = a.Peer().TLS != nil
	return out, a.Release(ctx)
}

// call makes an association with a known peer.
func (d *Door) call(ctx context.Context, title string, contexts ...wire.Context) (*wire.Association, error) {
	row, err := d.peer(ctx, title)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return d.dial(ctx, row, contexts)
}

// peer returns a known peer.
func (d *Door) peer(ctx context.Context, title string) (sinso.AERow, error) {
	row, err := d.archive.AE(ctx, title)
	if errors.Is(err, sinso.ErrNotFound) {
		return row, fmt.Errorf("dimse: there is no such peer: %w", sinso.ErrNotFound)
	}
	return row, err
}

// answered is a status that says no, as an error of its class.
func answered(status wire.Status) error {
	class := sinso.ErrUnavailable
	switch status { //nolint:exhaustive // all others are of that class
	case wire.StatusNotAuthorized:
		class = sinso.ErrDenied
	case wire.StatusOutOfResources, wire.StatusResourceLimitation:
		class = sinso.ErrBusy
	case wire.StatusSOPClassNotSupported, wire.StatusUnrecognizedOperation:
		class = sinso.ErrUnsupported
	}
	return fmt.Errorf("dimse: the peer answers %q: %w", status, class)
}

// Sent is what became of the objects of one sending.
type Sent struct {
	Objects  int       `json:"objects"` // all of them
	Sent     int       `json:"sent"`
	Warnings int       `json:"warnings"` // of those sent: taken with a warning
	Failed   int       `json:"failed"`
	Failures []Failure `json:"failures" nullable:"false"` // the first 1,000
}

// Failure is an object that the peer did not take.
type Failure struct {
	Record sinso.InstanceID `json:"record"`
	Status string           `json:"status,omitempty"` // that the peer answered, in hexadecimal
	Reason string           `json:"reason"`
}

// maxLost is how many associations may be lost one after the other without an object
// that was taken.
const maxLost = 3

// maxFailures keeps the list of failures in one line of a progress stream.
const maxFailures = 1000

// Reasons of a failure that the peer gave no status for.
const (
	reasonSyntax = "it cannot be read here, or not be written in a transfer syntax that the peer takes"
	reasonLost   = "the association was lost"
)

// Send is C-STORE of instances to a known peer: as they are, or in another transfer
// syntax if the peer takes only that. That they were handed out is written down
// before. What the peer does not take is counted and does not end it, and so are
// de-identified copies if it is no peer for research; the error is that nothing could be
// sent, ErrDenied if all were such.
func (d *Door) Send(ctx context.Context, title string, rows []sinso.InstanceRow, actor string, progress func(Sent)) (Sent, error) {
	s := sending{door: d, title: title, actor: actor, progress: progress}
	s.out = Sent{Objects: len(rows), Failures: []Failure{}}
	row, err := d.peer(ctx, title)
	if err != nil {
		return s.out, err
	}
	rows, mayNot := forPeer(row.Research, rows)
	for _, row := range mayNot {
		s.failed(Failure{Record: row.ID, Reason: reasonResearch})
	}
	if len(rows) == 0 && len(mayNot) > 0 {
		return s.out, errResearch(len(mayNot))
	}
	for lost := 0; len(rows) > 0; {
		part, before := batches(rows)[0], s.out.Sent
		done, err := s.batch(ctx, part)
		switch {
		case err == nil:
			rows = rows[len(part):]
			continue
		case ctx.Err() != nil, done < 0 && s.out.Sent+s.out.Failed == len(mayNot):
			return s.out, err
		}
		if lost++; s.out.Sent > before {
			lost = 1
		}
		// The object under way may be what the peer cannot bear: the others go on.
		from, to := done, done+1
		if done < 0 || lost == maxLost {
			from, to = max(0, done), len(rows)
		}
		for _, row := range rows[from:to] {
			s.failed(Failure{Record: row.ID, Reason: reasonLost})
		}
		rows = rows[to:]
	}
	return s.out, nil
}

// sending is a Send under way.
type sending struct {
	door         *Door
	title, actor string
	out          Sent
	progress     func(Sent)
}

// batch sends what fits one association, and returns how many objects it is done
// with; less than 0 if there was no association. The next objects are read meanwhile.
func (s *sending) batch(ctx context.Context, rows []sinso.InstanceRow) (done int, err error) {
	to, err := s.door.call(ctx, s.title, contextsOf(rows)...)
	if err != nil {
		return -1, err
	}
	defer to.Abort() // nothing, after a release
	if err := s.door.opened(ctx, s.actor, purposeSend, rows); err != nil {
		return -1, err
	}
	group, both := errgroup.WithContext(ctx)
	ready := make(chan *wire.Object, readAhead)
	group.Go(func() error {
		defer close(ready)
		for _, row := range rows {
			select {
			case ready <- s.door.object(both, row, to.Syntaxes(row.SOPClass)):
			case <-both.Done():
				return both.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for object := range ready {
			if err := s.one(both, to, rows[done], object); err != nil {
				return err
			}
			done++
			s.progress(s.out)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return done, err
	}
	_ = to.Release(ctx) // all was answered, however it ends
	return done, nil
}

// one sends one object, nil if it could not be read or written in a syntax that the
// peer takes. Its error is that the association is lost.
func (s *sending) one(ctx context.Context, to *wire.Association, row sinso.InstanceRow, object *wire.Object) error {
	if object == nil {
		s.failed(Failure{Record: row.ID, Reason: reasonSyntax})
		return nil
	}
	status, err := to.Store(ctx, object)
	switch {
	case errors.Is(err, sinso.ErrUnsupported), errors.Is(err, sinso.ErrInvalid):
		s.failed(Failure{Record: row.ID, Reason: reasonSyntax})
	case err != nil:
		return err
	case status.IsFailure():
		s.failed(Failure{Record: row.ID, Status: fmt.Sprintf("%04X", uint16(status)), Reason: status.String()})
	case status.IsWarning():
		s.out.Sent++
		s.out.Warnings++
	default:
		s.out.Sent++
	}
	return nil
}

func (s *sending) failed(f Failure) {
	s.out.Failed++
	if len(s.out.Failures) < maxFailures {
		s.out.Failures = append(s.out.Failures, f)
	}
}
