package burnedin

import "image"

// How a line is cut to its strokes. Found as those of group.go were.
const (
	bias    = 2.1 // added to the log odds of a cell: a line is doubted as a whole
	kept    = -.5 // from which a cell of a line is part of its text
	certain = 0   // from which a cell says that there is any
	sparse  = .3  // of the strokes that begin in most rows of a text: those with fewer are beside it, but for what letters reach into
	maxCuts = 3   // texts that are beside each other in one
)

// refined returns what is text of what was found to be a line: its cells are looked at
// once more, as parts of that line. What only stands beside it goes, and what was
// missed at its ends comes in; it may be several texts, or none.
func (v *view) refined() []text {
	v.each(func(i int, features []float32) { v.odds[i] = score(partTrees, features) + bias })
	var out []text
	for _, cells := range v.blobs() {
		for _, part := range v.parts(cells, v.odds) {
			out = append(out, v.cut(part)...)
		}
	}
	if len(out) > maxTexts {
		return []text{around(out)}
	}
	return inLine(out, gap)
}

// blobs parts the cells of a view that are text into those that touch.
func (v *view) blobs() [][]int {
	seen := make(map[int]bool)
	var out [][]int
	v.grid.within(v.cells, func(start int) {
		if v.odds[start] < kept || seen[start] {
			return
		}
		seen[start] = true
		cells, sure := []int{start}, false
		for next := 0; next < len(cells); next++ {
			i := cells[next]
			sure = sure || v.odds[i] >= certain
			v.grid.around(i%v.grid.nx, i/v.grid.nx, 1, func(j int) {
				if image.Pt(j%v.grid.nx, j/v.grid.nx).In(v.cells) && v.odds[j] >= kept && !seen[j] {
					seen[j] = true
					cells = append(cells, j)
				}
			})
		}
		if sure {
			out = append(out, cells)
		}
	})
	return out
}

// cut returns the box of some cells without the rows along it that have few strokes, and
// those of what was cut off by that.
func (v *view) cut(cells []int) []text {
	var out []text
	for range maxCuts {
		if len(cells) == 0 {
			break
		}
		t := text{usual: v.usualNear(cells), sides: v.text.sides}
		if t.usual == 0 {
			t.usual = v.usual
		}
		t.Rectangle = v.box(cells, t)
		if t.Empty() {
			break
		}
		whole := t.Rectangle
		t.Rectangle = v.core(t)
		var rest []int
		for _, i := range cells {
			x, y := i%v.grid.nx*side, i/v.grid.nx*side
			if !image.Rect(x, y, x+side, y+side).Intersect(whole).Overlaps(t.Inset(-1)) {
				rest = append(rest, i)
			}
		}
		out = append(out, t)
		cells = rest
	}
	return out
}

// core returns the rows along a text in which many of its strokes begin, and those that
// its letters reach into from there.
func (v *view) core(t text) image.Rectangle {
	r := t.Rectangle
	if short := min(r.Dx(), r.Dy()); max(r.Dx(), r.Dy()) < 2*short {
		return r
	}
	core := v.trimmed(t, sparse)
	out := core
	for k, g := range v.grids {
		if !t.sides[k] {
			continue
		}
		for _, one := range g.strokes(r, int32(edge*t.usual)).all {
			b := one.Add(r.Min)
			if in := b.Intersect(core); 2*in.Dx()*in.Dy() >= b.Dx()*b.Dy() {
				out = out.Union(b)
			}
		}
	}
	return out.Intersect(r)
}
