package pack

import (
	"math"

	"sinso.dev/sinso"
)

// starts are the offsets of the payloads of a segment's entries, by how far an entry is
// behind the segment's first: so that a block is read by one call, and not by two, of which
// the first reads the table of its batch. 0 is for what is not known: an entry that is missing
// or was dropped, or one behind the first 4 GiB.
type starts []uint32

// maxGap bounds how many entries in a row may be missing: a position is eight bytes that
// anybody can write.
const maxGap = 1 << 20

// note keeps where a batch and its payloads stand. Batches come in their order.
func (s *segment) note(b batch) {
	s.batches = append(s.batches, batchRef{b.position, b.offset})
	gap := int64(b.position) - int64(s.first) - int64(len(s.starts)) //nolint:gosec // positions have 37 bits
	if gap < 0 || gap > maxGap {
		return // those of this batch are found by its table
	}
	s.starts = append(s.starts, make(starts, gap)...)
	offset := b.payload(0)
	for _, row := range b.rows {
		at := uint32(0)
		if row.kind == sinso.EntryBlock && !row.dropped && offset <= math.MaxUint32 {
			at = uint32(offset) //nolint:gosec // it fits
		}
		s.starts = append(s.starts, at)
		offset += row.stored()
	}
}

// of returns the offset of an entry's payload, if it is known.
func (s starts) of(position, first sinso.Position) (int64, bool) {
	if position < first || position-first >= sinso.Position(len(s)) {
		return 0, false
	}
	at := s[position-first]
	return int64(at), at != 0
}
