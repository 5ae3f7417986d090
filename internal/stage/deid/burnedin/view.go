package burnedin

import (
	"image"
	"math"
)

const (
	beyond = 2.6 // of a line's height: how far beyond its ends its cells are looked at
	slim   = 1   // times as long as high, from which a line has ends on two sides only
)

// view is a line of text and what is around its ends, as it is looked at cell by cell.
type view struct {
	*level
	text
	grid          *grid // which has the most of its strokes
	n             int
	cells         image.Rectangle // those that are looked at
	upright       bool            // longer than wide
	rows, columns []float32       // mean scores: of the cells at one place across the line; along it
	all, sure     float32         // mean score of the line's cells, share of those that surely are text
	strokes       strokes
}

func (l *level) viewOf(t text, n int) *view {
	k := l.inside(t.Rectangle)
	v := &view{level: l, text: t, grid: l.grids[k], n: n, upright: t.Dy() > t.Dx()}
	area := t.Rectangle
	for _, far := range ahead(t.Rectangle, beyond, slim) {
		area = area.Union(far)
	}
	area = area.Intersect(image.Rect(0, 0, v.grid.hat.w, v.grid.hat.h))
	v.cells = cellsOf(area, v.grid)
	v.grid.within(v.cells, func(i int) { v.odds[i] = unlike })
	v.profile()
	v.strokes = v.grid.strokes(area, int32(.5*t.usual))
	return v
}

// profile fills the means.
func (v *view) profile() {
	own := cellsOf(v.Rectangle, v.grid)
	v.rows, v.columns = make([]float32, v.cells.Dy()), make([]float32, v.cells.Dx())
	var n float32
	for y := v.cells.Min.Y; y < v.cells.Max.Y; y++ {
		for x := v.cells.Min.X; x < v.cells.Max.X; x++ {
			s := max(hopeless, v.score[y*v.grid.nx+x])
			if x >= own.Min.X && x < own.Max.X {
				v.rows[y-v.cells.Min.Y] += s / float32(own.Dx())
			}
			if y >= own.Min.Y && y < own.Max.Y {
				v.columns[x-v.cells.Min.X] += s / float32(own.Dy())
			}
			if image.Pt(x, y).In(own) {
				n++
				v.all += s
				if s >= strong {
					v.sure++
				}
			}
		}
	}
	v.all, v.sure = v.all/n, v.sure/n
}

// each calls f for the cells of a view that may be text, with what describes them.
func (v *view) each(f func(i int, features []float32)) {
	features := make([]float32, 0, room)
	for y := v.cells.Min.Y; y < v.cells.Max.Y; y++ {
		for x := v.cells.Min.X; x < v.cells.Max.X; x++ {
			if i := y*v.grid.nx + x; v.most[i] >= hopeless || v.score[i] >= hopeless {
				features = v.describeCell(x, y, features)
				f(i, features)
			}
		}
	}
}

// describeCell writes what tells the cells of a text from those that its line was found
// with.
func (v *view) describeCell(x, y int, out []float32) []float32 {
	g := v.grid
	i := y*g.nx + x
	long, high := float32(v.Dx()), float32(v.Dy())
	row, column := v.rows[y-v.cells.Min.Y], v.columns[x-v.cells.Min.X]
	mx, my := float32(x)*side+side/2, float32(y)*side+side/2
	end := min(mx-float32(v.Min.X), float32(v.Max.X)-mx)
	off := my - float32(v.Min.Y+v.Max.Y)/2
	if v.upright {
		long, high = high, long
		row, column = column, row
		end = min(my-float32(v.Min.Y), float32(v.Max.Y)-my)
		off = mx - float32(v.Min.X+v.Max.X)/2
	}
	k := 0
	if g == v.grids[1] {
		k = 1
	}
	out = append(out[:0],
		float32(v.n), high/side, float32(math.Log(float64(long/high))),
		max(hopeless, v.score[i]), max(hopeless, v.first[k][i]), max(hopeless, v.first[1-k][i]),
		max(off, -off)/high, end/high,
		ratio(g.peak[i], v.usual), ratio(v.grids[1-k].peak[i], v.usual), ratio(g.near[i], v.usual),
		row, column, v.all, v.sure, v.share)
	out = v.beside(x, y, out)
	out = v.strokes.describe(x, y, high, v.upright, out)
	var s sums
	for n := 1; n <= 2; n++ {
		s = sums{}
		g.around(x, y, n, func(i int) {
			g.count(i)
			s.add(&g.cells[i])
		})
		out = g.window(&s, max(g.near[i], 1e-3), out)
	}
	return out
}

// beside appends how cells beside one look: along the line and across it.
func (v *view) beside(x, y int, out []float32) []float32 {
	g := v.grid
	dx, dy := 1, 0
	if v.upright {
		dx, dy = 0, 1
	}
	mean := func(dx, dy, m int) (mean, most float32) {
		var n float32
		most = hopeless
		for k := -m; k <= m; k++ {
			cx, cy := x+k*dx, y+k*dy
			if k == 0 || cx < 0 || cy < 0 || cx >= g.nx || cy >= g.ny {
				continue
			}
			s := max(hopeless, v.score[cy*g.nx+cx])
			mean, n, most = mean+s, n+1, max(most, s)
		}
		return mean / max(n, 1), most
	}
	for _, m := range [2]int{2, 5} {
		a, b := mean(dx, dy, m)
		out = append(out, a, b)
	}
	a, b := mean(dy, dx, 2)
	return append(out, a, b)
}
