package way

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/request"
	"sinso.dev/sinso/internal/stage/market"
)

// Accept takes an offer as an answer to a request that this node's account made: the
// contract pays it out of the request's money. From then on it is a purchase like any other, of
// the node's account. ErrDenied: the offer is no answer to this request, or the request is
// another's. Cut off, it goes on where it was when it is called again.
func (w *Way) Accept(ctx context.Context, id sinso.Hash, encoded []byte, progress func(step string)) (sinso.PurchaseRow, error) {
	if w.Chain == nil || w.Deeds == nil {
		return sinso.PurchaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	offer, hash, err := w.checkOffer(ctx, encoded)
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	if err := w.accept(ctx, id, offer, hash, encoded); err != nil {
		return sinso.PurchaseRow{Order: hash}, err
	}
	return w.Buy(ctx, encoded, progress)
}

// accept has the contract pay, unless it has.
func (w *Way) accept(ctx context.Context, id sinso.Hash, offer sinso.Offer, hash sinso.Hash, encoded []byte) error {
	end, err := w.buying.take(ctx, hash)
	if err != nil {
		return err
	}
	defer end()
	asked, err := w.requested(ctx, id)
	if err != nil {
		return err
	}
	b, err := w.answered(ctx, asked, offer, hash, encoded)
	if err != nil {
		return err
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil || trade.State != sinso.TradeNone {
		return err
	}
	return b.takeAnswer(ctx, asked)
}

// requested returns a request as the chain has it.
func (w *Way) requested(ctx context.Context, id sinso.Hash) (request.Shown, error) {
	account, err := w.Account(ctx)
	if err != nil {
		return request.Shown{}, err
	}
	seat, err := w.seat(ctx, account, time.Time{})
	if err != nil {
		return request.Shown{}, err
	}
	return request.Find(ctx, &desk{Desk: seat, mute: true}, id)
}

// isOf refuses a request that is another account's.
func isOf(asked request.Shown, account sinso.Address) error {
	if asked.Terms.Buyer != account {
		return fmt.Errorf("way: request %s is another account's; nothing was spent: %w", asked.ID, sinso.ErrDenied)
	}
	return nil
}

// answered is the purchase of an answer, by the node's account.
func (w *Way) answered(ctx context.Context, asked request.Shown, offer sinso.Offer, hash sinso.Hash, encoded []byte) (*purchase, error) {
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return nil, err
	}
	if err := isOf(asked, account); err != nil {
		return nil, err
	}
	here, err := w.Deeds.At("Requests")
	if err != nil {
		return nil, err
	}
	if _, err := request.Accept(asked, here, offer.Order, offer.Signature, sinso.Fill{}); err != nil {
		if row, unknown := w.Purchase(ctx, hash); unknown != nil || row.Request != asked.ID {
			return nil, err // before anything is written down
		}
	}
	return w.beginPaid(ctx, offer, hash, encoded, means{request: asked.ID}, offer.Order.Price)
}

// beginPaid is the purchase of an order that a contract pays for the node's account, at a price if it was looked at
// before. ErrExists: something else pays it.
func (w *Way) beginPaid(ctx context.Context, offer sinso.Offer, hash sinso.Hash, encoded []byte, by means, price sinso.Wei) (*purchase, error) {
	b, err := w.beginBy(ctx, offer, hash, encoded, by)
	if err != nil || meansOf(b.row) == by {
		return b, err
	}
	if err := b.canBe(ctx, by); err != nil {
		return nil, err
	}
	b.row.Request, b.row.Auction = by.request, by.auction // it was looked at before, and nothing was paid
	if b.keys, err = w.oneOrder(ctx, b.row); err == nil {
		err = b.settleAt(price)
	}
	if err != nil {
		return nil, err
	}
	return b, b.at(ctx, stepPlanned)
}

// canBe is ErrExists for a purchase that was begun, and that a contract cannot pay by this any more.
func (b *purchase) canBe(ctx context.Context, by means) error {
	waits := b.row.Step == stepPlanned || b.row.Step == stepLost
	if meansOf(b.row) == by && waits {
		return nil
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return err
	}
	if b.row.Step != stepPlanned || b.row.ByWallet || b.row.Auction != (sinso.Hash{}) || trade.State != sinso.TradeNone {
		return fmt.Errorf("way: order %s is bought here already, or for another request or in another auction: %w", b.hash, sinso.ErrExists)
	}
	return nil
}

// takeAnswer calls the contract of requests, which fills the order.
func (b *purchase) takeAnswer(ctx context.Context, asked request.Shown) error {
	here, err := b.Deeds.At("Requests")
	if err != nil {
		return err
	}
	call, err := request.Accept(asked, here, b.offer.Order, b.offer.Signature, b.keys.Fill())
	if err != nil {
		return err
	}
	if err := b.fillable(ctx); err != nil {
		return err
	}
	// Signed before any money goes: another program may keep the account, and not want to, or know no texts.
	if _, err := b.keyRequest(ctx, b.keys, b.offer, b.hash, b.row.Trade); err != nil {
		return err
	}
	b.step("accept")
	if _, err := b.Deeds.Do(ctx, act.Once(b.row.Trade, 0), sinso.Deed{Doing: "take an answer", Call: call}, [32]byte{}); err != nil {
		return fmt.Errorf("way: accept %s: %w", b.hash, err)
	}
	return nil
}

// oneOrder are the keys of a purchase. What a contract pays is bought by the node's account.
func (w *Way) oneOrder(ctx context.Context, row sinso.PurchaseRow) (*market.OneOrder, error) {
	seed, err := w.Keys.Unwrap(ctx, row.Secret, row.Order[:])
	if err != nil {
		return nil, fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	keys, err := market.NewOneOrder(seed)
	if err != nil || !byContract(row) {
		return keys, err
	}
	account, err := w.Account(ctx)
	if err != nil {
		return nil, err
	}
	hand, err := w.hand(account)
	if err != nil {
		return nil, fmt.Errorf("way: the node's account: %w", err)
	}
	return keys.By(hand.Account, account), nil
}

// keyRequest asks a seller for the key of a trade: signed here, or by the program that keeps the node's account.
func (w *Way) keyRequest(ctx context.Context, keys *market.OneOrder, offer sinso.Offer, order, trade sinso.Hash) (sinso.KeyRequest, error) {
	if keys.Account != sinso.KeptElsewhere() || w.PayerTexts == nil {
		return keys.Request(offer.Contracts, order, trade)
	}
	request, text := keys.Unsigned(offer.Contracts, order, trade)
	var err error
	if request.Signature, err = w.PayerTexts.SignText(ctx, offer.Contracts.ChainID, text); err != nil {
		return sinso.KeyRequest{}, fmt.Errorf("way: ask for the key of %s: %w", order, err)
	}
	return request, nil
}

// AnswerRequest signs an offer of a release as an answer to a request, in its person's name: only
// the contract of requests can take it, for the buyer who asked. A price of zero is what the request
// allows. ErrDenied: it asks for more, or the request takes no answers any more.
func (w *Way) AnswerRequest(ctx context.Context, id sinso.Hash, release sinso.ReleaseID, o OfferOptions) (sinso.OrderRow, error) {
	if err := w.answering(ctx, id, &o); err != nil {
		return sinso.OrderRow{}, err
	}
	return w.MakeOffer(ctx, release, o)
}

// PlanAnswer says what [Way.AnswerRequest] would sign. Nothing is signed or kept.
func (w *Way) PlanAnswer(ctx context.Context, id sinso.Hash, release sinso.ReleaseID, o OfferOptions) (PlannedOffer, error) {
	if err := w.answering(ctx, id, &o); err != nil {
		return PlannedOffer{}, err
	}
	return w.PlanOffer(ctx, release, o)
}

// answering makes the terms of an offer those of an answer to a request.
func (w *Way) answering(ctx context.Context, id sinso.Hash, o *OfferOptions) error {
	if w.Chain == nil || w.Deeds == nil {
		return fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	asked, err := w.requested(ctx, id)
	if err != nil {
		return err
	}
	if o.Price.Int().Sign() == 0 {
		o.Price = asked.Terms.Price
	}
	switch {
	case !asked.Open:
		return fmt.Errorf("way: request %s takes no answers any more; nothing is signed: %w", id, sinso.ErrDenied)
	case o.Price.Int().Cmp(asked.Terms.Price.Int()) > 0:
		money := w.Currency(ctx, asked.Terms.Currency)
		return fmt.Errorf("way: an answer to request %s may cost %s, not %s; nothing is signed: %w", id, money.Text(asked.Terms.Price), money.Text(o.Price), sinso.ErrDenied)
	}
	o.Currency, o.Floor = asked.Terms.Currency, nil
	o.Taker, err = w.Deeds.At("Requests")
	return err
}
