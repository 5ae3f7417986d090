package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// What comes meets the corrections that were made before it. The caller of these
// holds f.filing.

// origin is the person whose name a patient identity gives: studies and instances
// keep the names they got by it when the person is merged into another.
func (f filer) origin(person sinso.PersonID, h sinso.Header) sinso.PersonID {
	if f.o.Person != "" || !f.corrected.Load() {
		return person
	}
	return f.namer.Person(f.namer.Match(h))
}

// looked is what the index says of an object that comes.
type looked struct {
	person sinso.PersonID      // whose it is
	others []sinso.InstanceRow // with its SOP Instance UID
	here   *sinso.InstanceRow  // the object itself
	of     []uint64            // events that concern it, if it is not here
	named  []uint64            // events that name its UID in its study
}

// look asks the index, as it stands, all that filing an object needs: what is not in it
// yet is in f.claims, and no correction is.
func (f filer) look(ctx context.Context, t *taken) (l looked, err error) {
	l.person = t.row.Person
	err = f.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		if l.others, err = gather(func(fn func(sinso.InstanceRow) error) error { return tx.InstancesByUID(t.row.UID, fn) }); err != nil {
			return err
		}
		if !f.corrected.Load() {
			return nil
		}
		if f.o.Person != "" || f.merging.Load() { // else the match led to who they are now
			if l.person, err = alive(tx, t.row.Person); err != nil {
				return err
			}
		}
		some, err := anyOf(tx, subjectStudy(t.row.Study))
		if err != nil || !some {
			return err
		}
		return l.corrections(tx, t)
	})
	return l, err
}

// corrections reads what was corrected of a study.
func (l *looked) corrections(tx sinso.MetaTx, t *taken) (err error) {
	switch study, err := tx.Study(t.row.Study); {
	case err == nil:
		l.person = study.Person
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	for _, row := range l.others {
		if row.ID == t.row.ID {
			l.here = &row
			return nil
		}
	}
	if l.of, err = gather(func(fn func(uint64) error) error { return tx.EventsOf("", string(t.row.ID), fn) }); err != nil {
		return err
	}
	l.named, err = gather(func(fn func(uint64) error) error { return tx.EventsOf("", subjectNamed(t.row.Study, t.row.UID), fn) })
	return err
}

// settle files an object under whom its person was merged into, and under whom its
// study was moved to. Who names a person that this does not fit is refused: nobody
// adds to another's records by an old name.
func (f filer) settle(ctx context.Context, t *taken, l looked) (err error) {
	if l.person == t.row.Person {
		return nil
	}
	if f.o.Person != "" {
		return &ingest.RefusalError{Reason: reasonMoved, Detail: "this person was merged into another, or this study turned out to be another's: import it without naming the person, or ask who keeps the node"}
	}
	t.row.Person, t.study.Person = l.person, l.person
	if t.sealed.CID == "" {
		return nil
	}
	t.sealed.Keys, err = f.rewrap(ctx, t.sealed.CID, t.sealed.Keys, l.person)
	t.row.Keys = t.sealed.Keys
	return err
}

const reasonMoved = sinso.Reason("person-corrected")

// rewrap wraps an object's key to a person, and drops those of other persons.
func (w *Way) rewrap(ctx context.Context, root sinso.CID, keys []sinso.WrappedKey, person sinso.PersonID) ([]sinso.WrappedKey, error) {
	key, err := w.sealer.Key(ctx, root, keys, sinso.KeyInstitution)
	if err != nil {
		return nil, err
	}
	wrapped, err := w.sealer.Wrap(ctx, sinso.PersonKey(person), key, root)
	return append(noPersons(keys), wrapped), err
}

// noPersons returns the keys that are wrapped to no person.
func noPersons(keys []sinso.WrappedKey) []sinso.WrappedKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k sinso.WrappedKey) bool {
		return k.To != sinso.KeyInstitution && k.To != sinso.KeyNode
	})
}

// withdrawn tells whether an object that comes is here, shown or not: then its row is
// returned, and nothing of it is to be stored. One that a note has rejected before it
// came is noted in t.rejected.
func (f filer) withdrawn(ctx context.Context, t *taken, l looked) (*sinso.InstanceRow, error) {
	if l.here != nil {
		return l.here, nil
	}
	sealed, err := f.sealedAmong(ctx, l.of)
	if err != nil {
		return nil, err
	}
	if sealed != nil {
		return &sealed.Instance, nil
	}
	if len(l.named) == 0 {
		return nil, nil
	}
	event, err := f.eventAt(ctx, l.named[len(l.named)-1]) // the last word counts
	if err != nil || event.Type != sinso.EventRejected {
		return nil, err
	}
	body, err := bodyOf[sinso.Rejected](event)
	t.rejected = &sinso.Rejected{Instances: []sinso.InstanceID{t.row.ID}, Reason: body.Reason, By: body.By, Studies: []sinso.StudyID{t.row.Study}}
	return nil, err
}

// sealedAmong returns what sealed an instance, of the events that concern it: nil if
// none does.
func (w *Way) sealedAmong(ctx context.Context, seqs []uint64) (*sinso.InstanceSealed, error) {
	for _, seq := range seqs {
		event, err := w.eventAt(ctx, seq)
		if err != nil {
			return nil, err
		}
		if event.Type == sinso.EventInstanceSealed && !event.Erased {
			body, err := bodyOf[sinso.InstanceSealed](event)
			return &body, err
		}
	}
	return nil, nil
}

// eventAt reads one event of the log.
func (w *Way) eventAt(ctx context.Context, seq uint64) (event sinso.Event, err error) {
	err = w.Audit.Events(ctx, seq, func(e sinso.Event) error {
		event = e
		return errEnough
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return event, err
}

// bodyOf reads the body of an event.
func bodyOf[Body any](e sinso.Event) (body Body, err error) {
	if e.Erased {
		return body, fmt.Errorf("way: event %d (%s) was erased: %w", e.Seq, e.Type, sinso.ErrNotFound)
	}
	if err = json.Unmarshal(e.Body, &body); err != nil {
		err = fmt.Errorf("way: event %d (%s): body: %w", e.Seq, e.Type, sinso.ErrCorrupt)
	}
	return body, err
}

// takeNote takes a rejection note in, and what it says with it: by one append. It
// holds what keeps others from filing meanwhile, so that no object comes in between.
func (f filer) takeNote(ctx context.Context, t *taken, record sinso.Record, newcomer *newcomer) (sinso.Receipt, error) {
	f.filing.Lock()
	defer f.filing.Unlock()
	f.answers.Lock()
	defer f.answers.Unlock()
	if err := f.claims.awaitAll(ctx); err != nil {
		return sinso.Receipt{}, fmt.Errorf("way: take: %w", err)
	}
	f.corrected.Store(true)
	receipt, err := f.fileObject(ctx, t, record, newcomer, f.claimFiling)
	if err != nil {
		return receipt, err
	}
	return receipt, f.follow(ctx)
}

// heed finds what a rejection note names here, and notes in t what follows from it.
// What belongs to another person, or to another study, is not the note's to reject.
func (f filer) heed(ctx context.Context, t *taken) error {
	if t.note == nil {
		return nil
	}
	found, err := view(ctx, f.Way, func(tx sinso.MetaTx) (found []*corrected, err error) {
		for _, uid := range t.note.UIDs {
			rows, err := gather(func(fn func(sinso.InstanceRow) error) error { return tx.InstancesByUID(uid, fn) })
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				if row.Person != t.row.Person {
					continue
				}
				if found, err = add(tx, found, row); err != nil {
					return nil, err
				}
			}
		}
		return slices.DeleteFunc(found, func(c *corrected) bool { return c.UID != t.study.UID }), nil
	})
	if err != nil {
		return err
	}
	hidden := t.note.Hidden || t.rejected != nil // another note names this one
	body := sinso.Rejected{Reason: t.note.Reason, By: string(t.row.ID), Studies: []sinso.StudyID{t.row.Study}, UIDs: t.note.UIDs}
	for _, study := range found {
		for _, row := range study.rows {
			body.Instances = append(body.Instances, row.ID)
		}
		if !slices.Contains(body.Studies, study.ID) {
			body.Studies = append(body.Studies, study.ID)
		}
		events, _, err := f.recalls(ctx, study, ReasonRecalled, f.o.Actor)
		if err != nil {
			return err
		}
		ended, err := f.endings(ctx, study, f.o.Actor)
		if err != nil {
			return err
		}
		t.follows = append(append(t.follows, events...), ended...)
		f.touch(study.ID, ImportOptions{Actor: f.o.Actor, Origin: study.Origin})
	}
	if hidden {
		body.Instances = append(body.Instances, t.row.ID)
	}
	t.rejected = &body
	return nil
}

// meet checks an object of an import against the corrections; what is refused for them
// stays sealed to the institution alone.
func (r *importRun) meet(ctx context.Context, t *taken) error {
	if t.refusal != nil {
		return nil //nolint:nilerr // a refusal is counted, and the rest goes on
	}
	if !r.corrected.Load() {
		return nil
	}
	l, err := r.look(ctx, t)
	if err == nil {
		err = r.settle(ctx, t, l)
	}
	if errors.As(err, &t.refusal) {
		t.sealed.Keys = noPersons(t.sealed.Keys)
		return nil
	}
	if err != nil || t.known {
		return err
	}
	here, err := r.withdrawn(ctx, t, l)
	t.known = here != nil
	return err
}

// addNote logs a rejection note, and what it says with it. The caller holds r.filing,
// and nothing waits to be logged.
func (r *importRun) addNote(ctx context.Context, t taken) error {
	r.answers.Lock()
	defer r.answers.Unlock()
	if err := r.claims.awaitAll(ctx); err != nil {
		return fmt.Errorf("way: import: %w", err)
	}
	r.corrected.Store(true)
	if err := r.add(ctx, t); err != nil || len(r.batch) == 0 {
		return err
	}
	if note := &r.batch[0]; note.refusal == nil {
		if err := r.heed(ctx, note); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

// events are what is logged of an object: that it is sealed, and what follows from it.
func (f filer) events(t taken) ([]sinso.Event, *sealedBody, error) {
	event, sealed, err := f.event(t)
	if err != nil || t.rejected == nil {
		return []sinso.Event{event}, sealed, err
	}
	rejected, err := f.entry(sinso.EventRejected, f.o.Actor, t.row.Person, "", *t.rejected, nil)
	return append([]sinso.Event{event, rejected}, t.follows...), sealed, err
}
