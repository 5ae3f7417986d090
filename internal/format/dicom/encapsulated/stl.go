// Package encapsulated writes files of other formats as DICOM objects.
package encapsulated

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// STLClass is the Encapsulated STL Storage SOP class (PS3.4 Table B.5-1).
const STLClass = "1.2.840.10008.5.1.4.1.1.104.3"

// maxDocument bounds what is encapsulated, in bytes: a value has a length of 32 bits.
const maxDocument = 1 << 30

// Model is a surface that was made of a series.
type Model struct {
	Title string // what it shows, which names nobody
	STL   []byte // binary, in mm of the series' frame of reference
	// Sources are objects of the series, at least their headers: already de-identified, for
	// what they say of the patient is written again.
	Sources []*dicom.File
}

// The attributes that name what a model was made of.
const (
	tagClass     dicom.Tag = 0x00080016
	tagInstance  dicom.Tag = 0x00080018
	tagStudyDate dicom.Tag = 0x00080020
	tagStudyUID  dicom.Tag = 0x0020000D
	tagSeriesUID dicom.Tag = 0x0020000E
)

// Encode writes a model as an Encapsulated STL (PS3.3 A.85.1), explicit little endian, in
// the study of its sources, marked as de-identified. The same model gives the same bytes:
// UIDs are derived from its sources and content, and its date is the study's. It returns
// ErrInvalid without a surface, without sources, and where they are of several series or
// have no UIDs.
func (m Model) Encode() ([]byte, error) {
	if len(m.Sources) == 0 || len(m.STL) == 0 || len(m.STL) > maxDocument {
		return nil, fmt.Errorf("encapsulated: a model needs sources, and 1 to %d bytes: %w", maxDocument, sinso.ErrInvalid)
	}
	first, references := m.Sources[0], make([]dicom.Dataset, len(m.Sources))
	for i, source := range m.Sources {
		for _, tag := range []dicom.Tag{tagStudyUID, tagSeriesUID} {
			if source.String(tag) == "" || source.String(tag) != first.String(tag) {
				return nil, fmt.Errorf("encapsulated: sources of several series, or of none: %w", sinso.ErrInvalid)
			}
		}
		references[i].SetString(0x00081150, dicom.VRUI, source.String(tagClass))
		references[i].SetString(0x00081155, dicom.VRUI, source.String(tagInstance))
	}
	var ds dicom.Dataset
	m.identify(&ds)
	m.describe(&ds)
	ds.Set(dicom.DataElement{Tag: 0x00420013, VR: dicom.VRSQ, Items: references})
	var series dicom.Dataset // Common Instance Reference, PS3.3 C.12.2
	series.SetString(tagSeriesUID, dicom.VRUI, first.String(tagSeriesUID))
	series.Set(dicom.DataElement{Tag: 0x0008114A, VR: dicom.VRSQ, Items: references})
	ds.Set(dicom.DataElement{Tag: 0x00081115, VR: dicom.VRSQ, Items: []dicom.Dataset{series}})
	return dicom.Encode(dicom.ExplicitLittleEndian, ds)
}

// identify writes the modules of the patient, study, series, frame of reference and
// equipment (PS3.3 C.7.1 to C.7.5).
func (m Model) identify(ds *dicom.Dataset) {
	first := m.Sources[0]
	for tag, vr := range map[dicom.Tag]dicom.VR{
		tagStudyUID: dicom.VRUI, tagStudyDate: dicom.VRDA, 0x00080030: dicom.VRTM, 0x00100010: dicom.VRPN, 0x00100020: dicom.VRLO, 0x00200052: dicom.VRUI,
	} {
		ds.SetString(tag, vr, first.String(tag))
	}
	for tag, vr := range map[dicom.Tag]dicom.VR{ // may be empty
		0x00080050: dicom.VRSH, 0x00080090: dicom.VRPN, 0x00100030: dicom.VRDA, 0x00100040: dicom.VRCS, 0x00200010: dicom.VRSH, 0x00201040: dicom.VRLO,
	} {
		ds.Set(dicom.DataElement{Tag: tag, VR: vr})
	}
	if first.String(0x00200052) == "" { // a model lies in some frame of reference
		ds.SetString(0x00200052, dicom.VRUI, m.uid("frame of reference"))
	}
	ds.SetString(0x00120062, dicom.VRCS, "YES")
	ds.SetString(0x00120063, dicom.VRLO, dicom.DeidentifiedMaker+"model", "made from a de-identified derivative")
	ds.SetString(0x00080005, dicom.VRCS, "ISO_IR 192")
	ds.SetString(0x00080060, dicom.VRCS, "M3D")
	ds.SetString(0x00080070, dicom.VRLO, "SINSO")
	ds.SetString(0x00081090, dicom.VRLO, "SINSO")
	ds.SetString(0x00181000, dicom.VRLO, "1")
	ds.SetString(0x00181020, dicom.VRLO, "1")
	ds.SetString(tagSeriesUID, dicom.VRUI, m.uid("series"))
	ds.SetString(0x00200011, dicom.VRIS, "9002")
	ds.SetString(0x00200013, dicom.VRIS, "1")
}

// describe writes the modules of the document and of the model (PS3.3 C.24.2, C.35.1).
func (m Model) describe(ds *dicom.Dataset) {
	ds.SetString(tagClass, dicom.VRUI, STLClass)
	ds.SetString(tagInstance, dicom.VRUI, m.uid("instance"))
	ds.SetString(0x00080023, dicom.VRDA, m.Sources[0].String(tagStudyDate))
	ds.Set(dicom.DataElement{Tag: 0x00080033, VR: dicom.VRTM})
	ds.Set(dicom.DataElement{Tag: 0x0008002A, VR: dicom.VRDT})
	ds.SetString(0x00280301, dicom.VRCS, "NO")
	ds.SetString(0x00420010, dicom.VRST, m.Title)
	ds.Set(dicom.DataElement{Tag: 0x0040A043, VR: dicom.VRSQ, Items: []dicom.Dataset{}})
	var millimetre dicom.Dataset // UCUM
	millimetre.SetString(0x00080100, dicom.VRSH, "mm")
	millimetre.SetString(0x00080102, dicom.VRSH, "UCUM")
	millimetre.SetString(0x00080104, dicom.VRLO, "mm")
	ds.Set(dicom.DataElement{Tag: 0x004008EA, VR: dicom.VRSQ, Items: []dicom.Dataset{millimetre}})
	ds.SetString(0x00687001, dicom.VRCS, "NO") // Model Modification
	ds.SetString(0x00687002, dicom.VRCS, "NO") // Model Mirroring
	ds.SetString(0x00420012, dicom.VRLO, "model/stl")
	ds.Set(dicom.DataElement{Tag: 0x00420015, VR: dicom.VRUL, Value: binary.LittleEndian.AppendUint32(nil, uint32(len(m.STL)))}) //nolint:gosec // at most maxDocument
	document := m.STL
	if len(document)%2 == 1 {
		document = append(document[:len(document):len(document)], 0)
	}
	ds.Set(dicom.DataElement{Tag: 0x00420011, VR: dicom.VROB, Value: document})
}

// uid derives a UID from a model (PS3.5 B.2: "2.25." and a UUID as a number).
func (m Model) uid(of string) string {
	hash := sha256.New()
	_, _ = fmt.Fprintf(hash, "sinso model %s %q\n", of, m.Sources[0].String(tagSeriesUID))
	if of == "instance" {
		_, _ = hash.Write(m.STL)
	}
	id := hash.Sum(nil)[:16]
	id[6] = id[6]&0x0F | 0x80 // RFC 9562 version 8: made our own way
	id[8] = id[8]&0x3F | 0x80
	return "2.25." + new(big.Int).SetBytes(id).String()
}
