package dimse

import (
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// Rejection is the answer to an association that is not wanted: result, source and
// reason of an A-ASSOCIATE-RJ (PS3.8 §9.3.4). Use one of those below.
type Rejection struct { //nolint:errname // the word of PS3.8
	Transient bool // it may be tried again
	Source    uint8
	Reason    uint8
}

// Sources of a rejection (PS3.8 Table 9-21).
const (
	sourceUser         = 1
	sourceACSE         = 2
	sourcePresentation = 3
)

// RejectNoReason rejects without saying why.
func RejectNoReason() *Rejection { return &Rejection{Source: sourceUser, Reason: 1} }

// RejectCallingAE rejects a calling AE title that is not known.
func RejectCallingAE() *Rejection { return &Rejection{Source: sourceUser, Reason: 3} }

// RejectCalledAE rejects a called AE title that is not ours.
func RejectCalledAE() *Rejection { return &Rejection{Source: sourceUser, Reason: 7} }

// RejectCongestion rejects for now: too much to do.
func RejectCongestion() *Rejection {
	return &Rejection{Transient: true, Source: sourcePresentation, Reason: 1}
}

// RejectLimit rejects for now: too many associations.
func RejectLimit() *Rejection {
	return &Rejection{Transient: true, Source: sourcePresentation, Reason: 2}
}

func (r *Rejection) reason() string {
	switch [2]uint8{r.Source, r.Reason} {
	case [2]uint8{sourceUser, 2}:
		return "application context not supported"
	case [2]uint8{sourceUser, 3}:
		return "calling AE title not recognized"
	case [2]uint8{sourceUser, 7}:
		return "called AE title not recognized"
	case [2]uint8{sourceACSE, 2}:
		return "protocol version not supported"
	case [2]uint8{sourcePresentation, 1}:
		return "temporary congestion"
	case [2]uint8{sourcePresentation, 2}:
		return "local limit exceeded"
	default:
		return "no reason given"
	}
}

// Error implements error.
func (r *Rejection) Error() string {
	return fmt.Sprintf("dimse: association rejected: %s (source %d, reason %d): %v", r.reason(), r.Source, r.Reason, r.Unwrap())
}

// Unwrap makes it ErrBusy if it may be tried again, ErrDenied if not.
func (r *Rejection) Unwrap() error {
	if r.Transient {
		return sinso.ErrBusy
	}
	return sinso.ErrDenied
}

// Abort is an association that the peer aborted (PS3.8 §9.3.8).
type Abort struct { //nolint:errname // the word of PS3.8
	Provider bool // by the peer's upper layer, which then gives a reason
	Reason   uint8
}

// Reasons of an abort by the provider (PS3.8 Table 9-26).
const (
	reasonNotSpecified    = 0
	reasonUnrecognizedPDU = 1
	reasonUnexpectedPDU   = 2
	reasonUnexpectedParam = 5
	reasonInvalidParam    = 6
)

// Error implements error.
func (a *Abort) Error() string {
	if !a.Provider {
		return fmt.Sprintf("dimse: the peer aborted the association: %v", sinso.ErrUnavailable)
	}
	return fmt.Sprintf("dimse: the peer's upper layer aborted the association: reason %d: %v", a.Reason, sinso.ErrUnavailable)
}

// Unwrap makes it ErrUnavailable.
func (*Abort) Unwrap() error { return sinso.ErrUnavailable }

// violation is what a peer sent against the protocol, and how it is told so: an
// A-ABORT of the provider with a reason, or of the user.
type violation struct {
	what   string
	user   bool
	reason uint8
}

// Error implements error.
func (v *violation) Error() string { return fmt.Sprintf("dimse: %s: %v", v.what, sinso.ErrCorrupt) }

// Unwrap makes it ErrCorrupt.
func (*violation) Unwrap() error { return sinso.ErrCorrupt }

func invalid(format string, args ...any) error {
	return &violation{what: fmt.Sprintf(format, args...), reason: reasonInvalidParam}
}

func unexpected(kind pduType) error {
	return &violation{what: fmt.Sprintf("a PDU of type %02XH has no place here", uint8(kind)), reason: reasonUnexpectedPDU}
}

// misuse is a violation of PS3.7, which the user of the upper layer aborts for.
func misuse(format string, args ...any) error {
	return &violation{what: fmt.Sprintf(format, args...), user: true}
}

// errReleased says that the peer asked for a release and that it was granted.
var errReleased = errors.New("dimse: released")

// errClosed says that the association has ended.
func errClosed() error {
	return fmt.Errorf("dimse: the association has ended: %w", sinso.ErrUnavailable)
}

// lost is a failure of the connection.
func lost(doing string, err error) error {
	return fmt.Errorf("dimse: %s: %w: %w", doing, err, sinso.ErrUnavailable)
}
