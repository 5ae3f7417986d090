package deid

import (
	"slices"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// view says how much of a face an object of its class can show.
type view uint8

const (
	// viewProjection is all that no surface can be rebuilt from: radiographs, fluoroscopy,
	// ultrasound of one plane, and PET and nuclear medicine in coarse voxels. A plain
	// radiograph shows bone through skin, not skin. What says that it was rendered, or
	// taken while the tube turned around the head, shows one all the same.
	viewProjection view = iota
	// viewCapture is what was captured from a screen: whatever was on it, a rendered face
	// too. Its words tell. A single grey picture of a device that makes projections is one.
	viewCapture
	// viewVolume is sections, one or many, or an outline drawn in them, that show where
	// skin ends. Where its words tell nothing its pixels must.
	viewVolume
)

// SOP classes with a rule of their own (PS3.4 Table B.5-1).
const (
	rootXRay3D    = "1.2.840.10008.5.1.4.1.1.13.1."
	craniofacial  = "1.2.840.10008.5.1.4.1.1.13.1.2"
	breast3D      = "1.2.840.10008.5.1.4.1.1.13.1.3"
	rtDose        = "1.2.840.10008.5.1.4.1.1.481.2"
	volumeOfSound = "1.2.840.10008.5.1.4.1.1.6.2"
)

// outlining are the classes that draw the outline of what CT and MR show: a structure
// set, a segmentation. The skin of a head is a face.
var outlining = []string{"1.2.840.10008.5.1.4.1.1.481.3", "1.2.840.10008.5.1.4.1.1.66.4"}

// coarse is the side of a PET or nuclear medicine pixel, in mm, from which on no face is
// taken to be in it. Persons were found by their faces in PET of the brain in voxels of
// 1 to 3 mm (Schwarz et al., NeuroImage 258, 2022); of 4 mm, as PET of the whole body
// has, nobody has published that.
const coarse = 4.0

// viewOf returns what an object's class can show, and whether its pixels are asked where
// its words name no part of the body.
func viewOf(file *dicom.File, ds *dicom.Dataset) (v view, asked bool) {
	class, modality := file.String(tagSOPClass), file.String(tagModality)
	_, converted := file.Find(tagConversionType)
	kind := imageClasses[class]
	switch {
	case modality == "CT" || modality == "MR" || kind == "CT" || kind == "MR":
		return viewVolume, true
	case kind == "PT" || kind == "NM":
		if kind == "NM" && !slices.ContainsFunc(file.Strings(tagImageType), func(s string) bool { return strings.Contains(s, "TOMO") }) {
			return viewProjection, false
		}
		if p := planeOf(ds, false); p.row >= coarse && p.column >= coarse {
			return viewProjection, false
		}
		return viewVolume, true
	case slices.Contains(outlining, class), class == rtDose:
		return viewVolume, true
	case strings.HasPrefix(class, rootXRay3D):
		return viewVolume, class != breast3D
	case class == volumeOfSound:
		return viewVolume, false
	case converted, class == rootCapture, strings.HasPrefix(class, rootCapture+"."):
		if frames, _ := file.Int(tagFrames); frames <= 1 && slices.Contains(flat, modality) && strings.HasPrefix(file.String(tagPhotometric), "MONOCHROME") {
			return viewProjection, false
		}
		return viewCapture, false
	default:
		return viewProjection, false
	}
}

// flat are the modalities whose pictures, when one of them was captured in grey, are still
// what the device made: a radiograph, a scintigram, a plane of ultrasound.
var flat = strings.Fields("CR DX MG RF XA NM US")

// turned reports whether an angiogram or fluoroscopy was taken while the tube turned: a
// volume can be rebuilt from its frames (PS3.3 C.8.7.5, Positioner Motion).
func turned(file *dicom.File) bool {
	return strings.EqualFold(file.String(tagPositionerMotion), "DYNAMIC")
}

// renderWords say of a picture that it shows a surface or was made out of a volume.
var renderWords = strings.Fields("3d* 4d* vr vrt ssd mpr* mip surface* render* oberfläche* 三维 三維 立体 立體 3次元")

// rendered reports whether an object says that it was made out of a volume. raw is its
// text as it stands, in lower case.
func rendered(file *dicom.File, raw string) bool {
	raw += " " + strings.ToLower(strings.Join(file.Strings(tagImageType), " "))
	for _, token := range strings.FieldsFunc(raw, func(r rune) bool { return strings.ContainsRune(" \\/_-.,;:()[]+\x00", r) }) {
		for _, word := range renderWords {
			prefix, open := strings.CutSuffix(word, "*")
			if token == prefix || open && strings.HasPrefix(token, prefix) || prefix[0] > 0x7F && strings.Contains(token, prefix) {
				return true
			}
		}
	}
	return false
}
