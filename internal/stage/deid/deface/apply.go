package deface

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// hardHU is bone at full resolution, with the voxels that it fills in part.
const hardHU = 200

// Apply replaces the face's voxels of one slice, in place, by air with the noise of
// the volume's own background, and marks which these are. values are the slice's real-world values as they were
// in the volume that was planned, row by row. Returns ErrInvalid if the slice is not of the volume's shape.
func (p *Plan) Apply(slice int, values []int16) (replaced []bool, err error) {
	if slice < 0 || slice >= p.shape.Slices || len(values) != p.shape.Columns*p.shape.Rows {
		return nil, fmt.Errorf("deface: apply: slice %d with %d values: %w", slice, len(values), sinso.ErrInvalid)
	}
	replaced = make([]bool, len(values))
	if p.cut == nil {
		return replaced, nil
	}
	for row := range p.shape.Rows {
		base := row * p.shape.Columns
		line := values[base:][:p.shape.Columns]
		run := p.air.run(slice, row)
		p.eachCut(slice, row, line, func(column int, _ cell) {
			line[column] = p.air.values[(run+column)%len(p.air.values)]
			replaced[base+column] = true
		})
	}
	return replaced, nil
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
		next, in := c.holds(at)
		if !in {
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

// bound finds the box of all that is cut, in cells, and what is cut of each cube.
func (c *cut) bound() {
	c.low, c.high = vec{far, far, far}, vec{-far, -far, -far}
	c.cubes = make([]cube, len(c.cut))
	for i, level := range c.cut {
		x, y, z := c.at(i)
		c.cubes[i] = c.cube(i, x, y, z)
		if level >= 0 {
			continue
		}
		for axis, k := range []int{x, y, z} {
			c.low[axis], c.high[axis] = min(c.low[axis], float64(k-1)), max(c.high[axis], float64(k+1))
		}
	}
}

// cube says how much is cut of the cube that has eight cells' centres as its corners.
type cube uint8

const (
	noneCut cube = iota
	someCut
	allCut
)

// ahead returns how far in a list of cells the next one upwards is along each axis; 0 at the grid's end.
func (c *cut) ahead(x, y, z int) (dx, dy, dz int) {
	return min(1, c.n[0]-1-x), min(1, c.n[1]-1-y) * c.n[0], min(1, c.n[2]-1-z) * c.n[0] * c.n[1]
}

// cube looks at the cube from a cell upwards.
func (c *cut) cube(i, x, y, z int) cube {
	dx, dy, dz := c.ahead(x, y, z)
	negative := 0
	for _, k := range [8]int{i, i + dx, i + dy, i + dx + dy, i + dz, i + dz + dx, i + dz + dy, i + dz + dy + dx} {
		if c.cut[k] < 0 {
			negative++
		}
	}
	switch negative {
	case 0:
		return noneCut
	case 8:
		return allCut
	}
	return someCut
}

// holds reports whether a place, in cells, is cut, and the nearest cell.
func (c *cut) holds(q vec) (cell, bool) {
	x, fx, ok1 := place(q[0], c.n[0])
	y, fy, ok2 := place(q[1], c.n[1])
	z, fz, ok3 := place(q[2], c.n[2])
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	i := c.index(x, y, z)
	lies := c.cubes[i]
	if lies == noneCut {
		return 0, false
	}
	dx, dy, dz := c.ahead(x, y, z)
	if lies == someCut && c.level(i, dx, dy, dz, vec{fx, fy, fz}) >= 0 {
		return 0, false
	}
	if fx > 0.5 {
		i += dx
	}
	if fy > 0.5 {
		i += dy
	}
	if fz > 0.5 {
		i += dz
	}
	return cell(i), true
}

// level returns the cut's level between eight cells, in steps; part is where between them.
func (c *cut) level(i, dx, dy, dz int, part vec) float32 {
	line := func(i int) float32 {
		a, b := float32(c.cut[i]), float32(c.cut[i+dx])
		return a + (b-a)*float32(part[0])
	}
	face := func(i int) float32 {
		a, b := line(i), line(i+dy)
		return a + (b-a)*float32(part[1])
	}
	a, b := face(i), face(i+dz)
	return a + (b-a)*float32(part[2])
}
