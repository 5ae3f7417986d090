package serve

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/upload/spool"
)

// roomNow is what the owner is told.
func roomNow(t *testing.T, g *rig) (r room) {
	t.Helper()
	if err := json.Unmarshal(g.want(t, 200, "owner", "GET", api+"/room", "").body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPersonKeepsNoMoreThanTheirQuota: by each door that a person sends through; what
// somebody else sends of them is not refused, and they are told before it is full.
func TestPersonKeepsNoMoreThanTheirQuota(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) {
		c.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}}))
	})
	look := func() room { return roomNow(t, g) }
	file := string(drawn(t, 71, 1)[0])
	related := "--b\r\nContent-Type: application/dicom\r\n\r\n" + file + "\r\n--b--\r\n"
	doors := map[string]func(role string) answered{
		"one request": func(role string) answered {
			return g.do(t, role, "POST", api+"/imports", file, "Content-Type", "application/dicom")
		},
		"in parts": func(role string) answered {
			return g.do(t, role, "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(file)))
		},
		"DICOMweb": func(role string) answered {
			return g.do(t, role, "POST", "/dicom-web/studies", related, "Content-Type", `multipart/related; type="application/dicom"; boundary=b`, "Accept", "application/dicom+json")
		},
	}
	used := look().Used
	if r := look(); used == 0 || r.Quota != 0 || r.Nearly {
		t.Errorf("without a quota: %+v", r)
	}
	g.cfg.Quota = 100 * used
	if r := look(); r.Nearly {
		t.Errorf("a hundredth is used: %+v", r)
	}
	g.cfg.Quota = used + int64(len(file)) - 1
	for name, send := range doors {
		got := send("owner")
		if got.StatusCode < 400 || name != "DICOMweb" && (got.StatusCode != 403 || !strings.Contains(string(got.body), "that you may keep here")) {
			t.Errorf("%s: %d %s, want it refused", name, got.StatusCode, got.body)
		}
	}
	if r := look(); r.Used != used {
		t.Errorf("something was kept: %+v, before %d", r, used)
	}
	for name, send := range doors {
		if got := send("operator"); got.StatusCode >= 300 {
			t.Errorf("%s, of somebody who works the archive: %d %s", name, got.StatusCode, got.body)
		}
	}
	g.cfg.Quota = used + used/20
	if r := look(); !r.Nearly {
		t.Errorf("a twentieth is left: %+v", r)
	}
}

// TestWhatWasRefusedTakesRoomToo: what a person sends that cannot be taken in is kept in
// quarantine, and is not a way around their quota.
func TestWhatWasRefusedTakesRoomToo(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.cfg.Quota = 1 << 40
	used := func() int64 { return roomNow(t, g).Used }
	before := used()
	garbage := strings.Repeat("no DICOM object, ", 1000)
	if got := g.do(t, "owner", "POST", api+"/imports", garbage, "Content-Type", "application/dicom"); got.StatusCode >= 300 {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if got := used() - before; got != int64(len(garbage)) {
		t.Errorf("%d bytes were refused, and %d are counted", len(garbage), got)
	}
	g.cfg.Quota = used() + int64(len(garbage)) - 1
	if got := g.do(t, "owner", "POST", api+"/imports", "more "+garbage, "Content-Type", "application/dicom"); got.StatusCode != 403 {
		t.Errorf("more of it than there is room for: got %d %s, want it refused", got.StatusCode, got.body)
	}
}

// TestRequestsAtOnceKeepNoMoreThanTheQuota: of many that come at once through any door only
// as many are taken as there is room for, and the room of those that end is there again.
func TestRequestsAtOnceKeepNoMoreThanTheQuota(t *testing.T) {
	t.Parallel()
	const atOnce, fit = 8, 3
	for door, send := range map[string]func(g *rig, t *testing.T, file string) int{
		"one request": func(g *rig, t *testing.T, file string) int {
			return g.do(t, "owner", "POST", api+"/imports", file, "Content-Type", "application/dicom").StatusCode
		},
		"in parts": func(g *rig, t *testing.T, file string) int {
			return g.do(t, "owner", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(file))).StatusCode
		},
		"DICOMweb": func(g *rig, t *testing.T, file string) int {
			return g.do(t, "owner", "POST", "/dicom-web/studies", "--b\r\nContent-Type: application/dicom\r\n\r\n"+file+"\r\n--b--\r\n",
				"Content-Type", `multipart/related; type="application/dicom"; boundary=b`, "Accept", "application/dicom+json").StatusCode
		},
	} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(c *Config) {
				c.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}}))
			})
			files, size := drawn(t, 72, atOnce), 0
			for _, file := range files {
				size = max(size, len(file))
			}
			g.cfg.Quota = 1 << 40
			used := roomNow(t, g).Used
			g.cfg.Quota = used + int64(fit*size)
			var taken atomic.Int32
			var all sync.WaitGroup
			for _, file := range files {
				all.Go(func() {
					if send(g, t, string(file)) < 300 {
						taken.Add(1)
					}
				})
			}
			all.Wait()
			if n := taken.Load(); n == 0 || n > fit {
				t.Errorf("%d were taken, want %d at most", n, fit)
			}
			if now := roomNow(t, g).Used; now > g.cfg.Quota {
				t.Errorf("%d bytes are kept of %d", now, g.cfg.Quota)
			}
		})
	}
}

// TestWhatARequestDoesNotSayIsClaimedToo: of a zip what is in it counts, and of a body whose
// length is not said what came.
func TestWhatARequestDoesNotSayIsClaimedToo(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.cfg.Quota = 1 << 40
	plain := strings.Repeat("no DICOM object, ", 10_000)
	zipped := discOf(t, []byte(plain))
	g.cfg.Quota = roomNow(t, g).Used + int64(len(plain)) - 1
	send := func(media string, body io.Reader) int {
		t.Helper()
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "POST", g.url+api+"/imports", struct{ io.Reader }{body}))
		r.Header.Set("Authorization", "Bearer "+g.token["owner"])
		r.Header.Set("Content-Type", media)
		response, err := g.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		return response.StatusCode
	}
	for range 2 { // the second time it finds what the first has left
		if got := send("application/zip", bytes.NewReader(zipped)); got != 403 {
			t.Errorf("a zip with more in it than there is room for: got %d, want 403", got)
		}
		if got := send("application/dicom", strings.NewReader(plain)); got != 403 {
			t.Errorf("a body of which no length is said: got %d, want 403", got)
		}
	}
	if got := send("application/dicom", bytes.NewReader(film(t, ingest.Large>>20+6))); got != 403 {
		t.Errorf("a body of which no length is said, beyond what memory holds: got %d, want 403", got)
	}
	g.send(t, "owner", zipped, meta("filename", "a.zip", "batch", "b"))
	if got := g.settled(t, "owner", "b"); got.Failed != 1 {
		t.Errorf("the zip in parts: got %+v, want it not taken in", got)
	}
	if err := g.cfg.Uploads.List(t.Context(), ownerOf(g.a), func(u sinso.Upload) error { return g.cfg.Uploads.Remove(t.Context(), u.ID) }); err != nil {
		t.Fatal(err)
	}
	g.cfg.Quota++
	if got := send("application/zip", bytes.NewReader(zipped)); got >= 300 {
		t.Errorf("what there is room for: got %d", got)
	}
	if r := roomNow(t, g); r.Used != r.Quota {
		t.Errorf("got %+v, want all of it used", r)
	}
}

// TestClaimsOfRoomEnd: while a claim stands it counts for its person alone, and nothing is left
// of it after that.
func TestClaimsOfRoomEnd(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	g.cfg.Quota = 1 << 40
	free := g.cfg.Quota - roomNow(t, g).Used
	leave := must[func()](t)(g.claimRoom(ctx, g.a, free))
	if _, err := g.claimRoom(ctx, g.a, 1); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("all is claimed: got %v, want ErrDenied", err)
	}
	must[func()](t)(g.claimRoom(ctx, g.b, 1))()
	leave()
	must[func()](t)(g.claimRoom(ctx, g.a, free))()
	if n := len(g.claims.of); n > 0 {
		t.Errorf("%d persons have claims", n)
	}
}
