package pack

import (
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
		_, stored := p.index.get(k.tag())
		_, spoiled := p.spoiled[k]
		if !twice && (!stored || spoiled) {
			fresh = append(fresh, i)
		}
		seen[k] = struct{}{}
	}
	return fresh, nil
}

// Get implements [sinso.Blobs].
func (p *Pack) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	k, at, s, err := p.find(ctx, cid)
	if err != nil {
		return nil, err
	}
	data, err := s.block(p.id, k, at, true)
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
	k, at, s, err := p.find(ctx, cid)
	if err != nil {
		return nil, err
	}
	data, err := s.block(p.id, k, at, false)
	if err != nil {
		return nil, fmt.Errorf("block %s: %w", cid, err)
	}
	return data, nil
}

// ReadUnverifiedAt implements [sinso.UnverifiedBlobs].
func (p *Pack) ReadUnverifiedAt(ctx context.Context, cid sinso.CID, b []byte, offset int64) error {
	k, at, s, err := p.find(ctx, cid)
	if err != nil {
		return err
	}
	length := at.length()
	if offset < 0 || offset > length-int64(len(b)) {
		s.release()
		return fmt.Errorf("block %s has %d bytes, not %d from %d on: %w", cid, length, len(b), offset, sinso.ErrCorrupt)
	}
	if begin, ok := s.offset(k, at.position()); ok {
		err := readFull(s.file, b, begin+offset)
		s.release()
		if err != nil {
			return fmt.Errorf("block %s: read %s at %d: %w: %w", cid, segmentName(s.number), begin+offset, sinso.ErrUnavailable, err)
		}
		return nil
	}
	data, err := s.block(p.id, k, at, false) // which says what is not as it should be, and releases the segment
	if err != nil {
		return fmt.Errorf("block %s: %w", cid, err)
	}
	copy(b, data[offset:])
	return nil
}

// Has implements [sinso.Blobs].
func (p *Pack) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	p.mu.RLock()
	_, _, err := p.lookUp(ctx, cid)
	p.mu.RUnlock()
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Delete implements [sinso.Blobs]. The blocks' bytes stay in their segments until
// [Pack.Condense]: they are ciphertext, and are gone when its key is.
func (p *Pack) Delete(ctx context.Context, cids ...sinso.CID) error {
	for batch := range slices.Chunk(cids, MaxBatchEntries) {
		var entries []sinso.JournalEntry
		for _, cid := range batch {
			has, err := p.Has(ctx, cid)
			if err != nil {
				return err
			}
			if has {
				entries = append(entries, sinso.JournalEntry{Kind: sinso.EntryDelete, CID: cid})
			}
		}
		if _, err := p.Append(ctx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// Reclaim implements [sinso.ReclaimingBlobs].
func (p *Pack) Reclaim(ctx context.Context) (freed int64, err error) {
	return p.Condense(ctx, CondenseOptions{Last: true})
}

// List implements [sinso.Blobs]. It lists the blocks that are stored when it
// begins; fn may call the Pack. The CIDs are read from the tables and sorted in
// memory, 80 bytes each.
func (p *Pack) List(ctx context.Context, fn func(sinso.CID) error) error {
	cids, err := p.stored(ctx)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return err
	}
	for _, cid := range cids {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("journal: list: %w", err)
		}
		if err := fn(cid); err != nil {
			return err
		}
	}
	return err // of damage: after what is known
}

// stored returns the CIDs of all blocks, sorted; with ErrCorrupt those that are known.
func (p *Pack) stored(ctx context.Context) ([]sinso.CID, error) {
	p.mu.RLock()
	err, end := p.usable(ctx), p.end
	cids := make([]sinso.CID, 0, p.index.len())
	segments := p.hold()
	if err == nil && p.broken {
		err = p.damage[0].err()
	}
	p.mu.RUnlock()
	defer releaseAll(segments)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return nil, err
	}
	for i := range segments {
		s := &segments[i]
		w := s.window()
		for _, ref := range s.batches {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("journal: list: %w", err)
			}
			b, failed := readBatch(w, ref.offset, p.id)
			if failed != nil {
				failed = s.unreadable(ref.offset, "batch", failed)
				if !errors.Is(failed, sinso.ErrCorrupt) {
					return nil, failed
				}
				err = errors.Join(err, failed)
				continue
			}
			cids = p.appendStored(cids, b, end)
		}
	}
	slices.Sort(cids)
	return slices.Compact(cids), err
}

// appendStored appends the blocks of a batch that are stored. One that was put again
// behind end, where nobody looks for it, was stored here.
func (p *Pack) appendStored(cids []sinso.CID, b batch, end sinso.Position) []sinso.CID {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for n, row := range b.rows {
		if row.kind != sinso.EntryBlock {
			continue
		}
		at, ok := p.index.get(row.key().tag())
		if ok && (at.position() == b.entry(n) || at.position() >= end) {
			cids = append(cids, row.cid())
		}
	}
	return cids
}

// Replay implements [sinso.Journal]. It ends at what was durable when it began;
// fn may call the Pack. In a damaged log it passes on what stands before the
// first damage behind from, and is ErrCorrupt then.
func (p *Pack) Replay(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.JournalEntry) error) error {
	p.mu.RLock()
	err, end := p.usable(ctx), p.end
	segments := p.hold()
	r := replay{id: p.id, next: from, wall: p.wall(from), fn: fn}
	p.mu.RUnlock()
	defer releaseAll(segments)
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
	w := s.window()
	if err := s.checkHeader(w, r.id); err != nil {
		return err
	}
	for _, ref := range s.batches[s.batchAt(r.next):] {
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
	offset, position := b.payload(0), b.position
	for _, row := range b.rows {
		at := offset
		offset += row.stored()
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
	if h, err := parseSegmentHeader(raw); err != nil || h.id != id || h.number != s.number || h.condensed != s.condensed {
		return s.unreadable(0, "segment's header", nil)
	}
	return nil
}
