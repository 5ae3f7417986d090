package fraction

import (
	"context"
	"math/big"

	"sinso.dev/sinso"
)

func buyouts() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "fraction", Verb: "offer", Short: "Offer to buy all fractions, and put the price down",
			Long:   "It stands for 7 days and cannot be taken back. It comes back if another offers 5 % more, or if holders of more than half object.",
			Params: []sinso.Param{at(), {Name: "price", Kind: sinso.KindWei, Needed: true, Help: "for each fraction, in wei"}},
			Draft:  offer,
		},
		{
			Noun: "fraction", Verb: "object", Who: sinso.ActsOwner, Short: "Object to the offer with all fractions of an asset's owner",
			Long:   "They are locked for a day and keep earning. A tenth puts the end off to 30 days from now, once; more than half end the offer.",
			Params: []sinso.Param{token()}, Draft: bySelf("object to an offer", "object"),
		},
		{
			Noun: "fraction", Verb: "unlock", Who: sinso.ActsOwner, Short: "Unlock fractions that were counted, a day after",
			Params: []sinso.Param{token()}, Draft: bySelf("unlock fractions", "unlock"),
		},
		{
			Noun: "fraction", Verb: "close", Short: "Give the asset to who offered, when the time to object is over",
			Params: []sinso.Param{at()}, Draft: anyone("close a vault", "close"),
		},
		{
			Noun: "fraction", Verb: "redeem", Who: sinso.ActsOwner, Short: "Give up the fractions of a bought asset for their price",
			Long:   "Collect before: who has redeemed gets nothing of what comes in later.",
			Params: []sinso.Param{token()},
			Draft: holds(func(v vault, _ sinso.Given, desk sinso.Desk) sinso.Draft {
				draft := v.self("redeem fractions", "redeem", desk.Actor())
				draft.Result = paid
				return draft
			}),
		},
		{
			Noun: "fraction", Verb: "reunite", Who: sinso.ActsOwner, Short: "Have the asset back, with all fractions in one hand",
			Params: []sinso.Param{token()}, Draft: bySelf("take an asset out of its vault", "reunite"),
		},
	}
}

func bySelf(doing, method string) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return holds(func(v vault, _ sinso.Given, _ sinso.Desk) sinso.Draft { return v.self(doing, method) })
}

func offer(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	v, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	price := sinso.Of[sinso.Wei](given, "price")
	whole := new(big.Int).Mul(price.Int(), new(big.Int).SetUint64(uint64(v.Terms.Supply)))
	return v.paid(ctx, desk, sinso.NewWei(whole), v.one("offer to buy all fractions", "offer", price))
}
