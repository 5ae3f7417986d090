package evm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

const (
	firstPoll = 20 * time.Millisecond // the embedded chain seals within a second
	lastPoll  = 500 * time.Millisecond
)

// wait returns the receipt of a transaction once its block has the configured
// confirmations. The receipt is asked for each time: a reorg can take it back.
// A failure to answer is waited out, a false answer is not.
func (c *Chain) wait(ctx context.Context, doing string, tx common.Hash) (*types.Receipt, error) {
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		receipt, err := c.receipt(ctx, doing, tx)
		if err == nil {
			var sure bool
			if sure, err = c.confirmed(ctx, receipt); sure {
				return receipt, nil
			}
		}
		if errors.Is(err, sinso.ErrCorrupt) {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, fmt.Errorf(
				"chain: %s: transaction %s is sent but not confirmed; it may still be: make the same call again, it finds it: %w: %w",
				doing, sinso.Hash(tx), sinso.ErrUnavailable, ctx.Err())
		}
	}
}

// receipt returns the receipt of a transaction as far as it can be checked.
// ErrNotFound: there is none yet.
func (c *Chain) receipt(ctx context.Context, doing string, tx common.Hash) (*types.Receipt, error) {
	receipt, err := c.eth.TransactionReceipt(ctx, tx)
	if errors.Is(err, ethereum.NotFound) {
		return nil, fmt.Errorf("chain: %s: no receipt: %w", doing, sinso.ErrNotFound)
	}
	if err != nil {
		return nil, fault(doing, err)
	}
	if receipt.TxHash != tx {
		return nil, lie(doing, "the receipt is of another transaction")
	}
	if receipt.BlockNumber == nil || !receipt.BlockNumber.IsUint64() {
		return nil, lie(doing, "the receipt has no block")
	}
	for _, log := range receipt.Logs {
		if log.TxHash != tx || log.BlockNumber != receipt.BlockNumber.Uint64() || len(log.Topics) > maxTopics {
			return nil, lie(doing, "the receipt has a log of another transaction")
		}
	}
	return receipt, nil
}

// confirmed reports whether a receipt's block is deep enough. It is asked for no
// confirmation too: a node may tell of a block's receipts a moment before the block is
// its newest, and what is read then is from before the transaction.
func (c *Chain) confirmed(ctx context.Context, receipt *types.Receipt) (bool, error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return false, err
	}
	block := receipt.BlockNumber.Uint64()
	return newest.number() >= block && newest.number()-block >= c.confirmations, nil
}
