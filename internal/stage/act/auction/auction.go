// Package auction has the acts of rising auctions: an asset's owner opens one of the asset itself or of a licence,
// others bid, and the highest bid pays for it in the Exchange.
package auction

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act { return slices.Concat(selling(), bidding(), asking()) }

// What a seller signs, as Auctions.sol and IExchange.sol have it.
const (
	auctionType = "Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)"
	offerType   = "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
	cancelType  = "CancelAuction(bytes32 auctionId)"
)

// Terms are what an auction is: IAuctions' Auction.
type Terms struct {
	Seller    sinso.Address `json:"seller"`
	OrderHash sinso.Hash    `json:"orderHash"` // of the sale in the Exchange that the highest bid fills
	Currency  sinso.Address `json:"currency"`  // zero: the chain's own money
	Reserve   sinso.Wei     `json:"reserveWei"`
	StepBps   uint32        `json:"stepBps"`  // how much more the next bid must be, of 10,000 of the last
	StartsAt  time.Time     `json:"startsAt"` // first moment to bid
	EndsAt    time.Time     `json:"endsAt"`   // last moment to bid, if nobody bids late
	Extension uint32        `json:"extensionSeconds"`
}

// hash is the name of an auction, and what its seller signs. Domain: Auctions.
func (t Terms) hash(domain sinso.Hash) (sinso.Hash, error) {
	structure, err := eip712.Struct(auctionType, t.Seller, t.OrderHash, t.Currency, t.Reserve, t.StepBps, t.StartsAt, t.EndsAt, t.Extension)
	return eip712.Digest(domain, structure), err
}

// order is IExchange's Offer: an order of a licence. Its times are numbers, for those of another program's order may be
// any.
type order struct {
	Seller, Taker                                      sinso.Address
	TokenID                                            sinso.TokenID
	Currency, Panel                                    sinso.Address
	Price, Floor                                       sinso.Wei
	StartsAt, EndsAt                                   uint64
	Copies, DeliverWithin, DisputeWithin, Term         uint32
	Transferable                                       bool
	KeyCommitment, PayloadHash, TermsHash, PurposeHash sinso.Hash
	Salt                                               sinso.Hash // a number
}

// hash is the name of an offer. Domain: Exchange.
func (o order) hash(domain sinso.Hash) (sinso.Hash, error) {
	structure, err := eip712.Struct(offerType, o.Seller, o.Taker, o.TokenID, o.Currency, o.Panel, o.Price, o.Floor, o.StartsAt, o.EndsAt,
		o.Copies, o.DeliverWithin, o.DisputeWithin, o.Term, o.Transferable, o.KeyCommitment, o.PayloadHash, o.TermsHash, o.PurposeHash, o.Salt)
	return eip712.Digest(domain, structure), err
}

// lot is an auction as the contract told it that opened it: of a token or, with an order, of a licence.
type lot struct {
	ID        sinso.Hash
	Terms     Terms
	Sale      act.Sale
	Order     *order
	Signature []byte // the seller's, of the sale or the order
	at        place
}

// place is where the chain tells of an event.
type place struct {
	block uint64
	index uint
}

func (p place) before(other place) int {
	return cmp.Or(cmp.Compare(p.block, other.block), cmp.Compare(p.index, other.index))
}

// token is the asset that is auctioned, or a licence of which.
func (l lot) token() sinso.TokenID {
	if l.Order != nil {
		return l.Order.TokenID
	}
	return l.Sale.TokenID
}

// The events that tell of an auction.
const (
	ofToken   = "SaleOpened"
	ofLicence = "OfferOpened"
)

// read is an auction as one of its events tells it. ErrCorrupt: its name is not that of what is told, so who bids or
// signs by that name would do so in another auction, or for another thing.
func read(desk sinso.Desk, name string, event sinso.ChainEvent) (lot, error) {
	l, err := told(desk, name, event)
	if err != nil {
		return l, err
	}
	at, err := desk.At("Auctions")
	if err != nil {
		return l, err
	}
	here, err := desk.At("Exchange")
	if err != nil {
		return l, err
	}
	order := l.Sale.Hash
	if l.Order != nil {
		order = l.Order.hash
	}
	id, badTerms := l.Terms.hash(desk.Domain(at))
	sold, badOrder := order(desk.Domain(here))
	if badTerms != nil || badOrder != nil || id != l.ID || sold != l.Terms.OrderHash {
		return l, fmt.Errorf("auction: what the chain's endpoint tells of an auction is not what its name was made of; nothing was sent: try another endpoint: %w", sinso.ErrCorrupt)
	}
	return l, nil
}

// told is an auction as one of its events says it.
func told(desk sinso.Desk, name string, event sinso.ChainEvent) (l lot, err error) {
	l.at = place{event.Block, event.Index}
	if name == ofToken {
		var told struct {
			ID        sinso.Hash `abi:"auctionId"`
			Terms     Terms      `abi:"auction"`
			Sale      act.Sale
			Signature []byte `abi:"saleSignature"`
		}
		err = desk.Told("Auctions", event, &told)
		l.ID, l.Terms, l.Sale, l.Signature = told.ID, told.Terms, told.Sale, told.Signature
		return l, err
	}
	var told struct {
		ID        sinso.Hash `abi:"auctionId"`
		Terms     Terms      `abi:"auction"`
		Order     order      `abi:"offer"`
		Signature []byte     `abi:"offerSignature"`
	}
	err = desk.Told("Auctions", event, &told)
	l.ID, l.Terms, l.Order, l.Signature = told.ID, told.Terms, &told.Order, told.Signature
	return l, err
}

// each calls fn with the auctions of one kind, the newest first, until it returns false.
func each(ctx context.Context, desk sinso.Desk, name string, topics []sinso.Hash, fn func(lot) (bool, error)) error {
	return desk.Each(ctx, "Auctions", sinso.Address{}, name, topics, func(event sinso.ChainEvent) (bool, error) {
		l, err := read(desk, name, event)
		if err != nil {
			return false, err
		}
		return fn(l)
	})
}

// find returns the auction with a name.
func find(ctx context.Context, desk sinso.Desk, id sinso.Hash) (found lot, err error) {
	there := false
	for _, name := range []string{ofToken, ofLicence} {
		err := each(ctx, desk, name, []sinso.Hash{id}, func(l lot) (bool, error) {
			found, there = l, true
			return false, nil
		})
		if err != nil || there {
			return found, err
		}
	}
	return found, fmt.Errorf("auction: no such auction was opened here; sinso auction ls names them: %w", sinso.ErrNotFound)
}

func named(ctx context.Context, desk sinso.Desk, given sinso.Given) (lot, error) {
	return find(ctx, desk, sinso.Of[sinso.Hash](given, "auction"))
}

// The contract's states, by their numbers.
var states = []string{"not opened", Open, Settled, "refunded", "cancelled"}

// Two of them.
const (
	Open    = "open"
	Settled = "settled"
)

// Lot is what the contract keeps of an auction.
type Lot struct {
	Bidder sinso.Address // of the highest bid; zero: nobody has bid
	EndsAt time.Time     // last moment to bid, as it is now
	Number uint8         `abi:"state"`
	Amount sinso.Wei     // of the highest bid
}

// State is where the auction is: not opened, open, settled, refunded or cancelled.
func (l Lot) State() string { return states[l.Number] }

// SettleBy is the last moment at which it can be settled; then its bidder is refunded.
func (l Lot) SettleBy() time.Time { return l.EndsAt.Add(settling) }

const settling = 8 * 24 * time.Hour

// Look asks the contract what it keeps of an auction.
func Look(ctx context.Context, chain interface {
	Ask(ctx context.Context, call sinso.Call, into any) error
}, id sinso.Hash,
) (l Lot, err error) {
	if err = chain.Ask(ctx, auctions("lot", id), &l); err == nil && int(l.Number) >= len(states) {
		err = fmt.Errorf("auction: the contract says a state that is none: %w", sinso.ErrCorrupt)
	}
	return l, err
}

func auctions(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Auctions", Method: method, Args: args}
}

func step(doing string, call sinso.Call) sinso.Step {
	return sinso.Step{Deed: sinso.Deed{Doing: doing, Call: call}}
}

// one is a draft of one call by the node's account, or carried by it.
func one(doing string, call sinso.Call) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{step(doing, call)}}
}

// of is the parameter that names an auction.
var of = sinso.Param{Name: "auction", Kind: sinso.KindHash, Needed: true, Help: "which auction, as open printed it"}

// Kept says in words whether who acts is auctioning an asset, or licences of it.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (kept act.Kept, err error) {
	for _, name := range []string{ofToken, ofLicence} {
		what := map[string]string{ofToken: "the asset", ofLicence: "a licence of the asset"}[name]
		err := each(ctx, desk, name, nil, func(l lot) (bool, error) {
			if l.token() != token || l.Terms.Seller != desk.Actor() {
				return true, nil
			}
			kept.Currencies = append(kept.Currencies, l.Terms.Currency)
			k, err := Look(ctx, desk, l.ID)
			if err == nil && k.State() == Open {
				kept.Says = append(kept.Says, fmt.Sprintf("%s is auctioned until %s: sinso auction cancel, or settle", what, k.EndsAt.UTC().Format(time.RFC3339)))
			}
			return err == nil && len(kept.Currencies) < sinso.MostListed, err
		})
		if err != nil {
			return kept, err
		}
	}
	return kept, nil
}
