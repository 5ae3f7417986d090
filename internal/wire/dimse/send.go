package dimse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso/internal/format/dicom"
)

const (
	controlCommand = 1 // PS3.8 Annex E.2
	controlLast    = 2
)

// send writes a message: a command set, and an encoded data set if the command says
// so. Many PDUs are written at once.
func (a *Association) send(c *accepted, cmd *command, data []byte) error {
	a.writeMu.Lock()
	defer a.writeMu.Unlock()
	a.headers, a.vectors = a.headers[:0], a.vectors[:0]
	waits, err := a.fragments(c.id, controlCommand, cmd.encode(), 0)
	if err == nil && cmd.hasDataSet {
		waits, err = a.fragments(c.id, 0, data, waits)
	}
	if err == nil && waits > 0 {
		err = a.flush()
	}
	return err
}

// sendFrom writes a message whose data set is read from r. A part is read ahead, so
// that the last one is known.
func (a *Association) sendFrom(c *accepted, cmd *command, r io.Reader) error {
	a.writeMu.Lock()
	defer a.writeMu.Unlock()
	a.headers, a.vectors = a.headers[:0], a.vectors[:0]
	if _, err := a.fragments(c.id, controlCommand, cmd.encode(), 0); err != nil {
		return err
	}
	part, next := make([]byte, a.maxSend), make([]byte, a.maxSend)
	n, err := readPart(r, part)
	for err == nil {
		var k int
		if n == len(part) {
			k, err = readPart(r, next)
		}
		last := k == 0
		if err == nil {
			err = a.fragment(c.id, part[:n], last)
		}
		if err == nil && last {
			return nil
		}
		part, next, n = next, part, k
	}
	return err
}

// readPart fills p as far as there is something to read.
func readPart(r io.Reader, p []byte) (int, error) {
	n, err := io.ReadFull(r, p)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return n, nil
	}
	return n, fmt.Errorf("dimse: read the object: %w", err)
}

// fragment writes one part of a data set, with what waits.
func (a *Association) fragment(id byte, part []byte, last bool) error {
	at := len(a.headers)
	if _, err := a.fragments(id, 0, part, 0); err != nil {
		return err
	}
	if !last {
		a.headers[at+pduHeaderBytes+pdvHeaderBytes-1] &^= controlLast
	}
	return a.flush()
}

// fragments cuts b into presentation data values, each in a P-DATA-TF of its own,
// and writes them when there are many. waits is how many bytes are not written yet.
func (a *Association) fragments(id, control byte, b []byte, waits int) (int, error) {
	for first := true; first || len(b) > 0; first = false {
		n := min(len(b), a.maxSend)
		if n == len(b) {
			control |= controlLast
		}
		if len(a.headers)+pduHeaderBytes+pdvHeaderBytes > cap(a.headers) {
			if err := a.makeRoom(); err != nil {
				return 0, err
			}
			waits = 0
		}
		at := len(a.headers)
		a.headers = append(a.headers, byte(pduData), 0)
		a.headers = binary.BigEndian.AppendUint32(a.headers, uint32(n+pdvHeaderBytes)) //nolint:gosec // maxSend
		a.headers = binary.BigEndian.AppendUint32(a.headers, uint32(n+2))              //nolint:gosec // maxSend
		a.headers = append(a.headers, id, control)
		a.vectors = append(a.vectors, a.headers[at:len(a.headers)], b[:n])
		b = b[n:]
		if waits += n + pduHeaderBytes + pdvHeaderBytes; waits >= writeAtOnce || a.secure && waits >= recordsAtOnce {
			if err := a.flush(); err != nil {
				return 0, err
			}
			waits = 0
		}
	}
	return waits, nil
}

// makeRoom makes the memory for headers, or writes what waits in it.
func (a *Association) makeRoom() error {
	if cap(a.headers) == 0 {
		a.headers = make([]byte, 0, 32*(pduHeaderBytes+pdvHeaderBytes))
		return nil
	}
	return a.flush()
}

func (a *Association) flush() error {
	err := a.writeLocked(a.vectors)
	clear(a.vectors[:cap(a.vectors)]) // the data is not kept alive
	a.headers, a.vectors = a.headers[:0], a.vectors[:0]
	return err
}

// respond answers a request.
func (a *Association) respond(m *message, status Status, counts *Counts, ds *dicom.Dataset) error {
	why := ""
	if status.IsFailure() {
		why = status.name()
	}
	return a.explain(m, status, why, counts, ds)
}

// explain answers a request, and says why it is so.
func (a *Association) explain(m *message, status Status, why string, counts *Counts, ds *dicom.Dataset) error {
	c := command{
		field: m.field | response, class: m.class, instance: m.instance, messageID: m.messageID,
		status: status, counts: counts, hasRemaining: counts != nil && (status.IsPending() || status == StatusCancel),
		eventType: m.eventType, actionType: m.actionType, comment: comment(why),
	}
	var data []byte
	if ds != nil {
		var err error
		if data, err = encodeDataset(m.context.syntax, *ds); err != nil {
			return err
		}
		c.hasDataSet = true
	}
	return a.send(m.context, &c, data)
}
