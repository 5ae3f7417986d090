package dimse

import (
	"context"

	"sinso.dev/sinso/internal/format/dicom"
)

// Sink sees an object arrive. Its methods are called from one goroutine.
type Sink interface {
	// Arrived is called with all that is there so far of what Part10 will return. The
	// bytes stay as they are, and where they are, until Settle is called.
	Arrived(all []byte)
	// Settle returns when the sink reads none of the bytes any more. More may arrive
	// then, somewhere else in memory.
	Settle()
	// Drop is called, as the last, if the object does not come to Store. After it, as
	// after Settle, none of the bytes is read any more.
	Drop()
}

// Config is what a server does. A handler that is nil answers with
// StatusUnrecognizedOperation, a nil Echo with success.
//
// Handlers of different associations run at the same time, those of one never.
// Their ctx ends with that of Serve, when the association is lost, and, in Find,
// Move and Get, when the peer cancels: the handler then returns StatusCancel.
type Config struct {
	Options

	MaxAssociations int // at the same time, default 64; who comes next is rejected as "local limit exceeded"

	// Accept says why a peer may not associate, nil if it may. A nil Accept takes
	// anyone. It may be called from several goroutines at once.
	Accept func(ctx context.Context, p *Peer) *Rejection

	// Supports reports whether presentation contexts of a SOP class are accepted.
	// nil: Verification, and nothing else.
	Supports func(abstract string) bool

	// KnownSyntax reports whether a transfer syntax can be accepted. Of those that
	// a peer proposes in a context the first known one is taken, a big endian one
	// only if there is no other. nil: those that package dicom knows.
	KnownSyntax func(uid string) bool

	Echo func(ctx context.Context, a *Association) Status

	// StoreBegin is called when a C-STORE begins, before its data arrives. A status
	// other than success refuses it: what follows is read and thrown away. sink, if
	// not nil, sees it arrive. Optional.
	StoreBegin func(ctx context.Context, a *Association, r *StoreRequest) (sink Sink, status Status)

	// Store takes an object that has arrived whole.
	Store func(ctx context.Context, a *Association, r *StoreRequest) Status

	Find   func(ctx context.Context, a *Association, r *FindRequest) Status
	Move   func(ctx context.Context, a *Association, r *MoveRequest) Outcome
	Get    func(ctx context.Context, a *Association, r *GetRequest) Outcome
	Action func(ctx context.Context, a *Association, r *ActionRequest) (Status, *dicom.Dataset)
	Event  func(ctx context.Context, a *Association, r *EventReport) Status

	// Ended is called once for each association that was accepted, after its last
	// handler: err is nil if it was released, what went wrong otherwise.
	Ended func(a *Association, err error)
}
