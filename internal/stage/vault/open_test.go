package vault_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/vault"
)

// flipping is a store whose unverified bytes are changed in one block, as on a disk
// that lies; Get finds that.
type flipping struct {
	sinso.Blobs
	cid sinso.CID
}

func (f flipping) GetUnverified(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, err := f.Blobs.Get(ctx, cid)
	if err == nil && cid == f.cid {
		data[len(data)/2] ^= 1
	}
	return data, err
}

func (f flipping) ReadUnverifiedAt(ctx context.Context, cid sinso.CID, p []byte, offset int64) error {
	data, err := f.GetUnverified(ctx, cid)
	if err == nil {
		copy(p, data[offset:])
	}
	return err
}

func (f flipping) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, err := f.GetUnverified(ctx, cid)
	if err != nil {
		return nil, err
	}
	return data, cid.Verify(data)
}

// TestOpenNamesTheDamagedBlock opens an object that proves itself: whole it is read
// without hashing its leaves; with a changed byte in any block it is corrupt, and the
// block is named.
func TestOpenNamesTheDamagedBlock(t *testing.T) {
	t.Parallel()
	data, sealed := object(threeLeaves, 7)
	p := store(t)
	if err := vault.New(p).Put(t.Context(), sealed); err != nil {
		t.Fatal(err)
	}
	proven := func(envelope []byte) ([]byte, error) {
		if !bytes.Equal(envelope, data) {
			return nil, sinso.ErrCorrupt
		}
		return envelope, nil
	}
	if got, err := vault.New(p).Open(t.Context(), sealed.CID, proven); err != nil || !bytes.Equal(got, data) {
		t.Errorf("whole: %d bytes, %v", len(got), err)
	}
	for _, block := range sealed.Blocks {
		got, err := vault.New(flipping{p, block.CID}).Open(t.Context(), sealed.CID, proven)
		if !errors.Is(err, sinso.ErrCorrupt) || got != nil || !strings.Contains(err.Error(), string(block.CID)) {
			t.Errorf("block %s changed: got %d bytes, %v, want corrupt and its name", block.CID, len(got), err)
		}
	}
	if _, err := vault.New(p).Open(t.Context(), sealed.CID, func([]byte) ([]byte, error) { return nil, sinso.ErrCorrupt }); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("under another key: got %v, want corrupt", err)
	}
}
