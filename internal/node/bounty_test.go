package node

import (
	"context"
	"errors"
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	acts "sinso.dev/sinso/internal/stage/act/request"
)

// asked makes a request of the buyer's node for so many answers, at a price each.
func (d *deal) asked(price *big.Int, answers, notice string) acts.Opened {
	d.t.Helper()
	var opened acts.Opened
	actor{d.t, d.buyer}.do(&opened, "request make", "criteria", "chest CT, adult, any year", "price", price.String(), "answers", answers,
		"until", d.clock.Now().Add(20*24*time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339), "notice", notice)
	return opened
}

// TestARequestIsAnswered: a buyer puts the money up, a patient answers with what it asked for, and
// the buyer takes the answer: the patient has the money, the buyer the data and the licence, and what
// is left comes back once its notice is over.
func TestARequestIsAnswered(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	buyer := d.newcomer("buyer who asks", ether(5)) // it knows where all contracts stand
	d.buyer = buyer.n
	opened := d.asked(testPrice.Int(), "2", "1h")
	if opened.Terms.Buyer != buyer.account() || opened.Terms.CriteriaHash != acts.CriteriaHash("chest CT, adult, any year") {
		t.Fatalf("opened %+v", opened)
	}
	dear := sinso.NewWei(new(big.Int).Add(testPrice.Int(), big.NewInt(1)))
	if _, err := seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1, Price: dear}); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("an answer that costs more: got error %v, want ErrDenied", err)
	}
	if _, err := seller.AnswerRequest(ctx, sinso.Hash{1}, d.row.ID, OfferOptions{Actor: "test", Copies: 1}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an answer to no request: got error %v, want ErrNotFound", err)
	}
	made, err := seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1})
	if err != nil {
		t.Fatal(err)
	}

	d.plannedAnswer(opened.ID, made, buyer.account())
	d.refusesAnswers(opened.ID, made)
	bought, err := d.buyer.Accept(ctx, opened.ID, made.Offer, nil)
	if err != nil || bought.Step != stepReleasedWord {
		t.Fatalf("got step %q, %v", bought.Step, err)
	}
	again, err := d.buyer.Accept(ctx, opened.ID, made.Offer, nil)
	if err != nil || again.Trade != bought.Trade {
		t.Errorf("taken again: got trade %s, error %v, want %s", again.Trade, err, bought.Trade)
	}
	plan, err := d.buyer.PlanAccept(ctx, opened.ID, made.Offer)
	if about, _ := plan.About.(PlannedBuy); err != nil || len(plan.Steps) != 0 || about.Step != stepReleasedWord {
		t.Errorf("planned again: %+v, %v", plan, err)
	}
	licence, err := seller.Chain.Licence(ctx, bought.Trade)
	if err != nil || licence.Owner != buyer.account() {
		t.Errorf("the licence is of %s (%v), want the one who asked", licence.Owner, err)
	}
	paid := new(big.Int)
	for _, payout := range bought.Payouts {
		paid.Add(paid, payout.Wei.Int())
	}
	if paid.Cmp(testPrice.Int()) != 0 {
		t.Errorf("the payees have %s wei, want %s", paid, testPrice)
	}
	if err := d.buyer.FetchKey(ctx, made.Hash); err != nil {
		t.Errorf("the key again: %v", err)
	}
	d.givesBack(opened.ID)
}

const stepReleasedWord = "released"

// TestAnAnswerThatWasCutOffGoesOn by itself, once the contract has paid it.
func TestAnAnswerThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx := t.Context()
	d.buyer = d.newcomer("buyer who is cut off", ether(5)).n
	opened := d.asked(testPrice.Int(), "1", "1h")
	made, err := d.town.seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1})
	if err != nil {
		t.Fatal(err)
	}
	short, cut := context.WithCancel(ctx)
	if _, err := d.buyer.Accept(short, opened.ID, made.Offer, func(string) { cut() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off: got error %v", err)
	}
	if row, err := d.buyer.Purchase(ctx, made.Hash); err != nil || row.Step == stepReleasedWord {
		t.Fatalf("it was not cut off: step %q, %v", row.Step, err)
	}
	if err := d.buyer.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if row, err := d.buyer.Purchase(ctx, made.Hash); err != nil || row.Step != stepReleasedWord {
		t.Errorf("got step %q, %v", row.Step, err)
	}
}

// cheapens is an endpoint that tells of requests that they allow less.
type cheapens struct{ sinso.Deeds }

func (c cheapens) Told(contract string, event sinso.ChainEvent, into any) error {
	err := c.Deeds.Told(contract, event, into)
	if told, ok := into.(*acts.Opened); ok {
		told.Terms.Price = wei("1")
	}
	return err
}

// TestAnAnswerIsForTheRequestThatIsNamed: nothing is signed at a price that an endpoint made up.
func TestAnAnswerIsForTheRequestThatIsNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	d.buyer = d.newcomer("buyer who asks", ether(5)).n
	opened := d.asked(testPrice.Int(), "1", "1h")
	seller.Deeds = cheapens{seller.Deeds}
	if _, err := seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got error %v, want ErrCorrupt", err)
	}
	if orders, err := seller.Orders(ctx, ""); err != nil || len(orders) != 1 {
		t.Errorf("%d orders, %v; want the first alone", len(orders), err)
	}
}

// refusesAnswers: what is no answer costs nothing.
func (d *deal) refusesAnswers(id sinso.Hash, made sinso.OrderRow) {
	d.t.Helper()
	ctx := d.t.Context()
	for name, tt := range map[string]struct {
		id    sinso.Hash
		offer []byte
		want  error
	}{
		"an offer for anyone": {id, d.offer, sinso.ErrDenied},
		"of no request":       {sinso.Hash{1}, made.Offer, sinso.ErrNotFound},
		"what is no offer":    {id, []byte(`{"a":1}`), sinso.ErrInvalid},
	} {
		if _, err := d.buyer.PlanAccept(ctx, tt.id, tt.offer); !errors.Is(err, tt.want) {
			d.t.Errorf("%s, planned: got error %v, want %v", name, err, tt.want)
		}
		if _, err := d.buyer.Accept(ctx, tt.id, tt.offer, nil); !errors.Is(err, tt.want) {
			d.t.Errorf("%s: got error %v, want %v", name, err, tt.want)
		}
	}
	if _, err := d.town.seller.PlanAccept(ctx, id, made.Offer); !errors.Is(err, sinso.ErrDenied) {
		d.t.Errorf("planned by who did not ask: got error %v, want ErrDenied", err)
	}
	if _, err := d.town.seller.Accept(ctx, id, made.Offer, nil); !errors.Is(err, sinso.ErrDenied) {
		d.t.Errorf("by who did not ask: got error %v, want ErrDenied", err)
	}
	if _, err := d.buyer.Buy(ctx, made.Offer, nil); !errors.Is(err, sinso.ErrDenied) {
		d.t.Errorf("bought past the request: got error %v, want ErrDenied", err)
	}
}

// plannedAnswer: what would be paid by whom is said, the first step is tried, and nothing is kept of it.
func (d *deal) plannedAnswer(id sinso.Hash, made sinso.OrderRow, payer sinso.Address) {
	d.t.Helper()
	plan, err := d.buyer.PlanAccept(d.t.Context(), id, made.Offer)
	if err != nil {
		d.t.Fatal(err)
	}
	about, _ := plan.About.(PlannedBuy)
	if about.Request != id || about.Price.String() != testPrice.String() || about.MostGas.Int().Sign() != 0 || plan.Value.Int().Sign() != 0 || plan.Pays != payer {
		d.t.Errorf("planned: %+v of %+v", plan, about)
	}
	if len(plan.Steps) != 3 || plan.Steps[0].Gas == 0 || plan.Steps[0].Untried != "" || plan.Steps[1].Untried == "" || !plan.AtLeast {
		d.t.Errorf("the steps: %+v; want the answer tried, and two that cannot be yet", plan.Steps)
	}
	if _, err := d.buyer.Purchase(d.t.Context(), made.Hash); !errors.Is(err, sinso.ErrNotFound) {
		d.t.Errorf("of a plan something is kept: %v", err)
	}
}

// givesBack: after the notice what is left is the buyer's again, and no answer is taken.
func (d *deal) givesBack(id sinso.Hash) {
	d.t.Helper()
	ctx, buyer := d.t.Context(), actor{d.t, d.buyer}
	var shown acts.Shown
	buyer.do(&shown, "request cancel", "request", id.String())
	if shown.Answers != 1 || shown.Left.Int().Cmp(testPrice.Int()) != 0 || !shown.Open {
		d.t.Errorf("after the notice was given: %+v", shown)
	}
	d.clock.jump(2 * time.Hour)
	before, err := d.town.seller.Chain.Balance(ctx, buyer.account())
	if err != nil {
		d.t.Fatal(err)
	}
	buyer.do(&shown, "request close", "request", id.String())
	after, err := d.town.seller.Chain.Balance(ctx, buyer.account())
	if err != nil {
		d.t.Fatal(err)
	}
	back := new(big.Int).Sub(after.Int(), before.Int()) // but for gas
	if _, err := d.buyer.Accept(ctx, id, d.offer, nil); !errors.Is(err, sinso.ErrDenied) {
		d.t.Errorf("for a request that is closed: got error %v, want ErrDenied", err)
	}
	if _, err := d.buyer.Purchase(ctx, d.order); !errors.Is(err, sinso.ErrNotFound) {
		d.t.Errorf("of what was refused something is kept: %v", err)
	}
	if shown.Left.Int().Sign() != 0 || shown.Open || back.Cmp(new(big.Int).Div(testPrice.Int(), big.NewInt(2))) < 0 || back.Cmp(testPrice.Int()) >= 0 {
		d.t.Errorf("closed: %+v, and %s wei came back", shown, back)
	}
}
