package evm

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// RelayLimits bound what the node's account pays for people who have no money for gas.
// Zero is nothing.
type RelayLimits struct {
	PerHour   int       // transactions
	PerDay    int       // transactions
	FeePerDay sinso.Wei // what they may cost in gas, together
}

// Relay does a deed as [Chain.Do] does, from the node's own account, for somebody who has
// no money for gas. Who that may be is for the caller to know: the contract must take the
// deed from anybody, by the signature that is in its arguments. No money goes with it. More
// than the limits allow is ErrDenied; what was done under this name already is found and
// counts once.
func (c *Chain) Relay(ctx context.Context, once sinso.Hash, deed sinso.Deed) (sinso.Done, error) {
	if deed.Value.Int().Sign() > 0 {
		return sinso.Done{}, fmt.Errorf("chain: %s: the node carries it without money of its own, and it takes %s wei; send it from an account that has them: %w",
			deed.Doing, deed.Value, sinso.ErrDenied)
	}
	return c.do(ctx, deed, message{once: once, by: c.node, relay: true})
}

// FundFor sends money from the node's own account to one of a person's, for gas that only that
// account can pay. It counts for the same limits, the money as if it were a fee; the same name
// is sent once.
func (c *Chain) FundFor(ctx context.Context, once sinso.Hash, to sinso.Address, amount sinso.Wei) (sinso.Tx, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	payee := common.Address(to)
	receipt, err := c.send(ctx, message{doing: "fund an account", once: once, by: c.node, to: &payee, value: amount.Int(), relay: true})
	if err != nil {
		return sinso.Tx{}, err
	}
	return txOf(receipt), nil
}

// allow says whether a draft that is carried for somebody is within the limits. They
// count by the chain's time: what was signed in the last hour and day, at what it cost, or
// may cost while it is out. It is asked before a draft is tried, with no draft, so that what is not
// carried is shown to nobody; and once more when the draft is signed, where the account's lock is
// held, so that two do not both fit in the last place.
func (c *Chain) allow(m message, draft types.TxData, newest head) error {
	if !m.relay {
		return nil
	}
	hour, day, fee := 1, 1, new(big.Int).Set(m.worth())
	if draft != nil {
		fee = types.NewTx(draft).Cost()
	}
	for _, s := range c.outbox.All() {
		age := newest.time() - min(newest.time(), s.Since)
		if s.Chain != c.contracts.ChainID || !s.Relay || s.Once == m.once || age >= uint64(24*time.Hour/time.Second) {
			continue
		}
		if day++; age < uint64(time.Hour/time.Second) {
			hour++
		}
		fee.Add(fee, s.cost())
	}
	most := c.relay.FeePerDay.Int()
	var why string
	switch {
	case hour > c.relay.PerHour:
		why = fmt.Sprintf("it carries %d an hour", c.relay.PerHour)
	case day > c.relay.PerDay:
		why = fmt.Sprintf("it carries %d a day", c.relay.PerDay)
	case fee.Cmp(most) > 0:
		why = fmt.Sprintf("it pays %d wei of fees a day, and with this they might be %d", most, fee)
	default:
		return nil
	}
	return fmt.Errorf("chain: %s: this node carries no more for people without money for gas now: %s; nothing was sent; try later, or send it from an account of your own: %w",
		m.doing, why, sinso.ErrDenied)
}

// cost is what a sending cost in gas, or may cost, and the money that went with it.
func (s Sending) cost() *big.Int {
	forms, err := s.forms()
	if err != nil {
		return s.Fee.Int()
	}
	last := forms[len(forms)-1]
	if !s.out() {
		return new(big.Int).Add(s.Fee.Int(), last.Value())
	}
	return last.Cost()
}
