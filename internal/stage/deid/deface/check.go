package deface

import "slices"

// Check is one figure that a plan must reach.
type Check struct {
	Name  string  // of a closed set
	Value float64 // in the unit that [Plan] and [Surface] have it in
	Bound float64
	Least bool // the bound is the least value, else the most

	failure Failure
}

// Passed reports whether the value keeps to its bound.
func (c Check) Passed() bool {
	if c.Least {
		return c.Value >= c.Bound
	}
	return c.Value <= c.Bound
}

// Checks are what a plan was held to, passed or not, in the order in which they are
// judged; none of one that cuts nothing.
func (p *Plan) Checks() []Check {
	if p.cut == nil {
		return nil
	}
	return []Check{
		{"inside", float64(p.Inside), 0, false, FailedInside},
		{"vault", float64(p.Vault), 0, false, FailedVault},
		{"area", p.Face.Area, leastFace, true, FailedNoFace},
		{"mean", p.Face.Mean, leastMean, true, FailedNear},
		{"p95", p.Face.P95, leastMost, true, FailedNear},
		{"near", p.Face.Near, mostNear, false, FailedKept},
		{"spread", p.Face.Spread, leastSpread, true, FailedEven},
	}
}

// judge says which checks failed. Without a face there is nothing to measure the others by.
func (p *Plan) judge() {
	for _, check := range p.Checks() {
		if check.Passed() {
			continue
		}
		if !slices.Contains(p.Failed, check.failure) {
			p.Failed = append(p.Failed, check.failure)
		}
		if check.failure == FailedNoFace {
			return
		}
	}
}
