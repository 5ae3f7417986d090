package mesh

// A cell is the cube between eight voxels. Its corners are numbered by one bit for each
// axis, its edges by their axis and the two other coordinates of their lower end, its
// faces by their axis and side.

// edge is the number of a cell's edge: 4·axis and one bit for each other axis, the lower
// one first.
func edge(axis, corner int) int {
	low, high := (axis+1)%3, (axis+2)%3
	if low > high {
		low, high = high, low
	}
	return 4*axis + corner>>low&1 + corner>>high&1<<1
}

// lowerEnd is the corner at which an edge begins; the other one is 1<<axis further.
func lowerEnd(e int) (corner, axis int) {
	axis = e / 4
	low, high := (axis+1)%3, (axis+2)%3
	if low > high {
		low, high = high, low
	}
	return e&1<<low | e>>1&1<<high, axis
}

// cutCase says how the surface runs through a cell, by which of its corners are inside.
type cutCase struct {
	sheets uint8     // pieces of surface: each has one vertex
	sheet  [12]uint8 // of each edge that is cut
	cut    uint16    // a bit for each edge that is cut
	quads  uint8     // how many of the three edges at corner 0 are cut
	// pinched has a bit for each face (2·axis + side) that one sheet cuts twice. Where
	// the same holds on the other side of the face, both cuts would run along one edge.
	pinched uint8
}

// cutCases makes the 256 cases.
func cutCases() *[256]cutCase {
	var out [256]cutCase
	for corners := range out {
		out[corners] = newCutCase(corners)
	}
	return &out
}

// newCutCase joins the cut edges of a cell to sheets, face by face. A face with two
// opposite corners inside has two cuts; they go round the inside corners, so that the
// inside is joined by faces of voxels alone, and both cells at a face agree.
func newCutCase(corners int) (c cutCase) {
	in := func(corner int) bool { return corners>>corner&1 != 0 }
	sets := newSets(12)
	type crossing struct{ face, a, b int }
	var crossed []crossing
	for e := range 12 {
		if from, axis := lowerEnd(e); in(from) != in(from|1<<axis) {
			c.cut |= 1 << e
			if from == 0 {
				c.quads++
			}
		}
	}
	for face := range 6 {
		axis, side := face/2, face%2
		u, v := 1<<((axis+1)%3), 1<<((axis+2)%3)
		base := side << axis
		ring := [4]int{base, base | u, base | u | v, base | v}
		var cuts []int // edges, in the order of the ring
		for i, corner := range ring {
			if next := ring[(i+1)%4]; in(corner) != in(next) {
				cuts = append(cuts, edgeBetween(corner, next))
			}
		}
		switch len(cuts) {
		case 2:
			sets.join(uint32(cuts[0]), uint32(cuts[1])) //nolint:gosec // below 12
		case 4: // the edges before and after an inside corner belong together
			first := 0 // the cut before ring[0], if that is inside, is the last one
			if in(ring[0]) {
				first = 3
			}
			a, b := cuts[first], cuts[(first+1)%4]
			d, e := cuts[(first+2)%4], cuts[(first+3)%4]
			sets.join(uint32(a), uint32(b)) //nolint:gosec // below 12
			sets.join(uint32(d), uint32(e)) //nolint:gosec // below 12
			crossed = append(crossed, crossing{face, a, d})
		}
	}
	for e := range 12 {
		if c.cut>>e&1 == 0 {
			continue
		}
		if root := sets.root(uint32(e)); int(root) == e {
			c.sheet[e] = c.sheets
			c.sheets++
		} else {
			c.sheet[e] = c.sheet[root]
		}
	}
	for _, x := range crossed {
		if c.sheet[x.a] == c.sheet[x.b] {
			c.pinched |= 1 << x.face
		}
	}
	return c
}

// edgeBetween is the edge of two corners that lie beside each other.
func edgeBetween(a, b int) int {
	axis := 0
	for d := a ^ b; d > 1; d >>= 1 {
		axis++
	}
	return edge(axis, min(a, b))
}
