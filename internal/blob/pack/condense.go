package pack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"sinso.dev/sinso"
)

// CondenseOptions say what is condensed. The zero value is every segment but the last
// that has a dead byte.
type CondenseOptions struct {
	// Share is how much of a segment must be dead, from 0 to 1, for it to be condensed.
	Share float64
	// Last also condenses the segment that is being written, if it is due: another is
	// begun first.
	Last bool
	// Progress, if not nil, is called with the bytes gone through of those to go through. It
	// must not call Close, which waits for Condense.
	Progress func(done, total int64)
	// Report, if not nil, is called with each payload that is not what was written and
	// is not dead: it is kept as it is.
	Report func(Damage)
}

// Dead returns how many bytes of the log are of blocks that were deleted or stored again,
// and how many it has in all. What can be condensed is a little less, as the list of what is
// kept takes a bit for each entry and 32 bytes for each batch.
func (p *Pack) Dead() (dead, total int64) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, s := range p.segments {
		dead, total = dead+s.dead, total+s.size
	}
	return dead, total
}

// Condense takes the bytes of dead blocks out of the log and returns how much smaller it is
// then (docs/formats.md, "journal"). Each segment is rewritten beside itself and takes its
// own place when the copy is whole and proven: whenever it ends, each segment is the old or the
// new one. Everything else can go on meanwhile. A second call waits for the first.
//
// ErrUnavailable if there is no room for the copy of a segment, or the disk fails: that segment
// stays as it was. ErrCorrupt if headers or tables of a segment cannot be read any more: it
// stays too, and the others are condensed.
func (p *Pack) Condense(ctx context.Context, opts CondenseOptions) (freed int64, err error) {
	select {
	case p.condensing <- struct{}{}:
		defer func() { <-p.condensing }()
	case <-ctx.Done():
		return 0, fmt.Errorf("journal: condense: %w", ctx.Err())
	}
	if err := p.condensable(ctx); err != nil {
		return 0, err
	}
	if opts.Last {
		if err := p.endLast(ctx, opts.Share); err != nil {
			return 0, err
		}
	}
	due, progress := p.due(opts)
	var refused error
	for _, i := range due {
		n, err := p.condense(ctx, i, opts, progress)
		freed += n
		switch {
		case errors.Is(err, sinso.ErrCorrupt):
			refused = errors.Join(refused, err)
		case err != nil:
			return freed, errors.Join(err, refused)
		}
	}
	return freed, refused
}

// worth reports whether the segment has so much dead that it is condensed.
func (s *segment) worth(share float64) bool {
	return s.dead > 0 && float64(s.dead) >= share*float64(s.size)
}

// due returns which segments are condensed.
func (p *Pack) due(opts CondenseOptions) (due []int, progress func(n int64)) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	total, done := int64(0), int64(0)
	for i, s := range p.segments[:max(0, len(p.segments)-1)] {
		if s.worth(opts.Share) {
			due, total = append(due, i), total+s.size
		}
	}
	return due, func(n int64) {
		if done += n; opts.Progress != nil {
			opts.Progress(done, total)
		}
	}
}

// condensable returns why nothing can be condensed, or nil.
func (p *Pack) condensable(ctx context.Context) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closing {
		return errClosed
	}
	if err := p.usable(ctx); err != nil {
		return err
	}
	return p.writable()
}

// leading calls do while nobody else writes.
func (p *Pack) leading(ctx context.Context, do func() error) error {
	select {
	case p.leader <- struct{}{}:
		defer func() { <-p.leader }()
	case <-ctx.Done():
		return fmt.Errorf("journal: condense: %w", ctx.Err())
	}
	if err := p.condensable(ctx); err != nil {
		return err
	}
	return do()
}

// endLast begins a new segment if the last is worth condensing.
func (p *Pack) endLast(ctx context.Context, share float64) error {
	return p.leading(ctx, func() error {
		p.mu.RLock()
		worth := p.segments[len(p.segments)-1].worth(share)
		p.mu.RUnlock()
		if !worth {
			return nil
		}
		return p.roll()
	})
}

// condense rewrites one segment.
func (p *Pack) condense(ctx context.Context, i int, opts CondenseOptions, progress func(int64)) (freed int64, err error) {
	p.mu.RLock()
	old, next := p.segments[i].hold(), *p.segments[i+1]
	p.mu.RUnlock()
	defer old.release()
	f, err := p.disk.create(condensingName)
	if err != nil {
		return 0, fmt.Errorf("journal: condense %s: %w: %w", segmentName(old.number), sinso.ErrUnavailable, err)
	}
	r := rewrite{pack: p, old: &old, next: &next, fresh: newSegment(old.number, f), report: opts.Report, progress: progress}
	if err = r.write(ctx); err == nil {
		err = r.prove(ctx)
	}
	if err == nil {
		err = p.leading(ctx, func() error { return p.replace(i, &r) })
	}
	if err == nil {
		return old.size - r.fresh.size, nil
	}
	gone := p.disk.remove(condensingName)
	if errors.Is(gone, fs.ErrNotExist) { // it has the segment's name
		gone = nil
	}
	return 0, errors.Join(err, f.Close(), gone)
}

// replace puts a rewritten segment into the place of the old one. The caller is the
// leader.
func (p *Pack) replace(i int, r *rewrite) error {
	// What says that the blocks are dead must be durable before their bytes go, and
	// nobody may take it for torn.
	if err := p.syncMark(); err != nil {
		return err
	}
	name := segmentName(r.old.number)
	err := p.disk.rename(condensingName, name)
	if err == nil {
		err = p.disk.syncDir()
	}
	if err != nil { // the old file is open still: reading goes on, whichever has the name
		return fmt.Errorf("journal: condense %s: %w: %w", name, sinso.ErrUnavailable, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.segments[i]
	r.fresh.dead = old.dead - r.dropped
	p.segments[i] = r.fresh
	old.release()
	return nil
}

// copyBytes are copied at once.
const copyBytes = 1 << 20

// rewrite is one segment that is being condensed.
type rewrite struct {
	pack      *Pack
	old, next *segment // as they were when it began; next is the one behind it
	fresh     *segment
	dropped   int64 // bytes of payloads that were left out
	report    func(Damage)
	progress  func(int64)
	buf       []byte
}

// write copies everything but the payloads of dead blocks.
func (r *rewrite) write(ctx context.Context) error {
	s := r.fresh
	s.first, s.end, s.chain, s.condensed = r.old.first, r.old.end, r.old.chain, true
	r.buf = make([]byte, min(copyBytes, r.old.size))
	out := bufio.NewWriterSize(io.NewOffsetWriter(s.file, 0), len(r.buf))
	head := s.header(r.pack.id).bytes()
	_, err := out.Write(head)
	s.size = int64(len(head))
	w := r.old.window()
	end := s.size
	for _, ref := range r.old.batches {
		if err != nil {
			break
		}
		b, failed := readBatch(w, ref.offset, r.pack.id)
		if failed != nil || b.position != ref.position || b.offset != end {
			return r.old.unreadable(ref.offset, "batch", failed)
		}
		end += b.stored()
		err = r.batch(ctx, out, b)
	}
	if err == nil && end != r.old.size {
		return r.old.unreadable(end, "end", nil)
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = s.file.datasync()
	}
	return r.failed(err)
}

// failed gives an error that has none the class of a disk that fails.
func (r *rewrite) failed(err error) error {
	for _, class := range []error{sinso.ErrUnavailable, sinso.ErrCorrupt, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, class) {
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("journal: condense %s: %w: %w", segmentName(r.old.number), sinso.ErrUnavailable, err)
	}
	return nil
}

// batch copies one batch: header and table as they are, what is kept, and that.
func (r *rewrite) batch(ctx context.Context, out *bufio.Writer, b batch) error {
	kept := slices.Clone(b.rows)
	r.drop(b, kept)
	frame, sum := b.bytes(r.pack.id)
	for _, row := range kept {
		frame = row.append(frame)
	}
	frame = appendKept(frame, kept, r.pack.id, sum)
	if _, err := out.Write(frame); err != nil {
		return err
	}
	r.fresh.size += int64(len(frame))
	from := b.payload(0) // of what is kept and not copied yet
	to := from
	for n, row := range kept {
		before := b.rows[n].stored()
		if row.stored() < before {
			if err := r.copy(ctx, out, from, to); err != nil {
				return err
			}
			from = to + before
		}
		to += before
	}
	r.progress(b.stored())
	return r.copy(ctx, out, from, to)
}

// drop notes which blocks of a batch are dead. Nothing that is dead at a position is ever
// alive there again.
func (r *rewrite) drop(b batch, rows []row) {
	r.pack.mu.RLock()
	defer r.pack.mu.RUnlock()
	for n, row := range rows {
		if row.kind != sinso.EntryBlock || row.dropped {
			continue
		}
		at, ok := r.pack.index.get(row.key().tag())
		if !ok || at.position() != b.entry(n) {
			rows[n].dropped = true
			r.dropped += int64(row.length)
		}
	}
}

// copy copies the bytes between two offsets as they are.
func (r *rewrite) copy(ctx context.Context, out *bufio.Writer, at, end int64) error {
	for at < end {
		if err := r.pack.condensable(ctx); err != nil {
			return err
		}
		raw := r.buf[:min(copyBytes, end-at)]
		if err := readFull(r.old.file, raw, at); err != nil {
			return r.old.unreadable(at, "payload", err)
		}
		if _, err := out.Write(raw); err != nil {
			return err
		}
		at += int64(len(raw))
		r.fresh.size += int64(len(raw))
	}
	return nil
}

// prove reads what was written. It must follow from the segment before and lead to the one
// behind, and each payload must be sound that is sound in the old file.
func (r *rewrite) prove(ctx context.Context) error {
	scan := scanner{id: r.pack.id, next: r.old.first, chain: r.old.chain, found: func(_ int, b batch) error {
		r.fresh.note(b)
		return r.pack.condensable(ctx)
	}}
	if err := scan.segment(0, r.fresh); err != nil {
		return r.failed(err)
	}
	for _, bad := range scan.bad {
		rotten, err := r.rotten(bad)
		if err != nil {
			return err
		}
		if !rotten {
			return r.failed(errors.New(bad.Why + ", in the copy"))
		}
	}
	if scan.next != r.next.first || scan.chain != r.next.chain {
		return r.failed(errors.New("the copy does not lead to the next segment"))
	}
	return nil
}

// rotten reports whether a payload that is bad in the copy is bad in the old file too, and
// tells so.
func (r *rewrite) rotten(bad badPlace) (bool, error) {
	if !bad.payload {
		return false, nil
	}
	b, n, err := r.old.entry(r.pack.id, bad.Position)
	if err != nil {
		return false, err
	}
	raw, copied := make([]byte, b.rows[n].stored()), make([]byte, bad.Length)
	if err := errors.Join(readFull(r.old.file, raw, b.payload(n)), readFull(r.fresh.file, copied, bad.Offset)); err != nil {
		return false, r.failed(err)
	}
	if sha256.Sum256(raw) == b.rows[n].digest || !bytes.Equal(raw, copied) {
		return false, nil
	}
	r.pack.spoil(bad)
	if r.report != nil {
		r.report(bad.Damage)
	}
	return true, nil
}

// sweep removes what a Condense left behind that was cut off.
func (p *Pack) sweep() error {
	names, err := p.disk.list()
	if err == nil && slices.Contains(names, condensingName) {
		err = p.disk.remove(condensingName)
	}
	if err != nil {
		return fmt.Errorf("journal: remove %s: %w: %w", condensingName, sinso.ErrUnavailable, err)
	}
	return nil
}
