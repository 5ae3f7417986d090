package way

import (
	"errors"
	"strconv"
	"testing"

	"sinso.dev/sinso"
)

// TestSamplesGiveTheLeakRate draws from what is released as the plan says, over
// several releases, and counts what persons find.
func TestSamplesGiveTheLeakRate(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.cfg.SampleOther = sinso.SamplePlan{Examine: 1, Of: 2}
	s.cfg.SampleBlanked = sinso.SamplePlan{Examine: 1, Of: 1}
	for i := range 6 { // one image each: the window of two spans releases
		study := s.take(echo(t, strconv.Itoa(1+i), 1, "NO")).Study
		if made := s.draft(study); made.Instances != 1 {
			t.Fatalf("withheld %v", made.Withheld)
		}
	}
	samples := s.queue(sinso.ReviewIsOpen)
	if len(samples) != 3 {
		t.Fatalf("%d samples of 6, want each second", len(samples))
	}
	strata := s.strata()
	if len(strata) != 1 || strata[0].Made != 6 || strata[0].Chosen != 3 {
		t.Errorf("strata %+v, want one with 3 of 6", strata)
	}
	s.decide(samples[0].ID, sinso.DecisionNoLeak, "clinician-1")
	s.decide(samples[1].ID, sinso.DecisionLeak, "clinician-1", sinso.ReviewBox{X0: 1, Y0: 1, X1: 9, Y1: 9})
	report, err := s.LeakEstimate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	overall := report.Overall
	if overall.Made != 6 || overall.Examined != 2 || overall.Leaks != 1 || overall.Rate != 0.5 || overall.Released.Low < 1.0/6-1e-9 || overall.Released.High > 5.0/6+1e-9 {
		t.Errorf("overall %+v, want 1 of 2 of 6", overall)
	}
	// What leaked is blanked where somebody drew, in the next draft; and where nobody
	// did it is not released again.
	next := s.draft(samples[1].Study)
	if next.Instances != 1 || s.pixels(next)[0][echoColumns+1] != 0 {
		t.Errorf("%d instances, and what leaked is not blanked", next.Instances)
	}
	s.decide(samples[2].ID, sinso.DecisionLeak, "clinician-1")
	if next = s.draft(samples[2].Study); next.State != sinso.ReleaseIsRefused || next.Reason != ReasonLeak {
		t.Errorf("a leak without a box: %s for %q", next.State, next.Reason)
	}
	_, err = s.Decide(t.Context(), samples[0].ID, ReviewDecision{Decision: sinso.DecisionApprove}, "clinician-1")
	if !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("approve a sample: %v, want ErrInvalid", err)
	}
	if row := s.decide(samples[0].ID, sinso.DecisionLeak, "clinician-2"); row.State != sinso.ReviewIsLeaking {
		t.Errorf("a leak that somebody else found later: %s", row.State)
	}
	s.sameAfterRebuild()
}

// TestNothingReleasedNothingEstimated is the estimate of a fresh node.
func TestNothingReleasedNothingEstimated(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	report, err := s.LeakEstimate(t.Context())
	if err != nil || report.Overall.Made != 0 || report.Overall.Released.High != 1 {
		t.Errorf("%+v, %v", report.Overall, err)
	}
}
