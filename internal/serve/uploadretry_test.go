package serve

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/upload/spool"
)

// brokenUploads is a store that does not open what is here, so often.
type brokenUploads struct {
	sinso.Uploads

	failure error
	left    atomic.Int32
}

func (b *brokenUploads) Open(ctx context.Context, id sinso.UploadID) (sinso.UploadReader, error) {
	if b.left.Add(-1) >= 0 {
		return nil, b.failure
	}
	return b.Uploads.Open(ctx, id)
}

var errNoRoom = fmt.Errorf("journal: write: %w: %w", syscall.ENOSPC, sinso.ErrUnavailable)

// brokenRig is a node that fails to take uploads in, so often, and pauses so long.
func brokenRig(t *testing.T, failure error, times int32, pause time.Duration) *rig {
	t.Helper()
	return newRig(t, func(c *Config) {
		uploads := must[*spool.Spool](t)(spool.Open(t.Context(), spool.Config{Dir: t.TempDir(), Keys: c.Way.Keys, Rand: rand.Reader, Clock: wall{}, Pause: pause}))
		broken := &brokenUploads{Uploads: uploads, failure: failure}
		broken.left.Store(times)
		c.Uploads = broken
	})
}

// state waits until an upload is in a state, and returns its row.
func (g *rig) state(t *testing.T, at, want string) answered {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		row := g.want(t, 200, "owner", "GET", at, "")
		if row.field(t, "state") == want {
			return row
		}
		if time.Now().After(end) {
			t.Fatalf("after a minute, want %s: %s", want, row.body)
		}
	}
}

// TestFullDiskWhileTakingInIsTriedAgainByItself: nobody sends, asks or starts anything.
func TestFullDiskWhileTakingInIsTriedAgainByItself(t *testing.T) {
	t.Parallel()
	g := brokenRig(t, errNoRoom, 3, time.Millisecond)
	row := g.state(t, g.send(t, "owner", drawn(t, 61, 1)[0], ""), "done")
	if !strings.Contains(string(row.body), `"instances":1,`) {
		t.Errorf("got %s", row.body)
	}
}

// TestRetryTakesAnUploadInAtOnce: its owner need not wait, and nobody else may ask.
func TestRetryTakesAnUploadInAtOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		failure error
		again   bool // by itself
	}{
		"a full disk":     {errNoRoom, true},
		"what is damaged": {fmt.Errorf("upload: open a part: %w", sinso.ErrCorrupt), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := brokenRig(t, tt.failure, 1, time.Hour)
			at := g.send(t, "owner", drawn(t, 62, 1)[0], "")
			row := g.state(t, at, "failed")
			if strings.Contains(string(row.body), `"again":"`) != tt.again {
				t.Errorf("tried again by itself? %s", row.body)
			}
			for _, role := range []string{"other", "operator", "local"} {
				g.want(t, 404, role, "POST", at+"/retry", "")
			}
			g.want(t, 200, "owner", "POST", at+"/retry", "")
			row = g.state(t, at, "done")
			if !strings.Contains(string(row.body), `"instances":1,`) || strings.Contains(string(row.body), `"again"`) {
				t.Errorf("got %s", row.body)
			}
			g.want(t, 409, "owner", "POST", at+"/retry", "")
			g.want(t, 404, "owner", "POST", api+"/uploads/u_x/retry", "")
		})
	}
}

// TestKeeperRetriesAnybodysUpload: who keeps the node sees what could not be taken in, not how
// it is called, and has it tried again.
func TestKeeperRetriesAnybodysUpload(t *testing.T) {
	t.Parallel()
	g := brokenRig(t, errNoRoom, 1, time.Hour)
	at := g.send(t, "owner", drawn(t, 61, 1)[0], "filename c2VjcmV0")
	name := g.state(t, at, "failed").field(t, "name")
	got := g.want(t, 200, "local", "GET", api+"/local/uploads", "")
	rows := got.items(t)
	if len(rows) != 1 || rows[0]["again"] == nil || name == "" || strings.Contains(string(got.body), name) {
		t.Fatalf("called %q: %s", name, got.body)
	}
	retry := fmt.Sprintf("%s/local/uploads/%s/retry", api, rows[0]["id"])
	g.want(t, 404, "operator", "POST", retry, "") // elsewhere there is no such route
	g.want(t, 204, "local", "POST", retry, "")
	g.state(t, at, "done")
	g.want(t, 409, "local", "POST", retry, "")
	if rows := g.want(t, 200, "local", "GET", api+"/local/uploads", "").items(t); len(rows) != 0 {
		t.Errorf("afterwards: %v", rows)
	}
}
