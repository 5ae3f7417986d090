package deid

import (
	"context"
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
	ReasonPixelUnread     sinso.Reason = "pixels-not-read"
	ReasonText            sinso.Reason = "mostly-text"
	ReasonWaveform        sinso.Reason = "waveform"
	ReasonFace            sinso.Reason = "face"
)

var explanations = map[sinso.Reason]string{
	ReasonBurnedIn:        "the object says that text which may identify the person is part of its pixels; none was blanked",
	ReasonBurnedInUnknown: "the object does not say whether text is part of its pixels, and is not an original image of which that is known",
	ReasonCapture:         "it was captured from a screen, a film or paper, where names are usually part of the picture",
	ReasonImageKind:       "names, or a person's looks, are often part of the picture in images of this kind, and the profile in force does not clean them",
	ReasonDocument:        "it is a document (a PDF, a CDA, a mesh): what is in it is not taken apart, and so its text is not cleaned",
	ReasonStructured:      "it is a report: without its text it is worth nothing, and the profile in force does not clean its text",
	ReasonNotImage:        "it is no image that can be checked, and of no kind that the profile in force can clean",
	ReasonOverlay:         "the unused bits of its pixels are not empty: graphics or text may be in them",
	ReasonPixelLength:     "its pixel data is not as long as its header says, so that something else may be in it",
	ReasonPixelStream:     "its compressed pixel data holds comments or parts that this node cannot look into",
	ReasonPixelUnread:     "its pixels cannot be decoded, or not be written again once text in them is blanked",
	ReasonText:            "more than 60 % of it looks like text, or is read as a page of it: with that blanked there is nothing left to see",
	ReasonWaveform:        "it is a recording of the heart, the brain or a voice: the curve itself can tell who it is",
	ReasonFace:            "a head is in it, by its words, its study or, whatever they say, by its shape; a face can be rebuilt from that: it stays where it is until it has been defaced",
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

	rootWaveform     = "1.2.840.10008.5.1.4.1.1.9."
	rootPresentation = "1.2.840.10008.5.1.4.1.1.11."
	rootRadiotherapy = "1.2.840.10008.5.1.4.1.1.481."
)

// gate says why the pixels of an object cannot be trusted to show no text, and what
// is done about it. It fails closed: what it does not know is withheld, until persons
// have looked at it.
func (p *Profile) gate(ctx context.Context, file *dicom.File, ds *dicom.Dataset, release Release) (visible, []sinso.Reason, error) {
	var v visible
	review := release.Review
	if p.options[CleanGraphics] {
		var planes []dicom.DataElement
		v.overlays, planes = seeOverlays(ds)
		v.element = planes
	}
	kind, class := p.kindReason(file, ds)
	if kind == "" && class == withoutPixels {
		return v, nil, nil
	}
	if kind != "" {
		if held := review.keep(append(burnedIn(file, false), kind)); len(held) > 0 {
			return v, held, nil
		}
		if !hasPixels(ds) {
			return v, []sinso.Reason{ReasonNotImage}, nil
		}
	}
	_, converted := file.Find(tagConversionType) // what was digitised or captured no scanner made
	trusted := kind == "" && !converted && imageClasses[file.String(tagSOPClass)] == file.String(tagModality) && len(burnedIn(file, true)) == 0 && original(file)
	reason, err := pixelReason(ctx, file, ds)
	if err != nil {
		return v, nil, err
	}
	if !p.options[CleanPixelData] || reason != "" {
		held := burnedIn(file, true)
		if reason != "" {
			held = append(held, reason)
		}
		if held = review.keep(held); len(held) > 0 {
			return v, held, nil
		}
	}
	return p.look(ctx, file, ds, v, look{trusted, release.Believe, review, release.Reader, release.Seen})
}

// look says how an object's pixels are looked at.
type look struct {
	trusted bool // its scanner made it, and nothing says otherwise
	believe bool // then it is not looked at
	review  Review
	reader  sinso.TextReader // looks a second time; or nil
	seen    *Seen            // by an earlier look; or nil
}

// look blanks what is found in the pixels, if they are not trusted; what regions and
// templates say, and what persons drew, whether they are or not.
func (p *Profile) look(ctx context.Context, file *dicom.File, ds *dicom.Dataset, v visible, how look) (visible, []sinso.Reason, error) {
	find, review := p.options[CleanPixelData] && (!how.trusted || !how.believe), how.review
	if !find && len(review.Boxes) == 0 && !p.mayMark(ds) {
		return v, nil, nil
	}
	var seen visible
	var reason sinso.Reason
	var err error
	if how.seen != nil {
		find = how.seen.looked
		seen.marks, seen.looked = how.seen.marks, find
		reason = seen.blank(file, review)
	} else {
		seen, reason, err = p.see(ctx, file, ds, find, how)
	}
	if err == nil && how.trusted && reason == ReasonText && !seen.page { // no scanner fills its own picture with writing: it is what it saw
		find = false
		seen, reason, err = p.see(ctx, file, ds, false, how)
	}
	if err != nil {
		return v, nil, err
	}
	v.marks, v.looked, v.element = seen.marks, seen.looked, append(v.element, seen.element...)
	var held []sinso.Reason
	switch said := strings.ToUpper(file.String(tagBurnedIn)); {
	case reason != "":
		held = []sinso.Reason{reason}
	case find && said != "" && said != "NO" && !slices.ContainsFunc(v.marks, func(m Mark) bool { return m.By != ByPerson }):
		held = []sinso.Reason{ReasonBurnedIn} // it says that there is text, and none was found
	}
	return v, review.keep(held), nil
}

// mayMark reports whether regions or templates can have marks in an object.
func (p *Profile) mayMark(ds *dicom.Dataset) bool {
	return len(p.source.NodeTemplates) > 0 || p.options[CleanPixelData] && (len(p.source.Templates) > 0 || ds.Find(tagUltrasoundRegions) != nil)
}

// withoutPixels is a class whose objects have no pixels, and whose elements are all
// that there is.
const withoutPixels = "no pixels"

// kindReason withholds by what kind of object it is. The second answer is the kind.
func (p *Profile) kindReason(file *dicom.File, ds *dicom.Dataset) (sinso.Reason, string) {
	class, modality := file.String(tagSOPClass), file.String(tagModality)
	conversion := file.String(tagConversionType)
	_, converted := file.Find(tagConversionType)
	capture := class == rootCapture || strings.HasPrefix(class, rootCapture+".") || converted
	cleaned := p.options[CleanPixelData] && cleanedClass(class)
	switch {
	case strings.HasPrefix(class, rootDocument) || modality == "DOC":
		return ReasonDocument, ""
	case strings.HasPrefix(class, rootStructured) || modality == "SR":
		if !p.options[CleanStructuredContent] || !p.options[CleanDescriptors] || hasPixelData(ds) {
			return ReasonStructured, ""
		}
		return "", withoutPixels
	case strings.HasPrefix(class, rootWaveform):
		return ReasonWaveform, ""
	case capture && (!cleaned || byHand(conversion)):
		return ReasonCapture, ""
	case !hasPixelData(ds) && p.elementsOnly(class):
		return "", withoutPixels
	case !hasPixels(ds):
		return ReasonNotImage, ""
	case !cleaned && (imageClasses[class] == "" || imageClasses[class] != modality):
		return ReasonImageKind, ""
	default:
		return "", class
	}
}

// byHand reports whether a captured picture is a page that was scanned, or a drawing:
// there is handwriting on it (PS3.3 C.8.6.1, Conversion Type; SYN is a computer's own).
func byHand(conversion string) bool {
	conversion = strings.ToUpper(conversion)
	return conversion == "DRW" || strings.HasPrefix(conversion, "S") && conversion != "SYN"
}

// elementsOnly reports whether an object of the class, without pixels, is cleaned when
// its elements are: radiotherapy, registrations, presentation states.
func (p *Profile) elementsOnly(class string) bool {
	if !p.options[CleanDescriptors] || !p.options[CleanStructuredContent] {
		return false
	}
	switch {
	case strings.HasPrefix(class, rootRadiotherapy), slices.Contains(registrations, class):
		return true
	case strings.HasPrefix(class, rootPresentation):
		return p.options[CleanGraphics]
	default:
		return false
	}
}

// registrations say how pictures lie to each other.
var registrations = []string{"1.2.840.10008.5.1.4.1.1.66.1", "1.2.840.10008.5.1.4.1.1.66.2", "1.2.840.10008.5.1.4.1.1.66.3"}

// pictureRoots are the classes, and their families, of pictures whose writing can be
// found and blanked: made by a detector, a probe or a computation, or captured from a
// screen. Photographs of people are not among them: they show who it is.
var pictureRoots = []string{
	"1.2.840.10008.5.1.4.1.1.1",     // CR, and DX, MG and their like below it
	"1.2.840.10008.5.1.4.1.1.2",     // CT
	"1.2.840.10008.5.1.4.1.1.3.1",   // US multi-frame
	"1.2.840.10008.5.1.4.1.1.4",     // MR
	"1.2.840.10008.5.1.4.1.1.6.1",   // US
	"1.2.840.10008.5.1.4.1.1.6.2",   // US volume
	"1.2.840.10008.5.1.4.1.1.7",     // secondary capture
	"1.2.840.10008.5.1.4.1.1.12",    // XA, RF
	"1.2.840.10008.5.1.4.1.1.13.1",  // XA 3D, breast tomosynthesis
	"1.2.840.10008.5.1.4.1.1.20",    // NM
	"1.2.840.10008.5.1.4.1.1.66.4",  // SEG
	"1.2.840.10008.5.1.4.1.1.128",   // PT
	"1.2.840.10008.5.1.4.1.1.130",   // enhanced PT
	"1.2.840.10008.5.1.4.1.1.481.1", // RT image
	"1.2.840.10008.5.1.4.1.1.481.2", // RT dose
}

// intraOral are pictures of teeth, by which people are identified.
const intraOral = "1.2.840.10008.5.1.4.1.1.1.3"

func cleanedClass(class string) bool {
	if class == intraOral || strings.HasPrefix(class, intraOral+".") {
		return false
	}
	return slices.ContainsFunc(pictureRoots, func(root string) bool { return class == root || strings.HasPrefix(class, root+".") })
}

// hasPixelData reports whether there is pixel data of any kind.
func hasPixelData(ds *dicom.Dataset) bool {
	return ds.Find(tagPixelData) != nil || ds.Find(tagFloatPixels) != nil || ds.Find(tagDoublePixels) != nil
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
// nothing, only an original image is believed, and only of a kind that can be. What says
// that it was taken from a screen is not believed if it says that there is none.
func burnedIn(file *dicom.File, believable bool) []sinso.Reason {
	said := strings.ToUpper(file.String(tagBurnedIn))
	switch {
	case said != "" && said != "NO":
		return []sinso.Reason{ReasonBurnedIn}
	case !believable, said == "NO" && !fromScreen(file), original(file):
		return nil
	}
	return []sinso.Reason{ReasonBurnedInUnknown}
}

// original reports whether an image says that it is as its scanner made it.
func original(file *dicom.File) bool {
	values := file.Strings(tagImageType)
	return len(values) >= 2 && values[0] == "ORIGINAL" && values[1] == "PRIMARY" && strings.HasPrefix(file.String(tagPhotometric), "MONOCHROME") && !fromScreen(file)
}

// fromScreen reports whether Image Type tells of a screen, as SCREEN SAVE does.
func fromScreen(file *dicom.File) bool {
	return slices.ContainsFunc(file.Strings(tagImageType), func(v string) bool { return strings.Contains(strings.ToUpper(v), "SCREEN") })
}
