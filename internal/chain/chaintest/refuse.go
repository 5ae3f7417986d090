package chaintest

import (
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

func wei(n int64) sinso.Wei { return sinso.NewWei(big.NewInt(n)) }

func revokeDigest(r Rig, d *deal) sinso.Hash { return eip712.RevokeDigest(r.domain(), d.hash) }
func cancelDigest(r Rig, d *deal) sinso.Hash { return eip712.CancelDigest(r.domain(), d.hash) }

func testCancel(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1)
	buyer := r.payer(t)
	_, err := r.Chain.Cancel(t.Context(), d.order, somebody().sign(cancelDigest(r, d)))
	is(t, "cancel signed by another", err, sinso.ErrDenied)
	tx, err := r.Chain.Cancel(t.Context(), d.order, d.seller.sign(cancelDigest(r, d)))
	ok(t, "cancel", err)
	again, err := r.Chain.Cancel(t.Context(), d.order, d.seller.sign(cancelDigest(r, d)))
	same(t, "cancel", tx, again, err)
	equal(t, "trade", r.state(t, d, sinso.TradeCancelled), sinso.Trade{State: sinso.TradeCancelled})
	d.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), d.order, d.signature, d.fill, buyer.secret)
	is(t, "fill of a cancelled order", err, sinso.ErrDenied)

	filled := r.deal(t, d.asset, d.seller, 1)
	r.filled(t, filled, buyer)
	_, err = r.Chain.Cancel(t.Context(), filled.order, d.seller.sign(cancelDigest(r, filled)))
	is(t, "cancel of a filled order", err, sinso.ErrDenied)
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
		{"a lower price than was signed", sinso.ErrDenied, false, func(d *deal) { d.order.Price = wei(999) }},
		{"a price of 2^96 wei", sinso.ErrInvalid, true, func(d *deal) {
			d.order.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 96))
		}},
		{"more than the buyer has", sinso.ErrDenied, true, func(d *deal) {
			d.order.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 95))
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
			_, err := r.Chain.Fill(t.Context(), changed.order, changed.signature, changed.fill, buyer.secret)
			is(t, "fill", err, test.class)
		})
	}
	r.filled(t, d, buyer)
	rival := *d
	other := r.payer(t)
	rival.buy(other)
	_, err := r.Chain.Fill(t.Context(), rival.order, rival.signature, rival.fill, other.secret)
	is(t, "fill by a second buyer", err, sinso.ErrDenied)
	rival.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), rival.order, rival.signature, rival.fill, buyer.secret)
	is(t, "fill by the same buyer with another key", err, sinso.ErrDenied)

	late := r.deal(t, d.asset, d.seller, 1)
	late.order.EndsAt = late.order.EndsAt.AddDate(-50, 0, 0).Add(window)
	r.sign(t, late)
	r.Advance(window + time.Minute)
	late.buy(buyer)
	_, err = r.Chain.Fill(t.Context(), late.order, late.signature, late.fill, buyer.secret)
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
	_, _, err := r.Chain.Release(t.Context(), d.hash, d.asset, buyer.secret)
	is(t, "release before the delivery", err, sinso.ErrDenied)
	r.delivered(t, d, d.cek, buyer)
	_, _, err = r.Chain.Release(t.Context(), d.hash, r.asset(d.seller, doctor), buyer.secret)
	is(t, "release to the payees of another asset", err, sinso.ErrInvalid)
	_, _, err = r.Chain.Release(t.Context(), d.hash, d.asset, [32]byte{})
	is(t, "release without an account", err, sinso.ErrInvalid)
}

func testNothingOwed(t *testing.T, r Rig) {
	_, err := r.Chain.Withdraw(t.Context(), somebody().address, r.payer(t).secret)
	is(t, "withdraw", err, sinso.ErrDenied)
	_, err = r.Chain.Withdraw(t.Context(), somebody().address, somebody().secret)
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
