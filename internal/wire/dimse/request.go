package dimse

import (
	"context"

	"sinso.dev/sinso/internal/format/dicom"
)

// Priority is the Priority (0000,0700) of a request.
type Priority uint16

// The priorities (PS3.7 E.1).
const (
	PriorityMedium Priority = 0
	PriorityHigh   Priority = 1
	PriorityLow    Priority = 2
)

// StoreRequest is a C-STORE (PS3.7 §9.1.1).
type StoreRequest struct {
	MessageID        uint16
	SOPClass         string // Affected SOP Class UID: a valid UID (PS3.5 §9.1)
	SOPInstance      string // Affected SOP Instance UID: a valid UID, or such a one as some devices write: up to 64 printable characters
	Syntax           string // transfer syntax of the data
	Priority         Priority
	MoveOriginator   string // AE title that asked for the C-MOVE this belongs to, or ""
	MoveOriginatorID uint16
	Sink             Sink // what StoreBegin returned

	buf  *buffer
	head int // bytes before the data set
}

// settle ends what the sink does with the object's bytes.
func (r *StoreRequest) settle() {
	if r.Sink != nil {
		r.Sink.Settle()
	}
}

// drop gives the object up.
func (r *StoreRequest) drop() {
	if r.Sink != nil {
		r.Sink.Drop()
		r.Sink = nil
	}
	if r.buf != nil {
		r.buf.release()
	}
}

// Part10 returns the object as a Part 10 file (PS3.10 §7): preamble, file meta
// information, the data set as it arrived. The same data set gives the same file
// whoever sent it. It is good until the handler returns; see [StoreRequest.Keep].
func (r *StoreRequest) Part10() []byte { return r.buf.b[:len(r.buf.b):len(r.buf.b)] }

// Data returns the encoded data set as it arrived, which is a part of what Part10
// returns.
func (r *StoreRequest) Data() []byte { return r.buf.b[r.head:len(r.buf.b):len(r.buf.b)] }

// Keep lets the bytes live on after the handler has returned, until release is
// called, once. Until then they count against Options.MaxMemory.
func (r *StoreRequest) Keep() (release func()) {
	b := r.buf
	b.kept = true
	return b.release
}

// FindRequest is a C-FIND (PS3.7 §9.1.2).
type FindRequest struct {
	MessageID  uint16
	SOPClass   string
	Priority   Priority
	Identifier dicom.Dataset
	op         *operation
}

// Pending sends one match. It returns an error when the peer is gone; the handler
// then returns. unsupported says that an optional key was not matched (PS3.4
// C.4.1.1.4). ctx is that of the handler: it ends when the peer cancels.
func (r *FindRequest) Pending(ctx context.Context, match dicom.Dataset, unsupported bool) error {
	status := StatusPending
	if unsupported {
		status = StatusPendingUnsupportedKeys
	}
	return r.op.pending(ctx, status, nil, &match)
}

// MoveRequest is a C-MOVE (PS3.7 §9.1.4).
type MoveRequest struct {
	MessageID   uint16
	SOPClass    string
	Priority    Priority
	Destination string // AE title
	Identifier  dicom.Dataset
	op          *operation
}

// Pending tells how far it is. It returns an error when the peer is gone.
func (r *MoveRequest) Pending(ctx context.Context, c Counts) error {
	return r.op.pending(ctx, StatusPending, &c, nil)
}

// GetRequest is a C-GET (PS3.7 §9.1.3).
type GetRequest struct {
	MessageID  uint16
	SOPClass   string
	Priority   Priority
	Identifier dicom.Dataset
	op         *operation
}

// Pending tells how far it is. It returns an error when the peer is gone.
func (r *GetRequest) Pending(ctx context.Context, c Counts) error {
	return r.op.pending(ctx, StatusPending, &c, nil)
}

// Syntaxes returns the transfer syntaxes in which the peer takes objects of the
// SOP class on this association; none if it does not.
func (r *GetRequest) Syntaxes(class string) []string { return r.op.a.Syntaxes(class) }

// Store sends an object to the peer, as a sub-operation on the same association,
// and returns the peer's status. It is ErrUnsupported if the peer takes no such
// object, which the handler counts as failed; with any other error the association
// is lost.
func (r *GetRequest) Store(ctx context.Context, o *Object) (Status, error) {
	return r.op.a.store(ctx, o, "", 0)
}

// ActionRequest is an N-ACTION (PS3.7 §10.1.4).
type ActionRequest struct {
	MessageID   uint16
	SOPClass    string
	SOPInstance string
	ActionType  uint16
	Information dicom.Dataset // empty if there is none
}

// EventReport is an N-EVENT-REPORT (PS3.7 §10.1.1).
type EventReport struct {
	MessageID   uint16
	SOPClass    string
	SOPInstance string
	EventType   uint16
	Information dicom.Dataset // empty if there is none
}
