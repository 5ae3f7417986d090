package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/market"
)

// A licence that is auctioned is an offer that the contract of auctions alone fills. What a node bids for is a
// purchase from the first bid on, of the node's own account: it waits until the auction is settled, and goes on as
// after any fill. The price, and so the name of the trade, is known for certain then alone.

// Offer implements [sinso.Desk].
func (d *desk) Offer(ctx context.Context, wanted sinso.LicenceOffer) (sinso.Hash, sinso.Offer, error) {
	if d.way == nil || d.release == "" {
		return sinso.Hash{}, sinso.Offer{}, fmt.Errorf("way: no owner of an asset acts here, and only an owner offers a licence: %w", sinso.ErrInvalid)
	}
	o := OfferOptions{
		Actor: d.by, Price: wanted.Price, Copies: 1, Taker: wanted.Taker, Currency: wanted.Currency,
		EndsAt: wanted.EndsAt, UseDays: wanted.UseDays, Transferable: wanted.Transferable, Salt: wanted.Salt,
	}
	return d.way.offerOnce(ctx, d.release, o, d.begins)
}

// offerOnce is [Way.MakeOffer] of an order that is known before it is signed: what was offered so before is
// returned. begins is called before it is signed; nil: it is only planned, and there is the order alone.
func (w *Way) offerOnce(ctx context.Context, id sinso.ReleaseID, o OfferOptions, begins func(context.Context) error) (hash sinso.Hash, offer sinso.Offer, err error) {
	row, err := w.offerable(ctx, id, &o)
	if err != nil {
		return hash, offer, err
	}
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
	if err != nil {
		return hash, offer, err
	}
	if offer.Order, err = w.orderOn(row, key, &o); err == nil {
		hash, err = market.OrderHash(w.Chain.Contracts(), offer.Order)
	}
	if err != nil || begins == nil {
		offer.Signature = make([]byte, signatureSize)
		return hash, offer, err
	}
	end, err := w.buying.take(ctx, hash)
	if err != nil {
		return hash, offer, err
	}
	defer end()
	if _, kept, err := w.order(ctx, hash); !errors.Is(err, sinso.ErrNotFound) {
		return hash, kept, err
	}
	if err := begins(ctx); err != nil {
		return hash, offer, err
	}
	if _, err := w.signOffer(ctx, row, o.Actor, &o); err != nil {
		return hash, offer, err
	}
	_, offer, err = w.order(ctx, hash)
	return hash, offer, err
}

// signatureSize is that of r, s and v, in bytes.
const signatureSize = 65

// Bid implements [sinso.Desk].
func (d *desk) Bid(ctx context.Context, bid sinso.LicenceBid) (sinso.Fill, error) {
	if d.way == nil || d.person != "" {
		return sinso.Fill{}, fmt.Errorf("way: a node bids with its own account alone: %w", sinso.ErrInvalid)
	}
	w := d.way
	encoded, err := w.bidFor(ctx, bid)
	if err != nil {
		return sinso.Fill{}, err
	}
	offer, hash, err := w.checkOffer(ctx, encoded)
	if err != nil {
		return sinso.Fill{}, err
	}
	if hash != bid.Order {
		return sinso.Fill{}, fmt.Errorf("way: this is not the offer that is auctioned; nothing was spent: ask the seller for that: %w", sinso.ErrDenied)
	}
	end, err := w.buying.take(ctx, hash)
	if err != nil {
		return sinso.Fill{}, err
	}
	defer end()
	fill, err := w.mayBid(ctx, offer, bid)
	if err != nil || d.dry {
		return fill, err
	}
	return w.keepBid(ctx, offer, encoded, bid)
}

// bidFor is the offer that a bid is for.
func (w *Way) bidFor(ctx context.Context, bid sinso.LicenceBid) ([]byte, error) {
	if len(bid.Offer) > 0 {
		return bid.Offer, nil
	}
	row, err := w.Purchase(ctx, bid.Order)
	if errors.Is(err, sinso.ErrNotFound) {
		return nil, fmt.Errorf("way: a licence is auctioned, and its first bid needs the offer, as its seller gave it; nothing was spent: %w", sinso.ErrInvalid)
	}
	return row.Offer, err
}

// mayBid refuses what this node would not bid for, before anything is kept. What it returns is a fill by keys that
// are kept nowhere, unless there are others. A bid that was made is not refused, whatever became of the auction since.
func (w *Way) mayBid(ctx context.Context, offer sinso.Offer, bid sinso.LicenceBid) (sinso.Fill, error) {
	b, begun, err := w.unbegun(ctx, offer, bid.Order)
	switch {
	case err != nil:
		return sinso.Fill{}, err
	case bid.Made:
		return b.keys.Fill(), nil
	case bid.Refused != nil:
		return sinso.Fill{}, bid.Refused
	}
	if by := (means{auction: bid.Auction}); begun {
		if err := b.canBe(ctx, by); err != nil {
			return sinso.Fill{}, err
		}
	}
	b.row.Auction = bid.Auction
	if err := b.canBid(ctx, bid.Amount); err != nil {
		return sinso.Fill{}, err
	}
	return b.keys.Fill(), b.reachable(ctx)
}

// canBid looks whether the node's account has an amount.
func (b *purchase) canBid(ctx context.Context, amount sinso.Wei) error {
	if b.inToken() {
		return b.affords(ctx, b.offer.Order.Currency, amount)
	}
	account, err := b.OwnAccount(ctx)
	if err != nil {
		return err
	}
	has, err := b.Chain.Balance(ctx, account)
	if err == nil && has.Int().Cmp(amount.Int()) < 0 {
		err = fmt.Errorf("way: this node's account %s has %s wei, less than the bid; nothing was spent: %w", account, has, sinso.ErrDenied)
	}
	return err
}

// keepBid writes down what is bid for, and how much: the keys are durable before any money is bound to them. A
// purchase that has gone on since stays as it is.
func (w *Way) keepBid(ctx context.Context, offer sinso.Offer, encoded []byte, bid sinso.LicenceBid) (sinso.Fill, error) {
	b, err := w.beginPaid(ctx, offer, bid.Order, encoded, means{auction: bid.Auction}, bid.Amount)
	if err != nil {
		return sinso.Fill{}, err
	}
	fill, before := b.keys.Fill(), b.row
	if bid.Made || before.Step != stepPlanned && before.Step != stepLost {
		return fill, nil
	}
	if err := b.settleAt(bid.Amount); err != nil {
		return fill, err
	}
	// Signed before any money goes: another program may keep the account, and not want to, or know no texts.
	if _, err := b.keyRequest(ctx, b.keys, b.offer, b.hash, b.row.Trade); err != nil || b.row.Trade == before.Trade && before.Step == stepPlanned {
		return fill, err
	}
	return fill, b.at(ctx, stepPlanned)
}

// won looks how the auction stands in which a purchase was bid for, and goes on if its bid has paid. It is lost once
// nothing can change that any more.
func (b *purchase) won(ctx context.Context) error {
	if err := b.paidByBid(ctx); err != nil || b.row.Step == stepLost {
		return err
	}
	return b.at(ctx, stepFunded) // the node's account has what it needs for gas, or says so
}

// paidByBid takes price and trade from the bid that has paid, or ends a purchase that none pays any more.
func (b *purchase) paidByBid(ctx context.Context) error {
	lot, now, err := b.lotOf(ctx, b.row.Auction)
	if err != nil {
		return err
	}
	paid, why := lot.Bidder == b.keys.Buyer && lot.State() == auction.Settled, standsAt(lot, b.keys.Buyer, now)
	if paid {
		if err := b.settleAt(lot.Amount); err != nil {
			return err
		}
		if trade, err := b.Chain.Trade(ctx, b.row.Trade); err != nil || trade.State != sinso.TradeNone {
			return err
		}
		why = "its auction was settled for this node's account, but the chain does not show the trade of this node's key yet"
	}
	over, err := b.isOver(ctx, lot, b.offer)
	if err != nil {
		return err
	}
	if over {
		return b.at(ctx, stepLost)
	}
	return fmt.Errorf("way: %w for %s: %s: %w", errUnpaid, b.hash, why, sinso.ErrUnavailable)
}

// lookAgain takes up a purchase that was lost by an auction that is not over: an endpoint may have told wrongly that
// it was.
func (b *purchase) lookAgain(ctx context.Context) error {
	lot, _, err := b.lotOf(ctx, b.row.Auction)
	if err != nil {
		return err
	}
	if over, err := b.isOver(ctx, lot, b.offer); err != nil || over {
		return err
	}
	return b.at(ctx, stepPlanned)
}

// lotOf asks how an auction stands, and the time.
func (w *Way) lotOf(ctx context.Context, id sinso.Hash) (lot auction.Lot, now time.Time, err error) {
	if w.Deeds == nil {
		return lot, now, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	if lot, err = auction.Look(ctx, w.Deeds, id); err == nil {
		now, err = w.now(ctx)
	}
	return lot, now, err
}

// standsAt says of an auction that has brought a bidder nothing yet what there is to do.
func standsAt(lot auction.Lot, bidder sinso.Address, now time.Time) string {
	const back = "sinso auction withdraw brings back what this node bid"
	switch ends := lot.EndsAt.UTC().Format(time.RFC3339); {
	case lot.State() != auction.Open:
		return "the auction is " + lot.State() + ", and not for this node; " + back
	case lot.Bidder != bidder && now.After(lot.EndsAt):
		return "another's bid was the highest when the auction ended; " + back
	case lot.Bidder != bidder:
		return "another's bid is the highest: bid more until " + ends + ", or " + back
	case now.After(lot.SettleBy()):
		return "this node's bid was the highest, and nobody settled the auction in time: sinso auction refund, then withdraw"
	case now.After(lot.EndsAt):
		return "this node's bid is the highest, and the auction is over: sinso auction settle"
	default:
		return "this node's bid is the highest, and others can bid until " + ends
	}
}

// isOver reports whether an auction can bring nobody anything any more, a day after it could be settled at the latest:
// this endpoint may lag behind. One that is not there was there before, and a reorganisation took it: what was auctioned
// can be paid until the offer ends. It goes by the chain's clock, as the contract does: this node's may be wrong.
func (w *Way) isOver(ctx context.Context, lot auction.Lot, offer sinso.Offer) (bool, error) {
	const lag = 24 * time.Hour
	now, err := w.Chain.Now(ctx)
	if err != nil {
		return false, fmt.Errorf("way: the chain's clock: %w", err)
	}
	return lot.Number != 0 && now.After(lot.SettleBy().Add(lag)) || now.After(offer.Order.EndsAt.Add(lag)), nil
}

// tendBid goes on with a purchase whose bid has paid, and ends one whose auction is over without that.
func (w *Way) tendBid(ctx context.Context, row sinso.PurchaseRow) error {
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return err
	}
	offer, err := market.Kept(row.Offer)
	if err != nil {
		return err
	}
	lot, _, err := w.lotOf(ctx, row.Auction)
	if err != nil {
		return fmt.Errorf("way: order %s: %w", row.Order, err)
	}
	over, err := w.isOver(ctx, lot, offer)
	if err != nil {
		return err
	}
	paid := lot.Bidder == account && lot.State() == auction.Settled
	if !paid && !over || w.Buying(row.Order) {
		return nil
	}
	if _, err = w.Buy(ctx, row.Offer, nil); errors.Is(err, errUnpaid) {
		return nil // the chain does not show it yet
	}
	return err
}
