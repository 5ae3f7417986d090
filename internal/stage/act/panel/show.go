package panel

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

func asking() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "panel", Verb: "show", Short: "A panel: its members and whether they serve, its fee, its bond", Params: []sinso.Param{at}, Ask: show,
			Long: "Look at it before you sell or buy under it: who the members are, and that their bonds stand.",
		},
		{Noun: "panel", Verb: "case", Short: "What is disputed of a trade: who may vote, who did, and what comes next", Params: []sinso.Param{trade}, Ask: askCase},
		{
			Noun: "panel", Verb: "ls", Short: "The newest cases of a panel, at most 64, the newest last",
			Params: []sinso.Param{at, sinso.Before(sinso.KindHash)}, Ask: list,
		},
	}
}

// Shown is a panel as it stands.
type Shown struct {
	Panel     sinso.Address `json:"panel"`
	Exchange  sinso.Address `json:"exchange"`
	Currency  sinso.Address `json:"currency"` // zero: the chain's own money
	Threshold uint64        `json:"threshold"`
	Fee       sinso.Wei     `json:"feeWei"`
	Bond      sinso.Wei     `json:"bondWei"`    // of each member
	Penalty   sinso.Wei     `json:"penaltyWei"` // of a silence
	Members   []Member      `json:"members"`
}

// Member is one of a panel.
type Member struct {
	Account sinso.Address `json:"account"`
	Bond    sinso.Wei     `json:"bondWei"` // that stands
	Missing sinso.Wei     `json:"missingWei"`
	LeftAt  *time.Time    `json:"leftAt"` // it is in no case that is opened later; null: it has not resigned
	Open    uint64        `json:"open"`   // cases that it is in
	Owed    sinso.Wei     `json:"owedWei"`
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	out := Shown{Panel: p.at, Exchange: p.Exchange, Currency: p.Currency, Threshold: p.Threshold, Fee: p.Fee, Bond: p.Bond, Members: []Member{}}
	if err := desk.Ask(ctx, p.call("penalty"), &out.Penalty); err != nil {
		return nil, err
	}
	for _, account := range p.Members {
		m, err := p.member(ctx, desk, account)
		if err != nil {
			return nil, err
		}
		out.Members = append(out.Members, m)
	}
	return out, nil
}

func (p panel) member(ctx context.Context, desk sinso.Desk, account sinso.Address) (Member, error) {
	m := Member{Account: account}
	var seat struct {
		Bond   sinso.Wei
		FreeAt time.Time
		Open   uint64
	}
	if err := desk.Ask(ctx, p.call("seat", account), &seat); err != nil {
		return m, err
	}
	m.Bond, m.LeftAt, m.Open = seat.Bond, moment(seat.FreeAt), seat.Open
	missing := p.Bond.Int()
	m.Missing = sinso.NewWei(missing.Sub(missing, seat.Bond.Int()))
	err := desk.Ask(ctx, p.call("owed", p.Currency, account), &m.Owed)
	return m, err
}

// Case is a trade that was disputed.
type Case struct {
	Trade     sinso.Hash      `json:"trade"`
	Panel     sinso.Address   `json:"panel"`
	Seller    sinso.Address   `json:"seller"`
	Buyer     sinso.Address   `json:"buyer"`
	State     string          `json:"state"` // of the trade: disputed, then refunded, released or halved
	Until     time.Time       `json:"until"` // last moment to vote
	DueAt     time.Time       `json:"dueAt"` // last moment to carry a verdict; zero once the trade is released
	Threshold uint64          `json:"threshold"`
	Silent    []sinso.Address `json:"silent"` // members who may vote, and did not yet
	ForBuyer  []sinso.Address `json:"forBuyer"`
	ForSeller []sinso.Address `json:"forSeller"`
	Closed    bool            `json:"closed"` // fee and penalties are settled
	Next      string          `json:"next"`
}

func askCase(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	d, err := named(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	return shown(ctx, desk, d)
}

func shown(ctx context.Context, desk sinso.Desk, d deal) (Case, error) {
	out := Case{
		Trade: d.id, Panel: d.panel.at, Seller: d.offer.Seller, Buyer: d.bought.Buyer, Threshold: d.panel.Threshold,
		Silent: []sinso.Address{}, ForBuyer: []sinso.Address{}, ForSeller: []sinso.Address{},
	}
	trade, err := d.kept(ctx, desk)
	if err != nil {
		return out, err
	}
	var told struct {
		Until                        time.Time
		Members, ForBuyer, ForSeller uint16
		Closed                       bool
	}
	if err := desk.Ask(ctx, d.panel.call("caseOf", d.id), &told); err != nil {
		return out, err
	}
	out.State, out.DueAt, out.Until, out.Closed = trade.State.String(), trade.DueAt, told.Until, told.Closed
	for i, account := range d.panel.Members {
		switch bit := uint16(1) << i; {
		case told.Members&bit == 0:
		case told.ForBuyer&bit != 0:
			out.ForBuyer = append(out.ForBuyer, account)
		case told.ForSeller&bit != 0:
			out.ForSeller = append(out.ForSeller, account)
		default:
			out.Silent = append(out.Silent, account)
		}
	}
	out.Next = next(out, desk.Now())
	return out, nil
}

// next says what can be done in a case.
func next(c Case, now time.Time) string {
	decided := uint64(len(c.ForBuyer)) >= c.Threshold || uint64(len(c.ForSeller)) >= c.Threshold
	disputed := c.State == sinso.TradeDisputed.String()
	switch {
	case moment(c.Until) == nil:
		return "it is not disputed; its buyer may, while it is delivered: sinso panel dispute"
	case c.Closed:
		return "nothing: it is done"
	case disputed && decided && !now.After(c.DueAt):
		return "anyone may carry the verdict: sinso panel carry"
	case disputed && now.After(c.DueAt):
		return "there was no verdict in time; anyone may halve the price: sinso panel halve"
	case !now.After(c.Until):
		return "its members vote: sinso panel vote"
	}
	return "anyone may close the case: sinso panel close"
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	newest, err := p.cases(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	all := make([]Case, len(newest))
	for n, trade := range newest {
		d, err := named(ctx, desk, sinso.Given{"trade": trade})
		if err != nil {
			return nil, err
		}
		if all[n], err = shown(ctx, desk, d); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// cases are the newest trades that were brought before the panel, oldest first.
func (p panel) cases(ctx context.Context, desk sinso.Desk, given sinso.Given) ([]sinso.Hash, error) {
	after := sinso.AfterOf(given, func(trade sinso.Hash) sinso.Hash { return trade })
	var newest []sinso.Hash
	err := desk.Each(ctx, "Panel", p.at, "Opened", nil, func(event sinso.ChainEvent) (bool, error) {
		var told struct{ TradeID sinso.Hash }
		err := desk.Told("Panel", event, &told)
		switch {
		case err != nil:
			return false, err
		case after == nil:
			newest = append(newest, told.TradeID)
		case after(told.TradeID):
			after = nil
		}
		return len(newest) < sinso.MostListed, nil
	})
	if err == nil && after != nil {
		err = fmt.Errorf("panel: there is no such case before which to go on: %w", sinso.ErrNotFound)
	}
	slices.Reverse(newest)
	return newest, err
}
