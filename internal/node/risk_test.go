package node

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestRiskSetting reads what may be asked for, and refuses what a single person would
// decide over.
func TestRiskSetting(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sinso.RiskLimits{
		"": {}, "0": {}, "11": {K: 11}, "11,5": {K: 11, Released: 5}, "0, 3": {Released: 3}, "10000": {K: 10_000},
	} {
		if got, err := (Config{RiskK: text}).risk(); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"1", "2", "11,2", "-3", "x", "11,", "11,5,3", "10001", "3.5"} {
		if got, err := (Config{RiskK: text}).risk(); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %+v, %v, want it refused", text, got, err)
		}
	}
}
