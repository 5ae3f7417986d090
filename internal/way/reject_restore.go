package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// restoreBatch is how many instances one event restores at most: it holds their
// metadata.
const restoreBatch = 200

// Restore shows rejected instances again, whoever rejected them. Releases that were
// recalled stay so. ErrNotFound if one of them was never here, ErrDenied if it is to be
// erased; what is shown is left as it is.
func (w *Way) Restore(ctx context.Context, ids []sinso.InstanceID, actor string) error {
	w.filing.Lock()
	defer w.filing.Unlock()
	if err := w.claims.awaitAll(ctx); err != nil {
		return fmt.Errorf("way: restore: %w", err)
	}
	byStudy, order := map[sinso.StudyID][]sinso.InstanceSealed{}, []sinso.StudyID{}
	for _, id := range ids {
		body, err := w.sealedAs(ctx, id)
		if err != nil {
			return fmt.Errorf("way: restore %s: %w", id, err)
		}
		if body == nil {
			continue
		}
		if len(byStudy[body.Study.ID]) == 0 {
			order = append(order, body.Study.ID)
		}
		byStudy[body.Study.ID] = append(byStudy[body.Study.ID], *body)
	}
	var events []sinso.Event
	for _, study := range order {
		if err := w.notAsked(ctx, byStudy[study][0].Study); err != nil {
			return err
		}
		for batch := range slices.Chunk(byStudy[study], restoreBatch) {
			event, err := w.entry(sinso.EventRestored, actor, batch[0].Study.Person, "", sinso.Restored{Instances: batch}, nil)
			if err != nil {
				return err
			}
			events = append(events, event)
		}
	}
	if len(events) == 0 {
		return nil
	}
	if err := w.correct(ctx, events...); err != nil {
		return err
	}
	for _, study := range order {
		w.touch(study, ImportOptions{Actor: actor, Origin: byStudy[study][0].Study.Origin})
	}
	return nil
}

// sealedAs returns an instance as it was sealed, with person and keys as they are now:
// nil if it is shown. The caller holds w.filing.
func (w *Way) sealedAs(ctx context.Context, id sinso.InstanceID) (*sinso.InstanceSealed, error) {
	var seqs []uint64
	shown, err := view(ctx, w, func(tx sinso.MetaTx) (shown bool, err error) {
		if _, err = tx.Instance(id); err == nil || !errors.Is(err, sinso.ErrNotFound) {
			return err == nil, err
		}
		seqs, err = gather(func(fn func(uint64) error) error { return tx.EventsOf("", string(id), fn) })
		return false, err
	})
	if err != nil || shown {
		return nil, err
	}
	body, err := w.sealedAmong(ctx, seqs)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, fmt.Errorf("there is no such instance: %w", sinso.ErrNotFound)
	}
	person, err := w.holderOf(ctx, body.Study)
	if err != nil {
		return nil, err
	}
	custodians, err := w.custodians(ctx, person)
	if err != nil {
		return nil, err
	}
	row := &body.Instance
	if !slices.ContainsFunc(row.Keys, func(k sinso.WrappedKey) bool { return slices.Contains(custodians, k.To) }) {
		if row.Keys, err = w.rewrap(ctx, row.CID, row.Keys, person); err != nil {
			return nil, err
		}
	}
	row.Person, body.Study.Person = person, person
	others, err := w.InstancesByUID(ctx, row.UID)
	row.Conflict = len(others) > 0
	return body, err
}

// holderOf is whose a study is now, whether it is shown or not.
func (w *Way) holderOf(ctx context.Context, was sinso.StudyRow) (sinso.PersonID, error) {
	var moves []uint64
	now, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) {
		row, err := tx.Study(was.ID)
		if !errors.Is(err, sinso.ErrNotFound) {
			return row, err
		}
		moves, err = gather(func(fn func(uint64) error) error { return tx.EventsOf("", subjectMoved(was.ID), fn) })
		return was, err
	})
	if err != nil {
		return "", err
	}
	person := now.Person
	if len(moves) > 0 {
		event, err := w.eventAt(ctx, moves[len(moves)-1])
		if err != nil {
			return "", err
		}
		moved, err := bodyOf[sinso.Moved](event)
		if err != nil {
			return "", err
		}
		person = moved.Into
	}
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonID, error) { return alive(tx, person) })
}

func projectRestored(tx sinso.MetaTx, e sinso.Event, b sinso.Restored) ([]string, error) {
	subjects := []string{subjectCorrections}
	for _, one := range b.Instances {
		more, err := projectSealed(tx, e, one)
		if err != nil {
			return nil, err
		}
		for _, subject := range append(more, subjectNamed(one.Study.ID, one.Instance.UID)) {
			if subject != subjects[len(subjects)-1] {
				subjects = append(subjects, subject)
			}
		}
	}
	if len(b.Instances) == 0 {
		return subjects, nil
	}
	study := b.Instances[0].Study.ID
	return append(subjects, subjectStudy(study)), relist(tx, study, nil)
}

// Withdrawn returns an instance that was rejected as it was sealed; nil if it is shown
// again.
func (w *Way) Withdrawn(ctx context.Context, id sinso.InstanceID) (*sinso.InstanceSealed, error) {
	w.filing.Lock()
	defer w.filing.Unlock()
	return w.sealedAs(ctx, id)
}
