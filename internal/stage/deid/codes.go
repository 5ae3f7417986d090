package deid

import (
	"bytes"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// publicUIDs reports whether each UID of an element that names a class, a code scheme or
// the like is one of the standard's or of a public vocabulary. Any other may name a
// hospital, or a study. The class of the object itself is its maker's.
func (c *cleaner) publicUIDs(e *dicom.DataElement) bool {
	if e.Tag == tagSOPClass && !c.nested {
		return true
	}
	for uid := range strings.SplitSeq(string(e.Value), `\`) {
		if uid = strings.Trim(uid, " \x00"); uid != "" && !publicUID(uid) {
			return false
		}
	}
	return true
}

// publicRoots are those of DICOM (PS3.6 Annex A) and of the code systems that HL7
// registers, such as SNOMED CT.
var publicRoots = []string{"1.2.840.10008.", "2.16.840.1.113883.6."}

// publicUID reports whether a UID is one of a public root, and as short as those are:
// no date and no number of anybody fits in.
func publicUID(uid string) bool {
	for _, root := range publicRoots {
		rest, ok := strings.CutPrefix(uid, root)
		if !ok {
			continue
		}
		parts := strings.Split(rest, ".")
		for _, part := range parts {
			if len(part) == 0 || len(part) > 4 || strings.Trim(part, "0123456789") != "" {
				return false
			}
		}
		return len(parts) <= 8
	}
	return false
}

// ownScheme reports whether a coding scheme is somebody's own (PS3.16 §8): its name may
// be a hospital's.
func ownScheme(e *dicom.DataElement) bool {
	return bytes.HasPrefix(bytes.TrimLeft(e.Value, " "), []byte("99"))
}

// ownCode reports whether what is cleaned now is a code of somebody's own scheme, or of
// none: its meaning is free text.
func (c *cleaner) ownCode() bool {
	scheme := c.in.Find(tagCodingScheme)
	return scheme == nil && c.in.Find(tagCodingSchemeUID) == nil || scheme != nil && (isEmpty(scheme) || ownScheme(scheme))
}
