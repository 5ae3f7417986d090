package way

import (
	"context"
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
)

func (s *scene) erase(id string) sinso.ErasureRow {
	s.t.Helper()
	row, err := s.Erase(s.t.Context(), id, EraseOptions{Actor: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	return row
}

// TestErasedMergedPersonIsRebuilt erases a person into whom another was merged: both are
// gone, and the index is made again.
func TestErasedMergedPersonIsRebuilt(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	if err := s.Merge(t.Context(), a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	s.erase(string(b.Person))
	for _, study := range []sinso.StudyID{a.Study, b.Study} {
		if _, err := s.Study(t.Context(), study); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("study %s: got error %v, want ErrNotFound", study, err)
		}
	}
	s.rebuilt()
}

// TestWhoWasMergedIsNotErasedAlone refuses the old name of a person: what was theirs is
// another's.
func TestWhoWasMergedIsNotErasedAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
	if err := s.Merge(t.Context(), a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(t.Context(), string(a.Person), EraseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("got error %v, want ErrInvalid", err)
	}
	if _, err := s.Study(t.Context(), a.Study); err != nil {
		t.Error(err)
	}
}

// TestMovedStudyStaysWithItsNewOwner erases the old owner of a study that was moved,
// while it is shown, and while it is rejected.
func TestMovedStudyStaysWithItsNewOwner(t *testing.T) {
	t.Parallel()
	for _, rejected := range []bool{false, true} {
		s := newScene(t)
		ctx := t.Context()
		a, b := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "B", "2", 0, nil))
		if err := errors.Join(s.Resume(ctx, "test"), s.Move(ctx, a.Study, b.Person, "test")); err != nil {
			t.Fatal(err)
		}
		if rejected {
			if err := s.Reject(ctx, []sinso.InstanceID{a.Instance}, ReasonDeleted, "test"); err != nil {
				t.Fatal(err)
			}
		}
		s.erase(string(a.Person))
		if rejected {
			if err := s.Restore(ctx, []sinso.InstanceID{a.Instance}, "test"); err != nil {
				t.Errorf("it is not restored: %v", err)
			}
		}
		if row, err := s.Study(ctx, a.Study); err != nil || row.Person != b.Person {
			t.Errorf("rejected %v: the study is %s's, %v", rejected, row.Person, err)
		}
		s.rebuilt()
	}
}

// TestErasureWaitsForWhatArrives has an object of the study on its way while it is erased:
// it goes with the others.
func TestErasureWaitsForWhatArrives(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	arrived, goOn := make(chan bool), make(chan bool)
	s.cfg.OnStep = func(name string) {
		if name == string(sinso.EventInstanceSealed) {
			close(arrived)
			<-goOn
		}
	}
	taken, erased := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := s.Take(ctx, sinso.Item{Bytes: object(t, "A", "1", 1, nil)}, ImportOptions{Actor: "test"})
		taken <- err
	}()
	<-arrived
	go func() {
		_, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test"})
		erased <- err
	}()
	select {
	case err := <-erased:
		t.Errorf("it did not wait: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(goOn)
	if err := errors.Join(<-taken, <-erased); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Study(ctx, a.Study); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got error %v, want ErrNotFound", err)
	}
	s.rebuilt()
	if err := s.Resume(ctx, "test"); err != nil {
		t.Error(err)
	}
}

// TestErasureGoesOnWithoutWhoAsked ends the caller's context while keys are destroyed.
func TestErasureGoesOnWithoutWhoAsked(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	a := s.take(object(t, "A", "1", 0, nil))
	s.cfg.OnStep = func(name string) {
		if name == "erase keys" {
			cancel()
		}
	}
	if row, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test"}); err != nil || row.Done.IsZero() {
		t.Errorf("done %v, %v", row.Done, err)
	}
	if has, err := s.Keys.Has(t.Context(), ofStudy(a.Study)); has || err != nil {
		t.Errorf("the key is there: %v, %v", has, err)
	}
}

// TestLateEventOfTheErasedIsErased logs something of a study between what announces its
// erasure and the end of its key: it is as if it were erased too, here and after a rebuild.
func TestLateEventOfTheErasedIsErased(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	s.cfg.OnStep = func(name string) {
		if name != "erase keys" {
			return
		}
		if err := s.recordUnder(ctx, ofStudy(a.Study), sinso.EventShareOpened, Visitor, a.Person, sinso.ShareOpened{Share: "l_gone"}); err != nil {
			t.Error(err)
		}
	}
	s.erase(string(a.Study))
	s.cfg.OnStep = nil
	s.rebuilt()
	s.take(object(t, "B", "2", 0, nil))
}

// TestAnswersOfTheErasedAreForgotten answers of a patient twice, and erases the person of
// the first answer: the second counts, and the patient can be asked about again.
func TestAnswersOfTheErasedAreForgotten(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	owner, child, other := s.person("ME"), s.person("CHILD"), s.person("OTHER")
	disc := func(n int) []byte { return object(t, "ADA", "1", n, patient("17", "H", "LOVE^ADA", "19151210")) }
	list := s.whom(owner, disc(0))
	s.say(owner, list[0], child, "")
	s.say(owner, list[0], other, "")
	s.fileAsking(owner, disc(0))
	s.erase(string(child))
	if _, err := s.Import(ctx, sourceOf(disc(1)), ImportOptions{Actor: "test", Person: owner, Ask: true}); err != nil {
		t.Error(err)
	}
	s.rebuilt()
	s.erase(string(other))
	again := s.whom(owner, disc(2))
	third := s.person("THIRD")
	s.say(owner, again[0], third, "")
	s.rebuilt()
}

// TestWhatEarlierBuildsWroteIsNotSaidToBeErased has an object in the log that is under no
// key of its own: nothing is erased, and the study stays as it is.
func TestWhatEarlierBuildsWroteIsNotSaidToBeErased(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	a := s.take(object(t, "A", "1", 0, nil))
	row, err := s.Instance(ctx, a.Instance)
	if err != nil {
		t.Fatal(err)
	}
	study, err := s.Study(ctx, a.Study)
	if err != nil {
		t.Fatal(err)
	}
	body := sinso.InstanceSealed{Instance: row, Study: study, Series: sinso.SeriesRow{ID: row.Series, Study: row.Study}}
	if err := s.recordUnder(ctx, "", sinso.EventInstanceSealed, "test", a.Person, body); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(ctx, string(a.Study), EraseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got error %v, want ErrUnsupported", err)
	}
	if _, err := s.Study(ctx, a.Study); err != nil {
		t.Error(err)
	}
}
