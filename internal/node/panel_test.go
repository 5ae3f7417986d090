package node

import (
	"encoding/json"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act/panel"
	"sinso.dev/sinso/internal/stage/market"
)

// hearing is an offer that names a panel of three, each on a node of its own.
type hearing struct {
	*deal
	members []actor
	payer   actor // the node that buys
	panel   string
}

const (
	panelFee  = "3000"
	panelBond = "1000"
)

func newHearing(t *testing.T) *hearing {
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
	var made panel.Founded
	h.members[0].do(&made, "panel found", found...)
	h.panel = made.Panel.String()
	for _, m := range h.members {
		m.do(nil, "panel serve", "at", h.panel, "amount", panelBond)
	}
	h.named(made.Panel)
	return h
}

// named has the seller sign the offer again, with a panel.
func (h *hearing) named(at sinso.Address) {
	h.t.Helper()
	offer, err := market.Decode(h.offer)
	if err != nil {
		h.t.Fatal(err)
	}
	offer.Order.Panel = at
	offer.Order.Salt = sinso.Hash{31: 2}
	places := h.town.seller.Chain.Contracts()
	hash, err := eip712.OrderHash(eip712.Domain(places.Exchange, places.ChainID), offer.Order)
	if err == nil {
		offer.Signature, err = eip712.Sign(h.seller, hash)
	}
	if err == nil {
		h.offer, err = json.Marshal(offer)
	}
	if err != nil {
		h.t.Fatal(err)
	}
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
	call := sinso.Call{Contract: contract, At: at, Method: "owed", Args: []any{sinso.Address{}, to}}
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
	h.payer.do(nil, "panel collect", "trade", id)
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
	h.payer.do(&moved, "panel halve", "trade", id)
	h.payer.ask(&now, "panel case", "trade", id)
	if moved.State != "halved" || now.State != "halved" || !strings.Contains(now.Next, "close") {
		t.Errorf("got %+v and %+v, want halves, and a case to be closed", moved, now)
	}
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
