package serve

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/way"
)

// previewed asks what a copy would have of a record.
func (g *rig) previewed(t *testing.T, role string, path string) recordPreview {
	t.Helper()
	var out recordPreview
	if err := json.Unmarshal(g.want(t, 200, role, "GET", path, "").body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPreviewShowsWhatACopyWouldHave: every element with what becomes of it, both
// pictures, and what a person drew; nothing is made, no value is told, and that the
// original was opened is written down.
func TestPreviewShowsWhatACopyWouldHave(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	item := must[sinso.ReviewRow](t)(g.way.Review(t.Context(), g.doubt(t)))
	path := api + "/records/" + string(item.Instance) + "/preview"
	releases := len(must[[]sinso.ReleaseRow](t)(g.way.Releases(t.Context(), "")))
	first := g.previewed(t, "owner", path)
	if len(first.Held) != 1 || first.Held[0].Reason != "burned-in-annotation" || first.Held[0].Says == "" || len(first.Marks) != 0 || first.Face != way.FaceNone || first.Profile != "research-sale" {
		t.Errorf("before a decision: held %v, %d marks, face %q, profile %q", first.Held, len(first.Marks), first.Face, first.Profile)
	}
	actions := map[string]bool{}
	name := false
	for _, e := range first.Elements {
		actions[string(e.Action)] = true
		name = name || e.Path == "(0010,0010)" && e.Action != "kept" && e.Cause == "table"
	}
	if !actions["kept"] || !actions["replaced"] || !name {
		t.Errorf("of %d elements there are %v; Patient's Name %t", len(first.Elements), actions, name)
	}
	g.want(t, 200, "clinician", "POST", api+"/reviews/"+string(item.ID)+"/decisions", `{"decision":"redact","boxes":[{"frame":-1,"x0":8,"y0":4,"x1":40,"y1":20}]}`)
	second := g.previewed(t, "clinician", path)
	if len(second.Held) != 0 || len(second.Marks) != 1 || second.Marks[0].By != "person" || second.Marks[0].X1 != 40 {
		t.Errorf("after it: held %v, marks %v", second.Held, second.Marks)
	}
	draw := func(side string) image.Image {
		answer := g.want(t, 200, "owner", "GET", path+"/picture?size=64&frame=0&side="+side, "")
		if answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", side, answer.Header.Get("Cache-Control"))
		}
		return must[image.Image](t)(png.Decode(bytes.NewReader(answer.body)))
	}
	grey := func(in image.Image, x, y int) uint32 { r, _, _, _ := in.At(x, y).RGBA(); return r }
	was, is := draw("before"), draw("after")
	if grey(was, 10, 10) == 0 || grey(is, 10, 10) != 0 || grey(is, 50, 40) == 0 {
		t.Errorf("inside the box %d and %d, outside %d", grey(was, 10, 10), grey(is, 10, 10), grey(is, 50, 40))
	}
	if n := len(must[[]sinso.ReleaseRow](t)(g.way.Releases(t.Context(), ""))); n != releases {
		t.Errorf("%d releases, there were %d", n, releases)
	}
	opened := 0
	for _, event := range must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(item.Instance))) {
		if event.Type == sinso.EventOpened && strings.Contains(string(event.Body), `"preview"`) {
			opened++
		}
	}
	if opened != 4 { // by two callers for the elements, and by the owner for each side
		t.Errorf("%d times it is in the log that it was opened, want 4", opened)
	}
	if strings.Contains(g.log.String(), "DOE") || strings.Contains(g.log.String(), "MRN-4711") {
		t.Error("the log holds a value of the object")
	}
}

// TestPreviewIsForWhoDecides: others are refused, or told that there is no such record.
func TestPreviewIsForWhoDecides(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	record := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0]
	path := api + "/records/" + string(record.ID) + "/preview"
	for _, suffix := range []string{"", "/picture?side=after", "/picture?side=before"} {
		for role, status := range map[string]int{"": 401, "other": 404, "operator": 403, "buyer": 403, "auditor": 403, "member": 403} {
			if got := g.do(t, role, "GET", path+suffix, ""); got.StatusCode != status && got.StatusCode != 404 || status == 401 && got.StatusCode != 401 {
				t.Errorf("%q gets %d for %q, want %d", role, got.StatusCode, suffix, status)
			}
		}
		g.want(t, 200, "owner", "GET", path+suffix, "")
	}
	for _, wrong := range []string{"?profile=registry", "?profile=none", "/picture", "/picture?side=both", "/picture?side=after&size=9", "/picture?side=after&frame=-1"} {
		g.want(t, 400, "owner", "GET", path+wrong, "")
	}
	g.want(t, 404, "owner", "GET", path+"/picture?side=after&frame=1", "")
	g.want(t, 404, "owner", "GET", api+"/records/i_aaaaaaaaaaaaaaaaaaaaaaaaaa/preview", "")
}

// TestPreviewWarnsOfAFace: a head by its words is told, and is not shown with its face as
// if a copy had it.
func TestPreviewWarnsOfAFace(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	tree := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(drawn(t, 9, 1)[0])).Tree())
	tree.SetString(0x00180015, dicom.VRCS, "HEAD")
	head := must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, tree))
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{head}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	path := api + "/records/" + string(must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study))[0].ID) + "/preview"
	for _, profile := range []string{"research-sale", "research-sale-defaced"} {
		made := g.previewed(t, "owner", path+"?profile="+profile)
		if made.Face != way.FaceNamed || len(made.Held) != 1 || made.Held[0].Reason != "face" || made.Profile != profile {
			t.Errorf("%s: face %q, held %v, profile %q", profile, made.Face, made.Held, made.Profile)
		}
		if got := g.do(t, "owner", "GET", path+"/picture?side=after&profile="+profile, ""); got.StatusCode < 400 || !strings.Contains(string(got.body), "face") {
			t.Errorf("%s: got %d", profile, got.StatusCode)
		}
		g.want(t, 200, "owner", "GET", path+"/picture?side=before&profile="+profile, "")
	}
}
