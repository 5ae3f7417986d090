package deid

import (
	"bytes"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// saysHead makes an object say that it shows a head, in its body part or by other words.
func saysHead(words string) func(*dicom.Dataset) {
	return both(set(tagBodyPart, dicom.VRCS, "HEAD"), set(tagSeriesDescription, dicom.VRLO, words), set(tagBurnedIn, dicom.VRCS, "NO"))
}

// TestHeadsInAnyClassOfSectionsStay: what a head is in by its words is withheld if its
// class can show a face, and passes if it cannot.
func TestHeadsInAnyClassOfSectionsStay(t *testing.T) {
	t.Parallel()
	const root = "1.2.840.10008.5.1.4.1.1."
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		stays  bool
	}{
		"capture":                     {both(class(root+"7", "OT"), saysHead("VRT")), true},
		"capture of a scintigram":     {both(class(root+"7", "NM"), saysHead("whole body bone")), false},
		"capture of one, in colour":   {both(class(root+"7", "NM"), saysHead("whole body bone"), set(tagPhotometric, dicom.VRCS, "YBR_FULL")), true},
		"capture in frames":           {both(class(root+"7.3", "OT"), saysHead("MPR")), true},
		"dental volume, says nothing": {both(class(root+"13.1.2", "DX"), set(tagBurnedIn, dicom.VRCS, "NO")), true},
		"volume by angiography":       {both(class(root+"13.1.1", "XA"), saysHead("3D")), true},
		"dose":                        {both(class(root+"481.2", "RTDOSE"), saysHead("plan 1")), true},
		"volume by ultrasound":        {both(class(root+"6.2", "US"), saysHead("fetus")), true},
		"PET":                         {both(class(root+"128", "PT"), saysHead("FDG")), true},
		"PET, enhanced":               {both(class(root+"130", "PT"), saysHead("FDG")), true},
		"SPECT":                       {both(class(root+"20", "NM"), saysHead("HMPAO"), set(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION")), true},
		"SPECT, coarse": {both(class(root+"20", "NM"), saysHead("HMPAO"), set(tagPixelSpacing, dicom.VRDS, "4.8", "4.8"),
			set(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION")), false},
		"scintigram":                       {both(class(root+"20", "NM"), saysHead("bone")), false},
		"radiograph":                       {both(class(root+"1.1", "DX"), saysHead("skull lateral")), false},
		"radiograph, rendered":             {both(class(root+"1.1", "DX"), saysHead("3D FACE")), true},
		"computed radiograph":              {both(class(root+"1", "CR"), saysHead("skull")), false},
		"angiogram":                        {both(class(root+"12.1", "XA"), saysHead("carotid")), false},
		"angiogram, turned around":         {both(class(root+"12.1", "XA"), saysHead("carotid"), set(tagPositionerMotion, dicom.VRCS, "DYNAMIC")), true},
		"ultrasound":                       {both(class(root+"6.1", "US"), saysHead("carotid")), false},
		"ultrasound of a face, in space":   {both(class(root+"6.1", "US"), saysHead("fetal face 4D")), true},
		"capture of a chest":               {both(class(root+"7", "OT"), set(tagSeriesDescription, dicom.VRLO, "dose report"), set(tagBurnedIn, dicom.VRCS, "NO")), false},
		"volume of a breast, says nothing": {both(class(root+"13.1.3", "MG"), set(tagBurnedIn, dicom.VRCS, "NO")), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(64)
			tt.change(&ds)
			result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
			if got := slices.Contains(result.Clean.Withheld, ReasonFace); got != tt.stays {
				t.Errorf("withheld %v, want a face: %v", result.Clean.Withheld, tt.stays)
			}
		})
	}
}

// TestOutlinesAreNamedByTheirStructures: a structure set or segmentation of a head says so
// in the names of what it outlines.
func TestOutlinesAreNamedByTheirStructures(t *testing.T) {
	t.Parallel()
	const root = "1.2.840.10008.5.1.4.1.1."
	structures := func(tag dicom.Tag, names ...string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) {
			class(root+"481.3", "RTSTRUCT")(ds)
			ds.Remove(tagPixelData)
			ds.Remove(tagBodyPart)
			ds.Remove(tagAnatomicRegion)
			items := make([]dicom.Dataset, len(names))
			for i, name := range names {
				items[i].SetString(tag, dicom.VRLO, name)
			}
			ds.Set(dicom.DataElement{Tag: 0x30060020, VR: dicom.VRSQ, Items: items})
		}
	}
	for name, tt := range map[string]struct {
		change         func(*dicom.Dataset)
		named, unnamed bool
	}{
		"of a head":           {structures(tagROIName, "External", "Brain"), true, false},
		"of a head, segments": {structures(tagSegmentLabel, "Mandible"), true, false},
		"of a chest":          {structures(tagROIName, "External", "Heart"), false, false},
		"of something":        {structures(tagROIName, "External", "PTV"), false, true},
	} {
		ds := chest(64)
		tt.change(&ds)
		result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
		if result.Sight.Named != tt.named || result.Sight.Unnamed != tt.unnamed || slices.Contains(result.Clean.Withheld, ReasonFace) != tt.named {
			t.Errorf("%s: got %+v, withheld %v", name, result.Sight, result.Clean.Withheld)
		}
	}
}

// TestWordsOfExaminationsThatReachTheHeadClearNothing: another part of the body in the
// same words does not clear them.
func TestWordsOfExaminationsThatReachTheHeadClearNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"CTA aortic arch to COW", "Traumaspirale Thorax Abdomen", "Pan scan chest abdomen pelvis", "Panscan thorax", "CAP + H&N thorax", "CAP+HN thorax", "Thorax CTHEAD",
		"TSA aorte", "Supraaortale Gefäße Aorta", "Whole-spine C/T/L, lumbar", "rachis entier lombaire", "columna total abdomen", "Polytrauma thorax", "Ganzkoerper-CT Thorax",
		"CTA Aorta bis Schädelbasis", "PET-CT vertex-thigh",
	} {
		ds := chest(64)
		ds.SetString(tagCharacterSet, dicom.VRCS, "ISO_IR 192")
		ds.SetString(tagSeriesDescription, dicom.VRLO, text)
		_, tree := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
		file, _ := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
		if reasons, unnamed := face(file, &tree); len(reasons) == 0 && !unnamed {
			t.Errorf("%q is cleared", text)
		}
	}
	for _, text := range []string{"Thorax arms down", "CT Abdomen nativ", "Knee 1.5 mm", "head of femur"} {
		folded := fold(text)
		if hasAny(folded, doubtWords, doubtPhrases) {
			t.Errorf("%q is doubted", text)
		}
	}
}

// TestMislabelledHeadInOneObjectIsAlwaysLookedAt: under any release's secret.
func TestMislabelledHeadInOneObjectIsAlwaysLookedAt(t *testing.T) {
	t.Parallel()
	ds := drawn(128, 1.9, skull...)
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: bytes.Repeat(ds.Find(tagPixelData).Value, 20)})
	ds.SetString(tagFrames, dicom.VRIS, "20")
	ds.SetString(tagBodyPart, dicom.VRCS, "CHEST")
	class("1.2.840.10008.5.1.4.1.1.2.1", "CT")(&ds)
	raw := part10(t, dicom.ExplicitLittleEndian, ds)
	for seed := range 20 {
		release := testRelease(byte(seed))
		release.Believe = true
		result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: raw}, release)
		if err != nil {
			t.Fatal(err)
		}
		var series Series
		if series.Add(result.Sight); !series.Doubtful(false) {
			t.Errorf("release %d: %+v", seed, result.Sight)
		}
	}
}
