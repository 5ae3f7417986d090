package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// The steps of a purchase, in order. Each is written down before the next one
// starts.
const (
	stepPlanned   = "planned"   // the one-order keys exist
	stepFunded    = "funded"    // the one-order account has the price and gas
	stepFilled    = "filled"    // the price is in escrow
	stepAnswered  = "answered"  // the seller's answer is here
	stepDelivered = "delivered" // the delivery is on the chain
	stepFetched   = "fetched"   // every block is here, verified, and opens
	stepReleased  = "released"  // the payees are credited
	stepRefunded  = "refunded"  // the key was wrong, or never came: the money is back
)

// gasAllowance is what a one-order account gets besides the price, for gas.
var gasAllowance = big.NewInt(20_000_000_000_000_000)

// Buy settles an offer: checks it, pays into escrow, gets the key, carries the
// delivery, fetches every block, verifies what it bought, and lets the money go.
// It goes on where an earlier try was cut off. If the key is wrong it proves so
// and takes the money back; if the content is not what was offered it does not
// confirm, and says so.
func (w *Way) Buy(ctx context.Context, encoded []byte, progress func(step string)) (sinso.PurchaseRow, error) {
	if w.Chain == nil {
		return sinso.PurchaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	offer, hash, err := w.checkOffer(encoded)
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	row, err := w.purchase(ctx, offer, hash, encoded)
	if err != nil {
		return row, err
	}
	seed, err := w.Keys.Unwrap(ctx, row.Secret, hash[:])
	if err != nil {
		return row, fmt.Errorf("way: purchase %s: %w", hash, err)
	}
	keys, err := market.NewOneOrder(seed)
	if err != nil {
		return row, err
	}
	b := &purchase{Way: w, row: row, offer: offer, hash: hash, keys: keys}
	for {
		if progress != nil {
			progress(b.row.Step)
		}
		next, known := purchaseSteps[b.row.Step]
		if !known {
			return b.row, fmt.Errorf("way: purchase %s is at step %q: %w", hash, b.row.Step, sinso.ErrCorrupt)
		}
		if next == nil {
			return b.row, nil
		}
		if err := next(b, ctx); err != nil {
			return b.row, err
		}
	}
}

// purchaseSteps says what follows each step; nil: nothing does.
var purchaseSteps = map[string]func(*purchase, context.Context) error{
	stepPlanned:   (*purchase).fund,
	stepFunded:    (*purchase).fill,
	stepFilled:    (*purchase).ask,
	stepAnswered:  (*purchase).deliver,
	stepDelivered: (*purchase).fetch,
	stepFetched:   (*purchase).release,
	stepReleased:  nil,
	stepRefunded:  nil,
}

// purchase is one trade on the buyer's side.
type purchase struct {
	*Way
	row   sinso.PurchaseRow
	offer sinso.Offer
	hash  sinso.Hash
	keys  *market.OneOrder
}

// checkOffer believes nothing of an offer that a signature does not show, and
// takes none that stands on other contracts than this node's.
func (w *Way) checkOffer(encoded []byte) (sinso.Offer, sinso.Hash, error) {
	offer, err := market.Decode(encoded)
	if err != nil {
		return offer, sinso.Hash{}, err
	}
	if w.Chain != nil && offer.Contracts != w.Chain.Contracts() {
		return offer, sinso.Hash{}, fmt.Errorf("way: the offer stands on another chain or other contracts than this node's: %w", sinso.ErrUnsupported)
	}
	hash, err := market.Check(offer)
	if err != nil {
		return offer, hash, err
	}
	token, err := register.Check(offer.Contracts, offer.Asset)
	if err != nil {
		return offer, hash, err
	}
	if token != offer.Order.Token {
		return offer, hash, fmt.Errorf("way: the offer sells another token than the asset it shows: %w", sinso.ErrCorrupt)
	}
	return offer, hash, nil
}

// purchase finds the purchase of an order, or begins it: its one-order keys are
// durable before any money is bound to them.
func (w *Way) purchase(ctx context.Context, offer sinso.Offer, hash sinso.Hash, encoded []byte) (sinso.PurchaseRow, error) {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.Purchase(hash) })
	if err == nil || !errors.Is(err, sinso.ErrNotFound) {
		return row, err
	}
	var seed sinso.CEK
	if _, err := w.Rand.Read(seed[:]); err != nil {
		return row, fmt.Errorf("way: randomness: %w", err)
	}
	wrapped, err := w.Keys.Wrap(ctx, sinso.KeyNode, seed, hash[:])
	if err != nil {
		return row, fmt.Errorf("way: purchase %s: %w", hash, err)
	}
	row = sinso.PurchaseRow{Order: hash, Token: offer.Order.Token, Step: stepPlanned, Offer: encoded, Secret: wrapped}
	err = w.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row})
	return row, err
}

// at writes a step down.
func (b *purchase) at(ctx context.Context, step string) error {
	b.row.Step = step
	err := b.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: b.row})
	return err
}

// fund gives the one-order account what it needs, so that the node's own account
// is not seen in the trade... but for this payment.
func (b *purchase) fund(ctx context.Context) error {
	trade, err := b.Chain.Trade(ctx, b.hash)
	if err != nil {
		return err
	}
	have, err := b.Chain.Balance(ctx, b.keys.Buyer)
	if err != nil {
		return err
	}
	want := new(big.Int).Add(b.offer.Order.Price.Int(), gasAllowance)
	if trade.State == sinso.TradeNone {
		now, err := b.Chain.Now(ctx)
		if err != nil {
			return err
		}
		if err := market.Fillable(b.offer.Order, now); err != nil {
			return err
		}
	}
	if trade.State == sinso.TradeNone && have.Int().Cmp(want) < 0 {
		b.step("fund")
		missing := sinso.NewWei(new(big.Int).Sub(want, have.Int()))
		if _, err := b.Chain.Fund(ctx, b.keys.Buyer, missing); err != nil {
			return fmt.Errorf("way: fund the order's account: %w", err)
		}
	}
	return b.at(ctx, stepFunded)
}

func (b *purchase) fill(ctx context.Context) error {
	b.step("fill")
	tx, err := b.Chain.Fill(ctx, b.offer.Order, b.offer.Signature, b.keys.Fill(), b.keys.Account)
	if err != nil {
		return fmt.Errorf("way: fill %s: %w", b.hash, err)
	}
	b.row.FillTx = tx
	return b.at(ctx, stepFilled)
}

// ask gets the seller's answer. It is kept before it is looked at: whatever it
// is, it is what the seller said.
func (b *purchase) ask(ctx context.Context) error {
	b.step("ask")
	request, err := b.keys.Request(b.offer.Contracts, b.hash)
	if err != nil {
		return err
	}
	answer, err := b.Peers.Key(ctx, b.offer.Peer, request)
	if err != nil {
		return b.refund(ctx, fmt.Errorf("way: the seller's node gives no key for %s: %w", b.hash, err))
	}
	opened, err := b.keys.Open(b.offer, b.hash, answer)
	if err != nil {
		return fmt.Errorf("way: the seller's answer for %s is worth nothing: %w", b.hash, err)
	}
	if b.row.Answer, err = json.Marshal(answer); err != nil {
		return fmt.Errorf("way: the answer for %s: %w", b.hash, err)
	}
	if !opened.Wrong {
		if b.row.Key, err = b.Keys.Wrap(ctx, sinso.KeyNode, opened.Key, []byte(b.offer.Payload)); err != nil {
			return fmt.Errorf("way: keep the key of %s: %w", b.hash, err)
		}
	}
	return b.at(ctx, stepAnswered)
}

// refund takes the money back once the seller was silent for as long as the order
// allows; until then it returns why there is no key.
func (b *purchase) refund(ctx context.Context, why error) error {
	trade, err := b.Chain.Trade(ctx, b.hash)
	if err != nil {
		return errors.Join(why, err)
	}
	now, err := b.Chain.Now(ctx)
	if err != nil {
		return errors.Join(why, err)
	}
	due := trade.FilledAt.Add(time.Duration(b.offer.Order.DeliverWithin) * time.Second)
	if trade.State != sinso.TradeFilled || now.Before(due) {
		return fmt.Errorf("%w (the money is in escrow; if no key comes by %s, buying again takes it back)", why, due.UTC().Format(time.RFC3339))
	}
	b.step("refund")
	if b.row.ReleaseTx, err = b.Chain.Refund(ctx, b.hash, b.keys.Account); err != nil {
		return errors.Join(why, fmt.Errorf("way: refund %s: %w", b.hash, err))
	}
	return b.at(ctx, stepRefunded)
}

// resumePurchases goes on with every trade that is not at its end.
func (w *Way) resumePurchases(ctx context.Context) error {
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range purchases {
		if next, known := purchaseSteps[row.Step]; known && next == nil {
			continue
		}
		if _, err := w.Buy(ctx, row.Offer, nil); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// deliver carries the seller's delivery to the chain. Where the key is wrong the
// buyer opens its one-order secret to the contract, which sees for itself.
func (b *purchase) deliver(ctx context.Context) error {
	var answer sinso.KeyAnswer
	if err := json.Unmarshal(b.row.Answer, &answer); err != nil {
		return fmt.Errorf("way: purchase %s: the kept answer: %w", b.hash, sinso.ErrCorrupt)
	}
	b.step("deliver")
	tx, err := b.Chain.Deliver(ctx, answer.Delivery, b.keys.Account)
	if err != nil {
		return fmt.Errorf("way: deliver %s: %w", b.hash, err)
	}
	b.row.DeliverTx = tx
	opened, err := b.keys.Open(b.offer, b.hash, answer)
	if err != nil {
		return err
	}
	if !opened.Wrong {
		return b.at(ctx, stepDelivered)
	}
	b.step("dispute")
	if b.row.ReleaseTx, err = b.Chain.ProveWrongKey(ctx, b.offer.Order, answer.Delivery, b.offer.Payload, b.keys.BoxSecret(), b.keys.Account); err != nil {
		return fmt.Errorf("way: prove the wrong key of %s: %w", b.hash, err)
	}
	return b.at(ctx, stepRefunded)
}

// fetch brings every block of the release here and verifies all of it.
func (b *purchase) fetch(ctx context.Context) error {
	b.step("fetch")
	remote := func(ctx context.Context, cid sinso.CID) ([]byte, error) { return b.Peers.Fetch(ctx, b.offer.Peer, cid) }
	key, err := b.Keys.Unwrap(ctx, b.row.Key, []byte(b.offer.Payload))
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", b.hash, err)
	}
	if _, err := b.vault.Copy(ctx, b.offer.Payload, remote); err != nil {
		return fmt.Errorf("way: fetch the release: %w", err)
	}
	manifest, err := b.readManifest(ctx, b.offer.Payload, key)
	if err != nil {
		return err
	}
	for _, object := range append(manifest.Objects, *manifest.Evidence) {
		if _, err := b.vault.Copy(ctx, object.CID, remote); err != nil {
			return fmt.Errorf("way: fetch %s: %w", object.Name, err)
		}
	}
	if _, err := b.verifyOffer(ctx, b.offer, key); err != nil {
		return fmt.Errorf("way: what was delivered for %s is not what was offered; the payment was not confirmed: %w", b.hash, err)
	}
	return b.at(ctx, stepFetched)
}

func (b *purchase) release(ctx context.Context) error {
	b.step("release")
	tx, payouts, err := b.Chain.Release(ctx, b.hash, b.offer.Asset, b.keys.Account)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", b.hash, err)
	}
	for _, payout := range payouts {
		if _, err := b.Chain.Withdraw(ctx, payout.To, b.keys.Account); err != nil {
			return fmt.Errorf("way: send what %s is owed: %w", payout.To, err)
		}
	}
	b.row.ReleaseTx, b.row.Payouts = tx, withRoles(payouts, b.offer)
	return b.at(ctx, stepReleased)
}

// FetchKey asks the seller's node once more for the key of a purchase. It is how
// a buyer whose node lost it gets it back, for as long as the grant stands.
func (w *Way) FetchKey(ctx context.Context, order sinso.Hash) error {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.Purchase(order) })
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	offer, err := market.Decode(row.Offer)
	if err != nil {
		return err
	}
	seed, err := w.Keys.Unwrap(ctx, row.Secret, order[:])
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	keys, err := market.NewOneOrder(seed)
	if err != nil {
		return err
	}
	request, err := keys.Request(offer.Contracts, order)
	if err != nil {
		return err
	}
	answer, err := w.Peers.Key(ctx, offer.Peer, request)
	if err != nil {
		return err
	}
	opened, err := keys.Open(offer, order, answer)
	if err != nil {
		return err
	}
	if opened.Wrong {
		return fmt.Errorf("way: the seller's node now gives a key that the order did not commit to: %w", sinso.ErrCorrupt)
	}
	return nil
}

// Export opens every object of a purchase and hands it to write, in order: the
// derivatives, then the works of co-creators. name is a path of our own making:
// a name of another node is not a path here.
func (w *Way) Export(ctx context.Context, row sinso.PurchaseRow, write func(name string, plain []byte) error) error {
	offer, err := market.Decode(row.Offer)
	if err != nil {
		return err
	}
	key, err := w.Keys.Unwrap(ctx, row.Key, []byte(offer.Payload))
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	manifest, err := w.readManifest(ctx, offer.Payload, key)
	if err != nil {
		return err
	}
	if err := w.recordOne(ctx, sinso.EventOpened, "buyer", "", sinso.Opened{What: row.Order.String(), Purpose: "export"}); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, object := range manifest.Objects {
		plain, err := w.open(ctx, object.CID, sinso.CEK(object.Key))
		if err != nil {
			return err
		}
		name := objectName(counts[object.Role])
		if object.Role == roleWork {
			name = "works/" + name
		}
		counts[object.Role]++
		if err := write(name, plain); err != nil {
			return err
		}
	}
	return nil
}
