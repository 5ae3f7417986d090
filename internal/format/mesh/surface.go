package mesh

import (
	"context"
	"fmt"
	"math/bits"
	"sync/atomic"

	"sinso.dev/sinso"
)

// maxVertices bounds a surface, which takes some 100 bytes for each while it is made.
const maxVertices = 1 << 22

// cell is a cube between eight voxels that the surface runs through.
type cell struct {
	at      uint32 // in its layer: row·(columns+1) + column, of the voxel at its upper corner
	corners uint8  // which of them are inside, a bit each
	first   uint32 // its first vertex, in its layer
}

// layer is what lies between two slices.
type layer struct {
	cells    []cell
	vertices []Point
	base     uint32 // its first vertex in the mesh
}

// netter makes one surface.
type netter struct {
	grid   *Grid
	mask   *Mask
	level  float64 // of the surface between voxels
	cases  *[256]cutCase
	layers []layer
	left   atomic.Int64 // vertices that may still be made
	empty  []uint64     // a row without voxels
	mirror bool         // the grid's axes are left-handed
	middle map[faceAt]uint32
	extra  []Point // vertices in the middle of edges
}

// Surface returns the closed surface of a body as surface nets do: one vertex for each
// sheet of surface in the cube between eight voxels, one quad, cut in two, for each pair of
// neighbours of which one is inside. A vertex lies at the mean of where the sheet cuts the
// cube's edges, found by the values where they rise across the threshold from outside to
// inside, halfway where they do not, as at the border of the grid, where the body ends
// half a voxel behind the outermost centres.
//
// Cells through which several sheets run have a vertex for each, and where two quads would
// share one edge it is split, so that every edge has two triangles. The same grid and mask
// give the same mesh whatever the number of processors. The parts of the body that touch
// by edges or corners of voxels only stay apart.
//
// It returns ErrInvalid for a grid that is none or of another size than the mask, and
// ErrUnsupported beyond 4 million vertices.
func Surface(ctx context.Context, g *Grid, m *Mask, threshold int16) (*Mesh, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if m.columns != g.Columns || m.rows != g.Rows || m.slices != len(g.Slices) {
		return nil, fmt.Errorf("mesh: a mask of another size than its grid: %w", sinso.ErrInvalid)
	}
	n := &netter{
		grid: g, mask: m, level: float64(threshold) - 0.5, cases: cutCases(), layers: make([]layer, m.slices+1),
		empty: make([]uint64, m.words), mirror: g.VoxelVolume() < 0,
	}
	n.left.Store(maxVertices)
	if err := each(ctx, len(n.layers), n.find); err != nil {
		return nil, err
	}
	if n.left.Load() < 0 {
		return nil, fmt.Errorf("mesh: a surface of more than %d vertices: %w", maxVertices, sinso.ErrUnsupported)
	}
	return n.join(ctx)
}

// row returns the bits of a row of a slice, none beyond the grid.
func (n *netter) row(slice, row int) []uint64 {
	if slice < 0 || row < 0 || slice >= n.mask.slices || row >= n.mask.rows {
		return n.empty
	}
	return n.mask.row(slice, row)
}

// find finds the cells of layer k, between slices k-1 and k, and their vertices.
func (n *netter) find(k int) {
	if n.left.Load() < 0 {
		return // it is refused
	}
	l := &n.layers[k]
	for y := range n.mask.rows + 1 {
		rows := [4][]uint64{n.row(k-1, y-1), n.row(k-1, y), n.row(k, y-1), n.row(k, y)}
		for w := range n.mask.words {
			a, b, c, d := rows[0][w], rows[1][w], rows[2][w], rows[3][w]
			some, all := a|b|c|d, a&b&c&d
			someNext, allNext := uint64(0), uint64(0)
			if w+1 < n.mask.words {
				a, b, c, d = rows[0][w+1], rows[1][w+1], rows[2][w+1], rows[3][w+1]
				someNext, allNext = a|b|c|d, a&b&c&d
			}
			active := (some | some>>1 | someNext<<63) &^ (all & (all>>1 | allNext<<63))
			for ; active != 0; active &= active - 1 {
				x := w<<6 + bits.TrailingZeros64(active)
				n.add(l, x, y, k, cornersAt(rows, x))
			}
		}
	}
	n.left.Add(-int64(len(l.vertices)))
}

// cornersAt gathers the corners of a cell.
func cornersAt(rows [4][]uint64, x int) uint8 {
	corners := uint8(0)
	for i, row := range rows {
		two := row[x>>6] >> (x & 63) & 1
		two |= row[(x+1)>>6] >> ((x + 1) & 63) & 1 << 1
		corners |= uint8(two) << (2 * i) //nolint:gosec // two bits
	}
	return corners
}

// add adds a cell: x, y and k are the column, row and slice of its upper corner.
func (n *netter) add(l *layer, x, y, k int, corners uint8) {
	if len(l.vertices) > maxVertices { // find says so when it is done
		return
	}
	c := &n.cases[corners]
	l.cells = append(l.cells, cell{
		at: uint32(y*(n.mask.columns+1) + x), corners: corners, first: uint32(len(l.vertices)), //nolint:gosec // sides and vertices are bounded
	})
	var sums [4][4]float64 // of each sheet: the cuts' places and number
	for rest := c.cut; rest != 0; rest &= rest - 1 {
		e := bits.TrailingZeros16(rest)
		from, axis := lowerEnd(e)
		at := [3]float64{float64(from & 1), float64(from >> 1 & 1), float64(from >> 2)}
		at[axis] = n.cut(x-1, y-1, k-1, from, axis, corners>>from&1 != 0)
		s := &sums[c.sheet[e]]
		s[0], s[1], s[2], s[3] = s[0]+at[0], s[1]+at[1], s[2]+at[2], s[3]+1
	}
	for _, s := range sums[:c.sheets] {
		l.vertices = append(l.vertices, n.grid.at(float64(x-1)+s[0]/s[3], float64(y-1)+s[1]/s[3], float64(k-1)+s[2]/s[3]))
	}
}

// cut returns where the surface cuts an edge, from 0 at its lower end to 1.
func (n *netter) cut(x, y, z, from, axis int, lowerInside bool) float64 {
	x, y, z = x+from&1, y+from>>1&1, z+from>>2
	low, ok := n.value(x, y, z)
	switch axis {
	case 0:
		x++
	case 1:
		y++
	default:
		z++
	}
	high, also := n.value(x, y, z)
	if !ok || !also || low < n.level == lowerInside || high < n.level != lowerInside {
		return 0.5
	}
	return (n.level - low) / (high - low)
}

func (n *netter) value(x, y, z int) (float64, bool) {
	g := n.grid
	if x < 0 || y < 0 || z < 0 || x >= g.Columns || y >= g.Rows || z >= len(g.Slices) {
		return 0, false
	}
	return float64(g.Slices[z][y*g.Columns+x]), true
}
