package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// maxMerges bounds a chain of persons who were merged one into the other.
const maxMerges = 1000

// Merge makes two persons one: what was From's is Into's, and what comes for From
// from now on is too. Nothing is sealed anew: content keys stay wrapped to From's
// custodian, which opens for Into. ErrInvalid for a person and themselves, and for one
// who was merged before; ErrDenied if one of them was erased, or is to be.
func (w *Way) Merge(ctx context.Context, from, into sinso.PersonID, actor string) error {
	if from == into {
		return fmt.Errorf("way: merge a person into themselves: %w", sinso.ErrInvalid)
	}
	w.erasing.Lock() // nobody asks for an erasure meanwhile
	defer w.erasing.Unlock()
	w.filing.Lock()
	defer w.filing.Unlock()
	if err := w.claims.awaitAll(ctx); err != nil {
		return fmt.Errorf("way: merge: %w", err)
	}
	for _, id := range []sinso.PersonID{from, into} {
		if err := w.standsAlone(ctx, id); err != nil {
			return err
		}
		if err := w.notToBeErased(ctx, id); err != nil {
			return err
		}
	}
	event, err := w.entry(sinso.EventMerged, actor, into, "", sinso.Merged{From: from, Into: into}, nil)
	if err != nil {
		return err
	}
	w.merging.Store(true)
	return w.correct(ctx, event)
}

// standsAlone returns nil if somebody is a person of their own, with a key.
func (w *Way) standsAlone(ctx context.Context, id sinso.PersonID) error {
	row, err := w.Person(ctx, id)
	if err != nil {
		return fmt.Errorf("way: person %s: %w", id, err)
	}
	if row.Into != "" {
		return fmt.Errorf("way: person %s was merged into %s before: %w", id, row.Into, sinso.ErrInvalid)
	}
	has, err := w.Keys.Has(ctx, sinso.PersonKey(id))
	if err == nil && !has {
		err = fmt.Errorf("way: person %s has no key here, or was erased: %w", id, sinso.ErrDenied)
	}
	return err
}

// alive is whom a person was merged into, or that person. One whom the index does not
// know is themselves.
func alive(tx sinso.MetaTx, id sinso.PersonID) (sinso.PersonID, error) {
	for range maxMerges {
		row, err := tx.Person(id)
		if errors.Is(err, sinso.ErrNotFound) || err == nil && row.Into == "" {
			return id, nil
		}
		if err != nil {
			return id, err
		}
		id = row.Into
	}
	return id, fmt.Errorf("way: person %s: merged in a circle: %w", id, sinso.ErrCorrupt)
}

// selves are a person and those who were merged into them.
func (w *Way) selves(ctx context.Context, id sinso.PersonID) ([]sinso.PersonID, error) {
	if id == "" || !w.corrected.Load() {
		return []sinso.PersonID{id}, nil
	}
	row, err := w.Person(ctx, id)
	if errors.Is(err, sinso.ErrNotFound) {
		err = nil
	}
	return append([]sinso.PersonID{id}, row.Merged...), err
}

// custodians are those whose keys open what is a person's: theirs, and those of the
// persons merged into them.
func (w *Way) custodians(ctx context.Context, id sinso.PersonID) ([]sinso.KeyID, error) {
	persons, err := w.selves(ctx, id)
	keys := make([]sinso.KeyID, len(persons))
	for i, person := range persons {
		keys[i] = sinso.PersonKey(person)
	}
	return keys, err
}

// projectMerged makes Into the one that stays, also where it was merged into another
// before: so the chain of merges never closes.
func projectMerged(tx sinso.MetaTx, _ sinso.Event, b sinso.Merged) ([]string, error) {
	subjects := []string{subjectCorrections, string(b.From), string(b.Into)}
	if b.From == b.Into {
		return subjects[:2], nil
	}
	from, err := tx.Person(b.From)
	into, intoErr := tx.Person(b.Into)
	if err = errors.Join(err, intoErr); errors.Is(err, sinso.ErrNotFound) {
		return subjects, nil // erased since, both of them
	}
	if err != nil {
		return nil, err
	}
	from.Into, into.Into = into.ID, ""
	for _, id := range append([]sinso.PersonID{from.ID}, from.Merged...) {
		if id != into.ID && !slices.Contains(into.Merged, id) {
			into.Merged = append(into.Merged, id)
		}
	}
	if err := errors.Join(tx.SavePerson(from), tx.SavePerson(into)); err != nil {
		return nil, err
	}
	return subjects, handOver(tx, from.ID, into.ID)
}

// handOver makes the studies, releases, orders and shares of one person another's.
func handOver(tx sinso.MetaTx, from, into sinso.PersonID) error {
	studies, err := gather(func(fn func(sinso.StudyRow) error) error { return tx.Studies(from, fn) })
	if err != nil {
		return err
	}
	for _, study := range studies {
		study.Person = into
		if err := tx.SaveStudy(study); err != nil {
			return err
		}
	}
	releases, err := gather(func(fn func(sinso.ReleaseRow) error) error { return tx.Releases(from, fn) })
	if err != nil {
		return err
	}
	for _, release := range releases {
		release = heldBy(release, into)
		if err := tx.SaveRelease(release); err != nil {
			return err
		}
	}
	orders, err := gather(func(fn func(sinso.OrderRow) error) error { return tx.Orders(from, fn) })
	if err != nil {
		return err
	}
	for _, order := range orders {
		order.Person = into
		if err := tx.SaveOrder(order); err != nil {
			return err
		}
	}
	shares, err := gather(func(fn func(sinso.ShareRow) error) error { return tx.Shares(from, fn) })
	if err != nil {
		return err
	}
	for _, share := range shares {
		share.Person = into
		if err := tx.SaveShare(share); err != nil {
			return err
		}
	}
	return nil
}

// heldBy makes a release a person's; the key that signs it stays that of whose it was.
func heldBy(row sinso.ReleaseRow, person sinso.PersonID) sinso.ReleaseRow {
	if row.Signer == "" && row.Person != person {
		row.Signer = row.Person
	}
	row.Person = person
	return row
}
