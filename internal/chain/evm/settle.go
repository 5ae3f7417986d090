package evm

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// Settle waits until what the node's own account has sent so far is in a block, or dropped:
// the account's transactions go in the order of their nonces. A call whose answer was lost, or
// a process that crashed, may have sent one that nobody here knows of.
func (c *Chain) Settle(ctx context.Context, waits func(left uint64)) error {
	const doing = "wait for what was sent"
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	sent, err := c.eth.PendingNonceAt(ctx, c.node.address)
	if err != nil {
		return fault(doing, err)
	}
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		mined, pending, err := c.nonces(ctx, doing)
		if err != nil {
			return err
		}
		until := min(sent, pending) // fewer than before: the last were dropped
		if mined >= until {
			return nil
		}
		waits(until - mined)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("chain: %s: %d are not in a block yet: %w: %w", doing, until-mined, sinso.ErrUnavailable, ctx.Err())
		}
	}
}

// Sent says what became of a transaction of anybody.
func (c *Chain) Sent(ctx context.Context, tx sinso.Hash) (sinso.SentState, error) {
	const doing = "look for a transaction"
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	receipt, err := c.receipt(ctx, doing, common.Hash(tx))
	switch {
	case err == nil && receipt.Status == types.ReceiptStatusSuccessful:
		return sinso.SentDone, nil
	case err == nil:
		return sinso.SentFailed, nil
	case !errors.Is(err, sinso.ErrNotFound):
		return sinso.SentUnknown, err
	}
	var found *struct {
		Hash common.Hash `json:"hash"`
	}
	if err := c.rpc.CallContext(ctx, &found, "eth_getTransactionByHash", common.Hash(tx)); err != nil {
		return sinso.SentUnknown, fault(doing, err)
	}
	if found == nil || found.Hash != common.Hash(tx) {
		return sinso.SentUnknown, nil
	}
	return sinso.SentWaiting, nil
}

// nonces returns how many of the account's transactions are confirmed, and how many there
// are with those that wait.
func (c *Chain) nonces(ctx context.Context, doing string) (mined, pending uint64, err error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return 0, 0, err
	}
	deep, err := c.deep(ctx, newest)
	if err != nil {
		return 0, 0, err
	}
	if mined, err = c.eth.NonceAt(ctx, c.node.address, new(big.Int).SetUint64(deep)); err != nil {
		return 0, 0, fault(doing, err)
	}
	if pending, err = c.eth.PendingNonceAt(ctx, c.node.address); err != nil {
		return 0, 0, fault(doing, err)
	}
	return mined, pending, nil
}
