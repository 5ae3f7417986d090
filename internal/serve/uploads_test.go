package serve

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// takeUploads runs what takes uploads in, until the test ends or the function returned is
// called.
func (g *rig) takeUploads(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- g.TakeUploads(ctx) }()
	var once atomic.Bool
	stop = func() {
		cancel()
		if once.CompareAndSwap(false, true) {
			if err := <-ended; err != nil {
				t.Errorf("TakeUploads: %v", err)
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

// meta is an Upload-Metadata header of keys and values in turn.
func meta(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(parts, ",")
}

// begin creates an upload and returns where it is.
func (g *rig) begin(t *testing.T, role string, size int, metadata string) string {
	t.Helper()
	got := g.want(t, 201, role, "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(size), "Upload-Metadata", metadata)
	at := got.Header.Get("Location")
	if !strings.HasPrefix(at, tusPath+"u_") {
		t.Fatalf("the upload is at %q", at)
	}
	return at
}

// patch goes on with an upload.
func (g *rig) patch(t *testing.T, role, at string, offset int, data []byte) answered {
	t.Helper()
	return g.do(t, role, "PATCH", at, string(data), "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset), "Content-Type", tusChunk)
}

func (g *rig) offset(t *testing.T, role, at string) int {
	t.Helper()
	got := g.want(t, 200, role, "HEAD", at, "", "Tus-Resumable", "1.0.0")
	return must[int](t)(strconv.Atoi(got.Header.Get("Upload-Offset")))
}

// send uploads a file whole, by creation-with-upload.
func (g *rig) send(t *testing.T, role string, data []byte, metadata string) string {
	t.Helper()
	got := g.want(t, 201, role, "POST", tusPath, string(data), "Tus-Resumable", "1.0.0",
		"Upload-Length", strconv.Itoa(len(data)), "Upload-Metadata", metadata, "Content-Type", tusChunk)
	if got.Header.Get("Upload-Offset") != strconv.Itoa(len(data)) {
		t.Fatalf("Upload-Offset %q of %d", got.Header.Get("Upload-Offset"), len(data))
	}
	return got.Header.Get("Location")
}

// done waits until the caller's uploads of a batch are taken in.
func (g *rig) done(t *testing.T, role, batch string) uploadTotals {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		var got uploadTotals
		answer := g.want(t, 200, role, "GET", api+"/uploads/summary?batch="+batch, "")
		if err := json.Unmarshal(answer.body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Done+got.Failed == got.Uploads {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("after a minute: %s", answer.body)
		}
	}
}

func TestUploadInPartsIsTakenIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	files := drawn(t, 21, 2)
	name := "JÖRG^PLANTED/slice 1.dcm"
	at := g.begin(t, "owner", len(files[0]), meta("filename", name, "filetype", "application/dicom", "batch", "b-1"))
	half := len(files[0]) / 2
	if got := g.patch(t, "owner", at, 0, files[0][:half]); got.StatusCode != 204 {
		t.Fatalf("first half: %d %s", got.StatusCode, got.body)
	}
	g.noPlaintext(t, files[0])
	row := g.want(t, 200, "owner", "GET", at, "")
	if row.field(t, "state") != "receiving" || row.field(t, "name") != name || row.field(t, "person") != string(g.a) {
		t.Errorf("half of it: %s", row.body)
	}
	head := g.want(t, 200, "owner", "HEAD", at, "", "Tus-Resumable", "1.0.0").Header
	if !strings.Contains(head.Get("Upload-Metadata"), meta("filename", name)) || head.Get("Upload-Offset") != strconv.Itoa(half) {
		t.Errorf("HEAD: %v", head)
	}
	if got := g.patch(t, "owner", at, half, files[0][half:]); got.StatusCode != 204 {
		t.Fatalf("second half: %d %s", got.StatusCode, got.body)
	}
	g.send(t, "owner", files[1], meta("filename", "2", "batch", "b-1"))
	g.send(t, "owner", files[1], meta("filename", "3", "batch", "b-1"))
	g.send(t, "owner", []byte("no DICOM at all, PLANTED"), meta("filename", "4", "batch", "b-1"))
	g.send(t, "owner", nil, meta("filename", "5", "batch", "b-1"))
	got := g.done(t, "owner", "b-1")
	o := got.Outcome
	if got.Uploads != 5 || got.Done != 5 || o.Files != 5 || o.Instances != 2 || o.Duplicates != 1 || o.Quarantined+o.Skipped != 2 || len(o.Studies) != 1 || len(o.Reasons) != 2 {
		t.Errorf("got %+v", got)
	}
	g.noPlaintext(t, files[0])
	study := g.want(t, 200, "owner", "GET", api+"/studies/"+string(o.Studies[0]), "")
	if !bytes.Contains(study.body, []byte(`"instances":2`)) {
		t.Errorf("the study: %s", study.body)
	}
	if got := g.patch(t, "owner", at, len(files[0]), nil); got.StatusCode != 204 {
		t.Errorf("a PATCH again, of which the answer was lost: %d %s", got.StatusCode, got.body)
	}
	if strings.Contains(g.log.String(), "PLANTED") || strings.Contains(g.log.String(), at) {
		t.Error("the log has a name or a path of an upload")
	}
}

// noPlaintext looks for a part of a file, and for the marker in its name, in all that the
// uploads write.
func (g *rig) noPlaintext(t *testing.T, file []byte) {
	t.Helper()
	piece, files := file[len(file)/4:len(file)/4+64], 0
	for _, dir := range []string{g.uploadDir, g.cfg.Temp} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			data, err := os.ReadFile(path)
			if bytes.Contains(data, piece) || bytes.Contains(data, []byte("PLANTED")) || strings.Contains(path, "PLANTED") {
				t.Errorf("%s holds an upload in the clear", filepath.Base(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 {
		t.Error("nothing was looked at")
	}
}

func TestUploadedZipIsTakenIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i, file := range drawn(t, 22, 5) {
		entry := must[io.Writer](t)(w.Create(fmt.Sprintf("DICOM/%d", i)))
		must[int](t)(entry.Write(file))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	at := g.begin(t, "operator", packed.Len(), meta("filename", "disc.zip", "batch", "z", "person", string(g.b)))
	for from := 0; from < packed.Len(); from += 3000 {
		if got := g.patch(t, "operator", at, from, packed.Bytes()[from:min(from+3000, packed.Len())]); got.StatusCode != 204 {
			t.Fatalf("at %d: %d %s", from, got.StatusCode, got.body)
		}
	}
	got := g.done(t, "operator", "z")
	if got.Done != 1 || got.Outcome.Instances != 5 || len(got.Outcome.Studies) != 1 {
		t.Fatalf("got %+v", got)
	}
	row := must[sinso.StudyRow](t)(g.way.Study(t.Context(), got.Outcome.Studies[0]))
	if row.Person != g.b {
		t.Errorf("filed under %s, want %s", row.Person, g.b)
	}
}

// TestUploadsAreTheirCallersAlone: what is another's is not there; an owner's are theirs
// under each of their tokens.
func TestUploadsAreTheirCallersAlone(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	at := g.begin(t, "owner", 10, meta("batch", "mine"))
	for _, role := range []string{"other", "operator", "clinician", "local"} {
		for _, method := range []string{"GET", "HEAD", "PATCH", "DELETE"} {
			g.want(t, 404, role, method, at, "", "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", tusChunk)
		}
		if items := g.want(t, 200, role, "GET", api+"/uploads?batch=mine", "").items(t); len(items) != 0 {
			t.Errorf("%s sees %v", role, items)
		}
	}
	answer := g.do(t, "local", "POST", api+"/local/tokens", fmt.Sprintf(`{"role":"owner","person":%q,"expires":3600}`, g.a))
	g.token["phone"] = answer.field(t, "token")
	if got := g.patch(t, "phone", at, 0, []byte("01234")); got.StatusCode != 204 {
		t.Errorf("the owner with another token: %d %s", got.StatusCode, got.body)
	}
	if items := g.want(t, 200, "owner", "GET", api+"/uploads?batch=mine", "").items(t); len(items) != 1 || items[0]["offset"] != 5.0 {
		t.Errorf("the owner sees %v", items)
	}
}

func TestUploadListIsPaged(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range 7 {
		g.begin(t, "owner", 1, meta("filename", strconv.Itoa(i), "batch", "x"))
		g.begin(t, "owner", 1, meta("batch", "y"))
	}
	var names []string
	for after := 0.0; ; {
		items := g.want(t, 200, "owner", "GET", fmt.Sprintf("%s/uploads?batch=x&limit=3&after=%.0f", api, after), "").items(t)
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			names = append(names, item["name"].(string))
			after = item["number"].(float64)
		}
	}
	if want := []string{"0", "1", "2", "3", "4", "5", "6"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	for _, query := range []string{"limit=0", "limit=1001", "after=-1", "after=x", "bach=x"} {
		g.want(t, 400, "owner", "GET", api+"/uploads?"+query, "")
	}
	totals := g.want(t, 200, "owner", "GET", api+"/uploads/summary", "")
	var got uploadTotals
	if err := json.Unmarshal(totals.body, &got); err != nil || got.Uploads != 14 || got.Receiving != 14 || got.Bytes != 14 || got.Received != 0 {
		t.Errorf("%s, %v", totals.body, err)
	}
}

// TestUploadSurvivesTheEndOfItsSession signs out in the middle, and goes on signed in
// again. Another site's requests do nothing.
func TestUploadSurvivesTheEndOfItsSession(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	file := drawn(t, 23, 1)[0]
	signIn := func() string {
		answer := g.want(t, 200, "", "POST", api+"/session", fmt.Sprintf(`{"token":%q}`, g.token["owner"]), "Origin", g.url)
		return answer.Cookies()[0].String()
	}
	cookie := signIn()
	begun := g.want(t, 201, "", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(file)), "Upload-Metadata", meta("batch", "s"), "Cookie", cookie, "Origin", g.url)
	at := begun.Header.Get("Location")
	send := func(offset int, data []byte, cookie, origin string) int {
		return g.do(t, "", "PATCH", at, string(data), "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset), "Content-Type", tusChunk, "Cookie", cookie, "Origin", origin).StatusCode
	}
	if got := send(0, file[:100], cookie, g.url); got != 204 {
		t.Fatalf("first part: %d", got)
	}
	if got := send(100, file[100:200], cookie, "http://evil.example"); got != 403 {
		t.Errorf("from another site: %d, want 403", got)
	}
	g.want(t, 204, "", "DELETE", api+"/session", "", "Cookie", cookie, "Origin", g.url)
	if got := send(100, file[100:], cookie, g.url); got != 401 {
		t.Errorf("signed out: %d, want 401", got)
	}
	cookie = signIn()
	if got := send(100, file[100:], cookie, g.url); got != 204 {
		t.Errorf("signed in again: %d, want 204", got)
	}
	if got := g.done(t, "owner", "s"); got.Outcome.Instances != 1 {
		t.Errorf("got %+v", got)
	}
}
