package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/meta/sqlite"
)

// sizes, when set, has TestFindIsFlat measure with so many studies, separated by
// commas, and print what docs/img plots: SINSO_MEASURE_STUDIES=1000,10000,100000,1000000.
const sizes = "SINSO_MEASURE_STUDIES"

// studyHeader is 1 kB of DICOM JSON, as of a CT.
func studyHeader(i int) []byte {
	return fmt.Appendf(nil, `{"00080020":{"vr":"DA","Value":["20200101"]},"00080090":{"vr":"PN","Value":[{"Alphabetic":"Referrer^%d"}]},`+
		`"00081030":{"vr":"LO","Value":["CT THORAX"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"X"}]},`+
		`"00100030":{"vr":"DA","Value":["19%02d0101"]},"00100040":{"vr":"CS","Value":["F"]},"00200010":{"vr":"SH","Value":["%d"]},`+
		`"00104000":{"vr":"LT","Value":["%s"]}}`, i%100, i%100, i, strings.Repeat("synthetic ", 60))
}

// perDay is how many studies the clinic makes.
const perDay = 300

// numbered makes study i of many, in the order in which they come: one instance,
// 20,000 surnames, three studies a patient.
func numbered(i int) (sinso.StudyRow, sinso.SeriesRow, sinso.InstanceRow) {
	id := strconv.Itoa(i)
	day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/perDay)
	study := sinso.StudyRow{
		ID: sinso.StudyID("s_" + id), Person: sinso.PersonID("p_" + strconv.Itoa(i/3)), UID: "1.2.840.99999." + id,
		PatientID: "MRN" + strconv.Itoa(i/3), PatientName: fmt.Sprintf("Name%05d^Given", i/3*7919%20_000),
		Date: day.Format("20060102"), Time: fmt.Sprintf("%02d3000", i%perDay*24/perDay), Accession: "ACC" + id, Description: "CT THORAX",
		Origin: sinso.OriginGateway, Tier: sinso.T3, Header: studyHeader(i), Imported: day,
	}
	series := sinso.SeriesRow{ID: sinso.SeriesID("e_" + id), Study: study.ID, UID: study.UID + ".1", Modality: []string{"CT", "MR", "CR"}[i%3]}
	_, _, row := rows(i)
	row.ID, row.Series, row.Study, row.Person, row.UID = sinso.InstanceID("i_"+id), series.ID, study.ID, study.Person, series.UID+".1"
	return study, series, row
}

func fillStudies(tb testing.TB, x *sqlite.Index, from, to int) {
	tb.Helper()
	const batch = 2000
	for ; from < to; from += batch {
		if err := x.Tx(tb.Context(), func(m sinso.MetaTx) error {
			for i := from; i < min(from+batch, to); i++ {
				if err := m.SaveInstance(numbered(i)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			tb.Fatal(err)
		}
	}
}

func where(tag uint32, value string) []sinso.Condition {
	return []sinso.Condition{{Tag: tag, Values: []string{value}}}
}

// questions are what must stay flat, on an index of n studies.
func questions(n int) map[string]sinso.Query {
	of := func(limit int, match []sinso.Condition) sinso.Query {
		return sinso.Query{Level: sinso.LevelStudy, Limit: limit, Match: match}
	}
	middle := n / 2
	row, _, _ := numbered(middle)
	return map[string]sinso.Query{
		"newest 25":            of(25, nil),
		"patient id":           of(0, where(0x00100020, row.PatientID)),
		"name prefix, many":    of(25, where(0x00100010, "name0*")),
		"name prefix, few":     of(25, where(0x00100010, row.PatientName[:9]+"*")),
		"30 days":              of(25, where(0x00080020, row.Date+"-"+row.Imported.AddDate(0, 0, 30).Format("20060102"))),
		"accession":            of(0, where(0x00080050, row.Accession)),
		"study uid":            of(0, where(0x0020000D, row.UID)),
		"modality":             of(25, where(0x00080061, "MR")),
		"patients, newest 25":  {Level: sinso.LevelPatient, Limit: 25},
		"instance by its uids": {Level: sinso.LevelInstance, Match: append(where(0x0020000D, row.UID), where(0x00080018, row.UID+".1.1")...)},
	}
}

// p50 asks a question again and again.
func p50(tb testing.TB, x *sqlite.Index, q sinso.Query) (time.Duration, int) {
	tb.Helper()
	const times = 41
	var took []time.Duration
	found := 0
	for range times {
		begin := time.Now()
		found = 0
		if err := x.View(tb.Context(), func(m sinso.MetaTx) error {
			return m.Find(q, func(sinso.Found) error { found++; return nil })
		}); err != nil {
			tb.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return took[times/2], found
}

// TestFindIsFlat fills an index and asks it: with 8 times as many studies no answer
// takes 4 times as long, and a millisecond more for the noise of a machine.
func TestFindIsFlat(t *testing.T) {
	counts := []int{1000, 8000}
	if set := os.Getenv(sizes); set != "" {
		counts = nil
		for text := range strings.SplitSeq(set, ",") {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			counts = append(counts, n)
		}
	} else if testing.Short() {
		t.Skip("needs a quiet machine")
	}
	x := open(t, filepath.Join(t.TempDir(), "index.db"))
	first := map[string]time.Duration{}
	for i, n := range counts {
		from := 0
		if i > 0 {
			from = counts[i-1]
		}
		begin := time.Now()
		fillStudies(t, x, from, n)
		t.Logf("%d studies: filled with %.0f µs each", n, float64(time.Since(begin).Microseconds())/float64(n-from))
		for name, q := range questions(n) {
			took, found := p50(t, x, q)
			t.Logf("%d studies, %s: p50 %v, %d found", n, name, took, found)
			if found == 0 {
				t.Errorf("%s found nothing", name)
			}
			if i == 0 {
				first[name] = took
			} else if limit := 4*first[name] + time.Millisecond; took > limit {
				t.Errorf("%s: %v with %d studies, %v with %d", name, first[name], counts[0], took, n)
			}
		}
	}
}

// BenchmarkFind asks for all of 1,005 studies, and for 25 of them.
func BenchmarkFind(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	fillStudies(b, x, 0, 1005)
	for name, q := range map[string]sinso.Query{
		"all 1005": {Level: sinso.LevelStudy}, "25 of 1005": {Level: sinso.LevelStudy, Limit: 25},
	} {
		b.Run(name, func(b *testing.B) { find(b, x, q) })
	}
}

func find(b *testing.B, x *sqlite.Index, q sinso.Query) {
	b.Helper()
	for b.Loop() {
		if err := x.View(b.Context(), func(m sinso.MetaTx) error {
			return m.Find(q, func(sinso.Found) error { return nil })
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// metadataTail is what a CT's slices have in common, 3 kB.
func metadataTail() string {
	text := ""
	for tag := 0x00180010; len(text) < 2800; tag++ {
		text += fmt.Sprintf(`,"%08X":{"vr":"LO","Value":["value of %d"]}`, tag, tag)
	}
	return text
}

// metadata is 3 kB of DICOM JSON, as of one slice of a CT.
func metadata(i int, tail string) []byte {
	return fmt.Appendf(make([]byte, 0, 3200), `{"00080018":{"vr":"UI","Value":["1.2.840.99999.1.%d"]},"00200013":{"vr":"IS","Value":[%d]},`+
		`"00200032":{"vr":"DS","Value":[-125,-125,%d.5]}%s,"00281050":{"vr":"DS","Value":[%d]}}`, i, i, i, tail, i%50)
}

// fillSeries saves a series as the living path does: row, metadata, event.
func fillSeries(tb testing.TB, x *sqlite.Index, from, n, batch int) {
	tb.Helper()
	tail := metadataTail()
	for at := from; at < from+n; at += batch {
		if err := x.Tx(tb.Context(), func(m sinso.MetaTx) error {
			for i := at; i < at+batch; i++ {
				study, series, row := rows(i)
				series.ID = sinso.SeriesID(fmt.Sprintf("e_%d", i/300))
				row.Series, study.Header, series.Header = series.ID, studyHeader(1), studyHeader(2)
				if err := m.SaveInstance(study, series, row); err != nil {
					return err
				}
				if err := m.SaveMetadata(row.ID, metadata(i, tail)); err != nil {
					return err
				}
				if err := m.SaveEvent(uint64(i), row.Person, string(row.ID), string(row.Study)); err != nil {
					return err
				}
			}
			return m.SetCursor(uint64(at + batch))
		}); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkFile measures the living path, in transactions of 32 and of one.
func BenchmarkFile(b *testing.B) {
	for _, batch := range []int{1, 32, 1000} {
		b.Run(strconv.Itoa(batch), func(b *testing.B) {
			x := open(b, filepath.Join(b.TempDir(), "index.db"))
			n := 0
			for b.Loop() {
				fillSeries(b, x, n, batch, batch)
				n += batch
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/instance")
		})
	}
}

// BenchmarkSeries reads 300 instances of a series.
func BenchmarkSeries(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	fillSeries(b, x, 0, 3000, 50)
	b.Run("instances", func(b *testing.B) {
		find(b, x, sinso.Query{Level: sinso.LevelInstance, Match: where(0x0020000E, "2.25.2"), Limit: 300})
	})
	b.Run("instances with metadata", func(b *testing.B) {
		find(b, x, sinso.Query{Level: sinso.LevelInstance, Match: where(0x0020000E, "2.25.2"), Limit: 300, Metadata: true})
	})
	b.Run("metadata", func(b *testing.B) {
		size := 0
		for b.Loop() {
			size = 0
			if err := x.View(b.Context(), func(m sinso.MetaTx) error {
				return m.Metadata("e_5", func(_ sinso.InstanceRow, text []byte) error { size += len(text); return nil })
			}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size), "bytes")
	})
}
