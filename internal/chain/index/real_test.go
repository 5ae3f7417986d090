package index

import (
	"context"
	"crypto/rand"
	"math/big"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/devchain"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/keybox"
)

// trader does real things on a chain.
type trader struct {
	*evm.Chain
	assets []sinso.TokenID
	trades []sinso.Hash
}

func random() (h sinso.Hash) {
	_, _ = rand.Read(h[:]) // never fails
	h[0] &= 0x7f           // below the group orders
	return h
}

func sign(t *testing.T, secret, digest sinso.Hash) []byte {
	t.Helper()
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		t.Fatal(err)
	}
	signature, err := crypto.Sign(digest[:], key)
	if err != nil {
		t.Fatal(err)
	}
	signature[64] += 27
	return signature
}

// trade enters an asset and, of some, sells a licence into escrow.
func (r *trader) trade(t *testing.T, sell bool) {
	t.Helper()
	secret := random()
	creator, err := eip712.Address(secret)
	if err != nil {
		t.Fatal(err)
	}
	at := r.Contracts()
	asset := sinso.Asset{Creator: creator, Commitment: random(), Split: []sinso.Share{{Payee: creator, Bps: 10_000}}}
	digest, err := eip712.AssetDigest(eip712.Domain(at.Assets, at.ChainID), asset)
	if err != nil {
		t.Fatal(err)
	}
	asset.Signatures = [][]byte{sign(t, secret, digest)}
	token, _, err := r.EnterAsset(t.Context(), asset)
	if err != nil {
		t.Fatal(err)
	}
	r.assets = append(r.assets, token)
	if !sell {
		return
	}
	now, err := r.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	order := sinso.Order{
		Seller: creator, Token: token, Price: sinso.NewWei(big.NewInt(5000)), Floor: sinso.NewWei(big.NewInt(5000)), Copies: 1, KeyCommitment: random(), Payload: random(), Terms: random(),
		EndsAt: now.AddDate(50, 0, 0), DeliverWithin: 86400, DisputeWithin: 86400, Salt: random(),
	}
	hash, err := eip712.OrderHash(eip712.Domain(at.Exchange, at.ChainID), order)
	if err != nil {
		t.Fatal(err)
	}
	payer := random()
	buyer, err := eip712.Address(payer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Fund(t.Context(), buyer, sinso.NewWei(big.NewInt(1e18))); err != nil {
		t.Fatal(err)
	}
	_, key, err := keybox.NewKey(random())
	if err != nil {
		t.Fatal(err)
	}
	fill := sinso.Fill{Buyer: buyer, Key: key, HPKEHash: random()}
	deal := sinso.Deal{Order: order, Fill: fill, Price: order.Price}
	if _, err := r.Fill(t.Context(), deal, sign(t, secret, hash), payer); err != nil {
		t.Fatal(err)
	}
	id, err := eip712.TradeID(eip712.Domain(at.Exchange, at.ChainID), deal)
	if err != nil {
		t.Fatal(err)
	}
	if there, err := r.Trade(t.Context(), id); err != nil || there.State != sinso.TradeFilled {
		t.Fatalf("trade %s: got %+v and error %v, want it filled", id, there, err)
	}
	r.trades = append(r.trades, id)
}

// agree compares what the index and the chain say of each asset and trade there ever
// was.
func (r *trader) agree(t *testing.T, x *Index) {
	t.Helper()
	trades := map[sinso.Hash]sinso.TradeRow{}
	for _, token := range r.assets {
		owner, err := r.Owner(t.Context(), token)
		row, missing := x.Asset(t.Context(), token)
		if (err == nil) != (missing == nil) || row.Owner != owner {
			t.Errorf("asset %s: the chain says %s, %v; the index %s, %v", token, owner, err, row.Owner, missing)
		}
		rows, err := x.Trades(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			trades[row.ID] = row
		}
	}
	for _, id := range r.trades {
		want, err := r.Trade(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got := trades[id]
		if got.State != want.State || got.Buyer != want.Fill.Buyer || got.Price.String() != want.Price.String() {
			t.Errorf("trade %s: the chain says %+v, the index %+v", id, want, got)
		}
	}
}

func (r *trader) config(cfg *Config) {
	at := r.Contracts()
	cfg.ChainID, cfg.Places = at.ChainID, map[string]sinso.Address{"Identity": at.Identity, "Assets": at.Assets, "Exchange": at.Exchange}
}

// scratch compares an index with one made from scratch.
func (r *trader) scratch(t *testing.T, x *Index) {
	t.Helper()
	fresh := open(t, filepath.Join(t.TempDir(), "fresh.db"), r, r.config)
	catchUp(t, fresh)
	// Anvil goes back below what it had called final, so the first line is compared without it.
	if diff := cmp.Diff(dump(t, fresh)[1:], dump(t, x)[1:]); diff != "" {
		t.Fatalf("a rebuild from scratch (-) is another than the index (+):\n%.3000s", diff)
	}
	if err := fresh.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestEmbeddedChain follows the embedded chain.
func TestEmbeddedChain(t *testing.T) {
	t.Parallel()
	key, clock := random(), new(chaintest.Clock)
	account, err := eip712.Address(key)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := devchain.Open(t.Context(), devchain.Config{
		Dir: t.TempDir(), Clock: clock, Alloc: map[sinso.Address]*big.Int{account: new(big.Int).Mul(big.NewInt(1e18), big.NewInt(1e9))},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := evm.Open(t.Context(), evm.Config{Client: engine.Client(), Key: key, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	r := &trader{Chain: c}
	x := open(t, filepath.Join(t.TempDir(), "index.db"), c, r.config)
	for i := range 4 {
		r.trade(t, i%2 == 0)
		catchUp(t, x)
		r.agree(t, x)
	}
	r.scratch(t, x)
	final, err := c.Final(t.Context())
	state, failed := x.State(t.Context())
	if failed != nil {
		t.Fatal(failed)
	}
	t.Logf("the chain calls block %d final: %v; the index is at %+v", final.Number, err, state)
}

// TestAnvilReorgs follows a foreign chain through forced forks of 1 to 64 blocks, of the
// same length, and back to a snapshot.
func TestAnvilReorgs(t *testing.T) {
	t.Parallel()
	client := chaintest.Anvil(t)
	do := func(method string, args ...any) (answer any) {
		t.Helper()
		if err := client.CallContext(t.Context(), &answer, method, args...); err != nil {
			t.Fatal(method, err)
		}
		return answer
	}
	key := chaintest.AnvilKey
	c, err := evm.Open(t.Context(), evm.Config{Client: client, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	r := &trader{Chain: c}
	do("anvil_mine", "0x50") // so that there is something below the final block
	x := open(t, filepath.Join(t.TempDir(), "index.db"), c, r.config)
	for i, depth := range []int{1, 2, 3, 8, 21, 40, 64} {
		snapshot := do("evm_snapshot")
		if depth > 10 {
			do("anvil_mine", "0x"+strconv.FormatInt(int64(depth-8), 16))
		}
		r.trade(t, true)
		r.trade(t, false)
		catchUp(t, x)
		r.agree(t, x)
		if i%2 == 0 {
			do("anvil_reorg", depth, []any{})
			catchUp(t, x)
			r.agree(t, x)
		} else if back, _ := do("evm_revert", snapshot).(bool); !back {
			t.Fatal("no snapshot")
		}
		// With no confirmations the trader took for final what is gone now: another one trades on.
		if r.Chain, err = evm.Open(t.Context(), evm.Config{Client: client, Key: key, Contracts: c.Contracts()}); err != nil {
			t.Fatal(err)
		}
		// A head that went back on our own chain may be one that lags: the next block tells.
		r.trade(t, i%2 == 1)
		catchUp(t, x)
		r.agree(t, x)
		r.scratch(t, x)
	}
	state, err := x.State(context.WithoutCancel(t.Context()))
	if err != nil || state.Problem != "" || state.Final == 0 {
		t.Errorf("state %+v, error %v", state, err)
	}
}
