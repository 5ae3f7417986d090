package dimse

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

const (
	readAhead     = 4 << 10   // bytes: commands, headers, the beginning of data
	drainBytes    = 64 << 20  // that are read after an abort until the peer closes
	writeAtOnce   = 1 << 20   // bytes
	recordsAtOnce = 128 << 10 // bytes, of TLS: they are copied
	stopGrace     = 2 * time.Second
)

// link is a connection as a stream of PDUs. One goroutine reads, several write.
type link struct {
	conn    net.Conn
	secure  bool // TLS: each write is a record
	options *Options
	closing time.Duration // that the peer has to close

	in   [readAhead]byte // read, and not used: in[from:to]
	from int
	to   int
	left int // bytes of the present P-DATA-TF that were not taken

	mu      sync.Mutex    // guards what follows, and the deadlines of conn
	stopped time.Time     // reads have ended, and writes end then
	waiting bool          // for a PDU to begin
	partial bool          // of a message that has begun
	nudged  bool          // that waiting is to end
	busy    bool          // an operation of the peer is at work: it may wait for us
	wait    time.Duration // that the peer has to begin a PDU

	writeMu sync.Mutex // guards what follows; a PDU is written whole
	headers []byte
	vectors net.Buffers
	scratch []byte
	broken  bool // a PDU was not written whole
}

func after(d time.Duration) time.Time {
	return time.Now().Add(d) //nolint:forbidigo // the deadlines of a connection are of this clock
}

func past() time.Time { return time.Unix(1, 0) }

// readBy sets the deadline of reads; zero for none.
func (l *link) readBy(t time.Time) {
	if l.stopped.IsZero() {
		_ = l.conn.SetReadDeadline(t) // fails on a closed connection: so will the read
	}
}

// beginWait starts the time that the peer has to begin a PDU.
func (l *link) beginWait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = true
	l.rearm()
}

func (l *link) rearm() {
	switch {
	case l.nudged && !l.partial:
		l.readBy(past())
	case l.busy:
		l.readBy(time.Time{})
	default:
		l.readBy(after(l.wait))
	}
}

// nudge ends the waiting for a PDU to begin, or lets it begin again. What has begun
// is read to its end.
func (l *link) nudge(end bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.nudged = end
	if l.waiting {
		l.rearm()
	}
}

// untouched reports whether a read failed before a PDU began: it can be tried again.
func (l *link) untouched() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting && !l.partial && l.from == l.to
}

// setPartial says whether a message has begun and not ended.
func (l *link) setPartial(partial bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial = partial
}

// setWait changes how long the peer may take to begin a PDU.
func (l *link) setWait(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait = d
}

// setBusy says whether the peer has to wait for us.
func (l *link) setBusy(busy bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = busy
	if l.waiting {
		l.rearm()
	}
}

// beginPDU starts the time that the peer has for the rest of a PDU.
func (l *link) beginPDU() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = false
	l.readBy(after(l.options.Stall))
}

// stop makes reads fail from now on, and writes when the grace is over.
func (l *link) stop(grace time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.conn.SetReadDeadline(past())
	if end := after(grace); l.stopped.IsZero() || end.Before(l.stopped) {
		l.stopped = end
	}
	_ = l.conn.SetWriteDeadline(l.stopped)
}

// writeBy sets the deadline of a write.
func (l *link) writeBy() {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := after(l.options.Write)
	if !l.stopped.IsZero() && l.stopped.Before(t) {
		t = l.stopped
	}
	_ = l.conn.SetWriteDeadline(t)
}

// fill makes at least n bytes stand in the buffer.
func (l *link) fill(n int) error {
	if l.to-l.from >= n {
		return nil
	}
	copy(l.in[:], l.in[l.from:l.to])
	l.from, l.to = 0, l.to-l.from
	for l.to < n {
		k, err := l.conn.Read(l.in[l.to:])
		l.to += k
		if err != nil && l.to < n {
			if errors.Is(err, io.EOF) && l.to > 0 {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// full reads all of p: what is in the buffer, the rest right from the connection.
func (l *link) full(p []byte) error {
	n := copy(p, l.in[l.from:l.to])
	l.from += n
	if n == len(p) {
		return nil
	}
	if _, err := io.ReadFull(l.conn, p[n:]); err != nil {
		return lost("read", err)
	}
	return nil
}

// skip reads n bytes that nobody wants.
func (l *link) skip(n int) error {
	for n > 0 {
		if l.from == l.to {
			if err := l.fill(1); err != nil {
				return lost("read", err)
			}
		}
		k := min(n, l.to-l.from)
		l.from += k
		n -= k
	}
	return nil
}

// header reads the header of a PDU. The time to wait for one has begun.
func (l *link) header() (pduType, int, error) {
	l.beginWait()
	if err := l.fill(1); err != nil {
		return 0, 0, lost("read", err)
	}
	l.beginPDU()
	if err := l.fill(pduHeaderBytes); err != nil {
		return 0, 0, lost("read", err)
	}
	b := l.in[l.from:]
	length := binary.BigEndian.Uint32(b[2:])
	kind := pduType(b[0])
	l.from += pduHeaderBytes
	switch {
	case kind < pduAssociateRQ || kind > pduAbort:
		return 0, 0, &violation{what: "a PDU of an unknown type", reason: reasonUnrecognizedPDU}
	case kind == pduAssociateRQ || kind == pduAssociateAC:
		if length > maxAssociate {
			return 0, 0, invalid("association: a PDU of %d bytes, %d are taken", length, maxAssociate)
		}
	case kind == pduData:
		if int64(length) > int64(l.options.MaxPDU) {
			return 0, 0, invalid("data: a PDU of %d bytes, %d are negotiated", length, l.options.MaxPDU)
		}
	case length != shortPDU:
		return 0, 0, invalid("a PDU of type %02XH has %d bytes", uint8(kind), length)
	}
	return kind, int(length), nil
}

// body reads the rest of a PDU that is no P-DATA-TF. Memory grows with what arrives.
func (l *link) body(length int) ([]byte, error) {
	var b []byte
	for len(b) < length {
		part := min(length-len(b), max(readAhead, len(b)))
		b = append(b, make([]byte, part)...)
		if err := l.full(b[len(b)-part:]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// write writes whole PDUs, one after the other.
func (l *link) write(pdus ...[]byte) error {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	return l.writeLocked(pdus)
}

func (l *link) writeLocked(parts net.Buffers) error {
	if l.broken {
		return errClosed()
	}
	l.writeBy()
	var err error
	if l.secure || len(parts) == 1 {
		err = l.writeJoined(parts)
	} else {
		_, err = parts.WriteTo(l.conn)
	}
	if err != nil {
		l.broken = true
		return lost("write", err)
	}
	return nil
}

// writeJoined writes with as few records as it can.
func (l *link) writeJoined(parts net.Buffers) error {
	if len(parts) == 1 {
		_, err := l.conn.Write(parts[0])
		return err
	}
	l.scratch = l.scratch[:0]
	for _, part := range parts {
		l.scratch = append(l.scratch, part...)
	}
	_, err := l.conn.Write(l.scratch)
	return err
}

// abort sends an A-ABORT and closes, without waiting where a PDU is half written.
func (l *link) abort(a *Abort) {
	if l.writeMu.TryLock() {
		_ = l.writeLocked(net.Buffers{abortPDU(a)}) // whether it arrives or not: the association ends
		l.writeMu.Unlock()
	}
	l.linger()
}

// linger waits until the peer closes, and closes (Sta13 of PS3.8
// §9.2). Closing with bytes unread would take our last PDU from the peer.
func (l *link) linger() {
	if half, ok := l.conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	l.mu.Lock()
	l.readBy(after(l.closing))
	l.mu.Unlock()
	for n := 0; n < drainBytes; {
		k, err := l.conn.Read(l.in[:])
		if err != nil {
			break
		}
		n += k
	}
	_ = l.conn.Close()
}
