package burnedin

import (
	"image"
	"testing"
)

// TestWhatStandsBesideATextIsCutOff has a spot over a row of letters, one of which has a
// tail: the tail is part of the text, the spot is not.
func TestWhatStandsBesideATextIsCutOff(t *testing.T) {
	t.Parallel()
	g := gridOf(
		".......##.....................",
		".......##.....................",
		"..............................",
		"#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.",
		"#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.",
		"#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.",
		"#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.",
		"................#.............",
		"................#.............",
	)
	n := g.nx * g.ny
	l := &level{grids: [2]*grid{g, g}, first: [2][]float32{make([]float32, n), make([]float32, n)}, score: make([]float32, n), odds: make([]float32, n)}
	v := &view{level: l, grid: g}
	whole := text{Rectangle: image.Rect(0, 0, 30, 9), usual: 9, sides: [2]bool{true, false}}
	if got, want := v.core(whole), image.Rect(0, 3, 30, 9); got != want {
		t.Errorf("its box is %v, want %v", got, want)
	}
	square := whole
	square.Rectangle = image.Rect(0, 0, 16, 9)
	if got := v.core(square); got != square.Rectangle {
		t.Errorf("what has no longer side is cut to %v", got)
	}
}
