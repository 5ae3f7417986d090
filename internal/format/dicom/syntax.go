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

	jpipReferenced      = "1.2.840.10008.1.2.4.94" // PS3.5 A.6: pixel data is elsewhere
	jpipDeflated        = "1.2.840.10008.1.2.4.95" // PS3.5 A.7
	jpipHTJ2KReferenced = "1.2.840.10008.1.2.4.204"
	jpipHTJ2KDeflated   = "1.2.840.10008.1.2.4.205"
	papyrus             = "1.2.840.10008.1.20" // Papyrus 3 Implicit VR Little Endian, retired
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
	case papyrus:
		s.Explicit = false
	default:
		s.Encapsulated = true
		return s, SyntaxName(uid) != ""
	}
	return s, true
}
