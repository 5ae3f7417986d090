package jpeg2000

import "math/bits"

// bitWriter writes a packet header; see headerBits.
type bitWriter struct {
	out   []byte
	held  byte
	count uint // bits that held has room for
}

func newBitWriter() *bitWriter { return &bitWriter{count: 8} }

func (w *bitWriter) bit(b int) {
	w.count--
	w.held |= byte(b&1) << w.count
	if w.count == 0 {
		w.flush()
	}
}

func (w *bitWriter) flush() {
	w.out = append(w.out, w.held)
	w.count = 8
	if w.held == 0xFF {
		w.count = 7
	}
	w.held = 0
}

func (w *bitWriter) bits(v, n int) {
	for n--; n >= 0; n-- {
		w.bit(v >> n)
	}
}

// end fills the last byte, and returns all; it doesn't end in one of all ones.
func (w *bitWriter) end() []byte {
	if w.count != 8 {
		w.flush()
	}
	if w.count == 7 {
		w.flush()
	}
	return w.out
}

// set gives the leaf at x, y its value, and its ancestors the least of theirs. The
// values of a new tree are taken as not set.
func (t *tagTree) set(x, y int, value int32) {
	for level := range t.widths {
		n := t.node(level, x, y)
		if n.low == tagSet && n.value <= value {
			return
		}
		n.low, n.value = tagSet, value
	}
}

// tagSet marks nodes that have a value, until begin.
const tagSet = -1

// begin ends the setting of values.
func (t *tagTree) begin() {
	for i := range t.nodes {
		t.nodes[i].low = 0
	}
}

// write codes whether the value of the leaf at x, y is below a threshold.
func (t *tagTree) write(w *bitWriter, x, y int, threshold int32) {
	low := int32(0)
	for level := len(t.widths) - 1; level >= 0; level-- {
		n := t.node(level, x, y)
		n.low = max(n.low, low)
		for !n.known && n.low < threshold {
			if n.low >= n.value {
				w.bit(1)
				n.known = true
			} else {
				w.bit(0)
				n.low++
			}
		}
		low = n.low
	}
}

// writePacket appends the one packet of a precinct of code-blocks that are coded.
func writePacket(out []byte, p *precinct) []byte {
	w := newBitWriter()
	w.bit(1)
	var body [][]byte
	for i := range p.bands {
		b := &p.bands[i]
		for k := range b.blocks {
			x, y := k%b.across, k/b.across
			late := int32(1) // there is no such layer
			if b.blocks[k].included {
				late = 0
			}
			b.inclusion.set(x, y, late)
			b.zeroPlanes.set(x, y, int32(b.planes-b.blocks[k].planes)) //nolint:gosec // at most 38
		}
		b.inclusion.begin()
		b.zeroPlanes.begin()
		for k := range b.blocks {
			x, y := k%b.across, k/b.across
			b.inclusion.write(w, x, y, 1)
			if !b.blocks[k].included {
				continue
			}
			b.zeroPlanes.write(w, x, y, int32(b.planes-b.blocks[k].planes)+1) //nolint:gosec // at most 38
			s := b.blocks[k].segments[0]
			writeLength(w, s.passes, len(s.data))
			body = append(body, s.data)
		}
	}
	out = append(out, w.end()...)
	for _, b := range body {
		out = append(out, b...)
	}
	return out
}

// writeLength codes the number of passes of a segment and its length.
func writeLength(w *bitWriter, passes, length int) {
	switch { // T.800 Table B.4
	case passes == 1:
		w.bit(0)
	case passes == 2:
		w.bits(0b10, 2)
	case passes <= 5:
		w.bits(0b11<<2|(passes-3), 4)
	case passes <= 36:
		w.bits(0b1111<<5|(passes-6), 9)
	default:
		w.bits(0b111111111<<7|(passes-37), 16)
	}
	lblock := 3
	more := bits.Len(uint(passes)) - 1
	for lblock+more < bits.Len(uint(length)) {
		w.bit(1)
		lblock++
	}
	w.bit(0)
	w.bits(length, lblock+more)
}
