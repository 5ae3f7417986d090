package pack

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sort"

	"sinso.dev/sinso"
)

// The index is in memory and has an entry for each block that is stored, so it is
// kept small: 24 bytes. Everything else of a block is in the table of its batch,
// which is read with the block.

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

// entry returns the position of the n-th entry.
func (h batchHeader) entry(n int) sinso.Position { return h.position + sinso.Position(n) } //nolint:gosec // n is not negative

// take puts a batch into the index.
func (p *Pack) take(segment int, b batch) {
	s := p.segments[segment]
	s.batches = append(s.batches, batchRef{b.position, b.offset})
	for n, row := range b.rows {
		switch row.kind { //nolint:exhaustive // events and leaves are not blocks
		case sinso.EntryBlock:
			p.index[row.key().tag()] = placeOf(b.entry(n), row.length)
			delete(p.spoiled, row.key())
		case sinso.EntryDelete:
			delete(p.index, row.key().tag())
		}
	}
	p.end, p.chain = b.end(), b.seal
}

// find looks a block up, and returns its segment as it is now.
func (p *Pack) find(ctx context.Context, cid sinso.CID) (k key, at place, s segment, err error) {
	if k, err = keyOf(cid); err != nil {
		return k, at, s, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if err := p.usable(ctx); err != nil {
		return k, at, s, err
	}
	at, ok := p.index[k.tag()]
	switch {
	case ok:
		return k, at, *p.segments[p.segmentAt(at.position())], nil
	case p.broken:
		return k, at, s, fmt.Errorf("block %s may have been in a damaged place: %w", cid, p.damage[0].err())
	}
	return k, at, s, fmt.Errorf("block %s: %w", cid, sinso.ErrNotFound)
}

// segmentAt returns which segment holds a position. p.mu is held.
func (p *Pack) segmentAt(position sinso.Position) int {
	return max(0, sort.Search(len(p.segments), func(i int) bool { return p.segments[i].first > position })-1)
}

// batchAt returns which of the segment's batches holds a position.
func (s *segment) batchAt(position sinso.Position) int {
	return max(0, sort.Search(len(s.batches), func(i int) bool { return s.batches[i].position > position })-1)
}

// snapshot returns the segments as they are now. p.mu is held.
func (p *Pack) snapshot() []segment {
	segments := make([]segment, 0, len(p.segments))
	for _, s := range p.segments {
		segments = append(segments, *s)
	}
	return segments
}

// block reads the bytes of a block, and checks them if it is to.
func (s *segment) block(id logID, k key, at place, check bool) ([]byte, error) {
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

// entry reads the batch that holds a position, and returns which of its entries that is.
func (s *segment) entry(id logID, position sinso.Position) (b batch, n int, err error) {
	ref := batchRef{offset: segmentHeaderBytes}
	if i := s.batchAt(position); i < len(s.batches) {
		ref = s.batches[i]
	}
	b, err = readBatch(&window{file: s.file, size: s.size}, ref.offset, id)
	if err != nil || b.position != ref.position || position < b.position || position >= b.end() {
		return b, 0, s.unreadable(ref.offset, "batch", err)
	}
	return b, int(position - b.position), nil //nolint:gosec // less than MaxBatchEntries
}
