package sr_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/sr"
)

// at is a moment in a zone whose offset is no whole number of hours.
var at = time.Date(2026, 11, 27, 3, 12, 9, 250_000_000, time.FixedZone("", 5*3600+1800))

func document() sr.Document {
	var h dicom.Dataset
	h.SetString(0x00100010, dicom.VRPN, "INVENTED^ÍRIS")
	h.SetString(0x00100020, dicom.VRLO, "MRN-77001")
	h.SetString(0x00100030, dicom.VRDA, "19790314")
	h.SetString(0x00100040, dicom.VRCS, "F")
	h.SetString(0x00104000, dicom.VRLT, "is of the patient's group, and of no module of a document's")
	h.SetString(0x00080020, dicom.VRDA, "20240517")
	h.SetString(0x00080030, dicom.VRTM, "101500")
	h.SetString(0x00200010, dicom.VRSH, "1")
	h.SetString(0x0020000D, dicom.VRUI, "2.25.880000")
	return sr.Document{Header: h, UID: "2.25.77", Series: "2.25.78", Number: 3, At: at, By: "clinician"}
}

var (
	slice = sr.Object{Class: "1.2.840.10008.5.1.4.1.1.2", UID: "2.25.8810", Series: "2.25.8891"}
	other = sr.Object{Class: "1.2.840.10008.5.1.4.1.1.3.1", UID: "2.25.8820", Series: "2.25.8892"}
)

// marks has one of each kind, on a slice, on a frame and in the patient.
func marks() []sr.Mark {
	on, film := sr.Place{Object: slice}, sr.Place{Object: other, Frame: 2}
	return []sr.Mark{
		{Kind: sr.Length, Tracking: "2.25.1", Label: "Length 1", On: on, Points: [][]float64{{10.5, 20.25}, {40, 20.25}}, Values: []sr.Value{{"length", "mm", 88.5}}},
		{Kind: sr.Angle, Tracking: "2.25.2", Label: "Angle 1", On: film, Points: [][]float64{{1, 1}, {2, 2}, {3, 1}}, Values: []sr.Value{{"angle", "deg", 90}}},
		{Kind: sr.Rectangle, Tracking: "2.25.3", Label: "Rectangle 1", On: on, Points: [][]float64{{1, 1}, {9, 1}, {9, 5}, {1, 5}, {1, 1}}, Values: []sr.Value{{"area", "mm2", 288}, {"mean", "HU", 41.0 / 3}, {"deviation", "HU", 2}, {"least", "HU", -5}, {"most", "HU", 60}}},
		{Kind: sr.Ellipse, Tracking: "2.25.4", Label: "Ellipse 1", Space: "2.25.9", Points: [][]float64{{0, 0, 5}, {8, 0, 5}, {4, -2, 5}, {4, 2, 5}}, Values: []sr.Value{{"area", "mm2", 25.13}, {"mean", "SUV", 2.5}}},
		{Kind: sr.Probe, Tracking: "2.25.5", Label: "Value 1", On: film, Points: [][]float64{{12, 13}}, Values: []sr.Value{{"value", "1", 77}}},
		{Kind: sr.Length, Tracking: "2.25.6", Label: "Length 2", On: film, Points: [][]float64{{0, 0}, {3, 4}}, Values: []sr.Value{{"length", "mm-detector", 5}}},
		{Kind: sr.Note, Tracking: "2.25.7", Label: "Note 1", On: on, Points: [][]float64{{30, 31}}, Text: "nodule? 结节"},
		{Kind: sr.Axes, Tracking: "2.25.8", Label: "Long and short axis 1", On: on, Points: [][]float64{{10, 10}, {30, 10}, {20, 5}, {20, 15}}, Values: []sr.Value{{"long", "mm", 20}, {"short", "mm", 10}}},
		{Kind: sr.Circle, Tracking: "2.25.10", Label: "Circle 1", On: on, Points: [][]float64{{50, 50}, {53, 54}}, Values: []sr.Value{{"area", "mm2", 78.5}, {"mean", "HU", 40}}},
		{Kind: sr.Contour, Tracking: "2.25.11", Label: "Freehand 1", On: on, Points: [][]float64{{1, 2}, {9, 2}, {9, 7}, {4, 8}, {1, 2}}, Values: []sr.Value{{"area", "mm2", 34.5}}},
		{Kind: sr.Contour, Tracking: "2.25.12", Label: "Freehand 2", Space: "2.25.9", Points: [][]float64{{0, 0, 5}, {8, 0, 5}, {4, 6, 5}, {0, 0, 5}}, Values: []sr.Value{{"area", "mm2", 24}}},
		{Kind: sr.Cobb, Tracking: "2.25.13", Label: "Cobb angle 1", On: film, Points: [][]float64{{1, 1}, {9, 2}, {1, 20}, {9, 17}}, Values: []sr.Value{{"cobb", "deg", 27.7}}},
		{Kind: sr.Length, Tracking: "2.25.14", Label: "Length 3", On: film, Points: [][]float64{{0, 0}, {6, 8}}, Values: []sr.Value{{"length", "mm-hand", 25}}},
	}
}

func written(t *testing.T) map[string][]byte {
	t.Helper()
	report, err := sr.Report(document(), marks(), []sr.Object{{Class: sr.ClassReport, UID: "2.25.70", Series: "2.25.78"}})
	if err != nil {
		t.Fatal(err)
	}
	none, err := sr.Report(document(), nil, []sr.Object{{Class: sr.ClassReport, UID: "2.25.77", Series: "2.25.78"}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := sr.KeyImages(document(), []sr.Place{{Object: slice}, {Object: other, Frame: 2}, {Object: other, Frame: 3}})
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"report": report, "none": none, "keys": keys}
}

// ran runs a program on a file and returns what it says.
func ran(t *testing.T, file []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "object.dcm")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%v: see scripts/test-deps", err)
	}
	out, err := exec.Command(name, append(args, path)...).CombinedOutput()
	if err != nil && name != "dciodvfy" { // which ends with an error where it finds one
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

func TestDciodvfyFindsNoError(t *testing.T) {
	t.Parallel()
	for name, file := range written(t) {
		said := ran(t, file, "dciodvfy", "-new")
		if iod := map[string]string{"report": "Comprehensive3DSR", "none": "Comprehensive3DSR", "keys": "KeyObjectSelectionDocument"}[name]; !strings.HasPrefix(said, iod+"\n") {
			t.Errorf("%s: dciodvfy takes it for something else, or says nothing: %s", name, said)
		}
		for line := range strings.Lines(said) {
			// It knows no scheme but those of the standard.
			if strings.HasPrefix(line, "Error") || strings.HasPrefix(line, "Warning") && !strings.Contains(line, "defined term = <99SINSO>") {
				t.Errorf("%s: %s", name, strings.TrimSpace(line))
			}
		}
	}
}

// TestDcmtkReadsWhatIsWritten has dsrdump read each document as strictly as it can.
func TestDcmtkReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"report": {
			"Comprehensive 3D SR Document", "Predecessor Docs", `NUM:(,,"Length")="88.5"`, "POLYLINE,10.5/20.25,40/20.25",
			`NUM:(,,"Long axis")="20"`, "POLYLINE,10/10,30/10", `NUM:(,,"Short axis")="10"`, "POLYLINE,20/5,20/15",
			"Calibrated by hand, by a line", "CIRCLE,50/50,53/54", "POLYLINE,1/2,9/2,9/7,4/8,1/2", "POLYGON,,0/0/5,8/0/5,4/6/5,0/0/5", `NUM:(,,"Cobb angle")="27.7"`, "POLYLINE,1/1,9/2", "POLYLINE,1/20,9/17",
			`NUM:(,,"Angle")="90"`, `"13.6666666666667"`, "ELLIPSE,,0/0/5,8/0/5,4/-2/5,4/2/5", `TEXT:(,,"Comment")="nodule? `, "SINSO (clinician)",
		},
		"keys": {"Key Object Selection Document", "Of Interest", "(CT image,)", "(USm image,,3)"},
		"none": {"Imaging Measurements"},
	} {
		said := ran(t, written(t)[name], "dsrdump", "+Pl", "-Ee")
		for _, text := range want {
			if !strings.Contains(said, text) {
				t.Errorf("%s: dsrdump does not say %q: %s", name, text, said)
			}
		}
	}
}

// byPydicom prints what pydicom finds: the patient, each mark as kind, points and values,
// and whether each coded concept is the one that its scheme has.
const byPydicom = `
import json, sys, pydicom
from pydicom.sr._concepts_dict import concepts
ds = pydicom.dcmread(sys.argv[1])
known = {}
for s in ("DCM", "SCT"):
    for by in concepts[s].values():
        for c, (m, _) in by.items(): known.setdefault((s, c), set()).add(m)
known.setdefault(("SCT", "285285000"), {"Cobb angle"}) # of CID 7550, as dcmtk has it: newer than Debian's pydicom
wrong, points, numbers = [], [], []
def walk(d):
    for e in d:
        if e.VR == "SQ":
            for i in e.value: walk(i)
    if "CodeValue" in d and (d.CodingSchemeDesignator, d.CodeValue) in known:
        if d.CodeMeaning not in known[(d.CodingSchemeDesignator, d.CodeValue)]: wrong.append(d.CodeMeaning)
    elif "CodeValue" in d and d.CodingSchemeDesignator in ("DCM", "SCT"): wrong.append(d.CodeValue)
    if "GraphicData" in d: points.append([d.GraphicType, list(d.GraphicData)])
    if "NumericValue" in d: numbers.append([float(d.NumericValue), d.FloatingPointValue, d.MeasurementUnitsCodeSequence[0].CodeValue])
walk(ds)
print(json.dumps({"name": str(ds.PatientName), "id": ds.PatientID, "birth": ds.PatientBirthDate, "extra": "PatientComments" in ds, "study": ds.StudyInstanceUID,
    "wrong": wrong, "points": points, "numbers": numbers, "at": ds.ObservationDateTime, "evidence": sum(len(s.ReferencedSOPSequence) for e in ds.CurrentRequestedProcedureEvidenceSequence for s in e.ReferencedSeriesSequence)}))
`

// TestPydicomReadsWhatIsWritten compares numbers, points and concepts with pydicom's.
func TestPydicomReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	var got struct {
		Name, ID, Birth, Study, At string
		Extra                      bool
		Wrong                      []string
		Points                     [][]any
		Numbers                    [][]any
		Evidence                   int
	}
	if err := json.Unmarshal([]byte(ran(t, written(t)["report"], "/usr/bin/python3", "-c", byPydicom)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "INVENTED^ÍRIS" || got.ID != "MRN-77001" || got.Birth != "19790314" || got.Study != "2.25.880000" || got.Extra {
		t.Errorf("the patient is %+v", got)
	}
	if len(got.Wrong) > 0 {
		t.Errorf("PS3.16 has other words for %q", got.Wrong)
	}
	if got.At != "20261127031209.250000+0530" || got.Evidence != 2 || len(got.Points) != 15 || len(got.Numbers) != 19 {
		t.Errorf("at %s, %d images, %d places, %d numbers", got.At, got.Evidence, len(got.Points), len(got.Numbers))
	}
	third := 41.0 / 3
	if mean := got.Numbers[3]; mean[0] != 13.6666666666667 || mean[1] != third || mean[2] != "[hnsf'U]" {
		t.Errorf("the mean is %v", mean)
	}
}

func TestReportRefusesWhatIsNoMark(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*sr.Mark){
		"another kind":             func(m *sr.Mark) { m.Kind = "volume" },
		"a point too few":          func(m *sr.Mark) { m.Points = m.Points[:1] },
		"a point in space":         func(m *sr.Mark) { m.Points[0] = []float64{1, 2, 3} },
		"a point that is none":     func(m *sr.Mark) { m.Points[0] = []float64{1, math.NaN()} },
		"a point beyond FL":        func(m *sr.Mark) { m.Points[0] = []float64{1, 1e39} },
		"neither image nor space":  func(m *sr.Mark) { m.On = sr.Place{} },
		"no UID to be followed by": func(m *sr.Mark) { m.Tracking = "" },
		"no value":                 func(m *sr.Mark) { m.Values = nil },
		"an unknown value":         func(m *sr.Mark) { m.Values[0].Of = "guess" },
		"an unknown unit":          func(m *sr.Mark) { m.Values[0].In = "ells" },
		"pixels in mm":             func(m *sr.Mark) { m.Values[0].Of = "mean" },
		"a value that is none":     func(m *sr.Mark) { m.Values[0].Number = math.Inf(1) },
		"words of a length":        func(m *sr.Mark) { m.Text = "words" },
		"a note without words":     func(m *sr.Mark) { *m = marks()[6]; m.Text = "" },
		"a length of two axes":     func(m *sr.Mark) { m.Values[0].Of = "long" },
		"an axis of another name":  func(m *sr.Mark) { *m = marks()[7]; m.Values[0].Of = "length" },
		"a Cobb angle of one line": func(m *sr.Mark) { m.Values[0] = sr.Value{Of: "cobb", In: "deg", Number: 9} },
		"two lines without it":     func(m *sr.Mark) { *m = marks()[11]; m.Values[0].Of = "angle" },
		"a circle in space": func(m *sr.Mark) {
			*m = marks()[8]
			m.On, m.Space, m.Points = sr.Place{}, "2.25.9", [][]float64{{0, 0, 0}, {1, 0, 0}}
		},
		"an open contour":         func(m *sr.Mark) { *m = marks()[9]; m.Points[0] = []float64{1, 3} },
		"a contour of two points": func(m *sr.Mark) { *m = marks()[9]; m.Points = [][]float64{{1, 2}, {3, 4}, {1, 2}} },
		"a contour without end":   func(m *sr.Mark) { *m = marks()[9]; m.Points = slices.Repeat(m.Points[:1], 258) },
	} {
		m := marks()[0]
		edit(&m)
		if _, err := sr.Report(document(), []sr.Mark{m}, nil); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if _, err := sr.KeyImages(document(), nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a selection of nothing: got %v, want ErrInvalid", err)
	}
	lost := document()
	lost.Header.Remove(0x0020000D)
	if _, err := sr.Report(lost, marks(), nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("without a study: got %v, want ErrInvalid", err)
	}
}
