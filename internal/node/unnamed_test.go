package node

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/node/deidrun"
	"sinso.dev/sinso/internal/stage/deid"
)

// unnamedSlices are CT slices of a round body of so many mm that no word says the
// part of; the number is that of the study.
func unnamedSlices(t *testing.T, study, slices int, across float64) [][]byte {
	t.Helper()
	const side, mm = 100, 4.0
	pixels := make([]byte, 2*side*side)
	for i := range side * side {
		x, y := (float64(i%side)-side/2)*mm, (float64(i/side)-side/2)*mm
		hu := -1000
		if 4*(x*x+y*y) <= across*across {
			hu = 40
		}
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(hu+1024))
	}
	out := make([][]byte, slices)
	for i := range out {
		var ds dicom.Dataset
		for _, e := range []struct {
			tag   dicom.Tag
			vr    dicom.VR
			value string
		}{
			{0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`},
			{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"},
			{0x00080018, "UI", fmt.Sprintf("1.2.3.%d.1.%d", study, i+1)},
			{0x00080060, "CS", "CT"},
			{0x00100010, "PN", "NOBODY^AT ALL"},
			{0x00100020, "LO", "U-1"},
			{0x0020000D, "UI", fmt.Sprintf("1.2.3.%d", study)},
			{0x0020000E, "UI", fmt.Sprintf("1.2.3.%d.1", study)},
			{0x00200037, "DS", `1\0\0\0\1\0`},
			{0x00280004, "CS", "MONOCHROME2"},
			{0x00280030, "DS", `4\4`},
			{0x00281052, "DS", "-1024"},
			{0x00281053, "DS", "1"},
		} {
			ds.SetString(e.tag, e.vr, e.value)
		}
		for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: side, 0x00280011: side, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, v)})
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels})
		part10, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = part10
	}
	return out
}

// unnamedStudies are of a head's size, of a trunk's, and of a head's but too thin
// for a face.
var unnamedStudies = []struct {
	slices int
	across float64
	face   bool
}{{5, 190, true}, {5, 330, false}, {3, 190, false}}

// TestUnnamedStudiesAreJudgedWhole releases studies that name no part of the body:
// what may be a head is withheld, the rest is sold.
func TestUnnamedStudiesAreJudgedWhole(t *testing.T) {
	t.Parallel()
	tn := &town{dir: t.TempDir(), clock: wall{}}
	defer func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := tn.seller
	for i, of := range unnamedStudies {
		var study sinso.StudyID
		for _, part10 := range unnamedSlices(t, i+1, of.slices, of.across) {
			receipt, err := n.Take(t.Context(), sinso.Item{Bytes: part10}, ImportOptions{Actor: "test", Origin: sinso.OriginGateway})
			if err != nil {
				t.Fatal(err)
			}
			study = receipt.Study
		}
		want := of.slices
		if of.face {
			want = 0
		}
		eligible, withheld, err := n.Survey(t.Context(), study)
		if err != nil || eligible != want || withheld[deid.ReasonFace] != of.slices-want {
			t.Errorf("study %d: %d could be sold, withheld %v, %v", i, eligible, withheld, err)
		}
		row, err := n.Release(t.Context(), study, ReleaseOptions{Actor: "test", Price: testPrice})
		if err != nil || row.Instances != want || row.Withheld[deid.ReasonFace] != of.slices-want {
			t.Errorf("study %d: released %+v, %v", i, row, err)
		}
	}
}

// TestUnnamedFilesAreJudgedByStudy does the same with files alone, and a second run.
func TestUnnamedFilesAreJudgedByStudy(t *testing.T) {
	t.Parallel()
	in, out := t.TempDir(), t.TempDir()
	face, clean := 0, 0
	for i, of := range unnamedStudies {
		for j, part10 := range unnamedSlices(t, i+1, of.slices, of.across) {
			if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%d-%d.dcm", j, i)), part10, 0o600); err != nil { // the studies' files lie mixed
				t.Fatal(err)
			}
		}
		if of.face {
			face += of.slices
		} else {
			clean += of.slices
		}
	}
	for range 2 {
		result, err := deidrun.Run(t.Context(), deidrun.Options{In: in, Out: out, Key: &[32]byte{1}, Reports: []string{filepath.Join(t.TempDir(), "report")}})
		if err != nil || result.Clean != clean || result.Withheld != face || result.Reasons[deid.ReasonFace] != face || len(result.Reasons) != 1 {
			t.Fatalf("got %+v, %v", result, err)
		}
		for pattern, want := range map[string]int{"*.dcm": clean, "withheld/*.dcm": face} {
			if found, err := filepath.Glob(filepath.Join(out, pattern)); err != nil || len(found) != want {
				t.Errorf("%s: %d files, %v, want %d", pattern, len(found), err, want)
			}
		}
	}
}
