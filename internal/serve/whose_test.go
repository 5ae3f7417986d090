package serve

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/way"
)

// named is a synthetic object without pixels, of a patient of this name.
func named(t *testing.T, id, name, birth string, number int) []byte {
	t.Helper()
	var ds dicom.Dataset
	uid := fmt.Sprintf("2.25.99%d%d", len(id+name), number)
	for tag, value := range map[dicom.Tag]string{
		0x00080005: "ISO_IR 192", 0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: uid + ".9", 0x0020000D: uid + ".1", 0x0020000E: uid + ".2",
		0x00080060: "CT", 0x00080020: "20240117", 0x00100010: name, 0x00100020: id, 0x00100030: birth,
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

// discOf packs files.
func discOf(t *testing.T, files ...[]byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i, file := range files {
		entry := must[io.Writer](t)(w.Create(fmt.Sprintf("DICOM/%d", i)))
		must[int](t)(entry.Write(file))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// settled waits until each of the caller's uploads of a batch is done or asks.
func (g *rig) settled(t *testing.T, role, batch string) uploadTotals {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		var got uploadTotals
		answer := g.want(t, 200, role, "GET", api+"/uploads/summary?batch="+batch, "")
		if err := json.Unmarshal(answer.body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Done+got.Asking+got.Failed == got.Uploads {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("after a minute: %s", answer.body)
		}
	}
}

// patients are those of a batch.
func (g *rig) patients(t *testing.T, role, batch string) []patientView {
	t.Helper()
	g.settled(t, role, batch)
	var got list[patientView]
	answer := g.want(t, 200, role, "GET", api+"/uploads/patients?batch="+batch, "")
	if err := json.Unmarshal(answer.body, &got); err != nil {
		t.Fatal(err)
	}
	return got.Items
}

// asking is a patient of whom the owner is asked.
func (g *rig) asking(t *testing.T) string {
	t.Helper()
	g.send(t, "owner", named(t, "MRN-4711", "DOE^J", "", 77), meta("batch", "asking", "ask", "true"))
	return g.patients(t, "owner", "asking")[0].Patient
}

// askingPicture is one of whom there is a picture.
func (g *rig) askingPicture(t *testing.T) string {
	t.Helper()
	g.send(t, "owner", bytes.ReplaceAll(drawn(t, 78, 1)[0], []byte("PHANTOM-0001"), []byte("PHANTOM-0078")), meta("batch", "picture", "ask", "true"))
	return g.patients(t, "owner", "picture")[0].Patient
}

// says answers for a patient.
func (g *rig) says(t *testing.T, status int, role, patient string, as saidAs, person sinso.PersonID) answeredPatient {
	t.Helper()
	body := string(must[[]byte](t)(json.Marshal(newAnswer{patient, as, person})))
	answer := g.want(t, status, role, "POST", api+"/uploads/patients", body, "Content-Type", jsonType)
	var got answeredPatient
	if status == 200 {
		if err := json.Unmarshal(answer.body, &got); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

// TestOwnerSaysWhoseADiscIs: a disc of three patients is held until each has an answer; one
// is the owner's, two are set aside, and one of these is the owner's after all.
func TestOwnerSaysWhoseADiscIs(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	disc := discOf(t, named(t, "MRN-4711", "PLANTED^JÖRG", "19700101", 1), named(t, "MRN-4711", "PLANTED^JÖRG", "", 2), named(t, "4712", "PLANTED^\u202eEVA", "", 3), named(t, "", "", "", 4), []byte("no DICOM"))
	g.send(t, "owner", disc, meta("filename", "disc.zip", "batch", "d", "ask", "true"))
	list := g.patients(t, "owner", "d")
	if len(list) != 3 || list[0].Name != "PLANTED^JÖRG" || list[0].Birth != "19700101" || list[0].ID != "MRN-4711" || list[0].Objects != 2 ||
		len(list[0].Studies) != 2 || list[0].Studies[0].Date != "20240117" || list[1].Name != "PLANTED^EVA" || list[2].By != sinso.MatchStudy {
		t.Fatalf("asked %+v", list)
	}
	if got := g.settled(t, "owner", "d"); got.Asking != 1 || got.Done != 0 {
		t.Errorf("before an answer: %+v", got)
	}
	if other := g.patients(t, "other", ""); len(other) != 0 {
		t.Errorf("another owner is told of %+v", other)
	}
	me := g.says(t, 200, "owner", list[0].Patient, saidPerson, g.a)
	if me.Person != g.a || me.Waiting != 1 {
		t.Errorf("the first answer: %+v", me)
	}
	if got := g.patients(t, "owner", "d"); len(got) != 2 || got[0].State != patientAsks {
		t.Errorf("after one answer: %+v", got)
	}
	g.says(t, 200, "owner", list[1].Patient, saidKept, "")
	if got := g.patients(t, "owner", "d"); len(got) != 1 {
		t.Errorf("after two answers: %+v", got)
	}
	g.says(t, 200, "owner", list[2].Patient, saidUnknown, "")
	list = g.patients(t, "owner", "d")
	o := g.settled(t, "owner", "d").Outcome
	if o.Files != 5 || o.Instances != 2 || o.Quarantined != 3 || o.Reasons[way.ReasonKept] != 1 || o.Reasons[way.ReasonUnknown] != 1 {
		t.Errorf("taken in: %+v", o)
	}
	states := map[patientState]int{}
	for _, p := range list {
		states[p.State] += p.Objects
		if (p.Name == "") != (p.By == sinso.MatchStudy) || !p.Said {
			t.Errorf("told %+v", p)
		}
	}
	if states[patientFiled] != 2 || states[patientAside] != 2 {
		t.Errorf("told %+v", list)
	}
	kept := list[slices.IndexFunc(list, func(p patientView) bool { return p.Aside == way.ReasonKept })]
	if got := g.says(t, 200, "owner", kept.Patient, saidPerson, g.a); got.Filed != 1 || got.Refused != 0 {
		t.Errorf("mine after all: %+v", got)
	}
	if text := g.log.String(); strings.Contains(text, "PLANTED") || strings.Contains(text, "MRN-4711") {
		t.Error("the log has a name")
	}
	// The next disc of that patient is theirs without a word.
	g.send(t, "owner", named(t, "MRN-4711", "Planted^Jörg", "19700101", 9), meta("batch", "e", "ask", "true"))
	if got := g.patients(t, "owner", "e"); len(got) != 1 || got[0].State != patientFiled || got[0].Person != g.a {
		t.Errorf("the next disc: %+v", got)
	}
}

// TestMineIsGivenBackOnce: then the studies are nobody's whom the owner is, and it takes
// who keeps the node to change that.
func TestMineIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.send(t, "owner", named(t, "MRN-4711", "DOE^J", "", 1), meta("batch", "d", "ask", "true"))
	p := g.patients(t, "owner", "d")[0]
	g.says(t, 200, "owner", p.Patient, saidPerson, g.a)
	before := g.settled(t, "owner", "d").Outcome.Studies
	if got := g.says(t, 200, "owner", p.Patient, saidUnknown, ""); got.Moved != 1 {
		t.Errorf("given back: %+v", got)
	}
	g.want(t, 404, "owner", "GET", api+"/studies/"+string(before[0]), "")
	list := g.patients(t, "owner", "d")
	if len(list) != 1 || list[0].State != patientAside || list[0].Said {
		t.Errorf("told %+v", list)
	}
	g.says(t, 409, "owner", p.Patient, saidPerson, g.a)
}

// TestWhatWentOutIsNotGivenBack: neither what was shared nor what was offered.
func TestWhatWentOutIsNotGivenBack(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i, out := range []func(study sinso.StudyID){
		func(study sinso.StudyID) {
			g.want(t, 200, "owner", "POST", api+"/shares", toShow(t, "whose", []byte("a")).plan(study, week(), 0))
		},
		func(study sinso.StudyID) {
			g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1"}`, study))
		},
	} {
		batch := fmt.Sprint("out", i)
		file := bytes.ReplaceAll(drawn(t, uint64(40+i), 1)[0], []byte("PHANTOM-0001"), fmt.Appendf(nil, "PHANTOM-000%d", 7+i))
		g.send(t, "owner", file, meta("batch", batch, "ask", "true"))
		p := g.patients(t, "owner", batch)[0]
		g.says(t, 200, "owner", p.Patient, saidPerson, g.a)
		study := g.settled(t, "owner", batch).Outcome.Studies[0]
		out(study)
		g.says(t, 409, "owner", p.Patient, saidUnknown, "")
		if row := must[sinso.StudyRow](t)(g.way.Study(t.Context(), study)); row.Person != g.a {
			t.Errorf("%d: it is of %s now", i, row.Person)
		}
		if got := g.patients(t, "owner", batch); got[0].State != patientFiled || !got[0].Said {
			t.Errorf("%d: told %+v", i, got)
		}
	}
}

// TestArchiveIsToldWhoseFilesAre: by what each patient is known, who is new, and what of it
// needs a decision; an operator is told no names, a clinician is.
func TestArchiveIsToldWhoseFilesAre(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ask := meta("batch", "x", "ask", "true")
	g.send(t, "operator", named(t, "MRN-4711", "PLANTED^JANE", "19700101", 1), ask)
	filed := g.patients(t, "operator", "x")
	if len(filed) != 1 || filed[0].State != patientFiled || !filed[0].New || filed[0].By != sinso.MatchID || filed[0].Person == "" || filed[0].Label != "" || filed[0].Said {
		t.Fatalf("told %+v", filed)
	}
	for role, names := range map[string]bool{"operator": false, "clinician": true} {
		batch := "y" + role
		g.send(t, role, named(t, "MRN-4711", "PLANTED^"+strings.ToUpper(role), "19700102", 20), meta("batch", batch, "ask", "true"))
		p := g.patients(t, role, batch)[0]
		if p.State != patientAsks || p.Why != sinso.AsksConflict || !slices.Equal(p.Differs, []string{"name", "birth"}) || p.Person != filed[0].Person {
			t.Errorf("%s: %+v", role, p)
		}
		if got := p.Name != "" && p.ID != "" && p.Label != "" && p.Studies[0].Date != ""; got != names || !names && p.Name+p.ID+p.Birth+p.Label+p.Studies[0].Date != "" {
			t.Errorf("%s is told the name: %+v, want %t", role, p, names)
		}
		got := g.says(t, 200, role, p.Patient, saidAnother, "")
		if got.Person == filed[0].Person || got.Waiting != 1 {
			t.Errorf("%s: another person: %+v", role, got)
		}
		g.settled(t, role, batch)
		g.says(t, 409, role, p.Patient, saidPerson, filed[0].Person) // it is filed
	}
}

// TestWhoMaySayWhose: an owner for themselves alone, about their own uploads alone.
func TestWhoMaySayWhose(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.send(t, "owner", named(t, "MRN-4711", "DOE^J", "", 1), meta("batch", "d", "ask", "true"))
	p := g.patients(t, "owner", "d")[0].Patient
	g.says(t, 404, "owner", p, saidPerson, g.b)
	g.says(t, 404, "owner", p, saidAnother, "")
	g.says(t, 400, "owner", p, saidPerson, "")
	g.says(t, 400, "owner", p, saidUnknown, g.a)
	g.says(t, 400, "owner", p, "mine", "")
	g.says(t, 404, "owner", "q_nothing", saidUnknown, "")
	for _, role := range []string{"other", "operator", "clinician"} {
		g.says(t, 404, role, p, saidPerson, g.a)
		g.says(t, 404, role, p, saidUnknown, "")
	}
	for _, role := range []string{"buyer", "auditor", "member"} {
		answer := g.do(t, role, "GET", api+"/uploads/patients", "")
		said := g.do(t, role, "POST", api+"/uploads/patients", `{"patient":"`+p+`","as":"unknown"}`, "Content-Type", jsonType)
		if answer.StatusCode < 400 || said.StatusCode < 400 {
			t.Errorf("%s: %d and %d", role, answer.StatusCode, said.StatusCode)
		}
	}
	if got := g.settled(t, "owner", "d"); got.Asking != 1 {
		t.Errorf("somebody was heard: %+v", got)
	}
	g.want(t, 400, "operator", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("ask", "true", "person", string(g.a)))
	g.want(t, 400, "operator", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("ask", "perhaps"))
}

func TestReadableNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Wang^XiaoDong=王^小东": "Wang^XiaoDong=王^小东", "a\u202eb\u2066c\u200fd": "abcd", "a\x1b[31m\nb\x00": "a[31mb", "نرم\u200cافزار": "نرم\u200cافزار",
		strings.Repeat("王", 201): strings.Repeat("王", 200) + "…",
	} {
		if got := readable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
