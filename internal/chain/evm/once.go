package evm

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// work is a call that is done once, and by which log it can be told.
type work struct {
	message
	mark mark
	// did says whether the contract knows this as done, by anyone and in any
	// way; the mark says if it was this. at is when, in unix seconds, if known.
	did func(context.Context) (did bool, at uint64, err error)
}

// once does a work, or finds the transaction that did it.
func (c *Chain) once(ctx context.Context, w work) (*types.Receipt, error) {
	if err := c.ended(ctx, w.message); err != nil {
		return nil, err
	}
	receipt, err := c.earlier(ctx, w)
	if err != nil || receipt != nil {
		return receipt, err
	}
	receipt, err = c.send(ctx, w.message)
	if err == nil {
		return receipt, proven(w.doing, receipt, w.mark)
	}
	var revert *RevertError
	if !errors.As(err, &revert) {
		return nil, err
	}
	// Refused because the same was on its way already: of another caller, or of
	// this one before it crashed.
	receipt, laterErr := c.earlier(ctx, w)
	if laterErr == nil && receipt == nil {
		_, laterErr = c.whole(ctx)
	}
	switch {
	case laterErr != nil: // it may be done: the refusal is no answer
		return nil, laterErr
	case receipt != nil:
		return receipt, nil
	default:
		return nil, err
	}
}

func (c *Chain) earlier(ctx context.Context, w work) (*types.Receipt, error) {
	did, at, err := w.did(ctx)
	if err != nil || !did {
		return nil, err
	}
	return c.done(ctx, w.doing, w.mark, at)
}

// trading is a call of the Exchange for a trade, which it tells in an event.
func (c *Chain) trading(by account, doing string, trade sinso.Hash, event string, did func(kept) bool, method string, args ...any) (work, error) {
	data, err := c.packExchange(method, args...)
	if err != nil {
		return work{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	m, _, err := c.tale(event, common.Hash(trade))
	if err != nil {
		return work{}, err
	}
	to := m.contract
	return work{
		message: message{doing: doing, by: by, to: &to, data: data}, mark: m,
		did: func(ctx context.Context) (bool, uint64, error) {
			s, err := c.kept(ctx, trade)
			return err == nil && did(s), 0, err
		},
	}, nil
}

// maxSignature bounds a signature, in bytes. An account's has 65; what a
// contract takes for one (ERC-1271) is its own affair.
const maxSignature = 4096

func checkSignature(doing string, signature []byte) error {
	if len(signature) == 0 || len(signature) > maxSignature {
		return fmt.Errorf("chain: %s: the signature has %d bytes, not 1 to %d: %w", doing, len(signature), maxSignature, sinso.ErrInvalid)
	}
	return nil
}

func number(h sinso.Hash) *big.Int { return new(big.Int).SetBytes(h[:]) }
