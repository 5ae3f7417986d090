package node

import (
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// rival opens a second buyer's node at the chain of the town, with money.
func (d *deal) rival() *Node {
	d.t.Helper()
	at := d.town.seller.Chain.Contracts()
	n, err := d.node(d.t.Context(), Config{
		Data: filepath.Join(d.dir, "rival"), Chain: "http://" + d.town.seller.ChainRPC(),
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.paid(n)
	return n
}

// paid gives a node's account money.
func (d *deal) paid(n *Node) {
	d.t.Helper()
	status, err := n.Status(d.t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Fund(d.t.Context(), status.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(4))))
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// made makes a further offer of the release.
func (d *deal) made(o OfferOptions) sinso.OrderRow {
	d.t.Helper()
	o.Actor = "test"
	row, err := d.town.seller.MakeOffer(d.t.Context(), d.row.ID, o)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

func (d *deal) bought(n *Node, offer []byte) sinso.PurchaseRow {
	d.t.Helper()
	row, err := n.Buy(d.t.Context(), offer, nil)
	if err != nil || row.Step != "released" {
		d.t.Fatalf("got step %q, %v; want released", row.Step, err)
	}
	return row
}

func (d *deal) tended() {
	d.t.Helper()
	if err := d.town.seller.Tend(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deal) orderAs(hash sinso.Hash) sinso.OrderRow {
	d.t.Helper()
	row, err := d.town.seller.Order(d.t.Context(), hash)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

// TestAnOfferOfThreeCopies: two buy, each gets the key and a licence of its own, and the payees
// are paid for both. One grant is revoked, the other stands; then what is left is taken back.
func TestAnOfferOfThreeCopies(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller, rival := t.Context(), d.town.seller, d.rival()
	d.paid(d.buyer)
	made := d.made(OfferOptions{Price: testPrice, Copies: 3})
	if made.Hash == d.order || made.Copies != 3 || made.State != sinso.TradeNone {
		t.Fatalf("the offer is %s of %d copies, %s", made.Hash, made.Copies, made.State)
	}
	first, second := d.bought(d.buyer, made.Offer), d.bought(rival, made.Offer)
	d.tended()
	row := d.orderAs(made.Hash)
	if len(row.Trades) != 2 {
		t.Fatalf("%d trades are written down, want 2", len(row.Trades))
	}
	for i, bought := range []sinso.PurchaseRow{first, second} {
		one := row.Trades[i]
		if one.Trade != bought.Trade || one.State != sinso.TradeReleased || one.Answer == nil || one.Granted.IsZero() || one.Tx == (sinso.Hash{}) {
			t.Errorf("trade %d is %s, %s", i, one.Trade, one.State)
		}
		if got := sum(one.Payouts); got.Cmp(testPrice.Int()) != 0 {
			t.Errorf("trade %d paid %s, want %s", i, got, testPrice)
		}
		licence, err := seller.Chain.Licence(ctx, bought.Trade)
		if err != nil || licence.Owner != one.Buyer {
			t.Errorf("licence %d is of %s, %v, want %s", i, licence.Owner, err, one.Buyer)
		}
	}
	if first.Trade == second.Trade || row.Trades[0].Buyer == row.Trades[1].Buyer {
		t.Error("the two trades are one")
	}

	if _, err := seller.RevokeTrade(ctx, made.Hash, first.Trade, "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.buyer.FetchKey(ctx, made.Hash); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the revoked grant: got %v, want ErrDenied", err)
	}
	if err := rival.FetchKey(ctx, made.Hash); err != nil {
		t.Errorf("the other grant: %v", err)
	}
	for trade, want := range map[sinso.Hash]bool{first.Trade: true, second.Trade: false} {
		if licence, err := seller.Chain.Licence(ctx, trade); err != nil || licence.Revoked != want {
			t.Errorf("on the chain it is revoked: %t, %v, want %t", licence.Revoked, err, want)
		}
	}
	if row = d.orderAs(made.Hash); row.Revoked || !row.Trades[0].Revoked || row.Trades[1].Revoked {
		t.Errorf("written down: the order %t, its trades %t and %t", row.Revoked, row.Trades[0].Revoked, row.Trades[1].Revoked)
	}
	if _, err := seller.RevokeTrade(ctx, made.Hash, sinso.Hash{9}, "test"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a trade that is none: %v", err)
	}
	offer, err := market.Decode(made.Offer)
	if err != nil {
		t.Fatal(err)
	}
	if fills, err := seller.Chain.Fills(ctx, offer.Order); err != nil || !slices.Equal(fills.Trades, []sinso.Hash{first.Trade, second.Trade}) {
		t.Errorf("the chain has %v, %v, want the older first", fills.Trades, err)
	}
	d.takenBack(made.Hash)
	if err := rival.FetchKey(ctx, made.Hash); err != nil {
		t.Errorf("what was sold, after the rest was taken back: %v", err)
	}
	if _, err := seller.Revoke(ctx, made.Hash, "test"); err != nil {
		t.Fatal(err)
	}
	if err := rival.FetchKey(ctx, made.Hash); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("after all of it was revoked: %v", err)
	}
	d.tended()
}

// takenBack takes an offer of the seller back, and wants nobody to be able to buy of it.
func (d *deal) takenBack(hash sinso.Hash) {
	d.t.Helper()
	ctx, seller := d.t.Context(), d.town.seller
	plan, err := seller.PlanCancel(ctx, hash)
	if err != nil || len(plan.Steps) != 1 {
		d.t.Fatalf("the plan has %d steps, %v", len(plan.Steps), err)
	}
	if row := d.orderAs(hash); row.Cancelled {
		d.t.Fatal("a plan took it back")
	}
	if _, err := seller.CancelOrder(ctx, hash, "test"); err != nil {
		d.t.Fatal(err)
	}
	row := d.orderAs(hash)
	if !row.Cancelled || row.State != sinso.TradeCancelled || row.Revoked {
		d.t.Errorf("it is %s, revoked: %t", row.State, row.Revoked)
	}
	offer, err := market.Decode(row.Offer)
	if err != nil {
		d.t.Fatal(err)
	}
	if fills, err := seller.Chain.Fills(ctx, offer.Order); err != nil || !fills.Cancelled {
		d.t.Errorf("the chain says cancelled: %t, %v", fills.Cancelled, err)
	}
	if _, err := seller.CancelOrder(ctx, hash, "test"); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "taken back before") {
		d.t.Errorf("again: %v", err)
	}
}

// TestAFallingPrice is paid at what is asked at the moment of the purchase.
func TestAFallingPrice(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.paid(d.buyer)
	floor := sinso.NewWei(new(big.Int).Div(testPrice.Int(), big.NewInt(4)))
	made := d.made(OfferOptions{Price: testPrice, Floor: &floor, Copies: 1, OfferDays: 2})
	d.clock.jump(24 * time.Hour)
	row := d.bought(d.buyer, made.Offer)
	if row.Paid.Int().Cmp(testPrice.Int()) >= 0 || row.Paid.Int().Cmp(floor.Int()) <= 0 {
		t.Errorf("paid %s, want between %s and %s", row.Paid, floor, testPrice)
	}
	d.tended()
	if one := d.orderAs(made.Hash); one.State != sinso.TradeReleased || sum(one.Payouts).Cmp(row.Paid.Int()) != 0 {
		t.Errorf("it is %s, and paid out %s of %s", one.State, sum(one.Payouts), row.Paid)
	}
}

func sum(payouts []sinso.Payout) *big.Int {
	all := new(big.Int)
	for _, one := range payouts {
		all.Add(all, one.Wei.Int())
	}
	return all
}

// TestAnOfferThatIsRefused signs nothing, and says why.
func TestAnOfferThatIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	high, none, tooLong := sinso.NewWei(new(big.Int).Add(testPrice.Int(), big.NewInt(1))), sinso.Wei{}, uint16(sinso.MaxUseDays+1)
	for name, tt := range map[string]struct {
		options OfferOptions
		says    string
	}{
		"no price":       {OfferOptions{}, "needs a price"},
		"a huge price":   {OfferOptions{Price: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 128))}, "below 2^128"},
		"it would rise":  {OfferOptions{Price: testPrice, Floor: &high}, "a price only falls"},
		"it is given":    {OfferOptions{Price: testPrice, Floor: &none}, "the floor is zero"},
		"a long licence": {OfferOptions{Price: testPrice, UseDays: &tooLong}, "use ends after"},
		"a long offer":   {OfferOptions{Price: testPrice, OfferDays: sinso.MaxOfferDays + 1}, "an offer stands"},
	} {
		if _, err := seller.MakeOffer(ctx, d.row.ID, tt.options); !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want … %s …", name, err, tt.says)
		}
	}
	if _, err := seller.MakeOffer(ctx, "r_none", OfferOptions{Price: testPrice}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of no release: %v", err)
	}
	if orders, err := seller.Orders(ctx, ""); err != nil || len(orders) != 1 {
		t.Errorf("%d orders, %v, want the first alone", len(orders), err)
	}
	d.wantBought()
	if _, err := seller.CancelOrder(ctx, d.order, "test"); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "every copy") {
		t.Errorf("taking back what is sold: %v", err)
	}
}
