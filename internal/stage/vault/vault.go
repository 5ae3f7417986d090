// Package vault keeps sealed objects as blocks and gives them back, whole or in
// parts. It takes nothing but [sinso.Sealed]: plain bytes cannot be stored.
package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// MaxObject bounds the envelope that Get assembles in memory, in bytes.
const MaxObject = 4 << 30

// MaxStored bounds the envelope of any object that is stored, in bytes: 64 GiB are taken
// (docs/formats.md), and sealing adds less than 1 GiB to them.
const MaxStored = 65 << 30

// batchBlocks is how many blocks are stored by one Put, 32 MiB at most: an object
// may be larger than one batch of a journal.
const batchBlocks = 32

// Vault stores and assembles sealed objects.
type Vault struct {
	blobs sinso.Blobs
	waste waste
}

// New returns a Vault on blobs.
func New(blobs sinso.Blobs) *Vault { return &Vault{blobs: blobs} }

// Put stores sealed objects; they are durable when Put returns. The root of each comes
// last: where the root is, all of it is. ErrInvalid if the last block of one is not its
// root.
func (v *Vault) Put(ctx context.Context, objects ...sinso.Sealed) error {
	var blocks []sinso.Block
	for _, sealed := range objects {
		n := len(sealed.Blocks)
		if n == 0 || sealed.Blocks[n-1].CID != sealed.CID {
			return fmt.Errorf("vault: put %s: its last block is not its root: %w", sealed.CID, sinso.ErrInvalid)
		}
		blocks = append(blocks, sealed.Blocks...)
	}
	for batch := range slices.Chunk(blocks, batchBlocks) {
		if err := v.put(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// Get assembles the envelope under root from stored blocks, each verified.
func (v *Vault) Get(ctx context.Context, root sinso.CID) ([]byte, error) {
	return v.GetFrom(ctx, root, v.blobs.Get)
}

// Open assembles the envelope under root and returns what open makes of it, which
// must prove it: the seal of an object does. The blocks are not hashed besides; if
// that fails they are, and the error names the damaged one. open may change the
// envelope.
func (v *Vault) Open(ctx context.Context, root sinso.CID, open func(envelope []byte) ([]byte, error)) ([]byte, error) {
	if quick, ok := v.blobs.(sinso.UnverifiedBlobs); ok {
		envelope, err := dag.ReadSealed(ctx, root, quick.GetUnverified, MaxObject)
		if err == nil {
			if plain, err := open(envelope); err == nil {
				return plain, nil
			}
		}
	}
	envelope, err := v.Get(ctx, root)
	if err != nil {
		return nil, err
	}
	return open(bytes.Clone(envelope)) // the store may have it too
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

// Copy brings every block under root here, from fetch, where it is not here already
// or was damaged here. It holds a batch of them at a time. A file of more than limit
// bytes is ErrInvalid: a few blocks that are linked to again and again make one of
// any size. What was copied before a failure stays, so that the next try goes on
// from there.
func (v *Vault) Copy(ctx context.Context, root sinso.CID, limit int64, fetch Fetch) error {
	c := &copying{Vault: v, fetch: fetch}
	err := dag.Fetch(ctx, root, c.block, limit)
	if err != nil {
		err = fmt.Errorf("vault: copy %s: %w", root, err)
	}
	// What has come stays though the caller gave up waiting for more.
	if keepErr := c.keep(context.WithoutCancel(ctx)); keepErr != nil {
		return errors.Join(err, fmt.Errorf("vault: keep the blocks of %s: %w", root, keepErr))
	}
	return err
}

// copying is one Copy.
type copying struct {
	*Vault
	fetch   Fetch
	pending []sinso.Block // fetched, verified and not stored yet
}

func (c *copying) block(ctx context.Context, cid sinso.CID) ([]byte, error) {
	c.waste.use(cid)
	data, err := c.blobs.Get(ctx, cid)
	if err == nil {
		err = cid.Verify(data)
	}
	if err == nil || !errors.Is(err, sinso.ErrNotFound) && !errors.Is(err, sinso.ErrCorrupt) {
		return data, err
	}
	if data, err = c.fetch(ctx, cid); err != nil {
		return nil, err
	}
	if len(data) > dag.LeafSize { // no block of ours has more
		return nil, fmt.Errorf("vault: block %s: %d bytes were sent, a block has %d at most: %w", cid, len(data), dag.LeafSize, sinso.ErrCorrupt)
	}
	if err := cid.Verify(data); err != nil {
		return nil, err
	}
	if c.pending = append(c.pending, sinso.Block{CID: cid, Data: data}); len(c.pending) < batchBlocks {
		return data, nil
	}
	return data, c.keep(ctx)
}

func (c *copying) keep(ctx context.Context) error {
	if len(c.pending) == 0 {
		return nil
	}
	batch := c.pending
	c.pending = nil
	return c.blobs.Put(ctx, batch...)
}

// Deleted is what Delete found and deleted.
type Deleted struct {
	Blocks int
	Whole  bool // every block was there
}

// Delete deletes every block under root, the root last, so that what is cut off can be
// done again. What is missing or damaged leads no further.
func (v *Vault) Delete(ctx context.Context, root sinso.CID) (Deleted, error) {
	var all []sinso.CID
	gone := Deleted{Whole: true}
	err := dag.Walk(ctx, root, v.blobs.Get, func(cid sinso.CID) error {
		all = append(all, cid)
		if cid == root || cid.Codec() != sinso.CodecRaw {
			return nil // Walk has read it
		}
		has, err := v.blobs.Has(ctx, cid)
		gone.Whole = gone.Whole && has
		return err
	})
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
		gone.Whole, err = false, nil
		all = append([]sinso.CID{root}, all...)
	}
	if err != nil {
		return gone, fmt.Errorf("vault: delete %s: %w", root, err)
	}
	gone.Blocks = len(all)
	slices.Reverse(all)
	if err := v.blobs.Delete(ctx, all...); err != nil {
		return gone, fmt.Errorf("vault: delete %s: %w", root, err)
	}
	return gone, nil
}

// Links calls fn with the CID of every block under root. It reads those that link to others,
// and no other: that they are here is not said. ErrInvalid, and no call, for what says that it
// is longer than [MaxStored]: no object is, and a few hostile blocks can name links without end.
func (v *Vault) Links(ctx context.Context, root sinso.CID, fn func(sinso.CID)) error {
	if root.Codec() == sinso.CodecRaw {
		fn(root)
		return nil
	}
	err := dag.WalkUpTo(ctx, root, MaxStored, v.blobs.Get, func(cid sinso.CID) error {
		fn(cid)
		return nil
	})
	if err != nil {
		return fmt.Errorf("vault: links of %s: %w", root, err)
	}
	return nil
}

// Blocks calls fn with the CID of every block under root, which must be here and
// whole: it reads each of them, and holds one at a time. fn is called when all
// were read.
func (v *Vault) Blocks(ctx context.Context, root sinso.CID, fn func(sinso.CID) error) error {
	var all []sinso.CID
	err := dag.Walk(ctx, root, v.blobs.Get, func(cid sinso.CID) error {
		all = append(all, cid)
		if cid.Codec() != sinso.CodecRaw {
			return nil // Walk has read it
		}
		data, err := v.blobs.Get(ctx, cid)
		if err != nil {
			return err
		}
		return cid.Verify(data)
	})
	if err != nil {
		return fmt.Errorf("vault: blocks of %s: %w", root, err)
	}
	for _, cid := range all {
		if err := fn(cid); err != nil {
			return err
		}
	}
	return nil
}
