package node

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// verification proposes C-ECHO.
var verification = dimse.Context{Abstract: dimse.Verification, Syntaxes: []string{dicom.ImplicitLittleEndian}}

// answers wants the node to answer a peer.
func (a *archive) answers(tb testing.TB, calling string) {
	tb.Helper()
	assoc := a.dial(tb, calling, verification)
	if status, err := assoc.Echo(tb.Context()); err != nil || status != dimse.StatusSuccess {
		tb.Errorf("echo: %v, %v", status, err)
	}
	if err := assoc.Release(tb.Context()); err != nil {
		tb.Error(err)
	}
}

// pduTo sends bytes on a connection of its own and reads until the node closes it:
// within a while, or it is an error.
func (a *archive) pduTo(ctx context.Context, within time.Duration, pdus ...[]byte) (answer []byte, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+a.port)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // it has ended
	if err := conn.SetDeadline(time.Now().Add(within)); err != nil {
		return nil, err
	}
	for _, pdu := range pdus {
		if _, err := conn.Write(pdu); err != nil {
			return nil, err
		}
	}
	answer, err = io.ReadAll(conn)
	if errors.Is(err, syscall.ECONNRESET) {
		err = nil // closed while something of ours was unread
	}
	return answer, err
}

// pdu is one PDU (PS3.8 §9.3).
func pdu(kind byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind, 0}, uint32(len(body))), body...)
}

// request is an A-ASSOCIATE-RQ for C-ECHO (PS3.8 §9.3.2).
func request(calling string) []byte {
	item := func(kind byte, body string) string {
		return string(binary.BigEndian.AppendUint16([]byte{kind, 0}, uint16(len(body)))) + body
	}
	body := "\x00\x01\x00\x00" + fmt.Sprintf("%-16s%-16s", "SINSO", calling) + strings.Repeat("\x00", 32) +
		item(0x10, "1.2.840.10008.3.1.1.1") +
		item(0x20, "\x01\x00\x00\x00"+item(0x30, dimse.Verification)+item(0x40, dicom.ImplicitLittleEndian)) +
		item(0x50, item(0x51, "\x00\x00\x40\x00"))
	return pdu(1, []byte(body))
}

// TestPeersThatSendWrongBytesEnd sends what no peer may: each connection is ended with
// an A-ABORT, and the node goes on answering.
func TestPeersThatSendWrongBytesEnd(t *testing.T) {
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""))
	const abort = 7
	associate := request("SCU")
	for name, pdus := range map[string][][]byte{
		"no PDU":                {[]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
		"unknown PDU":           {pdu(0x42, []byte("what is this"))},
		"data first":            {pdu(4, []byte{0, 0, 0, 2, 1, 3})},
		"huge length":           {{1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1}},
		"twice":                 {associate, associate},
		"data of no context":    {associate, pdu(4, []byte{0, 0, 0, 2, 9, 3})},
		"length beyond the PDU": {associate, pdu(4, []byte{0, 0, 0xFF, 2, 1, 3})},
		"command that is none":  {associate, pdu(4, []byte{0, 0, 0, 6, 1, 3, 0xFF, 0xFF, 0xFF, 0xFF})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, err := a.pduTo(t.Context(), 10*time.Second, pdus...)
			if err != nil {
				t.Errorf("the connection does not end: %v", err)
			}
			if len(answer) < 10 || answer[len(answer)-10] != abort {
				t.Errorf("no A-ABORT ends the answer of %d bytes", len(answer))
			}
			a.answers(t, "SCU")
		})
	}
}

// TestPeersThatStallEnd begins what it does not go on with.
func TestPeersThatStallEnd(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 30 s; left out by -short")
	}
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""))
	associate := request("SCU")
	var all sync.WaitGroup
	for name, pdus := range map[string][][]byte{
		"nothing":             nil,
		"half an association": {associate[:40]},
		"half a header":       {associate, {4, 0, 0}},
		"half a PDU":          {associate, {4, 0, 0, 0, 0, 200, 0, 0, 0, 196, 1, 3}},
	} {
		all.Go(func() { // no subtest: each would wait for a place
			begin := time.Now()
			if _, err := a.pduTo(t.Context(), 90*time.Second, pdus...); err != nil {
				t.Errorf("%s: the connection does not end: %v", name, err)
			}
			if took := time.Since(begin); took < 5*time.Second {
				t.Errorf("%s: it ended after %v: no time for a slow peer", name, took)
			}
		})
	}
	a.answers(t, "SCU")
	all.Wait()
	a.answers(t, "SCU")
}

// TestManyAssociationsAtOnceAreRefusedPolitely opens 500 of five peers: each is let in
// or told to try again, and all can once there is room.
func TestManyAssociationsAtOnceAreRefusedPolitely(t *testing.T) {
	t.Parallel()
	titles := []string{"A", "B", "C", "D", "E"}
	var peers []sinso.AERow
	for _, title := range titles {
		peers = append(peers, peerAt(title, ""))
	}
	a := openArchive(t, Config{}, Options{}, peers...)
	const many = 500
	var accepted, busy atomic.Int64
	var all sync.WaitGroup
	hold := make(chan struct{})
	var tried sync.WaitGroup
	tried.Add(many)
	for i := range many {
		all.Go(func() {
			assoc, err := dimse.Dial(t.Context(), "127.0.0.1:"+a.port, dimse.ClientConfig{
				Options: dimse.Options{AETitle: titles[i%len(titles)]}, Called: "SINSO", Contexts: []dimse.Context{verification},
			})
			switch {
			case err == nil:
				accepted.Add(1)
			case errors.Is(err, sinso.ErrBusy):
				busy.Add(1)
			default:
				t.Errorf("association %d: %v", i, err)
			}
			tried.Done()
			if err != nil {
				return
			}
			<-hold
			if status, err := assoc.Echo(t.Context()); err != nil || status != dimse.StatusSuccess {
				t.Errorf("one that was let in: %v, %v", status, err)
			}
			if err := assoc.Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	tried.Wait()
	close(hold)
	all.Wait()
	const together = 64
	if n := accepted.Load(); n == 0 || n > together {
		t.Errorf("%d stood at the same time, want at most %d", n, together)
	}
	t.Logf("%d let in, %d told to try again", accepted.Load(), busy.Load())
	for _, title := range titles {
		a.answers(t, title)
	}
}

// servedEnv holds the node folder that this test binary serves as a child.
const servedEnv = "SINSO_TEST_SERVED"

// serveForever serves until it is killed, and says where.
func serveForever(t *testing.T, data string) {
	a := openArchive(t, Config{Data: data}, Options{})
	fmt.Printf("\nserving %s\n", a.port)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt)
	<-ended
}

// startServed serves a node folder in a process of its own.
func startServed(t *testing.T, data string) (cmd *exec.Cmd, port string) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWhileStoringLosesNothing$")
	cmd.Env = append(os.Environ(), servedEnv+"="+data)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), "serving "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the process
			return cmd, at
		}
	}
	t.Fatalf("the child does not serve: %v", cmd.Wait())
	return nil, ""
}

// TestKilledWhileStoringLosesNothing ends a served node by SIGKILL while peers store
// over several associations: what was acknowledged is there afterwards, as it was,
// and the folder checks clean.
func TestKilledWhileStoringLosesNothing(t *testing.T) {
	if data := os.Getenv(servedEnv); data != "" {
		serveForever(t, data)
		return
	}
	t.Parallel()
	data := filepath.Join(shortDir(t), "n")
	a := openArchive(t, Config{Data: data}, Options{}, peerAt("SCU", ""))
	a.stop()
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	acknowledged := map[string][]byte{} // data sets by SOP Instance UID
	for round := range rounds {
		cmd, port := startServed(t, data)
		var mu sync.Mutex // guards acknowledged
		var peers sync.WaitGroup
		enough := make(chan struct{})
		var once sync.Once
		for peer := range 3 {
			peers.Go(func() {
				storeUntilCut(t, port, fmt.Sprintf("7%d%d", round, peer), func(o *dimse.Object) {
					mu.Lock()
					defer mu.Unlock()
					acknowledged[o.SOPInstance] = o.Data
					if len(acknowledged) >= (round+1)*25+round*7 {
						once.Do(func() { close(enough) })
					}
				})
			})
		}
		select {
		case <-enough:
		case <-time.After(time.Minute):
			t.Error("not enough was acknowledged in time")
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		peers.Wait()
		checkClean(t, data, "none", wall{})
	}
	a = openArchive(t, Config{Data: data}, Options{})
	assertHeld(t, a, acknowledged)
	a.put(t, "SCU", studyOf(t, "79", 1, 0)...)
	t.Logf("%d objects acknowledged in %d lives", len(acknowledged), rounds)
}

// storeUntilCut stores one object after the other until the node is gone.
func storeUntilCut(t *testing.T, port, study string, acknowledged func(*dimse.Object)) {
	ctx := context.WithoutCancel(t.Context())
	assoc, err := dimse.Dial(ctx, "127.0.0.1:"+port, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "SCU"}, Called: "SINSO",
		Contexts: []dimse.Context{{Abstract: classes["CT"], Syntaxes: []string{dicom.ExplicitLittleEndian}}},
	})
	if err != nil {
		t.Errorf("associate: %v", err)
		return
	}
	for n := 1; ; n++ {
		object, err := dimse.ParseObject(image{
			patient: "P-" + study, name: "SYNTHETIC^" + study, study: study, series: "1", uid: strconv.Itoa(n), modality: "CT",
			date: "20200102", size: n % 5 * 100_000,
		}.file(t))
		if err != nil {
			t.Error(err)
			return
		}
		status, err := assoc.Store(ctx, object)
		if err != nil {
			return
		}
		if status != dimse.StatusSuccess {
			t.Errorf("object %d: %v", n, status)
			return
		}
		acknowledged(object)
	}
}

// assertHeld wants each object to be there with the same data set.
func assertHeld(t *testing.T, a *archive, objects map[string][]byte) {
	t.Helper()
	for uid, data := range objects {
		rows, err := a.InstancesByUID(t.Context(), uid)
		if err != nil || len(rows) != 1 {
			t.Errorf("an acknowledged object: %d rows, %v", len(rows), err)
			continue
		}
		plain, err := a.Read(t.Context(), rows[0])
		if err != nil {
			t.Error(err)
			continue
		}
		object, err := dimse.ParseObject(plain)
		if err != nil || string(object.Data) != string(data) {
			t.Errorf("an acknowledged object has other bytes: %v", err)
		}
	}
}

// leap is a clock that is set.
type leap struct{ by atomic.Int64 }

func (c *leap) Now() time.Time { return time.Now().Add(time.Duration(c.by.Load())) }

// TestClockThatJumpsLosesNothing sets the node's clock back and ahead between and
// during associations.
func TestClockThatJumpsLosesNothing(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	clock := &leap{}
	data := filepath.Join(shortDir(t), "n")
	a := openArchive(t, Config{Data: data}, Options{Clock: clock}, peerAt("SCU", ""))
	assoc := a.dial(t, "SCU", dimse.Context{Abstract: classes["CT"], Syntaxes: []string{dicom.ExplicitLittleEndian}})
	want := map[string][]byte{}
	for i, by := range []time.Duration{0, -year, 20 * year, -3 * time.Second, time.Hour, -30 * year} {
		clock.by.Store(int64(by))
		for _, file := range studyOf(t, "8"+strconv.Itoa(i), 2, 0) {
			object, err := dimse.ParseObject(file)
			if err != nil {
				t.Fatal(err)
			}
			if status, err := assoc.Store(t.Context(), object); err != nil || status != dimse.StatusSuccess {
				t.Fatalf("at %v: %v, %v", by, status, err)
			}
			want[object.SOPInstance] = object.Data
		}
		a.answers(t, "SCU")
		assertHeld(t, a, want)
	}
	if err := assoc.Release(t.Context()); err != nil {
		t.Error(err)
	}
	a.stop()
	checkClean(t, data, "none", wall{})
}
