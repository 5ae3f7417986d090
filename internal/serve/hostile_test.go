package serve

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// marker stands for whatever identifies somebody in a request.
const marker = "1.2.826.0.1.DOE^JANE"

// TestHostileBodiesAreRefused: a body that a route does not take is refused with a
// problem that quotes none of it, nor does the log.
func TestHostileBodiesAreRefused(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	deep := `{"study":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}"
	for name, tt := range map[string]struct {
		path, body string
		headers    []string
		want       int
	}{
		"unknown field":        {"/assets", `{"study":"x","` + marker + `":1}`, nil, 400},
		"wrong type":           {"/assets", `{"study":["` + marker + `"]}`, nil, 400},
		"no JSON":              {"/assets", `{"` + marker, nil, 400},
		"two objects":          {"/assets", `{"study":"` + marker + `"} {}`, nil, 400},
		"nested deeply":        {"/assets", deep, nil, 400},
		"too large":            {"/assets", `{"study":"` + marker + strings.Repeat("a", maxBody) + `"}`, nil, 413},
		"no study":             {"/assets", `{"study":"` + marker + `","priceWei":"1"}`, nil, 404},
		"price below zero":     {"/assets", `{"study":"x","priceWei":"-1"}`, nil, 400},
		"price that is no one": {"/assets", `{"study":"x","priceWei":"1e3"}`, nil, 400},
		"form instead":         {"/assets", "study=" + marker, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		"no content type":      {"/assets", "", nil, 415},
		"unknown query":        {"/assets?" + marker + "=1", `{}`, nil, 400},
		"query twice":          {"/assets?person=a&person=" + marker, `{}`, nil, 400},
		"query that is none":   {"/assets?person=%zz", `{}`, nil, 400},
		"upload of a text":     {"/imports", "name: " + marker, []string{"Content-Type", "text/plain"}, 415},
		"form without end":     {"/imports", "--b\r\nContent-Disposition: form-data; name=a; filename=" + marker + "\r\n\r\nx", []string{"Content-Type", "multipart/form-data; boundary=b"}, 400},
		"form without files":   {"/imports", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + marker + "\r\n--b--", []string{"Content-Type", "multipart/form-data; boundary=b"}, 400},
		"form without bounds":  {"/imports", "x", []string{"Content-Type", "multipart/form-data"}, 400},
		"a stranger's token":   {"/session", `{"token":"` + marker + `"}`, []string{"Origin", g.url}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			got := g.want(t, tt.want, "owner", "POST", api+tt.path, tt.body, tt.headers...)
			if got.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(string(got.body), marker) {
				t.Errorf("got %s: %s", got.Header.Get("Content-Type"), got.body)
			}
		})
	}
	if got := g.want(t, 400, "owner", "POST", api+"/assets", deep); !strings.Contains(got.field(t, "detail"), "nested too deeply") {
		t.Errorf("got %s", got.body)
	}
	for _, path := range []string{"/studies/" + marker, "/studies/%00", "/records/..%2f..%2fetc", "/orders/0x" + marker, "/orders/0x" + strings.Repeat("A", 64), "/tokens/1/verification", "/studies?person=" + marker, "/nothing/" + marker} {
		if got := g.do(t, "operator", "GET", api+path, ""); got.StatusCode != 404 || strings.Contains(string(got.body), marker) {
			t.Errorf("%s: got %d %s, want 404", path, got.StatusCode, got.body)
		}
	}
	if strings.Contains(g.log.String(), marker) {
		t.Error("the log quotes a request")
	}
}

// TestSlowBodyEnds: a body that stops coming is broken off.
func TestSlowBodyEnds(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.stall = 50 * time.Millisecond
	for _, path := range []string{"/imports", "/assets"} {
		body, rest := io.Pipe()
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+api+path, body))
		r.Header.Set("Authorization", "Bearer "+g.token["owner"])
		r.Header.Set("Content-Type", map[string]string{"/imports": "application/dicom", "/assets": jsonType}[path])
		go func() { _, _ = rest.Write([]byte(`{"study":`)) }()
		response, err := g.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", path, response.StatusCode)
		}
		_ = response.Body.Close()
		_ = rest.Close()
	}
}

// form is a body of files under the names given.
func form(t *testing.T, files map[string][]byte) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, data := range files {
		part := must[io.Writer](t)(w.CreateFormFile("file", name))
		_ = must[int](t)(part.Write(data))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// TestUploadLeavesNothing: files come in under whatever names, and are neither
// written where a name points to, nor left in the folder for uploads.
func TestUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	files := drawn(t, 11, 3)
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	_ = must[int](t)(must[io.Writer](t)(z.Create("../../" + marker)).Write(files[2]))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	body, contentType := form(t, map[string][]byte{
		"../../../" + marker: files[0], "/etc/" + marker: files[1], "more.zip": packed.Bytes(),
		"note.txt": []byte("no DICOM of " + marker), ".DS_Store": {1},
	})
	got := g.want(t, 200, "owner", "POST", api+"/imports", body, "Content-Type", contentType)
	var result way.ImportResult
	if err := json.Unmarshal(got.body, &result); err != nil {
		t.Fatal(err)
	}
	if result.Files != 5 || result.Instances != 3 || result.Quarantined != 1 || result.Skipped != 1 || len(result.Studies) != 1 {
		t.Errorf("got %s", got.body)
	}
	if study := must[sinso.StudyRow](t)(g.way.Study(t.Context(), result.Studies[0])); study.Person != g.a {
		t.Errorf("filed for %s, want the owner %s", study.Person, g.a)
	}
	again := g.want(t, 200, "operator", "POST", api+"/imports?person="+string(g.a), packed.String(), "Content-Type", "application/zip")
	if !strings.Contains(string(again.body), `"duplicates":1`) {
		t.Errorf("the zip again: got %s", again.body)
	}
	refusedFiles := g.want(t, 200, "operator", "GET", api+"/quarantine", "")
	if items := refusedFiles.items(t); len(items) != 1 || items[0]["reason"] != "not-dicom" || strings.Contains(string(refusedFiles.body), "note.txt") {
		t.Errorf("quarantine: got %s", refusedFiles.body)
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(g.cfg.Temp)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat("/etc/" + marker); !os.IsNotExist(err) {
		t.Errorf("written outside: %v", err)
	}
	if strings.Contains(g.log.String(), marker) {
		t.Error("the log has a file's name")
	}
}

// TestUploadIsBounded: an upload above the limit is refused, whether it says its
// size or not, and nothing of it is filed or left.
func TestUploadIsBounded(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) { c.MaxUpload = 10_000 })
	body, contentType := form(t, map[string][]byte{"a": make([]byte, 20_000)})
	for name, tt := range map[string]struct {
		contentType string
		body        io.Reader
	}{
		"says so":         {"application/dicom", strings.NewReader(strings.Repeat("a", 10_001))},
		"does not say so": {"application/dicom", io.MultiReader(strings.NewReader(strings.Repeat("a", 10_001)))},
		"form":            {contentType, io.MultiReader(strings.NewReader(body))},
	} {
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+api+"/imports", tt.body))
		r.Header.Set("Authorization", "Bearer "+g.token["owner"])
		r.Header.Set("Content-Type", tt.contentType)
		response, err := g.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: got %d, want 413", name, response.StatusCode)
		}
		_ = response.Body.Close()
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(g.cfg.Temp)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestUploadsWaitTheirTurn: where all places are taken the caller is told to
// come again.
func TestUploadsWaitTheirTurn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range maxUploads {
		must[func()](t)(g.uploads.try(fmt.Sprint("caller ", i)))
	}
	got := g.want(t, 503, "owner", "POST", api+"/imports", "x", "Content-Type", "application/dicom")
	if got.field(t, "class") != "busy" || got.Header.Get("Retry-After") == "" {
		t.Errorf("got %s", got.body)
	}
}

// TestWatchEndsWithTheBody: once an upload is here the work on it may take longer
// than the body was allowed to.
func TestWatchEndsWithTheBody(t *testing.T) {
	t.Parallel()
	s := &Server{cfg: Config{MaxUpload: 1 << 20}, stall: time.Hour}
	text, contentType := form(t, map[string][]byte{"a": {1}})
	for media, body := range map[string]string{contentType: text + "\r\nwhat follows", "application/dicom": "x"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, api+"/imports", strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		c := &call{Server: s, w: httptest.NewRecorder(), r: r, route: route{handler: handler{files: true}}}
		stop := c.bound()
		if err := c.receive(&uploaded{dir: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		if c.r.Body.(*watched).timer.Stop() {
			t.Errorf("%s: the watch goes on behind the body", media)
		}
		stop()
	}
}

// TestFormIsBoundedInFiles: a form of too many files is refused.
func TestFormIsBoundedInFiles(t *testing.T) {
	t.Parallel()
	u := &uploaded{dir: t.TempDir(), files: make([]uploadedFile, maxParts)}
	body, contentType := form(t, map[string][]byte{"one more": {1}})
	_, boundary, _ := strings.Cut(contentType, "boundary=")
	if err := u.saveForm(multipart.NewReader(strings.NewReader(body), boundary)); err == nil || !strings.Contains(err.Error(), "send a zip") {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestStartRemovesWhatUploadsLeft: uploads hold identified data, so a crash must
// not leave them.
func TestStartRemovesWhatUploadsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, uploadPrefix+"1", "00000")
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte(marker), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := clearTemp(dir); err != nil {
		t.Fatal(err)
	}
	if entries := must[[]os.DirEntry](t)(os.ReadDir(dir)); len(entries) > 0 {
		t.Errorf("left: %v", entries)
	}
}

// TestUploadIsForItsOwnerAlone: while an upload is on disk nobody else on the
// machine may read it.
func TestUploadIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	u := &uploaded{dir: t.TempDir()}
	if err := u.save(strings.NewReader("x"), marker); err != nil {
		t.Fatal(err)
	}
	info := must[fs.FileInfo](t)(os.Stat(u.files[0].path))
	if info.Mode().Perm() != 0o600 || strings.Contains(info.Name(), "DOE") {
		t.Errorf("got %v %s", info.Mode(), info.Name())
	}
}

// TestShapeSkipsStrings: brackets in a text are text.
func TestShapeSkipsStrings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]int{`{}`: {1, 1, 0}, `{"a":[{}]}`: {3, 2, 1}, `{"[[[[\"[[":"]]"}`: {1, 1, 0}, `"`: {}, `[[[`: {3, 0, 3}, `[{},{},[]]`: {2, 2, 2}} {
		if deepest, objects, arrays := shape([]byte(text)); [3]int{deepest, objects, arrays} != want {
			t.Errorf("%s: got %d, %d, %d, want %v", text, deepest, objects, arrays, want)
		}
	}
}

// TestLocalImportTakesPaths: the keeper of the node names files of the machine,
// and follows the work line by line.
func TestLocalImportTakesPaths(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	dir := t.TempDir()
	for i, file := range drawn(t, 12, 2) {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	body := fmt.Sprintf(`{"paths":[%q],"person":%q}`, dir, g.b)
	got := g.want(t, 200, "local", "POST", api+"/local/imports", body, "Accept", ndjsonType)
	lines := strings.Split(strings.TrimSpace(string(got.body)), "\n")
	if got.Header.Get("Content-Type") != ndjsonType || len(lines) < 2 || !strings.HasPrefix(lines[0], `{"progress":{`) {
		t.Errorf("got %s %q", got.Header.Get("Content-Type"), lines)
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, `{"result":{`) || !strings.Contains(last, `"instances":2`) {
		t.Errorf("got %s", last)
	}
	for _, bad := range []string{`{"paths":[]}`, `{"paths":["relative"]}`} {
		g.want(t, 400, "local", "POST", api+"/local/imports", bad)
	}
	missing := g.want(t, 404, "local", "POST", api+"/local/imports", `{"paths":["/nothing/`+marker+`"]}`, "Accept", ndjsonType)
	if strings.Contains(string(missing.body), marker) {
		t.Errorf("got %s", missing.body)
	}
	if slices.Contains(strings.Split(g.log.String(), `"`), dir) {
		t.Error("the log has a path")
	}
}
