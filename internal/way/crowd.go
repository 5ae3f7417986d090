package way

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

// The persons that a derivative is told from: those of the catalogue, and those of
// them who have a copy that was released. Both are kept in memory, read from the index
// when they are first wanted, and follow it from then on: what an event changes is
// read again. They hold nothing that the index has not, so that they are as it is after
// a rebuild or a restart.

// crowd is these persons. Its zero value is to be read.
type crowd struct {
	mu      sync.Mutex // guards what follows
	all     *risk.Population
	out     *risk.Population // of released copies
	studies map[sinso.StudyID]places

	noting  sync.Mutex // guards what follows, for moments
	follows bool       // changes are noted; else all is to be read
	changed map[string]bool
}

// places are where a study stands in each population.
type places struct{ all, out risk.Entry }

// maxChanged is how many changed studies are remembered until they are read again:
// after more, reading all is as quick.
const maxChanged = 50_000

// riskPurpose is what the key that persons are counted under is derived for.
const riskPurpose = "risk"

// note remembers what events have changed, once the index has them.
func (c *crowd) note(events []loggedEvent) {
	c.noting.Lock()
	defer c.noting.Unlock()
	if !c.follows {
		return
	}
	for _, event := range events {
		var prefix string
		switch event.Type { //nolint:exhaustive // no other changes who there is
		case sinso.EventInstanceSealed, sinso.EventRejected, sinso.EventRestored, sinso.EventMoved,
			sinso.EventAssetRegistered, sinso.EventReleaseRefused, sinso.EventRecalled:
			prefix = prefixStudy
		case sinso.EventMerged, sinso.EventErased:
			prefix = prefixPerson
		default:
			continue
		}
		for _, subject := range event.subjects {
			if strings.HasPrefix(subject, prefix) && !strings.Contains(subject, "/") {
				c.changed[subject] = true
			}
		}
	}
	if len(c.changed) > maxChanged {
		c.follows, c.changed = false, nil
	}
}

// How subjects begin that name a study, and a person.
const prefixStudy, prefixPerson = "s_", "p_"

// noteAll has everything read again.
func (c *crowd) noteAll() {
	c.noting.Lock()
	defer c.noting.Unlock()
	c.follows, c.changed = false, nil
}

// take returns what has changed since the last call, and notes what changes from now
// on; all says that everything may have.
func (c *crowd) take() (changed map[string]bool, all bool) {
	c.noting.Lock()
	defer c.noting.Unlock()
	changed, all = c.changed, !c.follows
	c.follows, c.changed = true, map[string]bool{}
	return changed, all
}

// bringCrowd brings the populations up to what was acknowledged before the call. The
// caller holds w.crowd.mu.
func (w *Way) bringCrowd(ctx context.Context) error {
	c := w.crowd
	if err := w.follow(ctx); err != nil { // what is noted now is in the index that is read below
		return err
	}
	changed, all := c.take()
	if !all && len(changed) == 0 {
		return nil
	}
	if all {
		secret, err := w.Keys.Secret(ctx, sinso.KeyNode, riskPurpose)
		if err != nil {
			c.noteAll()
			return fmt.Errorf("way: the node's key: %w", err)
		}
		c.all, c.out, c.studies = risk.New(secret), risk.New(secret), map[sinso.StudyID]places{}
	}
	err := w.Meta.View(ctx, func(tx sinso.MetaTx) error {
		r := &crowdReader{crowd: c, ctx: ctx, tx: tx, keys: w.Keys, erased: map[sinso.PersonID]bool{}}
		if all {
			return r.readAll()
		}
		return r.readChanged(changed)
	})
	if err != nil {
		c.noteAll()
		return fmt.Errorf("way: the persons of the catalogue: %w", err)
	}
	return nil
}

// crowdReader reads studies of one snapshot of the index into a crowd.
type crowdReader struct {
	*crowd
	ctx    context.Context //nolint:containedctx // of one call
	tx     sinso.MetaTx
	keys   sinso.Keys
	erased map[sinso.PersonID]bool // as far as it was asked
}

func (r *crowdReader) readAll() error {
	released := map[sinso.StudyID]bool{}
	err := r.tx.Releases("", func(row sinso.ReleaseRow) error {
		if row.State == sinso.ReleaseIsRegistered {
			released[row.Study] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.tx.Studies("", func(row sinso.StudyRow) error { return r.file(row, released[row.ID]) })
}

func (r *crowdReader) readChanged(changed map[string]bool) error {
	for subject := range changed {
		if id, is := strings.CutPrefix(subject, prefixPerson); is {
			rows, err := gather(func(fn func(sinso.StudyRow) error) error { return r.tx.Studies(sinso.PersonID(prefixPerson+id), fn) })
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := r.readOne(row); err != nil {
					return err
				}
			}
			continue
		}
		row, err := r.tx.Study(sinso.StudyID(subject))
		switch {
		case errors.Is(err, sinso.ErrNotFound):
			err = r.leave(sinso.StudyID(subject))
		case err == nil:
			err = r.readOne(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readOne reads a study of which it is not known whether a copy of it was released.
func (r *crowdReader) readOne(row sinso.StudyRow) error {
	released := false
	err := r.tx.Releases(row.Person, func(release sinso.ReleaseRow) error {
		released = released || release.Study == row.ID && release.State == sinso.ReleaseIsRegistered
		return nil
	})
	if err != nil {
		return err
	}
	return r.file(row, released)
}

// file puts a study in its places. One of a person who was erased has none: nobody can
// read anything of it any more. What cannot be read of a study it does not show.
func (r *crowdReader) file(row sinso.StudyRow, released bool) error {
	if err := r.leave(row.ID); err != nil {
		return err
	}
	erased, asked := r.erased[row.Person]
	if !asked {
		has, err := r.keys.Has(r.ctx, sinso.PersonKey(row.Person))
		if err != nil {
			return err
		}
		erased = !has
		r.erased[row.Person] = erased
	}
	if erased {
		return nil
	}
	if copies, err := r.copies(row); err != nil || copies {
		return err
	}
	var series [][]byte
	err := r.tx.Series(row.ID, func(row sinso.SeriesRow) error {
		series = append(series, row.Header)
		return nil
	})
	if err != nil {
		return err
	}
	traits, err := risk.FromHeaders(row.Header, series...)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid) {
		return err
	}
	traits = r.all.Fit(traits)
	at := places{}
	if at.all, err = r.all.Enter(string(row.Person), traits); err != nil {
		return err
	}
	if released {
		if at.out, err = r.out.Enter(string(row.Person), traits); err != nil {
			return err
		}
	}
	r.studies[sinso.StudyID(strings.Clone(string(row.ID)))] = at // a row's texts share one string
	return nil
}

// copies reports whether a study holds nothing but derivatives of this project's programs:
// it is of nobody but those who are counted by their originals.
func (r *crowdReader) copies(row sinso.StudyRow) (bool, error) {
	if row.Deidentified == 0 || row.Deidentified < row.Instances {
		return false, nil
	}
	err := r.tx.Instances(row.ID, func(one sinso.InstanceRow) error {
		if one.Deidentified != sinso.DeidentifiedHere {
			return errEnough
		}
		return nil
	})
	return err == nil, ignore(err, errEnough)
}

// leave takes a study out of its places, if it has any.
func (c *crowd) leave(id sinso.StudyID) error {
	at, there := c.studies[id]
	if !there {
		return nil
	}
	delete(c.studies, id)
	if err := c.all.Leave(at.all); err != nil {
		return err
	}
	if at.out == 0 {
		return nil
	}
	return c.out.Leave(at.out)
}
