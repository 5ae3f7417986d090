package evm_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/evm"
)

// TestAnvil runs the suite over a foreign chain on this machine.
func TestAnvil(t *testing.T) {
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		client := chaintest.Anvil(t)
		return foreign(t, client, evm.Config{Client: client})
	})
}

// TestAnvilOnABadDay runs it over an endpoint that loses calls and answers, is late, sends
// what it is given twice, takes no more calls for a while, and shows a head that is
// blocks behind. Whoever asks again until there is an answer has each thing done once: the
// suite counts.
func TestAnvilOnABadDay(t *testing.T) {
	day := &badDay{rng: rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))}
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		client := chaintest.Anvil(t)
		p := newProxyOf(t, client)
		rig := foreign(t, client, evm.Config{URL: p.URL})
		account := rig.Account
		rig.Account = func(t *testing.T) [32]byte {
			t.Helper()
			defer day.isCalm()()
			return account(t)
		}
		rig.Chain = &patient{Chain: rig.Chain, day: day}
		p.tell(day.answer)
		return rig
	})
	if day.faults.Load() < 100 {
		t.Errorf("there were %d faults only", day.faults.Load())
	}
	t.Logf("%d faults in %d calls", day.faults.Load(), day.calls.Load())
}

// foreign is a rig of a chain whose clock the suite can move.
func foreign(t *testing.T, client *rpc.Client, cfg evm.Config) chaintest.Rig {
	t.Helper()
	w := &world{key: chaintest.AnvilKey, clock: new(chaintest.Clock)}
	rig := w.rig(t, cfg)
	rig.Client = client
	rig.Advance = func(d time.Duration) {
		w.clock.Advance(d)
		for _, call := range [][]any{{"evm_increaseTime", uint64(d / time.Second)}, {"evm_mine"}} {
			if err := client.Call(nil, call[0].(string), call[1:]...); err != nil {
				panic(err) // the program on this machine
			}
		}
	}
	return rig
}

// badDay is what an endpoint does to its callers.
type badDay struct {
	mu            sync.Mutex
	rng           *rand.Rand
	calm          atomic.Int32
	calls, faults atomic.Int64
}

// isCalm stops the faults until what it returns is called.
func (d *badDay) isCalm() (end func()) {
	d.calm.Add(1)
	return func() { d.calm.Add(-1) }
}

const lostAnswer = "<html>502 Bad Gateway</html>"

func (d *badDay) answer(a ask) answer {
	d.calls.Add(1)
	d.mu.Lock()
	fault := d.rng.IntN(40)
	d.mu.Unlock()
	if d.calm.Load() > 0 || fault > 6 {
		return a.honest()
	}
	d.faults.Add(1)
	switch fault {
	case 0:
		return answer{raw: lostAnswer} // the call is lost
	case 1:
		a.honest()
		return answer{raw: lostAnswer} // the answer is
	case 2:
		return answer{code: -32005, message: "limit exceeded"} // EIP-1474
	case 3, 4:
		a.honest()
		return a.honest()
	case 5:
		time.Sleep(30 * time.Millisecond)
		return a.honest()
	}
	return a.behind(3)
}

// behind shows a head of some blocks ago.
func (a ask) behind(blocks uint64) answer {
	if a.method != "eth_getBlockByNumber" || len(a.params) == 0 || string(a.params[0]) != `"latest"` {
		return a.honest()
	}
	var number hexutil.Uint64
	if err := a.client.CallContext(a.ctx, &number, "eth_blockNumber"); err != nil || uint64(number) < blocks {
		return a.honest()
	}
	a.params[0] = []byte(`"` + hexutil.EncodeUint64(uint64(number)-blocks) + `"`)
	return a.honest()
}

// patient asks again as long as the endpoint gave no answer.
type patient struct {
	sinso.Chain
	day *badDay
}

// again does something until it is done, or refused.
func again[T any](ctx context.Context, do func() (T, error)) (T, error) {
	for try := 0; ; try++ {
		out, err := do()
		if err == nil || try == 100 || ctx.Err() != nil || !errors.Is(err, sinso.ErrUnavailable) && !errors.Is(err, sinso.ErrBusy) {
			return out, err
		}
	}
}

type told[T any] struct {
	first T
	tx    sinso.Tx
}

func (p *patient) EnterIdentity(ctx context.Context, owner sinso.Address, signature []byte) (sinso.TokenID, sinso.Tx, error) {
	out, err := again(ctx, func() (told[sinso.TokenID], error) {
		id, tx, err := p.Chain.EnterIdentity(ctx, owner, signature)
		return told[sinso.TokenID]{id, tx}, err
	})
	return out.first, out.tx, err
}

func (p *patient) EnterAsset(ctx context.Context, asset sinso.Asset) (sinso.TokenID, sinso.Tx, error) {
	out, err := again(ctx, func() (told[sinso.TokenID], error) {
		id, tx, err := p.Chain.EnterAsset(ctx, asset)
		return told[sinso.TokenID]{id, tx}, err
	})
	return out.first, out.tx, err
}

// Settle may wait for what is confirmed, as long as the endpoint shows an older head: that is right.
func (p *patient) Settle(ctx context.Context, _ func(uint64)) error {
	_, err := again(ctx, func() (any, error) { return nil, p.Chain.Settle(ctx, func(uint64) {}) })
	return err
}

func (p *patient) Owner(ctx context.Context, token sinso.TokenID) (sinso.Address, error) {
	return again(ctx, func() (sinso.Address, error) { return p.Chain.Owner(ctx, token) })
}

func (p *patient) Fill(ctx context.Context, deal sinso.Deal, signature []byte, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Fill(ctx, deal, signature, payer) })
}

func (p *patient) Deliver(ctx context.Context, delivery sinso.Delivery, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Deliver(ctx, delivery, payer) })
}

func (p *patient) Release(ctx context.Context, deal sinso.Deal, asset sinso.Asset, payer [32]byte) (sinso.Tx, []sinso.Payout, error) {
	out, err := again(ctx, func() (told[[]sinso.Payout], error) {
		tx, payouts, err := p.Chain.Release(ctx, deal, asset, payer)
		return told[[]sinso.Payout]{payouts, tx}, err
	})
	return out.tx, out.first, err
}

func (p *patient) Refund(ctx context.Context, deal sinso.Deal, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Refund(ctx, deal, payer) })
}

func (p *patient) ProveWrongKey(ctx context.Context, deal sinso.Deal, delivery sinso.Delivery, payload sinso.CID, secret, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.ProveWrongKey(ctx, deal, delivery, payload, secret, payer) })
}

func (p *patient) Cancel(ctx context.Context, order sinso.Order, signature []byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Cancel(ctx, order, signature) })
}

func (p *patient) Revoke(ctx context.Context, deal sinso.Deal, signature []byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Revoke(ctx, deal, signature) })
}

func (p *patient) Allow(ctx context.Context, currency sinso.Address, amount sinso.Wei, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Allow(ctx, currency, amount, payer) })
}

func (p *patient) FillFor(ctx context.Context, deal sinso.Deal, signature, consent []byte, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.FillFor(ctx, deal, signature, consent, payer) })
}

func (p *patient) Withdraw(ctx context.Context, currency, payee sinso.Address, payer [32]byte) (sinso.Tx, error) {
	return again(ctx, func() (sinso.Tx, error) { return p.Chain.Withdraw(ctx, currency, payee, payer) })
}

func (p *patient) Trade(ctx context.Context, trade sinso.Hash) (sinso.Trade, error) {
	return again(ctx, func() (sinso.Trade, error) { return p.Chain.Trade(ctx, trade) })
}

func (p *patient) Fills(ctx context.Context, order sinso.Order) (sinso.Fills, error) {
	return again(ctx, func() (sinso.Fills, error) { return p.Chain.Fills(ctx, order) })
}

func (p *patient) Licence(ctx context.Context, licence sinso.Hash) (sinso.LicenceToken, error) {
	return again(ctx, func() (sinso.LicenceToken, error) { return p.Chain.Licence(ctx, licence) })
}

func (p *patient) Sent(ctx context.Context, tx sinso.Hash) (sinso.SentState, error) {
	return again(ctx, func() (sinso.SentState, error) { return p.Chain.Sent(ctx, tx) })
}

func (p *patient) Balance(ctx context.Context, account sinso.Address) (sinso.Wei, error) {
	return again(ctx, func() (sinso.Wei, error) { return p.Chain.Balance(ctx, account) })
}

// Fund has no name, so that it is not asked for again: the day is calm for it.
func (p *patient) Fund(ctx context.Context, to sinso.Address, amount sinso.Wei) (sinso.Tx, error) {
	defer p.day.isCalm()()
	return p.Chain.Fund(ctx, to, amount)
}

// Events goes on where it was cut off.
func (p *patient) Events(ctx context.Context, from uint64, fn func(sinso.ChainEvent) error) (uint64, error) {
	var stopped error
	return again(ctx, func() (next uint64, err error) {
		from, err = p.Chain.Events(ctx, from, func(e sinso.ChainEvent) error {
			stopped = fn(e)
			return stopped
		})
		if stopped != nil && strings.Contains(err.Error(), stopped.Error()) {
			return from, stopped
		}
		return from, err
	})
}

func (p *patient) Now(ctx context.Context) (time.Time, error) {
	return again(ctx, func() (time.Time, error) { return p.Chain.Now(ctx) })
}
