package way

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

// The risk of a release: how many persons look the same by what it shows. It is counted
// when a derivative is made and again when it is to be sold, and written down both
// times; what the operator asked for holds at the second.

// ReasonRisk refuses a release by which too few persons look the same.
const ReasonRisk = sinso.Reason("risk")

// RiskLimits is what the node asks for; see [Config].
func (w *Way) RiskLimits() sinso.RiskLimits { return w.cfg.Risk }

// Risk forecasts the risk of a derivative of a study, or of chosen series of it, under a
// profile, nil for the node's, before there is one: by what the newest derivative of it as it stands shows, or, where
// there is none, by what the metadata of one instance of each series says. Nothing is
// opened or stored. ErrInvalid for a profile by which nothing may be sold, ErrUnsupported if of
// no instance there is metadata.
func (w *Way) Risk(ctx context.Context, id sinso.StudyID, profile *deid.Profile, chosen ...sinso.SeriesID) (sinso.Risk, error) {
	if profile == nil {
		profile = w.profile
	}
	if err := maySell(profile); err != nil {
		return sinso.Risk{}, err
	}
	study, err := w.Study(ctx, id)
	if err != nil {
		return sinso.Risk{}, fmt.Errorf("way: study %s: %w", id, err)
	}
	if profile, err = w.effective(ctx, profile, id); err != nil {
		return sinso.Risk{}, err
	}
	if chosen, err = w.part(ctx, id, chosen); err != nil {
		return sinso.Risk{}, err
	}
	shows, err := w.showing(ctx, study, chosen, profile)
	if err != nil {
		return sinso.Risk{}, err
	}
	found, err := w.assess(ctx, id, shows)
	if err != nil {
		return sinso.Risk{}, err
	}
	return *found, nil
}

// KnowCrowd reads the persons of the catalogue, so that the first who wants to know how
// many are alike need not wait for it.
func (w *Way) KnowCrowd(ctx context.Context) error {
	w.crowd.mu.Lock()
	defer w.crowd.mu.Unlock()
	return w.bringCrowd(ctx)
}

// showing says what a derivative of a study, or of a part of it, shows, or would show.
func (w *Way) showing(ctx context.Context, study sinso.StudyRow, chosen []sinso.SeriesID, profile *deid.Profile) (risk.Showing, error) {
	releases, err := w.Releases(ctx, study.Person)
	if err != nil {
		return risk.Showing{}, err
	}
	for _, row := range slices.Backward(releases) {
		if row.Study == study.ID && slices.Equal(row.Series, chosen) && row.Risk != nil && madeUnder(profile, row) && row.Seq > study.ImportSeq {
			return shownBy(row.Risk)
		}
	}
	return w.forecast(ctx, study.ID, chosen, profile)
}

// shownBy is what a derivative shows of which the risk was written down.
func shownBy(known *sinso.Risk) (risk.Showing, error) {
	shows, err := risk.NewShowing(known.Shown, known.Flags, known.Texts)
	if err != nil {
		return shows, fmt.Errorf("way: a release's risk: %w", err)
	}
	return shows, nil
}

// maxForecast bounds the series that are looked at for a forecast.
const maxForecast = 64

// forecast says what a derivative would show, by the first instance of each chosen series; one
// by one, for metadata may be long. An instance that no derivative can be made of shows
// nothing.
func (w *Way) forecast(ctx context.Context, study sinso.StudyID, chosen []sinso.SeriesID, profile *deid.Profile) (risk.Showing, error) {
	clean := func(object []byte) ([]byte, error) {
		result, err := profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: object}, deid.Release{Believe: true})
		return result.Clean.Bytes, err
	}
	some := false
	shows, err := view(ctx, w, func(tx sinso.MetaTx) (shows risk.Showing, err error) {
		series, err := gather(func(fn func(sinso.SeriesRow) error) error { return tx.Series(study, fn) })
		series = slices.DeleteFunc(series, func(one sinso.SeriesRow) bool { return len(chosen) > 0 && !slices.Contains(chosen, one.ID) })
		for _, one := range series[:min(len(series), maxForecast)] {
			err := tx.Metadata(one.ID, func(_ sinso.InstanceRow, metadata []byte) error {
				if more, err := risk.Forecast(metadata, clean); err == nil {
					shows.Merge(more)
					some = true
				}
				return errEnough
			})
			if err := errors.Join(ignore(err, errEnough), ctx.Err()); err != nil {
				return shows, err
			}
		}
		return shows, err
	})
	if err == nil && !some {
		err = fmt.Errorf("way: study %s: what a copy of it shows is not known before it is made: %w", study, sinso.ErrUnsupported)
	}
	return shows, err
}

// assess counts the persons who look the same by what a derivative of a study shows.
func (w *Way) assess(ctx context.Context, id sinso.StudyID, shows risk.Showing) (*sinso.Risk, error) {
	study, err := w.Study(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("way: study %s: %w", id, err)
	}
	c := w.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := w.bringCrowd(ctx); err != nil {
		return nil, err
	}
	at, there := c.studies[id]
	if !there {
		return nil, fmt.Errorf("way: study %s: its person was erased, or it is gone: %w", id, sinso.ErrNotFound)
	}
	own := c.all.At(at.all)
	if at.out == 0 { // as if it were released
		entry, err := c.out.Enter(string(study.Person), own)
		if err != nil {
			return nil, fmt.Errorf("way: study %s: %w", id, err)
		}
		defer c.out.Leave(entry) //nolint:errcheck // it was just entered
	}
	limits := w.cfg.Risk
	traits, unknown := shows.Of(own)
	shown := risk.Disclosure{Traits: traits}
	of := c.all.Assess(shown, risk.Policy{K: limits.K, Procedure: risk.KPublic, TopCoded: true})
	released := c.out.Assess(shown, risk.Policy{K: 1, TopCoded: true})
	flags := slices.Concat(of.Flags, shows.Flags())
	slices.Sort(flags)
	out := &sinso.Risk{
		K: of.K, Possible: of.Possible, Released: released.K, Persons: c.all.Persons(), OfReleased: c.out.Persons(),
		Least: limits.K, LeastReleased: limits.Released,
		Shown: names(shows.Traits()), Unknown: names(unknown), Texts: shows.Texts(),
	}
	for _, flag := range flags {
		out.Flags = append(out.Flags, string(flag))
	}
	for _, advice := range of.Advice {
		out.Advice = append(out.Advice, sinso.RiskAdvice{Hide: names(advice.Hide), K: advice.K})
	}
	return out, nil
}

func names(traits []risk.Trait) []string {
	var out []string
	for _, trait := range traits {
		out = append(out, trait.String())
	}
	return out
}

// riskNow counts the risk of a derivative that is there, as it is now. One from before
// risks were counted shows what the metadata of its study says.
func (w *Way) riskNow(ctx context.Context, row sinso.ReleaseRow) (*sinso.Risk, error) {
	var shows risk.Showing
	var err error
	if row.Risk != nil {
		shows, err = shownBy(row.Risk)
	} else {
		profile, profileErr := w.ProfileOf(row)
		if profileErr != nil {
			return nil, profileErr
		}
		shows, err = w.forecast(ctx, row.Study, row.Series, profile)
	}
	if err != nil {
		return nil, err
	}
	return w.assess(ctx, row.Study, shows)
}

// tooFew refuses a release that is stored and to be sold, if too few persons look the
// same by it. Where the node asks for nothing it never does.
func (w *Way) tooFew(ctx context.Context, row sinso.ReleaseRow, actor string) (bool, error) {
	if w.cfg.Risk == (sinso.RiskLimits{}) {
		return false, nil
	}
	now, err := w.riskNow(ctx, row)
	if err != nil || now.Enough() {
		return false, err
	}
	err = w.recordOne(ctx, sinso.EventReleaseRefused, actor, row.Person, sinso.ReleaseRefused{
		Release: row.ID, Study: row.Study, Reason: ReasonRisk, Withheld: row.Withheld, Decided: row.Decided, Risk: now,
	})
	return true, err
}

// stillTooFew returns the newest release of a study, or of the same part, that was refused for its risk under
// the same profile, made of the same instances, if it would be refused again: then it is
// not made again. What has changed of its risk is written down.
func (w *Way) stillTooFew(ctx context.Context, releases []sinso.ReleaseRow, study sinso.StudyRow, decided uint64, o ReleaseOptions) (sinso.ReleaseID, error) {
	for _, row := range slices.Backward(releases) {
		if row.Study != study.ID || row.Reason != ReasonRisk || row.Risk == nil || !madeUnder(o.Profile, row) || !slices.Equal(row.Series, o.Series) {
			continue
		}
		if row.Seq < study.ImportSeq || study.Listed != study.Instances || row.Decided < decided {
			return "", nil
		}
		now, err := w.riskNow(ctx, row)
		if err != nil || now.Enough() {
			return "", err
		}
		if !reflect.DeepEqual(now, row.Risk) {
			_, err = w.tooFew(ctx, row, o.Actor)
		}
		return row.ID, err
	}
	return "", nil
}

// priced takes up a draft for a price, with its risk as it is by now.
func (w *Way) priced(ctx context.Context, row sinso.ReleaseRow, o ReleaseOptions) error {
	now, err := w.riskNow(ctx, row)
	if err != nil && !errors.Is(err, sinso.ErrUnsupported) {
		return err
	}
	return w.recordOne(ctx, sinso.EventReleasePriced, o.Actor, row.Person, sinso.ReleasePriced{Release: row.ID, Price: o.Price, Terms: o.Terms, Risk: now})
}
