package way

import (
	"context"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// Move files a study under another person: it came under the wrong one. The content
// keys of its instances are wrapped to the new person, and those to the old one are
// dropped from the index, so that the old person's key opens none of them through
// this node; the log, which only the node reads, keeps what it has. The releases of
// the study are recalled, and its list is made anew. What comes for the study later
// is filed with it. The bytes stay as they came, and so does the name in them.
//
// ErrInvalid if the study is that person's already, or the person was merged into
// another; ErrDenied if they were erased, or are to be.
func (w *Way) Move(ctx context.Context, id sinso.StudyID, into sinso.PersonID, actor string) error {
	orders, err := w.move(ctx, id, into, actor)
	if err != nil {
		return err
	}
	w.endOnChain(ctx, orders, actor)
	return nil
}

func (w *Way) move(ctx context.Context, id sinso.StudyID, into sinso.PersonID, actor string) ([]sinso.Hash, error) {
	w.erasing.Lock() // nobody asks for an erasure meanwhile
	defer w.erasing.Unlock()
	w.filing.Lock()
	defer w.filing.Unlock()
	w.answers.Lock()
	defer w.answers.Unlock()
	if err := w.claims.awaitAll(ctx); err != nil {
		return nil, fmt.Errorf("way: move: %w", err)
	}
	if err := w.standsAlone(ctx, into); err != nil {
		return nil, err
	}
	if err := w.notToBeErased(ctx, into); err != nil {
		return nil, err
	}
	study, err := w.Study(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("way: study %s: %w", id, err)
	}
	if study.Person == into {
		return nil, fmt.Errorf("way: study %s is of person %s already: %w", id, into, sinso.ErrInvalid)
	}
	of := &corrected{StudyRow: study}
	if of.rows, err = w.Instances(ctx, id); err != nil {
		return nil, err
	}
	body := sinso.Moved{Study: id, From: study.Person, Into: into, Keys: map[sinso.InstanceID]sinso.WrappedKey{}}
	for _, row := range of.rows {
		keys, err := w.rewrap(ctx, row.CID, row.Keys, into)
		if err != nil {
			return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
		}
		body.Keys[row.ID] = keys[len(keys)-1]
	}
	event, err := w.entry(sinso.EventMoved, actor, into, "", body, nil)
	if err != nil {
		return nil, err
	}
	events, orders, err := w.recalls(ctx, of, ReasonMoved, actor)
	if err != nil {
		return nil, err
	}
	ended, err := w.endings(ctx, of, actor)
	if err != nil {
		return nil, err
	}
	if err := w.correct(ctx, slices.Concat([]sinso.Event{event}, events, ended)...); err != nil {
		return nil, err
	}
	w.touch(id, ImportOptions{Actor: actor, Origin: study.Origin})
	return orders, nil
}

func projectMoved(tx sinso.MetaTx, _ sinso.Event, b sinso.Moved) ([]string, error) {
	subjects := []string{subjectCorrections, subjectMoved(b.Study), subjectStudy(b.Study), string(b.Study), string(b.From), string(b.Into)}
	rows, err := gather(func(fn func(sinso.InstanceRow) error) error { return tx.Instances(b.Study, fn) })
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		keys := noPersons(row.Keys)
		if key, is := b.Keys[row.ID]; is {
			keys = append(keys, key)
		}
		if err := tx.SaveKeys(row.ID, keys); err != nil {
			return nil, err
		}
	}
	return subjects, relist(tx, b.Study, func(study *sinso.StudyRow) {
		study.Person, study.Keys = b.Into, noPersons(study.Keys)
	})
}
