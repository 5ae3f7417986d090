package dimse

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// Storage commitment (PS3.4 Annex J): the node takes responsibility for objects. It
// reads every byte of them first.

const (
	tagTransaction  = dicom.Tag(0x00081195)
	tagReasonFailed = dicom.Tag(0x00081197)
	tagFailed       = dicom.Tag(0x00081198) // Failed SOP Sequence
	tagReferenced   = dicom.Tag(0x00081199) // Referenced SOP Sequence
	tagRefClass     = dicom.Tag(0x00081150)
	tagRefInstance  = dicom.Tag(0x00081155)

	// reports are tried so often, and so far apart, to a peer that does not answer.
	reportTries = 5
	reportPause = 2 * time.Second
	// maxCommitted bounds one request.
	maxCommitted = 100_000
)

// reference names an object by class and instance.
type reference struct{ class, instance string }

// action takes a request for commitment; the report follows on an association of
// our own, as PS3.4 J.3.3 allows.
func (d *Door) action(ctx context.Context, a *wire.Association, r *wire.ActionRequest) (wire.Status, *dicom.Dataset) {
	plain := dicom.Charset{}
	transaction := stringsOf(r.Information, tagTransaction, plain)
	list := r.Information.Find(tagReferenced)
	switch {
	case r.SOPClass != wire.StorageCommitment || r.SOPInstance != wire.StorageCommitmentInstance:
		return wire.StatusNoSuchSOPInstance, nil
	case r.ActionType != wire.ActionRequestCommitment:
		return wire.StatusNoSuchActionType, nil
	case len(transaction) != 1 || transaction[0] == "" || list == nil || len(list.Items) == 0:
		return wire.StatusInvalidArgumentValue, nil
	case len(list.Items) > maxCommitted:
		return wire.StatusResourceLimitation, nil
	}
	var asked []reference
	for _, item := range list.Items {
		class, instance := stringsOf(item, tagRefClass, plain), stringsOf(item, tagRefInstance, plain)
		if len(class) != 1 || len(instance) != 1 {
			return wire.StatusInvalidArgumentValue, nil
		}
		asked = append(asked, reference{class[0], instance[0]})
	}
	row, err := d.archive.AE(ctx, a.Peer().Calling)
	if err != nil {
		return statusOf(err), nil
	}
	if row.Port == 0 {
		return wire.StatusProcessingFailure, nil // the report would reach nobody
	}
	ctx = context.WithoutCancel(ctx) // the report outlives the association
	d.reports.Go(func() { d.report(ctx, row, transaction[0], asked) })
	return wire.StatusSuccess, nil
}

// committed looks at every object, and says which are held and why others are not
// (Failure Reason, PS3.3 C.14.1.1).
func (d *Door) committed(ctx context.Context, asked []reference) (held []reference, failed map[reference]wire.Status) {
	failed = map[reference]wire.Status{}
	for _, ref := range asked {
		if status := d.holds(ctx, ref); status == wire.StatusSuccess {
			held = append(held, ref)
		} else {
			failed[ref] = status
		}
	}
	return held, failed
}

func (d *Door) holds(ctx context.Context, ref reference) wire.Status {
	status := wire.StatusNoSuchSOPInstance
	err := d.archive.Find(ctx, sinso.Query{
		Level: sinso.LevelInstance, Match: []sinso.Condition{{Tag: uint32(tagSOPInstance), Values: []string{ref.instance}}},
	}, func(found sinso.Found) error {
		switch err := d.archive.Whole(ctx, found.Instance); {
		case found.Instance.SOPClass != ref.class:
			status = wire.StatusClassInstanceConflict
		case errors.Is(err, sinso.ErrCorrupt), errors.Is(err, sinso.ErrNotFound):
			status = wire.StatusNoSuchSOPInstance
		case err != nil:
			return err
		default:
			status = wire.StatusSuccess
		}
		return nil
	})
	if err != nil {
		return wire.StatusProcessingFailure
	}
	return status
}

// report tells the peer, and tries again for a while if it does not answer.
func (d *Door) report(ctx context.Context, row sinso.AERow, transaction string, asked []reference) {
	held, failed := d.committed(ctx, asked)
	event := wire.EventReport{
		SOPClass: wire.StorageCommitment, SOPInstance: wire.StorageCommitmentInstance,
		EventType: wire.EventCommitmentSuccessful, Information: d.commitment(transaction, held, failed),
	}
	if len(failed) > 0 {
		event.EventType = wire.EventCommitmentFailuresSeen
	}
	var err error
	for try := range reportTries {
		if try > 0 {
			time.Sleep(reportPause)
		}
		if err = d.sendReport(ctx, row, &event); err == nil {
			return
		}
	}
	d.log.WarnContext(ctx, "storage commitment not reported: the peer will ask again", slog.String("error", err.Error()))
}

// commitment is the information of a report (PS3.4 Table J.3-2).
func (d *Door) commitment(transaction string, held []reference, failed map[reference]wire.Status) dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(tagTransaction, dicom.VRUI, transaction)
	ds.SetString(tagRetrieveAE, dicom.VRAE, d.cfg.AETitle)
	if len(held) > 0 {
		ds.Set(sequence(tagReferenced, held, nil))
	}
	if len(failed) > 0 {
		var refs []reference
		for ref := range failed {
			refs = append(refs, ref)
		}
		ds.Set(sequence(tagFailed, refs, failed))
	}
	return ds
}

func sequence(tag dicom.Tag, refs []reference, reasons map[reference]wire.Status) dicom.DataElement {
	e := dicom.DataElement{Tag: tag, VR: dicom.VRSQ}
	for _, ref := range refs {
		var item dicom.Dataset
		item.SetString(tagRefClass, dicom.VRUI, ref.class)
		item.SetString(tagRefInstance, dicom.VRUI, ref.instance)
		if reason, ok := reasons[ref]; ok {
			item.Set(dicom.DataElement{Tag: tagReasonFailed, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, uint16(reason))})
		}
		e.Items = append(e.Items, item)
	}
	return e
}

// sendReport makes an association on which we perform the service.
func (d *Door) sendReport(ctx context.Context, row sinso.AERow, event *wire.EventReport) error {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	a, err := d.dial(ctx, row, []wire.Context{{
		Abstract: wire.StorageCommitment, Syntaxes: []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian}, SCP: true, NotSCU: true,
	}})
	if err != nil {
		return err
	}
	defer a.Abort() // nothing, after a release
	if _, _, err := a.Report(ctx, event); err != nil {
		return err
	}
	return a.Release(ctx)
}
