package way

import (
	"context"

	"sinso.dev/sinso"
)

// endings are the events that end the shares of a study that is corrected: what its
// links show is wrong, or another person's. They go into the log with the correction;
// the parts go with the next [Way.TendShares].
func (w *Way) endings(ctx context.Context, of *corrected, actor string) (events []sinso.Event, err error) {
	rows, err := w.Shares(ctx, of.Person)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Study != of.ID || row.State == sinso.ShareIsEnded {
			continue
		}
		event, err := w.entry(sinso.EventShareEnded, actor, row.Person, "", sinso.ShareEnded{Share: row.Share, Why: sinso.EndCorrected}, nil)
		if err != nil {
			return nil, err
		}
		event.Under = ofStudy(row.Study)
		events = append(events, event)
	}
	return events, nil
}

func projectSharePlanned(tx sinso.MetaTx, e sinso.Event, b sinso.SharePlanned) ([]string, error) {
	person, err := alive(tx, e.Person) // who was merged at the same moment
	if err != nil {
		return nil, err
	}
	return []string{string(b.Share), string(b.Study)}, tx.SaveShare(sinso.ShareRow{
		SharePlanned: b, Person: person, State: sinso.ShareIsPlanned, By: e.Actor, Planned: e.At,
	})
}

// changeShare edits a share in place. One that has ended stays so: a correction may have
// ended it while it was made or opened.
func changeShare(tx sinso.MetaTx, id sinso.ShareID, edit func(*sinso.ShareRow)) ([]string, error) {
	row, err := tx.Share(id)
	if err != nil {
		return nil, err
	}
	ended := row.State == sinso.ShareIsEnded
	edit(&row)
	if ended {
		row.State = sinso.ShareIsEnded
	}
	return []string{string(id), string(row.Study)}, tx.SaveShare(row)
}

func projectShareMade(tx sinso.MetaTx, e sinso.Event, b sinso.ShareMade) ([]string, error) {
	return changeShare(tx, b.Share, func(row *sinso.ShareRow) { row.State, row.Made = sinso.ShareIsMade, e.At })
}

func projectShareOpened(tx sinso.MetaTx, e sinso.Event, b sinso.ShareOpened) ([]string, error) {
	return changeShare(tx, b.Share, func(row *sinso.ShareRow) { row.Openings = append(row.Openings, e.At) })
}

func projectShareEnded(tx sinso.MetaTx, e sinso.Event, b sinso.ShareEnded) ([]string, error) {
	return changeShare(tx, b.Share, func(row *sinso.ShareRow) {
		if row.State != sinso.ShareIsEnded {
			row.State, row.Ended, row.Why = sinso.ShareIsEnded, e.At, b.Why
		}
	})
}
