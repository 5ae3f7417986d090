package burnedin

import (
	"image"
	"slices"
)

const (
	gap   = 1   // of a line's height: up to which what may be words is of one line
	space = 1.5 // the same for what surely is
	waste = .05 // of the area of two boxes: what one around both may have besides
)

// ahead returns a box made longer at both ends by part of its height: in each
// direction in which it is at least slim times as long as high.
func ahead(r image.Rectangle, part, slim float64) []image.Rectangle {
	var out []image.Rectangle
	w, h := float64(r.Dx()), float64(r.Dy())
	n := int(part*min(w, h)) + 2
	if w >= slim*h {
		out = append(out, image.Rect(r.Min.X-n, r.Min.Y, r.Max.X+n, r.Max.Y))
	}
	if h >= slim*w {
		out = append(out, image.Rect(r.Min.X, r.Min.Y-n, r.Max.X, r.Max.Y+n))
	}
	return out
}

// inLine joins texts that overlap or follow each other in a line, with no more between them
// than so much of its height.
func inLine(texts []text, gap float64) []text {
	return merged(texts, func(a, b text) (text, bool) {
		one := text{a.Union(b.Rectangle), max(a.usual, b.usual), [2]bool{a.sides[0] || b.sides[0], a.sides[1] || b.sides[1]}}
		return one, fits(a.Rectangle, b.Rectangle) || follows(a.Rectangle, b.Rectangle, gap) || follows(b.Rectangle, a.Rectangle, gap)
	})
}

// follows reports whether b goes on where a ends, in a row or a column, about as high.
func follows(a, b image.Rectangle, gap float64) bool {
	for _, far := range ahead(a, gap, .5) {
		a0, a1, b0, b1 := a.Min.Y, a.Max.Y, b.Min.Y, b.Max.Y
		if far.Dy() > a.Dy() {
			a0, a1, b0, b1 = a.Min.X, a.Max.X, b.Min.X, b.Max.X
		}
		small, large := min(a1-a0, b1-b0), max(a1-a0, b1-b0)
		if far.Overlaps(b) && 10*(min(a1, b1)-max(a0, b0)) >= 4*small && large <= 2*small+4 {
			return true
		}
	}
	return false
}

// fits reports whether two rectangles overlap and one around both holds little else.
func fits(a, b image.Rectangle) bool {
	if !a.Overlaps(b) {
		return false
	}
	area := func(r image.Rectangle) float64 { return float64(r.Dx()) * float64(r.Dy()) }
	return area(a.Union(b)) <= (1+waste)*(area(a)+area(b)-area(a.Intersect(b)))
}

// margin returns a text's box widened by what is left of its strokes: their edges, and the
// parts that were too faint. high is how high its letters are, short how many pixels the
// shorter side of the frame has: in a small one each pixel is much of the picture.
func margin(r image.Rectangle, high, short int) image.Rectangle {
	return r.Inset(-max(min(4, max(2, short/50)), min(high, 60)/6))
}

// joined returns the rectangles sorted, and those that overlap and hold little else
// together as one.
func joined(boxes []image.Rectangle) []image.Rectangle {
	boxes = merged(boxes, func(a, b image.Rectangle) (image.Rectangle, bool) { return a.Union(b), fits(a, b) })
	slices.SortFunc(boxes, func(a, b image.Rectangle) int {
		if a.Min.Y != b.Min.Y {
			return a.Min.Y - b.Min.Y
		}
		return a.Min.X - b.Min.X
	})
	return boxes
}

// merged replaces each two values that join joins by the one that it makes of them.
func merged[T any](all []T, join func(a, b T) (T, bool)) []T {
	for again := true; again; {
		again = false
		var out []T
	next:
		for _, a := range all {
			for i, b := range out {
				if one, ok := join(a, b); ok {
					out[i], again = one, true
					continue next
				}
			}
			out = append(out, a)
		}
		all = out
	}
	return all
}
