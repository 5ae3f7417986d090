package dimse

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// tape is a connection on which the peer says what was written down, whatever is
// answered.
type tape struct{ says *bytes.Reader }

func play(b []byte) *tape                      { return &tape{bytes.NewReader(b)} }
func (c *tape) Read(p []byte) (int, error)     { return c.says.Read(p) }
func (*tape) Write(p []byte) (int, error)      { return len(p), nil }
func (*tape) Close() error                     { return nil }
func (*tape) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (*tape) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (*tape) SetDeadline(time.Time) error      { return nil }
func (*tape) SetReadDeadline(time.Time) error  { return nil }
func (*tape) SetWriteDeadline(time.Time) error { return nil }

// recorder is a connection that keeps what is read and what is written.
type recorder struct {
	net.Conn
	mu              sync.Mutex
	wasRead, writes []byte
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wasRead = append(r.wasRead, p[:n]...)
	return n, err
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	r.writes = append(r.writes, p...)
	r.mu.Unlock()
	return r.Conn.Write(p)
}

// blind is a sink that looks at nothing.
type blind struct{}

func (blind) Arrived([]byte) {}
func (blind) Settle()        {}
func (blind) Drop()          {}

// busyConfig is a server that does everything.
func busyConfig() Config {
	return Config{
		Supports: func(string) bool { return true },
		StoreBegin: func(context.Context, *Association, *StoreRequest) (Sink, Status) {
			return blind{}, StatusSuccess
		},
		Store: func(_ context.Context, _ *Association, r *StoreRequest) Status {
			if _, err := dicom.ReadHeader(r.Part10()); err != nil {
				return StatusUnableToProcess
			}
			return StatusSuccess
		},
		Find: func(ctx context.Context, _ *Association, r *FindRequest) Status {
			for range 3 {
				if r.Pending(ctx, r.Identifier, false) != nil {
					return StatusCancel
				}
			}
			return StatusSuccess
		},
		Move: func(ctx context.Context, _ *Association, r *MoveRequest) Outcome {
			_ = r.Pending(ctx, Counts{Remaining: 2})
			return Outcome{Status: StatusSubOperationsFailed, Counts: Counts{Completed: 1, Failed: 1}, Failed: []string{"1.2"}}
		},
		Get: func(ctx context.Context, _ *Association, r *GetRequest) Outcome {
			status, err := r.Store(ctx, smallObject())
			if err != nil || status != StatusSuccess {
				return Outcome{Status: StatusSubOperationsFailed, Counts: Counts{Failed: 1}}
			}
			return Outcome{Counts: Counts{Completed: 1}}
		},
		Action: func(_ context.Context, _ *Association, r *ActionRequest) (Status, *dicom.Dataset) {
			return StatusSuccess, &r.Information
		},
		Event: func(context.Context, *Association, *EventReport) Status { return StatusSuccess },
	}
}

const testClass = "1.2.840.10008.5.1.4.1.1.7"

func smallObject() *Object {
	return &Object{
		SOPClass: testClass, SOPInstance: "1.2.3", Syntax: dicom.ExplicitLittleEndian,
		Data: []byte("\x08\x00\x18\x00UI\x06\x001.2.3\x00"),
	}
}

func busyClient() ClientConfig {
	explicit := []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian}
	return ClientConfig{
		Options: Options{AETitle: "US"}, Called: "THEM",
		Identity: &UserIdentity{Type: IdentityUsernamePasscode, Response: true, Primary: sinso.NewPHI([]byte("u")), Secondary: sinso.NewPHI([]byte("p"))},
		Contexts: []Context{
			{Abstract: Verification, Syntaxes: explicit},
			{Abstract: testClass, Syntaxes: explicit, SCP: true},
			{Abstract: StudyRootFind, Syntaxes: explicit},
			{Abstract: StudyRootMove, Syntaxes: explicit},
			{Abstract: StudyRootGet, Syntaxes: explicit},
			{Abstract: StorageCommitment, Syntaxes: explicit},
		},
	}
}

// everyOperation does each once. It returns the first error.
func everyOperation(ctx context.Context, a *Association) error {
	identifier := dicom.Dataset{}
	identifier.SetString(0x00080052, dicom.VRCS, "STUDY")
	steps := []func() error{
		func() error { _, err := a.Echo(ctx); return err },
		func() error { _, err := a.Store(ctx, smallObject()); return err },
		func() error {
			_, err := a.Find(ctx, StudyRootFind, identifier, func(dicom.Dataset) error { return nil })
			return err
		},
		func() error { _, err := a.Move(ctx, StudyRootMove, "THERE", identifier, nil); return err },
		func() error {
			_, err := a.Get(ctx, StudyRootGet, identifier, func(context.Context, *StoreRequest) Status { return StatusSuccess }, nil)
			return err
		},
		func() error {
			_, _, err := a.Action(ctx, &ActionRequest{SOPClass: StorageCommitment, SOPInstance: StorageCommitmentInstance, ActionType: 1, Information: identifier})
			return err
		},
		func() error { return a.Release(ctx) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// record returns what a client and a server say to each other when all goes well.
func record(tb testing.TB) (client, server []byte) {
	tb.Helper()
	s, err := NewServer(busyConfig())
	if err != nil {
		tb.Fatal(err)
	}
	ours, theirs := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.serve(context.Background(), theirs)
	}()
	r := &recorder{Conn: ours}
	a, err := Connect(context.Background(), r, busyClient())
	if err != nil {
		tb.Fatal(err)
	}
	if err := everyOperation(context.Background(), a); err != nil {
		tb.Fatal(err)
	}
	<-done
	return r.writes, r.wasRead
}

// mutate damages a conversation.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	at := r.IntN(len(b))
	switch r.IntN(6) {
	case 0:
		return b[:at]
	case 1:
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2: // lying lengths
		lies := [][]byte{{0xFF, 0xFF, 0xFF, 0xFF}, {0x7F, 0xFF, 0xFF, 0xFF}, {0, 0, 0, 0}, {0, 0, 0, 1}, {0, 1, 0xFF, 0xFF}, {0xFE, 0xFF, 0xFF, 0xFF}}
		copy(b[at:], lies[r.IntN(len(lies))])
	case 3: // another byte
		b[at] = byte(r.IntN(256))
	case 4:
		n := min(r.IntN(400), len(b)-at)
		return append(b[:at:at], b[at+n:]...)
	default:
		n := min(r.IntN(400), len(b)-at)
		return append(append(b[:at+n:at+n], b[at:at+n]...), b[at+n:]...)
	}
	return b
}

const (
	mutants        = 3000
	allowedMemory  = 4 << 20 // bytes that one conversation of some kilobytes may allocate
	allowedSeconds = 5
)

// TestServerOutlivesDamagedConversations feeds damaged requests to a server.
func TestServerOutlivesDamagedConversations(t *testing.T) {
	client, _ := record(t)
	c := busyConfig()
	c.Response = 10 * time.Millisecond
	outlive(t, client, func(b []byte) {
		s, err := NewServer(c)
		if err != nil {
			t.Fatal(err)
		}
		s.serve(t.Context(), play(b))
		if s.pool.used != 0 {
			t.Errorf("%d bytes of buffers are not given back", s.pool.used)
		}
		if s.live != 0 {
			t.Errorf("%d associations stand", s.live)
		}
	})
}

// TestClientOutlivesDamagedConversations feeds damaged answers to a client.
func TestClientOutlivesDamagedConversations(t *testing.T) {
	_, server := record(t)
	outlive(t, server, func(b []byte) {
		a, err := Connect(t.Context(), play(b), busyClient())
		if err == nil {
			err = everyOperation(t.Context(), a)
			a.Abort()
			if a.pool.used != 0 {
				t.Errorf("%d bytes of buffers are not given back", a.pool.used)
			}
		}
		if err != nil && !classed(err) {
			t.Errorf("no class: %v", err)
		}
	})
}

func classed(err error) bool {
	for _, class := range []error{sinso.ErrCorrupt, sinso.ErrUnavailable, sinso.ErrUnsupported, sinso.ErrInvalid, sinso.ErrDenied, sinso.ErrBusy} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// outlive calls fn with mutants of b.
func outlive(t *testing.T, b []byte, fn func([]byte)) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var before, after runtime.MemStats
	for i := range mutants {
		mutant := mutate(r, b)
		runtime.ReadMemStats(&before)
		began := time.Now()
		fn(mutant)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > allowedMemory || took > allowedSeconds*time.Second {
			t.Errorf("mutant %d: %d bytes allocated, %v", i, used, took)
		}
	}
}

// FuzzServer gives a server anything.
func FuzzServer(f *testing.F) {
	client, _ := record(f)
	f.Add(client)
	c := busyConfig()
	c.Response = 10 * time.Millisecond
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := NewServer(c)
		if err != nil {
			t.Fatal(err)
		}
		s.serve(t.Context(), play(b))
		if s.pool.used != 0 {
			t.Errorf("%d bytes of buffers are not given back", s.pool.used)
		}
	})
}

// FuzzClient gives a client anything.
func FuzzClient(f *testing.F) {
	_, server := record(f)
	f.Add(server)
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Connect(t.Context(), play(b), busyClient())
		if err == nil {
			err = everyOperation(t.Context(), a)
			a.Abort()
		}
		if err != nil && !classed(err) {
			t.Errorf("no class: %v", err)
		}
	})
}

// FuzzAssociate reads an A-ASSOCIATE and writes what it read: that is read again.
func FuzzAssociate(f *testing.F) {
	client, server := record(f)
	f.Add(true, client[pduHeaderBytes:])
	f.Add(false, server[pduHeaderBytes:])
	f.Fuzz(func(t *testing.T, request bool, b []byte) {
		kind := pduAssociateAC
		if request {
			kind = pduAssociateRQ
		}
		a, err := parseAssociate(kind, b)
		if err != nil {
			mustBe(t, err)
			return
		}
		written, err := a.encode(kind)
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) {
				t.Error(err)
			}
			return
		}
		again, err := parseAssociate(kind, written[pduHeaderBytes:])
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if len(again.contexts) != len(a.contexts) || len(again.roles) != len(a.roles) || again.calling != a.calling {
			t.Error("another association is read")
		}
	})
}

func mustBe(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want %v", err, sinso.ErrCorrupt)
	}
}

// FuzzCommand reads a command set and writes what it read: that is the same.
func FuzzCommand(f *testing.F) {
	for _, kind := range []field{storeRQ, findRQ, moveRQ, getRQ, echoRQ, eventRQ, actionRQ, cancelRQ, storeRQ | response, getRQ | response, actionRQ | response} {
		c := command{field: kind, class: testClass, instance: "1.2.3", messageID: 7, hasDataSet: true, comment: "x", destination: "THERE", counts: &Counts{1, 2, 3, 4}, hasRemaining: true, originator: "US", originatorID: 3}
		f.Add(c.encode())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseCommand(b)
		if err != nil {
			mustBe(t, err)
			return
		}
		again, err := parseCommand(c.encode())
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if again.field != c.field || again.class != c.class || again.messageID != c.messageID || again.hasDataSet != c.hasDataSet {
			t.Errorf("another command is read: %+v, want %+v", again, c)
		}
	})
}
