// Package apart keeps a node's blocks in another store than its log: in an S3 server, a
// Kubo, a folder on another disk. Events and leaves stay in the log.
//
// Blocks are put before the events that name them: whatever is acknowledged has its blocks.
// A crash in between leaves blocks that nothing names, as one in the middle of a stream
// does.
//
// What is written goes to the other store alone. What is read may be in either: blocks that
// were in the log before stay readable, and the log is asked first, as it knows its blocks
// in memory. What is deleted goes from both.
package apart

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"sinso.dev/sinso"
)

// Log is the log as a store of blocks.
type Log interface {
	sinso.Blobs
	sinso.ReclaimingBlobs
}

// Blobs is a log and the store that is used instead of it.
type Blobs struct {
	log   Log
	other sinso.Blobs

	mu      sync.Mutex // guards spoiled
	spoiled map[sinso.CID]struct{}
}

// maxSpoiled bounds how many blocks are noted that the other store gave back with other bytes.
const maxSpoiled = 1 << 16

var (
	_ sinso.Blobs           = (*Blobs)(nil)
	_ sinso.ReclaimingBlobs = (*Blobs)(nil)
)

// New returns the blocks of both; the caller closes them.
func New(log Log, other sinso.Blobs) *Blobs {
	return &Blobs{log: log, other: other, spoiled: map[sinso.CID]struct{}{}}
}

// Put implements [sinso.Blobs]. A block that was found damaged is stored again: a store that
// has one of its size may take it for the same.
func (b *Blobs) Put(ctx context.Context, blocks ...sinso.Block) error {
	if again := b.takeSpoiled(blocks); len(again) > 0 {
		if err := b.other.Delete(ctx, again...); err != nil {
			return err
		}
	}
	return b.other.Put(ctx, blocks...)
}

// takeSpoiled returns which of some blocks were found damaged, and forgets it.
func (b *Blobs) takeSpoiled(blocks []sinso.Block) (again []sinso.CID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, block := range blocks {
		if _, is := b.spoiled[block.CID]; is && block.CID.Verify(block.Data) == nil {
			again = append(again, block.CID)
			delete(b.spoiled, block.CID)
		}
	}
	return again
}

func (b *Blobs) spoil(cid sinso.CID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.spoiled) < maxSpoiled {
		b.spoiled[cid] = struct{}{}
	}
}

// Get implements [sinso.Blobs]. A block that is damaged in one is taken from the other.
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, logErr := b.log.Get(ctx, cid)
	if !lacks(logErr) {
		return data, logErr
	}
	data, err := b.other.Get(ctx, cid)
	if errors.Is(err, sinso.ErrNotFound) {
		return nil, logErr // that it is damaged says more
	}
	if errors.Is(err, sinso.ErrCorrupt) {
		b.spoil(cid)
	}
	return data, err
}

// Has implements [sinso.Blobs].
func (b *Blobs) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	has, logErr := b.log.Has(ctx, cid)
	if has || logErr != nil && !lacks(logErr) {
		return has, logErr
	}
	has, err := b.other.Has(ctx, cid)
	if !has && err == nil {
		err = logErr
	}
	return has, err
}

// lacks reports whether a log that answers so does not have a block, or not as it was.
func lacks(err error) bool {
	return errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt)
}

// Delete implements [sinso.Blobs]: in the log first, which has a part of what the other has,
// so that a caller who is cut off still finds there what leads to the rest.
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	const atATime = 1000 // what S3 takes in one request
	for some := range slices.Chunk(cids, atATime) {
		if err := b.log.Delete(ctx, some...); err != nil {
			return err
		}
		if err := b.other.Delete(ctx, some...); err != nil {
			return err
		}
	}
	return nil
}

// List implements [sinso.Blobs]: each block once, though both have it.
func (b *Blobs) List(ctx context.Context, fn func(sinso.CID) error) error {
	var logErr error
	next, stop := iter.Pull(func(yield func(sinso.CID) bool) {
		logErr = b.log.List(ctx, func(cid sinso.CID) error {
			if !yield(cid) {
				return errStopped
			}
			return nil
		})
	})
	defer stop()
	logged, more := next()
	// upTo calls fn with what the log has before a block, and passes over the block itself.
	upTo := func(cid sinso.CID) error {
		for more && (cid == "" || logged < cid) {
			if err := fn(logged); err != nil {
				return err
			}
			logged, more = next()
		}
		if more && logged == cid {
			logged, more = next()
		}
		return nil
	}
	err := b.other.List(ctx, func(cid sinso.CID) error {
		if err := upTo(cid); err != nil {
			return err
		}
		return fn(cid)
	})
	if err == nil {
		err = upTo("")
	}
	if err == nil {
		err = logErr // of damage: after what is known
	}
	return err
}

// errStopped ends the list of a log whose rest nobody wants.
var errStopped = errors.New("stopped")

// Reclaim implements [sinso.ReclaimingBlobs]: of both.
func (b *Blobs) Reclaim(ctx context.Context) (freed int64, err error) {
	freed, err = b.log.Reclaim(ctx)
	if other, can := b.other.(sinso.ReclaimingBlobs); can && err == nil {
		var more int64
		more, err = other.Reclaim(ctx)
		freed += more
	}
	return freed, err
}

// Audit is a log that keeps the blocks of an Append in another store. It is no
// [sinso.EarlyAudit]: early blocks are of a log that they lie in.
type Audit struct {
	sinso.Audit

	blobs sinso.Blobs
}

// NewAudit returns a log whose blocks go to blobs.
func NewAudit(log sinso.Audit, blobs sinso.Blobs) *Audit { return &Audit{log, blobs} }

// Append implements [sinso.Audit]: the blocks are durable before the events are. Appends
// that come at the same time do not wait for each other's blocks. If it fails the blocks may
// be there.
func (a *Audit) Append(ctx context.Context, blocks []sinso.Block, events ...sinso.Event) ([]sinso.Event, error) {
	if len(blocks) > 0 {
		if err := a.blobs.Put(ctx, blocks...); err != nil {
			return nil, err
		}
	}
	if len(events) == 0 {
		return nil, nil
	}
	return a.Audit.Append(ctx, nil, events...)
}
