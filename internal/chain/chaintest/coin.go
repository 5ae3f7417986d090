package chaintest

import (
	"context"
	_ "embed" // Token.hex
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

//go:generate node ../../../contracts/token.mjs

// tokenCode is the creation code of testdata/Token.sol, in hex.
//
//go:embed testdata/Token.hex
var tokenCode string

// Habit is what is wrong with a token.
type Habit byte

// The habits of testdata/Token.sol.
const (
	Honest          Habit = iota
	LikeTether            // approve and transfer answer nothing, and an approval goes from one amount to another over zero alone
	TakesAFee             // one percent of each transfer
	SaysNothing           // it has neither symbol nor decimals
	ForgetsApproval       // approve takes the call and does nothing
	RefusesApproval       // approve reverts
	LiesAboutWealth       // it says that everybody has 10^30
	SymbolOfControl       // its symbol clears a terminal
	SymbolIsEndless       // its symbol has 200,000 bytes
	SymbolHangs           // asked for its symbol it runs until the gas is gone
	SymbolIsAWord         // its symbol is 32 bytes, as of the first tokens
	DearApproval          // approve takes some 4 million gas
)

// Coin is an ERC-20 token for tests, which stands on a chain. Its symbol is TOK and it has 2 decimals.
type Coin struct {
	At sinso.Address

	client *ethclient.Client
	key    [32]byte
}

// NewCoin deploys a token from an account that has money and sends nothing else.
func NewCoin(t *testing.T, client *rpc.Client, key [32]byte, habit Habit) *Coin {
	t.Helper()
	c := &Coin{client: ethclient.NewClient(client), key: key}
	code := append(common.FromHex(strings.TrimSpace(tokenCode)), common.LeftPadBytes([]byte{byte(habit)}, 32)...)
	c.At = sinso.Address(c.send(t, nil, code).ContractAddress)
	return c
}

// Mint gives somebody of it.
func (c *Coin) Mint(t *testing.T, to sinso.Address, amount int64) {
	t.Helper()
	at := common.Address(c.At)
	selector := crypto.Keccak256([]byte("mint(address,uint256)"))[:4]
	c.send(t, &at, slices.Concat(selector, common.LeftPadBytes(to[:], 32), common.LeftPadBytes(big.NewInt(amount).Bytes(), 32)))
}

func (c *Coin) send(t *testing.T, to *common.Address, data []byte) *types.Receipt {
	t.Helper()
	key, err := crypto.ToECDSA(c.key[:])
	ok(t, "the key of who deploys", err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	chain, err := c.client.ChainID(ctx)
	ok(t, "the chain's ID", err)
	price, err := c.client.SuggestGasPrice(ctx)
	ok(t, "the price of gas", err)
	nonce, err := c.client.PendingNonceAt(ctx, crypto.PubkeyToAddress(key.PublicKey))
	ok(t, "the nonce", err)
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(chain), &types.DynamicFeeTx{
		Nonce: nonce, To: to, Data: data, Gas: 2_000_000,
		// A tip of nothing to speak of: endpoints suggest what the last ones paid, and each would be dearer than the last.
		GasTipCap: big.NewInt(1), GasFeeCap: new(big.Int).Mul(price, big.NewInt(2)),
	})
	ok(t, "sign", err)
	err = c.client.SendTransaction(ctx, tx)
	for err != nil && ctx.Err() == nil && strings.Contains(strings.ToLower(err.Error()), "insufficient funds") {
		time.Sleep(10 * time.Millisecond) // a pool learns of the block that brought the money a moment after the chain
		err = c.client.SendTransaction(ctx, tx)
	}
	ok(t, "send", err)
	for {
		receipt, err := c.client.TransactionReceipt(ctx, tx.Hash())
		if err == nil {
			if receipt.Status != types.ReceiptStatusSuccessful {
				t.Fatal("a transaction of the test's token failed")
			}
			return receipt
		}
		if ctx.Err() != nil {
			t.Fatalf("a transaction of the test's token is in no block: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Has returns how much of it somebody has.
func (c *Coin) Has(t *testing.T, holder sinso.Address) int64 {
	t.Helper()
	return c.ask(t, "balanceOf(address)", holder)
}

// May returns how much somebody else may take of it from its holder.
func (c *Coin) May(t *testing.T, holder, spender sinso.Address) int64 {
	t.Helper()
	return c.ask(t, "allowance(address,address)", holder, spender)
}

func (c *Coin) ask(t *testing.T, function string, of ...sinso.Address) int64 {
	t.Helper()
	data := crypto.Keccak256([]byte(function))[:4]
	for _, one := range of {
		data = append(data, common.LeftPadBytes(one[:], 32)...)
	}
	var answer string
	message := map[string]any{"to": c.At, "data": "0x" + common.Bytes2Hex(data)}
	ok(t, function, c.client.Client().CallContext(t.Context(), &answer, "eth_call", message, "latest"))
	return new(big.Int).SetBytes(common.FromHex(answer)).Int64()
}
