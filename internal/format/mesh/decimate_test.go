package mesh

import (
	"math"
	"testing"
)

// TestDecimateKeepsShape: a tenth and a hundredth of the triangles are a watertight surface
// with volume and area within 1 % and 2 % of the phantom's, that lies nowhere far from it.
func TestDecimateKeepsShape(t *testing.T) {
	t.Parallel()
	bodies := map[string]solid{"sphere": sphere(0.3, -0.2, 0.1, 30), "torus": torus(28, 10), "two": either(sphere(-20, 0, 0, 12), sphere(18, 3, 1, 15))}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full := surface(t, scanned(84, 84, 70, [3]float64{1, 1, 1}, body))
			was := full.Measure()
			for _, share := range []int{2, 10, 40} {
				target := len(full.Triangles) / share
				thin, err := full.Decimate(t.Context(), target)
				if err != nil {
					t.Fatal(err)
				}
				got := thin.Measure()
				if n := len(thin.Triangles); n > target || n < target*9/10 {
					t.Errorf("1/%d: %d triangles, want %d", share, n, target)
				}
				if !got.Watertight || !within(got.Volume, was.Volume, 0.01) || !within(got.Area, was.Area, 0.02) {
					t.Errorf("1/%d: got %+v, was %+v", share, got, was)
				}
				far := 0.
				for _, p := range thin.Vertices {
					v := p.wide()
					far = max(far, math.Abs(body(v[0], v[1], v[2])))
				}
				if far > 0.75 {
					t.Errorf("1/%d: a vertex lies %.2f mm from the surface", share, far)
				}
				parts, _ := full.Parts()
				if left, _ := thin.Parts(); len(left) != len(parts) {
					t.Errorf("1/%d: %d parts, want %d", share, len(left), len(parts))
				}
			}
		})
	}
}

// TestDecimateOfNoiseStaysWatertight, with every handle and every part.
func TestDecimateOfNoiseStaysWatertight(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		full := surface(t, noise(seed, 16, 0.1+0.07*float64(seed)))
		was := full.Measure()
		for _, target := range []int{len(full.Triangles) / 2, 4} {
			thin, err := full.Decimate(t.Context(), target)
			if err != nil {
				t.Fatal(err)
			}
			if got := thin.Measure(); !got.Watertight || !within(got.Volume, was.Volume, 0.01) {
				t.Errorf("seed %d, %d triangles: got %+v, was %+v", seed, target, got, was)
			}
			if a, b := genus(full), genus(thin); a != b {
				t.Errorf("seed %d, %d triangles: Euler's number was %d, is %d", seed, target, a, b)
			}
		}
	}
}

// genus is Euler's number: vertices less edges plus triangles.
func genus(m *Mesh) int { return len(m.Vertices) - len(m.Triangles)/2 }

// TestPartsAreMeasured: two balls, one with a cavity, are three parts, of which the
// cavity's volume is below zero; what is kept is what was asked for.
func TestPartsAreMeasured(t *testing.T) {
	t.Parallel()
	hollow := func(x, y, z float64) float64 {
		return max(min(sphere(-15, 0, 0, 12)(x, y, z), -sphere(-15, 0, 0, 6)(x, y, z)), sphere(15, 0, 0, 8)(x, y, z))
	}
	m := surface(t, scanned(64, 34, 34, [3]float64{1, 1, 1}, hollow))
	parts, piece := m.Parts()
	if len(parts) != 3 || len(piece) != len(m.Triangles) {
		t.Fatalf("parts %+v", parts)
	}
	volume := func(r float64) float64 { return 4. / 3 * math.Pi * r * r * r }
	found := 0
	for _, p := range parts {
		for _, want := range []float64{volume(12), -volume(6), volume(8)} {
			if within(p.Volume, want, 0.05) && p.Area > 0 {
				found++
			}
		}
	}
	if found != 3 {
		t.Errorf("parts %+v", parts)
	}
	outer := m.Keep(func(p Part) bool { return p.Volume > volume(10) })
	if got := outer.Measure(); !got.Watertight || !within(got.Volume, volume(12), 0.01) || got.High[0] > 0 {
		t.Errorf("kept %+v", got)
	}
}

// TestWatertightFindsHoles: a triangle less, one turned over, one twice or one that is a
// line, and it is not.
func TestWatertightFindsHoles(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Mesh){
		"less":        func(m *Mesh) { m.Triangles = m.Triangles[1:] },
		"turned over": func(m *Mesh) { m.Triangles[3][0], m.Triangles[3][1] = m.Triangles[3][1], m.Triangles[3][0] },
		"twice":       func(m *Mesh) { m.Triangles = append(m.Triangles, m.Triangles[5]) },
		"line":        func(m *Mesh) { m.Triangles[7][0] = m.Triangles[7][1] },
		"no vertex":   func(m *Mesh) { m.Triangles[7][0] = 1 << 30 },
		"a fin":       func(m *Mesh) { t := m.Triangles[9]; m.Triangles = append(m.Triangles, t, [3]uint32{t[1], t[0], t[2]}) },
		"empty":       func(m *Mesh) { m.Triangles = nil },
	} {
		m := surface(t, scanned(20, 20, 20, [3]float64{1, 1, 1}, sphere(0, 0, 0, 7)))
		if !m.Watertight() {
			t.Fatal("the ball has holes")
		}
		edit(m)
		if m.Watertight() {
			t.Errorf("%s: it passes for watertight", name)
		}
	}
}
