package node

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/fraction"
)

// TestFractions is the story of an asset that is split: some is given away, a dividend is divided, an offer
// fails by an objection, a second one stands, and the fractions are redeemed.
func TestFractions(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	ctx := t.Context()
	friend := s.company.account()
	var v fraction.Vault
	until := s.in(time.Hour)
	act, given := s.persons.read("fraction split", []string{"token", s.first, "supply", "1000", "until", until})
	plan, err := s.persons.n.PlanAct(ctx, act, given)
	if err != nil || len(plan.Steps) != 2 || plan.Pays != s.persons.account() {
		t.Errorf("the plan: got %+v, %v", plan, err)
	}
	s.persons.do(&v, "fraction split", "token", s.first, "supply", "1000", "until", until)
	owner, at := v.Holder.Account, v.Fraction.String()
	var holds sinso.Address
	s.persons.chainAsks(&holds, "Assets", "ownerOf", s.row.Token)
	if balance, err := s.town.seller.Chain.Balance(ctx, owner); err != nil || balance.Int().Sign() != 0 {
		t.Errorf("the owner's account has %s, %v, want nothing", balance, err)
	}
	if v.Supply != 1000 || v.Holder.Fractions != 1000 || v.Steward != owner || holds != v.Fraction {
		t.Fatalf("split: got %+v, and %s has the asset", v, holds)
	}
	s.persons.do(nil, "fraction give", "token", s.first, "to", friend.String(), "fractions", "400")
	s.company.do(nil, "fraction deposit", "fraction", at, "amount", "1000007")
	s.holder(at, owner, fraction.Holder{Account: owner, Fractions: 600, Owed: wei("600000")})
	s.holder(at, friend, fraction.Holder{Account: friend, Fractions: 400, Owed: wei("400000")})
	var paid struct {
		Amount sinso.Wei `json:"amountWei"`
	}
	s.persons.do(&paid, "fraction claim", "token", s.first)
	if paid.Amount.String() != "600000" {
		t.Errorf("claimed: got %s", paid.Amount)
	}
	s.persons.refused(sinso.ErrDenied, "owed nothing", "fraction claim", "token", s.first)

	s.company.do(nil, "fraction offer", "fraction", at, "price", "5")
	s.persons.do(nil, "fraction object", "token", s.first)
	s.persons.ask(&v, "fraction show", "fraction", at, "holder", friend.String())
	if v.Offer != nil || v.Holder.Owed.String() != "405000" {
		t.Errorf("after objections of more than half: got %+v", v)
	}
	s.clock.jump(25 * time.Hour)
	s.persons.do(nil, "fraction unlock", "token", s.first)
	s.company.do(nil, "fraction offer", "fraction", at, "price", "7")
	s.persons.refused(sinso.ErrDenied, "", "fraction close", "fraction", at)
	s.persons.refused(sinso.ErrDenied, "", "fraction redeem", "token", s.first)
	s.clock.jump(8 * 24 * time.Hour)
	s.company.do(nil, "fraction close", "fraction", at)
	s.persons.do(&paid, "fraction redeem", "token", s.first)
	s.persons.chainAsks(&holds, "Assets", "ownerOf", s.row.Token)
	if paid.Amount.String() != "4200" || holds != friend {
		t.Errorf("bought: the holder of 600 was paid %s, and %s has the asset", paid.Amount, holds)
	}
}

func wei(text string) (w sinso.Wei) {
	_ = w.UnmarshalText([]byte(text)) // what does not fit is seen as 0
	return w
}

func (s *staking) holder(at string, account sinso.Address, want fraction.Holder) {
	s.t.Helper()
	var v fraction.Vault
	s.persons.ask(&v, "fraction show", "fraction", at, "holder", account.String())
	if v.Holder.Account != want.Account || v.Holder.Fractions != want.Fractions || v.Holder.Owed.String() != want.Owed.String() {
		s.t.Errorf("the holder: got %+v, want %+v", v.Holder, want)
	}
}

// TestFractionsThatComeTogether are split by a call that is cut off, finished under its name, and reunited.
func TestFractionsThatComeTogether(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var steps atomic.Int32
	s := newStakingIn(t, &town{onStep: func(step string) {
		if step == "act fraction split" && steps.Add(1) == 2 {
			cancel()
		}
	}})
	act, given := s.persons.read("fraction split", []string{"token", s.first, "supply", "10", "until", s.in(time.Hour)})
	if _, err := s.persons.n.Act(ctx, fill(5), act, given, "test"); err == nil {
		t.Fatal("it was not cut off")
	}
	for range 2 {
		if done, err := s.persons.n.Act(t.Context(), fill(5), act, given, "test"); err != nil || len(done.Txs) != 1 {
			t.Fatalf("finished: %+v, %v", done, err)
		}
	}
	s.persons.refused(sinso.ErrInvalid, "1 to 4294967295", "fraction split", "token", s.other, "supply", "0", "until", s.in(time.Hour))
	s.persons.refused(sinso.ErrNotFound, "no such vault", "fraction reunite", "token", s.other)
	s.persons.refused(sinso.ErrNotFound, "no such vault", "fraction deposit", "fraction", s.company.account().String(), "amount", "1")
	s.persons.do(nil, "fraction reunite", "token", s.first)
	var owner sinso.Address
	s.persons.chainAsks(&owner, "Assets", "ownerOf", s.row.Token)
	if owner != s.row.Asset.Creator {
		t.Errorf("reunited: the asset is %s's", owner)
	}
}
