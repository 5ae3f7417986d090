package dicom

import "strings"

// VR is a value representation: two capital letters (PS3.5 Table 6.2-1).
type VR string

// The value representations of PS3.5 Table 6.2-1.
const (
	VRAE VR = "AE" // application entity
	VRAS VR = "AS" // age string
	VRAT VR = "AT" // attribute tag
	VRCS VR = "CS" // code string
	VRDA VR = "DA" // date
	VRDS VR = "DS" // decimal string
	VRDT VR = "DT" // date time
	VRFD VR = "FD" // floating point double
	VRFL VR = "FL" // floating point single
	VRIS VR = "IS" // integer string
	VRLO VR = "LO" // long string
	VRLT VR = "LT" // long text
	VROB VR = "OB" // other byte
	VROD VR = "OD" // other double
	VROF VR = "OF" // other float
	VROL VR = "OL" // other long
	VROV VR = "OV" // other 64-bit very long
	VROW VR = "OW" // other word
	VRPN VR = "PN" // person name
	VRSH VR = "SH" // short string
	VRSL VR = "SL" // signed long
	VRSQ VR = "SQ" // sequence of items
	VRSS VR = "SS" // signed short
	VRST VR = "ST" // short text
	VRSV VR = "SV" // signed 64-bit very long
	VRTM VR = "TM" // time
	VRUC VR = "UC" // unlimited characters
	VRUI VR = "UI" // unique identifier
	VRUL VR = "UL" // unsigned long
	VRUN VR = "UN" // unknown
	VRUR VR = "UR" // universal resource identifier
	VRUS VR = "US" // unsigned short
	VRUT VR = "UT" // unlimited text
	VRUV VR = "UV" // unsigned 64-bit very long
)

// known lists every VR, so that one read from a file costs no memory.
const known = "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV"

// code is a VR in two bytes, as the index keeps it.
type code uint16

const (
	codeSQ = code('S')<<8 | 'Q'
	codeUN = code('U')<<8 | 'N'
	codeOB = code('O')<<8 | 'B'
	codeOW = code('O')<<8 | 'W'
	codeUS = code('U')<<8 | 'S'
	codeSS = code('S')<<8 | 'S'
	codeUL = code('U')<<8 | 'L'
	codeLO = code('L')<<8 | 'O'
)

// codeOf returns the code of a VR, or 0 if it is not two capital letters.
func codeOf(v VR) code {
	if len(v) != 2 {
		return 0
	}
	c := code(v[0])<<8 | code(v[1])
	if !c.valid() {
		return 0
	}
	return c
}

func (c code) valid() bool { return byte(c>>8)-'A' < 26 && byte(c)-'A' < 26 } //nolint:gosec // the two letters

// place returns where in known the VR stands, or -1.
func (c code) place() int {
	for i := 0; i < len(known); i += 3 {
		if known[i] == byte(c>>8) && known[i+1] == byte(c) { //nolint:gosec // the two letters
			return i
		}
	}
	return -1
}

// known reports whether the VR is one of the standard's.
func (c code) known() bool { return c.place() >= 0 }

// vr returns the VR of a code.
func (c code) vr() VR {
	if i := c.place(); i >= 0 {
		return VR(known[i : i+2])
	}
	return VR([]byte{byte(c >> 8), byte(c)}) //nolint:gosec // the two letters
}

// long reports whether an explicit header of the VR has a 32-bit length (PS3.5
// Table 7.1-1). A VR that is not of the standard is taken for short, as other
// readers do.
func (c code) long() bool {
	switch c {
	case codeOB, codeOW, codeSQ, codeUN,
		'O'<<8 | 'D', 'O'<<8 | 'F', 'O'<<8 | 'L', 'O'<<8 | 'V',
		'S'<<8 | 'V', 'U'<<8 | 'C', 'U'<<8 | 'R', 'U'<<8 | 'T', 'U'<<8 | 'V':
		return true
	default:
		return false
	}
}

// Long reports whether an explicit header of the VR has a 32-bit length (PS3.5
// Table 7.1-1).
func (v VR) Long() bool { return codeOf(v).long() }

// String returns the two letters.
func (v VR) String() string { return string(v) }

// word returns the bytes of one number of the VR, whose order depends on the
// transfer syntax; 1 where it does not.
func (v VR) word() int {
	switch v {
	case VRUS, VRSS, VROW, VRAT:
		return 2
	case VRUL, VRSL, VRFL, VROF, VROL:
		return 4
	case VRFD, VROD, VRSV, VRUV, VROV:
		return 8
	default:
		return 1
	}
}

// isText reports whether the value is characters.
func (v VR) isText() bool {
	return len(v) == 2 && strings.Contains("AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT", string(v)) //nolint:gocritic // one of a list
}

// inCharacterSet reports whether Specific Character Set applies (PS3.5 §6.1.2.3).
func (v VR) inCharacterSet() bool {
	return len(v) == 2 && strings.Contains("SH LO ST LT PN UC UT", string(v)) //nolint:gocritic // one of a list
}

// isSingle reports whether a backslash is part of the text and separates nothing
// (PS3.5 Table 6.2-1).
func (v VR) isSingle() bool { return v == VRST || v == VRLT || v == VRUT || v == VRUR }

// pad returns the byte that makes a value even (PS3.5 §6.2): UIDs and bytes end
// in a zero, text in a blank.
func (v VR) pad() byte {
	if v != VRUI && v.isText() {
		return ' '
	}
	return 0
}
