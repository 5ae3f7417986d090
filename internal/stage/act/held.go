package act

import (
	"context"
	"errors"

	"sinso.dev/sinso"
)

// Kept is what who acts has by some contracts.
type Kept struct {
	Says       []string        // in words, what of it would be lost with the account's key
	Currencies []sinso.Address // what these contracts pay it in, owed or not; zero: the chain's own money
}

// Add adds what other contracts keep.
func (k *Kept) Add(other Kept) {
	k.Says = append(k.Says, other.Says...)
	k.Currencies = append(k.Currencies, other.Currencies...)
}

// Amount is an amount of a currency in words, with the currency's address where it is a token.
func Amount(ctx context.Context, desk sinso.Desk, currency sinso.Address, amount sinso.Wei) (string, error) {
	known, err := desk.Currency(ctx, currency)
	if err != nil || !known.IsToken() {
		return known.Text(amount), err
	}
	return known.Text(amount) + " (" + known.Name() + ")", nil
}

// Balance is what an account has of a token. Not asked: the token does not say, or says of an account that is
// nobody's that it has some too.
func Balance(ctx context.Context, desk sinso.Desk, token, account sinso.Address) (has sinso.Wei, asked bool, err error) {
	salt, err := desk.Salt()
	if err != nil {
		return has, false, err
	}
	var nobodys sinso.Wei
	var nobody sinso.Address
	copy(nobody[:], salt[:])
	for _, question := range []struct {
		of   sinso.Address
		into *sinso.Wei
	}{{account, &has}, {nobody, &nobodys}} {
		err := desk.Ask(ctx, sinso.Call{Contract: sinso.ERC20, At: token, Method: "balanceOf", Args: []any{question.of}}, question.into)
		if errors.Is(err, sinso.ErrUnavailable) || ctx.Err() != nil {
			return sinso.Wei{}, false, err
		}
		if err != nil {
			return sinso.Wei{}, false, nil //nolint:nilerr // it is the token that does not say
		}
	}
	if nobodys.Int().Sign() != 0 {
		return sinso.Wei{}, false, nil
	}
	return has, true, nil
}
