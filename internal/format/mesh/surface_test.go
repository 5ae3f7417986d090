package mesh

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"testing"

	"sinso.dev/sinso"
)

// TestSolidsHaveTheirVolumeAndArea: sphere, ellipsoid and torus come out watertight, right
// side out, with volume and area within 1 %, whatever the voxels' shape.
func TestSolidsHaveTheirVolumeAndArea(t *testing.T) {
	t.Parallel()
	const pi = math.Pi
	for name, tt := range map[string]struct {
		body         solid
		size         [3]int
		spacing      [3]float64
		volume, area float64
	}{
		"sphere":            {sphere(0.3, -0.2, 0.1, 30), [3]int{72, 72, 72}, [3]float64{1, 1, 1}, 4. / 3 * pi * 27000, 4 * pi * 900},
		"sphere, long step": {sphere(0, 0, 0, 30), [3]int{92, 92, 36}, [3]float64{0.75, 0.75, 2}, 4. / 3 * pi * 27000, 4 * pi * 900},
		"torus":             {torus(30, 10), [3]int{90, 90, 30}, [3]float64{1, 1, 1}, 2 * pi * pi * 30 * 100, 4 * pi * pi * 300},
		// The area of an oblate spheroid with a=b=30, c=20: 2πa²(1 + (1-e²)/e·artanh e).
		"ellipsoid": {ellipsoid(30, 30, 20), [3]int{72, 72, 52}, [3]float64{1, 1, 1}, 4. / 3 * pi * 18000, func() float64 {
			e := math.Sqrt(1 - 400./900)
			return 2 * pi * 900 * (1 + (1-e*e)/e*math.Atanh(e))
		}()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := surface(t, scanned(tt.size[0], tt.size[1], tt.size[2], tt.spacing, tt.body)).Measure()
			if !got.Watertight || !within(got.Volume, tt.volume, 0.01) || !within(got.Area, tt.area, 0.01) {
				t.Errorf("got %+v, want volume %.0f, area %.0f", got, tt.volume, tt.area)
			}
			t.Logf("volume %+.3f %%, area %+.3f %%", 100*(got.Volume/tt.volume-1), 100*(got.Area/tt.area-1))
		})
	}
}

// TestAxesMayBeTurnedMirroredAndSkewed: the surface has the same volume, right side out,
// and lies where the grid says.
func TestAxesMayBeTurnedMirroredAndSkewed(t *testing.T) {
	t.Parallel()
	for name, axes := range map[string][3][3]float64{
		"rows to the right":  {{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"rows to the front":  {{1, 0, 0}, {0, -1, 0}, {0, 0, 1}},
		"from head to feet":  {{1, 0, 0}, {0, 1, 0}, {0, 0, -1}},
		"coronal":            {{1, 0, 0}, {0, 0, -1}, {0, 1, 0}},
		"sagittal, mirrored": {{0, 1, 0}, {0, 0, -1}, {1, 0, 0}},
		"tilted gantry":      {{1, 0, 0}, {0, 1, 0}, {0, 0.4, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := scanned(60, 60, 60, [3]float64{1, 1, 1}, sphere(10, 5, -3, 12))
			g.X, g.Y, g.Z = axes[0], axes[1], axes[2]
			g.Origin = [3]float64{7, 8, 9}
			got := surface(t, g).Measure()
			want := 4. / 3 * math.Pi * 12 * 12 * 12 * math.Abs(g.VoxelVolume())
			if !got.Watertight || !within(got.Volume, want, 0.01) {
				t.Errorf("got %+v, want volume %.0f", got, want)
			}
			centre := g.at(29.5+10, 29.5+5, 29.5-3)
			for axis := range 3 {
				if middle := (got.Low[axis] + got.High[axis]) / 2; math.Abs(float64(middle-centre[axis])) > 0.2 {
					t.Errorf("axis %d: it is at %.2f, want %.2f", axis, middle, centre[axis])
				}
			}
		})
	}
}

// TestNoiseIsWatertight: whatever is inside, also where voxels touch by edges and corners
// only and at the border, every edge has two triangles, and no triangle is without area.
func TestNoiseIsWatertight(t *testing.T) {
	t.Parallel()
	split := 0
	for seed := range uint64(30) {
		g := noise(seed, 14, 0.1+0.8*float64(seed)/30)
		if seed%2 == 1 {
			g.X[0] = -1
		}
		mask, err := Above(t.Context(), g, 500)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Surface(t.Context(), g, mask, 500)
		if err != nil {
			t.Fatal(err)
		}
		got := m.Measure()
		if !got.Watertight || got.Volume <= 0 {
			t.Errorf("seed %d: %+v", seed, got)
		}
		if m.Vertices[len(m.Vertices)-1] == (Point{}) {
			t.Errorf("seed %d: a vertex was not placed", seed)
		}
		for _, tr := range m.Triangles {
			if _, area := m.tetrahedron(tr); area == 0 {
				t.Fatalf("seed %d: a triangle has no area", seed)
			}
		}
		n := &netter{grid: g, mask: mask, level: 499.5, cases: cutCases(), layers: make([]layer, 15), empty: make([]uint64, mask.words)}
		n.left.Store(maxVertices)
		for k := range n.layers {
			n.find(k)
		}
		n.split(0)
		split += len(n.extra)
	}
	if split == 0 {
		t.Error("no edge had to be split: the noise does not show what it should")
	}
}

// TestEveryCaseOfACellIsClosed: each of the 256 ways in which a cell can be cut gives a
// watertight surface, alone and beside each of them that fits.
func TestEveryCaseOfACellIsClosed(t *testing.T) {
	t.Parallel()
	for corners := 1; corners < 1<<12; corners++ {
		g := &Grid{Columns: 3, Rows: 2, X: [3]float64{1}, Y: [3]float64{0, 1}, Z: [3]float64{0, 0, 1}, Slices: [][]int16{make([]int16, 6), make([]int16, 6)}}
		for i := range 12 {
			if corners>>i&1 != 0 {
				g.Slices[i/6][i%6] = 1000
			}
		}
		m := surface(t, g)
		if !m.Watertight() {
			t.Fatalf("corners %012b: not watertight", corners)
		}
		parts, _ := m.Parts()
		for _, p := range parts {
			if p.Volume <= 0 { // a cell has no cavity
				t.Fatalf("corners %012b: parts %v", corners, parts)
			}
		}
	}
}

// TestProcessorsDoNotMatter: the same bytes come out whatever their number.
func TestProcessorsDoNotMatter(t *testing.T) { // sets GOMAXPROCS: not beside others
	g := scanned(60, 50, 70, [3]float64{1, 1, 1}, either(torus(20, 6), sphere(3, 4, 25, 6)))
	var want *Mesh
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 3, 7} {
		runtime.GOMAXPROCS(processors)
		m := surface(t, g)
		thin, err := m.Decimate(t.Context(), 1500)
		if err != nil {
			t.Fatal(err)
		}
		m.Vertices, m.Triangles = append(m.Vertices, thin.Vertices...), append(m.Triangles, thin.Triangles...)
		if want == nil {
			want = m
		} else if !reflect.DeepEqual(m, want) {
			t.Fatalf("%d processors make another mesh", processors)
		}
	}
}

// TestTheBorderIsClosed: a body that leaves the grid ends half a voxel behind the last
// centres.
func TestTheBorderIsClosed(t *testing.T) {
	t.Parallel()
	g := scanned(10, 12, 14, [3]float64{1, 1.5, 2}, func(float64, float64, float64) float64 { return 100 })
	got := surface(t, g).Measure()
	if want := 10 * 12 * 14 * 3.; !got.Watertight || got.Volume > want || got.Volume < 0.95*want { // edges are cut off
		t.Errorf("got %+v, want volume %.0f", got, want)
	}
	if got.High != (Point{5, 9, 14}) || got.Low != (Point{-5, -9, -14}) {
		t.Errorf("the box is %v to %v", got.Low, got.High)
	}
}

// TestHostileGridsAreRefused: a grid that is none is refused, whatever it says.
func TestHostileGridsAreRefused(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Grid){
		"no columns":     func(g *Grid) { g.Columns = 0 },
		"no slices":      func(g *Grid) { g.Slices = nil },
		"short slice":    func(g *Grid) { g.Slices[1] = g.Slices[1][:5] },
		"too many":       func(g *Grid) { g.Columns = 1 << 40 },
		"no room":        func(g *Grid) { g.Z = g.X },
		"no number":      func(g *Grid) { g.Y[0] = math.NaN() },
		"without end":    func(g *Grid) { g.Origin[2] = math.Inf(1) },
		"far away":       func(g *Grid) { g.X[0] = 1e300 },
		"below anything": func(g *Grid) { g.Rows = -1 },
	} {
		g := noise(1, 4, 0.5)
		edit(g)
		if _, err := Above(t.Context(), g, 500); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Surface(t.Context(), g, newMask(4, 4, 4), 500); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Surface(t.Context(), noise(1, 4, 0.5), newMask(4, 4, 5), 500); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a mask of another size: %v", err)
	}
	if _, err := surface(t, noise(1, 4, 0.5)).Keep(func(Part) bool { return false }).Decimate(t.Context(), 10); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("nothing, thinned out: %v", err)
	}
}

// TestTooLargeASurfaceIsRefused before memory is taken for it.
func TestTooLargeASurfaceIsRefused(t *testing.T) {
	t.Parallel()
	g := scanned(320, 320, 1, [3]float64{1, 1, 1}, func(float64, float64, float64) float64 { return -100 })
	for i := range g.Slices[0] {
		if (i/320+i%320)%2 == 0 {
			g.Slices[0][i] = 1000
		}
	}
	for range 40 {
		g.Slices = append(g.Slices, g.Slices[0])
	}
	mask, err := Above(t.Context(), g, 500)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Surface(t.Context(), g, mask, 500); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}

// TestGivenUpWorkEnds with the context's error.
func TestGivenUpWorkEnds(t *testing.T) {
	t.Parallel()
	g := noise(3, 20, 0.5)
	m := surface(t, g)
	mask, err := Above(t.Context(), g, 500)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for name, f := range map[string]func() error{
		"above":    func() error { _, err := Above(ctx, g, 500); return err },
		"close":    func() error { _, err := mask.Close(ctx, 1); return err },
		"slices":   func() error { return mask.FillSlices(ctx) },
		"surface":  func() error { _, err := Surface(ctx, g, mask, 500); return err },
		"decimate": func() error { _, err := m.Decimate(ctx, 10); return err },
	} {
		if err := f(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
