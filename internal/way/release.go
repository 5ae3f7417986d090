package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// ReleaseOptions say what is made of a study, and for whom.
type ReleaseOptions struct {
	Actor    string
	Price    sinso.Wei
	Terms    sinso.Terms          // what it leaves open is as usual
	Series   []sinso.SeriesID     // what of the study is let go; none: all
	Author   *sinso.PlannedAuthor // a co-creator with a work of their own, or nil
	Accepted bool                 // who keeps the node agrees in the co-creator's name; else they are asked
	Profile  *deid.Profile        // what de-identifies it; nil: the node's
	Progress func(done, total int)
	draft    bool // made ahead: stored, and not for sale
	ahead    bool // by the node itself, for whoever may want it: whether a co-creator is in it does not matter
}

// chosen reports whether anything but a whole study under the node's profile is asked for.
func (o ReleaseOptions) chosen() bool {
	return len(o.Series) > 0 || o.Author != nil || o.Profile != nil
}

// hasAuthor reports whether a release has the co-creator that is asked for, or none if none is.
func (o ReleaseOptions) hasAuthor(row sinso.ReleaseRow) bool {
	if row.Author == nil || o.Author == nil {
		return row.Author == o.Author
	}
	return *row.Author == *o.Author
}

// Release makes a derivative of a study, or of chosen series of it, and brings it to the
// market: plan, clean and seal, register, offer. Each step is done once; a release that
// was cut off goes on where it stands. It is planned at once, and made when its turn
// comes. With a co-creator it waits for them first, and is returned as it waits
// ([Way.AnswerAuthor]). If nothing of what was chosen may be sold, or it is called off, the
// release ends refused, which is no error: the row says why. ErrManyReleases if too many
// wait.
func (w *Way) Release(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseRow, error) {
	if w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	if o.Profile == nil {
		o.Profile = w.profile
	}
	if err := maySell(o.Profile); err != nil {
		return sinso.ReleaseRow{}, err
	}
	if err := o.Terms.Full().Check(); err != nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w", err)
	}
	if err := w.ablePanel(ctx, o.Terms.Panel, sinso.Address{}); err != nil {
		return sinso.ReleaseRow{}, err
	}
	of, err := w.Study(ctx, study)
	if errors.Is(err, sinso.ErrNotFound) {
		return sinso.ReleaseRow{}, fmt.Errorf("this node has no study %s: %w", study, sinso.ErrNotFound)
	}
	if err != nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: study %s: %w", study, err)
	}
	a, err := w.making.enter(ctx, of.Person)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	defer a.leave()
	var id sinso.ReleaseID // none while its draft is being made, which will do
	if drafting, err := w.isDrafting(ctx, of, o); err != nil {
		return sinso.ReleaseRow{}, err
	} else if !drafting {
		if id, err = w.planNow(ctx, a, study, o); err != nil {
			return sinso.ReleaseRow{}, err
		}
		if row, err := w.ReleaseRow(ctx, id); err != nil || row.State == sinso.ReleaseIsAwaiting {
			return row, err
		}
	}
	var end func()
	ended, err := w.unlessCalledOff(ctx, id, func(ctx context.Context) (row sinso.ReleaseRow, err error) {
		end, err = w.making.take(ctx)
		return row, err
	})
	if err != nil || ended.ID != "" {
		return ended, err
	}
	defer end()
	if id, err = w.planStill(ctx, a, id, study, o); err != nil {
		return sinso.ReleaseRow{}, err
	}
	return w.advance(ctx, id, o.Actor, o.Progress)
}

// Draft makes the derivative of a study ahead: cleaned, sealed and stored, with its
// evidence, and for nobody until the person names a price ([Way.Release]). One that
// is there of the same instances is enough. It needs no chain of its own, but the
// contracts of the one that the asset is composed for.
func (w *Way) Draft(ctx context.Context, study sinso.StudyID, actor string) (sinso.ReleaseRow, error) {
	return w.draftAs(ctx, study, ReleaseOptions{Actor: actor, ahead: true})
}

// draftAs is [Way.Draft] of what was chosen. With a co-creator it waits for them first, and is returned as it waits.
func (w *Way) draftAs(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseRow, error) {
	end, err := w.making.take(ctx)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	defer end()
	if o, err = w.inForce(ctx, study, o); err != nil {
		return sinso.ReleaseRow{}, err
	}
	row, err := w.drafted(ctx, study, o)
	if err != nil || row.ID != "" {
		return row, err
	}
	o.draft = true
	if row, err = w.planDraft(ctx, study, o); err != nil || row.State == sinso.ReleaseIsAwaiting {
		return row, err
	}
	return w.advance(ctx, row.ID, o.Actor, o.Progress)
}

// inForce says what is chosen of a study as it is written down: the profile as templates make it, and the series sorted.
func (w *Way) inForce(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (ReleaseOptions, error) {
	profile := o.Profile
	if profile == nil {
		profile = w.profile
	}
	var err error
	if o.Profile, err = w.effective(ctx, profile, study); err != nil {
		return o, err
	}
	o.Series, err = w.part(ctx, study, o.Series)
	return o, err
}

// drafted returns what was made of a study as it stands now by the same choices, which are in force: a draft,
// or the refusal of one.
func (w *Way) drafted(ctx context.Context, id sinso.StudyID, o ReleaseOptions) (found sinso.ReleaseRow, err error) {
	study, err := w.Study(ctx, id)
	if err != nil {
		return found, err
	}
	decided, err := w.verdicts(ctx, id, o.Profile)
	if err != nil {
		return found, err
	}
	releases, err := w.Releases(ctx, study.Person)
	for _, row := range releases {
		made := madeUnder(o.Profile, row) && slices.Equal(row.Series, o.Series) && (o.ahead || o.hasAuthor(row)) && (row.State == sinso.ReleaseIsStored || row.State == sinso.ReleaseIsRegistered || row.State == sinso.ReleaseIsRefused)
		if row.Study == id && made && row.Reason != ReasonCalledOff && row.Decided >= decided.upTo && row.Seq > study.ImportSeq && study.Listed == study.Instances {
			found = row
		}
	}
	return found, err
}

// madeUnder reports whether a release is made under a profile.
func madeUnder(profile *deid.Profile, row sinso.ReleaseRow) bool {
	return row.Profile == string(profile.Text())
}

// advance takes a release from where it stands to its offer, unless it is called off. What stopped because who asked for
// it has gone waits for them, and is not gone on with as what the chain did not answer for. The caller has the turn.
func (w *Way) advance(ctx context.Context, id sinso.ReleaseID, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	row, err := w.unlessCalledOff(ctx, id, func(ctx context.Context) (sinso.ReleaseRow, error) {
		return w.toOffer(ctx, id, actor, progress)
	})
	atChain := row.State == sinso.ReleaseIsStored || row.State == sinso.ReleaseIsRegistered
	w.making.stops(id, atChain && errors.Is(err, sinso.ErrUnavailable) && ctx.Err() == nil)
	return row, err
}

func (w *Way) toOffer(ctx context.Context, id sinso.ReleaseID, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	for {
		row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(id) })
		if err != nil {
			return row, fmt.Errorf("way: release %s: %w", id, err)
		}
		if overtaken, err := w.overruled(ctx, row); err != nil {
			return row, err
		} else if overtaken {
			if err := w.recallNow(ctx, row, ReasonReviewed, actor); err != nil {
				return row, err
			}
			continue
		}
		switch row.State {
		case sinso.ReleaseIsRefused:
			return row, nil
		case sinso.ReleaseIsAwaiting:
			var ended bool
			if ended, err = w.unanswered(ctx, id, actor); err == nil && !ended {
				return row, nil
			}
		case sinso.ReleaseIsPlanned:
			if changed, err := w.changedSinceAsked(ctx, row, actor); err != nil || changed {
				if err != nil {
					return row, err
				}
				continue
			}
			err = w.derive(ctx, row, actor, progress)
		case sinso.ReleaseIsStored:
			if row.Draft {
				return row, nil
			}
			refused, stopErr := w.tooFew(ctx, row, actor)
			if err = stopErr; err == nil && !refused {
				err = w.mint(ctx, row, actor)
			}
		case sinso.ReleaseIsRegistered:
			if row.Unoffered {
				return row, nil
			}
			_, err = w.offer(ctx, row, actor)
			return row, err
		default:
			err = fmt.Errorf("way: release %s is in state %q: %w", id, row.State, sinso.ErrCorrupt)
		}
		if err != nil {
			return row, err
		}
	}
}

// overruled reports whether persons decided, since a release was made and before it
// was offered, that less of it may go: then it goes nowhere, and the next one is made by
// what they said.
func (w *Way) overruled(ctx context.Context, row sinso.ReleaseRow) (bool, error) {
	if row.Draft || row.State != sinso.ReleaseIsStored && row.State != sinso.ReleaseIsRegistered {
		return false, nil
	}
	profile, err := w.ProfileOf(row)
	if err != nil {
		return false, err
	}
	name := profileName(profile)
	return view(ctx, w, func(tx sinso.MetaTx) (overruled bool, err error) {
		err = tx.Orders(row.Person, func(order sinso.OrderRow) error {
			if order.Release == row.ID {
				return errEnough // it is offered, and taken back by a recall alone
			}
			return nil
		})
		if err != nil {
			return false, ignore(err, errEnough)
		}
		templates, err := gather(tx.Templates)
		if err != nil {
			return false, err
		}
		err = tx.Reviews("", row.Study, "", func(item sinso.ReviewRow) error {
			if instance, err := tx.Instance(item.Instance); err == nil && !chose(row, instance) {
				return nil
			}
			item = lapse(item, templates)
			restricts := item.State != sinso.ReviewIsApproved && item.State != sinso.ReviewIsSound
			overruled = overruled || item.Profile == name && restricts && item.Decided > row.Decided
			return nil
		})
		return overruled, err
	})
}

var errNoChain = errors.New("this node is not connected to a chain")
