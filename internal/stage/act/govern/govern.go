// Package govern has the acts of the chain's governance: proposals, votes and what
// they lead to, the registry's parameters, and the guardian's pause.
package govern

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	return append(proposing(), votes()...)
}

// parameters are the names of the Registry's, in the order of its enum.
var parameters = []string{
	"fee-bps", "royalty-ceiling-bps", "contributor-weight", "provider-weight", "curator-weight", "order-weight", "freshness-weight", "weekly-emission",
}

// proposed is what a proposal does: OpenZeppelin's Governor knows it by the hash of
// all of it, and keeps none of it.
type proposed struct {
	ID       sinso.Hash
	Proposer sinso.Address
	Targets  []sinso.Address
	Values   []sinso.Wei
	Calls    [][]byte
	Text     string
	Starts   time.Time // of the vote
	Ends     time.Time
}

// find returns a proposal, from the event that told it.
func find(ctx context.Context, desk sinso.Desk, id sinso.Hash) (proposed, error) {
	var found proposed
	err := desk.Each(ctx, "Governor", sinso.Address{}, "ProposalCreated", nil, func(event sinso.ChainEvent) (bool, error) {
		p, err := read(desk, event)
		if err == nil && p.ID == id {
			found = p
		}
		return found.ID != id, err
	})
	if err == nil && found.ID != id {
		err = fmt.Errorf("govern: there is no proposal %s: %w", id, sinso.ErrNotFound)
	}
	return found, err
}

func read(desk sinso.Desk, event sinso.ChainEvent) (proposed, error) {
	var p struct {
		ID       sinso.Hash `abi:"proposalId"`
		Proposer sinso.Address
		Targets  []sinso.Address
		Values   []sinso.Wei
		Calls    [][]byte  `abi:"calldatas"`
		Text     string    `abi:"description"`
		Starts   time.Time `abi:"voteStart"`
		Ends     time.Time `abi:"voteEnd"`
	}
	err := desk.Told("Governor", event, &p)
	return proposed(p), err
}

// args are those of the Governor's calls that name a proposal by all of it.
func (p proposed) args() []any {
	return []any{p.Targets, p.Values, p.Calls, eip712.Keccak([]byte(p.Text))}
}

func proposal(help string) sinso.Param {
	return sinso.Param{Name: "proposal", Kind: sinso.KindHash, Needed: true, Help: help}
}

func governor(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Governor", Method: method, Args: args}
}

// one is a draft of one call of the Governor by the node's account.
func one(doing, method string, args ...any) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: governor(method, args...)}}}}
}
