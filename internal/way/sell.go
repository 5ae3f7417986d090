package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// composeOffer makes the offer of a release, all but its proof and signature. on is what it
// is offered on beside its terms; nil: as it was released.
func (w *Way) composeOffer(row sinso.ReleaseRow, origin sinso.Origin, key sinso.CEK, on *OfferOptions) (sinso.Offer, error) {
	order, err := w.orderOn(row, key, on)
	if err != nil {
		return sinso.Offer{}, err
	}
	if order.Salt == (sinso.Hash{}) {
		if _, err := w.Rand.Read(order.Salt[:]); err != nil {
			return sinso.Offer{}, fmt.Errorf("way: randomness: %w", err)
		}
	}
	return sinso.Offer{
		Version: market.OfferVersion, Order: order, Asset: row.Asset, Roles: row.Roles, Payload: row.Manifest,
		Contracts: w.Chain.Contracts(), Institution: w.InstitutionKey(), Origin: origin,
		Opening: row.Opening, Peer: w.peer(), Terms: market.LicenceText(row.Terms.Licence),
	}, nil
}

// order reads an order and its offer.
func (w *Way) order(ctx context.Context, hash sinso.Hash) (sinso.OrderRow, sinso.Offer, error) {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.OrderRow, error) { return tx.Order(hash) })
	if err != nil {
		return row, sinso.Offer{}, fmt.Errorf("way: order %s: %w", hash, err)
	}
	offer, err := market.Kept(row.Offer)
	return row, offer, err
}

// Answer gives the key of an order to the buyer whom the chain names, in the
// person's name, who signed the order for this. Whoever may not have it gets the
// reason; both are in the log. A second request of the buyer gets the same answer.
func (w *Way) Answer(ctx context.Context, request sinso.KeyRequest) (sinso.KeyAnswer, error) {
	if w.Chain == nil {
		return sinso.KeyAnswer{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	kept, offer, err := w.order(ctx, request.Order)
	if err == nil && market.IsOld(kept.Offer) {
		err = market.ErrOld
	}
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	trade, err := w.Chain.Trade(ctx, request.Trade)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("way: order %s: %w", request.Order, err)
	}
	now, err := w.now(ctx)
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	// The chain was asked before: strangers who ask must not keep a revocation waiting.
	w.answers.Lock()
	defer w.answers.Unlock()
	row, err := w.Order(ctx, request.Order)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("way: order %s: %w", request.Order, err)
	}
	one := tradeIn(row, request.Trade)
	answered := one.Answer != nil
	err = grant.May(offer.Contracts, trade, request)
	if err == nil && (row.Revoked || one.Revoked) {
		err = &grant.RefusedError{Reason: grant.ReasonRevoked} // here before the chain has it
	}
	if ends := market.UseEnds(offer, trade.Delivered); err == nil && !ends.IsZero() && !now.Before(ends) {
		err = &grant.RefusedError{Reason: grant.ReasonOver} // before Tend has seen it
	}
	if err == nil && !answered {
		err = grant.InTime(offer.Order, trade, now) // else the buyer could have both key and money
	}
	if err != nil {
		return sinso.KeyAnswer{}, w.refuseKey(ctx, row, err)
	}
	if answered {
		var answer sinso.KeyAnswer
		if err := json.Unmarshal(one.Answer, &answer); err != nil {
			return answer, fmt.Errorf("way: order %s: the kept answer: %w", request.Order, sinso.ErrCorrupt)
		}
		return answer, nil
	}
	return w.grantKey(ctx, row, offer, trade, request)
}

// refuseKey writes a refusal down, each reason of an order once: whoever asks again
// and again must not fill the log. The caller holds w.answers.
func (w *Way) refuseKey(ctx context.Context, row sinso.OrderRow, why error) error {
	var refused *grant.RefusedError
	if !errors.As(why, &refused) {
		return why
	}
	body := sinso.KeyRefused{Order: row.Hash, Reason: refused.Reason}
	if w.refused[body] {
		return why
	}
	if err := w.recordUnder(ctx, ofRelease(row.Release), sinso.EventKeyRefused, "peer", row.Person, body); err != nil {
		return errors.Join(why, err)
	}
	w.refused[body] = true
	return why
}

func (w *Way) grantKey(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, trade sinso.Trade, request sinso.KeyRequest) (sinso.KeyAnswer, error) {
	release, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(row.Release) })
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("way: release %s: %w", row.Release, err)
	}
	key, err := w.sealer.Key(ctx, release.Manifest, release.Keys, release.Custodian())
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	seller, err := w.creatorSecret(ctx, release)
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	secret, err := w.Keys.Unwrap(ctx, release.Secret, []byte(release.ID))
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("way: release %s: %w", release.ID, err)
	}
	answer, err := grant.Answer(offer, sinso.Deal{Order: offer.Order, Fill: trade.Fill, Price: trade.Price}, request, key, seller, secret)
	if err != nil {
		return answer, err
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		return answer, fmt.Errorf("way: order %s: %w", row.Hash, err)
	}
	err = w.recordUnder(ctx, ofRelease(row.Release), sinso.EventKeyGranted, "peer", row.Person, sinso.KeyGranted{
		Order: row.Hash, Trade: request.Trade, Buyer: trade.Fill.Buyer, Answer: encoded,
	})
	return answer, err
}

// Revoke ends the grants of an order: on this node at once, and on the chain. What nobody
// has paid of it is cancelled, so that nobody pays it. What was handed
// out before stays with whoever has it. If the chain does not answer now, Tend
// brings the end to it later.
func (w *Way) Revoke(ctx context.Context, hash sinso.Hash, actor string) (sinso.Tx, error) {
	return w.revoke(ctx, hash, sinso.Hash{}, actor)
}

// RevokeTrade is [Way.Revoke] of the grant of one trade of an order alone: its other copies,
// sold or not, are as they were.
func (w *Way) RevokeTrade(ctx context.Context, hash, trade sinso.Hash, actor string) (sinso.Tx, error) {
	if w.Chain == nil {
		return sinso.Tx{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	row, offer, err := w.order(ctx, hash)
	if err != nil {
		return sinso.Tx{}, err
	}
	one, err := w.soldAs(ctx, row, offer, trade)
	if err == nil && one.trade.State == sinso.TradeNone {
		err = fmt.Errorf("way: order %s has no trade %s: %w", hash, trade, sinso.ErrNotFound)
	}
	if err != nil {
		return sinso.Tx{}, err
	}
	return w.revoke(ctx, hash, trade, actor)
}

// revoke ends the grant of one trade of an order; of all, and the order, if trade is zero.
func (w *Way) revoke(ctx context.Context, hash, trade sinso.Hash, actor string) (sinso.Tx, error) {
	if w.Chain == nil {
		return sinso.Tx{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	row, offer, err := w.order(ctx, hash)
	if err != nil {
		return sinso.Tx{}, err
	}
	if err := w.revokeHere(ctx, hash, trade, actor, false); err != nil {
		return sinso.Tx{}, err
	}
	if market.IsOld(row.Offer) {
		return sinso.Tx{}, nil // nothing can be written to its contract any more
	}
	w.step("revoke")
	tx, err := w.revokeThere(ctx, row, offer, trade)
	if err != nil {
		return tx, fmt.Errorf("way: order %s is revoked on this node, which gives out no key for it any more; it could not be written to the chain yet, and is tried again: %w", hash, err)
	}
	return tx, nil
}

// revokeHere writes the end down. No answer is on its way when it returns.
func (w *Way) revokeHere(ctx context.Context, hash, trade sinso.Hash, actor string, over bool) error {
	w.answers.Lock()
	defer w.answers.Unlock()
	row, err := w.Order(ctx, hash)
	if err != nil || row.Revoked || trade != (sinso.Hash{}) && tradeIn(row, trade).Revoked {
		return err
	}
	return w.recordUnder(ctx, ofRelease(row.Release), sinso.EventRevoked, actor, row.Person, sinso.Revoked{Order: hash, Trade: trade, Over: over})
}

// revokeThere brings the end to the chain: of one trade, or of all and of what was not sold.
func (w *Way) revokeThere(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, trade sinso.Hash) (tx sinso.Tx, err error) {
	if trade != (sinso.Hash{}) {
		one, err := w.soldAs(ctx, row, offer, trade)
		if err != nil {
			return tx, err
		}
		return w.revokeTrade(ctx, row, offer, one.deal)
	}
	all, cancelled, err := w.trades(ctx, row, offer, anyTrade)
	if err != nil {
		return tx, err
	}
	if !cancelled && (row.Copies == 0 || len(all) < int(row.Copies)) || len(all) == 0 {
		if tx, err = w.cancelThere(ctx, row, offer); err != nil {
			return tx, err
		}
		if all, _, err = w.trades(ctx, row, offer, anyTrade); err != nil { // one may have been sold just before
			return tx, err
		}
	}
	for _, one := range all {
		if tx, err = w.revokeTrade(ctx, row, offer, one.deal); err != nil {
			return tx, err
		}
	}
	return tx, nil
}

func (w *Way) revokeTrade(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, deal sinso.Deal) (sinso.Tx, error) {
	seller, err := w.sellerOf(ctx, row)
	if err != nil {
		return sinso.Tx{}, err
	}
	id, err := market.TradeID(offer.Contracts, deal)
	if err != nil {
		return sinso.Tx{}, err
	}
	signature, err := grant.SignRevoke(offer.Contracts, id, seller)
	if err != nil {
		return sinso.Tx{}, err
	}
	return w.Chain.Revoke(ctx, deal, signature)
}

func (w *Way) cancelThere(ctx context.Context, row sinso.OrderRow, offer sinso.Offer) (sinso.Tx, error) {
	seller, err := w.sellerOf(ctx, row)
	if err != nil {
		return sinso.Tx{}, err
	}
	signature, err := grant.SignCancel(offer.Contracts, row.Hash, seller)
	if err != nil {
		return sinso.Tx{}, err
	}
	return w.Chain.Cancel(ctx, offer.Order, signature)
}

// sellerOf is the secret that signed an order.
func (w *Way) sellerOf(ctx context.Context, row sinso.OrderRow) ([32]byte, error) {
	release, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(row.Release) })
	if err != nil {
		return [32]byte{}, fmt.Errorf("way: release %s: %w", row.Release, err)
	}
	return w.creatorSecret(ctx, release)
}

// carryAfter is how long the seller's node waits for the buyer to carry the
// delivery to the chain before it does so itself: a buyer who has the key and
// stays silent must not get the money back.
const carryAfter = time.Minute

// Tend looks after what money hangs on. Of the orders of this node's persons: it
// carries deliveries that the buyer did not, releases what is due, ends the grants whose
// days of use are over, revokes on the chain what was revoked here, and writes down how
// each ended. Of this node's purchases: it proves a wrong key that the seller brought to
// the chain, and takes the money back when it is due. It ends what no co-creator answered
// in time, and goes on with the releases that the chain did not answer for. It asks no peer, but
// for what a wallet or a request has paid, or a panel decided over. It is called now and then, more often than
// [market.MinDispute], and is safe to call at any time.
func (w *Way) Tend(ctx context.Context) error {
	if w.Chain == nil {
		return nil
	}
	w.tending.Lock()
	defer w.tending.Unlock()
	orders, err := w.Orders(ctx, "")
	if err != nil {
		return err
	}
	errs := []error{w.tendPurchases(ctx), w.endOver(ctx, orders)} // the money at stake first; what fails holds up nothing else
	for _, row := range orders {
		if over(row) && (!row.Revoked || w.ended[row.Hash]) && !slices.ContainsFunc(row.Trades, w.pending) || market.IsOld(row.Offer) {
			continue
		}
		if err := w.tend(ctx, row); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, w.tendAsked(ctx), w.tendCalledOff(ctx), w.tendStopped(ctx))...)
}

// endOver ends the grants whose days of use are over.
func (w *Way) endOver(ctx context.Context, orders []sinso.OrderRow) error {
	var now time.Time
	for i, row := range orders {
		for _, one := range row.Trades {
			if one.UseEnds.IsZero() || row.Revoked || one.Revoked || one.State != sinso.TradeReleased {
				continue
			}
			if now.IsZero() {
				var err error
				if now, err = w.now(ctx); err != nil {
					return err
				}
			}
			if now.Before(one.UseEnds) {
				continue
			}
			if err := w.revokeHere(ctx, row.Hash, one.Trade, "node", true); err != nil {
				return err
			}
			var err error
			if orders[i], err = w.Order(ctx, row.Hash); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Way) tend(ctx context.Context, row sinso.OrderRow) error {
	_, offer, err := w.order(ctx, row.Hash)
	if err != nil {
		return err
	}
	if row.Revoked && !w.ended[row.Hash] {
		if _, err := w.Revoke(ctx, row.Hash, "node"); err != nil {
			return err
		}
		w.ended[row.Hash] = true
		for _, one := range row.Trades {
			w.ended[one.Trade] = true
		}
	}
	moves := func(one sinso.SoldRow) bool { return !one.State.Final() || w.pending(one) && !row.Revoked }
	all, cancelled, err := w.trades(ctx, row, offer, moves)
	if err != nil {
		return err
	}
	var errs []error
	for _, one := range all {
		errs = append(errs, w.tendTrade(ctx, row, offer, one)) // one that fails holds up no other
	}
	if cancelled && !row.Cancelled {
		errs = append(errs, w.noteCancelled(ctx, row, sinso.Tx{}, "chain"))
	}
	return errors.Join(errs...)
}

// tendTrade does for one trade of an order what is due.
func (w *Way) tendTrade(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, one sold) error {
	if w.pending(one.row) && !row.Revoked {
		if _, err := w.revokeTrade(ctx, row, offer, one.deal); err != nil {
			return err
		}
		w.ended[one.row.Trade] = true
	}
	if one.row.State.Final() {
		return nil // written down already
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	account, err := w.Account(ctx)
	if err != nil {
		return err
	}
	switch one.trade.State {
	case sinso.TradeFilled:
		if one.row.Answer == nil || now.Before(one.trade.FilledAt.Add(carryAfter)) {
			return nil
		}
		var answer sinso.KeyAnswer
		if err := json.Unmarshal(one.row.Answer, &answer); err != nil {
			return fmt.Errorf("way: order %s: the kept answer: %w", row.Hash, sinso.ErrCorrupt)
		}
		_, err = w.Chain.Deliver(ctx, answer.Delivery, account)
		return err
	case sinso.TradeDelivered:
		if now.Before(one.trade.Delivered.Add(time.Duration(offer.Order.DisputeWithin) * time.Second)) {
			return nil
		}
		_, _, err = w.Chain.Release(ctx, one.deal, offer.Asset, account)
		return err
	case sinso.TradeReleased, sinso.TradeRefunded, sinso.TradeHalved:
		return w.settle(ctx, row, offer, one)
	case sinso.TradeNone, sinso.TradeCancelled, sinso.TradeDisputed:
	}
	return nil
}

// settle writes down how a trade ended, and who was paid what.
func (w *Way) settle(ctx context.Context, row sinso.OrderRow, offer sinso.Offer, one sold) error {
	settled := sinso.Settled{
		Order: row.Hash, Trade: one.row.Trade, Buyer: one.deal.Fill.Buyer, State: one.trade.State, UseEnds: market.UseEnds(offer, one.trade.Delivered),
	}
	account, err := w.Account(ctx)
	if err != nil {
		return err
	}
	var tx sinso.Tx
	var payouts []sinso.Payout
	switch one.trade.State {
	case sinso.TradeReleased: // Release finds its work done, and tells what it did
		tx, payouts, err = w.Chain.Release(ctx, one.deal, offer.Asset, account)
	case sinso.TradeHalved:
		tx, payouts, err = w.otherHalf(ctx, one)
	case sinso.TradeNone, sinso.TradeFilled, sinso.TradeDelivered, sinso.TradeDisputed, sinso.TradeRefunded, sinso.TradeCancelled:
	}
	if err != nil {
		return fmt.Errorf("way: order %s: %w", row.Hash, err)
	}
	if err := w.payOut(ctx, offer.Order.Currency, payouts, account); err != nil {
		return err
	}
	settled.Tx, settled.Payouts = tx.Hash, withRoles(payouts, offer)
	return w.recordUnder(ctx, ofRelease(row.Release), sinso.EventSettled, "chain", row.Person, settled)
}

// payOut sends each payee what a release credited. A payee that the contract
// cannot send to has to fetch it, and must not keep others waiting.
func (w *Way) payOut(ctx context.Context, currency sinso.Address, payouts []sinso.Payout, account [32]byte) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, payout := range payouts { // side by side, so that they share a block
		group.Go(func() error {
			_, err := w.Chain.Withdraw(ctx, currency, payout.To, account)
			if err != nil && (errors.Is(err, sinso.ErrUnwilling) || !errors.Is(err, sinso.ErrDenied) && !errors.Is(err, sinso.ErrInvalid)) {
				return fmt.Errorf("way: send what %s is owed: %w", payout.To, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// withRoles names what each payee is in the split.
func withRoles(payouts []sinso.Payout, offer sinso.Offer) []sinso.Payout {
	for i := range payouts {
		for j, share := range offer.Asset.Split {
			if share.Payee == payouts[i].To && j < len(offer.Roles) {
				payouts[i].Role = offer.Roles[j]
			}
		}
	}
	return payouts
}

// OwnAccount returns the node's own account, which pays gas.
func (w *Way) OwnAccount(ctx context.Context) (sinso.Address, error) {
	secret, err := w.Account(ctx)
	if err != nil {
		return sinso.Address{}, err
	}
	hand, err := w.hand(secret)
	return hand.Account, err
}

// hand is that of who has a secret.
func (w *Way) hand(secret [32]byte) (act.Hand, error) {
	if secret == sinso.KeptElsewhere() {
		return act.Hand{Account: w.PayerAt, Texts: w.PayerTexts}, nil
	}
	account, err := register.Account(secret)
	return act.Hand{Account: account, Secret: secret}, err
}

// Account returns the secret of the node's own account, or what stands for it.
func (w *Way) Account(ctx context.Context) ([32]byte, error) {
	if w.Payer != ([32]byte{}) {
		return w.Payer, nil
	}
	secret, err := w.Keys.Secret(ctx, sinso.KeyNode, AccountPurpose)
	if err != nil {
		return secret, fmt.Errorf("way: the node's account: %w", err)
	}
	return secret, nil
}

// AccountPurpose is what the secret of the node's account is derived for.
const AccountPurpose = "account"
