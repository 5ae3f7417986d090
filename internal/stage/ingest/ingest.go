// Package ingest reads what arrives: files, folders and zip files become items,
// and an item becomes a [sinso.Record] or is refused with a reason that a person
// understands. It believes nothing: every byte may be hostile.
package ingest

import (
	"crypto/sha256"
	"errors"
	"math/big"
	"path/filepath"
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

// Read reads an item whole: every length in it is checked, so that what is taken
// can be read again. The error is a *RefusalError.
func Read(item sinso.Item) (sinso.Record, error) {
	// Revealed to compare its last part with a list; not kept.
	base := strings.ToLower(filepath.Base(item.Name.Reveal()))
	if strings.HasPrefix(base, "._") {
		return sinso.Record{}, skip(ReasonSystemFile, "an operating system left this file here; there is no data in it")
	}
	for _, name := range systemFiles {
		if base == name {
			return sinso.Record{}, skip(ReasonSystemFile, "an operating system left this file here; there is no data in it")
		}
	}
	if len(item.Bytes) == 0 {
		return sinso.Record{}, refuse(ReasonEmpty, "the file is empty")
	}
	file, err := dicom.Read(item.Bytes)
	if err != nil {
		return sinso.Record{}, refusalOf(err)
	}
	header := headerOf(file, sha256.Sum256(item.Bytes))
	if header.SOPClassUID == mediaDirectory {
		return sinso.Record{}, skip(ReasonDirectory, "this is a DICOMDIR, the list of a medium's files: the files themselves are taken")
	}
	return sinso.Record{
		Kind:   sinso.KindDICOM,
		Bytes:  item.Bytes,
		SHA256: sha256.Sum256(item.Bytes),
		Origin: item.Origin,
		Header: header,
	}, nil
}

// refusalOf turns the reader's error into a reason; its text names places and
// lengths, never values.
func refusalOf(err error) *RefusalError {
	detail := strings.TrimPrefix(err.Error(), "dicom: ")
	switch {
	case errors.Is(err, sinso.ErrCorrupt):
		return refuse(ReasonCutOff, "%s", trimClass(detail, sinso.ErrCorrupt))
	case errors.Is(err, sinso.ErrUnsupported):
		return refuse(ReasonUnsupported, "%s", trimClass(detail, sinso.ErrUnsupported))
	default:
		return refuse(ReasonNotDICOM, "%s", trimClass(detail, sinso.ErrInvalid))
	}
}

func trimClass(detail string, class error) string {
	return strings.TrimSuffix(detail, ": "+class.Error())
}

func headerOf(f *dicom.File, digest [sha256.Size]byte) sinso.Header {
	text := func(tag dicom.Tag) sinso.PHI[string] { return sinso.NewPHI(f.String(tag)) }
	h := sinso.Header{
		PatientID: text(tagPatientID), PatientIssuer: text(tagPatientIssuer),
		PatientName: text(tagPatientName), PatientBirthDate: text(tagPatientBirthDate), PatientSex: text(tagPatientSex),
		StudyUID: text(tagStudyInstance), SeriesUID: text(tagSeriesInstance), InstanceUID: text(tagSOPInstance),
		StudyDate: text(tagStudyDate), StudyTime: text(tagStudyTime), AccessionNumber: text(tagAccession),
		StudyDescription: text(tagStudyDescription), SeriesDescription: text(tagSeriesDescription),
		SOPClassUID:    f.String(tagSOPClass),
		TransferSyntax: f.Syntax().UID,
		Modality:       f.String(tagModality),
		BodyPart:       f.String(tagBodyPart),
		InstanceNumber: number(f, tagInstanceNumber),
		Frames:         max(number(f, tagFrames), 0),
		Rows:           number(f, tagRows),
		Columns:        number(f, tagColumns),
	}
	if h.SOPClassUID == "" {
		h.SOPClassUID = f.MetaString(tagMetaSOPClass)
	}
	_, pixels := f.Find(tagPixelData)
	switch {
	case !pixels:
		h.Frames = 0
	case h.Frames == 0:
		h.Frames = 1
	}
	fillUIDs(&h, f.MetaString(tagMediaStorageInstance), digest)
	return h
}

// fillUIDs names an instance that does not name itself: by its file meta
// information, or by a UUID-derived UID of its bytes (PS3.5 B.2), the same every
// time. The bytes are kept as they are.
func fillUIDs(h *sinso.Header, media string, digest [sha256.Size]byte) {
	if h.InstanceUID.Reveal() == "" { // revealed to see whether it is there
		h.InstanceUID = sinso.NewPHI(media)
	}
	if h.InstanceUID.Reveal() == "" {
		h.Derived = true
		h.InstanceUID = sinso.NewPHI("2.25." + new(big.Int).SetBytes(digest[:16]).String())
	}
	if h.StudyUID.Reveal() == "" {
		h.StudyUID = h.InstanceUID // a study of its own
	}
	if h.SeriesUID.Reveal() == "" {
		h.SeriesUID = h.StudyUID
	}
}

func number(f *dicom.File, tag dicom.Tag) int {
	n, _ := f.Int(tag)
	return n
}
