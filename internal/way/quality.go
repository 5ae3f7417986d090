package way

import (
	"context"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/quality"
)

// The quality of a release: whether it is formatted and whole enough to become an asset. It
// is judged when a derivative is made, the token commits to it, and what the operator asks
// for holds when it is to be sold.

// ReasonQuality refuses a release of less quality than the node asks for.
const ReasonQuality = sinso.Reason("low-quality")

// QualityForecast is a quality before there is a derivative: of its metadata alone.
type QualityForecast struct {
	sinso.Quality
	Of int // instances of what was asked for; Quality.Instances of them were looked at
}

// Quality forecasts the quality of a derivative of a study, or of chosen series of it, under
// a profile, nil for the node's: by the metadata of its instances, so that nothing is opened
// or stored, and pixels are not judged. Errors are those of [Way.Risk].
func (w *Way) Quality(ctx context.Context, id sinso.StudyID, profile *deid.Profile, chosen ...sinso.SeriesID) (QualityForecast, error) {
	if profile == nil {
		profile = w.profile
	}
	if err := maySell(profile); err != nil {
		return QualityForecast{}, err
	}
	if _, err := w.Study(ctx, id); err != nil {
		return QualityForecast{}, fmt.Errorf("way: study %s: %w", id, err)
	}
	profile, err := w.effective(ctx, profile, id)
	if err != nil {
		return QualityForecast{}, err
	}
	if chosen, err = w.part(ctx, id, chosen); err != nil {
		return QualityForecast{}, err
	}
	all, err := w.Series(ctx, id)
	if err != nil {
		return QualityForecast{}, fmt.Errorf("way: study %s: %w", id, err)
	}
	var of quality.Release
	var out QualityForecast
	for _, row := range all {
		if len(chosen) > 0 && !slices.Contains(chosen, row.ID) {
			continue
		}
		out.Of += row.Instances
		if out.Of > maxGraded { // a part of a series would seem to have gaps
			continue
		}
		series, err := w.judgeSeries(ctx, row.ID, profile)
		if err != nil {
			return QualityForecast{}, err
		}
		if len(series.Instances) > 0 {
			of.Series = append(of.Series, series)
		}
	}
	if len(of.Series) == 0 {
		return QualityForecast{}, fmt.Errorf("way: study %s: nobody knows how good a copy of it would be before it is made: %w", id, sinso.ErrUnsupported)
	}
	out.Quality = quality.Assess(of)
	return out, nil
}

// maxGraded bounds the instances that a forecast looks at: some 1 ms each.
const maxGraded = 8192

// judgeSeries judges the instances of a series by their metadata. What no derivative can be
// made of counts as held back.
func (w *Way) judgeSeries(ctx context.Context, id sinso.SeriesID, profile *deid.Profile) (quality.Series, error) {
	clean := func(object []byte) ([]byte, error) {
		result, err := profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: object}, deid.Release{Believe: true})
		return result.Clean.Bytes, err
	}
	return view(ctx, w, func(tx sinso.MetaTx) (series quality.Series, err error) {
		err = tx.Metadata(id, func(row sinso.InstanceRow, metadata []byte) error {
			if row.Deidentified == sinso.DeidentifiedHere { // no institution vouches for another's
				series.Withheld++
				return ctx.Err()
			}
			var one quality.Instance
			err := guarded(func() (err error) {
				one, err = w.gate.Forecast(metadata, clean)
				return err
			})
			if err != nil {
				series.Withheld++
				return ctx.Err()
			}
			series.Instances = append(series.Instances, one)
			return ctx.Err()
		})
		return series, err
	})
}

// grade judges the derivatives of a release as a whole.
func (d *derivation) grade(ctx context.Context, instances []sinso.InstanceRow) error {
	d.step("quality")
	var order []sinso.SeriesID
	series := map[sinso.SeriesID]*quality.Series{}
	for i, result := range d.results {
		id := instances[i].Series
		if series[id] == nil {
			order, series[id] = append(order, id), &quality.Series{}
		}
		switch {
		case len(result.withheld) == 0:
			series[id].Instances = append(series[id].Instances, result.judged)
		case result.withheld[0] != ReasonNotChosen:
			series[id].Withheld++
		}
	}
	market, err := d.market(ctx, d.row.Study, nothing)
	if err != nil {
		return err
	}
	release := quality.Release{Market: market}
	for _, id := range order {
		if len(series[id].Instances) > 0 { // a series of which nothing goes is no part of it
			release.Series = append(release.Series, *series[id])
		}
	}
	found := quality.Assess(release)
	d.manifest.Quality = &found
	d.sample = quality.SketchOf(release.Series)
	return nil
}

// nothing is going to the market.
func nothing(sinso.ReleaseID) bool { return false }

// market samples what this node has for sale, or that is just going there, of other studies than one: one
// and the same may be offered again, on other terms.
func (w *Way) market(ctx context.Context, except sinso.StudyID, going func(sinso.ReleaseID) bool) ([]quality.Sketch, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sold []quality.Sketch, err error) {
		err = tx.Releases("", func(row sinso.ReleaseRow) error {
			if row.State != sinso.ReleaseIsRegistered && !going(row.ID) || row.Study == except || len(row.Sample) == 0 {
				return ctx.Err()
			}
			sketch, err := quality.ReadSketch(row.Sample)
			sold = append(sold, sketch)
			return err
		})
		return sold, err
	})
}

// qualityNow is the quality of a derivative that is there, as it is now; nil of one from before
// it was judged.
func (w *Way) qualityNow(ctx context.Context, row sinso.ReleaseRow, going func(sinso.ReleaseID) bool) (*sinso.Quality, error) {
	if row.Quality == nil {
		return nil, nil //nolint:nilnil // nobody judged it: no error
	}
	sample, err := quality.ReadSketch(row.Sample)
	if err != nil {
		return nil, fmt.Errorf("way: release %s: %w", row.ID, err)
	}
	market, err := w.market(ctx, row.Study, going)
	if err != nil {
		return nil, err
	}
	now := quality.Renewed(*row.Quality, sample, market)
	return &now, nil
}

// QualityLeast is what the node asks for; see [Config].
func (w *Way) QualityLeast() int { return w.cfg.QualityLeast }

// tooPoor refuses a release that is stored and to be sold, if it is of less quality than the
// node asks for. The caller holds w.making.ending.
func (w *Way) tooPoor(ctx context.Context, row sinso.ReleaseRow, actor string) (bool, error) {
	if w.cfg.QualityLeast == 0 {
		return false, nil
	}
	now, err := w.qualityNow(ctx, row, func(id sinso.ReleaseID) bool { return w.making.minting[id] != nil })
	if err != nil || now == nil || now.Score >= w.cfg.QualityLeast {
		return false, err
	}
	err = w.recordOne(ctx, sinso.EventReleaseRefused, actor, row.Person, sinso.ReleaseRefused{
		Release: row.ID, Study: row.Study, Reason: ReasonQuality, Withheld: row.Withheld, Decided: row.Decided, Quality: now,
	})
	return true, err
}

// stillRefused returns the newest release of a study, or of the same part, that was refused for
// what it is, under the same profile, made of the same instances, if it would be refused again:
// then it is not made again.
func (w *Way) stillRefused(ctx context.Context, releases []sinso.ReleaseRow, study sinso.StudyRow, decided uint64, o ReleaseOptions) (sinso.ReleaseID, error) {
	still, err := w.stillTooFew(ctx, releases, study, decided, o)
	if err != nil || still != "" {
		return still, err
	}
	for _, row := range slices.Backward(releases) {
		if row.Study != study.ID || row.Reason != ReasonQuality || !madeUnder(o.Profile, row) || !slices.Equal(row.Series, o.Series) {
			continue
		}
		if row.Seq < study.ImportSeq || study.Listed != study.Instances || row.Decided < decided {
			return "", nil
		}
		now, err := w.qualityNow(ctx, row, nothing)
		if err != nil || now == nil || now.Score >= w.cfg.QualityLeast {
			return "", err
		}
		return row.ID, nil
	}
	return "", nil
}

// QualityReport is a quality as it is told: scores, and each finding in a sentence.
type QualityReport struct {
	Score     int           `json:"score"`    // 0 to 100
	Least     int           `json:"least"`    // what the node asks for; 0: nothing
	Enough    bool          `json:"enough"`   // that is reached
	Forecast  bool          `json:"forecast"` // by the metadata alone: nothing was made, and pixels were not judged
	Instances int           `json:"instances"`
	Of        int           `json:"of"` // instances that there are
	Parts     []QualityPart `json:"parts" nullable:"false"`
}

// QualityPart is one part of a quality as it is told.
type QualityPart struct {
	Part     string           `json:"part"`
	Score    int              `json:"score"`
	Weight   int              `json:"weight"` // 0: there is nothing to judge by, and it does not count
	Findings []QualityFinding `json:"findings" nullable:"false"`
}

// QualityFinding is a finding with what it is and what would help.
type QualityFinding struct {
	Finding   string `json:"finding"`
	Tag       string `json:"tag"`       // the attribute that it is of, "" if it is of none
	Attribute string `json:"attribute"` // its name
	Count     int    `json:"count"`     // instances, or places between slices
	Says      string `json:"says"`
	Helps     string `json:"helps"`
}

// ReportQuality tells a quality.
func ReportQuality(q sinso.Quality, least int) *QualityReport {
	out := &QualityReport{Score: q.Score, Least: least, Enough: q.Score >= least, Instances: q.Instances, Of: q.Instances, Parts: []QualityPart{}}
	for _, p := range q.Parts {
		told := QualityPart{Part: p.Part, Score: p.Score, Weight: p.Weight, Findings: []QualityFinding{}}
		for _, f := range p.Findings {
			says, helps := quality.Explain(f.Finding)
			told.Findings = append(told.Findings, QualityFinding{f.Finding, f.Tag, quality.Attribute(f.Tag), f.Count, says, helps})
		}
		out.Parts = append(out.Parts, told)
	}
	return out
}

// ReportForecast tells a quality before there is a derivative.
func ReportForecast(f QualityForecast, least int) *QualityReport {
	out := ReportQuality(f.Quality, least)
	out.Forecast, out.Of = true, f.Of
	return out
}

// QualityOf tells the quality of a release, as it was judged last. ErrUnsupported of one that
// nothing was made of, or that was made before there was a judgement.
func (w *Way) QualityOf(row sinso.ReleaseRow) (*QualityReport, error) {
	if row.Quality == nil {
		return nil, fmt.Errorf("way: release %s was not judged: nothing was made of it, or an older version made it: %w", row.ID, sinso.ErrUnsupported)
	}
	return ReportQuality(*row.Quality, w.cfg.QualityLeast), nil
}
