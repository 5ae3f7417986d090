package evm_test

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// offerArgs is struct Offer of IExchange.sol, under its own names.
type offerArgs struct {
	Seller, Taker         sinso.Address
	TokenID               sinso.TokenID
	Currency, Panel       sinso.Address
	Price, Floor          sinso.Wei
	StartsAt, EndsAt      time.Time
	Copies, DeliverWithin uint32
	DisputeWithin, Term   uint32
	Transferable          bool
	KeyCommitment         sinso.Hash
	PayloadHash           sinso.Hash
	TermsHash             sinso.Hash
	PurposeHash           sinso.Hash
	Salt                  sinso.Hash
}

// purchaseArgs is struct Purchase.
type purchaseArgs struct {
	Buyer      sinso.Address
	Price      sinso.Wei
	KeyX, KeyY sinso.Hash
}

// TestNamesAreThoseOfTheExchange: an order and a trade have the name here that the contract
// gives them, whatever stands in their fields.
func TestNamesAreThoseOfTheExchange(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	at := c.Contracts()
	domain := eip712.Domain(at.Exchange, at.ChainID)
	asks := func(r *rapid.T, method string, args ...any) (name sinso.Hash) {
		if err := c.Ask(t.Context(), sinso.Call{Contract: "Exchange", Method: method, Args: args}, &name); err != nil {
			r.Fatal(err)
		}
		return name
	}
	rapid.Check(t, func(r *rapid.T) {
		deal := drawDeal(r)
		o := deal.Order
		offer := offerArgs{
			o.Seller, o.Taker, o.Token, o.Currency, o.Panel, o.Price, o.Floor, o.StartsAt, o.EndsAt, o.Copies, o.DeliverWithin,
			o.DisputeWithin, o.Term, o.Transferable, o.KeyCommitment, o.Payload, o.Terms, o.Purpose, o.Salt,
		}
		order, err := eip712.OrderHash(domain, o)
		if want := asks(r, "hashOffer", offer); err != nil || order != want {
			r.Fatalf("order: got %s, %v, want %s", order, err, want)
		}
		trade, err := eip712.TradeID(domain, deal)
		want := asks(r, "tradeOf", offer, purchaseArgs{deal.Fill.Buyer, deal.Price, deal.Fill.Key.X, deal.Fill.Key.Y})
		if err != nil || trade != want {
			r.Fatalf("trade: got %s, %v, want %s", trade, err, want)
		}
	})
}

// drawDeal makes a deal of any values that its fields' types take.
func drawDeal(r *rapid.T) sinso.Deal {
	bytes := func(n int, name string) []byte { return rapid.SliceOfN(rapid.Byte(), n, n).Draw(r, name) }
	hash := func(name string) sinso.Hash { return sinso.Hash(bytes(32, name)) }
	address := func(name string) sinso.Address { return sinso.Address(bytes(20, name)) }
	wei := func(name string) sinso.Wei { return sinso.NewWei(new(big.Int).SetBytes(bytes(32, name))) }
	moment := func(name string) time.Time {
		if n := rapid.Int64Range(0, 1<<40).Draw(r, name); n > 0 {
			return time.Unix(n, 0)
		}
		return time.Time{}
	}
	number := func(name string) uint32 { return rapid.Uint32().Draw(r, name) }
	return sinso.Deal{
		Order: sinso.Order{
			Seller: address("seller"), Taker: address("taker"), Token: hash("token"), Currency: address("currency"), Panel: address("panel"),
			Price: wei("price"), Floor: wei("floor"), StartsAt: moment("starts"), EndsAt: moment("ends"), Copies: number("copies"),
			DeliverWithin: number("deliver"), DisputeWithin: number("dispute"), Term: number("term"), Transferable: rapid.Bool().Draw(r, "transferable"),
			KeyCommitment: hash("key"), Payload: hash("payload"), Terms: hash("terms"), Purpose: hash("purpose"), Salt: hash("salt"),
		},
		Fill:  sinso.Fill{Buyer: address("buyer"), Key: sinso.Point{X: hash("x"), Y: hash("y")}},
		Price: wei("paid"),
	}
}
