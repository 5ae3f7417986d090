// Package blob has what the engines of [sinso.Blobs] that are far away share.
package blob

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
)

// MaxBlock is how many bytes a block may have: ours have 1 MiB at most, and peers of IPFS
// exchange 2 MiB.
const MaxBlock = 2 << 20

// PutEach checks blocks, as a Put promises, and then calls put with each once, atOnce of
// them at a time. ErrInvalid, and nothing is put, if one is not that of its CID or too long.
func PutEach(ctx context.Context, blocks []sinso.Block, atOnce int, put func(ctx context.Context, cid sinso.CID, data []byte) error) error {
	once := make(map[sinso.CID][]byte, len(blocks))
	for _, block := range blocks {
		if err := check(block); err != nil {
			return err
		}
		once[block.CID] = block.Data
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for cid, data := range once {
		group.Go(func() error { return put(ctx, cid, data) })
	}
	return group.Wait()
}

// check says whether a block can be stored.
func check(block sinso.Block) error {
	if _, err := block.CID.Bytes(); err != nil {
		return err
	}
	if len(block.Data) > MaxBlock {
		return fmt.Errorf("block %s: %d bytes, at most %d: %w", block.CID, len(block.Data), MaxBlock, sinso.ErrInvalid)
	}
	if block.Fresh {
		return nil
	}
	if err := block.CID.Verify(block.Data); err != nil {
		return fmt.Errorf("block %s: bytes do not match their CID: %w", block.CID, sinso.ErrInvalid)
	}
	return nil
}
