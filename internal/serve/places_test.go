package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

// TestNobodyTakesAllPlaces: a caller's own bound comes before that of all, and who leaves
// makes room.
func TestNobodyTakesAllPlaces(t *testing.T) {
	t.Parallel()
	p := newPlaces(3, 2)
	sit := func(caller string, want error) func() {
		t.Helper()
		leave, err := p.try(caller)
		if !errors.Is(err, want) {
			t.Fatalf("%s: got %v, want %v", caller, err, want)
		}
		return leave
	}
	first, second := sit("a", nil), sit("a", nil)
	sit("a", sinso.ErrBusy)
	third := sit("b", nil)
	sit("b", sinso.ErrBusy)
	sit("c", sinso.ErrBusy)
	first()
	fourth := sit("c", nil)
	for _, leave := range []func(){second, third, fourth} {
		leave()
	}
	if len(p.mine) != 0 || len(p.all) != 0 {
		t.Errorf("%d callers are remembered, %d places taken", len(p.mine), len(p.all))
	}
}

func (p *places) requestsOf(caller string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if mine := p.mine[caller]; mine != nil {
		return mine.requests
	}
	return 0
}

func TestWhoWaitsForAPlaceGetsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces(2, 1)
		leave, err := p.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan error, 2)
		gone, cancel := context.WithCancel(t.Context())
		for _, ctx := range []context.Context{t.Context(), gone} {
			go func() {
				leave, err := p.enter(ctx, "a")
				if err == nil {
					leave()
				}
				got <- err
			}()
			synctest.Wait()
		}
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
		leave()
		if err := <-got; err != nil {
			t.Errorf("who waited: %v", err)
		}
		if len(p.mine) != 0 || len(p.all) != 0 {
			t.Errorf("%d callers are remembered, %d places taken", len(p.mine), len(p.all))
		}
	})
}

// TestOneCallersPartsDoNotKeepOthersOut: somebody sends parts of uploads that do not go
// on, as many as the node takes in at once; another one's upload comes in meanwhile.
func TestOneCallersPartsDoNotKeepOthersOut(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.receiving = newPlaces(4, 3)
	g.client.Timeout = 20 * time.Second // sooner than parts that do not go on are given up
	for range 4 {
		at := g.begin(t, "owner", 1000, "")
		g.dial(t, at, 0, 1000, []byte("a part"))
	}
	for end := time.Now().Add(time.Minute); g.receiving.requestsOf("person:"+string(g.a)) < 4 || len(g.receiving.all) < 3; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the parts do not come")
		}
	}
	file := drawn(t, 63, 1)[0]
	at := g.begin(t, "other", len(file), "")
	if got := g.patch(t, "other", at, 0, file); got.StatusCode != 204 {
		t.Errorf("another's upload: %d %s", got.StatusCode, got.body)
	}
}

// TestOneCallersUploadsDoNotTakeAllTheRoom: half of it is for others, and the answer says
// whose bound was met.
func TestOneCallersUploadsDoNotTakeAllTheRoom(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) {
		c.Uploads = must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}, Quota: 8}))
	})
	full := func(role, at string, data, why string) {
		t.Helper()
		got := g.patch(t, role, at, 0, []byte(data))
		if got.StatusCode != 507 || !strings.Contains(string(got.body), why) {
			t.Errorf("%s: %d %s, want 507 with %q", role, got.StatusCode, got.body, why)
		}
	}
	got := g.do(t, "owner", "POST", tusPath, "", "Tus-Resumable", "1.0.0", "Upload-Length", "5")
	if got.StatusCode != 413 || !strings.Contains(string(got.body), "at most 4 bytes") {
		t.Errorf("one that can never fit: %d %s, want 413", got.StatusCode, got.body)
	}
	first, second := g.begin(t, "owner", 4, ""), g.begin(t, "owner", 4, "")
	g.patch(t, "owner", first, 0, []byte("123"))
	full("owner", second, "12", "one caller's unfinished uploads")
	other, third := g.begin(t, "other", 4, ""), g.begin(t, "operator", 4, "")
	if got := g.patch(t, "other", other, 0, []byte("123")); got.StatusCode != 204 {
		t.Errorf("another's upload: %d %s", got.StatusCode, got.body)
	}
	full("operator", third, "123", "unfinished uploads take all the room")
}
