package mesh

import (
	"math"
	"slices"
)

// Measures are those of a closed surface.
type Measures struct {
	Volume     float64 // mm³ within the surface; below zero if it is inside out
	Area       float64 // mm²
	Low, High  Point   // mm, the corners of the box around it
	Watertight bool
}

// Measure measures a mesh. The volume is the sum of the signed tetrahedra between the
// middle of the box and each triangle; it means something only if the mesh is watertight.
func (m *Mesh) Measure() Measures {
	out := Measures{Watertight: m.Watertight()}
	if len(m.Vertices) == 0 {
		return out
	}
	out.Low, out.High = m.Vertices[0], m.Vertices[0]
	for _, p := range m.Vertices {
		for axis, v := range p {
			out.Low[axis], out.High[axis] = min(out.Low[axis], v), max(out.High[axis], v)
		}
	}
	out.Volume, out.Area = m.sums()
	return out
}

// sums returns volume and area.
func (m *Mesh) sums() (volume, area float64) {
	for _, t := range m.Triangles {
		v, a := m.tetrahedron(t)
		volume, area = volume+v, area+a
	}
	return volume, area
}

// tetrahedron returns the signed volume between the first vertex of the mesh and a
// triangle, and the triangle's area.
func (m *Mesh) tetrahedron(t [3]uint32) (volume, area float64) {
	o := m.Vertices[0].wide()
	var p [3][3]float64
	for i, v := range t {
		p[i] = m.Vertices[v].wide()
		for axis := range 3 {
			p[i][axis] -= o[axis]
		}
	}
	n := normal(p[0], p[1], p[2])
	return (n[0]*p[0][0] + n[1]*p[0][1] + n[2]*p[0][2]) / 6, math.Sqrt(n[0]*n[0]+n[1]*n[1]+n[2]*n[2]) / 2
}

// normal is that of a triangle, twice its area long.
func normal(a, b, c [3]float64) [3]float64 {
	u := [3]float64{b[0] - a[0], b[1] - a[1], b[2] - a[2]}
	v := [3]float64{c[0] - a[0], c[1] - a[1], c[2] - a[2]}
	return [3]float64{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
}

// Watertight reports whether every edge has exactly two triangles, which run along it in
// opposite directions, and every corner is a vertex. A mesh without triangles is not.
func (m *Mesh) Watertight() bool {
	if len(m.Triangles) == 0 {
		return false
	}
	count := make([]uint32, len(m.Vertices)+1)
	n := uint32(len(m.Vertices)) //nolint:gosec // as many as corners can name
	for _, t := range m.Triangles {
		if t[0] >= n || t[1] >= n || t[2] >= n || t[0] == t[1] || t[1] == t[2] || t[2] == t[0] {
			return false
		}
		for i := range 3 {
			count[min(t[i], t[(i+1)%3])+1]++
		}
	}
	for i := range m.Vertices {
		count[i+1] += count[i]
	}
	// Of each vertex the edges to higher ones: the other end, and in the lowest bit which
	// way the triangle runs.
	ends := make([]uint64, 3*len(m.Triangles))
	next := append([]uint32(nil), count[:len(count)-1]...)
	for _, t := range m.Triangles {
		for i := range 3 {
			a, b := t[i], t[(i+1)%3]
			low, end := a, uint64(b)<<1
			if b < a {
				low, end = b, uint64(a)<<1|1
			}
			ends[next[low]] = end
			next[low]++
		}
	}
	for v := range m.Vertices {
		if !paired(ends[count[v]:count[v+1]]) {
			return false
		}
	}
	return true
}

// paired reports whether each end is there once in either direction. It sorts them.
func paired(ends []uint64) bool {
	slices.Sort(ends)
	for i := 0; i < len(ends); i += 2 {
		if ends[i]&1 != 0 || i+1 == len(ends) || ends[i+1] != ends[i]|1 || i > 0 && ends[i] == ends[i-2] {
			return false
		}
	}
	return true
}

// Part is one connected piece of a mesh.
type Part struct {
	Volume    float64 // mm³; below zero for the wall of a cavity
	Area      float64 // mm²
	Triangles int
}

// Parts finds the connected pieces, in the order of their first vertices. piece tells of
// each triangle in which it is.
func (m *Mesh) Parts() (parts []Part, piece []uint32) {
	sets := newSets(len(m.Vertices))
	for _, t := range m.Triangles {
		sets.join(t[0], t[1])
		sets.join(t[1], t[2])
	}
	number := make([]uint32, len(m.Vertices)) // of roots, from 1
	piece = make([]uint32, len(m.Triangles))
	for v := range m.Vertices {
		// Roots are the lowest of their sets, and so are met first.
		if root := sets.root(uint32(v)); number[root] == 0 {
			parts = append(parts, Part{})
			number[root] = uint32(len(parts)) //nolint:gosec // no more than vertices
		}
	}
	for i, t := range m.Triangles {
		piece[i] = number[sets.root(t[0])] - 1
		p := &parts[piece[i]]
		volume, area := m.tetrahedron(t)
		p.Volume, p.Area, p.Triangles = p.Volume+volume, p.Area+area, p.Triangles+1
	}
	return parts, piece
}

// Keep returns the mesh of those pieces that are to be kept.
func (m *Mesh) Keep(keep func(Part) bool) *Mesh {
	parts, piece := m.Parts()
	wanted := make([]bool, len(parts))
	for i, p := range parts {
		wanted[i] = p.Triangles > 0 && keep(p)
	}
	out := &Mesh{}
	for i, t := range m.Triangles {
		if wanted[piece[i]] {
			out.Triangles = append(out.Triangles, t)
		}
	}
	out.Vertices = m.Vertices
	return out.compact()
}

// compact returns the mesh without the vertices that no triangle has. It changes m's
// triangles.
func (m *Mesh) compact() *Mesh {
	place := make([]uint32, len(m.Vertices)) // from 1
	for _, t := range m.Triangles {
		for _, v := range t {
			place[v] = 1
		}
	}
	out := &Mesh{Triangles: m.Triangles}
	for v, used := range place {
		if used != 0 {
			out.Vertices = append(out.Vertices, m.Vertices[v])
			place[v] = uint32(len(out.Vertices)) //nolint:gosec // no more than before
		}
	}
	for i, t := range out.Triangles {
		for j, v := range t {
			out.Triangles[i][j] = place[v] - 1
		}
	}
	return out
}
