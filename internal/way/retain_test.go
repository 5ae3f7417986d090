package way

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

func (s scene) asksErasure(id string) sinso.ErasureRow {
	s.t.Helper()
	return must[sinso.ErasureRow](s.t)(s.Erase(s.t.Context(), id, EraseOptions{Actor: "test"}))
}

// TestWhatMustBeKeptIsErasedLater: the years of retention, a hold on a study, one on its
// person, and one on whom that person became part of.
func TestWhatMustBeKeptIsErasedLater(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		years int
		hold  func(a, other sinso.Receipt) string
	}{
		"years":                 {10, nil},
		"a hold on the study":   {0, func(a, _ sinso.Receipt) string { return string(a.Study) }},
		"a hold on the person":  {0, func(a, _ sinso.Receipt) string { return string(a.Person) }},
		"both":                  {10, func(a, _ sinso.Receipt) string { return string(a.Study) }},
		"a hold before a merge": {0, func(_, other sinso.Receipt) string { return string(other.Person) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			ctx := t.Context()
			s.cfg.RetainYears = test.years
			a, other := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
			if err := s.Resume(ctx, "test"); err != nil {
				t.Fatal(err)
			}
			hold := ""
			if test.hold != nil {
				hold = test.hold(a, other)
				if err := s.Hold(ctx, hold, sinso.HoldCourt, "test"); err != nil {
					t.Fatal(err)
				}
			}
			what := string(a.Study)
			if strings.Contains(name, "merge") {
				if err := s.Merge(ctx, other.Person, a.Person, "test"); err != nil {
					t.Fatal(err)
				}
				what = string(a.Person)
			}
			row := s.asksErasure(what)
			if !row.Done.IsZero() || row.Held != (hold != "") || row.Until.IsZero() == (test.years > 0) {
				t.Errorf("%+v", row)
			}
			if again := s.asksErasure(what); !again.Begun.Equal(row.Begun) {
				t.Errorf("asked again it is another: %+v, %+v", again, row)
			}
			if _, err := s.Study(ctx, a.Study); !errors.Is(err, sinso.ErrNotFound) {
				t.Errorf("it is shown: %v", err)
			}
			if err := s.Restore(ctx, []sinso.InstanceID{a.Instance}, "test"); !errors.Is(err, sinso.ErrDenied) {
				t.Errorf("it is restored: %v", err)
			}
			if err := s.TendErasures(ctx); err != nil {
				t.Error(err)
			}
			s.rebuilt()
			if n := len(must[[]sinso.ErasureRow](t)(s.Waiting(ctx))); n != 1 {
				t.Fatalf("%d wait, want 1", n)
			}
			s.over(hold, test.years)
			if err := s.TendErasures(ctx); err != nil {
				t.Fatal(err)
			}
			if n := len(must[[]sinso.ErasureRow](t)(s.Waiting(ctx))); n != 0 {
				t.Errorf("%d wait, want none", n)
			}
			if done := s.asksErasure(what); done.Done.IsZero() || len(done.Receipt) == 0 {
				t.Errorf("it is not erased: %+v", done)
			}
			s.rebuilt()
		})
	}
}

// over ends what keeps something, one after the other: it is kept until both are over.
func (s scene) over(hold string, years int) {
	s.t.Helper()
	if hold != "" {
		if err := s.EndHold(s.t.Context(), hold, "test"); err != nil {
			s.t.Fatal(err)
		}
	}
	if years == 0 {
		return
	}
	if err := s.TendErasures(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if n := len(must[[]sinso.ErasureRow](s.t)(s.Waiting(s.t.Context()))); n != 1 {
		s.t.Errorf("%d wait while the years are not over, want 1", n)
	}
	s.Clock = stopped(time.Now().AddDate(years, 0, 1))
}

// TestHoldsAreOfWhatIsHere refuses a hold on nothing, on what is erased, a second one, and
// the end of one that is not there.
func TestHoldsAreOfWhatIsHere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	study, court := string(a.Study), sinso.HoldCourt
	for _, test := range []struct {
		err  error
		want error
	}{
		{s.Hold(ctx, "s_nothing", court, "test"), sinso.ErrNotFound},
		{s.Hold(ctx, "p_nobody", court, "test"), sinso.ErrNotFound},
		{s.Hold(ctx, "nothing", court, "test"), sinso.ErrInvalid},
		{s.Hold(ctx, study, "of my own", "test"), sinso.ErrInvalid},
		{s.EndHold(ctx, study, "test"), sinso.ErrNotFound},
		{s.Hold(ctx, study, court, "test"), nil},
		{s.Hold(ctx, study, court, "test"), sinso.ErrExists},
		{s.EndHold(ctx, study, "test"), nil},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("got error %v, want %v", test.err, test.want)
		}
	}
	s.asksErasure(study)
	if err := s.Hold(ctx, study, court, "test"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("what is erased is held: %v", err)
	}
}

// TestHoldReachesAStudyOfWhoWasMerged: a hold on a person keeps each of their studies by
// itself too, also under the name of whom they became part of, and what of theirs waits in
// quarantine.
func TestHoldReachesAStudyOfWhoWasMerged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, other := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	if err := errors.Join(s.Hold(ctx, string(a.Person), sinso.HoldCourt, "test"), s.Merge(ctx, a.Person, other.Person, "test")); err != nil {
		t.Fatal(err)
	}
	if row := s.asksErasure(string(a.Study)); !row.Held || !row.Done.IsZero() {
		t.Errorf("it is erased: %+v", row)
	}
	if err := s.TendErasures(ctx); err != nil {
		t.Error(err)
	}
	if n := len(must[[]sinso.ErasureRow](t)(s.Waiting(ctx))); n != 1 {
		t.Fatalf("%d wait, want 1", n)
	}
	s.over(string(a.Person), 0)
	if err := s.TendErasures(ctx); err != nil {
		t.Fatal(err)
	}
	if row := s.asksErasure(string(a.Study)); row.Done.IsZero() {
		t.Errorf("it is not erased: %+v", row)
	}
}

// TestWhoIsToBeErasedIsNotMerged: what a person asked for would be forgotten with their name,
// or would take another's along.
func TestWhoIsToBeErasedIsNotMerged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a, other := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	if err := s.Hold(ctx, string(a.Study), sinso.HoldCourt, "test"); err != nil {
		t.Fatal(err)
	}
	s.asksErasure(string(a.Person))
	for name, err := range map[string]error{
		"merged":        s.Merge(ctx, a.Person, other.Person, "test"),
		"merged into":   s.Merge(ctx, other.Person, a.Person, "test"),
		"given a study": s.Move(ctx, other.Study, a.Person, "test"),
	} {
		if !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("who is to be erased is %s: %v", name, err)
		}
	}
	if n := len(must[[]sinso.ErasureRow](t)(s.Waiting(ctx))); n != 1 {
		t.Errorf("%d wait, want 1", n)
	}
	s.over(string(a.Study), 0)
	if err := s.TendErasures(ctx); err != nil {
		t.Fatal(err)
	}
	if row := s.asksErasure(string(a.Person)); row.Done.IsZero() {
		t.Errorf("it is not erased: %+v", row)
	}
	if _, err := s.Study(ctx, other.Study); err != nil {
		t.Error(err)
	}
}

// TestWhoAsksAgainMayLeaveMoney: that it may be left is kept with what waits.
func TestWhoAsksAgainMayLeaveMoney(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	s.cfg.RetainYears = 10
	a := s.take(object(t, "A", "1", 0, nil))
	for _, leave := range []bool{false, true, false} {
		if _, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test", LeaveMoney: leave}); err != nil {
			t.Fatal(err)
		}
	}
	asked := must[[]askedErasure](t)(s.asked(ctx))
	if len(asked) != 1 || !asked[0].LeaveMoney {
		t.Errorf("%+v, want one that leaves money", asked)
	}
}

// TestHoldReachesQuarantine: what was refused of a person who is held is not erased either.
func TestHoldReachesQuarantine(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	if _, err := s.Take(ctx, sinso.Item{Bytes: []byte("this is no DICOM object")}, ImportOptions{Actor: "test", Person: a.Person}); !errors.Is(err, sinso.ErrInvalid) {
		t.Fatal(err)
	}
	refused := must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))[0]
	if err := s.Hold(ctx, string(a.Person), sinso.HoldCourt, "test"); err != nil {
		t.Fatal(err)
	}
	if row := s.asksErasure(string(refused.CID)); !row.Held || !row.Done.IsZero() || row.Refused != refused.CID || row.Person != "" {
		t.Errorf("%+v, want it held", row)
	}
	if waiting := must[[]sinso.ErasureRow](t)(s.Waiting(ctx)); len(waiting) != 1 || waiting[0].Refused != refused.CID {
		t.Errorf("%+v wait, want one", waiting)
	}
	s.over(string(a.Person), 0)
	if err := s.TendErasures(ctx); err != nil {
		t.Fatal(err)
	}
	if row := s.asksErasure(string(refused.CID)); row.Done.IsZero() {
		t.Errorf("it is not erased: %+v", row)
	}
}
