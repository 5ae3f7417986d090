package burnedin

import (
	"image"
	"strings"
	"testing"
)

// gridOf returns a grid whose top-hat is 9 where the drawing has a mark.
func gridOf(rows ...string) *grid {
	hat := newPlane(len(rows[0]), len(rows))
	for y, row := range rows {
		for x, c := range row {
			if c != '.' {
				hat.v[y*hat.w+x] = 9
			}
		}
	}
	return &grid{hat: hat, nx: (hat.w + side - 1) / side, ny: (hat.h + side - 1) / side}
}

// TestStrokesAreConnectedPixels also tells what touches only by a corner, which is one, from
// what has a gap, which is two.
func TestStrokesAreConnectedPixels(t *testing.T) {
	t.Parallel()
	g := gridOf(
		"#.......#.",
		"#......#..",
		"###...#...",
		"..........",
		"....##.##.",
	)
	want := []stroked{
		{image.Rect(0, 0, 3, 3), 5, 3},
		{image.Rect(6, 0, 9, 3), 3, 3},
		{image.Rect(4, 4, 6, 5), 2, 1},
		{image.Rect(7, 4, 9, 5), 2, 1},
	}
	all := g.strokes(image.Rect(0, 0, 10, 5), 4).all
	if len(all) != len(want) {
		t.Fatalf("%d strokes, want %d: %v", len(all), len(want), all)
	}
	for i, one := range all {
		if one != want[i] {
			t.Errorf("stroke %d is %v, want %v", i, one, want[i])
		}
	}
	part := g.strokes(image.Rect(6, 1, 10, 5), 4)
	if len(part.all) != 2 || part.all[0] != (stroked{image.Rect(0, 0, 2, 2), 2, 2}) {
		t.Errorf("in a part of the plane: %v", part.all)
	}
}

// TestStrokesOfACellAreThoseOfTheLargest describes a cell with two strokes by the one that
// most of its pixels are of.
func TestStrokesOfACellAreThoseOfTheLargest(t *testing.T) {
	t.Parallel()
	g := gridOf(append([]string{
		"#.##########",
		"#...........",
	}, strings.Split(strings.Repeat("............\n", 5)+"............", "\n")...)...)
	s := g.strokes(image.Rect(0, 0, 12, 8), 4)
	for _, upright := range []bool{false, true} {
		got := s.describe(0, 0, 2, upright, nil)
		long, high := float32(10)/2, float32(1)/2
		if upright {
			long, high = high, long
		}
		want := []float32{long, high, 1, 1, 10. / 4, 8. / 64, 3. / 8, 2}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("upright %v: number %d is %v, want %v", upright, i, got[i], want[i])
			}
		}
	}
	if got := s.describe(1, 0, 2, false, nil); got[0] != 5 || got[7] != 1 {
		t.Errorf("the next cell: %v", got)
	}
}

// TestWhatIsKnownIsNoFreshText asks of a text at half size, some of which is in a box that
// is known at full size.
func TestWhatIsKnownIsNoFreshText(t *testing.T) {
	t.Parallel()
	g := gridOf("#.#.#.#.#.......", "#.#.#.#.#.....#.", "#.#.#.#.#.......")
	n := g.nx * g.ny
	l := &level{grids: [2]*grid{g, g}, first: [2][]float32{make([]float32, n), make([]float32, n)}, score: make([]float32, n)}
	whole := text{Rectangle: image.Rect(0, 0, 16, 3), usual: 9}
	for _, c := range []struct {
		known image.Rectangle
		rest  image.Rectangle
		all   bool
	}{
		{image.Rectangle{}, whole.Rectangle, true},
		{image.Rect(0, 0, 6, 6), whole.Rectangle, true},            // two of the strokes: it is another text
		{image.Rect(0, 0, 18, 6), image.Rect(14, 1, 15, 2), false}, // all but the spot
		{image.Rect(0, 0, 32, 6), image.Rectangle{}, false},
	} {
		rest, all := l.fresh(whole, 1, []image.Rectangle{c.known})
		if rest.Rectangle != c.rest || all != c.all {
			t.Errorf("known %v: %v, %v, want %v, %v", c.known, rest.Rectangle, all, c.rest, c.all)
		}
	}
}
