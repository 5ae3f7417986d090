package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// The rows of the archive: persons, studies, series, instances, quarantine.

// SavePerson implements [sinso.MetaTx].
func (t *tx) SavePerson(row sinso.PersonRow) error {
	if err := need("person", string(row.ID)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO person (id, match, body) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET match = excluded.match, body = excluded.body`,
		string(row.ID), row.Match, b)
}

// Person implements [sinso.MetaTx].
func (t *tx) Person(id sinso.PersonID) (sinso.PersonRow, error) {
	return one(t, "person", "SELECT body FROM person WHERE id = ?", []any{string(id)}, body[sinso.PersonRow])
}

// PersonByMatch implements [sinso.MetaTx].
func (t *tx) PersonByMatch(match string) (sinso.PersonRow, error) {
	return one(t, "person by match", "SELECT body FROM person WHERE match = ? AND match <> '' ORDER BY id",
		[]any{match}, body[sinso.PersonRow])
}

// Persons implements [sinso.MetaTx].
func (t *tx) Persons(fn func(sinso.PersonRow) error) error {
	return list(t, "SELECT body FROM person ORDER BY id", nil, body[sinso.PersonRow], fn)
}

// SaveInstance implements [sinso.MetaTx]. A study or series that is there
// already keeps its row: only its counts grow.
func (t *tx) SaveInstance(study sinso.StudyRow, series sinso.SeriesRow, row sinso.InstanceRow) error {
	if err := need("instance", string(row.ID), string(study.ID), string(series.ID)); err != nil {
		return err
	}
	if row.Study != study.ID || series.Study != study.ID || row.Series != series.ID || row.Person != study.Person {
		return fmt.Errorf("meta: save instance %s: its study, series and person do not belong together: %w", row.ID, sinso.ErrInvalid)
	}
	fresh, err := t.insertInstance(row)
	if err != nil || !fresh {
		return err
	}
	if err := t.countStudy(study, row.Size); err != nil {
		return err
	}
	return t.countSeries(series)
}

// insertInstance reports whether the instance was not there before.
func (t *tx) insertInstance(row sinso.InstanceRow) (bool, error) {
	seq, err := number(row.Seq)
	if err != nil {
		return false, err
	}
	b, err := encode(row)
	if err != nil {
		return false, err
	}
	n, err := t.write(`INSERT INTO instance (id, study, series, person, uid, sha256, number, seq, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		string(row.ID), string(row.Study), string(row.Series), string(row.Person),
		row.UID, row.SHA256, int64(row.Number), seq, b)
	return n > 0, err
}

// countStudy adds one instance to a study, and inserts the study if it is new.
func (t *tx) countStudy(row sinso.StudyRow, sizeBytes int64) error {
	n, err := t.write("UPDATE study SET instances = instances + 1, bytes = bytes + ? WHERE id = ?",
		sizeBytes, string(row.ID))
	if err != nil || n > 0 {
		return err
	}
	return t.saveStudy(row, 1, sizeBytes)
}

// countSeries adds one instance to a series, and inserts the series if it is new.
func (t *tx) countSeries(row sinso.SeriesRow) error {
	n, err := t.write("UPDATE series SET instances = instances + 1 WHERE id = ?", string(row.ID))
	if err != nil || n > 0 {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save("INSERT INTO series (id, study, uid, instances, body) VALUES (?, ?, ?, 1, ?)",
		string(row.ID), string(row.Study), row.UID, b)
}

// Instance implements [sinso.MetaTx].
func (t *tx) Instance(id sinso.InstanceID) (sinso.InstanceRow, error) {
	return one(t, "instance", "SELECT body FROM instance WHERE id = ?", []any{string(id)}, body[sinso.InstanceRow])
}

// InstanceBySHA256 implements [sinso.MetaTx].
func (t *tx) InstanceBySHA256(person sinso.PersonID, sha256 string) (sinso.InstanceRow, error) {
	return one(t, "instance by hash", "SELECT body FROM instance WHERE sha256 = ? AND person = ? ORDER BY seq",
		[]any{sha256, string(person)}, body[sinso.InstanceRow])
}

// InstancesByUID implements [sinso.MetaTx].
func (t *tx) InstancesByUID(uid string, fn func(sinso.InstanceRow) error) error {
	return list(t, "SELECT body FROM instance WHERE uid = ? ORDER BY seq, id", []any{uid}, body[sinso.InstanceRow], fn)
}

// Instances implements [sinso.MetaTx].
func (t *tx) Instances(study sinso.StudyID, fn func(sinso.InstanceRow) error) error {
	return list(t, `SELECT i.body FROM instance i JOIN series s ON s.id = i.series
		WHERE i.study = ? ORDER BY s.uid, i.number, i.uid, i.seq, i.id`,
		[]any{string(study)}, body[sinso.InstanceRow], fn)
}

// SaveStudy implements [sinso.MetaTx].
func (t *tx) SaveStudy(row sinso.StudyRow) error {
	if err := need("study", string(row.ID)); err != nil {
		return err
	}
	return t.saveStudy(row, 0, 0)
}

// saveStudy inserts a study with the given counts, or replaces all but its
// counts.
func (t *tx) saveStudy(row sinso.StudyRow, instances, sizeBytes int64) error {
	seq, err := number(row.ImportSeq)
	if err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO study (id, person, imported, import_seq, instances, bytes, body)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
		person = excluded.person, imported = excluded.imported, import_seq = excluded.import_seq, body = excluded.body`,
		string(row.ID), string(row.Person), row.Imported.UnixMicro(), seq, instances, sizeBytes, b)
}

// studyRow reads body, instances, bytes.
func studyRow(s *sqlite3.Stmt) (sinso.StudyRow, error) {
	row, err := body[sinso.StudyRow](s)
	row.Instances, row.Bytes = s.ColumnInt(1), s.ColumnInt64(2)
	return row, err
}

// Study implements [sinso.MetaTx].
func (t *tx) Study(id sinso.StudyID) (sinso.StudyRow, error) {
	return one(t, "study", "SELECT body, instances, bytes FROM study WHERE id = ?", []any{string(id)}, studyRow)
}

// Studies implements [sinso.MetaTx].
func (t *tx) Studies(person sinso.PersonID, fn func(sinso.StudyRow) error) error {
	const order = " ORDER BY imported DESC, import_seq DESC, id"
	if person == "" {
		return list(t, "SELECT body, instances, bytes FROM study"+order, nil, studyRow, fn)
	}
	return list(t, "SELECT body, instances, bytes FROM study WHERE person = ?"+order, []any{string(person)}, studyRow, fn)
}

// Series implements [sinso.MetaTx].
func (t *tx) Series(study sinso.StudyID, fn func(sinso.SeriesRow) error) error {
	return list(t, "SELECT body, instances FROM series WHERE study = ? ORDER BY uid, id", []any{string(study)},
		func(s *sqlite3.Stmt) (sinso.SeriesRow, error) {
			row, err := body[sinso.SeriesRow](s)
			row.Instances = s.ColumnInt(1)
			return row, err
		}, fn)
}

// SaveQuarantine implements [sinso.MetaTx].
func (t *tx) SaveQuarantine(row sinso.QuarantineRow) error {
	if err := need("quarantine", string(row.CID)); err != nil {
		return err
	}
	seq, err := number(row.Seq)
	if err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO quarantine (cid, sha256, seq, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (cid) DO UPDATE SET sha256 = excluded.sha256, seq = excluded.seq, body = excluded.body`,
		string(row.CID), row.SHA256, seq, b)
}

// Quarantine implements [sinso.MetaTx]: in the order of the log.
func (t *tx) Quarantine(fn func(sinso.QuarantineRow) error) error {
	return list(t, "SELECT body FROM quarantine ORDER BY seq, cid", nil, body[sinso.QuarantineRow], fn)
}

// QuarantineBySHA256 implements [sinso.MetaTx].
func (t *tx) QuarantineBySHA256(sha256 string) (sinso.QuarantineRow, error) {
	return one(t, "quarantine by hash", "SELECT body FROM quarantine WHERE sha256 = ? ORDER BY seq",
		[]any{sha256}, body[sinso.QuarantineRow])
}
