package evm

import (
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// blueprint is how one contract is made.
type blueprint struct {
	name string
	args func(w *works) []any
	made map[string]uint64 // contracts that its constructor makes, and with which nonce of its own
	nest bool              // another contract named it before it could be made
	// alone are its arguments where [Open] made it, before there were others.
	alone func(w *works) []any
}

// storeys are the contracts in the order in which they need each other: those of
// one storey need those below alone.
var storeys = [][]blueprint{
	{
		{name: "Identity"},
		{name: "Assets", made: map[string]uint64{"Royalties": 1}},
		{name: "Consent"},
		{name: "Nest", args: func(w *works) []any { return []any{w.Deployer} }},
	},
	{
		{name: "Voice", args: func(w *works) []any { return []any{w.at("Rewards"), w.Founding.WeeklyCap} }},
	},
	{
		{
			name: "Governor", made: map[string]uint64{"Treasury": 1},
			args: func(w *works) []any { return []any{w.at("Voice"), w.rules()} },
		},
	},
	{
		{name: "Registry", args: (*works).registry},
		{name: "Pause", args: func(w *works) []any { return []any{w.at("Treasury"), w.Founding.Guardian} }},
	},
	{
		{
			name: "Rewards", nest: true,
			args: func(w *works) []any {
				f := w.Founding
				return []any{w.at("Voice"), w.at("Registry"), w.at("Treasury"), f.Panel, w.at("Pause"), f.RewardsBond}
			},
		},
		{
			name: "Exchange", made: map[string]uint64{"Licences": 1},
			args:  func(w *works) []any { return []any{w.at("Assets"), w.at("Pause")} },
			alone: func(w *works) []any { return []any{w.at("Assets"), sinso.Address{}} },
		},
		{name: "Staking", args: func(w *works) []any { return []any{w.at("Pause")} }},
		{name: "Companies", args: func(w *works) []any { return []any{w.at("Pause")} }},
		{name: "Reputation", args: func(w *works) []any { return []any{w.at("Registry"), w.Founding.Capacity} }},
	},
	{
		{
			name: "Fractions",
			args: func(w *works) []any { return []any{w.at("Assets"), w.at("Exchange"), w.at("Pause")} },
		},
		{name: "Requests", args: func(w *works) []any { return []any{w.at("Exchange"), w.at("Pause")} }},
		{name: "Auctions", args: func(w *works) []any { return []any{w.at("Exchange"), w.at("Pause")} }},
		{
			name: "Creators",
			args: func(w *works) []any {
				return []any{w.at("Reputation"), w.at("Pause"), w.Founding.PatientsBps, w.Founding.BondBps}
			},
		},
	},
}

// works is a deployment while it is worked out: every address follows from what
// is decided, before anything is sent.
type works struct {
	sinso.Deployment
	book  *book
	codes map[string][]byte // creation code with arguments, by name
	alone map[string][]byte // the same of those that Open makes with others, where they differ
}

// salt is that of every contract of ours: what differs is the code.
var salt = crypto.Keccak256Hash([]byte("sinso/deploy/v1"))

// plan works out where each contract stands. What d names already stays where it is.
func (b *book) plan(d sinso.Deployment) (*works, error) {
	w := &works{Deployment: d, book: b, codes: map[string][]byte{}, alone: map[string][]byte{}}
	w.Contracts = map[string]sinso.Address{}
	for name, at := range d.Contracts {
		w.Contracts[name] = at
	}
	for _, storey := range storeys {
		for _, p := range storey {
			if err := w.draw(p); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

func (w *works) draw(p blueprint) error {
	page, err := w.book.page(p.name)
	if err != nil {
		return err
	}
	var args []any
	if p.args != nil {
		args = p.args(w)
	}
	data, err := packed(page.abi.Constructor.Inputs, args)
	if err != nil {
		return err
	}
	w.codes[p.name] = append(append([]byte{}, page.code...), data...)
	if p.alone != nil {
		if data, err = packed(page.abi.Constructor.Inputs, p.alone(w)); err != nil {
			return err
		}
		w.alone[p.name] = append(append([]byte{}, page.code...), data...)
	}
	at, fixed := w.Contracts[p.name]
	if !fixed {
		at = sinso.Address(crypto.CreateAddress2(common.Address(w.Factory), salt, crypto.Keccak256(w.codes[p.name])))
		w.Contracts[p.name] = at
	}
	if p.name == "Nest" { // where Rewards will stand, which Voice has to know
		w.Contracts["Rewards"] = sinso.Address(crypto.CreateAddress(common.Address(at), 1))
	}
	for name, nonce := range p.made {
		w.Contracts[name] = sinso.Address(crypto.CreateAddress(common.Address(at), nonce))
	}
	return nil
}

func (w *works) at(name string) sinso.Address { return w.Contracts[name] }

// rules are the Governor's (struct Rules of IVeto.sol).
func (w *works) rules() any {
	f := w.Founding
	return struct {
		VotingDelay, VotingPeriod, LateSeconds, TimelockSeconds uint32
		VetoEndsAt                                              time.Time
		VetoGuardian                                            sinso.Address
		QuorumPercent                                           uint8
		QuorumFloor, ProposalThreshold                          sinso.Wei
	}{f.VotingDelay, f.VotingPeriod, f.LateBy, f.Timelock, f.VetoEndsAt, f.VetoGuardian, f.QuorumPercent, f.QuorumFloor, f.Threshold}
}

func (w *works) registry() []any {
	var values, least, most, steps []uint32
	for _, p := range w.Founding.Parameters {
		values, least, most, steps = append(values, p.Value), append(least, p.Least), append(most, p.Most), append(steps, p.Step)
	}
	return []any{w.at("Treasury"), values, least, most, steps}
}

// blueprint returns how a contract is made: its own, or that of the one that
// makes it.
func blueprintOf(name string) (blueprint, bool) {
	for _, storey := range storeys {
		for _, p := range storey {
			if _, made := p.made[name]; made || p.name == name {
				return p, true
			}
		}
	}
	return blueprint{}, false
}
