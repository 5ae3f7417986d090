package creator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// What a holder signs, as Creators.sol has it.
const (
	demandType  = "Demand(uint256 tokenId,uint256 right,uint256 nonce,uint256 deadline)"
	receiptType = "Receipt(uint256 tokenId,uint256 right,uint256 nonce)"
)

func holding() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "creator", Verb: "demand", Who: sinso.ActsMember, Short: "Demand a right of a token that a person holds: its creator is due from then on",
			Long:   "Until it is settled the token stays where it is. If nobody honours it in time, settle owes the holder its compensation.",
			Params: []sinso.Param{person, at, token, right, nonce}, Draft: demand,
		},
		{
			Noun: "creator", Verb: "honour", Who: sinso.ActsMember, Short: "Say as its holder that a right was honoured: the receipt",
			Long: "A right that is there once is used up by it, and its stake is the creator's again. Sign it after you had what was promised,\n" +
				"not before: nothing takes it back.",
			Params: []sinso.Param{person, at, token, right, nonce}, Draft: honour,
		},
		{
			Noun: "creator", Verb: "give", Who: sinso.ActsMember, Short: "Give a token that a person holds to another account",
			Long:   "The contract knows the holder as the sender: the node gives the account what that costs. A market pays the royalty, this does not.",
			Params: []sinso.Param{person, at, token, {Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "who will hold it"}}, Draft: give,
		},
		{
			Noun: "creator", Verb: "take", Who: sinso.ActsMember, Short: "Take the compensations that a person is owed",
			Long:   "Without --to they go to the person's account. An address that is used elsewhere too shows whose it is.",
			Params: []sinso.Param{person, at, {Name: "to", Kind: sinso.KindAddress, Help: "where they go; none: to the person's account here"}, currency}, Draft: take,
		},
		{
			Noun: "creator", Verb: "held", Who: sinso.ActsMember, Short: "A person's account for these tokens, how many it holds, and what it is owed",
			Params: []sinso.Param{person, at}, Ask: held,
		},
	}
}

// ends is until when what is signed now can be carried: one day at least, and the same all day.
func ends(desk sinso.Desk) time.Time {
	const day = 24 * time.Hour
	return desk.Now().UTC().Truncate(day).Add(2 * day)
}

// mark is what a holder signs about: a right of a token at a nonce.
type mark struct {
	issue
	token  sinso.TokenID
	number uint64
	nonce  uint64
	at     sinso.Address
}

// about reads what a holder's signature is to be about.
func about(ctx context.Context, desk sinso.Desk, given sinso.Given) (m mark, err error) {
	if m.at, err = place(ctx, desk, given); err != nil {
		return m, err
	}
	if m.issue, m.token, err = ofToken(ctx, desk, given); err != nil {
		return m, err
	}
	m.nonce = sinso.Of[uint64](given, "nonce")
	m.number, err = m.right(given)
	return m, err
}

// signed drafts a call that carries the holder's signature, or what the holder could call itself without one.
func (m mark) signed(desk sinso.Desk, structure sinso.Hash, doing, method string, args ...any) (sinso.Draft, error) {
	signature, err := desk.Sign(eip712.Digest(desk.Domain(m.at), structure))
	args = append([]any{m.Terms, m.Rights, m.token, m.number}, args...)
	self := creators(method, append(args[:len(args):len(args)], unsigned)...)
	draft := one(doing, creators(method, append(args[:len(args):len(args)], signature)...))
	draft.Steps[0].Own = &self
	return draft, err
}

// Demanded is a right that was demanded.
type Demanded struct {
	Token sinso.TokenID `json:"token" abi:"tokenId"`
	Right uint64        `json:"right"`
	DueAt time.Time     `json:"dueAt"` // from then on anyone may settle it
}

func demand(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	m, err := about(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	deadline := ends(desk)
	structure, err := eip712.Struct(demandType, m.token, m.number, m.nonce, deadline)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft, err := m.signed(desk, structure, "demand a right", "demand", deadline)
	draft.Result = told("Creators", "Demanded", &Demanded{})
	return draft, err
}

func honour(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	m, err := about(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	structure, err := eip712.Struct(receiptType, m.token, m.number, m.nonce)
	if err != nil {
		return sinso.Draft{}, err
	}
	return m.signed(desk, structure, "give a receipt", "honour")
}

func give(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	if _, err := place(ctx, desk, given); err != nil {
		return sinso.Draft{}, err
	}
	draft := one("give a token", creators("transferFrom", desk.Actor(), sinso.Of[sinso.Address](given, "to"), sinso.Of[sinso.TokenID](given, "token")))
	draft.Steps[0].Self = true
	return draft, nil
}

func take(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	if _, err := place(ctx, desk, given); err != nil {
		return sinso.Draft{}, err
	}
	currency := sinso.Of[sinso.Address](given, "currency")
	draft := one("take what is owed", creators("withdraw", currency, desk.Actor()))
	if to := sinso.Of[sinso.Address](given, "to"); to != (sinso.Address{}) {
		draft = one("take what is owed", creators("withdrawTo", currency, to))
		draft.Steps[0].Self = true
	}
	draft.Result = told("Creators", "Withdrawn", &Withdrawn{})
	return draft, nil
}

// Withdrawn is what was paid.
type Withdrawn struct {
	To       sinso.Address `json:"to"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Amount   sinso.Wei     `json:"amountWei"`
}

// Held is what an account has here.
type Held struct {
	Account sinso.Address `json:"account"`
	Tokens  uint64        `json:"tokens"`
	Owed    sinso.Wei     `json:"owedWei"`
	In      []HeldIn      `json:"in"` // the currencies of the issues that it ever had a token of, but the chain's own money
}

// HeldIn is what an account has, and is owed here, of an ERC-20 token.
type HeldIn struct {
	sinso.Currency

	Owed    sinso.Wei `json:"owed"`
	Has     sinso.Wei `json:"has"`
	Unasked bool      `json:"unasked,omitempty"` // the currency does not say what the account has, or lies
}

func held(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	if _, err := place(ctx, desk, given); err != nil {
		return nil, err
	}
	out, err := heldBy(ctx, desk, desk.Actor())
	if err != nil {
		return nil, err
	}
	for i := range out.In {
		in := &out.In[i]
		if in.Currency, err = desk.Currency(ctx, in.At); err != nil {
			return nil, err
		}
		has, asked, err := act.Balance(ctx, desk, in.At, out.Account)
		if err != nil {
			return nil, err
		}
		in.Has, in.Unasked = has, !asked
	}
	return out, nil
}

// heldBy is what an account has here, but for what the currencies themselves say.
func heldBy(ctx context.Context, desk sinso.Desk, who sinso.Address) (Held, error) {
	out := Held{Account: who, In: []HeldIn{}}
	if err := desk.Ask(ctx, creators("balanceOf", who), &out.Tokens); err != nil {
		return out, err
	}
	if err := desk.Ask(ctx, creators("owed", sinso.Address{}, who), &out.Owed); err != nil {
		return out, err
	}
	all, err := currencies(ctx, desk, who)
	for _, currency := range all {
		in := HeldIn{Currency: sinso.Currency{At: currency}}
		if err := desk.Ask(ctx, creators("owed", currency, who), &in.Owed); err != nil {
			return out, err
		}
		out.In = append(out.In, in)
	}
	return out, err
}

// currencies are the ERC-20 tokens that the issues are in of which an account ever had a token: of the 64 that it had
// last, for anybody may give it some.
func currencies(ctx context.Context, desk sinso.Desk, who sinso.Address) ([]sinso.Address, error) {
	var to sinso.Hash
	copy(to[len(to)-len(who):], who[:])
	var issues []sinso.Hash
	err := desk.Each(ctx, "Creators", sinso.Address{}, "Transfer", []sinso.Hash{sinso.AnyAddress(), to}, func(event sinso.ChainEvent) (bool, error) {
		var moved struct {
			Token sinso.TokenID `abi:"tokenId"`
		}
		err := desk.Told("Creators", event, &moved)
		if id := issueOf(moved.Token); err == nil && !slices.Contains(issues, id) {
			issues = append(issues, id)
		}
		return len(issues) < sinso.MostListed, err
	})
	var all []sinso.Address
	for _, id := range issues {
		if err != nil {
			break
		}
		var found issue
		found, err = find(ctx, desk, id)
		if at := found.Terms.Currency; at != (sinso.Address{}) && !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	return all, err
}

// Kept says in words what who acts has here: nothing if Creators stands elsewhere.
func Kept(ctx context.Context, desk sinso.Desk, at sinso.Address) (all act.Kept, err error) {
	here, err := desk.At("Creators")
	switch {
	case errors.Is(err, sinso.ErrUnsupported): // not deployed: then nothing is held
		return all, nil
	case err != nil:
		return all, err
	case here != at:
		return all, nil
	}
	has, err := heldBy(ctx, desk, desk.Actor())
	if err != nil {
		return all, err
	}
	if has.Tokens > 0 {
		all.Says = append(all.Says, fmt.Sprintf("%d tokens of creators: sinso creator give", has.Tokens))
	}
	if has.Owed.Int().Sign() > 0 {
		all.Says = append(all.Says, fmt.Sprintf("%s wei that creators owe: sinso creator take", has.Owed))
	}
	for _, in := range has.In {
		all.Currencies = append(all.Currencies, in.At)
		if in.Owed.Int().Sign() == 0 {
			continue
		}
		owed, err := act.Amount(ctx, desk, in.At, in.Owed)
		if err != nil {
			return all, err
		}
		all.Says = append(all.Says, fmt.Sprintf("%s that creators owe: sinso creator take --currency %s", owed, in.At))
	}
	return all, nil
}
