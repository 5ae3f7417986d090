//nolint:gosec // bit fields are cut out of wider numbers
package jpeg

// lookBits is how many bits a table answers at once. Codes of such data are mostly
// shorter, with their additional bits too.
const lookBits = 10

// Parts of an entry: bits 0..5 how many bits to consume, bit 7 more, bits 8..15 the
// code's value, bits 16..31 the coefficient or difference if more is not set.
const (
	entryLength = 0x3F
	more        = 0x80 // the additional bits follow and are not in the length
)

// table decodes a Huffman code (T.81 §C, §F.2.2.3). The zero entry is no code.
type table struct {
	look  [1 << lookBits]uint32
	long  [17]int32 // by length: the first code that is longer, or 0
	shift [17]int32 // by length: what to add to a code for its place in entries
	codes []uint32  // an entry for each code, without additional bits
	most  byte      // the highest value
}

// newTable builds a table from BITS and HUFFVAL (T.81 §B.2.4.2); nil if they
// describe no prefix code; one without codes is fine until it is used. additional masks the part of a value that counts
// additional bits: 0x1F for DC and lossless, 0x0F for AC.
func newTable(counts *[16]byte, values []byte, additional byte) *table {
	t := &table{codes: make([]uint32, len(values))}
	code, at := int32(0), 0
	for i, count := range counts {
		length := i + 1
		t.shift[length] = int32(at) - code
		for range count {
			if code >= 1<<length || at >= len(values) {
				return nil
			}
			t.add(at, code, length, values[at], additional)
			code++
			at++
		}
		t.long[length] = code
		code <<= 1
	}
	return t
}

// add enters a code.
func (t *table) add(at int, code int32, length int, value, additional byte) {
	t.most = max(t.most, value)
	size := int(value & additional)
	entry := uint32(value)<<8 | uint32(length)
	switch {
	case size == 16: // lossless: 32768, without additional bits (T.81 Table H.2)
		entry |= 0x8000 << 16
	case size > 0:
		entry |= more
	}
	t.codes[at] = entry
	free := lookBits - length
	if free < 0 {
		return
	}
	first := int(code) << free
	for i := range 1 << free {
		e := entry
		if size > 0 && size <= free { // the additional bits are in sight
			e = e&^(more|entryLength) | uint32(length+size) | uint32(extend(int32(i>>(free-size)), uint(size)))<<16
		}
		t.look[first+i] = e
	}
}

// search finds a code longer than lookBits at the top of bits; 0 if there is none.
func (t *table) search(bits uint64) uint32 {
	for length := lookBits + 1; length <= 16; length++ {
		code := int32(bits >> (64 - uint(length)))
		if code < t.long[length] {
			if at := int(code + t.shift[length]); at >= 0 && at < len(t.codes) {
				return t.codes[at]
			}
			return 0
		}
	}
	return 0
}

// extend makes n additional bits a signed number (T.81 Figure F.12).
func extend(v int32, n uint) int32 {
	if v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// next decodes a code and its additional bits: its value, and the signed number.
func (b *bitReader) next(t *table) (value byte, number int32) {
	if b.left < enough {
		b.fill()
	}
	e := t.look[b.bits>>(64-lookBits)]
	if e == 0 {
		if e = t.search(b.bits); e == 0 {
			b.bad = true
			return 0, 0
		}
	}
	b.bits <<= e & entryLength
	b.left -= int(e & entryLength)
	value, number = byte(e>>8), int32(e)>>16
	if e&more != 0 {
		n := e >> 8 & 15
		number = int32(b.bits>>(64-n)) + (-1<<n+1)&(int32(b.bits>>63)-1)
		b.bits <<= n
		b.left -= int(n)
	}
	return value, number
}
