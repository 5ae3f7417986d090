package quality

import (
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Findings returns the names of everything that can be found, with the part that it lowers.
func Findings() map[string]Part {
	return map[string]Part{
		"missing": Validity, "empty": Validity, "value": Validity, "code": Validity, "unknown-class": Validity,
		"withheld": Completeness, "slices": Completeness, "numbers": Completeness, "unnumbered": Completeness, "frames": Completeness,
		"charset": Structure, "uncoded": Structure, "anatomy": Structure, "orientation": Structure, "spacing": Structure,
		"matrix": Resolution, "bits": Resolution, "thickness": Resolution, "lossy": Resolution,
		"unplaced": Continuity, "reference": Continuity, "turned": Continuity, "shape": Continuity, "gap": Continuity, "double": Continuity, "uneven": Continuity,
		"not-marked": Deid, "no-method": Deid, "dates": Deid, "burned-in": Deid,
		"doubled": Uniqueness, "on-market": Uniqueness,
	}
}

// Explain says what a finding is and what would help, "" for a name that is none.
func Explain(name string) (says, helps string) {
	switch name {
	case "missing":
		return "an attribute that the standard asks for is missing", "have the device or the archive send it again with it, or correct it"
	case "empty":
		return "an attribute that must have a value has none", "have the device or the archive send it again with it, or correct it"
	case "value":
		return "a value is none that the attribute may have", "correct it where it comes from, and import it again"
	case "code":
		return "a code lacks its value, its scheme or its meaning", "complete it where it comes from, and import it again"
	case "unknown-class":
		return "it is of a class whose rules this program does not know; only what holds for all was looked at", ""
	case "withheld":
		return "instances of a series are held back", "see why in the release; what is in doubt can be looked at in the review"
	case "slices":
		return "slices are missing in the block", "import the missing ones, from the disc or the archive"
	case "numbers":
		return "instance numbers are left out", "import the missing instances, if there are any"
	case "unnumbered":
		return "instances have no number, so that nobody can tell whether one is missing", "have the archive send them again with their numbers"
	case "frames":
		return "frames are missing or cut off", "import it again from where it is whole"
	case "charset":
		return "text is written in a character set that is not named", "have the device name it"
	case "uncoded":
		return "what was done, or what it shows, is in no code", "have the device send procedure, view or anatomy as codes"
	case "anatomy":
		return "it does not say which part of the body it shows", "have the device name it"
	case "orientation":
		return "it does not say how the body lies in the image", "have the device name it"
	case "spacing":
		return "it does not say how large a pixel is", "have the device write it: nothing can be measured without"
	case "matrix":
		return "the image is coarse for its kind", "choose the finest series of the study"
	case "bits":
		return "its pixels have few steps of brightness for its kind", "choose the original instead of a copy"
	case "thickness":
		return "slices are thick, or do not say how thick they are", "choose the thinnest series of the study"
	case "lossy":
		return "it was compressed with loss", "choose the original instead of a copy"
	case "unplaced":
		return "slices do not say where they lie", "have the archive send them with position, orientation, spacing and frame of reference"
	case "reference":
		return "slices are in another frame of reference than most", "release the series apart"
	case "turned":
		return "slices are turned another way than most", "release the series apart"
	case "shape":
		return "slices have another matrix or spacing than most", "release the series apart"
	case "gap":
		return "there are gaps between slices", "import the missing ones"
	case "double":
		return "several slices are at one place", "take the doubles out"
	case "uneven":
		return "the steps between slices are uneven", "choose another reconstruction of the study"
	case "not-marked":
		return "it does not say that the identity was removed", "release it anew"
	case "no-method":
		return "it does not say how the identity was removed", "release it anew"
	case "dates":
		return "it does not say what became of dates", "release it anew"
	case "burned-in":
		return "it does not say that nothing is written in its pixels", "have it looked at in the review"
	case "doubled":
		return "the same picture is in it more than once", "take the doubles out"
	case "on-market":
		return "the same pictures are for sale here already, from another study", "take back the other offer, if it is yours"
	}
	return "", ""
}

// Attribute returns the name of a tag as a finding has it, "" if there is none.
func Attribute(tag string) string {
	text := strings.NewReplacer("(", "", ",", "", ")", "").Replace(tag)
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(tag) != len("(0000,0000)") {
		return ""
	}
	known, _ := dicom.Lookup(dicom.Tag(n))
	return known.Name
}
