package json

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

const (
	maxDecimal = 16 // bytes of a DS (PS3.5 Table 6.2-1)
	maxInteger = 12 // bytes of an IS
)

// scalarText reads a number, or a string that should be one, without its padding.
func (d *decoder) scalarText() (text []byte, isString bool, err error) {
	if d.space() != '"' {
		text, err = d.number()
		return text, false, err
	}
	text, err = d.text()
	return trimBoth(text), true, err
}

// decimal reads a value of DS or IS: what is a string stays as it is, a number gets
// the form of the VR.
func (d *decoder) decimal(e *dicom.DataElement) error {
	text, isString, err := d.scalarText()
	if err != nil {
		return err
	}
	if isString {
		d.append(text)
		return nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return d.wrong("a number that is too large")
	}
	if e.VR == dicom.VRDS {
		d.arena = append(d.arena, decimalString(text, v)...)
		return nil
	}
	if v != math.Trunc(v) || math.Abs(v) > maxExact {
		return d.wrong("a number that is not whole")
	}
	whole := strconv.AppendInt(nil, int64(v), 10)
	if len(whole) > maxInteger {
		return d.wrong("a whole number that is too large")
	}
	d.arena = append(d.arena, whole...)
	return nil
}

// decimalString returns a number in at most 16 bytes: its own text if that is
// short enough, else as many digits as fit.
func decimalString(text []byte, v float64) []byte {
	if len(text) <= maxDecimal {
		return text
	}
	for _, format := range [...]byte{'f', 'g'} {
		if short := strconv.AppendFloat(nil, v, format, -1, 64); len(short) <= maxDecimal {
			return short
		}
	}
	for precision := maxDecimal; ; precision-- { // -1e-308 fits with one digit
		if short := strconv.AppendFloat(nil, v, 'g', precision, 64); len(short) <= maxDecimal {
			return short
		}
	}
}

// tag reads a value of AT: eight digits.
func (d *decoder) tag() error {
	text, err := d.text()
	if err != nil {
		return err
	}
	v, ok := digits(text, 8)
	if !ok || len(text) != 8 {
		return d.wrong("a value that is no tag")
	}
	d.arena = binary.LittleEndian.AppendUint16(d.arena, uint16(v>>16))
	d.arena = binary.LittleEndian.AppendUint16(d.arena, uint16(v)) //nolint:gosec // the lower half is meant
	return nil
}

// binaryNumber reads a number of a binary VR.
func (d *decoder) binaryNumber(e *dicom.DataElement) error {
	raw, _, err := d.scalarText()
	if err != nil {
		return err
	}
	text := string(raw)
	switch e.VR {
	case dicom.VRFL, dicom.VRFD:
		return d.float(e, text)
	case dicom.VRUV:
		if v, err := strconv.ParseUint(text, 10, 64); err == nil {
			d.arena = binary.LittleEndian.AppendUint64(d.arena, v)
			return nil
		}
	}
	v, ok := integer(text)
	if !ok {
		return d.wrong("a number that is not whole")
	}
	bits := 8 * wordOf(e.VR)
	low, high := int64(0), int64(math.MaxInt64)
	switch {
	case e.VR == dicom.VRSS || e.VR == dicom.VRSL || e.VR == dicom.VRSV:
		low, high = -1<<(bits-1), 1<<(bits-1)-1
	case bits < 64:
		high = 1<<bits - 1
	}
	if v < low || v > high {
		return d.wrong("a number that does not fit its VR")
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], uint64(v)) //nolint:gosec // two's complement
	d.arena = append(d.arena, word[:bits/8]...)
	return nil
}

// integer reads a whole number, also where it is written as 5.0 or 5e2.
func integer(text string) (int64, bool) {
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v, true
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) > maxExact {
		return 0, false
	}
	return int64(v), true
}

// float appends a value of FL or FD.
func (d *decoder) float(e *dicom.DataElement, text string) error {
	v, err := strconv.ParseFloat(text, 64) // takes NaN, Inf and Infinity too
	if err != nil || strings.ContainsAny(text, "xX_pP") {
		return d.wrong("a number that is none, or too large")
	}
	if e.VR == dicom.VRFD {
		d.arena = binary.LittleEndian.AppendUint64(d.arena, math.Float64bits(v))
		return nil
	}
	single, err := strconv.ParseFloat(text, 32)
	if err != nil {
		return d.wrong("a number that does not fit its VR")
	}
	d.arena = binary.LittleEndian.AppendUint32(d.arena, math.Float32bits(float32(single)))
	return nil
}

// inlineBinary reads a value in base64 (PS3.18 F.2.7).
func (d *decoder) inlineBinary(e *dicom.DataElement) error {
	if f, _ := formOf(e.VR); f != formBinary {
		return d.wrong("InlineBinary in a VR that has none")
	}
	if d.null() {
		return nil
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	value := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(value, text)
	if err != nil {
		return d.wrong("InlineBinary that is not base64")
	}
	e.Value = pad(e.VR, value[:n], 0)
	return nil
}

// bulkData asks for a value by its URI; it reports whether the element is kept.
func (d *decoder) bulkData(e *dicom.DataElement) (bool, error) {
	if e.VR == dicom.VRSQ {
		return false, d.wrong("a sequence as bulk data")
	}
	uri, err := d.text()
	if err != nil || d.bulk == nil {
		return false, err
	}
	value, err := d.bulk(string(uri))
	if err != nil {
		return false, err
	}
	if f, _ := formOf(e.VR); f == formLocal || f == formLong || f == formName {
		d.utf8 = d.utf8 || !isASCII(value)
	}
	e.Value = pad(e.VR, slices.Clip(value), 0)
	return true, nil
}

// pad makes what is behind start even (PS3.5 §6.2).
func pad(vr dicom.VR, value []byte, start int) []byte {
	if (len(value)-start)%2 == 0 {
		return value
	}
	if f, _ := formOf(vr); f == formBinary || vr == dicom.VRUI {
		return append(value, 0)
	}
	return append(value, ' ')
}

const maxNumber = 64 // bytes of a number that is read or written as one

// isNumber reports whether text of DS or IS is a JSON number that every reader takes:
// its exponent has two digits at most, and IS is whole and no longer than its VR.
func isNumber(vr dicom.VR, b []byte) bool {
	exponent, ok := grammar(b)
	if vr == dicom.VRIS {
		return ok && len(b) <= maxInteger && !bytes.ContainsAny(b, ".eE")
	}
	return ok && exponent <= 2
}

// grammar reports whether text is a JSON number (RFC 8259 §6), and how many digits
// its exponent has.
func grammar(b []byte) (exponent int, ok bool) {
	i := 0
	digits := func() int {
		start := i
		for i < len(b) && b[i]-'0' < 10 {
			i++
		}
		return i - start
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	first := i
	if n := digits(); n == 0 || n > 1 && b[first] == '0' {
		return 0, false
	}
	if i < len(b) && b[i] == '.' {
		i++
		if digits() == 0 {
			return 0, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if exponent = digits(); exponent == 0 {
			return 0, false
		}
	}
	return exponent, i == len(b) && i <= maxNumber
}
