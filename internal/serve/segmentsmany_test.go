package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/format/dicom/segmenttest"
	"sinso.dev/sinso/internal/way"
)

// TestOfManySegmentationsItIsSaidHowManyAreLeftOut: those that the caller may not have are
// none of them, and take no other's place.
func TestOfManySegmentationsItIsSaidHowManyAreLeftOut(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var files [][]byte
	err := phantom.Series(phantom.Options{Seed: 5, Slices: 4, Rows: 32, Columns: 32}, func(_ string, raw []byte) error {
		files = append(files, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := segmenttest.Outline{Label: "All", Has: func(_, _, _ float64) bool { return true }}
	const copies, own = maxSegmentations + 2, 2
	everything := files
	for n := range copies + own {
		everything = append(everything, segmenttest.Draw(t, files, func(ds *dicom.Dataset) {
			ds.SetString(0x00080018, dicom.VRUI, fmt.Sprintf("2.25.7%03d", n))
			if n < copies {
				ds.SetString(0x00120062, dicom.VRCS, "YES")
			}
		}, all))
	}
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source(everything), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	var chest sinso.SeriesID
	for _, row := range must[[]sinso.SeriesRow](t)(g.way.Series(t.Context(), study)) {
		if row.Modality != "SEG" {
			chest = row.ID
		}
	}
	for role, want := range map[string][2]int{"owner": {maxSegmentations, copies + own - maxSegmentations}, "clinician": {own, 0}} {
		var found struct {
			Items []segmentation
			More  *int
		}
		answer := g.want(t, http.StatusOK, role, "GET", api+"/studies/"+string(study)+"/series/"+string(chest)+"/segmentations", "")
		if err := json.Unmarshal(answer.body, &found); err != nil {
			t.Fatal(err)
		}
		if found.More == nil || len(found.Items) != want[0] || *found.More != want[1] {
			t.Errorf("%s: %d are listed: %.60s…, want %d and %d more", role, len(found.Items), answer.body, want[0], want[1])
		}
	}
}
