package ipfs

import (
	"context"

	"github.com/ipfs/boxo/blockstore"
	blocks "github.com/ipfs/go-block-format"
	gocid "github.com/ipfs/go-cid"
	ipld "github.com/ipfs/go-ipld-format"
	"github.com/multiformats/go-multihash"

	"sinso.dev/sinso"
)

// served is what members may have of a store, as bitswap wants it. All other blocks, and one
// that cannot be read just now, are not there: bitswap would print the error.
type served struct {
	blobs  sinso.Blobs
	serves func(context.Context, sinso.CID) (bool, error)
	left   context.Context //nolint:containedctx // ended when the swarm is left: bitswap's own context of a message has no end
}

// bound ends what is read for a member in time, and when the swarm is left.
func (s *served) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	stop := context.AfterFunc(s.left, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

var _ blockstore.Blockstore = (*served)(nil)

// cidOf returns the CID that a member asks for in our form. Older forms of CIDs name the same
// blocks.
func cidOf(c gocid.Cid) (sinso.CID, bool) {
	if !c.Defined() {
		return "", false
	}
	hash, err := multihash.Decode(c.Hash())
	if err != nil || hash.Code != multihash.SHA2_256 || len(hash.Digest) != 32 {
		return "", false
	}
	switch codec := c.Type(); codec {
	case uint64(sinso.CodecRaw), uint64(sinso.CodecDagPB):
		return sinso.CIDOfDigest(sinso.Codec(codec), [32]byte(hash.Digest)), true
	}
	return "", false
}

// allowed returns the CID of a block that members may have.
func (s *served) allowed(ctx context.Context, c gocid.Cid) (sinso.CID, bool) {
	cid, ok := cidOf(c)
	if !ok || s.serves == nil {
		return "", false
	}
	yes, err := s.serves(ctx, cid)
	return cid, err == nil && yes
}

// Has implements [blockstore.Blockstore].
func (s *served) Has(ctx context.Context, c gocid.Cid) (bool, error) {
	ctx, done := s.bound(ctx)
	defer done()
	cid, ok := s.allowed(ctx, c)
	if !ok {
		return false, nil
	}
	has, err := s.blobs.Has(ctx, cid)
	return err == nil && has, nil
}

// Get implements [blockstore.Blockstore].
func (s *served) Get(ctx context.Context, c gocid.Cid) (blocks.Block, error) {
	ctx, done := s.bound(ctx)
	defer done()
	cid, ok := s.allowed(ctx, c)
	if !ok {
		return nil, ipld.ErrNotFound{Cid: c}
	}
	data, err := s.blobs.Get(ctx, cid)
	if err != nil {
		return nil, ipld.ErrNotFound{Cid: c}
	}
	return blocks.NewBlockWithCid(data, c)
}

// GetSize implements [blockstore.Blockstore]. The port has no size without the bytes.
func (s *served) GetSize(ctx context.Context, c gocid.Cid) (int, error) {
	block, err := s.Get(ctx, c)
	if err != nil {
		return 0, err
	}
	return len(block.RawData()), nil
}

// Nothing is written, and nothing listed, for members.

// Put implements [blockstore.Blockstore].
func (*served) Put(context.Context, blocks.Block) error { return sinso.ErrDenied }

// PutMany implements [blockstore.Blockstore].
func (*served) PutMany(context.Context, []blocks.Block) error { return sinso.ErrDenied }

// DeleteBlock implements [blockstore.Blockstore].
func (*served) DeleteBlock(context.Context, gocid.Cid) error { return sinso.ErrDenied }

// AllKeysChan implements [blockstore.Blockstore].
func (*served) AllKeysChan(context.Context) (<-chan gocid.Cid, error) { return nil, sinso.ErrDenied }
