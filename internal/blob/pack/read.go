package pack

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	"sinso.dev/sinso"
)

// Put implements [sinso.Blobs]. A block that was found damaged is stored again.
func (p *Pack) Put(ctx context.Context, blocks ...sinso.Block) error {
	entries := make([]sinso.JournalEntry, 0, len(blocks))
	for _, b := range blocks {
		entries = append(entries, sinso.JournalEntry{Kind: sinso.EntryBlock, CID: b.CID, Data: b.Data, Fresh: b.Fresh})
	}
	if len(entries) > MaxBatchEntries {
		return fmt.Errorf("journal: %d blocks in one Put, at most %d: %w", len(entries), MaxBatchEntries, sinso.ErrInvalid)
	}
	r, err := newRequest(entries)
	if err != nil {
		return err
	}
	fresh, err := p.absent(ctx, r.rows)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if len(fresh) < len(entries) {
		few := make([]sinso.JournalEntry, 0, len(fresh))
		for _, i := range fresh {
			few = append(few, entries[i])
		}
		if r, err = newRequest(few); err != nil {
			return err
		}
	}
	_, err = p.submit(ctx, r)
	return err
}

// absent returns which rows name blocks that are not stored soundly, each once.
func (p *Pack) absent(ctx context.Context, rows []row) ([]int, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	var fresh []int
	seen := make(map[key]struct{}, len(rows))
	for i, r := range rows {
		k := r.key()
		_, twice := seen[k]
		_, stored := p.index[k]
		_, spoiled := p.spoiled[k]
		if !twice && (!stored || spoiled) {
			fresh = append(fresh, i)
		}
		seen[k] = struct{}{}
	}
	return fresh, nil
}

// find looks a block up.
func (p *Pack) find(ctx context.Context, cid sinso.CID) (k key, at place, s *segment, err error) {
	if k, err = keyOf(cid); err != nil {
		return k, at, nil, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if err := p.usable(ctx); err != nil {
		return k, at, nil, err
	}
	at, ok := p.index[k]
	switch {
	case ok:
		return k, at, p.segments[at.segment], nil
	case p.broken:
		return k, at, nil, fmt.Errorf("block %s may have been in a damaged place: %w", cid, p.damage[0].err())
	}
	return k, at, nil, fmt.Errorf("block %s: %w", cid, sinso.ErrNotFound)
}

// Get implements [sinso.Blobs].
func (p *Pack) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	k, at, s, err := p.find(ctx, cid)
	if err != nil {
		return nil, err
	}
	data, err := s.payload(at.offset, at.length, digest(k[1:]))
	if errors.Is(err, sinso.ErrCorrupt) {
		p.mu.Lock()
		p.spoiled[k] = struct{}{}
		p.mu.Unlock()
	}
	if err != nil {
		return nil, fmt.Errorf("block %s: %w", cid, err)
	}
	return data, nil
}

// GetUnverified implements [sinso.UnverifiedBlobs].
func (p *Pack) GetUnverified(ctx context.Context, cid sinso.CID) ([]byte, error) {
	_, at, s, err := p.find(ctx, cid)
	if err != nil {
		return nil, err
	}
	data := make([]byte, at.length)
	if err := readFull(s.file, data, at.offset); err != nil {
		return nil, fmt.Errorf("block %s: read %s at %d: %w: %w", cid, segmentName(s.number), at.offset, sinso.ErrUnavailable, err)
	}
	return data, nil
}

// ReadUnverifiedAt implements [sinso.UnverifiedBlobs].
func (p *Pack) ReadUnverifiedAt(ctx context.Context, cid sinso.CID, b []byte, offset int64) error {
	_, at, s, err := p.find(ctx, cid)
	if err != nil {
		return err
	}
	if offset < 0 || offset > int64(at.length)-int64(len(b)) {
		return fmt.Errorf("block %s has %d bytes, not %d from %d on: %w", cid, at.length, len(b), offset, sinso.ErrCorrupt)
	}
	if err := readFull(s.file, b, at.offset+offset); err != nil {
		return fmt.Errorf("block %s: read %s at %d: %w: %w", cid, segmentName(s.number), at.offset+offset, sinso.ErrUnavailable, err)
	}
	return nil
}

// payload reads bytes and checks them.
func (s *segment) payload(offset int64, length uint32, want digest) ([]byte, error) {
	data := make([]byte, length)
	err := readFull(s.file, data, offset)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("journal: read %s at %d: %w: %w", segmentName(s.number), offset, sinso.ErrUnavailable, err)
	}
	if err != nil || sha256.Sum256(data) != want {
		return nil, fmt.Errorf("journal: %s at %d: stored bytes do not match their checksum: %w", segmentName(s.number), offset, sinso.ErrCorrupt)
	}
	return data, nil
}

// Has implements [sinso.Blobs].
func (p *Pack) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	_, _, _, err := p.find(ctx, cid)
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Delete implements [sinso.Blobs]. The block's bytes stay in their segment: they
// are ciphertext, and are gone when its key is.
func (p *Pack) Delete(ctx context.Context, cid sinso.CID) error {
	if has, err := p.Has(ctx, cid); err != nil || !has {
		return err
	}
	_, err := p.Append(ctx, sinso.JournalEntry{Kind: sinso.EntryDelete, CID: cid})
	return err
}

// List implements [sinso.Blobs]. It lists the blocks that are stored when it
// begins; fn may call the Pack.
func (p *Pack) List(ctx context.Context, fn func(sinso.CID) error) error {
	p.mu.RLock()
	err := p.usable(ctx)
	cids := make([]sinso.CID, 0, len(p.index))
	for k := range p.index {
		cids = append(cids, k.cid())
	}
	if err == nil && p.broken {
		err = p.damage[0].err() // returned after what is known
	}
	p.mu.RUnlock()
	if errors.Is(err, sinso.ErrUnavailable) || ctx.Err() != nil {
		return err
	}
	slices.Sort(cids)
	for _, cid := range cids {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("journal: list: %w", err)
		}
		if err := fn(cid); err != nil {
			return err
		}
	}
	return err
}

// Replay implements [sinso.Journal]. It ends at what was durable when it began;
// fn may call the Pack. In a damaged log it passes on what stands before the
// first damage behind from, and is ErrCorrupt then.
func (p *Pack) Replay(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.JournalEntry) error) error {
	p.mu.RLock()
	err, end := p.usable(ctx), p.end
	segments := make([]segment, 0, len(p.segments))
	for _, s := range p.segments {
		segments = append(segments, *s)
	}
	r := replay{id: p.id, next: from, wall: p.wall(from), fn: fn}
	p.mu.RUnlock()
	if err != nil {
		return err
	}
	if from > end && r.wall == nil {
		return fmt.Errorf("journal: replay from %d, the end is %d: %w", from, end, sinso.ErrInvalid)
	}
	for i := range segments {
		if i+1 < len(segments) && segments[i+1].first <= from {
			continue
		}
		if err := r.segment(ctx, &segments[i]); err != nil {
			return err
		}
	}
	if r.wall != nil {
		return r.wall.err()
	}
	return nil
}

// wall returns the first damage to frames at or behind a position. p.mu is held.
func (p *Pack) wall(from sinso.Position) *Damage {
	if !p.broken {
		return nil
	}
	var first *Damage
	for i, d := range p.damage {
		if d.CID == "" && d.Position >= from && (first == nil || d.Position < first.Position) {
			first = &p.damage[i]
		}
	}
	return first
}

// replay is one run of Replay.
type replay struct {
	id   logID
	next sinso.Position // of the entry that is due
	wall *Damage        // where to stop, if anywhere
	fn   func(sinso.Position, sinso.JournalEntry) error
}

func (r *replay) segment(ctx context.Context, s *segment) error {
	w := &window{file: s.file, size: s.size}
	if err := s.checkHeader(w, r.id); err != nil {
		return err
	}
	first, found := slices.BinarySearchFunc(s.batches, r.next, func(b batchRef, p sinso.Position) int {
		return cmp.Compare(b.position, p)
	})
	if !found && first > 0 {
		first--
	}
	for _, ref := range s.batches[first:] {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("journal: replay: %w", err)
		}
		if r.wall != nil && ref.position >= r.wall.Position {
			return r.wall.err()
		}
		if ref.position > r.next {
			return fmt.Errorf("journal: %s at %d: entries %d to %d before this place cannot be read: %w",
				segmentName(s.number), ref.offset, r.next, ref.position, sinso.ErrCorrupt)
		}
		b, err := readBatch(w, ref.offset, r.id)
		if err != nil || b.position != ref.position {
			return s.unreadable(ref.offset, "batch", err)
		}
		if err := r.batch(s, w, b); err != nil {
			return err
		}
	}
	return nil
}

func (r *replay) batch(s *segment, w *window, b batch) error {
	offset, position := b.offset+b.tableEnd(), b.position
	for _, row := range b.rows {
		at := offset
		offset += int64(row.length)
		position++
		if position <= r.next {
			continue
		}
		entry := sinso.JournalEntry{Kind: row.kind, CID: row.cid()}
		if row.codec == 0 {
			raw, err := w.bytes(at, int(row.length))
			if err != nil || sha256.Sum256(raw) != row.digest {
				return s.unreadable(at, fmt.Sprintf("entry %d", position-1), err)
			}
			entry.Data = slices.Clone(raw)
		}
		r.next = position
		if err := r.fn(position, entry); err != nil {
			return err
		}
	}
	return nil
}

// unreadable says that something which was sound when the log was opened is not
// now.
func (s *segment) unreadable(offset int64, what string, err error) error {
	if err == nil || errors.Is(err, errFormat) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("journal: %s at %d: the %s does not match its checksum: %w", segmentName(s.number), offset, what, sinso.ErrCorrupt)
	}
	return fmt.Errorf("journal: read %s at %d: %w: %w", segmentName(s.number), offset, sinso.ErrUnavailable, err)
}

func (s *segment) checkHeader(w *window, id logID) error {
	raw, err := w.bytes(0, segmentHeaderBytes)
	if err != nil {
		return s.unreadable(0, "segment's header", err)
	}
	if h, err := parseSegmentHeader(raw); err != nil || h.id != id || h.number != s.number {
		return s.unreadable(0, "segment's header", nil)
	}
	return nil
}
