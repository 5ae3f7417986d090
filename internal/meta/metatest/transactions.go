package metatest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// The promises about transactions, and about the index as a whole.

func testAllOrNothing(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	err := m.Tx(t.Context(), func(x sinso.MetaTx) error {
		for name, err := range saves(x) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return errStop
	})
	if err != errStop { //nolint:errorlint // the very error, unwrapped
		t.Errorf("got %v, want the function's error", err)
	}
	equal(t, "index after a failed Tx", dump(t, m), before)
}

func testPanic(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = m.Tx(t.Context(), func(x sinso.MetaTx) error {
			_ = saves(x)
			panic("in the function")
		})
	}()
	equal(t, "index after a panic", dump(t, m), before)
	tx(t, m, func(x sinso.MetaTx) error { return x.SavePerson(person("p_after")) })
}

func testCancelled(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	ctx, cancel := detached(t)
	defer cancel()
	err := m.Tx(ctx, func(x sinso.MetaTx) error {
		if err := x.SavePerson(person("p_9")); err != nil {
			return err
		}
		cancel()
		for i := range 100_000 { // it need not notice at once, but in the end
			if err := x.SavePerson(person(fmt.Sprintf("p_%d", i))); err != nil {
				return err
			}
		}
		return nil
	})
	is(t, "Tx", err, context.Canceled)
	equal(t, "index after a cancelled Tx", dump(t, m), before)
	ctx, cancel = detached(t)
	defer cancel()
	err = m.Tx(ctx, func(x sinso.MetaTx) error {
		cancel()
		for i := range 1000 {
			_ = x.SavePerson(person(fmt.Sprintf("p_%d", i))) // a caller that does not look
		}
		return nil
	})
	is(t, "Tx that ignores failed saves", err, context.Canceled)
	equal(t, "index after a cancelled Tx that ignores it", dump(t, m), before)
	tx(t, m, func(x sinso.MetaTx) error { return x.SavePerson(person("p_after")) })
}

func testCancelledBefore(t *testing.T, m sinso.Meta) {
	ctx, cancel := detached(t)
	cancel()
	called := false
	fn := func(sinso.MetaTx) error { called = true; return nil }
	is(t, "Tx", m.Tx(ctx, fn), context.Canceled)
	is(t, "View", m.View(ctx, fn), context.Canceled)
	is(t, "Reset", m.Reset(ctx), context.Canceled)
	is(t, "Check", m.Check(ctx), context.Canceled)
	if called {
		t.Error("the function ran under a cancelled context")
	}
	tx(t, m, fn)
}

func testOwnWrites(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		if err := file(x, "p_1", "s_1", "e_1", 2); err != nil {
			return err
		}
		got, err := x.Study("s_1")
		equal(t, "instances counted inside the Tx", got.Instances, 2)
		return err
	})
}

func testSerial(t *testing.T, m sinso.Meta) {
	const writers, each = 8, 25
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				if err := m.Tx(t.Context(), func(x sinso.MetaTx) error {
					n, err := x.Cursor()
					if err != nil {
						return err
					}
					return x.SetCursor(n + 1)
				}); err != nil {
					t.Errorf("Tx: %v", err)
				}
			}
		})
	}
	group.Wait()
	view(t, m, func(x sinso.MetaTx) error {
		n, err := x.Cursor()
		equal(t, "cursor after concurrent increments", n, uint64(writers*each))
		return err
	})
}

// testNoHalfWrite has a writer that always saves two rows together, and readers
// that must never see one without the other.
func testNoHalfWrite(t *testing.T, m sinso.Meta) {
	const rounds = 100
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveEvent(0, "p_1") })
	done := make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := m.View(t.Context(), func(x sinso.MetaTx) error { return half(t, x) }); err != nil {
					t.Errorf("View: %v", err)
					return
				}
			}
		})
	}
	for i := range uint64(rounds) {
		tx(t, m, func(x sinso.MetaTx) error {
			return errors.Join(x.SaveEvent(i+1, "p_1"), x.SetCursor(i+1))
		})
	}
	close(done)
	group.Wait()
}

// half fails if the cursor is not the newest event.
func half(t *testing.T, x sinso.MetaTx) error {
	t.Helper()
	newest := uint64(0)
	if err := x.EventsOf("p_1", "", func(seq uint64) error { newest = seq; return nil }); err != nil {
		return err
	}
	cursor, err := x.Cursor()
	if cursor != newest {
		t.Errorf("got cursor %d with newest event %d: half a write", cursor, newest)
	}
	return err
}

func testSnapshot(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error { return x.SetCursor(1) })
	view(t, m, func(x sinso.MetaTx) error {
		tx(t, m, func(w sinso.MetaTx) error { return errors.Join(w.SetCursor(2), w.SavePerson(person("p_late"))) })
		n, err := x.Cursor()
		equal(t, "cursor of the snapshot", n, uint64(1))
		_, late := x.Person("p_late")
		is(t, "a person saved after the snapshot", late, sinso.ErrNotFound)
		return err
	})
	view(t, m, func(x sinso.MetaTx) error {
		n, err := x.Cursor()
		equal(t, "cursor of the next snapshot", n, uint64(2))
		return err
	})
}

func testManyViews(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			if err := m.View(t.Context(), func(x sinso.MetaTx) error { _, err := x.Study("s_1"); return err }); err != nil {
				t.Errorf("View: %v", err)
			}
		})
	}
	group.Wait()
}

func testViewDoesNotSave(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	view(t, m, func(x sinso.MetaTx) error {
		for name, err := range saves(x) {
			is(t, name, err, sinso.ErrInvalid)
		}
		return nil
	})
	equal(t, "index after a view that tried to save", dump(t, m), before)
}

func testEnded(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	var kept sinso.MetaTx
	tx(t, m, func(x sinso.MetaTx) error { kept = x; return nil })
	for name, err := range saves(kept) {
		is(t, name+" after the end", err, sinso.ErrInvalid)
	}
	view(t, m, func(x sinso.MetaTx) error { kept = x; return nil })
	_, err := kept.Person("p_1")
	is(t, "Person after the end", err, sinso.ErrInvalid)
	equal(t, "index", dump(t, m), before)
}

func testReplay(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	tx(t, m, everything)
	equal(t, "index after the same events again", dump(t, m), before)
}

func testReset(t *testing.T, m sinso.Meta) {
	empty := dump(t, m)
	tx(t, m, everything)
	before := dump(t, m)
	if err := m.Reset(t.Context()); err != nil {
		t.Fatalf("Reset: %v", err)
	}
	equal(t, "index after Reset", dump(t, m), empty)
	tx(t, m, everything)
	equal(t, "index after replay", dump(t, m), before)
}

func testCheck(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	if err := m.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
}

func testClosed(t *testing.T, m sinso.Meta) {
	if err := m.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := m.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	fn := func(sinso.MetaTx) error { t.Error("the function ran on a closed index"); return nil }
	is(t, "Tx", m.Tx(t.Context(), fn), sinso.ErrUnavailable)
	is(t, "View", m.View(t.Context(), fn), sinso.ErrUnavailable)
	is(t, "Reset", m.Reset(t.Context()), sinso.ErrUnavailable)
	is(t, "Check", m.Check(t.Context()), sinso.ErrUnavailable)
}

// testErrorsAreQuiet looks for a planted value in the errors of every method.
func testErrorsAreQuiet(t *testing.T, m sinso.Meta) {
	const planted = "PLANTED^NAME"
	var errs []error
	view(t, m, func(x sinso.MetaTx) error {
		_, err := x.PersonByMatch(planted)
		_, err2 := x.InstanceByFingerprint("p_1", planted)
		_, err3 := x.QuarantineBySHA256(planted)
		_, err4 := x.Bearer(planted)
		errs = append(errs, err, err2, err3, err4, x.SaveStudy(sinso.StudyRow{ID: "s_1", PatientName: planted}))
		return nil
	})
	errs = append(errs, m.Tx(t.Context(), func(x sinso.MetaTx) error {
		return x.SaveInstance(sinso.StudyRow{ID: "s_1", PatientName: planted}, series("e_1", "s_1"),
			sinso.InstanceRow{ID: "i_1", Study: "s_2", UID: planted})
	}))
	for i, err := range errs {
		if err == nil || strings.Contains(err.Error(), planted) {
			t.Errorf("error %d: got %v, want an error without the value asked for", i, err)
		}
	}
}
