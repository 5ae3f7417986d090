package dimse_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// raw is a peer that says what it likes.
type raw struct {
	t    *testing.T
	conn net.Conn
}

func rawDial(t *testing.T, address string) *raw {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &raw{t, conn}
}

func (r *raw) say(b []byte) *raw {
	r.t.Helper()
	if _, err := r.conn.Write(b); err != nil {
		r.t.Fatal(err)
	}
	return r
}

// hear reads a PDU: its type and body.
func (r *raw) hear() (kind byte, body []byte) {
	r.t.Helper()
	var head [6]byte
	if _, err := io.ReadFull(r.conn, head[:]); err != nil {
		r.t.Fatalf("no PDU: %v", err)
	}
	body = make([]byte, binary.BigEndian.Uint32(head[2:]))
	if _, err := io.ReadFull(r.conn, body); err != nil {
		r.t.Fatal(err)
	}
	return head[0], body
}

// closed checks that nothing but the end comes.
func (r *raw) closed() {
	r.t.Helper()
	if n, err := r.conn.Read(make([]byte, 1)); n != 0 || err == nil || errors.Is(err, context.DeadlineExceeded) {
		r.t.Errorf("the connection is not closed: %d, %v", n, err)
	}
}

// aborted checks for an A-ABORT with this source and reason.
func (r *raw) aborted(source, reason byte) {
	r.t.Helper()
	kind, body := r.hear()
	if kind != 7 || len(body) != 4 || body[2] != source || body[3] != reason {
		r.t.Errorf("got PDU %d %v, want an abort of source %d, reason %d", kind, body, source, reason)
	}
	_ = r.conn.(*net.TCPConn).CloseWrite()
	r.closed()
}

func pduOf(kind byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind, 0}, uint32(len(body))), body...)
}

func itemOf(kind byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{kind, 0}, uint16(len(body))), body...)
}

func join(parts ...[]byte) (out []byte) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// requestOf is an A-ASSOCIATE-RQ for Verification and CT storage, with more items.
func requestOf(maxLength uint32, more ...byte) []byte {
	titles := "THEM            US              "
	return pduOf(1, join([]byte{0, 1, 0, 0}, []byte(titles), make([]byte, 32),
		itemOf(0x10, []byte("1.2.840.10008.3.1.1.1")...),
		itemOf(0x20, join([]byte{1, 0, 0, 0}, itemOf(0x30, []byte(dimse.Verification)...), itemOf(0x40, []byte(dicom.ImplicitLittleEndian)...))...),
		itemOf(0x20, join([]byte{3, 0, 0, 0}, itemOf(0x30, []byte(ctStorage)...), itemOf(0x40, []byte(dicom.ExplicitLittleEndian)...))...),
		more,
		itemOf(0x50, itemOf(0x51, binary.BigEndian.AppendUint32(nil, maxLength)...)...))...)
}

func pdvOf(context, control byte, data ...byte) []byte {
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(data)+2)), context, control), data...)
}

func elementOf(element uint16, value []byte) []byte {
	b := binary.LittleEndian.AppendUint16([]byte{0, 0}, element)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(value))), value...)
}

func us(v uint16) []byte { return binary.LittleEndian.AppendUint16(nil, v) }

func echoCommand() []byte {
	return join(elementOf(0x0002, []byte("1.2.840.10008.1.1\x00")), elementOf(0x0100, us(0x30)), elementOf(0x0110, us(1)), elementOf(0x0800, us(0x0101)))
}

func storeCommand() []byte {
	return join(elementOf(0x0002, []byte(ctStorage+"\x00")), elementOf(0x0100, us(1)), elementOf(0x0110, us(2)), elementOf(0x0800, us(1)), elementOf(0x1000, []byte("1.2.3\x00")))
}

// open makes an association.
func (r *raw) open() *raw {
	r.t.Helper()
	r.say(requestOf(16384))
	if kind, _ := r.hear(); kind != 2 {
		r.t.Fatalf("got PDU %d, want an A-ASSOCIATE-AC", kind)
	}
	return r
}

// TestWrongPDUIsAborted checks the reasons of PS3.8 Table 9-26.
func TestWrongPDUIsAborted(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{Supports: everything, Store: func(context.Context, *dimse.Association, *dimse.StoreRequest) dimse.Status { return 0 }})
	huge := pduOf(4)
	binary.BigEndian.PutUint32(huge[2:], dimse.DefaultMaxPDU+1)
	for name, tt := range map[string]struct {
		says           []byte
		source, reason byte
	}{
		"unknown type":             {pduOf(9, 0, 0, 0, 0), 2, 1},
		"second request":           {requestOf(16384), 2, 2},
		"an accept":                {pduOf(2, make([]byte, 100)...), 2, 2},
		"a release reply":          {pduOf(6, 0, 0, 0, 0), 2, 2},
		"above the maximum":        {huge, 2, 6},
		"a release of 5 bytes":     {pduOf(5, 0, 0, 0, 0, 0), 2, 6},
		"a value of 1 byte":        {pduOf(4, 0, 0, 0, 1, 1, 3, 0), 2, 6},
		"a value beyond its PDU":   {pduOf(4, 0, 0, 1, 0, 1, 3, 0), 2, 6},
		"half a header":            {pduOf(4, 0, 0), 2, 6},
		"a context not accepted":   {pduOf(4, pdvOf(5, 3, echoCommand()...)...), 2, 6},
		"a data set first":         {pduOf(4, pdvOf(1, 2, 1, 2, 3, 4)...), 0, 0},
		"two contexts":             {join(pduOf(4, pdvOf(3, 3, storeCommand()...)...), pduOf(4, pdvOf(1, 2, 0, 0)...)), 0, 0},
		"a command in the data":    {join(pduOf(4, pdvOf(3, 3, storeCommand()...)...), pduOf(4, pdvOf(3, 3, storeCommand()...)...)), 0, 0},
		"an element of group 0008": {pduOf(4, pdvOf(1, 3, 8, 0, 0, 0, 0, 0, 0, 0)...), 0, 0},
		"a lying length":           {pduOf(4, pdvOf(1, 3, 0, 0, 0, 1, 255, 255, 255, 255)...), 0, 0},
		"an empty command":         {pduOf(4, pdvOf(1, 3)...), 0, 0},
		"two responses":            {join(response(), response()), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rawDial(t, address).open().say(tt.says).aborted(tt.source, tt.reason)
		})
	}
}

func response() []byte {
	return pduOf(4, pdvOf(1, 3, join(elementOf(0x0100, us(0x8030)), elementOf(0x0120, us(1)), elementOf(0x0800, us(0x0101)), elementOf(0x0900, us(0)))...)...)
}

// TestWrongRequestIsRefused checks what comes instead of an association.
func TestWrongRequestIsRefused(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{Options: dimse.Options{AETitle: "THEM"}, Supports: everything})
	change := func(at int, b string) []byte {
		rq := requestOf(16384)
		copy(rq[at:], b)
		return rq
	}
	for name, tt := range map[string]struct {
		says []byte
		kind byte
		body []byte
	}{
		"data":                    {pduOf(4, pdvOf(1, 3, echoCommand()...)...), 7, []byte{0, 0, 2, 2}},
		"HTTP":                    {[]byte("GET / HTTP/1.1\r\n\r\n"), 7, []byte{0, 0, 2, 1}},
		"too long":                {[]byte{1, 0, 255, 255, 255, 255}, 7, []byte{0, 0, 2, 6}},
		"short":                   {pduOf(1, 0, 1), 7, []byte{0, 0, 2, 6}},
		"version 2 only":          {change(6, "\x00\x02"), 3, []byte{0, 1, 2, 2}},
		"another application":     {change(6+68+4, "9"), 3, []byte{0, 1, 1, 2}},
		"another called title":    {change(10, "NOBODY"), 3, []byte{0, 1, 1, 7}},
		"no calling title":        {change(26, "  "), 3, []byte{0, 1, 1, 3}},
		"an item beyond the end":  {requestOf(16384, 0x20, 0, 255, 255), 7, []byte{0, 0, 2, 6}},
		"an even context":         {requestOf(16384, itemOf(0x20, 2, 0, 0, 0)...), 7, []byte{0, 0, 2, 6}},
		"a context twice":         {requestOf(16384, itemOf(0x20, join([]byte{3, 0, 0, 0}, itemOf(0x30, '1'), itemOf(0x40, '1'))...)...), 7, []byte{0, 0, 2, 6}},
		"a context of nothing":    {requestOf(16384, itemOf(0x20, 7, 0, 0, 0)...), 7, []byte{0, 0, 2, 6}},
		"a PDU of at most a byte": {requestOf(1), 7, []byte{0, 0, 2, 6}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rawDial(t, address).say(tt.says)
			if kind, body := r.hear(); kind != tt.kind || string(body) != string(tt.body) {
				t.Errorf("got PDU %d %v, want %d %v", kind, body, tt.kind, tt.body)
			}
			_ = r.conn.(*net.TCPConn).CloseWrite()
			r.closed()
		})
	}
}

// TestUnknownItemsAreSkipped associates with items that no standard has.
func TestUnknownItemsAreSkipped(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{Supports: everything})
	more := join(itemOf(0x99, 1, 2, 3), itemOf(0x50, join(itemOf(0x99, 1), itemOf(0x57, 0, 0), itemOf(0x53, 0, 9, 0, 9))...))
	r := rawDial(t, address).say(requestOf(0, more...))
	kind, body := r.hear()
	if kind != 2 || !strings.Contains(string(body), "\x53\x00\x00\x04\x00\x01\x00\x01") {
		t.Fatalf("PDU %d, want an accept with an operations window of one", kind)
	}
	r.say(pduOf(4, pdvOf(1, 3, echoCommand()...)...))
	if kind, body := r.hear(); kind != 4 || !strings.Contains(string(body), "\x00\x00\x00\x09\x02\x00\x00\x00\x00\x00") {
		t.Errorf("PDU %d, want a response of success", kind)
	}
	r.say(pduOf(5, 0, 0, 0, 0))
	if kind, _ := r.hear(); kind != 6 {
		t.Errorf("PDU %d, want an A-RELEASE-RP", kind)
	}
	_ = r.conn.(*net.TCPConn).CloseWrite()
	r.closed()
}

// TestMessageMayBeCutAnywhere sends commands and data in fragments of every kind.
func TestMessageMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	var k kept
	address := serve(t, dimse.Config{Supports: everything, Store: k.store})
	r := rawDial(t, address).open()
	data := "\x08\x00\x18\x00UI\x06\x001.2.3\x00"
	command := storeCommand()
	var pdus []byte
	for i := 0; i < len(command); i += 2 { // two bytes a value, two values a PDU
		control := byte(1)
		if i+2 >= len(command) {
			control = 3
		}
		pdus = append(pdus, pduOf(4, join(pdvOf(3, 1), pdvOf(3, control, command[i:min(i+2, len(command))]...))...)...)
	}
	pdus = append(pdus, pduOf(4, join(pdvOf(3, 0, []byte(data[:2])...), pdvOf(3, 0), pdvOf(3, 2, []byte(data[2:])...))...)...)
	for _, b := range pdus { // a byte a packet
		r.say([]byte{b})
	}
	if kind, _ := r.hear(); kind != 4 {
		t.Fatalf("PDU %d", kind)
	}
	// command, data and the next command in one PDU
	r.say(pduOf(4, join(pdvOf(3, 3, command...), pdvOf(3, 2, []byte(data)...), pdvOf(1, 3, echoCommand()...))...))
	for range 2 {
		if kind, _ := r.hear(); kind != 4 {
			t.Fatalf("PDU %d", kind)
		}
	}
	if k.count() != 1 || !strings.HasSuffix(string(k.file("1.2.3")), data) {
		t.Error("another object arrived")
	}
}

// TestStallEndsInTime checks each time-out of a server.
func TestStallEndsInTime(t *testing.T) {
	t.Parallel()
	const short, long = 60 * time.Millisecond, time.Minute
	for name, tt := range map[string]struct {
		options dimse.Options
		say     func(*raw)
		abort   bool
	}{
		"nothing (ARTIM)": {dimse.Options{ARTIM: short, Idle: long, Stall: long}, func(*raw) {}, false},
		"half a request":  {dimse.Options{ARTIM: short, Idle: long, Stall: short}, func(r *raw) { r.say(requestOf(16384)[:40]) }, false},
		"nothing more":    {dimse.Options{ARTIM: long, Idle: short, Stall: long}, func(r *raw) { r.open() }, true},
		"half a PDU":      {dimse.Options{ARTIM: long, Idle: long, Stall: short}, func(r *raw) { r.open().say(pduOf(4, pdvOf(1, 3, echoCommand()...)...)[:20]) }, true},
		"half a message":  {dimse.Options{ARTIM: long, Idle: short, Stall: long}, func(r *raw) { r.open().say(pduOf(4, pdvOf(3, 3, storeCommand()...)...)) }, true},
		"half an object": {dimse.Options{ARTIM: long, Idle: long, Stall: short}, func(r *raw) {
			r.open().say(join(pduOf(4, pdvOf(3, 3, storeCommand()...)...), pduOf(4, pdvOf(3, 0, make([]byte, 9000)...)...)[:8000]))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := serve(t, dimse.Config{Options: tt.options, Supports: everything, Store: new(kept).store})
			r := rawDial(t, address)
			tt.say(r)
			if tt.abort {
				r.aborted(0, 0)
				return
			}
			r.closed()
		})
	}
}

// TestManyAssociationsAreBounded opens 500 at once: so many as are allowed stand,
// the others are told to come later, and an echo works afterwards.
func TestManyAssociationsAreBounded(t *testing.T) {
	t.Parallel()
	const limit = 20
	var now, most, refused, stood atomic.Int64
	address := serve(t, dimse.Config{
		MaxAssociations: limit, Supports: everything,
		Echo: func(context.Context, *dimse.Association) dimse.Status {
			most.Store(max(most.Load(), now.Add(1)))
			return dimse.StatusSuccess
		},
		Ended: func(*dimse.Association, error) { now.Add(-1) },
	})
	var all sync.WaitGroup
	enough := make(chan struct{})
	for range 500 {
		all.Go(func() {
			a, err := dimse.Dial(t.Context(), address, dimse.ClientConfig{
				Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: []dimse.Context{only(dimse.Verification, dicom.ImplicitLittleEndian)},
			})
			if err != nil {
				var no *dimse.Rejection
				if !errors.As(err, &no) || !errors.Is(err, sinso.ErrBusy) || *no != *dimse.RejectLimit() {
					t.Errorf("got %v, want a polite no", err)
				}
				if refused.Add(1) == 500-limit {
					close(enough)
				}
				return
			}
			if status, err := a.Echo(t.Context()); err != nil || status != 0 {
				t.Error(status, err)
			}
			stood.Add(1)
			<-enough
			if err := a.Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > limit || stood.Load() != limit || refused.Load() != 500-limit {
		t.Errorf("at most %d at once, %d stood, %d refused", most.Load(), stood.Load(), refused.Load())
	}
}
