package way

import (
	"context"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Derivatives that come back. Their dates are moved and their name is none, so they are
// no records of anybody's: nobody is to be treated by them.

// ReasonDerivative is why an object is not taken that is a derivative, by its own words or
// because this node made it.
const ReasonDerivative = sinso.Reason("derivative")

const saysDerivative = "it is a de-identified copy, not an original: its dates may be moved, and the name in it is nobody's; whoever wants it for research imports it as such"

// derivedRoot begins every UID that a derivative has of its release (PS3.5 B.2).
const derivedRoot = "2.25."

// derivative refuses a derivative that nobody asked for as research data. One that this
// node made is known by its study even where its marks were taken out; it is marked
// again.
func (f filer) derivative(ctx context.Context, record *sinso.Record) (*ingest.RefusalError, error) {
	release, err := f.madeHere(ctx, record.Header.StudyUID.Reveal()) // revealed into a keyed hash
	if err != nil {
		return nil, err
	}
	if release.ID != "" {
		record.Header.Deidentified = sinso.DeidentifiedHere
	}
	if record.Header.Deidentified != sinso.DeidentifiedHere || f.o.Research {
		return nil, nil
	}
	return &ingest.RefusalError{Reason: ReasonDerivative, Detail: saysDerivative, Release: release.ID, Person: release.Person}, nil
}

// madeHere returns the release of this node whose derivatives have a Study Instance UID;
// none if there is none.
func (w *Way) madeHere(ctx context.Context, study string) (row sinso.ReleaseRow, err error) {
	if !strings.HasPrefix(study, derivedRoot) || w.foreign.has(study) {
		return row, nil
	}
	var seqs []uint64
	err = w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) { // as it stands: objects come fast
		seqs, err = gather(func(fn func(uint64) error) error { return tx.EventsOf("", w.namer.Derived(study), fn) })
		return err
	})
	if err == nil && len(seqs) == 0 {
		w.foreign.add(study)
	}
	if err != nil || len(seqs) == 0 {
		return row, err
	}
	event, err := w.eventAt(ctx, seqs[0])
	if err != nil {
		return row, err
	}
	body, err := bodyOf[sinso.Released](event)
	if err != nil {
		return row, err
	}
	return w.ReleaseRow(ctx, body.Release)
}

// foreign remembers Study Instance UIDs that no release of this node has, so that the
// index is asked once for a study. None ever gets one: nobody knows the UIDs of a release
// before it is made.
type foreign struct {
	mu    sync.Mutex // guards known
	known map[string]bool
}

const maxForeign = 1024 // studies remembered; then it begins anew

func (f *foreign) has(study string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known[study]
}

func (f *foreign) add(study string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= maxForeign {
		f.known = map[string]bool{}
	}
	f.known[study] = true
}

// Returned is a derivative of this node that came back and was refused.
type Returned struct {
	sinso.QuarantineRow
	Study sinso.StudyID // what it was made of
}

// Returned lists them, of a person's releases, or of everybody's for person "".
func (w *Way) Returned(ctx context.Context, person sinso.PersonID) ([]Returned, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (found []Returned, err error) {
		err = tx.Quarantine(func(row sinso.QuarantineRow) error {
			if row.Release == "" || row.Taken != "" {
				return nil
			}
			release, err := tx.Release(row.Release)
			if err == nil && (person == "" || release.Person == person) {
				found = append(found, Returned{row, release.Study})
			}
			return err
		})
		return found, err
	})
}
