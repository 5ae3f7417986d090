package govern

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

func proposing() []sinso.Act {
	text := sinso.Param{Name: "text", Kind: sinso.KindText, Needed: true, Help: "why, for those who vote; it stands on the chain for ever"}
	return []sinso.Act{
		{
			Noun: "dac", Verb: "propose", Short: "Propose to move a parameter, within its bounds and by at most its step",
			Long: "The account must have the votes that a proposal needs. Nothing that identifies anybody belongs into the text.",
			Params: []sinso.Param{
				{Name: "parameter", Kind: sinso.KindText, Needed: true, Help: "which: " + strings.Join(parameters, ", ")},
				{Name: "value", Kind: sinso.KindNumber, Needed: true, Help: "what it is to be"},
				text,
			},
			Draft: proposeParameter,
		},
		{
			Noun: "dac", Verb: "propose-payment", Short: "Propose that the treasury pays somebody",
			Params: []sinso.Param{
				{Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "who is paid"},
				{Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "how much of the chain's own money, in wei"},
				text,
			},
			Draft: proposePayment,
		},
		{
			Noun: "dac", Verb: "propose-listing", Short: "Propose to put something on a list of the registry, or to take it off",
			Params: []sinso.Param{
				{Name: "list", Kind: sinso.KindText, Needed: true, Help: "the list's name"},
				{Name: "subject", Kind: sinso.KindHash, Needed: true, Help: "what; an address with zeros before it"},
				{Name: "off", Kind: sinso.KindYes, Help: "take it off"},
				text,
			},
			Draft: proposeListing,
		},
		{
			Noun: "dac", Verb: "propose-guardian", Short: "Propose another guardian of the pause",
			Params: []sinso.Param{{Name: "guardian", Kind: sinso.KindAddress, Needed: true, Help: "who may pause from then on"}, text},
			Draft:  proposeGuardian,
		},
	}
}

func proposeParameter(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	name := sinso.Of[string](given, "parameter")
	at := slices.Index(parameters, name)
	if at < 0 {
		return sinso.Draft{}, fmt.Errorf("govern: there is no parameter %q; there are %s: %w", name, strings.Join(parameters, ", "), sinso.ErrInvalid)
	}
	return propose(ctx, desk, given, sinso.Call{Contract: "Registry", Method: "set", Args: []any{at, sinso.Of[uint64](given, "value")}})
}

func proposeListing(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	list := eip712.Keccak([]byte(sinso.Of[string](given, "list")))
	return propose(ctx, desk, given, sinso.Call{
		Contract: "Registry", Method: "setListed", Args: []any{list, sinso.Of[sinso.Hash](given, "subject"), !sinso.Of[bool](given, "off")},
	})
}

func proposeGuardian(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	return propose(ctx, desk, given, sinso.Call{Contract: "Pause", Method: "appoint", Args: []any{sinso.Of[sinso.Address](given, "guardian")}})
}

// propose drafts a proposal of one call.
func propose(ctx context.Context, desk sinso.Desk, given sinso.Given, call sinso.Call) (sinso.Draft, error) {
	target, data, err := desk.Encode(ctx, call)
	if err != nil {
		return sinso.Draft{}, err
	}
	return proposedBy(target, sinso.Wei{}, data, given), nil
}

func proposePayment(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	return proposedBy(sinso.Of[sinso.Address](given, "to"), sinso.Of[sinso.Wei](given, "amount"), nil, given), nil
}

func proposedBy(target sinso.Address, value sinso.Wei, data []byte, given sinso.Given) sinso.Draft {
	draft := one("propose", "propose", []sinso.Address{target}, []sinso.Wei{value}, [][]byte{data}, sinso.Of[string](given, "text"))
	draft.Result = func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[0].Events {
			if event.Name == "ProposalCreated" {
				p, err := read(desk, event)
				return struct {
					Proposal sinso.Hash `json:"proposal"`
				}{p.ID}, err
			}
		}
		return nil, fmt.Errorf("govern: the transaction made no proposal: %w", sinso.ErrCorrupt)
	}
	return draft
}
