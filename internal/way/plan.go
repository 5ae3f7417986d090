package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// What a release will be of, before anything is made.

// isDrafting reports whether a draft that would do is being made, or waits for it.
func (w *Way) isDrafting(ctx context.Context, study sinso.StudyRow, o ReleaseOptions) (bool, error) {
	if o.Author != nil || len(o.Series) > 0 {
		return false, nil
	}
	profile, err := w.effective(ctx, o.Profile, study.ID)
	if err != nil {
		return false, err
	}
	releases, err := w.Releases(ctx, study.Person)
	return slices.ContainsFunc(releases, func(row sinso.ReleaseRow) bool {
		return row.Study == study.ID && row.Draft && row.Author == nil && len(row.Series) == 0 && row.State == sinso.ReleaseIsPlanned && madeUnder(profile, row)
	}), err
}

// planNow plans a release by what persons have decided, and the templates that they have
// drawn, so far, and agrees in the co-creator's name if that is asked for.
func (w *Way) planNow(ctx context.Context, a *asking, study sinso.StudyID, o ReleaseOptions) (id sinso.ReleaseID, err error) {
	if o.Profile, err = w.effective(ctx, o.Profile, study); err != nil {
		return "", err
	}
	if o.Series, err = w.part(ctx, study, o.Series); err != nil {
		return "", err
	}
	w.planning.Lock()
	defer w.planning.Unlock()
	if id, err = w.plan(ctx, study, o); err != nil {
		return "", err
	}
	row, err := w.ReleaseRow(ctx, id)
	if err == nil && row.State == sinso.ReleaseIsAwaiting && o.Accepted {
		row, err = w.answerAuthor(ctx, id, KeeperAccepts, o.Actor)
	}
	if err == nil && row.State != sinso.ReleaseIsAwaiting { // else the next who asks finds it asked
		a.hold(id)
	}
	return id, err
}

// planStill returns the plan of a release whose turn has come. One that waited while a
// template was drawn is planned anew: what persons want blanked is blanked.
func (w *Way) planStill(ctx context.Context, a *asking, id sinso.ReleaseID, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	if id == "" {
		return w.planNow(ctx, a, study, o)
	}
	profile, err := w.effective(ctx, o.Profile, study)
	if err != nil {
		return "", err
	}
	if outdated, err := w.endOutdated(ctx, id, profile, o.Actor); err != nil || !outdated {
		return id, err
	}
	return w.planNow(ctx, a, study, o)
}

// endOutdated ends a plan that is not made under a profile, unless it was called off.
func (w *Way) endOutdated(ctx context.Context, id sinso.ReleaseID, profile *deid.Profile, actor string) (bool, error) {
	w.making.ending.Lock()
	defer w.making.ending.Unlock()
	row, err := w.ReleaseRow(ctx, id)
	if err != nil || row.State != sinso.ReleaseIsPlanned || madeUnder(profile, row) {
		return false, err
	}
	return true, w.recallNow(ctx, row, ReasonReviewed, actor)
}

// planDraft plans a draft, and agrees in the co-creator's name if that is asked for.
func (w *Way) planDraft(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (row sinso.ReleaseRow, err error) {
	w.planning.Lock()
	defer w.planning.Unlock()
	id, err := w.plan(ctx, study, o)
	if err != nil {
		return row, err
	}
	if row, err = w.ReleaseRow(ctx, id); err == nil && row.State == sinso.ReleaseIsAwaiting && o.Accepted {
		row, err = w.answerAuthor(ctx, id, KeeperAccepts, o.Actor)
	}
	return row, err
}

// plan fixes the secret of a release, before anything is made with it. A release
// of this study, or of this part of it, that is not finished, and that nobody waits for or
// that has a co-creator, is taken up instead. The caller holds w.planning.
func (w *Way) plan(ctx context.Context, id sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	o.Terms = o.Terms.Full()
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(id) })
	if err != nil {
		return "", fmt.Errorf("way: study %s: %w", id, err)
	}
	releases, err := w.Releases(ctx, study.Person)
	if err != nil {
		return "", err
	}
	if err := w.checkAuthor(study, o.Author); err != nil {
		return "", err
	}
	decided, err := w.verdicts(ctx, id, o.Profile)
	if err != nil {
		return "", err
	}
	count := 0
	for _, row := range releases {
		if row.Study != id {
			continue
		}
		if row.Author == nil && w.making.isHeld(row.ID) { // of another who asked; a co-creator is asked once
			count++
			continue
		}
		// Made before persons decided, or of the study before it grew.
		if row.Draft && row.State == sinso.ReleaseIsStored && (row.Decided < decided.upTo || row.Seq < study.ImportSeq) {
			count++
			continue
		}
		unfinished := (toBeMade(row) || row.State == sinso.ReleaseIsStored) && slices.Equal(row.Series, o.Series)
		if unfinished && row.Draft == o.draft && (!row.Draft || madeUnder(o.Profile, row) && o.hasAuthor(row)) {
			return row.ID, w.sameTerms(row, o)
		}
		if unfinished && row.Draft && madeUnder(o.Profile, row) && row.Author == nil && o.Author == nil && row.Seq > study.ImportSeq && study.Listed == study.Instances {
			return row.ID, w.priced(ctx, row, o)
		}
		count++
	}
	if still, err := w.stillRefused(ctx, releases, study, decided.upTo, o); err != nil || still != "" {
		return still, err
	}
	if err := mayAsk(releases, o); err != nil {
		return "", err
	}
	release, err := w.freeRelease(ctx, id, count)
	if err != nil {
		return "", err
	}
	// An import that was cut off, or is under way: what is released was imported.
	if err := w.closeStudy(ctx, id, o.Actor, study.Origin); err != nil {
		return "", err
	}
	var secret sinso.CEK
	if _, err := w.Rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("way: randomness: %w", err)
	}
	wrapped, err := w.Keys.Wrap(ctx, sinso.PersonKey(study.Person), secret, []byte(release))
	if err != nil {
		return "", fmt.Errorf("way: release %s: %w", release, err)
	}
	body := sinso.ReleasePlanned{
		Release: release, Study: id, Secret: wrapped, Price: o.Price, Terms: o.Terms, Series: o.Series, Author: o.Author, Draft: o.draft,
		Profile: string(o.Profile.Text()),
	}
	if o.Author != nil {
		body.Until = w.Clock.Now().UTC().Add(authorWithin).Truncate(time.Second)
	}
	err = w.recordOne(ctx, sinso.EventReleasePlanned, o.Actor, study.Person, body)
	return release, err
}

// mayAsk is ErrManyReleases if a person's releases wait for as many co-creators as may be
// asked at once.
func mayAsk(releases []sinso.ReleaseRow, o ReleaseOptions) error {
	asked := 0
	for _, row := range releases {
		if row.State == sinso.ReleaseIsAwaiting {
			asked++
		}
	}
	if o.Author == nil || asked < maxOwnAsked {
		return nil
	}
	return fmt.Errorf("way: %d of this person wait for a co-creator, and no more than that at once: %w", asked, ErrManyReleases)
}

// freeRelease names the next release of a study: those of whose it was before have
// their names too.
func (w *Way) freeRelease(ctx context.Context, study sinso.StudyID, count int) (sinso.ReleaseID, error) {
	for {
		count++
		id := w.namer.Release(study, strconv.Itoa(count))
		_, err := w.ReleaseRow(ctx, id)
		if errors.Is(err, sinso.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// sameTerms refuses to take up a release that was begun at another price, on other terms,
// with another co-creator or under another profile: nobody shall sell on terms that they did not name.
// The node's templates are none of them: it ends under those that it was begun under.
func (w *Way) sameTerms(row sinso.ReleaseRow, o ReleaseOptions) error {
	begun := o.Profile
	if row.Profile != "" {
		var err error
		if begun, err = w.ProfileOf(row); err != nil {
			return err
		}
	}
	same := row.Price.Int().Cmp(o.Price.Int()) == 0 && row.Terms == o.Terms && (row.Author == nil) == (o.Author == nil) && begun.OwnHash() == o.Profile.OwnHash()
	if same && o.Author != nil {
		same = *row.Author == *o.Author
	}
	if same {
		return nil
	}
	return fmt.Errorf("way: release %s of this study was begun for %s wei and is not finished: release it on the same terms, let the node finish it first, or ask its co-creator no longer: %w",
		row.ID, row.Price, sinso.ErrExists)
}
