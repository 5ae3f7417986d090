package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestPartIsReleasedByItsOwner: chosen series go and nothing else; a series that is not
// of the study is not there.
func TestPartIsReleasedByItsOwner(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	own := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), g.study))
	others := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), g.other))
	ask := func(series string) string {
		return fmt.Sprintf(`{"study":%q,"priceWei":"5","series":[%s]}`, g.study, series)
	}
	for _, wrong := range []string{`""`, `"e_x"`, `"` + string(others[0].ID) + `"`, `"e_aaaaaaaaaaaaaaaaaaaaaaaaaa"`} {
		g.want(t, 404, "owner", "POST", api+"/assets", ask(wrong))
		g.want(t, 404, "owner", "GET", api+"/studies/"+string(g.study)+"/risk?series="+strings.Trim(wrong, `"`)+",e_x", "")
	}
	g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study)+"/risk?series="+string(own[0].ID), "")
	answer := g.want(t, 200, "owner", "POST", api+"/assets", ask(`"`+string(own[0].ID)+`"`))
	var made asset
	if err := json.Unmarshal(answer.body, &made); err != nil || len(made.Series) != 1 || made.Series[0] != own[0].ID || made.Instances != own[0].Instances || made.Token == "" {
		t.Errorf("got %s, %v", answer.body, err)
	}
	way := g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study)+"/way", "")
	if !strings.Contains(string(way.body), "A de-identified copy of one series was ordered") {
		t.Errorf("its way says %s", way.body)
	}
}
