package mesh

import (
	"context"
	"fmt"
	"math"
	"slices"

	"sinso.dev/sinso"
)

// What thinning out may do to a surface.
const (
	keepsVolume  = 0.005 // share of the volume that may be lost or gained
	maxPasses    = 100
	maxValence   = 24
	minTurn      = 0.2  // cosine of the angle by which a triangle may turn
	minThickness = 0.02 // of a triangle: twice its area over the square of its longest edge
	leastTaken   = 0.01 // share of the triangles; a pass that takes less is the last
	mostRanked   = 0.5  // share of the edges that one pass may look at
	atOnce       = 4096 // vertices or triangles of one piece of work
)

// Decimate returns the surface with at most so many triangles, or as few as can be: edges
// are collapsed in the order of their quadric error (the sum of the squared distances to
// the planes of all triangles that were joined, by their areas), each to the point near
// the least error at which the volume stays what it is. An edge is collapsed only if the surface stays one, so that what was
// watertight stays watertight, and no triangle turns over. Should the volume change by
// more than 0.5 % all the same, the thinning ends before. m is not changed. It returns ErrInvalid for
// a mesh that is not watertight.
func (m *Mesh) Decimate(ctx context.Context, triangles int) (*Mesh, error) {
	if !m.Watertight() {
		return nil, fmt.Errorf("mesh: decimate a surface with holes: %w", sinso.ErrInvalid)
	}
	if len(m.Triangles) <= triangles {
		return m, nil
	}
	d := &decimator{target: max(triangles, 4), triangles: slices.Clone(m.Triangles), points: make([][3]float64, len(m.Vertices))}
	for i, p := range m.Vertices {
		d.points[i] = p.wide()
	}
	if err := d.quadrics(ctx); err != nil {
		return nil, err
	}
	volume, _ := m.sums()
	best := m
	for range maxPasses {
		before := len(d.triangles)
		if err := d.pass(ctx); err != nil {
			return nil, err
		}
		next := d.mesh()
		if v, _ := next.sums(); math.Abs(v-volume) > keepsVolume*math.Abs(volume) {
			break
		}
		best = next
		if after := len(d.triangles); after <= triangles || float64(before-after) < leastTaken*float64(before) {
			break
		}
	}
	return best, nil
}

// decimator thins out a mesh in passes. In a pass each vertex is moved at most once.
type decimator struct {
	target    int
	points    [][3]float64
	errors    []quadric // of each vertex
	triangles [][3]uint32

	// Of one pass: the corners (3·triangle + i) of each vertex as a list, from 1, and
	// which vertices were moved.
	head, tail, next []uint32
	moved            []bool
	mark             []uint32
	stamp            uint32
	live             int
}

// mesh returns the mesh as it is.
func (d *decimator) mesh() *Mesh {
	m := &Mesh{Vertices: make([]Point, len(d.points)), Triangles: slices.Clone(d.triangles)}
	for i, p := range d.points {
		m.Vertices[i] = Point{float32(p[0]), float32(p[1]), float32(p[2])}
	}
	return m
}

// link lists the corners of each vertex.
func (d *decimator) link() {
	n := len(d.points)
	d.head, d.tail, d.next = make([]uint32, n), make([]uint32, n), make([]uint32, 3*len(d.triangles))
	for t, corners := range d.triangles {
		for i, v := range corners {
			c := uint32(3*t + i + 1)
			if d.head[v] == 0 {
				d.head[v] = c
			} else {
				d.next[d.tail[v]-1] = c
			}
			d.tail[v] = c
		}
	}
	d.moved, d.mark, d.stamp, d.live = make([]bool, n), make([]uint32, n), 0, len(d.triangles)
}

// quadrics measures the planes around each vertex.
func (d *decimator) quadrics(ctx context.Context) error {
	d.link()
	d.errors = make([]quadric, len(d.points))
	return each(ctx, pieces(len(d.points), atOnce), func(i int) {
		for v := i * atOnce; v < min((i+1)*atOnce, len(d.points)); v++ {
			for c := d.head[v]; c != 0; c = d.next[c-1] {
				t := d.triangles[(c-1)/3]
				d.errors[v].plane(d.points[t[0]], d.points[t[1]], d.points[t[2]])
			}
		}
	})
}

// pass collapses edges, cheapest first.
func (d *decimator) pass(ctx context.Context) error {
	d.link()
	ranked, err := d.rank(ctx)
	if err != nil {
		return err
	}
	for _, key := range ranked {
		if d.live <= d.target {
			break
		}
		c := uint32(key) //nolint:gosec // its lower half
		t := d.triangles[c/3]
		a, b := t[c%3], t[(c%3+1)%3]
		if d.moved[a] || d.moved[b] {
			continue
		}
		if !d.holds(a, b) {
			continue
		}
		at, _ := d.best(a, b)
		if at, ok := d.level(a, b, at); ok && d.turns(a, b, at) && d.turns(b, a, at) {
			d.collapse(a, b, at)
		}
	}
	d.compact()
	return nil
}

// rank returns the cheapest edges, in order: the bits of their error, which are in the
// order of their values, above the corner of the triangle at which they begin.
func (d *decimator) rank(ctx context.Context) ([]uint64, error) {
	costs := make([]float32, 3*len(d.triangles)) // below zero: an edge that its other triangle has
	err := each(ctx, pieces(len(d.triangles), atOnce), func(i int) {
		for t := i * atOnce; t < min((i+1)*atOnce, len(d.triangles)); t++ {
			for j, a := range d.triangles[t] {
				b := d.triangles[t][(j+1)%3]
				costs[3*t+j] = -1
				if a < b {
					_, cost := d.best(a, b)
					costs[3*t+j] = float32(cost)
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	most := d.dearest(costs)
	var keys []uint64
	for c, cost := range costs {
		if cost >= 0 && cost <= most {
			keys = append(keys, uint64(math.Float32bits(cost))<<32|uint64(c))
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// dearest is the error up to which edges are looked at in this pass: half of them, or so
// many that the target can be met, by a sample.
func (d *decimator) dearest(costs []float32) float32 {
	const every = 61 // corners; no multiple of 3
	var sample []float32
	for c := 0; c < len(costs); c += every {
		if costs[c] >= 0 {
			sample = append(sample, costs[c])
		}
	}
	if len(sample) < 100 {
		return math.MaxFloat32
	}
	slices.Sort(sample)
	needed := 2 * float64(d.live-d.target) / float64(len(costs)) // each collapse takes two triangles, of the 3/2 edges a triangle has
	return sample[int(min(mostRanked, needed+0.02)*float64(len(sample)))]
}

// best returns where an edge is collapsed to, and the error there. Where the planes leave
// that open it is near the middle; of two equal errors the shorter edge has the smaller.
func (d *decimator) best(a, b uint32) (at [3]float64, cost float64) {
	q := d.errors[a]
	q.add(&d.errors[b])
	p, r := d.points[a], d.points[b]
	middle := [3]float64{(p[0] + r[0]) / 2, (p[1] + r[1]) / 2, (p[2] + r[2]) / 2}
	const towards = 1e-3
	at = q.least(middle, towards*q.trace())
	e := [3]float64{p[0] - r[0], p[1] - r[1], p[2] - r[2]}
	const shorter = 1e-5
	return at, max(0, q.at(at)) + shorter*q.trace()*(e[0]*e[0]+e[1]*e[1]+e[2]*e[2])
}

// level moves the place to which an edge is collapsed so that the volume stays what it is:
// what lies between the triangles around the edge and those that take their place is the
// sum of the tetrahedra from the place to the former (P. Lindstrom, G. Turk, Fast and
// Memory Efficient Polygonal Simplification, 1998). It is false where the place would move
// further than the edge is long.
func (d *decimator) level(a, b uint32, at [3]float64) ([3]float64, bool) {
	var g [3]float64
	volume := 0.0 // six times that of the tetrahedra
	add := func(v, without uint32) {
		for c := d.head[v]; c != 0; c = d.next[c-1] {
			t := d.triangles[(c-1)/3]
			if t[0] == t[1] || t[0] == without || t[1] == without || t[2] == without {
				continue
			}
			p := d.points[t[0]]
			n := normal(p, d.points[t[1]], d.points[t[2]])
			for axis := range 3 {
				g[axis] += n[axis]
				volume += n[axis] * (p[axis] - at[axis])
			}
		}
	}
	add(a, none)
	add(b, a)
	square := g[0]*g[0] + g[1]*g[1] + g[2]*g[2]
	if square == 0 || volume*volume > square*apart(d.points[a], d.points[b]) {
		return at, false
	}
	for axis := range 3 {
		at[axis] += g[axis] * volume / square
	}
	return at, true
}

// none is no vertex.
const none = math.MaxUint32

// holds reports whether the surface stays one when an edge is collapsed: both ends have
// just the two neighbours in common that are beside the edge.
func (d *decimator) holds(a, b uint32) bool {
	d.stamp += 2
	around := [2]int{}
	for c := d.head[a]; c != 0; c = d.next[c-1] {
		t := d.triangles[(c-1)/3]
		if t[0] == t[1] {
			continue // gone
		}
		around[0]++
		for _, v := range t {
			if v != a && v != b {
				d.mark[v] = d.stamp
			}
		}
	}
	common := 0
	for c := d.head[b]; c != 0; c = d.next[c-1] {
		t := d.triangles[(c-1)/3]
		if t[0] == t[1] {
			continue
		}
		around[1]++
		for _, v := range t {
			if v != a && v != b && d.mark[v] == d.stamp {
				d.mark[v]++
				common++
			}
		}
	}
	return common == 2 && around[0]+around[1] > 6 && around[0]+around[1] <= maxValence+4
}

// turns reports whether each triangle of a vertex stays on its side and does not become a
// sliver when the vertex is moved; those that other has too are gone then.
func (d *decimator) turns(v, other uint32, at [3]float64) bool {
	for c := d.head[v]; c != 0; c = d.next[c-1] {
		t := d.triangles[(c-1)/3]
		if t[0] == t[1] || t[0] == other || t[1] == other || t[2] == other {
			continue
		}
		i := (c - 1) % 3
		p, q := d.points[t[(i+1)%3]], d.points[t[(i+2)%3]]
		was, is := normal(d.points[v], p, q), normal(at, p, q)
		dot := was[0]*is[0] + was[1]*is[1] + was[2]*is[2]
		old, now := was[0]*was[0]+was[1]*was[1]+was[2]*was[2], is[0]*is[0]+is[1]*is[1]+is[2]*is[2]
		longest := max(apart(at, p), apart(at, q), apart(p, q))
		if now < minThickness*minThickness*longest*longest {
			wide := max(apart(d.points[v], p), apart(d.points[v], q), apart(p, q))
			if now*wide*wide <= old*longest*longest { // no better than it was
				return false
			}
		}
		if old > 0 && dot <= minTurn*math.Sqrt(old*now) {
			return false
		}
	}
	return true
}

// apart is the square of a distance.
func apart(a, b [3]float64) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// collapse moves a and gives it what b has.
func (d *decimator) collapse(a, b uint32, at [3]float64) {
	d.points[a] = at
	d.errors[a].add(&d.errors[b])
	for c := d.head[b]; c != 0; c = d.next[c-1] {
		t := &d.triangles[(c-1)/3]
		switch {
		case t[0] == t[1]:
		case t[0] == a || t[1] == a || t[2] == a:
			*t = [3]uint32{}
			d.live--
		default:
			t[(c-1)%3] = a
		}
	}
	d.next[d.tail[a]-1] = d.head[b]
	d.tail[a], d.head[b] = d.tail[b], 0
	d.moved[a], d.moved[b] = true, true
}

// compact takes out what is gone.
func (d *decimator) compact() {
	d.triangles = slices.DeleteFunc(d.triangles, func(t [3]uint32) bool { return t[0] == t[1] })
	place := d.mark
	kept := uint32(0)
	for v := range d.points {
		if d.head[v] == 0 {
			continue
		}
		d.points[kept], d.errors[kept] = d.points[v], d.errors[v]
		place[v] = kept
		kept++
	}
	d.points, d.errors = d.points[:kept], d.errors[:kept]
	for i, t := range d.triangles {
		d.triangles[i] = [3]uint32{place[t[0]], place[t[1]], place[t[2]]}
	}
}
