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
	stroke  = .3   // of the highest top-hat around: what is a stroke's pixel
	faint   = .9   // of a text's usual top-hat: the highest around is taken for at least so much
	both    = .3   // of the cells of a text: that its strokes are bright in so many and dark in so many says that both are
	doubt   = -.3  // what a weak one does
	edge    = .4   // of a text's usual top-hat: what is taken for a stroke where its rows are counted
	beside  = .1   // of the strokes that begin in most rows of a text: those with fewer are beside it
	against = -1   // what a cell speaks at most against a text around it
	favour  = 3    // what it speaks at most for it
)

// maxTexts bounds the time that joining takes: a frame with more of them is full of
// text, or made to be slow.
const maxTexts = 2000

// What a blob is cut into at most, and how many sums are looked at for it.
const (
	maxParts  = 64
	maxSearch = 1 << 22
)

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
	sides [2]bool // which of the grids have its strokes
}

// lines returns the boxes around cells that look like text at one size: one around all if
// there are too many to be joined.
func (l *level) lines() (out []text, crowded bool) {
	for _, cells := range l.blobs() {
		for _, part := range l.parts(cells, l.score) {
			t := text{usual: l.usualNear(part), sides: l.sides(part)}
			if t.Rectangle = l.box(part, t); !t.Empty() {
				out = append(out, t)
			}
		}
	}
	if len(out) > maxTexts {
		return []text{around(out)}, true
	}
	out = inLine(out, gap)
	for i, t := range out {
		out[i].Rectangle = l.trimmed(t, beside)
	}
	return out, false
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
	if len(near) == 0 {
		return 0
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

// parts cuts a blob into the rectangles that most of what speaks for text is in and least of
// what speaks against it, the best first: what only touches a text does not make its box
// larger.
func (l *level) parts(cells []int, odds []float32) [][]int {
	var out [][]int
	nx := l.grids[0].nx
	for len(cells) > 0 && len(out) < maxParts {
		best := l.best(cells, odds)
		var in, rest []int
		var sum float32
		for _, i := range cells {
			if image.Pt(i%nx, i/nx).In(best) {
				in = append(in, i)
				sum += max(0, odds[i])
			} else {
				rest = append(rest, i)
			}
		}
		if sum < enough {
			break
		}
		out, cells = append(out, in), rest
	}
	return out
}

// best returns the rectangle of cells with the highest sum of scores (Bentley 1984), each
// counted within bounds, around some of the cells given and no other of the blob.
func (l *level) best(cells []int, odds []float32) image.Rectangle {
	nx := l.grids[0].nx
	var all image.Rectangle
	for _, i := range cells {
		all = all.Union(image.Rect(i%nx, i/nx, i%nx+1, i/nx+1))
	}
	w, h := all.Dx(), all.Dy()
	if w > h {
		w, h = h, w
	}
	if int64(w)*int64(w)*int64(h) > maxSearch {
		return all
	}
	weight := make([]float32, w*h)
	for i := range weight {
		weight[i] = against
	}
	at := func(i int) int {
		x, y := i%nx-all.Min.X, i/nx-all.Min.Y
		if all.Dx() > all.Dy() {
			x, y = y, x
		}
		return x*h + y
	}
	for _, i := range cells {
		weight[at(i)] = min(max(odds[i], doubt), favour)
	}
	x0, x1, y0, y1 := bestSum(weight, w, h)
	if all.Dx() > all.Dy() {
		x0, x1, y0, y1 = y0, y1, x0, x1
	}
	return image.Rect(x0, y0, x1, y1).Add(all.Min)
}

// bestSum returns where the highest sum of a rectangle is, of w strips of h weights.
func bestSum(weight []float32, w, h int) (x0, x1, y0, y1 int) {
	best := float32(math.Inf(-1))
	sums := make([]float32, h)
	for left := range w {
		clear(sums)
		for right := left; right < w; right++ {
			from, sum := 0, float32(0)
			for y, v := range weight[right*h : right*h+h] {
				sums[y] += v
				if sum <= 0 {
					from, sum = y, 0
				}
				if sum += sums[y]; sum > best {
					best, x0, x1, y0, y1 = sum, left, right+1, from, y+1
				}
			}
		}
	}
	return x0, x1, y0, y1
}

// sides says which grids have the strokes of a text: one, but for text of both kinds or with
// an outline. The other grid has the gaps, also those to the frame's edge.
func (l *level) sides(cells []int) (out [2]bool) {
	var n [2]float32
	for _, i := range cells {
		n[l.side(i)]++
	}
	return [2]bool{n[0] >= both*(n[0]+n[1]), n[1] >= both*(n[0]+n[1])}
}

// box returns the rectangle around the strokes in the cells of a text.
func (l *level) box(cells []int, t text) image.Rectangle {
	var r image.Rectangle
	nx := l.grids[0].nx
	for _, i := range cells {
		k := l.side(i)
		if !t.sides[k] {
			k = 1 - k
		}
		g := l.grids[k]
		r = r.Union(g.over(i%nx, i/nx, int32(stroke*max(g.near[i], faint*t.usual))))
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

// trimmed returns the box of a text without the rows at its longer sides in which fewer
// strokes begin than a part of those that do in most rows: what stands beside a text
// is not as wide as it. The margin has the tails of letters.
func (l *level) trimmed(t text, part float32) image.Rectangle {
	r := t.Rectangle
	long, short := r.Dx(), r.Dy()
	if long < short {
		long, short = short, long
	}
	if long < 2*short {
		return r
	}
	begun := make([]int, short)
	for k, g := range l.grids {
		if !t.sides[k] {
			continue
		}
		for y, n := range g.begun(r, int32(edge*t.usual)) {
			begun[y] = max(begun[y], n)
		}
	}
	sorted := slices.Sorted(slices.Values(begun))
	least := float32(sorted[len(sorted)*3/4]) * part
	from, to := 0, short
	for from < to && float32(begun[from]) < least {
		from++
	}
	for to > from && float32(begun[to-1]) < least {
		to--
	}
	if r.Dx() >= r.Dy() {
		return image.Rect(r.Min.X, r.Min.Y+from, r.Max.X, r.Min.Y+to)
	}
	return image.Rect(r.Min.X+from, r.Min.Y, r.Min.X+to, r.Max.Y)
}

// begun returns how many strokes begin in each line of pixels along the longer side of a
// rectangle: how often the top-hat goes over t.
func (g *grid) begun(r image.Rectangle, t int32) []int {
	rows := r.Dx() >= r.Dy()
	out := make([]int, min(r.Dx(), r.Dy()))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			i := y*g.hat.w + x
			switch {
			case g.hat.v[i] <= t:
			case rows && (x == r.Min.X || g.hat.v[i-1] <= t):
				out[y-r.Min.Y]++
			case !rows && (y == r.Min.Y || g.hat.v[i-g.hat.w] <= t):
				out[x-r.Min.X]++
			}
		}
	}
	return out
}
