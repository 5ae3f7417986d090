package deid

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
)

// instant reads a date and a time of day, with its fraction, as local time.
func instant(date, clock string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(clock, ".")
	at, err := time.Parse("20060102150405", date+whole)
	if err != nil {
		return at, false
	}
	seconds, _ := strconv.ParseFloat("0."+fraction+"0", 64)
	return at.Add(time.Duration(seconds * float64(time.Second))), true
}

// suvFactor is what a value of an object, in Bq/ml, is multiplied by to become a
// standardised uptake value by body weight, in g/ml, as readers compute it from the
// object's own attributes (PS3.3 C.8.9.1, C.8.9.2): the dose as it had decayed at the
// start of the series, or, for ADMIN, as it was given.
func suvFactor(ds *dicom.Dataset) (float64, bool) {
	of := flattened(ds)
	drug := "(0054,0016)[0]."
	number := func(path string) float64 {
		if n := decimals([]byte(said(of[path]))); len(n) == 1 {
			return n[0]
		}
		return math.NaN()
	}
	weight, dose, half := number("(0010,1030)"), number(drug+"(0018,1074)"), number(drug+"(0018,1075)")
	scan, ok := instant(said(of["(0008,0021)"]), said(of["(0008,0031)"]))
	if acquired, known := instant(said(of["(0008,0022)"]), said(of["(0008,0032)"])); known && acquired.Before(scan) {
		scan = acquired // the series' time is that of a later processing
	}
	var given time.Time
	if moment := said(of[drug+"(0018,1078)"]); len(moment) >= 14 {
		clock, zone := moment[8:], ""
		if i := strings.IndexAny(clock, "+-"); i >= 0 {
			clock, zone = clock[:i], clock[i:]
		}
		var known bool
		given, known = instant(moment[:8], clock)
		ok = ok && known
		if zone != "" { // to the zone of all other times
			given = given.Add(offset(said(of["(0008,0201)"])) - offset(zone))
		}
	} else {
		var known bool
		given, known = instant(scan.Format("20060102"), said(of[drug+"(0018,1072)"]))
		ok = ok && known
		if given.After(scan) {
			given = given.AddDate(0, 0, -1)
		}
	}
	switch said(of["(0054,1102)"]) {
	case "ADMIN":
	case "START":
		dose *= math.Exp2(-scan.Sub(given).Seconds() / half)
	default:
		return 0, false
	}
	factor := 1000 * weight / dose
	return factor, ok && said(of["(0054,1001)"]) == "BQML" && factor > 0 && !math.IsInf(factor, 0)
}

// offset reads ±HHMM.
func offset(zone string) time.Duration {
	n, err := strconv.Atoi(zone)
	if err != nil {
		return 0
	}
	return time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
}

// uptake is a slice of a PET with times as they are given: the study's, the series', the
// acquisition's, and the injection's.
func uptake(study, seriesDate, series, acquisitionDate, acquisition, decay string, injection map[dicom.Tag]string) dicom.Dataset {
	ds := chest(8)
	for tag, value := range map[dicom.Tag]string{
		tagSOPClass: "1.2.840.10008.5.1.4.1.1.128", tagModality: "PT", tagImageType: `ORIGINAL\PRIMARY`, 0x00101030: "71.3", 0x00101020: "1.74", tagBodyPart: "CHEST",
		0x00080020: "20240117", tagStudyTime: study, 0x00080021: seriesDate, 0x00080031: series, 0x00080022: acquisitionDate, 0x00080032: acquisition,
		0x00541001: "BQML", 0x00541102: decay, 0x00541321: "1.0371", 0x00541300: "150000", 0x00181242: "180000", 0x00280051: `DECY\ATTN\SCAT`, 0x00281053: "1.7315", 0x00281052: "0",
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], strings.Split(value, `\`)...)
	}
	drug := item(map[dicom.Tag]string{0x00181074: "371250000", 0x00181075: "6586.2", 0x00181076: "0.967", 0x00181071: "2.5"})
	for tag, value := range injection {
		attribute, _ := dicom.Lookup(tag)
		drug.SetString(tag, attribute.VRs[0], value)
	}
	ds.Set(sequence(0x00540016, drug))
	return ds
}

// TestSUVIsTheSameBeforeAndAfter computes the standardised uptake of PET slices from their
// own attributes: of whole seconds it is the very same, and where seconds have fractions,
// which are dropped, it differs by the decay of less than a second.
func TestSUVIsTheSameBeforeAndAfter(t *testing.T) {
	t.Parallel()
	tm := func(v string) map[dicom.Tag]string { return map[dicom.Tag]string{0x00181072: v} }
	dt := func(v string) map[dicom.Tag]string { return map[dicom.Tag]string{0x00181078: v} }
	const day, next = "20240117", "20240118"
	zone := func(ds dicom.Dataset, offset string) dicom.Dataset {
		ds.SetString(0x00080201, dicom.VRSH, offset)
		return ds
	}
	for name, ds := range map[string]dicom.Dataset{
		"by the hour":                     uptake("091000", day, "093000", day, "093112", "START", tm("082217")),
		"with the date of the injection":  uptake("091000", day, "093000", day, "093112", "START", dt("20240117082217")),
		"both":                            uptake("091000", day, "093000", day, "093112", "START", map[dicom.Tag]string{0x00181072: "082217", 0x00181078: "20240117082217"}),
		"early in the morning":            uptake("001500", day, "002000", day, "002105", "START", dt("20240116232217")),
		"over midnight, time alone":       uptake("001500", day, "002000", day, "002105", "START", tm("232217")),
		"late in the evening":             uptake("223000", day, "235000", next, "000105", "START", tm("213959")),
		"the study began after injection": uptake("140000", day, "150000", day, "150000", "START", tm("134501")),
		"over noon":                       uptake("235500", day, "235900", next, "001000", "START", dt("20240117225959")),
		"the day before":                  uptake("080000", day, "081500", day, "081733", "START", dt("20240116201500")),
		"series processed later":          uptake("091000", next, "070000", day, "093112", "START", dt("20240117082217")),
		"decayed to the injection":        uptake("091000", day, "093000", day, "093112", "ADMIN", tm("082217")),
		"fractions":                       uptake("091000.12", day, "093000.85", day, "093112.5", "START", tm("082217.33")),
		"fractions, dated":                uptake("091000.12", day, "093000.85", day, "093112.5", "START", dt("20240117082217.99")),
		"in the zone of the others":       zone(uptake("091000", day, "093000", day, "093112", "START", dt("20240117082217+0200")), "+0200"),
		"in another zone":                 zone(uptake("091000", day, "093000", day, "093112", "START", dt("20240117062217+0000")), "+0200"),
		"in another zone, the day before": zone(uptake("003000", day, "004500", day, "004612", "START", dt("20240116182217-0500")), "+0100"),
		"in half a zone":                  zone(uptake("091000", day, "093000", day, "093112", "START", dt("20240117025217+0000")), "+0530"),
	} {
		for _, preset := range []string{"research-sale", "registry", "clinical-share"} {
			p, err := Preset(preset)
			if err != nil {
				t.Fatal(err)
			}
			raw := part10(t, dicom.ExplicitLittleEndian, ds)
			_, original := read(t, raw)
			was, ok := suvFactor(&original)
			if !ok {
				t.Fatalf("%s: no uptake can be computed of the original", name)
			}
			result := clean(t, p, raw, 5)
			_, after := read(t, result.Clean.Bytes)
			is, ok := suvFactor(&after)
			most := 1e-12
			if strings.HasPrefix(name, "fractions") && preset != "clinical-share" {
				most = math.Exp2(1/6586.2) - 1
			}
			if !ok || math.Abs(is/was-1) > most {
				t.Errorf("%s, %s: the factor is %.9g, was %.9g", name, preset, is, was)
			}
		}
	}
}

// TestUptakeWithoutTimesIsNotComputed: where a profile tells no times a reader finds none,
// and so no wrong uptake.
func TestUptakeWithoutTimesIsNotComputed(t *testing.T) {
	t.Parallel()
	for _, preset := range []string{"basic", "teaching"} {
		p, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		for _, injection := range []map[dicom.Tag]string{{0x00181072: "082217"}, {0x00181078: "20240117082217"}} {
			raw := part10(t, dicom.ExplicitLittleEndian, uptake("091000", "20240117", "093000", "20240117", "093112", "START", injection))
			_, after := read(t, clean(t, p, raw, 5).Clean.Bytes)
			if factor, ok := suvFactor(&after); ok {
				t.Errorf("%s: a factor of %g", preset, factor)
			}
		}
	}
}

// TestDatesMoveWithoutAStudyTime: of an object that does not say when its study began every
// date moves by the days of its release, in the zone of the object, without its time of day;
// and nothing tells of an injection, which would be taken for one of midnight.
func TestDatesMoveWithoutAStudyTime(t *testing.T) {
	t.Parallel()
	for moment, day := range map[string]string{
		"20240117082217": "20240117", "20240117082217.5+0100": "20240117", "202401170822": "20240117", "20240117": "20240117",
		"20240116233000-0500": "20240117", "20240118003000+0900": "20240117", "20240117003000+0100": "20240117",
	} {
		for _, study := range []string{"", "half past"} {
			ds := uptake(study, "20240117", "093000", "20240117", "093112", "START", map[dicom.Tag]string{0x00181078: moment, 0x00181079: moment})
			ds.SetString(0x00080201, dicom.VRSH, "+0100")
			ds.SetString(0x0008002A, dicom.VRDT, moment)
			_, tree := read(t, clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 5).Clean.Bytes)
			of := flattened(&tree)
			want, _ := shiftDate(day, newKeys(testRelease(5), maxShiftDays).shiftDays)
			if got := said(of["(0008,002A)"]); got != want {
				t.Errorf("%s: acquired at %q, want %q", moment, got, want)
			}
			if of["(0054,0016)[0].(0018,1078)"] != nil || of["(0054,0016)[0].(0018,1079)"] != nil {
				t.Errorf("%s: an injection is there", moment)
			}
		}
	}
}

// TestScannersScalesOfUptakeStay: what PET and NM say of counts, frames, windows and
// decay is there, and Philips' factors, which are private and on the list of what is safe
// (PS3.15 Table E.3.10-1).
func TestScannersScalesOfUptakeStay(t *testing.T) {
	t.Parallel()
	p := salesProfile(t)
	ds := uptake("091000", "20240117", "093000", "20240117", "093112", "START", map[dicom.Tag]string{0x00181072: "082217"})
	ds.SetString(0x70530010, dicom.VRLO, "Philips PET Private Group")
	ds.SetString(0x70531000, dicom.VRDS, "0.000381")
	ds.SetString(0x70531009, dicom.VRDS, "1.2345")
	nuclear := chest(16)
	nuclear.SetString(tagSOPClass, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.20")
	nuclear.SetString(tagModality, dicom.VRCS, "NM")
	nuclear.SetString(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "DYNAMIC", "EMISSION")
	for tag, value := range map[dicom.Tag]string{0x00181242: "60000", 0x00180070: "123456", 0x00181063: "1000", 0x00181065: `0\1000\1000`} {
		attribute, _ := dicom.Lookup(tag)
		nuclear.SetString(tag, attribute.VRs[0], strings.Split(value, `\`)...)
	}
	words := func(v ...uint16) (out []byte) {
		for _, n := range v {
			out = binary.LittleEndian.AppendUint16(out, n)
		}
		return out
	}
	for tag, value := range map[dicom.Tag][]byte{0x00540010: words(1, 1), 0x00540011: words(1), 0x00540020: words(1, 2), 0x00540021: words(2), 0x00540100: words(1, 2), 0x00540101: words(2)} {
		nuclear.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: value})
	}
	nuclear.Set(sequence(0x00540012, item(nil, sequence(0x00540013, item(map[dicom.Tag]string{0x00540014: "126.45", 0x00540015: "154.55"})))))
	nuclear.Set(sequence(0x00540032, item(map[dicom.Tag]string{0x00181242: "60000", 0x00540036: "0"})))
	for name, ds := range map[string]dicom.Dataset{"PT": ds, "NM": nuclear} {
		raw := part10(t, dicom.ExplicitLittleEndian, ds)
		set := release(t, p, map[string][]byte{name: raw})
		if len(set) != 1 {
			t.Fatalf("%s is withheld: %v", name, clean(t, p, raw, 3).Clean.Withheld)
		}
		if lost, compared := set[0].valuesLost(p); len(lost) > 0 || compared < 20 {
			t.Errorf("%s: of %d values %v are lost", name, compared, lost)
		}
		_, after := read(t, clean(t, p, raw, 3).Clean.Bytes)
		if name != "PT" {
			continue
		}
		for _, tag := range []dicom.Tag{0x70530010, 0x70531000, 0x70531009} {
			if e := after.Find(tag); e == nil || said(e) != said(ds.Find(tag)) {
				t.Errorf("%v is not what it was", tag)
			}
		}
	}
}
