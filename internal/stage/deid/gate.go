package deid

import (
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The reasons for which a derivative is withheld. A closed set; [Explain] has a
// sentence for each.
const (
	ReasonBurnedIn        sinso.Reason = "burned-in-annotation"
	ReasonBurnedInUnknown sinso.Reason = "burned-in-unknown"
	ReasonCapture         sinso.Reason = "secondary-capture"
	ReasonImageKind       sinso.Reason = "image-kind"
	ReasonDocument        sinso.Reason = "document"
	ReasonStructured      sinso.Reason = "structured-content"
	ReasonNotImage        sinso.Reason = "not-an-image"
	ReasonOverlay         sinso.Reason = "overlay-in-pixels"
	ReasonPixelLength     sinso.Reason = "pixel-length"
	ReasonPixelStream     sinso.Reason = "pixel-stream"
	ReasonFace            sinso.Reason = "face"
)

var explanations = map[sinso.Reason]string{
	ReasonBurnedIn:        "the object says that text which may identify the person is part of its pixels",
	ReasonBurnedInUnknown: "the object does not say whether text is part of its pixels, and is not an original image of which that is known",
	ReasonCapture:         "it was captured from a screen, a film or paper, where names are usually part of the picture",
	ReasonImageKind:       "names are often part of the picture in images of this kind; only CT, MR, PET and nuclear medicine can be released so far",
	ReasonDocument:        "it is a document, and its text is not cleaned",
	ReasonStructured:      "it is a report: without its text it is worth nothing, and its text is not cleaned",
	ReasonNotImage:        "it is no image that can be checked: a presentation state, a plan, a waveform, or an object without pixels",
	ReasonOverlay:         "the unused bits of its pixels are not empty: graphics or text may be in them",
	ReasonPixelLength:     "its pixel data is not as long as its header says, so that something else may be in it",
	ReasonPixelStream:     "its compressed pixel data holds comments or parts that this node cannot look into",
	ReasonFace:            "a head is in it, by its words or, where they name no part of the body, by its size; a face can be rebuilt from that: it stays where it is until it has been defaced",
}

// Explain returns a sentence for a reason of this package, "" for others.
func Explain(reason sinso.Reason) string { return explanations[reason] }

// Reasons returns every reason that Clean can give, sorted.
func Reasons() []sinso.Reason {
	out := make([]sinso.Reason, 0, len(explanations))
	for reason := range explanations {
		out = append(out, reason)
	}
	slices.Sort(out)
	return out
}

// imageClasses are the SOP classes that may pass, with their modality (PS3.4
// Table B.5-1). Their pixels come from a detector and a computation.
var imageClasses = map[string]string{
	"1.2.840.10008.5.1.4.1.1.2":     "CT", // CT Image
	"1.2.840.10008.5.1.4.1.1.2.1":   "CT", // Enhanced CT Image
	"1.2.840.10008.5.1.4.1.1.2.2":   "CT", // Legacy Converted Enhanced CT Image
	"1.2.840.10008.5.1.4.1.1.4":     "MR", // MR Image
	"1.2.840.10008.5.1.4.1.1.4.1":   "MR", // Enhanced MR Image
	"1.2.840.10008.5.1.4.1.1.4.4":   "MR", // Legacy Converted Enhanced MR Image
	"1.2.840.10008.5.1.4.1.1.20":    "NM", // Nuclear Medicine Image
	"1.2.840.10008.5.1.4.1.1.128":   "PT", // Positron Emission Tomography Image
	"1.2.840.10008.5.1.4.1.1.128.1": "PT", // Legacy Converted Enhanced PET Image
	"1.2.840.10008.5.1.4.1.1.130":   "PT", // Enhanced PET Image
}

// Families of SOP classes (PS3.4 Table B.5-1).
const (
	rootCapture    = "1.2.840.10008.5.1.4.1.1.7"
	rootStructured = "1.2.840.10008.5.1.4.1.1.88."
	rootDocument   = "1.2.840.10008.5.1.4.1.1.104."
)

// gate says why the pixels of an object cannot be trusted to show no text. It
// fails closed: what it does not know is withheld.
func gate(file *dicom.File, ds *dicom.Dataset) []sinso.Reason {
	if reason := kindReason(file, ds); reason != "" {
		return append(burnedIn(file, false), reason)
	}
	reasons := burnedIn(file, true)
	if reason := pixelReason(file, ds); reason != "" {
		reasons = append(reasons, reason)
	}
	return reasons
}

// kindReason withholds by what kind of object it is.
func kindReason(file *dicom.File, ds *dicom.Dataset) sinso.Reason {
	class, modality := file.String(tagSOPClass), file.String(tagModality)
	_, converted := file.Find(tagConversionType)
	switch {
	case strings.HasPrefix(class, rootDocument) || modality == "DOC":
		return ReasonDocument
	case strings.HasPrefix(class, rootStructured) || modality == "SR":
		return ReasonStructured
	case class == rootCapture || strings.HasPrefix(class, rootCapture+".") || converted:
		return ReasonCapture
	case !hasPixels(ds):
		return ReasonNotImage
	case imageClasses[class] == "" || imageClasses[class] != modality:
		return ReasonImageKind
	default:
		return ""
	}
}

// hasPixels reports whether there is pixel data, and one kind of it only.
func hasPixels(ds *dicom.Dataset) bool {
	n := 0
	for _, e := range ds.Elements {
		if e.Tag == tagPixelData || e.Tag == tagFloatPixels || e.Tag == tagDoublePixels {
			n++
		}
	}
	return n == 1
}

// burnedIn withholds by what the object says of text in its pixels. Where it says
// nothing, only an original image is believed, and only of a kind that can be.
func burnedIn(file *dicom.File, believable bool) []sinso.Reason {
	said := strings.ToUpper(file.String(tagBurnedIn))
	switch {
	case said != "" && said != "NO":
		return []sinso.Reason{ReasonBurnedIn}
	case said == "NO" || !believable:
		return nil
	}
	values := file.Strings(tagImageType)
	original := len(values) >= 2 && values[0] == "ORIGINAL" && values[1] == "PRIMARY"
	screen := slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "SCREEN") })
	grey := strings.HasPrefix(file.String(tagPhotometric), "MONOCHROME")
	if original && grey && !screen {
		return nil
	}
	return []sinso.Reason{ReasonBurnedInUnknown}
}
