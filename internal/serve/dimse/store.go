package dimse

import (
	"context"
	"errors"
	"log/slog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// storeBegin has the object sealed while it arrives.
func (d *Door) storeBegin(context.Context, *wire.Association, *wire.StoreRequest) (wire.Sink, wire.Status) {
	return arrival{d.archive.Arrive(0)}, wire.StatusSuccess
}

// arrival is an object on its way, as the wire sees it.
type arrival struct{ *way.Arrival }

// Drop implements [wire.Sink].
func (a arrival) Drop() { a.GiveUp() }

// store takes an object in. Success means sealed and durable.
//
// A conflict, another object under the same SOP Instance UID, is kept and written
// down: the peer is told with the warning B000H, so that it need not send again.
func (d *Door) store(ctx context.Context, a *wire.Association, r *wire.StoreRequest) wire.Status {
	item := sinso.Item{Bytes: r.Part10(), Name: sinso.NewPHI(actor(a))}
	seen, _ := r.Sink.(arrival) // none, if the door was told not to
	receipt, err := d.archive.Take(ctx, item, way.ImportOptions{
		Actor: actor(a), Origin: sinso.OriginGateway, DataSet: true, Arrival: seen.Arrival, Research: d.isResearch(a),
	})
	var refused *ingest.RefusalError
	switch {
	case errors.As(err, &refused):
		d.log.InfoContext(ctx, "object refused", slog.String("reason", string(refused.Reason)))
		return refusalStatus(refused)
	case err != nil:
		d.log.WarnContext(ctx, "object not taken", slog.String("error", err.Error()))
		return statusOf(err)
	}
	d.brings(a, receipt.Study)
	if receipt.Outcome == sinso.OutcomeConflict {
		return wire.StatusCoercion
	}
	return wire.StatusSuccess
}

// refusalStatus is what a peer is told of an object that is in quarantine.
func refusalStatus(refused *ingest.RefusalError) wire.Status {
	switch refused.Reason {
	case ingest.ReasonUnsupported:
		return wire.StatusOutOfResources
	case way.ReasonDerivative:
		return wire.StatusNotAuthorized
	default:
		return wire.StatusUnableToProcess
	}
}
