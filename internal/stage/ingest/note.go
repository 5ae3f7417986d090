package ingest

import (
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Note is a rejection note (IHE RAD TF-2 §4.66, Imaging Object Change Management): a
// Key Object Selection Document whose title says that the objects it names are wrong.
type Note struct {
	Reason sinso.Reason
	// Hidden says that the note itself is not shown either.
	Hidden bool
	// UIDs are the SOP Instance UIDs that it names in its own study, each once, its own
	// not among them.
	UIDs []string
}

// The reasons of rejection notes.
const (
	ReasonQuality       = sinso.Reason("quality")                  // 113001
	ReasonSafety        = sinso.Reason("patient-safety")           // 113037
	ReasonWrongWorklist = sinso.Reason("incorrect-worklist-entry") // 113038
	ReasonRetention     = sinso.Reason("retention-expired")        // 113039
)

const (
	classKeyObjects = "1.2.840.10008.5.1.4.1.1.88.59" // Key Object Selection Document Storage, PS3.4 Table B.5-1
	schemeDICOM     = "DCM"                           // PS3.16 Annex D

	tagCode           = dicom.Tag(0x00080100) // Code Value
	tagCodeScheme     = dicom.Tag(0x00080102) // Coding Scheme Designator
	tagTitle          = dicom.Tag(0x0040A043) // Concept Name Code Sequence
	tagEvidence       = dicom.Tag(0x0040A375) // Current Requested Procedure Evidence Sequence
	tagRefSeries      = dicom.Tag(0x00081115) // Referenced Series Sequence
	tagRefObjects     = dicom.Tag(0x00081199) // Referenced SOP Sequence
	tagRefSOPInstance = dicom.Tag(0x00081155)

	maxNamed = 50_000 // objects that one note may name
	maxUID   = 64     // characters, PS3.5 §9
)

// titles are the document titles that reject (PS3.16 CID 7011). What is only of bad
// quality may still be seen for a reason: that note stays, so that whoever has a copy
// of the object learns of it. The others stay away with what they name.
var titles = map[string]Note{
	"113001": {Reason: ReasonQuality},
	"113037": {Reason: ReasonSafety, Hidden: true},
	"113038": {Reason: ReasonWrongWorklist, Hidden: true},
	"113039": {Reason: ReasonRetention, Hidden: true},
}

// ReadNote returns the rejection note that a record is, or nil if it is something
// else. One that names objects of other studies names nothing there. The error is a
// *RefusalError: the note names more than [maxNamed] objects.
func ReadNote(record sinso.Record) (*Note, error) {
	if record.Header.SOPClassUID != classKeyObjects {
		return nil, nil
	}
	file, err := dicom.Read(record.Bytes)
	if err != nil {
		return nil, nil //nolint:nilerr // the record was read before: it cannot be
	}
	tree, err := file.Tree()
	if err != nil {
		return nil, nil //nolint:nilerr // the same
	}
	note, known := titleOf(&tree)
	if !known {
		return nil, nil
	}
	// Revealed to compare: the index names objects by their UIDs.
	study, own := record.Header.StudyUID.Reveal(), record.Header.InstanceUID.Reveal()
	seen := map[string]bool{own: true}
	for _, evidence := range itemsOf(&tree, tagEvidence) {
		if textOf(&evidence, tagStudyInstance) != study {
			continue
		}
		for _, series := range itemsOf(&evidence, tagRefSeries) {
			for _, object := range itemsOf(&series, tagRefObjects) {
				uid := textOf(&object, tagRefSOPInstance)
				if seen[uid] || !isUID(uid) {
					continue
				}
				if len(note.UIDs) == maxNamed {
					return nil, refuse(ReasonUnsupported, "this rejection note names more than %d objects: send several", maxNamed)
				}
				seen[uid] = true
				note.UIDs = append(note.UIDs, uid)
			}
		}
	}
	return &note, nil
}

// titleOf reads a document's title (PS3.3 C.17.6.2), if it is one that rejects.
func titleOf(tree *dicom.Dataset) (Note, bool) {
	codes := itemsOf(tree, tagTitle)
	if len(codes) != 1 || textOf(&codes[0], tagCodeScheme) != schemeDICOM {
		return Note{}, false
	}
	note, known := titles[textOf(&codes[0], tagCode)]
	return note, known
}

func itemsOf(ds *dicom.Dataset, tag dicom.Tag) []dicom.Dataset {
	if e := ds.Find(tag); e != nil {
		return e.Items
	}
	return nil
}

func textOf(ds *dicom.Dataset, tag dicom.Tag) string {
	if e := ds.Find(tag); e != nil {
		return strings.Trim(string(e.Value), " \x00")
	}
	return ""
}

// isUID reports whether text is made as a UID (PS3.5 §9.1), leniently: some devices
// write components with zeros before them.
func isUID(text string) bool {
	return text != "" && len(text) <= maxUID && strings.Trim(text, "0123456789.") == ""
}
