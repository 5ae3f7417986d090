package dicom

import (
	"strings"

	"sinso.dev/sinso"
)

// DeidentifiedMaker begins the value of De-identification Method (0012,0063) by which a
// program of this project names itself and the profile.
const DeidentifiedMaker = "SINSO_1 "

// What stands in the place of the patient's name in what a program of this project made,
// by what became of dates.
const (
	NameDeidentified = "DE-IDENTIFIED"
	NameDatesMoved   = NameDeidentified + "^DATES MOVED"
	NameDatesRemoved = NameDeidentified + "^DATES REMOVED"
)

const (
	tagIdentityRemoved = Tag(0x00120062) // Patient Identity Removed
	tagDeidMethod      = Tag(0x00120063) // De-identification Method
	maxDeidMethod      = 4096            // bytes; ours has less than 200
)

// Deidentified returns what the object says of its own de-identification: who took the
// patient's identity out (PS3.3 C.7.1.1). Nothing can be said of an object that says
// nothing.
func (f *File) Deidentified() sinso.Deidentified {
	var method []string
	if e, ok := f.Find(tagDeidMethod); ok && e.Length <= maxDeidMethod {
		method = f.Strings(tagDeidMethod)
	}
	return DeidentifiedBy(f.Strings(tagIdentityRemoved), method)
}

// DeidentifiedBy is [File.Deidentified] of the values of Patient Identity Removed and of
// De-identification Method.
func DeidentifiedBy(removed, method []string) sinso.Deidentified {
	for _, value := range method {
		if strings.HasPrefix(strings.TrimSpace(value), DeidentifiedMaker) {
			return sinso.DeidentifiedHere
		}
	}
	if len(removed) > 0 && strings.EqualFold(strings.TrimSpace(removed[0]), "YES") {
		return sinso.DeidentifiedElsewhere
	}
	return ""
}
