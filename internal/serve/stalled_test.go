package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso/internal/crypt/sharelink"
)

const narrow = 8 << 10 // bytes that a line holds on either side, as near as the system goes

// download is a download of a part of a share, of which no more than the first bytes are read.
type download struct {
	net.Conn
	share shown
	dir   string // holds the part
}

// holdPart opens a share over a narrow line and begins to read a part of it.
//
// Who stops is cut off after stall, of the answer: the part was taken in before. Zero is
// the server's own.
func (g *rig) holdPart(t *testing.T, stall time.Duration) download {
	t.Helper()
	s := toShow(t, t.Name(), make([]byte, 2*sharelink.PartBytes))
	g.share(t, s, week(), 0)
	if stall > 0 {
		g.stall = stall
	}
	opened := g.want(t, 200, "", "GET", s.link(), "", "Authorization", s.proof())
	door := httptest.NewUnstartedServer(g.Handler())
	door.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		_ = conn.(*net.TCPConn).SetWriteBuffer(narrow)
		return ctx
	}
	door.Start()
	t.Cleanup(func() { door.CloseClientConnections(); door.Close() })
	address := door.Listener.Addr().String()
	conn := must[net.Conn](t)((&net.Dialer{}).DialContext(t.Context(), "tcp", address))
	t.Cleanup(func() { _ = conn.Close() })
	if err := errors.Join(conn.(*net.TCPConn).SetReadBuffer(narrow), conn.SetDeadline(time.Now().Add(20*time.Second))); err != nil {
		t.Fatal(err)
	}
	must[int](t)(fmt.Fprintf(conn, "GET %s/parts/1 HTTP/1.1\r\nHost: %s\r\nAuthorization: %s.%s\r\n\r\n",
		s.link(), address, s.proof(), opened.field(t, "opening")))
	status := make([]byte, len("HTTP/1.1 200"))
	if _, err := io.ReadFull(conn, status); err != nil || string(status) != "HTTP/1.1 200" {
		t.Fatalf("%q, %v", status, err)
	}
	h := download{conn, s, filepath.Dir(filepath.Dir(g.cfg.Temp))} // of all that this test keeps
	if h.files(t) == 0 {
		t.Fatal("the part is not open: the test shows nothing")
	}
	return h
}

// files counts the parts of shares that this process has open.
func (h download) files(t *testing.T) (n int) {
	t.Helper()
	const open = "/proc/self/fd"
	entries, err := os.ReadDir(open)
	if err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("only Linux tells which files are open")
	}
	for _, e := range entries {
		path, err := os.Readlink(filepath.Join(open, e.Name()))
		if err == nil && strings.HasPrefix(path, h.dir+"/") && strings.Contains(path, "/"+string(h.share.secret.ID())) {
			n++
		}
	}
	return n
}

// closes fails unless the part is closed soon.
func (h download) closes(t *testing.T) {
	t.Helper()
	for ends := time.Now().Add(10 * time.Second); h.files(t) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(ends) {
			t.Fatal("the part is open still")
		}
	}
}

// TestAReaderThatStopsHoldsNoFile: who takes nothing more of a part of a share is cut off.
func TestAReaderThatStopsHoldsNoFile(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.holdPart(t, 200*time.Millisecond).closes(t)
}

// TestASlowReaderGetsAll: who takes a little, again and again, is not cut off. The narrow
// line needs a second for a piece, on a busy machine two.
func TestASlowReaderGetsAll(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	h := g.holdPart(t, 5*time.Second)
	taken := int64(0)
	for began := time.Now(); time.Since(began) < g.stall+time.Second; time.Sleep(20 * time.Millisecond) {
		n, err := io.CopyN(io.Discard, h, 4<<10)
		if taken += n; err != nil {
			t.Fatalf("after %d bytes: %v", taken, err)
		}
	}
	if rest, err := io.CopyN(io.Discard, h, int64(len(h.share.parts[1]))-taken); err != nil {
		t.Errorf("after %d bytes: %v", taken+rest, err)
	}
	h.closes(t)
}

// TestTheEndOfAShareEndsItsDownloads: who is in the middle of a part gets no more of it.
func TestTheEndOfAShareEndsItsDownloads(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	h := g.holdPart(t, 0)
	g.want(t, 200, "owner", "DELETE", h.share.path(), "")
	time.Sleep(sharedAgain) // the clock of the node is that of the wall
	if n, _ := io.Copy(io.Discard, h); n > int64(len(h.share.parts[1]))/2 {
		t.Errorf("got %d bytes of %d after the end", n, len(h.share.parts[1]))
	}
	h.closes(t)
}

// taker is a caller who notes how an answer comes.
type taker struct {
	http.ResponseWriter
	largest int
	renewed []time.Time
}

func (w *taker) Write(b []byte) (int, error) {
	w.largest = max(w.largest, len(b))
	return len(b), nil
}

func (w *taker) SetWriteDeadline(at time.Time) error {
	w.renewed = append(w.renewed, at)
	return nil
}

// TestEachPieceOfAnAnswerHasItsTime: a large answer need not be taken within the time of
// one piece, and none is left to the next request.
func TestEachPieceOfAnAnswerHasItsTime(t *testing.T) {
	t.Parallel()
	w := &taker{}
	p := &pushing{ResponseWriter: w, clock: wall{}, stall: time.Hour}
	if n, err := p.Write(make([]byte, 3*pushed)); err != nil || n != 3*pushed {
		t.Fatal(n, err)
	}
	if w.largest > pushed || len(w.renewed) != 4 || !w.renewed[3].IsZero() || time.Until(w.renewed[2]) < 59*time.Minute {
		t.Errorf("%d bytes in one piece, deadlines %v", w.largest, w.renewed)
	}
}
