// Package eip712 makes the digests that SINSO's contracts check, signs them and
// recovers who signed (EIP-712 over secp256k1).
//
// A digest is keccak256(0x19 ‖ 0x01 ‖ domain separator ‖ struct hash). Every
// struct that is signed has static fields only, so its hash is keccak256 of its
// type hash and its fields, 32 bytes each. Which contract a struct is for is
// said with its function; the domain names that contract and its chain, so a
// signature for one is worth nothing on another.
package eip712

import (
	"encoding/binary"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// Name and Version are those of every SINSO domain.
const (
	Name    = "SINSO"
	Version = "1"
)

// The types that are signed, as their contracts write them (EIP-712, encodeType).
const (
	domainType     = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
	entryType      = "Entry(address owner)"
	assetType      = "Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)"
	orderType      = "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
	deliveryType   = "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
	cancelType     = "Cancel(bytes32 orderHash)"
	revokeType     = "Revoke(bytes32 tradeId)"
	fillType       = "Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)"
	keyRequestType = "KeyRequest(bytes32 tradeId,bytes32 hpkeHash)"
	workType       = "Work(bytes32 contentHash)"
)

// The first word of a token ID's preimage is keccak256 of one of these.
const (
	assetTokenDomain    = "sinso/asset/v1" //nolint:gosec // a public name
	identityTokenDomain = "sinso/identity/v1"
)

// wholeBps is the whole of a split in basis points.
const wholeBps = 10_000

const wordBytes = 32 // of the ABI: every static value is padded to one word

// words is a row of ABI words: abi.encode of static values.
type words []byte

func (w words) hash(h sinso.Hash) words { return append(w, h[:]...) }

func (w words) address(a sinso.Address) words {
	return append(append(w, make([]byte, wordBytes-len(a))...), a[:]...)
}

func (w words) uint(v uint64) words {
	return binary.BigEndian.AppendUint64(append(w, make([]byte, wordBytes-8)...), v)
}

func typed(name string) words { return words{}.hash(Keccak([]byte(name))) }

func digest(domain sinso.Hash, structure words) sinso.Hash {
	hash := Keccak(structure)
	return Keccak([]byte{0x19, 0x01}, domain[:], hash[:])
}

// Domain returns the domain separator of one contract on one chain.
func Domain(contract sinso.Address, chainID uint64) sinso.Hash {
	return Keccak(typed(domainType).hash(Keccak([]byte(Name))).hash(Keccak([]byte(Version))).uint(chainID).address(contract))
}

// EntryDigest is what a person signs to get an identity token. Domain: Identity.
func EntryDigest(domain sinso.Hash, owner sinso.Address) sinso.Hash {
	return digest(domain, typed(entryType).address(owner))
}

// AssetDigest is what every payee of an asset's split signs. Domain: Assets. A
// split that the contract would refuse is ErrInvalid, as in SplitHash.
func AssetDigest(domain sinso.Hash, asset sinso.Asset) (sinso.Hash, error) {
	split, err := SplitHash(asset.Split)
	if err != nil {
		return sinso.Hash{}, err
	}
	return digest(domain, typed(assetType).address(asset.Creator).hash(asset.Commitment).hash(split).hash(asset.Parent)), nil
}

// OrderHash is what a seller signs, and the order's name everywhere: the whole
// digest, as Exchange.hashOffer makes it. Domain: Exchange. A price or floor above a
// uint256 and a moment that is before 1970 or not a whole second are ErrInvalid.
func OrderHash(domain sinso.Hash, order sinso.Order) (sinso.Hash, error) {
	for _, at := range []time.Time{order.StartsAt, order.EndsAt} {
		if !at.IsZero() && (at.Unix() < 0 || at.Nanosecond() != 0) {
			return sinso.Hash{}, fmt.Errorf("eip712: the order's start or end is not a whole second since 1970: %w", sinso.ErrInvalid)
		}
	}
	hash, err := Struct(orderType, order.Seller, order.Taker, order.Token, order.Currency, order.Panel, order.Price, order.Floor,
		order.StartsAt, order.EndsAt, order.Copies, order.DeliverWithin, order.DisputeWithin, order.Term, order.Transferable,
		order.KeyCommitment, order.Payload, order.Terms, order.Purpose, order.Salt)
	if err != nil {
		return sinso.Hash{}, err
	}
	return Digest(domain, hash), nil
}

// TradeID names a trade: keccak256(abi.encode(order hash, Purchase(buyer, price, keyX,
// keyY))), as Exchange.tradeOf makes it. ErrInvalid as OrderHash.
func TradeID(domain sinso.Hash, deal sinso.Deal) (sinso.Hash, error) {
	order, err := OrderHash(domain, deal.Order)
	if err != nil {
		return sinso.Hash{}, err
	}
	price, err := wordOf("uint256", deal.Price)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("eip712: the deal's price: %w", err)
	}
	return Keccak(words{}.hash(order).address(deal.Fill.Buyer).hash(price).hash(deal.Fill.Key.X).hash(deal.Fill.Key.Y)), nil
}

// DeliveryDigest is what a seller signs to deliver a key. Domain: Exchange.
func DeliveryDigest(domain sinso.Hash, delivery sinso.Delivery) sinso.Hash {
	box := delivery.Box
	return digest(domain, typed(deliveryType).
		hash(delivery.Trade).hash(delivery.GrantHash).hash(box.Ephemeral.X).hash(box.Ephemeral.Y).hash(box.Masked))
}

// CancelDigest is what a seller signs to end an order, whatever was not filled of it.
// Domain: Exchange.
func CancelDigest(domain, order sinso.Hash) sinso.Hash {
	return digest(domain, typed(cancelType).hash(order))
}

// RevokeDigest is what a seller signs to end the grant of a trade. Domain: Exchange.
func RevokeDigest(domain, trade sinso.Hash) sinso.Hash {
	return digest(domain, typed(revokeType).hash(trade))
}

// FillDigest is what a buyer signs so that another account may pay for it: the keys are the
// buyer's own. Domain: Exchange.
func FillDigest(domain, order sinso.Hash, fill sinso.Fill) sinso.Hash {
	return digest(domain, typed(fillType).hash(order).hash(fill.Key.X).hash(fill.Key.Y).hash(fill.HPKEHash))
}

// KeyRequestDigest is what a buyer signs to ask a seller's node for the key of a
// trade. hpkeHash is keccak256 of the buyer's HPKE public key. Domain: Exchange,
// though no contract sees it.
func KeyRequestDigest(domain, trade, hpkeHash sinso.Hash) sinso.Hash {
	return digest(domain, typed(keyRequestType).hash(trade).hash(hpkeHash))
}

// WorkDigest is what somebody signs to claim a work of their own that goes into
// an asset; content is sha256 of its bytes. Domain: Assets, though no contract
// sees it.
func WorkDigest(domain, content sinso.Hash) sinso.Hash {
	return digest(domain, typed(workType).hash(content))
}

// SplitHash returns keccak256(abi.encode(split)) as Solidity encodes a Share[].
// It is ErrInvalid for what the contract refuses: no or more than
// sinso.MaxShares shares, a zero payee, a zero share, a payee twice, or a sum
// other than 10,000 bps.
func SplitHash(split []sinso.Share) (sinso.Hash, error) {
	if len(split) == 0 || len(split) > sinso.MaxShares {
		return sinso.Hash{}, fmt.Errorf("eip712: a split has 1 to %d shares, not %d: %w", sinso.MaxShares, len(split), sinso.ErrInvalid)
	}
	// A dynamic value is an offset to where it stands, its length, its elements.
	encoded := words{}.uint(wordBytes).uint(uint64(len(split)))
	sum, seen := 0, map[sinso.Address]bool{{}: true}
	for i, share := range split {
		if share.Bps == 0 || seen[share.Payee] {
			return sinso.Hash{}, fmt.Errorf("eip712: share %d of the split is zero, of the zero address or of a payee named before: %w", i+1, sinso.ErrInvalid)
		}
		seen[share.Payee] = true
		sum += int(share.Bps)
		encoded = encoded.address(share.Payee).uint(uint64(share.Bps))
	}
	if sum != wholeBps {
		return sinso.Hash{}, fmt.Errorf("eip712: a split sums to %d bps, not %d: %w", wholeBps, sum, sinso.ErrInvalid)
	}
	return Keccak(encoded), nil
}

// TokenID returns the ID of an asset's token, whether it was minted or not.
// ErrInvalid as SplitHash.
func TokenID(asset sinso.Asset) (sinso.TokenID, error) {
	split, err := SplitHash(asset.Split)
	if err != nil {
		return sinso.TokenID{}, err
	}
	return Keccak(typed(assetTokenDomain).address(asset.Creator).hash(asset.Commitment).hash(split)), nil
}

// IdentityToken returns the ID of a person's identity token.
func IdentityToken(owner sinso.Address) sinso.TokenID {
	return Keccak(typed(identityTokenDomain).address(owner))
}
