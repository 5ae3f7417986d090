package company

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

const (
	contributionType = "Contribution(address member,uint32 shares,uint32 cap,uint24 number,bytes32 commitment,uint64 endsAt)"
	quittingType     = "Quitting(address member,uint96 least,uint64 endsAt)"
)

func holding() []sinso.Act {
	subject := sinso.Param{Name: "subject", Kind: sinso.KindHash, Needed: true, Help: "the token of the data that is contributed; only a salted hash of it stands on the chain"}
	shares := sinso.Param{Name: "shares", Kind: sinso.KindNumber, Needed: true, Help: "how many shares"}
	return []sinso.Act{
		{
			Noun: "company", Verb: "offer", Short: "As registrar, offer a member shares for data: prints the offer, signed",
			Params: []sinso.Param{at, {Name: "member", Kind: sinso.KindAddress, Needed: true, Help: "the member's address in the register"}, subject, shares},
			Ask:    offer, Signs: "Contribution",
		},
		{
			Noun: "company", Verb: "contribute", Short: "Take a company's offer: data for shares", Who: sinso.ActsMember,
			Long:   "Say what you agreed to: an offer of other data or of another number of shares is not signed. It does not hand over the data.",
			Params: []sinso.Param{person, at, {Name: "offer", Kind: sinso.KindText, Needed: true, Help: "what company offer printed"}, subject, shares},
			Draft:  draft(contribute),
		},
		{
			Noun: "company", Verb: "transfer", Short: "Give shares to another member", Who: sinso.ActsMember,
			Long:   "The person's account sends it; the node gives it what that costs. Dividends that were divided before stay the person's.",
			Params: []sinso.Param{person, at, {Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "a member's address in the register"}, shares},
			Draft: draft(func(_ context.Context, _ sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
				return own(c.step("transfer shares", "transfer", sinso.Of[sinso.Address](given, "to"), sinso.Of[uint64](given, "shares"))), nil
			}),
		},
		{
			Noun: "company", Verb: "delegate", Short: "Let another vote with a member's shares", Who: sinso.ActsMember,
			Long:   "It counts for motions that are asked later. The person's account sends it; the node gives it what that costs.",
			Params: []sinso.Param{person, at, {Name: "to", Kind: sinso.KindAddress, Help: "who votes; none: the member itself again"}},
			Draft: draft(func(_ context.Context, _ sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
				return own(c.step("delegate votes", "delegate", sinso.Of[sinso.Address](given, "to"))), nil
			}),
		},
		{
			Noun: "company", Verb: "quit", Short: "Leave a company for the shares' part of its reserve", Who: sinso.ActsMember,
			Long: "All shares of the member end, and it can never enter again. What it is owed is taken by company withdraw.",
			Params: []sinso.Param{
				person, at,
				{Name: "least", Kind: sinso.KindWei, Default: "0", Help: "the least part of the reserve to leave for, in units of the currency"},
			},
			Draft: draft(quit),
		},
	}
}

// Contribution is data for shares.
type Contribution struct {
	Member     sinso.Address `json:"member"`
	Shares     uint64        `json:"shares"`
	Cap        uint64        `json:"cap"`
	Number     uint64        `json:"number"`
	Commitment sinso.Hash    `json:"commitment"`
	EndsAt     time.Time     `json:"endsAt"`
}

func (c register) contributing(k Contribution) sinso.Text {
	return c.text(contributionType, k.Member, k.Shares, k.Cap, k.Number, k.Commitment, k.EndsAt)
}

// Offer is a contribution that the registrar signed. Subject and salt open its
// commitment: both parties keep them, and the chain has neither.
type Offer struct {
	Company      sinso.Address `json:"company"`
	Contribution Contribution  `json:"contribution"`
	Subject      sinso.Hash    `json:"subject"`
	Salt         sinso.Hash    `json:"salt"`
	Registrar    []byte        `json:"registrarSignature"`
}

// commitment is keccak256("sinso/contribution/v1" ‖ salt ‖ subject).
func commitment(salt, subject sinso.Hash) sinso.Hash {
	return eip712.Keccak([]byte("sinso/contribution/v1"), salt[:], subject[:])
}

func offer(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	if err := c.asRegistrar(desk); err != nil {
		return nil, err
	}
	member := sinso.Of[sinso.Address](given, "member")
	s, err := c.standing(ctx, desk, member)
	if err != nil {
		return nil, err
	}
	var issued uint64
	if err := desk.Ask(ctx, c.call("totalSupply"), &issued); err != nil {
		return nil, err
	}
	o := Offer{Company: c.at, Subject: sinso.Of[sinso.Hash](given, "subject")}
	o.Contribution = Contribution{Member: member, Shares: sinso.Of[uint64](given, "shares"), Cap: c.rules.Cap, Number: s.Contributions, EndsAt: ends(desk)}
	if s.Standing != isMember || o.Contribution.Shares == 0 || issued > c.rules.Cap || o.Contribution.Shares > c.rules.Cap-issued {
		return nil, fmt.Errorf("company: the address is no member, or there are not so many shares that are not issued; nothing is signed: %w", sinso.ErrDenied)
	}
	if o.Salt, err = desk.Salt(); err != nil {
		return nil, err
	}
	o.Contribution.Commitment = commitment(o.Salt, o.Subject)
	o.Registrar, err = desk.SignText(ctx, c.contributing(o.Contribution))
	return o, err
}

// Contributed is what a member has given data for.
type Contributed struct {
	Number     uint64     `json:"number"`
	Shares     uint64     `json:"shares"`
	Commitment sinso.Hash `json:"commitment"`
}

func contribute(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	var o Offer
	if err := parse("offer", sinso.Of[string](given, "offer"), &o); err != nil {
		return sinso.Draft{}, err
	}
	k, subject := o.Contribution, sinso.Of[sinso.Hash](given, "subject")
	if o.Company != c.at || k.Member != desk.Actor() {
		return sinso.Draft{}, fmt.Errorf("company: this offer is to another person, or of another company; nothing is signed: %w", sinso.ErrInvalid)
	}
	if k.Shares != sinso.Of[uint64](given, "shares") || o.Subject != subject || k.Commitment != commitment(o.Salt, subject) || k.Cap > c.rules.Cap {
		return sinso.Draft{}, fmt.Errorf("company: the offer is not of this data, these shares, and the cap that is in force; nothing is signed: %w", sinso.ErrInvalid)
	}
	if err := inTime(desk, k.EndsAt); err != nil {
		return sinso.Draft{}, err
	}
	text := c.contributing(k)
	if err := c.byRegistrar(desk, text, o.Registrar); err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.SignText(ctx, text)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := carried(c.step("contribute data for shares", "contribute", k, o.Registrar, signature))
	draft.Result = told("Company", "Contributed", &Contributed{})
	return draft, nil
}

type quitting struct {
	Member sinso.Address
	Least  sinso.Wei
	EndsAt time.Time
}

// Left is what a member left with.
type Left struct {
	Shares uint64    `json:"shares"`
	Part   sinso.Wei `json:"part"` // of the reserve, in units of the currency; it is owed
}

func quit(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	q := quitting{desk.Actor(), sinso.Of[sinso.Wei](given, "least"), ends(desk)}
	signature, err := desk.SignText(ctx, c.text(quittingType, q.Member, q.Least, q.EndsAt))
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := carried(c.step("leave the company", "quit", q, signature))
	draft.Result = told("Company", "Left", &Left{})
	return draft, nil
}
