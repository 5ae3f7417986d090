package burnedin

import (
	"image"
	"math"
	"slices"
)

// How cells become texts. Scores are log odds; found to lose little of what is
// planted and little beside it.
const (
	strong  = -0.5 // score from which a cell shows that there is text
	weak    = -2.0 // from which a cell belongs to the text beside it
	enough  = 0.5  // sum of the scores over 0 of the cells of a text
	ends    = -3   // from which strokes in the line of a text go with it
	likely  = -6   // the same for strokes that are about as high as its own
	stroke  = .25  // of the highest top-hat around: what is a stroke's pixel
	faint   = .5   // of a text's usual top-hat: the highest around is taken for at least so much
	solid   = .7   // of the area of a rectangle as wide as a blob: what makes it one
	maxCuts = 5    // of a blob that is none, one after the other
)

// maxTexts bounds the time that joining takes: a frame with more of them is full of
// text, or made to be slow.
const maxTexts = 2000

// around returns one text for many.
func around(texts []text) text {
	one := texts[0]
	for _, t := range texts {
		one.Rectangle = one.Union(t.Rectangle)
	}
	return one
}

// text is a box of a line of text, in pixels of a level, and how high its strokes
// usually stand.
type text struct {
	image.Rectangle
	usual float32
}

// texts returns what looks like text at one size.
func (l *level) texts() []text {
	var out []text
	for _, cells := range l.blobs() {
		usual := l.usualNear(cells)
		for _, part := range l.parts(cells, 0) {
			if r := l.box(part, usual); !r.Empty() {
				out = append(out, text{r, usual})
			}
		}
	}
	if len(out) > maxTexts {
		return []text{around(out)}
	}
	out = inLine(out)
	for i := range out {
		out[i].Rectangle = l.lengthened(out[i])
	}
	return out
}

// blobs parts the cells of a level that look like text into those that touch.
func (l *level) blobs() [][]int {
	g := l.grids[0]
	seen := make([]bool, len(l.score))
	var out [][]int
	for start, v := range l.score {
		if v < strong || seen[start] {
			continue
		}
		seen[start] = true
		cells := []int{start}
		var sum float32
		for next := 0; next < len(cells); next++ {
			i := cells[next]
			sum += max(0, l.score[i])
			g.around(i%g.nx, i/g.nx, 1, func(j int) {
				if l.score[j] >= weak && !seen[j] {
					seen[j] = true
					cells = append(cells, j)
				}
			})
		}
		if sum >= enough {
			out = append(out, cells)
		}
	}
	return out
}

// usualNear is the median of how high strokes stand in those cells that surely are
// text.
func (l *level) usualNear(cells []int) float32 {
	near := make([]float32, 0, len(cells))
	for _, i := range cells {
		if l.score[i] >= strong {
			near = append(near, l.grids[l.side(i)].near[i])
		}
	}
	slices.Sort(near)
	return near[len(near)/2]
}

// side says which of the grids has the strokes of a cell.
func (l *level) side(i int) int {
	if l.first[1][i] > l.first[0][i] {
		return 1
	}
	return 0
}

// parts cuts a blob that is no rectangle, in any direction, across its longer side
// until its parts are: what only touches a text does not make its box larger. A
// rectangle's area is 12 times the product of its standard deviations.
func (l *level) parts(cells []int, cuts int) [][]int {
	var n, x, y, xx, yy, xy float64
	nx := l.grids[0].nx
	for _, i := range cells {
		cx, cy := float64(i%nx), float64(i/nx)
		n, x, y, xx, yy, xy = n+1, x+cx, y+cy, xx+cx*cx, yy+cy*cy, xy+cx*cy
	}
	x, y = x/n, y/n
	xx, yy, xy = xx/n-x*x+1./12, yy/n-y*y+1./12, xy/n-x*y // a cell itself has 1/12
	if cuts == maxCuts || n < 6 || n >= solid*12*math.Sqrt(max(0, xx*yy-xy*xy)) {
		return [][]int{cells}
	}
	var a, b []int
	for _, i := range cells {
		if xx > yy && float64(i%nx) < x || xx <= yy && float64(i/nx) < y {
			a = append(a, i)
		} else {
			b = append(b, i)
		}
	}
	return append(l.parts(a, cuts+1), l.parts(b, cuts+1)...)
}

// box returns the rectangle around the strokes in cells of a blob whose strokes are
// usually so high.
func (l *level) box(cells []int, usual float32) image.Rectangle {
	var r image.Rectangle
	nx := l.grids[0].nx
	for _, i := range cells {
		g := l.grids[l.side(i)]
		r = r.Union(g.over(i%nx, i/nx, int32(stroke*max(g.near[i], faint*usual))))
	}
	return r
}

// over returns the rectangle around the pixels of a cell whose top-hat is over t.
func (g *grid) over(cx, cy int, t int32) image.Rectangle {
	x0, x1 := cx*side, min((cx+1)*side, g.hat.w)
	left, top, right, bottom := x1, (cy+1)*side, x0, cy*side
	for y := cy * side; y < min((cy+1)*side, g.hat.h); y++ {
		for x, v := range g.hat.v[y*g.hat.w+x0 : y*g.hat.w+x1] {
			if v > t {
				left, right = min(left, x0+x), max(right, x0+x+1)
				top, bottom = min(top, y), y+1
			}
		}
	}
	if left >= right {
		return image.Rectangle{}
	}
	return image.Rect(left, top, right, bottom)
}

// lengthened returns the box of a text with the strokes that go on in its line at
// either end and are less surely text. They do not make it higher.
func (l *level) lengthened(t text) image.Rectangle {
	out := t.Rectangle
	nx := l.grids[0].nx
	whole := image.Rect(0, 0, l.grids[0].hat.w, l.grids[0].hat.h)
	for _, far := range ahead(t.Rectangle, 1.3, 1.6) {
		far = far.Intersect(whole)
		for cy := far.Min.Y / side; cy*side < far.Max.Y; cy++ {
			for cx := far.Min.X / side; cx*side < far.Max.X; cx++ {
				i := cy*nx + cx
				for _, g := range l.grids {
					alike := g.peak[i] > .6*t.usual && g.peak[i] < 1.6*t.usual
					if l.score[i] >= ends || alike && l.score[i] >= likely {
						out = out.Union(g.over(cx, cy, int32(.5*g.near[i])).Intersect(far))
					}
				}
			}
		}
	}
	return out
}
