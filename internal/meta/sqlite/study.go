package sqlite

import (
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// SaveStudy implements [sinso.MetaTx].
func (t *tx) SaveStudy(row sinso.StudyRow) error {
	if err := need("study", string(row.ID)); err != nil {
		return err
	}
	n := int64(0)
	if err := t.each("SELECT n FROM study WHERE id = ?", []any{string(row.ID)}, func(s *sqlite3.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	}); err != nil {
		return err
	}
	if n == 0 {
		_, err := t.insertStudy(row)
		return err
	}
	b, err := packStudy(row)
	if err != nil {
		return err
	}
	if err := t.save("UPDATE study SET person = ?, imported = ?, import_seq = ? WHERE n = ?",
		string(row.Person), row.Imported.UnixMicro(), int64(row.ImportSeq), n); err != nil { //nolint:gosec // packStudy has looked
		return err
	}
	if err := t.save("UPDATE study_body SET body = ? WHERE n = ?", b, n); err != nil {
		return err
	}
	return t.editSearch(n, func(keys *studyFields) int64 {
		fresh := fieldsOfStudy(row)
		fresh[atModalities], fresh[atClasses] = keys[atModalities], keys[atClasses]
		*keys = fresh
		return -1
	})
}

// insertStudy adds a study that shows nothing yet.
func (t *tx) insertStudy(row sinso.StudyRow) (n int64, err error) {
	b, err := packStudy(row)
	if err != nil {
		return 0, err
	}
	fields := fieldsOfStudy(row)
	at := whenOf(&fields)
	if err := t.save(`INSERT INTO study (id, person, at, imported, import_seq, series, shown, instances, bytes, copies)
		VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0)`, string(row.ID), string(row.Person), at, row.Imported.UnixMicro(),
		int64(row.ImportSeq)); err != nil { //nolint:gosec // packStudy has looked
		return 0, err
	}
	n = t.conn.db.LastInsertRowID()
	if err := t.save("INSERT INTO study_body (n, body) VALUES (?, ?)", n, b); err != nil {
		return 0, err
	}
	if err := t.save("INSERT INTO search (at, n, hidden, keys) VALUES (?, ?, 1, ?)", at, n, packFields(fields[:])); err != nil {
		return 0, err
	}
	for term := range fields.terms() {
		if err := t.save("INSERT INTO term (key, value, at, n) VALUES (?, ?, ?, ?)", term.key, term.value, at, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// searchRow is one row of table search.
type searchRow struct {
	at, hidden int64
	keys       studyFields
}

func (t *tx) search(study int64) (row searchRow, err error) {
	err = t.run("SELECT k.at, k.hidden, k.keys FROM study s CROSS JOIN search k ON k.at = s.at AND k.n = s.n WHERE s.n = ?",
		[]any{study}, func(s *sqlite3.Stmt) error {
			row.at, row.hidden = s.ColumnInt64(0), s.ColumnInt64(1)
			return unpackFields(s.ColumnRawBlob(2), row.keys[:])
		})
	return row, err
}

// editSearch changes what a study is found by. edit returns whether the study is
// hidden, or -1 to leave that.
func (t *tx) editSearch(study int64, edit func(*studyFields) int64) error {
	before, err := t.search(study)
	if err != nil {
		return err
	}
	after := before
	if hidden := edit(&after.keys); hidden >= 0 {
		after.hidden = hidden
	}
	if after.at = whenOf(&after.keys); after == before {
		return nil
	}
	if after.at != before.at {
		if err := t.save("UPDATE study SET at = ? WHERE n = ?", after.at, study); err != nil {
			return err
		}
	}
	if err := t.save("UPDATE search SET at = ?, hidden = ?, keys = ? WHERE at = ? AND n = ?",
		after.at, after.hidden, packFields(after.keys[:]), before.at, study); err != nil {
		return err
	}
	return t.editTerms(study, before, after)
}

// editTerms writes the difference.
func (t *tx) editTerms(study int64, before, after searchRow) error {
	old, fresh := before.keys.terms(), after.keys.terms()
	for term := range old {
		if fresh[term] && before.at == after.at {
			continue
		}
		if err := t.save("DELETE FROM term WHERE key = ? AND value = ? AND at = ? AND n = ?", term.key, term.value, before.at, study); err != nil {
			return err
		}
	}
	for term := range fresh {
		if old[term] && before.at == after.at {
			continue
		}
		if err := t.save("INSERT INTO term (key, value, at, n) VALUES (?, ?, ?, ?)", term.key, term.value, after.at, study); err != nil {
			return err
		}
	}
	return nil
}

// studyRow reads body, instances, bytes, copies.
func studyRow(s *sqlite3.Stmt) (sinso.StudyRow, error) {
	row, err := unpackStudy(s.ColumnRawBlob(0))
	row.Instances, row.Bytes, row.Deidentified = s.ColumnInt(1), s.ColumnInt64(2), s.ColumnInt(3)
	return row, err
}

const ofStudies = "SELECT b.body, s.instances, s.bytes, s.copies FROM study s CROSS JOIN study_body b ON b.n = s.n "

// Study implements [sinso.MetaTx].
func (t *tx) Study(id sinso.StudyID) (sinso.StudyRow, error) {
	return one(t, "study", ofStudies+"WHERE s.id = ?", []any{string(id)}, studyRow)
}

// Studies implements [sinso.MetaTx].
func (t *tx) Studies(person sinso.PersonID, fn func(sinso.StudyRow) error) error {
	const order = "ORDER BY s.imported DESC, s.import_seq DESC, s.id"
	if person == "" {
		return list(t, ofStudies+order, nil, studyRow, fn)
	}
	return list(t, ofStudies+"WHERE s.person = ? "+order, []any{string(person)}, studyRow, fn)
}

// seriesRow reads body, instances.
func seriesRow(s *sqlite3.Stmt) (sinso.SeriesRow, error) {
	row, err := unpackSeries(s.ColumnRawBlob(0))
	row.Instances = s.ColumnInt(1)
	return row, err
}

// Series implements [sinso.MetaTx].
func (t *tx) Series(study sinso.StudyID, fn func(sinso.SeriesRow) error) error {
	return list(t, "SELECT e.body, e.instances FROM study s CROSS JOIN series e ON e.study = s.n WHERE s.id = ? ORDER BY e.uid, e.id",
		[]any{string(study)}, seriesRow, fn)
}
