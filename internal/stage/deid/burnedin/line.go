package burnedin

import (
	"image"
	"math"
)

// describe appends what tells a line of text from what has strokes, too: of what shape it
// is, how sure its cells are and those around it, how far its strokes stand out from
// there and how alike they are, and how ink and gaps take turns along it and across.
func (l *level) describe(t text, n int, out []float32) []float32 {
	k := l.inside(t.Rectangle)
	g := l.grids[k]
	r := cellsOf(t.Rectangle, g)
	var s sums
	var cells, surest, sure, all, alike, near float32
	surest = unlike
	g.within(r, func(i int) {
		g.count(i)
		s.add(&g.cells[i])
		v := max(hopeless, l.score[i])
		cells, all, surest = cells+1, all+v, max(surest, v)
		if v >= strong {
			sure++
		}
		if g.peak[i] > .6*t.usual && g.peak[i] < 1.6*t.usual {
			alike++
		}
		near = max(near, g.near[i])
	})
	var ring, ringScore, ringPeak, ringAlike float32
	g.within(r.Inset(-2).Intersect(image.Rect(0, 0, g.nx, g.ny)), func(i int) {
		if image.Pt(i%g.nx, i/g.nx).In(r) {
			return
		}
		ring++
		ringScore += max(hopeless, l.score[i])
		ringPeak += g.peak[i]
		if g.peak[i] > .6*t.usual {
			ringAlike++
		}
	})
	w, h := float64(t.Dx()), float64(t.Dy())
	out = append(out[:0],
		float32(n), float32(min(w, h)), float32(math.Log(max(w, h)/min(w, h))), float32(w*h)/float32(g.hat.w*g.hat.h),
		surest, all/cells, sure/cells, sure, l.share, alike/cells,
		ringScore/(ring+1), ratio(t.usual, ringPeak/(ring+1)), ringAlike/(ring+1), ratio(t.usual, g.top), ratio(t.usual, g.floor))
	out = g.turns(t, out)
	out = g.letters(t, out)
	out = l.grids[1-k].letters(t, out)
	return g.window(&s, max(near, 1e-3), out)
}

// within calls f for the cells of a rectangle of cells.
func (g *grid) within(r image.Rectangle, f func(i int)) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			f(y*g.nx + x)
		}
	}
}

// cellsOf returns which cells a rectangle of pixels touches.
func cellsOf(r image.Rectangle, g *grid) image.Rectangle {
	return image.Rect(r.Min.X/side, r.Min.Y/side, min(g.nx, (r.Max.X+side-1)/side), min(g.ny, (r.Max.Y+side-1)/side))
}

// inside returns which grid has most of the strokes of a box.
func (l *level) inside(r image.Rectangle) int {
	g := l.grids[0]
	var sum [2]float32
	g.within(cellsOf(r, g), func(i int) {
		if l.score[i] >= weak {
			sum[l.side(i)]++
		}
	})
	if sum[1] > sum[0] {
		return 1
	}
	return 0
}

// turns appends, along the longer side of a text and across it: how often ink begins, in
// heights of the text, the share of lines without ink, of those full of it; and the share
// of ink.
func (g *grid) turns(t text, out []float32) []float32 {
	half := int32(.5 * t.usual)
	r := t.Intersect(image.Rect(0, 0, g.hat.w, g.hat.h))
	w, h := r.Dx(), r.Dy()
	columns, rows := make([]int, w), make([]int, h)
	ink, across, down := 0, 0, 0
	for y := range h {
		row := g.hat.v[(r.Min.Y+y)*g.hat.w+r.Min.X:]
		up := row
		if y > 0 {
			up = g.hat.v[(r.Min.Y+y-1)*g.hat.w+r.Min.X:]
		}
		for x := range w {
			on := row[x] > half
			if on {
				ink++
				columns[x]++
				rows[y]++
				if x > 0 && row[x-1] <= half {
					across++
				}
				if y > 0 && up[x] <= half {
					down++
				}
			}
		}
	}
	if w < h {
		columns, rows, across, down = rows, columns, down, across
	}
	long, short := float32(len(columns)), float32(len(rows))
	var none, full float32
	for _, n := range columns {
		if n == 0 {
			none++
		} else if float32(n) > .8*short {
			full++
		}
	}
	return append(out, float32(across)/long, float32(down)/long, none/long, full/long, float32(ink)/(long*short))
}

// letters appends what the connected strokes of a text and around it are like: how many of
// their pixels are in some as large as letters, how many in those that go on beyond the
// line; how many letters there are for its length; how much of their boxes they fill, how
// often they begin in a row of theirs, how different in height they are.
func (g *grid) letters(t text, out []float32) []float32 {
	long, high := float32(t.Dx()), float32(t.Dy())
	if long < high {
		long, high = high, long
	}
	more := int(.6 * high)
	s := g.strokes(t.Inset(-more).Intersect(image.Rect(0, 0, g.hat.w, g.hat.h)), int32(.5*t.usual))
	box := t.Sub(s.Min)
	var all, in, far, n, fill, turns, sum, square float32
	for _, one := range s.all {
		if !one.Overlaps(box) {
			continue
		}
		a, b := float32(one.Dx()), float32(one.Dy())
		if t.Dx() < t.Dy() {
			a, b = b, a
		}
		px := float32(one.pixels)
		all += px
		switch {
		case b > 1.3*high:
			far += px
		case b > .35*high && a < 1.5*high:
			n++
			in += px
			fill += px / (a * b)
			turns += float32(one.begun) / float32(one.Dy())
			sum += b
			square += b * b
		}
	}
	all, m := max(1, all), max(1, n)
	mean := sum / m
	return append(out, in/all, far/all, n*high/long, fill/m, turns/m, float32(math.Sqrt(float64(max(0, square/m-mean*mean))))/high)
}
