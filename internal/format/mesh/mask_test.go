package mesh

import (
	"slices"
	"testing"
)

// cube calls f with every voxel of a mask.
func cube(m *Mask, f func(x, y, z int)) {
	for z := range m.slices {
		for y := range m.rows {
			for x := range m.columns {
				f(x, y, z)
			}
		}
	}
}

// masked is noise of an odd size, wider than a word.
func masked(t *testing.T, seed uint64, part float64) (*Grid, *Mask) {
	t.Helper()
	g := noise(seed, 20, part)
	wide := &Grid{Columns: 130, Rows: 9, X: g.X, Y: g.Y, Z: g.Z}
	for _, s := range g.Slices[:6] {
		wide.Slices = append(wide.Slices, slices.Concat(s, s, s)[:9*130])
	}
	m, err := Above(t.Context(), wide, 500)
	if err != nil {
		t.Fatal(err)
	}
	return wide, m
}

// TestMaskHasWhatIsAbove, and nothing beyond the grid.
func TestMaskHasWhatIsAbove(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{1, 61, 62, 63, 64, 65, 126, 127} {
		g := noise(uint64(columns), 12, 0.5)
		g.Columns, g.Rows = columns, 1
		for z := range g.Slices {
			g.Slices[z] = g.Slices[z][:columns]
		}
		m, err := Above(t.Context(), g, 500)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		cube(m, func(x, y, z int) {
			want := g.Slices[z][x] >= 500
			if want {
				n++
			}
			if m.Has(x, y, z) != want {
				t.Fatalf("%d columns: voxel %d %d %d is %v", columns, x, y, z, !want)
			}
		})
		if m.Voxels() != n {
			t.Errorf("%d columns: %d voxels, want %d", columns, m.Voxels(), n)
		}
	}
}

// TestGrowAndShrinkByVoxels checks both against each voxel's neighbours, on each choice of
// axes.
func TestGrowAndShrinkByVoxels(t *testing.T) {
	t.Parallel()
	for _, times := range [][3]int{{1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}} {
		_, m := masked(t, 4, 0.3)
		grown, err := m.Grow(t.Context(), times)
		if err != nil {
			t.Fatal(err)
		}
		_, full := masked(t, 5, 0.8)
		shrunk, err := full.Shrink(t.Context(), times)
		if err != nil {
			t.Fatal(err)
		}
		cube(m, func(x, y, z int) {
			some, all := m.Has(x, y, z), full.Has(x, y, z)
			for axis, n := range times {
				for _, d := range []int{-n, n} {
					p := [3]int{x, y, z}
					p[axis] += d
					some = some || m.Has(p[0], p[1], p[2])
					outside := p[0] < 0 || p[1] < 0 || p[2] < 0 || p[0] >= m.columns || p[1] >= m.rows || p[2] >= m.slices
					all = all && (outside || full.Has(p[0], p[1], p[2]))
				}
			}
			if grown.Has(x, y, z) != some || shrunk.Has(x, y, z) != all {
				t.Fatalf("%v: voxel %d %d %d", times, x, y, z)
			}
		})
	}
}

// TestCloseKeepsWhatThereIs and joins what is one voxel apart.
func TestCloseKeepsWhatThereIs(t *testing.T) {
	t.Parallel()
	_, m := masked(t, 6, 0.2)
	closed, err := m.Close(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	more := 0
	cube(m, func(x, y, z int) {
		if m.Has(x, y, z) && !closed.Has(x, y, z) {
			t.Fatalf("voxel %d %d %d is gone", x, y, z)
		}
		if m.Has(x-1, y, z) && m.Has(x+1, y, z) && !m.Has(x, y, z) && closed.Has(x, y, z) {
			more++
		}
	})
	if more == 0 {
		t.Error("nothing was joined")
	}
}

// flooded numbers the parts of a mask, or of its opposite, by flooding.
func flooded(m *Mask, inside bool) (sizes []int, open []bool, at map[[3]int]int) {
	at = map[[3]int]int{}
	cube(m, func(x, y, z int) {
		if _, done := at[[3]int{x, y, z}]; done || m.Has(x, y, z) != inside {
			return
		}
		part := len(sizes)
		sizes, open = append(sizes, 0), append(open, false)
		todo := [][3]int{{x, y, z}}
		at[todo[0]] = part
		for len(todo) > 0 {
			p := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			sizes[part]++
			for axis, n := range [3]int{m.columns, m.rows, m.slices} {
				for _, d := range []int{-1, 1} {
					q := p
					q[axis] += d
					if q[axis] < 0 || q[axis] >= n {
						open[part] = true
						continue
					}
					if _, done := at[q]; !done && m.Has(q[0], q[1], q[2]) == inside {
						at[q] = part
						todo = append(todo, q)
					}
				}
			}
		}
	})
	return sizes, open, at
}

// TestPartsAreThoseOfFlooding: number, order, sizes, what is kept and what meets another
// mask are what flooding from voxel to voxel finds.
func TestPartsAreThoseOfFlooding(t *testing.T) {
	t.Parallel()
	for _, part := range []float64{0.1, 0.3, 0.5, 0.9} {
		_, m := masked(t, 7, part)
		sizes, _, at := flooded(m, true)
		p, err := m.Parts()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Voxels(), sizes) || p.Len() != len(sizes) {
			t.Fatalf("part %g: got %d parts, want %d", part, p.Len(), len(sizes))
		}
		_, other := masked(t, 8, 0.01)
		want := make([]bool, len(sizes))
		keep := make([]bool, len(sizes))
		cube(m, func(x, y, z int) {
			if m.Has(x, y, z) {
				n := at[[3]int{x, y, z}]
				want[n] = want[n] || other.Has(x, y, z)
				keep[n] = n%3 == 0
			}
		})
		if !slices.Equal(p.Meets(other), want) {
			t.Errorf("part %g: the parts that meet another differ", part)
		}
		m.Keep(p, keep)
		cube(m, func(x, y, z int) {
			n, there := at[[3]int{x, y, z}]
			if m.Has(x, y, z) != (there && n%3 == 0) {
				t.Fatalf("part %g: voxel %d %d %d", part, x, y, z)
			}
		})
	}
}

// TestHolesAreFilled: those that are surrounded and small enough, and no others.
func TestHolesAreFilled(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 3, 1 << 30} {
		_, m := masked(t, 9, 0.8)
		_, was := masked(t, 9, 0.8)
		sizes, open, at := flooded(m, false)
		if err := m.FillHoles(most); err != nil {
			t.Fatal(err)
		}
		filled := 0
		cube(m, func(x, y, z int) {
			n, hole := at[[3]int{x, y, z}]
			want := was.Has(x, y, z) || hole && !open[n] && sizes[n] <= most
			if m.Has(x, y, z) != want {
				t.Fatalf("most %d: voxel %d %d %d is %v", most, x, y, z, !want)
			}
			if want && hole {
				filled++
			}
		})
		if filled == 0 {
			t.Errorf("most %d: nothing was filled", most)
		}
	}
}

// TestSlicesAreFilled, each for itself: a tube open at both ends is.
func TestSlicesAreFilled(t *testing.T) {
	t.Parallel()
	tube := func(x, y, _ float64) float64 { d := torus(12, 4); return d(x, y, 0) }
	g := scanned(40, 40, 10, [3]float64{1, 1, 1}, tube)
	m, err := Above(t.Context(), g, 500)
	if err != nil {
		t.Fatal(err)
	}
	if m.Has(20, 20, 5) {
		t.Fatal("the tube has no hole")
	}
	if err := m.FillHoles(1 << 30); err != nil || m.Has(20, 20, 5) {
		t.Errorf("a hole that is open at its ends was filled, %v", err)
	}
	if err := m.FillSlices(t.Context()); err != nil {
		t.Fatal(err)
	}
	for z := range 10 {
		if !m.Has(20, 20, z) || m.Has(1, 1, z) {
			t.Errorf("slice %d: inside %v, outside %v", z, m.Has(20, 20, z), m.Has(1, 1, z))
		}
	}
}
