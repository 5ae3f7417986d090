package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/stage/seal"
)

// TestOriginalsAreCompressedAndNothingElse: an original opens as it was sealed, in less; an
// object of a release has the length that its plain bytes give it, and so has a stream.
func TestOriginalsAreCompressedAndNothingElse(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	s, err := seal.NewCompressing(keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plain := bytes.Repeat([]byte("synthetic "), 100_000)
	sealed, err := s.Seal(t.Context(), plain, ada)
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada)
	if err != nil {
		t.Fatal(err)
	}
	whole := envelope(t, sealed)
	if got, err := seal.OpenInPlace(key, bytes.Clone(whole)); !errors.Is(err, sinso.ErrCorrupt) || got != nil {
		t.Errorf("as an object of a release: got %d bytes, %v, want corrupt", len(got), err)
	}
	if got, err := seal.OpenOriginal(key, bytes.Clone(whole)); err != nil || !bytes.Equal(got, plain) || sealed.Size > int64(len(plain)/10) || sealed.Size != int64(len(whole)) {
		t.Errorf("opens to %d bytes of an envelope of %d, %v", len(got), sealed.Size, err)
	}
	want, err := fee.EnvelopeSize(int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	released, _, err := s.SealFor(t.Context(), [32]byte{1}, sinso.NewHashed(plain))
	if err != nil || released.Size != want {
		t.Errorf("of a release: an envelope of %d bytes, want %d, %v", released.Size, want, err)
	}
	poured, err := s.SealFrom(t.Context(), bytes.NewReader(plain), int64(len(plain)), func(sinso.Block) error { return nil }, ada)
	if err != nil || poured.Size != want {
		t.Errorf("of a stream: an envelope of %d bytes, want %d, %v", poured.Size, want, err)
	}
	for _, size := range []int{0, 1, 100, 256 << 10, 9<<18 + 1} { // half of it noise, in each chunk
		half := make([]byte, size)
		for part := half; len(part) > 8<<10; part = part[min(len(part), 16<<10):] {
			_, _ = rand.Read(part[:8<<10]) // never fails
		}
		sealed, err := s.Seal(t.Context(), half, ada)
		if bound := seal.EnvelopeBound(int64(size)); err != nil || sealed.Size > bound {
			t.Errorf("%d bytes: an envelope of %d, the bound is %d, %v", size, sealed.Size, bound, err)
		}
	}
}
