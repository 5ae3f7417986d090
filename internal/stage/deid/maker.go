package deid

import (
	"regexp"
	"strings"
	"unicode"

	"sinso.dev/sinso/internal/format/dicom"
)

// makers are the attributes that name who made a device, its parts or its programs, or
// what they call it. What somebody else typed there is no such name.
var makers = map[dicom.Tag]bool{
	tagManufacturer: true, tagModel: true,
	0x00189041: true, // Receive Coil Manufacturer Name
	0x00189050: true, // Transmit Coil Manufacturer Name
	0x00189524: true, // Application Name
	0x00189526: true, // Application Manufacturer
}

// Bounds of a maker's name. The longest in use have seven words ("Shanghai United Imaging
// Healthcare Co., Ltd." has six), and models four digits in a row.
const (
	maxMakerWords  = 8
	maxMakerDigits = 6
	maxMakerNumber = 4 // digits in a row
)

// Words that stand in no maker's name: persons' titles, and what comes before a name or a
// number. DR, MR and PT in capitals are kinds of devices; with what follows them in the
// second list they are not.
var (
	noMaker     = terms("mrs miss prof frau herr madame patient mrn tel phone fax ward room owner")
	noMakerWith = map[string]string{"dr": ".", "mr": ".", "ms": ".", "pt": ":", "name": ":"}
	noMakerHan  = regexp.MustCompile(`患者|病人|姓名|先生|女士|医生|醫生|主任|电话`)
	dayOfSome   = regexp.MustCompile(`\d{1,4}[./-]\d{1,2}[./-]\d{2}`)
)

// plausibleMaker reports whether a text is short and plain enough to name a maker or a
// model: no address, date, telephone or person's title is in it.
func plausibleMaker(text string) bool {
	digits, row, han := 0, 0, false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
			row++
		case unicode.IsLetter(r), unicode.IsMark(r), strings.ContainsRune(" \x00.,:;-_/&()+'*®™", r):
			row, han = 0, han || r >= 0x2E80
		default:
			return false
		}
		if row > maxMakerNumber || digits > maxMakerDigits {
			return false
		}
	}
	if digits >= 4 && dayOfSome.MatchString(text) || han && noMakerHan.MatchString(text) {
		return false
	}
	return len(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '_' })) <= maxMakerWords && !tellsOfSomebody(text)
}

// tellsOfSomebody reports whether a text has a person's title, or a word that comes before
// a name or a number.
func tellsOfSomebody(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		at := strings.Index(text, word) + len(word)
		text = text[at:]
		plain := strings.ToLower(word)
		sign, title := noMakerWith[plain]
		if noMaker[plain] || title && (strings.HasPrefix(text, sign) || sign == "." && word != strings.ToUpper(word)) {
			return true
		}
	}
	return false
}
