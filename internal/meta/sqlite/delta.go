package sqlite

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"sinso.dev/sinso"
)

// The metadata of a series' instances are nearly the same text. A delta is the
// length of a text and steps that make it of a base: bytes as they are (their
// length, themselves), then a copy (its length, where in the base), until the text
// is whole. All numbers are uvarints.

const (
	seed     = 8       // bytes that must be the same before a copy is worth its step
	hashBits = 12      // of the table of places in the base
	maxText  = 1 << 26 // bytes; more metadata are refused
)

// delta encodes texts against one base.
type delta struct {
	base  []byte
	table [1 << hashBits]int32 // place + 1 of a seed in base
}

func newDelta(base []byte) *delta {
	d := &delta{base: base}
	for i := 0; i+seed <= min(len(base), maxText); i++ {
		slot := &d.table[hashOf(base[i:])]
		if *slot == 0 {
			*slot = int32(i) + 1
		}
	}
	return d
}

func hashOf(b []byte) uint64 {
	return binary.LittleEndian.Uint64(b) * 0x9E3779B97F4A7C15 >> (64 - hashBits)
}

// encode writes text as a delta. It looks first where the last copy would go on: what
// differs between two slices is mostly a value in its place.
func (d *delta) encode(text []byte) []byte {
	out := binary.AppendUvarint(make([]byte, 0, 64+len(text)/8), uint64(len(text)))
	from, shift := 0, 0
	for i := 0; i < len(text); {
		at, length := d.match(text, i, i+shift)
		if length < seed {
			i++
			continue
		}
		for i > from && at > 0 && text[i-1] == d.base[at-1] { // the copy may begin before its seed
			i, at, length = i-1, at-1, length+1
		}
		out = appendStep(out, text[from:i], length, at)
		i += length
		from, shift = i, at+length-i
	}
	if from < len(text) {
		out = appendStep(out, text[from:], 0, 0)
	}
	return out
}

func appendStep(out, literal []byte, length, at int) []byte {
	out = binary.AppendUvarint(out, uint64(len(literal)))
	out = append(out, literal...)
	out = binary.AppendUvarint(out, uint64(length)) //nolint:gosec // a length
	return binary.AppendUvarint(out, uint64(at))    //nolint:gosec // a place
}

// match finds what the base has in common with text at i.
func (d *delta) match(text []byte, i, guess int) (at, length int) {
	if guess >= 0 {
		if length = common(text[i:], d.base[min(guess, len(d.base)):]); length >= seed {
			return guess, length
		}
	}
	if i+seed > len(text) {
		return 0, 0
	}
	if at = int(d.table[hashOf(text[i:])]) - 1; at < 0 {
		return 0, 0
	}
	return at, common(text[i:], d.base[at:])
}

// common counts the bytes that two texts begin with.
func common(a, b []byte) int {
	n, most := 0, min(len(a), len(b))
	for n+8 <= most {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
		n += 8
	}
	for n < most && a[n] == b[n] {
		n++
	}
	return n
}

// undelta makes the text again. Memory is bounded by the length that the delta names,
// and that by maxText.
func undelta(base, packed []byte) ([]byte, error) {
	damaged := fmt.Errorf("meta: metadata cannot be read: %w", sinso.ErrCorrupt)
	number := func() uint64 {
		v, n := binary.Uvarint(packed)
		if n <= 0 {
			packed = nil
			return maxText + 1
		}
		packed = packed[n:]
		return v
	}
	size := number()
	if size > maxText {
		return nil, damaged
	}
	out := make([]byte, 0, size)
	for uint64(len(out)) < size {
		literal := number()
		if literal > uint64(len(packed)) || literal > size-uint64(len(out)) {
			return nil, damaged
		}
		out, packed = append(out, packed[:literal]...), packed[literal:]
		length, at := number(), number()
		if at > uint64(len(base)) || length > uint64(len(base))-at || length > size-uint64(len(out)) || length+literal == 0 {
			return nil, damaged
		}
		out = append(out, base[at:at+length]...)
	}
	return out, nil
}
