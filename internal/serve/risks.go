package serve

import (
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
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
	study, err := c.studyRow(auth.Review)
	if err != nil {
		return nil, err
	}
	query := c.r.URL.Query()
	profile, err := preset(query.Get("profile"))
	if err != nil {
		return nil, err
	}
	var series []sinso.SeriesID
	for _, id := range strings.FieldsFunc(query.Get("series"), func(r rune) bool { return r == ',' }) {
		series = append(series, sinso.SeriesID(id))
	}
	if err := seriesNamed(series); err != nil {
		return nil, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return nil, err
	}
	defer leave()
	found, err := c.way.Risk(c.ctx(), study.ID, profile, series...)
	if err != nil {
		return nil, err
	}
	return c.riskShown(found), nil
}
