package dimse

import (
	"context"
)

// largestGuess bounds the buffer that an object gets before it arrives: that is as
// large as the object before it was.
const largestGuess = 4 << 20 // bytes

// storer is what takes objects: a server's configuration, or a client's.
type storer struct {
	begin func(context.Context, *Association, *StoreRequest) (Sink, Status)
	store func(context.Context, *Association, *StoreRequest) Status
}

func (a *Association) storer() storer {
	if a.server != nil {
		return storer{a.server.config.StoreBegin, a.server.config.Store}
	}
	return storer{store: a.getting}
}

// beginStore makes ready for the data of a C-STORE, or says why it is thrown away.
func (a *Association) beginStore(ctx context.Context, m *message) error {
	s := a.storer()
	m.store = &StoreRequest{
		MessageID: m.messageID, SOPClass: m.class, SOPInstance: m.instance, Syntax: m.context.syntax,
		Priority: m.priority, MoveOriginator: m.originator, MoveOriginatorID: m.originatorID,
	}
	switch {
	case !m.hasDataSet:
		m.refused = StatusMistypedArgument
	case s.store == nil:
		m.refused = StatusUnrecognizedOperation
	case m.class == "" || !m.context.weSCP, a.server != nil && !a.server.supports(m.class):
		m.refused = StatusSOPClassNotSupported
	case !validInstance(m.instance):
		m.refused = StatusInvalidSOPInstance
	}
	if m.refused != StatusSuccess {
		return nil
	}
	buf, err := a.pool.get(ctx, min(a.lastSize, largestGuess))
	if err != nil {
		m.refused = StatusOutOfResources
		return nil //nolint:nilerr // it becomes the status
	}
	a.beginPDU() // waiting for memory was ours
	m.store.buf = buf
	buf.b = fileHead(buf.b, m.class, m.instance, m.context.syntax)
	m.store.head = len(buf.b)
	if s.begin != nil {
		if m.store.Sink, m.refused = s.begin(ctx, a, m.store); m.refused == StatusSuccess && m.store.Sink != nil {
			m.store.Sink.Arrived(buf.b)
		}
	}
	return nil
}

// takeObject reads a fragment of an object right into its buffer.
func (a *Association) takeObject(ctx context.Context, m *message, f fragment) error {
	b := m.store.buf
	if m.got > a.opts.MaxObject {
		m.refused = StatusOutOfResources
	} else if cap(b.b)-len(b.b) < f.length {
		m.store.settle()
		if err := b.grow(ctx, f.length); err != nil {
			m.refused = StatusOutOfResources
		}
		a.beginPDU()
	}
	if m.refused != StatusSuccess {
		m.store.drop()
		return a.throwAway(m, f)
	}
	at := len(b.b)
	b.b = b.b[:at+f.length]
	a.left -= f.length
	if err := a.full(b.b[at:]); err != nil {
		return err
	}
	if m.store.Sink != nil {
		m.store.Sink.Arrived(b.b)
		a.beginPDU() // what that took is not the peer's time
	}
	return nil
}

// handleStore gives an object that has arrived to the handler.
func (a *Association) handleStore(ctx context.Context, m *message) error {
	defer func() {
		m.store.settle()
		if b := m.store.buf; b != nil && !b.kept {
			b.release()
		}
	}()
	status := m.refused
	if status == StatusSuccess {
		a.lastSize = int64(len(m.store.buf.b))
		status = a.storer().store(ctx, a, m.store)
	}
	return a.respond(m, status, nil, nil)
}
