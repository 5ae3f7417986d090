package deface

import (
	"math"
	"slices"
)

func (s *scene) count(m mask) int { return m.count() }

// extent returns how long and how wide the cells of a section are, in mm, along the
// axes.
func (s *scene) extent(z int, in mask) (long, short float64) {
	x0, x1, y0, y1 := s.n[0], -1, s.n[1], -1
	for y := range s.n[1] {
		for x := range s.n[0] {
			if in[s.index(x, y, z)] {
				x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
			}
		}
	}
	if x1 < 0 {
		return 0, 0
	}
	a, b := float64(x1-x0+1)*s.side, float64(y1-y0+1)*s.side
	return max(a, b), min(a, b)
}

// sections returns the longer side of each axial section of the largest body.
func (s *scene) sections() []float64 {
	var out []float64
	for z := range s.n[2] {
		if long, _ := s.extent(z, s.body); long > 0 {
			out = append(out, long)
		}
	}
	return out
}

// headSized reports whether enough axial sections have the outline of a head.
func (s *scene) headSized() bool {
	n := 0
	for z := range s.n[2] {
		if long, short := s.extent(z, s.body); long >= leastHead && long <= widest && short >= roundHead*long {
			n++
		}
	}
	return float64(n)*s.side >= tallHead
}

// twoLimbs reports whether there are two bodies of one kind, side by side.
func (s *scene) twoLimbs(across []float64) bool {
	if len(s.parts) < 2 || len(s.parts[1])*2 < len(s.parts[0]) || slices.Max(across) > limbWide {
		return false
	}
	a, b := s.heights(s.parts[0]), s.heights(s.parts[1])
	shared := min(a[1], b[1]) - max(a[0], b[0])
	return shared > 0.7*max(a[1]-a[0], b[1]-b[0])
}

func (s *scene) heights(part []int32) [2]float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, i := range part {
		z := s.centre(int(i))[2]
		low, high = min(low, z), max(high, z)
	}
	return [2]float64{low, high}
}

// hollow marks air inside the body.
func (s *scene) hollow() mask {
	return s.mask(func(i int) bool {
		return s.body[i] && s.values[i] < emptyHU
	})
}

// lungs returns the height of the lungs' upper end, if there are lungs.
func (s *scene) lungs() (float64, bool) {
	lung := s.mask(func(i int) bool { return s.body[i] && s.values[i] > lungLow && s.values[i] < lungHigh })
	total, apex := 0, math.Inf(-1)
	for _, part := range s.components(lung, s.cells(20)) {
		total += len(part)
		apex = max(apex, s.heights(part)[1])
	}
	return apex, total >= s.cells(leastLungs)
}

// limb reports whether an MR shows one solid limb: of one breadth from the volume's
// end to its end, thinner than a head is long, with no dark hollow in it, as a face has.
func (s *scene) limb(across []float64) bool {
	if slices.Max(across) > limbThick || slices.Min(across) < 0.5*slices.Max(across) || float64(len(across))*s.side < 80 {
		return false
	}
	section := s.n[0] * s.n[1]
	if s.body[:section].count() == 0 || s.body[len(s.body)-section:].count() == 0 {
		return false
	}
	air := s.distance(s.out)
	dark := s.mask(func(i int) bool {
		return s.body[i] && air[i] > 10 && float64(s.values[i]) < s.threshold
	})
	light := s.distance(s.mask(func(i int) bool { return !dark[i] }))
	wide := s.mask(func(i int) bool { return float64(light[i]) > cortex })
	return wide.count() < s.cells(leastHollow)
}

// cortex is half of the thickest wall of a limb's bone, which is as dark as air. mm.
const cortex = 4.5

// domed reports whether the body narrows towards its upper end as a head does, and is
// below it as broad as one: a neck or a limb that the volume cuts does not.
func (s *scene) domed() bool {
	top, ok := s.top()
	if !ok {
		return false
	}
	section := s.n[0] * s.n[1]
	crown, broad, seen := math.Inf(1), 0.0, 0
	for z := range s.n[2] {
		under := top - s.centre(z * section)[2]
		if under < 0 || under > 90 {
			continue
		}
		area := float64(s.body[z*section : (z+1)*section].count())
		if under < 8 {
			crown = min(crown, area)
		}
		if under < 40 {
			continue
		}
		if long, short := s.extent(z, s.body); long > widest || long < thinnest || short < 0.5*long {
			return false
		}
		broad = max(broad, area)
		seen++
	}
	return seen > 5 && crown < 0.4*broad
}

// upright reports whether the space inside the skull ends not far below the crown: a
// neck above it says that the volume lies upside down.
func (s *scene) upright(in *inside, p pose) bool {
	const most = 45.0 // mm from the inside to the air above it
	reached := 0.0
	for d := 0.0; d < 250; d += s.side {
		i := s.find(in.deep.add(vec{0, 0, d}))
		if i < 0 || s.values[i] == unseen || s.out[i] {
			return d-reached < most*p.scale
		}
		if in.cells[i] {
			reached = d
		}
	}
	return false
}
