package reward

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func asking() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "reward", Verb: "show", Short: "How a posted list stands, whether a list is the posted one, and what an account has on it",
			Params: []sinso.Param{which(), theList(false), {Name: "account", Kind: sinso.KindAddress, Help: "whose lines to show (default: this account)"}},
			Ask:    show,
		},
		{
			Noun: "reward", Verb: "ls", Short: "The newest posted lists, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindNumber)}, Ask: list,
		},
	}
}

// told is a posting from the event that told it.
type told struct {
	ID       uint64
	Week     uint64
	Currency sinso.Address
	Poster   sinso.Address
	Root     sinso.Hash
	Total    sinso.Wei
	ListHash sinso.Hash
}

func read(desk sinso.Desk, event sinso.ChainEvent) (told, error) {
	var p told
	err := desk.Told("Rewards", event, &p)
	return p, err
}

func find(ctx context.Context, desk sinso.Desk, id uint64) (told, error) {
	var found told
	var topic sinso.Hash
	binary.BigEndian.PutUint64(topic[len(topic)-8:], id)
	err := desk.Each(ctx, "Rewards", sinso.Address{}, "PostedRoot", []sinso.Hash{topic}, func(event sinso.ChainEvent) (more bool, err error) {
		found, err = read(desk, event)
		return false, err
	})
	if err == nil && (found.ID != id || id == 0) {
		err = fmt.Errorf("reward: there is no posting %d: %w", id, sinso.ErrNotFound)
	}
	return found, err
}

// The contract's states, by their numbers; what comes next, and how long who has to act has.
var states = []struct {
	name, next string
	last       time.Duration
}{
	{"none", "nothing", 0},
	{"posted", "anyone may dispute it until then, and settle it after: sinso reward dispute, settle", 7 * 24 * time.Hour},
	{"disputed", "the panel decides until then; after, anyone ends it: sinso reward decide, expire", 60 * 24 * time.Hour},
	{"settled", "its lines are claimed, until then for sure: sinso reward claim", 365 * 24 * time.Hour},
	{"rejected", "nothing", 0},
	{"superseded", "nothing: another list of its week was settled first", 0},
	{"closed", "nothing: what was not claimed was returned", 0},
}

// Shown is a posting as it stands.
type Shown struct {
	Posting  uint64         `json:"posting"`
	Week     uint64         `json:"week"`
	Currency sinso.Address  `json:"currency"` // zero: the chain's coin
	Root     sinso.Hash     `json:"root"`
	ListHash sinso.Hash     `json:"listHash"` // keccak256 of the published list
	Total    sinso.Wei      `json:"total"`
	Left     sinso.Wei      `json:"left"` // not claimed yet
	Poster   sinso.Address  `json:"poster"`
	Disputer *sinso.Address `json:"disputer,omitempty"`
	State    string         `json:"state"`
	Next     string         `json:"next"`
	Since    time.Time      `json:"since"`           // when it came to this state
	Until    *time.Time     `json:"until,omitempty"` // see next
	Fits     *bool          `json:"fits,omitempty"`  // whether the given list is the posted one: root and total
	Lines    []ShownLine    `json:"lines,omitempty"` // of the given list, those of the account
}

// ShownLine is a line of a list, and whether it was claimed.
type ShownLine struct {
	Index uint64 `json:"index"`
	Line
	Claimed bool `json:"claimed"`
}

func shown(ctx context.Context, desk sinso.Desk, p told) (Shown, error) {
	out := Shown{Posting: p.ID, Week: p.Week, Currency: p.Currency, Root: p.Root, ListHash: p.ListHash, Total: p.Total, Poster: p.Poster}
	var kept struct {
		Left     sinso.Wei
		TurnAt   time.Time
		State    uint8
		Disputer sinso.Address
	}
	if err := desk.Ask(ctx, rewards("posting", p.ID), &kept); err != nil {
		return out, err
	}
	if int(kept.State) >= len(states) {
		return out, fmt.Errorf("reward: the contract says a state that is none: %w", sinso.ErrCorrupt)
	}
	at := states[kept.State]
	out.State, out.Next, out.Left, out.Since = at.name, at.next, kept.Left, kept.TurnAt
	if at.last > 0 {
		until := kept.TurnAt.Add(at.last)
		out.Until = &until
	}
	if kept.Disputer != (sinso.Address{}) {
		out.Disputer = &kept.Disputer
	}
	return out, nil
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := find(ctx, desk, number(given))
	if err != nil {
		return nil, err
	}
	out, err := shown(ctx, desk, p)
	if err != nil {
		return nil, err
	}
	text, ok := given["list"].([]byte)
	if !ok {
		return out, nil
	}
	list, err := ReadList(string(text))
	if err != nil {
		return nil, err
	}
	fits := list.Root() == p.Root && list.Total.Int().Cmp(p.Total.Int()) == 0
	out.Fits = &fits
	account := sinso.Of[sinso.Address](given, "account")
	if account == (sinso.Address{}) {
		account = desk.Actor()
	}
	out.Lines, err = lines(ctx, desk, p.ID, list, account)
	return out, err
}

// lines are those of an account, the first of them: each is a question to the chain.
func lines(ctx context.Context, desk sinso.Desk, id uint64, list *List, account sinso.Address) ([]ShownLine, error) {
	const most = 64
	var out []ShownLine
	for i, line := range list.Lines {
		if line.Account != account || len(out) == most {
			continue
		}
		l := ShownLine{Index: uint64(i), Line: line}
		if err := desk.Ask(ctx, rewards("claimed", id, l.Index), &l.Claimed); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	after := sinso.AfterOf(given, func(p told) uint64 { return p.ID })
	newest, err := sinso.Newest(ctx, desk, "Rewards", "PostedRoot", nil, after, func(event sinso.ChainEvent) (told, bool, error) {
		p, err := read(desk, event)
		return p, true, err
	})
	all := make([]Shown, len(newest))
	for i, p := range newest {
		if all[i], err = shown(ctx, desk, p); err != nil {
			return nil, err
		}
	}
	return all, err
}
