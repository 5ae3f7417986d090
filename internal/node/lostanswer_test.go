package node

import (
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// forgetful loses the chain's answer the first time that it is asked for each thing
// that moves money, and counts what was lost.
func forgetful() (fault chainFault, lost func() int) {
	var mu sync.Mutex
	seen := map[string]bool{"enter asset": true, "owner": true, "revoke": true, "now": true, "settle": true} // move none
	begun := len(seen)
	fault = func(what string, done bool) error {
		mu.Lock()
		defer mu.Unlock()
		if !done || seen[what] {
			return nil
		}
		seen[what] = true
		return errSilent
	}
	return fault, func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) - begun
	}
}

// TestLostAnswersOfTheChain loses the chain's first answer to everything that moves
// money, on both sides of a trade. Trying again ends as it should, with nothing paid
// twice.
func TestLostAnswersOfTheChain(t *testing.T) {
	t.Parallel()
	type keyFunc = func(sinso.KeyRequest) (sinso.KeyAnswer, error)
	for name, tt := range map[string]struct {
		key  func(d *deal) keyFunc
		want string // the last step
		lost int    // answers
	}{
		"honest": {func(*deal) keyFunc { return nil }, "released", 5},
		"wrong key": {func(d *deal) keyFunc {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(sinso.CEK{1}), nil }
		}, "refunded", 5},
		"silent seller": {func(d *deal) keyFunc {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.clock.jump(market.DeliverWithin + time.Minute)
				return sinso.KeyAnswer{}, errSilent
			}
		}, "refunded", 4},
		"silent buyer": {func(d *deal) keyFunc {
			return func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
				answer, err := d.town.seller.Answer(t.Context(), r)
				for _, jump := range []time.Duration{2 * time.Minute, market.DisputeWithin + time.Minute} {
					d.clock.jump(jump)
					for tendErr := errSilent; tendErr != nil; {
						tendErr = d.town.seller.Tend(t.Context())
					}
				}
				return answer, err
			}
		}, "released", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeal(t)
			there, _ := forgetful()
			here, lost := forgetful()
			chainOf(d.town.seller).fails(there)
			chainOf(d.buyer).fails(here)
			d.peers.key = tt.key(d)
			var row sinso.PurchaseRow
			err, tries := errSilent, 0
			for ; err != nil && tries < 12; tries++ {
				row, err = d.buy(t.Context(), d.offer)
			}
			if err != nil || row.Step != tt.want || lost() != tt.lost {
				t.Fatalf("after %d tries: step %q, %d answers lost, %v", tries, row.Step, lost(), err)
			}
			if tt.want == "refunded" {
				d.wantBack(row, err)
				return
			}
			for err = errSilent; err != nil; {
				err = d.town.seller.Tend(t.Context())
			}
			order, err := d.town.seller.Order(t.Context(), d.order)
			if err != nil || order.State != sinso.TradeReleased {
				t.Fatalf("the order is %s, %v", order.State, err)
			}
			for _, payout := range order.Payouts {
				if balance, err := d.town.seller.Chain.Balance(t.Context(), payout.To); err != nil || balance.Int().Cmp(payout.Wei.Int()) != 0 {
					t.Errorf("%s has %s of %s, %v", payout.Role, balance, payout.Wei, err)
				}
			}
		})
	}
}
