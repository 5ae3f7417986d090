package deface

import "math"

const (
	coreDepth  = 18.0 // mm: how far a brain's middle is from all bone; no gap in a skull is so wide
	creepDepth = 6.0  // mm: the same for its corners; wider than the fissures into the orbit
	creepReach = 14.0 // mm: how far corners are from what the wide ball reached
	leastCore  = 8.0  // cm³
	shellSure  = 0.78 // share of rays that meet bone first, of those that meet anything
	shellSome  = 0.6
	brainLow   = -10 // HU, mean of the core: no fat
	brainHigh  = 90  // HU
)

// inside is the space within a skull, or what is taken for it.
type inside struct {
	cells mask
	shell float64 // share of rays from its middle that meet the skull, of those that meet anything
	seen  float64 // share of rays that meet anything before the volume ends
	deep  vec     // its deepest place
}

// skull finds the space that bone encloses in a CT; nil if there is none.
func (s *scene) skull() *inside {
	hard := s.mask(func(i int) bool { return s.values[i] != unseen && s.values[i] > shellHU })
	for _, part := range s.components(hard, 1) {
		if len(part) >= s.cells(2) {
			continue
		}
		for _, i := range part { // calcifications, clips
			hard[i] = false
		}
	}
	barred := s.mask(func(i int) bool {
		return hard[i] || (s.values[i] != unseen && (!s.body[i] || s.values[i] < skinHU))
	})
	depth := s.distance(barred)
	core := s.mask(func(i int) bool { return float64(depth[i]) >= coreDepth && s.body[i] })
	var best *inside
	score := 0.0
	var chosen []int32
	for k, part := range s.components(core, s.cells(leastCore)) {
		if k == 8 {
			break
		}
		found := s.shellAround(part, depth, hard)
		if mean := s.meanOf(part); mean < brainLow || mean > brainHigh || found.seen < 0.3 {
			continue
		}
		if worth := found.shell * found.shell * found.shell * math.Sqrt(float64(len(part))); worth > score {
			best, score, chosen = found, worth, part
		}
	}
	if best == nil {
		return nil
	}
	best.cells = s.creep(chosen, depth, barred)
	return best
}

func (s *scene) meanOf(part []int32) float64 {
	sum := 0.0
	for _, i := range part {
		sum += float64(s.values[i])
	}
	return sum / float64(len(part))
}

// shellAround casts rays from the deepest cell of a part, and sees what they meet.
func (s *scene) shellAround(part []int32, depth []float32, hard mask) *inside {
	deepest := part[0]
	for _, i := range part {
		if depth[i] > depth[deepest] {
			deepest = i
		}
	}
	found := &inside{deep: s.centre(int(deepest))}
	met, missed := 0, 0
	const rays = 600
	for k := range rays {
		switch s.meet(found.deep, direction(k, rays), hard) {
		case metBone:
			met++
		case metAir:
			missed++
		case metEnd:
		}
	}
	found.seen = float64(met+missed) / rays
	if met+missed > 0 {
		found.shell = float64(met) / float64(met+missed)
	}
	return found
}

type meeting int

const (
	metEnd meeting = iota // the volume's end
	metBone
	metAir
)

// maxReach is farther than any skull's wall from its deepest place, in mm.
const maxReach = 130.0

// meet follows a ray to the first bone or air.
func (s *scene) meet(from, along vec, hard mask) meeting {
	for d := 0.0; d < maxReach; d += s.side {
		i := s.find(from.add(along.scale(d)))
		switch {
		case i < 0 || s.values[i] == unseen:
			return metEnd
		case hard[i]:
			return metBone
		case s.out[i] || s.values[i] < emptyHU:
			return metAir
		}
	}
	return metAir
}

// direction returns the k-th of n directions that are spread evenly over the sphere
// (a Fibonacci lattice).
func direction(k, n int) vec {
	z := 1 - 2*(float64(k)+0.5)/float64(n)
	r := math.Sqrt(1 - z*z)
	turn := math.Pi * (1 + math.Sqrt(5)) * float64(k)
	return vec{r * math.Cos(turn), r * math.Sin(turn), z}
}

// creep grows the part into the corners of the space it lies in.
func (s *scene) creep(part []int32, depth []float32, barred mask) mask {
	core := make(mask, s.size())
	for _, i := range part {
		core[i] = true
	}
	wide := s.distance(core)
	narrow := s.mask(func(i int) bool {
		return float64(depth[i]) >= creepDepth && float64(wide[i]) <= coreDepth+creepReach && s.body[i]
	})
	reached := make(mask, s.size())
	for _, connected := range s.components(narrow, 1) {
		touches := false
		for _, i := range connected {
			touches = touches || core[i]
		}
		for _, i := range connected {
			reached[i] = touches
		}
	}
	near := s.distance(reached)
	return s.fill(s.mask(func(i int) bool {
		return s.body[i] && !barred[i] && (float64(wide[i]) < coreDepth || float64(near[i]) < creepDepth)
	}))
}
