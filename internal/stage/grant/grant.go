// Package grant hands a key to whom the chain says may have it, and to nobody
// else; and ends what was granted.
package grant

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/keybox"
)

// The reasons for which a key is refused. A closed set.
const (
	ReasonNotFilled  sinso.Reason = "not-filled"  // nobody paid this order into escrow
	ReasonNotBuyer   sinso.Reason = "not-buyer"   // the request is not signed by the order's buyer
	ReasonRevoked    sinso.Reason = "revoked"     // the person ended the grant
	ReasonClosed     sinso.Reason = "closed"      // the money went back to the buyer
	ReasonOtherGrant sinso.Reason = "other-grant" // the HPKE key is not the one that the fill named
	ReasonLate       sinso.Reason = "late"        // the buyer may take the money back before a delivery is on the chain
	ReasonOver       sinso.Reason = "over"        // the days of the licence are over
)

var explanations = map[sinso.Reason]string{
	ReasonNotFilled:  "nobody has paid this order into escrow on the chain",
	ReasonNotBuyer:   "the request is not signed by the key that filled the order",
	ReasonRevoked:    "the person ended this grant, so the key is not given out again; a key or copy that was handed out before cannot be called back by anyone",
	ReasonClosed:     "this order's money went back to the buyer, so no key is given for it",
	ReasonOtherGrant: "the request names another HPKE key than the fill on the chain",
	ReasonOver:       "the days of use that the licence names are over, so the key is not given out again; by its terms every copy is destroyed by now, which no machine can enforce",
	ReasonLate:       "the time to deliver is over or as good as over; no key is given, and the buyer takes the money back",
}

// RefusedError is a key that is not handed out, and why.
type RefusedError struct{ Reason sinso.Reason }

// Error implements error.
func (r *RefusedError) Error() string { return "grant: " + explanations[r.Reason] }

// Is makes a RefusedError the class ErrDenied.
func (r *RefusedError) Is(target error) bool { return target == sinso.ErrDenied }

// May decides whether a request gets the key: the chain decides who may open, and
// what it does not say clearly is refused.
func May(contracts sinso.Contracts, trade sinso.Trade, request sinso.KeyRequest) error {
	hpkeHash := eip712.Keccak(request.HPKE)
	digest := eip712.KeyRequestDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), request.Trade, hpkeHash)
	signer, err := eip712.Recover(digest, request.Signature)
	switch trade.State {
	case sinso.TradeFilled, sinso.TradeDelivered, sinso.TradeReleased, sinso.TradeRefunded, sinso.TradeDisputed, sinso.TradeHalved:
	case sinso.TradeNone, sinso.TradeCancelled:
		return &RefusedError{ReasonNotFilled}
	default:
		return &RefusedError{ReasonNotFilled}
	}
	switch {
	case err != nil || signer != trade.Fill.Buyer || trade.Order != request.Order:
		return &RefusedError{ReasonNotBuyer}
	case hpkeHash != trade.Fill.HPKEHash:
		return &RefusedError{ReasonOtherGrant}
	case !trade.RevokedAt.IsZero(): // before a delivery it gives the money back too
		return &RefusedError{ReasonRevoked}
	case trade.State == sinso.TradeRefunded || trade.State == sinso.TradeHalved:
		return &RefusedError{ReasonClosed}
	}
	return nil
}

// carryTime is what the seller's node needs to bring a delivery to the chain itself.
const carryTime = 10 * time.Minute

// InTime refuses a key for an order whose time to deliver ends before the seller
// could carry the delivery to the chain: the buyer would have the key, and take
// the money back.
func InTime(order sinso.Order, trade sinso.Trade, now time.Time) error {
	window := time.Duration(order.DeliverWithin) * time.Second
	if trade.State == sinso.TradeFilled && now.After(trade.FilledAt.Add(window-min(carryTime, window/2))) {
		return &RefusedError{ReasonLate}
	}
	return nil
}

// Answer makes the grant and the delivery for a fill that May allows. seller is the
// secret of the order's seller, secret that of the release: the same order gets
// the same key box. The grant is fresh each time; the first answer is kept and
// repeated. What the buyer could prove wrong is never signed: a key that the offer
// did not commit to, an order that is not the offer's and a seller's secret that is
// another's are ErrCorrupt.
func Answer(offer sinso.Offer, deal sinso.Deal, request sinso.KeyRequest, key sinso.CEK, seller, secret [32]byte) (sinso.KeyAnswer, error) {
	fill := deal.Fill
	if err := isOf(offer, deal.Order, key, seller); err != nil {
		return sinso.KeyAnswer{}, err
	}
	trade, err := eip712.TradeID(eip712.Domain(offer.Contracts.Exchange, offer.Contracts.ChainID), deal)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("grant: %w", err)
	}
	if eip712.Keccak(request.HPKE) != fill.HPKEHash {
		return sinso.KeyAnswer{}, &RefusedError{ReasonOtherGrant}
	}
	if trade != request.Trade { // the kept offer is not the one that was filled
		return sinso.KeyAnswer{}, fmt.Errorf("grant: the offer is of another order: %w", sinso.ErrCorrupt)
	}
	info, err := hpke.GrantInfo(offer.Payload, fill.Buyer, offer.Order.Terms)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("grant: %w", err)
	}
	sealed, err := hpke.Seal(request.HPKE, info, nil, key[:])
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("grant: seal the key: %w", err)
	}
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte("sinso/keybox/r/v1"))
	mac.Write(trade[:])
	box, err := keybox.Seal([32]byte(mac.Sum(nil)), fill.Key, trade, key)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("grant: %w", err)
	}
	delivery := sinso.Delivery{Trade: trade, GrantHash: eip712.Keccak(sealed), Box: box}
	digest := eip712.DeliveryDigest(eip712.Domain(offer.Contracts.Exchange, offer.Contracts.ChainID), delivery)
	if delivery.Signature, err = eip712.Sign(seller, digest); err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("grant: sign the delivery: %w", err)
	}
	return sinso.KeyAnswer{Grant: sealed, Delivery: delivery}, nil
}

// isOf checks a key, an order and a seller's secret against the offer.
func isOf(offer sinso.Offer, order sinso.Order, key sinso.CEK, seller [32]byte) error {
	commitment, err := fee.KeyCommitment(key, offer.Payload)
	if err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	address, err := eip712.Address(seller)
	if err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	switch {
	case !sameOrder(offer, order):
		return fmt.Errorf("grant: the offer is of another order: %w", sinso.ErrCorrupt)
	case commitment != offer.Order.KeyCommitment:
		return fmt.Errorf("grant: the key is not the one that the order commits to: %w", sinso.ErrCorrupt)
	case address != offer.Order.Seller:
		return fmt.Errorf("grant: the secret is not that of the order's seller: %w", sinso.ErrCorrupt)
	}
	return nil
}

// sameOrder compares an order with the offer's, by their names.
func sameOrder(offer sinso.Offer, order sinso.Order) bool {
	domain := eip712.Domain(offer.Contracts.Exchange, offer.Contracts.ChainID)
	hash, err := eip712.OrderHash(domain, offer.Order)
	other, otherErr := eip712.OrderHash(domain, order)
	return err == nil && otherErr == nil && hash == other
}

// SignCancel signs the end of an order, whatever was not filled of it.
func SignCancel(contracts sinso.Contracts, order sinso.Hash, seller [32]byte) ([]byte, error) {
	digest := eip712.CancelDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), order)
	signature, err := eip712.Sign(seller, digest)
	if err != nil {
		return nil, fmt.Errorf("grant: sign the cancellation: %w", err)
	}
	return signature, nil
}

// SignRevoke signs the end of a trade's grant.
func SignRevoke(contracts sinso.Contracts, trade sinso.Hash, seller [32]byte) ([]byte, error) {
	digest := eip712.RevokeDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), trade)
	signature, err := eip712.Sign(seller, digest)
	if err != nil {
		return nil, fmt.Errorf("grant: sign the revocation: %w", err)
	}
	return signature, nil
}
