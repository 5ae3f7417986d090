package evm

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// message is a transaction before it has gas, fees and a nonce.
type message struct {
	doing   string // for errors
	by      account
	to      *common.Address // nil deploys
	data    []byte
	value   *big.Int      // nil: none
	once    sinso.Hash    // its name; zero: what it does is its name, until that is done
	relay   bool          // it is carried for somebody
	portion sinso.Portion // for whom, then
	mostGas uint64        // that it may take, before the profile's margin; zero: what the profile allows

	passing bool // nobody asks for it by its name again
	keep    bool // it is asked for again by what it does
}

func (m message) args() map[string]any {
	args := map[string]any{"from": m.by.address, "data": hexutil.Bytes(m.data)}
	if m.to != nil {
		args["to"] = *m.to
	}
	if m.value != nil {
		args["value"] = (*hexutil.Big)(m.value)
	}
	return args
}

func (m message) worth() *big.Int {
	if m.value == nil {
		return new(big.Int)
	}
	return m.value
}

// name is that of the sending: the one given, or a hash of what the message does.
func (m message) name() (once sinso.Hash, named bool) {
	if m.once != (sinso.Hash{}) {
		return m.once, !m.passing
	}
	var to []byte
	if m.to != nil {
		to = m.to[:]
	}
	return sinso.Hash(crypto.Keccak256Hash([]byte("sinso/sending/v1"), m.by.address[:], crypto.Keccak256(to),
		common.BigToHash(m.worth()).Bytes(), m.data)), m.keep
}

// does says whether a transaction does what the message says.
func (m message) does(tx *types.Transaction) bool {
	to := tx.To()
	return bytes.Equal(tx.Data(), m.data) && tx.Value().Cmp(m.worth()) == 0 &&
		(to == nil) == (m.to == nil) && (to == nil || *to == *m.to)
}

// send sees a message through: it takes up what is in the outbox under its name, or
// simulates it, writes it down and sends it, and waits until it is final. The receipt is
// of this message and says that it succeeded. What did not leaves the outbox, so that its
// name may be used again.
func (c *Chain) send(ctx context.Context, m message) (*types.Receipt, error) {
	once, named := m.name()
	leave, err := c.turn(ctx, m.doing, once)
	if err != nil {
		return nil, err
	}
	defer leave()
	s, found, err := c.outbox.Get(c.contracts.ChainID, once)
	if err != nil {
		return nil, err
	}
	if found {
		err = c.takeUp(ctx, m, &s)
	} else {
		s = Sending{Chain: c.contracts.ChainID, Once: once, Named: named, Relay: m.relay, For: m.portion.For, Revokes: m.portion.Revokes, Doing: m.doing, From: sinso.Address(m.by.address)}
		err = c.begin(ctx, m, &s)
	}
	if err != nil {
		return nil, err
	}
	return c.finish(ctx, m, &s)
}

// turn waits until nobody else is at a sending of this name.
func (c *Chain) turn(ctx context.Context, doing string, once sinso.Hash) (leave func(), err error) {
	for {
		c.mu.Lock()
		other, busy := c.busy[once]
		if !busy {
			leave = c.take(once)
			c.mu.Unlock()
			return leave, nil
		}
		c.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fault(doing, ctx.Err())
		}
	}
}

// begin simulates a message and has it signed, written down and sent.
func (c *Chain) begin(ctx context.Context, m message, s *Sending) error {
	newest, err := c.newest(ctx)
	if err != nil {
		return err
	}
	if err := c.allow(m, nil, newest); err != nil {
		return err
	}
	gas, err := c.simulate(ctx, m)
	if err != nil {
		return err
	}
	draft, err := c.priced(ctx, m, newest, gas)
	if err != nil {
		return err
	}
	return c.submit(ctx, m, draft, newest, s)
}

// takeUp goes on with a sending that is in the outbox: of a process that ended, or of a
// call that gave up.
func (c *Chain) takeUp(ctx context.Context, m message, s *Sending) error {
	forms, err := s.forms()
	if err != nil {
		return err
	}
	if s.From != sinso.Address(m.by.address) || !m.does(forms[len(forms)-1]) {
		return fmt.Errorf("chain: %s: this name was used for something else; nothing was sent: %w", m.doing, sinso.ErrExists)
	}
	if _, _, err := c.look(ctx, m.doing, *s); !errors.Is(err, sinso.ErrNotFound) {
		return nil // there is a receipt, or the wait finds out
	}
	refused := c.broadcast(ctx, *s)
	if refused != nil && answered(refused) && !taken(refused) {
		return c.refused(m, s, refused)
	}
	if s.Refused || !s.out() {
		s.Refused, s.Mined, s.Old = false, sinso.Hash{}, false
		return c.outbox.Put(*s)
	}
	return nil
}

// refused writes down that the endpoint does not want a sending, so that its nonce is
// free for another, and says so.
func (c *Chain) refused(m message, s *Sending, why error) error {
	if !s.Refused {
		s.Refused = true
		if err := c.outbox.Put(*s); err != nil {
			return err
		}
	}
	return fault(m.doing, why)
}

// finish waits for the receipt of a sending and takes it for what it is.
func (c *Chain) finish(ctx context.Context, m message, s *Sending) (*types.Receipt, error) {
	for {
		receipt, tx, err := c.wait(ctx, m, s)
		if err != nil {
			return nil, err
		}
		if receipt.GasUsed > tx.Gas() {
			return nil, lie(m.doing, "the transaction used more gas than it had")
		}
		if m.to == nil && receipt.ContractAddress != crypto.CreateAddress(m.by.address, tx.Nonce()) {
			return nil, lie(m.doing, "the contract is not where it must be")
		}
		c.passed(m.by.address, tx.Nonce())
		if receipt.Status == types.ReceiptStatusSuccessful {
			return receipt, c.settle(*s, receipt)
		}
		if !starved(receipt, tx) || s.Hungry >= c.profile.GasTries {
			why := c.autopsy(ctx, m, receipt)
			return nil, cmp.Or(c.fail(*s, receipt), why)
		}
		if err := c.feed(ctx, m, s, tx.Gas()); err != nil {
			if errors.Is(err, sinso.ErrUnavailable) {
				return nil, err
			}
			return nil, cmp.Or(c.fail(*s, receipt), err)
		}
	}
}

// starved says whether a transaction failed for want of gas: a call inside one leaves a
// sixty-fourth of what it had (EIP-150).
func starved(receipt *types.Receipt, tx *types.Transaction) bool {
	return receipt.GasUsed >= tx.Gas()-tx.Gas()/32
}

// feed sends again what ran out of gas, with twice as much. It failed and is final: it
// cannot be done a second time.
func (c *Chain) feed(ctx context.Context, m message, s *Sending, had uint64) error {
	newest, err := c.newest(ctx)
	if err != nil {
		return err
	}
	gas, err := c.simulate(ctx, m)
	if err != nil {
		return err
	}
	draft, err := c.priced(ctx, m, newest, min(max(gas, 2*had), c.profile.MaxGas))
	if err != nil {
		return err
	}
	fed := *s
	fed.Hungry++
	fed.Forms = nil // they are of a nonce that is used
	err = c.submit(ctx, m, draft, newest, &fed)
	if len(fed.Forms) > 0 {
		*s = fed
	}
	return err
}

// settle ends a sending that did what it was for. One that has a name stays, so that
// asking again finds it.
func (c *Chain) settle(s Sending, receipt *types.Receipt) error {
	if !s.Named {
		return c.outbox.Drop(s.Chain, s.Once)
	}
	if s.Mined == sinso.Hash(receipt.TxHash) {
		return nil
	}
	s.Mined, s.Fee, s.Refused = sinso.Hash(receipt.TxHash), paid(receipt), false
	return c.outbox.Put(s)
}

// fail ends a sending that failed and did nothing. What was paid for one that was
// carried for somebody counts nevertheless, under a name that nobody asks for.
func (c *Chain) fail(s Sending, receipt *types.Receipt) error {
	if s.Relay {
		counted := s
		_, _ = rand.Read(counted.Once[:]) // never fails
		counted.Mined, counted.Fee = sinso.Hash(receipt.TxHash), paid(receipt)
		if err := c.outbox.Put(counted); err != nil {
			return err
		}
	}
	return c.outbox.Drop(s.Chain, s.Once)
}

func paid(receipt *types.Receipt) sinso.Wei {
	if receipt.EffectiveGasPrice == nil {
		return sinso.Wei{}
	}
	return sinso.NewWei(new(big.Int).Mul(receipt.EffectiveGasPrice, new(big.Int).SetUint64(receipt.GasUsed)))
}

// simulate tries the message and returns the gas to give it: what it took, and the
// profile's margin.
func (c *Chain) simulate(ctx context.Context, m message) (uint64, error) {
	var gas hexutil.Uint64
	if err := c.rpc.CallContext(ctx, &gas, "eth_estimateGas", m.args(), "latest"); err != nil {
		revert := c.book.reverted(m.doing, err)
		if revert == nil && !answered(err) || revert != nil && revert.Name != "" {
			return 0, either(revert, fault(m.doing, err))
		}
		// Some endpoints keep the reason for eth_call.
		var answer hexutil.Bytes
		if callErr := c.rpc.CallContext(ctx, &answer, "eth_call", m.args(), "latest"); callErr != nil {
			if named := c.book.reverted(m.doing, callErr); named != nil {
				revert = named
			}
		}
		return 0, either(revert, fault(m.doing, err))
	}
	if gas == 0 {
		return 0, lie(m.doing, "it takes no gas")
	}
	most := c.profile.MaxGas
	if m.mostGas > 0 && uint64(gas) > m.mostGas {
		return 0, fmt.Errorf("chain: %s: the token at %s takes %d gas for it, and %d is the most that this node spends; nothing was sent: %w",
			m.doing, sinso.Address(*m.to), gas, m.mostGas, sinso.ErrDenied)
	}
	if uint64(gas) > most {
		return 0, fmt.Errorf("chain: %s: it would take %d gas, and one transaction may take %d: %w", m.doing, gas, most, sinso.ErrUnsupported)
	}
	return min(uint64(gas)+uint64(gas)*c.profile.Margin/100, most), nil
}

func either(revert *RevertError, err error) error {
	if revert != nil {
		return revert
	}
	return err
}

// maxFee is the most that one transaction may cost in fees, in wei: an endpoint
// that names any price must not empty the account. go-ethereum's own limit.
var maxFee = new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)

// priced adds gas and fees: EIP-1559, or a gas price where blocks have no base
// fee.
func (c *Chain) priced(ctx context.Context, m message, newest head, gas uint64) (types.TxData, error) {
	value := m.worth()
	if newest.BaseFee == nil || c.profile.Legacy {
		price, err := c.eth.SuggestGasPrice(ctx)
		if err != nil {
			return nil, fault(m.doing, err)
		}
		return &types.LegacyTx{To: m.to, Value: value, Data: m.data, Gas: gas, GasPrice: price}, affordable(m, gas, price)
	}
	tip, err := c.eth.SuggestGasTipCap(ctx)
	if err != nil {
		return nil, fault(m.doing, err)
	}
	if tip.Sign() <= 0 {
		tip = big.NewInt(1)
	}
	// The base fee can grow by an eighth each block: twice is room for five.
	feeCap := new(big.Int).Add(tip, new(big.Int).Lsh(newest.BaseFee.ToInt(), 1))
	return &types.DynamicFeeTx{
		ChainID: c.chainID, To: m.to, Value: value, Data: m.data, Gas: gas, GasTipCap: tip, GasFeeCap: feeCap,
	}, affordable(m, gas, feeCap)
}

func affordable(m message, gas uint64, price *big.Int) error {
	if cost := new(big.Int).Mul(price, new(big.Int).SetUint64(gas)); cost.Cmp(maxFee) > 0 {
		return fmt.Errorf("chain: %s: the endpoint asks for up to %d wei of fees, and the limit is %d; nothing was sent: %w",
			m.doing, cost, maxFee, sinso.ErrUnavailable)
	}
	return nil
}

// behind says whether a node refused a transaction for want of money that the
// account has: what waits to be sealed is checked against the block before the
// newest one for a moment. It gives the node that moment.
func (c *Chain) behind(ctx context.Context, m message, tx *types.Transaction, refused error) bool {
	if !poor(refused) {
		return false
	}
	balance, err := c.eth.BalanceAt(ctx, m.by.address, nil)
	if err != nil || balance.Cmp(tx.Cost()) < 0 {
		return false
	}
	select {
	case <-time.After(lastPoll / 4):
		return true
	case <-ctx.Done():
		return false
	}
}

// autopsy finds out why a transaction failed that did not when it was
// simulated: something came before it in its block.
func (c *Chain) autopsy(ctx context.Context, m message, receipt *types.Receipt) error {
	var answer hexutil.Bytes
	err := c.rpc.CallContext(ctx, &answer, "eth_call", m.args(), hexutil.EncodeBig(receipt.BlockNumber))
	if revert := c.book.reverted(m.doing, err); revert != nil {
		return revert
	}
	return refusal(m.doing, "")
}
