package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Retry takes an object out of quarantine in, as if it came now: by a program that can read
// more than the one that refused it, or as what o says it is (whose, or for research). It
// is in quarantine no longer then; its bytes stay there too. A *ingest.RefusalError says
// that it is refused still. ErrNotFound if it is not in quarantine.
func (w *Way) Retry(ctx context.Context, cid sinso.CID, o ImportOptions) (sinso.Receipt, error) {
	rows, err := w.Quarantine(ctx)
	if err != nil {
		return sinso.Receipt{}, err
	}
	for _, row := range rows {
		if row.CID == cid {
			return w.retry(ctx, row, o)
		}
	}
	return sinso.Receipt{}, fmt.Errorf("way: retry: %w", sinso.ErrNotFound)
}

func (w *Way) retry(ctx context.Context, row sinso.QuarantineRow, o ImportOptions) (sinso.Receipt, error) {
	key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
	if err != nil {
		return sinso.Receipt{}, fmt.Errorf("way: retry: %w", err)
	}
	item, err := w.quarantined(ctx, row, key)
	if err != nil {
		return sinso.Receipt{}, fmt.Errorf("way: retry: %w", err)
	}
	// Nobody guesses now whose that is which was set aside for it.
	o.Ask = o.Ask || row.Patient != "" && o.Person == ""
	receipt, err := w.Take(ctx, item, o)
	if err != nil {
		return receipt, err
	}
	// A crash before this leaves it in quarantine: the next try ends here, as a duplicate.
	event, err := w.entry(sinso.EventRetried, o.Actor, receipt.Person, "", sinso.Retried{CID: row.CID, SHA256: row.SHA256, Instance: receipt.Instance}, nil)
	if err != nil {
		return receipt, err
	}
	return receipt, w.record(ctx, nil, event)
}

// quarantined opens what was refused: a large object in parts.
func (w *Way) quarantined(ctx context.Context, row sinso.QuarantineRow, key sinso.CEK) (item sinso.Item, err error) {
	item.Name = sinso.NewPHI(row.Name)
	if row.Size > w.large() {
		object, err := w.openAt(ctx, row.CID, key)
		if err == nil {
			item.Content = ingest.ContentOf(ctx, object, object.Size())
		}
		return item, err
	}
	item.Bytes, err = w.openOriginal(ctx, row.CID, key)
	return item, err
}

func projectRetried(tx sinso.MetaTx, _ sinso.Event, b sinso.Retried) ([]string, error) {
	subjects := []string{string(b.CID), string(b.Instance)}
	// The same bytes may have been refused twice at one time: each has a row of its own.
	var found *sinso.QuarantineRow
	err := tx.Quarantine(func(row sinso.QuarantineRow) error {
		if row.CID == b.CID {
			found = &row
			return errEnough
		}
		return nil
	})
	if err = ignore(err, errEnough); err != nil || found == nil {
		return subjects, err
	}
	found.Taken = b.Instance
	return subjects, tx.SaveQuarantine(*found)
}
