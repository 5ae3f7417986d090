package auction

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

func selling() []sinso.Act {
	token := sinso.Param{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "which asset"}
	currency := sinso.Param{Name: "currency", Kind: sinso.KindAddress, Help: "the ERC-20 token that it was sold for (default: the chain's own money)"}
	terms := []sinso.Param{
		token,
		{Name: "reserve", Kind: sinso.KindWei, Needed: true, Help: "the least first bid, in wei, or in the smallest unit of the currency"},
		{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token that bids are in (default: the chain's own money)"},
		{Name: "step-bps", Kind: sinso.KindNumber, Default: "500", Help: "how much more the next bid must be, of 10000 of the last: 100 to 5000"},
		{Name: "starts", Kind: sinso.KindTime, Needed: true, Help: "first moment to bid: the opening must be on the chain by then"},
		{Name: "ends", Kind: sinso.KindTime, Needed: true, Help: "last moment to bid, if nobody bids late: at most 90 days from now"},
		{Name: "extension", Kind: sinso.KindSpan, Default: "10m", Help: "a bid leaves others so long at least: up to 1h"},
	}
	return []sinso.Act{
		{
			Noun: "auction", Verb: "open", Who: sinso.ActsOwner, Short: "Auction an asset itself: who bids most owns its token",
			Long: "The whole price goes to the split of the asset if its creator sells it. Nobody is given a key by it; and when it is sold its\n" +
				"seller can offer no more copies of the asset. Until somebody bids it can be cancelled. Two transactions, which the node carries: the permit for the Exchange, and the opening.",
			Params: terms,
			Draft:  open,
		},
		{
			Noun: "auction", Verb: "offer", Who: sinso.ActsOwner, Short: "Auction a licence of an asset: who bids most has one copy, as after any sale",
			Long: "Signs an offer of one copy that the contract of auctions alone can fill, and opens the auction, in one transaction that the node\n" +
				"carries. Give the offer that it prints to bidders (order offer prints it again). Until somebody bids it can be cancelled; when\n" +
				"the highest bid has been settled, this node gives its bidder the key, so it must be reachable then.",
			Params: slices.Concat(terms, []sinso.Param{
				{Name: "term", Kind: sinso.KindNumber, Help: "how many days a buyer may use it from the delivery; 0 is without an end (default: as the release)"},
				{Name: "transferable", Kind: sinso.KindYes, Help: "who buys it may pass the licence on"},
			}),
			Draft: offer,
		},
		{
			Noun: "auction", Verb: "cancel", Who: sinso.ActsOwner, Short: "End an auction that nobody has bid in",
			Params: []sinso.Param{token, of}, Draft: cancel,
		},
		{
			Noun: "auction", Verb: "share", Short: "Divide what sales of an asset brought by its split; anyone may",
			Long:   "Then auction pay pays each of the split.",
			Params: []sinso.Param{token, currency}, Draft: divide,
		},
		{
			Noun: "auction", Verb: "pay", Short: "Pay one of an asset's split what was divided for it; anyone may",
			Params: []sinso.Param{token, {Name: "payee", Kind: sinso.KindAddress, Needed: true, Help: "whom"}, currency}, Draft: pay,
		},
	}
}

// afterEnd is how long after its end an order must still be open: what late bids put it off by, and the time to settle.
const afterEnd = 9 * 24 * time.Hour

// termsOf is the auction that is asked for, but for its order.
func termsOf(desk sinso.Desk, given sinso.Given) (Terms, error) {
	stepBps, extension := sinso.Of[uint64](given, "step-bps"), uint64(sinso.Of[time.Duration](given, "extension")/time.Second) //nolint:gosec // no span is below 0
	if stepBps > math.MaxUint32 || extension > math.MaxUint32 {
		return Terms{}, fmt.Errorf("auction: want a step of 100 to 5000 and an extension of at most 1h: %w", sinso.ErrInvalid)
	}
	return Terms{
		Seller: desk.Actor(), Currency: sinso.Of[sinso.Address](given, "currency"), Reserve: sinso.Of[sinso.Wei](given, "reserve"), StepBps: uint32(stepBps), Extension: uint32(extension),
		StartsAt: sinso.Of[time.Time](given, "starts").UTC(), EndsAt: sinso.Of[time.Time](given, "ends").UTC(),
	}, nil
}

// offered is the order and the auction that are asked for. The order's number is the moment at which it
// is drafted, so that an act that was cut off asks for the same.
func offered(desk sinso.Desk, given sinso.Given) (Terms, act.Sale, error) {
	t, err := termsOf(desk, given)
	if err != nil {
		return t, act.Sale{}, err
	}
	s := act.Sale{
		Seller: t.Seller, TokenID: sinso.Of[sinso.TokenID](given, "token"), Currency: t.Currency, Price: t.Reserve, Floor: t.Reserve, EndsAt: uint64(max(t.EndsAt.Add(afterEnd).Unix(), 0)),
		Salt: sinso.Hash(big.NewInt(max(desk.Now().Unix(), 0)).FillBytes(make([]byte, len(sinso.Hash{})))),
	}
	if s.Taker, err = desk.At("Auctions"); err != nil {
		return t, s, err
	}
	s.Collection, err = desk.At("Assets")
	return t, s, err
}

// Opened is an auction that was opened.
type Opened struct {
	Auction sinso.Hash `json:"auction"`
}

func open(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	here, err := market(ctx, desk)
	if err != nil {
		return sinso.Draft{}, err
	}
	terms, order, err := offered(desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	if err := act.Owned(ctx, desk, order.TokenID); err != nil {
		return sinso.Draft{}, err
	}
	if err := act.NotForSale(ctx, desk, ""); err != nil {
		return sinso.Draft{}, err
	}
	may := act.Permit{Spender: here, Token: order.TokenID, Until: time.Unix(int64(order.EndsAt), 0)} //nolint:gosec // it was made of a time
	permit, err := may.Step(ctx, desk, "let the Exchange move the asset when it is sold")
	if err != nil {
		return sinso.Draft{}, err
	}
	if terms.OrderHash, err = order.Hash(desk.Domain(here)); err != nil {
		return sinso.Draft{}, err
	}
	id, byAuction, err := terms.signed(desk, order.Taker)
	if err != nil {
		return sinso.Draft{}, err
	}
	bySale, err := desk.Sign(terms.OrderHash)
	return sinso.Draft{
		Steps: []sinso.Step{permit, step("open an auction", auctions("openSale", terms, byAuction, order, bySale))},
		About: terms,
		Result: func(context.Context, sinso.Desk, []sinso.Done) (any, error) {
			return Opened{id}, nil
		},
	}, err
}

// market is the Exchange that auctions fill in: the node's own. ErrCorrupt: the endpoint says another, which would be let
// move what is sold. It is asked first, so that the embedded chain has the contract.
func market(ctx context.Context, desk sinso.Desk) (here sinso.Address, err error) {
	var said sinso.Address
	if err = desk.Ask(ctx, auctions("exchange"), &said); err != nil {
		return here, err
	}
	if here, err = desk.At("Exchange"); err == nil && here != said {
		err = fmt.Errorf("auction: the chain's endpoint says that auctions fill in another market than this node's; nothing is signed: try another endpoint: %w", sinso.ErrCorrupt)
	}
	return here, err
}

// signed is the name of an auction, and its seller's signature.
func (t Terms) signed(desk sinso.Desk, at sinso.Address) (id sinso.Hash, signature []byte, err error) {
	if id, err = t.hash(desk.Domain(at)); err != nil {
		return id, nil, err
	}
	signature, err = desk.Sign(id)
	return id, signature, err
}

func cancel(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	if l.Terms.Seller != desk.Actor() || l.token() != sinso.Of[sinso.TokenID](given, "token") {
		return sinso.Draft{}, fmt.Errorf("auction: this is an auction of another asset; nothing is signed: %w", sinso.ErrInvalid)
	}
	structure, err := eip712.Struct(cancelType, l.ID)
	if err != nil {
		return sinso.Draft{}, err
	}
	at, err := desk.At("Auctions")
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.Sign(eip712.Digest(desk.Domain(at), structure))
	draft := one("cancel an auction", auctions("cancel", l.Terms, signature))
	draft.Steps[0].Revokes = true
	return draft, err
}

// receiverOf is where the split's part of an asset's sales goes.
func receiverOf(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (at sinso.Address, err error) {
	return at, desk.Ask(ctx, royalties("receiverOf", token), &at)
}

func royalties(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Royalties", Method: method, Args: args}
}

// divide has three steps: the receiver is made, if it is not there, has what the Exchange owes it, and divides it.
func divide(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	token := sinso.Of[sinso.TokenID](given, "token")
	asset, err := act.Entered(ctx, desk, token)
	if err != nil {
		return sinso.Draft{}, err
	}
	receiver, err := receiverOf(ctx, desk, token)
	if err != nil {
		return sinso.Draft{}, err
	}
	currency := sinso.Of[sinso.Address](given, "currency")
	var owed sinso.Wei
	if err := desk.Ask(ctx, sinso.Call{Contract: "Exchange", Method: "owed", Args: []any{currency, receiver}}, &owed); err != nil {
		return sinso.Draft{}, err
	}
	fetch := step("fetch what sales brought", sinso.Call{Contract: "Exchange", Method: "withdraw", Args: []any{currency, receiver}})
	fetch.Skip = owed.Int().Sign() == 0
	return sinso.Draft{Steps: []sinso.Step{
		step("make the asset's receiver", royalties("open", token)),
		fetch,
		step("divide it by the split", royalty(receiver, "distribute", currency, asset.Commitment, asset.Split)),
	}}, nil
}

func royalty(at sinso.Address, method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Royalty", At: at, Method: method, Args: args}
}

func pay(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	receiver, err := receiverOf(ctx, desk, sinso.Of[sinso.TokenID](given, "token"))
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("pay one of the split", royalty(receiver, "withdraw", sinso.Of[sinso.Address](given, "currency"), sinso.Of[sinso.Address](given, "payee")))
	draft.Result = withdrawn("Royalty")
	return draft, nil
}
