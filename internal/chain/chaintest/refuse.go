package chaintest

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

func wei(n int64) sinso.Wei { return sinso.NewWei(big.NewInt(n)) }

func revokeDigest(r Rig, d *deal) sinso.Hash { return eip712.RevokeDigest(r.domain(), r.trade(d)) }
func cancelDigest(r Rig, d *deal) sinso.Hash { return eip712.CancelDigest(r.domain(), d.hash) }

// fills checks what the chain says of an order.
func (r Rig) fills(t *testing.T, d *deal, want sinso.Fills) {
	t.Helper()
	got, err := r.Chain.Fills(t.Context(), d.order)
	ok(t, "fills", err)
	equal(t, "fills", got, want)
}

// testCopies fills an order twice, which is as often as it can be, and one without limit.
func testCopies(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1000)
	for copies, third := range map[uint32]error{2: sinso.ErrDenied, 0: nil} {
		d.order.Copies, d.order.Salt = copies, random()
		r.sign(t, d)
		var want sinso.Fills
		for range 2 {
			r.filled(t, d, r.payer(t))
			want.Trades = append(want.Trades, r.trade(d))
		}
		r.fills(t, d, want)
		buyer := r.payer(t)
		d.buy(buyer)
		if _, err := r.Chain.Fill(t.Context(), d.deal(), d.signature, buyer.secret); !errors.Is(err, third) {
			t.Errorf("a third fill of %d copies: got error %v, want %v", copies, err, third)
		}
	}
}

// testFalling pays the price that was asked a moment ago for an order whose price falls:
// that is the price of the deal, whatever is asked by then.
func testFalling(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1_000_000)
	now, err := r.Chain.Now(t.Context())
	ok(t, "now", err)
	d.order.Floor, d.order.StartsAt, d.order.EndsAt = wei(10), now.Truncate(time.Second), now.Truncate(time.Second).Add(100*window)
	r.sign(t, d)
	r.Advance(window)
	buyer := r.payer(t)
	d.buy(buyer)
	deal := d.deal()
	deal.Price = wei(10)
	_, err = r.Chain.Fill(t.Context(), deal, d.signature, buyer.secret)
	is(t, "fill for less than is asked", err, sinso.ErrDenied)
	deal.Price = d.order.PriceAt(now.Add(window / 2))
	tx, err := r.Chain.Fill(t.Context(), deal, d.signature, buyer.secret)
	ok(t, "fill", err)
	again, err := r.Chain.Fill(t.Context(), deal, d.signature, buyer.secret)
	same(t, "fill", tx, again, err)
	id, err := eip712.TradeID(r.domain(), deal)
	ok(t, "name", err)
	trade, err := r.Chain.Trade(t.Context(), id)
	ok(t, "trade", err)
	equal(t, "price", trade.Price, deal.Price)
}

func testCancel(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1)
	buyer := r.payer(t)
	_, err := r.Chain.Cancel(t.Context(), d.order, somebody().sign(cancelDigest(r, d)))
	is(t, "cancel signed by another", err, sinso.ErrDenied)
	tx, err := r.Chain.Cancel(t.Context(), d.order, d.seller.sign(cancelDigest(r, d)))
	ok(t, "cancel", err)
	again, err := r.Chain.Cancel(t.Context(), d.order, d.seller.sign(cancelDigest(r, d)))
	same(t, "cancel", tx, again, err)
	r.fills(t, d, sinso.Fills{Cancelled: true})
	d.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), d.deal(), d.signature, buyer.secret)
	is(t, "fill of a cancelled order", err, sinso.ErrDenied)

	filled := r.deal(t, d.asset, d.seller, 1)
	r.filled(t, filled, buyer)
	r.fills(t, filled, sinso.Fills{Trades: []sinso.Hash{r.trade(filled)}})
	_, err = r.Chain.Cancel(t.Context(), filled.order, d.seller.sign(cancelDigest(r, filled)))
	ok(t, "cancel of a filled order", err)
	r.fills(t, filled, sinso.Fills{Trades: []sinso.Hash{r.trade(filled)}, Cancelled: true})
	r.state(t, filled, sinso.TradeFilled)
}

func testFillRefused(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1000)
	buyer := r.payer(t)
	for _, test := range []struct {
		name   string
		class  error
		resign bool
		change func(*deal)
	}{
		{"a lower price than was signed", sinso.ErrDenied, false, func(d *deal) { d.order.Price, d.order.Floor = wei(999), wei(999) }},
		{"a price of 2^128 wei", sinso.ErrInvalid, true, func(d *deal) {
			d.order.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 128))
			d.order.Floor = d.order.Price
		}},
		{"more than the buyer has", sinso.ErrDenied, true, func(d *deal) {
			d.order.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 95))
			d.order.Floor = d.order.Price
		}},
		{"an end between two seconds", sinso.ErrInvalid, false, func(d *deal) { d.order.EndsAt = d.order.EndsAt.Add(1) }},
		{"a window too short", sinso.ErrInvalid, true, func(d *deal) { d.order.DeliverWithin = 59 }},
		{"a window too long", sinso.ErrInvalid, true, func(d *deal) { d.order.DisputeWithin = 90*24*3600 + 1 }},
		{"an order that ended", sinso.ErrDenied, true, func(d *deal) { d.order.EndsAt = time.Unix(1, 0) }},
		{"a seller that does not own the token", sinso.ErrDenied, true, func(d *deal) {
			d.seller = somebody()
			d.order.Seller = d.seller.address
		}},
		{"a token that does not exist", sinso.ErrInvalid, true, func(d *deal) { d.order.Token = random() }},
		{"a floor above the price", sinso.ErrInvalid, true, func(d *deal) { d.order.Floor = wei(1001) }},
		{"an order for another", sinso.ErrDenied, true, func(d *deal) { d.order.Taker = somebody().address }},
		{"a key that is no point", sinso.ErrInvalid, false, func(d *deal) { d.fill.Key.X[31]++ }},
		{"another buyer than who pays", sinso.ErrInvalid, false, func(d *deal) { d.fill.Buyer[0]++ }},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := *d
			changed.buy(buyer)
			test.change(&changed)
			if test.resign {
				r.sign(t, &changed)
			}
			_, err := r.Chain.Fill(t.Context(), changed.deal(), changed.signature, buyer.secret)
			is(t, "fill", err, test.class)
		})
	}
	r.filled(t, d, buyer)
	rival := *d
	other := r.payer(t)
	rival.buy(other)
	_, err := r.Chain.Fill(t.Context(), rival.deal(), rival.signature, other.secret)
	is(t, "fill by a second buyer", err, sinso.ErrDenied)
	rival.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), rival.deal(), rival.signature, buyer.secret)
	is(t, "fill by the same buyer with another key", err, sinso.ErrDenied)

	late := r.deal(t, d.asset, d.seller, 1)
	late.order.EndsAt = late.order.EndsAt.AddDate(-50, 0, 0).Add(window)
	r.sign(t, late)
	r.Advance(window + time.Minute)
	late.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), late.deal(), late.signature, buyer.secret)
	is(t, "fill after the end", err, sinso.ErrDenied)
}

func testDeliveryRefused(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1)
	buyer := r.payer(t)
	d.buy(buyer)
	r.box(d, d.cek)
	_, err := r.Chain.Deliver(t.Context(), d.delivery, buyer.secret)
	is(t, "delivery before the fill", err, sinso.ErrDenied)
	r.filled(t, d, buyer)
	r.box(d, d.cek)
	forged := d.delivery
	forged.Signature = somebody().sign(eip712.DeliveryDigest(r.domain(), forged))
	_, err = r.Chain.Deliver(t.Context(), forged, buyer.secret)
	is(t, "delivery signed by another", err, sinso.ErrDenied)
	forged = d.delivery
	forged.Box.Ephemeral = sinso.Point{}
	forged.Signature = d.seller.sign(eip712.DeliveryDigest(r.domain(), forged))
	_, err = r.Chain.Deliver(t.Context(), forged, buyer.secret)
	is(t, "delivery with infinity for a key", err, sinso.ErrInvalid)
	_, err = r.Chain.Deliver(t.Context(), d.delivery, buyer.secret)
	ok(t, "deliver", err)
	r.box(d, d.cek)
	_, err = r.Chain.Deliver(t.Context(), d.delivery, buyer.secret)
	is(t, "another delivery", err, sinso.ErrDenied)

	late := r.deal(t, d.asset, d.seller, 1)
	r.filled(t, late, buyer)
	r.box(late, late.cek)
	r.Advance(window + time.Minute)
	_, err = r.Chain.Deliver(t.Context(), late.delivery, buyer.secret)
	is(t, "delivery after the window", err, sinso.ErrDenied)
}

func testReleaseRefused(t *testing.T, r Rig) {
	d, doctor := r.entered(t, 1)
	buyer := r.payer(t)
	r.filled(t, d, buyer)
	_, _, err := r.Chain.Release(t.Context(), d.deal(), d.asset, buyer.secret)
	is(t, "release before the delivery", err, sinso.ErrDenied)
	r.delivered(t, d, d.cek, buyer)
	_, _, err = r.Chain.Release(t.Context(), d.deal(), r.asset(d.seller, doctor), buyer.secret)
	is(t, "release to the payees of another asset", err, sinso.ErrInvalid)
	_, _, err = r.Chain.Release(t.Context(), d.deal(), d.asset, [32]byte{})
	is(t, "release without an account", err, sinso.ErrInvalid)
}

func testNothingOwed(t *testing.T, r Rig) {
	_, err := r.Chain.Withdraw(t.Context(), sinso.Address{}, somebody().address, r.payer(t).secret)
	is(t, "withdraw", err, sinso.ErrDenied)
	_, err = r.Chain.Withdraw(t.Context(), sinso.Address{}, somebody().address, somebody().secret)
	is(t, "withdraw by an account without money", err, sinso.ErrDenied)
}

func testFund(t *testing.T, r Rig) {
	payee := somebody().address
	for range 2 {
		_, err := r.Chain.Fund(t.Context(), payee, wei(123_456_789))
		ok(t, "fund", err)
	}
	equal(t, "balance", sinso.NewWei(r.balance(t, payee)), wei(2*123_456_789))
	_, err := r.Chain.Fund(t.Context(), payee, sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 255)))
	is(t, "fund more than there is", err, sinso.ErrDenied)
}

// testSent tells what was sent from what nobody sent.
func testSent(t *testing.T, r Rig) {
	tx, err := r.Chain.Fund(t.Context(), somebody().address, wei(1))
	ok(t, "fund", err)
	state, err := r.Chain.Sent(t.Context(), tx.Hash)
	ok(t, "look", err)
	equal(t, "what was sent", state, sinso.SentDone)
	state, err = r.Chain.Sent(t.Context(), random())
	ok(t, "look", err)
	equal(t, "what nobody sent", state, sinso.SentUnknown)
}
