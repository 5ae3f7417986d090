package company

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

const movingType = "Moving(address from,address to,uint64 endsAt)"

func moving() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "company", Verb: "receive", Short: "Take over a member's entry with a fresh account, such as on another node: prints what the member needs, signed", Who: sinso.ActsMember,
			Params: []sinso.Param{person, at, {Name: "from", Kind: sinso.KindAddress, Needed: true, Help: "the member's address in the register"}},
			Ask:    receive, Signs: "Moving",
		},
		{
			Noun: "company", Verb: "move", Short: "Move an entry with all its shares to the account that receives it", Who: sinso.ActsMember,
			Long: "Nothing takes it back but the new account. What the old one is owed stays its own: company withdraw. Say the address that\n" +
				"you were told by the person it is: what somebody else gave is not signed.",
			Params: []sinso.Param{
				person, at,
				{Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "the fresh account's address"},
				{Name: "receipt", Kind: sinso.KindText, Needed: true, Help: "what company receive printed"},
			},
			Draft: draft(move),
		},
	}
}

// Moving is an entry that goes to another account: ICompany's.
type Moving struct {
	From   sinso.Address `json:"from"`
	To     sinso.Address `json:"to"`
	EndsAt time.Time     `json:"endsAt"`
}

func (c register) moving(m Moving) sinso.Text { return c.text(movingType, m.From, m.To, m.EndsAt) }

// Receipt is a moving that the receiving account signed.
type Receipt struct {
	Company sinso.Address `json:"company"`
	Moving  Moving        `json:"moving"`
	To      []byte        `json:"toSignature"`
}

func receive(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	m := Moving{From: sinso.Of[sinso.Address](given, "from"), To: desk.Actor(), EndsAt: ends(desk)}
	old, err := c.standing(ctx, desk, m.From)
	if err != nil {
		return nil, err
	}
	fresh, err := c.standing(ctx, desk, m.To)
	if err != nil {
		return nil, err
	}
	if old.Standing != isMember || fresh.Standing != 0 {
		return nil, fmt.Errorf("company: that address is no member, or this person's account was in the register before; nothing is signed: %w", sinso.ErrDenied)
	}
	signature, err := desk.SignText(ctx, c.moving(m))
	return Receipt{c.at, m, signature}, err
}

func move(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	var r Receipt
	if err := parse("receipt", sinso.Of[string](given, "receipt"), &r); err != nil {
		return sinso.Draft{}, err
	}
	if r.Company != c.at || r.Moving.From != desk.Actor() || r.Moving.To != sinso.Of[sinso.Address](given, "to") {
		return sinso.Draft{}, fmt.Errorf("company: this receipt is of another entry, another account, or another company; nothing is signed: %w", sinso.ErrInvalid)
	}
	if err := inTime(desk, r.Moving.EndsAt); err != nil {
		return sinso.Draft{}, err
	}
	text := c.moving(r.Moving)
	if !signed(desk, r.Moving.To, text, r.To) {
		return sinso.Draft{}, fmt.Errorf("company: the receiving account did not sign this receipt; nothing is signed: %w", sinso.ErrDenied)
	}
	signature, err := desk.SignText(ctx, text)
	return carried(c.step("move the entry", "move", r.Moving, signature, r.To)), err
}
