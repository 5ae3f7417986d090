package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	wire "sinso.dev/sinso/internal/wire/held"
)

// between is a proxy before a peer that does not do as it should.
type between struct {
	*httptest.Server
	mode atomic.Value // string
	past atomic.Value // []byte: a proof that was good

	came chan struct{} // a put is held back
	pass chan struct{} // it may go on
	done chan struct{} // it is stored
}

func before(t *testing.T, target string) *between {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	b := &between{came: make(chan struct{}, 8), pass: make(chan struct{}), done: make(chan struct{}, 8)}
	b.mode.Store("")
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: b.change, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case b.mode.Load() == "away":
			panic(http.ErrAbortHandler)
		case b.mode.Load() == "stalls" && strings.HasPrefix(r.URL.Path, "/api/v1/held"):
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			select { // a byte now and then
			case <-r.Context().Done():
			case <-time.After(8 * time.Second):
			}
			return
		case b.mode.Load() == "holds puts back" && r.Method == http.MethodPost && r.URL.Path == wire.BlocksPath:
			b.came <- struct{}{}
			<-b.pass
			proxy.ServeHTTP(w, r)
			b.done <- struct{}{}
			return
		case b.mode.Load() == "says it stored" && r.Method == http.MethodPost && r.URL.Path == wire.BlocksPath:
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = w.Write([]byte(`{"count":1}`))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { b.CloseClientConnections(); b.Close() })
	return b
}

// change changes what the peer answers.
func (b *between) change(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	proofs := r.Request.URL.Path == wire.ProofsPath && r.StatusCode == http.StatusOK
	switch b.mode.Load() {
	case "":
		if proofs {
			b.past.Store(bytes.Clone(body))
		}
	case "wrong hash":
		var answer wire.Proofs
		if proofs && json.Unmarshal(body, &answer) == nil {
			for i := range answer.Proofs {
				answer.Proofs[i] = bytes.Repeat([]byte{7}, 32)
			}
			body, err = json.Marshal(answer)
		}
	case "old nonce":
		if past, _ := b.past.Load().([]byte); proofs && past != nil {
			body = past
		}
	case "truncates":
		body = body[:len(body)/2]
	case "lies about blocks":
		if strings.HasPrefix(r.Request.URL.Path, wire.BlocksPath+"/") {
			body = bytes.Repeat([]byte{9}, len(body))
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return err
}

// TestAPeerThatDoesNotProveIsNotCounted: one that lies, stalls, truncates, answers with an
// old proof, or says that it stored what it threw away has no copies until it proves them, and
// status says what is wrong. Reads go on.
func TestAPeerThatDoesNotProveIsNotCounted(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"wrong hash": "prove", "old nonce": "", "truncates": "no answer", "stalls": "in time", "says it stored": "just been given", "away": "cannot be reached",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			friend := alone(t, filepath.Join(dir, "friend"), nil)
			b := before(t, friend.Config.URL)
			n := alone(t, filepath.Join(dir, "clinic"), nil)
			importSlices(t, n.Node, 1, 12)
			keep(t, n.Node, friend.Node, "friend", b.URL)
			until(t, n.Node, "complete", complete)
			b.mode.Store(mode)
			importSlices(t, n.Node, 2, 3)
			bad := until(t, n.Node, "unhealthy", func(r sinso.Replication) bool {
				return r.Short == r.Blocks && !r.Peers[0].Healthy && strings.Contains(r.Peers[0].Problem, want)
			})
			if got := len(readAll(t, n.Node)); got != 15 {
				t.Errorf("%d records are read meanwhile, want 15 (%+v)", got, bad)
			}
			b.mode.Store("")
			until(t, n.Node, "well again", complete)
		})
	}
}

// TestALyingReplicaIsPassedOver: a peer that gives back other bytes is not believed, and the
// next one is asked; without one the damage is named as it was.
func TestALyingReplicaIsPassedOver(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	liar, friend := alone(t, filepath.Join(dir, "liar"), nil), alone(t, filepath.Join(dir, "friend"), nil)
	b := before(t, liar.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 10)
	keep(t, n.Node, liar.Node, "a-liar", b.URL) // asked first
	until(t, n.Node, "complete", complete)
	b.mode.Store("lies about blocks")
	blocks := stored(t, n.pack)
	n.stop()
	rotten := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, 3)
	n = alone(t, n.Config.Data, nil)
	if _, err := n.Blobs.Get(ctx, rotten[0]); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("with a liar alone: got %v, want %v", err, sinso.ErrCorrupt)
	}
	n.stop()
	if result, err := Check(ctx, n.Config, Options{}, nil); !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(fmt.Sprint(result.Damage), string(rotten[0])) {
		t.Errorf("the check does not name what is damaged: %v: %v", err, result.Damage)
	}
	n = alone(t, n.Config.Data, nil)
	keep(t, n.Node, friend.Node, "friend", "")
	n.replicas.Mend(ctx, rotten[0]) //nolint:errcheck // nobody has it yet but the liar
	until(t, n.Node, "brought to the friend, but for what is damaged", func(r sinso.Replication) bool {
		return len(r.Peers) == 2 && r.Peers[1].Held == r.Blocks-int64(len(rotten))
	})
	b.mode.Store("")
	until(t, n.Node, "complete, by the liar that is honest now", complete)
	b.mode.Store("lies about blocks")
	n.stop()
	again := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, 3)
	n = alone(t, n.Config.Data, nil)
	for _, cid := range again {
		if got, err := n.Blobs.Get(ctx, cid); err != nil || !bytes.Equal(got, blocks[cid]) {
			t.Errorf("block %s with one good peer: %v", cid, err)
		}
	}
}
