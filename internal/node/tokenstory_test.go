package node

import (
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/stage/act/fraction"
	"sinso.dev/sinso/internal/stage/act/panel"
	acts "sinso.dev/sinso/internal/stage/act/request"
	"sinso.dev/sinso/internal/way"
)

// purse is what an account has of a token, in its smallest unit.
type purse struct {
	name string
	of   sinso.Address
	want int64
}

// hold wants so much of a token in each account, and what any of them lets a contract take to be nothing.
func hold(t *testing.T, coin *chaintest.Coin, when string, contract sinso.Address, purses ...purse) {
	t.Helper()
	for _, p := range purses {
		if has := coin.Has(t, p.of); has != p.want {
			t.Errorf("%s: %s has %d, want %d", when, p.name, has, p.want)
		}
		if left := coin.May(t, p.of, contract); left != 0 {
			t.Errorf("%s: %s lets %d be taken", when, p.name, left)
		}
	}
}

// standsAt is where a contract stands.
func (a actor) standsAt(contract string) sinso.Address {
	a.t.Helper()
	at, err := a.n.Deeds.At(contract)
	if err != nil {
		a.t.Fatal(err)
	}
	return at
}

// TestATradeInATokenIsHalved is a trade in a token before a panel whose bonds and fee are in it too, which is too silent:
// each unit is with its owner in the end.
func TestATradeInATokenIsHalved(t *testing.T) {
	t.Parallel()
	tether := chaintest.LikeTether
	h := newHearingIn(t, &tether)
	at, exchange := h.at(), h.payer.standsAt("Exchange")
	one, payer := h.members[0].account(), h.payer.account()
	hold(t, h.coin, "bonded", at, purse{"the panel", at, 3 * panelBondUnits}, purse{"a member", one, 0}, purse{"the payer", payer, oddPrice + panelFeeUnits})
	id := h.delivered()
	hold(t, h.coin, "paid", exchange, purse{"the Exchange", exchange, oddPrice}, purse{"the payer", payer, panelFeeUnits})
	act, given := h.payer.read("panel dispute", []string{"trade", id, "evidence", fill(0xe1).String()})
	plan, err := h.payer.n.PlanAct(t.Context(), act, given)
	if about, ok := plan.About.(panel.Disputed); err != nil || !ok || about.Currency != h.coin.At || len(plan.Steps) != 2 ||
		plan.Value.Int().Sign() != 0 || plan.Steps[0].Doing != "let it take 30 TOK (TOK, the token at "+h.coin.At.String()+")" {
		t.Errorf("the plan of the dispute: %+v, %v", plan, err)
	}
	h.payer.do(nil, "panel dispute", "trade", id, "evidence", fill(0xe1).String())
	hold(t, h.coin, "disputed", at, purse{"the panel", at, 3*panelBondUnits + panelFeeUnits}, purse{"the payer", payer, 0})

	h.members[0].do(nil, "panel vote", "trade", id, "for", "seller")
	h.clock.jump(15 * day)
	h.members[2].do(nil, "panel leave", "at", h.panel) // and the chain's clock is on
	var moved panel.Moved
	h.payer.do(&moved, "panel halve", "trade", id)
	h.wantEnd("halved")
	sum := h.paidHalf().Int64()
	hold(t, h.coin, "halved", exchange, purse{"the Exchange", exchange, 0}, purse{"the payer", payer, oddPrice - oddPrice/2})
	for _, payout := range h.orderRow().Payouts {
		hold(t, h.coin, "halved", exchange, purse{payout.Role, payout.To, payout.Wei.Int().Int64()})
	}
	if moved.State != "halved" || sum != oddPrice/2 {
		t.Errorf("%+v, and the payees have %d; want %d", moved, sum, oddPrice/2)
	}

	// The voter has a third of the fee, the buyer the other thirds. Without a verdict penalties are nobody's.
	h.members[0].do(nil, "panel close", "trade", id)
	bought := h.trade().Fill.Buyer
	h.members[0].do(nil, "panel withdraw", "at", h.panel)
	h.members[0].do(nil, "panel withdraw", "at", h.panel, "payee", bought.String())
	hold(t, h.coin, "closed", at, purse{"the panel", at, 1000 + 800 + 800 + 400}, purse{"who voted", one, 1000}, purse{"who bought", bought, 2000})

	two := h.members[1]
	h.coin.Mint(t, two.account(), panelBondUnits)
	two.refused(sinso.ErrInvalid, "200 are missing, not 1000", "panel serve", "at", h.panel, "amount", panelBond)
	two.do(nil, "panel serve", "at", h.panel, "amount", "200")
	hold(t, h.coin, "bonded again", at, purse{"the panel", at, 1000 + 1000 + 800 + 400}, purse{"who was silent", two.account(), panelBondUnits - 200})
}

// TestARequestInAToken puts the money of two answers up in a token, takes one, and takes the rest back.
func TestARequestInAToken(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	buyer := d.newcomer("buyer who asks", ether(5))
	d.buyer = buyer.n
	coin := d.deploys(chaintest.LikeTether)
	coin.Mint(t, buyer.account(), 1100)
	var opened acts.Opened
	until := d.clock.Now().Add(20 * day).UTC().Truncate(time.Second).Format(time.RFC3339)
	terms := []string{"criteria", "chest CT", "price", "501", "answers", "2", "until", until, "notice", "1h", "currency", coin.At.String()}
	buyer.do(&opened, "request make", terms...)
	requests, exchange := buyer.standsAt("Requests"), buyer.standsAt("Exchange")
	hold(t, coin, "asked", requests, purse{"who asks", buyer.account(), 98}, purse{"the contract", requests, 1002})

	made, err := seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1, Price: sinso.NewWei(big.NewInt(499))})
	if err != nil {
		t.Fatal(err)
	}
	bought, err := d.buyer.Accept(ctx, opened.ID, made.Offer, nil)
	if err != nil || bought.Step != stepReleasedWord {
		t.Fatalf("got step %q, %v", bought.Step, err)
	}
	sum := int64(0)
	for _, payout := range bought.Payouts {
		hold(t, coin, "answered", requests, purse{payout.Role, payout.To, payout.Wei.Int().Int64()})
		sum += payout.Wei.Int().Int64()
	}
	hold(t, coin, "answered", exchange, purse{"who asks", buyer.account(), 98}, purse{"the contract", requests, 503}, purse{"the Exchange", exchange, 0})
	if sum != 499 || len(bought.Payouts) == 0 {
		t.Errorf("the payees have %d, want 499", sum)
	}
	which := []string{"request", opened.ID.String()}
	buyer.do(nil, "request cancel", which...)
	d.clock.jump(2 * time.Hour)
	buyer.do(nil, "request close", which...)
	hold(t, coin, "closed", requests, purse{"who asks", buyer.account(), 601}, purse{"the contract", requests, 0})
}

// TestAVaultAndAPledgeInAToken pays dividends into a vault, loses one offer for all of it and wins another; and a company
// pledges a dividend and keeps its word.
func TestAVaultAndAPledgeInAToken(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	coin := s.deploys(chaintest.LikeTether)
	friend := s.company.account()
	coin.Mint(t, friend, 2_000_000)
	var v fraction.Vault
	s.persons.do(&v, "fraction split", "token", s.first, "supply", "1000", "until", s.in(time.Hour), "currency", coin.At.String())
	at, owner := v.Fraction.String(), v.Holder.Account
	s.persons.do(nil, "fraction give", "token", s.first, "to", friend.String(), "fractions", "400")
	s.company.do(nil, "fraction deposit", "fraction", at, "amount", "1000007")
	s.persons.do(nil, "fraction claim", "token", s.first)
	hold(t, coin, "claimed", v.Fraction, purse{"the owner", owner, 600_000}, purse{"the vault", v.Fraction, 400_007}, purse{"the friend", friend, 999_993})

	s.company.do(nil, "fraction offer", "fraction", at, "price", "5")
	s.company.refused(sinso.ErrDenied, "", "fraction offer", "fraction", at, "price", "5") // not 5 % more
	hold(t, coin, "offered", v.Fraction, purse{"the friend", friend, 994_993}, purse{"the vault", v.Fraction, 405_007})
	s.company.do(nil, "fraction offer", "fraction", at, "price", "7") // the first is owed
	s.clock.jump(8 * day)
	s.company.do(nil, "fraction close", "fraction", at)
	s.persons.do(nil, "fraction redeem", "token", s.first)
	hold(t, coin, "bought", v.Fraction, purse{"the owner", owner, 604_200}, purse{"the friend", friend, 987_993}, purse{"the vault", v.Fraction, 407_807})

	var opened struct{ Pool sinso.Hash }
	s.company.do(&opened, "stake open", "unbonding", "2h", "stream", "7d", "cap", "100", "terms", fill(8).String(), "currency", coin.At.String())
	pool, staking := opened.Pool.String(), s.company.standsAt("Staking")
	pledge := []string{"pool", pool, "bond", "300", "least", "200", "by", s.in(3 * day)}
	s.company.do(nil, "dividend pledge", pledge...)
	s.company.refused(sinso.ErrDenied, "", "dividend pledge", pledge...) // one stands
	hold(t, coin, "pledged", staking, purse{"the company", friend, 987_693}, purse{"Staking", staking, 300})
	s.company.do(nil, "dividend deposit", "pool", pool, "amount", "200")
	s.company.do(nil, "dividend take-bond", "pool", pool)
	s.company.do(nil, "dividend reclaim", "pool", pool)
	hold(t, coin, "kept", staking, purse{"the company", friend, 987_993}, purse{"Staking", staking, 0})
}

// TestACompanyAndACreatorInAToken pays a company's dividend and who leaves it, and an issue's stake, sale, patients and a
// right that was not honoured.
func TestACompanyAndACreatorInAToken(t *testing.T) {
	t.Parallel()
	p := newPractice(t)
	coin := deploysOn(t, p.board.Node, chaintest.LikeTether)
	board, doctor := p.board.account(), p.doctor.account()
	coin.Mint(t, board, 3_000_000)
	coin.Mint(t, doctor, 1_000_000)
	p.pays(coin, board)
	p.issues(coin, board, doctor)
}

// pays has a member of a company paid a dividend, and its part of the reserve.
func (p *practice) pays(coin *chaintest.Coin, board sinso.Address) {
	s := p.board
	s.t.Helper()
	var founded company.Founded
	s.do("company", "found", texts{"cap": "1000", "currency": coin.At.String()}, &founded)
	at, cat := founded.Company.String(), s.person("m_cat")
	member, stranger := s.enter(at, cat), sinso.Address{0x57}
	by := texts{"person": cat, "at": at}
	s.give(at, cat, member, sinso.Hash{1}, "30")
	s.do("company", "deposit", texts{"at": at, "amount": "4501"}, nil)
	s.do("company", "endow", texts{"at": at, "amount": "1000"}, nil)
	hold(s.t, coin, "paid in", founded.Company, purse{"the payer", board, 3_000_000 - 5501}, purse{"the company", founded.Company, 5501})
	var held company.Held
	s.do("company", "entry", by, &held)
	keeps(s.t, s.Node, cat, "(TOK, the token at "+coin.At.String()+") that the company at "+at+" owes")
	s.do("company", "withdraw", by.with("to", stranger.String()), nil)
	s.do("company", "quit", by, nil)
	s.do("company", "withdraw", by, nil)
	owed := held.Owed.Int().Int64()
	keeps(s.t, s.Node, cat, "there are 0.3 TOK (TOK, the token at "+coin.At.String()+") in accounts")
	hold(s.t, coin, "left", founded.Company, purse{"the stranger", stranger, owed}, purse{"the member", member, 30}, purse{"the company", founded.Company, 5501 - owed - 30})
	if owed < 4500 || owed > 4501 {
		s.t.Errorf("the member was paid %d of 4501", owed)
	}
	coin.Mint(s.t, board, 5501)
}

// issues sells a token of an issue and settles one of its rights.
func (p *practice) issues(coin *chaintest.Coin, board, doctor sinso.Address) {
	t := p.board.t
	t.Helper()
	at, err := p.board.Deeds.At("Creators")
	if err != nil {
		t.Fatal(err)
	}
	in := texts{"currency": coin.At.String()}
	p.board.do("creator", "attest", texts{"creator": doctor.String(), "weight": "4", "until": p.board.at(120 * day)}, nil)
	p.doctor.do("creator", "stake", in.with("amount", "1000000"), nil)
	hold(t, coin, "staked", at, purse{"the doctor", doctor, 0}, purse{"Creators", at, 1_000_000})
	opened, err := p.open("2", in)
	if err != nil {
		t.Fatal(err)
	}
	issue := texts{"issue": opened.Issue.String()}
	ann, annAt := p.holder("m_ann")
	act, err := way.ActNamed("creator", "buy")
	if err != nil {
		t.Fatal(err)
	}
	given, err := act.Read(map[string][]string{"issue": {issue["issue"]}, "for": {annAt}})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := p.board.PlanAct(t.Context(), act, given)
	if err != nil || len(plan.Steps) != 2 || plan.Value.Int().Sign() != 0 || plan.Steps[0].Doing != "let it take 10000 TOK (TOK, the token at "+coin.At.String()+")" {
		t.Errorf("the plan: got %+v, %v", plan, err)
	}
	token := p.bought(issue["issue"], annAt)
	hold(t, coin, "bought", at, purse{"the payer", board, 2_000_000}, purse{"Creators", at, 2_000_000})
	p.board.do("creator", "collect", issue, nil)
	for n, want := range []int64{150_000, 50_000, 50_000} {
		p.board.do("creator", "claim", issue.with("part", p.part(n)), nil)
		hold(t, coin, "claimed", at, purse{"a patient", p.tree.Parts[n].Account, want})
	}
	p.doctor.do("creator", "pay", issue, nil)
	p.board.do("creator", "demand", ann.with("token", token, "right", "0", "nonce", "0"), nil)
	p.board.clock.leap(7*day + time.Minute)
	p.board.do("creator", "settle", texts{"token": token}, nil)
	var paid creator.Withdrawn
	p.has(ann, coin, 300_000, 0)
	keeps(t, p.board.Node, ann["person"], "3000 TOK (TOK, the token at "+coin.At.String()+") that creators owe: sinso creator take --currency "+coin.At.String())
	p.board.refused(sinso.ErrDenied, "creator", "take", ann) // of the chain's own money nothing
	p.board.do("creator", "take", ann.with("currency", coin.At.String()), &paid)
	p.has(ann, coin, 0, 300_000)
	keeps(t, p.board.Node, ann["person"], "there are 3000 TOK (TOK, the token at "+coin.At.String()+") in accounts")
	p.doctor.do("creator", "close", issue, nil)
	var now creator.Standing
	p.doctor.do("creator", "standing", in, &now)
	if now.Free.String() != "500000" || paid.Currency != coin.At || paid.Amount.String() != consultation || paid.To.String() != annAt {
		t.Errorf("paid %+v, and the creator stands at %+v; want 500000 free", paid, now)
	}
	p.doctor.do("creator", "unstake", in.with("amount", "500000"), nil)
	p.doctor.do("creator", "withdraw", in, nil)
	hold(t, coin, "settled", at, purse{"the holder", paid.To, 300_000}, purse{"the doctor", doctor, 750_000 + 500_000}, purse{"Creators", at, 200_000})
}

// has wants what a holder's account is owed here, and has, of a token.
func (p *practice) has(who texts, coin *chaintest.Coin, owed, has int64) {
	p.board.t.Helper()
	var now creator.Held
	p.board.do("creator", "held", texts{"person": who["person"], "at": who["at"]}, &now)
	if len(now.In) != 1 || now.In[0].At != coin.At || now.In[0].Symbol != "TOK" || now.In[0].Unasked || now.In[0].Owed.Int().Int64() != owed || now.In[0].Has.Int().Int64() != has {
		p.board.t.Errorf("held: %+v, want %d owed and %d there", now, owed, has)
	}
}

// TestTokensAreNamedBeforeAnErasure: a token that an asset's account was paid in refuses the erasure of its study, one that
// lies about what is there is named, and stops nothing.
func TestTokensAreNamedBeforeAnErasure(t *testing.T) {
	t.Parallel()
	d := newTokenDeal(t, chaintest.Honest)
	seller, study, coin := d.town.seller, string(d.row.Study), d.coin
	d.wantBought()
	other := d.second()
	liar, theirs := d.deploys(chaintest.LiesAboutWealth), d.deploys(chaintest.LiesAboutWealth)
	d.ask(liar, tokenPrice)
	sold := d.row
	d.row = other
	d.ask(theirs, tokenPrice) // another's
	d.row = sold
	has := sinso.NewWei(big.NewInt(coin.Has(t, d.row.Asset.Creator)))
	named := sinso.NewCurrency(coin.At, "TOK", 2)
	keeps(t, seller, study, "there are "+named.Text(has)+" ("+named.Name()+") in accounts; TOK, the token at "+liar.At.String()+" could not be asked what is in accounts; nothing is erased")
	erased, err := seller.Erase(t.Context(), string(other.Study), way.EraseOptions{Actor: "test"})
	if err != nil || erased.Done.IsZero() || len(erased.Unasked) != 1 || erased.Unasked[0] != theirs.At {
		t.Errorf("of which a token lies: %+v, %v; want it erased, and the token named", erased, err)
	}
	if erased, err = seller.Erase(t.Context(), study, way.EraseOptions{Actor: "test", LeaveMoney: true}); err != nil || erased.Done.IsZero() {
		t.Errorf("with its money left: %+v, %v", erased, err)
	}
}
