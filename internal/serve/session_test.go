package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/web"
)

// TestPageSignsInAndOut follows the page: a token gives a cookie that no script
// reads, the cookie is the caller, and signing out ends it.
func TestPageSignsInAndOut(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	signIn := fmt.Sprintf(`{"token":%q}`, g.token["owner"])
	in := g.want(t, 200, "", "POST", api+"/session", signIn, "Origin", g.url)
	if in.field(t, "person") != string(g.a) || in.field(t, "role") != "owner" || strings.Contains(string(in.body), g.token["owner"]) {
		t.Errorf("got %s", in.body)
	}
	if expires := must[time.Time](t)(time.Parse(time.RFC3339, in.field(t, "expires"))); time.Until(expires) > time.Hour || time.Until(expires) < 50*time.Minute {
		t.Errorf("got expires %s, want that of the token", expires)
	}
	cookies := in.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("got cookies %v", cookies)
	}
	cookie := cookies[0].Name + "=" + cookies[0].Value
	if got := g.want(t, 200, "", "GET", api+"/session", "", "Cookie", cookie); string(got.body) != string(in.body) {
		t.Errorf("got %s, want %s", got.body, in.body)
	}
	release := fmt.Sprintf(`{"study":%q,"priceWei":"1"}`, g.study)
	for name, headers := range map[string][]string{
		"of another site": {"Cookie", cookie, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"of a stranger":   {"Cookie", cookie},
		"typed":           {"Cookie", cookie, "Sec-Fetch-Site", "none"},
	} {
		for _, ask := range [][2]string{{"POST", "/assets"}, {"POST", "/imports"}, {"DELETE", "/session"}} {
			if got := g.do(t, "", ask[0], api+ask[1], release, headers...); got.StatusCode != 403 {
				t.Errorf("%s: %s %s: got %d %s, want 403", name, ask[0], ask[1], got.StatusCode, got.body)
			}
		}
	}
	if got := g.do(t, "", "POST", api+"/session", signIn, "Origin", "https://evil.example"); got.StatusCode != 403 || len(got.Cookies()) > 0 {
		t.Errorf("signed in by another site: got %d %v", got.StatusCode, got.Cookies())
	}
	g.want(t, 204, "", "DELETE", api+"/session", "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
	g.want(t, 401, "", "GET", api+"/session", "", "Cookie", cookie)
}

// TestKeeperMakesTokens: a token is made at the socket for a role, a person and a
// time, and what does not fit together is refused.
func TestKeeperMakesTokens(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	made := g.want(t, 200, "local", "POST", api+"/local/tokens", fmt.Sprintf(`{"role":"owner","person":%q,"expires":60}`, g.b)).field(t, "token")
	if err := auth.CheckToken(made); err != nil {
		t.Error(err)
	}
	g.token["made"] = made
	if got := g.want(t, 200, "made", "GET", api+"/session", ""); got.field(t, "person") != string(g.b) {
		t.Errorf("got %s", got.body)
	}
	for body, want := range map[string]int{
		`{"role":"owner","expires":60}`:                               400,
		`{"role":"root","expires":60}`:                                400,
		`{"role":"buyer"}`:                                            400,
		`{"role":"buyer","expires":-1}`:                               400,
		`{"role":"buyer","expires":1e18}`:                             400,
		fmt.Sprintf(`{"role":"buyer","person":%q,"expires":60}`, g.a): 400,
		fmt.Sprintf(`{"role":"owner","person":"p_%s","expires":60}`, strings.Repeat("a", 26)): 404,
	} {
		if got := g.do(t, "local", "POST", api+"/local/tokens", body); got.StatusCode != want {
			t.Errorf("%s: got %d %s, want %d", body, got.StatusCode, got.body, want)
		}
	}
	if strings.Contains(g.log.String(), made) {
		t.Error("the log has a token")
	}
	if got := g.want(t, 200, "local", "GET", api+"/session", ""); got.field(t, "role") != "keeper" {
		t.Errorf("got %s", got.body)
	}
}

// TestPageIsZippedForWhoTakesIt: the same file, smaller, under an etag of its own; as it
// is for who does not say so.
func TestPageIsZippedForWhoTakesIt(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	whole := page["large.js"].Data
	for _, accepts := range []string{"identity", "br, deflate", "gzip;q=0", "gzip; q=0.000", "x-gzip"} {
		got := g.want(t, 200, "", "GET", "/large.js", "", "Accept-Encoding", accepts)
		if got.Header.Get("Content-Encoding") != "" || !bytes.Equal(got.body, whole) || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: got %d bytes, %v", accepts, len(got.body), got.Header)
		}
	}
	plain := g.want(t, 200, "", "HEAD", "/large.js", "", "Accept-Encoding", "identity").Header.Get("Etag")
	for _, accepts := range []string{"gzip", "br, GZIP;q=0.5", "deflate, gzip; q=1.0"} {
		got := g.want(t, 200, "", "GET", "/large.js", "", "Accept-Encoding", accepts)
		z, err := gzip.NewReader(bytes.NewReader(got.body))
		if err != nil {
			t.Fatalf("%s: %v", accepts, err)
		}
		unpacked, err := io.ReadAll(z)
		if err != nil || !bytes.Equal(unpacked, whole) || len(got.body) > len(whole)/10 || got.Header.Get("Etag") == plain {
			t.Errorf("%s: got %d bytes of %d, error %v, etag %s", accepts, len(got.body), len(unpacked), err, got.Header.Get("Etag"))
		}
		g.want(t, 304, "", "GET", "/large.js", "", "Accept-Encoding", accepts, "If-None-Match", got.Header.Get("Etag"))
	}
	if got := g.want(t, 200, "", "GET", "/main.js", "", "Accept-Encoding", "gzip"); got.Header.Get("Content-Encoding") != "" {
		t.Error("a file of nine bytes was zipped")
	}
}

// TestPageIsServedStrictly: files with their types under a policy that lets no
// foreign or inline script run, nothing beside them, and no other host's name.
func TestPageIsServedStrictly(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	index := g.want(t, 200, "", "GET", "/", "")
	h := index.Header
	policy := h.Get("Content-Security-Policy")
	for _, rule := range []string{"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "img-src 'self' blob: data:", "media-src 'self' blob:"} {
		if !strings.Contains(policy, rule) {
			t.Errorf("the policy lacks %q: %s", rule, policy)
		}
	}
	if strings.Contains(policy, "unsafe-inline") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("got %v", h)
	}
	if got := h.Get("Content-Type"); got != "text/html; charset=utf-8" || !strings.Contains(string(index.body), "SINSO") {
		t.Errorf("got %s %s", got, index.body)
	}
	if got := g.want(t, 200, "", "GET", "/main.js", ""); got.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("got %s", got.Header.Get("Content-Type"))
	}
	if got := g.want(t, 304, "", "GET", "/main.js", "", "If-None-Match", g.do(t, "", "HEAD", "/main.js", "").Header.Get("Etag")); len(got.body) > 0 {
		t.Errorf("got %s", got.body)
	}
	for _, path := range []string{"/secret.key", "/..%2fmain.js", "/../main.js", "/main.js/", "/nothing", "/api/v1/nothing", "/api/v1/local/tokens", "/api/v1"} {
		if got := g.do(t, "", "GET", path, ""); got.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", path, got.StatusCode)
		}
	}
	if got := g.do(t, "", "PUT", api+"/session", ""); got.StatusCode != 405 || !strings.Contains(strings.Join(got.Header["Allow"], ","), "DELETE") {
		t.Errorf("got %d %v, want 405", got.StatusCode, got.Header["Allow"])
	}
	g.want(t, 404, "", "POST", "/nothing", "")
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodGet, g.url, nil))
	r.Host = "evil.example"
	response, err := g.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another host's name: got %d, want 421", response.StatusCode)
	}
}

// TestWholePageIsServed: every file of the real page comes with a type, so that a
// browser that must not guess can use it.
func TestWholePageIsServed(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) { c.Page = web.Files() })
	files := 0
	err := fs.WalkDir(web.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		if got := g.do(t, "", "GET", "/"+name, ""); got.StatusCode != 200 || got.Header.Get("Content-Type") == "" {
			t.Errorf("%s: got %d", name, got.StatusCode)
		}
		return nil
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestCommandFollowsWork: the command's own client reads a stream over the node's
// socket, result and failure.
func TestCommandFollowsWork(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	dir := t.TempDir()
	path := must[string](t)(client.SocketPath(dir))
	if err := os.MkdirAll(filepath.Join(dir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	listener := must[net.Listener](t)(new(net.ListenConfig).Listen(t.Context(), "unix", path))
	server := &http.Server{Handler: g.Local(), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), <-ended); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	command := must[*client.Client](t)(client.Dial(dir))
	t.Cleanup(func() { _ = command.Close() })
	var session struct{ Role string }
	if err := command.Do(t.Context(), http.MethodGet, api+"/session", nil, &session); err != nil || session.Role != "keeper" {
		t.Errorf("got %v, %v", session, err)
	}
	ask := map[string]any{"study": g.study, "priceWei": "5"}
	var last []byte
	if err := command.Stream(t.Context(), http.MethodPost, api+"/assets", ask, func(line []byte) error {
		last = bytes.Clone(line)
		return nil
	}); err != nil || !bytes.Contains(last, []byte(`{"result":{"id":"r_`)) {
		t.Errorf("got %s, %v", last, err)
	}
	ask["study"] = "s_none"
	if err := command.Stream(t.Context(), http.MethodPost, api+"/assets", ask, func([]byte) error { return nil }); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
	if err := command.Do(t.Context(), http.MethodPost, api+"/imports", bytes.NewReader(drawn(t, 15, 1)[0]), nil); err != nil {
		t.Error(err)
	}
}

// TestHealth: alive and ready are told apart.
func TestHealth(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	if got := g.want(t, 200, "", "GET", "/readyz", ""); string(got.body) != "ok\n" {
		t.Errorf("got %s", got.body)
	}
	g.cfg.Ready = func(context.Context) error { return fmt.Errorf("the disk is full at %s", marker) }
	got := g.want(t, 503, "", "GET", "/readyz", "")
	if strings.Contains(string(got.body), marker) {
		t.Errorf("got %s", got.body)
	}
	g.want(t, 200, "", "GET", "/healthz", "")
}
