package pack

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
)

// request is one Append that waits to be written.
type request struct {
	rows   []row
	data   [][]byte // the payloads, in the order of rows
	table  []byte
	header batchHeader
	seal   digest
	raw    []byte // the header's bytes
	early  *early // of the first entry; or nil
	ahead  bool   // that one is where it belongs

	offset int64 // in its segment
	after  sinso.Position
	err    error
	done   chan struct{} // closed when after or err is set
}

func (r *request) finish(after sinso.Position, err error) {
	r.after, r.err = after, err
	close(r.done)
}

// newRequest checks entries and makes everything of a batch that does not depend
// on its place.
func newRequest(entries []sinso.JournalEntry) (*request, error) {
	if len(entries) > MaxBatchEntries {
		return nil, fmt.Errorf("journal: %d entries in one batch, at most %d: %w", len(entries), MaxBatchEntries, sinso.ErrInvalid)
	}
	rows, err := describe(entries)
	if err != nil {
		return nil, err
	}
	r := &request{rows: rows, done: make(chan struct{})}
	r.header.count = uint32(len(rows)) //nolint:gosec // at most MaxBatchEntries
	r.header.length = r.header.tableEnd()
	r.table = make([]byte, 0, len(rows)*tableEntryBytes)
	for i, row := range rows {
		r.table = row.append(r.table)
		r.data = append(r.data, entries[i].Data)
		r.header.length += int64(row.length)
	}
	if r.header.length > MaxBatchBytes {
		return nil, fmt.Errorf("journal: a batch of %d bytes, at most %d: %w", r.header.length, MaxBatchBytes, sinso.ErrInvalid)
	}
	r.header.table = sha256.Sum256(r.table)
	if len(entries) > 0 {
		r.early, _ = entries[0].Early.(*early)
	}
	return r, nil
}

// describe hashes entries, several at a time if they are worth it.
func describe(entries []sinso.JournalEntry) ([]row, error) {
	const worthIt = 256 << 10 // bytes to hash: far more work than a goroutine costs
	rows, bytes := make([]row, len(entries)), 0
	for _, e := range entries {
		if !e.Fresh {
			bytes += len(e.Data)
		}
	}
	var group errgroup.Group
	group.SetLimit(1)
	if bytes >= worthIt {
		group.SetLimit(runtime.GOMAXPROCS(0)) // hashing keeps a processor busy
	}
	step := max(1, len(entries)/(4*runtime.GOMAXPROCS(0)))
	for from := 0; from < len(entries); from += step {
		part := entries[from:min(from+step, len(entries))]
		work := func() (err error) {
			for i, e := range part {
				if rows[from+i], err = rowOf(e); err != nil {
					return err
				}
			}
			return nil
		}
		if bytes < worthIt {
			if err := work(); err != nil {
				return nil, err
			}
			continue
		}
		group.Go(work)
	}
	return rows, group.Wait()
}

// Append implements [sinso.Journal]. The entries' data must not change until it
// returns. Without entries it returns the end of the log.
//
// If a sync fails, nobody knows what is on the disk: Append is ErrUnavailable
// from then on, until the log is opened again; the batch may be there then. If
// the disk is full, nothing of the batch stays, and Append works again once
// there is room. Both are ErrUnavailable.
func (p *Pack) Append(ctx context.Context, entries ...sinso.JournalEntry) (sinso.Position, error) {
	p.mu.RLock()
	err, end := p.usable(ctx), p.end
	p.mu.RUnlock()
	if err != nil || len(entries) == 0 {
		return end, err
	}
	r, err := newRequest(entries)
	if err != nil {
		return 0, err
	}
	return p.submit(ctx, r)
}

// submit waits until r is durable. Whoever comes first writes for all who came
// until it begins.
func (p *Pack) submit(ctx context.Context, r *request) (sinso.Position, error) {
	p.mu.Lock()
	if err := p.usable(ctx); err != nil {
		p.mu.Unlock()
		return 0, err
	}
	p.queue = append(p.queue, r)
	p.mu.Unlock()
	for {
		select {
		case <-r.done:
			return r.after, r.err
		case p.leader <- struct{}{}:
			p.lead()
			<-p.leader
		case <-ctx.Done():
			if p.withdraw(r) {
				return 0, fmt.Errorf("journal: append: %w", ctx.Err())
			}
			<-r.done // it is being written: the caller learns what becomes of it
			return r.after, r.err
		}
	}
}

// withdraw takes r out of the queue and reports whether it still was there.
func (p *Pack) withdraw(r *request) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, q := range p.queue {
		if q == r {
			p.queue = append(p.queue[:i], p.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead writes what waits, as one group with one sync.
func (p *Pack) lead() {
	p.mu.RLock()
	idle := len(p.queue) == 0
	p.mu.RUnlock()
	if idle { // somebody else has written it
		return
	}
	e, whole := p.endEarly()
	group, err := p.gather()
	if err == nil && len(group) > 0 {
		err = p.commit(group, e, whole)
	}
	for _, r := range group {
		if err != nil {
			r.finish(0, err)
			continue
		}
		r.finish(r.header.end(), nil)
	}
}

// gather takes from the queue what goes into one segment, and begins a new one
// if the first in the queue does not fit.
func (p *Pack) gather() ([]*request, error) {
	const groupBytes = 32 << 20 // so that nobody waits long for what others brought
	p.mu.Lock()
	queue := p.queue
	if err := p.writable(); err != nil || len(queue) == 0 {
		p.queue = nil
		p.mu.Unlock()
		return queue, err
	}
	active := p.segments[len(p.segments)-1]
	full := active.size > segmentHeaderBytes && active.size+queue[0].header.length > p.opts.SegmentBytes
	size := active.size
	if full {
		size = segmentHeaderBytes
	}
	n, bytes := 0, int64(0)
	for _, r := range queue {
		if n > 0 && (size+bytes+r.header.length > p.opts.SegmentBytes || bytes+r.header.length > groupBytes) {
			break
		}
		n, bytes = n+1, bytes+r.header.length
	}
	group := queue[:n:n]
	p.queue = append([]*request(nil), queue[n:]...)
	p.mu.Unlock()
	if full {
		return group, p.roll()
	}
	return group, nil
}

// writable returns why nothing can be appended, or nil. p.mu is held.
func (p *Pack) writable() error {
	switch {
	case p.closed:
		return errClosed
	case p.failed != nil:
		return p.failed
	case p.broken:
		return fmt.Errorf("journal: damaged, open for reading only: %w", p.damage[0].err())
	case p.end > lastPosition:
		return fmt.Errorf("journal: %d entries are all that it holds: %w", p.end, sinso.ErrUnavailable)
	}
	return nil
}

// commit writes a group behind the log and syncs it. e was written early; or nil.
func (p *Pack) commit(group []*request, e *early, whole bool) error {
	active := p.segments[len(p.segments)-1]
	offset, position, chain := active.size, p.end, p.chain
	for _, r := range group {
		r.offset = offset
		r.header.position, r.header.watermark, r.header.chain = position, p.end, chain
		r.raw, r.seal = r.header.bytes(p.id)
		offset, position, chain = offset+r.header.length, r.header.end(), r.seal
	}
	p.use(e, whole, active, group)
	if err := p.write(active, group); err != nil {
		return p.rollBack(active, err)
	}
	if err := active.file.datasync(); err != nil {
		return p.fail("sync "+segmentName(active.number), err)
	}
	p.publish(active, group, offset)
	p.unmarked += offset - group[0].offset
	// The mark only helps to tell a torn end from a damaged one, and the next
	// group writes it again: that it fails is no reason to deny what is durable.
	_ = p.writeMark(p.unmarked >= markSyncBytes)
	return nil
}

// write puts the group's bytes into the file, small pieces gathered.
func (p *Pack) write(active *segment, group []*request) error {
	const gathered = 64 << 10 // copying costs less than a call
	at := active.size
	buf := p.buffer[:0]
	flush := func(next []byte) error {
		if len(buf) > 0 {
			if _, err := active.file.WriteAt(buf, at); err != nil {
				return err
			}
			at, buf = at+int64(len(buf)), buf[:0]
		}
		if len(next) >= gathered {
			if _, err := active.file.WriteAt(next, at); err != nil {
				return err
			}
			at += int64(len(next))
		}
		return nil
	}
	for _, r := range group {
		for i, b := range append([][]byte{r.raw, r.table}, r.data...) {
			if i == 2 && r.ahead { // the first entry's data
				if err := flush(nil); err != nil {
					return err
				}
				at += int64(len(b))
				continue
			}
			if len(b) >= gathered || len(buf)+len(b) > gathered {
				if err := flush(b); err != nil {
					return err
				}
			}
			if len(b) < gathered {
				buf = append(buf, b...)
			}
		}
	}
	p.buffer = buf
	return flush(nil)
}

// rollBack takes away what was written of a group that could not be written
// whole.
func (p *Pack) rollBack(active *segment, cause error) error {
	if err := errors.Join(active.file.Truncate(active.size), active.file.datasync()); err != nil {
		return p.fail("take back a write that failed in "+segmentName(active.number), errors.Join(err, cause))
	}
	return fmt.Errorf("journal: write %s: %w: %w", segmentName(active.number), sinso.ErrUnavailable, cause)
}

// fail ends all writing: the disk may hold something else than we know.
func (p *Pack) fail(what string, cause error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = fmt.Errorf("journal: nothing is written until it is opened again: %s: %w: %w", what, sinso.ErrUnavailable, cause)
	return p.failed
}

// publish makes a durable group visible.
func (p *Pack) publish(active *segment, group []*request, size int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range group {
		p.take(len(p.segments)-1, batch{batchHeader: r.header, seal: r.seal, offset: r.offset, rows: r.rows})
	}
	active.size = size
	if active.size >= p.beyond {
		p.beyond = 0
	}
}

// roll begins a new segment. Every batch before it is durable by then, which is
// what its header vouches for.
func (p *Pack) roll() error {
	if err := p.cutEarly(); err != nil {
		return p.fail("end a segment", err)
	}
	number := uint32(1)
	if n := len(p.segments); n > 0 {
		number = p.segments[n-1].number + 1
	}
	name := segmentName(number)
	f, err := p.disk.create(name)
	if err != nil {
		return fmt.Errorf("journal: begin %s: %w: %w", name, sinso.ErrUnavailable, err)
	}
	s := newSegment(number, f)
	s.first, s.chain, s.size = p.end, p.chain, segmentHeaderBytes
	_, err = f.WriteAt(s.header(p.id).bytes(), 0)
	if err == nil {
		err = f.datasync()
	}
	if err == nil {
		err = p.disk.syncDir()
	}
	if err != nil {
		return fmt.Errorf("journal: begin %s: %w: %w", name, sinso.ErrUnavailable, errors.Join(err, f.Close(), p.disk.remove(name)))
	}
	p.mu.Lock()
	p.segments = append(p.segments, s)
	p.mu.Unlock()
	return p.syncMark()
}

// writeMark notes how far the log is durable.
func (p *Pack) writeMark(sync bool) error {
	last := p.segments[len(p.segments)-1]
	m := mark{segment: last.number, position: p.end, id: p.id, chain: p.chain}
	if _, err := p.marked.WriteAt(m.bytes(), 0); err != nil {
		return fmt.Errorf("journal: write the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	if !sync {
		return nil
	}
	if err := p.marked.datasync(); err != nil {
		return fmt.Errorf("journal: sync the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	p.unmarked = 0
	return nil
}

func (p *Pack) syncMark() error {
	if len(p.segments) == 0 {
		return nil
	}
	return p.writeMark(true)
}
