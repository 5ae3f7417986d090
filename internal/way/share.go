package way

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"sinso.dev/sinso"
)

// Shares: a person shows one study to whoever has a link, until an end. Their browser
// seals what is shown under a secret that is in the link alone; here are ciphertext and
// events. A share is planned (what was consented to is in the log), its parts come, it
// is made, opened and ended. An end is in the log before the parts are destroyed; what a
// crash leaves of them goes at the next [Way.TendShares].

// Bounds of shares.
const (
	MaxShareTime     = 90 * 24 * time.Hour
	MaxShareOpenings = 1000 // also of one that names no number

	maxShares      = 100      // of one person, that have not ended
	maxShareParts  = 16 << 10 // of all of them
	unfinishedTime = 24 * time.Hour
	// OpeningTime is how long who opened a share may read its parts.
	OpeningTime = 12 * time.Hour
)

// Visitor is the actor of what somebody with a link does.
const Visitor = "link"

// noShares is what a node without a place for them says.
func (w *Way) noShares() error {
	if w.Parts == nil {
		return fmt.Errorf("way: this node keeps no shares: %w", sinso.ErrUnsupported)
	}
	return nil
}

// PlanShare writes down what a person consents to: nothing can be opened yet. Person,
// and what happens later, are not read from plan. The same plan again, while its parts
// are not all there, is the same share. ErrExists if its id names another, ErrInvalid if
// it is out of bounds, or if the person has too many.
func (w *Way) PlanShare(ctx context.Context, plan sinso.SharePlanned, actor string) (sinso.ShareRow, error) {
	if err := w.noShares(); err != nil {
		return sinso.ShareRow{}, err
	}
	if plan.Limit == 0 {
		plan.Limit = MaxShareOpenings
	}
	plan.Ends = plan.Ends.UTC().Truncate(time.Second)
	if err := w.checkPlan(plan); err != nil {
		return sinso.ShareRow{}, err
	}
	w.filing.Lock() // no correction of the study comes between
	defer w.filing.Unlock()
	w.sharing.Lock()
	defer w.sharing.Unlock()
	study, err := w.Study(ctx, plan.Study)
	if err != nil {
		return sinso.ShareRow{}, fmt.Errorf("way: share: study %s: %w", plan.Study, err)
	}
	before, err := w.Share(ctx, plan.Share)
	if err == nil {
		if before.SharePlanned != plan || before.State != sinso.ShareIsPlanned || before.Person != study.Person {
			return sinso.ShareRow{}, fmt.Errorf("way: share %s: its id is taken: %w", plan.Share, sinso.ErrExists)
		}
		return before, nil
	}
	if !errors.Is(err, sinso.ErrNotFound) {
		return before, err
	}
	if err := w.hasRoom(ctx, study.Person, plan.Parts); err != nil {
		return before, err
	}
	if err := w.recordOne(ctx, sinso.EventSharePlanned, actor, study.Person, plan); err != nil {
		return before, err
	}
	return w.Share(ctx, plan.Share)
}

func (w *Way) checkPlan(plan sinso.SharePlanned) error {
	now := w.Clock.Now()
	var why string
	switch {
	case plan.Share == "" || plan.Verifier == (sinso.Hash{}):
		why = "it has no id or no verifier"
	case !plan.Purpose.Known():
		why = "its purpose is none that this node knows"
	case !plan.Ends.After(now) || plan.Ends.After(now.Add(MaxShareTime)):
		why = "it must end within 90 days"
	case plan.Parts < 1 || plan.Limit < 1 || plan.Limit > MaxShareOpenings:
		why = "its numbers of parts or openings are out of bounds"
	default:
		return nil
	}
	return fmt.Errorf("way: share: %s: %w", why, sinso.ErrInvalid)
}

// hasRoom returns nil if a person may have so many parts more.
func (w *Way) hasRoom(ctx context.Context, person sinso.PersonID, parts int) error {
	rows, err := w.Shares(ctx, person)
	if err != nil {
		return err
	}
	open := 0
	for _, row := range rows {
		if row.State != sinso.ShareIsEnded {
			open, parts = open+1, parts+row.Parts
		}
	}
	if open >= maxShares || parts > maxShareParts {
		return fmt.Errorf("way: share: the person has %d that have not ended, and with this one %d parts: end some first: %w", open, parts, sinso.ErrInvalid)
	}
	return nil
}

// PutPart stores a sealed part of a share that is planned; part 0 is its manifest. One
// that is there is replaced. ErrNotFound if there is no such share, ErrExists if it is
// made, ErrInvalid if it has fewer parts.
func (w *Way) PutPart(ctx context.Context, id sinso.ShareID, part int, sealed []byte) error {
	if err := w.noShares(); err != nil {
		return err
	}
	w.sharing.RLock() // it must not come after the share's parts were removed
	defer w.sharing.RUnlock()
	row, err := w.unended(ctx, id)
	if err != nil {
		return err
	}
	if row.State != sinso.ShareIsPlanned {
		return fmt.Errorf("way: share %s is made: %w", id, sinso.ErrExists)
	}
	if part < 0 || part > row.Parts {
		return fmt.Errorf("way: share %s has %d parts: %w", id, row.Parts, sinso.ErrInvalid)
	}
	return w.Parts.Put(ctx, id, part, sealed)
}

// HasPart reports whether a part of a share that has not ended is there.
func (w *Way) HasPart(ctx context.Context, id sinso.ShareID, part int) (bool, error) {
	if err := w.noShares(); err != nil {
		return false, err
	}
	if _, err := w.unended(ctx, id); err != nil {
		return false, err
	}
	return w.Parts.Has(ctx, id, part)
}

// unended returns a share that has not ended, by the log and by the clock.
func (w *Way) unended(ctx context.Context, id sinso.ShareID) (sinso.ShareRow, error) {
	row, err := w.Share(ctx, id)
	if err == nil && (row.State == sinso.ShareIsEnded || !w.Clock.Now().Before(row.Ends)) {
		err = fmt.Errorf("way: share %s has ended: %w", id, sinso.ErrNotFound)
	}
	return row, err
}

// MakeShare lets the link open a share: all its parts are there, or it is ErrInvalid.
// One that is made already stays as it is.
func (w *Way) MakeShare(ctx context.Context, id sinso.ShareID, actor string) (sinso.ShareRow, error) {
	if err := w.noShares(); err != nil {
		return sinso.ShareRow{}, err
	}
	w.sharing.Lock()
	defer w.sharing.Unlock()
	row, err := w.unended(ctx, id)
	if err != nil || row.State == sinso.ShareIsMade {
		return row, err
	}
	for part := range row.Parts + 1 {
		has, err := w.Parts.Has(ctx, id, part)
		if err != nil {
			return row, err
		}
		if !has {
			return row, fmt.Errorf("way: share %s: part %d of %d is not there: %w", id, part, row.Parts, sinso.ErrInvalid)
		}
	}
	if err := w.recordUnder(ctx, ofStudy(row.Study), sinso.EventShareMade, actor, row.Person, sinso.ShareMade{Share: id}); err != nil {
		return row, err
	}
	return w.Share(ctx, id)
}

// Opens returns a share that its link opens now; any other is ErrNotFound. Who asks has
// shown the proof, or is told nothing.
func (w *Way) Opens(ctx context.Context, id sinso.ShareID) (sinso.ShareRow, error) {
	if w.Parts == nil {
		return sinso.ShareRow{}, fmt.Errorf("way: share: %w", sinso.ErrNotFound)
	}
	row, err := w.unended(ctx, id)
	if err == nil && row.State != sinso.ShareIsMade {
		err = fmt.Errorf("way: share %s is not made: %w", id, sinso.ErrNotFound)
	}
	return row, err
}

// OpenShare writes down that somebody with the link opens a share. ErrNotFound if it
// does not open, or was opened as often as it may be.
func (w *Way) OpenShare(ctx context.Context, id sinso.ShareID) (sinso.ShareRow, error) {
	w.sharing.Lock()
	defer w.sharing.Unlock()
	row, err := w.Opens(ctx, id)
	if err != nil {
		return row, err
	}
	if len(row.Openings) >= row.Limit {
		return row, fmt.Errorf("way: share %s was opened %d times: %w", id, row.Limit, sinso.ErrNotFound)
	}
	if err := w.recordUnder(ctx, ofStudy(row.Study), sinso.EventShareOpened, Visitor, row.Person, sinso.ShareOpened{Share: id}); err != nil {
		return row, err
	}
	return row, nil
}

// SharePart returns a sealed part of a share that opens now, and how many bytes it has.
// The caller closes it.
func (w *Way) SharePart(ctx context.Context, id sinso.ShareID, part int) (io.ReadCloser, int64, error) {
	row, err := w.Opens(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	if part < 0 || part > row.Parts {
		return nil, 0, fmt.Errorf("way: share %s: part %d: %w", id, part, sinso.ErrNotFound)
	}
	return w.Parts.Open(ctx, id, part)
}

// EndShare ends a share now: when it returns, its link opens nothing and no part of it
// is left, whatever happens to the node. One that has ended stays as it is.
func (w *Way) EndShare(ctx context.Context, id sinso.ShareID, why sinso.ShareEnd, actor string) (sinso.ShareRow, error) {
	if err := w.noShares(); err != nil {
		return sinso.ShareRow{}, err
	}
	w.sharing.Lock()
	defer w.sharing.Unlock()
	row, err := w.Share(ctx, id)
	if err != nil {
		return row, err
	}
	if row.State != sinso.ShareIsEnded {
		if err := w.recordUnder(ctx, ofStudy(row.Study), sinso.EventShareEnded, actor, row.Person, sinso.ShareEnded{Share: id, Why: why}); err != nil {
			return row, err
		}
		if row, err = w.Share(ctx, id); err != nil {
			return row, err
		}
	}
	return row, w.Parts.Remove(context.WithoutCancel(ctx), id) // who asked may have gone
}

// TendShares ends the shares whose time is over, and destroys what is left of parts that
// no share needs.
func (w *Way) TendShares(ctx context.Context) error {
	if w.Parts == nil {
		return nil
	}
	rows, err := w.Shares(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range rows {
		if why := due(row, w.Clock.Now()); why != "" {
			_, err := w.EndShare(ctx, row.Share, why, "node")
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, w.sweepParts(ctx))...)
}

// due says why a share is to end by now, or "".
func due(row sinso.ShareRow, now time.Time) sinso.ShareEnd {
	switch {
	case row.State == sinso.ShareIsEnded:
	case !now.Before(row.Ends):
		return sinso.EndExpired
	case row.State == sinso.ShareIsPlanned && now.Sub(row.Planned) >= unfinishedTime:
		return sinso.EndUnfinished
	case len(row.Openings) > 0 && len(row.Openings) >= row.Limit && now.Sub(row.Openings[len(row.Openings)-1]) >= OpeningTime:
		return sinso.EndUsed
	}
	return ""
}

// sweepParts removes the parts of shares that have ended, or that nobody planned.
func (w *Way) sweepParts(ctx context.Context) error {
	w.sharing.Lock()
	defer w.sharing.Unlock()
	var gone []sinso.ShareID
	err := w.Parts.List(ctx, func(id sinso.ShareID) error {
		row, err := w.Share(ctx, id)
		if errors.Is(err, sinso.ErrNotFound) || err == nil && row.State == sinso.ShareIsEnded {
			gone = append(gone, id)
			return nil
		}
		return err
	})
	errs := []error{err}
	for _, id := range gone {
		errs = append(errs, w.Parts.Remove(ctx, id))
	}
	return errors.Join(errs...)
}

// Share returns one share.
func (w *Way) Share(ctx context.Context, id sinso.ShareID) (sinso.ShareRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.ShareRow, error) { return tx.Share(id) })
}

// Shares lists the shares of a person, oldest first; "" lists all.
func (w *Way) Shares(ctx context.Context, person sinso.PersonID) ([]sinso.ShareRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.ShareRow, error) {
		return gather(func(fn func(sinso.ShareRow) error) error { return tx.Shares(person, fn) })
	})
}

// OpeningKey is the key that shows who opened a share: the node's own, of that alone.
func (w *Way) OpeningKey() [32]byte { return w.openings }
