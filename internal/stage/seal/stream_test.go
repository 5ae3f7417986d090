package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/stage/seal"
)

// TestStreamSealsAsSealDoes writes objects of lengths about those of chunks and
// blocks in odd parts, one after the other in the same memory, and opens them.
func TestStreamSealsAsSealDoes(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	sealer := seal.New(keys, rand.Reader)
	room := &seal.Room{}
	for _, size := range []int{0, 1, 1000, 256 << 10, 256<<10 + 1, 525_000, 1 << 20, 3<<20 + 5, 10} {
		plain := bytes.Repeat([]byte("a synthetic scan "), size/17+1)[:size]
		stream, err := sealer.Begin(int64(size), room, nil)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < size; {
			n = min(size, n+70_001)
			if err := stream.Arrived(plain[:n]); err != nil {
				t.Fatal(err)
			}
		}
		sealed, err := stream.Finish(t.Context(), plain, sinso.KeyInstitution, ada)
		if err != nil {
			t.Fatal(err)
		}
		whole := envelope(t, sealed)
		if root, _ := dag.Build(whole); root != sealed.CID || int64(len(whole)) != sealed.Size {
			t.Errorf("%d bytes: the CID is not that of its %d bytes", size, len(whole))
		}
		for _, id := range []sinso.KeyID{sinso.KeyInstitution, ada} {
			key, err := sealer.Key(t.Context(), sealed.CID, sealed.Keys, id)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := seal.Open(key, whole); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes: opened %d by %s, %v", size, len(got), id, err)
			}
		}
	}
}

// TestStreamOfAnotherLengthIsNothing announces a length that is not kept.
func TestStreamOfAnotherLengthIsNothing(t *testing.T) {
	t.Parallel()
	sealer := seal.New(custodians(t), rand.Reader)
	stream, err := sealer.Begin(10, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Arrived(make([]byte, 9)); err != nil || stream.Size() != 10 {
		t.Errorf("9 of 10: %v", err)
	}
	if sealed, err := stream.Finish(t.Context(), make([]byte, 9), ada); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("9 of 10: got %s, %v, want invalid", sealed.CID, err)
	}
	if stream, err = sealer.Begin(10, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := stream.Arrived(make([]byte, 11)); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("11 of 10: got %v, want invalid", err)
	}
	if stream, err = sealer.Begin(0, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Finish(t.Context(), nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("to nobody: got %v, want invalid", err)
	}
}
