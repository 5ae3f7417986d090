package jpegls

import (
	"encoding/binary"
	"math/bits"
)

// reader takes bits from the data of a scan, which holds no marker. After a byte of
// ones the next one has seven bits (T.87 §A.1).
type reader struct {
	data    []byte
	word    uint64 // bits not yet taken, from the top
	n       int    // of them
	padding int    // bits behind the end that were made up
}

const (
	enough    = 48 // bits that there are after fill
	padByFill = 48
)

// fill makes sure that there are enough bits. Behind the end of the data they are zero.
func (r *reader) fill() {
	if len(r.data) >= 8 {
		next := binary.BigEndian.Uint64(r.data)
		if !hasOnes(next) {
			take := (64 - r.n) >> 3
			r.word |= next >> uint(r.n)
			r.n += take << 3
			r.word &= ^uint64(0) << uint(64-r.n)
			r.data = r.data[take:]
			return
		}
	}
	r.fillSlowly()
}

// hasOnes reports whether a byte of the word is 255.
func hasOnes(word uint64) bool {
	v := ^word // a byte of zeros
	return (v-0x0101010101010101)&word&0x8080808080808080 != 0
}

// fillSlowly takes byte after byte. A byte of ones and the one behind it are taken
// together.
func (r *reader) fillSlowly() {
	for r.n < enough {
		switch {
		case len(r.data) == 0 || r.data[0] == 0xFF && len(r.data) == 1:
			r.n += padByFill
			r.padding += padByFill
			r.data = nil
			if r.n > 64 {
				r.padding -= r.n - 64
				r.n = 64
			}
		case r.data[0] == 0xFF:
			r.put(0x7F80|uint64(r.data[1]&0x7F), 15)
			r.data = r.data[2:]
		default:
			r.put(uint64(r.data[0]), 8)
			r.data = r.data[1:]
		}
	}
}

// put appends bits.
func (r *reader) put(v uint64, count int) {
	r.word |= v << uint(64-r.n-count)
	r.n += count
}

// unread returns how many bytes were not taken.
func (r *reader) unread() int { return len(r.data) + max(r.n-r.padding, 0)/8 }

// overrun reports whether bits were taken that the data does not have.
func (r *reader) overrun() bool { return r.padding > r.n }

// bits takes count bits, at most enough.
func (r *reader) bits(count uint) int {
	if r.n < int(count) {
		r.fill()
	}
	v := r.word >> 1 >> (63 - count)
	r.word <<= count
	r.n -= int(count)
	return int(v) //nolint:gosec // at most enough bits
}

// golomb takes an error's code of limited length, T.87 §A.5.3: limit is that of the
// zeros, qbits the bits of a code that is written as it is.
func (r *reader) golomb(k uint, limit, qbits int) int {
	if r.n < enough {
		r.fill()
	}
	zeros := bits.LeadingZeros64(r.word)
	need := zeros + 1 + int(k)
	if zeros >= limit || need > r.n {
		return r.long(k, limit, qbits)
	}
	word := r.word << uint(zeros) << 1
	r.word = word << k
	r.n -= need
	return zeros<<k | int(word>>1>>(63-k)) //nolint:gosec // k bits
}

// long takes a code that golomb has not enough bits for, or that is at the limit.
func (r *reader) long(k uint, limit, qbits int) int {
	zeros := 0
	for r.word == 0 {
		if zeros += r.n; zeros > limit {
			return maxError + 1
		}
		r.n = 0
		r.fill()
	}
	more := bits.LeadingZeros64(r.word)
	r.word = r.word << uint(more) << 1
	r.n -= more + 1
	if zeros += more; zeros >= limit {
		return r.bits(uint(qbits)) + 1
	}
	return zeros<<k | r.bits(k)
}
