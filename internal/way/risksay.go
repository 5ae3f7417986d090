package way

import (
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

// How the risk is told. Counts of other people are told exactly to those who treat
// them all. Everybody else is told steps: a person could otherwise file an invented
// study of theirs and learn from a count of two that somebody here had what is in it.

// blurSteps are the counts that are told; what is below the first is told as less than
// it.
var blurSteps = []uint64{5, 11, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, risk.CountLimit}

// FewerThan is the count below which none is told to somebody who sees steps alone.
func FewerThan() uint64 { return blurSteps[0] }

// blurred is the largest step that a count reaches; 0 if it reaches none.
func blurred(n uint64) uint64 {
	i, exact := slices.BinarySearch(blurSteps, n)
	switch {
	case exact:
		return n
	case i == 0:
		return 0
	}
	return blurSteps[i-1]
}

// Blurred returns a risk as it is told to somebody who is not to learn of any one other
// person: each count as the largest of the steps 5, 11, 20, 50 … 10,000 that it
// reaches, or 0, and no advice of which the count reaches none. What the node asks for
// stays, and with it whether that is reached.
func Blurred(r sinso.Risk) sinso.Risk {
	r.K, r.Possible, r.Released = blurred(r.K), blurred(r.Possible), blurred(r.Released)
	r.Persons, r.OfReleased = blurred(r.Persons), blurred(r.OfReleased)
	var advice []sinso.RiskAdvice
	for _, one := range r.Advice {
		if one.K = blurred(one.K); one.K > 0 {
			advice = append(advice, one)
		}
	}
	r.Advice = advice
	return r
}

// RiskReport is a risk as it is told: counts of persons and names of traits, and the
// same in sentences. Where the counts are not exact each is the largest step that it
// reaches, or 0: [Blurred].
type RiskReport struct {
	K             uint64       `json:"k"`        // persons of the catalogue who look the same, this one included
	Possible      uint64       `json:"possible"` // and those of whom too little is known to tell
	Released      uint64       `json:"released"` // of those with a copy for sale, as if this one were
	Persons       uint64       `json:"persons"`  // in the catalogue
	OfReleased    uint64       `json:"ofReleased"`
	Exact         bool         `json:"exact"`
	Least         uint64       `json:"least"` // what the node asks of k; 0: nothing
	LeastReleased uint64       `json:"leastReleased"`
	Enough        bool         `json:"enough"`                   // both are reached
	Shown         []string     `json:"shown" nullable:"false"`   // traits that the copy shows
	Unknown       []string     `json:"unknown" nullable:"false"` // those of them that were not compared
	Flags         []RiskFlag   `json:"flags" nullable:"false"`
	Texts         []string     `json:"texts" nullable:"false"`  // elements that hold text
	Advice        []RiskAdvice `json:"advice" nullable:"false"` // what could be shown less of
	Says          []string     `json:"says" nullable:"false"`   // the same in sentences
}

// RiskFlag is what a copy shows that is a risk by itself.
type RiskFlag struct {
	Flag string `json:"flag"`
	Says string `json:"says"`
}

// RiskAdvice is traits to hide, and k without them.
type RiskAdvice struct {
	Hide []string `json:"hide" nullable:"false"`
	K    uint64   `json:"k"`
}

// ReportRisk tells a risk, exactly or in steps.
func ReportRisk(r sinso.Risk, exact bool) *RiskReport {
	enough := r.Enough()
	if !exact {
		r = Blurred(r)
	}
	list := func(names []string) []string { return append([]string{}, names...) } // [] in JSON where there is none
	out := &RiskReport{
		K: r.K, Possible: r.Possible, Released: r.Released, Persons: r.Persons, OfReleased: r.OfReleased, Exact: exact,
		Least: r.Least, LeastReleased: r.LeastReleased, Enough: enough, Shown: list(r.Shown), Unknown: list(r.Unknown), Texts: list(r.Texts),
		Flags: []RiskFlag{}, Advice: []RiskAdvice{}, Says: SayRisk(r, exact),
	}
	for _, flag := range r.Flags {
		out.Flags = append(out.Flags, RiskFlag{flag, risk.Explain(risk.Flag(flag))})
	}
	for _, advice := range r.Advice {
		out.Advice = append(out.Advice, RiskAdvice{list(advice.Hide), advice.K})
	}
	return out
}

// SayRisk says in plain English what a risk is, in one sentence each; exact says that
// its counts are no steps.
func SayRisk(r sinso.Risk, exact bool) []string {
	out := []string{sayCatalogue(r.K, exact)}
	switch {
	case exact && r.Released <= 1:
		out = append(out, "Among those with a copy for sale here nobody else does: who knows that this person sells can tell which copy is theirs.")
	case r.Released == 0:
		out = append(out, fmt.Sprintf("Among those with a copy for sale here fewer than %d do: who knows that this person sells may tell which copy is theirs.", FewerThan()))
	default:
		out = append(out, strings.Replace(people(r.Released, exact), " people", " of those with a copy for sale here do.", 1))
	}
	if r.Persons < risk.KPublic {
		out = append(out, "This catalogue is small. How many outside of it look the same nobody can count: it is for the person to judge.")
	}
	if len(r.Unknown) > 0 {
		out = append(out, "Not compared, for the catalogue says nothing of it: "+strings.Join(r.Unknown, ", ")+".")
	}
	return out
}

func sayCatalogue(k uint64, exact bool) string {
	const same = " in this node's catalogue look the same by what this shows."
	switch {
	case exact && k <= 1:
		return "Nobody else in this node's catalogue looks the same by what this shows."
	case k == 0:
		return fmt.Sprintf("Fewer than %d people", FewerThan()) + same
	}
	return people(k, exact) + same
}

// people is a count in words.
func people(n uint64, exact bool) string {
	if !exact || n >= risk.CountLimit {
		return fmt.Sprintf("At least %d people", n)
	}
	return fmt.Sprintf("%d people", n)
}
