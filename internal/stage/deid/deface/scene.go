package deface

import (
	"context"
	"fmt"
	"slices"
)

// What CT values mean, in HU, on the grid's smoothed values.
const (
	skinHU   = -300 // denser is body
	emptyHU  = -400 // thinner inside the body is air
	boneHU   = 250  // denser is bone; calcifications and contrast of large vessels may be, too
	shellHU  = 160  // thin bone is blurred: what bars the way out of the skull
	lungLow  = -950
	lungHigh = -500
)

// thin is what no part of a head is: the head holder's shell, a tube, the table's skin. mm, half of its thickness.
const thin = 4.0

// scene is a volume on the grid, and what was found in it.
type scene struct {
	grid
	ct        bool
	values    []int16
	threshold float64   // what is above it is body
	tissue    mask      // values above the threshold
	body      mask      // the largest body, its holes filled
	out       mask      // cells that are in the volume and not in the body
	depth     []float32 // under the body's smoothed surface, in mm; set with the pose
	parts     [][]int32 // all bodies of more than 20 cm³, holes open, the largest first
}

// newScene puts the volume on the grid and parts the body from what is around it.
func newScene(ctx context.Context, v Volume) (*scene, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	low, high := v.box()
	s := &scene{grid: newGrid(low, high), ct: v.CT}
	s.values = s.resample(v)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("deface: %w", err)
	}
	s.threshold = skinHU
	if !v.CT {
		s.threshold = skinThreshold(s.values)
	}
	s.tissue = s.mask(func(i int) bool { return s.values[i] != unseen && float64(s.values[i]) > s.threshold })
	s.segment()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("deface: %w", err)
	}
	return s, nil
}

// segment finds the bodies: what is left of the tissue when all that is thin is
// taken off. Where the volume ends, no body does.
func (s *scene) segment() {
	filled := s.fill(s.tissue)
	air := s.distance(s.mask(func(i int) bool { return !filled[i] && s.values[i] != unseen }))
	thick := s.mask(func(i int) bool { return filled[i] && float64(air[i]) > thin && s.values[i] != unseen })
	s.parts = s.components(thick, s.cells(20))
	s.body = make(mask, s.size())
	if len(s.parts) > 0 {
		core := make(mask, s.size())
		for _, i := range s.parts[0] {
			core[i] = true
		}
		near := s.grow(core, thin+s.side)
		s.body = s.fill(s.mask(func(i int) bool { return near[i] && filled[i] && s.values[i] != unseen }))
	}
	s.out = s.mask(func(i int) bool { return !s.body[i] && s.values[i] != unseen })
	for i, value := range s.values { // a section's hole may lie beyond the volume
		if value == unseen {
			s.body[i] = false
		}
	}
}

// skinThreshold parts MR's background from tissue: between what is darkest and the
// threshold of Otsu (1979), nearer to the dark, for skin is darker than fat.
func skinThreshold(values []int16) float64 {
	seen := make([]int16, 0, len(values))
	for _, v := range values {
		if v != unseen {
			seen = append(seen, v)
		}
	}
	if len(seen) == 0 {
		return 0
	}
	slices.Sort(seen)
	low, high := float64(seen[0]), float64(seen[len(seen)*98/100])
	split := otsu(seen, low, high)
	dark, _ := slices.BinarySearch(seen, int16(split))
	if dark == 0 {
		return split
	}
	// Where the body fills the frame, the darker half has muscle in it, too: its lower
	// quarter is still air. Noise of magnitudes is Rayleigh's: nearly all of it is below
	// five times its lower quartile.
	base := float64(seen[dark/4])
	return max(base+skinShare*(split-base), min(5*base, base+0.8*(split-base)))
}

// skinShare is where the skin begins between background and Otsu's threshold.
const skinShare = 0.35

// otsu returns the threshold that parts sorted values, clipped to low and high, best into two.
func otsu(sorted []int16, low, high float64) float64 {
	const bins = 256
	if high <= low {
		return low
	}
	var counts [bins]float64
	total := 0.0
	for _, v := range sorted {
		bin := int((min(float64(v), high) - low) / (high - low) * (bins - 1))
		counts[bin]++
		total += float64(bin)
	}
	n := float64(len(sorted))
	best, at, below, sum := -1.0, 0, 0.0, 0.0
	for i := range bins - 1 {
		below += counts[i]
		sum += float64(i) * counts[i]
		if below == 0 || below == n {
			continue
		}
		apart := sum/below - (total-sum)/(n-below)
		if between := below * (n - below) * apart * apart; between > best {
			best, at = between, i
		}
	}
	return low + (float64(at)+0.5)/(bins-1)*(high-low)
}
