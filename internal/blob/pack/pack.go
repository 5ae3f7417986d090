// Package pack is the node's default engine for the ports [sinso.Blobs] and
// [sinso.Journal]: one append-only log in segment files, in which blocks, events
// and leaves of one Append become durable together by one sync. Appends that
// come at the same time share a sync.
//
// # Recovery
//
// When a log is opened, what stands at its end and is not whole is cut off as
// torn only if nothing says that it had been acknowledged. Three things say so:
// the mark file, the watermark in a later batch, and the header of a later
// segment. Anything else that is not whole is damage: nothing is cut, nothing is
// written any more, and what is sound can still be read ([Pack.Damage]).
//
// # Cost of opening
//
// Opening reads headers and tables, not payloads, but for what lies behind the
// mark. A payload is checked each time it is read; [Pack.Check] reads everything.
package pack

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"sinso.dev/sinso"
)

// Options tune a log. The zero value is fit for use.
type Options struct {
	// SegmentBytes is the size at which a new segment is begun. Default 1 GiB.
	SegmentBytes int64
	// RestoreMark accepts the log as it ends when the mark file alone is damaged
	// or missing, and writes a new mark. It is for an operator who has compared
	// the end of the log with a backup or a checkpoint.
	RestoreMark bool
}

const (
	defaultSegmentBytes = 1 << 30
	// markSyncBytes is how much may be written between two syncs of the mark: the
	// most that is read whole when a log is opened after loss of power.
	markSyncBytes = 64 << 20
)

// Pack is an open log. Its methods may be called from several goroutines. It
// starts none.
type Pack struct {
	disk   disk
	opts   Options
	unlock func() error
	id     logID

	// leader is held by the one goroutine that writes.
	leader chan struct{}
	// condensing is held by the one goroutine that condenses segments, before leader.
	condensing chan struct{}
	// Of the leader alone:
	marked   file   // the mark file
	unmarked int64  // bytes written since the mark was synced
	chain    digest // seal of the last batch
	buffer   []byte // for writing

	mu       sync.RWMutex // guards what follows
	queue    []*request
	segments []*segment
	early    *early // what is written before its batch; or nil
	worth    int64  // bytes of a block from which on it is taken early
	sparing  int    // blocks that are not taken early
	beyond   int64  // to where bytes may lie behind the active segment's end; 0 for none
	index    *table
	spoiled  map[key]struct{} // blocks found damaged: a Put writes them again
	end      sinso.Position   // after the last durable batch
	damage   []Damage         // found when opening
	broken   bool             // damage goes beyond payloads: nothing is appended
	failed   error            // why nothing can be appended any more
	closing  bool             // Close was called: nothing is condensed any more
	closed   bool
}

// segment is one file of the log.
type segment struct {
	number  uint32
	first   sinso.Position
	chain   digest // seal of the last batch before it
	file    file
	size    int64 // of what is durable
	batches []batchRef
	starts  starts
	end     sinso.Position // after the last of them
	// condensed says that payloads may have been dropped from it.
	condensed bool
	dead      int64         // bytes of payloads in it that nothing names any more
	users     *atomic.Int32 // of file: the Pack, and who reads it just now
}

func newSegment(number uint32, f file) *segment {
	s := &segment{number: number, file: f, users: new(atomic.Int32)}
	s.users.Add(1)
	return s
}

// header returns what the segment's file begins with.
func (s *segment) header(id logID) segmentHeader {
	return segmentHeader{s.number, s.first, id, s.chain, s.condensed}
}

// hold returns the segment as it is now: its file stays open until release, also when
// it is condensed and another takes its place. Pack.mu is held.
func (s *segment) hold() segment {
	s.users.Add(1)
	return *s
}

// release ends one use of the file, and closes it behind the last. Nothing was written
// to it that was not synced.
func (s *segment) release() {
	if s.users.Add(-1) == 0 {
		_ = s.file.Close()
	}
}

// window returns a window on all of the segment.
func (s *segment) window() *window {
	return &window{file: s.file, size: s.size, condensed: s.condensed}
}

// batchRef finds a batch.
type batchRef struct {
	position sinso.Position
	offset   int64
}

var (
	_ sinso.Blobs   = (*Pack)(nil)
	_ sinso.Journal = (*Pack)(nil)

	_ sinso.EarlyJournal    = (*Pack)(nil)
	_ sinso.ReclaimingBlobs = (*Pack)(nil)
	_ sinso.NamedBlobs      = (*Pack)(nil)
)

// Open opens the log in folder dir, or begins one if dir is empty or not there.
// ErrBusy if another process has it open. A log that is damaged opens for
// reading: see [Pack.Damage].
func Open(dir string, opts Options) (*Pack, error) { return open(osDisk{dir}, opts) }

func open(d disk, opts Options) (_ *Pack, err error) {
	if opts.SegmentBytes <= 0 {
		opts.SegmentBytes = defaultSegmentBytes
	}
	unlock, err := d.lock()
	if err != nil {
		return nil, err
	}
	p := &Pack{
		disk: d, opts: opts, unlock: unlock, leader: make(chan struct{}, 1), condensing: make(chan struct{}, 1),
		index: newTable(), spoiled: map[key]struct{}{}, worth: earlyWorth,
	}
	if err := p.recover(); err != nil {
		return nil, errors.Join(err, p.closeFiles(), unlock())
	}
	return p, nil
}

// Close syncs the mark and closes the files. Appends that have begun are
// finished first, Condense is given up; later calls are ErrUnavailable.
func (p *Pack) Close() error {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	p.condensing <- struct{}{}
	defer func() { <-p.condensing }()
	p.leader <- struct{}{}
	defer func() { <-p.leader }()
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	waiting := p.queue
	p.queue = nil
	p.mu.Unlock()
	for _, r := range waiting {
		r.finish(0, errClosed)
	}
	var err error
	if !p.broken {
		err = errors.Join(p.cutEarly(), p.syncMark())
	}
	return errors.Join(err, p.closeFiles(), p.unlock())
}

var errClosed = fmt.Errorf("journal: closed: %w", sinso.ErrUnavailable)

func (p *Pack) closeFiles() error {
	var errs []error
	for _, s := range p.segments {
		if s.file != nil {
			errs = append(errs, s.file.Close())
		}
	}
	if p.marked != nil {
		errs = append(errs, p.marked.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("journal: close: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// Damage returns what was found damaged when the log was opened. If it goes
// beyond payloads, Append is ErrCorrupt, so that nothing is buried, and a block
// that cannot be found is ErrCorrupt instead of ErrNotFound, as it may have been
// in the damaged place.
func (p *Pack) Damage() []Damage {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return append([]Damage(nil), p.damage...)
}

// Damage is a place in the log whose bytes are not what was written.
type Damage struct {
	File     string         // name in the log's folder
	Offset   int64          // of the first byte concerned
	Length   int64          // how many bytes cannot be trusted
	Position sinso.Position // of the first entry concerned
	CID      sinso.CID      // of the block, if it is known
	Why      string
}

// String names the place.
func (d Damage) String() string {
	s := fmt.Sprintf("journal: %s at %d: %s", d.File, d.Offset, d.Why)
	if d.CID != "" {
		s += ": block " + string(d.CID)
	}
	return s
}

func (d Damage) err() error { return fmt.Errorf("%s: %w", d, sinso.ErrCorrupt) }

// ID is the log's: random, and the same for ever.
func (p *Pack) ID() string { return hex.EncodeToString(p.id[:]) }

// End returns the position after the last durable entry.
func (p *Pack) End() sinso.Position {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.end
}

// Count returns how many blocks are stored; each takes some 50 bytes of memory.
func (p *Pack) Count() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.index.len()
}

// usable returns why nothing can be read, or nil. p.mu is held.
func (p *Pack) usable(ctx context.Context) error {
	if p.closed {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
