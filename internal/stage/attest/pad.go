package attest

import "bytes"

// The sizes of bundles: what a network shows of a sealed bundle is its length, and that
// would say how many elements the originals have. Who has the headers of originals knows
// that of each of them.
const (
	leastPadded = 16 << 10 // bytes; powers of two from here on
	paddedStep  = 1 << 20  // bytes; multiples of it from here on
	padBegins   = 0x80     // ISO/IEC 7816-4 §6.4.2.3: one such byte, then zeros
)

// paddedSize returns the size of a bundle of length bytes.
func paddedSize(length int) int {
	if length >= paddedStep {
		return (length/paddedStep + 1) * paddedStep
	}
	size := leastPadded
	for size <= length {
		size *= 2
	}
	return size
}

// pad brings an encoded bundle to the next size.
func pad(encoded []byte) []byte {
	out := make([]byte, paddedSize(len(encoded)))
	copy(out, encoded)
	out[len(encoded)] = padBegins
	return out
}

// unpad returns what pad was given; false for bytes that are not from it.
func unpad(b []byte) ([]byte, bool) {
	encoded, ok := bytes.CutSuffix(bytes.TrimRight(b, "\x00"), []byte{padBegins})
	return encoded, ok && paddedSize(len(encoded)) == len(b)
}
