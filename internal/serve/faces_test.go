package serve

import (
	"bytes"
	"encoding/json"
	"image/png"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
	"sinso.dev/sinso/internal/way"
)

// TestFacesAreDrawnForWhoMayOpenThem releases a head of person a: the figures are told to
// who may know of it, the pictures are drawn for its owner and who treats, with progress,
// for nobody else, and are kept by nobody.
func TestFacesAreDrawnForWhoMayOpenThem(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds, and a minute under the race detector")
	}
	g := newRig(t)
	ctx, head := t.Context(), headphantom.Adult()
	objects := must[[][]byte](t)(headphantom.Series{Volume: headphantom.HeadFirst(headphantom.CT(), 5).Measure(head.At), Name: "S", BodyPart: "HEAD"}.Objects())
	study := must[way.ImportResult](t)(g.way.Import(ctx, source(objects), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	row := must[sinso.ReleaseRow](t)(g.way.Release(ctx, study, way.ReleaseOptions{Actor: "test", Profile: must[*deid.Profile](t)(deid.Preset("research-sale-defaced"))}))
	path := api + "/assets/" + string(row.ID)
	var told asset
	if err := json.Unmarshal(g.want(t, 200, "operator", "GET", path, "").body, &told); err != nil || len(told.Faces) != 1 || told.Faces[0].Objects != len(objects) || told.Faces[0].Changed == 0 {
		t.Fatalf("told of faces %+v, %v", told.Faces, err)
	}
	body := `{"series":"` + string(told.Faces[0].Series) + `"}`
	for role, want := range map[string]int{"": 401, "operator": 403, "other": 404, "buyer": 404, "auditor": 404, "member": 404} {
		g.want(t, want, role, "POST", path+"/faces", body)
	}
	g.want(t, 404, "owner", "POST", path+"/faces", `{"series":"e_`+strings.Repeat("a", 26)+`"}`)
	var drawn portraits
	got := g.want(t, 200, "owner", "POST", path+"/faces", body)
	if err := json.Unmarshal(got.body, &drawn); err != nil || got.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("cached %q, %v", got.Header.Get("Cache-Control"), err)
	}
	for name, data := range map[string][]byte{"before": drawn.Before, "after": drawn.After} {
		if picture, err := png.Decode(bytes.NewReader(data)); err != nil || picture.Bounds().Dx() != 3*portraitSize || picture.Bounds().Dy() != portraitSize {
			t.Errorf("%s: %v", name, err)
		}
	}
	if bytes.Equal(drawn.Before, drawn.After) {
		t.Error("before and after are the same")
	}
	lines := g.want(t, 200, "clinician", "POST", path+"/faces", body, "Accept", ndjsonType).body
	if !bytes.Contains(lines, []byte(`"progress"`)) || !bytes.Contains(lines, []byte(`"result"`)) {
		t.Errorf("the stream begins %.60s", lines)
	}
}
