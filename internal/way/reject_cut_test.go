package way

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/ingest"
)

// cut is where a test ends a node.
type cut struct{ step string }

// corrections are all of them, one after the other. Doing one again is what somebody
// does who got no answer.
func (s scene) corrections(a, b sinso.PersonID, study sinso.StudyID, ids []sinso.InstanceID) []func() error {
	ctx := s.t.Context()
	done := func(err, when error) error {
		if errors.Is(err, when) {
			return nil
		}
		return err
	}
	return []func() error{
		func() error {
			_, err := s.Take(ctx, sinso.Item{Bytes: note(s.t, "A", "1", "113038", uidOf("1", 0), uidOf("1", 7))}, ImportOptions{Actor: "test"})
			return err
		},
		func() error {
			_, err := s.Take(ctx, sinso.Item{Bytes: object(s.t, "A", "1", 7, nil)}, ImportOptions{Actor: "test"})
			return err
		},
		func() error {
			return done(s.Reject(ctx, ids[1:2], ReasonDeleted, "test"), sinso.ErrNotFound)
		},
		func() error { return s.Restore(ctx, ids[:1], "test") },
		func() error { return done(s.Move(ctx, study, b, "test"), sinso.ErrInvalid) },
		func() error { return done(s.Merge(ctx, a, b, "test"), sinso.ErrInvalid) },
		func() error { return s.Resume(ctx, "test") },
	}
}

// told is where everything stands, without times and names of bytes.
func (s scene) told() string {
	s.t.Helper()
	ctx, b := s.t.Context(), &strings.Builder{}
	fmt.Fprintln(b, s.uids())
	for _, row := range must[[]sinso.PersonRow](s.t)(s.Persons(ctx)) {
		fmt.Fprintln(b, row.ID, row.Into, row.Merged)
	}
	for _, row := range must[[]sinso.StudyRow](s.t)(s.Studies(ctx, "")) {
		fmt.Fprintln(b, row.ID, row.Person, row.Listed, row.Instances, row.Bytes)
	}
	for _, row := range must[[]sinso.ReleaseRow](s.t)(s.Releases(ctx, "")) {
		fmt.Fprintln(b, row.ID, row.Person, row.Signer, row.State, row.Reason)
	}
	for _, row := range must[[]sinso.OrderRow](s.t)(s.Orders(ctx, "")) {
		fmt.Fprintln(b, row.Hash, row.Person, row.Revoked)
	}
	for _, row := range must[[]Rejection](s.t)(s.Rejections(ctx)) {
		fmt.Fprintln(b, row.Instance, row.Reason, row.By)
	}
	kinds := map[sinso.EventType]int{}
	if err := s.Audit.Events(ctx, 0, func(e sinso.Event) error {
		kinds[e.Type]++
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	delete(kinds, sinso.EventImported) // the list may be made once more
	fmt.Fprintln(b, kinds)
	return b.String()
}

// live leads a node through all corrections, and ends it before step number at, or
// never; then another goes on with what is in its folder.
func live(t *testing.T, at int) (told string, steps int) {
	t.Helper()
	s := newScene(t)
	s.namer = identity.NewNamer([32]byte{7}) // the same names in every life
	first, second := s.take(object(t, "A", "1", 0, nil)), s.take(object(t, "A", "1", 1, nil))
	s.take(object(t, "A", "1", 2, nil))
	other := s.take(object(t, "B", "2", 0, nil))
	for _, step := range []struct {
		kind sinso.EventType
		body any
	}{
		{sinso.EventReleasePlanned, sinso.ReleasePlanned{Release: "r_1", Study: first.Study}},
		{sinso.EventReleased, sinso.Released{Release: "r_1", Study: first.Study}},
		{sinso.EventOrdered, sinso.Ordered{Release: "r_1", Hash: sinso.Hash{1}}},
	} {
		if err := s.recordOne(t.Context(), step.kind, "test", first.Person, step.body); err != nil {
			t.Fatal(err)
		}
	}
	count := func(name string) {
		if steps++; steps == at {
			panic(cut{name})
		}
	}
	s.cfg.OnStep = count
	todo := s.corrections(first.Person, other.Person, first.Study, []sinso.InstanceID{first.Instance, second.Instance})
	for i := 0; i < len(todo); i++ {
		err, ended := attempt(todo[i])
		if err != nil {
			t.Fatalf("cut at %d: correction %d: %v", at, i, err)
		}
		if !ended {
			continue
		}
		next := scene{must[*Way](t)(New(t.Context(), s.Ports, Config{})), t}
		next.namer = s.namer
		todo = next.corrections(first.Person, other.Person, first.Study, []sinso.InstanceID{first.Instance, second.Instance})
		s = next
		i--
	}
	return s.told(), steps
}

// attempt does something until it is done or the node ends.
func attempt(do func() error) (err error, ended bool) { //nolint:revive // the error is not that of the end
	defer func() {
		if end := recover(); end != nil {
			if _, is := end.(cut); !is {
				panic(end)
			}
			ended = true
		}
	}()
	return do(), false
}

// TestCorrectionsEndWhereverTheyAreCutOff ends a node before each step of each
// correction: the one that goes on ends the same.
func TestCorrectionsEndWhereverTheyAreCutOff(t *testing.T) {
	t.Parallel()
	want, steps := live(t, 0)
	if steps < 15 {
		t.Fatalf("%d steps only", steps)
	}
	for at := 1; at <= steps; at++ {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			if got, _ := live(t, at); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestNoteOfManyObjects names far more than is here.
func TestNoteOfManyObjects(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const many = 2000
	names := make([]string, many)
	for i := range names {
		names[i] = uidOf("1", 1000+i)
	}
	s.take(object(t, "A", "1", 1000, nil))
	s.take(note(t, "A", "1", "113039", names...))
	s.want("one of many is here")
	s.take(object(t, "A", "1", 1000+many-1, nil))
	s.want("the last comes later")
	rows := must[[]Rejection](t)(s.Rejections(t.Context()))
	if len(rows) != 3 || rows[2].Reason != ingest.ReasonRetention {
		t.Errorf("rejected: %+v", rows)
	}
}
