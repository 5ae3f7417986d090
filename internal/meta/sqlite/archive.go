package sqlite

import (
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// How instances are filed. This is what the living gateway waits for, so a
// transaction counts what it files in memory, by series, and writes the counts when
// something is read or the transaction ends.

// filing is a series that this transaction files into.
type filing struct {
	study, series int64
	classes       []string // that are known to be in the series' and the study's keys
	shows         bool     // the series shows an instance

	instances, shown, seriesShown, bytes, copies int64 // to be counted
}

// saved is the instance that was saved last.
type saved struct {
	id  string
	n   int64
	seq int64
}

// SaveInstance implements [sinso.MetaTx].
func (t *tx) SaveInstance(study sinso.StudyRow, series sinso.SeriesRow, row sinso.InstanceRow) error {
	if t.readOnly {
		return errView()
	}
	if err := need("instance", string(row.ID), string(study.ID), string(series.ID)); err != nil {
		return err
	}
	if row.Study != study.ID || series.Study != study.ID || row.Series != series.ID || row.Person != study.Person {
		return fmt.Errorf("meta: save instance %s: its study, series and person do not belong together: %w", row.ID, sinso.ErrInvalid)
	}
	seq, err := number(row.Seq)
	if err != nil {
		return err
	}
	if known, err := t.knows(row.ID, seq); err != nil || known {
		return err
	}
	f, err := t.filingOf(study, series)
	if err != nil {
		return err
	}
	conflict := int64(0)
	if row.Conflict {
		conflict = 1
	}
	if _, err := t.write(`INSERT INTO instance (id, id_hash, print_hash, series, uid, number, seq, conflict, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(row.ID), shortHash(string(row.ID)), shortHash(row.Fingerprint),
		f.series, row.UID, int64(row.Number), seq, conflict, packInstance(row)); err != nil {
		return err
	}
	t.last = saved{string(row.ID), t.conn.db.LastInsertRowID(), seq}
	if f.instances == 0 {
		t.dirty = append(t.dirty, f)
	}
	f.instances++
	f.bytes += row.Size
	if row.Deidentified != "" {
		f.copies++
	}
	if row.Conflict {
		return nil
	}
	f.shown++
	return t.show(f, row.SOPClass)
}

// knows reports whether there is nothing to save: the instance is there, or was
// removed by a later event.
func (t *tx) knows(id sinso.InstanceID, seq int64) (bool, error) {
	known := false
	err := t.run("SELECT n, seq, id FROM instance WHERE id_hash = ?", []any{shortHash(string(id))}, func(s *sqlite3.Stmt) error {
		if s.ColumnText(2) == string(id) {
			known = true
			t.last = saved{string(id), s.ColumnInt64(0), s.ColumnInt64(1)}
		}
		return nil
	})
	if err != nil || known {
		return known, err
	}
	err = t.run("SELECT 1 FROM removed WHERE id = ? AND seq >= ?", []any{string(id), seq}, func(*sqlite3.Stmt) error {
		known = true
		return nil
	})
	return known, err
}

// shortHash is eight bytes of a text to find it by: FNV-1a, 64 bits.
func shortHash(text string) int64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return int64(h) //nolint:gosec // the same bits
}

// filingOf finds or makes a series and its study.
func (t *tx) filingOf(study sinso.StudyRow, series sinso.SeriesRow) (*filing, error) {
	if f := t.filings[series.ID]; f != nil {
		return f, nil
	}
	f := &filing{}
	if err := t.run("SELECT n FROM study WHERE id = ?", []any{string(study.ID)}, func(s *sqlite3.Stmt) error {
		f.study = s.ColumnInt64(0)
		return nil
	}); err != nil {
		return nil, err
	}
	if f.study == 0 {
		n, err := t.insertStudy(study)
		if err != nil {
			return nil, err
		}
		f.study = n
	}
	if err := t.run("SELECT n, shown, keys FROM series WHERE id = ?", []any{string(series.ID)}, func(s *sqlite3.Stmt) error {
		var fields seriesFields
		f.series, f.shows = s.ColumnInt64(0), s.ColumnInt64(1) > 0
		err := unpackFields(s.ColumnRawBlob(2), fields[:])
		f.classes = valuesOf(fields[atSeriesClasses])
		return err
	}); err != nil {
		return nil, err
	}
	if f.series == 0 {
		fields := fieldsOfSeries(series)
		if err := t.save("INSERT INTO series (id, study, uid, number, shown, instances, keys, body) VALUES (?, ?, ?, ?, 0, 0, ?, ?)",
			string(series.ID), f.study, series.UID, numberOf(&fields), packFields(fields[:]), packSeries(series)); err != nil {
			return nil, err
		}
		f.series = t.conn.db.LastInsertRowID()
	}
	t.filings[series.ID] = f
	return f, nil
}

// numberOf is the Series Number to sort by, 0 without.
func numberOf(f *seriesFields) int64 {
	n := int64(0)
	_, _ = fmt.Sscan(f[atNumber], &n) // none sorts first
	return n
}

// show makes a shown instance's class and modality known to its series and study.
func (t *tx) show(f *filing, class string) error {
	for _, c := range f.classes {
		if c == class && f.shows {
			return nil
		}
	}
	var series seriesFields
	if err := t.run("SELECT keys FROM series WHERE n = ?", []any{f.series}, func(s *sqlite3.Stmt) error {
		return unpackFields(s.ColumnRawBlob(0), series[:])
	}); err != nil {
		return err
	}
	if add(&series[atSeriesClasses], class) {
		if err := t.save("UPDATE series SET keys = ? WHERE n = ?", packFields(series[:]), f.series); err != nil {
			return err
		}
	}
	if !f.shows {
		f.shows, f.seriesShown = true, f.seriesShown+1
	}
	f.classes = append(f.classes, class)
	return t.editSearch(f.study, func(keys *studyFields) int64 {
		add(&keys[atModalities], series[atModality])
		add(&keys[atClasses], class)
		return 0
	})
}

// add puts a value into a sorted field; false if it was there, or is none.
func add(field *string, value string) bool {
	all := valuesOf(*field)
	at := 0
	for at < len(all) && all[at] < value {
		at++
	}
	if value == "" || at < len(all) && all[at] == value {
		return false
	}
	*field = strings.Join(append(all[:at:at], append([]string{value}, all[at:]...)...), separator)
	return true
}

// flush writes what was counted.
func (t *tx) flush() error {
	for _, f := range t.dirty {
		if err := t.save("UPDATE study SET instances = instances + ?, shown = shown + ?, series = series + ?, bytes = bytes + ?, copies = copies + ? WHERE n = ?",
			f.instances, f.shown, f.seriesShown, f.bytes, f.copies, f.study); err != nil {
			return err
		}
		if err := t.save("UPDATE series SET instances = instances + ?, shown = shown + ? WHERE n = ?", f.instances, f.shown, f.series); err != nil {
			return err
		}
		f.instances, f.shown, f.seriesShown, f.bytes, f.copies = 0, 0, 0, 0, 0
	}
	t.dirty = t.dirty[:0]
	return nil
}

// instanceColumns are what instanceOf reads, and the place of n in them.
const (
	instanceColumns = "i.body, i.id, i.uid, i.number, i.seq, i.conflict, i.n"
	colN            = 6
	allColumns      = instanceColumns + ", s.person, s.id, e.id"
	ofAll           = " FROM instance i CROSS JOIN series e ON e.n = i.series CROSS JOIN study s ON s.n = e.study "
)

func instanceOf(s *sqlite3.Stmt, person sinso.PersonID, study sinso.StudyID, series sinso.SeriesID) (sinso.InstanceRow, error) {
	row := sinso.InstanceRow{
		ID: sinso.InstanceID(s.ColumnText(1)), Series: series, Study: study, Person: person, UID: s.ColumnText(2),
		Number: s.ColumnInt(3), Seq: uint64(s.ColumnInt64(4)), Conflict: s.ColumnInt(5) == 1, //nolint:gosec // never negative
	}
	return row, unpackInstance(s.ColumnRawBlob(0), &row)
}

// instanceRow reads allColumns.
func instanceRow(s *sqlite3.Stmt) (sinso.InstanceRow, error) {
	return instanceOf(s, sinso.PersonID(s.ColumnText(7)), sinso.StudyID(s.ColumnText(8)), sinso.SeriesID(s.ColumnText(9)))
}

// Instance implements [sinso.MetaTx].
func (t *tx) Instance(id sinso.InstanceID) (sinso.InstanceRow, error) {
	return one(t, "instance", "SELECT "+allColumns+ofAll+"WHERE i.id_hash = ? AND i.id = ?",
		[]any{shortHash(string(id)), string(id)}, instanceRow)
}

// InstanceByFingerprint implements [sinso.MetaTx].
func (t *tx) InstanceByFingerprint(person sinso.PersonID, fingerprint string) (found sinso.InstanceRow, err error) {
	there := false
	err = list(t, "SELECT "+allColumns+ofAll+"WHERE i.print_hash = ? AND s.person = ? ORDER BY i.seq",
		[]any{shortHash(fingerprint), string(person)}, instanceRow, func(row sinso.InstanceRow) error {
			if row.Fingerprint == fingerprint && !there {
				found, there = row, true
			}
			return nil
		})
	if err == nil && !there {
		err = fmt.Errorf("meta: instance by fingerprint: %w", sinso.ErrNotFound)
	}
	return found, err
}

// InstancesByUID implements [sinso.MetaTx].
func (t *tx) InstancesByUID(uid string, fn func(sinso.InstanceRow) error) error {
	return list(t, "SELECT "+allColumns+ofAll+"WHERE i.uid = ? ORDER BY i.seq, i.id", []any{uid}, instanceRow, fn)
}

// Instances implements [sinso.MetaTx].
func (t *tx) Instances(study sinso.StudyID, fn func(sinso.InstanceRow) error) error {
	return list(t, "SELECT "+allColumns+` FROM study s CROSS JOIN series e ON e.study = s.n CROSS JOIN instance i ON i.series = e.n
		WHERE s.id = ? ORDER BY e.uid, i.number, i.uid, i.seq, i.id`, []any{string(study)}, instanceRow, fn)
}
