package company

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

func asking() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "company", Verb: "ls", Short: "The companies that were founded last, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindAddress)}, Ask: list,
		},
		{
			Noun: "company", Verb: "show", Short: "A company's rules, money and motions; with a member's address, what it has",
			Params: []sinso.Param{at, {Name: "member", Kind: sinso.KindAddress, Help: "whose shares to show"}}, Ask: show,
		},
		{
			Noun: "company", Verb: "entry", Short: "What a person has in a company", Who: sinso.ActsMember,
			Params: []sinso.Param{person, at}, Ask: entry,
		},
	}
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	after := sinso.AfterOf(given, func(one Founded) sinso.Address { return one.Company })
	return sinso.Newest(ctx, desk, "Companies", "Founded", nil, after, func(event sinso.ChainEvent) (one Founded, wanted bool, err error) {
		err = desk.Told("Companies", event, &one)
		return one, true, err
	})
}

// Shown is a company as it stands.
type Shown struct {
	Company   sinso.Address `json:"company"`
	Registrar sinso.Address `json:"registrar"`
	Cap       uint64        `json:"cap"`
	Issued    uint64        `json:"issued"`
	Currency  sinso.Address `json:"currency"` // zero: the chain's own money
	Reserve   sinso.Wei     `json:"reserve"`  // in units of the currency
	WoundUp   bool          `json:"woundUp"`
	Motions   []Motion      `json:"motions"` // the newest first, at most 64
	Member    *Held         `json:"member,omitempty"`
}

// Held is what an address has in a company.
type Held struct {
	Member        sinso.Address `json:"member"`
	Standing      string        `json:"standing"` // none, member, left or moved
	Shares        uint64        `json:"shares"`
	Votes         uint64        `json:"votes"` // with those that others delegated
	VotesBy       sinso.Address `json:"votesBy"`
	Contributions uint64        `json:"contributions"`
	Owed          sinso.Wei     `json:"owed"` // in units of the currency
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	out := Shown{Company: c.at, Registrar: c.rules.Registrar, Cap: c.rules.Cap, WoundUp: c.rules.WoundUp, Motions: []Motion{}}
	if err := c.askAll(ctx, desk, map[string]any{"totalSupply": &out.Issued, "currency": &out.Currency, "reserve": &out.Reserve}); err != nil {
		return nil, err
	}
	const most = 64
	for number := c.rules.Motions; number > 0 && len(out.Motions) < most; number-- {
		motion, err := c.motion(ctx, desk, number)
		if err != nil {
			return nil, err
		}
		out.Motions = append(out.Motions, motion)
	}
	if who := sinso.Of[sinso.Address](given, "member"); who != (sinso.Address{}) {
		held, err := c.held(ctx, desk, who)
		if err != nil {
			return nil, err
		}
		out.Member = &held
	}
	return out, nil
}

func entry(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	return c.held(ctx, desk, desk.Actor())
}

func (c register) held(ctx context.Context, desk sinso.Desk, who sinso.Address) (Held, error) {
	s, err := c.standing(ctx, desk, who)
	if err != nil {
		return Held{}, err
	}
	out := Held{Member: who, Standing: standings[s.Standing], Contributions: s.Contributions}
	err = c.askAll(ctx, desk, map[string]any{"balanceOf": &out.Shares, "getVotes": &out.Votes, "delegates": &out.VotesBy, "owed": &out.Owed}, who)
	return out, err
}

// Kept says in words what who acts has at a company: nothing if no company stands there.
func Kept(ctx context.Context, desk sinso.Desk, at sinso.Address) (all act.Kept, err error) {
	c, err := find(ctx, desk, at)
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrUnsupported) { // it is for another contract
		return all, nil
	}
	if err != nil {
		return all, err
	}
	held, err := c.held(ctx, desk, desk.Actor())
	if err != nil {
		return all, err
	}
	var currency sinso.Address
	if err := desk.Ask(ctx, c.call("currency"), &currency); err != nil {
		return all, err
	}
	all.Currencies = []sinso.Address{currency}
	if held.Shares > 0 {
		all.Says = append(all.Says, fmt.Sprintf("%d shares of the company at %s: sinso company quit", held.Shares, at))
	}
	if held.Owed.Int().Sign() > 0 {
		owed, err := act.Amount(ctx, desk, currency, held.Owed)
		if err != nil {
			return all, err
		}
		all.Says = append(all.Says, fmt.Sprintf("%s that the company at %s owes: sinso company withdraw", owed, at))
	}
	return all, nil
}

// askAll puts the answer of each function into what stands beside it.
func (c register) askAll(ctx context.Context, desk sinso.Desk, into map[string]any, args ...any) error {
	for method, answer := range into {
		if err := desk.Ask(ctx, c.call(method, args...), answer); err != nil {
			return fmt.Errorf("company: %w", err)
		}
	}
	return nil
}
