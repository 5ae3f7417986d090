package way

import (
	"testing"

	"sinso.dev/sinso"
)

// TestReleaseRefusedForItsRiskTellsOfItsFaces still, also after a rebuild.
func TestReleaseRefusedForItsRiskTellsOfItsFaces(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds, and a minute under the race detector")
	}
	s := withoutFaces(t)
	s.cfg.Risk = sinso.RiskLimits{K: 5}
	row := s.draft(s.imports(headObjects(t, 5)...).Studies[0])
	if refused, err := s.tooFew(t.Context(), row, "test"); err != nil || !refused || len(row.Faces) != 1 {
		t.Fatalf("refused %v, %v, %d faces", refused, err, len(row.Faces))
	}
	for _, when := range []string{"refused", "rebuilt"} {
		if row = must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), row.ID)); len(row.Faces) != 1 {
			t.Errorf("%s: it tells of %d faces, want 1", when, len(row.Faces))
		}
		s.rebuilt()
	}
}
