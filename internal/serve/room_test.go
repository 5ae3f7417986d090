package serve

import (
	"crypto/rand"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/upload/spool"
)

// TestPersonKeepsNoMoreThanTheirQuota: by each door that a person sends through; what
// somebody else sends of them is not refused, and they are told before it is full.
func TestPersonKeepsNoMoreThanTheirQuota(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) {
		c.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}}))
	})
	look := func() (r room) {
		t.Helper()
		if err := json.Unmarshal(g.want(t, 200, "owner", "GET", api+"/room", "").body, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
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
	used := func() int64 {
		t.Helper()
		var r room
		if err := json.Unmarshal(g.want(t, 200, "owner", "GET", api+"/room", "").body, &r); err != nil {
			t.Fatal(err)
		}
		return r.Used
	}
	before := used()
	garbage := strings.Repeat("no DICOM object, ", 1000)
	if got := g.do(t, "owner", "POST", api+"/imports", garbage, "Content-Type", "application/dicom"); got.StatusCode >= 300 {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if got := used() - before; got != int64(len(garbage)) {
		t.Errorf("%d bytes were refused, and %d are counted", len(garbage), got)
	}
}
