// Package panel has the acts of panels: people who put up a bond and decide trades that a buyer
// disputes. Each of their members acts by its own node's account.
package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act { return slices.Concat(serving(), deciding(), asking()) }

// The parameters that several acts have.
var (
	at    = sinso.Param{Name: "at", Kind: sinso.KindAddress, Needed: true, Help: "where the panel stands"}
	trade = sinso.Param{Name: "trade", Kind: sinso.KindHash, Needed: true, Help: "which trade"}
)

// unsigned stands where the contract takes the sender instead of a signature.
var unsigned = []byte{}

// made is all that a panel was made of.
type made struct {
	Exchange  sinso.Address
	Members   []sinso.Address
	Threshold uint64
	Fee       sinso.Wei
	Currency  sinso.Address // zero: the chain's own money
	Bond      sinso.Wei     // of each member
}

func (m made) call() sinso.Call {
	return sinso.Call{Contract: "Panel", Args: []any{m.Exchange, m.Members, m.Threshold, m.Fee, m.Currency, m.Bond}}
}

// place is where a panel stands that was made of this: keccak256(0xff ‖ maker ‖ salt ‖
// keccak256(code)), its last 20 bytes (EIP-1014).
func (m made) place(ctx context.Context, desk sinso.Desk) (at sinso.Address, err error) {
	const salt = 32
	maker, data, err := desk.Encode(ctx, m.call())
	if err != nil {
		return at, err
	}
	code := eip712.Keccak(data[salt:])
	hash := eip712.Keccak([]byte{0xff}, maker[:], data[:salt], code[:])
	copy(at[:], hash[len(hash)-len(at):])
	return at, nil
}

// panel is one that stands.
type panel struct {
	at sinso.Address
	made
}

func (p panel) call(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Panel", At: p.at, Method: method, Args: args}
}

// find returns a panel that is made of this program's own source: what else stands at an address may
// say of itself whatever it likes, but not stand where this would.
func find(ctx context.Context, desk sinso.Desk, at sinso.Address) (panel, error) {
	p := panel{at: at}
	none := fmt.Errorf("panel: no panel that this program knows stands at %s: name one that sinso panel found made: %w", at, sinso.ErrNotFound)
	if at == (sinso.Address{}) {
		return p, none
	}
	for method, into := range map[string]any{
		"exchange": &p.Exchange, "members": &p.Members, "threshold": &p.Threshold, "fee": &p.Fee, "currency": &p.Currency, "wholeBond": &p.Bond,
	} {
		err := desk.Ask(ctx, p.call(method), into)
		if errors.Is(err, sinso.ErrUnavailable) {
			return p, err
		}
		if err != nil { // something else stands there, or nothing
			return p, none
		}
	}
	place, err := p.place(ctx, desk)
	if err == nil && place != at {
		err = none
	}
	if err != nil {
		return p, err
	}
	here, err := desk.At("Exchange")
	if err == nil && here != p.Exchange {
		err = fmt.Errorf("panel: the panel at %s decides trades of another contract: %w", at, sinso.ErrUnsupported)
	}
	return p, err
}

// Able is nil if the panel at an address is one that this program knows, of this Exchange, and as many of its members
// as a verdict takes could vote on a trade of a seller that is disputed now. ErrInvalid: it is no such panel;
// ErrDenied: too few could vote, so that a dispute would be refused.
func Able(ctx context.Context, desk sinso.Desk, at, seller sinso.Address) error {
	p, err := find(ctx, desk, at)
	if errors.Is(err, sinso.ErrNotFound) {
		return fmt.Errorf("panel: no panel that this program knows stands at %s, so nobody could decide; name one that sinso panel found made: %w", at, sinso.ErrInvalid)
	}
	if err != nil {
		return err
	}
	var penalty sinso.Wei
	if err := desk.Ask(ctx, p.call("penalty"), &penalty); err != nil {
		return err
	}
	able := uint64(0)
	for _, account := range p.Members {
		m, err := p.member(ctx, desk, account)
		if err != nil {
			return err
		}
		if m.LeftAt == nil && m.Bond.Int().Cmp(penalty.Int()) >= 0 && account != seller {
			able++
		}
	}
	if able < p.Threshold {
		return fmt.Errorf("panel: of the members of the panel at %s %d could vote now, and a verdict takes %d: a dispute would be refused; "+
			"sinso panel show says whose bond is missing: %w", at, able, p.Threshold, sinso.ErrDenied)
	}
	return nil
}

// order is IExchange's Offer, and purchase what was settled: with both a trade is named.
type order struct {
	Seller, Taker                              sinso.Address
	TokenID                                    sinso.TokenID
	Currency, Panel                            sinso.Address
	Price, Floor                               sinso.Wei
	StartsAt, EndsAt                           uint64
	Copies, DeliverWithin, DisputeWithin, Term uint32
	Transferable                               bool
	KeyCommitment, PayloadHash                 sinso.Hash
	TermsHash, PurposeHash, Salt               sinso.Hash
}

type purchase struct {
	Buyer      sinso.Address
	Price      sinso.Wei
	KeyX, KeyY sinso.Hash
}

// deal is a trade as the Exchange told it, and the panel that its offer names.
type deal struct {
	id     sinso.Hash
	offer  order
	bought purchase
	panel  panel
}

// named returns the trade that is given, and the panel that its offer names.
func named(ctx context.Context, desk sinso.Desk, given sinso.Given) (d deal, err error) {
	d.id = sinso.Of[sinso.Hash](given, "trade")
	filled := false
	err = desk.Each(ctx, "Exchange", sinso.Address{}, "Filled", []sinso.Hash{d.id}, func(event sinso.ChainEvent) (bool, error) {
		filled = true
		var told struct {
			Offer      order
			Buyer      sinso.Address
			Price      sinso.Wei
			KeyX, KeyY sinso.Hash
		}
		err := desk.Told("Exchange", event, &told)
		d.offer, d.bought = told.Offer, purchase{told.Buyer, told.Price, told.KeyX, told.KeyY}
		return false, err
	})
	switch {
	case err != nil:
		return d, err
	case !filled:
		return d, fmt.Errorf("panel: no such trade was filled here: %w", sinso.ErrNotFound)
	case d.offer.Panel == (sinso.Address{}):
		return d, fmt.Errorf("panel: the offer of this trade names no panel: nobody decides it: %w", sinso.ErrUnsupported)
	}
	d.panel, err = find(ctx, desk, d.offer.Panel)
	return d, err
}

func exchange(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Exchange", Method: method, Args: args}
}

// one is a draft of one call by the node's account, or carried by it.
func one(doing string, call sinso.Call) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: call}}}}
}

// moment is nil for the contract's zero.
func moment(t time.Time) *time.Time {
	if t.Unix() <= 0 {
		return nil
	}
	return &t
}
