package serve

import (
	"fmt"
	"maps"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// maxActBody is a file among the parameters, with what JSON needs around it.
const maxActBody = 2 * sinso.MaxFile

func (s *Server) acts() []route {
	return []route{
		{"GET", api + "/acts", "acts", signedIn, "what can be done and asked by the contracts: each act with its parameters", nil, answer((*call).listActs)},
		{"POST", api + "/acts/{noun}/{verb}", "act", signedIn, "do an act by the contracts in a person's name, plan it, or ask by one; what the node itself does, its keeper does at the node", nil, take(maxActBody, (*call).act)},
		{"POST", api + "/local/acts/{noun}/{verb}", "localAct", keeper, "do any act by the contracts, plan it, or ask by one", nil, take(maxActBody, (*call).localAct)},
	}
}

// knownAct is an act as programs are told of it.
type knownAct struct {
	Noun   string     `json:"noun"`
	Verb   string     `json:"verb"`
	Short  string     `json:"short"`
	Long   string     `json:"long,omitempty"`
	Who    string     `json:"who"`  // whose account acts: node, buyer, owner or member
	Asks   bool       `json:"asks"` // it only asks
	Params []actParam `json:"params"`
}

type actParam struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"` // text, address, hash, wei, number, time, span, yes, bytes or file (the text that is in it)
	Help    string `json:"help"`
	Default string `json:"default,omitempty"`
	Needed  bool   `json:"needed"`
	List    bool   `json:"list"`
}

type knownActs struct {
	Items []knownAct `json:"items"`
}

func (c *call) listActs() (knownActs, error) {
	var out knownActs
	for _, act := range way.Acts() {
		known := knownAct{act.Noun, act.Verb, act.Short, act.Long, actors[act.Who], act.Ask != nil, []actParam{}}
		for _, p := range act.Params {
			known.Params = append(known.Params, actParam{p.Name, p.Kind.String(), p.Help, p.Default, p.Needed, p.List})
		}
		out.Items = append(out.Items, known)
	}
	return out, nil
}

var actors = map[sinso.Actor]string{sinso.ActsNode: "node", sinso.ActsOwner: "owner", sinso.ActsMember: "member", sinso.ActsBuyer: "buyer"}

// askedAct is what an act is asked for with.
type askedAct struct {
	Given  map[string][]string `json:"given"`  // parameters as texts
	DryRun bool                `json:"dryRun"` // only say what it would do and cost
	// ID names the act: the same ID is never done twice, so an act that was cut off is
	// finished by sending it again. Fresh and random, 32 bytes.
	ID sinso.Hash `json:"id"`
}

// toldAct is what came of it: one of the three.
type toldAct struct {
	Plan   *way.ActPlan `json:"plan,omitempty"`
	Done   *way.ActDone `json:"done,omitempty"`
	Answer any          `json:"answer,omitempty"`
}

func (c *call) act(in askedAct) (toldAct, error) {
	return c.doAct(in, func(act sinso.Act, given sinso.Given) error {
		if act.Ask != nil && act.Signs == "" && act.Who == sinso.ActsNode {
			return nil // the chain is public
		}
		if act.Who == sinso.ActsNode || act.Who == sinso.ActsBuyer {
			return fmt.Errorf("serve: %s is the node's own act, which its keeper does at the node: %w", act.Name(), sinso.ErrDenied)
		}
		person, err := c.way.ActsFor(c.ctx(), act, given)
		if err != nil {
			return err
		}
		return c.caller.May(auth.Sell, person)
	})
}

func (c *call) localAct(in askedAct) (toldAct, error) {
	return c.doAct(in, func(sinso.Act, sinso.Given) error { return nil })
}

func (c *call) doAct(in askedAct, may func(sinso.Act, sinso.Given) error) (toldAct, error) {
	act, err := way.ActNamed(c.r.PathValue("noun"), c.r.PathValue("verb"))
	if err != nil {
		return toldAct{}, err
	}
	given, err := act.Read(maps.Clone(in.Given))
	if err != nil {
		return toldAct{}, err
	}
	if err := may(act, given); err != nil {
		return toldAct{}, err
	}
	switch {
	case in.DryRun:
		plan, err := c.way.PlanAct(c.ctx(), act, given)
		return toldAct{Plan: &plan}, err
	case act.Ask != nil:
		told, err := c.way.Ask(c.ctx(), act, given, c.caller.ID)
		return toldAct{Answer: told}, err
	case in.ID == sinso.Hash{}:
		return toldAct{}, fmt.Errorf("serve: an act needs an id of 32 random bytes, so that it is done once: %w", sinso.ErrInvalid)
	}
	done, err := c.way.Act(c.ctx(), in.ID, act, given, c.caller.ID)
	return toldAct{Done: &done}, err
}
