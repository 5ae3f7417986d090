package sampling

import (
	"fmt"

	"sinso.dev/sinso"
)

// DefaultConfidence is that of a report that asks for none.
const DefaultConfidence = 0.95

// Method is how an interval over several strata was found.
type Method string

// The methods.
const (
	MethodNone  Method = "none"                      // nothing was examined, or nothing made
	MethodFull  Method = "full"                      // all were examined: nothing is estimated
	MethodExact Method = "exact"                     // one stratum is estimated, by Hypergeometric
	MethodGamma Method = "gamma, Fay and Feuer 1997" // several are, weighted
)

// Row is what is known of one stratum. Where nothing was examined, Rate is 0 and
// the intervals are from 0 to 1.
type Row struct {
	Stratum
	ProfileHash string `json:"profile"` // hexadecimal
	Tally
	Rate float64 `json:"rate"` // of those examined
	// Released is the interval of the share among those made so far, exact for
	// what is left of them unexamined.
	Released Interval `json:"released"`
	// Process is the interval of what the same device and profile go on to make,
	// by ClopperPearson.
	Process Interval `json:"process"`
	// Undetected is how many of those made and not examined leak, at most, by the
	// upper end of Released.
	Undetected uint64 `json:"undetected"`
	// RuleOfThree is 3 by the number examined, if none of them leaks: below it the
	// rate of the process lies with 95 % confidence on that one side. It is another
	// statement than the upper end of Process, which has two.
	RuleOfThree float64 `json:"ruleOfThree,omitempty"`
}

// Overall is what is known of all strata together, each weighing what was made in
// it.
type Overall struct {
	Tally
	Rate     float64  `json:"rate"`     // of the strata of which something was examined
	Released Interval `json:"released"` // of the share among all that were made
	// Unseen is the share of what was made in strata of which nothing was examined.
	// It may leak or not: Released spans both.
	Unseen float64 `json:"unseen"`
	Method Method  `json:"method"`
}

// Report is the running estimate of the leak rate.
type Report struct {
	Confidence float64 `json:"confidence"` // of each interval by itself
	Rows       []Row   `json:"rows"`       // by device, profile and plan
	Overall    Overall `json:"overall"`
}

// Report estimates from what was recorded. A confidence of 0 is DefaultConfidence;
// it is ErrInvalid if it does not lie between 0 and 1.
//
// Chosen derivatives without a verdict are taken as not chosen. That is right as
// long as the order of examination has nothing to do with what is in them.
func (s *Sampler) Report(confidence float64) (Report, error) {
	if confidence == 0 {
		confidence = DefaultConfidence
	}
	if !(confidence > 0 && confidence < 1) {
		return Report{}, fmt.Errorf("sampling: report: confidence is not between 0 and 1: %w", sinso.ErrInvalid)
	}
	r := Report{Confidence: confidence}
	tallies := make([]Tally, 0, len(s.strata))
	for _, stratum := range s.sorted() {
		have := s.strata[stratum].Tally
		r.Rows = append(r.Rows, rowOf(stratum, have, confidence))
		tallies = append(tallies, have)
	}
	r.Overall = overall(tallies, confidence)
	return r, nil
}

func rowOf(stratum Stratum, t Tally, confidence float64) Row {
	low, high := Hypergeometric(t.Leaks, t.Examined, t.Made, confidence)
	row := Row{
		Stratum: stratum, ProfileHash: fmt.Sprintf("%x", stratum.Profile), Tally: t,
		Released:   Interval{float64(low) / float64(t.Made), float64(high) / float64(t.Made)},
		Process:    ClopperPearson(t.Leaks, t.Examined, confidence),
		Undetected: high - t.Leaks,
	}
	if t.Examined > 0 {
		row.Rate = float64(t.Leaks) / float64(t.Examined)
		if t.Leaks == 0 {
			row.RuleOfThree = ruleOfThree(t.Examined)
		}
	}
	return row
}

// overall joins strata: what was examined in full is known, what was not at all is
// anything, and the rest is estimated.
func overall(tallies []Tally, confidence float64) Overall {
	out := Overall{Method: MethodNone, Released: Interval{0, 1}}
	var part []Tally
	var seen, rate, full, unseen float64
	for _, t := range tallies {
		out.Made += t.Made
		out.Chosen += t.Chosen
		out.Examined += t.Examined
		out.Leaks += t.Leaks
		if t.Examined == 0 {
			unseen += float64(t.Made)
			continue
		}
		seen += float64(t.Made)
		rate += float64(t.Made) * float64(t.Leaks) / float64(t.Examined)
		if t.Examined == t.Made {
			full += float64(t.Leaks)
			continue
		}
		part = append(part, t)
	}
	if out.Examined == 0 {
		if out.Made > 0 {
			out.Unseen = 1
		}
		return out
	}
	made := float64(out.Made)
	out.Rate, out.Unseen = rate/seen, unseen/made
	var estimated Interval
	estimated, out.Method = estimate(part, made, confidence)
	// What was found is there, and what was examined and is none is not.
	out.Released.Low = max(full/made+estimated.Low, float64(out.Leaks)/made)
	out.Released.High = min(full/made+estimated.High+out.Unseen, float64(out.Made-out.Examined+out.Leaks)/made)
	return out
}

// estimate returns the interval of the share of leaks in strata of which a part
// was examined, among all that were made.
func estimate(part []Tally, made, confidence float64) (Interval, Method) {
	switch len(part) {
	case 0:
		return Interval{}, MethodFull
	case 1:
		low, high := Hypergeometric(part[0].Leaks, part[0].Examined, part[0].Made, confidence)
		return Interval{float64(low) / made, float64(high) / made}, MethodExact
	}
	samples := make([]sample, len(part))
	for i, t := range part {
		samples[i] = sample{float64(t.Leaks), float64(t.Made) / made / float64(t.Examined)}
	}
	return gammaInterval(samples, confidence), MethodGamma
}
