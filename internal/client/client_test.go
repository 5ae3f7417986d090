package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// node starts a server on the socket of a fresh node folder.
func node(t *testing.T, handler http.HandlerFunc) *client.Client {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := client.SocketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(server.Close)
	c, err := client.Dial(dir)
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

type message struct {
	Text string `json:"text"`
}

func TestDialWithoutANodeIsUnavailable(t *testing.T) {
	empty, left := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(left, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "run", "sinso.sock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"empty folder": empty, "a file instead of a socket": left, "no folder": filepath.Join(empty, "none")} {
		if _, err := client.Dial(dir); !errors.Is(err, sinso.ErrUnavailable) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: got %v, want %v without the path", name, err, sinso.ErrUnavailable)
		}
	}
}

func TestSocketPathIsShort(t *testing.T) {
	if _, err := client.SocketPath("/" + strings.Repeat("long/", 50)); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("a long folder: got %v, want %v", err, sinso.ErrUnsupported)
	}
	deep := filepath.Join(t.TempDir(), strings.Repeat("d", 200))
	if err := os.Mkdir(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(deep)
	got, err := client.SocketPath(deep)
	if err != nil || got != filepath.Join("run", "sinso.sock") {
		t.Errorf("from inside a long folder: got %q and %v", got, err)
	}
}

func TestDo(t *testing.T) {
	c := node(t, func(w http.ResponseWriter, r *http.Request) {
		var in message
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Method != http.MethodPut || r.URL.RequestURI() != "/api/v1/x?a=b" {
			t.Errorf("got %s %s, body error %v", r.Method, r.URL, err)
		}
		_ = json.NewEncoder(w).Encode(message{"you said " + in.Text})
	})
	var out message
	if err := c.Do(t.Context(), http.MethodPut, "/api/v1/x?a=b", message{"hello"}, &out); err != nil || out.Text != "you said hello" {
		t.Errorf("got %+v and %v", out, err)
	}
	if err := c.Do(t.Context(), http.MethodPut, "/api/v1/x?a=b", message{"hello"}, nil); err != nil {
		t.Errorf("without out: %v", err)
	}
}

func TestRefusalsKeepTheirClassAndWords(t *testing.T) {
	for class, want := range map[string]error{
		"invalid": sinso.ErrInvalid, "not-found": sinso.ErrNotFound, "exists": sinso.ErrExists, "denied": sinso.ErrDenied,
		"corrupt": sinso.ErrCorrupt, "busy": sinso.ErrBusy, "unavailable": sinso.ErrUnavailable, "unsupported": sinso.ErrUnsupported,
	} {
		refuse := func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = fmt.Fprintf(w, `{"class":%q,"detail":"order: no price: %s","id":"77"}`, class, want)
		}
		err := node(t, refuse).Do(t.Context(), http.MethodGet, "/", nil, nil)
		if !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "order: no price (") || strings.Count(err.Error(), want.Error()) != 1 || !strings.Contains(err.Error(), "77") {
			t.Errorf("%s: got %v", class, err)
		}
	}
	internal := node(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"class":"internal","detail":"internal error","id":"abc"}`))
	}).Do(t.Context(), http.MethodGet, "/", nil, nil)
	if internal == nil || !strings.Contains(internal.Error(), "abc") || errors.Is(internal, sinso.ErrUnavailable) {
		t.Errorf("internal: got %v, want an error with the id and no class", internal)
	}
	odd := node(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }).Do(t.Context(), http.MethodGet, "/", nil, nil)
	if !errors.Is(odd, sinso.ErrUnavailable) {
		t.Errorf("no problem in it: got %v, want %v", odd, sinso.ErrUnavailable)
	}
}

// TestUploadAndStream sends a large body while progress lines come back.
func TestUploadAndStream(t *testing.T) {
	const size = 8 << 20
	c := node(t, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := control.EnableFullDuplex(); err != nil {
			t.Errorf("full duplex: %v", err)
		}
		_, _ = fmt.Fprintln(w, `{"text":"begun"}`)
		_ = control.Flush()
		n, err := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(w, "\n{\"text\":\"%d bytes, %v\"}\n", n, err)
	})
	var sent int64
	var got []string
	body := client.Progress(io.LimitReader(zeros{}, size), func(n int64) { sent = n })
	err := c.Stream(t.Context(), http.MethodPost, "/import", body, func(line []byte) error {
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			return err
		}
		got = append(got, m.Text)
		return nil
	})
	if want := fmt.Sprintf("begun|%d bytes, <nil>", size); err != nil || strings.Join(got, "|") != want || sent != size {
		t.Errorf("got %q, %d bytes sent, error %v, want %q", got, sent, err, want)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestStreamEnds(t *testing.T) {
	stop := errors.New("stop")
	for name, tt := range map[string]struct {
		send string
		fn   error
		want error
	}{
		"whole":        {"{\"text\":\"a\"}\n{\"text\":\"b\"}\n", nil, nil},
		"caller stops": {"{}\n{}\n", stop, stop},
		"node's error": {"{\"error\":{\"class\":\"busy\",\"detail\":\"later\"}}\n", nil, sinso.ErrBusy},
		"line too long": {
			strings.Repeat("x", 2<<20), nil, sinso.ErrUnavailable,
		},
		"broken off": {"{}\n!", nil, sinso.ErrUnavailable},
	} {
		c := node(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.TrimSuffix(tt.send, "!"))
			if strings.HasSuffix(tt.send, "!") {
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		})
		err := c.Stream(t.Context(), http.MethodGet, "/", nil, func([]byte) error { return tt.fn })
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

func TestCancelEndsACall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := node(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if err := c.Do(ctx, http.MethodGet, "/", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestFetch copies a whole answer; one that breaks off is no answer, and a disk that is full is not the node's fault.
func TestFetch(t *testing.T) {
	full := errors.New("no room")
	for name, tt := range map[string]struct {
		breaks bool
		out    io.Writer
		want   error
	}{
		"whole":      {false, io.Discard, nil},
		"breaks off": {true, io.Discard, sinso.ErrUnavailable},
		"full disk":  {false, fullDisk{full}, full},
	} {
		c := node(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "files")
			_ = http.NewResponseController(w).Flush()
			if tt.breaks {
				panic(http.ErrAbortHandler)
			}
		})
		if err := c.Fetch(t.Context(), "/files", tt.out); !errors.Is(err, tt.want) {
			t.Errorf("%s: got error %v, want %v", name, err, tt.want)
		}
	}
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }
