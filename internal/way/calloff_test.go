package way

import (
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// released is what became of a release that another goroutine asked for.
type released struct {
	row sinso.ReleaseRow
	err error
}

// begin releases a study in a goroutine.
func (s scene) begin(study sinso.StudyID) <-chan released {
	got := make(chan released, 1)
	go func() {
		row, err := s.Release(s.t.Context(), study, ReleaseOptions{Actor: "test"})
		got <- released{row, err}
	}()
	return got
}

// waiting waits until so many wait for their turn, and returns all releases.
func (s scene) waiting(n int) []sinso.ReleaseRow {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		s.making.mu.Lock()
		under := len(s.making.under)
		s.making.mu.Unlock()
		if under == n {
			return must[[]sinso.ReleaseRow](s.t)(s.Releases(s.t.Context(), ""))
		}
		if time.Now().After(end) {
			s.t.Fatalf("%d wait, want %d", under, n)
		}
	}
}

func (s scene) calledOff(id sinso.ReleaseID) {
	s.t.Helper()
	row, err := s.CallOff(s.t.Context(), id, "test", func(uint64) {})
	if err != nil || row.State != sinso.ReleaseIsRefused || row.Reason != ReasonCalledOff {
		s.t.Errorf("called off: %s, %q, %v", row.State, row.Reason, err)
	}
}

// offChain ends the test if anything goes to the chain.
func (s scene) offChain() {
	s.cfg.OnStep = func(name string) {
		if name == "identity" || name == "mint" {
			s.t.Errorf("%s went to the chain", name)
			panic(cut{name})
		}
	}
}

// TestReleasesThatWaitAreBounded: of one person and in all; who is turned away has begun
// nothing, and who leaves makes room.
func TestReleasesThatWaitAreBounded(t *testing.T) {
	t.Parallel()
	m := newMaking()
	enter := func(person sinso.PersonID, want error) func() {
		t.Helper()
		a, err := m.enter(t.Context(), person)
		if !errors.Is(err, want) || want != nil && !errors.Is(err, sinso.ErrBusy) {
			t.Fatalf("%s: got %v, want %v", person, err, want)
		}
		return a.leave
	}
	var leaves []func()
	for person := range maxMaking / maxOwnMaking {
		name := sinso.PersonID(string(rune('a' + person)))
		for range maxOwnMaking {
			leaves = append(leaves, enter(name, nil))
		}
		enter(name, ErrManyReleases)
	}
	enter("another", ErrManyReleases)
	leaves[0]()
	leaves[0] = enter("another", nil)
	for _, leave := range leaves {
		leave()
	}
	if m.all != 0 || len(m.asked) != 0 {
		t.Errorf("%d are counted, of %d persons", m.all, len(m.asked))
	}
}

// TestReleaseThatWaitsIsSeenAndCalledOff: it is planned while another is made, each who
// asked has one of their own and is told, and none is taken up again.
func TestReleaseThatWaitsIsSeenAndCalledOff(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.offChain()
	study := s.take(echo(t, "1", 1, "NO")).Study
	end := must[func()](t)(s.making.take(t.Context()))
	var asked []<-chan released
	for range maxOwnMaking {
		asked = append(asked, s.begin(study))
	}
	rows := s.waiting(maxOwnMaking)
	if len(rows) != maxOwnMaking {
		t.Fatalf("%d are planned", len(rows))
	}
	if _, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test"}); !errors.Is(err, ErrManyReleases) {
		t.Errorf("one more: %v", err)
	}
	for _, row := range rows {
		if row.State != sinso.ReleaseIsPlanned || row.Study != study {
			t.Errorf("while it waits: %+v", row)
		}
		s.calledOff(row.ID)
		s.calledOff(row.ID) // again
	}
	told := map[sinso.ReleaseID]bool{}
	for _, one := range asked {
		got := <-one
		if got.err != nil || got.row.Reason != ReasonCalledOff {
			t.Errorf("who waited: %+v", got)
		}
		told[got.row.ID] = true
	}
	if len(told) != maxOwnMaking {
		t.Errorf("they were told of %d releases", len(told))
	}
	end()
	s.rebuilt()
	if err := s.Resume(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	for _, got := range must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), "")) {
		if got.State != sinso.ReleaseIsRefused || got.Reason != ReasonCalledOff {
			t.Errorf("after the next start: %s, %q", got.State, got.Reason)
		}
	}
}

// TestCallingOffStopsTheWork: nothing more is made of a release that is called off, and
// the next one of the study is another.
func TestCallingOffStopsTheWork(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.offChain()
	study := s.take(echo(t, "1", 1, "NO")).Study
	s.take(echo(t, "1", 2, "NO"))
	begun := false
	row, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Progress: func(int, int) {
		if !begun {
			begun = true
			rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))
			s.calledOff(rows[len(rows)-1].ID)
		}
	}})
	if err != nil || !begun || row.Reason != ReasonCalledOff || row.Manifest != "" {
		t.Errorf("got %s, %q with %q, %v", row.State, row.Reason, row.Manifest, err)
	}
	if next := s.draft(study); next.ID == row.ID || next.State != sinso.ReleaseIsStored {
		t.Errorf("the next one: %+v", next)
	}
}

// TestCalledOffStaysSo: what is logged of a release after it was called off does not take
// its reason away, and calling it off again is no error.
func TestCalledOffStaysSo(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	s.calledOff(row.ID)
	err := s.recordOne(t.Context(), sinso.EventReleaseRefused, "node", row.Person, sinso.ReleaseRefused{Release: row.ID, Study: study, Reason: ReasonNoWork})
	if err != nil {
		t.Fatal(err)
	}
	s.calledOff(row.ID)
	s.sameAfterRebuild()
}

// TestTemplateOfWhileItWaitedHolds: what was drawn before a release is made is blanked in
// it, though it was planned before.
func TestTemplateOfWhileItWaitedHolds(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	end := must[func()](t)(s.making.take(t.Context()))
	ended := make(chan bool, 1)
	go func() { ended <- s.cutBeforeTheChain(study) }()
	first := s.waiting(1)[0]
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	end()
	if !<-ended {
		t.Error("it did not come to the chain")
	}
	rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))
	if len(rows) != 2 || rows[0].ID != first.ID || rows[0].Reason != ReasonReviewed {
		t.Fatalf("got %d releases, the first %s, %q", len(rows), rows[0].State, rows[0].Reason)
	}
	profile, err := s.effective(t.Context(), s.profile, study)
	if err != nil || !madeUnder(profile, rows[1]) || rows[1].State != sinso.ReleaseIsStored {
		t.Errorf("the second is %s, under the templates: %v, %v", rows[1].State, madeUnder(profile, rows[1]), err)
	}
}

// TestDraftIsNotCalledOff: nobody asked for it, and nobody has it.
func TestDraftIsNotCalledOff(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	row := s.draft(s.take(echo(t, "1", 1, "NO")).Study)
	if _, err := s.CallOff(t.Context(), row.ID, "test", func(uint64) {}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a draft: %v", err)
	}
	if _, err := s.CallOff(t.Context(), "r_none", "test", func(uint64) {}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
}
