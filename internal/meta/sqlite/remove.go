package sqlite

import (
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// RemoveInstance implements [sinso.MetaTx].
func (t *tx) RemoveInstance(id sinso.InstanceID, seq uint64) error {
	if err := need("removal", string(id)); err != nil {
		return err
	}
	by, err := number(seq)
	if err != nil {
		return err
	}
	if err := t.save(`INSERT INTO removed (id, seq) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET seq = max(seq, excluded.seq)`, string(id), by); err != nil {
		return err
	}
	var n, series, study, conflict, sealed, size, copies int64
	if err := t.each("SELECT i.n, e.n, s.n, i.conflict, i.seq, i.body, i.id"+ofAll+"WHERE i.id_hash = ?", []any{shortHash(string(id))},
		func(s *sqlite3.Stmt) error {
			if s.ColumnText(6) != string(id) || s.ColumnInt64(4) > by {
				return nil
			}
			var row sinso.InstanceRow
			n, series, study = s.ColumnInt64(0), s.ColumnInt64(1), s.ColumnInt64(2)
			conflict, sealed = s.ColumnInt64(3), s.ColumnInt64(4)
			err := unpackInstance(s.ColumnRawBlob(5), &row)
			size = row.Size
			if row.Deidentified != "" {
				copies = 1
			}
			return err
		}); err != nil || n == 0 {
		return err
	}
	clear(t.filings)
	clear(t.deltas)
	t.last = saved{}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"DELETE FROM metadata WHERE instance = ?", []any{n}},
		{"DELETE FROM instance WHERE n = ?", []any{n}},
		{"UPDATE series SET instances = instances - 1, shown = shown - ? WHERE n = ?", []any{1 - conflict, series}},
		{"UPDATE study SET instances = instances - 1, shown = shown - ?, bytes = bytes - ?, copies = copies - ? WHERE n = ?", []any{1 - conflict, size, copies, study}},
		{
			"INSERT INTO subject (subject, seq, person) SELECT ?, seq, person FROM event WHERE seq = ? AND instance = ? ON CONFLICT DO NOTHING",
			[]any{string(id), sealed, n},
		},
		{"UPDATE event SET instance = 0 WHERE seq = ? AND instance = ?", []any{sealed, n}},
	} {
		if err := t.save(step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := t.shrinkSeries(series); err != nil {
		return err
	}
	return t.shrinkStudy(study)
}

// shrinkSeries takes a series out if it is empty, or its classes to what is left.
func (t *tx) shrinkSeries(series int64) error {
	left, keys := int64(0), seriesFields{}
	if err := t.each("SELECT instances, keys FROM series WHERE n = ?", []any{series}, func(s *sqlite3.Stmt) error {
		left = s.ColumnInt64(0)
		return unpackFields(s.ColumnRawBlob(1), keys[:])
	}); err != nil {
		return err
	}
	if left == 0 {
		if err := t.save("DELETE FROM metadata_base WHERE series = ?", series); err != nil {
			return err
		}
		return t.save("DELETE FROM series WHERE n = ?", series)
	}
	keys[atSeriesClasses] = ""
	if err := t.each("SELECT body FROM instance WHERE series = ? AND conflict = 0", []any{series}, func(s *sqlite3.Stmt) error {
		var row sinso.InstanceRow
		err := unpackInstance(s.ColumnRawBlob(0), &row)
		add(&keys[atSeriesClasses], row.SOPClass)
		return err
	}); err != nil {
		return err
	}
	return t.save("UPDATE series SET keys = ? WHERE n = ?", packFields(keys[:]), series)
}

// shrinkStudy takes a study out if it is empty, or its keys to what is left.
func (t *tx) shrinkStudy(study int64) error {
	left, shown, modalities, classes := 0, int64(0), "", ""
	if err := t.each("SELECT shown, keys FROM series WHERE study = ?", []any{study}, func(s *sqlite3.Stmt) error {
		left++
		if s.ColumnInt64(0) == 0 {
			return nil
		}
		shown++
		var keys seriesFields
		err := unpackFields(s.ColumnRawBlob(1), keys[:])
		add(&modalities, keys[atModality])
		for class := range strings.SplitSeq(keys[atSeriesClasses], separator) {
			add(&classes, class)
		}
		return err
	}); err != nil {
		return err
	}
	if left > 0 {
		if err := t.save("UPDATE study SET series = ? WHERE n = ?", shown, study); err != nil {
			return err
		}
		return t.editSearch(study, func(keys *studyFields) int64 {
			keys[atModalities], keys[atClasses] = modalities, classes
			if shown == 0 {
				return 1
			}
			return 0
		})
	}
	before, err := t.search(study)
	if err != nil {
		return err
	}
	if err := t.editTerms(study, before, searchRow{at: before.at}); err != nil {
		return err
	}
	if err := t.save("DELETE FROM search WHERE at = ? AND n = ?", before.at, study); err != nil {
		return err
	}
	if err := t.save("DELETE FROM study_body WHERE n = ?", study); err != nil {
		return err
	}
	return t.save("DELETE FROM study WHERE n = ?", study)
}
