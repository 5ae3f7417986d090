package serve

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/sr"
	"sinso.dev/sinso/internal/way"
)

// imaged returns the UID of an image of a study.
func (g *rig) imaged(t *testing.T, study sinso.StudyID) string {
	t.Helper()
	return must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study))[0].UID
}

// lengthOn is a report of one length and one note on an image.
func lengthOn(image string, replaces ...string) string {
	if replaces == nil {
		replaces = []string{}
	}
	body, _ := json.Marshal(newReport{Replaces: replaces, Marks: []newMark{
		{Kind: sr.Length, Tracking: "2.25.41", Label: "Length 1", Image: image, Frame: 1, Points: [][]float64{{3.5, 4}, {10, 4}}, Values: []newValue{{"length", "mm", 12.25}}},
		{Kind: sr.Note, Tracking: "2.25.42", Label: "Note 1", Image: image, Points: [][]float64{{3.5, 4}}, Text: "SECRETNOTE 结节"},
	}})
	return string(body)
}

// filed returns the documents of a class in a study, read.
func (g *rig) filed(t *testing.T, study sinso.StudyID, class string) (rows []sinso.InstanceRow, files []*dicom.File) {
	t.Helper()
	for _, row := range must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study)) {
		if row.SOPClass == class {
			rows = append(rows, row)
			files = append(files, must[*dicom.File](t)(dicom.Read(must[[]byte](t)(g.way.Read(t.Context(), row)))))
		}
	}
	return rows, files
}

// TestReportIsFiledUnderTheStudysPerson: it says of patient and study what the study's
// objects say, is opened as any object is, and the log says who filed it.
func TestReportIsFiledUnderTheStudysPerson(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, image := api+"/studies/"+string(g.study)+"/reports", g.imaged(t, g.study)
	for i, role := range []string{"owner", "clinician"} {
		answer := g.want(t, 200, role, "POST", path, lengthOn(image))
		rows, files := g.filed(t, g.study, sr.ClassReport)
		if len(rows) != i+1 {
			t.Fatalf("%d reports, want %d", len(rows), i+1)
		}
		at := 0
		for k, row := range rows {
			if row.UID == answer.field(t, "uid") {
				at = k
			}
		}
		row, file := rows[at], files[at]
		if row.UID != answer.field(t, "uid") || row.Person != g.a || row.Study != g.study || row.Origin != sinso.OriginGateway || row.Number != 1 {
			t.Errorf("%s: the row is %+v", role, row)
		}
		before := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0]
		original := must[*dicom.File](t)(dicom.Read(must[[]byte](t)(g.way.Read(t.Context(), before))))
		for _, tag := range []dicom.Tag{0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00080020, 0x00080030, 0x0020000D} {
			if got, want := file.String(tag), original.String(tag); got != want {
				t.Errorf("%s: %v is %q, the image has %q", role, tag, got, want)
			}
		}
		if errors := faults(t, must[[]byte](t)(g.way.Read(t.Context(), row)), "Comprehensive3DSR"); len(errors) > 0 {
			t.Errorf("%s: dciodvfy finds %q", role, errors)
		}
		if answer.field(t, "by") != role {
			t.Errorf("it is by %q", answer.field(t, "by"))
		}
		events := g.want(t, 200, "auditor", "GET", api+"/audit?subject="+string(row.ID), "").body
		if !strings.Contains(string(events), role+":") {
			t.Errorf("the log does not say that a %s filed it: %s", role, events)
		}
	}
	if log := g.log.String(); strings.Contains(log, "SECRETNOTE") {
		t.Error("a note is in the log")
	}
}

// faults are what dciodvfy calls an error in a file that it knows as of an IOD.
func faults(t *testing.T, file []byte, iod string) (found []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "object.dcm")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("dciodvfy"); err != nil {
		t.Fatalf("%v: install the Debian package dicom3tools", err)
	}
	out, _ := exec.Command("dciodvfy", "-new", path).CombinedOutput() // its exit code says that there are some
	if !strings.Contains(string(out), iod+"\n") {
		t.Fatalf("dciodvfy takes it for something else, or says nothing: %s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Error") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// TestNewerReportReplacesAndTheOlderStays: it goes into the same series with the next
// number, and names the one before.
func TestNewerReportReplacesAndTheOlderStays(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, image := api+"/studies/"+string(g.study), g.imaged(t, g.study)
	first := g.want(t, 200, "owner", "POST", path+"/reports", lengthOn(image)).field(t, "uid")
	keys := g.want(t, 200, "owner", "POST", path+"/keyimages", fmt.Sprintf(`{"images":[{"image":%q}]}`, image)).field(t, "uid")
	g.want(t, 200, "clinician", "POST", path+"/reports", fmt.Sprintf(`{"marks":[],"replaces":[%q,%q]}`, first, keys))
	more := g.want(t, 200, "owner", "POST", path+"/keyimages", fmt.Sprintf(`{"images":[{"image":%q,"frame":1}],"replaces":[%q]}`, image, keys)).field(t, "uid")
	rows, files := g.filed(t, g.study, sr.ClassReport)
	if len(rows) != 2 || rows[0].Series != rows[1].Series || rows[0].UID != first || rows[1].Number != 2 {
		t.Fatalf("the reports are %+v", rows)
	}
	tree := must[dicom.Dataset](t)(files[1].Tree())
	var named []string
	err := tree.Find(0x0040A360).Items[0].Walk(func(_ int, e *dicom.DataElement) error {
		if e.Tag == 0x00081155 {
			named = append(named, strings.TrimRight(string(e.Value), "\x00"))
		}
		return nil
	})
	if err != nil || strings.Join(named, " ") != first+" "+keys {
		t.Errorf("its predecessors are %q, %v", named, err)
	}
	if rows, _ := g.filed(t, g.study, sr.ClassKeyImages); len(rows) != 2 || rows[0].Series != rows[1].Series || rows[1].UID != more || rows[1].Number != 2 {
		t.Errorf("the selections are %+v", rows)
	}
}

// TestWhatIsMarkedIsChecked: nothing that the study does not have, and no more than a
// person marks.
func TestWhatIsMarkedIsChecked(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path, image, other := api+"/studies/"+string(g.study), g.imaged(t, g.study), g.imaged(t, g.other)
	foreign := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{report(t, g)}), way.ImportOptions{Actor: "test", Person: g.a}))
	if foreign.Instances != 1 {
		t.Fatalf("the other program's report: %+v", foreign)
	}
	good := lengthOn(image)
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"no UID":                     {"/reports", strings.Replace(good, "2.25.41", "2.25.x", 1), 400},
		"a UID of a dot":             {"/reports", strings.Replace(good, "2.25.41", ".", 1), 400},
		"a UID with a gap":           {"/reports", strings.Replace(good, "2.25.41", "2..41", 1), 400},
		"a UID that begins with one": {"/reports", strings.Replace(good, "2.25.41", ".25", 1), 400},
		"a UID that ends with one":   {"/reports", strings.Replace(good, "2.25.41", "2.25.", 1), 400},
		"a UID with a leading zero":  {"/reports", strings.Replace(good, "2.25.41", "2.25.041", 1), 400},
		"a UID that is too long":     {"/reports", strings.Replace(good, "2.25.41", "2."+strings.Repeat("1", 63), 1), 400},
		"a long note":                {"/reports", strings.Replace(good, "SECRETNOTE", strings.Repeat("结", maxNote), 1), 400},
		"a note that rings":          {"/reports", strings.Replace(good, "SECRETNOTE", `\u0007`, 1), 400},
		"a point far off":            {"/reports", strings.Replace(good, "3.5", "3e7", 1), 400},
		"a point that is none":       {"/reports", strings.Replace(good, "3.5", "1e999", 1), 400},
		"both image and space":       {"/reports", strings.Replace(good, `"frame":1`, `"space":"1.2"`, 1), 400},
		"a body of empty marks":      {"/reports", `{"marks":[{}` + strings.Repeat(",{}", maxMarked/3-10) + `]}`, 400},
		"a body of empty points":     {"/reports", `{"marks":[{"points":[[]` + strings.Repeat(",[]", maxMarked/3-20) + `]}]}`, 400},
		"too many marks":             {"/reports", `{"marks":[` + strings.Repeat(`{"kind":"text","tracking":"1","label":"a","points":[]},`, maxMarks) + `{"kind":"text","tracking":"1","label":"a","points":[]}]}`, 400},
		"an image replaced":          {"/reports", lengthOn(image, image), 400},
		"another program's replaced": {"/reports", lengthOn(image, "2.25.990"), 400},
		"no key image":               {"/keyimages", `{"images":[]}`, 400},
		"another study's key image":  {"/keyimages", fmt.Sprintf(`{"images":[{"image":%q}]}`, other), 404},
		"a report as key image":      {"/keyimages", `{"images":[{"image":"2.25.990"}]}`, 404},
	} {
		t.Run(name, func(t *testing.T) { g.want(t, c.status, "owner", "POST", path+c.path, c.body) })
	}
	for _, lost := range []string{other, "1.2.3"} {
		answer := g.want(t, 200, "owner", "POST", path+"/reports", strings.Replace(strings.Replace(good, image, lost, 1), `"replaces":[]`, `"replaces":["2.25.5"]`, 1))
		text := ""
		rows, files := g.filed(t, g.study, sr.ClassReport)
		for i, row := range rows {
			if row.UID == answer.field(t, "uid") {
				tree := must[dicom.Dataset](t)(files[i].Tree())
				_ = tree.Walk(func(_ int, e *dicom.DataElement) error {
					text += strings.Trim(string(e.Value), "\x00 ") + "\n"
					return nil
				})
			}
		}
		if !strings.Contains(string(answer.body), `"left":["2.25.41"]`) || strings.Contains(text, "2.25.41\n") || strings.Contains(text, lost+"\n") || !strings.Contains(text, "2.25.42\n") {
			t.Errorf("a mark on an image that is not of the study: %s %s", answer.body, text)
		}
	}
	if rows, _ := g.filed(t, g.study, sr.ClassReport); len(rows) != 3 {
		t.Errorf("%d reports, want the other program's and two", len(rows))
	}
}

// report is a report that another program wrote.
func report(t *testing.T, g *rig) []byte {
	t.Helper()
	study := must[sinso.StudyRow](t)(g.way.Study(t.Context(), g.study))
	var h dicom.Dataset
	h.SetString(0x0020000D, dicom.VRUI, study.UID)
	file := must[[]byte](t)(sr.Report(sr.Document{Header: h, UID: "2.25.990", Series: "2.25.991", Number: 1, At: wall{}.Now()}, nil, nil))
	tree := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(file)).Tree())
	tree.SetString(0x00080070, dicom.VRLO, "Another")
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, tree))
}

// TestHeaderIsThatOfTheIndexWhereThereIsNoOther: the metadata of some objects cannot be written.
func TestHeaderIsThatOfTheIndexWhereThereIsNoOther(t *testing.T) {
	t.Parallel()
	row := sinso.StudyRow{UID: "2.25.3", PatientName: "INVENTED^IRIS", PatientID: "MRN-1", Date: "20240517"}
	for name, c := range map[string]struct {
		header string
		want   string
	}{
		"none":     {"", "INVENTED^IRIS"},
		"some":     {`{"00100010":{"vr":"PN","Value":[{"Alphabetic":"OTHER^NAME"}]}}`, "OTHER^NAME"},
		"a broken": {`{"00100010"`, ""},
	} {
		row.Header = []byte(c.header)
		ds, err := headerOf(row)
		if (err != nil) != (c.want == "") {
			t.Errorf("%s: %v", name, err)
		}
		if e := ds.Find(0x00100010); c.want != "" && (e == nil || strings.TrimSpace(string(e.Value)) != c.want || ds.Find(tagStudyUID) == nil) {
			t.Errorf("%s: the header is %+v", name, ds)
		}
	}
}

// TestCopiesAreNotMarked: what is de-identified goes elsewhere, and would take a note with it.
func TestCopiesAreNotMarked(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	tree := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(drawn(t, 11, 1)[0])).Tree())
	tree.SetString(0x00120062, dicom.VRCS, "YES")
	tree.SetString(0x00120063, dicom.VRLO, "by somebody")
	file := must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, tree))
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{file}), way.ImportOptions{Actor: "test", Person: g.a, Research: true})).Studies[0]
	g.want(t, 403, "owner", "POST", api+"/studies/"+string(study)+"/reports", lengthOn(g.imaged(t, study)))
}
