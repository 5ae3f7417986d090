package node

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

// wholeQuality is the highest score.
const wholeQuality = 100

// qualityLeast reads QualityLeast.
func (c Config) qualityLeast() (int, error) {
	n, err := strconv.ParseUint(c.QualityLeast, 10, 8)
	if c.QualityLeast != "" && (err != nil || n > wholeQuality) {
		return 0, fmt.Errorf("config: quality-least: want a score of 0 to %d, such as 70, not %q: %w", wholeQuality, c.QualityLeast, sinso.ErrInvalid)
	}
	return int(n), nil
}

// ReasonQuality refuses a release of less quality than the node asks for.
const ReasonQuality = way.ReasonQuality

// QualityReport is a quality as it is told.
type QualityReport = way.QualityReport

// QualityUnder judges a release that was made (r_…), or forecasts the quality of a study's copy
// under a preset or profile file, "" for the node's own.
func (n *Node) QualityUnder(ctx context.Context, id, which string) (*QualityReport, error) {
	if strings.HasPrefix(id, "r_") {
		row, err := n.ReleaseRow(ctx, sinso.ReleaseID(id))
		if err != nil {
			return nil, err
		}
		return n.QualityOf(row)
	}
	var profile *deid.Profile
	if which != "" {
		var err error
		if profile, err = DeidProfile(which); err != nil {
			return nil, err
		}
	}
	found, err := n.Quality(ctx, sinso.StudyID(id), profile)
	if err != nil {
		return nil, err
	}
	return way.ReportForecast(found, n.QualityLeast()), nil
}
