package evm

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// message is a transaction before it has gas, fees and a nonce.
type message struct {
	doing string // for errors
	by    account
	to    *common.Address // nil deploys
	data  []byte
	value *big.Int // nil: none
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

// send simulates a transaction, sends it and waits until it is confirmed. The
// receipt is of this transaction and says that it succeeded.
func (c *Chain) send(ctx context.Context, m message) (*types.Receipt, error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return nil, err
	}
	gas, err := c.simulate(ctx, m)
	if err != nil {
		return nil, err
	}
	draft, err := c.priced(ctx, m, newest, gas)
	if err != nil {
		return nil, err
	}
	tx, err := c.submit(ctx, m, draft)
	if err != nil {
		return nil, err
	}
	receipt, err := c.wait(ctx, m.doing, tx.Hash())
	if err != nil {
		return nil, err
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return nil, c.autopsy(ctx, m, receipt)
	}
	if receipt.GasUsed > tx.Gas() {
		return nil, lie(m.doing, "the transaction used more gas than it had")
	}
	if m.to == nil && receipt.ContractAddress != crypto.CreateAddress(m.by.address, tx.Nonce()) {
		return nil, lie(m.doing, "the contract is not where it must be")
	}
	return receipt, nil
}

// maxGas is the most gas that one transaction may have (EIP-7825).
const maxGas = 1 << 24

// simulate tries the message and returns the gas to give it, a fifth more than
// it took.
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
	if gas > maxGas {
		return 0, fmt.Errorf("chain: %s: it would take %d gas, and one transaction may take %d: %w", m.doing, gas, maxGas, sinso.ErrUnsupported)
	}
	return min(uint64(gas)+uint64(gas)/5, maxGas), nil
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
	value := m.value
	if value == nil {
		value = new(big.Int)
	}
	if newest.BaseFee == nil {
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

// submit signs and sends with the account's next nonce. One call at a time does
// so for an account, and takes the next nonce if it finds its own used by
// another process.
func (c *Chain) submit(ctx context.Context, m message, draft types.TxData) (*types.Transaction, error) {
	lock := c.sending[m.by.address[len(m.by.address)-1]%locks]
	select {
	case lock <- struct{}{}:
		defer func() { <-lock }()
	case <-ctx.Done():
		return nil, fault(m.doing, ctx.Err())
	}
	nonce, err := c.eth.PendingNonceAt(ctx, m.by.address)
	if err != nil {
		return nil, fault(m.doing, err)
	}
	const tries = 8
	for try := range tries {
		tx, err := types.SignNewTx(m.by.key, types.NewLondonSigner(c.chainID), at(draft, nonce))
		if err != nil {
			return nil, fmt.Errorf("chain: %s: sign: %w", m.doing, err)
		}
		err = c.eth.SendTransaction(ctx, tx)
		if err == nil || strings.Contains(err.Error(), "already known") {
			return tx, nil
		}
		if try < tries-1 && c.behind(ctx, m, tx, err) {
			continue
		}
		if !taken(err) {
			return nil, fault(m.doing, err)
		}
		next, err := c.eth.PendingNonceAt(ctx, m.by.address)
		if err != nil {
			return nil, fault(m.doing, err)
		}
		nonce = max(nonce+1, next)
	}
	return nil, fmt.Errorf("chain: %s: another process sends from the same account, and was faster %d times; nothing was sent: %w",
		m.doing, tries, sinso.ErrUnavailable)
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

// taken says whether a transaction was refused for its nonce. Nodes say so in
// words only.
func taken(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "nonce too low") || strings.Contains(text, "underpriced") && strings.Contains(text, "replacement")
}

func at(draft types.TxData, nonce uint64) types.TxData {
	switch tx := draft.(type) {
	case *types.LegacyTx:
		tx.Nonce = nonce
	case *types.DynamicFeeTx:
		tx.Nonce = nonce
	}
	return draft
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
