package company

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"sinso.dev/sinso"
)

// What holders decide, by the contract's numbers.
var kinds = []string{"cap", "registrar", "wind-up"}

const (
	voting = 7 * 24 * time.Hour
	delay  = 7 * 24 * time.Hour
	grace  = 14 * 24 * time.Hour
)

const supportType = "Support(uint256 number)"

func deciding() []sinso.Act {
	motion := sinso.Param{Name: "motion", Kind: sinso.KindNumber, Needed: true, Help: "its number"}
	return []sinso.Act{
		{
			Noun: "company", Verb: "propose", Short: "Ask the holders for another cap, another registrar, or to wind the company up", Who: sinso.ActsMember,
			Long: "It takes more than a hundredth of all votes to ask, and more than half of all to be carried: silence is against. There\n" +
				"are 7 days to vote, 7 in which who is against it can leave, and 14 to execute it. Give one of cap, registrar and wind-up.",
			Params: []sinso.Param{
				person, at,
				{Name: "cap", Kind: sinso.KindNumber, Help: "how many shares there may be: up to twice the cap of now"},
				{Name: "registrar", Kind: sinso.KindAddress, Help: "who lets in and issues from then on"},
				{Name: "wind-up", Kind: sinso.KindYes, Help: "the reserve goes to all holders, and nothing is issued any more"},
			},
			Draft: draft(propose),
		},
		{
			Noun: "company", Verb: "support", Short: "Vote for a motion; it cannot be taken back", Who: sinso.ActsMember,
			Params: []sinso.Param{person, at, motion}, Draft: draft(support),
		},
		{
			Noun: "company", Verb: "execute", Short: "Do what the holders decided, when its time is over",
			Params: []sinso.Param{at, motion},
			Draft: draft(func(_ context.Context, _ sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
				return carried(c.step("execute a motion", "execute", sinso.Of[uint64](given, "motion"))), nil
			}),
		},
	}
}

// asked reads which of its three a motion is about.
func asked(given sinso.Given) (kind uint8, value sinso.Wei, err error) {
	most, registrar := sinso.Of[uint64](given, "cap"), sinso.Of[sinso.Address](given, "registrar")
	ways := 0
	if most != 0 {
		kind, value, ways = 0, sinso.NewWei(new(big.Int).SetUint64(most)), ways+1
	}
	if registrar != (sinso.Address{}) {
		kind, value, ways = 1, sinso.NewWei(new(big.Int).SetBytes(registrar[:])), ways+1
	}
	if sinso.Of[bool](given, "wind-up") {
		kind, ways = 2, ways+1
	}
	if ways != 1 {
		err = fmt.Errorf("company: a motion is about one of cap, registrar and wind-up: %w", sinso.ErrInvalid)
	}
	return kind, value, err
}

// Proposed is a motion that was asked.
type Proposed struct {
	Number uint64    `json:"motion"`
	EndsAt time.Time `json:"votingEnds"`
}

func propose(_ context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	kind, value, err := asked(given)
	if err != nil {
		return sinso.Draft{}, err
	}
	// Sent by the member itself: what it would sign has a nonce, which is another one when an act that was
	// cut off is drafted again.
	draft := own(c.step("ask the holders", "propose", desk.Actor(), kind, value, ends(desk), []byte{}))
	draft.Result = told("Company", "Proposed", &Proposed{})
	return draft, nil
}

func support(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	number := sinso.Of[uint64](given, "motion")
	signature, err := desk.SignText(ctx, c.text(supportType, number))
	return carried(c.step("vote for a motion", "support", number, desk.Actor(), signature)), err
}

// Motion is what holders are asked, and how it stands.
type Motion struct {
	Number   uint64         `json:"motion"`
	Kind     string         `json:"kind"` // cap, registrar or wind-up
	Cap      uint64         `json:"cap,omitempty"`
	Holder   *sinso.Address `json:"registrar,omitempty"`
	AskedAt  time.Time      `json:"askedAt"`
	InFavour uint64         `json:"inFavour"`
	Votes    uint64         `json:"votes"` // all that there were
	Next     string         `json:"next"`
	From     time.Time      `json:"executableFrom"`
	Until    time.Time      `json:"executableUntil"`
}

func (c register) motion(ctx context.Context, desk sinso.Desk, number uint64) (Motion, error) {
	out := Motion{Number: number}
	var m struct {
		Kind     uint8
		Value    *big.Int
		AskedAt  time.Time
		InFavour uint64
		Executed bool
	}
	if err := desk.Ask(ctx, c.call("motion", number), &m); err != nil {
		return out, err
	}
	if int(m.Kind) >= len(kinds) {
		return out, fmt.Errorf("company: a motion of a kind that is none: %w", sinso.ErrCorrupt)
	}
	out.Kind, out.AskedAt, out.InFavour = kinds[m.Kind], m.AskedAt, m.InFavour
	switch m.Kind {
	case 0:
		out.Cap = m.Value.Uint64()
	case 1:
		out.Holder = new(sinso.Address(m.Value.FillBytes(make([]byte, len(sinso.Address{})))))
	}
	out.From = m.AskedAt.Add(voting + delay)
	out.Until = out.From.Add(grace)
	// The votes of a second are known when it is over.
	if desk.Now().After(m.AskedAt) {
		if err := desk.Ask(ctx, c.call("getPastTotalSupply", m.AskedAt), &out.Votes); err != nil {
			return out, err
		}
	}
	out.Next = out.next(desk.Now(), m.Executed)
	return out, nil
}

func (m Motion) next(now time.Time, executed bool) string {
	carried := 2*m.InFavour > m.Votes
	switch {
	case executed:
		return "nothing: it is done"
	case !now.After(m.AskedAt.Add(voting)):
		return "vote for it: sinso company support"
	case !carried:
		return "nothing: it was not carried"
	case !now.After(m.From):
		return "wait: who is against it can leave"
	case !now.After(m.Until):
		return "anyone may execute it: sinso company execute"
	}
	return "nothing: its time is over"
}
