package serve

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/deid/sampling"
)

// leakRate is the running estimate of how often a copy still identifies somebody.
type leakRate struct {
	Confidence float64       `json:"confidence"` // of each interval by itself
	Rows       []leakStratum `json:"rows" nullable:"false"`
	Overall    leakOverall   `json:"overall"`
}

// leakTally counts records of copies.
type leakTally struct {
	Made     uint64  `json:"made"`
	Chosen   uint64  `json:"chosen"` // to be looked at
	Examined uint64  `json:"examined"`
	Leaks    uint64  `json:"leaks"`
	Rate     float64 `json:"rate"` // of those examined
	// Low and High are the ends of the interval of the rate among all that were made.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// leakStratum is what is known of one kind of device under one profile.
type leakStratum struct {
	Device  string           `json:"device"`
	Profile string           `json:"profile"`
	Plan    sinso.SamplePlan `json:"plan"`
	leakTally
	// ProcessLow and ProcessHigh are the ends of the interval of what the same device
	// and profile go on to make.
	ProcessLow  float64 `json:"processLow"`
	ProcessHigh float64 `json:"processHigh"`
	RuleOfThree float64 `json:"ruleOfThree"` // 3 by those examined, if none leaks; else 0
}

// leakOverall is what is known of all together.
type leakOverall struct {
	leakTally
	Unseen float64 `json:"unseen"` // the share of what was made by devices of which nothing was examined
	Method string  `json:"method"` // how the interval was found
}

func tallied(t sampling.Tally, rate float64, of sampling.Interval) leakTally {
	return leakTally{t.Made, t.Chosen, t.Examined, t.Leaks, rate, of.Low, of.High}
}

// reviewEstimate is for those who see all: what is known of a device is of everybody
// who was examined by it.
func (c *call) reviewEstimate() (leakRate, error) {
	_, all, err := c.caller.Scope(auth.Review)
	if err == nil && !all {
		err = fmt.Errorf("serve: the estimate is over everybody's records: %w", sinso.ErrDenied)
	}
	if err != nil {
		return leakRate{}, err
	}
	report, err := c.way.LeakEstimate(c.ctx())
	if err != nil {
		return leakRate{}, err
	}
	out := leakRate{Confidence: report.Confidence, Rows: []leakStratum{}}
	for _, row := range report.Rows {
		out.Rows = append(out.Rows, leakStratum{
			row.Device, row.ProfileHash, sinso.SamplePlan(row.Plan), tallied(row.Tally, row.Rate, row.Released),
			row.Process.Low, row.Process.High, row.RuleOfThree,
		})
	}
	o := report.Overall
	out.Overall = leakOverall{tallied(o.Tally, o.Rate, o.Released), o.Unseen, string(o.Method)}
	return out, nil
}
