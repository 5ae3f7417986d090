package evm

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
)

// A token is anybody's contract: it is asked with little gas, what it answers is read within
// bounds, and what it told in a transaction is not looked at.

// erc20 is the interface of EIP-20, as far as it is called. What approve and transfer answer is not read:
// some tokens answer nothing.
const erc20 = `[
{"type":"function","name":"balanceOf","stateMutability":"view","inputs":[{"name":"owner","type":"address"}],"outputs":[{"name":"","type":"uint256"}]},
{"type":"function","name":"allowance","stateMutability":"view","inputs":[{"name":"owner","type":"address"},{"name":"spender","type":"address"}],"outputs":[{"name":"","type":"uint256"}]},
{"type":"function","name":"decimals","stateMutability":"view","inputs":[],"outputs":[{"name":"","type":"uint256"}]},
{"type":"function","name":"symbol","stateMutability":"view","inputs":[],"outputs":[{"name":"","type":"string"}]},
{"type":"function","name":"approve","stateMutability":"nonpayable","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
{"type":"function","name":"transfer","stateMutability":"nonpayable","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]}
]`

const (
	// tokenReadGas bounds what a question to a token may take, in gas. It bounds the answer too: memory costs gas.
	tokenReadGas = 500_000
	// tokenGas is the most that a token may take for an approval or a transfer, in gas: known tokens take under 60,000,
	// and chains that count bytes as gas add some hundred thousand.
	tokenGas = 3_000_000
)

// askToken asks a token within bounds. A question that it does not answer is ErrInvalid.
func (c *Chain) askToken(ctx context.Context, at sinso.Address, into any, method string, args ...any) error {
	return c.Ask(ctx, sinso.Call{Contract: sinso.ERC20, At: at, Method: method, Args: args}, into)
}

// Currency returns how a token describes itself.
func (c *Chain) Currency(ctx context.Context, at sinso.Address) (sinso.Currency, error) {
	if at == (sinso.Address{}) {
		return sinso.Currency{}, nil
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	symbol, err := c.symbol(ctx, at)
	if err != nil {
		return sinso.Currency{At: at}, err
	}
	decimals := sinso.NewWei(new(big.Int).SetUint64(1 << 63)) // none that can be shown
	if err := c.askToken(ctx, at, &decimals, "decimals"); errors.Is(err, sinso.ErrUnavailable) {
		return sinso.Currency{At: at}, err
	}
	if !decimals.Int().IsUint64() {
		return sinso.NewCurrency(at, symbol, 1<<63), nil
	}
	return sinso.NewCurrency(at, symbol, decimals.Int().Uint64()), nil
}

// symbol returns what a token calls itself: a string, or 32 bytes with zeros behind, as the first tokens did. "": nothing.
func (c *Chain) symbol(ctx context.Context, at sinso.Address) (string, error) {
	const (
		doing      = "ask a token for its symbol"
		word, most = 32, 4096 // bytes
	)
	known, err := c.book.page(sinso.ERC20)
	if err != nil {
		return "", err
	}
	method := known.abi.Methods["symbol"]
	answer, err := readWith(ctx, c, doing, common.Address(at), method.ID, tokenReadGas)
	switch {
	case errors.Is(err, sinso.ErrUnavailable):
		return "", err
	case err != nil || len(answer) > most:
		return "", nil //nolint:nilerr // it does not say
	case len(answer) == word:
		return string(bytes.TrimRight(answer, "\x00")), nil
	}
	var symbol string
	if err := unpack(method.Outputs, answer, &symbol); err != nil {
		return "", nil //nolint:nilerr // it says nothing that can be read
	}
	return symbol, nil
}

// allowed returns how much the Exchange may take from an account.
func (c *Chain) allowed(ctx context.Context, currency sinso.Address, by account) (sinso.Wei, error) {
	var now sinso.Wei
	err := c.askToken(ctx, currency, &now, "allowance", sinso.Address(by.address), c.contracts.Exchange)
	return now, err
}

// Allow lets the Exchange take exactly an amount of a token. The allowance is asked for first: an ERC-721 contract has
// none, and its approve would let go of the asset with that number.
func (c *Chain) Allow(ctx context.Context, currency sinso.Address, amount sinso.Wei, payer [32]byte) (sinso.Tx, error) {
	const doing = "let the Exchange take a token"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	if currency == (sinso.Address{}) {
		return sinso.Tx{}, fmt.Errorf("chain: %s: the chain's own money is no token: %w", doing, sinso.ErrInvalid)
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	now, err := c.allowed(ctx, currency, by)
	if err != nil || now.Int().Cmp(amount.Int()) == 0 {
		return sinso.Tx{}, err
	}
	if now.Int().Sign() > 0 && amount.Int().Sign() > 0 { // some tokens go from one amount to another over zero alone
		if _, err := c.approve(ctx, doing, currency, sinso.Wei{}, by); err != nil {
			return sinso.Tx{}, err
		}
	}
	return c.approve(ctx, doing, currency, amount, by)
}

// approve sends an approval, and looks whether the token took it.
func (c *Chain) approve(ctx context.Context, doing string, currency sinso.Address, amount sinso.Wei, by account) (sinso.Tx, error) {
	known, err := c.book.page(sinso.ERC20)
	if err != nil {
		return sinso.Tx{}, err
	}
	data, err := pack(known.abi.Methods["approve"], []any{c.contracts.Exchange, amount})
	if err != nil {
		return sinso.Tx{}, err
	}
	to := common.Address(currency)
	m := message{doing: doing, by: by, to: &to, data: data, passing: true, mostGas: tokenGas}
	_, _ = rand.Read(m.once[:]) // never fails; sent once more it does the same
	receipt, err := c.send(ctx, m)
	if err != nil {
		return sinso.Tx{}, err
	}
	if _, err := c.whole(ctx); err != nil {
		return sinso.Tx{}, err
	}
	now, err := c.allowed(ctx, currency, by)
	if err != nil {
		return sinso.Tx{}, err
	}
	if now.Int().Cmp(amount.Int()) != 0 {
		return sinso.Tx{}, fmt.Errorf("chain: %s: the token took the call and does not let it: it says %s, not %s; nothing but gas was spent: %w",
			doing, now, amount, sinso.ErrDenied)
	}
	return txOf(receipt), nil
}
