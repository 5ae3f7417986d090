package company

import (
	"context"

	"sinso.dev/sinso"
)

func paying() []sinso.Act {
	amount := sinso.Param{Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "how much of the company's currency, in its smallest unit: wei, if it is the chain's own money"}
	return []sinso.Act{
		{
			Noun: "company", Verb: "deposit", Short: "Pay a dividend to all who hold shares now, with whatever else came in",
			Params: []sinso.Param{at, amount}, Draft: draft(paid("pay a dividend", "deposit")),
		},
		{
			Noun: "company", Verb: "endow", Short: "Add to the reserve, which leaves only to those who leave, or to all",
			Params: []sinso.Param{at, amount}, Draft: draft(paid("add to the reserve", "endow")),
		},
		{
			Noun: "company", Verb: "collect", Short: "Divide what was sent to the company plainly",
			Params: []sinso.Param{at},
			Draft: draft(func(_ context.Context, _ sinso.Desk, c register, _ sinso.Given) (sinso.Draft, error) {
				return carried(c.step("divide what came in", "collect")), nil
			}),
		},
		{
			Noun: "company", Verb: "withdraw", Short: "Take what a person is owed: dividends, and the part of who left", Who: sinso.ActsMember,
			Long: "Without --to it goes to the person's account in the register, and anyone's money may carry it. With --to the\n" +
				"person's account sends it, and the node gives it what that costs. An address that is used elsewhere too shows whose it is.",
			Params: []sinso.Param{person, at, {Name: "to", Kind: sinso.KindAddress, Help: "where it goes; none: to the person's account in the register"}},
			Draft:  draft(withdraw),
		},
	}
}

// paid drafts a payment into a company.
func paid(doing, method string) drafting {
	return func(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
		var currency sinso.Address
		if err := desk.Ask(ctx, c.call("currency"), &currency); err != nil {
			return sinso.Draft{}, err
		}
		amount := sinso.Of[sinso.Wei](given, "amount")
		draft := carried(c.step(doing, method, amount))
		err := draft.Pay(ctx, desk, currency, amount)
		return draft, err
	}
}

// Withdrawn is what was paid.
type Withdrawn struct {
	To     sinso.Address `json:"to"`
	Amount sinso.Wei     `json:"amount"` // in units of the currency
}

func withdraw(_ context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	draft := carried(c.step("take what is owed", "withdraw", desk.Actor()))
	if to := sinso.Of[sinso.Address](given, "to"); to != (sinso.Address{}) {
		draft = own(c.step("take what is owed", "withdrawTo", to))
	}
	draft.Result = told("Company", "Withdrawn", &Withdrawn{})
	return draft, nil
}
