package sr

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// code is a concept (PS3.3 §8.8).
type code struct{ value, scheme, meaning string }

// privateScheme names the concepts that no scheme of PS3.16 has.
const privateScheme = "99SINSO"

// The concepts that are written: of DICOM (PS3.16 Annex D), SNOMED CT, UCUM and RFC 5646.
var (
	measurementReport   = code{"126000", "DCM", "Imaging Measurement Report"}
	languageOfContent   = code{"121049", "DCM", "Language of Content Item and Descendants"}
	english             = code{"en", "RFC5646", "English"}
	observerType        = code{"121005", "DCM", "Observer Type"}
	device              = code{"121007", "DCM", "Device"}
	deviceUID           = code{"121012", "DCM", "Device Observer UID"}
	deviceName          = code{"121013", "DCM", "Device Observer Name"}
	deviceManufacturer  = code{"121014", "DCM", "Device Observer Manufacturer"}
	deviceModel         = code{"121015", "DCM", "Device Observer Model Name"}
	procedureReported   = code{"121058", "DCM", "Procedure reported"}
	imagingProcedure    = code{"363679005", "SCT", "Imaging procedure"}
	imagingMeasurements = code{"126010", "DCM", "Imaging Measurements"}
	measurementGroup    = code{"125007", "DCM", "Measurement Group"}
	trackingID          = code{"112039", "DCM", "Tracking Identifier"}
	trackingUID         = code{"112040", "DCM", "Tracking Unique Identifier"}
	imageRegion         = code{"111030", "DCM", "Image Region"}
	comment             = code{"121106", "DCM", "Comment"}
	ofInterest          = code{"113000", "DCM", "Of Interest"}

	derivation        = code{"121401", "DCM", "Derivation"}
	measurementMethod = code{"370129005", "SCT", "Measurement Method"}
	byHand            = code{"by-hand", privateScheme, "Calibrated by hand, by a line whose length a person gave"}
	onDetector        = code{"on-detector", privateScheme, "Measured on the detector, which draws larger than life"}
)

func (c code) item() dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00080100, dicom.VRSH, c.value)
	ds.SetString(0x00080102, dicom.VRSH, c.scheme)
	ds.SetString(0x00080104, dicom.VRLO, c.meaning)
	return ds
}

// scheme says whose the private scheme is (PS3.3 C.12.1.1.7).
func scheme() dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00080102, dicom.VRSH, privateScheme)
	ds.SetString(0x00080115, dicom.VRST, Manufacturer) // Coding Scheme Name
	return ds
}

func sequence(tag dicom.Tag, items ...dicom.Dataset) dicom.DataElement {
	return dicom.DataElement{Tag: tag, VR: dicom.VRSQ, Items: items}
}

// text is a value of a data set without its padding.
func text(ds *dicom.Dataset, tag dicom.Tag) string {
	if e := ds.Find(tag); e != nil {
		return strings.Trim(string(e.Value), " \x00")
	}
	return ""
}

// root makes a document of a data set (PS3.3 C.17.3): a container by a template of
// PS3.16.
func root(ds *dicom.Dataset, title code, template string, content []dicom.Dataset) {
	ds.SetString(tagValueType, dicom.VRCS, "CONTAINER")
	ds.Set(sequence(tagConcept, title.item()))
	inside(ds, template, content)
}

// inside gives a container its template and content.
func inside(ds *dicom.Dataset, template string, content []dicom.Dataset) {
	ds.SetString(0x0040A050, dicom.VRCS, "SEPARATE") // Continuity of Content
	if template != "" {
		var t dicom.Dataset
		t.SetString(0x00080105, dicom.VRCS, "DCMR") // Mapping Resource
		t.SetString(0x0040DB00, dicom.VRCS, template)
		ds.Set(sequence(0x0040A504, t)) // Content Template Sequence
	}
	if len(content) > 0 {
		ds.Set(sequence(tagContent, content...))
	}
}

// item is a content item (PS3.3 Table C.17-5). What it is called may be left out where
// its value says it.
func item(relationship, kind string, name code, content ...dicom.Dataset) dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(tagRelationship, dicom.VRCS, relationship)
	ds.SetString(tagValueType, dicom.VRCS, kind)
	if name.value != "" {
		ds.Set(sequence(tagConcept, name.item()))
	}
	if len(content) > 0 {
		ds.Set(sequence(tagContent, content...))
	}
	return ds
}

func codeContent(relationship string, name, value code) dicom.Dataset {
	ds := item(relationship, "CODE", name)
	ds.Set(sequence(0x0040A168, value.item())) // Concept Code Sequence
	return ds
}

func textContent(relationship string, name code, value string, content ...dicom.Dataset) dicom.Dataset {
	ds := item(relationship, "TEXT", name, content...)
	ds.SetString(0x0040A160, dicom.VRUT, value) // Text Value
	return ds
}

func uidContent(relationship string, name code, value string) dicom.Dataset {
	ds := item(relationship, "UIDREF", name)
	ds.SetString(0x0040A124, dicom.VRUI, value)
	return ds
}

func container(name code, template string, content ...dicom.Dataset) dicom.Dataset {
	ds := item("CONTAINS", "CONTAINER", name)
	inside(&ds, template, content)
	return ds
}

func imageContent(relationship string, p Place) dicom.Dataset {
	ds := item(relationship, "IMAGE", code{})
	ds.Set(sequence(tagRefObjects, p.reference()))
	return ds
}

// number is a NUM content item (PS3.3 C.18.1). The value is there as text and exactly.
func number(name code, value float64, unit code, content ...dicom.Dataset) dicom.Dataset {
	var measured dicom.Dataset
	measured.Set(sequence(0x004008EA, unit.item())) // Measurement Units Code Sequence
	measured.Set(dicom.DataElement{Tag: 0x0040A161, VR: dicom.VRFD, Value: binary.LittleEndian.AppendUint64(nil, math.Float64bits(value))})
	measured.SetString(0x0040A30A, dicom.VRDS, decimal(value))
	ds := item("CONTAINS", "NUM", name, content...)
	ds.Set(sequence(0x0040A300, measured)) // Measured Value Sequence
	return ds
}

const maxDecimal = 16 // bytes of a DS, PS3.5 Table 6.2-1

// decimal writes a number as a DS, with as many digits as fit.
func decimal(v float64) string {
	for digits := 15; digits > 1; digits-- {
		if s := strconv.FormatFloat(v, 'g', digits, 64); len(s) <= maxDecimal {
			return s
		}
	}
	return strconv.FormatFloat(v, 'g', 1, 64)
}

// floats is a value of FL numbers.
func floats(points [][]float64) []byte {
	var b []byte
	for _, p := range points {
		for _, v := range p {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}
	}
	return b
}

// observer says by what it was observed (TID 1001, 1004): a program, for its caller's
// role. Who the caller was is in the node's log.
func (d Document) observer() []dicom.Dataset {
	name := Manufacturer
	if d.By != "" {
		name += " (" + d.By + ")"
	}
	return []dicom.Dataset{
		codeContent("HAS OBS CONTEXT", observerType, device),
		uidContent("HAS OBS CONTEXT", deviceUID, dicom.ImplementationClassUID),
		textContent("HAS OBS CONTEXT", deviceName, name),
		textContent("HAS OBS CONTEXT", deviceManufacturer, Manufacturer),
		textContent("HAS OBS CONTEXT", deviceModel, Model),
	}
}
