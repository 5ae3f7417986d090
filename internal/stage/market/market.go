// Package market makes, checks and settles orders: the seller's signed offer,
// and the buyer's side of the trade up to the moment when the key is in hand.
package market

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/keybox"
)

// OfferVersion is the version of the offers that this node writes.
const OfferVersion = 2

// MaxOffer bounds the bytes of an offer.
const MaxOffer = 1 << 20

// Windows bound how long each side may stay silent.
const (
	DeliverWithin = time.Hour
	DisputeWithin = 24 * time.Hour

	// MinDispute is the shortest time to prove a wrong key that this node pays
	// under. The contract takes less; but a seller who delivers a wrong key and
	// keeps its own node silent must not have the money before the buyer's node
	// has looked at the chain.
	MinDispute = 10 * time.Minute
)

// Sign completes an offer with the seller's signature over its order, and
// returns the order's hash. An offer that Check refuses is not given out.
func Sign(offer *sinso.Offer, seller [32]byte) (sinso.Hash, error) {
	hash, err := OrderHash(offer.Contracts, offer.Order)
	if err != nil {
		return sinso.Hash{}, err
	}
	if offer.Signature, err = eip712.Sign(seller, hash); err != nil {
		return sinso.Hash{}, fmt.Errorf("market: sign the order: %w", err)
	}
	return Check(*offer)
}

// OrderHash names an order: its EIP-712 digest.
func OrderHash(contracts sinso.Contracts, order sinso.Order) (sinso.Hash, error) {
	hash, err := eip712.OrderHash(eip712.Domain(contracts.Exchange, contracts.ChainID), order)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("market: order: %w", err)
	}
	return hash, nil
}

// TradeID names a trade.
func TradeID(contracts sinso.Contracts, deal sinso.Deal) (sinso.Hash, error) {
	id, err := eip712.TradeID(eip712.Domain(contracts.Exchange, contracts.ChainID), deal)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("market: trade: %w", err)
	}
	return id, nil
}

// PayloadHash is how an order names its payload: keccak256 of the CID's bytes.
func PayloadHash(payload sinso.CID) (sinso.Hash, error) {
	raw, err := payload.Bytes()
	if err != nil {
		return sinso.Hash{}, err
	}
	return eip712.Keccak(raw), nil
}

// TermsHash is how an order names its licence text: sha256 of it.
func TermsHash(terms string) sinso.Hash { return sha256.Sum256([]byte(terms)) }

// PurposeHash is how an order names what the data may be used for: sha256 of the purpose's
// word. It tells no more than the licence text.
func PurposeHash(l sinso.Licence) sinso.Hash { return sha256.Sum256([]byte(l.Purpose)) }

// PurposeOf is the purpose that a hash names; false: none of this program's.
func PurposeOf(hash sinso.Hash) (sinso.Purpose, bool) {
	for _, purpose := range sinso.Purposes {
		if PurposeHash(sinso.Licence{Purpose: purpose}) == hash {
			return purpose, true
		}
	}
	return "", false
}

const secondsADay = 24 * 60 * 60

// Decode reads an offer of another node: one JSON object that says what an offer
// says, no more, no less and in no other words, so that two readers cannot take it
// for two things. How it is indented does not matter.
func Decode(data []byte) (sinso.Offer, error) {
	if len(data) > MaxOffer {
		return sinso.Offer{}, fmt.Errorf("market: the offer has %d bytes, %d are allowed: %w", len(data), MaxOffer, sinso.ErrInvalid)
	}
	if version := versionOf(data); version == 1 {
		return sinso.Offer{}, fmt.Errorf("market: this offer is of version 1, for a contract that this node no longer trades on; nothing was spent: ask the seller for a new one: %w", sinso.ErrUnsupported)
	} else if version > OfferVersion {
		return sinso.Offer{}, fmt.Errorf("market: offer version %d is newer than this node; nothing was spent: update it: %w", version, sinso.ErrUnsupported)
	}
	var offer sinso.Offer
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&offer); err != nil {
		return sinso.Offer{}, fmt.Errorf("market: this is not an offer: %w", sinso.ErrInvalid)
	}
	if offer.Version != OfferVersion {
		return sinso.Offer{}, fmt.Errorf("market: offer version %d: %w", offer.Version, sinso.ErrUnsupported)
	}
	again, err := json.Marshal(offer)
	if err != nil || !sameJSON(data, again) {
		return sinso.Offer{}, fmt.Errorf("market: this is not an offer: a field is missing, twice, in other words or behind the end: %w", sinso.ErrInvalid)
	}
	return offer, nil
}

// versionOf is what a text says of its version, or 0.
func versionOf(data []byte) int {
	var told struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(data, &told) != nil {
		return 0
	}
	return told.Version
}

// IsOld reports whether an offer that this node kept is of the first version: its trade was
// on another contract, so it is shown and never gone on with.
func IsOld(kept []byte) bool { return versionOf(kept) == 1 }

// ErrOld is what there is to say of a trade of the first version that has not ended.
var ErrOld = fmt.Errorf("market: this trade is of an earlier version, on a contract that this node no longer trades on; what it says stays readable, and nothing more is sent for it: %w", sinso.ErrUnsupported)

// Kept reads an offer that this node kept, of any version.
func Kept(data []byte) (sinso.Offer, error) {
	if !IsOld(data) {
		return Decode(data)
	}
	var offer sinso.Offer
	if err := json.Unmarshal(data, &offer); err != nil {
		return sinso.Offer{}, fmt.Errorf("market: the kept offer of version 1: %w", sinso.ErrCorrupt)
	}
	return offer, nil
}

// sameJSON reports whether two texts have the same tokens in the same order; what
// stands behind the first value counts.
func sameJSON(a, b []byte) bool {
	left, right := json.NewDecoder(bytes.NewReader(a)), json.NewDecoder(bytes.NewReader(b))
	left.UseNumber()
	right.UseNumber()
	for {
		x, errX := left.Token()
		y, errY := right.Token()
		if errX != nil || errY != nil {
			return errors.Is(errX, io.EOF) && errors.Is(errY, io.EOF)
		}
		if x != y {
			return false
		}
	}
}

// Check verifies all of an offer's order that needs no chain: that the seller
// signed it, for this payload and these terms, and that the contract takes such an
// order. Whether the token is the asset's and everybody in the split signed is
// register's to check.
//
// No signature covers Version, Peer and Contracts.Identity: they are hints, and a
// false one costs the buyer a try and no money. Roles, Institution, Origin, Opening
// and Proof are worth what the token's commitment and the evidence show.
func Check(offer sinso.Offer) (sinso.Hash, error) {
	hash, err := OrderHash(offer.Contracts, offer.Order)
	if err != nil {
		return sinso.Hash{}, err
	}
	if err := takable(offer.Order); err != nil {
		return sinso.Hash{}, err
	}
	signer, err := eip712.Recover(hash, offer.Signature)
	if err != nil || signer != offer.Order.Seller {
		return sinso.Hash{}, fmt.Errorf("market: the order is not signed by its seller: %w", sinso.ErrCorrupt)
	}
	payload, err := PayloadHash(offer.Payload)
	switch {
	case err != nil:
		return sinso.Hash{}, err
	case payload != offer.Order.Payload:
		return sinso.Hash{}, fmt.Errorf("market: the order is for another payload: %w", sinso.ErrCorrupt)
	case TermsHash(offer.Terms) != offer.Order.Terms:
		return sinso.Hash{}, fmt.Errorf("market: the order is under other terms: %w", sinso.ErrCorrupt)
	}
	return hash, nil
}

// takable refuses what the Exchange refuses (docs/contracts/exchange.md).
func takable(order sinso.Order) error {
	const low, high, priceBits = 60, 90 * 24 * 60 * 60, 128 // two of seconds, one of bits
	switch {
	case order.Price.Int().BitLen() > priceBits:
		return fmt.Errorf("market: the order's price is not below 2^%d wei: %w", priceBits, sinso.ErrInvalid)
	case order.Floor.Int().Cmp(order.Price.Int()) > 0:
		return fmt.Errorf("market: the order's price rises: %w", sinso.ErrInvalid)
	case order.Floor.Int().Cmp(order.Price.Int()) != 0 && !order.StartsAt.Before(order.EndsAt):
		return fmt.Errorf("market: the order's price falls over no time: %w", sinso.ErrInvalid)
	case order.DeliverWithin < low || order.DeliverWithin > high || order.DisputeWithin < low || order.DisputeWithin > high:
		return fmt.Errorf("market: the order's windows are not between %d and %d seconds: %w", low, high, sinso.ErrInvalid)
	}
	return nil
}

// Fillable says whether an order can still be filled at a moment of the chain's
// clock, and leaves the buyer time to object: else ErrInvalid. Ask before any
// money moves.
func Fillable(order sinso.Order, now time.Time) error {
	if within := time.Duration(order.DisputeWithin) * time.Second; within < MinDispute {
		return fmt.Errorf("market: this offer leaves a buyer %s to prove that the key is wrong, and this node pays under no less than %s; nothing was spent: %w",
			within, MinDispute, sinso.ErrInvalid)
	}
	if now.After(order.EndsAt) {
		return fmt.Errorf("market: this offer ended on %s and cannot be paid any more; nothing was spent: ask the seller for a new one: %w",
			order.EndsAt.UTC().Format(time.RFC3339), sinso.ErrInvalid)
	}
	return nil
}

// OneOrder is a buyer's keys for one order. They serve no other, so that opening
// one of them to the contract tells nothing else. It prints as "[one-order keys]".
type OneOrder struct {
	Account [32]byte // pays, and signs the request for the key
	Buyer   sinso.Address
	box     [32]byte // secret of the key box
	fill    sinso.Fill
	grant   hpke.Key
}

// String keeps the keys out of every message.
func (OneOrder) String() string { return "[one-order keys]" }

// GoString implements [fmt.GoStringer].
func (OneOrder) GoString() string { return "[one-order keys]" }

// NewOneOrder derives the keys from a fresh random seed, which the buyer keeps.
func NewOneOrder(seed [32]byte) (*OneOrder, error) {
	keys := &OneOrder{Account: derive(seed, "account")}
	var err error
	if keys.Buyer, err = eip712.Address(keys.Account); err != nil {
		return nil, fmt.Errorf("market: one-order account: %w", err)
	}
	keys.fill.Buyer = keys.Buyer
	if keys.box, keys.fill.Key, err = keybox.NewKey(derive(seed, "keybox")); err != nil {
		return nil, fmt.Errorf("market: one-order key box: %w", err)
	}
	if keys.grant, err = hpke.NewKey(derive(seed, "grant")); err != nil {
		return nil, fmt.Errorf("market: one-order grant key: %w", err)
	}
	keys.fill.HPKEHash = eip712.Keccak(keys.grant.Public())
	return keys, nil
}

// By returns the same keys for a buyer who has an account already, with its secret, or sinso.KeptElsewhere.
func (k *OneOrder) By(buyer sinso.Address, account [32]byte) *OneOrder {
	by := *k
	by.Account, by.Buyer, by.fill.Buyer = account, buyer, buyer
	return &by
}

func derive(seed [32]byte, use string) [32]byte {
	return sha256.Sum256(append([]byte("sinso/one-order/v1/"+use+"\x00"), seed[:]...))
}

// Fill is what the buyer brings to the order besides the money.
func (k *OneOrder) Fill() sinso.Fill { return k.fill }

// BoxSecret is what the buyer opens to the contract to prove a wrong key, and
// never else.
func (k *OneOrder) BoxSecret() [32]byte { return k.box }

// Consent is the buyer's signature over these keys, by which another account may fill an order
// for it.
func (k *OneOrder) Consent(contracts sinso.Contracts, order sinso.Hash) ([]byte, error) {
	signature, err := eip712.Sign(k.Account, eip712.FillDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), order, k.fill))
	if err != nil {
		return nil, fmt.Errorf("market: sign the fill: %w", err)
	}
	return signature, nil
}

// Unsigned asks for the key of a trade that was settled with these keys. text is what the buyer's account signs of it.
func (k *OneOrder) Unsigned(contracts sinso.Contracts, order, trade sinso.Hash) (request sinso.KeyRequest, text sinso.Text) {
	return sinso.KeyRequest{Order: order, Trade: trade, HPKE: k.grant.Public()}, eip712.KeyRequestText(contracts.Exchange, trade, k.fill.HPKEHash)
}

// Request is what [OneOrder.Unsigned] says, signed.
func (k *OneOrder) Request(contracts sinso.Contracts, order, trade sinso.Hash) (sinso.KeyRequest, error) {
	request, text := k.Unsigned(contracts, order, trade)
	digest, err := eip712.TextDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), text)
	if err == nil {
		request.Signature, err = eip712.Sign(k.Account, digest)
	}
	if err != nil {
		return sinso.KeyRequest{}, fmt.Errorf("market: sign the key request: %w", err)
	}
	return request, nil
}

// Opened is what an answer held.
type Opened struct {
	Key   sinso.CEK
	Wrong bool // the key in the box is not the one that the order committed to
}

// Open checks a seller's answer and opens the key box. A delivery that the
// seller did not sign, or a grant that it does not bind, is ErrCorrupt: there is
// nothing to carry to the chain. A signed delivery whose box holds a wrong key
// is carried, and proven wrong.
func (k *OneOrder) Open(offer sinso.Offer, trade sinso.Hash, answer sinso.KeyAnswer) (Opened, error) {
	delivery := answer.Delivery
	digest := eip712.DeliveryDigest(eip712.Domain(offer.Contracts.Exchange, offer.Contracts.ChainID), delivery)
	signer, err := eip712.Recover(digest, delivery.Signature)
	switch {
	case err != nil || signer != offer.Order.Seller:
		return Opened{}, fmt.Errorf("market: the delivery is not signed by the seller: %w", sinso.ErrCorrupt)
	case delivery.Trade != trade:
		return Opened{}, fmt.Errorf("market: the delivery is for another trade: %w", sinso.ErrCorrupt)
	case delivery.GrantHash != eip712.Keccak(answer.Grant):
		return Opened{}, fmt.Errorf("market: the delivery binds another grant: %w", sinso.ErrCorrupt)
	}
	return k.OpenBox(offer, trade, delivery.Box)
}

// OpenBox opens the key box of a delivery that stands on the chain: the contract
// has checked the seller's signature over it.
func (k *OneOrder) OpenBox(offer sinso.Offer, trade sinso.Hash, box sinso.KeyBox) (Opened, error) {
	boxed, err := keybox.Open(k.box, box, trade)
	if err != nil { // no point of the curve: the contract refuses the delivery too
		return Opened{}, fmt.Errorf("market: the delivery's key box is none: %w", sinso.ErrCorrupt)
	}
	right, err := isCommitted(boxed, offer)
	if err != nil {
		return Opened{}, err
	}
	if !right {
		return Opened{Wrong: true}, nil
	}
	return Opened{Key: boxed}, nil
}

func isCommitted(key sinso.CEK, offer sinso.Offer) (bool, error) {
	commitment, err := fee.KeyCommitment(key, offer.Payload)
	if err != nil {
		return false, fmt.Errorf("market: key commitment: %w", err)
	}
	return commitment == offer.Order.KeyCommitment, nil
}

// OpenGrant opens the HPKE grant of an answer. The contract needs the key box
// alone; the grant is the object that a holder keeps and shows (DESIGN: a grant
// binds payload, grantee and terms).
func (k *OneOrder) OpenGrant(offer sinso.Offer, answer sinso.KeyAnswer) (sinso.CEK, error) {
	info, err := hpke.GrantInfo(offer.Payload, k.Buyer, offer.Order.Terms)
	if err != nil {
		return sinso.CEK{}, fmt.Errorf("market: grant: %w", err)
	}
	plain, err := k.grant.Open(answer.Grant, info, nil)
	if err != nil || len(plain) != len(sinso.CEK{}) {
		return sinso.CEK{}, fmt.Errorf("market: the grant does not open with the key of this order: %w", sinso.ErrCorrupt)
	}
	defer clear(plain)
	key := sinso.CEK(plain)
	right, err := isCommitted(key, offer)
	if err != nil {
		return sinso.CEK{}, err
	}
	if !right {
		return sinso.CEK{}, fmt.Errorf("market: the grant holds a key that the order did not commit to: %w", sinso.ErrCorrupt)
	}
	return key, nil
}

// NewOrder offers the key of a payload on terms that [sinso.Terms.Check] holds for, all but
// its salt.
func NewOrder(seller sinso.Address, token sinso.TokenID, price sinso.Wei, payload sinso.CID, key sinso.CEK, terms sinso.Terms, now time.Time) (sinso.Order, error) {
	keyCommitment, err := fee.KeyCommitment(key, payload)
	if err != nil {
		return sinso.Order{}, fmt.Errorf("market: key commitment: %w", err)
	}
	payloadHash, err := PayloadHash(payload)
	if err != nil {
		return sinso.Order{}, err
	}
	return sinso.Order{
		Seller: seller, Token: token, Price: price, Floor: price, Copies: 1, KeyCommitment: keyCommitment, Payload: payloadHash,
		Terms: TermsHash(LicenceText(terms.Licence)), EndsAt: now.UTC().AddDate(0, 0, int(terms.OfferDays)).Truncate(time.Second),
		Panel:   terms.Panel,
		Purpose: PurposeHash(terms.Licence), Term: uint32(terms.Licence.Days) * secondsADay,
		DeliverWithin: uint32(DeliverWithin / time.Second), DisputeWithin: uint32(DisputeWithin / time.Second),
	}, nil
}
