package codec

import (
	"encoding/binary"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// shapeOf returns the shape that a data set, the item of an icon, says; what cannot
// be is found when it is used.
func shapeOf(ds *dicom.Dataset) dicom.Shape {
	get := func(t dicom.Tag, otherwise int) int {
		if e := ds.Find(t); e != nil && len(e.Value) >= 2 {
			return int(binary.LittleEndian.Uint16(e.Value))
		}
		return otherwise
	}
	s := dicom.Shape{
		Rows: get(tagRows, 0), Columns: get(tagColumns, 0), Samples: get(tagSamples, 1), Allocated: get(tagAllocated, 8),
		Signed: get(tagRepresent, 0) == 1, Planar: get(tagPlanar, 0) == 1,
	}
	s.Stored = get(tagStored, s.Allocated)
	s.High = get(tagHigh, s.Stored-1)
	if e := ds.Find(tagPhotometric); e != nil {
		s.Photometric = strings.Trim(string(e.Value), " \x00")
	}
	return s
}

// setShape says how pixel data lies now.
func setShape(ds *dicom.Dataset, s dicom.Shape) {
	if s.Photometric != "" {
		ds.SetString(tagPhotometric, dicom.VRCS, s.Photometric)
	}
	if s.Samples > 1 {
		ds.Set(dicom.DataElement{Tag: tagPlanar, VR: dicom.VRUS, Value: []byte{0, 0}})
	}
}

// pixelVR returns the VR of native pixel data (PS3.5 §A.2).
func pixelVR(s dicom.Shape) dicom.VR {
	if s.Allocated > 8 {
		return dicom.VROW
	}
	return dicom.VROB
}

// setLossy says that pixel data was compressed with a loss, if the data set does not
// say so yet (PS3.3 C.7.6.1.1.5): how, by the transfer syntax it is decoded from, and
// how much smaller it was.
func setLossy(ds *dicom.Dataset, syntax string, ratio float64) {
	if e := ds.Find(tagLossy); e != nil && strings.Trim(string(e.Value), " \x00") == "01" {
		return
	}
	ds.SetString(tagLossy, dicom.VRCS, "01")
	ds.SetString(tagLossyRatio, dicom.VRDS, strconv.FormatFloat(ratio, 'f', 2, 64))
	method := "ISO_10918_1"
	switch familyOf(syntax) {
	case jpegLS:
		method = "ISO_14495_1"
	case jpeg2k:
		method = "ISO_15444_1"
	case unknown, native, packed, jpegDCT, jpegLossless:
	}
	ds.SetString(tagLossyMethod, dicom.VRCS, method)
}
