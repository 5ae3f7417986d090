package json

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"sinso.dev/sinso/internal/format/dicom"
)

// form is how the values of a VR stand in JSON (PS3.18 Table F.2.3-1).
type form uint8

const (
	formBinary  form = iota // InlineBinary or BulkDataURI
	formText                // strings of the default repertoire
	formLocal               // strings in the character set
	formLong                // one string in the character set: a backslash separates nothing
	formURI                 // one string
	formName                // objects of component groups
	formDecimal             // DS and IS: numbers, or strings
	formTag                 // AT: strings of eight digits
	formNumber              // binary numbers
	formItems
)

// formOf returns the form of a VR and whether it is one of the standard's.
func formOf(vr dicom.VR) (form, bool) {
	switch vr {
	case "CS", "UI", "DA", "TM", "DT", "AE", "AS":
		return formText, true
	case "LO", "SH", "UC":
		return formLocal, true
	case "DS", "IS":
		return formDecimal, true
	case "PN":
		return formName, true
	case "US", "SS", "UL", "SL", "FL", "FD", "SV", "UV":
		return formNumber, true
	case "SQ":
		return formItems, true
	case "LT", "ST", "UT":
		return formLong, true
	case "UR":
		return formURI, true
	case "AT":
		return formTag, true
	case "OB", "OW", "UN", "OF", "OD", "OL", "OV":
		return formBinary, true
	default:
		return formBinary, false
	}
}

// vrOf returns the VR of two letters, if it is one of the standard's, without taking
// memory for it.
func vrOf(letters []byte) (dicom.VR, bool) {
	const all = "CSUILOSHDADSTMISPNSQUSOBOWUNFDFLULSLSSATLTSTUTAEASDTUCUROFODOLOVSVUV"
	if len(letters) != 2 {
		return "", false
	}
	for i := 0; i < len(all); i += 2 {
		if all[i] == letters[0] && all[i+1] == letters[1] {
			return dicom.VR(all[i : i+2]), true
		}
	}
	return "", false
}

// value writes an element with a value, without the brace that ends it. Its numbers
// are little endian.
func (w *writer) value(t dicom.Tag, vr dicom.VR, value []byte) {
	vr = shownAs(t, vr)
	f, ok := formOf(vr)
	if !ok || f == formItems && len(value) > 0 {
		f, vr = formBinary, dicom.VRUN
	}
	w.key(t, vr)
	if t == tagCharacterSet && len(trimBoth(value)) > 0 {
		value = []byte(utf8Term)
	}
	switch f {
	case formText, formLocal, formDecimal, formName:
		w.texts(f, vr, value)
	case formLong, formURI:
		if value = trimRight(value); len(value) > 0 {
			w.out = append(w.out, `,"Value":["`...)
			w.out = append(appendEscaped(w.out, w.decoded(f, value)), `"]`...)
		}
	case formTag, formNumber:
		w.numbers(vr, value)
	case formBinary:
		w.binary(t, value)
	case formItems:
	}
}

// shownAs is the VR of a value, or where the file does not know it the dictionary's.
func shownAs(t dicom.Tag, vr dicom.VR) dicom.VR {
	if vr == dicom.VRUN && !t.IsPrivate() {
		if known := dicom.VROf(t); known != dicom.VRSQ {
			return known
		}
	}
	return vr
}

// binary writes a value of bytes.
func (w *writer) binary(t dicom.Tag, value []byte) {
	isPixels := t == tagPixelData || t == tagFloatPixels || t == tagDoublePixels
	switch {
	case len(value) == 0:
	case isPixels || len(value) > w.limit:
		w.bulk(t)
	default:
		w.out = append(w.out, `,"InlineBinary":"`...)
		w.out = append(base64.StdEncoding.AppendEncode(w.out, value), '"')
	}
}

// texts writes the values of text that a backslash separates. Values that are empty
// are null (PS3.18 F.2.5).
func (w *writer) texts(f form, vr dicom.VR, value []byte) {
	if value = trimBoth(value); len(value) == 0 {
		return
	}
	value = w.decoded(f, value)
	w.out = append(w.out, `,"Value":[`...)
	for more := true; more; {
		one := value
		at := bytes.IndexByte(value, '\\')
		if more = at >= 0; more {
			one, value = value[:at], value[at+1:]
		}
		one = trimBoth(one)
		switch {
		case len(one) == 0:
			w.out = append(w.out, "null"...)
		case f == formName:
			w.name(one)
		case f == formDecimal && isNumber(vr, one):
			w.out = append(w.out, one...)
		default:
			w.out = append(appendEscaped(append(w.out, '"'), one), '"')
		}
		if more {
			w.out = append(w.out, ',')
		}
	}
	w.out = append(w.out, ']')
}

// name writes the component groups of a person name (PS3.18 F.2.2, PS3.5 §6.2.1).
func (w *writer) name(value []byte) {
	start := len(w.out)
	w.out = append(w.out, '{')
	for _, group := range [...]string{"Alphabetic", "Ideographic", "Phonetic"} {
		one, rest, _ := bytes.Cut(value, []byte{'='})
		if one = trimRight(one); len(one) > 0 {
			if w.out[len(w.out)-1] != '{' {
				w.out = append(w.out, ',')
			}
			w.out = append(w.out, '"')
			w.out = append(w.out, group...)
			w.out = append(w.out, `":"`...)
			w.out = append(appendEscaped(w.out, one), '"')
		}
		value = rest
	}
	if w.out[len(w.out)-1] == '{' {
		w.out = append(w.out[:start], "null"...)
		return
	}
	w.out = append(w.out, '}')
}

// numbers writes binary numbers and tags; an incomplete one at the end is left out.
func (w *writer) numbers(vr dicom.VR, b []byte) {
	size := wordOf(vr)
	if len(b) < size {
		return
	}
	w.out = append(w.out, `,"Value":[`...)
	for ; len(b) >= size; b = b[size:] {
		w.number(vr, b)
		w.out = append(w.out, ',')
	}
	w.out[len(w.out)-1] = ']'
}

// wordOf returns the bytes of one number of a VR.
func wordOf(vr dicom.VR) int {
	switch vr {
	case dicom.VRUS, dicom.VRSS:
		return 2
	case dicom.VRFD, dicom.VRSV, dicom.VRUV:
		return 8
	default:
		return 4
	}
}

func (w *writer) number(vr dicom.VR, b []byte) {
	switch vr {
	case dicom.VRUS:
		w.out = strconv.AppendUint(w.out, uint64(binary.LittleEndian.Uint16(b)), 10)
	case dicom.VRSS:
		w.out = strconv.AppendInt(w.out, int64(int16(binary.LittleEndian.Uint16(b))), 10) //nolint:gosec // two's complement
	case dicom.VRUL:
		w.out = strconv.AppendUint(w.out, uint64(binary.LittleEndian.Uint32(b)), 10)
	case dicom.VRSL:
		w.out = strconv.AppendInt(w.out, int64(int32(binary.LittleEndian.Uint32(b))), 10) //nolint:gosec // two's complement
	case dicom.VRFL:
		w.out = appendFloat(w.out, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 32)
	case dicom.VRFD:
		w.out = appendFloat(w.out, math.Float64frombits(binary.LittleEndian.Uint64(b)), 64)
	case dicom.VRSV:
		v := int64(binary.LittleEndian.Uint64(b)) //nolint:gosec // two's complement
		w.out = quotedIf(w.out, v < -maxExact || v > maxExact, func(out []byte) []byte { return strconv.AppendInt(out, v, 10) })
	case dicom.VRUV:
		v := binary.LittleEndian.Uint64(b)
		w.out = quotedIf(w.out, v > maxExact, func(out []byte) []byte { return strconv.AppendUint(out, v, 10) })
	default: // AT
		t := dicom.Tag(binary.LittleEndian.Uint16(b))<<16 | dicom.Tag(binary.LittleEndian.Uint16(b[2:]))
		w.out = append(appendTag(append(w.out, '"'), t), '"')
	}
}

func quotedIf(out []byte, quoted bool, number func([]byte) []byte) []byte {
	if !quoted {
		return number(out)
	}
	return append(number(append(out, '"')), '"')
}

// charset is a Specific Character Set that is looked at when text needs it.
type charset struct {
	terms []byte // the value of (0008,0005)
	set   dicom.Charset
	known bool
}

// decoded returns text as UTF-8: itself if it is ASCII. What is not in the
// character set, and yet not ASCII, is taken for the default repertoire.
func (w *writer) decoded(f form, text []byte) []byte {
	if isASCII(text) {
		return text
	}
	if f == formText || f == formURI || f == formDecimal {
		return []byte(dicom.NewCharset().Decode(text, false))
	}
	if !w.set.known {
		w.set.set = dicom.NewCharset(strings.Split(string(trimBoth(w.set.terms)), `\`)...)
		w.set.known = true
	}
	return []byte(w.set.set.Decode(text, f == formName))
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf || c == 0x1B {
			return false
		}
	}
	return true
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	return b
}

func trimBoth(b []byte) []byte {
	b = trimRight(b)
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// appendEscaped appends valid UTF-8 as the inside of a JSON string.
func appendEscaped(out, text []byte) []byte {
	const digits = "0123456789abcdef"
	start := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7F {
			continue
		}
		out = append(out, text[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, `\n`...)
		case '\r':
			out = append(out, `\r`...)
		case '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(out, text[start:]...)
}

func validUTF8(text string) []byte { return []byte(strings.ToValidUTF8(text, string(utf8.RuneError))) }
