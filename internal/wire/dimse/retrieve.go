package dimse

import (
	"context"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Find is C-FIND (PS3.7 §9.1.2). match is called with each match, from the
// goroutine of the caller; its error cancels the query and is returned. When ctx
// ends the query is cancelled; a peer that does not answer that in ARTIM is aborted.
func (a *Association) Find(ctx context.Context, class string, identifier dicom.Dataset, match func(dicom.Dataset) error) (Status, error) {
	m, err := a.query(ctx, &command{field: findRQ, class: class}, identifier, func(m *message) error {
		ds, err := m.dataset()
		if err != nil {
			return err
		}
		return match(ds)
	})
	if m == nil {
		return 0, err
	}
	return m.status, err
}

// Move is C-MOVE (PS3.7 §9.1.4): the peer sends what fits the identifier to the
// destination. progress, if not nil, is called with each pending response, from the
// goroutine of the caller. It ends early as Find does.
func (a *Association) Move(ctx context.Context, class, destination string, identifier dicom.Dataset, progress func(Counts)) (Outcome, error) {
	if err := validAE(destination); err != nil {
		return Outcome{}, err
	}
	return a.retrieve(ctx, &command{field: moveRQ, class: class, destination: destination}, identifier, progress)
}

// Get is C-GET (PS3.7 §9.1.3): the peer sends what fits the identifier on this
// association. Contexts of the objects' SOP classes must have been proposed with
// SCP. store is called with each object, progress, if not nil, with each pending
// response, from the goroutine of the caller. It ends early as Find does.
func (a *Association) Get(ctx context.Context, class string, identifier dicom.Dataset,
	store func(ctx context.Context, r *StoreRequest) Status, progress func(Counts),
) (Outcome, error) {
	cmd := &command{field: getRQ, class: class, storing: func(ctx context.Context, _ *Association, r *StoreRequest) Status {
		return store(ctx, r)
	}}
	return a.retrieve(ctx, cmd, identifier, progress)
}

func (a *Association) retrieve(ctx context.Context, cmd *command, identifier dicom.Dataset, progress func(Counts)) (Outcome, error) {
	m, err := a.query(ctx, cmd, identifier, func(m *message) error {
		if progress != nil && m.counts != nil {
			progress(*m.counts)
		}
		return nil
	})
	if m == nil {
		return Outcome{}, err
	}
	out := Outcome{Status: m.status, Comment: m.comment}
	if m.counts != nil {
		out.Counts = *m.counts
	}
	if ds, bad := m.dataset(); bad == nil {
		if e := ds.Find(tagFailedUIDs); e != nil {
			out.Failed = strings.Split(strings.TrimRight(string(e.Value), " \x00"), `\`)
		}
	}
	return out, err
}

// tagFailedUIDs is Failed SOP Instance UID List (PS3.4 C.4.2.1.4.2).
const tagFailedUIDs dicom.Tag = 0x00080058

// query sends a C-FIND, C-MOVE or C-GET and returns the last response; pending is
// called with those before it.
func (a *Association) query(ctx context.Context, cmd *command, identifier dicom.Dataset, pending func(*message) error) (*message, error) {
	c, err := a.contextFor(cmd.class, "")
	if err != nil {
		return nil, err
	}
	data, err := encodeDataset(c.syntax, identifier)
	if err != nil {
		return nil, err
	}
	if err := a.lock(ctx); err != nil {
		return nil, err
	}
	defer a.unlock()
	a.messageID++
	cmd.messageID, cmd.hasDataSet = a.messageID, true
	a.getting = cmd.storing
	defer func() { a.getting = nil }()
	cancel, release := a.canceller(ctx, c, cmd.messageID)
	defer release()
	if err := a.send(c, cmd, data); err != nil {
		return nil, a.fail(ctx, err)
	}
	var stopped error
	for {
		m, err := a.await(ctx, cmd)
		if err != nil {
			return nil, a.fail(ctx, err)
		}
		if !m.status.IsPending() {
			if stopped == nil && m.status == StatusCancel {
				stopped = ctx.Err()
			}
			return m, stopped
		}
		if stopped != nil || ctx.Err() != nil {
			continue
		}
		if stopped = pending(m); stopped != nil {
			cancel()
		}
	}
}
