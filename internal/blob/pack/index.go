package pack

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"

	"sinso.dev/sinso"
)

// The index is in memory and has an entry for each block that is stored, so it is
// kept small: 24 bytes, and four more for where its bytes stand ([starts]). Everything
// else of a block is in the table of its batch.

// tag is what the index knows a block by: the codec and the first 15 bytes of the
// digest. Two blocks that agree in them, which takes 2^60 hashes to make, take each
// other's place; neither is ever served for the other.
type tag [16]byte

func (k key) tag() tag { return tag(k[:len(tag{})]) }

// place finds a block: the position of its entry, and the length of its payload in
// the lowest bits.
type place uint64

const (
	lengthBits   = 27                         // so that MaxEntryBytes fits
	lastPosition = 1<<(64-lengthBits) - 1<<32 // nothing is appended behind it
)

func placeOf(position sinso.Position, length uint32) place {
	return place(position)<<lengthBits | place(length)
}

func (at place) position() sinso.Position { return sinso.Position(at >> lengthBits) }

func (at place) length() int64 { return int64(at & (1<<lengthBits - 1)) }

// entry returns the position of the n-th entry.
func (h batchHeader) entry(n int) sinso.Position { return h.position + sinso.Position(n) } //nolint:gosec // n is not negative

// take puts a batch into the index.
func (p *Pack) take(segment int, b batch) {
	s := p.segments[segment]
	s.note(b)
	for n, row := range b.rows {
		switch row.kind { //nolint:exhaustive // events and leaves are not blocks
		case sinso.EntryBlock:
			if row.dropped {
				continue // a later entry says why
			}
			p.bury(row)
			p.index.set(row.key().tag(), placeOf(b.entry(n), row.length))
			delete(p.spoiled, row.key())
		case sinso.EntryDelete:
			p.bury(row)
			p.index.remove(row.key().tag())
		}
	}
	p.end, p.chain, s.end = b.end(), b.seal, b.end()
}

// bury counts the bytes of a block as dead, before a row takes its place.
func (p *Pack) bury(r row) {
	if old, ok := p.index.get(r.key().tag()); ok {
		p.segments[p.segmentAt(old.position())].dead += old.length()
	}
}

// lookUp returns where a block is. p.mu is held.
func (p *Pack) lookUp(ctx context.Context, cid sinso.CID) (key, place, error) {
	k, err := keyOf(cid)
	if err == nil {
		err = p.usable(ctx)
	}
	if err != nil {
		return k, 0, err
	}
	at, ok := p.index.get(k.tag())
	switch {
	case ok:
		return k, at, nil
	case p.broken:
		return k, 0, fmt.Errorf("block %s may have been in a damaged place: %w", cid, p.damage[0].err())
	}
	return k, 0, fmt.Errorf("block %s: %w", cid, sinso.ErrNotFound)
}

// find looks a block up, and returns its segment, for reading until it is released.
func (p *Pack) find(ctx context.Context, cid sinso.CID) (k key, at place, s segment, err error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if k, at, err = p.lookUp(ctx, cid); err != nil {
		return k, at, s, err
	}
	return k, at, p.segments[p.segmentAt(at.position())].hold(), nil
}

// segmentAt returns which segment holds a position. p.mu is held.
func (p *Pack) segmentAt(position sinso.Position) int {
	return max(0, sort.Search(len(p.segments), func(i int) bool { return p.segments[i].first > position })-1)
}

// batchAt returns which of the segment's batches holds a position.
func (s *segment) batchAt(position sinso.Position) int {
	return max(0, sort.Search(len(s.batches), func(i int) bool { return s.batches[i].position > position })-1)
}

// hold returns the segments as they are now, for reading until releaseAll. p.mu is held.
func (p *Pack) hold() []segment {
	segments := make([]segment, 0, len(p.segments))
	for _, s := range p.segments {
		segments = append(segments, s.hold())
	}
	return segments
}

func releaseAll(segments []segment) {
	for i := range segments {
		segments[i].release()
	}
}

// block reads the bytes of a block, and checks them if it is to. It releases the segment.
func (s *segment) block(id logID, k key, at place, check bool) ([]byte, error) {
	defer s.release()
	offset, ok := int64(0), false
	if check { // the hash says whose bytes they are
		offset, ok = s.starts.of(at.position(), s.first)
	}
	if !ok {
		offset, ok = s.offset(k, at.position())
	}
	if ok {
		data := make([]byte, at.length())
		err := readFull(s.file, data, offset)
		if err == nil && (!check || sha256.Sum256(data) == digest(k[1:])) {
			return data, nil
		}
	}
	// Something is not as it should be: the whole batch says what.
	b, n, err := s.entry(id, at.position())
	if err != nil {
		return nil, err
	}
	if b.rows[n].key() != k { // it is another whose tag is the same
		return nil, sinso.ErrNotFound
	}
	data := make([]byte, b.rows[n].length)
	err = readFull(s.file, data, b.payload(n))
	if err != nil || (check && sha256.Sum256(data) != b.rows[n].digest) {
		return nil, s.unreadable(b.payload(n), "block", err)
	}
	return data, nil
}

// offset returns where the bytes of a block stand, by the table of its batch up to its row,
// which is not checked: much less work than entry. ok is false if that row is not k's.
func (s *segment) offset(k key, position sinso.Position) (offset int64, ok bool) {
	i := s.batchAt(position)
	if i == len(s.batches) || position < s.batches[i].position {
		return 0, false
	}
	ref, end := s.batches[i], s.end
	if i+1 < len(s.batches) {
		end = s.batches[i+1].position
	}
	if position >= end || end-ref.position > MaxBatchEntries { // entries behind the batch are missing
		return 0, false
	}
	n, count := int(position-ref.position), uint32(end-ref.position) //nolint:gosec // at most MaxBatchEntries
	table := make([]byte, (n+1)*tableEntryBytes)
	if readFull(s.file, table, ref.offset+batchHeaderBytes) != nil {
		return 0, false
	}
	offset = ref.offset + batchHeader{count: count}.tableEnd()
	kept := make([]byte, 0, keptBytes(count))
	if s.condensed {
		kept = kept[:cap(kept)]
		if readFull(s.file, kept, offset) != nil {
			return 0, false
		}
		offset += int64(len(kept))
	}
	for m := range n {
		if !s.condensed || kept[m/8]&(1<<(m%8)) != 0 {
			offset += int64(binary.BigEndian.Uint32(table[m*tableEntryBytes+4:]))
		}
	}
	row := table[n*tableEntryBytes:]
	return offset, row[1] == k[0] && digest(row[8:]) == digest(k[1:])
}

// entry reads the batch that holds a position, and returns which of its entries that is.
func (s *segment) entry(id logID, position sinso.Position) (b batch, n int, err error) {
	ref := batchRef{offset: segmentHeaderBytes}
	if i := s.batchAt(position); i < len(s.batches) {
		ref = s.batches[i]
	}
	b, err = readBatch(s.window(), ref.offset, id)
	if err != nil || b.position != ref.position || position < b.position || position >= b.end() {
		return b, 0, s.unreadable(ref.offset, "batch", err)
	}
	return b, int(position - b.position), nil //nolint:gosec // less than MaxBatchEntries
}
