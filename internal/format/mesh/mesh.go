// Package mesh makes closed surfaces of blocks of values, measures them, thins them out
// and writes them as GLB, STL and 3MF.
//
// Coordinates are those of the patient (PS3.3 C.7.6.2.1.1): x to the left, y to the back,
// z to the head, in mm. Every surface is closed: each edge has two triangles, which run
// along it in opposite directions, and seen from outside a triangle's corners go round
// against the clock. Nothing here depends on the number of processors.
package mesh

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// Point is a place, or a direction, in patient coordinates, in mm.
type Point [3]float32

// Mesh is a surface of triangles.
type Mesh struct {
	Vertices  []Point
	Triangles [][3]uint32 // places in Vertices, against the clock as seen from outside
}

// Grid is a block of values and where it lies: the centre of the voxel (column, row,
// slice) is at Origin + column·X + row·Y + slice·Z, in mm. X, Y and Z may be turned and
// skewed in any way, also to a left-handed system.
type Grid struct {
	Columns, Rows   int
	Slices          [][]int16 // of each slice Rows × Columns values, row by row
	Origin, X, Y, Z [3]float64
}

const (
	maxSide   = 1 << 15
	minVolume = 1e-9 // mm³ of a voxel
	maxPlace  = 1e6  // mm
)

// check refuses what is no block.
func (g *Grid) check() error {
	if g.Columns < 1 || g.Rows < 1 || len(g.Slices) < 1 || g.Columns > maxSide || g.Rows > maxSide || len(g.Slices) > maxSide {
		return fmt.Errorf("mesh: a grid of %d × %d × %d: %w", g.Columns, g.Rows, len(g.Slices), sinso.ErrInvalid)
	}
	for i, s := range g.Slices {
		if len(s) != g.Rows*g.Columns {
			return fmt.Errorf("mesh: slice %d has %d values, want %d: %w", i, len(s), g.Rows*g.Columns, sinso.ErrInvalid)
		}
	}
	sides := [3]float64{float64(g.Columns), float64(g.Rows), float64(len(g.Slices))}
	for axis := range 3 {
		far := math.Abs(g.Origin[axis]) + sides[0]*math.Abs(g.X[axis]) + sides[1]*math.Abs(g.Y[axis]) + sides[2]*math.Abs(g.Z[axis])
		if !(far <= maxPlace) { // nor is it no number
			return fmt.Errorf("mesh: a grid that lies too far away: %w", sinso.ErrInvalid)
		}
	}
	if !(math.Abs(g.VoxelVolume()) >= minVolume) {
		return fmt.Errorf("mesh: a grid without room: %w", sinso.ErrInvalid)
	}
	return nil
}

// VoxelVolume is that of one voxel in mm³, below zero if X, Y and Z are left-handed.
func (g *Grid) VoxelVolume() float64 {
	return g.X[0]*(g.Y[1]*g.Z[2]-g.Y[2]*g.Z[1]) + g.X[1]*(g.Y[2]*g.Z[0]-g.Y[0]*g.Z[2]) + g.X[2]*(g.Y[0]*g.Z[1]-g.Y[1]*g.Z[0])
}

// at is the place of a point that is given in steps along the axes.
func (g *Grid) at(x, y, z float64) (p Point) {
	for axis := range 3 {
		p[axis] = float32(g.Origin[axis] + x*g.X[axis] + y*g.Y[axis] + z*g.Z[axis])
	}
	return p
}

func (p Point) sub(q Point) Point { return Point{p[0] - q[0], p[1] - q[1], p[2] - q[2]} }

func (p Point) cross(q Point) Point {
	return Point{p[1]*q[2] - p[2]*q[1], p[2]*q[0] - p[0]*q[2], p[0]*q[1] - p[1]*q[0]}
}

func (p Point) dot(q Point) float32 { return p[0]*q[0] + p[1]*q[1] + p[2]*q[2] }

func (p Point) length() float32 { return float32(math.Sqrt(float64(p.dot(p)))) }

func (p Point) wide() [3]float64 { return [3]float64{float64(p[0]), float64(p[1]), float64(p[2])} }
