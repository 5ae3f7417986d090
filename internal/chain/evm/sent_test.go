package evm

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// TestSent tells a transaction that waits, one that is done and one that failed from one that nobody knows.
func TestSent(t *testing.T) {
	f := newFake(1)
	c, ctx, _ := f.born(t, -1, new(Memory), nil)
	want := func(what string, hash common.Hash, state sinso.SentState) {
		t.Helper()
		if got, err := c.Sent(ctx, sinso.Hash(hash)); err != nil || got != state {
			t.Errorf("%s: got %d, %v; want %d", what, got, err, state)
		}
	}
	var txs []*types.Transaction
	for nonce, gas := range []uint64{50_000, 30_000} { // the fake needs 40,000
		m := fakeWork(c, 1)
		draft := fakeDraft(c, m)
		draft.Nonce, draft.Gas = uint64(nonce), gas
		tx, err := c.signed(ctx, m, draft)
		if err != nil {
			t.Fatal(err)
		}
		want("before", tx.Hash(), sinso.SentUnknown)
		if err := c.eth.SendTransaction(ctx, tx); err != nil {
			t.Fatal(err)
		}
		want("in the pool", tx.Hash(), sinso.SentWaiting)
		txs = append(txs, tx)
	}
	f.mine()
	want("mined", txs[0].Hash(), sinso.SentDone)
	want("without enough gas", txs[1].Hash(), sinso.SentFailed)
}
