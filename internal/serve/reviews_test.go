package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/way"
)

// echo is a synthetic ultrasound image of 64 × 48 pixels that says that there is writing in it.
func echo(t *testing.T, n int) []byte {
	t.Helper()
	var ds dicom.Dataset
	for tag, text := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.6.1", 0x00080018: fmt.Sprint("2.25.100", n), 0x0020000D: "2.25.200", 0x0020000E: "2.25.300",
		0x00080060: "US", 0x00080070: "Synthetic Sound Works", 0x00100010: "DOE^JANE", 0x00100020: "MRN-4711",
		0x00280004: "MONOCHROME2", 0x00280301: "YES",
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], text)
	}
	for tag, v := range map[dicom.Tag]byte{0x00280002: 1, 0x00280010: 48, 0x00280011: 64, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
	}
	pixels := make([]byte, 48*64)
	for i := range pixels {
		pixels[i] = byte(100 + i/64)
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

// doubt imports an image of person a that the gate doubts, and returns its item.
func (g *rig) doubt(t *testing.T) sinso.ReviewID {
	t.Helper()
	ctx := t.Context()
	study := must[way.ImportResult](t)(g.way.Import(ctx, source([][]byte{echo(t, 1)}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	must[sinso.ReleaseRow](t)(g.way.Draft(ctx, study, "test"))
	rows := must[[]sinso.ReviewRow](t)(g.way.Reviews(ctx, way.ReviewFilter{Study: study}))
	if len(rows) != 1 {
		t.Fatalf("%d items, want 1", len(rows))
	}
	return rows[0].ID
}

// picture gets one side of an item as pixels.
func (g *rig) picture(t *testing.T, item, query string) image.Image {
	t.Helper()
	return must[image.Image](t)(png.Decode(bytes.NewReader(g.want(t, 200, "clinician", "GET", item+"/picture?"+query, "").body)))
}

// TestReviewShowsBeforeAndAfter walks the queue as a clinician does: the item with its
// reason in words, each element, both pictures, a box, and the picture with it.
func TestReviewShowsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	item := api + "/reviews/" + string(g.doubt(t))
	queue := g.want(t, 200, "clinician", "GET", api+"/reviews?state=open&limit=1", "").items(t)
	if len(queue) != 1 || queue[0]["state"] != "open" {
		t.Fatalf("the queue is %v", queue)
	}
	if says := queue[0]["reasons"].([]any)[0].(map[string]any)["says"]; !strings.Contains(fmt.Sprint(says), "text") {
		t.Errorf("the reason is told as %q", says)
	}
	var detail ReviewDetail
	shown := g.want(t, 200, "clinician", "GET", item, "").body
	if err := json.Unmarshal(shown, &detail); err != nil {
		t.Fatal(err)
	}
	if detail.Rows != 48 || detail.Columns != 64 || len(detail.Marks) != 0 || len(detail.Held) != 0 {
		t.Errorf("got %d × %d, %d marks, held %v", detail.Columns, detail.Rows, len(detail.Marks), detail.Held)
	}
	found := false
	for _, e := range detail.Elements {
		found = found || e.Path == "(0010,0010)" && e.Name == "Patient's Name" && e.Action != "kept" && e.Cause == "table"
	}
	if !found {
		t.Error("what became of Patient's Name is not told")
	}
	if bytes.Contains(shown, []byte("DOE^JANE")) || bytes.Contains(shown, []byte("MRN-4711")) {
		t.Error("the answer holds a value of the object")
	}
	g.want(t, 200, "clinician", "POST", item+"/decisions", `{"decision":"redact","boxes":[{"frame":-1,"x0":8,"y0":4,"x1":40,"y1":20}]}`)
	before, after := g.picture(t, item, "of=before&size=64&frame=0"), g.picture(t, item, "of=after&size=64&frame=0")
	grey := func(in image.Image, x, y int) uint32 { r, _, _, _ := in.At(x, y).RGBA(); return r }
	if in, out := grey(before, 10, 10), grey(after, 10, 10); in == 0 || out != 0 {
		t.Errorf("inside the box: before %d, after %d", in, out)
	}
	if grey(after, 50, 40) == 0 {
		t.Error("outside of the box it is black")
	}
	for _, query := range []string{"", "of=both", "of=after&frame=-1", "of=after&size=5000"} {
		g.want(t, 400, "clinician", "GET", item+"/picture?"+query, "")
	}
	g.want(t, 404, "clinician", "GET", item+"/picture?of=after&frame=1", "")
	if opened := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, string(detail.Record))); !openedForReview(opened) {
		t.Error("that the record was opened is not in the log")
	}
	if strings.Contains(g.log.String(), "DOE") || strings.Contains(g.log.String(), "MRN-4711") {
		t.Error("the log holds a value of the object")
	}
}

func openedForReview(events []sinso.Event) bool {
	for _, e := range events {
		if e.Type == sinso.EventOpened && strings.Contains(string(e.Body), way.ForReview) {
			return true
		}
	}
	return false
}

// TestReviewDecisionsAreHeldToTheFrame sends bodies that are no decision: each is
// refused as invalid, and the item stays open.
func TestReviewDecisionsAreHeldToTheFrame(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	item := api + "/reviews/" + string(g.doubt(t))
	box := func(text string) string { return `{"decision":"redact","boxes":[` + text + `]}` }
	for name, body := range map[string]string{
		"nothing":           `{}`,
		"another decision":  `{"decision":"sell"}`,
		"a sample's":        `{"decision":"leak"}`,
		"no box":            `{"decision":"redact","boxes":[]}`,
		"boxes to approve":  `{"decision":"approve","boxes":[{"frame":0,"x0":0,"y0":0,"x1":1,"y1":1}]}`,
		"outside":           box(`{"frame":0,"x0":0,"y0":0,"x1":65,"y1":1}`),
		"negative":          box(`{"frame":0,"x0":-1,"y0":0,"x1":5,"y1":1}`),
		"no such frame":     box(`{"frame":1,"x0":0,"y0":0,"x1":5,"y1":1}`),
		"not whole":         box(`{"frame":0,"x0":0.5,"y0":0,"x1":5,"y1":1}`),
		"too large to hold": box(`{"frame":0,"x0":0,"y0":0,"x1":99999999999999999999,"y1":1}`),
		"another field":     `{"decision":"approve","by":"owner-1"}`,
		"thousands":         box(strings.Repeat(`{"frame":0,"x0":0,"y0":0,"x1":5,"y1":1},`, 1200) + `{"frame":0,"x0":0,"y0":0,"x1":5,"y1":1}`),
	} {
		if got := g.do(t, "clinician", "POST", item+"/decisions", body); got.StatusCode != 400 {
			t.Errorf("%s: got %d %.200s, want 400", name, got.StatusCode, got.body)
		}
	}
	g.want(t, 413, "clinician", "POST", item+"/decisions", box(strings.Repeat(" ", maxBody)))
	if items := g.want(t, 200, "clinician", "GET", api+"/reviews?state=open", "").items(t); len(items) != 1 {
		t.Errorf("%d items are open, want 1", len(items))
	}
	g.want(t, 200, "owner", "POST", item+"/decisions", `{"decision":"refuse"}`)
	g.want(t, 409, "clinician", "POST", item+"/decisions", `{"decision":"approve"}`)
	g.want(t, 400, "clinician", "GET", api+"/reviews?state=lost", "")
}

// TestReviewQueueIsReadInPages reads it one by one.
func TestReviewQueueIsReadInPages(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ctx := t.Context()
	study := must[way.ImportResult](t)(g.way.Import(ctx, source([][]byte{echo(t, 1), echo(t, 2), echo(t, 3)}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	must[sinso.ReleaseRow](t)(g.way.Draft(ctx, study, "test"))
	seen, after := map[string]bool{}, ""
	for range 4 {
		var page reviewPage
		if err := json.Unmarshal(g.want(t, 200, "owner", "GET", api+"/reviews?limit=1&after="+after, "").body, &page); err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Items {
			seen[string(one.ID)] = true
		}
		if after = string(page.Next); after == "" {
			break
		}
	}
	if len(seen) != 3 || after != "" {
		t.Errorf("%d items in pages, and %q follows; want 3 and nothing", len(seen), after)
	}
	if others := g.want(t, 200, "other", "GET", api+"/reviews", "").items(t); len(others) != 0 {
		t.Errorf("another person sees %d items", len(others))
	}
	var estimate way.LeakRate
	if err := json.Unmarshal(g.want(t, 200, "clinician", "GET", api+"/reviews/estimate", "").body, &estimate); err != nil || estimate.Confidence != 0.95 || estimate.Overall.High != 1 {
		t.Errorf("the estimate of nothing is %+v, %v", estimate, err)
	}
}

// TestReviewShowsNoHeadWithItsFace: where what a copy holds is gone, and would be made
// anew with a face, there is no picture of it, and the answer says why.
func TestReviewShowsNoHeadWithItsFace(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	id := g.doubt(t)
	row := must[sinso.ReviewRow](t)(g.way.Review(t.Context(), id))
	caller := must[map[string]any](t)(decoded(g.want(t, 200, "clinician", "GET", api+"/session", "").body))
	g.previews.put(fmt.Sprint(caller["id"], " ", reviewed(row)), nil) // as [way.Way.Preview] has it
	got := g.do(t, "clinician", "GET", api+"/reviews/"+string(id)+"/picture?of=after&frame=0", "")
	if got.StatusCode != 415 && got.StatusCode != 501 || !strings.Contains(string(got.body), "face") {
		t.Errorf("got %d %s", got.StatusCode, got.body)
	}
	g.picture(t, api+"/reviews/"+string(id), "of=before&frame=0")
}

func decoded(body []byte) (out map[string]any, err error) {
	return out, json.Unmarshal(body, &out)
}
