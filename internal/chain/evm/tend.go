package evm

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"sinso.dev/sinso"
)

// tend does what can be done for a sending that has no receipt: with another nonce if
// its own is proven to be used by another transaction; with a higher fee if it has waited
// for long; as it is if the endpoint has forgotten it. That the endpoint does not answer
// is waited out.
func (c *Chain) tend(ctx context.Context, m message, s *Sending) error {
	newest, err := c.newest(ctx)
	if err != nil {
		return err
	}
	if newest.number() < max(s.Head, s.Newer) {
		// It was told of a block that is not there. That it was signed earlier than it was is
		// no harm: more has to be proven then.
		s.Head, s.Newer = min(s.Head, newest.number()), newest.number()
		if err := c.outbox.Put(*s); err != nil {
			return err
		}
	}
	gone, err := c.usurped(ctx, *s, newest)
	if err != nil {
		return err
	}
	if gone {
		return c.resign(ctx, m, newest, s)
	}
	if newest.number() >= s.Newer+c.profile.BumpBlocks {
		if err := c.fillGap(ctx, m, newest, *s); err != nil {
			return err
		}
		raised, err := c.bump(ctx, m, newest, s)
		if raised || err != nil {
			return err
		}
	}
	has, err := c.has(ctx, *s)
	if err == nil && !has {
		_ = c.broadcast(ctx, *s) // it is asked for again
	}
	return err
}

// has says whether the endpoint has a form of a sending, mined or not.
func (c *Chain) has(ctx context.Context, s Sending) (bool, error) {
	forms, err := s.forms()
	if err != nil {
		return false, err
	}
	for i := len(forms) - 1; i >= 0 && forms[i].Nonce() == s.Nonce; i-- {
		var found *struct {
			Hash common.Hash `json:"hash"`
		}
		if err := c.rpc.CallContext(ctx, &found, "eth_getTransactionByHash", forms[i].Hash()); err != nil {
			return false, fault(s.Doing, err)
		}
		if found != nil {
			return true, nil
		}
	}
	return false, nil
}

// resign gives a sending that cannot be mined any more another nonce.
func (c *Chain) resign(ctx context.Context, m message, newest head, s *Sending) error {
	c.passed(m.by.address, s.Nonce)
	forms, err := s.forms()
	if err != nil {
		return err
	}
	draft, err := c.priced(ctx, m, newest, forms[len(forms)-1].Gas())
	if err != nil {
		return err
	}
	return c.submit(ctx, m, draft, newest, s)
}

// maxForms is how many forms a sending may have: a fee that doubles is at any limit long
// before.
const maxForms = 64

// bump sends a sending with the same nonce and a higher fee: twice as high, or as the
// endpoint asks for now, and never so that more than maxFee may be paid. Pools take what
// pays an eighth more (go-ethereum: a tenth); if that is not within the limit, or within
// what the account has, it stays as it is.
func (c *Chain) bump(ctx context.Context, m message, newest head, s *Sending) (raised bool, err error) {
	leave, err := c.lock(ctx, m)
	if err != nil {
		return false, err
	}
	defer leave()
	forms, err := s.forms()
	if err != nil || len(forms) >= maxForms || m.by.signer == nil {
		return false, err
	}
	last := forms[len(forms)-1]
	draft, err := c.priced(ctx, m, newest, last.Gas())
	if err != nil {
		return false, nil // the price of now is no reason not to send it again
	}
	if !double(at(draft, last.Nonce()), last) {
		return false, nil
	}
	balance, err := c.eth.BalanceAt(ctx, m.by.address, nil)
	if err != nil {
		return false, fault(m.doing, err)
	}
	if types.NewTx(draft).Cost().Cmp(balance) > 0 || c.allow(m, draft, newest) != nil {
		return false, nil
	}
	if _, err := c.write(ctx, m, draft, newest, s); err != nil {
		return false, err
	}
	_ = c.broadcast(ctx, *s) // the wait finds out
	return true, nil
}

// double makes a draft pay twice what a transaction paid, or more where it does already,
// and at most maxFee. false: that would not be an eighth more.
func double(draft types.TxData, last *types.Transaction) bool {
	most := new(big.Int).Div(maxFee, new(big.Int).SetUint64(last.Gas()))
	higher := func(price **big.Int, was *big.Int) bool {
		*price = smaller(most, larger(*price, new(big.Int).Lsh(was, 1)))
		return (*price).Cmp(eighth(was)) >= 0
	}
	switch tx := draft.(type) {
	case *types.LegacyTx:
		return higher(&tx.GasPrice, last.GasPrice())
	case *types.DynamicFeeTx:
		feeCap := higher(&tx.GasFeeCap, last.GasFeeCap())
		return higher(&tx.GasTipCap, last.GasTipCap()) && feeCap && tx.GasTipCap.Cmp(tx.GasFeeCap) <= 0
	}
	return false
}

// raise makes a draft pay an eighth more than another transaction at least.
func raise(draft types.TxData, over *types.Transaction) {
	switch tx := draft.(type) {
	case *types.LegacyTx:
		tx.GasPrice = larger(tx.GasPrice, eighth(over.GasPrice()))
	case *types.DynamicFeeTx:
		tx.GasTipCap = larger(tx.GasTipCap, eighth(over.GasTipCap()))
		tx.GasFeeCap = larger(tx.GasFeeCap, eighth(over.GasFeeCap()))
	}
}

// eighth is a price and an eighth of it, rounded up.
func eighth(price *big.Int) *big.Int {
	more := new(big.Int).Add(price, big.NewInt(7))
	return more.Rsh(more, 3).Add(more, price)
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

func smaller(a, b *big.Int) *big.Int {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// fillGap sees to the nonces that a sending waits for: what is another sending's is sent
// again; with what is in nobody's hand, because an endpoint counted too far once or has
// forgotten what another process sent, nobody is paid nothing.
func (c *Chain) fillGap(ctx context.Context, m message, newest head, s Sending) error {
	leave, err := c.lock(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	pending, err := c.eth.PendingNonceAt(ctx, m.by.address)
	if err != nil {
		return fault(m.doing, err)
	}
	held := c.held(m.by.address)
	for n := pending; n < min(s.Nonce, pending+maxQueue); n++ {
		other, ok := held[n]
		if ok && !other.Refused {
			_ = c.broadcast(ctx, other) // nobody waits for it now, perhaps
			continue
		}
		if m.by.signer == nil {
			continue
		}
		if err := c.fill(ctx, m, newest, s, n); err != nil {
			return err
		}
	}
	return nil
}

// filling is what a sending does that only uses up a nonce.
const filling = "fill a gap"

// fill uses up a nonce.
func (c *Chain) fill(ctx context.Context, m message, newest head, s Sending, nonce uint64) error {
	idle := message{doing: filling, by: m.by, to: &m.by.address, passing: true}
	_, _ = rand.Read(idle.once[:]) // never fails
	draft, err := c.priced(ctx, idle, newest, max(params.TxGas, s.gas()/2))
	if err != nil {
		return err
	}
	fill := Sending{Chain: s.Chain, Once: idle.once, Doing: idle.doing, From: s.From}
	if _, err := c.write(ctx, idle, at(draft, nonce), newest, &fill); err != nil {
		return err
	}
	_ = c.broadcast(ctx, fill) // it is asked for again
	return nil
}

// gas is what the newest form has.
func (s Sending) gas() uint64 {
	forms, err := s.forms()
	if err != nil {
		return 0
	}
	return forms[len(forms)-1].Gas()
}

// ended takes a sending without a name of its own out of the outbox if it is final:
// what it was for is asked of the contract.
func (c *Chain) ended(ctx context.Context, m message) error {
	once, named := m.name()
	leave, err := c.turn(ctx, m.doing, once)
	if err != nil {
		return err
	}
	defer leave()
	s, found, err := c.outbox.Get(c.contracts.ChainID, once)
	if err != nil || !found || named {
		return err
	}
	receipt, _, err := c.look(ctx, m.doing, s)
	if err != nil {
		return unless(err, sinso.ErrNotFound)
	}
	sure, err := c.confirmed(ctx, receipt)
	if !sure {
		return err
	}
	return c.outbox.Drop(s.Chain, s.Once)
}

// unless returns an error that is not of a class.
func unless(err, class error) error {
	if errors.Is(err, class) {
		return nil
	}
	return err
}
