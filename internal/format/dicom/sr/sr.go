// Package sr writes what a person marked in a study as DICOM: measurements and notes as
// a measurement report (PS3.16 TID 1500, in a Comprehensive 3D SR), key images as a Key
// Object Selection Document (TID 2010).
package sr

import (
	"fmt"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The SOP classes that are written (PS3.4 Table B.5-1).
const (
	ClassReport    = "1.2.840.10008.5.1.4.1.1.88.34" // Comprehensive 3D SR Storage
	ClassKeyImages = "1.2.840.10008.5.1.4.1.1.88.59" // Key Object Selection Document Storage
)

// Manufacturer and Model are how a document of ours names its maker.
const (
	Manufacturer = "SINSO"
	Model        = "SINSO viewer"
)

// Object names one instance of the study.
type Object struct{ Class, UID, Series string }

// Place is an image, or one frame of it, from 1; 0: it has no more than one.
type Place struct {
	Object
	Frame int
}

// Document is what a document says of itself.
type Document struct {
	// Header has the attributes of patient and study (PS3.3 C.7.1, C.7.2), its text in
	// UTF-8. What is of neither module is not copied.
	Header dicom.Dataset
	UID    string // its SOP Instance UID
	Series string // the UID of a series that has documents of this kind only
	Number int    // Instance Number: that of a newer version is larger
	At     time.Time
	By     string // who observed, in one word: a role, never a name
}

func (d Document) study() string { return text(&d.Header, tagStudy) }

// copied are the attributes of the modules of patient and study that a document has
// (PS3.3 Tables C.7-1, C.7-3); those that must be there, empty if nothing is known.
var copied = []struct {
	tag  dicom.Tag
	vr   dicom.VR
	must bool
}{
	{0x00080020, dicom.VRDA, true},  // Study Date
	{0x00080030, dicom.VRTM, true},  // Study Time
	{0x00080050, dicom.VRSH, true},  // Accession Number
	{0x00080051, dicom.VRSQ, false}, // Issuer of Accession Number Sequence
	{0x00080090, dicom.VRPN, true},  // Referring Physician's Name
	{0x00081030, dicom.VRLO, false}, // Study Description
	{0x00100010, dicom.VRPN, true},  // Patient's Name
	{0x00100020, dicom.VRLO, true},  // Patient ID
	{0x00100021, dicom.VRLO, false}, // Issuer of Patient ID
	{0x00100024, dicom.VRSQ, false}, // Issuer of Patient ID Qualifiers Sequence
	{0x00100030, dicom.VRDA, true},  // Patient's Birth Date
	{0x00100040, dicom.VRCS, true},  // Patient's Sex
	{tagStudy, dicom.VRUI, true},
	{0x00200010, dicom.VRSH, true}, // Study ID
}

const (
	tagStudy          = dicom.Tag(0x0020000D)
	tagSeries         = dicom.Tag(0x0020000E)
	tagContent        = dicom.Tag(0x0040A730) // Content Sequence
	tagConcept        = dicom.Tag(0x0040A043) // Concept Name Code Sequence
	tagRelationship   = dicom.Tag(0x0040A010)
	tagValueType      = dicom.Tag(0x0040A040)
	tagRefSeries      = dicom.Tag(0x00081115)
	tagRefObjects     = dicom.Tag(0x00081199)
	tagEvidence       = dicom.Tag(0x0040A375) // Current Requested Procedure Evidence Sequence
	tagPredecessors   = dicom.Tag(0x0040A360) // Predecessor Documents Sequence
	tagCodingSchemes  = dicom.Tag(0x00080110) // Coding Scheme Identification Sequence
	tagReferencedStep = dicom.Tag(0x00081111) // Referenced Performed Procedure Step Sequence
)

// head writes the modules of patient, study, series, equipment and document (PS3.3
// C.7.1 to C.7.5, C.17.1, C.17.2, C.17.6).
func (d Document) head(class, modality, series, describes string) dicom.Dataset {
	var ds dicom.Dataset
	for _, c := range copied {
		if e := d.Header.Find(c.tag); e != nil {
			ds.Set(*e)
		} else if c.must {
			ds.SetString(c.tag, c.vr)
		}
	}
	date, clock := d.At.Format("20060102"), d.At.Format("150405.000000")
	for tag, value := range map[dicom.Tag]string{0x00080012: date, 0x00080023: date} {
		ds.SetString(tag, dicom.VRDA, value) // Instance Creation Date, Content Date
	}
	for tag, value := range map[dicom.Tag]string{0x00080013: clock, 0x00080033: clock} {
		ds.SetString(tag, dicom.VRTM, value)
	}
	ds.SetString(0x00080005, dicom.VRCS, "ISO_IR 192") // Specific Character Set
	ds.SetString(0x00080016, dicom.VRUI, class)
	ds.SetString(0x00080018, dicom.VRUI, d.UID)
	ds.SetString(0x00080060, dicom.VRCS, modality)
	ds.SetString(0x00080070, dicom.VRLO, Manufacturer)
	ds.SetString(0x0008103E, dicom.VRLO, describes) // Series Description
	ds.SetString(0x00081090, dicom.VRLO, Model)
	// The program is the device: which installation it was is the log's to know.
	ds.SetString(0x00181000, dicom.VRLO, dicom.ImplementationClassUID)
	ds.SetString(0x00181020, dicom.VRLO, dicom.ImplementationVersionName)
	ds.SetString(tagSeries, dicom.VRUI, d.Series)
	ds.SetString(0x00200011, dicom.VRIS, series)
	ds.SetString(0x00200013, dicom.VRIS, strconv.Itoa(d.Number))
	ds.Set(sequence(tagReferencedStep))
	// With its offset from UTC, which the document's dates cannot have: those of the
	// study are what the machine's clock said.
	ds.SetString(0x0040A032, dicom.VRDT, d.At.Format("20060102150405.000000-0700")) // Observation DateTime
	return ds
}

// check refuses a document that nobody could file.
func (d Document) check() error {
	if d.study() == "" || d.UID == "" || d.Series == "" || d.At.IsZero() || d.Number < 1 {
		return fmt.Errorf("sr: a document needs a study, its own UIDs, a number and a time: %w", sinso.ErrInvalid)
	}
	return nil
}

// encode writes a document as a Part 10 file.
func encode(ds dicom.Dataset) ([]byte, error) {
	file, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		return nil, fmt.Errorf("sr: %w", err)
	}
	return file, nil
}

// referenced lists objects by study and series (PS3.3 C.17.2.1): each once, in the order
// in which they come.
func referenced(study string, objects []Object) dicom.Dataset {
	var order []string
	of, seen := map[string][]dicom.Dataset{}, map[string]bool{}
	for _, o := range objects {
		if seen[o.UID] {
			continue
		}
		seen[o.UID] = true
		if of[o.Series] == nil {
			order = append(order, o.Series)
		}
		of[o.Series] = append(of[o.Series], Place{Object: o}.reference())
	}
	series := make([]dicom.Dataset, len(order))
	for i, uid := range order {
		series[i].Set(sequence(tagRefObjects, of[uid]...))
		series[i].SetString(tagSeries, dicom.VRUI, uid)
	}
	var ds dicom.Dataset
	ds.Set(sequence(tagRefSeries, series...))
	ds.SetString(tagStudy, dicom.VRUI, study)
	return ds
}

// reference is the SOP Instance Reference Macro (PS3.3 Table 10-11), with the frame.
func (p Place) reference() dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00081150, dicom.VRUI, p.Class)
	ds.SetString(0x00081155, dicom.VRUI, p.UID)
	if p.Frame > 0 {
		ds.SetString(0x00081160, dicom.VRIS, strconv.Itoa(p.Frame))
	}
	return ds
}

// KeyImages writes the images that are of interest as a Key Object Selection Document.
// It is ErrInvalid without one: a selection of nothing is no document (TID 2010).
func KeyImages(d Document, images []Place) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if len(images) == 0 {
		return nil, fmt.Errorf("sr: no key image: %w", sinso.ErrInvalid)
	}
	ds := d.head(ClassKeyImages, "KO", "9002", "Key images")
	content := append([]dicom.Dataset{}, d.observer()...)
	objects := make([]Object, len(images))
	for i, image := range images {
		content = append(content, imageContent("CONTAINS", image))
		objects[i] = image.Object
	}
	root(&ds, ofInterest, "2010", content)
	ds.Set(sequence(tagEvidence, referenced(d.study(), objects)))
	return encode(ds)
}
