package deface

import (
	"math"
)

// Region is a part of the face.
type Region uint8

// The regions that are taken out. A voxel counts for one of them.
const (
	Skin Region = iota // of the face, with the nose and the lips
	Eyes
	Dental
	Ears
	regions
)

// String returns the region's name.
func (r Region) String() string {
	return [...]string{"skin", "eyes", "dental", "ears"}[min(r, Ears)]
}

// How deep is cut, in mm under the face's smoothed surface, on a head of usual size.
const (
	skinDepth   = 12.0
	sideDepth   = 7.0
	browDepth   = 8.0
	eyeDepth    = 22.0
	mouthDepth  = 24.0
	earDepth    = 3.0
	leastShare  = 0.5  // of the depth, where the noise is lowest; it is 1 in the mean, and 2 at most
	smoothBall  = 20.0 // mm, the ball that smooths the surface: nose, lips and ears are finer
	waveLong    = 26.0 // mm, of the depth's noise
	waveShort   = 13.0
	toothHU     = 1300 // on the smoothed grid: enamel; bone is rarely
	toothMargin = 4.0  // mm around teeth

	// What is kept, in mm from the space inside the skull (bone: of a head of usual size).
	marginCT   = 6.0  // of soft tissue
	vaultCT    = 14.0 // of bone
	marginMR   = 9.0  // of all: bone does not show
	cutUnit    = 8    // steps a mm in which the cut is kept
	insideUnit = 4    // and the distance from the inside
)

// zone says which region a place belongs to, and how deep is to be cut there.
func (p pose) zone(at vec) (r Region, depth float64, ok bool) {
	aside, ahead, above := p.place(at)
	aside = math.Abs(aside)
	half := p.length / p.scale / 2
	if aside > p.half/p.scale-4 && above > -80 && above < 18 && ahead < -0.78*half && ahead > -1.5*half {
		return Ears, earDepth, true
	}
	if above > 30 || above < -145 || ahead < -half {
		return 0, 0, false
	}
	depth = sideDepth + (skinDepth-sideDepth)*between(ahead, -50, 200)
	if above > 0 {
		depth = min(depth, browDepth)
	}
	eye := between(aside, 10, 52) * between(above, -44, 4) * between(ahead, -48, 200)
	mouth := between(aside, -200, 42) * between(above, -120, -46) * between(ahead, -62, 200)
	depth += max((eyeDepth-depth)*eye, (mouthDepth-depth)*mouth)
	switch {
	case eye > 0.5:
		return Eyes, depth, true
	case mouth > 0.5:
		return Dental, depth, true
	}
	return Skin, depth, true
}

// between is 1 where x is well between low and high, 0 beyond them, and smooth.
func between(x, low, high float64) float64 {
	const slope = 10.0 // mm
	t := min(max(min(x-low, high-x)/slope, 0), 1)
	return t * t * (3 - 2*t)
}

// cut is the surface at which a face ends, on the grid.
type cut struct {
	grid
	cut       []int8 // negative: is cut; 1/cutUnit mm from the surface, about
	inside    []int8 // distance from the space inside the skull, 1/insideUnit mm, at most 127
	region    []Region
	vault     int8   // bone that is nearer to the inside is kept; 1/insideUnit mm
	low, high vec    // the box of all that is cut, in cells
	cubes     []cube // of each cell, the one upwards of it
}

// newCut draws the surface.
func (s *scene) newCut(in *inside, p pose, key []byte) (*cut, error) {
	long, err := stream(key, "depth, long waves")
	if err != nil {
		return nil, err
	}
	short, err := stream(key, "depth, short waves")
	if err != nil {
		return nil, err
	}
	waves := [2]lattice{newLattice(long, s.grid, waveLong), newLattice(short, s.grid, waveShort)}
	c := &cut{grid: s.grid, cut: make([]int8, s.size()), inside: make([]int8, s.size()), region: make([]Region, s.size())}
	c.vault = steps(vaultCT*p.scale, insideUnit)
	far := s.distance(in.cells)
	keep := s.keep(in, far, p.scale)
	teeth := s.teeth(p)
	for i := range c.cut {
		at := s.centre(i)
		c.inside[i] = steps(float64(far[i]), insideUnit)
		r, under, ok := p.zone(at)
		level := math.Inf(1)
		if ok {
			wave := 0.65*waves[0].at(at) + 0.35*waves[1].at(at)
			level = float64(s.depth[i]) - under*p.scale*max(leastShare, 1+wave)
		}
		if d := float64(teeth[i]) - toothMargin; d < level {
			level, r = d, Dental
		}
		c.region[i] = r
		c.cut[i] = steps(max(level, float64(keep[i])), cutUnit)
	}
	return c, nil
}

// steps makes a distance a small number.
func steps(mm, unit float64) int8 {
	return int8(math.Round(min(max(mm*unit, -127), 127)))
}

// depthOfSmoothed returns how deep a cell is under the body's surface when all is
// taken off that a ball cannot reach from within; negative above it. mm.
func (s *scene) depthOfSmoothed() []float32 {
	air := s.distance(s.out)
	core := s.mask(func(i int) bool { return air[i] > smoothBall && (s.body[i] || s.values[i] == unseen) })
	above := s.distance(core)
	smoothed := s.mask(func(i int) bool { return above[i] <= smoothBall && !s.out[i] })
	outside := make(mask, len(smoothed))
	for i := range outside {
		outside[i] = !smoothed[i] && s.values[i] != unseen
	}
	depth := s.distance(outside)
	up := s.distance(smoothed)
	for i := range depth {
		depth[i] -= up[i]
	}
	return depth
}

// keep returns by how many mm a cell is within what must not change; negative outside of it.
func (s *scene) keep(in *inside, far []float32, scale float64) []float32 {
	out := make([]float32, len(far))
	margin := float32(marginMR)
	if s.ct {
		margin = float32(marginCT * min(scale, 1))
	}
	for i, d := range far {
		out[i] = margin - d
	}
	if !s.ct {
		return out
	}
	vault := s.distance(s.mask(func(i int) bool { return s.values[i] > boneHU && float64(far[i]) < vaultCT*scale && !in.cells[i] }))
	for i, d := range vault {
		out[i] = max(out[i], float32(s.side)-d)
	}
	return out
}

// teeth returns how far the nearest tooth is, in mm. MR shows none.
func (s *scene) teeth(p pose) []float32 {
	return s.distance(s.mask(func(i int) bool {
		if !s.ct || s.values[i] < toothHU {
			return false
		}
		aside, ahead, above := p.place(s.centre(i))
		return math.Abs(aside) < 45 && ahead > -75 && ahead < 40 && above < -38 && above > -125
	}))
}
