package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/upload/spool"
)

// dial begins a PATCH by hand, of which so much of the body comes.
func (g *rig) dial(t *testing.T, at string, offset, length int, body []byte) net.Conn {
	t.Helper()
	conn := must[net.Conn](t)(new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(g.url, "http://")))
	t.Cleanup(func() { _ = conn.Close() })
	_, err := fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: %d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		at, g.token["owner"], offset, tusChunk, length, body)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestCutLineKeepsWhatCame closes the connection in the middle of a body, then leaves one
// open over which nothing comes any more: what came counts, and nobody waits for the rest.
func TestCutLineKeepsWhatCame(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	file := bytes.Repeat([]byte("0123456789abcdef"), 200_000) // 3.2 MB
	at := g.begin(t, "owner", len(file), "")
	_ = g.dial(t, at, 0, len(file), file[:2_500_000]).Close()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) { // HEAD would end it
		row := g.want(t, 200, "owner", "GET", at, "")
		if bytes.Contains(row.body, []byte(`"offset":2500000`)) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("2,500,000 bytes came: %s", row.body)
		}
	}
	offset, begun := 2_500_000, time.Now()
	for offset == 2_500_000 { // until HEAD met the other request after its first byte
		g.dial(t, at, offset, len(file)-offset, file[offset:2_600_000])
		offset = g.offset(t, "owner", at)
		if time.Since(begun) > 15*time.Second {
			t.Fatal("the line that is dead holds the upload")
		}
	}
	if got := g.patch(t, "owner", at, offset, file[offset:]); got.StatusCode != 204 {
		t.Errorf("going on: %d %s", got.StatusCode, got.body)
	}
}

// fullUploads is a store whose disk is full from some byte on.
type fullUploads struct {
	sinso.Uploads

	full atomic.Bool
}

func (f *fullUploads) Append(ctx context.Context, id sinso.UploadID, offset int64, from io.Reader) (int64, error) {
	if !f.full.Load() {
		return f.Uploads.Append(ctx, id, offset, from)
	}
	n, err := f.Uploads.Append(ctx, id, offset, io.LimitReader(from, 3))
	if err == nil {
		err = fmt.Errorf("upload: write a part: %w: %w", syscall.ENOSPC, sinso.ErrUnavailable)
	}
	return n, err
}

func TestFullDiskIsToldAndKeepsWhatCame(t *testing.T) {
	t.Parallel()
	disk := &fullUploads{}
	g := newRig(t, func(c *Config) { disk.Uploads = c.Uploads; c.Uploads = disk })
	at := g.begin(t, "owner", 10, "")
	disk.full.Store(true)
	got := g.patch(t, "owner", at, 0, []byte("0123456789"))
	if got.StatusCode != 507 || !strings.Contains(string(got.body), "the disk of the node is full") || g.offset(t, "owner", at) != 3 {
		t.Errorf("got %d %s, offset %d, want 507 and 3", got.StatusCode, got.body, g.offset(t, "owner", at))
	}
	disk.full.Store(false)
	if got := g.patch(t, "owner", at, 3, []byte("3456789")); got.StatusCode != 204 {
		t.Errorf("when there is room: %d %s", got.StatusCode, got.body)
	}
}

func TestUploadLimitsAreTold(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) {
		c.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{
			Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}, Quota: 8, Share: 10, MaxOpen: 2,
		}))
	})
	at := g.begin(t, "owner", 10, "")
	g.begin(t, "owner", 10, "")
	got := g.do(t, "owner", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", "1")
	if got.StatusCode != 429 || !strings.Contains(string(got.body), "too many uploads") {
		t.Errorf("a third: %d %s, want 429", got.StatusCode, got.body)
	}
	got = g.patch(t, "owner", at, 0, []byte("0123456789"))
	if got.StatusCode != 507 || !strings.Contains(string(got.body), "all the room") || g.offset(t, "owner", at) != 0 {
		t.Errorf("beyond the quota: %d %s, want 507", got.StatusCode, got.body)
	}
	g.begin(t, "other", 1, "")
}

// TestImportThatWasCutIsDoneAtTheNextStart ends the process between the last byte and the
// import, and while a failing store keeps the import from it.
func TestImportThatWasCutIsDoneAtTheNextStart(t *testing.T) {
	t.Parallel()
	files := drawn(t, 24, 3)
	var damaged *damagedUploads
	g := newRig(t, func(c *Config) { damaged = &damagedUploads{Uploads: c.Uploads}; c.Uploads = damaged })
	damaged.broken.Store(true)
	for _, file := range files {
		g.send(t, "owner", file, meta("batch", "c"))
	}
	got := g.done(t, "owner", "c")
	if got.Failed != 3 || got.Outcome.Files != 0 {
		t.Fatalf("with a disk that cannot be read: %+v", got)
	}
	cfg := g.cfg
	cfg.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: g.uploadDir, Keys: cfg.Way.Keys, Rand: rand.Reader, Clock: wall{}}))
	next := &rig{log: g.log, token: g.token, client: g.client, Server: must[*Server](t)(New(cfg))}
	next.url, next.socket = serveHTTP(t, next.Handler()), serveHTTP(t, next.Local())
	next.takeUploads(t)
	got = next.done(t, "owner", "c")
	if got.Done != 3 || got.Outcome.Instances != 3 || got.Outcome.Quarantined != 0 {
		t.Errorf("after the next start: %+v", got)
	}
}

// damagedUploads is a store whose parts cannot be read.
type damagedUploads struct {
	sinso.Uploads

	broken atomic.Bool
}

func (d *damagedUploads) Open(ctx context.Context, id sinso.UploadID) (sinso.UploadReader, error) {
	r, err := d.Uploads.Open(ctx, id)
	if err == nil && d.broken.Load() {
		return damagedReader{r}, nil
	}
	return r, err
}

type damagedReader struct{ sinso.UploadReader }

func (r damagedReader) ReadAt(p []byte, offset int64) (int, error) {
	if offset > 0 || len(p) > 200 {
		return 0, fmt.Errorf("upload: read a part: %w", sinso.ErrCorrupt)
	}
	return r.UploadReader.ReadAt(p, offset)
}

func TestNodeWithoutUploadsSaysSo(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) { c.Uploads = nil })
	g.want(t, 501, "owner", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", "1")
	g.want(t, 501, "owner", "GET", api+"/uploads", "")
}

// TestRetryFilesUnderWhoIsNamed: an uploaded copy that a program of this project made is refused;
// who works the quarantine says whose it is, and that it is for research.
func TestRetryFilesUnderWhoIsNamed(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	profile := must[*deid.Profile](t)(deid.NewProfile())
	made := must[deid.Result](t)(profile.Clean(t.Context(), sinso.Record{Bytes: drawn(t, 25, 1)[0]}, deid.Release{Secret: [32]byte{1}}))
	g.send(t, "operator", made.Clean.Bytes, meta("batch", "q"))
	if got := g.done(t, "operator", "q").Outcome; got.Quarantined != 1 || got.Reasons["derivative"] != 1 {
		t.Fatalf("got %+v", got)
	}
	held := g.want(t, 200, "operator", "GET", api+"/quarantine", "").items(t)
	if len(held) != 1 {
		t.Fatalf("%d in quarantine", len(held))
	}
	at := api + "/quarantine/" + held[0]["cid"].(string) + "/retry"
	still := g.want(t, 200, "operator", "POST", at, `{}`)
	if still.field(t, "outcome") != "quarantined" || still.field(t, "reason") != "derivative" {
		t.Errorf("as it was: %s", still.body)
	}
	g.want(t, 404, "operator", "POST", at, `{"person":"p_nobody","research":true}`)
	taken := g.want(t, 200, "operator", "POST", at, fmt.Sprintf(`{"person":%q,"research":true}`, g.b))
	if taken.field(t, "outcome") != "instance" || taken.field(t, "person") != string(g.b) {
		t.Errorf("with a person: %s", taken.body)
	}
	if items := g.want(t, 200, "operator", "GET", api+"/quarantine", "").items(t); len(items) != 0 {
		t.Errorf("still in quarantine: %v", items)
	}
	g.want(t, 404, "operator", "POST", at, `{"research":true}`)
}
