package kubo_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/kubo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, url string) *kubo.Blobs {
	t.Helper()
	b, err := kubo.Open(t.Context(), kubo.Config{URL: url, Timeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

// suites runs both suites; fresh makes an empty Kubo and returns its URL.
func suites(t *testing.T, fresh func(t *testing.T) string) {
	t.Helper()
	t.Run("Blobs", func(t *testing.T) {
		blobtest.TestBlobs(t, func(t *testing.T) blobtest.OpenBlobs {
			url := fresh(t)
			return func(t *testing.T) blobtest.BlobStore { return open(t, url) }
		})
	})
	t.Run("Names", func(t *testing.T) {
		blobtest.TestNamed(t, func(t *testing.T) blobtest.OpenNamed {
			url := fresh(t)
			return func(t *testing.T) blobtest.NamedStore { return open(t, url) }
		})
	})
	t.Run("BothCodecsOfTheSameBytes", func(t *testing.T) { testBothCodecs(t, fresh(t)) })
}

// testBothCodecs: Kubo keeps bytes by their hash alone; deleting one CID leaves the other.
func testBothCodecs(t *testing.T, url string) {
	b := open(t, url)
	defer func() { _ = b.Close() }()
	data := []byte{0x0a, 2, 8, 1}
	raw := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	node := sinso.Block{CID: sinso.CIDOf(sinso.CodecDagPB, data), Data: data}
	if err := b.Put(t.Context(), raw, node); err != nil {
		t.Fatal(err)
	}
	if err := b.Delete(t.Context(), raw.CID); err != nil {
		t.Fatal(err)
	}
	if has, err := b.Has(t.Context(), raw.CID); err != nil || has {
		t.Errorf("has what was deleted: got %t, %v", has, err)
	}
	if got, err := b.Get(t.Context(), node.CID); err != nil || string(got) != string(data) {
		t.Errorf("get the other: got %q, %v", got, err)
	}
}

// TestSimulated runs the suites on a server of this test that speaks Kubo's calls.
func TestSimulated(t *testing.T) {
	t.Parallel()
	suites(t, func(t *testing.T) string { return newSimulated(t).url })
}

// TestKubo runs the suites on a real Kubo, each test on what the one before left empty, and
// then has it collect its garbage.
func TestKubo(t *testing.T) {
	program := os.Getenv("SINSO_KUBO")
	if cache, err := os.UserCacheDir(); program == "" && err == nil {
		program = filepath.Join(cache, "sinso", "kubo-v0.43.0", "ipfs")
	}
	if _, err := os.Stat(program); err != nil || testing.Short() {
		t.Skip("needs Kubo: name its program by SINSO_KUBO, or let make bench-vault build it; it takes minutes")
	}
	url := daemon(t, program)
	suites(t, func(t *testing.T) string {
		empty(t, url)
		return url
	})
	t.Run("SurvivesCollection", func(t *testing.T) { testCollection(t, url) })
}

// daemon starts a Kubo that talks to nobody and returns its URL.
func daemon(t *testing.T, program string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	_ = listener.Close()
	env := append(os.Environ(), "IPFS_PATH="+t.TempDir(), "IPFS_TELEMETRY=off")
	spec := `{"mounts":[{"mountpoint":"/blocks","path":"blocks","prefix":"flatfs.datastore","shardFunc":"/repo/flatfs/shard/v1/next-to-last/2","sync":true,"type":"flatfs"},{"compression":"none","mountpoint":"/","path":"datastore","prefix":"leveldb.datastore","type":"levelds"}],"type":"mount"}`
	for _, args := range [][]string{
		{"init"},
		{"config", "Addresses.API", "/ip4/127.0.0.1/tcp/" + port},
		{"config", "--json", "Addresses.Gateway", "[]"},
		{"config", "--json", "Addresses.Swarm", "[]"},
		{"config", "Routing.Type", "none"},
		{"config", "--json", "Datastore.Spec", spec},
	} {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ipfs %v: %v\n%s", args, err, out)
		}
	}
	cmd := exec.Command(program, "daemon", "--offline")
	cmd.Env = env
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was ended
	})
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		if b, err := kubo.Open(t.Context(), kubo.Config{URL: "kubo:http://" + address}); err == nil {
			_ = b.Close()
			return "kubo:http://" + address
		}
		<-tick.C
	}
	t.Fatal("Kubo does not answer")
	return ""
}

// empty empties a Kubo.
func empty(t *testing.T, url string) {
	t.Helper()
	b := open(t, url)
	defer func() { _ = b.Close() }()
	var all []sinso.CID
	err := b.List(t.Context(), func(cid sinso.CID) error { all = append(all, cid); return nil })
	if err := errors.Join(err, b.Delete(t.Context(), all...)); err != nil {
		t.Fatal(err)
	}
	_ = rpc(t, url, "files/rm?arg=/sinso&recursive=true&force=true")
}

// rpc makes a call as an operator does.
func rpc(t *testing.T, url, call string) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimPrefix(url, "kubo:")+"/api/v0/"+call, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// testCollection: what has a pin or a name survives, and what was deleted does not.
func testCollection(t *testing.T, url string) {
	empty(t, url)
	b := open(t, url)
	defer func() { _ = b.Close() }()
	kept, gone := block("kept"), block("gone")
	err := errors.Join(b.Put(t.Context(), kept, gone), b.SetName(t.Context(), "latest", kept.CID), b.Delete(t.Context(), gone.CID))
	if err = errors.Join(err, rpc(t, url, "repo/gc")); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(t.Context(), kept.CID); err != nil || string(got) != "kept" {
		t.Errorf("get: got %q, %v", got, err)
	}
	if got, err := b.Name(t.Context(), "latest"); err != nil || got != kept.CID {
		t.Errorf("name: got %s, %v", got, err)
	}
	if err := rpc(t, url, "block/stat?offline=true&arg="+string(gone.CID)); err == nil {
		t.Error("the bytes that were deleted are there")
	}
}

// TestURL refuses what is not a Kubo on this machine, and does not repeat it.
func TestURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "kubo:", "http://127.0.0.1:5001", "kubo:https://127.0.0.1:5001", "kubo:http://example.org:5001", "kubo:http://private@127.0.0.1:5001", "kubo:http://127.0.0.1:5001/private", "kubo:http://127.0.0.1:5001?private"} {
		_, err := kubo.Open(t.Context(), kubo.Config{URL: url})
		if !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: got %v, want ErrInvalid", url, err)
		}
	}
}

// TestHostile: whatever Kubo answers, a call ends, with the class that tells what is wrong.
func TestHostile(t *testing.T) {
	t.Parallel()
	want := block("what was stored")
	endless := func(w http.ResponseWriter, part string) {
		var err error
		for b := []byte(strings.Repeat(part, 1000)); err == nil; {
			_, err = w.Write(b)
		}
	}
	get := func(ctx context.Context, b *kubo.Blobs) error { _, err := b.Get(ctx, want.CID); return err }
	list := func(ctx context.Context, b *kubo.Blobs) error {
		return b.List(ctx, func(sinso.CID) error { return nil })
	}
	name := func(ctx context.Context, b *kubo.Blobs) error { _, err := b.Name(ctx, "latest"); return err }
	put := func(ctx context.Context, b *kubo.Blobs) error { return b.Put(ctx, want) }
	for what, tt := range map[string]struct {
		path   string
		answer http.HandlerFunc
		do     func(context.Context, *kubo.Blobs) error
		class  error
	}{
		"other bytes":   {"block/get", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("other")) }, get, sinso.ErrCorrupt},
		"endless block": {"block/get", func(w http.ResponseWriter, _ *http.Request) { endless(w, "more") }, get, sinso.ErrCorrupt},
		"cut off": {"block/get", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write(want.Data)
		}, get, sinso.ErrUnavailable},
		"stalls":   {"block/get", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, get, sinso.ErrUnavailable},
		"redirect": {"block/get", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, get, sinso.ErrUnavailable},
		"lost":     {"block/get", func(w http.ResponseWriter, _ *http.Request) { failed(w, "block was not found locally (offline): x") }, get, sinso.ErrNotFound},
		"denied":   {"pin/ls", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, get, sinso.ErrDenied},
		"failed":   {"pin/ls", func(w http.ResponseWriter, _ *http.Request) { failed(w, "private") }, get, sinso.ErrUnavailable},
		"endless error": {"pin/ls", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			endless(w, "e")
		}, get, sinso.ErrCorrupt},
		"no list":      {"pin/ls", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("private")) }, list, sinso.ErrCorrupt},
		"cut list":     {"pin/ls", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"Cid":"x"}{"Cid":`)) }, list, sinso.ErrCorrupt},
		"no CID":       {"files/read", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("private")) }, name, sinso.ErrCorrupt},
		"endless name": {"files/read", func(w http.ResponseWriter, _ *http.Request) { endless(w, "b") }, name, sinso.ErrCorrupt},
		"no pin":       {"pin/add", func(w http.ResponseWriter, _ *http.Request) { failed(w, "collected") }, put, sinso.ErrUnavailable},
		"disk is full": {"block/put", func(w http.ResponseWriter, _ *http.Request) { failed(w, "no space left") }, put, sinso.ErrUnavailable},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSimulated(t)
			timeout := time.Minute
			if what == "stalls" {
				timeout = 2 * time.Second
			}
			b, err := kubo.Open(t.Context(), kubo.Config{URL: s.url, Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = b.Close() }()
			if what != "no pin" && what != "disk is full" {
				if err := b.Put(t.Context(), want); err != nil {
					t.Fatal(err)
				}
			}
			s.hostile(tt.path, tt.answer)
			if err := tt.do(t.Context(), b); !errors.Is(err, tt.class) || strings.Contains(err.Error(), "private") {
				t.Errorf("got %v, want %v", err, tt.class)
			}
		})
	}
}

// TestKuboThatDoesNotSync is refused.
func TestKuboThatDoesNotSync(t *testing.T) {
	t.Parallel()
	s := newSimulated(t)
	s.hostile("config", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"Value":{"mounts":[{"sync": false}]}}`))
	})
	if _, err := kubo.Open(t.Context(), kubo.Config{URL: s.url}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v, want ErrUnsupported", err)
	}
}
