package dicom

// Syntax is a transfer syntax: how a data set is written (PS3.5 §10).
type Syntax struct {
	UID          string
	Explicit     bool // the VR is written
	BigEndian    bool
	Deflated     bool // the data set is one raw DEFLATE stream (PS3.5 A.5)
	Encapsulated bool // pixel data may be compressed, in fragments (PS3.5 A.4)
}

// The transfer syntaxes that differ in how the data set itself is written; each
// other one is explicit little endian with encapsulated pixel data (PS3.5 A.4).
const (
	ImplicitLittleEndian         = "1.2.840.10008.1.2"      // PS3.5 A.1
	ExplicitLittleEndian         = "1.2.840.10008.1.2.1"    // PS3.5 A.2
	DeflatedExplicitLittleEndian = "1.2.840.10008.1.2.1.99" // PS3.5 A.5
	ExplicitBigEndian            = "1.2.840.10008.1.2.2"    // PS3.5 A.3, retired

	encapsulatedUncompressed = "1.2.840.10008.1.2.1.98" // PS3.5 A.4.11
	jpipDeflated             = "1.2.840.10008.1.2.4.95" // PS3.5 A.7
	jpipHTJ2KDeflated        = "1.2.840.10008.1.2.4.205"
	rleLossless              = "1.2.840.10008.1.2.5"
	jpegFirst                = 50 // of 1.2.840.10008.1.2.4.n: JPEG, JPEG-LS, JPEG 2000, MPEG, HEVC, JPEG XL, HTJ2K
	jpegLast                 = 205
	jpegRoot                 = "1.2.840.10008.1.2.4."
	jpipReferenced           = "1.2.840.10008.1.2.4.94" // PS3.5 A.6: pixel data is elsewhere
	jpipHTJ2KReferenced      = "1.2.840.10008.1.2.4.204"
)

// SyntaxByUID returns the transfer syntax of a UID. For a UID that is not known
// it says false and returns what such a file most likely is: explicit little
// endian with encapsulated pixel data, as every syntax added since 1996.
func SyntaxByUID(uid string) (Syntax, bool) {
	s := Syntax{UID: uid, Explicit: true}
	switch uid {
	case ImplicitLittleEndian:
		s.Explicit = false
	case ExplicitLittleEndian, jpipReferenced, jpipHTJ2KReferenced:
	case ExplicitBigEndian:
		s.BigEndian = true
	case DeflatedExplicitLittleEndian, jpipDeflated, jpipHTJ2KDeflated:
		s.Deflated = true
	default:
		s.Encapsulated = true
		return s, uid == rleLossless || uid == encapsulatedUncompressed || isJPEG(uid)
	}
	return s, true
}

// isJPEG reports whether the UID is one of 1.2.840.10008.1.2.4.50 to .205.
func isJPEG(uid string) bool {
	if len(uid) < len(jpegRoot)+2 || len(uid) > len(jpegRoot)+3 || uid[:len(jpegRoot)] != jpegRoot {
		return false
	}
	n := 0
	for _, digit := range []byte(uid[len(jpegRoot):]) {
		if digit < '0' || digit > '9' {
			return false
		}
		n = n*10 + int(digit-'0')
	}
	return n >= jpegFirst && n <= jpegLast
}
