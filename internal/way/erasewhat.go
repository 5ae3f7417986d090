package way

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// erasable is what is to be erased: one of the three, and the studies in it.
type erasable struct {
	study   sinso.StudyID
	person  sinso.PersonID
	refused sinso.CID
	studies []sinso.StudyID
	persons []sinso.PersonID // that person, and who was merged into them
}

// has reports whether a release goes, or was signed by a key that does.
func (e erasable) has(row sinso.ReleaseRow) bool {
	signed := slices.ContainsFunc(e.persons, func(id sinso.PersonID) bool { return row.Custodian() == sinso.PersonKey(id) })
	return signed || slices.Contains(e.studies, row.Study)
}

// erasable finds what an id names.
func (w *Way) erasable(ctx context.Context, id string) (erasable, error) {
	switch {
	case strings.HasPrefix(id, prefixStudy):
		return erasable{study: sinso.StudyID(id), studies: []sinso.StudyID{sinso.StudyID(id)}}, nil
	case strings.HasPrefix(id, prefixPerson):
		return w.erasablePerson(ctx, sinso.PersonID(id))
	}
	if cid, err := sinso.ParseCID(id); err == nil {
		return erasable{refused: cid}, nil
	}
	return erasable{}, fmt.Errorf("way: erase: want the id of a study (s_…), of a person (p_…), or the CID of an object in quarantine: %w", sinso.ErrInvalid)
}

// erasablePerson finds the studies of a person, those that were rejected too.
func (w *Way) erasablePerson(ctx context.Context, id sinso.PersonID) (erasable, error) {
	what := erasable{person: id}
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.Person(id) })
	if errors.Is(err, sinso.ErrNotFound) {
		return what, nil // erased before, or never here
	}
	if err != nil {
		return what, err
	}
	if row.Into != "" {
		return what, fmt.Errorf("way: erase: person %s was merged into %s, whose all that is theirs is: erase that one: %w", id, row.Into, sinso.ErrInvalid)
	}
	persons, err := w.selves(ctx, id)
	if err != nil {
		return what, err
	}
	studies := map[sinso.StudyID]bool{}
	for _, person := range persons {
		if err := w.readEventsOf(ctx, person, "", func(event sinso.Event) error {
			if study, is := studyOf(event.Under); is {
				studies[study] = true
			}
			return nil
		}); err != nil {
			return what, err
		}
	}
	for study := range studies { // one that was moved is another's by now, shown or not
		holder, err := w.holderOf(ctx, sinso.StudyRow{ID: study, Person: id})
		if err != nil {
			return what, err
		}
		if !slices.Contains(persons, holder) {
			delete(studies, study)
		}
	}
	what.studies, what.persons = slices.Sorted(maps.Keys(studies)), persons
	return what, nil
}

// collection gathers what goes with what is erased.
type collection struct {
	*Way
	keys       map[sinso.KeyID]bool
	roots      map[sinso.CID]bool
	public     map[sinso.CID]bool
	quarantine map[sinso.CID]bool
	events     map[uint64]bool
	subjects   []string // whose events are still to be read
	seen       map[string]bool
}

// collect follows from what is erased to all that was said and sealed of it. The caller
// holds w.filing.
func (w *Way) collect(ctx context.Context, what erasable) (sinso.Erased, error) {
	c := collection{
		Way: w, keys: map[sinso.KeyID]bool{}, roots: map[sinso.CID]bool{}, public: map[sinso.CID]bool{},
		quarantine: map[sinso.CID]bool{}, events: map[uint64]bool{}, seen: map[string]bool{},
	}
	for _, study := range what.studies {
		c.follow(string(study))
	}
	if what.refused != "" {
		c.follow(string(what.refused))
	}
	if err := c.takePersons(ctx, what.persons); err != nil {
		return sinso.Erased{}, err
	}
	for len(c.subjects) > 0 {
		subject := c.subjects[0]
		c.subjects = c.subjects[1:]
		err := w.readEventsOf(ctx, "", subject, func(event sinso.Event) error { return c.take(ctx, event) })
		if err != nil {
			return sinso.Erased{}, err
		}
	}
	return sinso.Erased{
		Study: what.study, Person: what.person, Refused: what.refused,
		Keys: slices.Sorted(maps.Keys(c.keys)), Roots: slices.Sorted(maps.Keys(c.roots)), Public: slices.Sorted(maps.Keys(c.public)),
		Quarantine: slices.Sorted(maps.Keys(c.quarantine)), Events: runs(c.events),
	}, nil
}

// follow has the events of a subject read.
func (c *collection) follow(subject string) {
	if subject != "" && !c.seen[subject] {
		c.seen[subject] = true
		c.subjects = append(c.subjects, subject)
	}
}

// takePersons takes what is of a person and of none of their studies: what they refused,
// what was answered about them, what they sign in by, and their key.
func (c *collection) takePersons(ctx context.Context, persons []sinso.PersonID) error {
	for _, person := range persons {
		key := sinso.PersonKey(person)
		c.keys[key] = true
		err := c.readEventsOf(ctx, person, "", func(event sinso.Event) error {
			switch {
			case event.Under == key:
				c.events[event.Seq] = true
			case event.Type == sinso.EventQuarantined, event.Type == sinso.EventRetried:
				return c.take(ctx, event)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// take takes an event, its key and the objects that it names, and follows on to what
// came of them.
func (c *collection) take(ctx context.Context, event sinso.Event) error {
	if event.Erased || !event.Under.IsRecord() {
		return nil
	}
	c.keys[event.Under] = true
	c.events[event.Seq] = true
	switch event.Type { //nolint:exhaustive // no other names an object, or leads on
	case sinso.EventInstanceSealed:
		return with(event, func(b sinso.InstanceSealed) error {
			c.roots[b.Instance.CID] = true
			c.follow(string(b.Instance.ID)) // it may have been in quarantine before
			return nil
		})
	case sinso.EventImported:
		return with(event, func(b sinso.StudyImported) error { c.roots[b.Manifest] = true; return nil })
	case sinso.EventQuarantined:
		return with(event, func(b sinso.Quarantined) error {
			c.roots[b.CID], c.quarantine[b.CID] = true, true
			return nil
		})
	case sinso.EventRetried:
		return with(event, func(b sinso.Retried) error { c.follow(string(b.CID)); return nil })
	case sinso.EventReleasePlanned:
		return with(event, func(b sinso.ReleasePlanned) error { c.follow(string(b.Release)); return nil })
	case sinso.EventReleased:
		return with(event, func(b sinso.Released) error { return c.takeRelease(ctx, b) })
	case sinso.EventOrdered:
		return with(event, func(b sinso.Ordered) error {
			for _, cid := range b.Public {
				c.public[cid] = true
			}
			c.follow(b.Hash.String())
			return nil
		})
	}
	return nil
}

// takeRelease takes the objects of a release. If its list cannot be read they cannot be
// found; without their keys, which are in it or made of what is destroyed, they open for
// nobody.
func (c *collection) takeRelease(ctx context.Context, b sinso.Released) error {
	if b.Manifest == "" {
		return nil
	}
	c.roots[b.Manifest] = true
	row, err := view(ctx, c.Way, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(b.Release) })
	if err != nil {
		return fmt.Errorf("way: release %s: %w", b.Release, err)
	}
	key, err := c.sealer.Key(ctx, b.Manifest, b.Keys, row.Custodian())
	if err == nil {
		manifest, readErr := c.readManifest(ctx, b.Manifest, key)
		if err = readErr; err == nil {
			for _, object := range append(manifest.Objects, *manifest.Evidence) {
				c.roots[object.CID] = true
			}
		}
	}
	if errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrDenied) {
		return nil
	}
	return err
}

// with calls fn with the body of an event.
func with[Body any](event sinso.Event, fn func(Body) error) error {
	body, err := bodyOf[Body](event)
	if err != nil {
		return err
	}
	return fn(body)
}

// readEventsOf calls fn with the events of a person or a subject, as the index has them.
func (w *Way) readEventsOf(ctx context.Context, person sinso.PersonID, subject string, fn func(sinso.Event) error) error {
	seqs, err := w.eventsOf(ctx, person, []string{subject})
	if err != nil {
		return err
	}
	var failed error
	err = w.each(ctx, seqs, func(event sinso.Event) bool {
		failed = fn(event)
		return failed == nil
	})
	return errors.Join(failed, err)
}

// studyOf returns the study whose key this is.
func studyOf(key sinso.KeyID) (sinso.StudyID, bool) {
	id, is := strings.CutPrefix(string(key), string(sinso.RecordKey("")))
	return sinso.StudyID(id), is && strings.HasPrefix(id, prefixStudy)
}

// personOfKey returns the person whose key this is.
func personOfKey(key sinso.KeyID) (sinso.PersonID, bool) {
	id, is := strings.CutPrefix(string(key), string(sinso.PersonKey("")))
	return sinso.PersonID(id), is
}
