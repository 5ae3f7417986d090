package auction

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// Offered is an auction of a licence that was opened.
type Offered struct {
	Auction sinso.Hash  `json:"auction"`
	Order   sinso.Hash  `json:"order"`
	Offer   sinso.Offer `json:"offer"` // to give to bidders
}

// The bounds of IAuctions, which it would refuse without saying which, when the offer was signed and kept already.
const (
	minStepBps, maxStepBps = 100, 5_000
	maxExtension           = 3_600 // seconds
	maxAhead               = 90 * 24 * time.Hour
)

// check is ErrInvalid for what the contract does not take.
func (t Terms) check(now time.Time) error {
	var want string
	switch {
	case t.StepBps < minStepBps || t.StepBps > maxStepBps:
		want = fmt.Sprintf("a step of %d to %d", minStepBps, maxStepBps)
	case t.Extension > maxExtension:
		want = "an extension of at most 1h"
	case !t.StartsAt.After(now):
		want = "a start that is still to come"
	case t.EndsAt.Before(t.StartsAt) || t.EndsAt.After(now.Add(maxAhead)):
		want = "an end after the start, at most 90 days ahead"
	default:
		return nil
	}
	return fmt.Errorf("auction: want %s; nothing is signed: %w", want, sinso.ErrInvalid)
}

// licenceOf is the offer that is asked for. Its number is made of what it says and of the moment at which it is
// drafted, so that an act that was cut off asks for the same.
func (t Terms) licenceOf(desk sinso.Desk, given sinso.Given) (sinso.LicenceOffer, error) {
	o := sinso.LicenceOffer{
		Currency: t.Currency, Price: t.Reserve, EndsAt: t.EndsAt.Add(afterEnd), Transferable: sinso.Of[bool](given, "transferable"),
		Salt: sha256.Sum256(fmt.Appendf(nil, "sinso/auction/v1 %s %s %d %d", given["token"], t.Reserve, t.EndsAt.Unix(), desk.Now().Unix())),
	}
	if days, ok := given["term"].(uint64); ok {
		if days > sinso.MaxUseDays {
			return o, fmt.Errorf("auction: use ends after at most %d days, or not (0); nothing is signed: %w", sinso.MaxUseDays, sinso.ErrInvalid)
		}
		short := uint16(days)
		o.UseDays = &short
	}
	var err error
	o.Taker, err = desk.At("Auctions")
	return o, err
}

func offer(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	if _, err := market(ctx, desk); err != nil {
		return sinso.Draft{}, err
	}
	terms, err := termsOf(desk, given)
	if err == nil {
		err = terms.check(desk.Now())
	}
	if err != nil {
		return sinso.Draft{}, err
	}
	wanted, err := terms.licenceOf(desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	made := Offered{}
	if made.Order, made.Offer, err = desk.Offer(ctx, wanted); err != nil {
		return sinso.Draft{}, err
	}
	terms.OrderHash = made.Order
	id, signature, err := terms.signed(desk, wanted.Taker)
	made.Auction = id
	return sinso.Draft{
		Steps: []sinso.Step{step("open an auction of a licence", auctions("open", terms, signature, made.Offer.Order, made.Offer.Signature))},
		About: terms,
		Result: func(context.Context, sinso.Desk, []sinso.Done) (any, error) {
			return made, nil
		},
	}, err
}
