package way

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/grade"
)

// The review: what the pixel gate was unsure of waits for a person's eyes, and some
// of what it let through is shown to one for quality. Items come with the event of
// the release that brought them ([sinso.ReviewItem]), decisions are events of their
// own ([Way.Decide]). A decision holds for one instance under one profile; the next
// release or draft of the study is made by it. What was made before stays, but for a
// release in which a sample leaks, and one that is not offered yet and would have what
// somebody refuses meanwhile.

// ReasonLeak withholds what somebody who looked at a sample found to identify, and
// drew no box around.
const ReasonLeak = sinso.Reason("leak-found")

// The kinds of items, in their names.
const (
	kindWithheld = "withheld"
	kindSample   = "sample"
)

// ReviewFilter says which items are listed.
type ReviewFilter struct {
	Person sinso.PersonID    // "": of all
	Study  sinso.StudyID     // "": of all
	State  sinso.ReviewState // "": in any
	After  sinso.ReviewID    // "": from the first
	Limit  int               // 0: all
}

// Check is ErrInvalid for a state that no item is in.
func (f ReviewFilter) Check() error {
	switch f.State {
	case "", sinso.ReviewIsOpen, sinso.ReviewIsApproved, sinso.ReviewIsRedacted, sinso.ReviewIsRefused, sinso.ReviewIsLeaking, sinso.ReviewIsSound:
		return nil
	}
	return fmt.Errorf("way: review: an item is open, approved, redacted, refused, leaking or sound: %w", sinso.ErrInvalid)
}

// Reviews lists items of the review in the order they came. Those of instances that
// are not shown any more are left out.
func (w *Way) Reviews(ctx context.Context, f ReviewFilter) ([]sinso.ReviewRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.ReviewRow, error) {
		rows := []sinso.ReviewRow{}
		templates, err := gather(tx.Templates)
		if err != nil {
			return rows, err
		}
		err = tx.Reviews(f.Person, f.Study, f.After, func(row sinso.ReviewRow) error {
			if row = lapse(row, templates); f.State != "" && row.State != f.State {
				return nil
			}
			if _, err := tx.Instance(row.Instance); err != nil {
				return ignore(err, sinso.ErrNotFound)
			}
			if rows = append(rows, row); len(rows) == f.Limit {
				return errEnough
			}
			return nil
		})
		return rows, ignore(err, errEnough)
	})
}

// ignore returns nil for one kind of error.
func ignore(err, class error) error {
	if errors.Is(err, class) {
		return nil
	}
	return err
}

// Review returns one item; ErrNotFound if its instance is not shown any more.
func (w *Way) Review(ctx context.Context, id sinso.ReviewID) (sinso.ReviewRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.ReviewRow, error) {
		row, err := tx.Review(id)
		if err == nil {
			_, err = tx.Instance(row.Instance)
		}
		templates, gathering := gather(tx.Templates)
		if err := errors.Join(err, gathering); err != nil {
			return sinso.ReviewRow{}, fmt.Errorf("way: review item %s: %w", id, err)
		}
		return lapse(row, templates), nil
	})
}

// verdicts are what persons decided about the instances of one study under one
// profile.
type verdicts struct {
	of   map[sinso.InstanceID]ruling
	upTo uint64 // the Seq of the newest
}

// ruling is what holds of one instance.
type ruling struct {
	deid.Review
	leaks bool // and nobody said where
}

// verdicts gathers what was decided about a study.
func (w *Way) verdicts(ctx context.Context, study sinso.StudyID, profile *deid.Profile) (verdicts, error) {
	return w.verdictsUpTo(ctx, study, profile, math.MaxUint64)
}

// verdictsUpTo leaves out the items that were decided later than by an event.
func (w *Way) verdictsUpTo(ctx context.Context, study sinso.StudyID, profile *deid.Profile, last uint64) (verdicts, error) {
	name := profileName(profile)
	return view(ctx, w, func(tx sinso.MetaTx) (verdicts, error) {
		v := verdicts{of: map[sinso.InstanceID]ruling{}}
		templates, err := gather(tx.Templates)
		if err != nil {
			return v, err
		}
		err = tx.Reviews("", study, "", func(row sinso.ReviewRow) error {
			if row.Profile != name {
				return nil
			}
			// One whose study was not there when its template was removed lapses here.
			if row = lapse(row, templates); row.Decided > last {
				return nil
			}
			if row.State == sinso.ReviewIsOpen && row.Lapsed > 0 {
				v.of[row.Instance] = v.of[row.Instance].blank(row)
			}
			if isDecided(row) {
				v.of[row.Instance] = v.of[row.Instance].with(row)
			}
			v.upTo = max(v.upTo, row.Decided)
			return nil
		})
		return v, err
	})
}

// isDecided reports whether a decision holds of an item that changes what is released.
func isDecided(row sinso.ReviewRow) bool {
	return row.State != sinso.ReviewIsOpen && row.State != sinso.ReviewIsSound
}

// with adds what was decided about one item.
func (r ruling) with(row sinso.ReviewRow) ruling {
	switch row.State {
	case sinso.ReviewIsApproved, sinso.ReviewIsRedacted:
		r.Overrules = true
	case sinso.ReviewIsLeaking:
		r.leaks = r.leaks || len(row.Boxes()) == 0
	case sinso.ReviewIsOpen, sinso.ReviewIsRefused, sinso.ReviewIsSound:
		return r
	}
	return r.blank(row)
}

// blank adds the boxes that were drawn in one item.
func (r ruling) blank(row sinso.ReviewRow) ruling {
	r.Boxes = append(slices.Clone(r.Boxes), boxesOf(row)...)
	return r
}

// heldBack says why an instance is not released, but for a face that its study shows.
// What is T4 stays T4: no de-identification makes it sellable.
func heldBack(result deid.Result, row sinso.InstanceRow, r ruling) []sinso.Reason {
	held := slices.Concat(result.Clean.Withheld, grade.Held(row.Tier))
	if r.leaks {
		held = append(held, ReasonLeak)
	}
	return held
}

// boxesOf are the boxes of an item as stage deid takes them. Whoever drew one is
// heeded, also where others saw no need: to blank more is never a leak.
func boxesOf(row sinso.ReviewRow) []deid.Box {
	var out []deid.Box
	for _, b := range row.Boxes() {
		out = append(out, deid.Box{Frame: b.Frame, Area: image.Rect(b.X0, b.Y0, b.X1, b.Y1)})
	}
	return out
}

// profileName is how items name the profile that they are of: without the node's
// templates, for they only add to what is blanked, and what persons said still holds.
func profileName(profile *deid.Profile) string {
	hash := profile.OwnHash()
	return hex.EncodeToString(hash[:])
}

// doubt returns the item for an instance that is withheld in doubt alone, nil for
// any other: one that persons' eyes would not release either is not shown to them.
func (d *derivation) doubt(ctx context.Context, row sinso.InstanceRow, record sinso.Record, withheld []sinso.Reason) (*sinso.ReviewItem, error) {
	if slices.ContainsFunc(withheld, func(reason sinso.Reason) bool { return !deid.Reviewable(reason) }) {
		return nil, nil //nolint:nilnil // no item, no error
	}
	passed, err := d.profile.Clean(ctx, record, deid.Release{Secret: d.secret, Believe: true, Reader: d.Reader, Review: deid.Review{Overrules: true}})
	if err != nil || len(passed.Clean.Withheld) > 0 {
		return nil, err
	}
	profile := profileName(d.profile)
	return &sinso.ReviewItem{
		ID: d.namer.Review(row.ID, profile, kindWithheld), Instance: row.ID, Reasons: withheld,
		Device: deid.Device(record.Bytes), Profile: profile,
	}, nil
}

// projectItems files what is to be looked at. One that is there keeps what was said
// of it.
func projectItems(tx sinso.MetaTx, e sinso.Event, release sinso.ReleaseID, study sinso.StudyID, items []sinso.ReviewItem) ([]string, error) {
	var subjects []string
	for _, item := range items {
		row, err := tx.Review(item.ID)
		if errors.Is(err, sinso.ErrNotFound) {
			row, err = sinso.ReviewRow{State: sinso.ReviewIsOpen, Created: e.At, Seq: e.Seq}, nil
		}
		if err != nil {
			return nil, err
		}
		row.ReviewItem, row.Study, row.Release, row.Updated = item, study, release, changedAt(row, e.At)
		if err := tx.SaveReview(row); err != nil {
			return nil, err
		}
		subjects = append(subjects, string(item.ID))
	}
	return subjects, nil
}

// changedAt is when an item is said to have been changed. What was seen of it is told by
// that, so it grows with every change, also if the clock does not.
func changedAt(row sinso.ReviewRow, at time.Time) time.Time {
	if at.After(row.Updated) {
		return at
	}
	return row.Updated.Add(time.Millisecond)
}
