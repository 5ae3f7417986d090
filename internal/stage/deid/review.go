package deid

import (
	"image"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// reviewable are the reasons of doubt: the gate does not know whether there is
// writing in the pixels, and who looks at them does. The others are no doubt (a face,
// a waveform, a document), or cannot be seen in a picture of the frame: bits beside
// the pixels, bytes behind them, what cannot be decoded.
var reviewable = []sinso.Reason{ReasonBurnedIn, ReasonBurnedInUnknown, ReasonCapture, ReasonImageKind, ReasonText}

// Reviewable reports whether persons who have seen an object may overrule a reason.
func Reviewable(reason sinso.Reason) bool { return slices.Contains(reviewable, reason) }

// Review is what persons decided about one object.
type Review struct {
	Overrules bool  // [Reviewable] reasons withhold it no longer; all others do
	Boxes     []Box // blanked besides what was found
}

// Box is a rectangle that a person drew.
type Box struct {
	Frame int             // from 0; AllFrames: in each
	Area  image.Rectangle // pixels; Max is outside
}

// AllFrames is the frame of a [Box] that is blanked in each of them.
const AllFrames = -1

// keep returns the reasons that still withhold an object.
func (r Review) keep(reasons []sinso.Reason) []sinso.Reason {
	if !r.Overrules {
		return reasons
	}
	return slices.DeleteFunc(reasons, Reviewable)
}

// marks returns what is blanked in one frame because a person said so.
func (r Review) marks(frame int, bounds image.Rectangle) []Mark {
	var out []Mark
	for _, box := range r.Boxes {
		if area := box.Area.Intersect(bounds); (box.Frame == frame || box.Frame == AllFrames) && !area.Empty() {
			out = append(out, Mark{frame, area, ByPerson})
		}
	}
	return out
}

// deviceSeparator stands between the parts of a device's name.
const deviceSeparator = " · "

// maxDeviceWord bounds each part of a device's name, in characters.
const maxDeviceWord = 32

// Device names the kind of device that an object (PS3.10) is from: manufacturer,
// model, modality and size of its pictures; "?" for what is no object. Devices of one
// kind write at the same places.
func Device(object []byte) string {
	file, err := dicom.Read(object)
	if err != nil {
		return "?"
	}
	parts := []string{deviceWord(file.String(tagManufacturer)), deviceWord(file.String(tagModel)), deviceWord(file.String(tagModality))}
	columns, _ := file.Int(tagColumns)
	rows, _ := file.Int(tagRows)
	return strings.Join(append(parts, sizeWord(columns, rows)), deviceSeparator)
}

// deviceWord makes foreign text fit to be shown.
func deviceWord(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }), " ")
	if text == "" {
		return "?"
	}
	if runes := []rune(text); len(runes) > maxDeviceWord {
		return string(runes[:maxDeviceWord])
	}
	return text
}

// NameAt is the name of the attribute that the path of a [Change] ends at, "" for a
// private one: (0008,1140)[0].(0008,1155).
func NameAt(path string) string {
	const last = len("(0008,1155)")
	if len(path) < last {
		return ""
	}
	text := path[len(path)-last:]
	tag, err := strconv.ParseUint(text[1:5]+text[6:10], 16, 32)
	if err != nil {
		return ""
	}
	attribute, _ := dicom.Lookup(dicom.Tag(tag))
	return attribute.Name
}
