package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// What doors bring is durable at once; what follows for the study as a whole is done
// here, when nothing more of it comes: it is listed, and its derivative made ahead.

const (
	tidyEvery = 100 * time.Millisecond
	// quiet is how long nothing of a study came before it is listed, if nobody says
	// that it is complete: a modality sends one object after the other, on one
	// association or on several.
	quiet = 2 * time.Second
	// idle is how long nobody wanted anything of the node before a derivative is
	// worked on: whoever waits comes first.
	idle = 20 * time.Millisecond
	// patience is how long what follows waits for that at most.
	patience = 30 * time.Second
	// tidyBatch is how many studies are listed with one sync.
	tidyBatch = 64
)

// touched is when something of a study came last, and from whom.
type touched struct {
	at       time.Time
	complete bool // whoever brought it says that it is all
	o        ImportOptions
}

// touch notes that a study grew.
func (w *Way) touch(study sinso.StudyID, o ImportOptions) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grown[study] = touched{at: w.Clock.Now(), o: o}
}

// Complete says that no more of a study comes for now: it need not be waited for.
func (w *Way) Complete(study sinso.StudyID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.grown[study]
	if !ok {
		return
	}
	t.complete = true
	w.grown[study] = t
	select {
	case w.completed <- struct{}{}:
	default:
	}
}

// ripe takes out some studies to which nothing comes any more, while nobody waits for
// the node.
func (w *Way) ripe() []listing {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Clock.Now()
	busy := now.Sub(time.Unix(0, w.lastUse.Load())) < idle
	var ripe []listing
	for id, t := range w.grown {
		waited := now.Sub(t.at)
		if (t.complete || waited >= quiet) && (!busy || waited >= patience) && len(ripe) < tidyBatch {
			ripe = append(ripe, listing{id, t.o.Actor, t.o.Origin})
			delete(w.grown, id)
		}
	}
	return ripe
}

// Tidy lists the studies that doors brought, each when nothing more of it comes,
// until ctx ends. What is not listed by then is at the next start ([Way.Resume]).
// listed, if not nil, is called with each.
func (w *Way) Tidy(ctx context.Context, listed func(sinso.StudyID), failed func(error)) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for soon := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.completed:
			if !soon {
				ticker.Reset(idle) // when nobody waits for the node any more, as a rule
				soon = true
			}
			continue
		}
		if soon {
			ticker.Reset(tidyEvery)
			soon = false
		}
		for batch := w.ripe(); len(batch) > 0; batch = w.ripe() {
			for _, study := range w.listAll(ctx, batch, failed) {
				if listed != nil {
					listed(study)
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// listAll lists studies with one sync, or, if one of them cannot be, each by itself:
// the others are not to suffer. It returns those that were.
func (w *Way) listAll(ctx context.Context, batch []listing, failed func(error)) (done []sinso.StudyID) {
	err := w.closeStudies(ctx, batch)
	for _, l := range batch {
		if err != nil {
			if alone := w.closeStudies(ctx, []listing{l}); alone != nil {
				if ctx.Err() == nil {
					failed(alone)
				}
				continue
			}
		}
		done = append(done, l.study)
	}
	return done
}

// Ahead makes the derivatives of studies ahead: of those that doors brought and that
// have none, then of those that come out of studies, until ctx ends.
func (w *Way) Ahead(ctx context.Context, studies <-chan sinso.StudyID, failed func(error)) {
	for _, id := range w.undrafted(ctx, failed) {
		w.ahead(ctx, id, failed)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-studies:
			w.ahead(ctx, id, failed)
		case id := <-w.reviewed:
			w.ahead(ctx, id, failed)
		}
	}
}

func (w *Way) ahead(ctx context.Context, id sinso.StudyID, failed func(error)) {
	_, err := w.Draft(ctx, id, "node")
	if err != nil && ctx.Err() == nil && !errors.Is(err, sinso.ErrNotFound) { // rejected meanwhile
		failed(fmt.Errorf("way: make the derivative of study %s ahead: %w", id, err))
	}
}

// undrafted lists the studies that came through a door and have no derivative.
func (w *Way) undrafted(ctx context.Context, failed func(error)) (found []sinso.StudyID) {
	studies, err := w.Studies(ctx, "")
	if err != nil {
		failed(err)
		return nil
	}
	for _, study := range studies {
		if study.Origin != sinso.OriginGateway {
			continue
		}
		o, err := w.inForce(ctx, study.ID, ReleaseOptions{ahead: true})
		if err != nil {
			failed(err)
			return found
		}
		if row, err := w.drafted(ctx, study.ID, o); err == nil && row.ID == "" {
			found = append(found, study.ID)
		}
	}
	return found
}

// active notes that somebody waits for the node.
func (w *Way) active() { w.lastUse.Store(w.Clock.Now().UnixNano()) }

// yield waits until nobody does.
func (w *Way) yield(ctx context.Context) error {
	for {
		since := time.Duration(w.Clock.Now().UnixNano() - w.lastUse.Load())
		if since >= idle || since < 0 { // the clock was set back
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(idle - since):
		}
	}
}
