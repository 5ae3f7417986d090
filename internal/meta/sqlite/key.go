package sqlite

import (
	"encoding/json"
	"strings"
	"unicode"

	"sinso.dev/sinso"
)

// kind is how a key's values are compared (PS3.4 C.2.2.2).
type kind uint8

const (
	kindText    kind = iota // as they are, with wild cards
	kindExact               // as they are
	kindUID                 // as they are, a list
	kindName                // person names
	kindDate                // DA, with ranges
	kindTime                // TM, with ranges
	kindInteger             // IS, US
)

// key is an attribute that is searched by.
type key struct {
	tag     uint32
	kind    kind
	patient bool // of the patient's level
	term    bool // has rows in table term
}

// The places of keys that code names, in studyKeys.
const (
	atPerson, atPatientID, atIssuer, atPatientName = 0, 1, 2, 3
	atStudyUID, atStudyDate                        = 8, 9
	atModalities, atClasses                        = 15, 16
)

// studyKeys are those of patient and study (PS3.4 C.6.1.1.2, C.6.1.1.3; PS3.18
// Table 10.6.1-5), in the order of search.keys. The place of a key is its number in
// table term.
var studyKeys = [...]key{
	{0, kindExact, true, false},          // the person; no attribute
	{0x00100020, kindText, true, true},   // Patient ID
	{0x00100021, kindText, true, false},  // Issuer of Patient ID
	{0x00100010, kindName, true, true},   // Patient's Name
	{0x00100030, kindDate, true, true},   // Patient's Birth Date
	{0x00100032, kindTime, true, false},  // Patient's Birth Time
	{0x00100040, kindText, true, false},  // Patient's Sex
	{0x00101000, kindText, true, true},   // Other Patient IDs
	{0x0020000D, kindUID, false, true},   // Study Instance UID
	{0x00080020, kindDate, false, false}, // Study Date: its order is the table's
	{0x00080030, kindTime, false, false}, // Study Time
	{0x00080050, kindText, false, true},  // Accession Number
	{0x00200010, kindText, false, true},  // Study ID
	{0x00081030, kindText, false, false}, // Study Description
	{0x00080090, kindName, false, false}, // Referring Physician's Name
	{0x00080061, kindText, false, true},  // Modalities in Study
	{0x00080062, kindUID, false, false},  // SOP Classes in Study
}

// The places of keys that code names, in seriesKeys.
const (
	atSeriesUID, atModality, atNumber, atSeriesClasses = 0, 1, 2, 14
)

// seriesKeys are those of series (PS3.4 C.6.1.1.4; PS3.18 Table 10.6.1-5), in the
// order of series.keys.
var seriesKeys = [...]key{
	{tag: 0x0020000E, kind: kindUID},     // Series Instance UID
	{tag: 0x00080060, kind: kindText},    // Modality
	{tag: 0x00200011, kind: kindInteger}, // Series Number
	{tag: 0x0008103E, kind: kindText},    // Series Description
	{tag: 0x00080021, kind: kindDate},    // Series Date
	{tag: 0x00080031, kind: kindTime},    // Series Time
	{tag: 0x00180015, kind: kindText},    // Body Part Examined
	{tag: 0x00400244, kind: kindDate},    // Performed Procedure Step Start Date
	{tag: 0x00400245, kind: kindTime},    // Performed Procedure Step Start Time
	{tag: 0x00181030, kind: kindText},    // Protocol Name
	{tag: 0x00081010, kind: kindText},    // Station Name
	{tag: 0x00080080, kind: kindText},    // Institution Name
	{tag: 0x00400009, kind: kindText},    // Scheduled Procedure Step ID, in Request Attributes Sequence
	{tag: 0x00401001, kind: kindText},    // Requested Procedure ID, in Request Attributes Sequence
	{tag: 0, kind: kindUID},              // the SOP classes in it; no attribute
}

// The places of keys in instanceKeys.
const (
	atInstanceUID = iota
	atClass
	atInstanceNumber
	atRows
	atColumns
	atFrames
	atContentDate
	atContentTime
)

// instanceKeys are those of instances (PS3.4 C.6.1.1.5; PS3.18 Table 10.6.1-5).
var instanceKeys = [...]key{
	{tag: 0x00080018, kind: kindUID},     // SOP Instance UID
	{tag: 0x00080016, kind: kindUID},     // SOP Class UID
	{tag: 0x00200013, kind: kindInteger}, // Instance Number
	{tag: 0x00280010, kind: kindInteger}, // Rows
	{tag: 0x00280011, kind: kindInteger}, // Columns
	{tag: 0x00280008, kind: kindInteger}, // Number of Frames
	{tag: 0x00080023, kind: kindDate},    // Content Date
	{tag: 0x00080033, kind: kindTime},    // Content Time
}

type (
	studyFields    [len(studyKeys)]string
	seriesFields   [len(seriesKeys)]string
	instanceFields [len(instanceKeys)]string
)

// separator stands between the values of a field (PS3.5 §6.2).
const separator = `\`

// attribute is one of a DICOM JSON object (PS3.18 F.2.2).
type attribute struct {
	Value []json.RawMessage `json:"Value"`
}

// values returns an attribute's values as text, trimmed; a person name is its
// groups with = between them.
func (a attribute) values() string {
	var out []string
	for _, raw := range a.Value {
		if len(raw) == 0 {
			continue
		}
		text := string(raw) // a number
		switch raw[0] {
		case '"':
			if json.Unmarshal(raw, &text) != nil {
				continue
			}
		case '{':
			var name struct{ Alphabetic, Ideographic, Phonetic string }
			if json.Unmarshal(raw, &name) != nil {
				continue
			}
			text = strings.TrimRight(name.Alphabetic+"="+name.Ideographic+"="+name.Phonetic, "=")
		case 'n', '[':
			continue
		}
		if text = trim(text); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, separator)
}

// trim takes off what pads a value (PS3.5 §6.2).
func trim(s string) string { return strings.Trim(s, " \x00") }

// studyHeader is what search needs of [sinso.StudyRow.Header].
type studyHeader struct {
	PatientID   attribute `json:"00100020"`
	Issuer      attribute `json:"00100021"`
	Name        attribute `json:"00100010"`
	BirthDate   attribute `json:"00100030"`
	BirthTime   attribute `json:"00100032"`
	Sex         attribute `json:"00100040"`
	OtherIDs    attribute `json:"00101000"`
	Date        attribute `json:"00080020"`
	Time        attribute `json:"00080030"`
	Accession   attribute `json:"00080050"`
	StudyID     attribute `json:"00200010"`
	Description attribute `json:"00081030"`
	Referring   attribute `json:"00080090"`
}

// fieldsOfStudy returns the search keys of a study that shows nothing yet.
func fieldsOfStudy(row sinso.StudyRow) studyFields {
	var h studyHeader
	if len(row.Header) > 0 {
		_ = json.Unmarshal(row.Header, &h) // a header that is none has no keys
	}
	return studyFields{
		string(row.Person),
		first(row.PatientID, h.PatientID), h.Issuer.values(), foldName(first(row.PatientName, h.Name)),
		plainDate(h.BirthDate.values()), h.BirthTime.values(), h.Sex.values(), h.OtherIDs.values(),
		trim(row.UID), plainDate(first(row.Date, h.Date)), first(row.Time, h.Time), first(row.Accession, h.Accession),
		h.StudyID.values(), first(row.Description, h.Description), foldName(h.Referring.values()),
		"", "",
	}
}

// first prefers what a row has.
func first(text string, a attribute) string {
	if text = trim(text); text != "" {
		return text
	}
	return a.values()
}

// requests is Request Attributes Sequence.
type requests struct {
	Value []struct {
		Step      attribute `json:"00400009"`
		Procedure attribute `json:"00401001"`
	} `json:"Value"`
}

// seriesHeader is what search needs of [sinso.SeriesRow.Header].
type seriesHeader struct {
	Modality    attribute `json:"00080060"`
	Number      attribute `json:"00200011"`
	Description attribute `json:"0008103E"`
	Date        attribute `json:"00080021"`
	Time        attribute `json:"00080031"`
	BodyPart    attribute `json:"00180015"`
	StartDate   attribute `json:"00400244"`
	StartTime   attribute `json:"00400245"`
	Protocol    attribute `json:"00181030"`
	Station     attribute `json:"00081010"`
	Institution attribute `json:"00080080"`
	Requests    requests  `json:"00400275"`
}

// fieldsOfSeries returns the search keys of a series that shows nothing yet.
func fieldsOfSeries(row sinso.SeriesRow) seriesFields {
	var h seriesHeader
	if len(row.Header) > 0 {
		_ = json.Unmarshal(row.Header, &h) // a header that is none has no keys
	}
	var steps, procedures []string
	for _, r := range h.Requests.Value {
		steps, procedures = append(steps, r.Step.values()), append(procedures, r.Procedure.values())
	}
	return seriesFields{
		trim(row.UID), first(row.Modality, h.Modality), h.Number.values(), first(row.Description, h.Description),
		plainDate(h.Date.values()), h.Time.values(), first(row.BodyPart, h.BodyPart),
		plainDate(h.StartDate.values()), h.StartTime.values(), h.Protocol.values(), h.Station.values(), h.Institution.values(),
		strings.Join(steps, separator), strings.Join(procedures, separator), "",
	}
}

// packFields and unpackFields are search.keys and series.keys.
func packFields(fields []string) []byte {
	p := make(packer, 0, 256)
	for _, f := range fields {
		p.text(f)
	}
	return p
}

func unpackFields(b []byte, into []string) error {
	u := unpacker{all: string(b)}
	for i := range into {
		into[i] = u.text()
	}
	return u.err()
}

// foldName makes a person name comparable: no case, no padding, and nothing
// behind the last component of a group that there is (PS3.4 C.2.2.2.1, PS3.5 §6.2.1).
func foldName(name string) string {
	groups := strings.Split(strings.Map(unicode.ToLower, name), "=")
	for i, g := range groups {
		groups[i] = strings.TrimRight(strings.TrimLeft(g, " \x00"), "^ \x00")
	}
	return strings.TrimRight(strings.Join(groups, "="), "=")
}

// words cuts a folded name into its parts.
func words(name string) []string {
	return strings.FieldsFunc(name, isNameBreak)
}

func isNameBreak(r rune) bool { return r == '^' || r == '=' || r == ' ' || r == '\\' || r == ',' }

// term is one row of table term, without the study.
type term struct {
	key   int64
	value string
}

// terms lists what a study is found by.
func (f *studyFields) terms() map[term]bool {
	out := make(map[term]bool, len(f)+4)
	for i, k := range studyKeys {
		if !k.term || f[i] == "" {
			continue
		}
		values := strings.Split(f[i], separator)
		if k.kind == kindName {
			values = words(f[i])
		}
		for _, v := range values {
			if v = trim(v); v != "" {
				out[term{int64(i), v}] = true
			}
		}
	}
	return out
}
