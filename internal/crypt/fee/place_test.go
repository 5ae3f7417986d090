package fee_test

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
)

// TestOpenInPlaceIsOpen compares the two over lengths about those of chunks, and
// checks that a changed byte anywhere is corrupt to both.
func TestOpenInPlaceIsOpen(t *testing.T) {
	t.Parallel()
	key := sinso.CEK{1}
	for _, size := range []int{0, 1, fee.ChunkSize - 1, fee.ChunkSize, fee.ChunkSize + 1, 3*fee.ChunkSize + 17} {
		plain := bytes.Repeat([]byte("0123456789abcde"), size/15+1)[:size]
		envelope, err := fee.Seal(key, [7]byte{2}, plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fee.OpenInPlace(key, bytes.Clone(envelope))
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: got %d, %v", size, len(got), err)
		}
		for at := 0; at < len(envelope); at += 1 + len(envelope)/40 {
			damaged := bytes.Clone(envelope)
			damaged[at] ^= 1
			if got, err := fee.OpenInPlace(key, damaged); !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) || got != nil {
				t.Errorf("%d bytes, byte %d changed: got %d, %v", size, at, len(got), err)
			}
		}
	}
}
