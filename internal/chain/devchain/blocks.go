//go:build !nochain

package devchain

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rlp"

	"sinso.dev/sinso"
)

// reconcile makes the database and the journal say the same. They may differ by
// what the database had not written when the machine stopped.
func (c *Chain) reconcile(ctx context.Context) error {
	chain := c.eth.BlockChain()
	stored, last := chain.CurrentBlock().Number.Uint64(), c.journal.last()
	if common := min(stored, last); common > 0 {
		block, err := c.journaled(common)
		if err != nil {
			return err
		}
		if block.Hash() != chain.GetCanonicalHash(common) {
			return fmt.Errorf("devchain: journal and database have different blocks %d; delete the folder %s if the journal is the right one: %w", common, databaseName, sinso.ErrCorrupt)
		}
	}
	for number := last + 1; number <= stored; number++ {
		// The journal lost a block that was acknowledged, but the database has it.
		c.cfg.Log.WarnContext(ctx, "devchain: block written to the journal again", slog.Uint64("block", number))
		if err := c.record(chain.GetBlockByNumber(number)); err != nil {
			return err
		}
	}
	for number := stored + 1; number <= last; number++ {
		block, err := c.journaled(number)
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("devchain: opening ended at block %d of %d: %w", number, last, err)
		}
		if _, err := chain.InsertBlockWithoutSetHead(ctx, block, false); err != nil {
			return fmt.Errorf("devchain: block %d of the journal does not follow: %w: %w", number, err, sinso.ErrCorrupt)
		}
		if err := c.crown(block); err != nil {
			return err
		}
	}
	return nil
}

// journaled reads a block from the journal.
func (c *Chain) journaled(number uint64) (*types.Block, error) {
	record, err := c.journal.read(number)
	if err != nil {
		return nil, err
	}
	block := new(types.Block)
	if err := rlp.DecodeBytes(record, block); err != nil {
		return nil, fmt.Errorf("devchain: block %d of the journal: %w: %w", number, err, sinso.ErrCorrupt)
	}
	if block.NumberU64() != number {
		return nil, fmt.Errorf("devchain: block %d of the journal says it is %d: %w", number, block.NumberU64(), sinso.ErrCorrupt)
	}
	return block, nil
}

// record makes a block durable.
func (c *Chain) record(block *types.Block) error {
	text, err := rlp.EncodeToBytes(block)
	if err != nil {
		return fmt.Errorf("devchain: block %d: %w", block.NumberU64(), err)
	}
	return c.journal.append(text)
}

// crown makes a block that the database has the head, and then final: nothing
// here is ever taken back. Who reads up to the final block finds it complete.
func (c *Chain) crown(block *types.Block) error {
	chain := c.eth.BlockChain()
	if _, err := chain.SetCanonical(block); err != nil {
		return fmt.Errorf("devchain: block %d: %w", block.NumberU64(), err)
	}
	chain.SetSafe(block.Header())
	chain.SetFinalized(block.Header())
	return nil
}
