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
