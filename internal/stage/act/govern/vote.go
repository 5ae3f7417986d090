package govern

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func votes() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "dac", Verb: "vote", Short: "Vote on a proposal",
			Params: []sinso.Param{
				proposal("on which"),
				{Name: "say", Kind: sinso.KindText, Needed: true, Help: "for, against or abstain"},
			},
			Draft: vote,
		},
		{
			Noun: "dac", Verb: "delegate", Short: "Let an account vote with the voices of this one; itself to vote",
			Params: []sinso.Param{{Name: "to", Kind: sinso.KindAddress, Help: "who votes (default: this account)"}},
			Draft:  delegate,
		},
		{
			Noun: "dac", Verb: "queue", Short: "Let what was voted for wait its time in the treasury",
			Params: []sinso.Param{proposal("which")}, Draft: byProposal("queue a proposal", "queue"),
		},
		{
			Noun: "dac", Verb: "execute", Short: "Do what was voted for, when its time is over",
			Params: []sinso.Param{proposal("which")}, Draft: byProposal("execute a proposal", "execute"),
		},
		{
			Noun: "dac", Verb: "cancel", Short: "Take back a proposal of this account, before its vote begins",
			Params: []sinso.Param{proposal("which")}, Draft: byProposal("cancel a proposal", "cancel"),
		},
		{
			Noun: "dac", Verb: "show", Short: "What a proposal is, how the vote stands, and what comes next",
			Params: []sinso.Param{proposal("which")}, Ask: show,
		},
		{
			Noun: "dac", Verb: "veto", Short: "As guardian of the veto, stop a queued proposal, while there is a veto",
			Params: []sinso.Param{proposal("which"), {Name: "reason", Kind: sinso.KindHash, Needed: true, Help: "hash of the reason, which is told elsewhere"}},
			Draft:  veto,
		},
		{
			Noun: "dac", Verb: "voices", Short: "How many voices an account has, who votes with them, and how many it votes with",
			Params: []sinso.Param{{Name: "of", Kind: sinso.KindAddress, Help: "whose (default: this account)"}},
			Ask:    voices,
		},
		{Noun: "dac", Verb: "guardian", Short: "Who may pause, whether there is a pause, and when the next may be", Ask: guardian},
		{
			Noun: "dac", Verb: "ls", Short: "The newest proposals, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindHash)}, Ask: list,
		},
		{Noun: "dac", Verb: "parameters", Short: "The registry's parameters, with their bounds", Ask: listParameters},
		{
			Noun: "dac", Verb: "pause", Short: "As guardian, stop the taking-in of what is new, for at most 7 days",
			Long: "Revocations, claims and withdrawals go on. When it is over the guardian cannot pause again for as long as it was.",
			Params: []sinso.Param{
				{Name: "span", Kind: sinso.KindSpan, Needed: true, Help: "how long: up to 7d"},
				{Name: "reason", Kind: sinso.KindHash, Help: "hash of the reason, which is told elsewhere"},
			},
			Draft: func(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return pausing("pause what is new", "pause", sinso.Of[time.Duration](given, "span"), sinso.Of[sinso.Hash](given, "reason")), nil
			},
		},
		{
			Noun: "dac", Verb: "unpause", Short: "As guardian, end the pause",
			Draft: func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
				return pausing("end the pause", "end"), nil
			},
		},
	}
}

func pausing(doing, method string, args ...any) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: sinso.Call{Contract: "Pause", Method: method, Args: args}}}}}
}

// The Governor's numbers for what a vote says.
var says = map[string]uint8{"against": 0, "for": 1, "abstain": 2}

func vote(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	support, ok := says[sinso.Of[string](given, "say")]
	if !ok {
		return sinso.Draft{}, fmt.Errorf("govern: a vote says for, against or abstain: %w", sinso.ErrInvalid)
	}
	return one("vote", "castVote", sinso.Of[sinso.Hash](given, "proposal"), support), nil
}

func delegate(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	to := sinso.Of[sinso.Address](given, "to")
	if to == (sinso.Address{}) {
		to = desk.Actor()
	}
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{
		Doing: "delegate votes", Call: sinso.Call{Contract: "Voice", Method: "delegate", Args: []any{to}},
	}}}}, nil
}

// byProposal drafts a call that names a proposal by all of it.
func byProposal(doing, method string) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		p, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "proposal"))
		if err != nil {
			return sinso.Draft{}, err
		}
		return one(doing, method, p.args()...), nil
	}
}

func veto(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	p, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "proposal"))
	if err != nil {
		return sinso.Draft{}, err
	}
	return one("veto a proposal", "veto", append(p.args(), sinso.Of[sinso.Hash](given, "reason"))...), nil
}

// Voices are an account's, in 10^-18 voices.
type Voices struct {
	Account  sinso.Address  `json:"account"`
	Voices   sinso.Wei      `json:"voices"`
	Delegate *sinso.Address `json:"delegate"` // who votes with them; null: nobody, until they are delegated
	Votes    sinso.Wei      `json:"votes"`    // what the account votes with: its own and others' that were delegated to it
	Needed   sinso.Wei      `json:"needed"`   // votes that a proposal needs
}

func voices(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	out := Voices{Account: sinso.Of[sinso.Address](given, "of")}
	if out.Account == (sinso.Address{}) {
		out.Account = desk.Actor()
	}
	var delegate sinso.Address
	for _, q := range []struct {
		call sinso.Call
		into any
	}{
		{voice("balanceOf", out.Account), &out.Voices},
		{voice("delegates", out.Account), &delegate},
		{voice("getVotes", out.Account), &out.Votes},
		{governor("proposalThreshold"), &out.Needed},
	} {
		if err := desk.Ask(ctx, q.call, q.into); err != nil {
			return nil, err
		}
	}
	if delegate != (sinso.Address{}) {
		out.Delegate = &delegate
	}
	return out, nil
}

func voice(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Voice", Method: method, Args: args}
}

// Guardian is who may pause, and the pause.
type Guardian struct {
	Guardian sinso.Address `json:"guardian"`
	Paused   bool          `json:"paused"`    // as of the newest block
	Until    *time.Time    `json:"until"`     // last moment of the last pause; null: none was, or it was ended
	RestEnds *time.Time    `json:"restUntil"` // the next can begin after it; null: none was
}

func guardian(ctx context.Context, desk sinso.Desk, _ sinso.Given) (any, error) {
	var told struct {
		Guardian         sinso.Address
		Until, RestUntil time.Time
	}
	if err := desk.Ask(ctx, sinso.Call{Contract: "Pause", Method: "status"}, &told); err != nil {
		return nil, err
	}
	paused := told.Until.Unix() > 0 && !desk.Now().After(told.Until)
	return Guardian{told.Guardian, paused, moment(told.Until), moment(told.RestUntil)}, nil
}

// moment is nil for the contract's zero.
func moment(t time.Time) *time.Time {
	if t.Unix() <= 0 {
		return nil
	}
	return &t
}

// The Governor's states, by their numbers, and what comes next.
var states = []struct{ name, next string }{
	{"pending", "the vote begins"},
	{"active", "vote: sinso dac vote"},
	{"cancelled", "nothing"},
	{"defeated", "nothing"},
	{"succeeded", "anyone may queue it: sinso dac queue"},
	{"queued", "anyone may execute it, when its time is over: sinso dac execute"},
	{"expired", "nothing"},
	{"executed", "nothing: it is done"},
}

// Shown is a proposal as it stands.
type Shown struct {
	Proposal sinso.Hash    `json:"proposal"`
	Text     string        `json:"text"`
	State    string        `json:"state"`
	Next     string        `json:"next"`
	Proposer sinso.Address `json:"proposer"`
	Starts   time.Time     `json:"starts"` // the vote
	Ends     time.Time     `json:"ends"`
	For      sinso.Wei     `json:"for"` // in 10^-18 voices
	Against  sinso.Wei     `json:"against"`
	Abstain  sinso.Wei     `json:"abstain"`
	Quorum   sinso.Wei     `json:"quorum"` // how many for and abstain it needs; zero before the vote
	Due      *time.Time    `json:"due"`    // from when it can be executed; null: it is not queued
	Calls    []Called      `json:"calls"`
}

// Called is one call that a proposal makes.
type Called struct {
	To    sinso.Address `json:"to"`
	Value sinso.Wei     `json:"valueWei"`
	Bytes int           `json:"bytes"` // of the call
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "proposal"))
	if err != nil {
		return nil, err
	}
	return shown(ctx, desk, p)
}

func shown(ctx context.Context, desk sinso.Desk, p proposed) (Shown, error) {
	out := Shown{Proposal: p.ID, Text: p.Text, Proposer: p.Proposer, Starts: p.Starts, Ends: p.Ends}
	var state uint8
	if err := desk.Ask(ctx, governor("state", p.ID), &state); err != nil {
		return out, err
	}
	if int(state) >= len(states) {
		return out, fmt.Errorf("govern: the governor says a state that is none: %w", sinso.ErrCorrupt)
	}
	out.State, out.Next = states[state].name, states[state].next
	var votes struct {
		Against sinso.Wei `abi:"againstVotes"`
		For     sinso.Wei `abi:"forVotes"`
		Abstain sinso.Wei `abi:"abstainVotes"`
	}
	if err := desk.Ask(ctx, governor("proposalVotes", p.ID), &votes); err != nil {
		return out, err
	}
	out.For, out.Against, out.Abstain = votes.For, votes.Against, votes.Abstain
	if err := out.awaits(ctx, desk); err != nil {
		return out, err
	}
	for i, to := range p.Targets {
		if i < len(p.Values) && i < len(p.Calls) {
			out.Calls = append(out.Calls, Called{to, p.Values[i], len(p.Calls[i])})
		}
	}
	return out, nil
}

// awaits asks what the proposal needs still: votes, or time.
func (s *Shown) awaits(ctx context.Context, desk sinso.Desk) error {
	if s.State != states[0].name { // the quorum is that of the moment when the vote begins
		if err := desk.Ask(ctx, governor("quorum", s.Starts), &s.Quorum); err != nil {
			return err
		}
	}
	var due time.Time
	err := desk.Ask(ctx, governor("proposalEta", s.Proposal), &due)
	s.Due = moment(due)
	return err
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	after := sinso.AfterOf(given, func(p proposed) sinso.Hash { return p.ID })
	newest, err := sinso.Newest(ctx, desk, "Governor", "ProposalCreated", nil, after, func(event sinso.ChainEvent) (proposed, bool, error) {
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

func listParameters(ctx context.Context, desk sinso.Desk, _ sinso.Given) (any, error) {
	out := make([]sinso.Bounded, len(parameters))
	for i, name := range parameters {
		out[i].Name = name
		if err := desk.Ask(ctx, sinso.Call{Contract: "Registry", Method: "valueOf", Args: []any{i}}, &out[i].Value); err != nil {
			return nil, err
		}
		if err := desk.Ask(ctx, sinso.Call{Contract: "Registry", Method: "boundsOf", Args: []any{i}}, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
