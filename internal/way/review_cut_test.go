package way

import (
	"strconv"
	"testing"

	"sinso.dev/sinso"
)

// reviewLife decides over an item and drafts the study again, ends the node before
// step number at, or never, and goes on with what is in its folder.
func reviewLife(t *testing.T, at int) (made sinso.ReleaseRow, rows []sinso.ReviewRow, steps int) {
	t.Helper()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.draft(study)
	item := s.queue(sinso.ReviewIsOpen)[0].ID
	s.cfg.OnStep = func(name string) {
		if steps++; steps == at {
			panic(cut{name})
		}
	}
	todo := []func(scene) error{
		func(s scene) error {
			_, err := s.Decide(t.Context(), item, ReviewDecision{Decision: sinso.DecisionApprove}, "clinician-1")
			return err
		},
		func(s scene) (err error) {
			made, err = s.Draft(t.Context(), study, "test")
			return err
		},
	}
	for i := 0; i < len(todo); i++ {
		err, ended := attempt(func() error { return todo[i](s) })
		if err != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		if ended {
			s = scene{must[*Way](t)(New(t.Context(), s.Ports, Config{SampleOther: seldom, SampleBlanked: seldom})), t}
			i--
		}
	}
	rows = s.queue("")
	s.sameAfterRebuild()
	return made, rows, steps
}

// TestDecisionOutlivesTheNode ends a node before each step from a decision to the next
// draft: the one that goes on drafts what was approved, once.
func TestDecisionOutlivesTheNode(t *testing.T) {
	t.Parallel()
	_, _, steps := reviewLife(t, 0)
	if steps < 6 {
		t.Fatalf("%d steps only", steps)
	}
	for at := range steps + 1 {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			made, rows, _ := reviewLife(t, at)
			if made.State != sinso.ReleaseIsStored || made.Instances != 1 || made.Reviewed != 1 {
				t.Errorf("the draft is %s with %d, %d by review", made.State, made.Instances, made.Reviewed)
			}
			if len(rows) != 1 || rows[0].State != sinso.ReviewIsApproved || len(rows[0].Said) != 1 {
				t.Errorf("the queue is %+v, want one item, approved by one", rows)
			}
		})
	}
}
