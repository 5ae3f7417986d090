package deid

import (
	"bytes"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Lengths of one value (PS3.5 Table 6.2-1). Decimal strings are longer than
// allowed in many real files, and a number stays a number.
const (
	maxCodeString    = 16
	maxNumericString = 64
)

// conforms reports whether each value of a CS, DS or IS is made as it must be:
// free text is not.
func conforms(e *dicom.DataElement) bool {
	for value := range bytes.SplitSeq(e.Value, []byte{'\\'}) {
		if !isCode(e.VR, value) {
			return false
		}
	}
	return true
}

// isCode reports whether one value of a CS, DS or IS is made as it must be.
func isCode(vr dicom.VR, value []byte) bool {
	value = bytes.Trim(value, " \x00")
	allowed, longest := "0123456789+-.eE", maxNumericString
	if vr == dicom.VRCS {
		allowed, longest = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _", maxCodeString
	}
	if len(value) > longest {
		return false
	}
	for _, c := range value {
		if strings.IndexByte(allowed, c) < 0 {
			return false
		}
	}
	return vr == dicom.VRCS || len(value) == 0 || isNumber(value)
}

// isNumber reports whether a value is one number: no date, and no telephone.
func isNumber(value []byte) bool {
	_, err := strconv.ParseFloat(string(value), 64)
	return err == nil
}

// tidied returns an element as it is meant where terms of the standard are in small
// letters, or a number has a comma for its point: many scanners write both, and a reader
// wants them. Other words in small letters are no code.
func tidied(e *dicom.DataElement) *dicom.DataElement {
	if e.VR != dicom.VRCS && e.VR != dicom.VRDS || len(e.Value) == 0 || conforms(e) {
		return e
	}
	out := *e
	if out.Value = bytes.ToUpper(e.Value); e.VR == dicom.VRDS {
		out.Value = bytes.ReplaceAll(e.Value, []byte{','}, []byte{'.'})
	}
	if !conforms(&out) || e.VR == dicom.VRCS && !standard(strings.ToLower(strings.ReplaceAll(string(e.Value), `\`, " "))) {
		return e
	}
	return &out
}

// careful is what stands in the first two places of Image Type and Frame Type, which must
// say something (PS3.3 C.7.6.1.1.2), if nobody knows what they should: no reader takes such
// a picture for the scanner's own.
var careful = [...]string{"DERIVED", "SECONDARY"}

// onlyCodes returns an element of several code strings without those that are none, in
// whose places nothing stands; and whether there were any beside codes.
func onlyCodes(e *dicom.DataElement) (*dicom.DataElement, bool) {
	if e.VR != dicom.VRCS || conforms(e) {
		return e, false
	}
	values, codes := bytes.Split(e.Value, []byte{'\\'}), 0
	for i, value := range values {
		switch {
		case isCode(e.VR, value):
			codes += min(1, len(bytes.Trim(value, " \x00")))
		case i < len(careful) && (e.Tag == tagImageType || e.Tag == tagFrameType):
			values[i] = []byte(careful[i])
		default:
			values[i] = nil
		}
	}
	if codes == 0 {
		return e, false
	}
	return &dicom.DataElement{Tag: e.Tag, VR: e.VR, Value: bytes.Join(values, []byte{'\\'})}, true
}
