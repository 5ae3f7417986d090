package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// An offer of several copies has as many trades, each with its own key, money and grant.

// sold is one trade of an order: what is written down of it, what the chain says, and what was
// settled at its fill.
type sold struct {
	row   sinso.SoldRow
	trade sinso.Trade
	deal  sinso.Deal
}

// trades returns the trades of an order that the chain knows, oldest first, but for those that
// want says no to, and whether its seller ended the order there.
func (w *Way) trades(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, want func(sinso.SoldRow) bool) (found []sold, cancelled bool, err error) {
	if row.Copies == 1 && row.Trade != (sinso.Hash{}) { // its events need not be looked for
		one, err := w.soldAs(ctx, row, offer, row.Trade)
		switch {
		case err != nil:
			return nil, false, err
		case one.trade.State != sinso.TradeNone: // else a reorganisation took that trade
			if !want(one.row) {
				return nil, false, nil
			}
			return []sold{one}, false, nil
		}
	}
	fills, err := w.Chain.Fills(ctx, offer.Order)
	if err != nil {
		return nil, false, fmt.Errorf("way: order %s: %w", row.Hash, err)
	}
	for _, id := range fills.Trades {
		if !want(tradeIn(row, id)) {
			continue
		}
		one, err := w.soldAs(ctx, row, offer, id)
		if err != nil {
			return nil, false, err
		}
		if one.trade.State != sinso.TradeNone {
			found = append(found, one)
		}
	}
	return found, fills.Cancelled, nil
}

// soldAs asks the chain for one trade of an order.
func (w *Way) soldAs(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, id sinso.Hash) (sold, error) {
	trade, err := w.Chain.Trade(ctx, id)
	if err != nil {
		return sold{}, fmt.Errorf("way: order %s: %w", row.Hash, err)
	}
	if trade.State != sinso.TradeNone && trade.Order != row.Hash {
		return sold{}, fmt.Errorf("way: order %s has no trade %s: %w", row.Hash, id, sinso.ErrNotFound)
	}
	return sold{tradeIn(row, id), trade, sinso.Deal{Order: offer.Order, Fill: trade.Fill, Price: trade.Price}}, nil
}

// anyTrade wants all.
func anyTrade(sinso.SoldRow) bool { return true }

// unended wants those of which no end is written down.
func unended(one sinso.SoldRow) bool { return !one.State.Final() }

// tradeIn is what is written down of a trade of an order: next to nothing, if it was never
// asked for and never ended.
func tradeIn(row sinso.OrderRow, id sinso.Hash) sinso.SoldRow {
	for _, one := range row.Trades {
		if one.Trade == id {
			return one
		}
	}
	return sinso.SoldRow{Trade: id, Revoked: row.Revoked, Over: row.Over}
}

// over reports whether the money of an order moves no more: of all its copies, or of those
// that were sold before it was ended.
func over(row sinso.OrderRow) bool {
	final := 0
	for _, one := range row.Trades {
		if one.State.Final() {
			final++
		}
	}
	return row.Copies != 0 && final >= int(row.Copies) || row.Cancelled && final == len(row.Trades)
}

// nothingGranted reports whether every copy of an order that was sold went back, so that nobody
// has its key by right.
func nothingGranted(row sinso.OrderRow) bool {
	for _, one := range row.Trades {
		if one.State != sinso.TradeRefunded {
			return false
		}
	}
	return over(row)
}

// pending reports whether the end of a trade's grant has to be brought to the chain.
func (w *Way) pending(one sinso.SoldRow) bool { return one.Revoked && !w.ended[one.Trade] }

// CancelOrder takes an offer back: of what was not sold of it nobody can buy any more. The
// grants of the copies that were sold stand. ErrDenied if nothing is left to be sold.
func (w *Way) CancelOrder(ctx context.Context, hash sinso.Hash, actor string) (sinso.Tx, error) {
	if w.Chain == nil {
		return sinso.Tx{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	w.tending.Lock()
	defer w.tending.Unlock()
	row, offer, err := w.cancellable(ctx, hash)
	if err != nil {
		return sinso.Tx{}, err
	}
	w.step("cancel")
	tx, err := w.cancelThere(ctx, row, offer)
	if err != nil {
		return tx, fmt.Errorf("way: order %s still stands: the chain could not be told; try again: %w", hash, err)
	}
	return tx, w.noteCancelled(ctx, row, tx, actor)
}

// PlanCancel says what taking an offer back would do and cost; nothing is signed or sent.
func (w *Way) PlanCancel(ctx context.Context, hash sinso.Hash) (ActPlan, error) {
	if w.Chain == nil {
		return ActPlan{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	row, offer, err := w.cancellable(ctx, hash)
	if err != nil {
		return ActPlan{}, err
	}
	return w.PlanAct(ctx, cancelling(offer.Order, hash), sinso.Given{"token": row.Token})
}

// cancelling is the act of ending an order, as it is planned.
func cancelling(order sinso.Order, hash sinso.Hash) sinso.Act {
	draft := func(_ context.Context, desk sinso.Desk, _ sinso.Given) (sinso.Draft, error) {
		signature, err := desk.Sign(sinso.Hash{}) // it is planned only, and a plan signs nothing
		call := sinso.Call{Contract: "Exchange", Method: "cancel", Args: []any{order.Seller, hash, signature}}
		return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Call: call, Doing: "take an offer back"}}}}, err
	}
	return sinso.Act{Noun: "order", Verb: "cancel", Who: sinso.ActsOwner, Draft: draft}
}

// cancellable reads an order of which something is left to be taken back.
func (w *Way) cancellable(ctx context.Context, hash sinso.Hash) (sinso.OrderRow, sinso.Offer, error) {
	row, offer, err := w.order(ctx, hash)
	if err == nil && market.IsOld(row.Offer) {
		err = market.ErrOld
	}
	if err != nil {
		return row, offer, err
	}
	if row.Cancelled {
		return row, offer, fmt.Errorf("way: order %s was taken back before: %w", hash, sinso.ErrDenied)
	}
	if row.Copies == 0 {
		return row, offer, nil
	}
	fills, err := w.Chain.Fills(ctx, offer.Order)
	if err != nil {
		return row, offer, fmt.Errorf("way: order %s: %w", hash, err)
	}
	if len(fills.Trades) >= int(row.Copies) {
		return row, offer, fmt.Errorf("way: every copy of order %s is sold, so nothing of it is left to take back; to give its key no more, end the grant: %w", hash, sinso.ErrDenied)
	}
	return row, offer, nil
}

// noteCancelled writes down that an order can be filled no more.
func (w *Way) noteCancelled(ctx context.Context, row sinso.OrderRow, tx sinso.Tx, actor string) error {
	return w.recordUnder(ctx, ofRelease(row.Release), sinso.EventSettled, actor, row.Person,
		sinso.Settled{Order: row.Hash, State: sinso.TradeCancelled, Tx: tx.Hash})
}
