package attest

import (
	"bytes"
	"testing"
)

// TestPaddedSizesAreFew: what is padded comes back as it was, in no other form, and over
// all lengths there are few sizes.
func TestPaddedSizesAreFew(t *testing.T) {
	t.Parallel()
	sizes := map[int]bool{}
	for length := 1; length < 3<<20; length += 1 + length/7 {
		for _, end := range []byte{0, 1, 0x80} {
			plain := append(bytes.Repeat([]byte{0xA5}, length-1), end)
			padded := pad(plain)
			sizes[len(padded)] = true
			if len(padded) <= length || len(padded) > max(leastPadded, 2*length+1) {
				t.Fatalf("%d bytes are padded to %d", length, len(padded))
			}
			if got, ok := unpad(padded); !ok || !bytes.Equal(got, plain) {
				t.Fatalf("%d bytes that end in %x do not come back", length, end)
			}
			for name, other := range map[string][]byte{
				"longer": append(bytes.Clone(padded), make([]byte, len(padded))...), "shorter": padded[:length+1], "bare": plain[:length-1],
			} {
				if got, ok := unpad(other); ok && len(other) != len(padded) && bytes.Equal(got, plain) {
					t.Errorf("%d bytes: %s is taken too", length, name)
				}
			}
		}
	}
	if len(sizes) > 9 {
		t.Errorf("%d sizes, want few", len(sizes))
	}
	for _, b := range [][]byte{nil, {0}, {0x80}, make([]byte, leastPadded)} {
		if got, ok := unpad(b); ok {
			t.Errorf("%d bytes are taken for %d that were padded", len(b), len(got))
		}
	}
}
