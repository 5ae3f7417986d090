package dimse

import (
	"context"
	"encoding/binary"

	"sinso.dev/sinso/internal/format/dicom"
)

// message is a command set with its data set (PS3.7 §6.3).
type message struct {
	command
	context *accepted
	data    []byte        // encoded, of what is no C-STORE-RQ
	store   *StoreRequest // of a C-STORE-RQ
	refused Status        // why its data was thown away
	got     int64         // bytes of data so far
	partial []byte        // of a command set
}

// dataset reads the data set that came with the message; empty if there was none.
func (m *message) dataset() (dicom.Dataset, error) {
	if !m.hasDataSet {
		return dicom.Dataset{}, nil
	}
	return decodeDataset(m.context.syntax, m.data)
}

// fragment is the header of a presentation data value (PS3.8 §9.3.5.1, Annex E.2).
type fragment struct {
	context       byte
	command, last bool
	length        int
}

// nextFragment reads up to the bytes of the next presentation data value.
func (a *Association) nextFragment() (fragment, error) {
	for a.left == 0 {
		kind, length, err := a.header()
		if err != nil {
			return fragment{}, err
		}
		if kind != pduData {
			return fragment{}, a.notData(kind, length)
		}
		a.left = length
	}
	if a.left < pdvHeaderBytes {
		return fragment{}, invalid("data: %d bytes are left for the header of a value", a.left)
	}
	if err := a.fill(pdvHeaderBytes); err != nil {
		return fragment{}, lost("read", err)
	}
	b := a.in[a.from:]
	length := int64(binary.BigEndian.Uint32(b))
	if length < 2 || length > int64(a.left-4) {
		return fragment{}, invalid("data: a value says %d bytes, %d are left", length, a.left-4)
	}
	a.from += pdvHeaderBytes
	a.left -= pdvHeaderBytes
	return fragment{b[4], b[5]&1 != 0, b[5]&2 != 0, int(length) - 2}, nil
}

// notData reads the rest of a PDU that is no P-DATA-TF, of an association that
// stands (Sta6 of PS3.8 §9.2).
func (a *Association) notData(kind pduType, length int) error {
	if kind != pduReleaseRQ && kind != pduAbort {
		return unexpected(kind)
	}
	b, err := a.body(length)
	if err != nil {
		return err
	}
	if kind == pduAbort {
		return parseAbort(b)
	}
	return errReleased
}

// receive reads the next message. Its error is errReleased when the peer asks for a
// release, *Abort when it aborts.
func (a *Association) receive(ctx context.Context) (*message, error) {
	m := &message{partial: a.commandBuf[:0]}
	if a.left > 0 {
		a.beginPDU() // the time that a handler took is not the peer's
	}
	if err := a.assemble(ctx, m); err != nil {
		a.drop(m)
		return nil, err
	}
	return m, nil
}

// assemble reads the fragments of a message.
func (a *Association) assemble(ctx context.Context, m *message) error {
	for {
		f, err := a.nextFragment()
		if err != nil {
			return err
		}
		switch {
		case a.contexts[f.context] == nil:
			return invalid("data: presentation context %d was not accepted", f.context)
		case m.context != nil && m.context.id != f.context:
			return misuse("message: fragments in two presentation contexts")
		case f.command == m.complete:
			return misuse("message: a fragment of a command set and of a data set in the wrong order")
		}
		if m.context == nil {
			a.setPartial(true)
			defer a.setPartial(false)
		}
		m.context = a.contexts[f.context]
		if f.command {
			err = a.takeCommand(ctx, m, f)
		} else {
			err = a.takeData(ctx, m, f)
		}
		if err != nil {
			return err
		}
		if f.last && (!f.command || !m.hasDataSet) {
			return nil
		}
	}
}

// drop gives back the buffer of a message that is not handled.
func (a *Association) drop(m *message) {
	if m.store != nil {
		m.store.drop()
	}
}

// takeCommand reads a fragment of a command set.
func (a *Association) takeCommand(ctx context.Context, m *message, f fragment) error {
	at := len(m.partial)
	if at+f.length > maxCommand {
		return misuse("command: more than %d bytes", maxCommand)
	}
	m.partial = append(m.partial, make([]byte, f.length)...)
	if err := a.full(m.partial[at:]); err != nil {
		return err
	}
	a.left -= f.length
	if !f.last {
		return nil
	}
	c, err := parseCommand(m.partial)
	if err != nil {
		return err
	}
	m.command, m.partial = c, nil
	if c.field == storeRQ {
		return a.beginStore(ctx, m)
	}
	return nil
}

// takeData reads a fragment of a data set.
func (a *Association) takeData(ctx context.Context, m *message, f fragment) error {
	m.got += int64(f.length)
	if m.store != nil && m.refused == StatusSuccess {
		return a.takeObject(ctx, m, f)
	}
	if m.store != nil {
		return a.throwAway(m, f)
	}
	if m.got > int64(a.opts.MaxIdentifier) {
		return misuse("message: a data set of more than %d bytes", a.opts.MaxIdentifier)
	}
	at := len(m.data)
	if m.data == nil {
		m.data = make([]byte, 0, f.length)
	}
	m.data = append(m.data, make([]byte, f.length)...)
	a.left -= f.length
	return a.full(m.data[at:])
}

// throwAway reads data that nobody wants, of at most MaxObject bytes more than are
// let in.
func (a *Association) throwAway(m *message, f fragment) error {
	if m.got > 2*a.opts.MaxObject {
		return misuse("message: an object of more than %d bytes", 2*a.opts.MaxObject)
	}
	a.left -= f.length
	return a.skip(f.length)
}
