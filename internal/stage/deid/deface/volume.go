// Package deface takes the face out of head CT and MR volumes, by their geometry
// and density, and keeps every voxel inside the skull.
//
// It works in patient coordinates (LPS, PS3.3 C.7.6.2.1.1: x to the left, y to
// the back, z to the head, in mm) on a grid of 2 mm, and applies what it planned
// at full resolution. It is the means to the Clean Recognizable Visual Features
// Option (PS3.15 §E.3.2).
package deface

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// Volume is a stack of parallel slices of one series, in the order of their position.
type Volume struct {
	Columns, Rows, Slices int
	Spacing               [2]float64 // mm between the centres of two columns, of two rows
	Row, Column           [3]float64 // direction cosines of a row and of a column (Image Orientation (Patient))
	Origin                [3]float64 // mm, the centre of the first voxel (Image Position (Patient) of the first slice)
	Step                  [3]float64 // mm from one slice's position to the next one's; under a gantry tilt not along the normal
	Values                []int16    // real-world values (HU for CT): row by row, slice by slice
	CT                    bool       // values are HU; otherwise MR, whose values have no unit
}

const (
	maxSide    = 1 << 14 // columns, rows or slices
	maxVoxels  = 1 << 30
	maxExtent  = 3000.0 // mm, of the box around the volume along any axis
	minSpacing = 0.02   // mm
	maxSpacing = 30.0   // mm; between slices, too
	skew       = 0.02   // by how much cosines may miss unit length and right angles
	minLean    = 0.5    // cosine between step and normal: a gantry tilts by up to 30 degrees
)

// check returns ErrInvalid unless the volume is what it says.
func (v Volume) check() error {
	for _, n := range []int{v.Columns, v.Rows, v.Slices} {
		if n < 1 || n > maxSide {
			return fmt.Errorf("deface: volume: a side of %d voxels: %w", n, sinso.ErrInvalid)
		}
	}
	if n := int64(v.Columns) * int64(v.Rows) * int64(v.Slices); n > maxVoxels || n != int64(len(v.Values)) {
		return fmt.Errorf("deface: volume: %d voxels with %d values: %w", n, len(v.Values), sinso.ErrInvalid)
	}
	row, column, step := vec(v.Row), vec(v.Column), vec(v.Step)
	numbers := append(append(append(append(v.Spacing[:2:2], row[:]...), column[:]...), step[:]...), v.Origin[:]...)
	for _, x := range numbers {
		if math.IsNaN(x) || math.Abs(x) > 1e6 {
			return fmt.Errorf("deface: volume: position or spacing is no bounded number: %w", sinso.ErrInvalid)
		}
	}
	for _, mm := range []float64{v.Spacing[0], v.Spacing[1], step.length()} {
		if mm < minSpacing || mm > maxSpacing {
			return fmt.Errorf("deface: volume: spacing of %g mm: %w", mm, sinso.ErrInvalid)
		}
	}
	if math.Abs(row.length()-1) > skew || math.Abs(column.length()-1) > skew || math.Abs(row.dot(column)) > skew {
		return fmt.Errorf("deface: volume: direction cosines are not at right angles: %w", sinso.ErrInvalid)
	}
	if math.Abs(row.cross(column).dot(step)) < minLean*step.length() {
		return fmt.Errorf("deface: volume: slices are not stacked: %w", sinso.ErrInvalid)
	}
	low, high := v.box()
	for axis := range 3 {
		if high[axis]-low[axis] > maxExtent {
			return fmt.Errorf("deface: volume: %.0f mm long: %w", high[axis]-low[axis], sinso.ErrInvalid)
		}
	}
	return nil
}

// axes returns the vectors from a voxel to the next column, row and slice, in mm.
func (v Volume) axes() [3]vec {
	return [3]vec{vec(v.Row).scale(v.Spacing[0]), vec(v.Column).scale(v.Spacing[1]), vec(v.Step)}
}

// at returns the patient coordinates of a place in voxels.
func (v Volume) at(column, row, slice float64) vec {
	a := v.axes()
	return vec(v.Origin).add(a[0].scale(column)).add(a[1].scale(row)).add(a[2].scale(slice))
}

// box returns the corners of the box along the patient's axes that holds all voxel centres.
func (v Volume) box() (low, high vec) {
	low, high = vec(v.Origin), vec(v.Origin)
	for corner := range 8 {
		p := v.at(float64(corner&1*(v.Columns-1)), float64(corner>>1&1*(v.Rows-1)), float64(corner>>2*(v.Slices-1)))
		for axis := range 3 {
			low[axis], high[axis] = min(low[axis], p[axis]), max(high[axis], p[axis])
		}
	}
	return low, high
}

// toVoxel returns the affine map from patient coordinates to voxels: rows of a
// 3 by 3 matrix, to be used on the difference to the origin.
func (v Volume) toVoxel() [3]vec {
	a := v.axes()
	det := a[0].cross(a[1]).dot(a[2])
	return [3]vec{a[1].cross(a[2]).scale(1 / det), a[2].cross(a[0]).scale(1 / det), a[0].cross(a[1]).scale(1 / det)}
}

// sample returns the value between eight voxels; false outside of the volume, half
// a voxel beyond its outermost centres.
func (v Volume) sample(column, row, slice float64) (float64, bool) {
	c, fc, ok1 := place(column, v.Columns)
	r, fr, ok2 := place(row, v.Rows)
	s, fs, ok3 := place(slice, v.Slices)
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	nextColumn, nextRow, nextSlice := min(1, v.Columns-1-c), min(1, v.Rows-1-r)*v.Columns, min(1, v.Slices-1-s)*v.Columns*v.Rows
	i := (s*v.Rows+r)*v.Columns + c
	line := func(i int) float64 {
		return float64(v.Values[i])*(1-fc) + float64(v.Values[i+nextColumn])*fc
	}
	face := func(i int) float64 { return line(i)*(1-fr) + line(i+nextRow)*fr }
	return face(i)*(1-fs) + face(i+nextSlice)*fs, true
}

// place splits a coordinate into the voxel below it and the rest, in 0 to 1.
func place(x float64, n int) (int, float64, bool) {
	if x < -0.5 || x > float64(n)-0.5 {
		return 0, 0, false
	}
	x = min(max(x, 0), float64(n-1))
	i := int(x)
	return i, x - float64(i), true
}

// vec is a place or a direction in patient coordinates, in mm.
type vec [3]float64

func (a vec) add(b vec) vec       { return vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a vec) sub(b vec) vec       { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a vec) scale(s float64) vec { return vec{a[0] * s, a[1] * s, a[2] * s} }
func (a vec) dot(b vec) float64   { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vec) length() float64     { return math.Sqrt(a.dot(a)) }
func (a vec) cross(b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
