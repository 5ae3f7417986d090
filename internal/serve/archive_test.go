package serve

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"image"
	"image/png"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

// TestNothingIdentifyingWithoutOpen asks every list and detail as the operator,
// who works the archive and opens nothing: no name, date, description or UID is
// in any answer or in the log, while the owner sees their own.
func TestNothingIdentifyingWithoutOpen(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	rows := g.rows(t, g.sale(t))
	study := must[sinso.StudyRow](t)(g.way.Study(t.Context(), g.study))
	instances := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))
	words := []string{"DOE", "PHANTOM", study.UID, instances[0].UID, study.PatientID, study.Date, study.Description, study.Accession}
	for _, word := range words {
		if len(word) < 3 {
			t.Fatalf("the study lacks a value to look for: %q", words)
		}
	}
	asked := 0
	for _, row := range rows {
		method, pattern, _ := strings.Cut(row.route, " ")
		if row.path == "" {
			row.path = pattern
		}
		if method != "GET" || pattern == openAPI {
			continue
		}
		asked++
		got := g.do(t, "operator", method, row.path, "")
		for _, word := range words {
			if strings.Contains(string(got.body), word) {
				t.Errorf("%s tells %q", row.route, word)
			}
		}
	}
	if asked < 20 {
		t.Errorf("asked %d routes only", asked)
	}
	own := string(g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study), "").body)
	if !strings.Contains(own, study.Date) || !strings.Contains(own, study.Description) || !strings.Contains(own, `"uid":"`+study.UID+`"`) {
		t.Errorf("the owner does not see their own: %s", own)
	}
	if records := g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study)+"/records", "").items(t); records[0]["uid"] != instances[0].UID {
		t.Errorf("the owner's record has uid %v, want %v", records[0]["uid"], instances[0].UID)
	}
	if names := g.want(t, 200, "owner", "GET", api+"/persons", "").items(t); len(names) != 1 || names[0]["label"] != "DOE^JANE" {
		t.Errorf("got %v", names)
	}
	if names := g.want(t, 200, "operator", "GET", api+"/persons", "").items(t); len(names) != 2 {
		t.Errorf("got %v, want both persons", names)
	}
	log := g.log.String()
	for _, word := range append(words, string(g.a), string(g.study), g.token["owner"]) {
		if strings.Contains(log, word) {
			t.Errorf("the log tells %q", word)
		}
	}
	if !strings.Contains(log, `"route":"/api/v1/studies/{study}"`) {
		t.Error("the log does not name routes")
	}
}

// opened counts who opened what for what, by the log.
func (g *rig) opened(t *testing.T) map[string]int {
	t.Helper()
	found := map[string]int{}
	for _, e := range must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, "")) {
		if e.Type == sinso.EventOpened {
			found[e.Actor+" "+string(e.Body)]++
		}
	}
	return found
}

// TestThumbnailIsOfTheMiddle: a study's picture shows pixels of the record in the
// middle, in the size asked for. Each caller who has the original read is written
// down once; the picture is kept for them alone.
func TestThumbnailIsOfTheMiddle(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	rows := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))
	path := api + "/studies/" + string(g.study) + "/thumbnail"
	got := g.want(t, 200, "owner", "GET", path, "")
	picture := must[image.Image](t)(png.Decode(bytes.NewReader(got.body)))
	if b := picture.Bounds(); b.Dx() != 32 || b.Dy() != 32 { // never enlarged
		t.Errorf("got %v", b)
	}
	shades := map[uint32]bool{}
	for i := range 32 {
		r, _, _, _ := picture.At(i, 16).RGBA()
		shades[r] = true
	}
	if len(shades) < 4 {
		t.Errorf("the picture has %d shades across: is it of the pixels?", len(shades))
	}
	if c := got.Header.Get("Cache-Control"); c != "no-store" { // a browser's disk outlives a session
		t.Errorf("got Cache-Control %q", c)
	}
	middle := g.want(t, 200, "owner", "GET", api+"/records/"+string(rows[len(rows)/2].ID)+"/thumbnail?frame=0", "")
	if !bytes.Equal(middle.body, got.body) {
		t.Error("the study's picture is not of the record in the middle")
	}
	g.want(t, 200, "clinician", "GET", path, "")
	g.want(t, 200, "clinician", "GET", path, "")
	opened := g.opened(t)
	if len(opened) != 2 || slices.ContainsFunc(slices.Collect(maps.Values(opened)), func(n int) bool { return n != 1 }) {
		t.Errorf("written down: %v, want one for each of two callers", opened)
	}
	for query, want := range map[string]int{"?size=63": 400, "?size=513": 400, "?size=a": 400, "?size=64": 200} {
		g.want(t, want, "owner", "GET", path+query, "")
	}
	for frame, want := range map[string]int{"1": 404, "-1": 400, "0": 200} {
		g.want(t, want, "owner", "GET", api+"/records/"+string(rows[0].ID)+"/thumbnail?frame="+frame, "")
	}
}

// TestCompressedPixelsAreNotDrawn: the answer says so, and the record is not
// opened for it.
func TestCompressedPixelsAreNotDrawn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const video = "1.2.840.10008.1.2.4.102" // MPEG-4, PS3.5 A.4.6
	file := must[*dicom.File](t)(dicom.Read(drawn(t, 13, 1)[0]))
	tree := must[dicom.Dataset](t)(file.Tree())
	pixels := tree.Find(0x7FE00010)
	pixels.VR, pixels.Value, pixels.Fragments = dicom.VROB, nil, [][]byte{{}, {0, 0, 1, 9}}
	packed := must[[]byte](t)(dicom.Encode(video, tree))
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{packed}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	got := g.want(t, 501, "owner", "GET", api+"/studies/"+string(study)+"/thumbnail", "")
	if got.field(t, "class") != "unsupported" || !strings.Contains(got.field(t, "detail"), "compressed") {
		t.Errorf("got %s", got.body)
	}
	if opened := g.opened(t); len(opened) > 0 {
		t.Errorf("opened: %v", opened)
	}
	record := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study))[0].ID
	if whole := g.want(t, 200, "owner", "GET", api+"/records/"+string(record)+"/file", ""); !bytes.Equal(whole.body, packed) {
		t.Error("the file is not what came in")
	}
}

// TestRunLengthPixelsAreDrawn: a compressed record has the picture of the one that it
// was made of.
func TestRunLengthPixelsAreDrawn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	native := drawn(t, 14, 1)[0]
	packed := must[[]byte](t)(codec.Transcode(must[*dicom.File](t)(dicom.Read(native)), codec.RLELossless))
	picture := func(file []byte, at int) []byte {
		study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{file}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
		rows := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study))
		return g.want(t, 200, "owner", "GET", api+"/records/"+string(rows[at].ID)+"/thumbnail", "").body
	}
	if !bytes.Equal(picture(native, 0), picture(packed, 1)) {
		t.Error("the picture of the compressed record is another")
	}
}

// TestFileIsWhatCameIn: bytes, a name that says nothing, no copy in a cache, and
// a line in the log that the owner can read.
func TestFileIsWhatCameIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	row := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0]
	got := g.want(t, 200, "clinician", "GET", api+"/records/"+string(row.ID)+"/file", "")
	if !slices.ContainsFunc(drawn(t, 7, 3), func(file []byte) bool { return bytes.Equal(file, got.body) }) {
		t.Error("the file is not one that came in")
	}
	h := got.Header
	if h.Get("Content-Type") != "application/dicom" || h.Get("Cache-Control") != "no-store" ||
		h.Get("Content-Disposition") != fmt.Sprintf("attachment; filename=%q", string(row.ID)+".dcm") {
		t.Errorf("got %v", h)
	}
	steps := g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study)+"/way", "").items(t)
	last := steps[len(steps)-1]
	if last["code"] != "opened" || last["says"] != "One record was opened to hand out the file." || !strings.HasPrefix(last["actor"].(string), "clinician:") {
		t.Errorf("got %v", last)
	}
}

// TestWayTellsEachStep: the way of a sold study names its steps in order, like
// ones as one, and tells nothing of another person's.
func TestWayTellsEachStep(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	g.want(t, 200, "owner", "DELETE", api+"/grants/"+sold.order, "")
	if err := g.way.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, step := range g.want(t, 200, "owner", "GET", api+"/studies/"+string(g.study)+"/way", "").items(t) {
		got = append(got, fmt.Sprintf("%s %v", step["code"], step["count"]))
	}
	want := []string{"instance-sealed 3", "imported 1", "release-planned 1", "released 1", "asset-registered 1", "ordered 1", "key-granted 1", "revoked 1", "settled 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if orders := g.want(t, 200, "owner", "GET", api+"/orders", "").items(t); orders[0]["state"] != "released" || orders[0]["revoked"] != true {
		t.Errorf("got %v", orders)
	}
}

// TestAuditIsReadInPages: an auditor reads the whole log page by page, an owner
// their own part of it.
func TestAuditIsReadInPages(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var seqs []float64
	for after := ""; ; {
		page := g.want(t, 200, "auditor", "GET", api+"/audit?limit=3"+after, "").items(t)
		for _, e := range page {
			seqs = append(seqs, e["seq"].(float64))
			after = fmt.Sprintf("&after=%v", e["seq"])
		}
		if len(page) < 3 {
			break
		}
	}
	for i, seq := range seqs {
		if int(seq) != i {
			t.Fatalf("got %v, want every event once", seqs)
		}
	}
	if len(seqs) < 10 {
		t.Errorf("got %d events", len(seqs))
	}
	g.newestFirst(t, len(seqs))
	own := g.want(t, 200, "owner", "GET", api+"/audit", "").items(t)
	if len(own) == 0 || len(own) >= len(seqs) {
		t.Errorf("the owner reads %d of %d events", len(own), len(seqs))
	}
	if of := g.want(t, 200, "auditor", "GET", api+"/audit?subject="+string(g.study), "").items(t); len(of) != 4 {
		t.Errorf("got %v, want the 3 records and the study", of)
	}
	g.want(t, 400, "auditor", "GET", api+"/audit?limit=1001", "")
	g.want(t, 404, "other", "GET", api+"/audit?person="+string(g.a), "")
	if none := g.want(t, 200, "other", "GET", api+"/audit?subject="+string(g.study), "").items(t); len(none) > 0 {
		t.Errorf("another owner reads %v", none)
	}
}

// newestFirst reads the same n events from the newest back.
func (g *rig) newestFirst(t *testing.T, n int) {
	t.Helper()
	for before, want := "", n-1; ; {
		page := g.want(t, 200, "auditor", "GET", api+"/audit?newest=true&limit=3"+before, "").items(t)
		for _, e := range page {
			if e["seq"] != float64(want) {
				t.Fatalf("got event %v, want %d", e["seq"], want)
			}
			want--
			before = fmt.Sprintf("&before=%v", e["seq"])
		}
		if len(page) < 3 {
			if want != -1 {
				t.Errorf("it ends before event %d", want)
			}
			break
		}
	}
	of := g.want(t, 200, "auditor", "GET", api+"/audit?newest=true&limit=2&subject="+string(g.study), "").items(t)
	if len(of) != 2 || of[0]["person"] != string(g.a) || of[0]["seq"].(float64) < of[1]["seq"].(float64) {
		t.Errorf("got %v, want the newest two of the study, with whose it is", of)
	}
	if none := g.want(t, 200, "other", "GET", api+"/audit?newest=true&subject="+string(g.study), "").items(t); len(none) > 0 {
		t.Errorf("another owner reads %v", none)
	}
}

// TestEveryEventHasASentence reads the closed set of event types from the root
// package's source: none is without words, and none of the words quotes a value
// that may identify somebody.
func TestEveryEventHasASentence(t *testing.T) {
	t.Parallel()
	syntax := must[*ast.File](t)(parser.ParseFile(gotoken.NewFileSet(), "../../event.go", nil, 0))
	types := 0
	ast.Inspect(syntax, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		types++
		name := must[string](t)(strconv.Unquote(literal.Value))
		s := &Server{cfg: Config{Explain: deid.Explain}}
		body := fmt.Sprintf(`{"name":%q,"label":%q,"purpose":%q,"what":%q,"match":%q}`, marker, marker, marker, marker, marker)
		text := s.sentence(sinso.Event{Type: sinso.EventType(name), Body: []byte(body)}, 2)
		if strings.Contains(text, "no words") || !strings.HasSuffix(text, ".") || strings.Contains(text, "%!") {
			t.Errorf("%s: %q", name, text)
		}
		if strings.Contains(text, marker) {
			t.Errorf("%s quotes its body: %q", name, text)
		}
		return true
	})
	if types < 18 {
		t.Errorf("found %d event types only", types)
	}
}

// TestPicturesAreBounded: the cache holds no more bytes than it may, and lets go
// of what was not asked for the longest.
func TestPicturesAreBounded(t *testing.T) {
	t.Parallel()
	p := newPictures(100)
	for i := range 10 {
		p.put(strconv.Itoa(i), make([]byte, 30))
		p.get("0")
	}
	p.put("huge", make([]byte, 101))
	if _, ok := p.get("huge"); ok || p.bytes > 100 || len(p.by) != 3 || p.order.Len() != 3 {
		t.Errorf("holds %d bytes, %d pictures", p.bytes, len(p.by))
	}
	for key, want := range map[string]bool{"0": true, "9": true, "1": false} {
		if _, ok := p.get(key); ok != want {
			t.Errorf("%s: got %v, want %v", key, ok, want)
		}
	}
}
