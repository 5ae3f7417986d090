package replica

import (
	"context"
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// wholes is an engine that gives whole blocks alone, and counts them.
type wholes struct {
	sinso.Blobs
	reads *int
}

func (w wholes) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	*w.reads++
	return w.Blobs.Get(ctx, cid)
}

// TestABlockThatIsReadInPartsIsGotOnce, and not after it was deleted.
func TestABlockThatIsReadInPartsIsGotOnce(t *testing.T) {
	t.Parallel()
	ctx, one, two := t.Context(), block(1), block(2)
	s, p := newSet(t, nil)
	if err := p.Put(ctx, one, two); err != nil {
		t.Fatal(err)
	}
	reads := 0
	s.cfg.Own = wholes{p, &reads}
	for _, b := range []sinso.Block{one, two} {
		for offset := range len(b.Data) {
			var got [1]byte
			if err := s.Blobs().ReadUnverifiedAt(ctx, b.CID, got[:], int64(offset)); err != nil || got[0] != b.Data[offset] {
				t.Errorf("byte %d: %q, %v", offset, got, err)
			}
		}
	}
	if reads != 2 {
		t.Errorf("two blocks were got %d times", reads)
	}
	if err := s.Blobs().Delete(ctx, two.CID); err != nil {
		t.Fatal(err)
	}
	if err := s.Blobs().ReadUnverifiedAt(ctx, two.CID, make([]byte, 1), 0); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a deleted one: %v, want not found", err)
	}
}
