package node

import (
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

const day = 24 * time.Hour

func ninetyDays() sinso.Terms {
	return sinso.Terms{Licence: sinso.Licence{Purpose: sinso.PurposeResearch, Use: sinso.UseView, Days: 90}, OfferDays: 7}
}

// TestAnOfferSaysTheTermsThatWereChosen: the order is signed under them, and ends when the
// seller said.
func TestAnOfferSaysTheTermsThatWereChosen(t *testing.T) {
	t.Parallel()
	d := newDealOn(t, ninetyDays())
	look, err := d.buyer.Look(t.Context(), d.offer)
	if err != nil || look.Why != way.HinderedPoor {
		t.Fatalf("%s, %v", look.Why, err)
	}
	if want := LicenceText(ninetyDays().Licence); look.Offer.Terms != want {
		t.Errorf("got %q, want %q", look.Offer.Terms, want)
	}
	if left := look.Offer.Order.EndsAt.Sub(d.clock.Now()); left > 7*day || left < 6*day {
		t.Errorf("it can be bought for %s more", left)
	}
	if d.row.Terms != ninetyDays() {
		t.Errorf("the release says %v", d.row.Terms)
	}
}

// TestUseIsOverAfterItsDays: the seller's node gives the key no more and says so on the
// chain, once; the buyer's opens the copy no more. Until then both do.
func TestUseIsOverAfterItsDays(t *testing.T) {
	t.Parallel()
	d := newDealOn(t, ninetyDays())
	ctx, seller := t.Context(), d.town.seller
	bought := d.wantBought()
	if err := seller.Tend(ctx); err != nil { // the end of the trade is written down
		t.Fatal(err)
	}
	ends := d.trade().Delivered.AddDate(0, 0, 90)
	if row := d.orderRow(); !row.UseEnds.Equal(ends) || !bought.UseEnds.Equal(ends) {
		t.Fatalf("ends %s for the seller, %s for the buyer, want %s", row.UseEnds, bought.UseEnds, ends)
	}
	opens := func() error {
		_, err := d.buyer.Bought(ctx, bought, "test", way.ForExport)
		return err
	}
	d.clock.jump(ends.Add(-time.Hour).Sub(d.clock.Now()))
	if err := errors.Join(seller.Tend(ctx), d.buyer.FetchKey(ctx, d.order), opens()); err != nil || d.orderRow().Revoked {
		t.Fatalf("an hour before: %v, ended %t", err, d.orderRow().Revoked)
	}
	d.clock.jump(2 * time.Hour)
	if err := d.buyer.FetchKey(ctx, d.order); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the key after the end: %v", err)
	}
	if err := opens(); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the copy after the end: %v", err)
	}
	for range 2 {
		if err := seller.Tend(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if row := d.orderRow(); !row.Revoked || !row.Over || d.trade().RevokedAt.IsZero() || d.counts()[sinso.EventRevoked] != 1 {
		t.Errorf("here %t, for its days %t, on the chain %s, %d events", row.Revoked, row.Over, d.trade().RevokedAt, d.counts()[sinso.EventRevoked])
	}
}

// TestAChainWithoutAClockHoldsUpNothingElse: while it does not say whether days of use are
// over, a release that stopped at it goes on.
func TestAChainWithoutAClockHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	d := newDealOn(t, ninetyDays())
	ctx, seller := t.Context(), d.town.seller
	d.wantBought()
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	d.unfinished(t, cut("enter asset"))
	chainOf(seller).fails(cut("now"))
	if err := seller.Tend(ctx); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if rows, err := seller.Releases(ctx, ""); err != nil || len(rows) != 2 || rows[1].Token == (sinso.TokenID{}) {
		t.Errorf("got %+v, %v: want two, the second minted", rows, err)
	}
}

// TestUseWithoutAnEndGoesOn: nothing ends it but the person.
func TestUseWithoutAnEndGoesOn(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	bought := d.wantBought()
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	d.clock.jump(10 * 365 * day)
	_, opens := d.buyer.Bought(ctx, bought, "test", way.ForExport)
	if err := errors.Join(seller.Tend(ctx), d.buyer.FetchKey(ctx, d.order), opens); err != nil || d.orderRow().Revoked {
		t.Errorf("%v, ended %t", err, d.orderRow().Revoked)
	}
}
