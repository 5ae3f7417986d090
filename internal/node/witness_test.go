package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// setClock is a clock that a test sets.
type setClock struct{ at time.Time }

func (c *setClock) Now() time.Time { return c.at }

const oneDay = 24 * time.Hour

// TestWitnessFollowsTheClockSlowly: what a clock may be ahead is believed at once; a leap, of
// years, by a month for each day of running, and a node that starts again and again not at all.
func TestWitnessFollowsTheClockSlowly(t *testing.T) {
	t.Parallel()
	dir, begun := t.TempDir(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	clock := &setClock{begun}
	newest := func() (time.Time, error) { return begun, nil }
	synctest.Test(t, func(t *testing.T) {
		open := func() *witness {
			w, err := newWitness(dir, clock, newest)
			if err == nil {
				err = w.advance()
			}
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		w := open()
		want := func(at time.Time, ahead bool) {
			t.Helper()
			if now := w.Now(); !now.Equal(at) || (w.ahead() > 0) != ahead {
				t.Errorf("the clock says %s: got %s, %s ahead; want %s", clock.at, now, w.ahead(), at)
			}
		}
		want(begun, false)
		clock.at = begun.Add(20 * oneDay) // off for so long
		want(clock.at, false)
		w = open()
		want(clock.at, false)
		seen := clock.at
		clock.at = begun.AddDate(50, 0, 0)
		for range 20 {
			w = open()
			want(seen, true)
		}
		for day := 1; day <= 3; day++ {
			time.Sleep(oneDay)
			for range 24 { // the hours of one day are one step
				if err := w.advance(); err != nil {
					t.Fatal(err)
				}
			}
			want(seen.Add(time.Duration(day)*clockLeap), true)
		}
		clock.at = seen.Add(3 * oneDay) // it was set right
		want(clock.at, false)
		clock.at = begun.AddDate(-30, 0, 0) // a dead battery
		w = open()
		want(clock.at, false)
		clock.at = seen.Add(5 * oneDay) // what was reached is not forgotten
		w = open()
		want(clock.at, false)
	})
}

// TestWitnessWithoutItsFile: what is damaged or missing is taken from the log; a log that cannot
// be read is an error, and no time.
func TestWitnessWithoutItsFile(t *testing.T) {
	t.Parallel()
	dir, newest := t.TempDir(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	clock := &setClock{newest.AddDate(50, 0, 0)}
	for name, text := range map[string]string{"damaged": "soon", "empty": "", "long": string(make([]byte, 100_000))} {
		if err := os.WriteFile(filepath.Join(dir, clockFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := newWitness(dir, clock, func() (time.Time, error) { return newest, nil })
		if err != nil || !w.Now().Equal(newest) {
			t.Errorf("%s: %v, %v", name, w, err)
		}
	}
	if _, err := newWitness(t.TempDir(), clock, func() (time.Time, error) { return newest, sinso.ErrCorrupt }); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got error %v, want ErrCorrupt", err)
	}
}

// TestClockThatLeapsErasesNothing opens a node fifty years later, by its clock: what must be
// kept for ten is kept, whoever asks, and the status says why. After as long as that really is
// it is erased.
func TestClockThatLeapsErasesNothing(t *testing.T) {
	t.Parallel()
	ctx, clock := t.Context(), &setClock{time.Now()}
	tn := &town{dir: t.TempDir(), clock: clock}
	cfg := Config{Data: filepath.Join(tn.dir, "clinic"), Chain: "none", Retention: "10", DIMSEListen: "none"}
	n := must[*Node](t)(tn.node(ctx, cfg))
	if err := smallChest(ctx, n); err != nil {
		t.Fatal(err)
	}
	study := must[[]sinso.StudyRow](t)(n.Studies(ctx, ""))[0].ID
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	clock.at = clock.at.AddDate(50, 0, 0)
	n = must[*Node](t)(tn.node(ctx, cfg))
	if row, err := n.Erase(ctx, string(study), way.EraseOptions{Actor: "test"}); err != nil || !row.Done.IsZero() || row.Until.IsZero() {
		t.Errorf("%+v, %v; want that it waits", row, err)
	}
	if err := n.TendErasures(ctx); err != nil {
		t.Error(err)
	}
	if status, err := n.Status(ctx); err != nil || len(status.Warnings) != 1 || !strings.Contains(status.Warnings[0].Says, "days ahead") {
		t.Errorf("warnings: %v, %v", status.Warnings, err)
	}
	if rows := must[[]sinso.ErasureRow](t)(n.Erasures(ctx)); len(rows) > 0 {
		t.Fatalf("%+v are erased", rows)
	}
	n.witness.reached = clock.at
	if err := n.TendErasures(ctx); err != nil {
		t.Error(err)
	}
	if rows := must[[]sinso.ErasureRow](t)(n.Erasures(ctx)); len(rows) != 1 || rows[0].Done.IsZero() {
		t.Errorf("%+v are erased, want the study", rows)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
}

// must returns what a call gave, which must not fail.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
