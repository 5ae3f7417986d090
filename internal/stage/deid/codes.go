package deid

import (
	"bytes"
	"strconv"
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

// Roots of public vocabularies whose UIDs are in no list of this program: the context
// groups of DICOM (PS3.6 Table A-3) and the code systems that HL7 registers, such as SNOMED
// CT; and the one of NCI's thesaurus, which has another root (PS3.16 Table 8-1). Their
// numbers are no greater than these.
const (
	rootContext     = "1.2.840.10008.6.1."
	lastContext     = 1600
	rootCodeSystem  = "2.16.840.1.113883.6."
	lastCodeSystem  = 400
	lastPart        = 9 // of a code system
	nciThesaurusUID = "2.16.840.1.113883.3.26.1.1"
)

// publicUID reports whether a UID is registered: by the standard (PS3.6 Annex A), or with
// a public vocabulary. One that only begins as those do may be anybody's.
func publicUID(uid string) bool {
	if _, _, known := dicom.UIDName(uid); known || uid == nciThesaurusUID {
		return true
	}
	if number, ok := strings.CutPrefix(uid, rootContext); ok {
		return upTo(number, lastContext)
	}
	number, ok := strings.CutPrefix(uid, rootCodeSystem)
	system, part, parted := strings.Cut(number, ".")
	return ok && upTo(system, lastCodeSystem) && (!parted || upTo(part, lastPart))
}

// upTo reports whether a component of a UID is a number from 1 to last, without zeros
// before it (PS3.5 §9.1).
func upTo(component string, last int) bool {
	n, err := strconv.Atoi(component)
	return err == nil && n >= 1 && n <= last && strconv.Itoa(n) == component
}

// publicSchemes are the designators of coding schemes that the standard lists (PS3.16
// Table 8-1), or that are written for these.
var publicSchemes = terms(`dcm sct srt snm snm3 sdm ln loinc ucum umls radlex radelement fma ma msh neu nci ncit ndfrt usrxn rxnorm
	i9 i9c i10 i10c i10p i11 icd10 icd-10 icd9 icd-9 icd10gm icdo3 icdo cpt c4 c5 cptm bi acr birads ibsi mayoasrg
	nist_rm nist_ri hl7 iso639_1 iso639_2 iso3166_1 iso3166_2 rfc3066 rfc5646 ieee1010 mdc itis_tsn uns pubchem_cid ncbi omim
	fda unii ndc atc bari jj1017 jj1017t jj1017p jj1017-16m jj1017-16p jj1017-32 jc8 ccc loinc-rsna snomed snomed-ct snomed_ct`)

// ownScheme reports whether a coding scheme is somebody's own, or not known to be none
// (PS3.16 §8): its name may be a hospital's, whether it begins with 99 or not.
func ownScheme(e *dicom.DataElement) bool {
	return !isEmpty(e) && !publicSchemes[strings.ToLower(string(bytes.Trim(e.Value, " \x00")))]
}

// ownCode reports whether what is cleaned now is a code of somebody's own scheme, or of
// none: its meaning is free text.
func (c *cleaner) ownCode() bool {
	if scheme := c.in.Find(tagCodingScheme); scheme != nil {
		return isEmpty(scheme) || ownScheme(scheme)
	}
	uid := c.in.Find(tagCodingSchemeUID)
	return uid == nil || isEmpty(uid) || !c.publicUIDs(uid)
}
