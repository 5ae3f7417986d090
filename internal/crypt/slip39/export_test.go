package slip39

import "slices"

// What follows makes shares that no honest program makes, with checksums that hold.

// Multiply and Invert are of the field.
var (
	Multiply = multiply
	Invert   = invert
)

// Forge returns the share with another value.
func Forge(s Share) Share {
	s.value = slices.Clone(s.value)
	s.value[len(s.value)-1] ^= 1
	return s
}

// Pad writes the share with padding that is not empty.
func Pad(s Share) string {
	numbers, err := read(s.Words())
	if err != nil {
		panic(err)
	}
	numbers[headerWords] |= 1 << (wordBits - 1)
	return spell(withChecksum(s.extendable, numbers[:len(numbers)-checksumWords]))
}

// Slow writes the share with the largest exponent.
func Slow(s Share) string {
	s.exponent = 15
	return s.Words()
}

// NoGroup writes the share with a threshold of more groups than there are.
func NoGroup(s Share) string {
	s.groupThreshold = s.groupCount + 1
	return s.Words()
}

// Lower returns the share with another threshold.
func Lower(s Share, threshold int) Share {
	s.threshold = byte(threshold)
	return s
}
