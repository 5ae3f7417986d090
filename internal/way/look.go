package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/market"
)

// Hindrance says why an offer cannot be bought: one word of a closed set, that a page
// has a sentence for. "" is nothing.
type Hindrance string

// What stands in the way of a purchase. Those up to HinderedUnsigned are of the offer
// itself: what it says is worth nothing then.
const (
	HinderedForm      Hindrance = "form"       // this is no offer
	HinderedVersion   Hindrance = "version"    // of a version that this node does not know
	HinderedContracts Hindrance = "contracts"  // on another chain or other contracts
	HinderedTier      Hindrance = "tier"       // of what no copies are sold
	HinderedUnsigned  Hindrance = "unsigned"   // its signatures do not hold, or not for this
	HinderedNoChain   Hindrance = "no-chain"   // this node has no chain, or it does not answer
	HinderedEnded     Hindrance = "ended"      // its time is over
	HinderedHasty     Hindrance = "hasty"      // it leaves a buyer too little time to object
	HinderedCurrency  Hindrance = "currency"   // the token that it asks for does not answer as one
	HinderedTaker     Hindrance = "taker"      // it is for one account alone, and not for a new one
	HinderedSold      Hindrance = "sold"       // somebody else paid it
	HinderedWithdrawn Hindrance = "withdrawn"  // its seller took it back
	HinderedNotOwned  Hindrance = "not-owned"  // its seller does not own the token
	HinderedSilent    Hindrance = "unanswered" // the seller's node does not give the payload
	HinderedPoor      Hindrance = "poor"       // this node's account has too little
)

// lookTime bounds how long a look waits for the seller's node.
const lookTime = 15 * time.Second

// Look is what an offer says, as far as signatures show it, and whether it can be
// bought now. Offer and Fields are empty where Why is of the offer itself.
type Look struct {
	Order    sinso.Hash
	Offer    sinso.Offer
	Fields   attest.Fields
	Why      Hindrance
	Piece    string             // that fails, where Why is HinderedUnsigned
	Gas      sinso.Wei          // what the order's own account gets for gas, at most
	Balance  *sinso.Wei         // of this node's account, of the chain's own money; nil: not known
	Currency sinso.Currency     // that the price is in
	Purchase *sinso.PurchaseRow // this node's, where there is one
	Now      time.Time          // the chain's clock; zero: not known
}

// Look says what an offer is. Nothing is signed, paid or kept by it.
func (w *Way) Look(ctx context.Context, encoded []byte) (Look, error) {
	look := Look{Gas: sinso.NewWei(gasAllowance)}
	offer, err := market.Decode(encoded)
	if look.Why = unreadable(err); look.Why != "" {
		return look, nil
	}
	if w.Chain != nil && offer.Contracts != w.Chain.Contracts() {
		look.Why = HinderedContracts
		return look, nil
	}
	v := &verification{Way: w, offer: offer}
	if look.Why = hinderedBy(v.walk(ctx, v.offered())); look.Why != "" {
		if look.Why == HinderedUnsigned {
			look.Piece = v.offered()[len(v.found.Steps)].piece
		}
		return look, nil
	}
	look.Order, look.Offer, look.Fields = v.found.Order, offer, v.fields
	look.Currency.At = offer.Order.Currency
	return look, w.lookAtTrade(ctx, &look)
}

// unreadable says why an offer could not be read.
func unreadable(err error) Hindrance {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sinso.ErrUnsupported):
		return HinderedVersion
	}
	return HinderedForm
}

// hinderedBy tells an offer that says what cannot be from one whose proofs do not hold.
func hinderedBy(err error) Hindrance {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sinso.ErrDenied):
		return HinderedTier
	case errors.Is(err, sinso.ErrInvalid):
		return HinderedForm
	}
	return HinderedUnsigned
}

// lookAtTrade asks the chain and the seller's node whether the offer stands.
func (w *Way) lookAtTrade(ctx context.Context, look *Look) error {
	row, err := w.Purchase(ctx, look.Order)
	switch {
	case err == nil:
		look.Purchase = &row
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	if w.Chain == nil {
		look.Why = HinderedNoChain
		return nil
	}
	look.Why, err = w.hindrance(ctx, look)
	if errors.Is(err, sinso.ErrUnavailable) && ctx.Err() == nil {
		look.Why, err = HinderedNoChain, nil
	}
	return err
}

// hindrance is what the chain and the seller's node say against a purchase.
func (w *Way) hindrance(ctx context.Context, look *Look) (Hindrance, error) {
	fills, err := w.Chain.Fills(ctx, look.Offer.Order)
	if err != nil {
		return "", fmt.Errorf("way: order %s: %w", look.Order, err)
	}
	if look.Now, err = w.now(ctx); err != nil {
		return "", err
	}
	if err := w.lookAtBalance(ctx, look); err != nil {
		return "", err
	}
	look.Currency = w.Currency(ctx, look.Offer.Order.Currency)
	copies := look.Offer.Order.Copies
	switch {
	case look.Purchase != nil && slices.Contains(fills.Trades, look.Purchase.Trade):
		return "", nil
	case fills.Cancelled:
		return HinderedWithdrawn, nil
	case copies != 0 && len(fills.Trades) >= int(copies):
		return HinderedSold, nil
	}
	return w.unfillable(ctx, look)
}

// unfillable says what stands against an order that nobody has paid.
func (w *Way) unfillable(ctx context.Context, look *Look) (Hindrance, error) {
	order := look.Offer.Order
	if market.Fillable(order, look.Now) != nil {
		return unfillableBy(order, look.Now), nil
	}
	if order.Taker != (sinso.Address{}) { // this node buys from an account that is made for the order
		return HinderedTaker, nil
	}
	owner, err := w.Chain.Owner(ctx, order.Token)
	switch {
	case errors.Is(err, sinso.ErrNotFound), err == nil && owner != order.Seller:
		return HinderedNotOwned, nil
	case err != nil:
		return "", fmt.Errorf("way: token %s: %w", order.Token, err)
	}
	asked, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if _, err := w.Peers.Fetch(asked, look.Offer.Peer, look.Offer.Payload); err != nil {
		return HinderedSilent, ctx.Err()
	}
	if look.Purchase != nil {
		return "", nil
	}
	return w.unaffordable(ctx, look)
}

// unaffordable says what the node's account lacks.
func (w *Way) unaffordable(ctx context.Context, look *Look) (Hindrance, error) {
	price := look.Offer.Order.PriceAt(look.Now)
	coin := cost(price)
	if look.Currency.IsToken() {
		coin = gasAllowance
		switch err := w.affords(ctx, look.Currency.At, price); {
		case errors.Is(err, sinso.ErrInvalid):
			return HinderedCurrency, nil
		case errors.Is(err, sinso.ErrDenied):
			return HinderedPoor, nil
		case err != nil:
			return "", err
		}
	}
	if look.Balance.Int().Cmp(coin) < 0 {
		return HinderedPoor, nil
	}
	return "", nil
}

// unfillableBy names what [market.Fillable] has against an order.
func unfillableBy(order sinso.Order, now time.Time) Hindrance {
	if now.After(order.EndsAt) {
		return HinderedEnded
	}
	return HinderedHasty
}

// cost is what an order's own account gets.
func cost(price sinso.Wei) *big.Int { return new(big.Int).Add(price.Int(), gasAllowance) }

func (w *Way) lookAtBalance(ctx context.Context, look *Look) error {
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return err
	}
	balance, err := w.Chain.Balance(ctx, account)
	if err != nil {
		return fmt.Errorf("way: the node's account: %w", err)
	}
	look.Balance = &balance
	return nil
}

// Terms are what a purchase is of and under, as its offer says: nothing is checked again.
func (w *Way) Terms(row sinso.PurchaseRow) (sinso.Offer, attest.Fields, error) {
	offer, err := market.Kept(row.Offer)
	if err != nil {
		return offer, attest.Fields{}, err
	}
	fields, err := attest.OpenCommitment(offer.Opening, offer.Asset.Commitment)
	if err != nil {
		return offer, fields, fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	return offer, fields, nil
}

// Buying reports whether this node is at work on a purchase now.
func (w *Way) Buying(order sinso.Hash) bool {
	w.buying.mu.Lock()
	defer w.buying.mu.Unlock()
	_, busy := w.buying.taken[order]
	return busy
}
