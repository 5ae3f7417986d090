package jpegls

import (
	"encoding/binary"
	"math"
)

// writer appends bits. After a byte of ones the next one has seven bits, below a
// zero (T.87 §A.1).
type writer struct {
	out  []byte
	word uint64 // bits not yet written, from the top
	n    int    // of them, below 32 after put
	ones bool   // the last byte is all ones
}

// put appends count bits, at most 32.
func (w *writer) put(v uint32, count int) {
	w.word |= uint64(v) << uint(64-w.n-count)
	w.n += count
	if w.n >= 32 {
		w.drain()
	}
}

// drain writes whole bytes until less than 32 bits are left.
func (w *writer) drain() {
	if !w.ones && !hasOnes(w.word&^math.MaxUint32) {
		w.out = binary.BigEndian.AppendUint32(w.out, uint32(w.word>>32))
		w.word <<= 32
		w.n -= 32
		return
	}
	for w.n >= 8 {
		w.byte()
	}
}

// byte writes the next byte.
func (w *writer) byte() {
	size := 8
	if w.ones {
		size = 7
	}
	b := byte(w.word >> uint(64-size)) //nolint:gosec // 56 or 57
	w.out = append(w.out, b)
	w.ones = b == 0xFF
	w.word <<= uint(size)
	w.n -= size
}

// zeros appends count zero bits and a one.
func (w *writer) zeros(count int) {
	for ; count >= 32; count -= 31 {
		w.put(0, 31)
	}
	w.put(1, count+1)
}

// golomb appends an error's code of limited length, T.87 §A.5.3, as reader.golomb
// takes it.
func (w *writer) golomb(code int, k uint, limit, qbits int) {
	high := code >> k
	if high >= limit {
		w.zeros(limit)
		w.put(uint32(code-1), qbits) //nolint:gosec // qbits bits
		return
	}
	w.zeros(high)
	if k > 0 {
		w.put(uint32(code)&(1<<k-1), int(k)) //nolint:gosec // k bits
	}
}

// close fills the last byte with zeros. No marker may follow a byte of ones without
// its stuffed bit.
func (w *writer) close() []byte {
	for w.n > 0 || w.ones {
		w.byte()
	}
	return w.out
}
