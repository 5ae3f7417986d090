package sqlite

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// A query runs in two steps. Table search, or for a rare value table term, yields
// the studies that may match, newest first; then each is tested against all
// conditions by its packed keys. So the engine never sorts, and what is not asked
// for is not read.

// Find implements [sinso.MetaTx].
func (t *tx) Find(q sinso.Query, fn func(sinso.Found) error) error {
	m, err := compile(q)
	if err != nil {
		return err
	}
	f := &finding{tx: t, q: q, m: m, fn: fn, left: q.Limit, skip: q.Offset, patients: map[patient]bool{}}
	if q.Limit == 0 {
		f.left = -1
	}
	err = f.walk()
	if err == errEnough { //nolint:errorlint // the very error, which leaves this package never
		return nil
	}
	return err
}

// errEnough ends a walk that has found all that is wanted.
var errEnough = stop{}

type stop struct{}

func (stop) Error() string { return "enough" }

// finding is one query under way.
type finding struct {
	*tx
	q          sinso.Query
	m          *matching
	fn         func(sinso.Found) error
	left, skip int // left is negative without a limit
	patients   map[patient]bool
}

// patient is who a study belongs to: several identities may be filed under one person.
type patient struct{ person, id, issuer string }

// passes reports whether the next object is passed over.
func (f *finding) passes() bool {
	if f.skip > 0 {
		f.skip--
		return true
	}
	return false
}

// give hands one object over.
func (f *finding) give(found sinso.Found) error {
	if err := f.fn(found); err != nil {
		return err
	}
	if f.left--; f.left == 0 {
		return errEnough
	}
	return nil
}

// study takes one study that may match.
func (f *finding) study(n int64, keys []byte) error {
	var fields studyFields
	if err := unpackFields(keys, fields[:]); err != nil {
		return err
	}
	for i := range f.m.study {
		if t := &f.m.study[i]; !t.matches(fields[t.at]) {
			return nil
		}
	}
	if f.q.Level == sinso.LevelPatient {
		who := patient{fields[atPerson], fields[atPatientID], fields[atIssuer]}
		if f.patients[who] {
			return nil
		}
		f.patients[who] = true
	}
	if f.q.Level <= sinso.LevelStudy && f.passes() {
		return nil
	}
	found, err := f.loadStudy(n, &fields)
	if err != nil {
		return err
	}
	switch f.q.Level {
	case sinso.LevelPatient:
		if err := f.countPatient(&found, patient{fields[atPerson], fields[atPatientID], fields[atIssuer]}); err != nil {
			return err
		}
		return f.give(found)
	case sinso.LevelStudy:
		return f.give(found)
	case sinso.LevelSeries, sinso.LevelInstance:
	}
	return f.series(n, found)
}

func (f *finding) hidden() int64 {
	if f.q.Conflicts {
		return 1
	}
	return 0
}

// loadStudy reads what a found study is given with.
func (f *finding) loadStudy(n int64, fields *studyFields) (sinso.Found, error) {
	found := sinso.Found{Modalities: valuesOf(fields[atModalities]), SOPClasses: valuesOf(fields[atClasses])}
	row, err := one(f.tx, "study", `SELECT b.body, s.instances, s.bytes, s.copies, s.shown, s.series
		FROM study s CROSS JOIN study_body b ON b.n = s.n WHERE s.n = ?`, []any{n},
		func(s *sqlite3.Stmt) (sinso.StudyRow, error) {
			found.StudySeries = s.ColumnInt(5)
			row, err := studyRow(s)
			if !f.q.Conflicts {
				row.Instances = s.ColumnInt(4)
			}
			return row, err
		})
	found.Study = row
	return found, err
}

func valuesOf(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, separator)
}

// countPatient counts what is there of a patient.
func (f *finding) countPatient(found *sinso.Found, who patient) error {
	by := values{key: atPatientID, low: who.id}
	if who.id == "" || strings.Contains(who.id, separator) {
		by = values{low: who.person, person: true}
	}
	sql, args := by.rows("SELECT at, n")
	return f.each("SELECT k.keys, s.series, s.shown, s.instances FROM ("+sql+`) t CROSS JOIN search k ON k.at = t.at AND k.n = t.n
		CROSS JOIN study s ON s.n = t.n WHERE k.hidden <= ?`,
		append(args, f.hidden()), func(s *sqlite3.Stmt) error {
			var fields studyFields
			if err := unpackFields(s.ColumnRawBlob(0), fields[:]); err != nil {
				return err
			}
			if (patient{fields[atPerson], fields[atPatientID], fields[atIssuer]}) != who {
				return nil
			}
			found.PatientStudies++
			found.PatientSeries += s.ColumnInt(1)
			found.PatientInstances += s.ColumnInt(2 + int(f.hidden()))
			return nil
		})
}

// seriesOf is one series that may match.
type seriesOf struct {
	n, number int64
	row       sinso.SeriesRow
}

// series takes the series of a study, by number and UID.
func (f *finding) series(study int64, found sinso.Found) error {
	var all []seriesOf
	err := f.each("SELECT body, instances, shown, n, number, keys FROM series WHERE study = ? ORDER BY uid, id", []any{study},
		func(s *sqlite3.Stmt) error {
			var fields seriesFields
			if err := unpackFields(s.ColumnRawBlob(5), fields[:]); err != nil {
				return err
			}
			for i := range f.m.series {
				if t := &f.m.series[i]; !t.matches(fields[t.at]) {
					return nil
				}
			}
			row, err := seriesRow(s)
			if !f.q.Conflicts {
				row.Instances = s.ColumnInt(2)
			}
			if err == nil && row.Instances > 0 {
				all = append(all, seriesOf{s.ColumnInt64(3), s.ColumnInt64(4), row})
			}
			return err
		})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b seriesOf) int { return cmp.Compare(a.number, b.number) })
	for _, s := range all {
		found.Series = s.row
		if f.q.Level == sinso.LevelInstance {
			err = f.instances(s.n, found)
		} else if !f.passes() {
			err = f.give(found)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// instances takes the instances of a series, by number, UID and Seq.
func (f *finding) instances(series int64, found sinso.Found) error {
	reader := metadataReader{tx: f.tx, series: series}
	sql, args := "FROM instance i WHERE i.series = ? AND i.conflict <= ?", []any{series, f.hidden()}
	if uids := f.uids(); len(uids) == 1 { // the plus keeps the engine from walking the series
		sql, args = "FROM instance i WHERE i.uid = ? AND +i.series = ? AND i.conflict <= ?", []any{uids[0], series, f.hidden()}
	}
	return f.each("SELECT "+instanceColumns+" "+sql+" ORDER BY i.number, i.uid, i.seq, i.n", args, func(s *sqlite3.Stmt) error {
		row, err := instanceOf(s, found.Study.Person, found.Study.ID, found.Series.ID)
		if err != nil {
			return err
		}
		ok, err := f.matchInstance(&reader, s.ColumnInt64(colN), &row)
		if err != nil || !ok || f.passes() {
			return err
		}
		found.Instance, found.Metadata = row, nil
		if f.q.Metadata {
			if found.Metadata, err = reader.read(s.ColumnInt64(colN)); err != nil {
				return err
			}
		}
		return f.give(found)
	})
}

// uids are the SOP Instance UIDs that are asked for.
func (f *finding) uids() []string {
	for i := range f.m.instance {
		if f.m.instance[i].at == atInstanceUID {
			return f.m.instance[i].exact
		}
	}
	return nil
}

func (f *finding) matchInstance(reader *metadataReader, n int64, row *sinso.InstanceRow) (bool, error) {
	if len(f.m.instance) == 0 {
		return true, nil
	}
	fields := instanceFields{
		trim(row.UID), row.SOPClass, strconv.Itoa(row.Number), strconv.Itoa(row.Rows), strconv.Itoa(row.Columns), strconv.Itoa(row.Frames),
	}
	read := false
	for i := range f.m.instance {
		t := &f.m.instance[i]
		if t.at >= atContentDate && !read {
			if err := reader.content(n, &fields); err != nil {
				return false, err
			}
			read = true
		}
		if !t.matches(fields[t.at]) {
			return false, nil
		}
	}
	return true, nil
}

// place is where a study stands in table search.
type place struct{ at, n int64 }

// newest sorts places as they are shown, each once.
func newest(places []place) []place {
	sort.Slice(places, func(i, j int) bool {
		return places[i].at > places[j].at || places[i].at == places[j].at && places[i].n > places[j].n
	})
	return slices.Compact(places)
}
