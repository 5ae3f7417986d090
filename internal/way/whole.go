package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
)

// Whole reads every stored byte of an instance and opens it: nil if it is there and
// as it was sealed. Nothing of it is handed out.
func (w *Way) Whole(ctx context.Context, row sinso.InstanceRow) error {
	object, err := w.ReadParts(ctx, row)
	if err != nil {
		return err
	}
	if object.Size() != row.Size {
		return fmt.Errorf("way: instance %s: %d bytes where %d were sealed: %w", row.ID, object.Size(), row.Size, sinso.ErrCorrupt)
	}
	if err := object.Check(); err != nil {
		return fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	return nil
}
