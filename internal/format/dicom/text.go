package dicom

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// Charset returns the character set of the root.
func (f *File) Charset() Charset {
	e, ok := f.Find(tagCharacterSet)
	if !ok {
		return Charset{}
	}
	return NewCharset(strings.Split(string(trim(f.Value(e))), `\`)...)
}

// String returns the value of an element of the root as UTF-8 text without its
// padding; several values have a backslash between them. Numbers are written as
// decimals. It is "" if the element is absent or is no text and no number.
func (f *File) String(t Tag) string {
	e, ok := f.Find(t)
	if !ok || e.Kind != KindValue {
		return ""
	}
	vr, m := f.meaning(e)
	if !vr.isText() {
		return numbersText(numbers(vr, f.Value(e), m))
	}
	value := f.Value(e)
	if !vr.inCharacterSet() {
		return tidy(vr, string(value))
	}
	if isASCII(value) {
		return tidy(vr, string(value))
	}
	return tidy(vr, f.Charset().Decode(value, vr == VRPN))
}

// Strings returns the values of an element of the root, as String does, each
// without its padding; none if it is absent or empty.
func (f *File) Strings(t Tag) []string {
	text := f.String(t)
	if text == "" {
		return nil
	}
	e, _ := f.Find(t)
	vr, _ := f.meaning(e)
	if vr.isSingle() {
		return []string{text}
	}
	values := strings.Split(text, `\`)
	for i := range values {
		values[i] = tidy(vr, values[i])
	}
	return values
}

// Int returns the first value of an element of the root, if it is a whole number.
func (f *File) Int(t Tag) (int, bool) {
	v, ok := f.Float(t)
	if !ok || v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		return 0, false
	}
	return int(v), true
}

// Float returns the first value of an element of the root, if it is a finite number.
func (f *File) Float(t Tag) (float64, bool) {
	values := f.Floats(t)
	if len(values) == 0 || math.IsNaN(values[0]) || math.IsInf(values[0], 0) {
		return 0, false
	}
	return values[0], true
}

// Floats returns the values of an element of the root as numbers; none if one of
// them is no number.
func (f *File) Floats(t Tag) []float64 {
	e, ok := f.Find(t)
	if !ok || e.Kind != KindValue {
		return nil
	}
	vr, m := f.meaning(e)
	if !vr.isText() {
		return numbers(vr, f.Value(e), m)
	}
	var values []float64
	for part := range strings.SplitSeq(tidy(vr, string(f.Value(e))), `\`) {
		v, err := strconv.ParseFloat(tidy(vr, part), 64)
		if err != nil {
			return nil
		}
		values = append(values, v)
	}
	return values
}

// meaning returns the VR of a value and how it is written. Where the file says UN
// and the dictionary knows better, the value is little endian (PS3.5 §6.2.2).
func (f *File) meaning(e Element) (VR, mode) {
	if e.vr == codeUN {
		return codeOfTag(e.Tag, false).vr(), mode{}
	}
	return e.VR(), mode{big: e.BigEndian()}
}

// tidy cuts padding. Blanks at the beginning of longer texts mean something
// (PS3.5 Table 6.2-1).
func tidy(vr VR, text string) string {
	text = strings.TrimRight(text, " \x00")
	if vr.isSingle() {
		return text
	}
	return strings.TrimLeft(text, " ")
}

// numbers reads binary numbers; an incomplete one at the end is left out.
func numbers(vr VR, b []byte, m mode) []float64 {
	size := vr.word()
	if size == 1 || vr == VROW || vr == VROL || vr == VROV || vr == VROF || vr == VROD {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if m.big {
		order = binary.BigEndian
	}
	values := make([]float64, 0, len(b)/size)
	for ; len(b) >= size; b = b[size:] {
		values = append(values, number(vr, b, order))
	}
	return values
}

func number(vr VR, b []byte, order binary.ByteOrder) float64 {
	switch vr {
	case VRSS:
		return float64(int16(order.Uint16(b))) //nolint:gosec // two's complement
	case VRUL:
		return float64(order.Uint32(b))
	case VRSL:
		return float64(int32(order.Uint32(b))) //nolint:gosec // two's complement
	case VRFL:
		return float64(math.Float32frombits(order.Uint32(b)))
	case VRFD:
		return math.Float64frombits(order.Uint64(b))
	case VRSV:
		return float64(int64(order.Uint64(b))) //nolint:gosec // two's complement
	case VRUV:
		return float64(order.Uint64(b))
	case VRAT:
		return float64(uint32(order.Uint16(b))<<16 | uint32(order.Uint16(b[2:])))
	default:
		return float64(order.Uint16(b))
	}
}

func numbersText(values []float64) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte('\\')
		}
		b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return b.String()
}
