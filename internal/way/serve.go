package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// Person returns one person.
func (w *Way) Person(ctx context.Context, id sinso.PersonID) (sinso.PersonRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.Person(id) })
}

// PurchaseByToken returns this node's purchase of an asset token.
func (w *Way) PurchaseByToken(ctx context.Context, token sinso.TokenID) (sinso.PurchaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.PurchaseByToken(token) })
}

// ReleaseByToken returns the release that an asset token was made for.
func (w *Way) ReleaseByToken(ctx context.Context, token sinso.TokenID) (sinso.ReleaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.ReleaseByToken(token) })
}

// Page calls fn with the events of a person that concern one of the subjects, in
// order, from the event with number from on, until fn returns false. Person "" is
// anybody, no subjects are all.
func (w *Way) Page(ctx context.Context, person sinso.PersonID, subjects []string, from uint64, fn func(sinso.Event) bool) error {
	wanted, err := w.eventsOf(ctx, person, subjects)
	if err != nil {
		return err
	}
	first, _ := slices.BinarySearch(wanted, from)
	return w.each(ctx, wanted[first:], fn)
}

// Latest returns the newest events of those that Page tells of, newest first: at most
// limit, with numbers below before.
func (w *Way) Latest(ctx context.Context, person sinso.PersonID, subjects []string, before uint64, limit int) ([]sinso.Event, error) {
	wanted, err := w.eventsOf(ctx, person, subjects)
	if err != nil {
		return nil, err
	}
	end, _ := slices.BinarySearch(wanted, before)
	events := []sinso.Event{}
	err = w.each(ctx, wanted[max(0, end-limit):end], func(event sinso.Event) bool {
		events = append(events, event)
		return true
	})
	slices.Reverse(events)
	return events, err
}

// eventsOf lists the numbers of events, ascending.
func (w *Way) eventsOf(ctx context.Context, person sinso.PersonID, subjects []string) ([]uint64, error) {
	if len(subjects) == 0 {
		subjects = []string{""}
	}
	persons, err := w.selves(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("way: look up events: %w", err)
	}
	wanted, err := view(ctx, w, func(tx sinso.MetaTx) ([]uint64, error) {
		var found []uint64
		for _, person := range persons {
			for _, subject := range subjects {
				err := tx.EventsOf(person, subject, func(seq uint64) error {
					found = append(found, seq)
					return nil
				})
				if err != nil {
					return nil, err
				}
			}
		}
		slices.Sort(found)
		return slices.Compact(found), nil
	})
	if err != nil {
		return nil, fmt.Errorf("way: look up events: %w", err)
	}
	return wanted, nil
}

// each walks the log over the events with the numbers given, ascending.
func (w *Way) each(ctx context.Context, wanted []uint64, fn func(sinso.Event) bool) error {
	if len(wanted) == 0 {
		return nil
	}
	err := w.Audit.Events(ctx, wanted[0], func(event sinso.Event) error {
		if event.Seq != wanted[0] {
			return nil
		}
		if wanted = wanted[1:]; !fn(event) || len(wanted) == 0 {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
