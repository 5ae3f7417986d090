package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// An erasure is noted down before anything is done, so that one that is cut off is gone on
// with: else what is to be erased would be shown no more, and nothing would come of it. Who is
// told that it cannot be has that noted too: it is not erased later behind their back.

// askedErasure is one erasure that was asked for: it is begun, or waits.
type askedErasure struct {
	sinso.ErasureAsked

	at time.Time
}

// row is how it stands, by what keeps it now.
func (a askedErasure) row(k kept) sinso.ErasureRow {
	row := sinso.ErasureRow{Begun: a.at, Until: k.until, Held: k.held}
	switch {
	case strings.HasPrefix(a.What, prefixStudy):
		row.Study = sinso.StudyID(a.What)
	case strings.HasPrefix(a.What, prefixPerson):
		row.Person = sinso.PersonID(a.What)
	default:
		row.Refused = sinso.CID(a.What)
	}
	return row
}

// beginErasure notes down that an erasure begins, unless that is noted. Of what never was here
// nothing is noted: it ends as it is looked for.
func (w *Way) beginErasure(ctx context.Context, id string, what erasable, o EraseOptions) error {
	if what.refused == "" {
		if err := w.isHere(ctx, what); errors.Is(err, sinso.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
	_, noted, err := w.askedFor(ctx, id)
	if err != nil || noted {
		return err
	}
	return w.noteErasure(ctx, sinso.ErasureAsked{What: id, LeaveMoney: o.LeaveMoney, Begun: true}, o)
}

// askErasure writes down that an erasure waits: once, and again when money may be left now.
func (w *Way) askErasure(ctx context.Context, id string, k kept, o EraseOptions) (sinso.ErasureRow, error) {
	asked, noted, err := w.askedFor(ctx, id)
	if err != nil {
		return sinso.ErasureRow{}, err
	}
	if noted && !asked.Begun && (asked.LeaveMoney || !o.LeaveMoney) {
		return asked.row(k), nil
	}
	if err := w.noteErasure(ctx, sinso.ErasureAsked{What: id, LeaveMoney: o.LeaveMoney}, o); err != nil {
		return sinso.ErasureRow{}, err
	}
	asked, _, err = w.askedFor(ctx, id)
	return asked.row(k), err
}

func (w *Way) noteErasure(ctx context.Context, body sinso.ErasureAsked, o EraseOptions) error {
	return w.recordOne(ctx, sinso.EventErasureAsked, o.Actor, "", body)
}

// refuseErasure notes down that an erasure which was begun could not be, as why says. One that
// goes on after it was cut off is tried again, unless it can never be as things stand: nobody
// was told of it.
func (w *Way) refuseErasure(ctx context.Context, id string, o EraseOptions, why error) error {
	asked, err := w.unfinished(ctx) // it may have been announced all the same
	if err != nil || !slices.ContainsFunc(asked, func(a askedErasure) bool { return a.What == id && a.Begun }) {
		return err
	}
	stands := errors.Is(why, sinso.ErrExists) || errors.Is(why, sinso.ErrUnsupported) || errors.Is(why, sinso.ErrNotFound)
	if o.goesOn && !stands {
		return nil
	}
	return w.recordOne(ctx, sinso.EventErasureRefused, o.Actor, "", sinso.ErasureRefused{What: id})
}

// asked lists what was asked to be erased and was not refused, oldest first.
func (w *Way) asked(ctx context.Context) (all []askedErasure, err error) {
	err = w.readEventsOf(ctx, "", subjectAsked, func(event sinso.Event) error {
		if event.Type == sinso.EventErasureRefused {
			return with(event, func(b sinso.ErasureRefused) error {
				all = slices.DeleteFunc(all, func(a askedErasure) bool { return a.What == b.What && a.Begun })
				return nil
			})
		}
		return with(event, func(b sinso.ErasureAsked) error {
			if i := slices.IndexFunc(all, func(a askedErasure) bool { return a.What == b.What }); i >= 0 {
				all[i].LeaveMoney = all[i].LeaveMoney || b.LeaveMoney
				all[i].Begun = all[i].Begun && b.Begun
				return nil
			}
			all = append(all, askedErasure{b, event.At})
			return nil
		})
	})
	return all, err
}

// askedFor finds how it stands with the erasure of what an id names.
func (w *Way) askedFor(ctx context.Context, id string) (_ askedErasure, noted bool, err error) {
	all, err := w.asked(ctx)
	if i := slices.IndexFunc(all, func(a askedErasure) bool { return a.What == id }); i >= 0 {
		return all[i], true, err
	}
	return askedErasure{}, false, err
}

// unfinished lists what was asked to be erased, and is not announced yet, oldest first.
func (w *Way) unfinished(ctx context.Context) ([]askedErasure, error) {
	asked, err := w.asked(ctx)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	erased, err := w.Erasures(ctx)
	return slices.DeleteFunc(asked, func(a askedErasure) bool {
		row := a.row(kept{})
		return slices.ContainsFunc(erased, func(e sinso.ErasureRow) bool {
			return e.Study == row.Study && e.Person == row.Person && e.Refused == row.Refused
		})
	}), err
}

// eachUnfinished calls fn with what is unfinished, and what keeps it now, or why that cannot be
// told. What fn returns is in the error, and the others go on.
func (w *Way) eachUnfinished(ctx context.Context, fn func(askedErasure, kept, error) error) error {
	asked, err := w.unfinished(ctx)
	errs := []error{err}
	for _, a := range asked {
		what, err := w.erasable(ctx, a.What)
		if errors.Is(err, sinso.ErrInvalid) {
			continue // a person who became another, before that was refused: it has to be asked for again
		}
		var k kept
		if err == nil {
			k, err = w.kept(ctx, what)
		}
		if err := fn(a, k, err); err != nil {
			errs = append(errs, fmt.Errorf("way: the erasure of %s: %w", a.What, err))
		}
	}
	return errors.Join(errs...)
}

// Waiting lists the erasures that wait, oldest first; without what keeps them where that
// cannot be told.
func (w *Way) Waiting(ctx context.Context) ([]sinso.ErasureRow, error) {
	rows := []sinso.ErasureRow{}
	err := w.eachUnfinished(ctx, func(a askedErasure, k kept, _ error) error {
		if !a.Begun {
			rows = append(rows, a.row(k))
		}
		return nil
	})
	return rows, err
}

// notAsked is ErrDenied if a study is to be erased, or its person.
func (w *Way) notAsked(ctx context.Context, study sinso.StudyRow) error {
	asked, err := w.unfinished(ctx)
	if err == nil && slices.ContainsFunc(asked, func(a askedErasure) bool {
		return a.What == string(study.ID) || a.What == string(study.Person)
	}) {
		return fmt.Errorf("way: study %s is to be erased, and is shown to nobody until then: %w", study.ID, sinso.ErrDenied)
	}
	return err
}

// notToBeErased is ErrDenied if a person is to be erased: what they asked for would be lost
// with their name, or take along what is put to theirs.
func (w *Way) notToBeErased(ctx context.Context, person sinso.PersonID) error {
	asked, err := w.unfinished(ctx)
	if err == nil && slices.ContainsFunc(asked, func(a askedErasure) bool { return a.What == string(person) }) {
		return fmt.Errorf("way: person %s is to be erased, and nothing is put to what is theirs until then: %w", person, sinso.ErrDenied)
	}
	return err
}

// TendErasures goes on with what was cut off, and erases what was asked to be erased and
// nothing keeps any more. One that fails is in the error, and the others go on.
func (w *Way) TendErasures(ctx context.Context) error {
	return w.goOnErasing(ctx, func(a askedErasure, k kept) bool { return a.Begun || !k.stands() })
}

// resumeBegun goes on with what was cut off before it was announced.
func (w *Way) resumeBegun(ctx context.Context) error {
	return w.goOnErasing(ctx, func(a askedErasure, _ kept) bool { return a.Begun })
}

func (w *Way) goOnErasing(ctx context.Context, may func(askedErasure, kept) bool) error {
	return w.eachUnfinished(ctx, func(a askedErasure, k kept, err error) error {
		if err != nil || !may(a, k) {
			return err
		}
		_, err = w.Erase(ctx, a.What, EraseOptions{Actor: "node", LeaveMoney: a.LeaveMoney, goesOn: true})
		if errors.Is(err, sinso.ErrNotFound) {
			return nil
		}
		return err
	})
}
