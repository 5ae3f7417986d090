package node

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/stage/act/panel"
	"sinso.dev/sinso/internal/stage/market"
)

// hearing is an offer that names a panel of three, each on a node of its own.
type hearing struct {
	*deal
	members []actor
	payer   actor // the node that buys
	panel   string
	coin    *chaintest.Coin // that fee, bond and price are in; nil: the chain's own
}

const (
	panelFee  = "3000"
	panelBond = "1000"

	panelFeeUnits, panelBondUnits = 3000, 1000
	oddPrice                      = 501 // in a token
)

func newHearing(t *testing.T) *hearing {
	t.Helper()
	return newHearingIn(t, nil)
}

// newHearingIn is newHearing in a token, if one is named: of that the members have their bonds, and the node that buys
// the price and the fee.
func newHearingIn(t *testing.T, habit *chaintest.Habit) *hearing {
	t.Helper()
	h := &hearing{deal: newDeal(t)}
	h.payer = h.newcomer("payer", ether(3)) // it knows where all contracts stand
	h.buyer = h.payer.n
	h.peers.Peers, h.buyer.Peers = h.buyer.Peers, h.peers
	found := []string{"threshold", "2", "fee", panelFee, "bond", panelBond}
	for _, name := range []string{"one", "two", "three"} {
		m := h.newcomer(name, ether(1))
		h.members = append(h.members, m)
		found = append(found, "member", m.account().String())
	}
	if habit != nil {
		h.coin = h.deploys(*habit)
		found = append(found, "currency", h.coin.At.String())
		for _, m := range h.members {
			h.coin.Mint(t, m.account(), panelBondUnits)
		}
		h.coin.Mint(t, h.payer.account(), oddPrice+panelFeeUnits)
	}
	var made panel.Founded
	h.members[0].do(&made, "panel found", found...)
	h.panel = made.Panel.String()
	for _, m := range h.members {
		m.do(nil, "panel serve", "at", h.panel, "amount", panelBond)
	}
	h.named(made.Panel)
	return h
}

// named has the seller's node offer the release once more, under a panel.
func (h *hearing) named(at sinso.Address) {
	h.t.Helper()
	options := OfferOptions{Price: testPrice, Copies: 1, Panel: &at}
	if h.coin != nil {
		options.Price, options.Currency = sinso.NewWei(big.NewInt(oddPrice)), h.coin.At
	}
	made := h.made(options)
	h.offer, h.order = made.Offer, made.Hash
}

// delivered has a node pay, the seller deliver, and that node find nothing where the copy should be.
func (h *hearing) delivered() string {
	h.t.Helper()
	h.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, sinso.ErrUnavailable }
	if _, err := h.buy(h.t.Context(), h.offer); h.trade().State != sinso.TradeFilled {
		h.t.Fatalf("the trade is %s, %v; want one that is paid", h.trade().State, err)
	}
	h.carried(h.answer(h.key))
	h.peers.fetch = func(sinso.CID) ([]byte, error) { return nil, sinso.ErrNotFound }
	row, err := h.buy(h.t.Context(), h.offer)
	if state := h.trade().State; err == nil || state != sinso.TradeDelivered {
		h.t.Fatalf("the purchase is at %q, %v, and the trade %s; want one that is delivered and not released", row.Step, err, state)
	}
	return h.name().String()
}

// owed is what the Exchange, or a contract at an address, owes an account.
func (h *hearing) owed(contract string, at, to sinso.Address) string {
	h.t.Helper()
	var owed sinso.Wei
	var currency sinso.Address
	if h.coin != nil {
		currency = h.coin.At
	}
	call := sinso.Call{Contract: contract, At: at, Method: "owed", Args: []any{currency, to}}
	if err := h.payer.n.Deeds.Ask(h.t.Context(), call, &owed); err != nil {
		h.t.Fatal(err)
	}
	return owed.String()
}

// TestThreeMembersDecide is a delivery that its buyer disputes: two of three members are for the buyer, the
// third is silent, and the money goes back.
func TestThreeMembersDecide(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	id := h.delivered()
	evidence := fill(0xe1).String()
	h.members[0].refused(sinso.ErrNotFound, "bought in no such trade", "panel dispute", "trade", id, "evidence", evidence)
	h.members[0].refused(sinso.ErrDenied, "no such case", "panel vote", "trade", id, "for", "buyer")
	act, given := h.payer.read("panel dispute", []string{"trade", id, "evidence", evidence})
	plan, err := h.payer.n.PlanAct(t.Context(), act, given)
	if about, ok := plan.About.(panel.Disputed); err != nil || !ok || about.Fee.String() != panelFee || plan.Value.String() != panelFee || about.Panel.String() != h.panel {
		t.Errorf("the plan of the dispute: %+v, %v", plan, err)
	}
	var now panel.Case
	h.payer.do(&now, "panel dispute", "trade", id, "evidence", evidence)
	if now.State != "disputed" || len(now.Silent) != 3 || now.Threshold != 2 || now.Buyer != h.trade().Fill.Buyer || !strings.Contains(now.Next, "vote") {
		t.Errorf("disputed: %+v", now)
	}

	one, two, three := h.members[0], h.members[1], h.members[2]
	one.refused(sinso.ErrInvalid, "for the buyer or for the seller", "panel vote", "trade", id, "for", "me")
	one.do(nil, "panel vote", "trade", id, "for", "buyer")
	one.refused(sinso.ErrDenied, "voted", "panel vote", "trade", id, "for", "seller")
	h.payer.refused(sinso.ErrDenied, "no member", "panel vote", "trade", id, "for", "buyer")
	h.payer.refused(sinso.ErrDenied, "as many votes", "panel carry", "trade", id)
	two.do(&now, "panel vote", "trade", id, "for", "buyer")
	if len(now.ForBuyer) != 2 || len(now.Silent) != 1 || now.Silent[0] != three.account() || !strings.Contains(now.Next, "carry") {
		t.Errorf("two are for the buyer: %+v", now)
	}
	var moved panel.Moved
	three.do(&moved, "panel carry", "trade", id)
	if moved.State != "refunded" || h.owed("Exchange", sinso.Address{}, now.Buyer) != testPrice.String() {
		t.Errorf("carried: %+v, want the price with the buyer", moved)
	}
	h.wantEnd("refunded")
	h.payer.refused(sinso.ErrDenied, "owed nothing", "panel collect", "trade", id)
	if balance, err := h.buyer.Chain.Balance(t.Context(), now.Buyer); err != nil || balance.Int().Cmp(testPrice.Int()) < 0 {
		t.Errorf("the account that bought has %s, %v; want the price back", balance, err)
	}
	h.closed(id, now.Buyer)
}

// closed has the case settled: the voters have their parts of the fee, and the penalty of who was silent.
func (h *hearing) closed(id string, buyer sinso.Address) {
	t := h.t
	t.Helper()
	one, three := h.members[0], h.members[2]
	one.refused(sinso.ErrDenied, "too early", "panel close", "trade", id)
	h.clock.jump(13 * day)
	three.refused(sinso.ErrDenied, "over", "panel vote", "trade", id, "for", "seller")
	var now panel.Case
	three.do(&now, "panel close", "trade", id)
	if !now.Closed || now.Next != "nothing: it is done" {
		t.Errorf("closed: %+v", now)
	}
	var shown panel.Shown
	one.ask(&shown, "panel show", "at", h.panel)
	if m := shown.Members; len(m) != 3 || m[0].Owed.String() != "1100" || m[1].Owed.String() != "1100" || m[2].Owed.String() != "0" ||
		m[2].Bond.String() != "800" || m[2].Missing.String() != "200" || m[0].Open != 0 || shown.Penalty.String() != "200" {
		t.Errorf("after the case: %+v; want 1000 and half of the penalty for who voted", shown)
	}
	if got := h.owed("Panel", shown.Panel, buyer); got != "1000" {
		t.Errorf("the buyer is owed %s of the fee, want the 1000 of who did not vote", got)
	}
	one.do(nil, "panel withdraw", "at", h.panel)
	one.do(nil, "panel withdraw", "at", h.panel, "payee", buyer.String())
	one.refused(sinso.ErrDenied, "owed nothing", "panel withdraw", "at", h.panel)
	three.do(nil, "panel serve", "at", h.panel, "amount", "200")
	var all []panel.Case
	one.ask(&all, "panel ls", "at", h.panel)
	if len(all) != 1 || all[0].Trade.String() != id || all[0].State != "refunded" {
		t.Errorf("the cases: %+v, want the one", all)
	}
	one.do(nil, "panel leave", "at", h.panel)
	one.refused(sinso.ErrDenied, "too early", "panel free", "at", h.panel)
	h.clock.jump(31 * day)
	three.do(nil, "panel free", "at", h.panel, "member", one.account().String())
	one.ask(&shown, "panel show", "at", h.panel)
	if m := shown.Members[0]; m.Bond.String() != "0" || m.Owed.String() != panelBond {
		t.Errorf("who left: %+v, want the bond owed", m)
	}
}

// TestAPanelThatIsSilent lets the time pass without a verdict: the price is halved.
func TestAPanelThatIsSilent(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	id := h.delivered()
	h.payer.do(nil, "panel dispute", "trade", id, "evidence", fill(0xe2).String())
	h.members[0].do(nil, "panel vote", "trade", id, "for", "seller")
	h.payer.refused(sinso.ErrDenied, "still has time", "panel halve", "trade", id)
	h.clock.jump(15 * day)
	h.members[1].refused(sinso.ErrDenied, "over", "panel vote", "trade", id, "for", "seller")
	h.members[2].do(nil, "panel leave", "at", h.panel) // and the chain's clock is on
	var now panel.Case
	h.payer.ask(&now, "panel case", "trade", id)
	if !strings.Contains(now.Next, "halve") {
		t.Errorf("the time is over: %+v", now)
	}
	var moved panel.Moved
	if _, err := h.buy(t.Context(), h.offer); !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "before its panel") {
		t.Errorf("while it is disputed: %v", err)
	}
	h.payer.do(&moved, "panel halve", "trade", id)
	h.payer.ask(&now, "panel case", "trade", id)
	if moved.State != "halved" || now.State != "halved" || !strings.Contains(now.Next, "close") {
		t.Errorf("got %+v and %+v, want halves, and a case to be closed", moved, now)
	}
	h.wantEnd("halved")
	if got := h.owed("Exchange", sinso.Address{}, now.Buyer); got != "0" {
		t.Errorf("the buyer is owed %s more", got)
	}
	if sum := h.paidHalf(); sum.Cmp(new(big.Int).Div(testPrice.Int(), big.NewInt(2))) != 0 {
		t.Errorf("the payees were sent %s, want half of %s", sum, testPrice)
	}
}

// paidHalf has the seller's node look after its orders, and returns what it says that the payees of the trade were
// sent: the Exchange owes them nothing more.
func (h *hearing) paidHalf() *big.Int {
	h.t.Helper()
	if err := h.town.seller.Tend(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	row, sum := h.orderRow(), new(big.Int)
	if row.State != sinso.TradeHalved {
		h.t.Errorf("the order is %s, want halved", row.State)
	}
	for _, payout := range row.Payouts {
		sum.Add(sum, payout.Wei.Int())
		if owed := h.owed("Exchange", sinso.Address{}, payout.To); owed != "0" || payout.Role == "" {
			h.t.Errorf("the %q is owed %s more", payout.Role, owed)
		}
	}
	return sum
}

// wantEnd has the buyer's node look after its purchases, and its row at the step that its panel brought it to.
func (h *hearing) wantEnd(step string) sinso.PurchaseRow {
	h.t.Helper()
	if err := h.buyer.Tend(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	row, err := h.buyer.Purchase(h.t.Context(), h.order)
	if err != nil || row.Step != step || row.ReleaseTx.Hash == (sinso.Hash{}) {
		h.t.Fatalf("the purchase is at %q, by %s, %v; want %q", row.Step, row.ReleaseTx.Hash, err, step)
	}
	return row
}

// TestAPanelForTheSeller ends the purchase of what never came: the payees have the money, and the buyer the licence.
func TestAPanelForTheSeller(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	id := h.delivered()
	h.payer.do(nil, "panel dispute", "trade", id, "evidence", fill(0xe3).String())
	h.members[0].do(nil, "panel vote", "trade", id, "for", "seller")
	h.members[1].do(nil, "panel vote", "trade", id, "for", "seller")
	h.members[2].do(nil, "panel carry", "trade", id)
	if row := h.wantEnd("decided"); len(row.Payouts) != 2 {
		t.Errorf("paid: %+v", row.Payouts)
	}
	if held, err := h.buyer.Licences(t.Context(), nil); err != nil || len(held) != 1 || held[0].ID != h.name() {
		t.Errorf("%d licences, %v", len(held), err)
	}
	if err := h.buyer.Tend(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestNobodySellsUnderAPanelThatCannotDecide: none, one of another contract, one whose members have no bond, or
// have resigned.
func TestNobodySellsUnderAPanelThatCannotDecide(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	ctx, seller, exchange := t.Context(), h.town.seller, h.town.seller.Chain.Contracts().Exchange
	offer := func(at sinso.Address) error {
		_, err := seller.MakeOffer(ctx, h.row.ID, OfferOptions{Price: testPrice, Copies: 1, Panel: &at, Actor: "test"})
		return err
	}
	release := func(at sinso.Address) error {
		_, err := seller.Release(ctx, h.row.Study, ReleaseOptions{Actor: "test", Price: testPrice, Terms: sinso.Terms{Panel: at}})
		return err
	}
	for name, at := range map[string]sinso.Address{"nothing": {9}, "the exchange": exchange} {
		if err := offer(at); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err := release(at); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("a release under %s: %v", name, err)
		}
	}
	at := h.at()
	plan, err := seller.PlanOffer(ctx, h.row.ID, OfferOptions{Price: testPrice, Copies: 1, Panel: &at})
	if err != nil || plan.Order.Panel != at {
		t.Errorf("the plan names %s, %v", plan.Order.Panel, err)
	}
	sold, err := seller.Release(ctx, h.row.Study, ReleaseOptions{Actor: "test", Price: testPrice, Terms: sinso.Terms{Panel: at}})
	if err != nil || sold.State != sinso.ReleaseIsRegistered || sold.Terms.Panel != at {
		t.Fatalf("a release under a panel that can: %+v, %v", sold.Terms, err)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range orders {
		if offer, err := market.Decode(order.Offer); err != nil || order.Release == sold.ID && offer.Order.Panel != at {
			t.Errorf("its offer names %s, %v", offer.Order.Panel, err)
		}
	}
	for _, m := range h.members[:2] {
		m.do(nil, "panel leave", "at", h.panel)
	}
	if err := offer(at); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "1 could vote now, and a verdict takes 2") {
		t.Errorf("two of three have resigned: %v", err)
	}
}

// at is where the panel stands.
func (h *hearing) at() (at sinso.Address) {
	h.t.Helper()
	if err := at.UnmarshalText([]byte(h.panel)); err != nil {
		h.t.Fatal(err)
	}
	return at
}

// TestPanelRefuses gives the acts of panels what is wrong, or no panel of this program.
func TestPanelRefuses(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	own := h.members[0].account().String()
	other := fill(0x11).String()
	places := h.town.seller.Chain.Contracts()
	for name, tt := range map[string]struct {
		class    error
		sentence string
		verb     string
		texts    []string
	}{
		"nothing stands there":       {sinso.ErrNotFound, "no panel that this program knows", "leave", []string{"at", sinso.Address{9}.String()}},
		"another contract":           {sinso.ErrNotFound, "no panel that this program knows", "leave", []string{"at", places.Exchange.String()}},
		"nowhere":                    {sinso.ErrNotFound, "no panel that this program knows", "leave", []string{"at", sinso.Address{}.String()}},
		"no such trade":              {sinso.ErrNotFound, "no such trade", "vote", []string{"trade", other, "for", "buyer"}},
		"a bond that is whole":       {sinso.ErrDenied, "whole", "serve", []string{"at", h.panel, "amount", panelBond}},
		"nobody has left":            {sinso.ErrDenied, "not resigned", "free", []string{"at", h.panel}},
		"nothing is owed":            {sinso.ErrDenied, "owed nothing", "withdraw", []string{"at", h.panel}},
		"the same panel":             {sinso.ErrDenied, "", "found", []string{"threshold", "2", "fee", panelFee, "bond", panelBond, "member", own, "member", h.members[1].account().String(), "member", h.members[2].account().String()}},
		"no majority":                {sinso.ErrInvalid, "more than half", "found", []string{"threshold", "1", "fee", "1", "bond", "5", "member", own, "member", sinso.Address{1}.String()}},
		"more votes than members":    {sinso.ErrInvalid, "more than half", "found", []string{"threshold", "2", "fee", "1", "bond", "5", "member", own}},
		"one member twice":           {sinso.ErrInvalid, "named twice", "found", []string{"threshold", "2", "fee", "1", "bond", "5", "member", own, "member", own}},
		"a bond that takes no fifth": {sinso.ErrInvalid, "at least 5 wei", "found", []string{"threshold", "1", "fee", "1", "bond", "4", "member", own}},
	} {
		t.Run(name, func(*testing.T) { h.members[0].refused(tt.class, tt.sentence, "panel "+tt.verb, tt.texts...) })
	}
	h.payer.refused(sinso.ErrDenied, "no member", "panel leave", "at", h.panel)
	var shown panel.Shown
	h.payer.ask(&shown, "panel show", "at", h.panel)
	if len(shown.Members) != 3 || shown.Members[0].Bond.String() != panelBond || shown.Members[0].LeftAt != nil {
		t.Errorf("after all that: %+v", shown)
	}
}
