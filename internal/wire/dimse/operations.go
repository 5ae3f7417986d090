package dimse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// lock takes the turn: one request of ours at a time.
func (a *Association) lock(ctx context.Context) error {
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("dimse: %w: %w", ctx.Err(), sinso.ErrBusy)
	}
	switch {
	case a.failed != nil:
		<-a.turn
		return errClosed()
	case ctx.Err() != nil:
		<-a.turn
		return fmt.Errorf("dimse: %w: %w", ctx.Err(), sinso.ErrBusy)
	}
	return nil
}

func (a *Association) unlock() { <-a.turn }

// fail ends a client's association after an error: it was aborted, or is now.
func (a *Association) fail(ctx context.Context, err error) error {
	if a.server == nil && a.failed == nil {
		a.failed = err
		if errors.Is(err, errReleased) {
			a.conclude(nil)
		} else {
			a.conclude(err)
		}
	}
	if errors.Is(err, errReleased) {
		err = fmt.Errorf("dimse: the peer released the association: %w", sinso.ErrUnavailable)
	}
	return because(ctx, err)
}

// call sends a request and returns the response.
func (a *Association) call(ctx context.Context, c *accepted, cmd *command, data []byte) (*message, error) {
	return a.callWith(ctx, cmd, func() error { return a.send(c, cmd, data) })
}

// callWith is call with a function that sends the request.
func (a *Association) callWith(ctx context.Context, cmd *command, send func() error) (*message, error) {
	if err := a.lock(ctx); err != nil {
		return nil, err
	}
	defer a.unlock()
	if a.server == nil {
		defer a.watch(ctx)()
	}
	a.messageID++
	cmd.messageID = a.messageID
	if err := send(); err != nil {
		return nil, a.fail(ctx, err)
	}
	m, err := a.await(ctx, cmd)
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	return m, nil
}

// await returns the next response to a request of ours.
func (a *Association) await(ctx context.Context, cmd *command) (*message, error) {
	for {
		m, err := a.nextResponse(ctx)
		if err != nil {
			return nil, err
		}
		if m.messageID == cmd.messageID {
			if m.field != cmd.field|response {
				return nil, misuse("message: a response of type %04XH to a request of type %04XH", uint16(m.field), uint16(cmd.field))
			}
			return m, nil
		}
	}
}

// nextResponse returns the next response. A client reads it here, and answers what
// the server asks meanwhile; a server has it from the goroutine that reads.
func (a *Association) nextResponse(ctx context.Context) (*message, error) {
	if a.server != nil {
		t := time.NewTimer(a.opts.Response)
		defer t.Stop()
		select {
		case m := <-a.responses:
			return m, nil
		case <-a.ended:
			return nil, errClosed()
		case <-t.C:
			a.stop(stopGrace)
			return nil, fmt.Errorf("dimse: the peer does not answer: %w", sinso.ErrUnavailable)
		}
	}
	for {
		m, err := a.receive(ctx)
		if err != nil {
			return nil, err
		}
		if m.isResponse() {
			return m, nil
		}
		if err := a.answerServer(ctx, m); err != nil {
			return nil, err
		}
	}
}

// answerServer acts on a request that a server sends to a client.
func (a *Association) answerServer(ctx context.Context, m *message) error {
	if m.field == cancelRQ {
		return nil
	}
	return a.handle(ctx, m)
}

// Echo is C-ECHO (PS3.7 §9.3.5): whether the peer answers.
func (a *Association) Echo(ctx context.Context) (Status, error) {
	c, err := a.contextFor(Verification, "")
	if err != nil {
		return 0, err
	}
	m, err := a.call(ctx, c, &command{field: echoRQ, class: Verification}, nil)
	if err != nil {
		return 0, err
	}
	return m.status, nil
}

// Store is C-STORE (PS3.7 §9.1.1). It sends the object's bytes as they are, on a
// presentation context in their transfer syntax, and returns the peer's status. It
// is ErrUnsupported, and nothing was sent, if the peer accepted no such context: see
// [Association.Syntaxes]. It is ErrInvalid for an object that cannot be. An error of
// its Reader ends the association.
func (a *Association) Store(ctx context.Context, o *Object) (Status, error) {
	return a.store(ctx, o, "", 0)
}

// StoreFor is Store as a sub-operation of a C-MOVE that originator asked for by
// messageID (PS3.7 §9.1.1.1).
func (a *Association) StoreFor(ctx context.Context, o *Object, originator string, messageID uint16) (Status, error) {
	return a.store(ctx, o, originator, messageID)
}

func (a *Association) store(ctx context.Context, o *Object, originator string, originatorID uint16) (Status, error) {
	if err := o.check(); err != nil {
		return 0, err
	}
	c, err := a.contextFor(o.SOPClass, o.Syntax)
	if err != nil {
		return 0, err
	}
	cmd := &command{
		field: storeRQ, class: o.SOPClass, instance: o.SOPInstance, priority: o.Priority, hasDataSet: true,
		originator: originator, originatorID: originatorID,
	}
	m, err := a.callWith(ctx, cmd, func() error {
		if len(o.Data) == 0 {
			return a.sendFrom(c, cmd, o.Reader)
		}
		return a.send(c, cmd, o.Data)
	})
	if err != nil {
		return 0, err
	}
	return m.status, nil
}

// Action is N-ACTION (PS3.7 §10.1.4). r.MessageID is not used. reply is empty if the
// peer sent none.
func (a *Association) Action(ctx context.Context, r *ActionRequest) (status Status, reply dicom.Dataset, err error) {
	return a.normalized(ctx, &command{field: actionRQ, class: r.SOPClass, instance: r.SOPInstance, actionType: r.ActionType}, &r.Information)
}

// Report is N-EVENT-REPORT (PS3.7 §10.1.1), sent by the one who performs: the
// context's class must have been proposed with SCP. r.MessageID is not used. reply
// is empty if the peer sent none.
//
// A server's own requests, as this one, come from a goroutine of the caller, or from
// Find, Move and Get: while another handler is at work nobody reads the response.
func (a *Association) Report(ctx context.Context, r *EventReport) (status Status, reply dicom.Dataset, err error) {
	return a.normalized(ctx, &command{field: eventRQ, class: r.SOPClass, instance: r.SOPInstance, eventType: r.EventType}, &r.Information)
}

func (a *Association) normalized(ctx context.Context, cmd *command, info *dicom.Dataset) (Status, dicom.Dataset, error) {
	c, err := a.contextInRole(cmd)
	if err != nil {
		return 0, dicom.Dataset{}, err
	}
	var data []byte
	if len(info.Elements) > 0 {
		if data, err = encodeDataset(c.syntax, *info); err != nil {
			return 0, dicom.Dataset{}, err
		}
		cmd.hasDataSet = true
	}
	m, err := a.call(ctx, c, cmd, data)
	if err != nil {
		return 0, dicom.Dataset{}, err
	}
	reply, err := m.dataset()
	return m.status, reply, err
}

// contextInRole returns a context for a normalized request: a report is made by the
// SCP, an action by the SCU.
func (a *Association) contextInRole(cmd *command) (*accepted, error) {
	if cmd.field == actionRQ {
		return a.contextFor(cmd.class, "")
	}
	for _, c := range a.contexts {
		if c != nil && c.abstract == cmd.class && c.weSCP {
			return c, nil
		}
	}
	return nil, fmt.Errorf("dimse: the peer takes no reports of SOP class %s: %w", cmd.class, sinso.ErrUnsupported)
}
