package serve

import (
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/way"
)

// offered is what an offer says, as its signatures bind it.
type offered struct {
	Order         sinso.Hash      `json:"order"`
	Token         sinso.TokenID   `json:"token"`
	Seller        sinso.Address   `json:"seller"`
	Price         sinso.Wei       `json:"priceWei"`
	Payload       sinso.CID       `json:"payload"`
	Tier          string          `json:"tier"`
	Instances     uint32          `json:"instances"`
	Origin        sinso.Origin    `json:"origin"`
	Quality       *offeredQuality `json:"quality,omitempty"` // how well it is made, as its token commits to; absent if it does not
	Institution   string          `json:"institution"`       // its key, as a verification names it: ed25519: and hex
	Split         []cut           `json:"split" nullable:"false"`
	Terms         string          `json:"terms"`
	Licence       *sinso.Licence  `json:"licence,omitempty"` // that the text of the terms is of; absent if it is in words of its own
	EndsAt        time.Time       `json:"endsAt"`            // last moment to buy
	DeliverWithin uint32          `json:"deliverWithin"`     // seconds
	DisputeWithin uint32          `json:"disputeWithin"`     // seconds
	Contracts     sinso.Contracts `json:"contracts"`
	Peer          string          `json:"peer"` // base URL of the seller's node, as the offer says; nobody signed it
}

// cut is what one payee gets of a price.
type cut struct {
	Role  string        `json:"role"`
	Payee sinso.Address `json:"payee"`
	Bps   uint16        `json:"bps"`
	Wei   sinso.Wei     `json:"wei"`
}

// wholeSplit is the whole of a split in basis points.
const wholeSplit = 10_000

func offeredOf(offer sinso.Offer, fields attest.Fields) offered {
	o := offered{
		Token: offer.Order.Token, Seller: offer.Order.Seller, Price: offer.Order.Price, Payload: offer.Payload,
		Tier: fields.Tier, Instances: fields.Instances, Origin: offer.Origin, Quality: qualityOf(fields.Quality), Institution: fmt.Sprintf("ed25519:%x", offer.Institution),
		Split: []cut{}, Terms: offer.Terms,
		EndsAt: offer.Order.EndsAt, DeliverWithin: offer.Order.DeliverWithin, DisputeWithin: offer.Order.DisputeWithin,
		Contracts: offer.Contracts, Peer: offer.Peer,
	}
	o.Order, _ = market.OrderHash(offer.Contracts, offer.Order) // checked before
	if licence, known := market.LicenceOf(offer.Terms); known {
		o.Licence = &licence
	}
	for i, share := range offer.Asset.Split {
		wei := new(big.Int).Mul(o.Price.Int(), big.NewInt(int64(share.Bps)))
		one := cut{Payee: share.Payee, Bps: share.Bps, Wei: sinso.NewWei(wei.Div(wei, big.NewInt(wholeSplit)))}
		if i < len(offer.Roles) {
			one.Role = offer.Roles[i]
		}
		o.Split = append(o.Split, one)
	}
	return o
}

// offerLook is what a buyer sees of an offer before anything is signed.
type offerLook struct {
	OK    bool          `json:"ok"`              // it can be bought now
	Why   way.Hindrance `json:"why,omitempty"`   // what stands in the way
	Piece string        `json:"piece,omitempty"` // what does not hold, of an offer that is not signed
	Offer *offered      `json:"offer,omitempty"` // of one that holds
	Gas   sinso.Wei     `json:"gasWei"`          // at most, besides the price
	// Balance is what this node's account has; not given where it is not known.
	Balance  *sinso.Wei `json:"balanceWei,omitempty"`
	Purchase *purchase  `json:"purchase,omitempty"` // of this node
}

// lookAtOffer says what an offer is, and whether it can be bought. It signs, pays and
// keeps nothing.
func (c *call) lookAtOffer(encoded json.RawMessage) (offerLook, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return offerLook{}, err
	}
	found, err := c.way.Look(c.ctx(), encoded)
	if err != nil {
		return offerLook{}, err
	}
	look := offerLook{OK: found.Why == "", Why: found.Why, Piece: found.Piece, Gas: found.Gas, Balance: found.Balance}
	if found.Order != (sinso.Hash{}) {
		of := offeredOf(found.Offer, found.Fields)
		look.Offer = &of
	}
	if found.Purchase != nil {
		mine := c.purchaseOf(*found.Purchase)
		look.Purchase = &mine
	}
	return look, nil
}
