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

// leastRisk is the smallest count that may be asked for: one that a single other person
// decides over would tell of them.
const leastRisk = 3

// maxRisk bounds what may be asked for: counting ends there.
const maxRisk = 10_000

// risk reads RiskK: a count, or two with a comma between.
func (c Config) risk() (sinso.RiskLimits, error) {
	var limits sinso.RiskLimits
	all, released, both := strings.Cut(c.RiskK, ",")
	into := map[*uint64]string{&limits.K: all}
	if both {
		into[&limits.Released] = released
	}
	for at, text := range into {
		n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
		if c.RiskK != "" && (err != nil || n != 0 && n < leastRisk || n > maxRisk) {
			return limits, fmt.Errorf("config: risk-k: want 0, or %d to %d, and perhaps a comma and another, such as 11,5, not %q: %w", leastRisk, maxRisk, c.RiskK, sinso.ErrInvalid)
		}
		*at = n
	}
	return limits, nil
}

// ReasonRisk refuses a release by which too few persons look the same.
const ReasonRisk = way.ReasonRisk

// RiskReport is a risk as it is told.
type RiskReport = way.RiskReport

// ReportRisk tells a risk exactly.
func ReportRisk(r sinso.Risk) *RiskReport { return way.ReportRisk(r, true) }

// RiskUnder forecasts the risk of a study's copy under a preset or profile file, "" for
// the node's own.
func (n *Node) RiskUnder(ctx context.Context, study sinso.StudyID, which string) (*RiskReport, error) {
	var profile *deid.Profile
	if which != "" {
		var err error
		if profile, err = DeidProfile(which); err != nil {
			return nil, err
		}
	}
	found, err := n.Risk(ctx, study, profile)
	if err != nil {
		return nil, err
	}
	return ReportRisk(found), nil
}
