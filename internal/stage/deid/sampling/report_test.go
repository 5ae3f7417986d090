package sampling_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"sinso.dev/sinso/internal/stage/deid/sampling"
)

// derivatives are what the devices of a simulation make: of each, how many, and
// how many of those leak.
type derivatives []struct{ made, leaks int }

// simulate draws and examines all of them in an order by chance, and returns the
// report and the true share of leaks.
func simulate(tb testing.TB, seed uint64, plan sampling.Plan, of derivatives) (r sampling.Report, truth float64) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 5))
	s := newSampler(tb, [32]byte{byte(seed), byte(seed >> 8)}, plan)
	made, leaks := 0, 0
	for device, d := range of {
		for _, i := range rng.Perm(d.made) {
			draw := s.Draw(fmt.Sprint("device ", device), profile)
			if !draw.Chosen {
				continue
			}
			if err := s.Record(draw.Stratum, i < d.leaks); err != nil {
				tb.Fatal(err)
			}
		}
		made, leaks = made+d.made, leaks+d.leaks
	}
	return report(tb, s), float64(leaks) / float64(made)
}

func within(in sampling.Interval, rate float64) bool {
	return in.Low <= rate+1e-12 && rate-1e-12 <= in.High
}

// TestReleasedIntervalCoversTheTruth simulates devices of unlike sizes and rates,
// windows that are left open among them, and counts how often the truth is inside.
// 95 % is promised, and the seeds are fixed; a true 95 % gives fewer than 92.6 % of 500 once in 100.
func TestReleasedIntervalCoversTheTruth(t *testing.T) {
	t.Parallel()
	const runs = 500
	for name, tt := range map[string]struct {
		plan sampling.Plan
		of   derivatives
	}{
		"one device":               {sampling.Plan{Examine: 5, Of: 20}, derivatives{{230, 9}}},
		"one device, few":          {sampling.Plan{Examine: 3, Of: 10}, derivatives{{35, 4}}},
		"one device, rarely":       {sampling.Plan{Examine: 1, Of: 10}, derivatives{{400, 2}}},
		"extra draws":              {sampling.Plan{Examine: 1, Of: 10, Extra: 50_000}, derivatives{{300, 20}, {90, 0}}},
		"all of it examined":       {sampling.Plan{Examine: 4, Of: 4}, derivatives{{60, 5}, {20, 1}}},
		"alike":                    {sampling.Plan{Examine: 2, Of: 10}, derivatives{{200, 8}, {200, 8}, {200, 8}}},
		"one leaks":                {sampling.Plan{Examine: 2, Of: 10}, derivatives{{200, 60}, {200, 0}, {200, 0}, {150, 1}}},
		"large and small":          {sampling.Plan{Examine: 1, Of: 7}, derivatives{{500, 3}, {20, 6}, {13, 2}, {6, 3}, {5, 1}}},
		"many small":               {sampling.Plan{Examine: 1, Of: 8}, derivatives{{9, 1}, {11, 0}, {12, 2}, {8, 1}, {15, 1}, {17, 3}, {10, 0}, {14, 2}}},
		"a device that only leaks": {sampling.Plan{Examine: 1, Of: 10}, derivatives{{300, 0}, {12, 12}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			covered := 0
			for seed := range uint64(runs) {
				r, truth := simulate(t, seed, tt.plan, tt.of)
				if within(r.Overall.Released, truth) {
					covered++
				}
			}
			t.Logf("covered %.1f %%", 100*float64(covered)/runs)
			if covered < runs*926/1000 {
				t.Errorf("covered %d of %d", covered, runs)
			}
		})
	}
}

// TestStratifiedRateIsRightOnAverage: sampled unlike, a mean of all verdicts alone
// would be far off.
func TestStratifiedRateIsRightOnAverage(t *testing.T) {
	t.Parallel()
	const runs = 600
	mean, naive := 0.0, 0.0
	const truth = (10. + 80.) / 500
	for seed := range uint64(runs) {
		rng := rand.New(rand.NewPCG(seed, 6))
		s := newSampler(t, [32]byte{byte(seed), byte(seed >> 8)}, sampling.Plan{Examine: 1, Of: 10})
		for half, d := range (derivatives{{400, 10}, {100, 80}}) {
			if half == 1 {
				if err := s.Follow(sampling.Plan{Examine: 5, Of: 10}); err != nil {
					t.Fatal(err)
				}
			}
			for _, i := range rng.Perm(d.made) {
				if draw := s.Draw("device", profile); draw.Chosen {
					if err := s.Record(draw.Stratum, i < d.leaks); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		o := report(t, s).Overall
		mean += o.Rate / runs
		naive += float64(o.Leaks) / float64(o.Examined) / runs
	}
	if mean < truth-0.005 || mean > truth+0.005 {
		t.Errorf("mean of the rate: got %.4f, want %.4f", mean, truth)
	}
	if naive < 2*truth {
		t.Errorf("a mean of all verdicts is %.4f: the test tells nothing", naive)
	}
}

func TestZeroLeaksShowTheRuleOfThree(t *testing.T) {
	t.Parallel()
	r, _ := simulate(t, 1, sampling.Plan{Examine: 1, Of: 10}, derivatives{{3000, 0}})
	row := r.Rows[0]
	if row.RuleOfThree != 0.01 || row.Rate != 0 || row.Process.Low != 0 || row.Process.High < 0.01 || row.Process.High > 0.0123 {
		t.Errorf("got %+v", row)
	}
	if row.Undetected == 0 || float64(row.Undetected)/3000 > row.Process.High {
		t.Errorf("at most %d of 3,000 undetected, and a process of %g", row.Undetected, row.Process.High)
	}
	r, _ = simulate(t, 1, sampling.Plan{Examine: 1, Of: 1}, derivatives{{30, 2}})
	if row := r.Rows[0]; row.RuleOfThree != 0 || row.Undetected != 0 || row.Released.Low != row.Released.High {
		t.Errorf("all examined: got %+v", row)
	}
	if r.Overall.Method != sampling.MethodFull || r.Overall.Released.High != 2./30 {
		t.Errorf("all examined: got %+v", r.Overall)
	}
}

// TestWhatWasNotExaminedMayLeak: an unseen stratum widens the interval by all of
// its weight.
func TestWhatWasNotExaminedMayLeak(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 2})
	if r := report(t, s); r.Overall.Method != sampling.MethodNone || r.Overall.Released != (sampling.Interval{Low: 0, High: 1}) {
		t.Errorf("nothing made: got %+v", r.Overall)
	}
	for range 100 {
		s.Draw("unseen", profile)
		if d := s.Draw("seen", profile); d.Chosen {
			if err := s.Record(d.Stratum, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := report(t, s).Overall
	if o.Unseen != 0.5 || o.Released.High < 0.5 || o.Released.High > 0.55 || o.Released.Low != 0 || o.Method != sampling.MethodExact {
		t.Errorf("got %+v", o)
	}
	if b, err := json.Marshal(report(t, s)); err != nil || !json.Valid(b) {
		t.Errorf("as JSON: %v", err)
	}
}
