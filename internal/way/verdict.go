package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// What a panel decided of a purchase that was disputed, or left undecided.

// verdict looks whether a trade that has a panel ended before it, and takes a purchase to its end if so: the money,
// or half of it, comes back. While the panel decides it is ErrUnavailable.
func (b *purchase) verdict(ctx context.Context) (ended bool, err error) {
	if b.offer.Order.Panel == (sinso.Address{}) {
		return false, nil
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return false, fmt.Errorf("way: order %s: %w", b.hash, err)
	}
	switch trade.State {
	case sinso.TradeDisputed:
		return false, fmt.Errorf("way: purchase %s is before its panel, which has until %s; the money waits, and the purchase goes on when that is over: %w",
			b.hash, trade.DueAt.UTC().Format(time.RFC3339), sinso.ErrUnavailable)
	case sinso.TradeRefunded:
		b.step("refund")
		tx, err := b.Chain.Refund(ctx, b.deal(), b.keys.Account) // finds its work done
		if err != nil {
			return false, fmt.Errorf("way: refund %s: %w", b.hash, err)
		}
		return true, b.refunded(ctx, tx)
	case sinso.TradeHalved:
		return true, b.halved(ctx)
	case sinso.TradeNone, sinso.TradeFilled, sinso.TradeDelivered, sinso.TradeReleased, sinso.TradeCancelled:
	}
	return false, nil
}

// halved fetches the half that the contract owes to the one-order account.
func (b *purchase) halved(ctx context.Context) error {
	b.step("refund")
	tx, found, err := b.told(ctx, "Halved")
	if err == nil && !found {
		err = fmt.Errorf("way: the chain says that the price of %s is halved, and does not show it: %w", b.hash, sinso.ErrUnavailable)
	}
	if err != nil {
		return err
	}
	if err := b.comesBack(ctx); err != nil {
		return err
	}
	b.row.ReleaseTx = tx
	return b.at(ctx, stepHalved)
}

// otherHalf is what the payees of a halved trade were credited, and by which transaction: the last that credited
// anybody for it.
func (w *Way) otherHalf(ctx context.Context, one sold) (tx sinso.Tx, payouts []sinso.Payout, err error) {
	if w.Deeds == nil {
		return tx, nil, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	err = w.Deeds.Each(ctx, "Exchange", sinso.Address{}, "Credited", []sinso.Hash{one.row.Trade}, func(e sinso.ChainEvent) (bool, error) {
		if tx.Hash == (sinso.Hash{}) {
			tx = sinso.Tx{Hash: e.Tx, Block: e.Block}
		}
		if e.Tx != tx.Hash {
			return false, nil
		}
		var credit struct {
			Payee  sinso.Address
			Amount sinso.Wei
		}
		err := w.Deeds.Told("Exchange", e, &credit)
		if credit.Payee != one.deal.Fill.Buyer {
			payouts = append(payouts, sinso.Payout{To: credit.Payee, Wei: credit.Amount})
		}
		return true, err
	})
	if err == nil && tx.Hash == (sinso.Hash{}) {
		err = fmt.Errorf("way: the chain says that the price is halved, and does not show it: %w", sinso.ErrUnavailable)
	}
	slices.Reverse(payouts) // the newest came first
	return tx, payouts, err
}

// decided ends a purchase whose content did not hold here, why says how, if its panel was for the seller. Else it
// returns why: what did not come, because nobody could be reached, may come yet.
func (b *purchase) decided(ctx context.Context, why error) error {
	if b.offer.Order.Panel == (sinso.Address{}) || ctx.Err() != nil || errors.Is(why, sinso.ErrUnavailable) || errors.Is(why, sinso.ErrBusy) {
		return why
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil || trade.State != sinso.TradeReleased {
		return errors.Join(why, err)
	}
	_, found, err := b.told(ctx, "Decided")
	if err != nil || !found {
		return errors.Join(why, err)
	}
	return b.credited(ctx, stepDecided)
}

// told finds the event of a name that the Exchange told of the trade.
func (b *purchase) told(ctx context.Context, name string) (tx sinso.Tx, found bool, err error) {
	if b.Deeds == nil {
		return tx, false, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	err = b.Deeds.Each(ctx, "Exchange", sinso.Address{}, name, []sinso.Hash{b.row.Trade}, func(e sinso.ChainEvent) (bool, error) {
		tx, found = sinso.Tx{Hash: e.Tx, Block: e.Block}, true
		return false, nil
	})
	if err != nil {
		err = fmt.Errorf("way: order %s: %w", b.hash, err)
	}
	return tx, found, err
}

// tendDisputed goes on with a purchase that was delivered, once its panel has decided or its time is over.
func (w *Way) tendDisputed(ctx context.Context, row sinso.PurchaseRow) error {
	offer, err := market.Decode(row.Offer)
	if err != nil || offer.Order.Panel == (sinso.Address{}) || w.Buying(row.Order) {
		return err
	}
	trade, err := w.Chain.Trade(ctx, row.Trade)
	if err != nil {
		return fmt.Errorf("way: order %s: %w", row.Order, err)
	}
	goesOn := trade.State.Final()
	if trade.State == sinso.TradeReleased { // by a verdict, or because the time to object is over: then there is nothing new
		_, goesOn, err = (&purchase{Way: w, row: row, hash: row.Order}).told(ctx, "Decided")
	}
	if err != nil || !goesOn {
		return err
	}
	_, err = w.Buy(ctx, row.Offer, nil)
	return err
}
