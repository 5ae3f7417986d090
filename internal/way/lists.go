//go:build spine

package way

import (
	"context"

	"sinso.dev/sinso"
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

// Quarantine lists what was refused, oldest first.
func (w *Way) Quarantine(ctx context.Context) ([]sinso.QuarantineRow, error) {
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
