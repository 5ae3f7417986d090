package stake

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func dividends() []sinso.Act {
	amount := sinso.Param{Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "how much of the pool's currency, in its smallest unit: wei, if it is the chain's own money"}
	return []sinso.Act{
		{
			Noun: "dividend", Verb: "deposit", Short: "Pay into a pool; it flows to those who stand, by weight and time",
			Long:   "What has flowed is theirs and cannot be taken back. Anyone may pay in.",
			Params: []sinso.Param{inPool(), amount}, Draft: deposit,
		},
		{
			Noun: "dividend", Verb: "claim", Who: sinso.ActsOwner, Short: "Have what a staked asset has earned paid to its account",
			Params: []sinso.Param{{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "the asset"}}, Draft: claim,
		},
		{
			Noun: "dividend", Verb: "show", Short: "What flows in a pool, and what its company has promised",
			Params: []sinso.Param{inPool()}, Ask: showFlow,
		},
		{
			Noun: "dividend", Verb: "pledge", Short: "As a company, promise a least deposit by a day, with a bond",
			Long: "If less was deposited by then, anyone can let the bond flow to those who stand.",
			Params: []sinso.Param{
				inPool(),
				{Name: "bond", Kind: sinso.KindWei, Needed: true, Help: "what is put up, in the smallest unit of the pool's currency"},
				{Name: "least", Kind: sinso.KindWei, Needed: true, Help: "what will be deposited from now on, in the same"},
				{Name: "by", Kind: sinso.KindTime, Needed: true, Help: "until when: within 366 days"},
			},
			Draft: pledge,
		},
		{
			Noun: "dividend", Verb: "take-bond", Short: "As a company that kept its promise, take the bond back",
			Params: []sinso.Param{inPool()},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("take the bond back", "takeBond", sinso.Of[sinso.Hash](given, "pool"), desk.Actor()), nil
			},
		},
		{
			Noun: "dividend", Verb: "forfeit", Short: "Let the bond of a broken promise flow to those who stand",
			Params: []sinso.Param{inPool()},
			Draft: func(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("let a bond flow", "forfeit", sinso.Of[sinso.Hash](given, "pool")), nil
			},
		},
		{
			Noun: "dividend", Verb: "reclaim", Short: "As a company, take back what has not flowed from a pool in which nobody stands",
			Params: []sinso.Param{inPool()},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("take back what has not flowed", "reclaim", sinso.Of[sinso.Hash](given, "pool"), desk.Actor()), nil
			},
		},
	}
}

func deposit(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	p, err := poolOf(ctx, desk, sinso.Of[sinso.Hash](given, "pool"))
	if err != nil {
		return sinso.Draft{}, err
	}
	amount := sinso.Of[sinso.Wei](given, "amount")
	return paid(ctx, desk, p, amount, one("deposit a dividend", "deposit", p.Pool, amount))
}

func claim(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	mine, err := own(ctx, desk, given)
	draft := one("claim a dividend", "claim", mine)
	draft.Result = func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[0].Events {
			if event.Name == "Claimed" {
				var claimed struct {
					Stake  sinso.Hash    `json:"stake" abi:"stakeHash"`
					To     sinso.Address `json:"to"`
					Amount sinso.Wei     `json:"amountWei"`
				}
				err := desk.Told("Staking", event, &claimed)
				return claimed, err
			}
		}
		return nil, fmt.Errorf("stake: the transaction paid nothing: %w", sinso.ErrCorrupt)
	}
	return draft, err
}

func pledge(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	p, err := poolOf(ctx, desk, sinso.Of[sinso.Hash](given, "pool"))
	if err != nil {
		return sinso.Draft{}, err
	}
	bond := sinso.Of[sinso.Wei](given, "bond")
	return paid(ctx, desk, p, bond, one("pledge a dividend", "pledge", p.Pool, bond, sinso.Of[sinso.Wei](given, "least"), sinso.Of[time.Time](given, "by")))
}

// Flow is what flows in a pool.
type Flow struct {
	Pool
	Pledge *Pledge `json:"pledge,omitempty"` // none: the company has promised nothing
}

// Pledge is what a company has promised to deposit.
type Pledge struct {
	Bond    sinso.Wei `json:"bondWei"`
	DueAt   time.Time `json:"dueAt"`
	Minimum sinso.Wei `json:"leastWei"`
	Paid    sinso.Wei `json:"paidWei"` // of it so far
}

func showFlow(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := poolOf(ctx, desk, sinso.Of[sinso.Hash](given, "pool"))
	if err != nil {
		return nil, err
	}
	var pledged Pledge
	if err := desk.Ask(ctx, staking("pledgeOf", p.Pool), &pledged); err != nil {
		return nil, err
	}
	out := Flow{Pool: p}
	if pledged.Bond.Int().Sign() > 0 {
		out.Pledge = &pledged
	}
	return out, nil
}
