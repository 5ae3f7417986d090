package pack

import (
	"fmt"
	"sync"

	"sinso.dev/sinso"
)

// early is a block that is written before the batch it belongs to: its bytes go
// where they will stand if the batch is the next one, and are on their way to the
// disk when the batch comes. Nothing names them until then: they lie behind the end
// of the log, where a crash leaves what is cut off as torn. If another batch is
// written first, it takes their place, and they are written again with theirs.
type early struct {
	pack   *Pack
	file   file
	offset int64
	length int64

	mu      sync.Mutex // guards what follows; held while bytes are written
	written int64
	over    bool // nothing more is written
}

const (
	earlyWorth   = 128 << 10 // bytes of a block: below, the sync takes no longer for them
	earlyPart    = 64 << 10  // bytes written at once: below, the disk is not begun for them
	earlySparing = 16        // blocks that are not tried after one was in vain: others write too
)

// Early implements [sinso.EarlyJournal]. One block at a time is taken early, and none
// while something else is written.
func (p *Pack) Early(length int64, others int) sinso.Early {
	p.mu.Lock()
	defer p.mu.Unlock()
	if length < p.worth || length > MaxEntryBytes || p.early != nil || len(p.queue) > 0 || len(p.leader) > 0 || p.writable() != nil {
		return nil
	}
	if p.sparing > 0 {
		p.sparing--
		return nil
	}
	active := p.segments[len(p.segments)-1]
	h := batchHeader{count: uint32(1 + others)} //nolint:gosec // a handful
	offset := active.size + h.tableEnd()
	if offset+length > p.opts.SegmentBytes { // the batch goes into the next segment
		return nil
	}
	p.early = &early{pack: p, file: active.file, offset: offset, length: length}
	p.beyond = max(p.beyond, offset+length)
	return p.early
}

// Write implements [sinso.Early]. What cannot be written is written with the batch,
// which fails then, or does not.
func (e *early) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := int64(len(b))
	if e.over || n > e.length-e.written {
		e.over = true
		return len(b), nil
	}
	if _, err := e.file.WriteAt(b, e.offset+e.written); err != nil {
		e.over = true
		return len(b), nil
	}
	if e.written += n; n >= earlyPart {
		e.file.startWriting(e.offset+e.written-n, n)
	}
	return len(b), nil
}

// Drop implements [sinso.Early].
func (e *early) Drop() {
	e.pack.mu.Lock()
	if e.pack.early == e {
		e.pack.early = nil
	}
	e.pack.mu.Unlock()
	e.end()
}

// end ends writing, and reports whether all of it is there.
func (e *early) end() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	whole := !e.over && e.written == e.length
	e.over = true
	return whole
}

// endEarly ends what is written early, before anything else is written: nil if
// nothing is. The caller is the leader.
func (p *Pack) endEarly() (_ *early, whole bool) {
	p.mu.Lock()
	e := p.early
	p.early = nil
	p.mu.Unlock()
	if e == nil {
		return nil, false
	}
	return e, e.end()
}

// use has the first batch of a group take a block where it was written early, if it
// stands where it belongs.
func (p *Pack) use(e *early, whole bool, active *segment, group []*request) {
	if e == nil {
		return
	}
	r := group[0]
	r.ahead = whole && r.early == e && e.file == active.file && e.offset == r.offset+r.header.tableEnd() &&
		r.rows[0].kind == sinso.EntryBlock && int64(r.rows[0].length) == e.length
	if !r.ahead && (r.early != e || len(group) > 1) { // others write too
		p.mu.Lock()
		p.sparing = earlySparing
		p.mu.Unlock()
	}
}

// cutEarly takes away what was written early behind the end of the active segment and
// not used: what stands in a segment that is not the last must be whole. The caller is
// the leader.
func (p *Pack) cutEarly() error {
	p.endEarly()
	p.mu.Lock()
	beyond := p.beyond
	p.beyond = 0
	p.mu.Unlock()
	if beyond == 0 || p.failed != nil {
		return nil //nolint:nilerr // after a failure nothing is touched any more
	}
	if active := p.segments[len(p.segments)-1]; active.size < beyond {
		err := active.file.Truncate(active.size)
		if err == nil {
			err = active.file.datasync()
		}
		if err != nil {
			return fmt.Errorf("journal: cut what was written early off %s: %w: %w", segmentName(active.number), sinso.ErrUnavailable, err)
		}
	}
	return nil
}
