package deid

import (
	"image"
	"testing"
)

// bars returns a plane of 60 × 40 in which the pixels of some rectangles are set.
func bars(boxes ...image.Rectangle) []byte {
	plane := make([]byte, 60*40)
	for _, box := range boxes {
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				plane[y*60+x] = 0xFF
			}
		}
	}
	return plane
}

// TestWritingTakesWhatIsBesideItAndAsSmall: of a line of which the ends were found the
// middle goes too; the outline of a region stays.
func TestWritingTakesWhatIsBesideItAndAsSmall(t *testing.T) {
	t.Parallel()
	first, middle, last := image.Rect(2, 2, 5, 8), image.Rect(20, 3, 26, 8), image.Rect(50, 2, 54, 8)
	outline := []image.Rectangle{image.Rect(10, 15, 50, 16), image.Rect(10, 15, 11, 39), image.Rect(49, 15, 50, 39), image.Rect(10, 38, 50, 39)}
	for name, tt := range map[string]struct {
		boxes []image.Rectangle
		want  []byte
	}{
		"found at both ends": {[]image.Rectangle{image.Rect(1, 1, 6, 9), image.Rect(49, 1, 55, 9)}, bars(outline...)},
		"found nowhere":      {nil, bars(append(outline, first, middle, last)...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plane := bars(append(outline, first, middle, last)...)
			wipe(plane, 60, tt.boxes)
			for i := range plane {
				if plane[i] != tt.want[i] {
					t.Fatalf("(%d,%d) is %d, want %d", i%60, i/60, plane[i], tt.want[i])
				}
			}
		})
	}
}
