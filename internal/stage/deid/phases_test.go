package deid

import (
	"slices"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// drawnHead returns axial slices of a drawn head from its base to its crown, 5 mm apart,
// numbered from first on; without bone, the skin alone is left of it.
func drawnHead(t *testing.T, first int, bone bool) [][]byte {
	t.Helper()
	var out [][]byte
	for z := -90; z <= 90; z += 5 {
		k := 1 - float64(z*z)/(100*100)
		var parts []ellipse
		for _, e := range skull {
			e.a, e.b = e.a*k+1, e.b*k+1
			if !bone && e.hu > 500 {
				e.hu = 40
			}
			parts = append(parts, e)
		}
		ds := drawn(128, 1.9, parts...)
		ds.SetString(tagPosition, dicom.VRDS, "-120", "-120", strconv.Itoa(z))
		ds.SetString(tagInstanceNumber, dicom.VRIS, strconv.Itoa(first+len(out)))
		out = append(out, part10(t, dicom.ExplicitLittleEndian, ds))
	}
	return out
}

func lookAt(t *testing.T, all [][]byte) Finding {
	t.Helper()
	judged, err := salesProfile(t).Judge(t.Context(), testRelease(1), Series{Unnamed: true}, true, len(all), func(i int) ([]byte, error) { return all[i], nil })
	if err != nil {
		t.Fatal(err)
	}
	return judged.Found
}

// TestHeadIsFoundInEachPhase: what lies at the same places hides no head, and a head of
// which the bone was taken is not certainly none.
func TestHeadIsFoundInEachPhase(t *testing.T) {
	t.Parallel()
	head, bare := drawnHead(t, 1, true), drawnHead(t, 101, false)
	turned := slices.Clone(head)
	slices.Reverse(turned)
	for name, tt := range map[string]struct {
		objects [][]byte
		want    Finding
	}{
		"a head":                           {head, ShowsHead},
		"its bone removed":                 {bare, ShowsUnclear},
		"a head, then its bone removed":    {slices.Concat(head, bare), ShowsHead},
		"its bone removed, then a head":    {slices.Concat(bare, head), ShowsHead},
		"the same, the head turned round":  {slices.Concat(bare, turned), ShowsHead},
		"a head, and one slice once more":  {slices.Concat(head, bare[9:10]), ShowsHead},
		"a head, and four slices not even": {slices.Concat(bare, head[2:3], head[5:6], head[17:19]), ShowsUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name != "a head" {
				t.Skip("left out by -short: needs some seconds")
			}
			if got := lookAt(t, tt.objects); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestWhatIsNoVolumeIsUnclear: no object of a series keeps the others from being judged.
func TestWhatIsNoVolumeIsUnclear(t *testing.T) {
	t.Parallel()
	bare := chest(64)
	bare.Remove(tagPixelData)
	damaged := chest(64)
	damaged.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{nil, make([]byte, 200)}})
	var slicesOf [][]byte
	for z := range 2 {
		ds := damaged
		ds.SetString(tagPosition, dicom.VRDS, "0", "0", strconv.Itoa(5*z))
		slicesOf = append(slicesOf, part10(t, "1.2.840.10008.1.2.5", ds))
	}
	for name, objects := range map[string][][]byte{
		"no pixels":      {part10(t, dicom.ExplicitLittleEndian, bare)},
		"damaged frames": slicesOf,
	} {
		if got := lookAt(t, objects); got != ShowsUnclear {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// TestPhasesAreToldApartByTheirNumbers: echoes that lie at the same places make a block
// each, in whatever order their slices come.
func TestPhasesAreToldApartByTheirNumbers(t *testing.T) {
	t.Parallel()
	const places, echoes = 4, 3
	var all [][]byte
	for place := range places {
		for _, echo := range []int{2, 0, 1} {
			ds := drawn(32, 2)
			ds.SetString(tagPosition, dicom.VRDS, "0", "0", strconv.Itoa(3*place))
			ds.SetString(tagInstanceNumber, dicom.VRIS, strconv.Itoa(echo*places+place+1))
			all = append(all, part10(t, dicom.ExplicitLittleEndian, ds))
		}
	}
	v, err := newVolume(t.Context(), len(all), func(i int) ([]byte, error) { return all[i], nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(v.phases) != echoes {
		t.Fatalf("%d phases", len(v.phases))
	}
	for _, s := range v.slices {
		if wantPlace, wantPhase := s.object/echoes, (s.number-1)/places; s.place != wantPlace || s.phase != wantPhase {
			t.Errorf("slice %d is at place %d of phase %d, want %d of %d", s.number, s.place, s.phase, wantPlace, wantPhase)
		}
	}
	for i, phase := range v.phases {
		if phase.Slices != places || phase.Step != [3]float64{0, 0, 3} {
			t.Errorf("phase %d: %d slices, a step of %v", i, phase.Slices, phase.Step)
		}
	}
}
