package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// An institution may have to keep what it made for some years, or for as long as a court wants.
// What is to be erased then ends for its owner at once: it is shown no more, its links and
// offers end. It is erased, as it would have been, when nothing keeps it any more.

// The subjects that the index finds these events by.
const (
	subjectHolds = "holds"
	subjectAsked = "erasures asked" // and refused
)

// kept is what keeps something from being erased.
type kept struct {
	until time.Time // of the years that it must be kept; zero: none are left
	held  bool
}

func (k kept) stands() bool { return k.held || !k.until.IsZero() }

// reason is what is said of what is shown no more.
func (k kept) reason() sinso.Reason {
	if k.stands() {
		return ReasonAsked
	}
	return ReasonErased
}

// Hold puts a study, or all of a person, under a legal hold: nothing of it is erased until it
// ends. ErrNotFound if it is not here, ErrExists if it is held already.
func (w *Way) Hold(ctx context.Context, what string, reason sinso.HoldReason, actor string) error {
	if !slices.Contains(sinso.HoldReasons(), reason) {
		return fmt.Errorf("way: hold: want the reason court, dispute, audit or research: %w", sinso.ErrInvalid)
	}
	w.erasing.Lock()
	defer w.erasing.Unlock()
	some, err := w.erasable(ctx, what)
	if err == nil && some.refused != "" {
		err = fmt.Errorf("way: hold: want the id of a study (s_…) or of a person (p_…): %w", sinso.ErrInvalid)
	}
	if err != nil {
		return err
	}
	if err := w.isHere(ctx, some); err != nil {
		return err
	}
	if row, err := w.erasureOf(ctx, some); err == nil {
		return fmt.Errorf("way: hold: it was erased on %s: %w", row.Begun.Format(time.DateOnly), sinso.ErrNotFound)
	} else if !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	holds, err := w.Holds(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(holds, func(h sinso.HoldRow) bool { return h.What == what }) {
		return fmt.Errorf("way: hold: it is held already: %w", sinso.ErrExists)
	}
	return w.recordOne(ctx, sinso.EventHeld, actor, "", sinso.Held{What: what, Reason: reason})
}

// isHere is ErrNotFound if a study or person was never here.
func (w *Way) isHere(ctx context.Context, what erasable) error {
	return view1(ctx, w, func(tx sinso.MetaTx) error {
		if what.person != "" {
			_, err := tx.Person(what.person)
			return err
		}
		some, err := anyOf(tx, string(what.study))
		if err == nil && !some {
			err = fmt.Errorf("study %s: %w", what.study, sinso.ErrNotFound)
		}
		return err
	})
}

// view1 is view for what finds nothing but an error.
func view1(ctx context.Context, w *Way, fn func(sinso.MetaTx) error) error {
	_, err := view(ctx, w, func(tx sinso.MetaTx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// EndHold ends a legal hold. ErrNotFound if there is none. What was asked to be erased
// meanwhile is erased next.
func (w *Way) EndHold(ctx context.Context, what, actor string) error {
	w.erasing.Lock()
	defer w.erasing.Unlock()
	holds, err := w.Holds(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(holds, func(h sinso.HoldRow) bool { return h.What == what }) {
		return fmt.Errorf("way: there is no such hold: %w", sinso.ErrNotFound)
	}
	return w.recordOne(ctx, sinso.EventHoldEnded, actor, "", sinso.HoldEnded{What: what})
}

// Holds lists the legal holds that stand, oldest first.
func (w *Way) Holds(ctx context.Context) ([]sinso.HoldRow, error) {
	rows := []sinso.HoldRow{}
	err := w.readEventsOf(ctx, "", subjectHolds, func(event sinso.Event) error {
		if event.Type == sinso.EventHeld {
			return with(event, func(b sinso.Held) error {
				rows = append(rows, sinso.HoldRow{What: b.What, Reason: b.Reason, At: event.At})
				return nil
			})
		}
		return with(event, func(b sinso.HoldEnded) error {
			rows = slices.DeleteFunc(rows, func(h sinso.HoldRow) bool { return h.What == b.What })
			return nil
		})
	})
	return rows, err
}

// kept finds what keeps a study, or any of a person's, from being erased.
func (w *Way) kept(ctx context.Context, what erasable) (k kept, err error) {
	holds, err := w.Holds(ctx)
	if err != nil {
		return k, err
	}
	names := map[string]bool{string(what.study): true, string(what.person): true}
	for _, person := range what.persons {
		names[string(person)] = true
	}
	for _, study := range what.studies {
		names[string(study)] = true
		last, owner, err := w.grew(ctx, study)
		if err != nil {
			return k, err
		}
		if err := w.nameSelves(ctx, owner, names); err != nil {
			return k, err
		}
		until := last.AddDate(w.cfg.RetainYears, 0, 0)
		if w.cfg.RetainYears > 0 && !last.IsZero() && until.After(w.witnessed()) && until.After(k.until) {
			k.until = until
		}
	}
	if what.refused != "" {
		rows, err := w.everRefused(ctx)
		if err != nil {
			return k, err
		}
		for _, row := range rows {
			if row.CID == what.refused {
				if err := w.nameSelves(ctx, row.Person, names); err != nil {
					return k, err
				}
			}
		}
	}
	k.held = slices.ContainsFunc(holds, func(h sinso.HoldRow) bool { return names[h.What] })
	return k, nil
}

// witnessed is the time by which the years that a study must be kept are over.
func (w *Way) witnessed() time.Time {
	if w.cfg.Witness == nil {
		return w.Clock.Now()
	}
	return w.cfg.Witness.Now()
}

// nameSelves adds a person under each of their names: they may be held under any.
func (w *Way) nameSelves(ctx context.Context, person sinso.PersonID, names map[string]bool) error {
	selves, err := w.selves(ctx, person)
	for _, id := range selves {
		names[string(id)] = true
	}
	return err
}

// Holder returns whose a study is, shown or not. ErrNotFound if it was never here, or is
// erased: nobody can tell then.
func (w *Way) Holder(ctx context.Context, study sinso.StudyID) (sinso.PersonID, error) {
	_, owner, err := w.grew(ctx, study)
	if err == nil && owner == "" {
		err = fmt.Errorf("way: study %s: %w", study, sinso.ErrNotFound)
	}
	return owner, err
}

// grew returns when something of a study came last, shown or not, and whose it is.
func (w *Way) grew(ctx context.Context, study sinso.StudyID) (last time.Time, owner sinso.PersonID, err error) {
	err = w.readEventsOf(ctx, "", string(study), func(event sinso.Event) error {
		if event.Type == sinso.EventInstanceSealed || event.Type == sinso.EventImported {
			last, owner = event.At, event.Person
		}
		return nil
	})
	if err != nil || owner == "" {
		return last, owner, err
	}
	owner, err = w.holderOf(ctx, sinso.StudyRow{ID: study, Person: owner})
	return last, owner, err
}
