package backup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// Files are those of the newest backup in a store, to be read in parts.
type Files struct {
	store sinso.Blobs
	list  *manifest
}

// OpenFiles finds the newest backup: ErrNotFound if there is none.
func OpenFiles(ctx context.Context, store sinso.NamedBlobs) (*Files, error) {
	m, _, err := read(ctx, store)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, fmt.Errorf("backup: there is no backup: %w", sinso.ErrNotFound)
	}
	return &Files{store, m}, nil
}

// Blocks calls fn with the blocks that the node had in another store than its log, some at a
// time.
func (f *Files) Blocks(ctx context.Context, fn func([]sinso.CID) error) error {
	if f.list.Blocks == nil {
		return nil
	}
	return f.list.Blocks.each(ctx, f.store, fn)
}

// Block returns one of these blocks, verified.
func (f *Files) Block(ctx context.Context, cid sinso.CID) ([]byte, error) {
	return f.store.Get(ctx, cid)
}

// ReadAt fills p with bytes of a file from offset on, each verified: ErrNotFound if the
// backup does not have all of them.
func (f *Files) ReadAt(ctx context.Context, name string, p []byte, offset int64) error {
	i, found := slices.BinarySearchFunc(f.list.Files, name, func(f file, name string) int { return strings.Compare(f.Path, name) })
	if !found || offset < 0 || offset+int64(len(p)) > f.list.Files[i].Size {
		return fmt.Errorf("backup: %s from %d on: %w", name, offset, sinso.ErrNotFound)
	}
	content, err := dag.OpenFile(ctx, f.list.Files[i].CID, f.store.Get, f.list.Files[i].Size)
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	if _, err := content.ReadAt(ctx, p, offset); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	return nil
}
