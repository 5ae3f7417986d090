package quality

import (
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
)

// condition says when an attribute of type 1C or 2C is required. Where what it asks for is
// missing itself it is not met: that is a fault of its own, which weighs more.
type condition func(*object) bool

func conditionOf(name string) condition {
	switch name {
	case "beyond-ascii": // C.12.1.1.2
		return func(o *object) bool { return o.beyondASCII }
	case "deidentified": // C.7.1.1: unless there is a code
		return func(o *object) bool {
			return o.file.String(tagIdentityRemoved) == "YES" && !o.has(tagMethodCodes)
		}
	case "no-orientation-code": // C.7.3.1
		return func(o *object) bool { return !o.has(tagOrientationCode) }
	case "no-plane": // C.7.6.1
		return func(o *object) bool { return !o.has(tagOrientation) || !o.has(tagPosition) }
	case "lossy": // C.8.11.3, C.8.20.2
		return func(o *object) bool { return o.file.String(tagLossy) == "01" }
	case "colour": // C.7.6.3
		return func(o *object) bool { n, _ := o.file.Int(tagSamples); return n > 1 }
	case "palette": // C.7.6.3
		return func(o *object) bool { return o.file.String(tagPhotometric) == "PALETTE COLOR" }
	case "repeated": // C.8.3.1
		return func(o *object) bool {
			return !slices.Contains(o.file.Strings(tagScanningSequence), "EP") || slices.Contains(o.file.Strings(tagSequenceVariant), "SK")
		}
	case "inversion": // C.8.3.1
		return func(o *object) bool { return slices.Contains(o.file.Strings(tagScanningSequence), "IR") }
	}
	return nil
}

// The attributes that are asked for by name (PS3.6).
const (
	tagCharset          dicom.Tag = 0x00080005
	tagSOPClass         dicom.Tag = 0x00080016
	tagCodeValue        dicom.Tag = 0x00080100
	tagCodeScheme       dicom.Tag = 0x00080102
	tagCodeMeaning      dicom.Tag = 0x00080104
	tagLongCode         dicom.Tag = 0x00080119
	tagURNCode          dicom.Tag = 0x00080120
	tagProcedureCodes   dicom.Tag = 0x00081032
	tagAnatomicRegion   dicom.Tag = 0x00082218
	tagIdentityRemoved  dicom.Tag = 0x00120062
	tagMethod           dicom.Tag = 0x00120063
	tagMethodCodes      dicom.Tag = 0x00120064
	tagBodyPart         dicom.Tag = 0x00180015
	tagScanningSequence dicom.Tag = 0x00180020
	tagSequenceVariant  dicom.Tag = 0x00180021
	tagThickness        dicom.Tag = 0x00180050
	tagImagerSpacing    dicom.Tag = 0x00181164
	tagViewPosition     dicom.Tag = 0x00185101
	tagRegions          dicom.Tag = 0x00186011
	tagInstanceNumber   dicom.Tag = 0x00200013
	tagPatientOrient    dicom.Tag = 0x00200020
	tagPosition         dicom.Tag = 0x00200032
	tagOrientation      dicom.Tag = 0x00200037
	tagFrameOfReference dicom.Tag = 0x00200052
	tagSamples          dicom.Tag = 0x00280002
	tagPhotometric      dicom.Tag = 0x00280004
	tagFrames           dicom.Tag = 0x00280008
	tagRows             dicom.Tag = 0x00280010
	tagColumns          dicom.Tag = 0x00280011
	tagSpacing          dicom.Tag = 0x00280030
	tagBitsAllocated    dicom.Tag = 0x00280100
	tagBitsStored       dicom.Tag = 0x00280101
	tagHighBit          dicom.Tag = 0x00280102
	tagBurnedIn         dicom.Tag = 0x00280301
	tagTemporal         dicom.Tag = 0x00280303
	tagLossy            dicom.Tag = 0x00282110
	tagProtocolCodes    dicom.Tag = 0x00400260
	tagRequestedCodes   dicom.Tag = 0x00321064
	tagConceptName      dicom.Tag = 0x0040A043
	tagOrientationCode  dicom.Tag = 0x00540410
	tagViewCodes        dicom.Tag = 0x00540220
	tagSegments         dicom.Tag = 0x00620002
	tagPixelData        dicom.Tag = 0x7FE00010
	tagFloatPixels      dicom.Tag = 0x7FE00008
	tagDoublePixels     dicom.Tag = 0x7FE00009
)
