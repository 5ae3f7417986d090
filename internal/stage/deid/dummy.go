package deid

import (
	"bytes"
	"encoding/hex"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// The dummy values of action D: valid in their VR and the same for everybody.
const (
	dummyText     = "REMOVED"
	dummyScheme   = "99REMOVED" // a private coding scheme begins with 99 (PS3.16 §8)
	dummyDate     = "19000101"
	dummyTime     = "000000"
	dummyAge      = "000Y"
	dummyNumber   = "1" // identifiers and counts of items may not be 0
	dummyResource = "urn:x-removed"
)

// pseudonyms are the D attributes that name the person or their specimen over
// several objects: they get a name of the release, so that what belonged
// together still does.
var pseudonyms = map[dicom.Tag]bool{
	tagPatientID: true, tagTrialSubject: true, tagTrialReading: true, tagContainerID: true, tagSpecimenID: true,
}

// dummy returns the element with a dummy value. What is empty stays so: there is
// nothing to hide, and a value would claim that there was one.
func (c *cleaner) dummy(e *dicom.DataElement, vr dicom.VR, path string, cause Cause) (dicom.DataElement, Action, Cause) {
	if vr == dicom.VRSQ {
		if e.Items == nil {
			return dicom.DataElement{Tag: e.Tag, VR: vr}, Emptied, cause
		}
		return c.items(e, path, modeDummy), Replaced, cause
	}
	if isEmpty(e) {
		return dicom.DataElement{Tag: e.Tag, VR: vr}, Kept, cause
	}
	if vr == dicom.VRUI {
		return c.newUID(e, cause)
	}
	out := dicom.DataElement{Tag: e.Tag, VR: vr, Value: dummyValue(e, vr)}
	switch {
	case pseudonyms[e.Tag]:
		out.Value = []byte(c.keys.Pseudonym(string(bytes.Trim(e.Value, " \x00"))))
	case e.Tag == tagCodingScheme:
		out.Value = []byte(dummyScheme)
	}
	return out, Replaced, cause
}

// dummies are the values of VRs that have one for everybody. A document or a
// certificate does not even keep its length.
var dummies = map[dicom.VR]string{
	dicom.VRDA: dummyDate, dicom.VRDT: dummyDate, dicom.VRTM: dummyTime, dicom.VRAS: dummyAge,
	dicom.VRUR: dummyResource, dicom.VROB: "\x00\x00", dicom.VRUN: "\x00\x00",
}

// dummyValue returns a value of the VR that says nothing. Numbers keep their
// count, for other elements may say it too; it is bounded by the original.
func dummyValue(e *dicom.DataElement, vr dicom.VR) []byte {
	fixed, ok := dummies[vr]
	switch {
	case ok:
		return []byte(fixed)
	case vr == dicom.VRDS || vr == dicom.VRIS:
		return []byte(strings.Repeat(dummyNumber+`\`, bytes.Count(e.Value, []byte{'\\'})) + dummyNumber)
	case kindOf(vr) == kindNumber:
		return dummyNumbers(vr, len(e.Value))
	default:
		return []byte(dummyText)
	}
}

// dummyNumbers returns numbers of the VR in length bytes: 1 for whole ones,
// which as identifiers and counts may not be 0, and 0 for others.
func dummyNumbers(vr dicom.VR, length int) []byte {
	out := make([]byte, length)
	size := map[dicom.VR]int{
		dicom.VRUS: 2, dicom.VRSS: 2, dicom.VRUL: 4, dicom.VRSL: 4, dicom.VRUV: 8, dicom.VRSV: 8,
	}[vr]
	for at := 0; size > 0 && at < length; at += size {
		out[at] = 1 // little endian
	}
	return out
}

// What the derivative says of its own making (PS3.15 E.1.1, PS3.3 C.12.1.1.1 and
// C.7.1.1; codes from PS3.16 CID 7050).
const (
	methodText = "PS3.15-2024b Basic Application Confidentiality Profile"
	schemeDCM  = "DCM"
)

// stamps reports whether an attribute of the root tells of de-identification: it
// is written anew, whatever an earlier hand claimed.
func (c *cleaner) stamps(t dicom.Tag) bool {
	switch t {
	case tagIdentityRemoved, tagMethod, tagMethodCodes, tagTemporalModified, tagPatientName:
		return true
	default:
		return t == tagBurnedIn && c.passed
	}
}

// sign writes what was done into the derivative, and its name.
func (c *cleaner) sign(ds *dicom.Dataset, uid string) {
	hash := c.profile.Hash()
	ds.SetString(tagSOPInstance, dicom.VRUI, uid)
	ds.SetString(tagIdentityRemoved, dicom.VRCS, "YES")
	ds.SetString(tagMethod, dicom.VRLO, methodText, dicom.DeidentifiedMaker+c.profile.Name(), hex.EncodeToString(hash[:]))
	codes := []dicom.Dataset{methodCode(basicCode)}
	for _, option := range c.profile.Options() {
		if option == CleanPixelData && !c.looked || option == CleanVisualFeatures && !c.faceless {
			continue // claimed where it was done
		}
		codes = append(codes, methodCode(optionCodes[option]))
	}
	ds.Set(dicom.DataElement{Tag: tagMethodCodes, VR: dicom.VRSQ, Items: codes})
	temporal := c.temporal()
	ds.SetString(tagTemporalModified, dicom.VRCS, temporal)
	if c.in.Find(tagPatientName) != nil || c.in.Find(tagStudyInstance) != nil { // else it is of no patient
		ds.SetString(tagPatientName, dicom.VRPN, visibleMarks[temporal])
	}
	if c.passed {
		// The gate has looked: the source says NO, or made the image itself and
		// nothing has been drawn on it since, or what was drawn is blanked.
		ds.SetString(tagBurnedIn, dicom.VRCS, "NO")
	}
	if c.faceless {
		c.signFaceless(ds)
	}
}

// visibleMarks stand in the place of the patient's name, by what became of dates: what
// every viewer, worklist and film shows. A dummy of action Z, the same for everybody.
var visibleMarks = map[string]string{
	temporalModified:   dicom.NameDatesMoved,
	temporalRemoved:    dicom.NameDatesRemoved,
	temporalUnmodified: dicom.NameDeidentified,
}

// Longitudinal Temporal Information Modified (PS3.3 C.12.1.1.1).
const (
	temporalModified   = "MODIFIED"
	temporalRemoved    = "REMOVED"
	temporalUnmodified = "UNMODIFIED"
)

// derivation is what a picture without its face says of itself.
const derivation = "Face removed for privacy; not for diagnosis or treatment"

// signFaceless marks a picture whose values are no longer all the scanner's (PS3.3
// C.7.6.1.1.2, C.12.1.1.1).
func (c *cleaner) signFaceless(ds *dicom.Dataset) {
	ds.SetString(tagRecognizable, dicom.VRCS, "NO")
	ds.SetString(tagDerivation, dicom.VRST, derivation)
	if e := ds.Find(tagImageType); e != nil {
		values := strings.Split(string(bytes.Trim(e.Value, " \x00")), `\`)
		nameUnits(ds, values)
		values[0] = "DERIVED"
		ds.SetString(tagImageType, dicom.VRCS, values...)
	}
}

// nameUnits writes down that values are in HU where that followed from the picture's being
// an original of CT, and nothing else says it (PS3.3 C.8.2.1): it is to be none any more.
func nameUnits(ds *dicom.Dataset, imageType []string) {
	sop, energies := ds.Find(tagSOPClass), ds.Find(tagMultiEnergy)
	switch {
	case sop == nil || imageClasses[string(bytes.Trim(sop.Value, " \x00"))] != "CT" || imageType[0] != "ORIGINAL",
		len(imageType) > 2 && imageType[2] == "LOCALIZER",
		energies != nil && string(bytes.Trim(energies.Value, " \x00")) == "YES",
		ds.Find(tagIntercept) == nil || ds.Find(tagSlope) == nil,
		ds.Find(tagRescaleType) != nil && len(ds.Find(tagRescaleType).Value) > 0:
		return
	}
	ds.SetString(tagRescaleType, dicom.VRLO, "HU")
}

// temporal says what became of dates (PS3.3 C.12.1.1.1).
func (c *cleaner) temporal() string {
	switch {
	case c.profile.options[RetainFullDates]:
		return temporalUnmodified
	case c.profile.options[RetainModifiedDates]:
		return temporalModified
	default:
		return temporalRemoved
	}
}

func methodCode(c code) dicom.Dataset {
	var item dicom.Dataset
	item.SetString(tagCodeValue, dicom.VRSH, c.value)
	item.SetString(tagCodingScheme, dicom.VRSH, schemeDCM)
	item.SetString(tagCodeMeaning, dicom.VRLO, c.meaning)
	return item
}
