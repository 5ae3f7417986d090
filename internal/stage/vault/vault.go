// Package vault keeps sealed objects as blocks and gives them back whole. It
// takes nothing but [sinso.Sealed]: plain bytes cannot be stored.
package vault

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// MaxObject bounds the envelope that Get assembles in memory, in bytes.
const MaxObject = 4 << 30

// Vault stores and assembles sealed objects.
type Vault struct{ blobs sinso.Blobs }

// New returns a Vault on blobs.
func New(blobs sinso.Blobs) *Vault { return &Vault{blobs} }

// Put stores a sealed object; it is durable when Put returns.
func (v *Vault) Put(ctx context.Context, sealed sinso.Sealed) error {
	if err := v.blobs.Put(ctx, sealed.Blocks...); err != nil {
		return fmt.Errorf("vault: put %s: %w", sealed.CID, err)
	}
	return nil
}

// Get assembles the envelope under root from stored blocks, each verified.
func (v *Vault) Get(ctx context.Context, root sinso.CID) ([]byte, error) {
	return v.GetFrom(ctx, root, v.blobs.Get)
}

// Fetch is a place to get blocks from.
type Fetch func(context.Context, sinso.CID) ([]byte, error)

// GetFrom assembles the envelope under root from blocks that fetch returns, and
// believes none of them.
func (v *Vault) GetFrom(ctx context.Context, root sinso.CID, fetch Fetch) ([]byte, error) {
	envelope, err := dag.Read(ctx, root, fetch, MaxObject)
	if err != nil {
		return nil, fmt.Errorf("vault: get %s: %w", root, err)
	}
	return envelope, nil
}

// Copy brings every block under root here, from fetch, where it is not here
// already, and returns the envelope. What was copied before a failure stays, so
// that the next try goes on from there.
func (v *Vault) Copy(ctx context.Context, root sinso.CID, fetch Fetch) ([]byte, error) {
	var pending []sinso.Block
	envelope, err := v.GetFrom(ctx, root, func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		data, err := v.blobs.Get(ctx, cid)
		if err == nil || !errors.Is(err, sinso.ErrNotFound) {
			return data, err
		}
		if data, err = fetch(ctx, cid); err != nil {
			return nil, err
		}
		if err := cid.Verify(data); err != nil {
			return nil, err
		}
		pending = append(pending, sinso.Block{CID: cid, Data: data})
		return data, nil
	})
	if len(pending) > 0 {
		if putErr := v.blobs.Put(ctx, pending...); putErr != nil {
			return nil, errors.Join(err, fmt.Errorf("vault: keep the blocks of %s: %w", root, putErr))
		}
	}
	return envelope, err
}

// Blocks calls fn with the CID of every block under root, which must be here.
func (v *Vault) Blocks(ctx context.Context, root sinso.CID, fn func(sinso.CID) error) error {
	var seen []sinso.CID
	_, err := v.GetFrom(ctx, root, func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		seen = append(seen, cid)
		return v.blobs.Get(ctx, cid)
	})
	if err != nil {
		return err
	}
	for _, cid := range seen {
		if err := fn(cid); err != nil {
			return err
		}
	}
	return nil
}
