package deface

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestHostileVolumesDoNoHarm: whatever geometry and values an object gives, there is
// no panic, no voxel inside of what is taken for a skull changes, and a volume without
// a head changes nowhere.
func TestHostileVolumesDoNoHarm(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	random := rand.New(rand.NewPCG(3, 5))
	heads := []Volume{
		scanned(axial(asCT, 240, 6, -135, 105, 6), adult),
		scanned(axial(asT1, 240, 6, -135, 105, 6), adult),
	}
	fills := []int16{math.MinInt16, math.MaxInt16, 0, -1, 300, 2500}
	for round := range 30 {
		v := heads[round%2]
		v.CT = random.IntN(4) > 0
		v.Values = append([]int16(nil), v.Values...)
		switch random.IntN(4) {
		case 0: // a box of one value
			for range 200 {
				i := random.IntN(len(v.Values) - 900)
				for k := range 900 {
					v.Values[i+k] = fills[round%len(fills)]
				}
			}
		case 1: // all of one value
			for i := range v.Values {
				v.Values[i] = fills[round%len(fills)]
			}
		case 2: // noise
			for i := range v.Values {
				v.Values[i] = int16(random.Uint32())
			}
		case 3: // other shape over the same values
			v.Columns, v.Slices = v.Columns*v.Slices, 1
			if v.Columns > maxSide {
				v.Columns, v.Rows, v.Slices = 1, len(v.Values)/40, 40
				v.Values = v.Values[:v.Rows*v.Slices]
			}
		}
		v.Spacing = [2]float64{0.1 + 7*random.Float64(), 0.1 + 7*random.Float64()}
		v.Step = [3]float64{random.Float64(), random.Float64(), 1 + 5*random.Float64()}
		if v.check() != nil {
			continue
		}
		p, err := New(t.Context(), v, testKey)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if p.Inside > 0 || p.Vault > 0 {
			t.Errorf("round %d: %d inside, %d of the vault", round, p.Inside, p.Vault)
		}
		if p.Finding.Verdict == None && p.Changed > 0 {
			t.Errorf("round %d: %v, and %g changed", round, p.Finding, p.Changed)
		}
		_ = applied(t, p, v)
	}
}

// TestDistanceIsExact compares with the distance to each cell of the mask in turn.
func TestDistanceIsExact(t *testing.T) {
	t.Parallel()
	g := grid{n: [3]int{9, 7, 8}, side: 2}
	random := rand.New(rand.NewPCG(1, 2))
	for share := range 5 {
		m := g.mask(func(int) bool { return random.IntN(200) < share*share*3 })
		got := g.distance(m)
		for i := range got {
			want := float64(far)
			for j, in := range m {
				if in {
					want = min(want, g.centre(i).sub(g.centre(j)).length())
				}
			}
			if math.Abs(float64(got[i])-want) > 1e-3 {
				t.Fatalf("cell %d: %g, want %g", i, got[i], want)
			}
		}
	}
}

// TestRenderShowsTheFaceAndItsLoss: the picture changes where the face was, and not above.
func TestRenderShowsTheFaceAndItsLoss(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	v := scanned(headFirst(asCT, 3), adult)
	after := applied(t, plan(t, v), v)
	for _, view := range []View{Front, Left, Right} {
		a, b := Render(v, view, 120), Render(after, view, 120)
		changed, above := 0, 0
		for i := range a.Pix {
			if a.Pix[i] == b.Pix[i] {
				continue
			}
			changed++
			if i/120 < 34 {
				above++
			}
		}
		if changed < 300 || above > 0 {
			t.Errorf("view %d: %d pixels changed, %d of them above the brow", view, changed, above)
		}
	}
	v = Volume{Columns: 1, Rows: 1, Slices: 1, Spacing: [2]float64{1, 1}, Row: vec{1, 0, 0}, Column: vec{0, 1, 0}, Step: vec{0, 0, 1}, Values: []int16{7}}
	if got := Render(v, Front, 1<<20).Bounds().Dx(); got != maxPicture {
		t.Errorf("a picture of %d pixels, want at most %d", got, maxPicture)
	}
}
