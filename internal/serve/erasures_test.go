package serve

import (
	"encoding/json"
	"fmt"
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

// TestOwnerAsksAgainForWhatIsNotShownAnyMore: an erasure that has to wait is asked for again
// by its owner and nobody else, and gives the receipt when nothing keeps it.
func TestOwnerAsksAgainForWhatIsNotShownAnyMore(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path := api + "/studies/" + string(g.study) + "/erasure"
	g.want(t, 200, "local", "POST", api+"/local/holds", fmt.Sprintf(`{"what":%q,"reason":"court"}`, g.study))
	for range 2 {
		var told erasureView
		if err := json.Unmarshal(g.want(t, 200, "owner", "POST", path, "{}").body, &told); err != nil {
			t.Fatal(err)
		}
		if !told.Held || !told.Done.IsZero() || told.ID != string(g.study) {
			t.Errorf("%+v", told)
		}
		g.want(t, 404, "owner", "GET", api+"/studies/"+string(g.study), "")
		g.want(t, 404, "other", "POST", path, "{}")
		if got := g.do(t, "operator", "POST", path, "{}"); got.StatusCode < 400 {
			t.Errorf("an operator erases it: %d", got.StatusCode)
		}
	}
	g.want(t, 200, "local", "DELETE", api+"/local/holds/"+string(g.study), "")
	var told erasureView
	if err := json.Unmarshal(g.want(t, 200, "owner", "POST", path, "{}").body, &told); err != nil || told.Done.IsZero() || len(told.Receipt) == 0 {
		t.Errorf("%+v, %v", told, err)
	}
	g.want(t, 404, "owner", "POST", path, "{}")
}
