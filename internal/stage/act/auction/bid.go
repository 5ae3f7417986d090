package auction

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

func bidding() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "auction", Verb: "bid", Short: "Bid with this node's account, which gets the token or the licence, or its money back",
			Long: "The money stays in the contract. Who is outbid is owed it at once (auction withdraw); if the highest bid is not settled,\n" +
				"within 9 days of the end (auction refund). It cannot be taken back before.\n\n" +
				"For a licence the offer is checked as before a purchase, and the keys of this purchase are kept before the bid. Once it is\n" +
				"settled the node goes on by itself: it gets the key, verifies what it bought and lets the money go (order fill does it at once).",
			Params: []sinso.Param{
				of,
				{Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "in the smallest unit of the auction's currency: at least what auction show says"},
				{Name: "offer", Kind: sinso.KindFile, Help: "the offer of the licence, as its seller gave it; it is kept, so a higher bid needs it no more"},
			},
			Draft: bid,
		},
		{
			Noun: "auction", Verb: "settle", Short: "Pay for the token or the licence with the highest bid, after the end; anyone may, for 8 days",
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

// raised is IAuctions' Bid. Of a token the keys are not looked at.
type raised struct {
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
	about, err := shown(ctx, desk, l)
	if err != nil {
		return sinso.Draft{}, err
	}
	made := raised{Bidder: desk.Actor(), Amount: sinso.Of[sinso.Wei](given, "amount")}
	if l.Order != nil {
		if err := l.keyed(ctx, desk, &made, sinso.LicenceBid{Offer: sinso.Of[[]byte](given, "offer"), Refused: refusing(about, made)}); err != nil {
			return sinso.Draft{}, err
		}
	}
	draft := one("bid", auctions("bid", l.Terms, made, []byte{}))
	draft.About = about
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return shown(ctx, desk, l) }
	err = draft.Pay(ctx, desk, l.Terms.Currency, made.Amount)
	return draft, err
}

// keyed gives a bid for a licence its key.
func (l lot) keyed(ctx context.Context, desk sinso.Desk, made *raised, bid sinso.LicenceBid) error {
	bid.Auction, bid.Order, bid.Amount = l.ID, l.Terms.OrderHash, made.Amount
	err := l.bids(ctx, desk, func(one raised) bool {
		bid.Made = one.Bidder == made.Bidder && one.Amount.Int().Cmp(made.Amount.Int()) == 0 // bids rise, so there is one at most
		return !bid.Made
	})
	if err != nil {
		return err
	}
	fill, err := desk.Bid(ctx, bid)
	made.KeyX, made.KeyY, made.HPKEHash = fill.Key.X, fill.Key.Y, fill.HPKEHash
	return err
}

// bids calls fn with the bids of an auction, the highest first, until it returns false.
func (l lot) bids(ctx context.Context, desk sinso.Desk, fn func(raised) bool) error {
	return desk.Each(ctx, "Auctions", sinso.Address{}, "Raised", []sinso.Hash{l.ID}, func(event sinso.ChainEvent) (bool, error) {
		var told struct{ Bid raised }
		if err := desk.Told("Auctions", event, &told); err != nil {
			return false, err
		}
		return fn(told.Bid), nil
	})
}

// refusing is what the contract will not take of a bid, said before anything is kept for it; nil: nothing.
func refusing(now Shown, made raised) error {
	var why string
	switch {
	case now.State != Open:
		why = "the auction is " + now.State
	case made.Amount.Int().Cmp(now.Least.Int()) < 0:
		why = fmt.Sprintf("the bid is less than the least that is taken, %s", now.Least)
	default:
		return nil
	}
	return fmt.Errorf("auction: %s; nothing was spent: %w", why, sinso.ErrDenied)
}

func settle(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	call, err := l.settling(ctx, desk)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("settle an auction", call)
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return shown(ctx, desk, l) }
	return draft, nil
}

// settling is the call that fills the seller's order with the highest bid.
func (l lot) settling(ctx context.Context, desk sinso.Desk) (call sinso.Call, err error) {
	if l.Order != nil {
		highest, err := l.highest(ctx, desk)
		return auctions("settle", l.Terms, *l.Order, l.Signature, highest.KeyX, highest.KeyY, highest.HPKEHash), err
	}
	here, err := desk.At("Assets")
	if err != nil {
		return call, err
	}
	var from act.Origin // of a licence that is sold on nothing is looked at
	if l.Sale.Collection == here {
		if from, err = act.OriginOf(ctx, desk, l.Sale.TokenID); err != nil {
			return call, err
		}
	}
	return auctions("settleSale", l.Terms, l.Sale, l.Signature, from), nil
}

// highest is the highest bid, which is the newest. The contract keeps the hash of its keys, and takes no others.
func (l lot) highest(ctx context.Context, desk sinso.Desk) (highest raised, err error) {
	there := false
	err = l.bids(ctx, desk, func(one raised) bool {
		highest, there = one, true
		return false
	})
	if err == nil && !there {
		err = fmt.Errorf("auction: nobody has bid; nothing is sent: %w", sinso.ErrDenied)
	}
	return highest, err
}

func asking() []sinso.Act {
	return []sinso.Act{
		{Noun: "auction", Verb: "show", Short: "An auction: what is sold, the highest bid, the least next one, until when", Params: []sinso.Param{of}, Ask: show},
		{
			Noun: "auction", Verb: "ls", Short: "The newest auctions, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindHash)}, Ask: list,
		},
	}
}

// Shown is an auction as it stands.
type Shown struct {
	Auction sinso.Hash `json:"auction"`
	Terms
	Sells      string         `json:"sells"`               // token or licence
	Collection sinso.Address  `json:"collection,omitzero"` // contract of the token; absent: a licence is sold
	Token      sinso.TokenID  `json:"token"`               // that is sold, or the asset of which a licence is
	Licence    *Licensed      `json:"licence,omitempty"`   // what the licence allows; absent: the token is sold
	State      string         `json:"state"`               // open, settled, refunded or cancelled
	Bidder     *sinso.Address `json:"bidder"`              // of the highest bid; null: nobody has bid
	Amount     sinso.Wei      `json:"amountWei"`
	Least      sinso.Wei      `json:"leastWei"` // the next bid is at least this
	Until      time.Time      `json:"until"`    // last moment to bid, as it is now
	SettleBy   time.Time      `json:"settleBy"` // then the bidder is refunded
}

// Licensed is what a licence allows that is auctioned, as far as the order says it: its text is in the offer.
type Licensed struct {
	Purpose      sinso.Hash    `json:"purpose"`     // hash of what the data may be used for
	Terms        sinso.Hash    `json:"terms"`       // hash of the licence text
	Seconds      uint32        `json:"termSeconds"` // from the delivery of the key on; 0: no end
	Transferable bool          `json:"transferable"`
	Panel        sinso.Address `json:"panel"` // decides in a dispute; zero: nobody
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	l, err := named(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	return shown(ctx, desk, l)
}

func shown(ctx context.Context, desk sinso.Desk, l lot) (Shown, error) {
	out := Shown{Auction: l.ID, Terms: l.Terms, Sells: "token", Collection: l.Sale.Collection, Token: l.token()}
	if o := l.Order; o != nil {
		out.Sells, out.Licence = "licence", &Licensed{o.PurposeHash, o.TermsHash, o.Term, o.Transferable, o.Panel}
	}
	k, err := Look(ctx, desk, l.ID)
	if err != nil {
		return out, err
	}
	out.State, out.Amount, out.Until, out.SettleBy = k.State(), k.Amount, k.EndsAt, k.SettleBy()
	if k.Bidder != (sinso.Address{}) {
		out.Bidder = &k.Bidder
	}
	return out, desk.Ask(ctx, auctions("leastBid", l.Terms), &out.Least)
}

// list has the newest auctions of both kinds, in the order in which they were opened.
func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	older := func(lot) bool { return true }
	if last, ok := given["before"].(sinso.Hash); ok {
		end, err := find(ctx, desk, last)
		if err != nil {
			return nil, err
		}
		older = func(l lot) bool { return l.at.before(end.at) < 0 }
	}
	newest := []lot{}
	for _, name := range []string{ofToken, ofLicence} {
		count := 0
		err := each(ctx, desk, name, nil, func(l lot) (bool, error) {
			if older(l) {
				newest = append(newest, l)
				count++
			}
			return count < sinso.MostListed, nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(newest, func(a, b lot) int { return a.at.before(b.at) })
	newest = newest[max(0, len(newest)-sinso.MostListed):]
	all := make([]Shown, len(newest))
	for n, l := range newest {
		var err error
		if all[n], err = shown(ctx, desk, l); err != nil {
			return nil, err
		}
	}
	return all, nil
}
