package way

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/parts"
)

// hand is a clock that a test sets.
type hand struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (h *hand) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

func (h *hand) pass(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.now = h.now.Add(d) }

// jammed is a place for parts from which nothing can be removed while it is stuck.
type jammed struct {
	sinso.Parts
	stuck bool
}

func (j *jammed) Remove(ctx context.Context, share sinso.ShareID) error {
	if j.stuck {
		return fmt.Errorf("test: stuck: %w", sinso.ErrUnavailable)
	}
	return j.Parts.Remove(ctx, share)
}

// gallery is a scene that keeps shares, with a study of one object.
type gallery struct {
	scene
	clock *hand
	parts *jammed
	taken sinso.Receipt
}

func newGallery(t *testing.T) gallery {
	t.Helper()
	g := gallery{scene: newScene(t), clock: &hand{now: time.Date(2031, 5, 4, 10, 0, 0, 0, time.UTC)}}
	g.parts = &jammed{Parts: must[*parts.Folder](t)(parts.Open(filepath.Join(t.TempDir(), "shares")))}
	g.Clock, g.Parts = g.clock, g.parts
	g.taken = g.take(object(t, "A", "1", 0, nil))
	return g
}

func idOf(letter string) sinso.ShareID { return sinso.ShareID("l_" + strings.Repeat(letter, 26)) }

// plan is a share of a week with two parts besides its manifest.
func (g gallery) plan(letter string) sinso.SharePlanned {
	return sinso.SharePlanned{
		Share: idOf(letter), Study: g.taken.Study, Purpose: sinso.ForTreatment, Ends: g.clock.Now().Add(7 * 24 * time.Hour), Verifier: sinso.Hash{1}, Parts: 2,
	}
}

// made plans a share, brings its parts and makes it.
func (g gallery) made(letter string, edit func(*sinso.SharePlanned)) sinso.ShareID {
	g.t.Helper()
	plan := g.plan(letter)
	if edit != nil {
		edit(&plan)
	}
	row := must[sinso.ShareRow](g.t)(g.PlanShare(g.t.Context(), plan, "test"))
	for part := range plan.Parts + 1 {
		if err := g.PutPart(g.t.Context(), row.Share, part, []byte(fmt.Sprintf("%s part %d", row.Share, part))); err != nil {
			g.t.Fatal(err)
		}
	}
	return must[sinso.ShareRow](g.t)(g.MakeShare(g.t.Context(), row.Share, "test")).Share
}

// wantEnded wants a share to open nothing, and nothing of it to be kept.
func (g gallery) wantEnded(id sinso.ShareID, why sinso.ShareEnd) {
	g.t.Helper()
	row := must[sinso.ShareRow](g.t)(g.Share(g.t.Context(), id))
	if row.State != sinso.ShareIsEnded || row.Why != why || row.Ended.IsZero() {
		g.t.Errorf("%s: %s, %q; want ended, %q", id, row.State, row.Why, why)
	}
	g.wantShut(id)
	if g.has(id) {
		g.t.Errorf("%s: parts of it are kept", id)
	}
}

func (g gallery) wantShut(id sinso.ShareID) {
	g.t.Helper()
	_, opens := g.Opens(g.t.Context(), id)
	_, opened := g.OpenShare(g.t.Context(), id)
	_, _, part := g.SharePart(g.t.Context(), id, 0)
	for name, err := range map[string]error{"Opens": opens, "OpenShare": opened, "SharePart": part, "PutPart": g.PutPart(g.t.Context(), id, 0, []byte("late"))} {
		if !errors.Is(err, sinso.ErrNotFound) {
			g.t.Errorf("%s of %s: got %v, want not found", name, id, err)
		}
	}
}

func (g gallery) has(id sinso.ShareID) bool {
	g.t.Helper()
	has := false
	if err := g.parts.List(g.t.Context(), func(one sinso.ShareID) error { has = has || one == id; return nil }); err != nil {
		g.t.Fatal(err)
	}
	return has
}

func (g gallery) tend() {
	g.t.Helper()
	if err := g.TendShares(g.t.Context()); err != nil {
		g.t.Fatal(err)
	}
}

// sharesRebuilt wants a rebuild to end the same.
func (g gallery) sharesRebuilt() {
	g.t.Helper()
	before := must[[]sinso.ShareRow](g.t)(g.Shares(g.t.Context(), ""))
	g.rebuilt()
	if diff := cmp.Diff(before, must[[]sinso.ShareRow](g.t)(g.Shares(g.t.Context(), ""))); diff != "" || len(before) == 0 {
		g.t.Errorf("%d shares, after a rebuild (-want +got):\n%s", len(before), diff)
	}
}

func TestSharesEndByThemselves(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	ctx := t.Context()
	week := g.made("a", nil)
	once := g.made("b", func(p *sinso.SharePlanned) { p.Limit = 1 })
	unfinished := must[sinso.ShareRow](t)(g.PlanShare(ctx, g.plan("c"), "test")).Share
	if err := g.PutPart(ctx, unfinished, 1, []byte("first")); err != nil {
		t.Fatal(err)
	}
	must[sinso.ShareRow](t)(g.OpenShare(ctx, once))
	if _, err := g.OpenShare(ctx, once); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("opened twice: %v", err)
	}
	g.tend()
	if r, size, err := g.SharePart(ctx, once, 2); err != nil || size == 0 || r.Close() != nil {
		t.Errorf("who opened it reads on: %v", err)
	}
	g.clock.pass(OpeningTime)
	g.tend()
	g.wantEnded(once, sinso.EndUsed)
	g.clock.pass(unfinishedTime)
	g.tend()
	g.wantEnded(unfinished, sinso.EndUnfinished)
	g.clock.pass(7*24*time.Hour - OpeningTime - unfinishedTime - time.Nanosecond)
	g.tend()
	must[sinso.ShareRow](t)(g.OpenShare(ctx, week))
	g.clock.pass(time.Nanosecond) // by the clock, before anybody tends
	g.wantShut(week)
	g.tend()
	g.wantEnded(week, sinso.EndExpired)
	g.sharesRebuilt()
}

// TestEndIsDurableBeforeTheBytesGo: the log says that a share ended, so that it opens
// nothing, also where its bytes could not be removed; they go when somebody looks again.
func TestEndIsDurableBeforeTheBytesGo(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	id := g.made("a", nil)
	g.parts.stuck = true
	if _, err := g.EndShare(t.Context(), id, sinso.EndWithdrawn, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("an end that left bytes: got %v", err)
	}
	g.wantShut(id)
	if err := g.TendShares(t.Context()); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("tended: %v", err)
	}
	g.parts.stuck = false
	g.tend()
	g.wantEnded(id, sinso.EndWithdrawn)
}

// TestPartsThatNobodyPlannedGo: of a share that the log does not have.
func TestPartsThatNobodyPlannedGo(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	kept := g.made("a", nil)
	if err := g.parts.Put(t.Context(), idOf("z"), 0, []byte("stray")); err != nil {
		t.Fatal(err)
	}
	g.tend()
	if g.has(idOf("z")) || !g.has(kept) {
		t.Errorf("the stray is kept: %t, the share's parts: %t", g.has(idOf("z")), g.has(kept))
	}
}

// TestCorrectionsEndShares: what a link shows was wrong, or is another person's.
func TestCorrectionsEndShares(t *testing.T) {
	t.Parallel()
	for name, correct := range map[string]func(gallery, sinso.Receipt) error{
		"reject": func(g gallery, _ sinso.Receipt) error {
			return g.Reject(t.Context(), []sinso.InstanceID{g.taken.Instance}, ReasonDeleted, "test")
		},
		"move": func(g gallery, other sinso.Receipt) error {
			return g.Move(t.Context(), g.taken.Study, other.Person, "test")
		},
		"a note": func(g gallery, _ sinso.Receipt) error {
			g.take(note(g.t, "A", "1", "113001", uidOf("1", 0)))
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGallery(t)
			other := g.take(object(t, "B", "2", 0, nil))
			if err := g.Resume(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			shown, planned := g.made("a", nil), must[sinso.ShareRow](t)(g.PlanShare(t.Context(), g.plan("b"), "test")).Share
			elsewhere := g.made("c", func(p *sinso.SharePlanned) { p.Study = other.Study })
			if err := correct(g, other); err != nil {
				t.Fatal(err)
			}
			g.wantShut(shown)
			g.wantShut(planned)
			g.tend()
			g.wantEnded(shown, sinso.EndCorrected)
			g.wantEnded(planned, sinso.EndCorrected)
			must[sinso.ShareRow](t)(g.OpenShare(t.Context(), elsewhere))
			g.sharesRebuilt()
		})
	}
}

func TestMergedPersonHoldsTheShares(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	other := g.take(object(t, "B", "2", 0, nil))
	id := g.made("a", nil)
	if err := g.Merge(t.Context(), g.taken.Person, other.Person, "test"); err != nil {
		t.Fatal(err)
	}
	if rows := must[[]sinso.ShareRow](t)(g.Shares(t.Context(), other.Person)); len(rows) != 1 || rows[0].Share != id {
		t.Errorf("the new person has %v", rows)
	}
	must[sinso.ShareRow](t)(g.OpenShare(t.Context(), id))
	g.sharesRebuilt()
}

// TestNoPartComesAfterTheEnd lets parts come while the share is ended.
func TestNoPartComesAfterTheEnd(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for round := range 8 {
		id := must[sinso.ShareRow](t)(g.PlanShare(t.Context(), g.plan(string(rune('a'+round))), "test")).Share
		var all sync.WaitGroup
		for part := range 3 {
			all.Go(func() {
				for range 20 {
					if err := g.PutPart(t.Context(), id, part, bytes.Repeat([]byte("x"), 1000)); err != nil {
						if !errors.Is(err, sinso.ErrNotFound) {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		if _, err := g.EndShare(t.Context(), id, sinso.EndWithdrawn, "test"); err != nil {
			t.Fatal(err)
		}
		all.Wait()
		if g.has(id) {
			t.Fatalf("round %d: a part came after the end", round)
		}
	}
}

func TestAPersonHasSoManyShares(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	large := g.plan("a")
	large.Parts = maxShareParts
	must[sinso.ShareRow](t)(g.PlanShare(t.Context(), large, "test"))
	if _, err := g.PlanShare(t.Context(), g.plan("b"), "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("one part too many: %v", err)
	}
	if _, err := g.EndShare(t.Context(), large.Share, sinso.EndWithdrawn, "test"); err != nil {
		t.Fatal(err)
	}
	for i := range maxShares {
		plan := g.plan("b")
		plan.Share = sinso.ShareID(fmt.Sprintf("l_%026d", i))
		must[sinso.ShareRow](t)(g.PlanShare(t.Context(), plan, "test"))
	}
	if _, err := g.PlanShare(t.Context(), g.plan("c"), "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("one share too many: %v", err)
	}
}

// TestANodeWithoutPlaceForSharesSaysSo, and opens none.
func TestANodeWithoutPlaceForSharesSaysSo(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	id := g.made("a", nil)
	g.Parts = nil
	_, planned := g.PlanShare(t.Context(), g.plan("b"), "test")
	_, made := g.MakeShare(t.Context(), id, "test")
	_, has := g.HasPart(t.Context(), id, 0)
	_, ended := g.EndShare(t.Context(), id, sinso.EndWithdrawn, "test")
	for name, err := range map[string]error{"PlanShare": planned, "MakeShare": made, "HasPart": has, "EndShare": ended, "PutPart": g.PutPart(t.Context(), id, 0, nil)} {
		if !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: got %v, want unsupported", name, err)
		}
	}
	if _, err := g.OpenShare(t.Context(), id); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("OpenShare: got %v", err)
	}
	g.tend()
}

// TestMadeOnlyWithAllParts: each missing part is told by its number, and made is made.
func TestMadeOnlyWithAllParts(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	ctx := t.Context()
	id := must[sinso.ShareRow](t)(g.PlanShare(ctx, g.plan("a"), "test")).Share
	for part := range 3 {
		if _, err := g.MakeShare(ctx, id, "test"); !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), fmt.Sprintf("part %d of 2", part)) {
			t.Errorf("without part %d: %v", part, err)
		}
		if err := g.PutPart(ctx, id, part, []byte{byte(part)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.PutPart(ctx, id, 1, []byte("again")); err != nil {
		t.Errorf("a part again: %v", err)
	}
	first, again := must[sinso.ShareRow](t)(g.MakeShare(ctx, id, "test")), must[sinso.ShareRow](t)(g.MakeShare(ctx, id, "test"))
	if !slices.Equal(first.Openings, again.Openings) || !first.Made.Equal(again.Made) || first.State != sinso.ShareIsMade {
		t.Errorf("made %+v, again %+v", first, again)
	}
	if err := g.PutPart(ctx, id, 1, []byte("late")); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("a part after it was made: %v", err)
	}
	r, _, err := g.SharePart(ctx, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // it was only read
	if b := must[[]byte](t)(io.ReadAll(r)); string(b) != "again" {
		t.Errorf("part 1: %q", b)
	}
}
