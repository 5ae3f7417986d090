package chaintest

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// DeedRig is one chain whose port [sinso.Deeds] is tested. It is the same chain as the Rig's, and carries
// at least 100 transactions an hour and a day for others, at any fee.
type DeedRig struct {
	Rig

	Deeds sinso.Deeds
}

// RunDeeds runs the conformance suite of port [sinso.Deeds] over one rig.
func RunDeeds(t *testing.T, open func(t *testing.T) DeedRig) {
	t.Helper()
	rig := open(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, DeedRig)
	}{
		{"ContractsStandWhereTheChainSays", testAt},
		{"APlanSendsNothing", testPlan},
		{"APlanSaysWhatIsRefused", testPlanRefused},
		{"ADeedIsDoneOnce", testDoOnce},
		{"ADeedIsItsAccounts", testDoBy},
		{"ADeedThatWasRefusedLeavesItsName", testDoRefused},
		{"WhatIsCarriedIsDoneOnce", testRelay},
		{"WhatIsCarriedTakesNoMoney", testRelayMoney},
		{"FundsAreSentOnce", testFundFor},
		{"AnswersFit", testAsk},
		{"ATokenIsShownAsFarAsItCanBe", testCurrency},
		{"ATokenThatIsDearIsNotCalled", testDearToken},
		{"ACallIsItsBytes", testEncode},
		{"EventsComeTheNewestFirst", testEach},
		{"AnEventIsReadAsItsContractWritesIt", testTold},
		{"WhatDoesNotFitIsInvalid", testMisfits},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, rig) })
	}
}

// entry is the deed that enters somebody's identity, signed by whom it takes.
func (r DeedRig) entry(owner, signer person) sinso.Deed {
	at := r.Chain.Contracts()
	signature := signer.sign(eip712.EntryDigest(eip712.Domain(at.Identity, at.ChainID), owner.address))
	return sinso.Deed{
		Doing: "enter an identity",
		Call:  sinso.Call{Contract: "Identity", Method: "enter", Args: []any{owner.address, signature}},
	}
}

// holder asks whose an identity is.
func (r DeedRig) holder(t *testing.T, owner person) (sinso.Address, error) {
	t.Helper()
	var holder sinso.Address
	call := sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{eip712.IdentityToken(owner.address)}}
	err := r.Deeds.Ask(t.Context(), call, &holder)
	return holder, err
}

// isOf checks that an identity is its owner's, or is not there.
func (r DeedRig) isOf(t *testing.T, owner person, entered bool) {
	t.Helper()
	holder, err := r.holder(t, owner)
	if entered {
		ok(t, "owner", err)
		equal(t, "owner", holder, owner.address)
		return
	}
	is(t, "the owner of what was not entered", err, sinso.ErrInvalid)
}

func (r DeedRig) balance(t *testing.T, of sinso.Address) sinso.Wei {
	t.Helper()
	balance, err := r.Chain.Balance(t.Context(), of)
	ok(t, "balance", err)
	return balance
}

func testAt(t *testing.T, r DeedRig) {
	at := r.Chain.Contracts()
	for name, want := range map[string]sinso.Address{"Identity": at.Identity, "Assets": at.Assets} {
		got, err := r.Deeds.At(name)
		ok(t, "at "+name, err)
		equal(t, name, got, want)
	}
	_, err := r.Deeds.At("Nothing")
	is(t, "a contract that is none", err, sinso.ErrUnsupported)
}

func testPlan(t *testing.T, r DeedRig) {
	owner, from := somebody(), r.payer(t)
	before := r.balance(t, from.address)
	plan, err := r.Deeds.Plan(t.Context(), r.entry(owner, owner), from.address)
	ok(t, "plan", err)
	at := r.Chain.Contracts()
	if plan.From != from.address || plan.To != at.Identity || plan.Doing != "enter an identity" || plan.Gas < 40_000 || plan.Gas > 200_000 ||
		plan.Fee.Int().Sign() <= 0 || plan.MostFee.Int().Cmp(plan.Fee.Int()) < 0 {
		t.Errorf("the plan: %+v", plan)
	}
	equal(t, "balance in the plan", plan.Balance, before)
	equal(t, "balance after", r.balance(t, from.address), before)
	r.isOf(t, owner, false)
	poor, err := r.Deeds.Plan(t.Context(), r.entry(owner, owner), owner.address)
	ok(t, "plan of an account that has nothing", err)
	equal(t, "its balance", poor.Balance, sinso.Wei{})
}

func testPlanRefused(t *testing.T, r DeedRig) {
	owner, from := somebody(), r.payer(t)
	_, err := r.Deeds.Plan(t.Context(), r.entry(owner, somebody()), from.address)
	is(t, "signed by another", err, sinso.ErrUnsigned)
	is(t, "signed by another", err, sinso.ErrDenied)
	unsigned := r.entry(owner, owner)
	unsigned.Args = []any{owner.address, make([]byte, 65)}
	_, err = r.Deeds.Plan(t.Context(), unsigned, from.address)
	is(t, "not signed", err, sinso.ErrUnsigned)
	_, err = r.Deeds.Do(t.Context(), random(), r.entry(owner, owner), [32]byte{})
	ok(t, "enter", err)
	_, err = r.Deeds.Plan(t.Context(), r.entry(owner, owner), from.address)
	is(t, "a second entry", err, sinso.ErrDenied)
	if errors.Is(err, sinso.ErrUnsigned) {
		t.Error("a second entry: it was signed")
	}
	dear := r.entry(somebody(), owner)
	dear.Value = wei(5)
	_, err = r.Deeds.Plan(t.Context(), dear, owner.address)
	is(t, "more money than the account has", err, sinso.ErrDenied)
}

// sameDone checks that a deed that was asked for again was not done again.
func sameDone(t *testing.T, what string, first, again sinso.Done, err error) {
	t.Helper()
	same(t, what, first.Tx, again.Tx, err)
	equal(t, what+": the fee again", again.Fee, first.Fee)
	if first.Fee.Int().Sign() <= 0 || len(first.Events) == 0 || len(again.Events) != len(first.Events) {
		t.Errorf("%s: it cost %s and told %d events, and again %d", what, first.Fee, len(first.Events), len(again.Events))
	}
}

func testDoOnce(t *testing.T, r DeedRig) {
	owner, once := somebody(), sinso.Hash(random())
	deed := r.entry(owner, owner)
	_, err := r.Deeds.Do(t.Context(), sinso.Hash{}, deed, [32]byte{})
	is(t, "a deed without a name", err, sinso.ErrInvalid)
	done, err := r.Deeds.Do(t.Context(), once, deed, [32]byte{})
	ok(t, "do", err)
	again, err := r.Deeds.Do(t.Context(), once, deed, [32]byte{})
	sameDone(t, "do", done, again, err)
	r.isOf(t, owner, true)
	other := somebody()
	_, err = r.Deeds.Do(t.Context(), once, r.entry(other, other), [32]byte{})
	is(t, "another deed by its name", err, sinso.ErrExists)
	r.isOf(t, other, false)
}

func testDoBy(t *testing.T, r DeedRig) {
	owner, by := somebody(), r.payer(t)
	before := r.balance(t, by.address)
	done, err := r.Deeds.Do(t.Context(), random(), r.entry(owner, owner), by.secret)
	ok(t, "do", err)
	paid := before.Int()
	equal(t, "what it cost the account", sinso.NewWei(paid.Sub(paid, r.balance(t, by.address).Int())), done.Fee)
}

func testDoRefused(t *testing.T, r DeedRig) {
	owner, once := somebody(), sinso.Hash(random())
	_, err := r.Deeds.Do(t.Context(), once, r.entry(owner, somebody()), [32]byte{})
	is(t, "signed by another", err, sinso.ErrDenied)
	r.isOf(t, owner, false)
	_, err = r.Deeds.Do(t.Context(), once, r.entry(owner, owner), [32]byte{})
	ok(t, "the name of what was refused", err)
	r.isOf(t, owner, true)
}

func testRelay(t *testing.T, r DeedRig) {
	owner, once := somebody(), sinso.Hash(random())
	portion := sinso.Portion{For: random()}
	done, err := r.Deeds.Relay(t.Context(), once, r.entry(owner, owner), portion)
	ok(t, "carry", err)
	again, err := r.Deeds.Relay(t.Context(), once, r.entry(owner, owner), portion)
	sameDone(t, "carry", done, again, err)
	r.isOf(t, owner, true)
	equal(t, "what the owner paid", r.balance(t, owner.address), sinso.Wei{})
	other := somebody()
	_, err = r.Deeds.Relay(t.Context(), once, r.entry(other, other), portion)
	is(t, "another deed by its name", err, sinso.ErrExists)
	_, err = r.Deeds.Relay(t.Context(), random(), r.entry(other, owner), portion)
	is(t, "signed by another", err, sinso.ErrDenied)
	r.isOf(t, other, false)
}

func testRelayMoney(t *testing.T, r DeedRig) {
	owner := somebody()
	deed := r.entry(owner, owner)
	deed.Value = wei(1)
	_, err := r.Deeds.Relay(t.Context(), random(), deed, sinso.Portion{For: random()})
	is(t, "carry money", err, sinso.ErrDenied)
	r.isOf(t, owner, false)
}

func testFundFor(t *testing.T, r DeedRig) {
	to, once := somebody(), sinso.Hash(random())
	portion := sinso.Portion{For: random()}
	tx, err := r.Deeds.FundFor(t.Context(), once, to.address, wei(1234), portion)
	ok(t, "fund", err)
	again, err := r.Deeds.FundFor(t.Context(), once, to.address, wei(1234), portion)
	same(t, "fund", tx, again, err)
	_, err = r.Deeds.FundFor(t.Context(), once, to.address, wei(1235), portion)
	is(t, "another amount by its name", err, sinso.ErrExists)
	equal(t, "balance", r.balance(t, to.address), wei(1234))
}

func testAsk(t *testing.T, r DeedRig) {
	owner := somebody()
	_, err := r.Deeds.Do(t.Context(), random(), r.entry(owner, owner), [32]byte{})
	ok(t, "enter", err)
	var n uint64
	ok(t, "ask for a number", r.Deeds.Ask(t.Context(), sinso.Call{Contract: "Identity", Method: "balanceOf", Args: []any{owner.address}}, &n))
	equal(t, "balance", n, uint64(1))
	var text string
	ok(t, "ask for a text", r.Deeds.Ask(t.Context(), sinso.Call{Contract: "Identity", Method: "symbol"}, &text))
	if text == "" {
		t.Error("the token has no symbol")
	}
	var at sinso.Address
	is(t, "a number for an address", r.Deeds.Ask(t.Context(), sinso.Call{Contract: "Identity", Method: "balanceOf", Args: []any{owner.address}}, &at), sinso.ErrInvalid)
	is(t, "nowhere to put it", r.Deeds.Ask(t.Context(), sinso.Call{Contract: "Identity", Method: "symbol"}, nil), sinso.ErrInvalid)
}

func testEncode(t *testing.T, r DeedRig) {
	token := sinso.TokenID(random())
	call := sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{token}}
	to, data, err := r.Deeds.Encode(t.Context(), call)
	ok(t, "encode", err)
	selector := eip712.Keccak([]byte("ownerOf(uint256)"))
	want := append(bytes.Clone(selector[:4]), token[:]...)
	equal(t, "to", to, r.Chain.Contracts().Identity)
	equal(t, "bytes", data, want)
	call.At = sinso.Address{7}
	to, _, err = r.Deeds.Encode(t.Context(), call)
	ok(t, "encode for another place", err)
	equal(t, "to", to, sinso.Address{7})
}

// transfers are those of identities that Each tells of, up to so many.
func (r DeedRig) transfers(t *testing.T, topics []sinso.Hash, most int) (all []sinso.ChainEvent) {
	t.Helper()
	ok(t, "each", r.Deeds.Each(t.Context(), "Identity", sinso.Address{}, "Transfer", topics, func(event sinso.ChainEvent) (bool, error) {
		all = append(all, event)
		return len(all) < most, nil
	}))
	return all
}

func testEach(t *testing.T, r DeedRig) {
	var tokens []sinso.Hash
	for range 3 {
		owner := somebody()
		_, err := r.Deeds.Do(t.Context(), random(), r.entry(owner, owner), [32]byte{})
		ok(t, "enter", err)
		tokens = append(tokens, eip712.IdentityToken(owner.address))
	}
	told := r.transfers(t, nil, 2)
	if len(told) != 2 || told[0].Token != tokens[2] || told[1].Token != tokens[1] || told[0].Name != "Transfer" || told[0].Block <= told[1].Block {
		t.Errorf("got %+v, want the last two of %v", told, tokens)
	}
	if none := r.transfers(t, []sinso.Hash{random()}, 1); len(none) != 0 {
		t.Errorf("from nobody: got %+v", none)
	}
	if all := r.transfers(t, []sinso.Hash{{}}, 3); len(all) != 3 || all[2].Token != tokens[0] {
		t.Errorf("from zero: got %+v", all)
	}
	stop := errors.New("enough")
	err := r.Deeds.Each(t.Context(), "Identity", sinso.Address{}, "Transfer", nil, func(sinso.ChainEvent) (bool, error) { return true, stop })
	is(t, "what the caller says", err, stop)
	err = r.Deeds.Each(t.Context(), "Identity", sinso.Address{}, "Nothing", nil, func(sinso.ChainEvent) (bool, error) { return true, nil })
	is(t, "an event that is none", err, sinso.ErrInvalid)
}

func testTold(t *testing.T, r DeedRig) {
	owner := somebody()
	done, err := r.Deeds.Do(t.Context(), random(), r.entry(owner, owner), [32]byte{})
	ok(t, "enter", err)
	type transfer struct {
		From, To sinso.Address
		Token    sinso.TokenID `abi:"tokenId"`
		Other    string
	}
	var event sinso.ChainEvent
	for _, e := range done.Events {
		if e.Name == "Transfer" {
			event = e
		}
	}
	read := transfer{Other: "as it was"}
	ok(t, "told", r.Deeds.Told("Identity", event, &read))
	equal(t, "told", read, transfer{To: owner.address, Token: eip712.IdentityToken(owner.address), Other: "as it was"})
	cut, bare, foreign := event, event, event
	cut.Topics, bare.Topics, foreign.Topics = event.Topics[:2], nil, []sinso.Hash{random()}
	for name, e := range map[string]sinso.ChainEvent{"cut": cut, "without a topic": bare, "of no contract": foreign} {
		is(t, "an event "+name, r.Deeds.Told("Identity", e, &transfer{}), sinso.ErrCorrupt)
	}
}

func testMisfits(t *testing.T, r DeedRig) {
	now, err := r.Chain.Now(t.Context())
	ok(t, "now", err)
	for name, tt := range map[string]struct {
		call sinso.Call
		want error
	}{
		"no such contract":  {sinso.Call{Contract: "Nothing", At: sinso.Address{1}, Method: "x"}, sinso.ErrInvalid},
		"no such function":  {sinso.Call{Contract: "Identity", Method: "mint"}, sinso.ErrInvalid},
		"too few arguments": {sinso.Call{Contract: "Identity", Method: "ownerOf"}, sinso.ErrInvalid},
		"a text for a word": {sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{"1"}}, sinso.ErrInvalid},
		"nothing at all":    {sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{nil}}, sinso.ErrInvalid},
		"a time for a name": {sinso.Call{Contract: "Identity", Method: "balanceOf", Args: []any{now}}, sinso.ErrInvalid},
	} {
		_, err := r.Deeds.Plan(t.Context(), sinso.Deed{Call: tt.call}, sinso.Address{1})
		is(t, "plan "+name, err, tt.want)
		_, err = r.Deeds.Do(t.Context(), random(), sinso.Deed{Call: tt.call}, [32]byte{})
		is(t, "do "+name, err, tt.want)
		var into sinso.Address
		is(t, "ask "+name, r.Deeds.Ask(t.Context(), tt.call, &into), tt.want)
		_, _, err = r.Deeds.Encode(t.Context(), tt.call)
		is(t, "encode "+name, err, tt.want)
	}
}
