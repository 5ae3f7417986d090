package metatest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// The promises about queries (PS3.4 C.2.2.2).

// jane is a study with a value in every key, below it two series.
func jane() (sinso.StudyRow, []sinso.SeriesRow) {
	row := study("s_jane", "p_1")
	row.UID, row.PatientID, row.PatientName = "1.2.3", "MRN-1", "Doe^Jane^^Dr=山田^花子=やまだ^はなこ"
	row.Date, row.Time, row.Accession, row.Description = "20310504", "101112.5", "ACC 7", "Chest"
	row.Header = []byte(`{"00080090":{"vr":"PN","Value":[{"Alphabetic":"House^Gregory"}]},"00100020":{"vr":"LO","Value":["MRN-1"]},
		"00100021":{"vr":"LO","Value":["CLINIC"]},"00100030":{"vr":"DA","Value":["19800229"]},"00100032":{"vr":"TM","Value":["0630"]},
		"00100040":{"vr":"CS","Value":["F"]},"00101000":{"vr":"LO","Value":["OLD-1","OLD-2"]},"00200010":{"vr":"SH","Value":["ID9"]}}`)
	ct, mr := series("e_ct", "s_jane"), series("e_mr", "s_jane")
	ct.UID, ct.Modality, ct.Description, ct.BodyPart = "1.2.3.1", "CT", "Axial", "CHEST"
	ct.Header = []byte(`{"00080021":{"vr":"DA","Value":["20310504"]},"00080031":{"vr":"TM","Value":["1020"]},"00081010":{"vr":"SH","Value":["CT01"]},
		"00181030":{"vr":"LO","Value":["Thorax"]},"00200011":{"vr":"IS","Value":[2]},"00400244":{"vr":"DA","Value":["20310503"]},
		"00400245":{"vr":"TM","Value":["235959"]},"00400275":{"vr":"SQ","Value":[{"00400009":{"vr":"SH","Value":["SPS1"]},
		"00401001":{"vr":"SH","Value":["RP1"]}},{"00400009":{"vr":"SH","Value":["SPS2"]}}]}}`)
	mr.UID, mr.Modality, mr.Description = "1.2.3.2", "MR", ""
	mr.Header = []byte(`{"00200011":{"vr":"IS","Value":["1"]}}`)
	return row, []sinso.SeriesRow{ct, mr}
}

// fileJane saves it with three and one instances, and another study beside it.
func fileJane(x sinso.MetaTx) error {
	row, below := jane()
	var errs []error
	for i := range 3 {
		obj := instance(fmt.Sprintf("i_ct%d", i), "e_ct", "s_jane", "p_1", i+1)
		obj.UID = fmt.Sprintf("1.2.3.1.%d", i+1)
		errs = append(errs, x.SaveInstance(row, below[0], obj),
			x.SaveMetadata(obj.ID, fmt.Appendf(nil, `{"00080023":{"vr":"DA","Value":["2031050%d"]},"00080033":{"vr":"TM","Value":["120000"]}}`, i+1)))
	}
	obj := instance("i_mr", "e_mr", "s_jane", "p_1", 1)
	obj.UID, obj.SOPClass, obj.Frames = "1.2.3.2.1", "1.2.840.10008.5.1.4.1.1.4", 20
	other := study("s_other", "p_2")
	other.UID, other.PatientID, other.PatientName, other.Date, other.Time = "1.2.4", "MRN-2", "Roe^Richard", "20200101", "235900"
	other.Accession, other.Description = "", "Knee"
	return errors.Join(append(errs, x.SaveInstance(row, below[1], obj), file(x, "p_2", "s_empty", "e_empty", 0),
		x.SaveInstance(other, series("e_other", "s_other"), instance("i_other", "e_other", "s_other", "p_2", 1)))...)
}

func find(t *testing.T, m sinso.Meta, q sinso.Query) []sinso.Found {
	t.Helper()
	return all(t, m, func(x sinso.MetaTx, fn func(sinso.Found) error) error { return x.Find(q, fn) })
}

func where(tag uint32, values ...string) []sinso.Condition {
	return []sinso.Condition{{Tag: tag, Values: values}}
}

// keyCases lists conditions that find the study of jane, or something in it, and such
// that do not. Each is tried at the level of its key.
var keyCases = []struct {
	level   sinso.Level
	tag     uint32
	yes, no []string // each a condition of one value
}{
	{sinso.LevelPatient, 0x00100020, []string{"MRN-1", " MRN-1 ", "MRN*1", "MRN-?", "*-1"}, []string{"mrn-1", "MRN", "MRN-??", "RN-1"}},
	{sinso.LevelPatient, 0x00100021, []string{"CLINIC", "C*"}, []string{"X"}},
	{sinso.LevelPatient, 0x00100010, []string{
		"Doe^Jane^^Dr", "DOE^JANE^^DR^", "doe*", "d?e^*", "*jane*", "山田*", "山田^花子", "やまだ*", "DOE^JANE^^DR=山田^花子", "=山田^花子", "*=*花*", "Doe^Jane^^Dr=",
	}, []string{"Doe", "Jane*", "do?", "Doe^Jane^^Dr=山田", "山", "=Doe*"}},
	{sinso.LevelPatient, 0x00100030, []string{"19800229", "1980.02.29", "19800101-19801231", "-19800229", "19800229-"}, []string{"19800228", "19800301-", "-19800228"}},
	{sinso.LevelPatient, 0x00100032, []string{"0630", "06", "0600-0700", "063000.000000", "-0630"}, []string{"0631", "0631-", "-0629"}},
	{sinso.LevelPatient, 0x00100040, []string{"F"}, []string{"M", "f"}},
	{sinso.LevelPatient, 0x00101000, []string{"OLD-1", "OLD-2", "OLD*"}, []string{"OLD", `OLD-1\OLD-2`}},
	{sinso.LevelStudy, 0x0020000D, []string{"1.2.3"}, []string{"1.2", "1.2.33"}},
	{sinso.LevelStudy, 0x00080020, []string{"20310504", "20310504-20310504", "20310501-", "-20310504"}, []string{"20310503", "20310505-", "-20310503"}},
	{sinso.LevelStudy, 0x00080030, []string{"101112.5", "10", "1011", "101112", "10-10", "100000-101113", "-1012"}, []string{"101112.6", "11", "-1010", "101113-"}},
	{sinso.LevelStudy, 0x00080050, []string{"ACC 7", "ACC*", "?CC ?"}, []string{"ACC7", "acc 7"}},
	{sinso.LevelStudy, 0x00200010, []string{"ID9"}, []string{"ID"}},
	{sinso.LevelStudy, 0x00081030, []string{"Chest", "Ch*t"}, []string{"chest"}},
	{sinso.LevelStudy, 0x00080090, []string{"HOUSE^*", "house^gregory"}, []string{"gregory"}},
	{sinso.LevelStudy, 0x00080061, []string{"CT", "MR", "C?"}, []string{"US", `CT\MR`}},
	{sinso.LevelStudy, 0x00080060, []string{"CT", "MR"}, []string{"US"}},
	{sinso.LevelStudy, 0x00080062, []string{"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"}, []string{"1.2.840.10008.5.1.4.1.1.128"}},
	{sinso.LevelSeries, 0x0020000E, []string{"1.2.3.1"}, []string{"1.2.3.9"}},
	{sinso.LevelSeries, 0x00080060, []string{"CT"}, []string{"US"}},
	{sinso.LevelSeries, 0x00200011, []string{"2", "+2", "02"}, []string{"3"}},
	{sinso.LevelSeries, 0x0008103E, []string{"Axial", "Ax*"}, []string{"axial"}},
	{sinso.LevelSeries, 0x00080021, []string{"20310504"}, []string{"20310505"}},
	{sinso.LevelSeries, 0x00080031, []string{"1000-1030"}, []string{"1021-"}},
	{sinso.LevelSeries, 0x00180015, []string{"CHEST"}, []string{"HEAD"}},
	{sinso.LevelSeries, 0x00400244, []string{"20310503"}, []string{"20310504"}},
	{sinso.LevelSeries, 0x00400245, []string{"2359-"}, []string{"-2358"}},
	{sinso.LevelSeries, 0x00181030, []string{"Tho*"}, []string{"Knee"}},
	{sinso.LevelSeries, 0x00081010, []string{"CT01"}, []string{"CT02"}},
	{sinso.LevelSeries, 0x00400009, []string{"SPS1", "SPS2"}, []string{"SPS3"}},
	{sinso.LevelSeries, 0x00401001, []string{"RP1"}, []string{"RP2"}},
	{sinso.LevelInstance, 0x00080018, []string{"1.2.3.1.2"}, []string{"1.2.3.1.9"}},
	{sinso.LevelInstance, 0x00080016, []string{"1.2.840.10008.5.1.4.1.1.4"}, []string{"1.2.840.10008.5.1.4.1.1.7"}},
	{sinso.LevelInstance, 0x00200013, []string{"3", "03"}, []string{"4"}},
	{sinso.LevelInstance, 0x00280010, []string{"512"}, []string{"511"}},
	{sinso.LevelInstance, 0x00280011, []string{"256"}, []string{"512"}},
	{sinso.LevelInstance, 0x00280008, []string{"20"}, []string{"21"}},
	{sinso.LevelInstance, 0x00080023, []string{"20310502", "20310503-"}, []string{"20310504"}},
	{sinso.LevelInstance, 0x00080033, []string{"12"}, []string{"13"}},
}

func testFindKeys(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	found := func(q sinso.Query) bool {
		q.Match = append(q.Match, where(0x00100020, "MRN-1")...)
		rows := find(t, m, q)
		for _, f := range rows {
			if f.Study.ID != "s_jane" {
				t.Errorf("%+v: got a study of another patient", q.Match)
			}
		}
		return len(rows) > 0
	}
	for _, tt := range keyCases {
		for want, values := range map[bool][]string{true: tt.yes, false: tt.no} {
			for _, v := range values {
				q := sinso.Query{Level: tt.level, Match: where(tt.tag, v)}
				if got := found(q); got != want {
					t.Errorf("key %08x, value %q: got found %t, want %t", tt.tag, v, got, want)
				}
			}
		}
		for _, universal := range [][]string{nil, {""}, {"*"}, {" ", ""}} {
			if !found(sinso.Query{Level: tt.level, Match: where(tt.tag, universal...)}) {
				t.Errorf("key %08x: universal matching %q found nothing", tt.tag, universal)
			}
		}
	}
	if !found(sinso.Query{Level: sinso.LevelStudy, Match: where(0x00181151, "7")}) {
		t.Error("a key that is not kept must match everything")
	}
	for name, want := range map[string]bool{
		"jane": true, "jan doe": true, "Do^Ja": true, "ja do dr": true, "山 花": true, "roe": false, "doe x": false, "ane": false, "doe*": true,
	} {
		if got := found(sinso.Query{Level: sinso.LevelStudy, Fuzzy: true, Match: where(0x00100010, name)}); got != want {
			t.Errorf("fuzzy %q: got found %t, want %t", name, got, want)
		}
	}
}

func testFindInvalid(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	for tag, values := range map[uint32][]string{
		0x0020000D: {"1.2*", "a", "1.2.3?", strings.Repeat("1", 65)},
		0x00080020: {"2031", "20311301", "20310532", "2031*", "-", "x-y", "20310504-20310505-20310506"},
		0x00080030: {"25", "1060", "1", "101112.", "1011.5", "-", "10*"},
		0x00200011: {"x", "1.5", "99999999999"},
		0x00080018: {"1.2.*"},
		0x00280010: {"?"},
	} {
		for _, v := range values {
			err := m.View(t.Context(), func(x sinso.MetaTx) error {
				return x.Find(sinso.Query{Level: sinso.LevelInstance, Match: where(tag, v)}, func(sinso.Found) error { return nil })
			})
			is(t, fmt.Sprintf("key %08x, value %q", tag, v), err, sinso.ErrInvalid)
			if err != nil && len(v) > 3 && strings.Contains(err.Error(), v) {
				t.Errorf("key %08x: the error holds the value", tag)
			}
		}
	}
	for _, q := range []sinso.Query{{}, {Level: 5}, {Level: sinso.LevelStudy, Limit: -1}, {Level: sinso.LevelStudy, Offset: -1}} {
		is(t, fmt.Sprintf("%+v", q), m.View(t.Context(), func(x sinso.MetaTx) error {
			return x.Find(q, func(sinso.Found) error { return nil })
		}), sinso.ErrInvalid)
	}
}

func testFindLevels(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	row, below := jane()
	row.Instances, row.Bytes, below[0].Instances, below[1].Instances = 4, 4000, 3, 1
	patients := find(t, m, sinso.Query{Level: sinso.LevelPatient})
	if len(patients) != 2 {
		t.Fatalf("got %d patients, want 2", len(patients))
	}
	p := patients[0]
	equal(t, "study of the patient", p.Study, row)
	equal(t, "counts", []int{p.PatientStudies, p.PatientSeries, p.PatientInstances}, []int{1, 2, 4})
	studies := find(t, m, sinso.Query{Level: sinso.LevelStudy, Match: where(0x00100020, "MRN-1")})
	if len(studies) != 1 {
		t.Fatalf("got %d studies, want 1", len(studies))
	}
	equal(t, "study", studies[0], sinso.Found{
		Study: row, StudySeries: 2, Modalities: []string{"CT", "MR"},
		SOPClasses: []string{"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"},
	})
	inSeries := find(t, m, sinso.Query{Level: sinso.LevelSeries, Match: where(0x0020000D, "1.2.3")})
	if len(inSeries) != 2 {
		t.Fatalf("got %d series, want 2", len(inSeries))
	}
	equal(t, "series by number", []sinso.SeriesRow{inSeries[0].Series, inSeries[1].Series}, []sinso.SeriesRow{below[1], below[0]})
	equal(t, "study of the series", inSeries[0].Study, row)
	objects := find(t, m, sinso.Query{Level: sinso.LevelInstance, Metadata: true, Match: where(0x0020000E, "1.2.3.1")})
	equal(t, "instances", ids(objects, func(f sinso.Found) sinso.InstanceID { return f.Instance.ID }), []sinso.InstanceID{"i_ct0", "i_ct1", "i_ct2"})
	if !strings.Contains(string(objects[1].Metadata), "20310502") {
		t.Errorf("metadata: got %q", objects[1].Metadata)
	}
	pages := []sinso.InstanceID{}
	for offset := range 6 {
		for _, f := range find(t, m, sinso.Query{Level: sinso.LevelInstance, Limit: 1, Offset: offset}) {
			pages = append(pages, f.Instance.ID)
		}
	}
	equal(t, "pages of one", pages, []sinso.InstanceID{"i_mr", "i_ct0", "i_ct1", "i_ct2", "i_other"})
}

func testFindOrder(t *testing.T, m sinso.Meta) {
	dates := []string{"20200101", "", "20210101", "bad", "20200101", "2022.01.01"}
	tx(t, m, func(x sinso.MetaTx) error {
		for i, date := range dates {
			row := study(fmt.Sprintf("s_%d", i), "p_1")
			row.Date, row.Time = date, fmt.Sprintf("1%d", i)
			err := x.SaveInstance(row, series(fmt.Sprintf("e_%d", i), string(row.ID)),
				instance(fmt.Sprintf("i_%d", i), fmt.Sprintf("e_%d", i), string(row.ID), "p_1", 1))
			if err != nil {
				return err
			}
		}
		return nil
	})
	want := []sinso.StudyID{"s_5", "s_2", "s_4", "s_0", "s_3", "s_1"}
	name := func(f sinso.Found) sinso.StudyID { return f.Study.ID }
	equal(t, "all", ids(find(t, m, sinso.Query{Level: sinso.LevelStudy}), name), want)
	for limit := 1; limit <= len(want); limit++ {
		var got []sinso.StudyID
		for offset := 0; offset < len(want); offset += limit {
			page := find(t, m, sinso.Query{Level: sinso.LevelStudy, Limit: limit, Offset: offset})
			got = append(got, ids(page, name)...)
		}
		equal(t, fmt.Sprintf("pages of %d", limit), got, want)
	}
	if got := find(t, m, sinso.Query{Level: sinso.LevelStudy, Offset: 6}); len(got) != 0 {
		t.Errorf("behind the end: got %d", len(got))
	}
}

func testFindPerson(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	for level := sinso.LevelPatient; level <= sinso.LevelInstance; level++ {
		for _, f := range find(t, m, sinso.Query{Level: level, Person: "p_2"}) {
			if f.Study.Person != "p_2" {
				t.Errorf("level %d: found a study of %s", level, f.Study.Person)
			}
		}
		if got := find(t, m, sinso.Query{Level: level, Person: "p_2", Match: where(0x00100020, "MRN-1")}); len(got) != 0 {
			t.Errorf("level %d: found another's by Patient ID", level)
		}
		if got := find(t, m, sinso.Query{Level: level, Person: "p_2", Match: where(0x00080018, "1.2.3.1.1")}); level == sinso.LevelInstance && len(got) != 0 {
			t.Error("found another's by UID")
		}
	}
}

// testFindMany has more studies than are gathered at once, and asks for them by
// several conditions: the answer must be that of looking at each.
func testFindMany(t *testing.T, m sinso.Meta) {
	const n = 2600
	names := []string{"Smith^Anna", "Smithers^Bob", "Jones^Carl", "de Souza^Ana"}
	one := func(i int) sinso.StudyRow {
		row := study(fmt.Sprintf("s_%d", i), fmt.Sprintf("p_%d", i%7))
		row.UID, row.PatientID, row.PatientName = fmt.Sprintf("1.2.%d", i), fmt.Sprintf("P%d", i%900), names[i%len(names)]
		row.Date = fmt.Sprintf("2020%02d%02d", 1+i%12, 1+i%28)
		row.Accession = fmt.Sprintf("A%d", i)
		return row
	}
	modality := func(i int) string { return []string{"CT", "MR"}[i/2%2] }
	tx(t, m, func(x sinso.MetaTx) error {
		for i := range n {
			row := one(i)
			of := series("e_"+string(row.ID), string(row.ID))
			of.Modality = modality(i)
			if err := x.SaveInstance(row, of, instance("i_"+string(row.ID), string(of.ID), string(row.ID), string(row.Person), 1)); err != nil {
				return err
			}
		}
		return nil
	})
	for name, tt := range map[string]struct {
		match []sinso.Condition
		keep  func(int) bool
	}{
		"prefix of many":    {where(0x00100010, "smith*"), func(i int) bool { return i%4 < 2 }},
		"word":              {where(0x00100010, "smith^*"), func(i int) bool { return i%4 == 0 }},
		"common modality":   {where(0x00080061, "CT"), func(i int) bool { return modality(i) == "CT" }},
		"list of two":       {where(0x00080061, "CT", "MR"), func(int) bool { return true }},
		"patient":           {where(0x00100020, "P77"), func(i int) bool { return i%900 == 77 }},
		"patients":          {where(0x00100020, "P7*"), func(i int) bool { return strings.HasPrefix(fmt.Sprint(i%900), "7") }},
		"dates":             {where(0x00080020, "20200301-20200331"), func(i int) bool { return i%12 == 2 }},
		"dates, two ranges": {where(0x00080020, "20200301-20200331", "-20200110"), func(i int) bool { return i%12 == 2 || i%12 == 0 && i%28 < 10 }},
		"name, date, modality": {
			append(append(where(0x00100010, "*ana*"), where(0x00080020, "20200601-")...), where(0x00080060, "MR")...),
			func(i int) bool { return i%4 == 3 && i%12 >= 5 && modality(i) == "MR" },
		},
		"accessions": {where(0x00080050, "A12?"), func(i int) bool { return i >= 120 && i < 130 }},
		"uids":       {where(0x0020000D, "1.2.5", "1.2.99", "1.2.5", "9.9"), func(i int) bool { return i == 5 || i == 99 }},
	} {
		var want []int
		for i := range n {
			if tt.keep(i) {
				want = append(want, i)
			}
		}
		slices.SortFunc(want, func(a, b int) int {
			if c := strings.Compare(one(b).Date, one(a).Date); c != 0 {
				return c
			}
			return b - a
		})
		for _, page := range []struct{ limit, offset int }{{0, 0}, {25, 0}, {25, 30}} {
			expect := want[min(page.offset, len(want)):]
			if page.limit > 0 {
				expect = expect[:min(page.limit, len(expect))]
			}
			got := find(t, m, sinso.Query{Level: sinso.LevelStudy, Match: tt.match, Limit: page.limit, Offset: page.offset})
			if !slices.EqualFunc(got, expect, func(f sinso.Found, i int) bool { return f.Study.ID == one(i).ID }) {
				t.Errorf("%s, %+v: got %d studies, want %d, or they are in another order", name, page, len(got), len(expect))
			}
		}
	}
}

func testFindStops(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	for level := sinso.LevelPatient; level <= sinso.LevelInstance; level++ {
		calls := 0
		err := m.View(t.Context(), func(x sinso.MetaTx) error {
			return x.Find(sinso.Query{Level: level}, func(sinso.Found) error { calls++; return errStop })
		})
		if err != errStop || calls != 1 { //nolint:errorlint // the very error, unwrapped
			t.Errorf("level %d: got %v after %d calls, want the caller's error after one", level, err, calls)
		}
	}
}
