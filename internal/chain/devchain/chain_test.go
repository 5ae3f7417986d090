//go:build !nochain

package devchain_test

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/devchain"
)

func newClock() *chaintest.StoppedClock {
	return chaintest.NewStoppedClock(time.Unix(1_800_000_000, 0))
}

// account is a key with the nonce that it uses next.
type account struct {
	key   *ecdsa.PrivateKey
	nonce uint64
}

// newAccount returns the account of a fixed key, the same in every process.
func newAccount(number byte) *account {
	key, err := crypto.ToECDSA(append(make([]byte, 31), number+1))
	if err != nil {
		panic(err)
	}
	return &account{key: key}
}

func (a *account) address() common.Address { return crypto.PubkeyToAddress(a.key.PublicKey) }

// transfer signs a payment of one wei.
func (a *account) transfer(to common.Address) *types.Transaction {
	return a.sign(&types.DynamicFeeTx{To: &to, Value: big.NewInt(1), Gas: 21_000})
}

func (a *account) sign(tx *types.DynamicFeeTx) *types.Transaction {
	tx.ChainID, tx.Nonce = big.NewInt(devchain.ChainID), a.nonce
	if tx.GasFeeCap == nil {
		tx.GasTipCap, tx.GasFeeCap = big.NewInt(1), big.NewInt(1000)
	}
	a.nonce++
	return types.MustSignNewTx(a.key, types.LatestSignerForChainID(tx.ChainID), tx)
}

// rich gives the first n accounts an ether each.
func rich(n byte) map[sinso.Address]*big.Int {
	alloc := map[sinso.Address]*big.Int{}
	for i := range n {
		alloc[sinso.Address(newAccount(i).address())] = big.NewInt(1e18)
	}
	return alloc
}

func open(t *testing.T, cfg devchain.Config) (*devchain.Chain, *ethclient.Client) {
	t.Helper()
	c, err := devchain.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, c) })
	return c, ethclient.NewClient(c.Client())
}

func shut(t *testing.T, c *devchain.Chain) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// send sends a transaction and waits for its receipt.
func send(t *testing.T, client *ethclient.Client, tx *types.Transaction) *types.Receipt {
	t.Helper()
	if err := client.SendTransaction(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	return await(t, client, tx.Hash())
}

func await(t *testing.T, client *ethclient.Client, hash common.Hash) *types.Receipt {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	receipt, err := waitFor(ctx, client, hash)
	if err != nil {
		t.Fatalf("no receipt: %v", err)
	}
	return receipt
}

func waitFor(ctx context.Context, client *ethclient.Client, hash common.Hash) (*types.Receipt, error) {
	for {
		receipt, err := client.TransactionReceipt(ctx, hash)
		if err == nil {
			return receipt, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func balance(t *testing.T, client *ethclient.Client, of common.Address) int64 {
	t.Helper()
	wei, err := client.BalanceAt(t.Context(), of, nil)
	if err != nil {
		t.Fatal(err)
	}
	return wei.Int64()
}

func head(t *testing.T, client *ethclient.Client) *types.Header {
	t.Helper()
	header, err := client.HeaderByNumber(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return header
}

var payee = common.Address{19: 0xee}

// TestReopen: what has a receipt is there after Close and Open, with the same
// blocks, and the chain goes on; Alloc counts only once.
func TestReopen(t *testing.T) {
	dir, now, alice := t.TempDir(), newClock(), newAccount(0)
	cfg := devchain.Config{Dir: dir, Alloc: rich(1), Clock: now}
	c, client := open(t, cfg)
	var receipts []*types.Receipt
	for range 3 {
		now.Advance(time.Second)
		receipts = append(receipts, send(t, client, alice.transfer(payee)))
	}
	shut(t, c)

	cfg.Alloc = rich(9)
	now.Advance(time.Hour)
	_, client = open(t, cfg)
	for number, want := range receipts {
		if want.BlockNumber.Int64() != int64(number+1) {
			t.Errorf("transaction %d is in block %v", number, want.BlockNumber)
		}
		got, err := client.TransactionReceipt(t.Context(), want.TxHash)
		if err != nil {
			t.Fatal(err)
		}
		if got.BlockHash != want.BlockHash {
			t.Errorf("block %d changed", number+1)
		}
	}
	if got := balance(t, client, newAccount(5).address()); got != 0 {
		t.Errorf("a second Alloc gave %d wei", got)
	}
	if got := send(t, client, alice.transfer(payee)); got.BlockNumber.Int64() != 4 {
		t.Errorf("the chain went on at block %v", got.BlockNumber)
	}
	if got := balance(t, client, payee); got != 4 {
		t.Errorf("payee has %d wei, want 4", got)
	}
}

// TestLatency: after a second of quiet, a transaction is sealed at once.
func TestLatency(t *testing.T) {
	alice, best := newAccount(0), time.Hour
	_, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1)})
	for range 3 {
		time.Sleep(1100 * time.Millisecond)
		began := time.Now()
		send(t, client, alice.transfer(payee))
		best = min(best, time.Since(began))
	}
	t.Logf("best of 3: %s", best)
	if best > 50*time.Millisecond {
		t.Errorf("a transaction took %s", best)
	}
}

// TestClockIsNotPushed: many transactions in a row don't move the chain's time
// ahead of the wall's, and keep their order.
func TestClockIsNotPushed(t *testing.T) {
	alice := newAccount(0)
	_, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1)})
	var hashes []common.Hash
	for range 30 {
		tx := alice.transfer(payee)
		if err := client.SendTransaction(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, tx.Hash())
		time.Sleep(50 * time.Millisecond)
	}
	place := int64(-1)
	for _, hash := range hashes {
		receipt := await(t, client, hash)
		if at := receipt.BlockNumber.Int64()<<16 + int64(receipt.TransactionIndex); at > place {
			place = at
			continue
		}
		t.Error("transactions of one sender changed their order")
	}
	checkTimes(t, client)
	if ahead := time.Until(time.Unix(int64(head(t, client).Time), 0)); ahead > 0 {
		t.Errorf("the chain's clock is %s ahead", ahead)
	}
}

// checkTimes wants strictly increasing block times, one block a second.
func checkTimes(t *testing.T, client *ethclient.Client) {
	t.Helper()
	previous := uint64(0)
	for number := range head(t, client).Number.Int64() + 1 {
		header, err := client.HeaderByNumber(t.Context(), big.NewInt(number))
		if err != nil {
			t.Fatal(err)
		}
		if header.Time <= previous {
			t.Errorf("block %d is of %d, its parent of %d", number, header.Time, previous)
		}
		previous = header.Time
	}
}

// TestSetClock: block time is the clock's; a clock that stands makes no second
// block, one that was set back makes none and says so.
func TestSetClock(t *testing.T) {
	now, alice := newClock(), newAccount(0)
	c, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Clock: now})
	now.Advance(40 * 24 * time.Hour)
	send(t, client, alice.transfer(payee))
	if got := int64(head(t, client).Time); got != now.Now().Unix() {
		t.Errorf("block time %d, clock %d", got, now.Now().Unix())
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := c.Seal(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("two blocks in one second: %v", err)
	}
	now.Advance(time.Second)
	if err := c.Seal(t.Context()); err != nil {
		t.Errorf("seal: %v", err)
	}
	if got := int64(head(t, client).Time); got != now.Now().Unix() {
		t.Errorf("after Seal: block time %d, clock %d", got, now.Now().Unix())
	}
	now.Advance(-time.Hour)
	if err := c.Seal(t.Context()); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("a clock set back by an hour: %v", err)
	}
}

// TestCallsSeeTheNextBlock: a call and an estimate run at the time of the next
// block, so that a time lock opens on an idle chain.
func TestCallsSeeTheNextBlock(t *testing.T) {
	now := newClock()
	c, _ := open(t, devchain.Config{Dir: t.TempDir(), Clock: now})
	opens := now.Now().Add(time.Hour).Unix()
	lock := append([]byte{0x63}, big.NewInt(opens).FillBytes(make([]byte, 4))...) // PUSH4 opens
	lock = append(
		lock,
		0x42, 0x10, 0x60, 19, 0x57, // TIMESTAMP LT PUSH1 19 JUMPI
		0x42, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3, // return TIMESTAMP
		0x5b, 0x60, 0, 0x80, 0xfd, // at 19: revert
	)
	call := map[string]any{"from": newAccount(0).address(), "to": payee, "data": "0x"}
	state := map[string]any{payee.Hex(): map[string]any{"code": hexutil.Bytes(lock)}}
	for _, tag := range []any{"latest", "pending"} {
		for _, method := range []string{"eth_call", "eth_estimateGas"} {
			var result string
			if err := c.Client().CallContext(t.Context(), &result, method, call, tag, state); err == nil {
				t.Errorf("%s at %v: the lock is open an hour early: %s", method, tag, result)
			}
		}
	}
	now.Advance(time.Hour)
	for _, method := range []string{"eth_call", "eth_estimateGas"} {
		var result string
		if err := c.Client().CallContext(t.Context(), &result, method, call, "latest", state); err != nil {
			t.Errorf("%s: the lock is shut: %v", method, err)
		}
		// A block by number or hash keeps its own time.
		if err := c.Client().CallContext(t.Context(), &result, method, call, "0x0", state); err == nil {
			t.Errorf("%s at block 0: the lock is open", method)
		}
	}
}

// TestSenders: many senders at once; every transaction is mined once.
func TestSenders(t *testing.T) {
	const senders, each = 20, 15
	_, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(senders)})
	var group sync.WaitGroup
	for i := range byte(senders) {
		group.Go(func() {
			from := newAccount(i)
			for range each {
				if err := client.SendTransaction(t.Context(), from.transfer(payee)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	deadline := time.Now().Add(10 * time.Second)
	for balance(t, client, payee) < senders*each && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if got := balance(t, client, payee); got != senders*each {
		t.Errorf("payee has %d wei, want %d", got, senders*each)
	}
	checkTimes(t, client)
}

// TestBusy: one process, one chain.
func TestBusy(t *testing.T) {
	dir := t.TempDir()
	open(t, devchain.Config{Dir: dir})
	if _, err := devchain.Open(t.Context(), devchain.Config{Dir: dir}); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("second Open: %v", err)
	}
}

// TestClosed: after Close, calls end with an error; Close again is harmless.
func TestClosed(t *testing.T) {
	c, client := open(t, devchain.Config{Dir: t.TempDir()})
	shut(t, c)
	if err := c.Seal(t.Context()); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("Seal: %v", err)
	}
	if _, err := client.BlockNumber(t.Context()); err == nil {
		t.Error("a closed chain answers")
	}
}

// TestRules: Osaka's rules and no later fork's, mainnet's gas of a transfer, and
// a final head.
func TestRules(t *testing.T) {
	dir, now, alice := t.TempDir(), newClock(), newAccount(0)
	_, client := open(t, devchain.Config{Dir: dir, Alloc: rich(1), Clock: now})
	var config struct {
		Current struct {
			Precompiles map[string]common.Address
		}
		Next json.RawMessage
	}
	if err := client.Client().CallContext(t.Context(), &config, "eth_config"); err != nil {
		t.Fatal(err)
	}
	if _, ok := config.Current.Precompiles["P256VERIFY"]; !ok {
		t.Errorf("no P256VERIFY, which Osaka brought: %v", config.Current.Precompiles)
	}
	if len(config.Next) > 0 && string(config.Next) != "null" {
		t.Errorf("a fork is planned: %s", config.Next)
	}
	now.Advance(time.Second)
	receipt := send(t, client, alice.transfer(payee))
	if receipt.GasUsed != 21_000 {
		t.Errorf("a transfer took %d gas", receipt.GasUsed)
	}
	for _, tag := range []int64{-3, -4} { // finalized, safe: a moment after the receipt
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			header, err := client.HeaderByNumber(t.Context(), big.NewInt(tag))
			if err == nil && header.Hash() == receipt.BlockHash {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("tag %d: %v %v", tag, header, err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); name != "journal" && name != "lock" && name != "database" {
			t.Errorf("the folder has a %s", name)
		}
	}
}
