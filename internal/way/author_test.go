package way

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// later is a clock that a test sets forward.
type later struct{ by time.Duration }

func (c *later) Now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(c.by) }

// askScene is a scene in which somebody is asked for a measurement.
func askScene(t *testing.T) (s scene, clock *later, study sinso.StudyID, o ReleaseOptions) {
	t.Helper()
	s, clock = reviewScene(t, 1), &later{}
	s.Clock = clock
	s.cfg.Makers = makers
	study = s.take(echo(t, "1", 1, "NO")).Study
	doctor := must[sinso.PersonID](t)(s.CreatePerson(t.Context(), "test", "m_doctor", ""))
	return s, clock, study, ReleaseOptions{Actor: "owner", Author: &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: "measurement", Bps: 1000}}
}

var makers = map[string]Maker{"measurement": func(context.Context, int, func(int) ([]byte, error)) ([]byte, error) {
	return []byte("a measurement"), nil
}}

func (s scene) ask(study sinso.StudyID, o ReleaseOptions) sinso.ReleaseRow {
	s.t.Helper()
	row := must[sinso.ReleaseRow](s.t)(s.Release(s.t.Context(), study, o))
	if row.State != sinso.ReleaseIsAwaiting || len(row.Manifest) > 0 || len(row.Asset.Split) > 0 {
		s.t.Fatalf("got %s with %v, want nothing made", row.State, row.Asset.Split)
	}
	return row
}

// TestNobodyAnsweredInTime: the last moment is not in time, and the node ends it by itself;
// the owner then goes on without.
func TestNobodyAnsweredInTime(t *testing.T) {
	t.Parallel()
	s, clock, study, o := askScene(t)
	row := s.ask(study, o)
	clock.by = authorWithin - time.Second
	if err := s.tendAsked(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := s.ask(study, o); again.ID != row.ID {
		t.Errorf("asked anew: %s, want %s", again.ID, row.ID)
	}
	clock.by = authorWithin
	if _, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("accepted too late: %v", err)
	}
	if err := s.tendAsked(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)); got.State != sinso.ReleaseIsRefused || got.Reason != ReasonUnanswered {
		t.Errorf("got %s, %s", got.State, got.Reason)
	}
	if !s.cutBeforeTheChain(study) {
		t.Error("the owner cannot go on without")
	}
	s.sameAfterRebuild()
}

// TestNothingMoreGoesThanWasThereWhenAsked: what came into the study while the co-creator
// was asked is not let go of by an answer to what was there before.
func TestNothingMoreGoesThanWasThereWhenAsked(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	s.take(echo(t, "1", 2, "NO"))
	got, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil)
	if err != nil || got.State != sinso.ReleaseIsRefused || got.Reason != ReasonChanged {
		t.Errorf("got %s, %s, %v", got.State, got.Reason, err)
	}
	s.sameAfterRebuild()
}

// TestWhatWasDrawnWhileAskedIsBlanked: an answer to a copy as it would have been before a
// template was drawn makes none without it.
func TestWhatWasDrawnWhileAskedIsBlanked(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	got, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil)
	if err != nil || got.State != sinso.ReleaseIsRefused || got.Reason != ReasonChanged {
		t.Errorf("got %s, %s, %v", got.State, got.Reason, err)
	}
	if again := s.ask(study, o); again.ID == row.ID {
		t.Error("asked for the same copy again")
	}
	s.sameAfterRebuild()
}

// TestAskingIsCalledOff: also by the owner's other way to end a release.
func TestAskingIsCalledOff(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	if got, err := s.CallOff(t.Context(), row.ID, "owner", func(uint64) {}); err != nil || got.Reason != ReasonCalledOff {
		t.Fatalf("got %s, %s, %v", got.State, got.Reason, err)
	}
	if _, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("accepted all the same: %v", err)
	}
	s.sameAfterRebuild()
}

// TestAskingEndsWithItsStudy: a release that waits is taken back with what it would be of.
func TestAskingEndsWithItsStudy(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	instance := must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), study))[0]
	if err := s.Reject(t.Context(), []sinso.InstanceID{instance.ID}, ReasonDeleted, "test"); err != nil {
		t.Fatal(err)
	}
	if got := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)); got.State != sinso.ReleaseIsRefused || got.Reason != ReasonRecalled {
		t.Errorf("got %s, %s", got.State, got.Reason)
	}
	if _, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("accepted all the same: %v", err)
	}
}

// TestAnswersAtOnceAreOne: of an acceptance and a refusal at the same moment one holds.
func TestAnswersAtOnceAreOne(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	taken := make(chan error, 2)
	for _, answer := range []AuthorAnswer{AuthorAccepts, AuthorDeclines} {
		go func() {
			_, err := s.answerAuthor(t.Context(), row.ID, answer, "test")
			taken <- err
		}()
	}
	errs := []error{<-taken, <-taken}
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("got %v, want one taken and one refused", errs)
	}
}

// TestCalledOffWhileItIsAnswered: whichever comes first, it ends called off, and whoever
// agrees later is told that it waits no more.
func TestCalledOffWhileItIsAnswered(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	answered := make(chan error, 1)
	go func() {
		_, err := s.answerAuthor(t.Context(), row.ID, AuthorAccepts, "test")
		answered <- err
	}()
	s.calledOff(row.ID)
	if err := <-answered; err != nil && !errors.Is(err, sinso.ErrExists) {
		t.Errorf("the answer: %v", err)
	}
	if _, err := s.answerAuthor(t.Context(), row.ID, AuthorDeclines, "test"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("declined afterwards: %v", err)
	}
	if got := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)); got.State != sinso.ReleaseIsRefused || got.Reason != ReasonCalledOff {
		t.Errorf("got %s, %s", got.State, got.Reason)
	}
}

// TestAskedListsTheirOwn: of each co-creator, also of one who was merged into another.
func TestAskedListsTheirOwn(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	other := must[sinso.PersonID](t)(s.CreatePerson(t.Context(), "test", "m_other", ""))
	count := func(person sinso.PersonID) int {
		return len(must[[]sinso.ReleaseRow](t)(s.Asked(t.Context(), person)))
	}
	if got := []int{count(o.Author.Person), count(other), count(row.Person), count("")}; got[0] != 1 || got[1] != 0 || got[2] != 0 || got[3] != 1 {
		t.Errorf("got %v", got)
	}
	if err := s.recordOne(t.Context(), sinso.EventMerged, "test", other, sinso.Merged{From: o.Author.Person, Into: other}); err != nil {
		t.Fatal(err)
	}
	if author := must[sinso.PersonID](t)(s.Author(t.Context(), row)); count(other) != 1 || author != other {
		t.Errorf("after the merge: %d, %s", count(other), author)
	}
}

// TestOlderLogsAskNobody: a plan without a time was written before anybody was asked.
func TestOlderLogsAskNobody(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	err := s.recordOne(t.Context(), sinso.EventReleasePlanned, "test", row.Person, sinso.ReleasePlanned{
		Release: "r_old", Study: study, Secret: row.Secret, Author: o.Author, Profile: row.Profile,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), "r_old")); got.State != sinso.ReleaseIsPlanned || got.Asked != 0 {
		t.Errorf("got %s, asked by %d", got.State, got.Asked)
	}
}

// authorLife asks, agrees, and ends the node before step number at, or never; it goes on
// with what is in its folder until the release would go to the chain.
func authorLife(t *testing.T, at int) (row sinso.ReleaseRow, steps int, events map[sinso.EventType]int) {
	t.Helper()
	s, clock, study, o := askScene(t)
	hook := func(name string) {
		if name == "identity" || name == "mint" {
			panic(cut{"chain"})
		}
		if steps++; steps == at {
			panic(cut{name})
		}
	}
	s.cfg.OnStep = hook
	var id sinso.ReleaseID
	todo := []func(scene) error{
		func(s scene) error {
			row, err := s.Release(t.Context(), study, o)
			id = row.ID
			return err
		},
		func(s scene) error {
			_, err := s.AnswerAuthor(t.Context(), id, AuthorAccepts, "doctor", nil)
			return err
		},
	}
	for i := 0; i < len(todo); i++ {
		err, ended := attempt(func() error { return todo[i](s) })
		if err != nil {
			t.Fatalf("cut at %d: %v", at, err)
		}
		if ended && i == 1 && s.stands(id) == sinso.ReleaseIsStored {
			break // it came to the chain
		}
		if ended {
			s = scene{must[*Way](t)(New(t.Context(), s.Ports, Config{SampleOther: seldom, SampleBlanked: seldom, Makers: makers})), t}
			s.Clock, s.cfg.OnStep = clock, hook
			i--
		}
	}
	row = must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), id))
	events = map[sinso.EventType]int{}
	for _, event := range must[[]sinso.Event](t)(s.History(t.Context(), row.Person, string(id))) {
		events[event.Type]++
	}
	s.cfg.OnStep = nil
	s.sameAfterRebuild()
	return row, steps, events
}

func (s scene) stands(id sinso.ReleaseID) sinso.ReleaseState {
	s.t.Helper()
	return must[sinso.ReleaseRow](s.t)(s.ReleaseRow(s.t.Context(), id)).State
}

// TestAcceptanceOutlivesTheNode ends a node before each step from the question to the
// finished copy: it is asked once, accepted once, and made once, with the share in it.
func TestAcceptanceOutlivesTheNode(t *testing.T) {
	t.Parallel()
	_, steps, _ := authorLife(t, 0)
	if steps < 6 {
		t.Fatalf("%d steps only", steps)
	}
	for at := range steps + 1 {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			row, _, events := authorLife(t, at)
			if row.State != sinso.ReleaseIsStored || row.Accepted.IsZero() || row.ForAuthor || len(row.Asset.Split) != 2 {
				t.Errorf("got %s, accepted %v, split %v", row.State, row.Accepted, row.Asset.Split)
			}
			if events[sinso.EventReleasePlanned] != 1 || events[sinso.EventAuthorAccepted] != 1 || events[sinso.EventReleased] != 1 {
				t.Errorf("the log has %v", events)
			}
		})
	}
}
