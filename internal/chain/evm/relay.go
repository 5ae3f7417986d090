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
// Zero is nothing. A quarter of each, rounded up, is kept for what takes something back, and one
// person gets at most half of what the others have left, rounded up.
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
func (c *Chain) Relay(ctx context.Context, once sinso.Hash, deed sinso.Deed, portion sinso.Portion) (sinso.Done, error) {
	if deed.Value.Int().Sign() > 0 {
		return sinso.Done{}, fmt.Errorf("chain: %s: the node carries it without money of its own, and it takes %s wei; send it from an account that has them: %w",
			deed.Doing, deed.Value, sinso.ErrDenied)
	}
	return c.do(ctx, deed, message{once: once, by: c.node, relay: true, portion: portion})
}

// FundFor sends money from the node's own account to one of a person's, for gas that only that
// account can pay. It counts for the same limits, the money as if it were a fee; the same name
// is sent once.
func (c *Chain) FundFor(ctx context.Context, once sinso.Hash, to sinso.Address, amount sinso.Wei, portion sinso.Portion) (sinso.Tx, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	payee := common.Address(to)
	receipt, err := c.send(ctx, message{doing: "fund an account", once: once, by: c.node, to: &payee, value: amount.Int(), relay: true, portion: portion})
	if err != nil {
		return sinso.Tx{}, err
	}
	return txOf(receipt), nil
}

// used is what was carried in a window: by who asks, and by all; of that, what took something back.
type used struct{ mine, all, mineBack, back *big.Int }

func newUsed() used { return used{new(big.Int), new(big.Int), new(big.Int), new(big.Int)} }

// add counts what one sending took.
func (u used) add(s Sending, portion sinso.Portion, amount *big.Int) {
	mine := s.For == portion.For
	u.all.Add(u.all, amount)
	if s.Revokes {
		u.back.Add(u.back, amount)
	}
	switch {
	case mine && s.Revokes:
		u.mineBack.Add(u.mineBack, amount)
	case mine:
		u.mine.Add(u.mine, amount)
	}
}

// fits says whether amount more may be carried. What takes something back may use all that is left
// of the limit; the rest leaves it a quarter, as far as that is not used by it. One asker has at
// most half, rounded up, of what the others leave.
func (u used) fits(limit, amount *big.Int, portion sinso.Portion) bool {
	left, mine := new(big.Int).Sub(limit, u.all), u.mineBack
	if !portion.Revokes {
		kept := quarter(limit)
		if kept.Sub(kept, u.back).Sign() > 0 {
			left.Sub(left, kept)
		}
		mine = u.mine
	}
	if left.Cmp(amount) < 0 {
		return false
	}
	half := new(big.Int).Add(left, mine) // what the others have left
	half.Add(half, big.NewInt(1)).Rsh(half, 1)
	return new(big.Int).Add(mine, amount).Cmp(half) <= 0
}

// quarter is that of a limit, rounded up, and never all of it.
func quarter(limit *big.Int) *big.Int {
	if limit.Cmp(big.NewInt(1)) <= 0 {
		return new(big.Int)
	}
	part := new(big.Int).Add(limit, big.NewInt(3))
	return part.Rsh(part, 2)
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
	one, fee := big.NewInt(1), new(big.Int).Set(m.worth())
	if draft != nil {
		fee = types.NewTx(draft).Cost()
	}
	hour, day, fees := newUsed(), newUsed(), newUsed()
	for _, s := range c.outbox.All() {
		age := newest.time() - min(newest.time(), s.Since)
		if s.Chain != c.contracts.ChainID || !s.Relay || s.Once == m.once || age >= uint64(24*time.Hour/time.Second) {
			continue
		}
		if day.add(s, m.portion, one); age < uint64(time.Hour/time.Second) {
			hour.add(s, m.portion, one)
		}
		fees.add(s, m.portion, s.cost())
	}
	most := c.relay.FeePerDay.Int()
	var why string
	switch {
	case !hour.fits(big.NewInt(int64(c.relay.PerHour)), one, m.portion):
		why = fmt.Sprintf("it carries %d an hour", c.relay.PerHour)
	case !day.fits(big.NewInt(int64(c.relay.PerDay)), one, m.portion):
		why = fmt.Sprintf("it carries %d a day", c.relay.PerDay)
	case !fees.fits(most, fee, m.portion):
		why = fmt.Sprintf("it pays %d wei of fees a day, and this takes up to %d", most, fee)
	default:
		return nil
	}
	return fmt.Errorf("chain: %s: this node carries no more for people without money for gas now: %s, of which a quarter is kept for revocations, and one person has half of what the others leave; nothing was sent; try later, or send it from an account of your own: %w",
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
