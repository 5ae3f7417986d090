package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// someTemplate is a template as it is added by name.
const someTemplate = `{"manufacturer":"Synthetic Sound Works","rows":48,"columns":64,"boxes":[[0,0,64,8]]}`

// template adds one, and returns its id.
func (g *rig) template(t *testing.T) string {
	t.Helper()
	return g.want(t, 200, "operator", "POST", api+"/templates", strings.Replace(someTemplate, "[[0,", "[[1,", 1)).field(t, "id")
}

// templateFile is a body with a file of templates.
func (g *rig) templateFile(t *testing.T) string {
	t.Helper()
	file := must[[]byte](t)(deid.FormatTemplates([]sinso.Template{{Manufacturer: "Synthetic Sound Works", Rows: 48, Columns: 64, Boxes: [][4]int{{0, 0, 8, 8}}}}))
	return string(must[[]byte](t)(json.Marshal(sharedTemplates{string(file)})))
}

// TestTemplateIsDrawnSharedAndRemoved walks the life of one: drawn on an item of the
// review, blanked in its picture, given to another node as a file, taken away.
func TestTemplateIsDrawnSharedAndRemoved(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	review := string(g.doubt(t))
	drawn := g.want(t, 200, "clinician", "POST", api+"/templates", fmt.Sprintf(`{"review":%q,"boxes":[[8,4,40,20]]}`, review))
	id := drawn.field(t, "id")
	if maker := drawn.field(t, "manufacturer"); maker != "Synthetic Sound Works" {
		t.Errorf("it is of %q", maker)
	}
	var detail ReviewDetail
	if err := json.Unmarshal(g.want(t, 200, "clinician", "GET", api+"/reviews/"+review, "").body, &detail); err != nil || len(detail.Marks) != 1 || detail.Marks[0].By != deid.ByTemplate {
		t.Errorf("the item shows marks %v, %v", detail.Marks, err)
	}
	if after := g.picture(t, api+"/reviews/"+review, "of=after&size=64&frame=0"); fmt.Sprint(after.At(10, 10)) == fmt.Sprint(after.At(50, 40)) {
		t.Error("the picture is not blanked in the box")
	}
	file := g.want(t, 200, "operator", "GET", api+"/templates/export", "")
	one := g.want(t, 200, "operator", "GET", api+"/templates/export?template="+id, "")
	if !bytes.Equal(file.body, one.body) || file.Header.Get("Content-Type") != tomlType {
		t.Errorf("got %s %q, and of the one %q", file.Header.Get("Content-Type"), file.body, one.body)
	}
	other := newRig(t)
	body := string(must[[]byte](t)(json.Marshal(sharedTemplates{string(file.body)})))
	if got := other.want(t, 200, "operator", "POST", api+"/templates/import", body).items(t); len(got) != 1 || got[0]["manufacturer"] != "Synthetic Sound Works" {
		t.Errorf("the other node has %v", got)
	}
	g.want(t, 200, "operator", "DELETE", api+"/templates/"+id, "")
	if left := g.want(t, 200, "clinician", "GET", api+"/templates", "").items(t); len(left) != 0 {
		t.Errorf("%d are left", len(left))
	}
	g.want(t, 404, "operator", "GET", api+"/templates/export?template="+id, "")
	g.want(t, 404, "operator", "DELETE", api+"/templates/t_"+strings.Repeat("a", 26), "")
	if strings.Contains(g.log.String(), "Synthetic Sound") {
		t.Error("the log holds a value of the object")
	}
}

// TestTemplatesAreHeldToTheirPicture sends bodies that are none: each is refused, and
// nothing is in force.
func TestTemplatesAreHeldToTheirPicture(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	review := string(g.doubt(t))
	box := func(text string) string { return strings.Replace(someTemplate, "[[0,0,64,8]]", text, 1) }
	for name, body := range map[string]string{
		"nothing": `{}`, "no box": box("[]"), "outside": box("[[0,0,65,8]]"), "five": box("[[0,0,64,8,1]]"), "three": box("[[0,0,64]]"),
		"all of it": box("[[0,0,64,48]]"), "both": fmt.Sprintf(`{"review":%q,"rows":48,"boxes":[[0,0,1,1]]}`, review),
		"outside of the item's": fmt.Sprintf(`{"review":%q,"boxes":[[0,0,65,1]]}`, review),
	} {
		if got := g.do(t, "clinician", "POST", api+"/templates", body); got.StatusCode != 400 {
			t.Errorf("%s: got %d %.200s, want 400", name, got.StatusCode, got.body)
		}
	}
	g.want(t, 404, "clinician", "POST", api+"/templates", fmt.Sprintf(`{"review":"v_%s","boxes":[[0,0,1,1]]}`, strings.Repeat("a", 26)))
	g.want(t, 403, "operator", "POST", api+"/templates", fmt.Sprintf(`{"review":%q,"boxes":[[0,0,1,1]]}`, review))
	g.want(t, 400, "clinician", "POST", api+"/templates/import", `{"file":"format = 1"}`)
	if rows := g.want(t, 200, "clinician", "GET", api+"/templates", "").items(t); len(rows) != 0 {
		t.Errorf("%d are in force", len(rows))
	}
}
