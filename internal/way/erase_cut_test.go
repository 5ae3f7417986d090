package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/identity"
)

// TestErasureCutOffEndsTheSame ends a node at every step of an erasure. The next one goes on
// with it from when it was noted down, and before that nothing has happened to the study: it is
// never shown no more with nothing to come of it.
func TestErasureCutOffEndsTheSame(t *testing.T) {
	t.Parallel()
	for name, held := range map[string]bool{"at once": false, "under a hold": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at := 1; ; at++ {
				step := eraseCutAt(t, at, held)
				if step == "" {
					if at < 5 {
						t.Errorf("only %d steps", at)
					}
					return
				}
			}
		})
	}
}

// eraseCutAt erases a study, ends the node before step number at, lets another go on, and
// returns the step: "" if there are not so many.
func eraseCutAt(t *testing.T, at int, held bool) (ended string) {
	t.Helper()
	ctx := t.Context()
	s := newScene(t)
	s.namer = identity.NewNamer([32]byte{7})
	a := s.take(object(t, "A", "1", 0, nil))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	if held {
		if err := s.Hold(ctx, string(a.Study), sinso.HoldCourt, "test"); err != nil {
			t.Fatal(err)
		}
	}
	var steps []string
	s.cfg.OnStep = func(name string) {
		if steps = append(steps, name); len(steps) == at {
			panic(cut{name})
		}
	}
	err, was := attempt(func() error {
		_, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test"})
		return err
	})
	if err != nil {
		t.Fatalf("cut before %v: %v", steps, err)
	}
	if was {
		ended = steps[len(steps)-1]
	}
	next := scene{must[*Way](t)(New(ctx, s.Ports, Config{})), t}
	next.namer = s.namer
	if err := next.Resume(ctx, "test"); err != nil {
		t.Fatalf("cut before %s: %v", ended, err)
	}
	next.eraseEnded(a.Study, held, slices.Contains(steps[:max(0, len(steps)-1)], string(sinso.EventErasureAsked)+" logged") || !was, ended)
	return ended
}

// eraseEnded says whether what became of a study is what it has to be: as it was if no erasure
// was noted down, else erased, or waiting.
func (s scene) eraseEnded(study sinso.StudyID, held, noted bool, ended string) {
	s.t.Helper()
	ctx := s.t.Context()
	_, shown := s.Study(ctx, study)
	waiting := must[[]sinso.ErasureRow](s.t)(s.Waiting(ctx))
	done := must[[]sinso.ErasureRow](s.t)(s.Erasures(ctx))
	switch {
	case shown == nil && !noted:
		if len(waiting)+len(done) > 0 {
			s.t.Errorf("cut before %s: it is shown, and %d wait, %d are erased", ended, len(waiting), len(done))
		}
		return
	case shown == nil, !errors.Is(shown, sinso.ErrNotFound):
		s.t.Errorf("cut before %s: it is shown: %v", ended, shown)
	case held && (len(waiting) != 1 || len(done) > 0 || !waiting[0].Held):
		s.t.Errorf("cut before %s: %d wait, want it; %d are erased", ended, len(waiting), len(done))
	case !held && (len(waiting) > 0 || len(done) != 1 || done[0].Done.IsZero()):
		s.t.Errorf("cut before %s: %d wait; %v is erased, want it", ended, len(waiting), done)
	}
	s.rebuilt()
}

// TestErasureThatWasAnsweredNoIsOver: who was told that it cannot be erased now has nothing
// erased later, also after a restart, and may have it back.
func TestErasureThatWasAnsweredNoIsOver(t *testing.T) {
	t.Parallel()
	for name, years := range map[string]int{"at once": 0, "years": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			ctx := t.Context()
			s.cfg.RetainYears = years
			a := s.take(object(t, "A", "1", 0, nil))
			if err := s.Resume(ctx, "test"); err != nil {
				t.Fatal(err)
			}
			for _, step := range []struct {
				kind sinso.EventType
				body any
			}{
				{sinso.EventReleasePlanned, sinso.ReleasePlanned{Release: "r_1", Study: a.Study}},
				{sinso.EventReleased, sinso.Released{Release: "r_1", Study: a.Study}},
				{sinso.EventOrdered, sinso.Ordered{Release: "r_1", Hash: sinso.Hash{1}}}, // there is no chain here to end it on
			} {
				if err := s.recordOne(ctx, step.kind, "test", a.Person, step.body); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrUnavailable) {
				t.Fatal("it is erased with an order that nobody could end")
			}
			if err := s.TendErasures(ctx); err != nil {
				t.Error(err)
			}
			if n := len(must[[]sinso.ErasureRow](t)(s.Waiting(ctx))); n != 0 {
				t.Errorf("%d wait after the answer was no", n)
			}
			if err := s.Restore(ctx, []sinso.InstanceID{a.Instance}, "test"); err != nil {
				t.Errorf("it cannot be had back: %v", err)
			}
		})
	}
}

// TestWhatWasRefusedMeanwhileIsNotErased: what goes on with erasures saw one that somebody was
// then told could not be.
func TestWhatWasRefusedMeanwhileIsNotErased(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	begun := sinso.ErasureAsked{What: string(a.Study), Begun: true}
	for _, step := range []struct {
		kind sinso.EventType
		body any
	}{
		{sinso.EventErasureAsked, begun}, {sinso.EventErasureRefused, sinso.ErasureRefused{What: begun.What}},
	} {
		if err := s.recordOne(ctx, step.kind, "test", "", step.body); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Erase(ctx, begun.What, EraseOptions{Actor: "node", goesOn: true}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got error %v, want ErrNotFound", err)
	}
	if _, err := s.Study(ctx, a.Study); err != nil {
		t.Errorf("it is erased: %v", err)
	}
}

// TestOneUnreadableStudyStopsNoOther: what is damaged in the log is reported; others
// are erased when nothing keeps them, and merged and restored as ever.
func TestOneUnreadableStudyStopsNoOther(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	s.cfg.RetainYears = 10
	bad, good := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	other, more := s.take(object(t, "C", "3", 0, nil)), s.take(object(t, "D", "4", 0, nil))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	s.asksErasure(string(bad.Study))
	s.asksErasure(string(good.Study))
	s.Audit = damagedAt{s.Audit, ofStudy(bad.Study)}
	if rows := must[[]sinso.ErasureRow](t)(s.Waiting(ctx)); len(rows) != 2 || rows[1].Until.IsZero() {
		t.Errorf("%+v wait, want both, and what keeps the other", rows)
	}
	if err := s.Merge(ctx, other.Person, more.Person, "test"); err != nil {
		t.Errorf("merge: %v", err)
	}
	if err := errors.Join(s.Reject(ctx, []sinso.InstanceID{other.Instance}, ReasonDeleted, "test"), s.Restore(ctx, []sinso.InstanceID{other.Instance}, "test")); err != nil {
		t.Errorf("restore: %v", err)
	}
	s.cfg.RetainYears = 0
	if err := s.TendErasures(ctx); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got error %v, want ErrCorrupt of the one", err)
	}
	if done := must[[]sinso.ErasureRow](t)(s.Erasures(ctx)); len(done) != 1 || done[0].Study != good.Study {
		t.Errorf("%+v are erased, want the other", done)
	}
}

// damagedAt is a log in which an object under a key cannot be read.
type damagedAt struct {
	sinso.Audit

	under sinso.KeyID
}

// Events implements [sinso.Audit].
func (u damagedAt) Events(ctx context.Context, from uint64, fn func(sinso.Event) error) error {
	return u.Audit.Events(ctx, from, func(e sinso.Event) error {
		if e.Under == u.under && e.Type == sinso.EventInstanceSealed {
			return fmt.Errorf("entry %d: %w", e.Seq, sinso.ErrCorrupt)
		}
		return fn(e)
	})
}
