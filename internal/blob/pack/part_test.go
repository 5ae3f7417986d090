package pack_test

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
)

// TestPartOfABlockIsRead reads parts of a block, and refuses what it has not.
func TestPartOfABlockIsRead(t *testing.T) {
	t.Parallel()
	p, err := pack.Open(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	data := bytes.Repeat([]byte("0123456789"), 100)
	block := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	other := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte("behind it")), Data: []byte("behind it")}
	if err := p.Put(t.Context(), block, other); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ offset, length int }{{0, 1000}, {0, 0}, {1000, 0}, {999, 1}, {5, 100}} {
		got := make([]byte, tt.length)
		if err := p.ReadUnverifiedAt(t.Context(), block.CID, got, int64(tt.offset)); err != nil || !bytes.Equal(got, data[tt.offset:][:tt.length]) {
			t.Errorf("%d bytes at %d: got %q, %v", tt.length, tt.offset, got, err)
		}
	}
	for _, tt := range []struct{ offset, length int }{{0, 1001}, {1, 1000}, {1000, 1}, {2000, 0}, {-1, 1}} {
		if err := p.ReadUnverifiedAt(t.Context(), block.CID, make([]byte, tt.length), int64(tt.offset)); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%d bytes at %d: got %v, want corrupt", tt.length, tt.offset, err)
		}
	}
	missing := sinso.CIDOf(sinso.CodecRaw, []byte("missing"))
	if err := p.ReadUnverifiedAt(t.Context(), missing, make([]byte, 1), 0); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a block that is not there: got %v, want not found", err)
	}
}
