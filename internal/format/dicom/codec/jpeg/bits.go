package jpeg

import "encoding/binary"

// bitReader takes bits out of entropy-coded data, without stuffed zeros (T.81
// §F.2.2.5). It never reads past a marker: then its bits are zeros, and left falls
// below zero once more were taken than there are, which is looked at per unit and
// not per bit.
type bitReader struct {
	data []byte
	at   int    // the next byte
	bits uint64 // the next bits, from the highest; what lies below left is the next byte's, or zero
	left int    // how many are there
	bad  bool   // a code that is none, or one that leads out of a block
}

// enough is how many bits a code with its additional bits has at most, rounded up.
const enough = 32

// fill has more than 56 bits ready unless a marker or the end is nearer. It is
// called with left below 57.
func (b *bitReader) fill() {
	if b.at+8 <= len(b.data) {
		const low, one = 0x7F7F7F7F7F7F7F7F, 0x0101010101010101
		word := binary.BigEndian.Uint64(b.data[b.at:])
		if (word&low+one)&word&^uint64(low) == 0 { // no byte is FF
			b.bits |= word >> (uint(b.left) & 63)
			taken := (64 - b.left) >> 3
			b.at += taken
			b.left += taken << 3
			return
		}
	}
	b.fillSlowly()
}

func (b *bitReader) fillSlowly() {
	for b.left <= 56 && b.at < len(b.data) {
		c := b.data[b.at]
		if c == 0xFF {
			if b.at+1 == len(b.data) {
				return
			}
			switch b.data[b.at+1] {
			case 0:
				b.at++
			case 0xFF: // fill byte (T.81 §B.1.1.2)
				b.at++
				continue
			default:
				return
			}
		}
		b.at++
		b.bits |= uint64(c) << (uint(56-b.left) & 63)
		b.left += 8
	}
}

// take returns the next n bits, 0..16.
func (b *bitReader) take(n uint) int32 {
	if b.left < enough {
		b.fill()
	}
	v := int32(b.bits >> 1 >> (63 - n&31)) //nolint:gosec // n bits
	b.bits <<= n & 31
	b.left -= int(n)
	return v
}

// realign forgets the bits up to the next marker.
func (b *bitReader) realign() { b.bits, b.left = 0, 0 }

// unread returns how many bytes there are between the last bit that was taken and the
// next marker; stuffed zeros and fill bytes are none.
func (b *bitReader) unread() int {
	n := max(b.left, 0) / 8
	for at := b.at; at < len(b.data); at++ {
		if b.data[at] != 0xFF {
			n++
			continue
		}
		if at+1 == len(b.data) {
			return n + 1
		}
		switch b.data[at+1] {
		case 0:
			n++
			at++
		case 0xFF:
		default:
			return n
		}
	}
	return n
}

// failed reports whether what was read was damaged, or was not there.
func (b *bitReader) failed() bool { return b.bad || b.left < 0 }

// why says what failed.
func (b *bitReader) why() error {
	if b.left < 0 {
		return corrupt("the data of a scan is cut off at offset %d of %d", b.at, len(b.data))
	}
	return corrupt("a code that cannot be, before offset %d", b.at)
}
