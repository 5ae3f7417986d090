package serve

import (
	"testing"

	"sinso.dev/sinso/internal/serve/dicomweb"
	"sinso.dev/sinso/internal/way"
)

// TestTheFeedGoesOnAfterAnErasure reads the DICOMweb change feed from its beginning, over
// the events of a study that was erased.
func TestTheFeedGoesOnAfterAnErasure(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	told := func() (n int) {
		t.Helper()
		if err := (webArchive{Way: g.way}).Changes(t.Context(), "", 0, 1000, func(dicomweb.Change) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := told()
	if _, err := g.way.Erase(t.Context(), string(g.study), way.EraseOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if after := told(); after >= before || after == 0 {
		t.Errorf("%d changes are told of, before %d", after, before)
	}
}
