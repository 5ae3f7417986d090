package mesh

import (
	"cmp"
	"context"
	"slices"
)

// faceAt names a face between two cells: the layer and place of the upper one, and the
// axis along which they lie.
type faceAt struct {
	layer int
	at    uint32
	axis  int
}

const layersAtOnce = 8 // whose quads are made in one go

// join makes the quads between the cells of all layers.
func (n *netter) join(ctx context.Context) (*Mesh, error) {
	m := &Mesh{}
	count := 0
	for k := range n.layers {
		n.layers[k].base = uint32(count)
		count += len(n.layers[k].vertices)
	}
	n.split(count)
	m.Vertices = make([]Point, 0, count+len(n.extra))
	for _, l := range n.layers {
		m.Vertices = append(m.Vertices, l.vertices...)
	}
	m.Vertices = append(m.Vertices, n.extra...)
	made := make([][][3]uint32, pieces(len(n.layers), layersAtOnce))
	err := each(ctx, len(made), func(i int) {
		made[i] = n.quads(m.Vertices, i*layersAtOnce, min((i+1)*layersAtOnce, len(n.layers)))
	})
	if err != nil {
		return nil, err
	}
	m.Triangles = slices.Concat(made...)
	return m, nil
}

// neighbour finds the cell before a cell along an axis.
func (n *netter) neighbour(k int, at uint32, axis int) (layer int, found *cell) {
	width := uint32(n.mask.columns + 1) //nolint:gosec // sides are bounded
	switch axis {
	case 0:
		at--
	case 1:
		at -= width
	default:
		k--
	}
	cells := n.layers[k].cells
	if i, ok := slices.BinarySearchFunc(cells, at, func(c cell, at uint32) int { return cmp.Compare(c.at, at) }); ok {
		return k, &cells[i]
	}
	return k, nil
}

// split finds the faces that are pinched from both sides, and gives each a vertex in the
// middle of the edge across it; count is the number of vertices before.
func (n *netter) split(count int) {
	n.middle = map[faceAt]uint32{}
	for k := range n.layers {
		for i := range n.layers[k].cells {
			c := &n.layers[k].cells[i]
			pinched := n.cases[c.corners].pinched
			for axis := 0; pinched != 0 && axis < 3; axis++ {
				if pinched>>(2*axis)&1 == 0 {
					continue
				}
				other, before := n.neighbour(k, c.at, axis)
				if before == nil || n.cases[before.corners].pinched>>(2*axis+1)&1 == 0 {
					continue
				}
				n.middle[faceAt{k, c.at, axis}] = uint32(count + len(n.extra)) //nolint:gosec // vertices are bounded
				p, q := n.across(k, c, axis, 0), n.across(other, before, axis, 1)
				n.extra = append(n.extra, Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2})
			}
		}
	}
}

// across is the vertex of the sheet that cuts a pinched face of a cell.
func (n *netter) across(k int, c *cell, axis, side int) Point {
	corner := side << axis
	e := edgeBetween(corner, corner|1<<((axis+1)%3)) // all four edges of the face are cut, by one sheet
	return n.layers[k].vertices[c.first+uint32(n.cases[c.corners].sheet[e])]
}

// quads makes the triangles of some layers: for each cell those around the edges that
// begin at its first corner.
func (n *netter) quads(vertices []Point, first, last int) [][3]uint32 {
	total := 0
	for _, l := range n.layers[first:last] {
		for _, c := range l.cells {
			total += int(n.cases[c.corners].quads)
		}
	}
	r := ring{netter: n, vertices: vertices, out: make([][3]uint32, 0, 2*total)}
	size := (n.mask.rows + 1) * (n.mask.columns + 1)
	r.here, r.before = make([]uint32, size), make([]uint32, size)
	r.index(first - 1)
	for k := first; k < last; k++ {
		r.here, r.before = r.before, r.here
		r.index(k)
		for i := range n.layers[k].cells {
			c := &n.layers[k].cells[i]
			for axis := range 3 {
				if inside := c.corners & 1; inside != c.corners>>(1<<axis)&1 {
					r.around(k, c, axis, inside != 0)
				}
			}
		}
	}
	return r.out
}

// ring makes the quads of some layers.
type ring struct {
	*netter
	vertices     []Point
	out          [][3]uint32
	here, before []uint32 // by place in this layer and the one before: which of its cells is there
	corners      [8]uint32
}

// index writes down where the cells of a layer are. What is left of others is not asked
// for: each edge that is cut has four cells.
func (r *ring) index(k int) {
	if k < 0 {
		return
	}
	for i := range r.layers[k].cells {
		r.here[r.layers[k].cells[i].at] = uint32(i)
	}
}

// neighbours of an edge: which of the cells around it lies one before along the two other
// axes, against the clock as seen from its upper end.
var turns = [4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}}

// around makes the quad around the edge along an axis that begins at the cell's first
// corner.
func (r *ring) around(k int, c *cell, axis int, outwards bool) {
	u, v := (axis+1)%3, (axis+2)%3
	steps := [3]uint32{1, uint32(r.mask.columns + 1), 0} //nolint:gosec // sides are bounded
	var cells [4]*cell
	var layers [4]int
	var corners [4]uint32
	pinched := uint8(0)
	for i, turn := range turns {
		at, index := c.at, r.here
		layers[i] = k
		for j, w := range [2]int{u, v} {
			if turn[j] == 0 {
				continue
			}
			at -= steps[w]
			if w == 2 {
				layers[i], index = k-1, r.before
			}
		}
		l := &r.layers[layers[i]]
		cells[i] = &l.cells[index[at]]
		one := &r.cases[cells[i].corners]
		corners[i] = l.base + cells[i].first + uint32(one.sheet[edge(axis, turn[0]<<u|turn[1]<<v)])
		pinched |= one.pinched
	}
	outwards = outwards != r.mirror
	if pinched == 0 {
		r.quad(corners, outwards)
		return
	}
	r.polygon(c, axis, corners, cells, layers, outwards)
}

// quad cuts a quad along its shorter diagonal.
func (r *ring) quad(c [4]uint32, outwards bool) {
	if !outwards {
		c[1], c[3] = c[3], c[1]
	}
	p := [4]Point{r.vertices[c[0]], r.vertices[c[1]], r.vertices[c[2]], r.vertices[c[3]]}
	if d, e := p[0].sub(p[2]), p[1].sub(p[3]); d.dot(d) <= e.dot(e) {
		r.out = append(r.out, [3]uint32{c[0], c[1], c[2]}, [3]uint32{c[0], c[2], c[3]})
	} else {
		r.out = append(r.out, [3]uint32{c[1], c[2], c[3]}, [3]uint32{c[1], c[3], c[0]})
	}
}

// polygon is a quad of which some edges cross a pinched face: of the two quads pairs at
// it, the one whose inside corner lies further along the lower axis of the face has the
// edge that is split.
func (r *ring) polygon(c *cell, axis int, corners [4]uint32, cells [4]*cell, layers [4]int, outwards bool) {
	u, v := (axis+1)%3, (axis+2)%3
	insideAt := 0 // along the edge: which of its ends is inside
	if c.corners&1 == 0 {
		insideAt = 1
	}
	out := r.corners[:0]
	apex := -1 // a middle, so that no triangle is flat
	for i, turn := range turns {
		out = append(out, corners[i])
		next := turns[(i+1)%4]
		across := u
		if turn[0] == next[0] {
			across = v
		}
		upper := i // the cell of the two that lies further along
		if turn[(across-u+3)%3] == 1 {
			upper = (i + 1) % 4
		}
		middle, ok := r.middle[faceAt{layers[upper], cells[upper].at, across}]
		if !ok {
			continue
		}
		// The inside corner in the face, as the upper cell counts it.
		corner := [3]int{}
		corner[axis] = insideAt
		corner[u], corner[v] = turns[upper][0], turns[upper][1]
		if lower := min((across+1)%3, (across+2)%3); corner[lower] == 1 {
			apex, out = len(out), append(out, middle)
		}
	}
	if apex < 0 {
		r.quad(corners, outwards)
		return
	}
	for i := 1; i+1 < len(out); i++ {
		a, b := out[(apex+i)%len(out)], out[(apex+i+1)%len(out)]
		if !outwards {
			a, b = b, a
		}
		r.out = append(r.out, [3]uint32{out[apex], a, b})
	}
}
