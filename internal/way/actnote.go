package way

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// projectActBegun and projectActed let an act be found by its name, and by the release whose it is.
func projectActBegun(_ sinso.MetaTx, _ sinso.Event, b sinso.ActBegun) ([]string, error) {
	return subjectsOfAct(b.ID, b.Release), nil
}

func projectActed(_ sinso.MetaTx, _ sinso.Event, b sinso.Acted) ([]string, error) {
	return subjectsOfAct(b.ID, b.Release), nil
}

func subjectsOfAct(id sinso.Hash, release sinso.ReleaseID) []string {
	subjects := []string{}
	if id != (sinso.Hash{}) {
		subjects = append(subjects, id.String())
	}
	if release != "" {
		subjects = append(subjects, string(release))
	}
	return subjects
}

// under is whose key says what is written of an act: the release's whose account acts, so that it
// goes when that is erased, or the person's.
func (d *desk) under() sinso.KeyID {
	if d.release != "" {
		return ofRelease(d.release)
	}
	return ofPerson(d.person)
}

// begun is what a desk writes down before something of an act leaves.
func (d *desk) begun(id sinso.Hash, what sinso.Act) sinso.ActBegun {
	return sinso.ActBegun{ID: id, Act: what.Name(), Account: d.Actor(), At: d.at, Release: d.release, Moment: d.Now().UTC().Truncate(time.Second)}
}

// firstTry finds how an act was begun, and whether it was noted that it was done. A zero moment: it
// is not begun.
func (w *Way) firstTry(ctx context.Context, id sinso.Hash) (first sinso.ActBegun, done bool, err error) {
	err = w.readEventsOf(ctx, "", id.String(), func(event sinso.Event) error {
		switch {
		case event.Erased:
		case event.Type == sinso.EventActed:
			done = true
		case event.Type == sinso.EventActBegun && first.Moment.IsZero():
			return with(event, func(b sinso.ActBegun) error { first = b; return nil })
		}
		return nil
	})
	return first, done, err
}

// noteBegun writes down what is about to be done. ErrDenied if the person is being erased: what
// they got by it would be lost with their key.
func (w *Way) noteBegun(ctx context.Context, d *desk, begun sinso.ActBegun, actor string) error {
	if d.person != "" {
		asked, err := w.unfinished(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(asked, func(a askedErasure) bool { return a.Begun && a.What == string(d.person) }) {
			return fmt.Errorf("way: person %s is being erased, and nothing new is done in their name: %w", d.person, sinso.ErrDenied)
		}
	}
	return w.recordUnder(ctx, d.under(), sinso.EventActBegun, actor, d.person, begun)
}

// beginOnce writes down that an act is begun, unless another call of it has, and returns how.
func (w *Way) beginOnce(ctx context.Context, d *desk, begun sinso.ActBegun, actor string) (sinso.ActBegun, error) {
	w.noting.Lock()
	defer w.noting.Unlock()
	first, _, err := w.firstTry(ctx, begun.ID)
	if err != nil || !first.Moment.IsZero() {
		return first, err
	}
	return begun, w.noteBegun(ctx, d, begun, actor)
}

// beginFirst writes down that an act is begun, so that whoever finishes it drafts the same. ErrExists: its name is another
// act's. ErrBusy: another call of it began it a moment ago.
func (w *Way) beginFirst(ctx context.Context, d *desk, begun sinso.ActBegun, actor string) error {
	first, err := w.beginOnce(ctx, d, begun, actor)
	switch {
	case err != nil:
		return err
	case first.Act != begun.Act || first.Account != begun.Account:
		return nameUsed(first)
	case !first.Moment.Equal(begun.Moment):
		return fmt.Errorf("way: %s is being done by another call; nothing was signed by this one: ask again: %w", begun.Act, sinso.ErrBusy)
	}
	return nil
}

func nameUsed(first sinso.ActBegun) error {
	return fmt.Errorf("way: this name was used for another act, %s; nothing was sent: %w", first.Act, sinso.ErrExists)
}

// noteOnce writes down that an act was done, for the person whose it is, unless that is noted.
func (w *Way) noteOnce(ctx context.Context, d *desk, done ActDone, actor string) error {
	w.noting.Lock()
	defer w.noting.Unlock()
	if _, noted, err := w.firstTry(ctx, done.ID); err != nil || noted {
		return err
	}
	txs := make([]sinso.Hash, len(done.Txs))
	for i, tx := range done.Txs {
		txs[i] = tx.Hash
	}
	return w.recordUnder(ctx, d.under(), sinso.EventActed, actor, d.person, sinso.Acted{
		ID: done.ID, Act: done.Act, Account: done.Actor, Release: d.release, Txs: txs, Fee: done.Fee,
	})
}

// begunOf lists what was begun in the name of a person (of nobody: ""), or of a release's account.
func (w *Way) begunOf(ctx context.Context, person sinso.PersonID, release sinso.ReleaseID) (all []sinso.ActBegun, err error) {
	err = w.readEventsOf(ctx, person, string(release), func(event sinso.Event) error {
		if event.Type != sinso.EventActBegun || event.Erased {
			return nil
		}
		return with(event, func(b sinso.ActBegun) error {
			if b.Release == release {
				all = append(all, b)
			}
			return nil
		})
	})
	return all, err
}
