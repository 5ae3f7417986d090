package sinso

import (
	"fmt"
	"time"
)

// Founding is what is decided when the contracts of governance are deployed. They
// have no owner: what can be changed later is changed by votes, within bounds.
type Founding struct {
	Guardian      Address   `json:"guardian"`            // may pause the taking-in of what is new, for at most 7 days
	VetoGuardian  Address   `json:"vetoGuardian"`        // may veto proposals until VetoEndsAt
	VetoEndsAt    time.Time `json:"vetoEndsAt"`          // at most 730 days ahead
	Panel         Address   `json:"panel"`               // decides what is disputed of a week's rewards
	VotingDelay   uint32    `json:"votingDelaySeconds"`  // 1 hour to 14 days
	VotingPeriod  uint32    `json:"votingPeriodSeconds"` // 1 to 30 days
	LateBy        uint32    `json:"lateBySeconds"`       // how much longer a vote is whose quorum came late; 1 hour to 1 day
	Timelock      uint32    `json:"timelockSeconds"`     // from a vote to its execution; 1 to 30 days
	QuorumPercent uint8     `json:"quorumPercent"`       // 1 to 40
	QuorumFloor   Wei       `json:"quorumFloor"`         // least quorum, in 10^-18 voices
	Threshold     Wei       `json:"threshold"`           // voices that a proposal needs, at most QuorumFloor
	WeeklyCap     Wei       `json:"weeklyCap"`           // most voices that a week can mint
	RewardsBond   Wei       `json:"rewardsBond"`         // who posts or disputes a week's list puts this up
	PatientsBps   uint16    `json:"patientsBps"`         // least part of a creator's issue that goes to patients; 1 to 10,000
	BondBps       uint16    `json:"bondBps"`             // least stake of a creator for the rights of a token, of its price
	Capacity      uint32    `json:"capacity"`            // how much reputation one attester can give in all
	Parameters    []Bounded `json:"parameters"`          // of the Registry, in the order of its enum
}

// OneHand says that one account may pause, veto, and decide what is disputed of rewards: it
// is the judge of its own acts.
func (f Founding) OneHand() bool {
	return f.VetoGuardian == f.Guardian && f.Panel == f.Guardian
}

// Bounded is a parameter that votes can move: within bounds, by at most a step in
// 7 days.
type Bounded struct {
	Name  string `json:"name"`
	Value uint32 `json:"value"`
	Least uint32 `json:"least"`
	Most  uint32 `json:"most"`
	Step  uint32 `json:"step"`
}

// UsualFounding returns the decisions that SINSO suggests, with one account as
// guardian and panel.
func UsualFounding(guardian Address, now time.Time) Founding {
	const day = 24 * 60 * 60 // seconds
	return Founding{
		Guardian: guardian, VetoGuardian: guardian, VetoEndsAt: now.AddDate(1, 0, 0).Truncate(time.Second).UTC(), Panel: guardian,
		VotingDelay: day, VotingPeriod: 5 * day, LateBy: day, Timelock: 2 * day,
		QuorumPercent: 4, QuorumFloor: voices(1000), Threshold: voices(100), WeeklyCap: voices(1_000_000), RewardsBond: voices(1),
		PatientsBps: 1000, BondBps: 2000, Capacity: 1000,
		Parameters: []Bounded{
			{"fee-bps", 250, 0, 500, 50},
			{"royalty-ceiling-bps", 1000, 0, 1500, 100},
			{"contributor-weight", 4000, 1000, 8000, 500},
			{"provider-weight", 3000, 1000, 8000, 500},
			{"curator-weight", 2000, 500, 8000, 500},
			{"order-weight", 2000, 0, 5000, 500},
			{"freshness-weight", 1000, 0, 5000, 500},
			{"weekly-emission", 100_000, 1000, 1_000_000, 20_000},
		},
	}
}

// voices are whole units of 10^18.
func voices(n uint64) Wei {
	w := Wei{}
	if err := w.UnmarshalText(fmt.Appendf(nil, "%d000000000000000000", n)); err != nil {
		panic(err) // at most 38 digits
	}
	return w
}

// Deployment is where the contracts stand on one chain, and of what they were made: enough
// to prove, on any node, that what stands there is what its own copy of the source compiles to.
type Deployment struct {
	ChainID   uint64             `json:"chainId"`
	Deployer  Address            `json:"deployer"` // owns nothing of it; its address is in some of the others'
	Factory   Address            `json:"factory"`  // takes salt and code, and makes a contract (CREATE2)
	Founding  Founding           `json:"founding"`
	Contracts map[string]Address `json:"contracts"` // by their names in Solidity
}

// Verdict is what a look at one contract of a deployment showed.
type Verdict struct {
	Contract string  `json:"contract"`
	At       Address `json:"at"`
	OK       bool    `json:"ok"`
	How      string  `json:"how"` // by what it is proven, or what is wrong
}
