package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/seal"
)

// The steps of a purchase, in order. Each is written down before the next one
// starts.
const (
	stepPlanned   = "planned"   // the one-order keys exist, and the price is settled
	stepFunded    = "funded"    // the one-order account has the price and gas; of a price in a token gas, and the node's account has the price
	stepFilled    = "filled"    // the price is in escrow
	stepAnswered  = "answered"  // the seller's answer is here
	stepDelivered = "delivered" // the delivery is on the chain
	stepFetched   = "fetched"   // every block is here, verified, and opens
	stepReleased  = "released"  // the payees are credited
	stepRefunded  = "refunded"  // the key was wrong or never came, or the panel was for the buyer: the money is back
	stepHalved    = "halved"    // the panel was silent: half of the money is back
	stepDecided   = "decided"   // the panel was for the seller of what did not hold here: the payees are credited
	stepLost      = "lost"      // the auction ended without this node's bid: what was bid is owed to its account
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
	offer, hash, err := w.checkOffer(ctx, encoded)
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	end, err := w.buying.take(ctx, hash)
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	defer end()
	b, err := w.begin(ctx, offer, hash, encoded)
	if err != nil {
		return sinso.PurchaseRow{Order: hash}, err
	}
	if b.row.Step == stepLost {
		if err := b.lookAgain(ctx); err != nil {
			return b.row, err
		}
	}
	err = b.run(ctx, progress)
	return b.row, err
}

// run takes a purchase from where it stands to its end.
func (b *purchase) run(ctx context.Context, progress func(step string)) error {
	for {
		if progress != nil {
			progress(b.row.Step)
		}
		next, known := purchaseSteps[b.row.Step]
		if !known {
			return fmt.Errorf("way: purchase %s is at step %q: %w", b.hash, b.row.Step, sinso.ErrCorrupt)
		}
		if next == nil {
			return nil
		}
		if err := next(b, ctx); err != nil {
			return err
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
	stepHalved:    nil,
	stepDecided:   nil,
	stepLost:      nil,
}

// purchase is one trade on the buyer's side.
type purchase struct {
	*Way
	row   sinso.PurchaseRow
	offer sinso.Offer
	hash  sinso.Hash
	keys  *market.OneOrder
}

// deal is what was settled: every call after the fill brings it along.
func (b *purchase) deal() sinso.Deal {
	return sinso.Deal{Order: b.offer.Order, Fill: b.keys.Fill(), Price: b.row.Paid}
}

// settleAt fixes the price of a trade that is not paid yet, and so its name.
func (b *purchase) settleAt(price sinso.Wei) (err error) {
	b.row.Paid = price
	b.row.Trade, err = market.TradeID(b.offer.Contracts, b.deal())
	return err
}

// checkOffer believes nothing of an offer that does not follow from a signature or
// from what the token commits to, and takes none that stands on other contracts
// than this node's. What it cannot see before the payload is open, Verify sees.
func (w *Way) checkOffer(ctx context.Context, encoded []byte) (sinso.Offer, sinso.Hash, error) {
	v, err := w.walkOffer(ctx, encoded)
	return v.offer, v.found.Order, err
}

// walkOffer is checkOffer; it returns what was found.
func (w *Way) walkOffer(ctx context.Context, encoded []byte) (*verification, error) {
	v := &verification{Way: w}
	var err error
	if v.offer, err = market.Decode(encoded); err != nil {
		return v, err
	}
	if w.Chain != nil && v.offer.Contracts != w.Chain.Contracts() {
		return v, fmt.Errorf("way: the offer stands on another chain or other contracts than this node's: %w", sinso.ErrUnsupported)
	}
	if err := v.walk(ctx, v.offered()); err != nil {
		return v, fmt.Errorf("way: the offer is not taken: %w", err)
	}
	return v, nil
}

// begin finds the purchase of an order, or makes it: its one-order keys are durable
// before any money is bound to them. The caller has the order's turn.
func (w *Way) begin(ctx context.Context, offer sinso.Offer, hash sinso.Hash, encoded []byte) (*purchase, error) {
	return w.beginBy(ctx, offer, hash, encoded, means{})
}

// means is the money that a purchase of the node's own account is paid by, which lies with a contract: that of a
// request, or of a bid in an auction. Zero: the node pays, or a wallet.
type means struct{ request, auction sinso.Hash }

func meansOf(row sinso.PurchaseRow) means { return means{row.Request, row.Auction} }

// byContract reports whether a contract pays, that is the order's taker, for the node's own account.
func byContract(row sinso.PurchaseRow) bool { return meansOf(row) != means{} }

// beginBy is begin; what it makes is paid by a contract, if one is named.
func (w *Way) beginBy(ctx context.Context, offer sinso.Offer, hash sinso.Hash, encoded []byte, by means) (*purchase, error) {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.Purchase(hash) })
	if errors.Is(err, sinso.ErrNotFound) {
		return w.plannedPurchase(ctx, offer, hash, encoded, by)
	}
	if err != nil {
		return nil, err
	}
	row.Offer = encoded // what the seller did not sign may have been corrected: where its node is
	keys, err := w.oneOrder(ctx, row)
	if err != nil {
		return nil, err
	}
	return &purchase{Way: w, row: row, offer: offer, hash: hash, keys: keys}, nil
}

func (w *Way) plannedPurchase(ctx context.Context, offer sinso.Offer, hash sinso.Hash, encoded []byte, by means) (*purchase, error) {
	var seed sinso.CEK
	if _, err := w.Rand.Read(seed[:]); err != nil {
		return nil, fmt.Errorf("way: randomness: %w", err)
	}
	wrapped, err := w.Keys.Wrap(ctx, sinso.KeyNode, seed, hash[:])
	if err != nil {
		return nil, fmt.Errorf("way: purchase %s: %w", hash, err)
	}
	row := sinso.PurchaseRow{Order: hash, Request: by.request, Auction: by.auction, Token: offer.Order.Token, Offer: encoded, Secret: wrapped}
	keys, err := w.oneOrder(ctx, row)
	if err != nil {
		return nil, err
	}
	now, err := w.now(ctx)
	if err != nil {
		return nil, err
	}
	b := &purchase{Way: w, row: row, offer: offer, hash: hash, keys: keys}
	if err := b.settleAt(offer.Order.PriceAt(now)); err != nil {
		return nil, err
	}
	return b, b.at(ctx, stepPlanned)
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
	if b.row.Auction != (sinso.Hash{}) {
		return b.won(ctx)
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return err
	}
	if err := b.elsewhere(trade.State); err != nil {
		return err
	}
	if b.row.Request != (sinso.Hash{}) {
		return b.at(ctx, stepFunded) // the node's account has what it needs for gas, or says so
	}
	if trade.State == sinso.TradeNone {
		if err := b.fillable(ctx); err != nil {
			return err
		}
	}
	have, err := b.Chain.Balance(ctx, b.keys.Buyer)
	if err != nil {
		return err
	}
	want := new(big.Int).Set(gasAllowance)
	if trade.State == sinso.TradeNone { // else a wallet has paid
		coin, err := b.coin(ctx)
		if err != nil {
			return err
		}
		want.Add(want, coin.Int())
	}
	if !trade.State.Final() && have.Int().Cmp(want) < 0 {
		b.step("fund")
		missing := sinso.NewWei(new(big.Int).Sub(want, have.Int()))
		if _, err := b.Chain.Fund(ctx, b.keys.Buyer, missing); err != nil {
			return fmt.Errorf("way: fund the order's account: %w", err)
		}
	}
	return b.at(ctx, stepFunded)
}

// elsewhere refuses a purchase that nobody has paid, and that is not the node's to pay.
func (b *purchase) elsewhere(state sinso.TradeState) error {
	switch {
	case state != sinso.TradeNone:
		return nil
	case b.row.Request != (sinso.Hash{}):
		return fmt.Errorf("way: %w for %s, which answers request %s: take it by sinso request accept; nothing was spent: %w", errUnpaid, b.hash, b.row.Request, sinso.ErrUnavailable)
	case b.row.Auction != (sinso.Hash{}):
		return fmt.Errorf("way: %w for %s, which was bid for in auction %s: it is paid when that is settled; nothing was spent: %w", errUnpaid, b.hash, b.row.Auction, sinso.ErrUnavailable)
	case b.row.ByWallet:
		return fmt.Errorf("way: %w for %s, and this node was told not to; nothing was spent by it: pay by the wallet, or let the node pay: %w", errUnpaid, b.hash, sinso.ErrUnavailable)
	}
	return nil
}

// fillable says whether the contract will take the money, before any is moved, and whether the seller can be reached.
func (b *purchase) fillable(ctx context.Context) error {
	if err := b.takeable(ctx); err != nil {
		return err
	}
	// Its blocks are anybody's: a seller who cannot be reached shows now.
	if err := b.vault.Copy(ctx, b.offer.Payload, maxManifestBytes, b.remote); err != nil {
		return b.notGiven(err)
	}
	return nil
}

// notGiven is a seller who cannot be reached.
func (b *purchase) notGiven(err error) error {
	return fmt.Errorf("way: the seller's node does not give the payload of %s; nothing was spent: %w", b.hash, err)
}

// takeable says whether the contract will take the money.
func (b *purchase) takeable(ctx context.Context) error {
	now, err := b.now(ctx)
	if err != nil {
		return err
	}
	if err := b.buyable(ctx, now); err != nil {
		return err
	}
	if b.row.Auction != (sinso.Hash{}) {
		return nil // the price is the bid
	}
	return b.settleAt(b.offer.Order.PriceAt(now)) // it may have fallen since
}

// buyable says whether the order stands, and is for this node.
func (b *purchase) buyable(ctx context.Context, now time.Time) error {
	if err := market.Fillable(b.offer.Order, now); err != nil {
		return err
	}
	fills, err := b.Chain.Fills(ctx, b.offer.Order)
	switch copies := b.offer.Order.Copies; {
	case err != nil:
		return fmt.Errorf("way: order %s: %w", b.hash, err)
	case fills.Cancelled:
		return fmt.Errorf("way: the seller took order %s back; nothing was spent: %w", b.hash, sinso.ErrNotFound)
	case copies != 0 && len(fills.Trades) >= int(copies):
		return fmt.Errorf("way: somebody else paid order %s; nothing was spent: %w", b.hash, sinso.ErrExists)
	case b.offer.Order.Taker != (sinso.Address{}) && b.offer.Order.Taker != b.keys.Buyer && !byContract(b.row):
		return fmt.Errorf("way: order %s is for one account alone, and this node buys from an account made for the order; nothing was spent: %w", b.hash, sinso.ErrDenied)
	}
	owner, err := b.Chain.Owner(ctx, b.offer.Order.Token)
	if err != nil {
		return fmt.Errorf("way: token %s: %w", b.offer.Order.Token, err)
	}
	if owner != b.offer.Order.Seller {
		return fmt.Errorf("way: the seller does not own token %s; nothing was spent: %w", b.offer.Order.Token, sinso.ErrDenied)
	}
	return nil
}

// remote fetches a block from the seller's node.
func (b *purchase) remote(ctx context.Context, cid sinso.CID) ([]byte, error) {
	return b.Peers.Fetch(ctx, b.offer.Peer, cid)
}

func (b *purchase) fill(ctx context.Context) error {
	if b.row.Auction != (sinso.Hash{}) { // a reorganisation may have taken the settling, or another bid may have it now
		if err := b.paidByBid(ctx); err != nil || b.row.Step == stepLost {
			return err
		}
	}
	b.step("fill")
	tx, err := b.pay(ctx)
	if err != nil {
		return fmt.Errorf("way: fill %s: %w", b.hash, err)
	}
	b.row.FillTx = tx
	return b.at(ctx, stepFilled)
}

// ask gets the seller's answer, unless the seller has brought it to the chain
// already. Too late an answer is worth nothing, and is not asked for.
func (b *purchase) ask(ctx context.Context) error {
	stands, err := b.stands(ctx)
	if err != nil {
		return err
	}
	if stands.delivered {
		return b.at(ctx, stepAnswered)
	}
	if stands.due {
		return b.refund(ctx, fmt.Errorf("way: the seller's node gave no key for %s in time: %w", b.hash, sinso.ErrUnavailable))
	}
	b.step("ask")
	request, err := b.keyRequest(ctx, b.keys, b.offer, b.hash, b.row.Trade)
	if err != nil {
		return err
	}
	answer, err := b.Peers.Key(ctx, b.offer.Peer, request)
	if err != nil {
		return b.refund(ctx, fmt.Errorf("way: the seller's node gives no key for %s: %w", b.hash, err))
	}
	if _, err := b.keys.Open(b.offer, b.row.Trade, answer); err != nil {
		return b.refund(ctx, fmt.Errorf("way: the seller's answer for %s is worth nothing: %w", b.hash, err))
	}
	if b.row.Answer, err = json.Marshal(answer); err != nil {
		return fmt.Errorf("way: the answer for %s: %w", b.hash, err)
	}
	return b.at(ctx, stepAnswered)
}

// resumePurchases goes on with every trade that is not at its end.
func (w *Way) resumePurchases(ctx context.Context) error {
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range purchases {
		if next, known := purchaseSteps[row.Step]; known && next == nil || market.IsOld(row.Offer) {
			continue
		}
		if _, err := w.Buy(ctx, row.Offer, nil); err != nil && !errors.Is(err, errUnpaid) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// deliver carries the seller's delivery to the chain, and opens the box. Where one
// stands there already it opens that: the seller may have brought another than it
// told us. Where the key is wrong the buyer opens its one-order secret to the
// contract, which sees for itself.
func (b *purchase) deliver(ctx context.Context) error {
	stands, err := b.stands(ctx)
	if err != nil {
		return err
	}
	var delivery sinso.Delivery
	switch {
	case stands.delivered:
		delivery, err = b.delivered(ctx)
	case b.row.Answer == nil: // one stood there, and a reorganisation took it
		return b.at(ctx, stepFilled)
	default:
		delivery, err = b.carry(ctx)
	}
	if errors.Is(err, errNotCarried) {
		return b.refund(ctx, err)
	}
	if err != nil {
		return err
	}
	return b.take(ctx, delivery)
}

// take keeps the key of a delivery that stands on the chain, or proves it wrong.
func (b *purchase) take(ctx context.Context, delivery sinso.Delivery) error {
	opened, err := b.keys.OpenBox(b.offer, b.row.Trade, delivery.Box)
	if err != nil {
		return err
	}
	if opened.Wrong {
		b.step("dispute")
		tx, err := b.Chain.ProveWrongKey(ctx, b.deal(), delivery, b.offer.Payload, b.keys.BoxSecret(), b.keys.Account)
		if err != nil {
			return fmt.Errorf("way: prove the wrong key of %s: %w", b.hash, err)
		}
		return b.refunded(ctx, tx)
	}
	if b.row.Key, err = b.Keys.Wrap(ctx, sinso.KeyNode, opened.Key, []byte(b.offer.Payload)); err != nil {
		return fmt.Errorf("way: keep the key of %s: %w", b.hash, err)
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return fmt.Errorf("way: order %s: %w", b.hash, err)
	}
	if licence, known := market.LicenceOf(b.offer.Terms); known && licence.Days > 0 && trade.Delivered.IsZero() { // a reorganisation took it, or this endpoint lags behind
		return fmt.Errorf("way: order %s: the chain does not show its delivery yet: %w", b.hash, sinso.ErrUnavailable)
	}
	b.row.UseEnds = market.UseEnds(b.offer, trade.Delivered)
	return b.at(ctx, stepDelivered)
}

// errNotCarried is an answer that the chain did not take.
var errNotCarried = errors.New("the answer could not be brought to the chain")

// carry brings the answer to the chain.
func (b *purchase) carry(ctx context.Context) (sinso.Delivery, error) {
	var answer sinso.KeyAnswer
	if err := json.Unmarshal(b.row.Answer, &answer); err != nil {
		return answer.Delivery, fmt.Errorf("way: purchase %s: the kept answer: %w", b.hash, sinso.ErrCorrupt)
	}
	b.step("deliver")
	tx, err := b.Chain.Deliver(ctx, answer.Delivery, b.keys.Account)
	if err != nil {
		return answer.Delivery, fmt.Errorf("way: deliver %s: %w: %w", b.hash, errNotCarried, err)
	}
	b.row.DeliverTx = tx
	return answer.Delivery, nil
}

// fetchWorkers is how many objects are on their way at once: what one waits for,
// a peer or the disk, another uses, and those that end together share a sync.
const fetchWorkers = 4

// fetch brings every block of the release here and verifies all of it, unless the trade ended meanwhile.
func (b *purchase) fetch(ctx context.Context) error {
	ended, err := b.verdict(ctx)
	if err != nil || ended {
		return err
	}
	if err := b.bring(ctx); err != nil {
		return b.decided(ctx, err)
	}
	return b.at(ctx, stepFetched)
}

// bring is fetch, but for what is written down.
func (b *purchase) bring(ctx context.Context) error {
	b.step("fetch")
	key, err := b.Keys.Unwrap(ctx, b.row.Key, []byte(b.offer.Payload))
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", b.hash, err)
	}
	if err := b.vault.Copy(ctx, b.offer.Payload, maxManifestBytes, b.remote); err != nil {
		return fmt.Errorf("way: fetch the release: %w", err)
	}
	v := &verification{Way: b.Way, offer: b.offer, key: key}
	if err := v.walk(ctx, v.before()); err != nil { // and nothing is fetched that the token does not commit to
		return b.notOffered(err)
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(fetchWorkers)
	for _, object := range append(v.manifest.Objects, *v.manifest.Evidence) {
		group.Go(func() error {
			if err := b.vault.Copy(groupCtx, object.CID, seal.EnvelopeBound(object.Size), b.remote); err != nil {
				return fmt.Errorf("way: fetch object %s of the release: %w", object.CID, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := b.verifyOffer(ctx, b.offer, key); err != nil {
		return b.notOffered(err)
	}
	return nil
}

// notOffered says what a buyer is to know of content that fails.
func (b *purchase) notOffered(err error) error {
	return fmt.Errorf("way: what was delivered for %s is not what was offered; this node did not confirm the payment, and the seller has it once the time to object is over: %w", b.hash, err)
}

func (b *purchase) release(ctx context.Context) error {
	ended, err := b.verdict(ctx)
	if err != nil || ended {
		return err
	}
	return b.credited(ctx, stepReleased)
}

// credited lets the money go, or finds it gone, sends the payees what they are owed, and writes a step down.
func (b *purchase) credited(ctx context.Context, step string) error {
	b.step("release")
	tx, payouts, err := b.Chain.Release(ctx, b.deal(), b.offer.Asset, b.keys.Account)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", b.hash, err)
	}
	if err := b.payOut(ctx, b.offer.Order.Currency, payouts, b.keys.Account); err != nil {
		return err
	}
	b.row.ReleaseTx, b.row.Payouts = tx, withRoles(payouts, b.offer)
	return b.at(ctx, step)
}
