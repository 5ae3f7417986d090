// Package auction has the acts of rising auctions of tokens: an asset's owner opens one, others bid, and the
// highest bid buys the asset in the Exchange. Where a licence is auctioned, these acts show nothing of it.
package auction

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act { return slices.Concat(selling(), bidding(), asking()) }

// What a seller signs, as Auctions.sol, Exchange.sol and Assets.sol have it.
const (
	auctionType = "Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)"
	saleType    = "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"
	cancelType  = "CancelAuction(bytes32 auctionId)"
	permitType  = "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)"
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

// sale is IExchange's Sale: an order of the token itself.
type sale struct {
	Seller, Taker, Collection sinso.Address
	TokenID                   sinso.TokenID
	Currency                  sinso.Address
	Price, Floor              sinso.Wei
	StartsAt                  uint64
	EndsAt                    time.Time
	Salt                      sinso.Hash // a number
}

// hash is the name of a sale, and what its seller signs. Domain: Exchange.
func (s sale) hash(domain sinso.Hash) (sinso.Hash, error) {
	structure, err := eip712.Struct(saleType, s.Seller, s.Taker, s.Collection, s.TokenID, s.Currency, s.Price, s.Floor, s.StartsAt, s.EndsAt, s.Salt)
	return eip712.Digest(domain, structure), err
}

// lot is an auction as the contract told it that opened it.
type lot struct {
	ID        sinso.Hash `abi:"auctionId"`
	Terms     Terms      `abi:"auction"`
	Sale      sale
	Signature []byte `abi:"saleSignature"`
}

// find returns the newest auction of a token that is wanted; topics narrow what is looked through.
func find(ctx context.Context, desk sinso.Desk, topics []sinso.Hash, wanted func(lot) bool) (found lot, err error) {
	there := false
	err = desk.Each(ctx, "Auctions", sinso.Address{}, "SaleOpened", topics, func(event sinso.ChainEvent) (bool, error) {
		var l lot
		err := desk.Told("Auctions", event, &l)
		if err != nil || !wanted(l) {
			return true, err
		}
		found, there = l, true
		return false, nil
	})
	if err == nil && !there {
		err = fmt.Errorf("auction: no such auction of a token was opened here; sinso auction ls names them: %w", sinso.ErrNotFound)
	}
	return found, err
}

func named(ctx context.Context, desk sinso.Desk, given sinso.Given) (lot, error) {
	return find(ctx, desk, []sinso.Hash{sinso.Of[sinso.Hash](given, "auction")}, func(lot) bool { return true })
}

// The contract's states, by their numbers.
var states = []string{"not opened", "open", "settled", "refunded", "cancelled"}

const isOpen = 1

// kept is what the contract keeps of an auction.
type kept struct {
	Bidder sinso.Address
	EndsAt time.Time
	State  uint8
	Amount sinso.Wei
}

func (l lot) kept(ctx context.Context, desk sinso.Desk) (k kept, err error) {
	if err = desk.Ask(ctx, auctions("lot", l.ID), &k); err == nil && int(k.State) >= len(states) {
		err = fmt.Errorf("auction: the contract says a state that is none: %w", sinso.ErrCorrupt)
	}
	return k, err
}

func auctions(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Auctions", Method: method, Args: args}
}

func assets(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Assets", Method: method, Args: args}
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

// Kept says in words whether who acts is auctioning an asset.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (all act.Kept, err error) {
	l, err := find(ctx, desk, nil, func(l lot) bool { return l.Sale.TokenID == token && l.Terms.Seller == desk.Actor() })
	if errors.Is(err, sinso.ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return all, err
	}
	all.Currencies = []sinso.Address{l.Terms.Currency}
	k, err := l.kept(ctx, desk)
	if err == nil && k.State == isOpen {
		all.Says = []string{fmt.Sprintf("the asset is auctioned until %s: sinso auction cancel, or settle", k.EndsAt.UTC().Format(time.RFC3339))}
	}
	return all, err
}
