package door_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/door"
)

type clock struct{}

func (clock) Now() time.Time { return time.Unix(1, 0) }

// fail answers with the status that an error names, or 500.
func fail(w http.ResponseWriter, _ *http.Request, err error) {
	status := http.StatusInternalServerError
	var own interface{ HTTPStatus() int }
	if errors.As(err, &own) {
		status = own.HTTPStatus()
	}
	http.Error(w, err.Error(), status)
}

func TestChainKeepsTheOrder(t *testing.T) {
	var got []string
	note := func(name string) door.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = append(got, name); next.ServeHTTP(w, r) })
		}
	}
	h := door.Chain(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got = append(got, "handler") }), note("a"), note("b"))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if want := "a b handler"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRequestIDIsOurs(t *testing.T) {
	h := door.RequestID(rand.Reader)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ids := map[string]bool{}
	for range 10 {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(door.RequestIDHeader, "theirs\r\n")
		h.ServeHTTP(w, r)
		ids[w.Header().Get(door.RequestIDHeader)] = true
	}
	if len(ids) != 10 || ids["theirs\r\n"] || ids[""] {
		t.Errorf("got ids %v, want ten of ours", ids)
	}
}

func TestHostsStopsRebinding(t *testing.T) {
	h := door.Hosts(fail, "node.example")(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:8480": 200, "127.0.0.1:8480": 200, "127.9.9.9": 200, "[::1]:8480": 200, "[::1]": 200, "node.example:443": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example:8480": 421, "192.0.2.1:8480": 421, "": 421, "node.example.evil": 421,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: got %d, want %d", host, w.Code, want)
		}
	}
}

func TestHeadersAreOnEveryAnswer(t *testing.T) {
	h := door.Headers(http.NotFoundHandler())
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	h.ServeHTTP(w, r)
	for header, want := range map[string]string{
		"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cache-Control": "no-store", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := w.Header().Get(header); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe-") || strings.Contains(csp, "worker-src 'self' ") {
		t.Errorf("the policy lets scripts in: %q", csp)
	}
	if got := w.Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security without TLS: got %q", got)
	}
	w, r = httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.TLS = &tls.ConnectionState{}
	h.ServeHTTP(w, r)
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security with TLS")
	}
}

func TestLimitStopsALongBody(t *testing.T) {
	var got error
	h := door.Limit(10)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, got = io.ReadAll(r.Body) }))
	for body, ok := range map[string]bool{"0123456789": true, "0123456789a": false} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
		var tooLarge *http.MaxBytesError
		if (got == nil) != ok || (!ok && !errors.As(got, &tooLarge)) {
			t.Errorf("%d bytes: got %v", len(body), got)
		}
	}
}

// TestRecoverAnswersAndLogsNoData panics with a value that quotes data.
func TestRecoverAnswersAndLogsNoData(t *testing.T) {
	var log bytes.Buffer
	h := door.Recover(slog.New(slog.NewTextHandler(&log, nil)), fail)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("PLANTED^NAME")
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/PLANTED^NAME", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("got status %d, want 500", w.Code)
	}
	if strings.Contains(log.String()+w.Body.String(), "PLANTED") || !strings.Contains(log.String(), "TestRecoverAnswersAndLogsNoData") {
		t.Errorf("got log %q and answer %q, want the place and no value", &log, w.Body)
	}
}

func TestRecoverBreaksOffHalfAnAnswer(t *testing.T) {
	h := door.Recover(slog.New(slog.DiscardHandler), fail)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic("later")
	}))
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got %v, want %v", err, http.ErrAbortHandler)
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	t.Error("the answer was ended as if it were whole")
}

func TestLogNamesTheRouteAlone(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("GET /studies/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("12345"))
	})
	h := door.Log(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), clock{})(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/studies/PLANTED?name=PLANTED", nil))
	r := httptest.NewRequest(http.MethodGet, "/elsewhere/PLANTED", nil)
	r.Method = "PLANTED"
	h.ServeHTTP(httptest.NewRecorder(), r)
	got := log.String()
	if strings.Contains(got, "PLANTED") || !strings.Contains(got, `route="GET /studies/{id}"`) || !strings.Contains(got, "status=418 bytes=5") {
		t.Errorf("got log %q, want the route, status and size, and no path", got)
	}
}

var _ sinso.Clock = clock{}
