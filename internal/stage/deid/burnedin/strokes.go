package burnedin

import "image"

// strokes are the connected pixels of a part of a plane that stand out: letters, if it is
// text.
type strokes struct {
	image.Rectangle
	label []int32   // by pixel of the rectangle: 0 none, else the number of its stroke
	all   []stroked // that with number n is the one before
}

// stroked is what one is like.
type stroked struct {
	image.Rectangle
	pixels, begun int // how many, and how many of them begin in a row
}

// unseen marks a pixel that is of a stroke that has no number yet.
const unseen = -1

// strokes finds those of a rectangle, whose top-hat is over t.
func (g *grid) strokes(r image.Rectangle, t int32) strokes {
	w, h := r.Dx(), r.Dy()
	s := strokes{Rectangle: r, label: make([]int32, w*h)}
	for y := range h {
		at := (r.Min.Y+y)*g.hat.w + r.Min.X
		row := s.label[y*w : y*w+w]
		for x, v := range g.hat.v[at : at+w] {
			if v > t {
				row[x] = unseen
			}
		}
	}
	var todo []int
	for start, v := range s.label {
		if v != unseen {
			continue
		}
		n := int32(len(s.all)) + 1 //nolint:gosec // no more than pixels
		s.label[start] = n
		one := stroked{}
		todo = append(todo[:0], start)
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			x, y := i%w, i/w
			one.Rectangle = one.Union(image.Rect(x, y, x+1, y+1))
			one.pixels++
			if x == 0 || s.label[i-1] == 0 {
				one.begun++
			}
			for cy := max(0, y-1); cy <= min(h-1, y+1); cy++ {
				for j := cy*w + max(0, x-1); j <= cy*w+min(w-1, x+1); j++ {
					if s.label[j] == unseen {
						s.label[j] = n
						todo = append(todo, j)
					}
				}
			}
		}
		s.all = append(s.all, one)
	}
	return s
}

// describe appends what is known of the stroke that most pixels of a cell belong to: how
// long and high it is, in heights of the line, how much of its box it fills, how often it
// begins in a row of it; and the share of strokes in the cell, how often they begin, and
// how many there are.
func (s *strokes) describe(cx, cy int, high float32, upright bool, out []float32) []float32 {
	r := image.Rect(cx*side, cy*side, (cx+1)*side, (cy+1)*side).Intersect(s.Rectangle)
	w := s.Dx()
	var names [8]int32
	var counts [8]int
	kinds, ink, begun := 0, 0, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := s.label[(y-s.Min.Y)*w+r.Min.X-s.Min.X:][:r.Dx()]
		before := int32(0)
		for _, n := range row {
			if n != 0 {
				ink++
				if before == 0 {
					begun++
				}
				for k := range names {
					if k == kinds && k < len(names) {
						names[k] = n
						kinds++
					}
					if names[k] == n {
						counts[k]++
						break
					}
				}
			}
			before = n
		}
	}
	area := float32(max(1, r.Dx()*r.Dy()))
	best := 0
	for k := range kinds {
		if counts[k] > counts[best] {
			best = k
		}
	}
	var one stroked
	if kinds > 0 {
		one = s.all[names[best]-1]
	}
	a, b := float32(one.Dx()), float32(one.Dy())
	fill := float32(one.pixels) / max(1, a*b)
	turns := float32(one.begun) / max(1, b)
	if upright {
		a, b = b, a
	}
	return append(out, a/high, b/high, fill, turns, float32(one.pixels)/(high*high), float32(ink)/area, float32(begun)/side, float32(kinds))
}
