package burnedin

import (
	"math"
	"slices"
	"sync"
)

// reach is the side of the square of an opening, in pixels: what is thinner than
// this is left by the top-hat.
const reach = 9

// workspaces are taken again: they are as large as the planes, and last as long as a call.
var workspaces = sync.Pool{New: func() any { return new([]int32) }}

// tophat returns how far each pixel stands above the opening of the plane by a
// square of reach pixels (Serra 1982): strokes thinner than that stay at their
// height above what is around them, broad structures and slopes vanish. Squares
// lie inside of the plane, which must be at least as large as one.
func tophat(p plane) plane {
	const pad = reach - 1
	w := p.w + 2*pad
	room, _ := workspaces.Get().(*[]int32)
	defer workspaces.Put(room)
	*room = slices.Grow((*room)[:0], w*(p.h+2*pad))
	flat := (*room)[:w*(p.h+2*pad)]
	for i := range flat {
		flat[i] = math.MinInt32 // a square that is not inside never is the highest
	}
	for y := range p.h {
		copy(flat[(y+pad)*w+pad:], p.v[y*p.w:(y+1)*p.w])
	}
	for y := pad; y < pad+p.h; y++ { // a row at a time stays in the nearest cache
		row := flat[y*w : (y+1)*w]
		lowest(row, 1)
		lowest(row, 3)
	}
	lowest(flat, w)
	lowest(flat, 3*w)
	highest(flat, w)
	highest(flat, 3*w)
	out := newPlane(p.w, p.h)
	for y := range p.h {
		row := flat[y*w : (y+1)*w]
		highest(row, 1)
		highest(row, 3)
		from, to := p.v[y*p.w:(y+1)*p.w], out.v[y*p.w:(y+1)*p.w]
		for x, v := range row[:p.w] {
			to[x] = from[x] - v
		}
	}
	return out
}

// lowest replaces each value by the lowest of three: itself and those one and two
// steps behind it. Twice, by steps of one and three, is the lowest of nine.
func lowest(v []int32, step int) {
	b, c := v[step:], v[2*step:]
	a := v[:len(c)]
	b = b[:len(c)]
	for i, last := range c {
		a[i] = min(a[i], b[i], last)
	}
}

// highest is lowest for the highest value.
func highest(v []int32, step int) {
	b, c := v[step:], v[2*step:]
	a := v[:len(c)]
	b = b[:len(c)]
	for i, last := range c {
		a[i] = max(a[i], b[i], last)
	}
}
