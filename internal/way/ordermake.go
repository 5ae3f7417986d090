package way

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/panel"
	"sinso.dev/sinso/internal/stage/market"
)

// OfferOptions say how a further offer of a release differs from what it was released on.
type OfferOptions struct {
	Actor        string
	Price        sinso.Wei
	Floor        *sinso.Wei    // what it falls to, evenly, until the offer ends; nil: the price is fixed
	Copies       uint32        // how often it can be filled; zero is without limit
	OfferDays    uint16        // how long it can be bought; zero: as the release
	EndsAt       time.Time     // last moment to buy it, instead of OfferDays; zero: as those say
	Salt         sinso.Hash    // its number; zero: a fresh one
	UseDays      *uint16       // how long a buyer may use it; zero is without an end, nil: as the release
	Transferable bool          // whether a buyer may pass the licence on
	Taker        sinso.Address // who alone may fill it; zero is anyone
	Currency     sinso.Address // an ERC-20 token; zero is the chain's own money
	// Panel decides if a buyer says that the content is wrong; zero is nobody, nil: as the release.
	Panel *sinso.Address
}

// PlannedOffer is what an offer would say. Its hash is known once it is signed.
type PlannedOffer struct {
	Release sinso.ReleaseID `json:"release"`
	Order   sinso.Order     `json:"order"` // but for its salt
	Licence string          `json:"licence"`
	Fee     sinso.Wei       `json:"feeWei"` // what making it costs: nothing, a signature goes to no chain
}

// PlanOffer says what [Way.MakeOffer] would sign. Nothing is signed or kept.
func (w *Way) PlanOffer(ctx context.Context, id sinso.ReleaseID, o OfferOptions) (PlannedOffer, error) {
	row, err := w.offerable(ctx, id, &o)
	if err != nil {
		return PlannedOffer{}, err
	}
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
	if err != nil {
		return PlannedOffer{}, err
	}
	order, err := w.orderOn(row, key, &o)
	return PlannedOffer{Release: id, Order: order, Licence: market.LicenceText(row.Terms.Licence)}, err
}

// MakeOffer signs a further offer of a release that is registered, in its person's name. It
// stands beside those that were made before. ErrDenied: the release may not be offered.
func (w *Way) MakeOffer(ctx context.Context, id sinso.ReleaseID, o OfferOptions) (sinso.OrderRow, error) {
	row, err := w.offerable(ctx, id, &o)
	if err != nil {
		return sinso.OrderRow{}, err
	}
	hash, err := w.signOffer(ctx, row, o.Actor, &o)
	if err != nil {
		return sinso.OrderRow{}, err
	}
	return w.Order(ctx, hash)
}

// offerable reads a release that can be offered, with the terms that it is offered on now.
func (w *Way) offerable(ctx context.Context, id sinso.ReleaseID, o *OfferOptions) (sinso.ReleaseRow, error) {
	if w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	row, err := w.ReleaseRow(ctx, id)
	if err != nil {
		return row, fmt.Errorf("way: release %s: %w", id, err)
	}
	if row.State != sinso.ReleaseIsRegistered {
		return row, fmt.Errorf("way: release %s is %s; only one that is registered on the chain can be offered: %w", id, row.State, sinso.ErrDenied)
	}
	owner, err := w.Chain.Owner(ctx, row.Token)
	if err != nil {
		return row, fmt.Errorf("way: token %s: %w", row.Token, err)
	}
	if owner != row.Asset.Creator {
		return row, fmt.Errorf("way: token %s is not the seller's any more, so nobody could fill an offer of it: %w", row.Token, sinso.ErrDenied)
	}
	if o.OfferDays != 0 {
		row.Terms.OfferDays = o.OfferDays
	}
	if o.UseDays != nil {
		row.Terms.Licence.Days = *o.UseDays
	}
	if o.Panel != nil {
		row.Terms.Panel = *o.Panel
	}
	if err := o.check(row.Terms); err != nil {
		return row, err
	}
	return row, w.ablePanel(ctx, row.Terms.Panel, row.Asset.Creator)
}

// ablePanel is nil for no panel, and for one that could decide a dispute now: nobody sells under another.
func (w *Way) ablePanel(ctx context.Context, at, seller sinso.Address) error {
	if at == (sinso.Address{}) {
		return nil
	}
	if w.Deeds == nil {
		return fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	account, err := w.Account(ctx)
	if err != nil {
		return err
	}
	seat, err := w.seat(ctx, account, time.Time{})
	if err != nil {
		return err
	}
	return panel.Able(ctx, &desk{Desk: seat, mute: true}, at, seller)
}

// check is ErrInvalid for what no contract takes, or what nobody can have meant.
func (o *OfferOptions) check(terms sinso.Terms) error {
	const priceBits = 128
	price := o.Price.Int()
	switch {
	case price.Sign() == 0:
		return fmt.Errorf("way: an offer needs a price above zero: %w", sinso.ErrInvalid)
	case price.BitLen() > priceBits:
		return fmt.Errorf("way: a price is below 2^%d wei: %w", priceBits, sinso.ErrInvalid)
	case o.Floor != nil && o.Floor.Int().Cmp(price) > 0:
		return fmt.Errorf("way: the floor is above the price, and a price only falls: %w", sinso.ErrInvalid)
	case o.Floor != nil && o.Floor.Int().Sign() == 0:
		return fmt.Errorf("way: the floor is zero, so the last moment would give it away: %w", sinso.ErrInvalid)
	}
	return terms.Check()
}

// orderOn makes the order of a release on what o says; nil: what it was released on. A fresh salt
// is left open.
func (w *Way) orderOn(row sinso.ReleaseRow, key sinso.CEK, o *OfferOptions) (sinso.Order, error) {
	now := w.Clock.Now()
	price := row.Price
	if o != nil {
		price = o.Price
	}
	order, err := market.NewOrder(row.Asset.Creator, row.Token, price, row.Manifest, key, row.Terms, now)
	if err != nil || o == nil {
		return order, err
	}
	order.Copies, order.Transferable, order.Taker, order.Currency = o.Copies, o.Transferable, o.Taker, o.Currency
	order.Salt = o.Salt
	if !o.EndsAt.IsZero() {
		order.EndsAt = o.EndsAt.UTC()
	}
	if o.Floor != nil && o.Floor.Int().Cmp(o.Price.Int()) < 0 {
		order.Floor, order.StartsAt = sinso.NewWei(new(big.Int).Set(o.Floor.Int())), now.UTC().Truncate(time.Second)
	}
	return order, nil
}
