package node

import (
	"fmt"
	"strconv"
	"strings"

	"sinso.dev/sinso"
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

// SayRisk says in sentences how far a release can be told from others, exactly.
func SayRisk(r sinso.Risk) []string { return way.SayRisk(r, true) }

// ExplainRisk is a sentence for a flag of a risk, "" for what is none.
func ExplainRisk(flag string) string { return way.ExplainRisk(flag) }
