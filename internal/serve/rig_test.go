package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/blob/parts"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/meta/sqlite"
	blobheld "sinso.dev/sinso/internal/node/held"
	peerhttp "sinso.dev/sinso/internal/peer/http"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/upload/spool"
	"sinso.dev/sinso/internal/way"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// rig is a node behind its door: real stores in a folder, a simulated chain, a
// study of person a and one of person b.
type rig struct {
	*Server
	url, socket string // of the two doors
	site        string // the first by its name, where passkeys work
	log         *locked
	a, b        sinso.PersonID
	study       sinso.StudyID // of a
	other       sinso.StudyID // of b
	token       map[string]string
	client      *http.Client
	uploadDir   string
}

// locked is a log in memory.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// newWay opens real stores in a folder.
func newWay(t *testing.T, chain sinso.Chain) *way.Way {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	keys := must[*keyfile.Keys](t)(keyfile.Create(filepath.Join(dir, "node", "keys"), keyfile.Unlock{KeyFile: filepath.Join(dir, "root.key")}, rand.Reader))
	t.Cleanup(func() { _ = keys.Close() })
	for _, id := range []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution} {
		if err := keys.Create(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	blobs := must[*pack.Pack](t)(pack.Open(filepath.Join(dir, "node", "log"), pack.Options{}))
	t.Cleanup(func() { _ = blobs.Close() })
	audit := must[*tlog.Log](t)(tlog.Open(ctx, blobs, tlog.Config{Key: [32]byte{1}, Keys: keys, Sign: must[[32]byte](t)(keys.Secret(ctx, sinso.KeyInstitution, way.SigningPurpose)), Rand: rand.Reader, Clock: wall{}}))
	index := must[*sqlite.Index](t)(sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(dir, "node", "index"), Key: [32]byte{2}}))
	t.Cleanup(func() { _ = index.Close() })
	peers := peerhttp.New(peerhttp.Config{Tries: 1})
	t.Cleanup(func() { _ = peers.Close() })
	return must[*way.Way](t)(way.New(ctx, way.Ports{
		Blobs: blobs, Audit: audit, Meta: index, Keys: keys, Chain: chain, Peers: peers, Parts: must[*parts.Folder](t)(parts.Open(filepath.Join(dir, "node", "shares"))), Clock: wall{}, Rand: rand.Reader,
	}, way.Config{Makers: map[string]way.Maker{"measurement": func(context.Context, int, func(int) ([]byte, error)) ([]byte, error) {
		return []byte("a measurement"), nil
	}}}))
}

// drawn are the files of a small series.
func drawn(t *testing.T, seed uint64, slices int) [][]byte {
	t.Helper()
	var files [][]byte
	err := phantom.Series(phantom.Options{Seed: seed, Slices: slices, Rows: 32, Columns: 32}, func(_ string, part10 []byte) error {
		files = append(files, part10)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func source(files [][]byte) way.Source {
	return func(_ context.Context, fn func(ingest.Found) error) error {
		for _, file := range files {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: file, Name: sinso.NewPHI("DOE^JANE.dcm")}}); err != nil {
				return err
			}
		}
		return nil
	}
}

var page = fstest.MapFS{
	"index.html": {Data: []byte("<!doctype html><title>SINSO</title>")}, "main.js": {Data: []byte("export {}")},
	"large.js":   {Data: bytes.Repeat([]byte("export {};\n"), 1000)},
	"secret.key": {Data: []byte("no type that the page is made of")},
}

// newRig starts a node. Hour-long tokens of each role are made at its socket.
func newRig(t *testing.T, edit ...func(*Config)) *rig {
	t.Helper()
	ctx := t.Context()
	w := newWay(t, newSimulatedChain())
	g := &rig{log: &locked{}, token: map[string]string{}, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{}}}
	t.Cleanup(g.client.CloseIdleConnections)
	g.a = must[sinso.PersonID](t)(w.CreatePerson(ctx, "test", "", "DOE^JANE"))
	g.b = must[sinso.PersonID](t)(w.CreatePerson(ctx, "test", "", "ROE^RICHARD"))
	g.study = must[way.ImportResult](t)(w.Import(ctx, source(drawn(t, 7, 3)), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	g.other = must[way.ImportResult](t)(w.Import(ctx, source(drawn(t, 8, 1)), way.ImportOptions{Actor: "test", Person: g.b})).Studies[0]
	cfg := Config{
		Way: w, Log: slog.New(slog.NewJSONHandler(g.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Clock: wall{}, Rand: rand.Reader,
		Page: fs.FS(page), Temp: filepath.Join(t.TempDir(), "tmp"), Version: "test", Explain: deid.Explain,
	}
	door := httptest.NewUnstartedServer(nil)
	g.url = "http://" + door.Listener.Addr().String()
	g.site = strings.Replace(g.url, "127.0.0.1", "localhost", 1)
	cfg.Origins = []string{g.url, g.site}
	g.uploadDir = filepath.Join(t.TempDir(), "uploads")
	cfg.Uploads = must[*spool.Spool](t)(spool.Open(ctx, spool.Config{Dir: g.uploadDir, Keys: w.Keys, Rand: rand.Reader, Clock: wall{}}))
	guests := hosted{blobheld.New(filepath.Join(t.TempDir(), "held"), wall{})}
	t.Cleanup(func() { _ = guests.Close() })
	cfg.Held = guests
	for _, e := range edit {
		e(&cfg)
	}
	g.Server = must[*Server](t)(New(cfg))
	g.takeUploads(t)
	door.Config.Handler = g.Handler()
	door.Start()
	t.Cleanup(func() { door.CloseClientConnections(); door.Close() })
	g.socket = serveHTTP(t, g.Local())
	w.SetPeer(g.url)
	for role, person := range map[string]sinso.PersonID{"owner": g.a, "other": g.b, "operator": "", "clinician": "", "buyer": "", "auditor": "", "member": ""} {
		name := strings.Replace(role, "other", "owner", 1)
		answer := g.do(t, "local", "POST", api+"/local/tokens", fmt.Sprintf(`{"role":%q,"person":%q,"expires":3600}`, name, person))
		g.token[role] = answer.field(t, "token")
	}
	guest := g.want(t, 200, "local", "POST", api+"/local/held", `{"name":"guest","quotaBytes":4194304}`)
	g.token["guest"] = guest.field(t, "token")
	return g
}

// hosted holds blocks of guests.
type hosted struct{ *blobheld.Host }

func (h hosted) Folder(id string) (HeldBlobs, error) { return h.Host.Folder(id) }

func (h hosted) AddGuest(name string, quotaBytes int64) (sinso.HeldGuest, string, error) {
	token, hash, err := auth.New(rand.Reader)
	if err != nil {
		return sinso.HeldGuest{}, "", err
	}
	one, err := h.Add(name, hash, quotaBytes)
	return one, token, err
}

func serveHTTP(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// answered is an answer, read whole.
type answered struct {
	*http.Response
	body []byte
}

func (a answered) field(t *testing.T, name string) string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(a.body, &fields); err != nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	text, _ := fields[name].(string)
	if text == "" {
		t.Fatalf("%d %s: no text %q", a.StatusCode, a.body, name)
	}
	return text
}

func (a answered) items(t *testing.T) []map[string]any {
	t.Helper()
	var list struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.Unmarshal(a.body, &list); err != nil || list.Items == nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	return list.Items
}

// do sends a request in a role: "" sends no token, "local" goes to the socket. A
// body that begins with { is JSON. Headers are name and value in turn.
func (g *rig) do(t *testing.T, role, method, path, body string, headers ...string) answered {
	t.Helper()
	base := g.url
	if role == "local" {
		base = g.socket
	}
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body)))
	if token := g.token[role]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", jsonType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	response, err := g.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return answered{response, must[[]byte](t)(io.ReadAll(response.Body))}
}

// request is a request of a role without a body.
func (g *rig) request(t *testing.T, role, method, path string) *http.Request {
	t.Helper()
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, g.url+path, nil))
	r.Header.Set("Authorization", "Bearer "+g.token[role])
	return r
}

// want is do, and fails on another status.
func (g *rig) want(t *testing.T, status int, role, method, path, body string, headers ...string) answered {
	t.Helper()
	got := g.do(t, role, method, path, body, headers...)
	if got.StatusCode != status {
		t.Fatalf("%s %s as %q: got %d %s, want %d", method, path, role, got.StatusCode, got.body, status)
	}
	return got
}
