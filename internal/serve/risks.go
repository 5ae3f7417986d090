package serve

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// riskOf is how far a copy can be told from others by what it shows: counts of persons
// and names of traits, no value. To those who may review everybody's records the counts
// are exact; to others each is the largest of 5, 11, 20, 50 … 10,000 that it reaches, or
// 0: a person must not learn of any one other.
type riskOf struct {
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
	Flags         []riskFlag   `json:"flags" nullable:"false"`
	Texts         []string     `json:"texts" nullable:"false"`  // elements that hold text
	Advice        []riskAdvice `json:"advice" nullable:"false"` // what could be shown less of
	Says          []string     `json:"says" nullable:"false"`   // the same in sentences
}

type riskFlag struct {
	Flag string `json:"flag"`
	Says string `json:"says"`
}

// riskAdvice is traits to hide, and k without them.
type riskAdvice struct {
	Hide []string `json:"hide" nullable:"false"`
	K    uint64   `json:"k"`
}

// riskShown is a risk as the caller may know it.
func (c *call) riskShown(r sinso.Risk) *riskOf {
	_, exact, err := c.caller.Scope(auth.Review)
	exact = exact && err == nil
	enough := r.Enough()
	if !exact {
		r = way.Blurred(r)
	}
	out := &riskOf{
		K: r.K, Possible: r.Possible, Released: r.Released, Persons: r.Persons, OfReleased: r.OfReleased, Exact: exact,
		Least: r.Least, LeastReleased: r.LeastReleased, Enough: enough, Shown: append([]string{}, r.Shown...),
		Unknown: append([]string{}, r.Unknown...), Texts: append([]string{}, r.Texts...),
		Flags: []riskFlag{}, Advice: []riskAdvice{}, Says: way.SayRisk(r, exact),
	}
	for _, flag := range r.Flags {
		out.Flags = append(out.Flags, riskFlag{flag, way.ExplainRisk(flag)})
	}
	for _, advice := range r.Advice {
		out.Advice = append(out.Advice, riskAdvice{append([]string{}, advice.Hide...), advice.K})
	}
	return out
}

// studyRisk forecasts the risk of a copy of a study.
func (c *call) studyRisk() (*riskOf, error) {
	study, err := c.studyRow(auth.Review)
	if err != nil {
		return nil, err
	}
	profile, err := preset(c.r.URL.Query().Get("profile"))
	if err != nil {
		return nil, err
	}
	found, err := c.way.Risk(c.ctx(), study.ID, profile)
	if err != nil {
		return nil, err
	}
	return c.riskShown(found), nil
}
