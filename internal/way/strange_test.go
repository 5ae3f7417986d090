package way

import (
	"errors"
	"fmt"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// headSlice is a slice of MR that names no part of the body, with something of a head's
// size in it.
func headSlice(t *testing.T, study string, n int, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	return object(t, "ADA", study, n, func(ds *dicom.Dataset) {
		for tag, value := range map[dicom.Tag]string{
			0x00080016: "1.2.840.10008.5.1.4.1.1.4", 0x00080060: "MR", 0x00280004: "MONOCHROME2", 0x00280030: `4\4`,
			0x00200037: `1\0\0\0\1\0`, 0x00200032: fmt.Sprintf(`0\0\%d`, 4*n), 0x00080008: `ORIGINAL\PRIMARY`,
		} {
			a, _ := dicom.Lookup(tag)
			ds.Set(dicom.DataElement{Tag: tag, VR: a.VRs[0], Value: []byte(value)})
		}
		for tag, v := range map[dicom.Tag]byte{
			0x00280002: 1, 0x00280010: echoRows, 0x00280011: echoColumns, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0,
		} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
		}
		pixels := make([]byte, echoRows*echoColumns)
		for i := range pixels {
			if x, y := i%echoColumns-32, i/echoColumns-24; x*x+y*y < 400 {
				pixels[i] = 200
			}
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
		if edit != nil {
			edit(ds)
		}
	})
}

// TestOneStrangeObjectStopsNoStudy: what cannot be read, or is no image, is withheld
// with its reason, and the rest of its study is decided over.
func TestOneStrangeObjectStopsNoStudy(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		strange func(t *testing.T) []byte
		want    map[sinso.Reason]int
	}{
		"a slope without end": {
			func(t *testing.T) []byte {
				return headSlice(t, "1", 7, func(ds *dicom.Dataset) { ds.SetString(0x00281053, dicom.VRDS, "1e307") })
			}, map[sinso.Reason]int{deid.ReasonFace: 7},
		},
		"an unnamed structure set": {
			func(t *testing.T) []byte {
				return headSlice(t, "1", 7, func(ds *dicom.Dataset) {
					ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.481.3")
					ds.SetString(0x00080060, dicom.VRCS, "RTSTRUCT")
					ds.SetString(0x0020000E, dicom.VRUI, "1.2.3.99.7")
					ds.Remove(0x7FE00010)
				})
			}, map[sinso.Reason]int{deid.ReasonFace: 7},
		},
		"a JPEG of no sense": {
			func(t *testing.T) []byte {
				tree := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(headSlice(t, "1", 7, nil))).Tree())
				frame := []byte{0xFF, 0xD8, 0xFF, 0xDA, 0, 6, 1, 2, 3, 4, 5, 6, 0xFF, 0xD9}
				tree.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Fragments: [][]byte{nil, frame}})
				return must[[]byte](t)(dicom.Encode("1.2.840.10008.1.2.4.70", tree))
			}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := reviewScene(t, 1)
			study := s.take(tt.strange(t)).Study
			for n := range 6 {
				s.take(headSlice(t, "1", n+1, nil))
			}
			row, err := s.Draft(t.Context(), study, "test")
			if err != nil || row.State != sinso.ReleaseIsRefused {
				t.Fatalf("the draft is %s, %v", row.State, err)
			}
			total := 0
			for reason, n := range row.Withheld {
				if total += n; tt.want != nil && tt.want[reason] != n {
					t.Errorf("%s: %d, want %v", reason, n, tt.want)
				}
			}
			if total != 7 {
				t.Errorf("withheld %v, want all 7", row.Withheld)
			}
			if _, _, err := s.Survey(t.Context(), study); err != nil {
				t.Errorf("survey: %v", err)
			}
		})
	}
}

// TestAFaultIsNoEndOfTheNode: what panics is an error of the object's.
func TestAFaultIsNoEndOfTheNode(t *testing.T) {
	t.Parallel()
	err := guarded(func() error {
		_ = at(nil, 1)
		return nil
	})
	if !errors.Is(err, errFault) || unmade(err) != ReasonFault {
		t.Errorf("got %v", err)
	}
}

// TestADamagedOriginalIsTold: what is wrong with how an original is kept is no reason to
// withhold it, but an error that somebody has to hear of.
func TestADamagedOriginalIsTold(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	var study sinso.StudyID
	for n := range 6 {
		study = s.take(headSlice(t, "1", n+1, nil)).Study
	}
	instances := must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), study))
	d := &derivation{Way: s.Way, profile: s.profile, row: sinso.ReleaseRow{Study: study, Person: instances[0].Person}, results: make([]derived, len(instances))}
	for i := range d.results {
		d.results[i].sight = deid.Sight{Unnamed: true, Heads: 4}
	}
	if judged, err := d.judge(t.Context(), instances, []int{0, 1, 2}, true); err == nil {
		t.Errorf("opened without a key: %+v", judged)
	}
}

// at panics where there is nothing.
func at(all []byte, i int) byte { return all[i] }
