package way

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Another answer than the one before: what that one did is undone.

// TakeBack files what an answer has set aside, as o says whose it is. It returns how many
// objects were filed, and how many are refused still.
func (w *Way) TakeBack(ctx context.Context, key string, o ImportOptions) (filed, refused int, err error) {
	rows, err := w.Quarantine(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, row := range rows {
		if key == "" || row.Patient != key || row.Taken != "" {
			continue
		}
		var refusal *ingest.RefusalError
		switch _, err := w.retry(ctx, row, o); {
		case errors.As(err, &refusal):
			refused++
		case err != nil:
			return filed, refused, err
		default:
			filed++
		}
	}
	return filed, refused, nil
}

// Disown files the studies of an owner that name a patient so under a new person: the answer
// that they are the owner's was wrong. Never under whom the patient identity names: an owner
// adds to nobody else's records. It returns how many studies it was. ErrExists if one of
// them was released or shared, or a study has objects of this patient and of another: then
// who keeps the node corrects it.
func (w *Way) Disown(ctx context.Context, a sinso.PatientAnswered, actor string) (int, error) {
	studies, err := view(ctx, w, func(tx sinso.MetaTx) ([]sinso.StudyRow, error) { return w.answeredStudies(tx, a) })
	if err != nil || len(studies) == 0 {
		return 0, err
	}
	into, err := w.CreatePerson(ctx, actor, "", a.Name)
	if err != nil {
		return 0, err
	}
	for i, study := range studies {
		if err := w.Move(ctx, study.ID, into, actor); err != nil {
			return i, err
		}
	}
	return len(studies), nil
}

// answeredStudies are the owner's that an answer is about, if all of them can go.
func (w *Way) answeredStudies(tx sinso.MetaTx, a sinso.PatientAnswered) (found []sinso.StudyRow, err error) {
	rows, err := gather(func(fn func(sinso.StudyRow) error) error { return tx.Studies(a.For, fn) })
	if err != nil {
		return nil, err
	}
	is := map[sinso.StudyID]bool{}
	for _, row := range rows {
		all, some, err := w.about(tx, a, row)
		if err != nil {
			return nil, err
		}
		if some && !all {
			return nil, fmt.Errorf("way: study %s has objects of another patient too: %w", row.ID, sinso.ErrExists)
		}
		if some {
			found, is[row.ID] = append(found, row), true
		}
	}
	return found, errors.Join(
		tx.Releases(a.For, func(row sinso.ReleaseRow) error { return gone(is[row.Study] && letGo(row)) }),
		tx.Shares(a.For, func(row sinso.ShareRow) error { return gone(is[row.Study]) }),
	)
}

// about reports whether all objects of a study are of the patient whom an answer is about,
// and whether some are. One whose attributes are not kept counts as the study does.
func (w *Way) about(tx sinso.MetaTx, a sinso.PatientAnswered, study sinso.StudyRow) (all, some bool, err error) {
	series, err := gather(func(fn func(sinso.SeriesRow) error) error { return tx.Series(study.ID, fn) })
	if err != nil {
		return false, false, err
	}
	all = w.isOf(a, w.namedBy(study))
	some = all
	for _, one := range series {
		err := tx.Metadata(one.ID, func(_ sinso.InstanceRow, metadata []byte) error {
			if h, ok := ingest.PatientOf(metadata); ok {
				h.StudyUID = sinso.NewPHI(study.UID)
				is := w.isOf(a, w.namer.Named(h))
				all, some = all && is, some || is
			}
			return nil
		})
		if err != nil {
			return false, false, err
		}
	}
	return all, some, nil
}

func (w *Way) isOf(a sinso.PatientAnswered, n identity.Named) bool {
	return n.Match == a.Match && namedIn(a).Vouches(n)
}

// letGo reports whether a release is, or was, more than a draft that nobody saw.
func letGo(row sinso.ReleaseRow) bool {
	return !row.Draft && (row.State != sinso.ReleaseIsRefused || row.Manifest != "")
}

func gone(is bool) error {
	if is {
		return fmt.Errorf("way: something of it was released or shared: %w", sinso.ErrExists)
	}
	return nil
}
