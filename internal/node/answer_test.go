package node

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/market"
)

// TestWorthlessAnswersAreRefunded lets a seller answer with nothing, or with what
// cannot be carried to the chain: the money stays in escrow for as long as the
// order says, and then comes back to the buyer's account.
func TestWorthlessAnswersAreRefunded(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	answers := map[string]func(sinso.KeyAnswer) (sinso.KeyAnswer, error){
		"silence": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) { return a, errSilent },
		"no signature": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Signature = nil
			return a, nil
		},
		"another order": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Trade[0] ^= 1
			return d.signed(a), nil
		},
		"another grant": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Grant = []byte("other")
			return a, nil
		},
		"no point": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Box.Ephemeral.X[5] ^= 1
			return d.signed(a), nil
		},
	}
	for name, change := range answers {
		d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return change(d.answer(d.key)) }
		row, err := d.buy(t.Context(), d.offer)
		if err == nil || row.Step != "filled" || !strings.Contains(err.Error(), "in escrow") {
			t.Fatalf("%s: step %q, %v", name, row.Step, err)
		}
	}
	d.clock.jump(market.DeliverWithin + time.Minute)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		t.Error("asked for a key that is too late")
		return sinso.KeyAnswer{}, errSilent
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
}

// TestWrongKeyIsProven lets a seller put a wrong key into the box, in each of the
// ways there are: the buyer proves it to the contract and has the money back.
func TestWrongKeyIsProven(t *testing.T) {
	t.Parallel()
	for name, hostile := range map[string]func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error){
		"told the buyer": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(sinso.CEK{1}), nil }
		},
		"silent, and on the chain": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.carried(d.answer(sinso.CEK{1}))
				return sinso.KeyAnswer{}, errSilent
			}
		},
		"right to the buyer, wrong on the chain": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.carried(d.answer(sinso.CEK{1}))
				return d.answer(d.key), nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeal(t)
			d.peers.key = hostile(d)
			row, err := d.buy(t.Context(), d.offer)
			d.wantBack(row, err)
		})
	}
}

// TestTendDisputesWhileNobodyAsks lets the seller wait until the buyer has given up
// asking, and then bring a wrong key to the chain: the node that looks after its
// purchases proves it in time.
func TestTendDisputesWhileNobodyAsks(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, errSilent }
	if row, err := d.buy(t.Context(), d.offer); err == nil || row.Step != "filled" {
		t.Fatalf("step %q, %v", row.Step, err)
	}
	if err := d.buyer.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.carried(d.answer(sinso.CEK{1}))
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		t.Error("Tend asked a peer")
		return sinso.KeyAnswer{}, errSilent
	}
	if err := d.buyer.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	row, err := d.buyer.Purchase(t.Context(), d.order)
	d.wantBack(row, err)
}

// TestSilentSellerOnTheChainIsEnough takes the right key from the chain, where the
// seller brought it without ever answering; a grant that opens to nothing does not
// matter to the trade.
func TestSilentSellerOnTheChainIsEnough(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		d.carried(d.answer(d.key))
		return sinso.KeyAnswer{}, errSilent
	}
	d.wantBought()
}

// TestLateAnswerIsRefunded gives the right answer when the time is over.
func TestLateAnswerIsRefunded(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		d.clock.jump(market.DeliverWithin + time.Minute)
		return d.answer(d.key), nil
	}
	row, err := d.buy(t.Context(), d.offer)
	d.wantBack(row, err)
}

// TestOthersRefundIsTaken finds that somebody else called for the refund.
func TestOthersRefundIsTaken(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, errSilent }
	if _, err := d.buy(t.Context(), d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	d.clock.jump(market.DeliverWithin + time.Minute)
	account, err := d.town.seller.Account(t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Refund(t.Context(), d.settled(), account)
	}
	if err != nil {
		t.Fatal(err)
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
}

// TestBuyerCannotHaveKeyAndMoney is a buyer who pays, and asks for the key when the
// refund is due or as good as due: on a chain that stands still too, the seller
// gives none.
func TestBuyerCannotHaveKeyAndMoney(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(t.Context(), d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	for _, jump := range []time.Duration{market.DeliverWithin - 5*time.Minute, 10 * time.Minute} {
		d.clock.jump(jump)
		_, err := d.town.seller.Answer(t.Context(), request)
		var refused *grant.RefusedError
		if !errors.As(err, &refused) || refused.Reason != grant.ReasonLate {
			t.Fatalf("%s on: got %v, want the reason %q", jump, err, grant.ReasonLate)
		}
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
	if _, err := d.town.seller.Answer(t.Context(), request); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("after the refund: got %v, want ErrDenied", err)
	}
}

// TestSilentBuyerPays is a buyer who takes the key and is not heard of again: the
// seller's node carries the delivery, and after the time to object everybody is
// paid, on a chain that nothing else happens on.
func TestSilentBuyerPays(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	got := false
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		_, err := d.town.seller.Answer(t.Context(), r)
		got = err == nil
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(t.Context(), d.offer); err == nil || !got {
		t.Fatalf("the key was given: %t, %v", got, err)
	}
	ctx, seller := t.Context(), d.town.seller
	for _, at := range []struct {
		jump time.Duration
		want sinso.TradeState
	}{{2 * time.Minute, sinso.TradeDelivered}, {market.DisputeWithin + time.Minute, sinso.TradeReleased}} {
		d.clock.jump(at.jump)
		if err := seller.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		if state := d.trade().State; state != at.want {
			t.Fatalf("the trade is %s, want %s", state, at.want)
		}
	}
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	row, err := seller.Order(ctx, d.order)
	if err != nil || row.State != sinso.TradeReleased || len(row.Payouts) != 2 {
		t.Fatalf("the order is %s with payouts %v, %v", row.State, row.Payouts, err)
	}
	sum := new(big.Int)
	for _, payout := range row.Payouts {
		balance, err := seller.Chain.Balance(ctx, payout.To)
		if err != nil || balance.Int().Cmp(payout.Wei.Int()) < 0 {
			t.Errorf("%s has %s of %s, %v", payout.Role, balance, payout.Wei, err)
		}
		sum.Add(sum, payout.Wei.Int())
	}
	if sum.Cmp(testPrice.Int()) != 0 {
		t.Errorf("%s was paid out of %s", sum, testPrice)
	}
	d.peers.key = nil
	d.wantBought() // what was paid for is there, from the chain and the seller's blocks
}
