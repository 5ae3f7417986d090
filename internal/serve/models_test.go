package serve

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/model"
	"sinso.dev/sinso/internal/way"
)

// chestOf imports a drawn chest of person a, and returns the path of its model and its
// series.
func (g *rig) chestOf(t *testing.T) (string, sinso.SeriesID) {
	t.Helper()
	var files [][]byte
	err := phantom.Series(phantom.Options{Seed: 3, Slices: 30, Rows: 96, Columns: 96}, func(_ string, raw []byte) error {
		files = append(files, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source(files), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	series := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), study))[0].ID
	return api + "/studies/" + string(study) + "/series/" + string(series) + "/model", series
}

// TestModelsAreForWhoMayOpenTheOriginal: each format comes whole, with its figures, for the
// owner and who treats; nobody else gets one, and each that was made is written down.
func TestModelsAreForWhoMayOpenTheOriginal(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, series := g.chestOf(t)
	for role, want := range map[string]int{"": 401, "operator": 403, "other": 404, "buyer": 404, "auditor": 404, "member": 404} {
		g.want(t, want, role, "GET", path, "")
		g.want(t, want, role, "GET", path+"/measure", "")
	}
	var measured model.Figures
	if err := json.Unmarshal(g.want(t, 200, "clinician", "GET", path+"/measure?triangles=10000", "").body, &measured); err != nil || !measured.Watertight || measured.Triangles > 10000 || measured.VolumeCubicCM <= 0 {
		t.Fatalf("measured %+v, %v", measured, err)
	}
	made := 1
	for format, tt := range map[string]struct {
		media, begins string
	}{
		"":            {"model/gltf-binary", "glTF"},
		"&format=glb": {"model/gltf-binary", "glTF"},
		"&format=stl": {"model/stl", "SINSO"},
		"&format=3mf": {"model/3mf", "PK\x03\x04"},
	} {
		got := g.want(t, 200, "owner", "GET", path+"?kind=bone&triangles=10000"+format, "")
		made++
		var figures model.Figures
		if err := json.Unmarshal([]byte(got.Header.Get(figuresHeader)), &figures); err != nil || figures != measured {
			t.Errorf("%q: figures %+v, %v, want %+v", format, figures, err, measured)
		}
		if got.Header.Get("Content-Type") != tt.media || got.Header.Get("Cache-Control") != "no-store" || !bytes.HasPrefix(got.body, []byte(tt.begins)) {
			t.Errorf("%q: headers %v, begins %q", format, got.Header, got.body[:8])
		}
		for _, name := range []string{"PHANTOM", "DOE", "CHEST"} {
			if bytes.Contains(got.body, []byte(name)) {
				t.Errorf("%q: it names somebody", format)
			}
		}
		if strings.HasSuffix(format, "glb") && int(binary.LittleEndian.Uint32(got.body[8:])) != len(got.body) {
			t.Errorf("it is %d bytes long, and says %d", len(got.body), binary.LittleEndian.Uint32(got.body[8:]))
		}
	}
	opened := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(series)))
	if len(opened) != made {
		t.Errorf("the log tells of %d, want %d", len(opened), made)
	}
	for _, e := range opened {
		if e.Type != sinso.EventOpened || e.Actor == "" {
			t.Errorf("the log has %v", e)
		}
	}
}

// TestModelsThatCannotBeAreRefused: a wrong question before the series is opened, and a
// series that is no block with the reason.
func TestModelsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, series := g.chestOf(t)
	for query, want := range map[string]int{
		"?kind=brain": 400, "?kind=threshold": 400, "?threshold=x": 400, "?threshold=40000": 400, "?triangles=1": 400,
		"?triangles=999999999": 400, "?format=obj": 400, "?kind=bone&kind=skin": 400, "?other=1": 400,
	} {
		g.want(t, want, "owner", "GET", path+query, "")
	}
	if opened := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(series))); len(opened) > 0 {
		t.Errorf("the log tells of %d", len(opened))
	}
	g.want(t, 400, "owner", "GET", path+"?kind=threshold&threshold=32000", "")
	for _, other := range []string{"e_" + strings.Repeat("a", 26), "e_x", "..%2F"} {
		g.want(t, 404, "owner", "GET", strings.Replace(path, string(series), other, 1), "")
	}
	g.want(t, 404, "owner", "GET", strings.Replace(path, "/studies/", "/studies/x", 1), "")
	// The series of another study of the same person.
	strange := api + "/studies/" + string(g.study) + "/series/" + string(series) + "/model"
	g.want(t, 404, "owner", "GET", strange, "")
	single := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), g.other))[0].ID
	got := g.want(t, 501, "other", "GET", api+"/studies/"+string(g.other)+"/series/"+string(single)+"/model", "")
	if !strings.Contains(got.field(t, "detail"), "one slice is no block") {
		t.Errorf("the reason is %s", got.body)
	}
}

// TestASeriesThatIsTooLargeIsNotOpened: what is known of it says so.
func TestASeriesThatIsTooLargeIsNotOpened(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const padded = 17 << 20 // bytes behind the picture, more than a header has
	files := drawn(t, 21, 3)
	files[1] = append(files[1], 0xFC, 0xFF, 0xFC, 0xFF, 'O', 'B', 0, 0) // Data Set Trailing Padding, PS3.10 §7.2
	files[1] = append(binary.LittleEndian.AppendUint32(files[1], padded), make([]byte, padded)...)
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source(files), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	series := must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), study))[0]
	if series.Instances != len(files) {
		t.Fatalf("%d objects were taken in", series.Instances)
	}
	path := api + "/studies/" + string(study) + "/series/" + string(series.ID) + "/model"
	for _, path := range []string{path, path + "/measure"} {
		if got := g.want(t, http.StatusNotImplemented, "owner", "GET", path, ""); !strings.Contains(got.field(t, "detail"), "too large") {
			t.Errorf("the reason is %s", got.body)
		}
	}
	if opened := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(series.ID))); len(opened) > 0 {
		t.Errorf("the log tells of %d", len(opened))
	}
}

// TestTooManyModelsAtOnceAreRefused, and a place is given back.
func TestTooManyModelsAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, _ := g.chestOf(t)
	for range maxModels {
		g.modelling <- struct{}{}
	}
	if got := g.want(t, http.StatusServiceUnavailable, "owner", "GET", path+"/measure", ""); got.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to ask again")
	}
	<-g.modelling
	for range 3 {
		g.want(t, 200, "owner", "GET", path+"/measure", "")
		g.want(t, 400, "owner", "GET", path+"?kind=threshold&threshold=32000", "")
	}
	if len(g.modelling) != maxModels-1 {
		t.Errorf("%d places are taken", len(g.modelling))
	}
}
