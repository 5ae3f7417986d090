package way

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// recalls makes the events that take back what was derived from the instances that
// are corrected: each release that may hold one of them is refused from now on, and
// each order of it revoked. They go into the log with the correction itself; the
// chain follows ([Way.endOnChain], [Way.Tend]). The caller holds w.answers, so that no
// answer is on its way.
//
// A release says of how many instances it is, and not of which: one that was made
// after an instance came may hold it. What came after it is not in it.
func (w *Way) recalls(ctx context.Context, of *corrected, reason sinso.Reason, actor string) (events []sinso.Event, revoked []sinso.Hash, err error) {
	releases, err := w.Releases(ctx, of.Person)
	if err != nil {
		return nil, nil, err
	}
	orders, err := w.Orders(ctx, of.Person)
	if err != nil {
		return nil, nil, err
	}
	for _, release := range releases {
		if release.Study != of.ID || release.State == sinso.ReleaseIsRefused || !mayHold(release, of.rows) {
			continue
		}
		event, err := w.entry(sinso.EventRecalled, actor, release.Person, "", sinso.Recalled{Release: release.ID, Reason: reason}, nil)
		if err != nil {
			return nil, nil, err
		}
		events = append(events, event)
		for _, order := range orders {
			if order.Release != release.ID || order.Revoked || nothingGranted(order) {
				continue
			}
			event, err := w.entry(sinso.EventRevoked, actor, order.Person, "", sinso.Revoked{Order: order.Hash}, nil)
			if err != nil {
				return nil, nil, err
			}
			event.Under = ofRelease(release.ID)
			events, revoked = append(events, event), append(revoked, order.Hash)
		}
	}
	return events, revoked, nil
}

// mayHold reports whether a release may be made of one of the instances: one of a series
// that was not chosen is in none.
func mayHold(release sinso.ReleaseRow, rows []sinso.InstanceRow) bool {
	for _, row := range rows {
		if !chose(release, row) {
			continue
		}
		if toBeMade(release) || row.Seq < release.Seq {
			return true
		}
	}
	return false
}

// toBeMade reports whether a release is still to be made: it will be of what is there then.
func toBeMade(release sinso.ReleaseRow) bool {
	return release.State == sinso.ReleaseIsPlanned || release.State == sinso.ReleaseIsAwaiting
}

// recallNow recalls one release that a correction has overtaken while it was made.
func (w *Way) recallNow(ctx context.Context, row sinso.ReleaseRow, reason sinso.Reason, actor string) error {
	return w.recordOne(ctx, sinso.EventRecalled, actor, row.Person, sinso.Recalled{Release: row.ID, Reason: reason})
}

// begin reads what a release is made of, as it stands now. overtaken says that the
// study became another person's since the release was planned, or is not there.
func (d *derivation) begin(ctx context.Context, actor string) (overtaken bool, err error) {
	if d.study, err = d.Study(ctx, d.row.Study); err == nil && d.study.Listed == 0 {
		// Some of it was rejected: what the evidence rests on is the list of what is left.
		if err = d.closeStudy(ctx, d.study.ID, actor, d.study.Origin); err == nil {
			d.study, err = d.Study(ctx, d.row.Study)
		}
	}
	if errors.Is(err, sinso.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("way: study %s: %w", d.row.Study, err)
	}
	owner, err := view(ctx, d.Way, func(tx sinso.MetaTx) (sinso.PersonID, error) { return alive(tx, d.row.Person) })
	if err != nil || owner != d.study.Person {
		return err == nil, err
	}
	d.openers, err = d.custodians(ctx, d.study.Person)
	return false, err
}

// endOnChain brings the end of orders to the chain, as far as it answers now. What
// fails is no failure of the correction: [Way.Tend] tries again.
func (w *Way) endOnChain(ctx context.Context, orders []sinso.Hash, actor string) {
	if w.Chain == nil {
		return
	}
	for _, order := range orders {
		if _, err := w.Revoke(ctx, order, actor); err != nil {
			return
		}
	}
}

// projectRecalled refuses a release. An offer that was signed at the same moment, and
// is logged later, is revoked from its beginning: [projectOrdered].
func projectRecalled(tx sinso.MetaTx, e sinso.Event, b sinso.Recalled) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.State, row.Reason = sinso.ReleaseIsRefused, b.Reason
	})
}
