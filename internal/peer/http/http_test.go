package peerhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	peerhttp "sinso.dev/sinso/internal/peer/http"
	"sinso.dev/sinso/internal/peer/peertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick is a client that gives up soon.
func quick(t *testing.T) *peerhttp.Peers {
	t.Helper()
	p := peerhttp.New(peerhttp.Config{Timeout: 400 * time.Millisecond, Tries: 2, Backoff: time.Millisecond})
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// serve starts a server on loopback.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

func TestConformance(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	peertest.Test(t, func(t *testing.T, peer peertest.Peer) (sinso.Peers, string) {
		t.Helper()
		mux := http.NewServeMux()
		mux.HandleFunc("GET /ipfs/{cid}", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "format=raw" || r.Header.Get("Accept") != "application/vnd.ipld.raw" {
				t.Errorf("got query %q and Accept %q, want a raw block asked for", r.URL.RawQuery, r.Header.Get("Accept"))
			}
			data, err := peer.Block(r.Context(), sinso.CID(r.PathValue("cid")))
			if err != nil {
				problem(w, err)
				return
			}
			_, _ = w.Write(data)
		})
		mux.HandleFunc("POST /api/v1/orders/{hash}/key", func(w http.ResponseWriter, r *http.Request) {
			var request sinso.KeyRequest
			if err := json.NewDecoder(r.Body).Decode(&request); err != nil || request.Order.String() != r.PathValue("hash") {
				t.Errorf("got a request of order %s at %s (%v)", request.Order, r.PathValue("hash"), err)
			}
			answer, err := peer.Key(r.Context(), request)
			if err != nil {
				problem(w, err)
				return
			}
			_ = json.NewEncoder(w).Encode(answer)
		})
		return quick(t), serve(t, mux.ServeHTTP)
	}, nobody)
}

// problem answers as another node would.
func problem(w http.ResponseWriter, err error) {
	class, status := "unavailable", http.StatusServiceUnavailable
	switch {
	case errors.Is(err, sinso.ErrNotFound):
		class, status = "not-found", http.StatusNotFound
	case errors.Is(err, sinso.ErrDenied):
		class, status = "denied", http.StatusForbidden
	case errors.Is(err, sinso.ErrBusy):
		class = "busy"
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"class": class, "status": status, "detail": err.Error()})
}

var asked = sinso.CIDOf(sinso.CodecRaw, []byte("asked"))

func request() sinso.KeyRequest { return sinso.KeyRequest{Order: sinso.Hash{1}, HPKE: []byte{2}} }

// both asks a peer for a block and a key.
func both(t *testing.T, at string) map[string]error {
	t.Helper()
	p := quick(t)
	_, fetch := p.Fetch(t.Context(), at, asked)
	_, key := p.Key(t.Context(), at, request())
	return map[string]error{"Fetch": fetch, "Key": key}
}

// TestHostilePeersAreBounded meets peers that send what they should not: each
// call ends, with an error of the right class, and holds little memory.
func TestHostilePeersAreBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		want    error
		handler http.HandlerFunc
	}{
		"endless body": {sinso.ErrCorrupt, func(w http.ResponseWriter, r *http.Request) {
			for chunk := make([]byte, 1<<16); r.Context().Err() == nil; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}},
		"huge content length": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9000000000000")
			w.WriteHeader(http.StatusOK)
		}},
		"slow drip": {sinso.ErrUnavailable, func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					_, _ = w.Write([]byte{'a'})
					_ = http.NewResponseController(w).Flush()
				case <-r.Context().Done():
					return
				}
			}
		}},
		"cut body": {sinso.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("asked"))
		}},
		"redirect loop": {sinso.ErrCorrupt, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		}},
		"huge headers": {sinso.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) {
			for i := range 1000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("h", 1000))
			}
		}},
		"garbage": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x00\xff{{{")) }},
		"deep JSON": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte(`{"grant":`), 5000))
		}},
		"two answers": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"grant":"AA==","delivery":{}} {}`))
		}},
		"compressed": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte{0x1f, 0x8b})
		}},
		"odd status":          {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(299) }},
		"teapot":              {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }},
		"server error":        {sinso.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
		"unavailable, silent": {sinso.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }},
		"unauthorized":        {sinso.ErrDenied, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }},
		"class in a success": {sinso.ErrCorrupt, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusFound)
			_, _ = w.Write([]byte(`{"class":"denied","detail":"a redirect is no refusal"}`))
		}},
		"problem without end": {sinso.ErrDenied, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(`{"class":"busy","detail":"`)); err != nil {
					return
				}
			}
		}},
		"broken off": {sinso.ErrUnavailable, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	} {
		t.Run(name, func(t *testing.T) {
			at := serve(t, tt.handler)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for call, err := range both(t, at) {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: got %v, want %v", call, err, tt.want)
				}
				if err != nil && len(err.Error()) > 1000 {
					t.Errorf("%s: got an error of %d bytes", call, len(err.Error()))
				}
			}
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 { // the server's part is in it
				t.Errorf("got %d bytes allocated, want under 64 MiB", used)
			}
		})
	}
}

// TestRedirectIsNotFollowed has a second server that must not be asked.
func TestRedirectIsNotFollowed(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		t.Error("the redirect was followed")
		_, _ = w.Write([]byte("asked"))
	})
	at := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
	for call, err := range both(t, at) {
		if !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want %v", call, err, sinso.ErrCorrupt)
		}
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for address, want := range map[string]error{
		"":                             sinso.ErrInvalid,
		"127.0.0.1:80":                 sinso.ErrInvalid,
		"ftp://127.0.0.1/":             sinso.ErrInvalid,
		"file:///etc/passwd":           sinso.ErrInvalid,
		"http://":                      sinso.ErrInvalid,
		"http://user:word@127.0.0.1/":  sinso.ErrInvalid,
		"http://127.0.0.1/?a=b":        sinso.ErrInvalid,
		"http://127.0.0.1/#a":          sinso.ErrInvalid,
		"http://\x7f/":                 sinso.ErrInvalid,
		"http://169.254.169.254/":      sinso.ErrUnsupported,
		"http://0.0.0.0/":              sinso.ErrUnsupported,
		"http://[::ffff:169.254.1.1]/": sinso.ErrUnsupported,
		"http://[ff02::1]/":            sinso.ErrUnsupported,
	} {
		for call, err := range both(t, address) {
			if !errors.Is(err, want) {
				t.Errorf("%s at %q: got %v, want %v", call, address, err, want)
			}
		}
	}
}

// TestErrorsDoNotNameThePeer checks that the address, which may hold a name, and
// the peer's body are not in errors.
func TestErrorsDoNotNameThePeer(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("BODY^OF^PEER")) })
	for call, err := range both(t, at+"/PLANTED^NAME") {
		if err == nil || strings.Contains(err.Error(), "PLANTED") || strings.Contains(err.Error(), "BODY^") {
			t.Errorf("%s: got %v, want an error without the peer's words", call, err)
		}
	}
}

// TestBasePathIsKept reaches a node behind a path.
func TestBasePathIsKept(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/node/ipfs/"+string(asked) {
			t.Errorf("got path %q", r.URL.Path)
		}
		_, _ = w.Write([]byte("asked"))
	})
	for _, base := range []string{at + "/node", at + "/node/"} {
		got, err := quick(t).Fetch(t.Context(), base, asked)
		if err != nil || string(got) != "asked" {
			t.Errorf("Fetch: got %q and %v", got, err)
		}
	}
}

// TestCancelEndsTheWaitBetweenTries cancels while the client waits for an hour.
func TestCancelEndsTheWaitBetweenTries(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(20*time.Millisecond, cancel)
	})
	p := peerhttp.New(peerhttp.Config{Backoff: time.Hour})
	defer p.Close() //nolint:errcheck // never fails
	if _, err := p.Fetch(ctx, at, asked); !errors.Is(err, context.Canceled) {
		t.Errorf("Fetch: got %v, want %v", err, context.Canceled)
	}
}
