package sale

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// What an owner gave out is known by the log alone: by name and end, and by the chain how it stands.

func list(ctx context.Context, desk sinso.Desk, _ sinso.Given) (any, error) {
	return act.GivenSales(ctx, desk)
}

func cancel(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	hash := sinso.Of[sinso.Hash](given, "hash")
	signed, err := act.GivenSales(ctx, desk)
	if err != nil {
		return sinso.Draft{}, err
	}
	if !slices.ContainsFunc(signed, func(one act.GivenSale) bool { return one.Hash == hash }) {
		return sinso.Draft{}, fmt.Errorf("sale: no such sale of this asset was signed here; sinso sale ls names them; nothing is sent: %w", sinso.ErrNotFound)
	}
	at, err := desk.At("Exchange")
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.Sign(eip712.CancelDigest(desk.Domain(at), hash))
	back := step("take a sale back", exchange("cancel", desk.Actor(), hash, signature))
	back.Revokes = true
	return sinso.Draft{Steps: []sinso.Step{back}}, err
}

// Kept says in words which sales of an asset can be bought still that who acts signed, and in what they were paid that
// were bought.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (kept act.Kept, err error) {
	signed, err := act.GivenSales(ctx, desk)
	if err != nil {
		return kept, err
	}
	for _, one := range signed {
		if kept.Currencies, err = paidIn(ctx, desk, one.Hash, kept.Currencies); err != nil {
			return kept, err
		}
	}
	if !slices.ContainsFunc(signed, act.GivenSale.IsOpen) {
		return kept, nil
	}
	owner, err := act.OwnerOf(ctx, desk, token)
	if errors.Is(err, sinso.ErrInvalid) || err == nil && owner != desk.Actor() {
		return kept, nil // it is not on this chain, or another's
	}
	for _, one := range signed {
		if one.IsOpen() {
			kept.Says = append(kept.Says, fmt.Sprintf("the asset can be bought until %s by a sale that was signed: sinso sale cancel --token %s --hash %s",
				one.Until.UTC().Format(time.RFC3339), token, one.Hash))
		}
	}
	return kept, err
}

// paidIn adds what a sale was paid in, if it was bought: the chain tells, whether it was taken back after that or not.
func paidIn(ctx context.Context, desk sinso.Desk, hash sinso.Hash, all []sinso.Address) ([]sinso.Address, error) {
	err := desk.Each(ctx, "Exchange", sinso.Address{}, "Sold", []sinso.Hash{hash}, func(event sinso.ChainEvent) (bool, error) {
		var told struct{ Currency sinso.Address }
		err := desk.Told("Exchange", event, &told)
		all = append(all, told.Currency)
		return false, err
	})
	return all, err
}
