package node

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	wire "sinso.dev/sinso/internal/wire/held"
)

// TestAPeerIsLookedAfterWhileMuchIsBrought: it may take days until it has all. What is deleted
// meanwhile goes there, and it proves what it has, before that.
func TestAPeerIsLookedAfterWhileMuchIsBrought(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	to, err := url.Parse(friend.Config.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	thin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == wire.BlocksPath {
			time.Sleep(2 * quick.Sample) // as long as a thin line needs for a batch
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { thin.CloseClientConnections(); thin.Close() })
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	data := []byte("of a release that was cut off")
	waste := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	if err := n.Blobs.Put(ctx, waste); err != nil {
		t.Fatal(err)
	}
	importSlices(t, n.Node, 1, 600)
	keep(t, n.Node, friend.Node, "friend", thin.URL)
	until(t, n.Node, "begun", func(r sinso.Replication) bool { return r.Peers[0].Held > 0 })
	if err := n.Blobs.Delete(ctx, waste.CID); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "looked after before all is there", func(r sinso.Replication) bool {
		return r.Peers[0].Owed > 0 && r.Peers[0].Deletions == 0 && !r.Peers[0].Proven.IsZero()
	})
	until(t, n.Node, "complete", complete)
}

// TestAPeerWithoutRoomIsStillChallenged: it takes no more, and might lose what it has.
func TestAPeerWithoutRoomIsStillChallenged(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	_, token, err := friend.AddGuest("clinic", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	importSlices(t, n.Node, 1, 3)
	if err := n.KeepCopies(ctx, sinso.ReplicaKept{Name: "friend", URL: friend.Config.URL, Token: token}, "test"); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "complete", complete)
	importSlices(t, n.Node, 2, 100)
	full := until(t, n.Node, "full", func(r sinso.Replication) bool { return strings.Contains(r.Peers[0].Problem, "quota") })
	until(t, n.Node, "challenged again", func(r sinso.Replication) bool {
		return r.Peers[0].Proven.After(full.Peers[0].Proven) && strings.Contains(r.Peers[0].Problem, "quota")
	})
}
