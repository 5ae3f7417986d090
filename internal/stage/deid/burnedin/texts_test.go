package burnedin

import (
	"image"
	"testing"
)

// TestAPageIsAsHighAsItsLetters: the margin goes by them.
func TestAPageIsAsHighAsItsLetters(t *testing.T) {
	t.Parallel()
	const w, h, high = 256, 128, 12
	for lines, want := range map[int][2]int{1: {high - 2, high + 4}, 6: {high - 4, 2 * high}} {
		p := newPen(w, h)
		var box image.Rectangle
		for n := range lines {
			box = box.Union(p.text("DOE JANE 12", 20, float64(10+18*n), high, 1.6, 0))
		}
		l := scan(planes(frameOf(p.cover, w, h, 8))[0])[0]
		got := l.high(text{Rectangle: box, usual: float32(l.grids[0].peak[(box.Min.Y/side+1)*l.grids[0].nx+box.Min.X/side+1]), sides: [2]bool{true, false}})
		if got < want[0] || got > want[1] {
			t.Errorf("%d lines of letters %d high, together %d: taken for %d, want %v", lines, high, box.Dy(), got, want)
		}
	}
}
