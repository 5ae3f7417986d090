package evm

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// fake is a chain that does what a real one seldom does: it forgets what waits, goes
// back, and mines in another order. A transaction does nothing but to be mined.
type fake struct {
	mu      sync.Mutex
	blocks  []fakeBlock
	pool    map[common.Address]map[uint64]*types.Transaction
	random  *rand.Rand
	least   *big.Int                       // what a transaction must pay for gas to be mined; nil: anything
	seldom  float64                        // how likely a transaction is not mined though it could
	refuses func(*types.Transaction) error // what the pool says of one; nil: it takes all
	every   time.Duration                  // between blocks
	ahead   uint64                         // how much too high the newest block's number is said to be
	tried   int                            // transactions that it was shown to try
	needs   uint64                         // gas that a transaction needs, or it fails
}

type fakeBlock struct {
	hash   common.Hash
	time   uint64
	txs    []*types.Transaction
	nonces map[common.Address]uint64 // after it
}

const (
	fakeID        = 81
	fakeBlockTime = 8 * time.Second
)

var fakeSigner = types.NewLondonSigner(big.NewInt(fakeID))

func newFake(seed uint64) *fake {
	f := &fake{random: rand.New(rand.NewPCG(seed, 1)), pool: map[common.Address]map[uint64]*types.Transaction{}, needs: 40_000, every: fakeBlockTime}
	f.blocks = []fakeBlock{{hash: common.Hash{1}, time: 1000, nonces: map[common.Address]uint64{}}}
	return f
}

func (f *fake) newest() fakeBlock { return f.blocks[len(f.blocks)-1] }

// mine makes a block of what can be mined.
func (f *fake) mine() {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.newest()
	block := fakeBlock{time: old.time + uint64(fakeBlockTime/time.Second), nonces: map[common.Address]uint64{}}
	for by, nonce := range old.nonces {
		block.nonces[by] = nonce
	}
	for by, waiting := range f.pool {
		for {
			tx := waiting[block.nonces[by]]
			if tx == nil || f.least != nil && tx.GasFeeCap().Cmp(f.least) < 0 || f.random.Float64() < f.seldom {
				break
			}
			delete(waiting, tx.Nonce())
			block.txs = append(block.txs, tx)
			block.nonces[by]++
		}
	}
	block.hash = crypto.Keccak256Hash(old.hash[:], binary.BigEndian.AppendUint64(nil, f.random.Uint64()))
	f.blocks = append(f.blocks, block)
}

// reorg takes the last blocks back, and gives what was in them to the pool, or forgets it.
func (f *fake) reorg(depth int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	depth = min(depth, len(f.blocks)-1)
	gone := f.blocks[len(f.blocks)-depth:]
	f.blocks = f.blocks[:len(f.blocks)-depth]
	for _, block := range gone {
		for _, tx := range block.txs {
			if f.random.IntN(2) == 0 {
				from, _ := types.Sender(fakeSigner, tx)
				f.put(from, tx)
			}
		}
	}
}

func (f *fake) put(from common.Address, tx *types.Transaction) {
	if f.pool[from] == nil {
		f.pool[from] = map[uint64]*types.Transaction{}
	}
	f.pool[from][tx.Nonce()] = tx
}

// forget drops what waits, one by one, with a probability.
func (f *fake) forget(how float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, waiting := range f.pool {
		for nonce := range waiting {
			if f.random.Float64() < how {
				delete(waiting, nonce)
			}
		}
	}
}

// times is how often each data is in the chain's blocks.
func (f *fake) times() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	times := map[string]int{}
	for _, block := range f.blocks {
		for _, tx := range block.txs {
			if tx.Gas() >= f.needs {
				times[string(tx.Data())]++
			}
		}
	}
	return times
}

func (f *fake) send(tx *types.Transaction) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	from, err := types.Sender(fakeSigner, tx)
	if err != nil {
		return err
	}
	if f.refuses != nil {
		if err := f.refuses(tx); err != nil {
			return err
		}
	}
	if tx.Nonce() < f.newest().nonces[from] {
		return errors.New("nonce too low")
	}
	if old := f.pool[from][tx.Nonce()]; old != nil {
		if old.Hash() == tx.Hash() {
			return errors.New("already known")
		}
		tenth := func(price *big.Int) *big.Int {
			return new(big.Int).Div(new(big.Int).Mul(price, big.NewInt(110)), big.NewInt(100))
		}
		if tx.GasFeeCap().Cmp(tenth(old.GasFeeCap())) < 0 || tx.GasTipCap().Cmp(tenth(old.GasTipCap())) < 0 {
			return errors.New("replacement transaction underpriced")
		}
	}
	f.put(from, tx)
	return nil
}

// life is one process that may be killed: at its step it dies, and nothing it does after
// that happens.
type life struct {
	mu   sync.Mutex
	left int // steps; negative: for ever
	dead bool
	kill context.CancelFunc
}

var errDead = errors.New("killed")

func (l *life) step() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 && !l.dead {
		l.dead = true
		l.kill()
	}
	l.left--
	if l.dead {
		return errDead
	}
	return nil
}

// dying is an outbox of a life: before and after each call it may die.
type dying struct {
	Outbox
	life *life
}

func (d dying) Put(s Sending) error {
	if err := d.life.step(); err != nil {
		return err
	}
	return errors.Join(d.Outbox.Put(s), d.life.step())
}

func (d dying) Drop(chain uint64, once sinso.Hash) error {
	if err := d.life.step(); err != nil {
		return err
	}
	return errors.Join(d.Outbox.Drop(chain, once), d.life.step())
}

// line is the network between a life and the chain: before and after each question the
// life may end, and the question or the answer be lost.
type line struct {
	server *rpc.Server
	life   *life
	fails  func() error
}

func (l line) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := cmp.Or(l.life.step(), l.fails()); err != nil {
		return nil, err
	}
	answer := httptest.NewRecorder()
	l.server.ServeHTTP(answer, request)
	if err := cmp.Or(l.life.step(), l.fails()); err != nil {
		return nil, err
	}
	return answer.Result(), nil
}

// door is what the chain can be asked.
type door struct{ *fake }

func (d door) ChainId() hexutil.Uint64 { return fakeID } //nolint:revive // the method is eth_chainId

func (d door) at(number string) (int, error) {
	newest := len(d.blocks) - 1
	if number == "latest" || number == "pending" {
		return newest, nil
	}
	n, err := hexutil.DecodeUint64(number)
	if err != nil || n > uint64(newest) {
		return 0, errors.New("no such block")
	}
	return int(n), nil
}

func (d door) GetBlockByNumber(number string, full bool) (found map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.at(number)
	if err != nil {
		return nil
	}
	block := d.blocks[n]
	said := uint64(n)
	if number == "latest" {
		said += d.ahead
	}
	found = map[string]any{
		"number": hexutil.Uint64(said), "timestamp": hexutil.Uint64(block.time), "hash": block.hash, "baseFeePerGas": (*hexutil.Big)(big.NewInt(1000)),
	}
	if full {
		found["transactions"] = append([]*types.Transaction{}, block.txs...)
	}
	return found
}

func (d door) GetTransactionCount(by common.Address, number string) (count hexutil.Uint64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.at(number)
	if err != nil {
		return 0, err
	}
	count = hexutil.Uint64(d.blocks[n].nonces[by])
	for number == "pending" && d.pool[by][uint64(count)] != nil {
		count++
	}
	return count, nil
}

func (d door) GetTransactionReceipt(hash common.Hash) any {
	d.mu.Lock()
	defer d.mu.Unlock()
	for n, block := range d.blocks {
		for _, tx := range block.txs {
			if tx.Hash() != hash {
				continue
			}
			receipt := &types.Receipt{
				Type: tx.Type(), Status: 1, TxHash: hash, GasUsed: d.needs, CumulativeGasUsed: d.needs, Logs: []*types.Log{},
				BlockHash: block.hash, BlockNumber: big.NewInt(int64(n)), EffectiveGasPrice: tx.GasFeeCap(),
			}
			if tx.Gas() < d.needs {
				receipt.Status, receipt.GasUsed = 0, tx.Gas()
			}
			return receipt
		}
	}
	return nil
}

func (d door) GetTransactionByHash(hash common.Hash) (found map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, block := range d.blocks {
		for _, tx := range block.txs {
			if tx.Hash() == hash {
				found = map[string]any{"hash": hash}
			}
		}
	}
	for _, waiting := range d.pool {
		for _, tx := range waiting {
			if tx.Hash() == hash {
				found = map[string]any{"hash": hash}
			}
		}
	}
	return found
}

func (d door) SendRawTransaction(raw hexutil.Bytes) (common.Hash, error) {
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(raw); err != nil {
		return common.Hash{}, err
	}
	return tx.Hash(), d.send(tx)
}

func (d door) EstimateGas(map[string]any, string) (hexutil.Uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tried++
	return 40_000, nil
}

func (d door) Call(map[string]any, string) (hexutil.Bytes, error) { return nil, nil }

func (d door) MaxPriorityFeePerGas() *hexutil.Big { return (*hexutil.Big)(big.NewInt(100)) }

func (d door) GetBalance(common.Address, string) *hexutil.Big {
	return (*hexutil.Big)(new(big.Int).Lsh(big.NewInt(1), 100))
}

// fakeKey is the node's.
var fakeKey = [32]byte{31: 7}

// confirmations are one more than the deepest reorg.
const fakeConfirmations = 9

// born is a process that opens the fake chain. It lives for so many steps; negative: until
// the test ends.
func (f *fake) born(t *testing.T, steps int, outbox Outbox, fails func() error) (*Chain, context.Context, *life) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &life{left: steps, kill: cancel}
	if fails == nil {
		fails = func() error { return nil }
	}
	server := rpc.NewServer()
	if err := server.RegisterName("eth", door{f}); err != nil {
		t.Fatal(err)
	}
	client, err := rpc.DialOptions(ctx, "http://fake", rpc.WithHTTPClient(&http.Client{Transport: line{server, l, fails}, Timeout: maxAsk}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		client.Close()
		server.Stop()
	})
	c, err := connect(ctx, Config{
		Client: client, Key: fakeKey, Outbox: dying{outbox, l}, Confirmations: fakeConfirmations, Timeout: 5 * time.Minute,
		Relay: RelayLimits{PerHour: 4, PerDay: 6, FeePerDay: sinso.NewWei(big.NewInt(1e18))},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.meet(big.NewInt(fakeID))
	c.profile.BlockTime, c.profile.BumpBlocks = fakeBlockTime, 4
	return c, ctx, l
}

// runs mines a block now and then, until stop is called, and does what comes with it.
func (f *fake) runs(with func()) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(f.every):
			}
			if with != nil {
				with()
			}
			f.mine()
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// work is a message that says which it is.
func fakeWork(c *Chain, n byte) message {
	to := common.Address{19: 1}
	return message{doing: "do something", by: c.node, to: &to, data: []byte{n}, once: sinso.Hash{1, n}}
}
