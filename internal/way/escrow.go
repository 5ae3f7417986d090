package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// standing is how a trade stands on the chain.
type standing struct {
	delivered bool      // a delivery is there
	due       bool      // the buyer may take the money back, or somebody gave it back
	until     time.Time // when it is due
}

func (b *purchase) stands(ctx context.Context) (standing, error) {
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return standing{}, fmt.Errorf("way: order %s: %w", b.hash, err)
	}
	now, err := b.now(ctx)
	if err != nil {
		return standing{}, err
	}
	s := standing{delivered: !trade.Delivered.IsZero()}
	s.until = trade.FilledAt.Add(time.Duration(b.offer.Order.DeliverWithin) * time.Second)
	s.due = !s.delivered && (trade.State == sinso.TradeRefunded || trade.State == sinso.TradeFilled && now.After(s.until))
	return s, nil
}

// delivered reads the delivery that stands on the chain.
func (b *purchase) delivered(ctx context.Context) (sinso.Delivery, error) {
	const word, words = 32, 4 // grant hash, box: docs/contracts/exchange.md
	delivery := sinso.Delivery{Trade: b.row.Trade}
	_, err := b.Chain.Events(ctx, b.row.FillTx.Block, func(e sinso.ChainEvent) error {
		if e.Removed || e.Contract != b.offer.Contracts.Exchange || e.Name != "Delivered" || e.Trade != b.row.Trade || len(e.Data) != words*word {
			return nil
		}
		for i, field := range []*sinso.Hash{&delivery.GrantHash, &delivery.Box.Ephemeral.X, &delivery.Box.Ephemeral.Y, &delivery.Box.Masked} {
			copy(field[:], e.Data[i*word:])
		}
		b.row.DeliverTx = sinso.Tx{Hash: e.Tx, Block: e.Block}
		return errEnough
	})
	switch {
	case errors.Is(err, errEnough):
		return delivery, nil
	case err != nil:
		return delivery, fmt.Errorf("way: the delivery of %s: %w", b.hash, err)
	}
	return delivery, fmt.Errorf("way: the chain says that %s is delivered, and does not show the delivery: %w", b.hash, sinso.ErrUnavailable)
}

// refund takes the money back once the seller was silent for as long as the order
// allows; until then it returns why there is no key.
func (b *purchase) refund(ctx context.Context, why error) error {
	stands, err := b.stands(ctx)
	if err != nil {
		return errors.Join(why, err)
	}
	if stands.delivered { // by the seller, who told us something else or nothing
		return b.at(ctx, stepAnswered)
	}
	if !stands.due {
		return fmt.Errorf("%w (the money is in escrow; if no key comes by %s, this node takes it back)", why, stands.until.UTC().Format(time.RFC3339))
	}
	b.step("refund")
	tx, err := b.Chain.Refund(ctx, b.deal(), b.keys.Account)
	if err != nil {
		return errors.Join(why, fmt.Errorf("way: refund %s: %w", b.hash, err))
	}
	return b.refunded(ctx, tx)
}

// refunded fetches what the contract owes to the one-order account.
func (b *purchase) refunded(ctx context.Context, tx sinso.Tx) error {
	if err := b.comesBack(ctx); err != nil {
		return err
	}
	b.row.ReleaseTx = tx
	return b.at(ctx, stepRefunded)
}

// comesBack has the contract send the one-order account what it owes it.
func (b *purchase) comesBack(ctx context.Context) error {
	if _, err := b.Chain.Withdraw(ctx, b.offer.Order.Currency, b.keys.Buyer, b.keys.Account); err != nil {
		return fmt.Errorf("way: fetch the money of %s back: %w", b.hash, err)
	}
	return b.comesHome(ctx)
}

// tendPurchases does what cannot wait until somebody asks for it: the seller's node
// may be silent, and the time to prove a wrong key runs.
func (w *Way) tendPurchases(ctx context.Context) error {
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range purchases {
		if (row.Step == stepFilled || row.Step == stepAnswered) && !market.IsOld(row.Offer) {
			errs = append(errs, w.tendPurchase(ctx, row))
		}
		if (row.Step == stepDelivered || row.Step == stepFetched) && !market.IsOld(row.Offer) {
			errs = append(errs, w.tendDisputed(ctx, row))
		}
		waits := row.Step == stepPlanned || row.Step == stepFunded // and not for this node's money
		if waits && (row.ByWallet || row.Request != (sinso.Hash{})) {
			errs = append(errs, w.tendPayment(ctx, row))
		}
		if waits && row.Auction != (sinso.Hash{}) {
			errs = append(errs, w.tendBid(ctx, row))
		}
	}
	return errors.Join(errs...)
}

// tendPayment goes on with a purchase that a wallet, or the money of a request, has paid meanwhile.
func (w *Way) tendPayment(ctx context.Context, row sinso.PurchaseRow) error {
	trade, err := w.Chain.Trade(ctx, row.Trade)
	if err != nil {
		return fmt.Errorf("way: order %s: %w", row.Order, err)
	}
	if trade.State == sinso.TradeNone || w.Buying(row.Order) {
		return nil
	}
	_, err = w.Buy(ctx, row.Offer, nil)
	return err
}

func (w *Way) tendPurchase(ctx context.Context, row sinso.PurchaseRow) error {
	end, running := w.buying.try(row.Order)
	if running != nil {
		return nil // somebody does it now
	}
	defer end()
	row, err := w.Purchase(ctx, row.Order)
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	offer, err := market.Decode(row.Offer)
	if err != nil {
		return err
	}
	b, err := w.begin(ctx, offer, row.Order, row.Offer)
	if err != nil {
		return err
	}
	for b.row.Step == stepFilled || b.row.Step == stepAnswered {
		stands, err := b.stands(ctx)
		if err != nil || !stands.delivered && !stands.due {
			return err
		}
		if err := purchaseSteps[b.row.Step](b, ctx); err != nil {
			return err
		}
	}
	return nil
}
