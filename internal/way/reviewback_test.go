package way

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// cutStep ends a scene's way before it goes to the chain.
func (s scene) cutBeforeTheChain(study sinso.StudyID) (reached bool) {
	s.t.Helper()
	s.cfg.OnStep = func(name string) {
		if name == "identity" || name == "mint" {
			panic(cut{name})
		}
	}
	_, reached = attempt(func() error {
		_, err := s.Release(s.t.Context(), study, ReleaseOptions{Actor: "test"})
		return err
	})
	s.cfg.OnStep = nil
	return reached
}

// everySample looks at all that is released.
func everySample(s scene) {
	s.cfg.SampleOther = sinso.SamplePlan{Examine: 1, Of: 1}
	s.cfg.SampleBlanked = s.cfg.SampleOther
}

// TestWhatLeaksIsNotOffered: a release that was cut off before the chain, and in which
// a person then finds a leak, is taken back and goes nowhere; the next one is made anew,
// without what leaks.
func TestWhatLeaksIsNotOffered(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	everySample(s)
	study := s.take(echo(t, "1", 1, "NO")).Study
	if !s.cutBeforeTheChain(study) {
		t.Fatal("it did not get as far as the chain")
	}
	items := s.queue(sinso.ReviewIsOpen)
	if len(items) != 1 || !items[0].Sample() {
		t.Fatalf("got %+v, want one sample", items)
	}
	s.decide(items[0].ID, sinso.DecisionLeak, "clinician-1")
	first := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), items[0].Release))
	if first.State != sinso.ReleaseIsRefused || first.Reason != ReasonLeak {
		t.Errorf("it is %s, %s", first.State, first.Reason)
	}
	if s.cutBeforeTheChain(study) {
		t.Error("what leaks went on to the chain")
	}
	s.sameAfterRebuild()
}

// TestRefusedMeanwhileIsNotOffered: an item that let an instance through is refused
// while the release is made: what was made goes nowhere.
func TestRefusedMeanwhileIsNotOffered(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.draft(study)
	id := s.queue(sinso.ReviewIsOpen)[0].ID
	s.decide(id, sinso.DecisionApprove, "a")
	refused := false
	s.cfg.OnStep = func(name string) {
		if name == "identity" || name == "mint" {
			t.Error("it went on to the chain")
			panic(cut{name})
		}
	}
	var row sinso.ReleaseRow
	_, _ = attempt(func() (err error) {
		row, err = s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Progress: func(done, total int) {
			if done == total && !refused {
				refused = true
				s.decide(id, sinso.DecisionRefuse, "b")
			}
		}})
		return err
	})
	if !refused || row.State != sinso.ReleaseIsRefused || row.Reason != ReasonReviewed {
		t.Errorf("refused meanwhile %v: the release is %s, %s", refused, row.State, row.Reason)
	}
}

// TestBoxesOfARedactionStay: who agreed to a box that somebody else drew has agreed to
// that one, and whoever drew it may think better without taking it away; nor does an
// approval hold that too few still give.
func TestBoxesOfARedactionStay(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.draft(study)
	id := s.queue(sinso.ReviewIsOpen)[0].ID
	s.decide(id, sinso.DecisionRedact, "a", sinso.ReviewBox{X0: 2, Y0: 2, X1: 20, Y1: 10})
	if row := s.decide(id, sinso.DecisionRedact, "b"); row.State != sinso.ReviewIsRedacted {
		t.Fatalf("two redactions: %s", row.State)
	}
	made := s.draft(study)
	if made.Instances != 1 || made.Reviewed != 1 {
		t.Fatalf("the draft has %d", made.Instances)
	}
	row := s.decide(id, sinso.DecisionApprove, "a")
	if row.State != sinso.ReviewIsOpen || len(row.Boxes()) != 1 {
		t.Errorf("one thinks better: %s with %d boxes, want open with one", row.State, len(row.Boxes()))
	}
	if again := s.draft(study); again.ID == made.ID || again.State != sinso.ReleaseIsRefused {
		t.Errorf("the draft after that is %s", again.State)
	}
	if row = s.decide(id, sinso.DecisionApprove, "b"); row.State != sinso.ReviewIsApproved {
		t.Errorf("two approvals: %s", row.State)
	}
	if row = s.decide(id, sinso.DecisionRedact, "b", sinso.ReviewBox{X0: 2, Y0: 2, X1: 20, Y1: 10}); row.State != sinso.ReviewIsOpen {
		t.Errorf("one approval left of two: %s", row.State)
	}
	row = s.decide(id, sinso.DecisionRedact, "a")
	if row.State != sinso.ReviewIsRedacted {
		t.Fatalf("two redactions again: %s", row.State)
	}
	for _, pixels := range s.pixels(s.draft(study)) {
		if bytes.Equal(pixels[2*echoColumns:][2:20], echoPixels()[2*echoColumns:][2:20]) {
			t.Error("what two persons blanked is there")
		}
	}
	s.sameAfterRebuild()
}

// TestWhatIsDecidedIsWhatWasSeen: a decision on an item that somebody else changed
// meanwhile, or that was sent once more, is refused.
func TestWhatIsDecidedIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	s.draft(s.take(echo(t, "1", 1, "YES")).Study)
	item := s.queue(sinso.ReviewIsOpen)[0]
	approve := ReviewDecision{Decision: sinso.DecisionApprove, Seen: &item.Updated}
	s.decide(item.ID, sinso.DecisionRedact, "a", sinso.ReviewBox{X0: 2, Y0: 2, X1: 20, Y1: 10})
	if _, err := s.Decide(t.Context(), item.ID, approve, "b"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("of an item that changed: %v", err)
	}
	now := must[sinso.ReviewRow](t)(s.Review(t.Context(), item.ID))
	approve.Seen = &now.Updated
	if _, err := s.Decide(t.Context(), item.ID, approve, "b"); err != nil {
		t.Errorf("of the item as it is: %v", err)
	}
}

// stopped is a clock that stands still, as one of milliseconds does between two requests.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

// TestChangesOfOneMomentAreToldApart: a decision on an item that changed within the same
// millisecond is refused as any other.
func TestChangesOfOneMomentAreToldApart(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	s.draft(s.take(echo(t, "1", 1, "YES")).Study)
	item := s.queue(sinso.ReviewIsOpen)[0]
	s.Clock = stopped(item.Updated)
	row := s.decide(item.ID, sinso.DecisionRedact, "a", sinso.ReviewBox{X0: 2, Y0: 2, X1: 20, Y1: 10})
	if _, err := s.Decide(t.Context(), item.ID, ReviewDecision{Decision: sinso.DecisionApprove, Seen: &item.Updated}, "b"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("of an item that somebody redacted: %v", err)
	}
	s.remove(s.add(ofEcho([4]int{0, 0, 9, 9}))[0].ID)
	if _, err := s.Decide(t.Context(), item.ID, ReviewDecision{Decision: sinso.DecisionApprove, Seen: &row.Updated}, "b"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("of an item whose template went: %v", err)
	}
	s.sameAfterRebuild()
}
