package creator

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func asking() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "creator", Verb: "ls", Short: "The newest issues, at most 64, the newest last",
			Params: []sinso.Param{{Name: "creator", Kind: sinso.KindAddress, Help: "only those of this creator"}, sinso.Before(sinso.KindHash)},
			Ask:    list,
		},
		{Noun: "creator", Verb: "show", Short: "What an issue is, and how it stands", Params: []sinso.Param{ofIssue}, Ask: show},
		{Noun: "creator", Verb: "token", Short: "Who holds a token, which of its rights are left, and what is demanded", Params: []sinso.Param{token}, Ask: askToken},
		{
			Noun: "creator", Verb: "right", Short: "Whether an account holds a token and may use one of its rights now",
			Long:   "What gives the service asks this before it does.",
			Params: []sinso.Param{token, right, {Name: "who", Kind: sinso.KindAddress, Needed: true, Help: "the account that says it holds the token"}}, Ask: askRight,
		},
		{
			Noun: "creator", Verb: "standing", Short: "A creator's free stake, what it is owed, and the promises that it has out",
			Params: []sinso.Param{{Name: "creator", Kind: sinso.KindAddress, Help: "whose (default: this account)"}, currency}, Ask: standing,
		},
	}
}

// The contract's states of an issue and of a demand, by their numbers.
var (
	states  = []string{"not opened", "open", "closed", "ended"}
	demands = []string{"none", "demanded", "contested", "upheld", "broken"}
)

// named is the name of a number that the contract said.
func named(names []string, number uint8) (string, error) {
	if int(number) >= len(names) {
		return "", fmt.Errorf("creator: the contract says a state that is none: %w", sinso.ErrCorrupt)
	}
	return names[number], nil
}

// Shown is an issue as it stands.
type Shown struct {
	Issue sinso.Hash `json:"issue"`
	Terms
	Rights  []Right       `json:"rights"`
	State   string        `json:"state"` // open, closed or ended
	Sold    uint64        `json:"sold"`
	Demands uint64        `json:"demands"`   // tokens with one that is not settled
	Bonded  sinso.Wei     `json:"bondedWei"` // stake that is held for it
	Till    sinso.Address `json:"till"`
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	found, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "issue"))
	if err != nil {
		return nil, err
	}
	return shown(ctx, desk, found)
}

func shown(ctx context.Context, desk sinso.Desk, i issue) (Shown, error) {
	out := Shown{Issue: i.ID, Terms: i.Terms, Rights: i.Rights, Till: i.Till}
	var kept struct {
		State         uint8
		Sold, Demands uint64
		Bonded        sinso.Wei
	}
	if err := desk.Ask(ctx, creators("issue", i.ID), &kept); err != nil {
		return out, err
	}
	out.Sold, out.Demands, out.Bonded = kept.Sold, kept.Demands, kept.Bonded
	var err error
	out.State, err = named(states, kept.State)
	return out, err
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	only := sinso.Of[sinso.Address](given, "creator")
	after := sinso.AfterOf(given, func(i issue) sinso.Hash { return i.ID })
	newest, err := sinso.Newest(ctx, desk, "Creators", "Opened", nil, after, func(event sinso.ChainEvent) (i issue, wanted bool, err error) {
		err = desk.Told("Creators", event, &i)
		return i, only == (sinso.Address{}) || i.Terms.Creator == only, err
	})
	if err != nil {
		return nil, err
	}
	all := make([]Shown, len(newest))
	for n, i := range newest {
		if all[n], err = shown(ctx, desk, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Token is a token as it stands.
type Token struct {
	Token  sinso.TokenID `json:"token"`
	Issue  sinso.Hash    `json:"issue"`
	Owner  sinso.Address `json:"owner"`
	Nonce  uint64        `json:"nonce"` // what demand and honour are to name
	Left   []int         `json:"left"`  // rights that are not used up
	Demand string        `json:"demand"`
	Right  *uint8        `json:"right"` // which one is demanded; null: none
	DueAt  *time.Time    `json:"dueAt"` // last moment for who is due; null: nobody is
}

func askToken(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	found, token, err := ofToken(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	return shownToken(ctx, desk, found, token)
}

func shownToken(ctx context.Context, desk sinso.Desk, i issue, token sinso.TokenID) (Token, error) {
	out := Token{Token: token, Issue: i.ID, Left: []int{}}
	var kept struct {
		Owner         sinso.Address
		Nonce, Spent  uint64
		Right, Demand uint8
		DueAt         time.Time
	}
	if err := desk.Ask(ctx, creators("token", token), &kept); err != nil {
		return out, err
	}
	if kept.Owner == (sinso.Address{}) {
		return out, fmt.Errorf("creator: no such token was sold: %w", sinso.ErrNotFound)
	}
	out.Owner, out.Nonce = kept.Owner, kept.Nonce
	for n := range i.Rights {
		if kept.Spent>>n&1 == 0 {
			out.Left = append(out.Left, n)
		}
	}
	if kept.Demand > 0 {
		out.Right, out.DueAt = &kept.Right, &kept.DueAt
	}
	var err error
	out.Demand, err = named(demands, kept.Demand)
	return out, err
}

func askRight(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	found, token, err := ofToken(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	number, err := found.right(given)
	if err != nil {
		return nil, err
	}
	var out struct {
		May bool `json:"may"`
	}
	err = desk.Ask(ctx, creators("holds", found.Terms, token, number, sinso.Of[sinso.Address](given, "who")), &out.May)
	return out, err
}

// Standing is a creator's.
type Standing struct {
	Creator  sinso.Address `json:"creator"`
	Currency sinso.Address `json:"currency"` // of stake and debt, zero: the chain's own money
	Free     sinso.Wei     `json:"freeWei"`  // stake that no issue holds
	Owed     sinso.Wei     `json:"owedWei"`  // withdraw takes it
	Promises uint64        `json:"promises"`
}

func standing(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	out := Standing{Creator: sinso.Of[sinso.Address](given, "creator"), Currency: sinso.Of[sinso.Address](given, "currency")}
	if out.Creator == (sinso.Address{}) {
		out.Creator = desk.Actor()
	}
	for _, q := range []struct {
		call sinso.Call
		into any
	}{
		{creators("freeStake", out.Creator, out.Currency), &out.Free},
		{creators("owed", out.Currency, out.Creator), &out.Owed},
		{creators("promisesOf", out.Creator), &out.Promises},
	} {
		if err := desk.Ask(ctx, q.call, q.into); err != nil {
			return nil, err
		}
	}
	return out, nil
}
