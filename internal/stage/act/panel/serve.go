package panel

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
)

func serving() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "panel", Verb: "found", Short: "Make a panel: its members, how many of them a verdict takes, its fee and its bond",
			Long: "Nothing of it can be changed later. A member is in no case before it serves. The same again stands already. Sellers name\n" +
				"it in their offers; each other node knows by its place that it is made of this program's own source.",
			Params: []sinso.Param{
				{Name: "member", Kind: sinso.KindAddress, Needed: true, List: true, Help: "the account of a member's node, at most 15"},
				{Name: "threshold", Kind: sinso.KindNumber, Needed: true, Help: "votes that a verdict takes: more than half of all members"},
				{Name: "fee", Kind: sinso.KindWei, Needed: true, Help: "what a dispute costs, in wei; it is the voters'"},
				{Name: "bond", Kind: sinso.KindWei, Needed: true, Help: "what each member puts up, in wei; a fifth is lost by each silence"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token that fee and bond are in, in its smallest unit (default: the chain's own money)"},
			},
			Draft: found,
		},
		{
			Noun: "panel", Verb: "serve", Short: "As a member, put up what is missing of the bond: in each new case from then on",
			Params: []sinso.Param{at, {Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "what is missing, as panel show says it, in the smallest unit of its currency"}},
			Draft:  serve,
		},
		{
			Noun: "panel", Verb: "leave", Short: "As a member, resign: in no new case from 30 days later",
			Params: []sinso.Param{at},
			Draft: atPanel("resign", func(p panel, desk sinso.Desk, _ sinso.Given) sinso.Call {
				return p.call("resign", desk.Actor(), unsigned)
			}),
		},
		{
			Noun: "panel", Verb: "free", Short: "Owe a member that left its bond, once its time and all its cases are over; anyone may",
			Params: []sinso.Param{at, {Name: "member", Kind: sinso.KindAddress, Help: "which (default: this account)"}},
			Draft: atPanel("free a bond", func(p panel, desk sinso.Desk, given sinso.Given) sinso.Call {
				return p.call("free", whom(desk, given, "member"))
			}),
		},
		{
			Noun: "panel", Verb: "withdraw", Short: "Pay what a panel owes: fees, shares of penalties, a bond, or the rest of a buyer's fee",
			Long:   "It goes to whom it is owed. Anyone may.",
			Params: []sinso.Param{at, {Name: "payee", Kind: sinso.KindAddress, Help: "whom (default: this account)"}},
			Draft: atPanel("pay what is owed", func(p panel, desk sinso.Desk, given sinso.Given) sinso.Call {
				return p.call("withdraw", p.Currency, whom(desk, given, "payee"))
			}),
		},
	}
}

// whom is the account that a parameter names, or who acts.
func whom(desk sinso.Desk, given sinso.Given, name string) sinso.Address {
	if who := sinso.Of[sinso.Address](given, name); who != (sinso.Address{}) {
		return who
	}
	return desk.Actor()
}

// atPanel drafts one call of the panel that the parameter at names.
func atPanel(doing string, call func(panel, sinso.Desk, sinso.Given) sinso.Call) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		p, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
		if err != nil {
			return sinso.Draft{}, err
		}
		return one(doing, call(p, desk, given)), nil
	}
}

// Founded is a panel that was made.
type Founded struct {
	Panel sinso.Address `json:"panel"`
}

func found(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	here, err := desk.At("Exchange")
	if err != nil {
		return sinso.Draft{}, err
	}
	m := made{
		Exchange: here, Members: sinso.ListOf[sinso.Address](given, "member"), Threshold: sinso.Of[uint64](given, "threshold"),
		Fee: sinso.Of[sinso.Wei](given, "fee"), Currency: sinso.Of[sinso.Address](given, "currency"), Bond: sinso.Of[sinso.Wei](given, "bond"),
	}
	if err := m.sound(); err != nil {
		return sinso.Draft{}, err
	}
	place, err := m.place(ctx, desk)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("make a panel", m.call())
	draft.About = Founded{place}
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		p, err := find(ctx, desk, place)
		return Founded{p.at}, err
	}
	return draft, nil
}

// sound looks for what the constructor refuses: what makes contracts says only that none was made.
func (m made) sound() error {
	const (
		most = 15  // members
		bits = 128 // of fee and bond
	)
	seen := map[sinso.Address]bool{{}: true}
	for _, member := range m.Members {
		if seen[member] {
			return fmt.Errorf("panel: a member is nobody, or named twice: %w", sinso.ErrInvalid)
		}
		seen[member] = true
	}
	n := uint64(len(m.Members))
	if n > most || m.Threshold > n || m.Threshold <= n/2 {
		return fmt.Errorf("panel: want at most %d members, and a threshold of more than half of them: %w", most, sinso.ErrInvalid)
	}
	if m.Fee.Int().BitLen() > bits || m.Bond.Int().BitLen() > bits || m.Bond.Int().IsUint64() && m.Bond.Int().Uint64() < 5 {
		return fmt.Errorf("panel: want a bond of at least 5 wei, and it and the fee below 2^%d: %w", bits, sinso.ErrInvalid)
	}
	return nil
}

// serve is the one place that knows what a member consents to: it is the sender here, and signs nothing.
func serve(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	p, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return sinso.Draft{}, err
	}
	m, err := p.member(ctx, desk, desk.Actor())
	if err != nil {
		return sinso.Draft{}, err
	}
	amount := sinso.Of[sinso.Wei](given, "amount")
	// The contract takes what is missing, whatever it may take. Nothing is missing once this was done.
	if m.Missing.Int().Sign() > 0 && m.Missing.Int().Cmp(amount.Int()) != 0 {
		return sinso.Draft{}, fmt.Errorf("panel: of this account's bond %s are missing, not %s; nothing was sent: %w", m.Missing, amount, sinso.ErrInvalid)
	}
	draft := one("put up a bond", p.call("bond", desk.Actor(), unsigned))
	err = draft.Pay(ctx, desk, p.Currency, amount)
	return draft, err
}
