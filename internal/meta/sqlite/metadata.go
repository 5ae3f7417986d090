package sqlite

import (
	"encoding/json"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// maxDeltas is how many series a transaction keeps at hand: more files than come in at
// once. Each takes 16 KiB and its base.
const maxDeltas = 32

// SaveMetadata implements [sinso.MetaTx]. What is stored is how the metadata differ
// from the first that were saved of their series.
func (t *tx) SaveMetadata(id sinso.InstanceID, metadata []byte) error {
	if err := need("metadata", string(id)); err != nil {
		return err
	}
	if t.readOnly {
		return errView()
	}
	n, series, err := t.placeOf(id)
	if err != nil {
		return err
	}
	d, there := t.deltas[series]
	if !there {
		if d, err = t.deltaOf(series, metadata); err != nil {
			return err
		}
		if len(t.deltas) >= maxDeltas {
			clear(t.deltas)
		}
		t.deltas[series] = d
	}
	return t.save("INSERT INTO metadata (instance, body) VALUES (?, ?) ON CONFLICT (instance) DO UPDATE SET body = excluded.body",
		n, d.encode(metadata))
}

// placeOf finds an instance and its series.
func (t *tx) placeOf(id sinso.InstanceID) (n, series int64, err error) {
	err = t.run("SELECT n, series, id FROM instance WHERE id_hash = ?", []any{shortHash(string(id))}, func(s *sqlite3.Stmt) error {
		if s.ColumnText(2) == string(id) {
			n, series = s.ColumnInt64(0), s.ColumnInt64(1)
		}
		return nil
	})
	if err == nil && n == 0 {
		err = fmt.Errorf("meta: save metadata of %s: there is no such instance: %w", id, sinso.ErrNotFound)
	}
	return n, series, err
}

// deltaOf reads the base of a series, or makes it.
func (t *tx) deltaOf(series int64, metadata []byte) (*delta, error) {
	base, err := t.base(series)
	if err != nil {
		return nil, err
	}
	if base == nil {
		base = metadata
		if err := t.save("INSERT INTO metadata_base (series, body) VALUES (?, ?)", series, notNil(base)); err != nil {
			return nil, err
		}
	}
	return newDelta(base), nil
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (t *tx) base(series int64) (base []byte, err error) {
	err = t.run("SELECT body FROM metadata_base WHERE series = ?", []any{series}, func(s *sqlite3.Stmt) error {
		base = s.ColumnBlob(0, []byte{})
		return nil
	})
	return base, err
}

// Metadata implements [sinso.MetaTx].
func (t *tx) Metadata(series sinso.SeriesID, fn func(sinso.InstanceRow, []byte) error) error {
	n, base := int64(0), []byte(nil)
	var study sinso.StudyID
	var person sinso.PersonID
	if err := t.each(`SELECT e.n, s.id, s.person, b.body FROM series e CROSS JOIN study s ON s.n = e.study
		LEFT JOIN metadata_base b ON b.series = e.n WHERE e.id = ?`, []any{string(series)}, func(s *sqlite3.Stmt) error {
		n, base = s.ColumnInt64(0), s.ColumnBlob(3, nil)
		study, person = sinso.StudyID(s.ColumnText(1)), sinso.PersonID(s.ColumnText(2))
		return nil
	}); err != nil {
		return err
	}
	return t.each("SELECT "+instanceColumns+`, m.body FROM instance i JOIN metadata m ON m.instance = i.n
		WHERE i.series = ? AND i.conflict = 0 ORDER BY i.number, i.uid, i.seq, i.n`, []any{n}, func(s *sqlite3.Stmt) error {
		row, err := instanceOf(s, person, study, series)
		if err != nil {
			return err
		}
		metadata, err := undelta(base, s.ColumnRawBlob(colN+1))
		if err != nil {
			return err
		}
		return fn(row, metadata)
	})
}

// metadataReader reads the metadata of instances of one series.
type metadataReader struct {
	*tx
	series int64
	base   []byte
}

// read returns an instance's metadata, nil if there are none.
func (r *metadataReader) read(n int64) (metadata []byte, err error) {
	if r.base == nil {
		if r.base, err = r.tx.base(r.series); err != nil {
			return nil, err
		}
	}
	err = r.each("SELECT body FROM metadata WHERE instance = ?", []any{n}, func(s *sqlite3.Stmt) (err error) {
		metadata, err = undelta(r.base, s.ColumnRawBlob(0))
		return err
	})
	return metadata, err
}

// content fills in the fields that are in the metadata alone.
func (r *metadataReader) content(n int64, fields *instanceFields) error {
	metadata, err := r.read(n)
	if err != nil {
		return err
	}
	var h struct {
		Date attribute `json:"00080023"`
		Time attribute `json:"00080033"`
	}
	if len(metadata) > 0 {
		_ = json.Unmarshal(metadata, &h) // metadata that are none have no keys
	}
	fields[atContentDate], fields[atContentTime] = h.Date.values(), h.Time.values()
	return nil
}
