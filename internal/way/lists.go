package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/vault"
)

// Persons lists every person, by ID.
func (w *Way) Persons(ctx context.Context) ([]sinso.PersonRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.PersonRow, error) { return gather(tx.Persons) })
}

// Studies lists the studies of a person, newest import first; "" lists all.
func (w *Way) Studies(ctx context.Context, person sinso.PersonID) ([]sinso.StudyRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.StudyRow, error) {
		return gather(func(fn func(sinso.StudyRow) error) error { return tx.Studies(person, fn) })
	})
}

// Instances lists the instances of a study, by series, number and UID.
func (w *Way) Instances(ctx context.Context, study sinso.StudyID) ([]sinso.InstanceRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.InstanceRow, error) {
		return gather(func(fn func(sinso.InstanceRow) error) error { return tx.Instances(study, fn) })
	})
}

// Quarantine lists what was refused and was not taken in since, oldest first.
func (w *Way) Quarantine(ctx context.Context) ([]sinso.QuarantineRow, error) {
	rows, err := w.everRefused(ctx)
	return slices.DeleteFunc(rows, func(row sinso.QuarantineRow) bool { return row.Taken != "" }), err
}

// EachQuarantined calls fn with what Quarantine lists, and holds one at a time.
func (w *Way) EachQuarantined(ctx context.Context, fn func(sinso.QuarantineRow)) error {
	return view1(ctx, w, func(tx sinso.MetaTx) error {
		return tx.Quarantine(func(row sinso.QuarantineRow) error {
			if row.Taken == "" {
				fn(row)
			}
			return nil
		})
	})
}

// everRefused lists all whose bytes are in quarantine.
func (w *Way) everRefused(ctx context.Context) ([]sinso.QuarantineRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.QuarantineRow, error) { return gather(tx.Quarantine) })
}

// Releases lists the releases of a person, oldest first; "" lists all.
func (w *Way) Releases(ctx context.Context, person sinso.PersonID) ([]sinso.ReleaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.ReleaseRow, error) {
		return gather(func(fn func(sinso.ReleaseRow) error) error { return tx.Releases(person, fn) })
	})
}

// Orders lists the orders of a person, oldest first; "" lists all.
func (w *Way) Orders(ctx context.Context, person sinso.PersonID) ([]sinso.OrderRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.OrderRow, error) {
		return gather(func(fn func(sinso.OrderRow) error) error { return tx.Orders(person, fn) })
	})
}

// Purchases lists this node's purchases, oldest first.
func (w *Way) Purchases(ctx context.Context) ([]sinso.PurchaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.PurchaseRow, error) { return gather(tx.Purchases) })
}

// gather collects what a list of the index calls its function with.
func gather[Row any](list func(func(Row) error) error) ([]Row, error) {
	rows := []Row{}
	err := list(func(row Row) error {
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// Study returns one study.
func (w *Way) Study(ctx context.Context, id sinso.StudyID) (sinso.StudyRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(id) })
}

// Series lists the series of a study, by UID.
func (w *Way) Series(ctx context.Context, study sinso.StudyID) ([]sinso.SeriesRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.SeriesRow, error) {
		return gather(func(fn func(sinso.SeriesRow) error) error { return tx.Series(study, fn) })
	})
}

// Instance returns one instance.
func (w *Way) Instance(ctx context.Context, id sinso.InstanceID) (sinso.InstanceRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.InstanceRow, error) { return tx.Instance(id) })
}

// ReleaseRow returns one release.
func (w *Way) ReleaseRow(ctx context.Context, id sinso.ReleaseID) (sinso.ReleaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(id) })
}

// Order returns one order of this node's persons.
func (w *Way) Order(ctx context.Context, hash sinso.Hash) (sinso.OrderRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.OrderRow, error) { return tx.Order(hash) })
}

// Purchase returns one purchase of this node.
func (w *Way) Purchase(ctx context.Context, order sinso.Hash) (sinso.PurchaseRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.PurchaseRow, error) { return tx.Purchase(order) })
}

// Bearer returns a bearer token by its hash.
//
// A token is never changed, so one that the index has is good: a request does not
// wait for what others brought.
func (w *Way) Bearer(ctx context.Context, hash string) (row sinso.BearerRow, err error) {
	err = w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		row, err = tx.Bearer(hash)
		return err
	})
	if !errors.Is(err, sinso.ErrNotFound) {
		return row, err
	}
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.BearerRow, error) { return tx.Bearer(hash) })
}

// SaveBearer acknowledges a new bearer token.
func (w *Way) SaveBearer(ctx context.Context, row sinso.BearerRow, actor string) error {
	err := w.recordOne(ctx, sinso.EventTokenCreated, actor, row.Person, sinso.TokenCreated{Row: row})
	return err
}

// History lists the events of a person, or of one subject (an opaque id, an
// order hash, a CID) of any person if person is "", oldest first.
func (w *Way) History(ctx context.Context, person sinso.PersonID, subject string) ([]sinso.Event, error) {
	events := []sinso.Event{}
	err := w.Page(ctx, person, []string{subject}, 0, func(event sinso.Event) bool {
		events = append(events, event)
		return true
	})
	return events, err
}

// errEnough ends a walk that has found what it looked for.
var errEnough = errors.New("enough")

// Open returns the plain bytes of an instance, for one who may read what the
// institution treats, and writes down that it was opened, by whom and what for.
func (w *Way) Open(ctx context.Context, id sinso.InstanceID, actor, purpose string) ([]byte, error) {
	row, err := w.Instance(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", id, err)
	}
	plain, err := w.Read(ctx, row)
	if err != nil {
		return nil, err
	}
	err = w.recordOne(ctx, sinso.EventOpened, actor, row.Person, sinso.Opened{What: string(id), Purpose: purpose})
	return plain, err
}

// Read returns the plain bytes of an instance, as the institution that treats. Who
// hands them on writes that down: [Way.Opened]. ErrUnsupported for one that memory does not
// hold: [Way.ReadParts].
func (w *Way) Read(ctx context.Context, row sinso.InstanceRow) ([]byte, error) {
	w.active()
	if err := w.readable(row); err != nil {
		return nil, err
	}
	key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	plain, err := w.openOriginal(ctx, row.CID, key)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	return plain, nil
}

// ReadParts opens an instance as Read does, to be read in parts until ctx ends: what is
// read of it costs the same however large it is.
func (w *Way) ReadParts(ctx context.Context, row sinso.InstanceRow) (*vault.Object, error) {
	w.active()
	key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	object, err := w.openAt(ctx, row.CID, key)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	return object, nil
}

// Opened writes down that somebody read something of a person's: an instance, a
// series or a study, by its opaque name.
func (w *Way) Opened(ctx context.Context, actor string, person sinso.PersonID, what, purpose string) error {
	event, err := w.entry(sinso.EventOpened, actor, person, "", sinso.Opened{What: what, Purpose: purpose}, nil)
	if err != nil {
		return err
	}
	if err := w.log(ctx, handover{}, nil, event); err != nil {
		return err
	}
	return w.bringUp(ctx)
}

// PublicBlock returns a block of a sealed object that its owner offered: anyone
// may have it, and nobody without the key can read it. Any other block is
// ErrNotFound, as if it did not exist.
func (w *Way) PublicBlock(ctx context.Context, cid sinso.CID) ([]byte, error) {
	public, err := w.offered(ctx, cid)
	if err != nil {
		return nil, err
	}
	if !public {
		return nil, fmt.Errorf("block %s: %w", cid, sinso.ErrNotFound)
	}
	return w.Blobs.Get(ctx, cid)
}

// HasPublicBlock reports whether PublicBlock finds a block, without reading it.
func (w *Way) HasPublicBlock(ctx context.Context, cid sinso.CID) (bool, error) {
	if public, err := w.offered(ctx, cid); err != nil || !public {
		return false, err
	}
	return w.Blobs.Has(ctx, cid)
}

func (w *Way) offered(ctx context.Context, cid sinso.CID) (bool, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (bool, error) { return tx.Public(cid) })
}
