package evm

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// At returns where a contract stands on this chain.
func (c *Chain) At(contract string) (sinso.Address, error) {
	c.placing.RLock()
	defer c.placing.RUnlock()
	at, ok := c.placed.at(contract)
	if !ok {
		return at, fmt.Errorf("chain: the contract %s is not deployed on chain %d; sinso chain deploy does it: %w",
			contract, c.contracts.ChainID, sinso.ErrUnsupported)
	}
	return at, nil
}

// nameOf returns which contract stands at an address, if one of ours does.
func (c *Chain) nameOf(at common.Address) (string, bool) {
	c.placing.RLock()
	defer c.placing.RUnlock()
	return c.placed.name(sinso.Address(at))
}

// call encodes a call, and says where it goes.
func (c *Chain) call(ctx context.Context, call sinso.Call) (*page, common.Address, []byte, error) {
	if call.Method == "" {
		return c.creation(ctx, call)
	}
	at := call.At
	if at == (sinso.Address{}) {
		if call.Contract == sinso.ERC20 {
			return nil, common.Address{}, nil, fmt.Errorf("chain: no token stands at the zero address: %w", sinso.ErrInvalid)
		}
		var err error
		if at, err = c.at(ctx, call.Contract); err != nil {
			return nil, common.Address{}, nil, err
		}
	}
	known, err := c.book.page(call.Contract)
	if err != nil {
		return nil, common.Address{}, nil, err
	}
	method, ok := known.abi.Methods[call.Method]
	if !ok {
		return nil, common.Address{}, nil, fmt.Errorf("chain: %s has no function %s: %w", call.Contract, call.Method, sinso.ErrInvalid)
	}
	data, err := pack(method, call.Args)
	return known, common.Address(at), data, err
}

// creation encodes the call that makes a contract: it goes to what makes contracts here, with the salt of
// all of ours.
func (c *Chain) creation(ctx context.Context, call sinso.Call) (*page, common.Address, []byte, error) {
	if _, err := c.at(ctx, "Registry"); err != nil { // the embedded chain has what makes contracts since these stand
		return nil, common.Address{}, nil, err
	}
	factory := c.ownFactory
	if known, err := c.stands(ctx, "the factory", sinso.Address(proxy)); err != nil {
		return nil, common.Address{}, nil, err
	} else if known {
		factory = sinso.Address(proxy)
	}
	if factory == (sinso.Address{}) {
		return nil, common.Address{}, nil, fmt.Errorf("chain: make %s: nothing is known here that makes contracts: %w", call.Contract, sinso.ErrUnsupported)
	}
	known, err := c.book.page(call.Contract)
	if err != nil {
		return nil, common.Address{}, nil, err
	}
	args, err := packed(known.abi.Constructor.Inputs, call.Args)
	if err != nil {
		return nil, common.Address{}, nil, fmt.Errorf("chain: make %s: %w", call.Contract, err)
	}
	return known, common.Address(factory), slices.Concat(salt.Bytes(), known.code, args), nil
}

// Ask calls a function that changes nothing.
func (c *Chain) Ask(ctx context.Context, call sinso.Call, into any) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	known, to, data, err := c.call(ctx, call)
	if err != nil {
		return err
	}
	doing := "ask " + call.Contract + " for " + call.Method
	gas := uint64(0)
	if call.Contract == sinso.ERC20 {
		gas = tokenReadGas
	}
	answer, err := readWith(ctx, c, doing, to, data, gas)
	if err != nil {
		return err
	}
	if err := unpack(known.abi.Methods[call.Method].Outputs, answer, into); err != nil {
		return fmt.Errorf("chain: %s: %w", doing, err)
	}
	return nil
}

// Plan asks what a deed would cost. The account's money for gas is not asked for: it
// may come from somebody else.
func (c *Chain) Plan(ctx context.Context, deed sinso.Deed, from sinso.Address) (sinso.Plan, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	_, to, data, err := c.call(ctx, deed.Call)
	if err != nil {
		return sinso.Plan{}, err
	}
	m := message{doing: deed.Doing, by: account{address: common.Address(from)}, to: &to, data: data, value: valueOf(deed), mostGas: mostGas(deed)}
	newest, err := c.newest(ctx)
	if err != nil {
		return sinso.Plan{}, err
	}
	balance, err := c.eth.BalanceAt(ctx, m.by.address, nil)
	if err != nil {
		return sinso.Plan{}, fault(deed.Doing, err)
	}
	plan := sinso.Plan{Doing: deed.Doing, From: from, To: sinso.Address(to), Value: deed.Value, Balance: sinso.NewWei(balance)}
	if balance.Cmp(deed.Value.Int()) < 0 {
		return plan, fmt.Errorf("chain: %s: it takes %s wei, and the account has %s: %w", deed.Doing, deed.Value, plan.Balance, sinso.ErrDenied)
	}
	gas, err := c.simulate(ctx, m)
	if err != nil {
		return plan, err
	}
	draft, err := c.priced(ctx, m, newest, gas)
	if err != nil {
		return plan, err
	}
	now, most := prices(draft, newest)
	plan.Gas = gas * 100 / (100 + c.profile.Margin) // without the room that simulate adds
	plan.Fee = sinso.NewWei(new(big.Int).Mul(now, new(big.Int).SetUint64(plan.Gas)))
	plan.MostFee = sinso.NewWei(new(big.Int).Mul(most, new(big.Int).SetUint64(gas)))
	return plan, nil
}

func valueOf(deed sinso.Deed) *big.Int {
	if value := deed.Value.Int(); value.Sign() > 0 {
		return value
	}
	return nil
}

// mostGas bounds what anybody's contract may take; zero: it is one of ours.
func mostGas(deed sinso.Deed) uint64 {
	if deed.Contract == sinso.ERC20 {
		return tokenGas
	}
	return 0
}

// prices returns what a unit of gas costs now and at most, in wei.
func prices(draft types.TxData, newest head) (now, most *big.Int) {
	switch tx := draft.(type) {
	case *types.DynamicFeeTx:
		return new(big.Int).Add(tx.GasTipCap, newest.BaseFee.ToInt()), tx.GasFeeCap
	case *types.LegacyTx:
		return tx.GasPrice, tx.GasPrice
	}
	return new(big.Int), new(big.Int)
}

// Do does a deed, once for each name. A deed that failed on the chain was not done: its
// name may be used again. ErrExists: the name is another deed's.
func (c *Chain) Do(ctx context.Context, once sinso.Hash, deed sinso.Deed, by [32]byte) (sinso.Done, error) {
	from := c.node
	if by != ([32]byte{}) {
		var err error
		if from, err = c.payer(by); err != nil {
			return sinso.Done{}, err
		}
	}
	return c.do(ctx, deed, message{once: once, by: from})
}

func (c *Chain) do(ctx context.Context, deed sinso.Deed, m message) (sinso.Done, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	if m.once == (sinso.Hash{}) {
		return sinso.Done{}, fmt.Errorf("chain: %s: a deed needs a name of its own, so that it is never done twice: %w", deed.Doing, sinso.ErrInvalid)
	}
	_, to, data, err := c.call(ctx, deed.Call)
	if err != nil {
		return sinso.Done{}, err
	}
	m.doing, m.to, m.data, m.value, m.mostGas = deed.Doing, &to, data, valueOf(deed), mostGas(deed)
	receipt, err := c.send(ctx, m)
	if err != nil {
		return sinso.Done{}, err
	}
	return c.outcome(deed, receipt)
}

func (c *Chain) outcome(deed sinso.Deed, receipt *types.Receipt) (sinso.Done, error) {
	out := sinso.Done{Tx: txOf(receipt), Fee: paid(receipt)}
	for _, log := range receipt.Logs {
		if len(log.Topics) == 0 {
			continue
		}
		name, ok := c.nameOf(log.Address)
		if sinso.Address(log.Address) == deed.At {
			name, ok = deed.Contract, deed.Contract != sinso.ERC20 // a token may tell anything
		}
		if !ok {
			continue
		}
		event, err := c.eventOf(name, log)
		if err != nil {
			return out, err
		}
		out.Events = append(out.Events, event)
	}
	return out, nil
}

// Told decodes an event of a contract.
func (c *Chain) Told(contract string, event sinso.ChainEvent, into any) error {
	known, err := c.book.page(contract)
	if err != nil {
		return err
	}
	if len(event.Topics) == 0 {
		return lie("read an event", "it has no topic")
	}
	declared, err := known.abi.EventByID(common.Hash(event.Topics[0]))
	if err != nil {
		return lie("read an event", "the contract "+contract+" has none like it")
	}
	if err := told(declared.Inputs, event, into); err != nil {
		return fmt.Errorf("chain: read an event %s of %s: %w: %w", declared.Name, contract, err, sinso.ErrCorrupt)
	}
	return nil
}

// Account returns the node's own account, which pays gas.
func (c *Chain) Account() sinso.Address { return sinso.Address(c.node.address) }

// GasCost returns what gas costs at the price of now.
func (c *Chain) GasCost(ctx context.Context, gas uint64) (sinso.Wei, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	newest, err := c.newest(ctx)
	if err != nil {
		return sinso.Wei{}, err
	}
	draft, err := c.priced(ctx, message{doing: "ask for the price of gas", by: c.node}, newest, 0)
	if err != nil {
		return sinso.Wei{}, err
	}
	now, _ := prices(draft, newest)
	return sinso.NewWei(now.Mul(now, new(big.Int).SetUint64(gas))), nil
}
