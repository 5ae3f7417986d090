package deface

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

var (
	testKey = []byte("a key of the tests")
	adult   = headphantom.Adult()
	held    = headphantom.Head{Size: 1.03, Narrow: 1.06, Neck: true, Holder: true}
	child   = headphantom.Head{Size: 0.8, Narrow: 0.95, Neck: true}
)

// drawn is one drawn head as it is scanned.
type drawn struct {
	scan scan
	head headphantom.Head
}

// heads are drawn heads of several shapes, contrasts, directions and poses.
func heads() map[string]drawn {
	ct := func(thick float64) scan { return headFirst(asCT, thick) }
	mr := headFirst
	return map[string]drawn{
		"CT":                  {ct(2), adult},
		"CT, 5 mm":            {ct(5), adult},
		"CT, head holder":     {ct(2.5), held},
		"CT, child":           {axial(asCT, 220, 2, -110, 90, 2), child},
		"CT, gantry tilt":     {tilted(ct(3), 20, true), adult},
		"CT, oblique":         {tilted(ct(3), 30, false), adult},
		"CT, sagittal":        {sagittal(asCT, 2, 3), adult},
		"CT, chin up":         {nodded(ct(3), 0, 20), adult},
		"CT, chin down":       {nodded(ct(3), 0, -10), adult},
		"CT, turned":          {nodded(ct(3), 2, 20), adult},
		"T1":                  {mr(asT1, 2), adult},
		"T1, sagittal":        {sagittal(asT1, 2, 2), adult},
		"T1, turned":          {nodded(mr(asT1, 3), 2, 20), adult},
		"T1, oblique, child":  {tilted(axial(asT1, 220, 2, -110, 90, 2), 30, false), child},
		"T2, 5 mm":            {mr(asT2, 5), adult},
		"FLAIR, coronal, 4mm": {coronal(asFLAIR, 2, 4), adult},
	}
}

// applied returns the volume without its face.
func applied(t testing.TB, p *Plan, v Volume) Volume {
	t.Helper()
	out := v
	out.Values = slices.Clone(v.Values)
	n := v.Columns * v.Rows
	for slice := range v.Slices {
		if _, err := p.Apply(slice, out.Values[slice*n:][:n]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func plan(t testing.TB, v Volume) *Plan {
	t.Helper()
	p, err := New(t.Context(), v, testKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v, shell %.2f; changed %.1f %% of all, tissue by region %v; face %.0f cm², mean %.1f mm, 95 %% %.1f mm, deviation %.1f mm, near %.1f %%; inside %d, vault %d; failed %q",
		p.Finding.Verdict, p.Finding.Shell, 100*p.Changed, p.Regions, p.Face.Area, p.Face.Mean, p.Face.P95, p.Face.Spread, 100*p.Face.Near, p.Inside, p.Vault, p.Failed)
	return p
}

// TestDrawnHeadsLoseTheirFaceAndNothingElse: the face's skin of every drawn head is
// far from what is left, and not one voxel of its brain or of the skull around it
// changes, by what was drawn and not by what was found.
func TestDrawnHeadsLoseTheirFaceAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, d := range heads() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name != "CT" {
				t.Skip("left out by -short: needs a second each")
			}
			v := scanned(d.scan, d.head)
			p := plan(t, v)
			if p.Finding.Verdict != Head || len(p.Failed) > 0 || p.Backwards || p.Nothing {
				t.Fatalf("%v, failed %q, backwards %v, nothing %v", p.Finding, p.Failed, p.Backwards, p.Nothing)
			}
			after := applied(t, p, v)
			brain, vault := lost(d, v, after)
			if brain > 0 || vault > 0 {
				t.Errorf("%d voxels of the brain and %d of the skull around it changed", brain, vault)
			}
			if mean, nose := skinLost(d, after); mean < leastMean || nose < 0.95 {
				t.Errorf("the face's skin is %.1f mm away, %.2f of the nose's skin is gone", mean, nose)
			}
		})
	}
}

// place returns where a voxel is in the drawn head.
func (d drawn) place(v Volume, column, row, slice int) headphantom.Place {
	return d.scan.In(headphantom.Place(v.at(float64(column), float64(row), float64(slice))))
}

// lost counts the changed voxels of what was drawn as brain, and as bone of the vault.
func lost(d drawn, before, after Volume) (brain, vault int) {
	for i, value := range after.Values {
		if value == before.Values[i] {
			continue
		}
		p := d.place(before, i%before.Columns, i/before.Columns%before.Rows, i/before.Columns/before.Rows)
		what, above := d.head.Skull(p)
		if what == headphantom.Brain || what == headphantom.Fluid {
			brain++
		}
		if what == headphantom.Bone && above > 0 {
			vault++
		}
	}
	return brain, vault
}

// skinLost measures the result as a stranger would: it finds the body anew, and asks
// how far it is from points of the skin that was drawn, on the face between eyes and
// chin; and which share of those on the nose is in the air now.
func skinLost(d drawn, after Volume) (mean, nose float64) {
	s, err := newScene(context.Background(), after)
	if err != nil {
		return 0, 0
	}
	left := s.distance(s.body)
	n, onNose := 0.0, 0.0
	for x := -50.0; x <= 50; x += 5 {
		for z := -110.0; z <= -35; z += 5 {
			y := -140.0
			for y < -60 && d.head.At(headphantom.Place(vec{x, y, z}.scale(d.head.Size))) == headphantom.Nothing {
				y++
			}
			i := s.find(d.back(vec{x, y, z}.scale(d.head.Size)))
			if y >= -60 || i < 0 || s.values[i] == unseen {
				continue
			}
			mean += float64(left[i])
			n++
			if math.Abs(x) <= 10 && z <= -45 && z >= -65 {
				onNose++
				if left[i] > 2 {
					nose++
				}
			}
		}
	}
	return mean / max(n, 1), nose / max(onNose, 1)
}

// back maps a place in the head to where it is in the patient: a turn's inverse is its transpose.
func (d drawn) back(p vec) vec {
	var out vec
	for axis := range 3 {
		var unit headphantom.Place
		unit[axis] = 1
		out[axis] = p.dot(vec(d.scan.In(unit)))
	}
	return out
}

// TestNoFaceIsTakenForAVault: however little of a face a volume has, it is not passed
// as one without a face.
func TestNoFaceIsTakenForAVault(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	for name, look := range map[string]headphantom.Contrast{"CT": asCT, "T1": asT1} {
		for _, low := range []float64{-100, -70, -50, -35} {
			v := scanned(axial(look, 220, 2, low, 90, 3), adult)
			if p := plan(t, v); p.Nothing || (len(p.Failed) == 0 && p.Regions[Eyes] == 0) {
				t.Errorf("%s from %g mm: nothing %v, by region %v", name, low, p.Nothing, p.Regions)
			}
		}
	}
}

// TestPartialHeads: a vault alone has no face to take out; a face without a brain is
// not passed for anything else.
func TestPartialHeads(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	for name, look := range map[string]headphantom.Contrast{"CT": asCT, "T1": asT1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vault := scanned(axial(look, 240, 2, 5, 105, 2), adult)
			p := plan(t, vault)
			if p.Finding.Verdict != Head || !p.Nothing || len(p.Failed) > 0 || p.Changed > 0 {
				t.Errorf("a vault: %v, nothing %v, failed %q, changed %g", p.Finding, p.Nothing, p.Failed, p.Changed)
			}
			if after := applied(t, p, vault); !slices.Equal(after.Values, vault.Values) {
				t.Error("a vault changed")
			}
			for _, high := range []float64{-40, -5} {
				face := scanned(axial(look, 240, 2, -135, high, 2), adult)
				p := plan(t, face)
				if p.Finding.Verdict == None || p.Nothing {
					t.Errorf("a face up to %g mm: %v, nothing %v", high, p.Finding, p.Nothing)
				}
			}
		})
	}
}

// TestOrientationIsNotTrusted: a head with front and back exchanged loses its face all
// the same, or is not passed; nor is one that lies upside down.
func TestOrientationIsNotTrusted(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	for name, look := range map[string]headphantom.Contrast{"CT": asCT, "T1": asT1} {
		m := headFirst(look, 3)
		m.Middle[1] = 12
		m.Turn = func(p headphantom.Place) headphantom.Place { return headphantom.Place{p[0], -p[1], p[2]} }
		if p := plan(t, scanned(m, adult)); !p.Backwards && len(p.Failed) == 0 || p.Nothing {
			t.Errorf("%s, front to back: passed", name)
		}
		m.Middle = headphantom.Place{0, -12, 22}
		m.Turn = func(p headphantom.Place) headphantom.Place { return headphantom.Place{p[0], p[1], -p[2]} }
		if p := plan(t, scanned(m, adult)); len(p.Failed) == 0 {
			t.Errorf("%s, upside down: passed", name)
		}
	}
}

// TestKeyDecidesTheCut: the same key gives the same result, another key another surface.
func TestKeyDecidesTheCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	v := scanned(headFirst(asCT, 4), adult)
	first := applied(t, plan(t, v), v)
	if again := applied(t, plan(t, v), v); !slices.Equal(first.Values, again.Values) {
		t.Error("the same key gave two results")
	}
	other, err := New(t.Context(), v, []byte("another key"))
	if err != nil {
		t.Fatal(err)
	}
	differ, tissue := 0, 0
	for i, value := range applied(t, other, v).Values {
		a, b := first.Values[i] > skinHU, value > skinHU
		if a != b {
			differ++
		}
		if v.Values[i] > skinHU && !a {
			tissue++
		}
	}
	if share := float64(differ) / float64(tissue); share < 0.1 {
		t.Errorf("two keys differ in %.3f of what is cut", share)
	}
}

// TestFillIsTheScannersAir: what fills the face has the mean and the noise of the
// air around the head, and its mask marks just what changes.
func TestFillIsTheScannersAir(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	for name, look := range map[string]headphantom.Contrast{"CT": asCT, "T1": asT1} {
		v := scanned(headFirst(look, 4), adult)
		p := plan(t, v)
		after := applied(t, p, v)
		var filled, air []float64
		n := v.Columns * v.Rows
		for slice := range v.Slices {
			mask, err := p.Apply(slice, slices.Clone(v.Values[slice*n:][:n]))
			if err != nil {
				t.Fatal(err)
			}
			for i, in := range mask {
				value := after.Values[slice*n+i]
				if !in && value != v.Values[slice*n+i] {
					t.Fatalf("%s: slice %d: a voxel outside the mask changed", name, slice)
				}
				if in {
					filled = append(filled, float64(value))
				} else if i/v.Columns < 8 {
					air = append(air, float64(value))
				}
			}
		}
		mean, sd := moments(filled)
		wantMean, wantSD := moments(air)
		if math.Abs(mean-wantMean) > 0.1*wantSD || math.Abs(sd-wantSD) > 0.1*wantSD {
			t.Errorf("%s: filled with %.1f ± %.1f, the air is %.1f ± %.1f", name, mean, sd, wantMean, wantSD)
		}
	}
}

func moments(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		sd += (v - mean) * (v - mean) / float64(len(values))
	}
	return mean, math.Sqrt(sd)
}

// TestRefusesWhatIsNoVolume: sizes, spacings and directions are checked first.
func TestRefusesWhatIsNoVolume(t *testing.T) {
	t.Parallel()
	good := Volume{
		Columns: 4, Rows: 3, Slices: 2, Spacing: [2]float64{1, 1}, Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0},
		Step: [3]float64{0, 0, 1}, Values: make([]int16, 24),
	}
	for name, spoil := range map[string]func(v *Volume){
		"no columns":      func(v *Volume) { v.Columns = 0 },
		"negative":        func(v *Volume) { v.Rows, v.Slices = -3, -2 },
		"too many":        func(v *Volume) { v.Columns, v.Rows, v.Slices = 1<<14, 1<<14, 1<<14 },
		"values missing":  func(v *Volume) { v.Values = v.Values[1:] },
		"no spacing":      func(v *Volume) { v.Spacing[0] = 0 },
		"not a number":    func(v *Volume) { v.Spacing[1] = math.NaN() },
		"infinite":        func(v *Volume) { v.Origin[2] = math.Inf(1) },
		"far apart":       func(v *Volume) { v.Step[2] = 1000 },
		"slices coincide": func(v *Volume) { v.Step = [3]float64{} },
		"slices in plane": func(v *Volume) { v.Step = [3]float64{1, 0, 0.1} },
		"no direction":    func(v *Volume) { v.Row = [3]float64{} },
		"parallel":        func(v *Volume) { v.Column = v.Row },
		"long":            func(v *Volume) { v.Row[0] = 2 },
	} {
		v := good
		spoil(&v)
		if _, err := New(t.Context(), v, testKey); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: plan: %v, want ErrInvalid", name, err)
		}
		if f, err := Find(t.Context(), v); !errors.Is(err, sinso.ErrInvalid) || f.Verdict != Unclear {
			t.Errorf("%s: find: %v, %v", name, f, err)
		}
		if picture := Render(v, Front, 8); picture.Bounds().Dx() != 8 {
			t.Errorf("%s: picture of %v", name, picture.Bounds())
		}
	}
	p := plan(t, good)
	if len(p.Failed) == 0 {
		t.Error("24 voxels pass for a head")
	}
	for _, slice := range []int{-1, 2} {
		if _, err := p.Apply(slice, make([]int16, 12)); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("slice %d: %v, want ErrInvalid", slice, err)
		}
	}
	if _, err := p.Apply(0, make([]int16, 11)); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("11 values: %v, want ErrInvalid", err)
	}
}

// TestStopsWhenTold: a plan ends with its context.
func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := scanned(headFirst(asCT, 5), adult)
	if _, err := New(ctx, v, testKey); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
