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
	Money         *sinso.Currency `json:"money,omitempty"` // an ERC-20 token, in whose smallest unit all amounts of the offer are; absent: the chain's own money
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
	Taker         sinso.Address   `json:"taker"`             // who alone may buy; zero: anyone
	Panel         sinso.Address   `json:"panel"`             // decides in a dispute; zero: nobody
	Floor         sinso.Wei       `json:"floorWei"`          // to which the price falls evenly until endsAt; priceWei: it is fixed
	StartsAt      time.Time       `json:"startsAt,omitzero"` // when it begins to fall
	Copies        uint32          `json:"copies"`            // how often it can be bought; zero: without limit
	Term          uint32          `json:"term"`              // seconds that the licence lasts from the delivery; zero: for ever
	Transferable  bool            `json:"transferable"`      // whether the licence may be passed on
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
		Taker: offer.Order.Taker, Panel: offer.Order.Panel, Floor: offer.Order.Floor, StartsAt: offer.Order.StartsAt,
		Copies: offer.Order.Copies, Term: offer.Order.Term, Transferable: offer.Order.Transferable,
		Contracts: offer.Contracts, Peer: offer.Peer,
	}
	if offer.Version == 1 { // it had one price, and one buyer
		o.Floor, o.Copies = o.Price, 1
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
	OK    bool          `json:"ok"`                 // it can be bought now
	Why   way.Hindrance `json:"why,omitempty"`      // what stands in the way
	Piece string        `json:"piece,omitempty"`    // what does not hold, of an offer that is not signed
	Offer *offered      `json:"offer,omitempty"`    // of one that holds
	Asked *sinso.Wei    `json:"askedWei,omitempty"` // the price of this moment; not given where the chain does not say the time
	Gas   sinso.Wei     `json:"gasWei"`             // at most, besides the price
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
		if found.Currency.IsToken() {
			of.Money = &found.Currency
		}
		look.Offer = &of
	}
	if !found.Now.IsZero() {
		asked := found.Offer.Order.PriceAt(found.Now)
		look.Asked = &asked
	}
	if found.Purchase != nil {
		mine := c.purchaseOf(*found.Purchase)
		look.Purchase = &mine
	}
	return look, nil
}
