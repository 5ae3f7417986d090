package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/request"
)

// PlanAccept says what [Way.Accept] would do and cost, and refuses what that would refuse before the contract pays.
// Nothing is signed, sent or kept. The price is paid out of what was put up, and the gas by the node's account. Of a
// purchase that is paid, or at its end, there are no steps: going on costs gas alone.
func (w *Way) PlanAccept(ctx context.Context, id sinso.Hash, encoded []byte) (ActPlan, error) {
	plan := ActPlan{Act: "request accept", Steps: []PlannedStep{}}
	if w.Chain == nil || w.Deeds == nil {
		return plan, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	v, err := w.walkOffer(ctx, encoded)
	if err != nil {
		return plan, err
	}
	asked, err := w.requested(ctx, id)
	if err != nil {
		return plan, err
	}
	b, begun, err := w.unaccepted(ctx, v, asked)
	if err != nil {
		return plan, err
	}
	plan.Pays, plan.Actor = asked.Terms.Buyer, asked.Terms.Buyer
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return plan, err
	}
	due := trade.State == sinso.TradeNone
	if due {
		if err := b.reachable(ctx); err != nil {
			return plan, err
		}
	}
	about := b.planned(ctx, v)
	about.Request, about.MostGas = id, sinso.Wei{}
	if about.Balance, err = w.Chain.Balance(ctx, plan.Pays); err != nil {
		return plan, err
	}
	if begun {
		about.Step = b.row.Step
	}
	plan.About, plan.Given = about, map[string]any{"request": id, "order": b.hash}
	if due {
		err = b.planAnswer(ctx, asked, &plan)
	}
	return plan, err
}

// unaccepted is the purchase of an answer to a request of the node's account as it stands here, or as it would be begun.
func (w *Way) unaccepted(ctx context.Context, v *verification, asked request.Shown) (*purchase, bool, error) {
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := isOf(asked, account); err != nil {
		return nil, false, err
	}
	b, begun, err := w.unbegun(ctx, v.offer, v.found.Order)
	if err != nil || b.row.Request == asked.ID {
		return b, begun, err
	}
	if begun {
		if err := b.canBe(ctx, means{request: asked.ID}); err != nil {
			return nil, false, err
		}
	}
	b.row.Request = asked.ID
	b.keys = b.keys.By(account, [32]byte{}) // which signs nothing
	return b, false, b.settleAt(v.offer.Order.Price)
}

// planAnswer adds the steps of a purchase that the contract of requests has not paid.
func (b *purchase) planAnswer(ctx context.Context, asked request.Shown, plan *ActPlan) error {
	here, err := b.Deeds.At("Requests")
	if err != nil {
		return err
	}
	call, err := request.Accept(asked, here, b.offer.Order, b.offer.Signature, b.keys.Fill())
	if err != nil {
		return err
	}
	said, err := b.Deeds.Plan(ctx, sinso.Deed{Doing: "take an answer", Call: call}, plan.Pays)
	if err != nil {
		return err
	}
	plan.add(PlannedStep{Plan: said}, sinso.Wei{})
	plan.wait()
	plan.Fiat = b.cfg.CoinPrice.Of(plan.Fee)
	return nil
}
