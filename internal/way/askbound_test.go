package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// soon is what a call answers that waits for nothing.
func soon(t *testing.T, call func() (sinso.ReleaseRow, error)) (sinso.ReleaseRow, error) {
	t.Helper()
	got := make(chan released, 1)
	go func() {
		row, err := call()
		got <- released{row, err}
	}()
	select {
	case one := <-got:
		return one.row, one.err
	case <-time.After(time.Minute):
		t.Fatal("it waits")
		return sinso.ReleaseRow{}, nil
	}
}

// endsAtTheChain cuts a release off before it goes to the chain.
func endsAtTheChain(name string) {
	if name == "identity" || name == "mint" {
		panic(cut{name})
	}
}

func (s scene) yes(id sinso.ReleaseID) (sinso.ReleaseRow, error) {
	s.t.Helper()
	return soon(s.t, func() (sinso.ReleaseRow, error) {
		return s.AnswerAuthor(s.t.Context(), id, AuthorAccepts, "doctor", nil)
	})
}

// TestAgreeingAgainWaitsForNothing: of many who say yes to one release one waits for it to
// be made, and nobody after that.
func TestAgreeingAgainWaitsForNothing(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	s.offChain()
	row := s.ask(study, o)
	s.take(echo(t, "1", 2, "NO")) // so that it ends refused
	end := must[func()](t)(s.making.take(t.Context()))
	first := make(chan released, 1)
	go func() {
		row, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil)
		first <- released{row, err}
	}()
	for deadline := time.Now().Add(time.Minute); !s.making.isHeld(row.ID); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody waits")
		}
	}
	for range 2 * maxOwnMaking {
		if got, err := s.yes(row.ID); err != nil || got.State != sinso.ReleaseIsPlanned || got.Accepted.IsZero() {
			t.Fatalf("again, while it waits: %s, %v", got.State, err)
		}
	}
	end()
	if got := <-first; got.err != nil || got.row.Reason != ReasonChanged {
		t.Fatalf("got %s, %v", got.row.Reason, got.err)
	}
	defer must[func()](t)(s.making.take(t.Context()))()
	if got, err := s.yes(row.ID); err != nil || got.Reason != ReasonChanged {
		t.Errorf("again, when it has ended: %s, %v", got.Reason, err)
	}
}

// TestAgreeingIsBoundedAsAskingIs: where as many of a person's releases wait as may, a yes
// begins nothing, and can be said again.
func TestAgreeingIsBoundedAsAskingIs(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	s.cfg.OnStep = endsAtTheChain
	row := s.ask(study, o)
	var leave func()
	for range maxOwnMaking {
		leave = must[*asking](t)(s.making.enter(t.Context(), row.Person)).leave
	}
	if _, err := s.yes(row.ID); !errors.Is(err, ErrManyReleases) {
		t.Errorf("got %v", err)
	}
	if got := s.stands(row.ID); got != sinso.ReleaseIsAwaiting {
		t.Errorf("it is %s", got)
	}
	leave()
	if _, ended := attempt(func() error {
		_, err := s.AnswerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor", nil)
		return err
	}); !ended {
		t.Error("it did not come to the chain")
	}
}

// TestQuestionsAreBounded: a person has so many co-creators to wait for at most.
func TestQuestionsAreBounded(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	first := s.ask(study, o)
	for n := range maxOwnAsked - 1 {
		err := s.recordOne(t.Context(), sinso.EventReleasePlanned, "test", first.Person, sinso.ReleasePlanned{
			Release: sinso.ReleaseID(fmt.Sprintf("r_%d", n)), Study: "s_another", Secret: first.Secret, Author: o.Author, Profile: first.Profile, Until: first.Until,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if again := s.ask(study, o); again.ID != first.ID {
		t.Errorf("asked anew: %s", again.ID)
	}
	other := s.take(echo(t, "3", 1, "NO")).Study
	if _, err := s.Release(t.Context(), other, o); !errors.Is(err, ErrManyReleases) {
		t.Errorf("one more: %v", err)
	}
	if _, err := s.CallOff(t.Context(), first.ID, "owner", func(uint64) {}); err != nil {
		t.Fatal(err)
	}
	s.ask(other, o)
}

// TestAskedTwiceAtOnceIsAskedOnce: who clicks twice asks a co-creator once.
func TestAskedTwiceAtOnceIsAskedOnce(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	var both sync.WaitGroup
	for range 2 {
		a := must[*asking](t)(s.making.enter(t.Context(), "p_owner")) // neither has gone when the other plans
		both.Go(func() {
			if _, err := s.planNow(t.Context(), a, study, ReleaseOptions{Actor: o.Actor, Author: o.Author, Profile: s.profile}); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), "")); len(rows) != 1 {
		t.Errorf("asked %d times", len(rows))
	}
}

// TestWhatIsAgreedIsNotAskedAgain: an owner who asks once more, while what was agreed to
// waits to be made, gets that.
func TestWhatIsAgreedIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	row := s.ask(study, o)
	must[*asking](t)(s.making.enter(t.Context(), row.Person)).hold(row.ID) // as who agreed does
	if _, err := s.answerAuthor(t.Context(), row.ID, AuthorAccepts, "doctor"); err != nil {
		t.Fatal(err)
	}
	o.Profile = s.profile
	id, err := s.planNow(t.Context(), must[*asking](t)(s.making.enter(t.Context(), row.Person)), study, o)
	if err != nil || id != row.ID {
		t.Errorf("got %s, %v, want %s", id, err, row.ID)
	}
}

// TestKeeperAgreesWhereNobodyIsAsked: agreeing in a co-creator's name goes on with a
// release that asks nobody.
func TestKeeperAgreesWhereNobodyIsAsked(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	s.cfg.OnStep = endsAtTheChain
	o.Accepted = true
	row := s.ask(study, ReleaseOptions{Actor: "owner", Author: o.Author})
	if _, err := s.CallOff(t.Context(), row.ID, "owner", func(uint64) {}); err != nil {
		t.Fatal(err)
	}
	secret := must[sinso.WrappedKey](t)(s.Keys.Wrap(t.Context(), sinso.PersonKey(row.Person), sinso.CEK{1}, []byte("r_old")))
	err := s.recordOne(t.Context(), sinso.EventReleasePlanned, "test", row.Person, sinso.ReleasePlanned{
		Release: "r_old", Study: study, Secret: secret, Author: o.Author, Profile: row.Profile,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ended := attempt(func() error {
		_, err := s.Release(t.Context(), study, o)
		if err != nil {
			t.Error(err)
		}
		return err
	}); !ended {
		t.Error("one that asks nobody is not gone on with")
	}
	rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))
	if at := slices.IndexFunc(rows, func(row sinso.ReleaseRow) bool { return row.ID == "r_old" }); len(rows) != 2 || rows[at].State != sinso.ReleaseIsStored {
		t.Errorf("got %d releases", len(rows))
	}
}

// TestKeeperIsToldOfTheRisk: agreeing in a co-creator's name does not hide that a release
// would be refused again.
func TestKeeperIsToldOfTheRisk(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{K: 11})
	c.cfg.Makers = makers
	o := ReleaseOptions{Actor: "test"}
	row := must[sinso.ReleaseRow](t)(c.Release(t.Context(), c.rare.Study, o))
	o.Author = &sinso.PlannedAuthor{Person: c.usual[0].Person, Role: "doctor", Work: "measurement", Bps: 1000}
	o.Accepted = true
	again, err := c.Release(t.Context(), c.rare.Study, o)
	if err != nil || again.ID != row.ID || again.Reason != ReasonRisk {
		t.Errorf("got %s %q, %v; want %s, refused for its risk", again.ID, again.Reason, err, row.ID)
	}
}

// TestWhoHasGoneHoldsNothing: who asks again for what somebody asked for and went away from takes that up, although the
// work on it has not ended yet: nothing is made twice.
func TestWhoHasGoneHoldsNothing(t *testing.T) {
	t.Parallel()
	s, _, study, o := askScene(t)
	o.Author = nil
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s.cfg.OnStep = func(name string) {
		if name == "derive" {
			once.Do(func() { close(begun); <-goOn })
		}
		endsAtTheChain(name)
	}
	ctx, leave := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := s.Release(ctx, study, o)
		first <- err
	}()
	<-begun
	leave()
	row := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))[0]
	for deadline := time.Now().Add(time.Minute); s.making.isHeld(row.ID); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("who has gone holds it")
		}
	}
	again := make(chan bool, 1)
	go func() {
		_, ended := attempt(func() error {
			_, err := s.Release(t.Context(), study, o)
			return err
		})
		again <- ended
	}()
	for deadline := time.Now().Add(time.Minute); !s.making.isHeld(row.ID); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("who asks again does not take it up")
		}
	}
	close(goOn)
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first ended with %v", err)
	}
	if ended := <-again; !ended || s.stands(row.ID) != sinso.ReleaseIsStored {
		t.Errorf("the second was cut off at the chain: %t, and it is %s", ended, s.stands(row.ID))
	}
	if rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), "")); len(rows) != 1 {
		t.Errorf("%d releases of one study", len(rows))
	}
}
