package chaintest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// replay returns every event from a block on and checks their order.
func (r Rig) replay(t *testing.T, from uint64) (events []sinso.ChainEvent, next uint64) {
	t.Helper()
	next, err := r.Chain.Events(t.Context(), from, func(e sinso.ChainEvent) error {
		if n := len(events); n > 0 && (e.Block < events[n-1].Block || e.Block == events[n-1].Block && e.Index <= events[n-1].Index) {
			t.Errorf("event %d of block %d comes after event %d of block %d", e.Index, e.Block, events[n-1].Index, events[n-1].Block)
		}
		events = append(events, e)
		return nil
	})
	ok(t, "events", err)
	if next < from {
		t.Errorf("next block is %d, asked from %d", next, from)
	}
	return events, next
}

// replayTo goes on from where it was left until a block was read: an endpoint may show an old head.
func (r Rig) replayTo(t *testing.T, from, block uint64) (events []sinso.ChainEvent) {
	t.Helper()
	for try := 0; from <= block && try < 50; try++ {
		var more []sinso.ChainEvent
		more, from = r.replay(t, from)
		events = append(events, more...)
	}
	return events
}

// testEvents goes through a trade and reads it back: at once, in parts and again.
func testEvents(t *testing.T, r Rig) {
	_, from := r.replay(t, 0)
	d, doctor := r.entered(t, 10_000)
	buyer := r.payer(t)
	r.filled(t, d, buyer)
	events, next := r.replay(t, from)
	r.delivered(t, d, d.cek, buyer)
	_, _, err := r.Chain.Release(t.Context(), d.deal(), d.asset, buyer.secret)
	ok(t, "release", err)
	withdraw := r.withdraws(t, doctor.address, 2999, buyer)
	events = append(events, r.replayTo(t, next, withdraw.Block)...)

	at := r.Chain.Contracts()
	seller := &d.seller.address
	type row struct {
		Name     string
		Contract sinso.Address
		Order    sinso.Hash
		Trade    sinso.Hash
		Token    sinso.TokenID
		Payee    *sinso.Address
		Wei      sinso.Wei
	}
	token := d.order.Token
	none, trade := sinso.Hash{}, r.trade(d)
	want := []row{
		{"Transfer", at.Assets, none, none, token, nil, wei(0)},
		{"Entered", at.Assets, none, none, token, nil, wei(0)},
		{"Filled", at.Exchange, d.hash, trade, none, nil, wei(10_000)},
		{"Delivered", at.Exchange, none, trade, none, nil, wei(0)},
		{"Credited", at.Exchange, none, trade, none, seller, wei(7001)},
		{"Credited", at.Exchange, none, trade, none, &doctor.address, wei(2999)},
		{"Released", at.Exchange, none, trade, none, nil, wei(0)},
		{"Withdrawn", at.Exchange, none, none, none, &doctor.address, wei(2999)},
	}
	var got []row
	for _, e := range events {
		got = append(got, row{e.Name, e.Contract, e.Order, e.Trade, e.Token, e.Payee, e.Wei})
	}
	equal(t, "events", got, want)
	if last := events[len(events)-1]; last.Tx != withdraw.Hash || last.Block != withdraw.Block || last.BlockHash == (sinso.Hash{}) || last.Removed {
		t.Errorf("last event: got %+v, want that of %+v", last, withdraw)
	}
	equal(t, "events again", r.replayTo(t, from, withdraw.Block), events)
}

func testEventsStop(t *testing.T, r Rig) {
	stop := errors.New("stop")
	var at uint64
	next, err := r.Chain.Events(t.Context(), 0, func(e sinso.ChainEvent) error {
		at = e.Block
		return stop
	})
	is(t, "events", err, stop)
	if next != at {
		t.Errorf("next block is %d, want that of the event: %d", next, at)
	}
	_, end := r.replay(t, 0)
	none, far := r.replay(t, end+1000)
	if len(none) != 0 || far != end+1000 {
		t.Errorf("from beyond the newest block: got %d events and next block %d, want none and %d", len(none), far, end+1000)
	}
}

// testConcurrent sends from one account at once, each work twice: no nonce may
// clash, and both calls must find the one transaction.
func testConcurrent(t *testing.T, r Rig) {
	const works, twice = 6, 2
	txs := make([][twice]sinso.Tx, works)
	var calls sync.WaitGroup
	for i := range works {
		asset := r.asset(somebody())
		for j := range twice {
			calls.Go(func() {
				var err error
				if _, txs[i][j], err = r.Chain.EnterAsset(t.Context(), asset); err != nil {
					t.Errorf("enter: %v", err)
				}
			})
		}
	}
	calls.Wait()
	seen := map[sinso.Hash]bool{}
	for _, both := range txs {
		equal(t, "transaction of the same call", both[1], both[0])
		seen[both[0].Hash] = true
	}
	if len(seen) != works {
		t.Errorf("got %d transactions for %d works", len(seen), works)
	}
}

func testContext(t *testing.T, r Rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := r.Chain.EnterAsset(ctx, r.asset(somebody()))
	is(t, "enter", err, sinso.ErrUnavailable)
	is(t, "enter", err, context.Canceled)
}
