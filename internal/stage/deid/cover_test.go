package deid

import (
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

func TestCoverCountsWritingInWhatIsNotBlankedOtherwise(t *testing.T) {
	t.Parallel()
	half := Mark{Box: image.Rect(0, 0, 10, 5), By: ByRegion}
	for name, tt := range map[string]struct {
		frames [][]Mark
		want   float64
	}{
		"nothing":                    {[][]Mark{nil}, 0},
		"a region":                   {[][]Mark{{half}}, 0},
		"a person's box":             {[][]Mark{{{Box: half.Box, By: ByPerson}}}, 0},
		"writing":                    {[][]Mark{{{Box: image.Rect(0, 0, 10, 2), By: ByDetection}}}, 0.2},
		"writing twice":              {[][]Mark{{{Box: image.Rect(0, 0, 10, 2), By: ByDetection}, {Box: image.Rect(0, 1, 10, 3), By: ByDetection}}}, 0.3},
		"writing beside a region":    {[][]Mark{{half, {Box: image.Rect(0, 4, 10, 7), By: ByDetection}}}, 0.4},
		"writing past the frame":     {[][]Mark{{{Box: image.Rect(-5, 8, 50, 40), By: ByDetection}}}, 0.2},
		"in one of two frames":       {[][]Mark{{half}, {half, {Box: image.Rect(0, 5, 10, 10), By: ByDetection}}}, 0.5},
		"a template of everything":   {[][]Mark{{{Box: image.Rect(0, 0, 10, 10), By: ByTemplate}}}, 1},
		"frames of which one is not": {[][]Mark{{{Box: image.Rect(0, 0, 10, 10), By: ByPerson}}, {{Box: image.Rect(0, 0, 10, 5), By: ByDetection}}}, 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cover{bounds: image.Rect(0, 0, 10, 10)}
			for _, marks := range tt.frames {
				c.add(marks)
			}
			if got := c.share(); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestRegionsAreNoText: most of an ultrasound image is the machine's screen, and is
// blanked for that; what is left is no page of text.
func TestRegionsAreNoText(t *testing.T) {
	t.Parallel()
	ds := chest(32)
	both(class("1.2.840.10008.5.1.4.1.1.3.1", "US"), plain(500), set(tagFrames, dicom.VRIS, "2"))(&ds)
	pixels := ds.Find(tagPixelData)
	pixels.Value = slices.Concat(pixels.Value, pixels.Value)
	ds.Set(dicom.DataElement{Tag: tagUltrasoundRegions, VR: dicom.VRSQ, Items: []dicom.Dataset{region(8, 8, 23, 23)}})
	result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
	if len(result.Clean.Withheld) > 0 || len(result.Marks) == 0 {
		t.Errorf("withheld %v with %d marks", result.Clean.Withheld, len(result.Marks))
	}
}
