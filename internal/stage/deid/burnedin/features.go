package burnedin

import "math"

// How many numbers describe a cell.
const (
	windows   = 3 // of one, three and five cells' side
	perWindow = 12
	perCell   = 10 + windows*perWindow
)

// describe writes what tells the strokes of text from anatomy: how high they stand
// above noise and clutter, and over windows of one, three and five cells how their
// heights are spread, how many edges they have in which direction, how sharp those
// are, how alike the strokes' values.
func (g *grid) describe(x, y, level int, other *grid, out []float32) []float32 {
	i := y*g.nx + x
	noise, clutter := g.usual(x, y)
	peak := g.peak[i]
	out = append(out[:0],
		ratio(peak, g.noise[y/block*g.bx+x/block]), ratio(peak, noise), ratio(peak, clutter), ratio(peak, g.floor),
		peak/g.near[i], peak/g.top, ratio(peak, other.near[i]), float32(level), 0, 0)
	out[8], out[9] = g.lines(x, y, peak)
	for n := range windows {
		var s sums
		g.around(x, y, n, func(i int) { s.add(&g.cells[i]) })
		out = g.window(&s, g.near[i], out)
	}
	return out
}

// ratio is how many times b goes into a, as a logarithm, so that no one feature's
// range depends on how many bits a frame has.
func ratio(a, b float32) float32 {
	return float32(math.Log(float64((a + 1e-3) / (b + 1e-3))))
}

// usual returns the noise and the clutter that are usual in the blocks around a
// cell: the mean of nine.
func (g *grid) usual(x, y int) (noise, clutter float32) {
	n := float32(0)
	for by := max(0, y/block-1); by <= min(g.by-1, y/block+1); by++ {
		for bx := max(0, x/block-1); bx <= min(g.bx-1, x/block+1); bx++ {
			noise += g.noise[by*g.bx+bx]
			clutter += g.clutter[by*g.bx+bx]
			n++
		}
	}
	return noise / n, clutter / n
}

// lines returns the shares of nine cells in a row, a column or a diagonal that are
// about as high as this one, in the directions where there are most and fewest: text
// goes on in one direction, grain in all.
func (g *grid) lines(x, y int, peak float32) (most, fewest float32) {
	most, fewest = 0, 1
	for _, d := range [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
		n, all := 0, 0
		for k := -4; k <= 4; k++ {
			cx, cy := x+k*d[0], y+k*d[1]
			if cx >= 0 && cy >= 0 && cx < g.nx && cy < g.ny {
				all++
				if g.peak[cy*g.nx+cx] > .6*peak {
					n++
				}
			}
		}
		most, fewest = max(most, float32(n)/9), min(fewest, float32(n)/float32(all))
	}
	return most, fewest
}

// window appends the perWindow numbers of a window.
func (g *grid) window(s *sums, near float32, out []float32) []float32 {
	px := s.pixels + 1
	edges := s.across + s.down
	mean := s.value / (s.over60 + 1)
	spread := float32(math.Sqrt(float64(max(0, s.square/(s.over60+1)-mean*mean))))
	return append(out,
		s.over20/px, s.over40/(s.over20+1), s.over60/(s.over20+1), s.over80/(s.over20+1),
		edges/px, s.over40/(edges+1),
		max(s.across, s.down)/(edges+1), max(s.rise, s.fall)/(s.rise+s.fall+1),
		s.jump/(edges+1), spread/near, s.restStep/(s.rest+1)/near,
		s.extreme/(s.over60+1))
}
