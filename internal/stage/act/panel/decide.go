package panel

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

// disputeType is what a buyer signs, as Exchange.sol has it.
const disputeType = "Dispute(bytes32 tradeId,bytes32 evidenceHash)"

func deciding() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "panel", Verb: "dispute", Who: sinso.ActsBuyer, Short: "Say that what was delivered is not what was sold: the panel of the offer decides",
			Long: "The panel's fee is paid with it by this node's account, and is the voters', whoever is right. The members are shown the evidence elsewhere. If\n" +
				"they are too silent for a verdict, anyone may halve the price after 14 days.",
			Params: []sinso.Param{trade, {Name: "evidence", Kind: sinso.KindHash, Needed: true, Help: "salted hash of what the panel will be shown"}},
			Draft:  dispute,
		},
		{
			Noun: "panel", Verb: "vote", Short: "As a member in the case, vote for the buyer or for the seller: once, and everybody sees it",
			Params: []sinso.Param{trade, {Name: "for", Kind: sinso.KindText, Needed: true, Help: "buyer or seller"}},
			Draft:  vote,
		},
		{
			Noun: "panel", Verb: "carry", Short: "Take a verdict to the Exchange, as soon as a side has the votes: the money goes; anyone may",
			Long: "Votes end two days before the time for this. Nobody carries it: the price is halved.", Params: []sinso.Param{trade}, Draft: carry,
		},
		{
			Noun: "panel", Verb: "halve", Short: "Where there was no verdict in time, owe the buyer one half of the price and the payees the other; anyone may",
			Params: []sinso.Param{trade}, Draft: halve,
		},
		{
			Noun: "panel", Verb: "collect", Short: "Pay the buyer of a trade what the Exchange owes it since the verdict, to the account that bought; anyone may",
			Params: []sinso.Param{trade},
			Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				d, err := named(ctx, desk, given)
				if err != nil {
					return sinso.Draft{}, err
				}
				return one("pay the buyer", exchange("withdraw", d.offer.Currency, d.bought.Buyer)), nil
			},
		},
		{
			Noun: "panel", Verb: "close", Short: "Settle fee and penalties of a case once its time to vote is over; anyone may",
			Params: []sinso.Param{trade},
			Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				d, err := named(ctx, desk, given)
				if err != nil {
					return sinso.Draft{}, err
				}
				draft := one("close a case", d.panel.call("close", d.id))
				draft.Result = d.result
				return draft, nil
			},
		},
	}
}

func dispute(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	d, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	evidence := sinso.Of[sinso.Hash](given, "evidence")
	here, err := desk.At("Exchange")
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.SignText(ctx, sinso.Text{At: here, Type: disputeType, Members: []any{d.id, evidence}})
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("dispute a delivery", exchange("dispute", d.offer, d.bought, evidence, signature))
	draft.About, draft.Result = Disputed{d.id, d.panel.at, d.panel.Currency, d.panel.Fee}, d.result
	err = draft.PayTo(ctx, desk, d.panel.Currency, d.panel.at, d.panel.Fee) // the panel takes a token itself, from who sends the dispute
	return draft, err
}

// Disputed is what a dispute costs, and who decides.
type Disputed struct {
	Trade    sinso.Hash    `json:"trade"`
	Panel    sinso.Address `json:"panel"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Fee      sinso.Wei     `json:"feeWei"`   // in its smallest unit
}

func vote(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	side := sinso.Of[string](given, "for")
	if side != "buyer" && side != "seller" {
		return sinso.Draft{}, fmt.Errorf("panel: a vote is for the buyer or for the seller: %w", sinso.ErrInvalid)
	}
	d, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("vote", d.panel.call("vote", d.id, desk.Actor(), side == "buyer", unsigned))
	draft.Result = d.result
	return draft, nil
}

// Moved is a trade whose money has gone.
type Moved struct {
	Trade sinso.Hash `json:"trade"`
	State string     `json:"state"` // released, refunded or halved
}

// ended drafts a call that ends a trade: the release of the money wants what the asset was entered with.
func ended(ctx context.Context, desk sinso.Desk, given sinso.Given, doing string, call func(deal, sinso.Asset) sinso.Call) (sinso.Draft, error) {
	d, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	asset, err := act.Entered(ctx, desk, d.offer.TokenID)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one(doing, call(d, asset))
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		kept, err := d.kept(ctx, desk)
		return Moved{d.id, kept.State.String()}, err
	}
	return draft, nil
}

func carry(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	return ended(ctx, desk, given, "carry a verdict", func(d deal, a sinso.Asset) sinso.Call {
		return d.panel.call("carry", d.offer, d.bought, a.Commitment, a.Split)
	})
}

func halve(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	return ended(ctx, desk, given, "halve the price", func(d deal, a sinso.Asset) sinso.Call {
		return exchange("halve", d.offer, d.bought, a.Commitment, a.Split)
	})
}

// kept is what the Exchange keeps of a trade.
type kept struct {
	State sinso.TradeState
	DueAt time.Time // zero of what was released: there the Exchange keeps the end of the licence
}

func (d deal) kept(ctx context.Context, desk sinso.Desk) (k kept, err error) {
	err = desk.Ask(ctx, exchange("trade", d.id), &k)
	if k.State == sinso.TradeReleased {
		k.DueAt = time.Time{}
	}
	return k, err
}

func (d deal) result(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
	return shown(ctx, desk, d)
}
