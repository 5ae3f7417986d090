package act

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// Afford is ErrDenied if an account has less of a token than it is to pay, and ErrInvalid if what is called the
// token is none.
func Afford(ctx context.Context, deeds sinso.Deeds, currency sinso.Currency, account sinso.Address, amount sinso.Wei) error {
	// An ERC-721 contract has a balance and an approve too, which would let go of the asset with that number: it has no allowance.
	var has, may sinso.Wei
	err := deeds.Ask(ctx, sinso.Call{Contract: sinso.ERC20, At: currency.At, Method: "allowance", Args: []any{account, account}}, &may)
	if err == nil {
		err = deeds.Ask(ctx, sinso.Call{Contract: sinso.ERC20, At: currency.At, Method: "balanceOf", Args: []any{account}}, &has)
	}
	switch {
	case errors.Is(err, sinso.ErrUnavailable):
		return err
	case err != nil:
		return fmt.Errorf("act: %s does not say what this account has of it, and what others may take, as an ERC-20 token does; nothing was spent: %w", currency.Name(), sinso.ErrInvalid)
	case has.Int().Cmp(amount.Int()) < 0:
		return fmt.Errorf("act: this account has %s of the %s asked (%s); nothing was spent: send it the rest: %w",
			currency.Text(has), currency.Text(amount), currency.Name(), sinso.ErrDenied)
	}
	return nil
}

// Again says that the act was begun before: what it takes may have been paid.
func (d *Desk) Again() { d.again = true }

// Resumes implements [sinso.Desk].
func (d *Desk) Resumes() bool { return d.again }

// Pay implements [sinso.Desk].
func (d *Desk) Pay(ctx context.Context, currency, to sinso.Address, amount sinso.Wei) (first []sinso.Step, value sinso.Wei, err error) {
	if currency == (sinso.Address{}) {
		return nil, amount, nil
	}
	token, err := d.deeds.Currency(ctx, currency)
	if err != nil {
		return nil, value, err
	}
	if !d.again {
		if err := Afford(ctx, d.deeds, token, d.sender, amount); err != nil {
			return nil, value, err
		}
	}
	var now sinso.Wei
	allowed := sinso.Call{Contract: sinso.ERC20, At: currency, Method: "allowance", Args: []any{d.sender, to}}
	if err := d.deeds.Ask(ctx, allowed, &now); err != nil {
		return nil, value, fmt.Errorf("act: %s does not say what may be taken of it: %w", token.Name(), err)
	}
	same := now.Int().Cmp(amount.Int()) == 0
	none := approval(currency, to, sinso.Wei{}, "let it take nothing of "+token.Name()+" before")
	none.Skip = same || now.Int().Sign() == 0 // some tokens go from one amount to another over zero alone
	exact := approval(currency, to, amount, "let it take "+token.Text(amount)+" ("+token.Name()+")")
	exact.Skip = same
	return []sinso.Step{none, exact}, value, nil
}

// approval is the step by which the sender lets a contract take an amount of a token.
func approval(currency, to sinso.Address, amount sinso.Wei, doing string) sinso.Step {
	return sinso.Step{Deed: sinso.Deed{
		Doing: doing, Call: sinso.Call{Contract: sinso.ERC20, At: currency, Method: "approve", Args: []any{to, amount}},
	}}
}
