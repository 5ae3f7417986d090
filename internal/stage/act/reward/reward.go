// Package reward has the acts of the weekly rewards: a list of who earned what is posted with
// a bond, can be disputed for a week, and is claimed line by line.
package reward

import (
	"context"
	"fmt"
	"math"
	"strings"

	"sinso.dev/sinso"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	return append(posting(), asking()...)
}

func which() sinso.Param {
	return sinso.Param{Name: "posting", Kind: sinso.KindNumber, Needed: true, Help: "the posting's number, as post and ls say it"}
}

func theList(needed bool) sinso.Param {
	return sinso.Param{
		Name: "list", Kind: sinso.KindFile, Needed: needed,
		Help: `file with the week's list: JSON, [{"account":"0x…","amount":"1000","kind":"provider"}]`,
	}
}

func posting() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "reward", Verb: "post", Short: "Post a week's list of who earned what, with a bond",
			Long: "The bond comes back when the list stands a week undisputed, or when a dispute is decided for it.\n" +
				"Publish the list itself, byte for byte: whoever claims needs it, and whoever disputes too.",
			Params: []sinso.Param{
				{Name: "week", Kind: sinso.KindNumber, Needed: true, Help: "weeks of 7 days since 1970-01-01; it must be over"},
				{Name: "currency", Kind: sinso.KindText, Default: "voice", Help: "voice, coin or the address of an ERC-20 token"},
				theList(true),
			},
			Draft: post,
		},
		{
			Noun: "reward", Verb: "dispute", Short: "Dispute a list within a week, with a bond that who is wrong loses",
			Params: []sinso.Param{which(), {Name: "reason", Kind: sinso.KindHash, Help: "hash of the reason, which is told elsewhere"}},
			Draft:  dispute,
		},
		{
			Noun: "reward", Verb: "decide", Short: "As panel, decide a dispute: who is right gets its bond and half of the other",
			Params: []sinso.Param{which(), {Name: "right", Kind: sinso.KindYes, Needed: true, Help: "whether the list is right"}},
			Draft: func(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("decide a dispute", "decide", number(given), sinso.Of[bool](given, "right")), nil
			},
		},
		plain("expire", "End a dispute that nobody decided in 60 days; each has its bond back", "end a dispute"),
		plain("settle", "Settle a list that nobody disputed in 7 days; from then on it is claimed", "settle a list"),
		plain("close", "Return what nobody claimed of a list in a year", "close a list"),
		{
			Noun: "reward", Verb: "claim", Short: "Pay a line of a settled list to its account",
			Long:   "Anyone may carry it: the money only ever goes to the account that the line names.",
			Params: []sinso.Param{which(), theList(true), {Name: "index", Kind: sinso.KindNumber, Needed: true, Help: "the line, from 0; show finds it"}},
			Draft:  claim,
		},
		{
			Noun: "reward", Verb: "withdraw", Short: "Take the bonds that the contract owes this account, or another",
			Params: []sinso.Param{{Name: "payee", Kind: sinso.KindAddress, Help: "who is paid (default: this account)"}},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				payee := sinso.Of[sinso.Address](given, "payee")
				if payee == (sinso.Address{}) {
					payee = desk.Actor()
				}
				return one("withdraw bonds", "withdraw", sinso.Address{}, payee), nil
			},
		},
	}
}

// plain is an act that needs nothing but the posting, and that anyone may do.
func plain(verb, short, doing string) sinso.Act {
	return sinso.Act{
		Noun: "reward", Verb: verb, Short: short, Params: []sinso.Param{which()},
		Draft: func(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
			return one(doing, verb, number(given)), nil
		},
	}
}

func number(given sinso.Given) uint64 { return sinso.Of[uint64](given, "posting") }

func rewards(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Rewards", Method: method, Args: args}
}

func one(doing, method string, args ...any) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: rewards(method, args...)}}}}
}

// bonded is a draft that puts up the bond.
func bonded(ctx context.Context, desk sinso.Desk, draft sinso.Draft) (sinso.Draft, error) {
	err := desk.Ask(ctx, rewards("BOND"), &draft.Steps[0].Value)
	return draft, err
}

func post(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	list, err := ReadList(string(sinso.Of[[]byte](given, "list")))
	if err != nil {
		return sinso.Draft{}, err
	}
	week := sinso.Of[uint64](given, "week")
	if week > math.MaxUint32 {
		return sinso.Draft{}, fmt.Errorf("reward: there is no week %d: %w", week, sinso.ErrInvalid)
	}
	currency, err := money(ctx, desk, sinso.Of[string](given, "currency"))
	if err != nil {
		return sinso.Draft{}, err
	}
	draft, err := bonded(ctx, desk, one("post a week's list", "post", week, currency, list.Root(), list.Total, list.Hash))
	draft.Result = posted
	return draft, err
}

// money returns the address that the contract has for a currency.
func money(ctx context.Context, desk sinso.Desk, name string) (at sinso.Address, err error) {
	switch name {
	case "coin":
		return at, nil
	case "voice":
		// A question first: on the embedded chain it makes the contracts.
		var minter sinso.Address
		if err := desk.Ask(ctx, sinso.Call{Contract: "Voice", Method: "minter"}, &minter); err != nil {
			return at, err
		}
		return desk.At("Voice")
	}
	if err := at.UnmarshalText([]byte(strings.ToLower(name))); err != nil || at == (sinso.Address{}) {
		return at, fmt.Errorf("reward: a currency is voice, coin or the address of a token: %w", sinso.ErrInvalid)
	}
	return at, nil
}

func posted(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
	for _, event := range done[0].Events {
		if event.Name == "PostedRoot" {
			p, err := read(desk, event)
			return struct {
				Posting uint64     `json:"posting"`
				Root    sinso.Hash `json:"root"`
				Total   sinso.Wei  `json:"total"`
			}{p.ID, p.Root, p.Total}, err
		}
	}
	return nil, fmt.Errorf("reward: the transaction posted nothing: %w", sinso.ErrCorrupt)
}

func dispute(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	return bonded(ctx, desk, one("dispute a week's list", "dispute", number(given), sinso.Of[sinso.Hash](given, "reason")))
}

func claim(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	list, err := ReadList(string(sinso.Of[[]byte](given, "list")))
	if err != nil {
		return sinso.Draft{}, err
	}
	index := sinso.Of[uint64](given, "index")
	proof, err := list.Proof(index)
	if err != nil {
		return sinso.Draft{}, err
	}
	found, err := find(ctx, desk, number(given))
	if err != nil {
		return sinso.Draft{}, err
	}
	if found.Root != list.Root() {
		return sinso.Draft{}, fmt.Errorf("reward: this list is not the one that was posted as %d: get the one whose hash is %s: %w", found.ID, found.ListHash, sinso.ErrInvalid)
	}
	line := list.Lines[index]
	return one("claim a reward", "claim", found.ID, index, line.Account, line.Amount, proof), nil
}
