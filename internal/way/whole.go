package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
)

// Whole reads every stored byte of an instance and opens it: nil if it is there and
// as it was sealed. Nothing of it is handed out.
func (w *Way) Whole(ctx context.Context, row sinso.InstanceRow) error {
	plain, err := w.Read(ctx, row)
	if err != nil {
		return err
	}
	if int64(len(plain)) != row.Size {
		return fmt.Errorf("way: instance %s: %d bytes where %d were sealed: %w", row.ID, len(plain), row.Size, sinso.ErrCorrupt)
	}
	return nil
}
