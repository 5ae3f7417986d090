package mesh

import (
	"math"
	"math/rand/v2"
	"testing"
)

// solid is a body: how far inside of it a place is, in mm, below zero outside.
type solid func(x, y, z float64) float64

// scanned is a body as a scanner shows it, with an edge that is soft over some voxels:
// 1000 inside, 0 outside, 500 at its surface. The middle of the grid is at 0.
func scanned(columns, rows, count int, spacing [3]float64, body solid) *Grid {
	g := &Grid{
		Columns: columns, Rows: rows, X: [3]float64{spacing[0]}, Y: [3]float64{0, spacing[1]}, Z: [3]float64{0, 0, spacing[2]},
	}
	for axis, n := range []int{columns, rows, count} {
		g.Origin[axis] = -float64(n-1) / 2 * spacing[axis]
	}
	soft := 1.5 * max(spacing[0], spacing[1], spacing[2])
	for z := range count {
		values := make([]int16, rows*columns)
		for y := range rows {
			for x := range columns {
				p := g.at(float64(x), float64(y), float64(z)).wide()
				values[y*columns+x] = int16(math.Round(max(0, min(1000, 500+500*body(p[0], p[1], p[2])/soft))))
			}
		}
		g.Slices = append(g.Slices, values)
	}
	return g
}

func sphere(cx, cy, cz, r float64) solid {
	return func(x, y, z float64) float64 { return r - math.Sqrt((x-cx)*(x-cx)+(y-cy)*(y-cy)+(z-cz)*(z-cz)) }
}

// torus lies around the z axis.
func torus(far, near float64) solid {
	return func(x, y, z float64) float64 {
		d := math.Hypot(x, y) - far
		return near - math.Hypot(d, z)
	}
}

// ellipsoid's distance is right to the first order, which is enough at its surface.
func ellipsoid(a, b, c float64) solid {
	return func(x, y, z float64) float64 {
		k := math.Sqrt(x*x/(a*a) + y*y/(b*b) + z*z/(c*c))
		if k == 0 {
			return min(a, b, c)
		}
		slope := math.Sqrt(x*x/(a*a*a*a)+y*y/(b*b*b*b)+z*z/(c*c*c*c)) / k
		return (1 - k) / slope
	}
}

func either(bodies ...solid) solid {
	return func(x, y, z float64) float64 {
		d := math.Inf(-1)
		for _, b := range bodies {
			d = max(d, b(x, y, z))
		}
		return d
	}
}

// noise is a grid of values of which some part is above 500.
func noise(seed uint64, side int, part float64) *Grid {
	r := rand.New(rand.NewPCG(seed, 5))
	g := scanned(side, side, side, [3]float64{1, 1, 1}, func(float64, float64, float64) float64 { return -100 })
	for _, s := range g.Slices {
		for i := range s {
			if r.Float64() < part {
				s[i] = int16(500 + r.IntN(500))
			} else {
				s[i] = int16(r.IntN(500))
			}
		}
	}
	return g
}

func surface(t testing.TB, g *Grid) *Mesh {
	t.Helper()
	mask, err := Above(t.Context(), g, 500)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Surface(t.Context(), g, mask, 500)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// within reports whether got is no further from want than a part of it.
func within(got, want, part float64) bool { return math.Abs(got-want) <= part*math.Abs(want) }
