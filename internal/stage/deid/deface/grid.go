package deface

import "math"

const (
	cellSide = 2.0        // mm
	maxCells = 12_000_000 // of the grid: a volume that needs more gets larger cells
	unseen   = math.MinInt16
)

// grid is a box of cubic cells along the patient's axes.
type grid struct {
	n      [3]int // cells along x, y, z
	side   float64
	origin vec // centre of the first cell
}

// newGrid returns the grid over the box from low to high.
func newGrid(low, high vec) grid {
	side := cellSide
	for {
		g := grid{side: side, origin: low}
		total := 1
		for axis := range 3 {
			g.n[axis] = int((high[axis]-low[axis])/side) + 1
			total *= g.n[axis]
		}
		if total <= maxCells {
			return g
		}
		side *= 1.1
	}
}

func (g grid) size() int { return g.n[0] * g.n[1] * g.n[2] }

func (g grid) index(x, y, z int) int { return (z*g.n[1]+y)*g.n[0] + x }

// at returns the cell of an index.
func (g grid) at(i int) (x, y, z int) {
	x = i % g.n[0]
	i /= g.n[0]
	return x, i % g.n[1], i / g.n[1]
}

// centre returns where a cell's centre is.
func (g grid) centre(i int) vec {
	x, y, z := g.at(i)
	return g.origin.add(vec{float64(x), float64(y), float64(z)}.scale(g.side))
}

// find returns the cell that holds a place; -1 if none does.
func (g grid) find(p vec) int {
	q := p.sub(g.origin).scale(1 / g.side)
	var at [3]int
	for axis := range 3 {
		at[axis] = int(math.Floor(q[axis] + 0.5))
		if at[axis] < 0 || at[axis] >= g.n[axis] {
			return -1
		}
	}
	return g.index(at[0], at[1], at[2])
}

// cells returns how many cells a volume in cm³ has.
func (g grid) cells(cm3 float64) int { return int(cm3 * 1000 / (g.side * g.side * g.side)) }

// resample returns the volume's values on the grid, unseen where it has none. Four
// samples a cell keep the noise down.
func (g grid) resample(v Volume) []int16 {
	out := make([]int16, g.size())
	m := v.toVoxel()
	quarter := g.side / 4
	var offsets [4]vec
	for k, d := range []vec{{quarter, quarter, quarter}, {-quarter, -quarter, quarter}, {-quarter, quarter, -quarter}, {quarter, -quarter, -quarter}} {
		offsets[k] = vec{m[0].dot(d), m[1].dot(d), m[2].dot(d)}
	}
	step := vec{m[0][0], m[1][0], m[2][0]}.scale(g.side)
	spread(g.n[1]*g.n[2], func(from, to int) {
		for row := from; row < to; row++ {
			p := g.centre(row * g.n[0]).sub(v.Origin)
			q := vec{m[0].dot(p), m[1].dot(p), m[2].dot(p)}
			for x := range g.n[0] {
				out[row*g.n[0]+x] = v.mean(q, offsets)
				q = q.add(step)
			}
		}
	})
	return out
}

func (v Volume) mean(q vec, offsets [4]vec) int16 {
	sum, n := 0.0, 0.0
	for _, d := range offsets {
		if value, ok := v.sample(q[0]+d[0], q[1]+d[1], q[2]+d[2]); ok {
			sum += value
			n++
		}
	}
	if n == 0 {
		return unseen
	}
	return int16(max(math.Round(sum/n), unseen+1))
}

// mask marks cells of a grid.
type mask []bool

func (g grid) mask(in func(i int) bool) mask {
	m := make(mask, g.size())
	for i := range m {
		m[i] = in(i)
	}
	return m
}

func (m mask) count() int {
	n := 0
	for _, in := range m {
		if in {
			n++
		}
	}
	return n
}

// neighbours calls f with each of the up to six cells that touch a cell.
func (g grid) neighbours(i int, f func(j int)) {
	x, y, z := g.at(i)
	if x > 0 {
		f(i - 1)
	}
	if x < g.n[0]-1 {
		f(i + 1)
	}
	if y > 0 {
		f(i - g.n[0])
	}
	if y < g.n[1]-1 {
		f(i + g.n[0])
	}
	if z > 0 {
		f(i - g.n[0]*g.n[1])
	}
	if z < g.n[2]-1 {
		f(i + g.n[0]*g.n[1])
	}
}

// components returns the cells of each connected part of a mask that has at least
// the given number of them, the largest first.
func (g grid) components(m mask, least int) [][]int32 {
	seen := make(mask, len(m))
	var found [][]int32
	for start, in := range m {
		if !in || seen[start] {
			continue
		}
		part := []int32{int32(start)}
		seen[start] = true
		for k := 0; k < len(part); k++ {
			g.neighbours(int(part[k]), func(j int) {
				if m[j] && !seen[j] {
					seen[j] = true
					part = append(part, int32(j)) //nolint:gosec // a grid has at most maxCells cells
				}
			})
		}
		if len(part) >= least {
			found = append(found, part)
		}
	}
	sortByLength(found)
	return found
}

// fill closes the holes that a mask has in any section along the grid's axes.
// Sections and not the whole: an airway is open at the nostrils and at the neck.
func (g grid) fill(m mask) mask {
	out := append(mask(nil), m...)
	strides := [3]int{1, g.n[0], g.n[0] * g.n[1]}
	for axis := range 3 {
		a, b := (axis+1)%3, (axis+2)%3
		spread(g.n[axis], func(from, to int) {
			for k := from; k < to; k++ {
				fillSection(m, out, k*strides[axis], strides[a], strides[b], g.n[a], g.n[b])
			}
		})
	}
	return out
}

// fillSection sets in out what is shut in by m within one section.
func fillSection(m, out mask, base, strideA, strideB, a, b int) {
	outside := make(mask, a*b)
	var queue []int
	push := func(i, j int) {
		if i < 0 || j < 0 || i >= a || j >= b || outside[i*b+j] || m[base+i*strideA+j*strideB] {
			return
		}
		outside[i*b+j] = true
		queue = append(queue, i*b+j)
	}
	for i := range a {
		push(i, 0)
		push(i, b-1)
	}
	for j := range b {
		push(0, j)
		push(a-1, j)
	}
	for len(queue) > 0 {
		i, j := queue[len(queue)-1]/b, queue[len(queue)-1]%b
		queue = queue[:len(queue)-1]
		push(i-1, j)
		push(i+1, j)
		push(i, j-1)
		push(i, j+1)
	}
	for i := range a {
		for j := range b {
			if !outside[i*b+j] {
				out[base+i*strideA+j*strideB] = true
			}
		}
	}
}
