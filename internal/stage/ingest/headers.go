package ingest

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// BulkPrefix begins the BulkDataURI of a value in metadata; the element's path
// follows. Whoever hands the metadata out puts what is before it.
const BulkPrefix = "bulk/"

// metadataOf returns an object as DICOM JSON without its bulk data (PS3.18 F.2), or
// nothing if it cannot be written so, or has more than most bytes: the object is taken all
// the same.
func metadataOf(file *dicom.File, most int) []byte {
	metadata, err := dicomjson.Encode(file, dicomjson.Options{Most: most, BulkURI: func(path string) string { return BulkPrefix + path }})
	if err != nil {
		return nil
	}
	return metadata
}

// Deidentified says of an instance's metadata what [sinso.Header] does of the object.
func Deidentified(metadata []byte) sinso.Deidentified {
	if !bytes.Contains(metadata, []byte(`"00120062"`)) && !bytes.Contains(metadata, []byte(`"00120063"`)) {
		return "" // as nearly all
	}
	var said struct {
		Removed values `json:"00120062"`
		Method  values `json:"00120063"`
	}
	if json.Unmarshal(metadata, &said) != nil {
		return ""
	}
	return dicom.DeidentifiedBy(said.Removed.Value, said.Method.Value)
}

// values are the strings of a DICOM JSON attribute.
type values struct{ Value []string }

// StudyHeader returns those attributes of an instance's metadata that are of its
// patient and study (PS3.3 C.7.1, C.7.2).
func StudyHeader(metadata []byte) []byte {
	return dicomjson.Pick(metadata, func(tag dicom.Tag) bool { return tag.Group() == 0x0010 || studyTags[tag] }, nil)
}

// PatientOf returns the patient and the study that a study's header names, and nothing else;
// ok is false if it names none.
func PatientOf(header []byte) (h sinso.Header, ok bool) {
	var said struct {
		Name   struct{ Value []personName } `json:"00100010"`
		ID     values                       `json:"00100020"`
		Issuer values                       `json:"00100021"`
		Birth  values                       `json:"00100030"`
		Study  values                       `json:"0020000D"`
	}
	if len(header) == 0 || json.Unmarshal(header, &said) != nil {
		return h, false
	}
	if len(said.Name.Value) > 0 {
		h.PatientName = sinso.NewPHI(said.Name.Value[0].text())
	}
	h.PatientID, h.PatientIssuer, h.PatientBirthDate = said.ID.first(), said.Issuer.first(), said.Birth.first()
	h.StudyUID = said.Study.first()
	return h, true
}

// personName is a name in DICOM JSON (PS3.18 F.2.2).
type personName struct{ Alphabetic, Ideographic, Phonetic string }

// text is the name as an element has it (PS3.5 §6.2.1).
func (n personName) text() string {
	return strings.TrimRight(n.Alphabetic+"="+n.Ideographic+"="+n.Phonetic, "=")
}

func (v values) first() sinso.PHI[string] {
	if len(v.Value) == 0 {
		return sinso.PHI[string]{}
	}
	return sinso.NewPHI(v.Value[0])
}

// SeriesHeader returns those that are of its series (PS3.3 C.7.3).
func SeriesHeader(metadata []byte) []byte {
	return dicomjson.Pick(metadata, func(tag dicom.Tag) bool { return seriesTags[tag] }, nil)
}

// SeriesWhen returns the date (PS3.5 DA, YYYYMMDD) and time of day (HHMM) of a series's
// header, each "" if it has none, or none that is one.
func SeriesWhen(header []byte) (date, clock string) {
	var said struct {
		Date values `json:"00080021"`
		Time values `json:"00080031"`
	}
	if len(header) == 0 || json.Unmarshal(header, &said) != nil {
		return "", ""
	}
	return stamp(said.Date, "20060102"), stamp(said.Time, "1504")
}

// stamp is the beginning of the first value that a layout reads, else "".
func stamp(v values, layout string) string {
	if len(v.Value) == 0 || len(v.Value[0]) < len(layout) {
		return ""
	}
	text := v.Value[0][:len(layout)]
	if _, err := time.Parse(layout, text); err != nil {
		return ""
	}
	return text
}

// studyTags are of the study, besides all of the patient's group.
var studyTags = map[dicom.Tag]bool{
	0x00080005: true, // Specific Character Set
	0x00080020: true, // Study Date
	0x00080030: true, // Study Time
	0x00080050: true, // Accession Number
	0x00080051: true, // Issuer of Accession Number Sequence
	0x00080080: true, // Institution Name
	0x00080081: true, // Institution Address
	0x00080090: true, // Referring Physician's Name
	0x00080096: true, // Referring Physician Identification Sequence
	0x00080201: true, // Timezone Offset From UTC
	0x00081030: true, // Study Description
	0x00081032: true, // Procedure Code Sequence
	0x00081048: true, // Physician(s) of Record
	0x00081060: true, // Name of Physician(s) Reading Study
	0x00081080: true, // Admitting Diagnoses Description
	0x00120062: true, // Patient Identity Removed
	0x00120063: true, // De-identification Method
	0x0020000D: true, // Study Instance UID
	0x00200010: true, // Study ID
	0x00321032: true, // Requesting Physician
	0x00321060: true, // Requested Procedure Description
}

// seriesTags are of the series.
var seriesTags = map[dicom.Tag]bool{
	0x00080005: true, // Specific Character Set
	0x00080021: true, // Series Date
	0x00080031: true, // Series Time
	0x00080060: true, // Modality
	0x00080070: true, // Manufacturer
	0x0008103E: true, // Series Description
	0x0008103F: true, // Series Description Code Sequence
	0x00081010: true, // Station Name
	0x00081040: true, // Institutional Department Name
	0x00081050: true, // Performing Physician's Name
	0x00081070: true, // Operators' Name
	0x00081090: true, // Manufacturer's Model Name
	0x00180015: true, // Body Part Examined
	0x00181030: true, // Protocol Name
	0x00185100: true, // Patient Position
	0x0020000E: true, // Series Instance UID
	0x00200011: true, // Series Number
	0x00200060: true, // Laterality
	0x00400244: true, // Performed Procedure Step Start Date
	0x00400245: true, // Performed Procedure Step Start Time
	0x00400253: true, // Performed Procedure Step ID
	0x00400254: true, // Performed Procedure Step Description
	0x00400275: true, // Request Attributes Sequence
}
