package auction

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func bidding() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "auction", Verb: "bid", Short: "Bid with this node's account, which gets the token or its money back",
			Long: "The money stays in the contract. Who is outbid is owed it at once (auction withdraw); if the highest bid is not settled,\n" +
				"within 9 days of the end (auction refund). It cannot be taken back before.",
			Params: []sinso.Param{of, {Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "in the smallest unit of the auction's currency: at least what auction show says"}},
			Draft:  bid,
		},
		{
			Noun: "auction", Verb: "settle", Short: "Buy the token for the highest bidder with the bid, after the end; anyone may, for 8 days",
			Params: []sinso.Param{of}, Draft: settle,
		},
		{
			Noun: "auction", Verb: "refund", Short: "Owe the highest bidder its money, where the auction was not settled in time; anyone may",
			Params: []sinso.Param{of},
			Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				l, err := named(ctx, desk, given)
				if err != nil {
					return sinso.Draft{}, err
				}
				return one("refund the highest bidder", auctions("refund", l.Terms)), nil
			},
		},
		{
			Noun: "auction", Verb: "withdraw", Short: "Pay a bidder what auctions owe it",
			Params: []sinso.Param{
				{Name: "payee", Kind: sinso.KindAddress, Help: "whom (default: this account)"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "the ERC-20 token that is owed (default: the chain's own money)"},
			},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				payee := sinso.Of[sinso.Address](given, "payee")
				if payee == (sinso.Address{}) {
					payee = desk.Actor()
				}
				draft := one("pay a bidder", auctions("withdraw", sinso.Of[sinso.Address](given, "currency"), payee))
				draft.Result = withdrawn("Auctions")
				return draft, nil
			},
		},
	}
}

// Withdrawn is what was paid.
type Withdrawn struct {
	To       sinso.Address `json:"to"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Amount   sinso.Wei     `json:"amountWei"`
}

// withdrawn reads what a contract paid in the last transaction.
func withdrawn(contract string) func(context.Context, sinso.Desk, []sinso.Done) (any, error) {
	return func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[len(done)-1].Events {
			if event.Name == "Withdrawn" {
				var paid Withdrawn
				err := desk.Told(contract, event, &paid)
				return paid, err
			}
		}
		return nil, fmt.Errorf("auction: the transaction paid nothing: %w", sinso.ErrCorrupt)
	}
}

// offer is IAuctions' Bid. Of a token the keys are not looked at.
type offer struct {
	Bidder     sinso.Address
	Amount     sinso.Wei
	KeyX, KeyY sinso.Hash
	HPKEHash   sinso.Hash
}

func bid(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	amount := sinso.Of[sinso.Wei](given, "amount")
	draft := one("bid", auctions("bid", l.Terms, offer{Bidder: desk.Actor(), Amount: amount}, []byte{}))
	if draft.About, err = shown(ctx, desk, l); err != nil {
		return sinso.Draft{}, err
	}
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return shown(ctx, desk, l) }
	err = draft.Pay(ctx, desk, l.Terms.Currency, amount)
	return draft, err
}

func settle(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	here, err := desk.At("Assets")
	if err != nil {
		return sinso.Draft{}, err
	}
	var from origin // of a licence nothing is looked at
	if l.Sale.Collection == here {
		if from, err = originOf(ctx, desk, l.Sale.TokenID); err != nil {
			return sinso.Draft{}, err
		}
	}
	draft := one("settle an auction", auctions("settleSale", l.Terms, l.Sale, l.Signature, from))
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return shown(ctx, desk, l) }
	return draft, nil
}

func asking() []sinso.Act {
	return []sinso.Act{
		{Noun: "auction", Verb: "show", Short: "An auction: what is sold, the highest bid, the least next one, until when", Params: []sinso.Param{of}, Ask: show},
		{
			Noun: "auction", Verb: "ls", Short: "The newest auctions of tokens, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindHash)}, Ask: list,
		},
	}
}

// Shown is an auction as it stands.
type Shown struct {
	Auction sinso.Hash `json:"auction"`
	Terms
	Collection sinso.Address  `json:"collection"` // contract of the token
	Token      sinso.TokenID  `json:"token"`
	State      string         `json:"state"`  // open, settled, refunded or cancelled
	Bidder     *sinso.Address `json:"bidder"` // of the highest bid; null: nobody has bid
	Amount     sinso.Wei      `json:"amountWei"`
	Least      sinso.Wei      `json:"leastWei"` // the next bid is at least this
	Until      time.Time      `json:"until"`    // last moment to bid, as it is now
	SettleBy   time.Time      `json:"settleBy"` // then the bidder is refunded
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	return shown(ctx, desk, l)
}

func shown(ctx context.Context, desk sinso.Desk, l lot) (Shown, error) {
	const settling = 8 * 24 * time.Hour
	out := Shown{Auction: l.ID, Terms: l.Terms, Collection: l.Sale.Collection, Token: l.Sale.TokenID}
	k, err := l.kept(ctx, desk)
	if err != nil {
		return out, err
	}
	out.State, out.Amount, out.Until, out.SettleBy = states[k.State], k.Amount, k.EndsAt, k.EndsAt.Add(settling)
	if k.Bidder != (sinso.Address{}) {
		out.Bidder = &k.Bidder
	}
	return out, desk.Ask(ctx, auctions("leastBid", l.Terms), &out.Least)
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	after := sinso.AfterOf(given, func(l lot) sinso.Hash { return l.ID })
	newest, err := sinso.Newest(ctx, desk, "Auctions", "SaleOpened", nil, after, func(event sinso.ChainEvent) (l lot, wanted bool, err error) {
		err = desk.Told("Auctions", event, &l)
		return l, true, err
	})
	if err != nil {
		return nil, err
	}
	all := make([]Shown, len(newest))
	for n, l := range newest {
		if all[n], err = shown(ctx, desk, l); err != nil {
			return nil, err
		}
	}
	return all, nil
}
