package act

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// SaleType is what the seller of an asset signs, as Exchange.sol has it.
const SaleType = "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"

// saleName is its primary type, by which what was signed is noted.
const saleName = "Sale"

// Sale is IExchange's Sale: an order of the token itself. Its times are numbers, for those of another program's order
// may be any.
type Sale struct {
	Seller, Taker, Collection sinso.Address
	TokenID                   sinso.TokenID
	Currency                  sinso.Address
	Price, Floor              sinso.Wei
	StartsAt, EndsAt          uint64
	Salt                      sinso.Hash // a number
}

// Text is what is signed of a sale, for the Exchange at an address.
func (s Sale) Text(exchange sinso.Address) sinso.Text {
	return sinso.Text{At: exchange, Type: SaleType, Members: []any{
		s.Seller, s.Taker, s.Collection, s.TokenID, s.Currency, s.Price, s.Floor, s.StartsAt, s.EndsAt, s.Salt,
	}}
}

// Hash is the name of a sale, and the digest of its text. Domain: Exchange.
func (s Sale) Hash(domain sinso.Hash) (sinso.Hash, error) {
	return eip712.TextDigest(domain, s.Text(sinso.Address{})) // where it stands is in the domain
}

// How an order ended in the Exchange.
const (
	Sold      = "sold"
	Cancelled = "cancelled"
)

// never is what the Exchange counts of an order that was cancelled.
var never = sinso.Hash(bytes.Repeat([]byte{0xff}, len(sinso.Hash{})))

// Ended is how an order of one copy was ended by its name: [Sold], [Cancelled], or "" if it was not.
func Ended(ctx context.Context, desk sinso.Desk, seller sinso.Address, hash sinso.Hash) (string, error) {
	var filled sinso.Hash
	err := desk.Ask(ctx, sinso.Call{Contract: "Exchange", Method: "filled", Args: []any{seller, hash}}, &filled)
	switch {
	case err != nil || filled == sinso.Hash{}:
		return "", err
	case filled == never:
		return Cancelled, nil
	}
	return Sold, nil
}

// GivenSale is a sale of an asset that who acts signed and gave out.
type GivenSale struct {
	Hash  sinso.Hash `json:"hash"`
	Until time.Time  `json:"until"` // last moment to buy
	State string     `json:"state"` // open, sold, cancelled or over
}

// The states of one that did not end in the Exchange.
const (
	Open = "open"
	Over = "over"
)

// GivenSales are all sales that who acts signed and gave out, oldest first. An open one can be bought as long as the asset
// is the actor's and the Exchange may move it.
func GivenSales(ctx context.Context, desk sinso.Desk) ([]GivenSale, error) {
	all := []GivenSale{}
	given, err := desk.GivenOut(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range given {
		if one.Type != saleName {
			continue
		}
		state, err := Ended(ctx, desk, desk.Actor(), one.Digest)
		if err != nil {
			return nil, err
		}
		switch {
		case state != "":
		case desk.Now().After(one.Until):
			state = Over
		default:
			state = Open
		}
		all = append(all, GivenSale{one.Digest, one.Until, state})
	}
	return all, nil
}

// IsOpen reports whether it can be bought, as far as its name and end say.
func (s GivenSale) IsOpen() bool { return s.State == Open }

// NotForSale is ErrDenied if a sale that who acts signed before can be bought still: besides says how it may be all the
// same.
func NotForSale(ctx context.Context, desk sinso.Desk, besides string) error {
	given, err := GivenSales(ctx, desk)
	if i := slices.IndexFunc(given, GivenSale.IsOpen); i >= 0 {
		err = fmt.Errorf("act: the asset can be bought by a sale that was signed, %s: take that back (sinso sale cancel)%s; nothing is signed: %w", given[i].Hash, besides, sinso.ErrDenied)
	}
	return err
}
