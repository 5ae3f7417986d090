package serve

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/quality"
	"sinso.dev/sinso/internal/way"
)

// studyQuality forecasts the quality of a copy of a study.
func (c *call) studyQuality() (*way.QualityReport, error) {
	found, err := forecast(c, c.way.Quality)
	if err != nil {
		return nil, err
	}
	return way.ReportForecast(found, c.way.QualityLeast()), nil
}

// assetQuality is the quality of a release as it was judged last.
func (c *call) assetQuality() (*way.QualityReport, error) {
	row, err := c.releaseRow(auth.See)
	if err != nil {
		return nil, err
	}
	return c.way.QualityOf(row)
}

// offeredQuality is what an offer's token commits to of a quality: the scores. What was found
// is in the copy itself.
type offeredQuality struct {
	Score int           `json:"score"`
	Parts []offeredPart `json:"parts" nullable:"false"` // those that are counted
}

// offeredPart is the score of one part.
type offeredPart struct {
	Part  string `json:"part"`
	Score int    `json:"score"`
}

// qualityOf is nil for a token that commits to none, or to one of rules that this node does
// not know.
func qualityOf(mark sinso.QualityMark) *offeredQuality {
	if mark.Version != quality.Version || mark.Score > wholeScore {
		return nil
	}
	out := &offeredQuality{Score: int(mark.Score), Parts: []offeredPart{}}
	for i, part := range quality.Parts() {
		if score := int(mark.Parts[i]); score <= wholeScore {
			out.Parts = append(out.Parts, offeredPart{string(part), score})
		}
	}
	return out
}

// wholeScore is the highest score; what is above it was not counted.
const wholeScore = 100
