package codec

import "sinso.dev/sinso/internal/format/dicom"

// The transfer syntaxes with pixel data that is decoded here (PS3.6 Table A-1).
const (
	EncapsulatedUncompressed = "1.2.840.10008.1.2.1.98"
	JPEGBaseline             = "1.2.840.10008.1.2.4.50"
	JPEGExtended             = "1.2.840.10008.1.2.4.51"
	JPEGLossless             = "1.2.840.10008.1.2.4.57" // process 14, any predictor
	JPEGLosslessSV1          = "1.2.840.10008.1.2.4.70" // process 14, selection value 1
	JPEGLSLossless           = "1.2.840.10008.1.2.4.80"
	JPEGLSNearLossless       = "1.2.840.10008.1.2.4.81"
	JPEG2000Lossless         = "1.2.840.10008.1.2.4.90"
	JPEG2000                 = "1.2.840.10008.1.2.4.91"
	RLELossless              = "1.2.840.10008.1.2.5"

	jpegSpectral    = "1.2.840.10008.1.2.4.53" // retired: progressive
	jpegProgressive = "1.2.840.10008.1.2.4.55"
)

// family is what decodes a transfer syntax.
type family uint8

const (
	unknown family = iota
	native
	packed // RLE
	jpegDCT
	jpegLossless
	jpegLS
	jpeg2k
)

func familyOf(syntax string) family {
	switch syntax {
	case dicom.ImplicitLittleEndian, dicom.ExplicitLittleEndian, dicom.DeflatedExplicitLittleEndian,
		dicom.ExplicitBigEndian, EncapsulatedUncompressed:
		return native
	case RLELossless:
		return packed
	case JPEGBaseline, JPEGExtended, jpegSpectral, jpegProgressive:
		return jpegDCT
	case JPEGLossless, JPEGLosslessSV1:
		return jpegLossless
	case JPEGLSLossless, JPEGLSNearLossless:
		return jpegLS
	case JPEG2000Lossless, JPEG2000:
		return jpeg2k
	default:
		return unknown
	}
}

// CanDecode reports whether [DecodeFrame] knows the transfer syntax. A frame may
// still have what its codec does not.
func CanDecode(syntax string) bool { return familyOf(syntax) != unknown }

// CanEncode reports whether [EncodeFrame] knows the transfer syntax.
func CanEncode(syntax string) bool {
	switch syntax {
	case JPEGExtended, jpegSpectral, jpegProgressive, JPEGLSNearLossless, JPEG2000, EncapsulatedUncompressed:
		return false
	default:
		return familyOf(syntax) != unknown
	}
}

// isNative reports whether pixel data of the transfer syntax is one value without
// fragments.
func isNative(syntax string) bool {
	return familyOf(syntax) == native && syntax != EncapsulatedUncompressed
}
