package fraction

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

func token() sinso.Param {
	return sinso.Param{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "the asset"}
}

func at() sinso.Param {
	return sinso.Param{Name: "fraction", Kind: sinso.KindAddress, Needed: true, Help: "the vault, which fraction split printed"}
}

func vaults() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "fraction", Verb: "split", Who: sinso.ActsOwner, Short: "Put an asset into a vault, for a fixed number of fractions",
			Long: "The owner gets all fractions. Nobody can ever make more. From then on anybody may offer to buy all of them: " +
				"look at the vault once a week. The node pays the gas.",
			Params: []sinso.Param{
				token(),
				{Name: "supply", Kind: sinso.KindNumber, Needed: true, Help: "how many fractions; few beside the wei of a dividend"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment in which the node may do it"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token that dividends and offers are paid in (default: the chain's own money)"},
				{Name: "steward", Kind: sinso.KindAddress, Help: "who signs licences for the vault (default: the asset's owner)"},
				{Name: "salt", Kind: sinso.KindHash, Help: "another, to split the same asset by the same terms again"},
			},
			Draft: split,
		},
		{
			Noun: "fraction", Verb: "show", Short: "A vault: its asset, its steward, the offer for it, and what a holder has",
			Params: []sinso.Param{at(), {Name: "holder", Kind: sinso.KindAddress, Help: "whose fractions (default: this account)"}},
			Ask: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
				v, err := named(ctx, desk, given)
				if err != nil {
					return nil, err
				}
				holder := sinso.Of[sinso.Address](given, "holder")
				if holder == (sinso.Address{}) {
					holder = desk.Actor()
				}
				return shown(ctx, desk, v, holder)
			},
		},
		{
			Noun: "fraction", Verb: "give", Who: sinso.ActsOwner, Short: "Give fractions of an asset to somebody",
			Params: []sinso.Param{
				token(),
				{Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "to whom"},
				{Name: "fractions", Kind: sinso.KindNumber, Needed: true, Help: "how many"},
			},
			Draft: holds(func(v vault, given sinso.Given, _ sinso.Desk) sinso.Draft {
				return v.self("give fractions", "transfer", sinso.Of[sinso.Address](given, "to"), sinso.Of[uint64](given, "fractions"))
			}),
		},
		{
			Noun: "fraction", Verb: "deposit", Short: "Pay a dividend into a vault, the same for each fraction",
			Params: []sinso.Param{at(), {Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "how much of the vault's currency, in its smallest unit: wei, if it is the chain's own money"}},
			Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				v, err := named(ctx, desk, given)
				if err != nil {
					return sinso.Draft{}, err
				}
				amount := sinso.Of[sinso.Wei](given, "amount")
				return v.paid(ctx, desk, amount, v.one("pay a dividend", "deposit", amount))
			},
		},
		{
			Noun: "fraction", Verb: "collect", Short: "Divide what was sent to a vault plainly, as the proceeds of a licence are",
			Params: []sinso.Param{at()}, Draft: anyone("divide what came in", "collect"),
		},
		{
			Noun: "fraction", Verb: "claim", Who: sinso.ActsOwner, Short: "Have the owner of an asset paid what the vault owes it",
			Params: []sinso.Param{token()},
			Draft: holds(func(v vault, _ sinso.Given, desk sinso.Desk) sinso.Draft {
				draft := v.one("claim what a vault owes", "withdraw", desk.Actor())
				draft.Result = paid
				return draft
			}),
		},
	}
}

// holds drafts what the owner of an asset does with its fractions.
func holds(draft func(vault, sinso.Given, sinso.Desk) sinso.Draft) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		v, err := own(ctx, desk, given)
		if err != nil {
			return sinso.Draft{}, err
		}
		return draft(v, given, desk), nil
	}
}

// anyone drafts a call that anybody may make.
func anyone(doing, method string) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		v, err := named(ctx, desk, given)
		return v.one(doing, method), err
	}
}

func paid(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
	for _, event := range done[0].Events {
		if event.Name == "Withdrawn" {
			var out struct {
				To     sinso.Address `json:"to"`
				Amount sinso.Wei     `json:"amountWei"`
			}
			err := desk.Told("Fraction", event, &out)
			return out, err
		}
	}
	return nil, fmt.Errorf("fraction: the transaction paid nothing: %w", sinso.ErrCorrupt)
}

// Vault is a vault as it stands.
type Vault struct {
	Fraction sinso.Address `json:"fraction"`
	Token    sinso.TokenID `json:"token"`
	Supply   uint64        `json:"supply"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Steward  sinso.Address `json:"steward"`  // now
	Closed   bool          `json:"closed"`   // the asset has left
	Offer    *Offer        `json:"offer,omitempty"`
	Holder   Holder        `json:"holder"`
}

// Offer is an offer to buy all fractions, or the one by which they were bought.
type Offer struct {
	Bidder   sinso.Address `json:"bidder"`
	Price    sinso.Wei     `json:"pricePerFractionWei" abi:"PricePerFraction"`
	EndsAt   time.Time     `json:"endsAt"`
	Delayed  bool          `json:"delayed"`  // a tenth objected
	Objected uint64        `json:"objected"` // fractions that object
	Closed   bool          `json:"-"`
}

// Holder is what somebody has in a vault.
type Holder struct {
	Account   sinso.Address `json:"account"`
	Fractions uint64        `json:"fractions"`
	Locked    uint64        `json:"locked"` // of them
	Owed      sinso.Wei     `json:"owedWei"`
}

func shown(ctx context.Context, desk sinso.Desk, v vault, holder sinso.Address) (Vault, error) {
	out := Vault{Fraction: v.At, Token: v.TokenID, Supply: uint64(v.Terms.Supply), Currency: v.Terms.Currency, Holder: Holder{Account: holder}}
	var bid Offer
	var objected uint64
	for _, question := range []struct {
		call sinso.Call
		into any
	}{
		{v.call("steward"), &out.Steward},
		{v.call("buyout"), &bid},
		{v.call("objected"), &objected},
		{v.call("balanceOf", holder), &out.Holder.Fractions},
		{v.call("lockedOf", holder), &out.Holder.Locked},
		{v.call("owed", holder), &out.Holder.Owed},
	} {
		if err := desk.Ask(ctx, question.call, question.into); err != nil {
			return out, err
		}
	}
	if out.Closed = bid.Closed; bid.Bidder != (sinso.Address{}) {
		bid.Objected = objected
		out.Offer = &bid
	}
	return out, nil
}

// Kept says in words what the first owner of an asset, who acts, has in its vaults.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (all act.Kept, err error) {
	var mine []vault
	err = desk.Each(ctx, "Fractions", sinso.Address{}, "Fractionalised", []sinso.Hash{token}, func(event sinso.ChainEvent) (bool, error) {
		var v vault
		err := desk.Told("Fractions", event, &v)
		if err == nil && v.Owner == desk.Actor() {
			mine = append(mine, v)
		}
		return true, err
	})
	if err != nil {
		return all, err
	}
	for _, v := range mine {
		now, err := shown(ctx, desk, v, desk.Actor())
		if err != nil {
			return all, err
		}
		all.Currencies = append(all.Currencies, v.Terms.Currency)
		if now.Holder.Fractions > 0 {
			all.Says = append(all.Says, fmt.Sprintf("%d fractions of the asset %s: sinso fraction reunite, redeem or give", now.Holder.Fractions, token))
		}
		if now.Holder.Owed.Int().Sign() > 0 {
			owed, err := act.Amount(ctx, desk, v.Terms.Currency, now.Holder.Owed)
			if err != nil {
				return all, err
			}
			all.Says = append(all.Says, fmt.Sprintf("%s that the vault of the asset %s owes: sinso fraction claim", owed, token))
		}
	}
	return all, nil
}
