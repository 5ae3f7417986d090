package way

import (
	"maps"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// slice returns an axial MR slice of something round, which names no part of the body.
func slice(t *testing.T, n int, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	return object(t, "ADA", "1", n, func(ds *dicom.Dataset) {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.4")
		ds.SetString(0x00080060, dicom.VRCS, "MR")
		ds.SetString(0x00080008, dicom.VRCS, "ORIGINAL", "PRIMARY")
		ds.SetString(0x00280004, dicom.VRCS, "MONOCHROME2")
		ds.SetString(0x00280030, dicom.VRDS, "4", "4")
		ds.SetString(0x00200037, dicom.VRDS, "1", "0", "0", "0", "1", "0")
		ds.SetString(0x00200032, dicom.VRDS, "0", "0", strconv.Itoa(n*4))
		for tag, v := range map[dicom.Tag]byte{
			0x00280002: 1, 0x00280010: echoRows, 0x00280011: echoColumns, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0,
		} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
		}
		pixels := make([]byte, echoRows*echoColumns)
		for i := range pixels {
			if x, y := i%echoColumns-echoColumns/2, i/echoColumns-echoRows/2; x*x+y*y < 20*20 {
				pixels[i] = 200
			}
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
		edit(ds)
	})
}

// TestNamedHeadMakesItsStudySuspect: beside a series that names a head, two slices along
// the body's axis and a structure set that name nothing stay too.
func TestNamedHeadMakesItsStudySuspect(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	var study sinso.StudyID
	for n := range 6 {
		study = s.take(slice(t, n+1, func(ds *dicom.Dataset) { ds.SetString(0x00180015, dicom.VRCS, "HEAD") })).Study
	}
	for n := range 2 {
		s.take(slice(t, n+11, func(ds *dicom.Dataset) {
			ds.SetString(0x0020000E, dicom.VRUI, "1.2.3.99.8")
			ds.SetString(0x00200037, dicom.VRDS, "0", "1", "0", "0", "0", "-1")
		}))
	}
	s.take(slice(t, 20, func(ds *dicom.Dataset) {
		ds.SetString(0x0020000E, dicom.VRUI, "1.2.3.99.9")
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.481.3")
		ds.SetString(0x00080060, dicom.VRCS, "RTSTRUCT")
		ds.Remove(0x7FE00010)
	}))
	made := s.draft(study)
	if want := map[sinso.Reason]int{deid.ReasonFace: 9}; !maps.Equal(made.Withheld, want) || made.Instances != 0 {
		t.Errorf("%d passed, withheld %v; want %v", made.Instances, made.Withheld, want)
	}
	if _, withheld, err := s.Survey(t.Context(), study); err != nil || !maps.Equal(withheld, made.Withheld) {
		t.Errorf("a survey says %v, %v", withheld, err)
	}
}

// TestFacesOfAStudyAreCutAlikeInEachRelease: by a secret of the study, that no other has.
func TestFacesOfAStudyAreCutAlikeInEachRelease(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	other := s.take(echo(t, "2", 1, "NO")).Study
	secret := func(study sinso.StudyID, release byte) [32]byte {
		row := s.draft(study)
		d := derivation{Way: s.Way, row: row, secret: [32]byte{release}}
		return must[[32]byte](t)(d.faceSecret(t.Context()))
	}
	first, again, others := secret(study, 1), secret(study, 2), secret(other, 1)
	if first != again || first == others || first == [32]byte{} {
		t.Errorf("two releases alike: %v; another study alike: %v", first == again, first == others)
	}
}
