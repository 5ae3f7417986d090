package headphantom

import (
	"encoding/binary"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestSeriesHoldsWhatWasScanned: each object holds the values and the place of its
// slice, and says of the body what it is told to say, and nothing more.
func TestSeriesHoldsWhatWasScanned(t *testing.T) {
	t.Parallel()
	small := func(m Scan) Scan {
		m.Columns, m.Rows, m.Slices = 12, 10, 5
		return m
	}
	for name, scan := range map[string]Scan{
		"CT": small(HeadFirst(CT(), 20)), "T1, sagittal": small(Sagittal(T1(), 8, 10)), "FLAIR, coronal": small(Coronal(FLAIR(), 8, 10)),
		"CT, tilt": small(Tilted(HeadFirst(CT(), 20), 20, true)),
	} {
		v := scan.Measure(Adult().At)
		objects, err := Series{Volume: v, Name: name, BodyPart: "CHEST"}.Objects()
		if err != nil || len(objects) != v.Slices {
			t.Fatalf("%s: %d objects, %v", name, len(objects), err)
		}
		for n, object := range objects {
			file, err := dicom.Read(object)
			if err != nil {
				t.Fatal(err)
			}
			if file.String(0x00180015) != "CHEST" {
				t.Errorf("%s: the body part is %q", name, file.String(0x00180015))
			}
			at := v.Place(0, 0, n)
			if got, want := file.String(0x00200032), decimals(at[:]...); got != want {
				t.Errorf("%s: slice %d lies at %s, want %s", name, n, got, want)
			}
			low := 0
			if v.CT {
				low = intercept
			}
			frames, err := file.Frames()
			if err != nil || len(frames) != 1 {
				t.Fatalf("%s: %d frames, %v", name, len(frames), err)
			}
			for i, want := range v.Values[n*v.Rows*v.Columns:][:v.Rows*v.Columns] {
				got := int(binary.LittleEndian.Uint16(frames[0][2*i:])) + low
				if got != max(low, int(want)) {
					t.Fatalf("%s: slice %d, voxel %d: %d, want %d", name, n, i, got, want)
				}
			}
		}
	}
}

// TestSeriesWithoutLabelsNamesNoPart: without a label nothing in an object says that it
// shows a head.
func TestSeriesWithoutLabelsNamesNoPart(t *testing.T) {
	t.Parallel()
	m := HeadFirst(CT(), 50)
	m.Columns, m.Rows = 4, 4
	objects, err := Series{Volume: m.Measure(Adult().At), Name: "A"}.Objects()
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		file, err := dicom.Read(object)
		if err != nil {
			t.Fatal(err)
		}
		if _, said := file.Find(0x00180015); said || strings.Contains(strings.ToLower(string(object)), "head") {
			t.Error("the object says what it shows")
		}
	}
}
