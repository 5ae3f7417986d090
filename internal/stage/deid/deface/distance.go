package deface

import (
	"math"
	"slices"
)

// far is the distance to a mask that is empty, in mm.
const far = 1e4

// distance returns for every cell how far the nearest cell of the mask is, in mm
// from centre to centre; 0 in the mask.
//
// It is the exact Euclidean transform by lower envelopes of parabolas, axis by axis
// (Felzenszwalb and Huttenlocher 2012).
func (g grid) distance(m mask) []float32 {
	out := make([]float32, len(m))
	limit := float32(far * far)
	for i, in := range m {
		if !in {
			out[i] = limit
		}
	}
	longest := max(g.n[0], g.n[1], g.n[2])
	strides := [3]int{1, g.n[0], g.n[0] * g.n[1]}
	for axis := range 3 {
		a, b := (axis+1)%3, (axis+2)%3
		if a > b {
			a, b = b, a
		}
		spread(g.n[b], func(from, to int) {
			e := newEnvelope(longest)
			for j := from; j < to; j++ {
				for i := range g.n[a] {
					e.transform(out, i*strides[a]+j*strides[b], strides[axis], g.n[axis], limit)
				}
			}
		})
	}
	spread(len(out), func(from, to int) {
		for i, d := range out[from:to] {
			if d >= limit {
				out[from+i] = far
				continue
			}
			out[from+i] = float32(math.Sqrt(float64(d)) * g.side)
		}
	})
	return out
}

// envelope is the scratch of one line's transform.
type envelope struct {
	line   []float32
	vertex []int
	from   []float32 // where the parabola of each vertex begins to be the lowest
}

// newEnvelope returns scratch for lines of up to n values.
func newEnvelope(n int) envelope {
	return envelope{line: make([]float32, n), vertex: make([]int, n), from: make([]float32, n+1)}
}

// transform replaces the n values from base on by the lowest of the parabolas that
// stand on them.
func (e *envelope) transform(values []float32, base, stride, n int, limit float32) {
	k := -1
	for q := range n {
		f := values[base+q*stride]
		e.line[q] = f
		if f >= limit {
			continue
		}
		start := float32(math.Inf(-1))
		for k >= 0 {
			p := e.vertex[k]
			start = (f + float32(q*q) - e.line[p] - float32(p*p)) / float32(2*(q-p))
			if start > e.from[k] {
				break
			}
			k--
			start = float32(math.Inf(-1))
		}
		k++
		e.vertex[k], e.from[k] = q, start
	}
	if k < 0 {
		return
	}
	at := 0
	for q := range n {
		for at < k && e.from[at+1] <= float32(q) {
			at++
		}
		p := e.vertex[at]
		values[base+q*stride] = e.line[p] + float32((q-p)*(q-p))
	}
}

// grow returns the cells no farther than r mm from the mask.
func (g grid) grow(m mask, r float64) mask {
	d := g.distance(m)
	return g.mask(func(i int) bool { return float64(d[i]) <= r })
}

// sortByLength puts the longest first, and keeps the order of equals.
func sortByLength(parts [][]int32) {
	slices.SortStableFunc(parts, func(a, b []int32) int { return len(b) - len(a) })
}
