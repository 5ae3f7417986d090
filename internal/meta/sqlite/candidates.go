package sqlite

import (
	"strings"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// fewStudies is how many studies are gathered and sorted at most, where others
// could be shown before all are found.
const fewStudies = 2000

// values is a set of rows of table term: one value, or all from low to below high;
// or the studies of a person, low.
type values struct {
	key            int64
	low, high      string
	prefix, person bool
}

// ordered reports whether the engine yields the studies newest first.
func (d driver) ordered() bool { return len(d) == 1 && !d[0].prefix && !d[0].person }

// driver is a way to all studies that may match: by one key's values.
type driver []values

// walk calls study with each study that may match, newest first, by the cheapest of
// the ways there are.
func (f *finding) walk() error {
	if places, known, err := f.below(); err != nil || known {
		if err != nil {
			return err
		}
		return f.at(places)
	}
	var best driver
	count, drivers := fewStudies, f.drivers()
	if len(drivers) == 1 && drivers[0].ordered() {
		best, drivers = drivers[0], nil // nothing to choose from
	}
	for _, d := range drivers {
		n, err := f.count(d)
		if err != nil {
			return err
		}
		if n < count || best == nil && (d.ordered() || f.left < 0) {
			best, count = d, n
		}
	}
	switch {
	case best == nil && f.q.Level == sinso.LevelStudy && len(f.m.study) == 0: // the engine passes over many faster
		skip := int64(f.skip)
		f.skip = 0
		return f.stream("SELECT n, keys FROM search WHERE hidden <= ? ORDER BY at DESC, n DESC LIMIT -1 OFFSET ?", f.hidden(), skip)
	case best == nil:
		return f.stream("SELECT n, keys FROM search WHERE at BETWEEN ? AND ? AND hidden <= ? ORDER BY at DESC, n DESC",
			f.m.from, f.m.to, f.hidden())
	case best.ordered():
		return f.stream(`SELECT k.n, k.keys FROM term t CROSS JOIN search k ON k.at = t.at AND k.n = t.n
			WHERE t.key = ? AND t.value = ? AND t.at BETWEEN ? AND ? AND k.hidden <= ? ORDER BY t.at DESC, t.n DESC`,
			best[0].key, best[0].low, f.m.from, f.m.to, f.hidden())
	}
	return f.gather(best)
}

// stream takes studies in the order the engine yields them.
func (f *finding) stream(sql string, args ...any) error {
	return f.each(sql, args, func(s *sqlite3.Stmt) error { return f.study(s.ColumnInt64(0), s.ColumnRawBlob(1)) })
}

// gather collects the studies of a driver, sorts and takes them.
func (f *finding) gather(d driver) error {
	var places []place
	for _, v := range d {
		sql, args := v.rows("SELECT at, n")
		if err := f.each(sql, args, func(s *sqlite3.Stmt) error {
			if p := (place{s.ColumnInt64(0), s.ColumnInt64(1)}); p.at >= f.m.from && p.at <= f.m.to {
				places = append(places, p)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return f.at(newest(places))
}

// at takes the studies at places.
func (f *finding) at(places []place) error {
	for _, p := range places {
		if err := f.stream("SELECT n, keys FROM search WHERE at = ? AND n = ? AND hidden <= ?", p.at, p.n, f.hidden()); err != nil {
			return err
		}
	}
	return nil
}

// below finds the studies of the series or instances whose UIDs are asked for.
func (f *finding) below() (places []place, known bool, err error) {
	const (
		bySeries   = "SELECT s.at, s.n FROM series e CROSS JOIN study s ON s.n = e.study WHERE e.uid = ?"
		byInstance = `SELECT s.at, s.n FROM instance i CROSS JOIN series e ON e.n = i.series
			CROSS JOIN study s ON s.n = e.study WHERE i.uid = ?`
	)
	sql, uids := byInstance, f.uids()
	if len(uids) == 0 {
		sql = bySeries
		for i := range f.m.series {
			if f.m.series[i].at == atSeriesUID {
				uids = f.m.series[i].exact
			}
		}
	}
	for _, uid := range uids {
		if err := f.each(sql, []any{uid}, func(s *sqlite3.Stmt) error {
			places = append(places, place{s.ColumnInt64(0), s.ColumnInt64(1)})
			return nil
		}); err != nil {
			return nil, false, err
		}
	}
	return newest(places), len(uids) > 0, nil
}

// drivers lists the ways that the conditions open.
func (f *finding) drivers() []driver {
	var out []driver
	for i := range f.m.study {
		t := &f.m.study[i]
		switch {
		case t.at == atPerson:
			out = append(out, driver{{low: t.exact[0], person: true}})
		case !studyKeys[t.at].term:
		case t.name != "":
			if v, ok := firstWord(t.name, f.m.fuzzy); ok {
				out = append(out, driver{v.of(t.at)})
			}
		case len(t.exact) > 0:
			d := make(driver, len(t.exact))
			for j, v := range t.exact {
				d[j] = values{key: int64(t.at), low: v}
			}
			out = append(out, d)
		case t.prefix != "":
			out = append(out, driver{prefixed(t.prefix).of(t.at)})
		}
	}
	for i := range f.m.series { // a series' modality is one of its study
		if t := &f.m.series[i]; t.at == atModality && len(t.exact) == 1 {
			out = append(out, driver{{key: atModalities, low: t.exact[0]}})
		}
	}
	return out
}

func (v values) of(place int) values {
	v.key = int64(place)
	return v
}

// prefixed is all values that begin with text.
func prefixed(text string) values {
	return values{low: text, high: text + "\xff", prefix: true} // no text has this byte
}

// firstWord finds the part that a name must have: for a pattern its first one, for a
// fuzzy one its longest.
func firstWord(pattern string, fuzzy bool) (values, bool) {
	if fuzzy {
		longest := ""
		for _, p := range fuzzyParts(pattern) {
			if len(p) > len(longest) {
				longest = p
			}
		}
		return prefixed(longest), longest != ""
	}
	literal := pattern
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		literal = pattern[:i]
	}
	w := words(literal)
	if len(w) == 0 {
		return values{}, false
	}
	if w[0]+literal[len(w[0]):] != literal || !strings.HasPrefix(literal, w[0]) {
		return values{}, false // begins with a break
	}
	if len(literal) > len(w[0]) || literal == pattern {
		return values{low: w[0]}, true
	}
	return prefixed(w[0]), true
}

// rows returns the query of a set of values.
func (v values) rows(what string) (sql string, args []any) {
	if v.prefix {
		return what + " FROM term WHERE key = ? AND value >= ? AND value < ?", []any{v.key, v.low, v.high}
	}
	if v.person {
		return what + " FROM study WHERE person = ?", []any{v.low}
	}
	return what + " FROM term WHERE key = ? AND value = ?", []any{v.key, v.low}
}

// count counts the rows of a driver, up to fewStudies.
func (f *finding) count(d driver) (int, error) {
	n := 0
	for _, v := range d {
		sql, args := v.rows("SELECT 1")
		err := f.each("SELECT count(*) FROM ("+sql+" LIMIT ?)", append(args, int64(fewStudies)), func(s *sqlite3.Stmt) error {
			n += s.ColumnInt(0)
			return nil
		})
		if err != nil || n >= fewStudies {
			return fewStudies, err
		}
	}
	return n, nil
}
