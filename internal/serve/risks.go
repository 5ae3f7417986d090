package serve

import (
	"context"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

// riskShown is a risk as the caller may know it: exactly, if they may review everybody's
// records; in steps, if not, for a person must not learn of any one other.
func (c *call) riskShown(r sinso.Risk) *way.RiskReport {
	_, all, err := c.caller.Scope(auth.Review)
	return way.ReportRisk(r, all && err == nil)
}

// studyRisk forecasts the risk of a copy of a study.
func (c *call) studyRisk() (*way.RiskReport, error) {
	found, err := forecast(c, c.way.Risk)
	if err != nil {
		return nil, err
	}
	return c.riskShown(found), nil
}

// forecast works something out of a copy of a study that is not made yet: of the series that are asked for, by the
// profile that is asked for.
func forecast[T any](c *call, of func(context.Context, sinso.StudyID, *deid.Profile, ...sinso.SeriesID) (T, error)) (found T, err error) {
	study, err := c.studyRow(auth.Review)
	if err != nil {
		return found, err
	}
	query := c.r.URL.Query()
	profile, err := preset(query.Get("profile"))
	if err != nil {
		return found, err
	}
	var series []sinso.SeriesID
	for _, id := range strings.FieldsFunc(query.Get("series"), func(r rune) bool { return r == ',' }) {
		series = append(series, sinso.SeriesID(id))
	}
	if err := seriesNamed(series); err != nil {
		return found, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return found, err
	}
	defer leave()
	return of(c.ctx(), study.ID, profile, series...)
}
