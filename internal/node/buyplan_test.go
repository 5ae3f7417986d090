package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// buyerKept is what a dry run must leave as it was.
type buyerKept struct {
	events    uint64
	blocks    []sinso.CID
	purchases []string
	balance   string
	sent      uint64 // transactions of the node's account
}

func (d *deal) buyerKept() (kept buyerKept) {
	d.t.Helper()
	ctx := d.t.Context()
	err := d.buyer.audit.Events(ctx, 0, func(sinso.Event) error { kept.events++; return nil })
	if err == nil {
		err = d.buyer.Blobs.List(ctx, func(cid sinso.CID) error { kept.blocks = append(kept.blocks, cid); return nil })
	}
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := d.buyer.Purchases(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		kept.purchases = append(kept.purchases, row.Step)
	}
	account := d.account(d.buyer)
	balance, err := d.buyer.Chain.Balance(ctx, account)
	if err != nil {
		d.t.Fatal(err)
	}
	kept.balance, kept.sent = balance.String(), d.nonce(account)
	return kept
}

func (d *deal) wantKept(before buyerKept) {
	d.t.Helper()
	after := d.buyerKept()
	if after.events != before.events || !slices.Equal(after.blocks, before.blocks) || !slices.Equal(after.purchases, before.purchases) ||
		after.balance != before.balance || after.sent != before.sent {
		d.t.Errorf("the buyer's node has %+v, and had %+v", after, before)
	}
}

// pausedExchange is a chain whose Exchange takes nothing new.
type pausedExchange struct{ sinso.Deeds }

func (p *pausedExchange) Plan(ctx context.Context, deed sinso.Deed, from sinso.Address) (sinso.Plan, error) {
	plan, err := p.Deeds.Plan(ctx, deed, from)
	if err == nil && deed.Contract == "Exchange" {
		err = fmt.Errorf("chain: nothing new is taken in while the guardian's pause lasts: %w", sinso.ErrDenied)
	}
	return plan, err
}

// TestAPurchaseIsPlanned: a dry run says what a purchase is, what it takes, and leaves nothing behind. What was
// bought then took no more; and a plan of it afterwards has nothing to pay.
func TestAPurchaseIsPlanned(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.paid(d.buyer)
	ctx := t.Context()
	before := d.buyerKept()
	plan, err := d.buyer.PlanBuy(ctx, d.offer)
	if err != nil {
		t.Fatal(err)
	}
	about, ok := plan.About.(PlannedBuy)
	if !ok || about.Order != d.order || about.Price.String() != testPrice.String() || about.Token != d.row.Token || about.Terms == "" || about.Step != "" || about.Instances == 0 {
		t.Errorf("it is of %+v", plan.About)
	}
	if len(plan.Steps) != 3 || plan.Steps[0].Gas == 0 || plan.Value.String() != testPrice.String() || plan.Fee.Int().Sign() == 0 || !plan.AtLeast || plan.Actor != (sinso.Address{}) {
		t.Errorf("the plan is %+v", plan)
	}
	d.wantKept(before)

	d.wantBought()
	had, _ := new(big.Int).SetString(before.balance, 10)
	now, _ := new(big.Int).SetString(d.buyerKept().balance, 10)
	most := new(big.Int).Add(plan.Steps[0].Funds.Int(), plan.MostFee.Int())
	if spent := had.Sub(had, now); spent.Cmp(most) > 0 {
		t.Errorf("the purchase took %s wei, and the plan said %s at most", spent, most)
	}
	done := d.buyerKept()
	if plan, err = d.buyer.PlanBuy(ctx, d.offer); err != nil || len(plan.Steps) != 0 || plan.Value.Int().Sign() != 0 {
		t.Errorf("of what was bought: %v, %+v", err, plan)
	}
	if about, _ = plan.About.(PlannedBuy); about.Step != stepReleasedWord {
		t.Errorf("the purchase is said to be %q", about.Step)
	}
	d.wantKept(done)
}

// TestAPlanOfAPurchaseRefuses what a purchase would refuse before it pays, and leaves nothing behind.
func TestAPlanOfAPurchaseRefuses(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.paid(d.buyer)
	before := d.buyerKept()
	refused := func(name string, offer []byte, class error, says string) {
		t.Helper()
		if _, err := d.buyer.PlanBuy(t.Context(), offer); !errors.Is(err, class) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got error %v, want %v with %q", name, err, class, says)
		}
	}
	changed := func(change func(*sinso.Offer)) []byte {
		offer, err := market.Decode(d.offer)
		if err != nil {
			t.Fatal(err)
		}
		change(&offer)
		encoded, err := json.Marshal(offer)
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	refused("no offer", []byte("{}"), sinso.ErrUnsupported, "")
	refused("another price", changed(func(o *sinso.Offer) { o.Order.Price = sinso.NewWei(big.NewInt(1)) }), sinso.ErrInvalid, "the offer is not taken")
	refused("another chain", changed(func(o *sinso.Offer) { o.Contracts.ChainID++ }), sinso.ErrUnsupported, "another chain")
	dear := d.made(OfferOptions{Actor: "test", Copies: 1, Price: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 120))})
	refused("poor", dear.Offer, sinso.ErrDenied, "up to 20000000000000000 for gas; nothing was spent")
	alone := d.made(OfferOptions{Actor: "test", Copies: 1, Price: testPrice, Taker: sinso.Address{9}})
	refused("for another", alone.Offer, sinso.ErrDenied, "for one account alone")
	d.peers.fetch = func(sinso.CID) ([]byte, error) { return nil, errSilent }
	refused("silent", d.offer, sinso.ErrUnavailable, "does not give the payload")
	d.peers.fetch = nil
	deeds := d.buyer.Deeds
	d.buyer.Deeds = &pausedExchange{deeds} // the embedded chain's is made without a pause
	refused("pause", d.offer, sinso.ErrDenied, "while the guardian's pause lasts")
	d.buyer.Deeds = deeds
	if _, err := d.town.seller.CancelOrder(context.WithoutCancel(t.Context()), d.order, "test"); err != nil {
		t.Fatal(err)
	}
	refused("taken back", d.offer, sinso.ErrNotFound, "took order")
	d.wantKept(before)
}

// TestAPurchaseThatWasBegunIsPlanned: one that was cut off before it was paid is planned from its own account, at the
// price of now; one that a wallet is to pay is not this node's.
func TestAPurchaseThatWasBegunIsPlanned(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.paid(d.buyer)
	floor := sinso.NewWei(big.NewInt(1))
	falls := d.made(OfferOptions{Actor: "test", Copies: 1, Price: testPrice, Floor: &floor})
	ctx, cut := context.WithCancel(t.Context())
	if _, err := d.buyer.Buy(ctx, falls.Offer, func(string) { cut() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v, want it cut off", err)
	}
	row, err := d.buyer.Purchase(t.Context(), falls.Hash)
	if err != nil || row.Step != "planned" {
		t.Fatalf("it stands at %q, %v", row.Step, err)
	}
	before := d.buyerKept()
	d.clock.jump(time.Hour)
	plan, err := d.buyer.PlanBuy(t.Context(), falls.Offer)
	if err != nil {
		t.Fatal(err)
	}
	about, _ := plan.About.(PlannedBuy)
	if about.Step != "planned" || len(plan.Steps) != 3 || plan.Actor == (sinso.Address{}) || plan.Steps[0].From != plan.Actor || about.Price.Int().Cmp(row.Paid.Int()) >= 0 {
		t.Errorf("begun at %s: %+v, of %+v", row.Paid, plan, about)
	}
	d.wantKept(before)

	if _, err := d.buyer.PlanPayment(t.Context(), d.offer); err != nil {
		t.Fatal(err)
	}
	if _, err := d.buyer.PlanBuy(t.Context(), d.offer); !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "pay by the wallet") {
		t.Errorf("what a wallet pays: got error %v", err)
	}
}
