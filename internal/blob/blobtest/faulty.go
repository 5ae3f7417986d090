package blobtest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"sinso.dev/sinso"
)

// Fault is how a [Faulty] store fails.
type Fault int

// The faults.
const (
	// FaultFail returns ErrUnavailable and does nothing.
	FaultFail Fault = iota
	// FaultLost does what was asked and returns ErrUnavailable.
	FaultLost
	// FaultTruncate returns only the first half of what was read. A write stores
	// nothing and is ErrUnavailable.
	FaultTruncate
	// FaultFlip flips one bit of what is read. A write stores nothing and is
	// ErrUnavailable.
	FaultFlip
	// FaultStall does not return until ctx ends.
	FaultStall
)

// Faulty is a store whose n-th call fails, for tests of what stands above it: an
// engine that tells no lie does none of this to a reader.
type Faulty struct {
	Store
	Fault Fault
	// At is the call that fails, counted from 1 over all methods but Close; 0 is
	// none.
	At int

	mu    sync.Mutex // guards calls
	calls int
}

// Calls returns how many calls there were.
func (f *Faulty) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// due counts a call and reports whether it is the one that fails.
func (f *Faulty) due() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	return f.calls == f.At
}

var errFault = fmt.Errorf("blobtest: a fault was asked for: %w", sinso.ErrUnavailable)

// call runs do unless the fault says otherwise. spoils says that do reads bytes,
// which the fault may change.
func (f *Faulty) call(ctx context.Context, spoils bool, do func(spoil bool) error) error {
	if !f.due() {
		return do(false)
	}
	switch f.Fault {
	case FaultLost:
		if err := do(false); err != nil {
			return err
		}
		return errFault
	case FaultTruncate, FaultFlip:
		if spoils {
			return do(true)
		}
		return errFault
	case FaultStall:
		<-ctx.Done()
		return fmt.Errorf("blobtest: stalled: %w", ctx.Err())
	case FaultFail:
	}
	return errFault
}

func (f *Faulty) spoil(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	if f.Fault == FaultTruncate {
		return b[:len(b)/2]
	}
	b = slices.Clone(b)
	b[len(b)/2] ^= 1
	return b
}

// Put implements [sinso.Blobs].
func (f *Faulty) Put(ctx context.Context, blocks ...sinso.Block) error {
	return f.call(ctx, false, func(bool) error { return f.Store.Put(ctx, blocks...) })
}

// Get implements [sinso.Blobs].
func (f *Faulty) Get(ctx context.Context, cid sinso.CID) (data []byte, err error) {
	err = f.call(ctx, true, func(spoil bool) (err error) {
		if data, err = f.Store.Get(ctx, cid); err == nil && spoil {
			data = f.spoil(data)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Has implements [sinso.Blobs].
func (f *Faulty) Has(ctx context.Context, cid sinso.CID) (has bool, err error) {
	err = f.call(ctx, false, func(bool) (err error) {
		has, err = f.Store.Has(ctx, cid)
		return err
	})
	return has && err == nil, err
}

// Delete implements [sinso.Blobs].
func (f *Faulty) Delete(ctx context.Context, cids ...sinso.CID) error {
	return f.call(ctx, false, func(bool) error { return f.Store.Delete(ctx, cids...) })
}

// List implements [sinso.Blobs].
func (f *Faulty) List(ctx context.Context, fn func(sinso.CID) error) error {
	return f.call(ctx, false, func(bool) error { return f.Store.List(ctx, fn) })
}

// Append implements [sinso.Journal].
func (f *Faulty) Append(ctx context.Context, entries ...sinso.JournalEntry) (after sinso.Position, err error) {
	err = f.call(ctx, false, func(bool) (err error) {
		after, err = f.Store.Append(ctx, entries...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return after, nil
}

// Replay implements [sinso.Journal]. A fault of bytes concerns every entry.
func (f *Faulty) Replay(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.JournalEntry) error) error {
	return f.call(ctx, true, func(spoil bool) error {
		return f.Store.Replay(ctx, from, func(after sinso.Position, e sinso.JournalEntry) error {
			if spoil {
				e.Data = f.spoil(e.Data)
			}
			return fn(after, e)
		})
	})
}
