package burnedin

import "slices"

const (
	levels   = 2  // sizes at which a plane is looked at, each half of the one before
	smallest = 12 // pixels of a side, below which there is no room for a text of three characters
)

// level is a plane at one size: what is bright on dark in it, what is dark on
// bright, and how much each cell looks like text.
type level struct {
	grids [2]*grid
	first [2][]float32 // by cell: log odds by what is in and around it
	most  []float32    // by cell: the higher of the two
	score []float32    // by cell: log odds that go by most of its neighbours, too
	share float32      // of all cells: those that show text; where everything looks like it, nothing may be
	odds  []float32    // by cell: log odds as a part of the line at hand
}

// unlike is the log odds of a cell that was not looked at, for want of contrast.
const unlike = -8

// scan looks at a plane at each size.
func scan(p plane) []*level {
	out := glance(p)
	for n, l := range out {
		l.score = make([]float32, len(l.most))
		for i := range l.score {
			l.score[i] = unlike
		}
		l.places(n, out[len(out)-1-n], func(i int, features []float32) {
			l.score[i] = score(secondTrees, features)
		})
		shown := 0
		for _, v := range l.score {
			if v >= strong {
				shown++
			}
		}
		l.share = float32(shown) / float32(len(l.score))
	}
	return out
}

// glance looks at each cell by itself.
func glance(p plane) []*level {
	floor := contrast(p)
	var out []*level
	for n := range levels {
		if n > 0 {
			p = p.half()
		}
		if p.w < smallest || p.h < smallest {
			break
		}
		l := &level{grids: [2]*grid{newGrid(p, floor), newGrid(p.negative(), floor)}}
		for k, g := range l.grids {
			l.first[k] = make([]float32, len(g.cells))
			for i := range l.first[k] {
				l.first[k][i] = unlike
			}
			g.each(n, l.grids[1-k], func(i int, features []float32) {
				l.first[k][i] = score(firstTrees, features)
			})
		}
		l.most = slices.Clone(l.first[0])
		for i, v := range l.first[1] {
			l.most[i] = max(l.most[i], v)
		}
		out = append(out, l)
	}
	return out
}

// contrast returns what text must at least stand out by: a small part of the range
// that most of the plane's values are in.
func contrast(p plane) float32 {
	const samples, part = 8192, 0.015
	step := max(1, len(p.v)/samples) | 1 // odd, so as not to go down a column
	v := make([]int32, 0, len(p.v)/step+1)
	for i := 0; i < len(p.v); i += step {
		v = append(v, p.v[i])
	}
	slices.Sort(v)
	return max(1.5, part*float32(v[len(v)*98/100]-v[len(v)*2/100]))
}

// each calls f for the cells that something stands out of, with what describes
// them. The features are those of one call only.
func (g *grid) each(n int, other *grid, f func(i int, features []float32)) {
	features := make([]float32, 0, room)
	for y := range g.ny {
		for x := range g.nx {
			if !g.candidate(x, y) {
				continue
			}
			features = g.describe(x, y, n, other, features)
			f(y*g.nx+x, features)
		}
	}
}

// hopeless is the log odds below which a cell is not looked at a second time.
const hopeless = -6

// places calls f for the cells that may be text, with what describes them among
// their neighbours. other is the same plane at another size.
func (l *level) places(n int, other *level, f func(i int, features []float32)) {
	g := l.grids[0]
	features := make([]float32, 0, room)
	for y := range g.ny {
		for x := range g.nx {
			i := y*g.nx + x
			if l.most[i] < hopeless {
				continue
			}
			k := 0
			if l.first[1][i] > l.first[0][i] {
				k = 1
			}
			features = l.grids[k].describe(x, y, n, l.grids[1-k], features)
			features = l.place(x, y, n, other, features)
			f(i, features)
		}
	}
}

// place appends how the cells around one look: their mean in two windows, along
// the best and the worst direction, and at the other size.
func (l *level) place(x, y, n int, other *level, out []float32) []float32 {
	g := l.grids[0]
	i := y*g.nx + x
	out = append(out, l.most[i], min(l.first[0][i], l.first[1][i]))
	for n := 1; n <= 2; n++ {
		var sum, count float32
		g.around(x, y, n, func(i int) { sum += max(hopeless, l.most[i]); count++ })
		out = append(out, sum/count)
	}
	best, worst, far, alike := float32(unlike), float32(-unlike), float32(unlike), float32(0)
	peaks := l.grids[0].peak
	if l.first[1][i] > l.first[0][i] {
		peaks = l.grids[1].peak
	}
	for _, d := range [8][2]int{{2, 0}, {0, 2}, {2, 2}, {2, -2}, {2, 1}, {2, -1}, {1, 2}, {1, -2}} {
		near, all, same := l.along(x, y, d, peaks)
		best, worst, far, alike = max(best, near), min(worst, near), max(far, all), max(alike, same)
	}
	// A cell of a size is a quarter of one, or four, of the other.
	ox, oy := min(2*x, other.grids[0].nx-1), min(2*y, other.grids[0].ny-1)
	if n == 0 {
		ox, oy = min(x/2, other.grids[0].nx-1), min(y/2, other.grids[0].ny-1)
	}
	return append(out, best, worst, far, alike, other.most[oy*other.grids[0].nx+ox])
}

// along returns the mean of the cells up to two, and up to four, on both sides of
// one in a direction, given in halves of a cell; and how many of them have about the
// same peak and may be text.
func (l *level) along(x, y int, d [2]int, peaks []float32) (near, all, same float32) {
	g := l.grids[0]
	var n, m float32
	peak := peaks[y*g.nx+x]
	for k := -4; k <= 4; k++ {
		cx, cy := x+k*d[0]/2, y+k*d[1]/2
		if cx < 0 || cy < 0 || cx >= g.nx || cy >= g.ny {
			continue
		}
		j := cy*g.nx + cx
		v := max(hopeless, l.most[j])
		all += v
		m++
		if k >= -2 && k <= 2 {
			near += v
			n++
		}
		if v > -2 && peaks[j] > .8*peak && peaks[j] < 1.25*peak {
			same++
		}
	}
	return near / n, all / m, same
}
