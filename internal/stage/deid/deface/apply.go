package deface

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// hardHU is bone at full resolution, with the voxels that it fills in part.
const hardHU = 200

// Apply replaces the face's voxels of one slice, in place, by air with the noise of
// the volume's own background. values are the slice's real-world values as they were
// in the volume that was planned, row by row. Returns ErrInvalid if the slice is not of the volume's shape.
func (p *Plan) Apply(slice int, values []int16) error {
	if slice < 0 || slice >= p.shape.Slices || len(values) != p.shape.Columns*p.shape.Rows {
		return fmt.Errorf("deface: apply: slice %d with %d values: %w", slice, len(values), sinso.ErrInvalid)
	}
	if p.cut == nil {
		return nil
	}
	for row := range p.shape.Rows {
		line := values[row*p.shape.Columns:][:p.shape.Columns]
		run := p.air.run(slice, row)
		p.eachCut(slice, row, line, func(column int, _ cell) {
			line[column] = p.air.values[(run+column)%len(p.air.values)]
		})
	}
	return nil
}

// Mask marks the voxels of one slice that Apply replaces. values are those that it
// would be given.
func (p *Plan) Mask(slice int, values []int16) ([]bool, error) {
	if slice < 0 || slice >= p.shape.Slices || len(values) != p.shape.Columns*p.shape.Rows {
		return nil, fmt.Errorf("deface: mask: slice %d with %d values: %w", slice, len(values), sinso.ErrInvalid)
	}
	out := make([]bool, len(values))
	if p.cut == nil {
		return out, nil
	}
	for row := range p.shape.Rows {
		p.eachCut(slice, row, values[row*p.shape.Columns:][:p.shape.Columns], func(column int, _ cell) {
			out[row*p.shape.Columns+column] = true
		})
	}
	return out, nil
}

// cell is the corner of the grid that is next to a voxel.
type cell int

// eachCut calls f with each column of a row that is cut, in order.
func (p *Plan) eachCut(slice, row int, line []int16, f func(column int, next cell)) {
	c := p.cut
	q := p.shape.at(0, float64(row), float64(slice)).sub(c.origin).scale(1 / c.side)
	step := vec(p.shape.Row).scale(p.shape.Spacing[0] / c.side)
	from, to := c.columns(q, step, p.shape.Columns)
	for column := from; column < to; column++ {
		at := q.add(step.scale(float64(column)))
		level, next, ok := c.level(at)
		if !ok || level >= 0 {
			continue
		}
		if p.shape.CT && line[column] > hardHU && c.inside[next] < c.vault {
			continue
		}
		f(column, next)
	}
}

// columns returns which columns of a row may lie in the box of all that is cut.
func (c *cut) columns(q, step vec, n int) (from, to int) {
	low, high := 0.0, float64(n-1)
	for axis := range 3 {
		if math.Abs(step[axis]) < 1e-9 {
			if q[axis] < c.low[axis] || q[axis] > c.high[axis] {
				return 0, 0
			}
			continue
		}
		a, b := (c.low[axis]-q[axis])/step[axis], (c.high[axis]-q[axis])/step[axis]
		low, high = max(low, min(a, b)), min(high, max(a, b))
	}
	if low > high {
		return 0, 0
	}
	return int(math.Ceil(low)), int(math.Floor(high)) + 1
}

// bound finds the box of all that is cut, in cells.
func (c *cut) bound() {
	c.low, c.high = vec{far, far, far}, vec{-far, -far, -far}
	for i, level := range c.cut {
		if level >= 0 {
			continue
		}
		x, y, z := c.at(i)
		for axis, k := range []int{x, y, z} {
			c.low[axis], c.high[axis] = min(c.low[axis], float64(k-1)), max(c.high[axis], float64(k+1))
		}
	}
}

// level returns the cut's level between eight cells, in steps, and the nearest cell.
func (c *cut) level(q vec) (float32, cell, bool) {
	x, fx, ok1 := place(q[0], c.n[0])
	y, fy, ok2 := place(q[1], c.n[1])
	z, fz, ok3 := place(q[2], c.n[2])
	if !ok1 || !ok2 || !ok3 {
		return 0, 0, false
	}
	i := c.index(x, y, z)
	dx, dy, dz := min(1, c.n[0]-1-x), min(1, c.n[1]-1-y)*c.n[0], min(1, c.n[2]-1-z)*c.n[0]*c.n[1]
	line := func(i int) float32 {
		a, b := float32(c.cut[i]), float32(c.cut[i+dx])
		return a + (b-a)*float32(fx)
	}
	face := func(i int) float32 {
		a, b := line(i), line(i+dy)
		return a + (b-a)*float32(fy)
	}
	a, b := face(i), face(i+dz)
	next := i
	if fx > 0.5 {
		next += dx
	}
	if fy > 0.5 {
		next += dy
	}
	if fz > 0.5 {
		next += dz
	}
	return a + (b-a)*float32(fz), cell(next), true
}
