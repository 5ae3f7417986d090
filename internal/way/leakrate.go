package way

import (
	"context"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/sampling"
)

// LeakRate is the running estimate of how often a copy still identifies somebody, as
// the API and the commands answer it. Rates and their ends are from 0 to 1.
type LeakRate struct {
	Confidence float64       `json:"confidence"` // of each interval by itself
	Rows       []LeakStratum `json:"rows" nullable:"false"`
	Overall    LeakOverall   `json:"overall"`
}

// LeakTally counts records of copies.
type LeakTally struct {
	Made     uint64  `json:"made"`
	Chosen   uint64  `json:"chosen"` // to be looked at
	Examined uint64  `json:"examined"`
	Leaks    uint64  `json:"leaks"`
	Rate     float64 `json:"rate"` // of those examined
	// Low and High are the ends of the interval of the rate among all that were made.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// LeakStratum is what is known of one kind of device under one profile.
type LeakStratum struct {
	Device  string           `json:"device"`
	Profile string           `json:"profile"`
	Plan    sinso.SamplePlan `json:"plan"`
	LeakTally
	// ProcessLow and ProcessHigh are the ends of the interval of what the same device
	// and profile go on to make.
	ProcessLow  float64 `json:"processLow"`
	ProcessHigh float64 `json:"processHigh"`
	RuleOfThree float64 `json:"ruleOfThree"` // 3 by those examined, if none leaks; else 0
}

// LeakOverall is what is known of all together.
type LeakOverall struct {
	LeakTally
	Unseen float64 `json:"unseen"` // the share of what was made by devices of which nothing was examined
	Method string  `json:"method"` // how the interval was found
}

func tallied(t sampling.Tally, rate float64, of sampling.Interval) LeakTally {
	return LeakTally{t.Made, t.Chosen, t.Examined, t.Leaks, rate, of.Low, of.High}
}

// LeakRate puts the estimate into the form in which it is answered.
func (w *Way) LeakRate(ctx context.Context) (LeakRate, error) {
	report, err := w.LeakEstimate(ctx)
	if err != nil {
		return LeakRate{}, err
	}
	out := LeakRate{Confidence: report.Confidence, Rows: []LeakStratum{}}
	for _, row := range report.Rows {
		out.Rows = append(out.Rows, LeakStratum{
			row.Device, row.ProfileHash, sinso.SamplePlan(row.Plan), tallied(row.Tally, row.Rate, row.Released),
			row.Process.Low, row.Process.High, row.RuleOfThree,
		})
	}
	o := report.Overall
	out.Overall = LeakOverall{tallied(o.Tally, o.Rate, o.Released), o.Unseen, string(o.Method)}
	return out, nil
}
