// Package ingest reads what arrives: files, folders and zip files become items,
// and an item becomes a [sinso.Record] or is refused with a reason that a person
// understands. It believes nothing: every byte may be hostile.
package ingest

import (
	"crypto/sha256"
	"errors"
	"math"
	"math/big"
	"path"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes that filing and grading read (PS3.6).
const (
	tagMediaStorageInstance = dicom.Tag(0x00020003)
	tagSOPClass             = dicom.Tag(0x00080016)
	tagSOPInstance          = dicom.Tag(0x00080018)
	tagStudyDate            = dicom.Tag(0x00080020)
	tagStudyTime            = dicom.Tag(0x00080030)
	tagAccession            = dicom.Tag(0x00080050)
	tagModality             = dicom.Tag(0x00080060)
	tagStudyDescription     = dicom.Tag(0x00081030)
	tagSeriesDescription    = dicom.Tag(0x0008103E)
	tagPatientName          = dicom.Tag(0x00100010)
	tagPatientID            = dicom.Tag(0x00100020)
	tagPatientIssuer        = dicom.Tag(0x00100021)
	tagPatientBirthDate     = dicom.Tag(0x00100030)
	tagPatientSex           = dicom.Tag(0x00100040)
	tagBodyPart             = dicom.Tag(0x00180015)
	tagStudyInstance        = dicom.Tag(0x0020000D)
	tagSeriesInstance       = dicom.Tag(0x0020000E)
	tagInstanceNumber       = dicom.Tag(0x00200013)
	tagFrames               = dicom.Tag(0x00280008)
	tagRows                 = dicom.Tag(0x00280010)
	tagColumns              = dicom.Tag(0x00280011)
	tagPixelData            = dicom.Tag(0x7FE00010)
	tagMetaSOPClass         = dicom.Tag(0x00020002)
)

// mediaDirectory is the SOP Class of a DICOMDIR (PS3.4 Table B.5-1, Media
// Storage Directory Storage).
const mediaDirectory = "1.2.840.10008.1.3.10"

// systemFiles are names that operating systems leave behind on media.
var systemFiles = []string{".ds_store", "thumbs.db", "desktop.ini", "autorun.inf"}

// maxText bounds each text that is filed, in bytes. PS3.5 Table 6.2-1 allows 64
// characters; what is beyond this would grow every index and log that it goes to.
const maxText = 4096

// filed are the attributes whose text is kept in the index.
var filed = []dicom.Tag{
	tagSOPClass, tagSOPInstance, tagStudyDate, tagStudyTime, tagAccession, tagModality, tagStudyDescription,
	tagSeriesDescription, tagPatientName, tagPatientID, tagPatientIssuer, tagPatientBirthDate, tagPatientSex,
	tagBodyPart, tagStudyInstance, tagSeriesInstance,
}

// Read reads an item whole: every length in it is checked, so that what is taken
// can be read again. The error is a *RefusalError.
func Read(item sinso.Item) (sinso.Record, error) {
	if item.Content != nil {
		return readLarge(item)
	}
	file, err := dicom.Read(item.Bytes)
	if err != nil {
		return sinso.Record{}, refusalOf(item, item.Bytes, err)
	}
	return recordOf(item, file, func() ([sha256.Size]byte, error) { return sha256.Sum256(item.Bytes), nil }, 0)
}

// recordOf files an item that was read. digest is called if it has no UID; its metadata has
// up to most bytes, 0 for any.
func recordOf(item sinso.Item, file *dicom.File, digest func() ([sha256.Size]byte, error), most int) (sinso.Record, error) {
	if err := fileable(file); err != nil {
		return sinso.Record{}, err
	}
	header, err := headerOf(file, digest)
	if err != nil {
		return sinso.Record{}, err
	}
	if header.SOPClassUID == mediaDirectory {
		return sinso.Record{}, skip(ReasonDirectory, "this is a DICOMDIR, the list of a medium's files: the files themselves are taken")
	}
	return sinso.Record{
		Kind: sinso.KindDICOM, Bytes: item.Bytes, Content: item.Content, Origin: item.Origin, Header: header, Metadata: metadataOf(file, most),
	}, nil
}

// fileable refuses what can be read, and has nothing or too much to file it by.
func fileable(file *dicom.File) error {
	if len(file.Elements()) == 0 {
		return refuse(ReasonNotInstance, "the file says that it is DICOM, and there is nothing behind its beginning")
	}
	for _, tag := range filed {
		if e, ok := file.Find(tag); ok && e.Length > maxText {
			return refuse(ReasonUnsupported, "element %v has %d bytes of text; up to %d are filed", tag, e.Length, maxText)
		}
	}
	for _, e := range file.Meta() {
		if e.VR() == dicom.VRUI && e.Length > maxText {
			return refuse(ReasonUnsupported, "element %v has %d bytes, and is no UID", e.Tag, e.Length)
		}
	}
	return nil
}

// refusalOf turns the reader's error into a reason; its text names places and
// lengths, never values. A name alone makes nothing a system file: what may be a
// damaged object is kept. head are the item's first bytes.
func refusalOf(item sinso.Item, head []byte, err error) *RefusalError {
	detail := strings.TrimPrefix(err.Error(), "dicom: ")
	switch {
	case errors.Is(err, sinso.ErrCorrupt):
		return refuse(ReasonCutOff, "%s", trimClass(detail, sinso.ErrCorrupt))
	case errors.Is(err, sinso.ErrUnsupported):
		return refuse(ReasonUnsupported, "%s", trimClass(detail, sinso.ErrUnsupported))
	case isSystemFile(item.Name.Reveal()): // revealed to compare its last part with a list; not kept
		return skip(ReasonSystemFile, "an operating system left this file here; there is no data in it")
	case len(head) == 0:
		return refuse(ReasonEmpty, "the file is empty")
	case isZip(head):
		return refuse(ReasonUnsupported, "this is a zip file inside another or sent as one object: unpack it and import what is in it")
	default:
		return refuse(ReasonNotDICOM, "%s", trimClass(detail, sinso.ErrInvalid))
	}
}

// isSystemFile looks at the last part of a path of any system, or in a zip.
func isSystemFile(name string) bool {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	return strings.HasPrefix(base, "._") || slices.Contains(systemFiles, base)
}

func trimClass(detail string, class error) string {
	return strings.TrimSuffix(detail, ": "+class.Error())
}

func headerOf(f *dicom.File, digest func() ([sha256.Size]byte, error)) (sinso.Header, error) {
	code := func(tag dicom.Tag) string { return valid(f.String(tag)) }
	text := func(tag dicom.Tag) sinso.PHI[string] { return sinso.NewPHI(code(tag)) }
	h := sinso.Header{
		PatientID: text(tagPatientID), PatientIssuer: text(tagPatientIssuer),
		PatientName: text(tagPatientName), PatientBirthDate: text(tagPatientBirthDate), PatientSex: text(tagPatientSex),
		StudyUID: text(tagStudyInstance), SeriesUID: text(tagSeriesInstance), InstanceUID: text(tagSOPInstance),
		StudyDate: text(tagStudyDate), StudyTime: text(tagStudyTime), AccessionNumber: text(tagAccession),
		StudyDescription: text(tagStudyDescription), SeriesDescription: text(tagSeriesDescription),
		SOPClassUID:    code(tagSOPClass),
		TransferSyntax: valid(f.Syntax().UID),
		Modality:       code(tagModality),
		BodyPart:       code(tagBodyPart),
		Deidentified:   f.Deidentified(),
		InstanceNumber: number(f, tagInstanceNumber, math.MinInt32),
		Frames:         number(f, tagFrames, 0),
		Rows:           number(f, tagRows, 0),
		Columns:        number(f, tagColumns, 0),
	}
	if h.SOPClassUID == "" {
		h.SOPClassUID = valid(f.MetaString(tagMetaSOPClass))
	}
	_, pixels := f.Find(tagPixelData)
	switch {
	case !pixels:
		h.Frames = 0
	case h.Frames == 0:
		h.Frames = 1
	}
	return h, fillUIDs(&h, valid(f.MetaString(tagMediaStorageInstance)), digest)
}

// fillUIDs names an instance that does not name itself: by its file meta
// information, or by a UUID-derived UID of its bytes (PS3.5 B.2), the same every
// time. The bytes are kept as they are.
func fillUIDs(h *sinso.Header, media string, digest func() ([sha256.Size]byte, error)) error {
	if h.InstanceUID.Reveal() == "" { // revealed to see whether it is there
		h.InstanceUID = sinso.NewPHI(media)
	}
	if h.InstanceUID.Reveal() == "" {
		sum, err := digest()
		if err != nil {
			return err
		}
		h.Derived = true
		h.InstanceUID = sinso.NewPHI("2.25." + new(big.Int).SetBytes(sum[:16]).String())
	}
	if h.StudyUID.Reveal() == "" {
		h.StudyUID = h.InstanceUID // a study of its own
	}
	if h.SeriesUID.Reveal() == "" {
		h.SeriesUID = h.StudyUID
	}
	return nil
}

// valid makes text of what a file says is text: an index in JSON and SQL keeps it
// as it is.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// number returns a whole number from low to what 32 bits hold, 0 if it is none
// (PS3.5 Table 6.2-1, IS).
func number(f *dicom.File, tag dicom.Tag, low int) int {
	n, _ := f.Int(tag)
	if n < low || n > math.MaxInt32 {
		return 0
	}
	return n
}

// DataSet returns the part of a Part 10 file behind its File Meta Information
// (PS3.10 §7.1): what a network service carries. Of a file without one, all of it.
func DataSet(plain []byte) []byte {
	file, err := dicom.ReadHeader(plain)
	if err != nil || len(file.Meta()) == 0 {
		return plain
	}
	last := file.Meta()[len(file.Meta())-1]
	return plain[int(last.Offset)+int(last.Length):]
}

// Length returns how long the Part 10 file will be whose first bytes these are, if
// its header says so: to the end of its pixel data, which are the last element of
// most objects. A guess, that whoever takes it checks.
func Length(head []byte) (int64, bool) {
	file, err := dicom.ReadHeader(head)
	if err != nil {
		return 0, false
	}
	return file.PixelsEnd()
}
