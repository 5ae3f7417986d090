package chaintest

import (
	"testing"
	"time"

	"sinso.dev/sinso"
)

// testTrade goes the whole way and repeats every call. The price does not cut
// evenly: 2,999 bps of 1,000,003 wei are 299,900.8997, and the creator has the rest.
func testTrade(t *testing.T, r Rig) {
	const price, doctorWei = 1_000_003, 299_900
	ctx, c := t.Context(), r.Chain
	d, doctor := r.entered(t, price)
	buyer, relayer := r.payer(t), r.payer(t)
	before := r.balance(t, c.Contracts().Exchange)
	equal(t, "trade of an order not filled", r.state(t, d, sinso.TradeNone), sinso.Trade{})

	fill := r.filled(t, d, buyer)
	again, err := c.Fill(ctx, d.deal(), d.signature, buyer.secret)
	same(t, "fill", fill, again, err)
	trade := r.state(t, d, sinso.TradeFilled)
	equal(t, "fill", trade.Fill, d.fill)
	equal(t, "price", trade.Price, d.order.Price)
	now, err := c.Now(ctx)
	ok(t, "now", err)
	equal(t, "time of the fill", trade.FilledAt, now)

	_, err = c.Licence(ctx, r.trade(d))
	is(t, "licence before it is paid", err, sinso.ErrNotFound)
	r.Advance(time.Second) // a chain may mine both within one
	deliver := r.delivered(t, d, d.cek, relayer)
	again, err = c.Deliver(ctx, d.delivery, buyer.secret)
	same(t, "deliver", deliver, again, err)
	trade = r.state(t, d, sinso.TradeDelivered)
	equal(t, "grant hash", trade.GrantHash, d.delivery.GrantHash)
	if !trade.Delivered.After(trade.FilledAt) {
		t.Errorf("delivered at %v, filled at %v", trade.Delivered, trade.FilledAt)
	}
	if escrowed := r.balance(t, c.Contracts().Exchange); escrowed.Sub(escrowed, before).Int64() != price {
		t.Errorf("the contract holds %d wei of it, want %d", escrowed, price)
	}

	release, payouts, err := c.Release(ctx, d.deal(), d.asset, buyer.secret)
	ok(t, "release", err)
	equal(t, "payouts", payouts, []sinso.Payout{
		{To: d.seller.address, Wei: wei(price - doctorWei)}, {To: doctor.address, Wei: wei(doctorWei)},
	})
	again, payoutsAgain, err := c.Release(ctx, d.deal(), d.asset, relayer.secret)
	same(t, "release", release, again, err)
	equal(t, "payouts again", payoutsAgain, payouts)
	r.state(t, d, sinso.TradeReleased)

	licence, err := c.Licence(ctx, r.trade(d))
	ok(t, "licence", err)
	equal(t, "licence", licence, sinso.LicenceToken{
		ID: r.trade(d), Owner: buyer.address, Asset: d.order.Token, Purpose: d.order.Purpose, Terms: d.order.Terms,
	})

	tx := r.withdraws(t, d.seller.address, price-doctorWei, relayer)
	again, err = c.Withdraw(ctx, sinso.Address{}, d.seller.address, buyer.secret)
	same(t, "withdraw", tx, again, err)
	r.withdraws(t, doctor.address, doctorWei, relayer)
	if left := r.balance(t, c.Contracts().Exchange); left.Cmp(before) != 0 {
		t.Errorf("the contract has %d wei, and had %d before", left, before)
	}
	_, err = c.Refund(ctx, d.deal(), relayer.secret)
	is(t, "refund of what was released", err, sinso.ErrDenied)
}

func testSilentSeller(t *testing.T, r Rig) {
	const price = 5_000_000
	d, _ := r.entered(t, price)
	buyer, relayer := r.payer(t), r.payer(t)
	_, err := r.Chain.Refund(t.Context(), d.deal(), relayer.secret)
	is(t, "refund before the fill", err, sinso.ErrDenied)
	r.filled(t, d, buyer)
	_, err = r.Chain.Refund(t.Context(), d.deal(), buyer.secret)
	is(t, "refund before the window is over", err, sinso.ErrDenied)
	r.Advance(window + time.Minute)
	refund, err := r.Chain.Refund(t.Context(), d.deal(), relayer.secret)
	ok(t, "refund", err)
	again, err := r.Chain.Refund(t.Context(), d.deal(), buyer.secret)
	same(t, "refund", refund, again, err)
	r.state(t, d, sinso.TradeRefunded)
	r.withdraws(t, buyer.address, price, relayer)
	_, _, err = r.Chain.Release(t.Context(), d.deal(), d.asset, buyer.secret)
	is(t, "release of what was refunded", err, sinso.ErrDenied)
}

func testSilentBuyer(t *testing.T, r Rig) {
	const price = 10_000
	d, doctor := r.entered(t, price)
	buyer, relayer := r.payer(t), r.payer(t)
	r.filled(t, d, buyer)
	r.delivered(t, d, d.cek, relayer)
	_, _, err := r.Chain.Release(t.Context(), d.deal(), d.asset, relayer.secret)
	is(t, "release by another before the window is over", err, sinso.ErrDenied)
	r.Advance(window + time.Minute)
	_, err = r.Chain.ProveWrongKey(t.Context(), d.deal(), d.delivery, d.payload, d.secret, buyer.secret)
	is(t, "dispute after the window", err, sinso.ErrDenied)
	release, payouts, err := r.Chain.Release(t.Context(), d.deal(), d.asset, relayer.secret)
	ok(t, "release", err)
	equal(t, "payouts", payouts, []sinso.Payout{{To: d.seller.address, Wei: wei(7001)}, {To: doctor.address, Wei: wei(2999)}})
	again, _, err := r.Chain.Release(t.Context(), d.deal(), d.asset, buyer.secret)
	same(t, "release", release, again, err)
}

func testWrongKey(t *testing.T, r Rig) {
	const price = 7_777
	d, _ := r.entered(t, price)
	buyer, relayer := r.payer(t), r.payer(t)
	r.filled(t, d, buyer)
	r.delivered(t, d, sinso.CEK(random()), relayer)
	prove := func(payload sinso.CID, delivery sinso.Delivery, by person) (sinso.Tx, error) {
		return r.Chain.ProveWrongKey(t.Context(), d.deal(), delivery, payload, d.secret, by.secret)
	}
	_, err := prove(d.payload, d.delivery, relayer)
	is(t, "proof by another than the buyer", err, sinso.ErrDenied)
	_, err = prove(sinso.CIDOf(sinso.CodecRaw, []byte("another")), d.delivery, buyer)
	is(t, "proof with another payload", err, sinso.ErrInvalid)
	another := d.delivery
	another.Box.Masked[0]++
	_, err = prove(d.payload, another, buyer)
	is(t, "proof with another delivery", err, sinso.ErrInvalid)

	tx, err := prove(d.payload, d.delivery, buyer)
	ok(t, "prove", err)
	again, err := prove(d.payload, d.delivery, buyer)
	same(t, "prove", tx, again, err)
	refund, err := r.Chain.Refund(t.Context(), d.deal(), relayer.secret)
	same(t, "prove, found as a refund", tx, refund, err)
	if trade := r.state(t, d, sinso.TradeRefunded); trade.Delivered.IsZero() {
		t.Error("the delivery is forgotten")
	}
	r.withdraws(t, buyer.address, price, relayer)
}

func testRightKey(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1)
	buyer := r.payer(t)
	r.filled(t, d, buyer)
	_, err := r.Chain.ProveWrongKey(t.Context(), d.deal(), sinso.Delivery{Trade: r.trade(d)}, d.payload, d.secret, buyer.secret)
	is(t, "proof before the delivery", err, sinso.ErrInvalid)
	r.delivered(t, d, d.cek, buyer)
	_, err = r.Chain.ProveWrongKey(t.Context(), d.deal(), d.delivery, d.payload, d.secret, buyer.secret)
	is(t, "proof against the right key", err, sinso.ErrDenied)
	r.state(t, d, sinso.TradeDelivered)
}

func testRevoke(t *testing.T, r Rig) {
	d, _ := r.entered(t, 1)
	buyer, forger := r.payer(t), somebody()
	d.buy(buyer)
	digest := revokeDigest(r, d)
	_, err := r.Chain.Revoke(t.Context(), d.deal(), d.seller.sign(digest))
	is(t, "revoke before the fill", err, sinso.ErrDenied)
	_, err = r.Chain.Fill(t.Context(), d.deal(), d.signature, buyer.secret)
	ok(t, "fill", err)
	r.delivered(t, d, d.cek, buyer)
	_, err = r.Chain.Revoke(t.Context(), d.deal(), forger.sign(digest))
	is(t, "revoke signed by another", err, sinso.ErrDenied)
	if trade := r.state(t, d, sinso.TradeDelivered); !trade.RevokedAt.IsZero() {
		t.Errorf("revoked at %v", trade.RevokedAt)
	}
	tx, err := r.Chain.Revoke(t.Context(), d.deal(), d.seller.sign(digest))
	ok(t, "revoke", err)
	again, err := r.Chain.Revoke(t.Context(), d.deal(), d.seller.sign(digest))
	same(t, "revoke", tx, again, err)
	if trade := r.state(t, d, sinso.TradeDelivered); trade.RevokedAt.Before(trade.FilledAt) {
		t.Errorf("revoked at %v, filled at %v", trade.RevokedAt, trade.FilledAt)
	}
}

// testRevokeUndelivered gives the money back at once: the seller says that no key will come.
func testRevokeUndelivered(t *testing.T, r Rig) {
	const price = 4321
	d, _ := r.entered(t, price)
	buyer, relayer := r.payer(t), r.payer(t)
	r.filled(t, d, buyer)
	tx, err := r.Chain.Revoke(t.Context(), d.deal(), d.seller.sign(revokeDigest(r, d)))
	ok(t, "revoke", err)
	refund, err := r.Chain.Refund(t.Context(), d.deal(), relayer.secret)
	same(t, "revoke, found as a refund", tx, refund, err)
	if trade := r.state(t, d, sinso.TradeRefunded); trade.RevokedAt.IsZero() || !trade.Delivered.IsZero() {
		t.Errorf("revoked at %v, delivered at %v", trade.RevokedAt, trade.Delivered)
	}
	r.withdraws(t, buyer.address, price, relayer)
}
