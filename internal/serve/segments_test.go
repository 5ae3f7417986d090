package serve

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/format/dicom/segmenttest"
	"sinso.dev/sinso/internal/stage/model"
	"sinso.dev/sinso/internal/way"
)

// outlinedChest imports a drawn chest of person a and a segmentation of it, changed by edit,
// and returns the path of its series and the series of both.
func (g *rig) outlinedChest(t *testing.T, edit func(*dicom.Dataset)) (path string, chest, outlines sinso.SeriesID) {
	t.Helper()
	var files [][]byte
	err := phantom.Series(phantom.Options{Seed: 5, Slices: 30, Rows: 64, Columns: 64}, func(_ string, raw []byte) error {
		files = append(files, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ball := segmenttest.Outline{Label: "Node", Has: func(x, y, z float64) bool { return x*x+y*y+z*z < 60*60 }}
	files = append(files, segmenttest.Draw(t, files, edit, ball))
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source(files), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	for _, row := range must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), study)) {
		if row.Modality == "SEG" {
			outlines = row.ID
		} else {
			chest = row.ID
		}
	}
	if chest == "" || outlines == "" {
		t.Fatal("a series was not taken in")
	}
	return api + "/studies/" + string(study) + "/series/" + string(chest), chest, outlines
}

// listed are the segmentations that the node says a series has.
func (g *rig) listed(t *testing.T, path string) []segmentation {
	t.Helper()
	var found list[segmentation]
	if err := json.Unmarshal(g.want(t, http.StatusOK, "owner", "GET", path+"/segmentations", "").body, &found); err != nil {
		t.Fatal(err)
	}
	return found.Items
}

// TestASegmentOfTheStudyIsMadeAModel, for who may open both; that both were opened is
// written down.
func TestASegmentOfTheStudyIsMadeAModel(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, chest, outlines := g.outlinedChest(t, nil)
	for role, want := range map[string]int{"": 401, "operator": 403, "other": 404, "buyer": 404, "auditor": 404} {
		g.want(t, want, role, "GET", path+"/segmentations", "")
	}
	found := g.listed(t, path)
	if len(found) != 1 || len(found[0].Segments) != 1 || found[0].Segments[0] != (segment{1, "Node"}) {
		t.Fatalf("listed %+v", found)
	}
	query := path + "/model/measure?kind=segment&segmentation=" + string(found[0].Record)
	var figures model.Figures
	if err := json.Unmarshal(g.want(t, http.StatusOK, "clinician", "GET", query+"&segment=1", "").body, &figures); err != nil {
		t.Fatal(err)
	}
	if want := 904.78; !figures.Watertight || figures.VolumeCubicCM < want*.98 || figures.VolumeCubicCM > want*1.02 {
		t.Errorf("figures %+v, want %.1f cm³", figures, want)
	}
	if n := len(must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(chest)))); n != 1 {
		t.Errorf("the log tells %d times that the chest was opened, want 1", n)
	}
	if n := len(must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(outlines)))); n != 2 {
		t.Errorf("the log tells %d times that the segmentation was opened, want 2", n)
	}
	for query, want := range map[string]int{
		query + "&segment=2": 404, query + "&segment=0": 400, query + "&segment=70000": 400, query: 400, query + "&segment=1&threshold=3": 400,
		path + "/model/measure?kind=segment&segment=1":                                                         404,
		path + "/model/measure?kind=segment&segment=1&segmentation=i_" + strings.Repeat("a", 26):               404,
		path + "/model/measure?kind=segment&segment=1&segmentation=" + string(g.firstRecord(t, chest)):         404,
		strings.Replace(path, string(chest), string(outlines), 1) + "/model/measure?kind=bone&triangles=10000": 501,
		strings.Replace(query, string(chest), string(outlines), 1) + "&segment=1":                              501,
	} {
		g.want(t, want, "owner", "GET", query, "")
	}
}

// firstRecord is a record of a series.
func (g *rig) firstRecord(t *testing.T, series sinso.SeriesID) sinso.InstanceID {
	t.Helper()
	for _, study := range must[[]sinso.StudyRow](t)(g.way.Studies(t.Context(), g.a)) {
		for _, row := range must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study.ID)) {
			if row.Series == series {
				return row.ID
			}
		}
	}
	t.Fatal("the series has no record")
	return ""
}

// TestASegmentationOfAnotherSeriesIsNotOffered, and none of its segments is made.
func TestASegmentationOfAnotherSeriesIsNotOffered(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, _, outlines := g.outlinedChest(t, func(ds *dicom.Dataset) {
		ds.Find(0x00081115).Items[0].SetString(0x0020000E, dicom.VRUI, "1.2.4")
	})
	if found := g.listed(t, path); len(found) != 0 {
		t.Errorf("listed %+v", found)
	}
	g.want(t, http.StatusNotImplemented, "owner", "GET", path+"/model/measure?kind=segment&segment=1&segmentation="+string(g.firstRecord(t, outlines)), "")
}
