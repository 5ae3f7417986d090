package serve

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/quality"
	"sinso.dev/sinso/internal/way"
)

// TestQualityIsTold to who may know: of a study before a copy is made, of a release, and of an
// offer by its scores alone.
func TestQualityIsTold(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	study := g.neck(t, g.a, 1, "Neck") // a CT without anything that makes one
	var found way.QualityReport
	if err := json.Unmarshal(g.want(t, 200, "owner", "GET", api+"/studies/"+string(study)+"/quality", "").body, &found); err != nil {
		t.Fatal(err)
	}
	if !found.Forecast || found.Score > quality.Slack || len(found.Parts) != sinso.QualityParts || len(found.Parts[0].Findings) == 0 {
		t.Errorf("got %+v", found)
	}
	for _, query := range []string{"?profile=none", "?profile=registry"} {
		g.want(t, 400, "clinician", "GET", api+"/studies/"+string(study)+"/quality"+query, "")
	}
	g.want(t, 404, "clinician", "GET", api+"/studies/"+string(study)+"/quality?series=e_nothing", "")
	g.want(t, 404, "clinician", "GET", api+"/assets/r_"+strings.Repeat("a", 26)+"/quality", "")
}

// TestQualityOfAnOffer tells scores that are scores, of rules that are known.
func TestQualityOfAnOffer(t *testing.T) {
	t.Parallel()
	mark := sinso.QualityMark{Version: 1, Score: 91, Parts: [sinso.QualityParts]uint8{100, 90, 80, 70, 255, 100, 101}}
	got := qualityOf(mark)
	if got == nil || got.Score != 91 || len(got.Parts) != 5 || got.Parts[3] != (offeredPart{"resolution", 70}) {
		t.Errorf("got %+v", got)
	}
	for name, change := range map[string]func(*sinso.QualityMark){
		"none": func(m *sinso.QualityMark) { *m = sinso.QualityMark{} }, "other rules": func(m *sinso.QualityMark) { m.Version = 2 }, "no score": func(m *sinso.QualityMark) { m.Score = 101 },
	} {
		other := mark
		if change(&other); qualityOf(other) != nil {
			t.Errorf("%s: it is told", name)
		}
	}
}

// TestFindingsHaveWords on the page, in both of its languages.
func TestFindingsHaveWords(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "zh"} {
		var words map[string]string
		if err := json.Unmarshal(must[[]byte](t)(os.ReadFile("../../web/src/words/"+language+".json")), &words); err != nil {
			t.Fatal(err)
		}
		for name := range quality.Findings() {
			_, helps := words["quality.helps."+name]
			if words["quality.found."+name] == "" || !helps {
				t.Errorf("%s: a finding %q has no words", language, name)
			}
		}
		for _, part := range quality.Parts() {
			if words["quality.part."+string(part)] == "" {
				t.Errorf("%s: the part %q has no words", language, part)
			}
		}
	}
}
