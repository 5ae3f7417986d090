package risk

import (
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Disclosure is what a derivative gives away: its traits, and what needs no
// statistics to be seen.
type Disclosure struct {
	Traits    Traits
	BirthDate bool        // a date of birth is in it
	ExactDate bool        // a date that is not said to have been moved is in it
	TimeOfDay bool        // a time of day is in it
	Texts     []dicom.Tag // elements that hold text that somebody typed, or a name; sorted, at most 64
}

// maxTexts bounds the list of elements that hold text.
const maxTexts = 64

// The attributes that this package names (PS3.6).
const (
	tagCharacterSet     = dicom.Tag(0x00080005)
	tagStudyDate        = dicom.Tag(0x00080020)
	tagStudyTime        = dicom.Tag(0x00080030)
	tagModality         = dicom.Tag(0x00080060)
	tagManufacturer     = dicom.Tag(0x00080070)
	tagCodeValue        = dicom.Tag(0x00080100)
	tagCodingScheme     = dicom.Tag(0x00080102)
	tagLongCodeValue    = dicom.Tag(0x00080119)
	tagModel            = dicom.Tag(0x00081090)
	tagSex              = dicom.Tag(0x00100040)
	tagBirthDate        = dicom.Tag(0x00100030)
	tagAge              = dicom.Tag(0x00101010)
	tagSize             = dicom.Tag(0x00101020)
	tagWeight           = dicom.Tag(0x00101030)
	tagEthnicGroup      = dicom.Tag(0x00102160)
	tagSmoking          = dicom.Tag(0x001021A0)
	tagPregnancy        = dicom.Tag(0x001021C0)
	tagTemporalModified = dicom.Tag(0x00280303)
)

// What deid writes in place of a value (docs/adr/0011): the same for everybody, so
// that it shows nothing.
const (
	dummyText   = "REMOVED"
	dummyScheme = "99REMOVED"
	dummyDate   = "19000101"
	dummyTime   = "000000"
)

// source is where a trait is found: the first of its elements, or all of them.
type source struct {
	trait    Trait
	tags     []dicom.Tag
	fallback bool // only the first that has a value counts
}

// sources lists the traits that are read as text from the root.
var sources = []source{
	{Sex, []dicom.Tag{tagSex}, false},
	{EthnicGroup, []dicom.Tag{tagEthnicGroup}, false},
	{Smoking, []dicom.Tag{tagSmoking}, false},
	{Modalities, []dicom.Tag{tagModality, 0x00080061}, false},                                                        // Modalities in Study
	{BodyParts, []dicom.Tag{0x00180015}, false},                                                                      // Body Part Examined
	{Protocols, []dicom.Tag{0x00181030, 0x00189423}, false},                                                          // Protocol Name, Acquisition Protocol Name
	{Manufacturer, []dicom.Tag{tagManufacturer}, false},                                                              //
	{Model, []dicom.Tag{tagModel}, false},                                                                            //
	{Device, []dicom.Tag{0x00181000, 0x00081010, 0x00181002, 0x00181009, 0x00181008, 0x00181005, 0x0018700A}, false}, // Device Serial Number, Station Name, Device UID, UDI, Gantry, Generator, Detector ID
	{Institution, []dicom.Tag{0x00080080, 0x00080081, 0x00081040, 0x00120031, 0x00120030, 0x00120060}, false},        // Institution Name, Address, Department; Clinical Trial Site Name, ID, Coordinating Center
	{Procedures, []dicom.Tag{0x00081030, 0x00321060, 0x00400254, 0x00400007}, true},                                  // Study, Requested Procedure, Performed and Scheduled Procedure Step Description
}

// coded lists the traits that are read from code sequences of the root.
var coded = []source{
	{Procedures, []dicom.Tag{0x00081032, 0x00321064, 0x00400260, 0x00400008}, false}, // Procedure, Requested Procedure, Performed and Scheduled Protocol Code Sequence
	{BodyParts, []dicom.Tag{0x00082218}, false},                                      // Anatomic Region Sequence
	{Institution, []dicom.Tag{0x00080082, 0x00081041}, false},                        // Institution, Institutional Department Type Code Sequence
}

// studyDates and studyTimes are where the moment of the study is looked for.
var (
	studyDates = []dicom.Tag{tagStudyDate, 0x00080022, 0x0008002A, 0x00080021, 0x00080023} // Study, Acquisition Date, Acquisition DateTime, Series, Content Date
	studyTimes = []dicom.Tag{tagStudyTime, 0x00080032, 0x00080031, 0x00080033}             // Study, Acquisition, Series, Content Time
)

// typed are the VRs that hold what somebody typed, or a name.
var typed = []dicom.VR{dicom.VRLT, dicom.VRST, dicom.VRUT, dicom.VRUC, dicom.VRPN}

// texts are the elements of VR LO and SH into which people type what they like
// about a person (PS3.15 Table E.1-1, Clean Descriptors).
var texts = map[dicom.Tag]bool{
	0x00081030: true, 0x0008103E: true, 0x00081080: true, 0x00102000: true, 0x00102110: true, 0x00102180: true,
	0x00120051: true, 0x00120072: true, 0x00181400: true, 0x00189937: true, 0x00321060: true, 0x00321066: true,
	0x00380040: true, 0x00380050: true, 0x00380062: true, 0x00380500: true, 0x00400007: true, 0x00400012: true,
	0x00400254: true, 0x00402001: true, 0x22000002: true, 0x30060002: true, 0x30060004: true, 0x30060026: true,
	0x30060085: true, 0x300A0002: true, 0x300A0003: true, 0x30100077: true,
}

// Read reads a derivative's bytes. The errors are those of [dicom.Read].
func Read(raw []byte) (Disclosure, error) {
	file, err := dicom.Read(raw)
	if err != nil {
		return Disclosure{}, fmt.Errorf("risk: %w", err)
	}
	ds, err := file.Tree()
	if err != nil {
		return Disclosure{}, fmt.Errorf("risk: %w", err)
	}
	return From(&ds), nil
}

// From says what a data set gives away. It does not change it.
func From(ds *dicom.Dataset) Disclosure {
	var d Disclosure
	var moved bool
	d.Traits, moved = read(ds)
	r := reader{ds: ds}
	d.BirthDate = r.first([]dicom.Tag{tagBirthDate}, dummyDate) != ""
	d.look(ds, moved)
	return d
}

// read reads the traits of a data set, and whether it says that its dates were moved:
// then they are not shown.
func read(ds *dicom.Dataset) (t Traits, moved bool) {
	r := reader{ds: ds}
	r.charset = dicom.NewCharset(r.values(tagCharacterSet)...)
	for _, s := range coded {
		t[s.trait] = union(t[s.trait], r.codes(s.tags))
	}
	for _, s := range sources {
		if !s.fallback {
			t[s.trait] = union(t[s.trait], r.all(s.tags))
		} else if t[s.trait] == "" {
			t[s.trait] = r.first(s.tags, dummyText)
		}
	}
	t.SetAge(r.first([]dicom.Tag{tagAge}, ""))
	t.SetSize(r.first([]dicom.Tag{tagSize}, ""))
	t.SetWeight(r.first([]dicom.Tag{tagWeight}, ""))
	if e := ds.Find(tagPregnancy); e != nil && len(e.Value) >= 2 {
		t[Pregnancy] = string('0' + e.Value[0]%10) // US, little endian; 1 to 4
	}
	if moved = fold(r.first([]dicom.Tag{tagTemporalModified}, "")) == "MODIFIED"; !moved {
		t.SetDate(r.first(studyDates, dummyDate))
		t.SetTime(r.first(studyTimes, dummyTime)) // moved ones count from noon of each study
	}
	return t, moved
}

// look finds, at any depth, what needs no statistics.
func (d *Disclosure) look(ds *dicom.Dataset, moved bool) {
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error { // the function returns no error
		value := strings.Trim(string(e.Value[:min(len(e.Value), 32)]), " \x00")
		switch {
		case value == "" || e.Tag == tagBirthDate:
		case e.VR == dicom.VRDA, e.VR == dicom.VRDT:
			d.ExactDate = d.ExactDate || !moved && value != dummyDate
			d.TimeOfDay = d.TimeOfDay || !moved && e.VR == dicom.VRDT && len(value) > len(dateForm)
		case e.VR == dicom.VRTM:
			d.TimeOfDay = d.TimeOfDay || !moved && value != dummyTime
		case value != dummyText && isText(e):
			d.addText(e.Tag)
		}
		return nil
	})
}

// nobodysNames are what a derivative has in the place of one.
var nobodysNames = map[string]bool{dicom.NameDeidentified: true, dicom.NameDatesMoved: true, dicom.NameDatesRemoved: true}

// isText reports whether an element holds what somebody typed, or a name. A
// pseudonym stands in an LO, and a vendor's private text may say anything.
func isText(e *dicom.DataElement) bool {
	if e.VR == dicom.VRPN && nobodysNames[strings.Trim(string(e.Value), " \x00")] {
		return false
	}
	short := e.VR == dicom.VRLO || e.VR == dicom.VRSH
	if short && e.Tag.IsPrivate() {
		return !e.Tag.IsPrivateCreator()
	}
	return short && texts[e.Tag] || slices.Contains(typed, e.VR) && e.Tag != tagLongCodeValue
}

// addText notes an element that holds text, in the order of tags.
func (d *Disclosure) addText(t dicom.Tag) {
	at, found := slices.BinarySearch(d.Texts, t)
	if !found && len(d.Texts) < maxTexts {
		d.Texts = slices.Insert(d.Texts, at, t)
	}
}

// Merge adds what another instance of the same study gives away.
func (d *Disclosure) Merge(other Disclosure) {
	d.Traits.Merge(other.Traits)
	d.BirthDate = d.BirthDate || other.BirthDate
	d.ExactDate = d.ExactDate || other.ExactDate
	d.TimeOfDay = d.TimeOfDay || other.TimeOfDay
	for _, t := range other.Texts {
		d.addText(t)
	}
}

// reader reads values of one data set.
type reader struct {
	ds      *dicom.Dataset
	charset dicom.Charset
}

// values returns the values of an element of the root, folded, without dummies.
func (r *reader) values(t dicom.Tag) []string { return r.of(r.ds.Find(t)) }

func (r *reader) of(e *dicom.DataElement) []string {
	if e == nil || len(e.Value) == 0 {
		return nil
	}
	var out []string
	for value := range strings.SplitSeq(r.charset.Decode(e.Value, false), `\`) {
		if value = fold(value); value != "" && value != dummyText {
			out = append(out, value)
		}
	}
	return out
}

// all returns the values of all the elements.
func (r *reader) all(tags []dicom.Tag) string {
	var out []string
	for _, t := range tags {
		out = append(out, r.values(t)...)
	}
	return set(out)
}

// first returns the first value of the first element that has one but the dummy.
func (r *reader) first(tags []dicom.Tag, dummy string) string {
	for _, t := range tags {
		if values := r.values(t); len(values) > 0 && values[0] != dummy {
			return values[0]
		}
	}
	return ""
}

// codes returns the codes of sequences of the root, with their schemes.
func (r *reader) codes(tags []dicom.Tag) string {
	var out []string
	for _, t := range tags {
		e := r.ds.Find(t)
		if e == nil {
			continue
		}
		for i := range e.Items {
			item := &e.Items[i]
			scheme, value := r.of(item.Find(tagCodingScheme)), r.of(item.Find(tagCodeValue))
			if len(scheme) == 1 && scheme[0] == dummyScheme {
				out = append(out, dummyScheme) // its value is of the release
				continue
			}
			if len(value) == 0 {
				value = r.of(item.Find(tagLongCodeValue))
			}
			if len(value) > 0 {
				out = append(out, strings.Join(append(scheme, value...), ":"))
			}
		}
	}
	return set(out)
}

// set returns the values sorted, each once.
func set(values []string) string {
	slices.Sort(values)
	return strings.Join(slices.Compact(values), `\`)
}
