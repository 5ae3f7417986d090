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
// Table 8-1), and other ways to write, or national editions of, these. NPI and ISO_OID are
// left out: what they number may be a physician, or anything; DCMUID, as its values may be
// an object's.
var publicSchemes = terms(`acr astm-sigpurpose bari bi c4 c5 cadsr cd2 ctv3 dc dcm fma hpc i10 i10c i10p i11 i9 i9c icdo3 ibsi ietf4646
	iso639_1 iso639_2 iso3166_1 iso5218_1 itis_tsn ln ma mayoasrg mdc mdns mgi msh nbd nbg ncdr ncit ndc neu nicip nyumccg pathlex pos
	pubchem_cid radlex radelement rfc3066 rfc-3881 rfc5646 ro rrid rxnorm 99sdm sdm scpecg snm3 sct srt uberon ucum umls uns upc
	snm snomed snomed-ct snomed_ct loinc icd10 icd-10 icd9 icd-9 icd10gm icdo cpt birads nci unii atc
	jj1017 jj1017t jj1017p jj1017-16m jj1017-16p jj1017-32`)

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

// codeValues are the attributes that hold a code (PS3.3 Table 8.8-1). URN Code Value goes.
var codeValues = map[dicom.Tag]bool{tagCodeValue: true, tagLongCodeValue: true}

// ownCodeValue returns a code of somebody's own scheme under a name of the release: it may
// be the number of a visit or a person. What is the same stays so, and other codes are
// others, also those of other schemes with the same value.
func (c *cleaner) ownCodeValue(e *dicom.DataElement) []byte {
	scheme := c.in.Find(tagCodingScheme)
	if scheme == nil {
		scheme = c.in.Find(tagCodingSchemeUID)
	}
	of := ""
	if scheme != nil {
		of = string(bytes.Trim(scheme.Value, " \x00"))
	}
	return []byte(c.keys.Pseudonym(of + `\` + string(bytes.Trim(e.Value, " \x00"))))
}
