package jpeg2000

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// headerBits reads the bits of packet headers (T.800 §B.10.1): after a byte of all
// ones, the first bit of the next is left out.
type headerBits struct {
	data  []byte
	at    int
	last  byte
	count uint
	over  bool // more was read than there is
}

func (b *headerBits) bit() int {
	if b.count == 0 {
		b.load()
	}
	b.count--
	return int(b.last>>b.count) & 1
}

func (b *headerBits) load() {
	b.count = 8
	if b.last == 0xFF {
		b.count = 7
	}
	if b.at >= len(b.data) {
		b.last, b.over = 0, true
		return
	}
	b.last = b.data[b.at]
	b.at++
}

func (b *headerBits) bits(n int) int {
	v := 0
	for range n {
		v = v<<1 | b.bit()
	}
	return v
}

// align ends a header: at a byte, and not behind one of all ones.
func (b *headerBits) align() {
	if b.last == 0xFF {
		b.load()
	}
	b.count = 0
}

// packets reads the packets of a tile (T.800 §B.9, §B.10).
type packets struct {
	tile   *tile
	head   []byte // packed headers; nil if they are with the bodies
	body   []byte
	visits int // of code-blocks that may still be made
	chunks []chunk
}

// chunk is what a packet has for a code-block: a length for one of its segments.
type chunk struct {
	block   *block
	segment int
	length  int
}

// A packet may pass over code-blocks that take no bit of its header, so that the
// work is not bounded by the data alone.
const (
	freeVisits    = 1 << 22
	visitsPerByte = 256
)

// read reads all packets that are there.
func (t *tile) read() error {
	p := packets{tile: t, body: join(t.bodies)}
	if t.packed {
		p.head = join(t.heads)
	}
	p.visits = freeVisits + visitsPerByte*(len(p.body)+len(p.head))
	for _, v := range t.volumesOf() {
		more, err := p.volume(v)
		if err != nil || !more {
			return err
		}
	}
	t.spare = len(p.head)
	if len(p.body) != 2 || binary.BigEndian.Uint16(p.body) != markEOC {
		t.spare += len(p.body)
	}
	t.complete = true
	for _, precinct := range t.precincts {
		t.complete = t.complete && precinct.layers == t.layers
	}
	return nil
}

// join returns parts as one.
func join(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}
	return bytes.Join(parts, nil)
}

// more says whether a packet can follow.
func (p *packets) more() bool {
	if p.tile.packed {
		return len(p.head) > 0
	}
	return len(p.body) > 0 && (len(p.body) != 2 || binary.BigEndian.Uint16(p.body) != markEOC)
}

// packet reads the next packet: the next layer of a precinct.
func (p *packets) packet(of *precinct) error {
	if p.tile.sop && len(p.body) >= 6 && binary.BigEndian.Uint16(p.body) == markSOP {
		p.body = p.body[6:]
	}
	head := &p.body
	if p.tile.packed {
		head = &p.head
	}
	b := headerBits{data: *head}
	p.chunks = p.chunks[:0]
	if b.bit() == 1 {
		if err := p.header(&b, of); err != nil {
			return err
		}
	}
	b.align()
	if b.over {
		return corrupt("the data ends in a packet header")
	}
	*head = (*head)[b.at:]
	if p.tile.eph && len(*head) >= 2 && binary.BigEndian.Uint16(*head) == markEPH {
		*head = (*head)[2:]
	}
	of.layers++
	return p.take()
}

// take takes the body of a packet.
func (p *packets) take() error {
	for _, c := range p.chunks {
		if c.length > len(p.body) {
			return corrupt("a code-block of %d bytes where %d are left", c.length, len(p.body))
		}
		s := &c.block.segments[c.segment]
		part := p.body[:c.length:c.length]
		p.body = p.body[c.length:]
		if s.data == nil {
			s.data = part
			continue
		}
		s.data = append(s.data, part...)
	}
	return nil
}

// header reads a packet header that is not empty.
func (p *packets) header(b *headerBits, of *precinct) error {
	tc := &p.tile.parts[of.component]
	if of.bands == nil {
		of.open(tc)
	}
	for i := range of.bands {
		band := &of.bands[i]
		if p.visits -= len(band.blocks); p.visits < 0 {
			return corrupt("too many code-blocks for so few bytes")
		}
		for k := range band.blocks {
			if err := p.blockHeader(b, band, k, of.layers, tc.style); err != nil {
				return err
			}
		}
		if b.over {
			return corrupt("the data ends in a packet header")
		}
	}
	return nil
}

// blockHeader reads what a packet header says of a code-block.
func (p *packets) blockHeader(b *headerBits, band *precinctBand, k, layer int, style uint8) error {
	block := &band.blocks[k]
	x, y := k%band.across, k/band.across
	if block.included {
		if b.bit() == 0 {
			return nil
		}
	} else {
		if !band.inclusion.below(b, x, y, int32(layer)+1) { //nolint:gosec // 16 bits
			return nil
		}
		zero := int32(0)
		for !band.zeroPlanes.below(b, x, y, zero+1) {
			if zero++; int(zero) > band.planes || b.over {
				return corrupt("more zero bit-planes than bit-planes")
			}
		}
		block.included, block.lblock, block.planes = true, 3, band.planes-int(zero)
		if block.planes > maxPlanes {
			return unsupported("%d bit-planes", block.planes)
		}
	}
	passes := passCount(b)
	for b.bit() == 1 {
		if block.lblock++; block.lblock > 32 {
			return corrupt("a code-block that is too long")
		}
	}
	return p.lengths(b, block, passes, style)
}

// passCount reads the number of passes (T.800 Table B.4).
func passCount(b *headerBits) int {
	if b.bit() == 0 {
		return 1
	}
	if b.bit() == 0 {
		return 2
	}
	if n := b.bits(2); n < 3 {
		return 3 + n
	}
	if n := b.bits(5); n < 31 {
		return 6 + n
	}
	return 37 + b.bits(7)
}

// lengths reads the lengths of the segments that passes are in (T.800 §B.10.7).
func (p *packets) lengths(b *headerBits, block *block, passes int, style uint8) error {
	for passes > 0 {
		last := len(block.segments) - 1
		if last < 0 || block.segments[last].passes == block.segments[last].most {
			last++
			block.segments = append(block.segments, segment{most: block.mostPasses(style)})
		}
		s := &block.segments[last]
		n := min(passes, s.most-s.passes)
		length := b.bits(block.lblock + bits.Len(uint(n)) - 1)
		if b.over {
			return corrupt("the data ends in a packet header")
		}
		s.passes += n
		passes -= n
		p.chunks = append(p.chunks, chunk{block, last, length})
	}
	return nil
}

// mostPasses returns how many passes the next segment of a block can have (T.800
// Table D.9).
func (b *block) mostPasses(style uint8) int {
	const unlimited = 3 * 64
	switch {
	case style&styleTermAll != 0:
		return 1
	case style&styleBypass == 0:
		return unlimited
	case len(b.segments) == 0:
		return bypassPasses
	case len(b.segments)%2 == 1:
		return 2 // raw
	default:
		return 1
	}
}
