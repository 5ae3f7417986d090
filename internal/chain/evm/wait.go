package evm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

const (
	firstPoll = 20 * time.Millisecond // the embedded chain seals within a second
	lastPoll  = 500 * time.Millisecond
)

// await returns the receipt of a transaction of anybody once it is final. The receipt is
// asked for each time: a reorg can take it back. A failure to answer is waited out, a
// false answer is not.
func (c *Chain) await(ctx context.Context, doing string, tx common.Hash) (*types.Receipt, error) {
	return c.poll(ctx, doing, tx, func() (*types.Receipt, error) { return c.receipt(ctx, doing, tx) }, func(time.Duration) error { return nil })
}

// wait returns the receipt of a sending once it is final, and the form that it is of.
// Meanwhile it tends to it: see tend.
func (c *Chain) wait(ctx context.Context, m message, s *Sending) (*types.Receipt, *types.Transaction, error) {
	forms, err := s.forms()
	if err != nil {
		return nil, nil, err
	}
	var of *types.Transaction
	next := c.profile.BlockTime
	receipt, err := c.poll(ctx, m.doing, forms[len(forms)-1].Hash(), func() (receipt *types.Receipt, err error) {
		receipt, of, err = c.look(ctx, m.doing, *s)
		return receipt, err
	}, func(waited time.Duration) error {
		if waited < next {
			return nil
		}
		next = waited + c.profile.BlockTime
		return c.tend(ctx, m, s)
	})
	return receipt, of, err
}

// poll asks for a receipt until it is final. While there is none it calls tend, with how
// long it has waited.
func (c *Chain) poll(
	ctx context.Context, doing string, tx common.Hash, ask func() (*types.Receipt, error), tend func(time.Duration) error,
) (*types.Receipt, error) {
	var waited time.Duration
	for pause := firstPoll; ; pause = min(2*pause, max(lastPoll, c.profile.BlockTime/4)) {
		receipt, err := ask()
		if err == nil {
			var sure bool
			if sure, err = c.confirmed(ctx, receipt); sure {
				return receipt, nil
			}
		} else if errors.Is(err, sinso.ErrNotFound) {
			err = tend(waited)
		}
		if errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, errUnkept) {
			return nil, err
		}
		select {
		case <-time.After(pause):
			waited += pause
		case <-ctx.Done():
			return nil, fmt.Errorf(
				"chain: %s: transaction %s is signed but not confirmed; it may still be: make the same call again, it finds it: %w: %w",
				doing, sinso.Hash(tx), sinso.ErrUnavailable, ctx.Err())
		}
	}
}

// look returns the receipt of whichever form of a sending has one. ErrNotFound: none has.
func (c *Chain) look(ctx context.Context, doing string, s Sending) (*types.Receipt, *types.Transaction, error) {
	forms, err := s.forms()
	if err != nil {
		return nil, nil, err
	}
	none := fmt.Errorf("chain: %s: no receipt: %w", doing, sinso.ErrNotFound)
	for _, form := range slices.Backward(forms) {
		receipt, err := c.receipt(ctx, doing, form.Hash())
		if err == nil {
			return receipt, form, nil
		}
		if !errors.Is(err, sinso.ErrNotFound) {
			return nil, nil, err
		}
	}
	return nil, nil, none
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

// confirmed reports whether a receipt's block is final. It is asked for no
// confirmation too: a node may tell of a block's receipts a moment before the block is
// its newest, and what is read then is from before the transaction. With confirmations
// the block must be the one of its number still.
func (c *Chain) confirmed(ctx context.Context, receipt *types.Receipt) (final bool, err error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return false, err
	}
	at := receipt.BlockNumber.Uint64()
	defer func() {
		if final {
			c.reachedBlock(at)
		}
	}()
	if newest.number() < at || c.depth() == 0 && !c.awaitsFinal() {
		return newest.number() >= at, nil
	}
	deep, err := c.deep(ctx, newest)
	if err != nil || deep < at {
		return false, err
	}
	stands, err := c.block(ctx, hexutil.EncodeUint64(at))
	return err == nil && (stands.Hash == nil || *stands.Hash == receipt.BlockHash), err
}

// depth is how many blocks on top of one make it final.
func (c *Chain) depth() uint64 { return cmp.Or(c.confirmations, c.profile.Confirmations) }

func (c *Chain) awaitsFinal() bool { return c.profile.AwaitFinal && c.confirmations == 0 }

// deep returns the number of the newest block that is final. The blocks on top of it
// must be there: a number alone is easily said.
func (c *Chain) deep(ctx context.Context, newest head) (uint64, error) {
	if c.awaitsFinal() {
		final, err := c.block(ctx, finalTag)
		if err == nil {
			return min(final.number(), newest.number()), nil
		}
		if errors.Is(err, sinso.ErrCorrupt) {
			return 0, err
		} // this endpoint does not know the tag, or does not answer: blocks are counted
	}
	if c.depth() == 0 {
		return newest.number(), nil
	}
	if _, err := c.block(ctx, hexutil.EncodeUint64(newest.number())); err != nil {
		return 0, fmt.Errorf("chain: the endpoint does not have the block that it calls its newest: %w", sinso.ErrUnavailable)
	}
	return newest.number() - min(newest.number(), c.depth()), nil
}
