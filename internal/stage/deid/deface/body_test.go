package deface

import (
	"math"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// oval3 reports whether p is in an ellipsoid.
func oval3(p, at, radii vec) bool {
	return headphantom.Oval(headphantom.Place(p), headphantom.Place(at), headphantom.Place(radii))
}

// chest draws a trunk with lungs, ribs and spine, z from -150 to 150.
func chest(p vec) stuff {
	side := vec{math.Abs(p[0]), p[1], p[2]}
	rib := math.Mod(p[2]+600, 30) < 12
	switch {
	case math.Hypot(p[0], p[1]-75) < 18:
		return headphantom.Bone
	case oval3(side, vec{72, 0, -10}, vec{55, 75, 125}):
		return headphantom.Lung
	case math.Hypot(p[0]/142, p[1]/97) < 1 && math.Hypot(p[0]/134, p[1]/90) > 1 && rib:
		return headphantom.Bone
	case math.Hypot(p[0]/150, p[1]/105) < 1:
		return headphantom.Muscle
	case math.Hypot(p[0]/165, p[1]/118) < 1:
		return headphantom.Fat
	}
	return headphantom.Nothing
}

// abdomen draws a trunk with a spine and gas in the bowel.
func abdomen(p vec) stuff {
	switch {
	case math.Hypot(p[0], p[1]-60) < 20:
		return headphantom.Bone
	case oval3(p, vec{40, -50, 20}, vec{30, 20, 40}):
		return headphantom.Cavity
	case math.Hypot(p[0]/140, p[1]/95) < 1:
		return headphantom.Muscle
	case math.Hypot(p[0]/160, p[1]/115) < 1:
		return headphantom.Fat
	}
	return headphantom.Nothing
}

// leg draws a limb around an axis: marrow, its bone, muscle, fat.
func leg(x, y, thick float64) stuff {
	switch d := math.Hypot(x, y) / thick; {
	case d < 0.25:
		return headphantom.Fat
	case d < 0.36:
		return headphantom.Bone
	case d < 0.85:
		return headphantom.Muscle
	case d < 1:
		return headphantom.Fat
	}
	return headphantom.Nothing
}

func knee(p vec) stuff { return leg(p[0], p[1], 58+10*math.Cos(p[2]/40)) }

func legs(p vec) stuff { return leg(math.Abs(p[0])-85, p[1], 70) }

// hand draws a palm and four fingers.
func hand(p vec) stuff {
	if p[2] < 0 && math.Hypot(p[0]/42, p[1]/15) < 1 {
		if math.Hypot(math.Mod(p[0]+100, 20)-10, p[1]) < 5 {
			return headphantom.Bone
		}
		return headphantom.Muscle
	}
	if p[2] < 80 && p[2] >= 0 && math.Abs(p[0]) < 40 {
		if d := math.Hypot(math.Mod(p[0]+100, 20)-10, p[1]); d < 5 {
			return headphantom.Bone
		} else if d < 9 {
			return headphantom.Muscle
		}
	}
	return headphantom.Nothing
}

// water draws a bottle.
func water(p vec) stuff {
	if math.Hypot(p[0], p[1]) < 95 {
		return headphantom.Fluid
	}
	return headphantom.Nothing
}

// TestNoHead: a trunk, a limb and a hand are taken for no head, and are no
// reason to withhold.
func TestNoHead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		scan scan
		body func(vec) stuff
		want Verdict
	}{
		"chest CT":   {axial(asCT, 360, 4, -70, 120, 5), chest, None},
		"abdomen CT": {axial(asCT, 360, 4, -50, 50, 5), abdomen, None},
		"knee CT":    {axial(asCT, 160, 2, -60, 60, 3), knee, None},
		"legs CT":    {axial(asCT, 340, 4, -60, 60, 5), legs, None},
		"hand CT":    {axial(asCT, 160, 2, -80, 90, 3), hand, None},
		"water CT":   {axial(asCT, 230, 4, -60, 60, 5), water, Unclear}, // of a head's size, and so may be one without its bone
		"chest MR":   {axial(asT1, 360, 4, -70, 120, 5), chest, None},
		"abdomen MR": {axial(asT2, 360, 4, -50, 50, 5), abdomen, None},
		"knee MR":    {axial(asT1, 160, 2, -60, 60, 3), knee, None},
		"knee MR, sagittal": {func() scan {
			m := sagittal(asT1, 2, 4)
			m.Middle = headphantom.Place{}
			return m
		}(), knee, None},
		"legs MR":  {axial(asT1, 340, 4, -60, 60, 5), legs, None},
		"hand MR":  {axial(asT1, 160, 2, -80, 90, 3), hand, Unclear},
		"water MR": {axial(asT2, 230, 4, -60, 60, 5), water, Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && !strings.HasPrefix(name, "knee") {
				t.Skip("left out by -short: needs a second each")
			}
			got, err := Find(t.Context(), measure(tt.scan, tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != tt.want {
				t.Errorf("got %v (%s, shell %.2f), want %v", got.Verdict, got.Why, got.Shell, tt.want)
			}
		})
	}
}
