package dimse

import (
	"context"
	"sync/atomic"

	"sinso.dev/sinso/internal/format/dicom"
)

// operation is a request of the peer that it may cancel: it is worked on beside the
// goroutine that reads.
type operation struct {
	a      *Association
	m      *message
	cancel context.CancelFunc
	final  atomic.Bool // its last response is being sent
	done   chan struct{}
}

// pending sends a response that others follow.
func (o *operation) pending(ctx context.Context, status Status, counts *Counts, ds *dicom.Dataset) error {
	if err := ctx.Err(); err != nil {
		return lost("pending response", err)
	}
	return o.a.respond(o.m, status, counts, ds)
}

// start works on a request in a goroutine, which finish waits for.
func (a *Association) start(ctx context.Context, m *message, run func(ctx context.Context, o *operation) error) {
	ctx, cancel := context.WithCancel(ctx)
	o := &operation{a: a, m: m, cancel: cancel, done: make(chan struct{})}
	a.op = o
	a.setBusy(true)
	go func() {
		defer close(o.done)
		defer a.setBusy(false)
		defer cancel()
		if err := run(ctx, o); err != nil {
			a.stop(stopGrace) // the answer cannot be sent: the reading ends too
		}
	}()
}

// finish waits for the operation of the peer, if there is one.
func (a *Association) finish() {
	if a.op != nil {
		<-a.op.done
		a.op = nil
	}
}

// serve takes requests until the association ends, which its error says.
func (a *Association) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer a.finish()
	defer a.end()
	defer cancel()
	a.setWait(a.opts.Idle)
	for {
		m, err := a.receive(ctx)
		if err == nil {
			err = a.take(ctx, m)
		}
		if err != nil {
			if a.op != nil {
				a.stop(stopGrace) // what it writes may wait for a peer that reads no more
			}
			return err
		}
	}
}

// take acts on a message that a server's peer sent.
func (a *Association) take(ctx context.Context, m *message) error {
	switch {
	case m.isResponse():
		select {
		case a.responses <- m:
			return nil
		default:
			return misuse("message: a response that nobody waits for")
		}
	case m.field == cancelRQ:
		if a.op != nil && a.op.m.messageID == m.messageID {
			a.op.cancel()
		}
		return nil
	case a.op != nil && !a.op.final.Load():
		a.drop(m)
		return misuse("message: a second operation at the same time")
	}
	a.finish()
	return a.handle(ctx, m)
}

// handle answers a request.
func (a *Association) handle(ctx context.Context, m *message) error {
	if m.class == "" {
		m.class = m.context.abstract
	}
	switch f := m.field; {
	case f == storeRQ:
		return a.handleStore(ctx, m)
	case f == echoRQ:
		return a.handleEcho(ctx, m)
	case f == actionRQ:
		return a.handleAction(ctx, m)
	case f == eventRQ:
		return a.handleEvent(ctx, m)
	case a.server != nil && (f == findRQ || f == moveRQ || f == getRQ):
		return a.handleQuery(ctx, m)
	}
	return a.respond(m, StatusUnrecognizedOperation, nil, nil)
}

func (a *Association) handleEcho(ctx context.Context, m *message) error {
	status := StatusSuccess
	if a.server != nil && a.server.config.Echo != nil {
		status = a.server.config.Echo(ctx, a)
	}
	return a.respond(m, status, nil, nil)
}

func (a *Association) handleAction(ctx context.Context, m *message) error {
	if a.server == nil || a.server.config.Action == nil {
		return a.respond(m, StatusUnrecognizedOperation, nil, nil)
	}
	ds, err := m.dataset()
	if err != nil {
		return a.respond(m, StatusInvalidArgumentValue, nil, nil)
	}
	status, reply := a.server.config.Action(ctx, a, &ActionRequest{m.messageID, m.class, m.instance, m.actionType, ds})
	return a.respond(m, status, nil, reply)
}

func (a *Association) handleEvent(ctx context.Context, m *message) error {
	var take func(context.Context, *Association, *EventReport) Status
	if a.server != nil {
		take = a.server.config.Event
	} else {
		take = a.client.Event
	}
	if take == nil {
		return a.respond(m, StatusUnrecognizedOperation, nil, nil)
	}
	ds, err := m.dataset()
	if err != nil {
		return a.respond(m, StatusInvalidArgumentValue, nil, nil)
	}
	return a.respond(m, take(ctx, a, &EventReport{m.messageID, m.class, m.instance, m.eventType, ds}), nil, nil)
}

// handleQuery starts a C-FIND, C-MOVE or C-GET.
func (a *Association) handleQuery(ctx context.Context, m *message) error {
	c := &a.server.config
	if m.field == findRQ && c.Find == nil || m.field == moveRQ && c.Move == nil || m.field == getRQ && c.Get == nil {
		return a.respond(m, StatusUnrecognizedOperation, nil, nil)
	}
	if m.class != m.context.abstract {
		return a.respond(m, StatusSOPClassNotSupported, nil, nil)
	}
	ds, err := m.dataset()
	if err != nil || !m.hasDataSet {
		return a.respond(m, StatusDataSetMismatch, nil, nil)
	}
	a.start(ctx, m, func(ctx context.Context, o *operation) error {
		if m.field == moveRQ {
			return o.retrieved(c.Move(ctx, a, &MoveRequest{m.messageID, m.class, m.priority, m.destination, ds, o}))
		}
		if m.field == getRQ {
			return o.retrieved(c.Get(ctx, a, &GetRequest{m.messageID, m.class, m.priority, ds, o}))
		}
		status := c.Find(ctx, a, &FindRequest{m.messageID, m.class, m.priority, ds, o})
		o.final.Store(true)
		return a.respond(m, status, nil, nil)
	})
	return nil
}

// retrieved sends the last response of a C-MOVE or C-GET (PS3.4 C.4.2.1.4.2).
func (o *operation) retrieved(out Outcome) error {
	o.final.Store(true)
	var failed *dicom.Dataset
	if len(out.Failed) > 0 && out.Status != StatusSuccess {
		failed = &dicom.Dataset{}
		failed.SetString(0x00080058, dicom.VRUI, out.Failed...)
	}
	if out.Comment != "" && out.Status != StatusSuccess {
		return o.a.explain(o.m, out.Status, out.Comment, &out.Counts, failed)
	}
	return o.a.respond(o.m, out.Status, &out.Counts, failed)
}
