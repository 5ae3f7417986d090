package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// SaveKeys implements [sinso.MetaTx].
func (t *tx) SaveKeys(id sinso.InstanceID, keys []sinso.WrappedKey) error {
	if t.readOnly {
		return errView()
	}
	n, row := int64(0), sinso.InstanceRow{}
	if err := t.each("SELECT n, body, id FROM instance WHERE id_hash = ?", []any{shortHash(string(id))}, func(s *sqlite3.Stmt) error {
		if s.ColumnText(2) != string(id) {
			return nil
		}
		n = s.ColumnInt64(0)
		return unpackInstance(s.ColumnRawBlob(1), &row)
	}); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("meta: save keys of %s: there is no such instance: %w", id, sinso.ErrNotFound)
	}
	row.Keys = keys
	return t.save("UPDATE instance SET body = ? WHERE n = ?", packInstance(row), n)
}
