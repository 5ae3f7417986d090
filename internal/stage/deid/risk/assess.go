package risk

import (
	"slices"
)

// The smallest K for which 1/K is at most a threshold that is in use: 0.09 for data
// that anybody may have, 0.2 and 0.33 for data that is given under an agreement (El
// Emam, Guide to the De-Identification of Personal Health Information, 2013; EMA
// Policy 0070 takes 0.09, which practice rounds to 11 persons).
const (
	KPublic     = 11
	KControlled = 5
	KTrusted    = 3
)

// Policy is what is asked of a derivative.
type Policy struct {
	K         uint64 // persons who must show the same, at least; 0 means KPublic
	Procedure uint64 // a procedure that fewer persons had is rare; 0 means K
	TopCoded  bool   // the profile writes 90 for every age over 89
}

func (p Policy) withDefaults() Policy {
	if p.K == 0 {
		p.K = KPublic
	}
	if p.Procedure == 0 {
		p.Procedure = p.K
	}
	return p
}

// Flag is something a derivative shows that needs no comparison to be a risk, or
// only that with one trait. A closed set; [Explain] has a sentence for each.
type Flag string

// The flags.
const (
	FlagAge       Flag = "age-over-89"
	FlagBirthDate Flag = "birth-date"
	FlagDate      Flag = "exact-date"
	FlagTime      Flag = "time-of-day"
	FlagProcedure Flag = "rare-procedure"
	FlagText      Flag = "text"
)

var explanations = map[Flag]string{
	FlagAge:       "it shows an age over 89, at which few are left: show 90 for all of them",
	FlagBirthDate: "it shows the date of birth",
	FlagDate:      "it shows a date that was not moved: whoever knows when somebody was examined finds them",
	FlagTime:      "it shows a time of day: with it, few examinations are alike",
	FlagProcedure: "few persons had this procedure",
	FlagText:      "it holds text that somebody typed, or a name: no count of persons says what is in it",
}

// Explain returns a sentence for a flag, "" for what is none.
func Explain(f Flag) string { return explanations[f] }

// Flags returns every flag, sorted.
func Flags() []Flag {
	out := make([]Flag, 0, len(explanations))
	for f := range explanations {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

// Assessment is how far a derivative can be told from those of other people. It
// holds no value of the derivative.
type Assessment struct {
	// K, as every count here, ends at CountLimit or, if that is more, the threshold.
	// It is the number of persons of the population with a study that shows all that
	// the derivative shows, the person themselves included if they are in it. What
	// a study of the population does not show does not match: an attacker may know it.
	K uint64 `json:"k"`
	// Possible is K and those who may match for all that the population shows of
	// them: what an attacker is left with who knows no more than the population.
	Possible  uint64   `json:"possible"`
	Threshold uint64   `json:"threshold"` // of the policy, in persons
	Risk      float64  `json:"risk"`      // 1/K, and 1 if K is 0
	Flags     []Flag   `json:"flags,omitempty"`
	Texts     []string `json:"texts,omitempty"` // the elements behind FlagText: (0010,4000)
	Shown     []Trait  `json:"shown,omitempty"`
	// Advice is what brings K to the threshold: every smallest set of traits to
	// hide or coarsen, at most eight; none if K is there already, or if no three
	// traits do.
	Advice []Advice `json:"advice,omitempty"`
}

// Enough reports whether K is at the threshold. Flags are for a person to judge.
func (a *Assessment) Enough() bool { return a.K >= a.Threshold }

// Advice is traits that could be hidden, and what K would be then.
type Advice struct {
	// Hide lists what to hide, and with it what refines it: Date alone leaves the
	// year, Year hides both.
	Hide []Trait `json:"hide"`
	K    uint64  `json:"k"`
}

// CountLimit is where counting ends: a count of so many persons is "at least".
const CountLimit = 10_000

// Assess compares what a derivative shows with the population. The study itself
// should have been added before: K is 0 if nobody shows the same, and 1 if only
// this person does.
func (p *Population) Assess(d Disclosure, policy Policy) Assessment {
	policy = policy.withDefaults()
	limit := max(CountLimit, policy.K)
	q := p.pattern(&d.Traits)
	a := Assessment{Threshold: policy.K, Shown: d.Traits.Shown()}
	for _, tag := range d.Texts {
		a.Texts = append(a.Texts, tag.String())
	}
	persons := p.newCounter()
	p.exact(q, persons.upTo(limit))
	a.K = persons.n
	persons.reset()
	p.possible(q, persons.upTo(limit))
	a.Possible = persons.n
	a.Risk = 1 / float64(max(1, a.K))
	a.Flags = p.flags(&d, policy)
	if a.K < policy.K {
		a.Advice = p.advise(q, a.Shown, policy.K, limit)
	}
	return a
}

// flags finds what needs no statistics, and the rare procedure.
func (p *Population) flags(d *Disclosure, policy Policy) []Flag {
	var out []Flag
	for flag, raised := range map[Flag]bool{
		FlagAge:       tooOld(d.Traits[Age], policy.TopCoded),
		FlagBirthDate: d.BirthDate,
		FlagDate:      d.ExactDate,
		FlagTime:      d.TimeOfDay,
		FlagProcedure: p.rareProcedure(d.Traits[Procedures], policy.Procedure),
		FlagText:      len(d.Texts) > 0,
	} {
		if raised {
			out = append(out, flag)
		}
	}
	slices.Sort(out)
	return out
}

// rareProcedure reports whether fewer than limit persons had all of the
// procedures, whatever else their studies show.
func (p *Population) rareProcedure(procedures string, limit uint64) bool {
	if procedures == "" {
		return false
	}
	q := p.pattern(&Traits{Procedures: procedures})
	persons := p.newCounter()
	p.exact(q, persons.upTo(limit))
	return persons.n < limit
}
