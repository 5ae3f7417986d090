package node

import (
	"context"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
)

// faultyChain is a chain that a test can cut off. It is put under a node before the
// node serves, so that what changes while it serves is the fault alone.
type faultyChain struct {
	sinso.Chain
	fault atomic.Pointer[chainFault]
}

// chainFault is asked before a transaction is sent, and again with done when the chain
// has done it. Its error is the node's answer.
type chainFault func(what string, done bool) error

// chainOf returns the chain that the harness put under a node.
func chainOf(n *Node) *faultyChain { return n.Chain.(*faultyChain) }

// fails sets the fault; nil ends it.
func (c *faultyChain) fails(fault chainFault) { c.fault.Store(&fault) }

// cut is the fault of a chain that cannot be reached for one thing.
func cut(what string) chainFault {
	return func(asked string, done bool) error {
		if asked == what && !done {
			return errSilent
		}
		return nil
	}
}

// try does what is asked, if the fault lets it, and may lose the answer.
func (c *faultyChain) try(what string, do func() error) error {
	fault := c.fault.Load()
	if fault == nil || *fault == nil {
		return do()
	}
	if err := (*fault)(what, false); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return (*fault)(what, true)
}

func (c *faultyChain) tx(what string, do func() (sinso.Tx, error)) (tx sinso.Tx, err error) {
	err = c.try(what, func() (err error) {
		tx, err = do()
		return err
	})
	return tx, err
}

func (c *faultyChain) EnterAsset(ctx context.Context, asset sinso.Asset) (id sinso.TokenID, tx sinso.Tx, err error) {
	err = c.try("enter asset", func() (err error) {
		id, tx, err = c.Chain.EnterAsset(ctx, asset)
		return err
	})
	return id, tx, err
}

func (c *faultyChain) Now(ctx context.Context) (now time.Time, err error) {
	err = c.try("now", func() (err error) {
		now, err = c.Chain.Now(ctx)
		return err
	})
	return now, err
}

func (c *faultyChain) Settle(ctx context.Context, waits func(uint64)) error {
	return c.try("settle", func() error { return c.Chain.Settle(ctx, waits) })
}

func (c *faultyChain) Owner(ctx context.Context, id sinso.TokenID) (owner sinso.Address, err error) {
	err = c.try("owner", func() (err error) {
		owner, err = c.Chain.Owner(ctx, id)
		return err
	})
	return owner, err
}

func (c *faultyChain) Fund(ctx context.Context, to sinso.Address, amount sinso.Wei) (sinso.Tx, error) {
	return c.tx("fund", func() (sinso.Tx, error) { return c.Chain.Fund(ctx, to, amount) })
}

func (c *faultyChain) Fill(ctx context.Context, deal sinso.Deal, signature []byte, payer [32]byte) (sinso.Tx, error) {
	return c.tx("fill", func() (sinso.Tx, error) { return c.Chain.Fill(ctx, deal, signature, payer) })
}

func (c *faultyChain) Allow(ctx context.Context, currency sinso.Address, amount sinso.Wei, payer [32]byte) (sinso.Tx, error) {
	return c.tx("allow", func() (sinso.Tx, error) { return c.Chain.Allow(ctx, currency, amount, payer) })
}

func (c *faultyChain) FillFor(ctx context.Context, deal sinso.Deal, signature, consent []byte, payer [32]byte) (sinso.Tx, error) {
	return c.tx("fill", func() (sinso.Tx, error) { return c.Chain.FillFor(ctx, deal, signature, consent, payer) })
}

func (c *faultyChain) Deliver(ctx context.Context, delivery sinso.Delivery, payer [32]byte) (sinso.Tx, error) {
	return c.tx("deliver", func() (sinso.Tx, error) { return c.Chain.Deliver(ctx, delivery, payer) })
}

func (c *faultyChain) ProveWrongKey(ctx context.Context, deal sinso.Deal, delivery sinso.Delivery, payload sinso.CID, secret, payer [32]byte) (sinso.Tx, error) {
	return c.tx("prove", func() (sinso.Tx, error) {
		return c.Chain.ProveWrongKey(ctx, deal, delivery, payload, secret, payer)
	})
}

func (c *faultyChain) Refund(ctx context.Context, deal sinso.Deal, payer [32]byte) (sinso.Tx, error) {
	return c.tx("refund", func() (sinso.Tx, error) { return c.Chain.Refund(ctx, deal, payer) })
}

func (c *faultyChain) Revoke(ctx context.Context, deal sinso.Deal, signature []byte) (sinso.Tx, error) {
	return c.tx("revoke", func() (sinso.Tx, error) { return c.Chain.Revoke(ctx, deal, signature) })
}

func (c *faultyChain) Withdraw(ctx context.Context, currency, payee sinso.Address, payer [32]byte) (sinso.Tx, error) {
	return c.tx("withdraw", func() (sinso.Tx, error) { return c.Chain.Withdraw(ctx, currency, payee, payer) })
}

func (c *faultyChain) Release(ctx context.Context, deal sinso.Deal, asset sinso.Asset, payer [32]byte) (tx sinso.Tx, payouts []sinso.Payout, err error) {
	err = c.try("release", func() (err error) {
		tx, payouts, err = c.Chain.Release(ctx, deal, asset, payer)
		return err
	})
	return tx, payouts, err
}
