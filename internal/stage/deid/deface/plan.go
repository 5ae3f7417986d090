package deface

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Failure is why a plan does not do: the caller withholds what it was made for.
type Failure string

// The failures.
const (
	FailedNoHead  Failure = "no head was found"
	FailedNotSure Failure = "what was found may be no head"
	FailedPose    Failure = "the head does not lie as its orientation says"
	FailedNoFace  Failure = "no face was found where it should be"
	FailedInside  Failure = "voxels inside the skull would change"
	FailedVault   Failure = "voxels of the skull around the brain would change"
	FailedNear    Failure = "the new surface is too near to the old one"
	FailedKept    Failure = "too much of the old surface is kept"
	FailedEven    Failure = "the new surface follows the old one"
)

// What a plan must reach.
const (
	leastMean   = 7.0  // mm, between the face's old skin and the new surface
	leastMost   = 11.0 // mm, the 95th percentile of it
	nearSkin    = 3.0  // mm
	mostNear    = 0.10 // share of the old skin that may be nearer to the new surface
	leastSpread = 2.0  // mm, standard deviation of the distance: a constant could be added again
	leastFace   = 15.0 // cm² of skin to tell anything by
	belowBrow   = -15  // mm from the skull's floor: above it the skin lies thin on bone that is kept
)

// Plan is what is to be taken out of one volume.
type Plan struct {
	Finding   Finding
	Nothing   bool      // a head without a face in the volume: only the vault. Nothing is cut
	Backwards bool      // the face was found at the back, by what the orientation says
	Changed   float64   // share of all voxels that are replaced
	Regions   [4]int64  // voxels of tissue replaced, by Region
	Face      Surface   // the face's skin, before and after
	Inside    int64     // voxels replaced inside the skull, or within 2 mm of its inside; must be 0
	Vault     int64     // voxels of bone replaced around it, within 14 mm (CT), of anything within 6 mm (MR); must be 0
	Failed    []Failure // the checks that failed; none if the volume is fit to be released

	shape Volume // without its values
	cut   *cut   // nil: nothing is cut
	air   air
}

// Surface compares the face's skin with the surface that is left.
type Surface struct {
	Area   float64 // cm² that the face covers, seen from the front, between eyes and chin
	Mean   float64 // mm from the old skin to the new surface
	P95    float64 // mm, the 95th percentile of it
	Spread float64 // mm, its standard deviation
	Near   float64 // share of the skin with the new surface nearer than 3 mm
}

// New plans the defacing of a volume. The key fixes how deep each place is cut, so
// that who has it not cannot add what was taken: the same key and volume give the
// same plan. Returns ErrInvalid if the volume is not what it says, and the context's
// error. A volume that cannot be defaced, or not well enough, gives a plan with Failed set:
// what it changes, if anything, is for a person to look at, and not to be released.
func New(ctx context.Context, v Volume, key []byte) (*Plan, error) {
	s, err := newScene(ctx, v)
	if err != nil {
		return nil, err
	}
	finding, in := s.look()
	p := &Plan{Finding: finding, shape: v}
	p.shape.Values = nil
	if in == nil || finding.Verdict == None {
		p.Failed = []Failure{FailedNoHead}
		return p, nil
	}
	if finding.Verdict != Head {
		p.Failed = append(p.Failed, FailedNotSure)
	}
	lies, ok := s.pose(in)
	if !ok || !s.upright(in, lies) {
		p.Failed = append(p.Failed, FailedPose)
		return p, nil
	}
	p.Backwards = lies.backwards
	if finding.Verdict == Head && s.vaultOnly(lies) {
		p.Nothing = true
		return p, nil
	}
	if lies.open {
		p.Failed = append(p.Failed, FailedPose)
	}
	return p, p.draw(ctx, s, v, in, lies, key)
}

// draw fills the plan.
func (p *Plan) draw(ctx context.Context, s *scene, v Volume, in *inside, lies pose, key []byte) error {
	var err error
	if p.cut, err = s.newCut(in, lies, key); err != nil {
		return err
	}
	p.cut.bound()
	if p.air, err = s.collectAir(v, key); err != nil {
		return err
	}
	if err := p.tally(ctx, v, s.threshold); err != nil {
		return err
	}
	p.Face = s.compare(p.cut, lies)
	p.judge()
	return nil
}

// tally counts what would change, voxel by voxel.
func (p *Plan) tally(ctx context.Context, v Volume, threshold float64) error {
	slices := make([]counts, v.Slices)
	spread(v.Slices, func(from, to int) {
		for slice := from; slice < to && ctx.Err() == nil; slice++ {
			slices[slice] = p.count(v, slice, threshold)
		}
	})
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("deface: plan: %w", err)
	}
	changed := int64(0)
	for _, c := range slices {
		changed += c.changed
		p.Inside += c.inside
		p.Vault += c.vault
		for region, n := range c.regions {
			p.Regions[region] += n
		}
	}
	p.Changed = float64(changed) / float64(len(v.Values))
	return nil
}

// counts are how many voxels of a slice would change, and of which kind.
type counts struct {
	changed, inside, vault int64
	regions                [len(Plan{}.Regions)]int64
}

// count counts in one slice.
func (p *Plan) count(v Volume, slice int, threshold float64) counts {
	var n counts
	vault := p.cut.vault
	if !v.CT {
		vault = 6 * insideUnit
	}
	for row := range v.Rows {
		line := v.Values[(slice*v.Rows+row)*v.Columns:][:v.Columns]
		p.eachCut(slice, row, line, func(column int, next cell) {
			n.changed++
			value := float64(line[column])
			if value > threshold {
				n.regions[p.cut.region[next]]++
			}
			if p.cut.inside[next] <= 2*insideUnit {
				n.inside++
			}
			if p.cut.inside[next] < vault && (!v.CT || value > boneHU) {
				n.vault++
			}
		})
	}
	return n
}

// compare measures how far the face's skin is from what is left of the body.
func (s *scene) compare(c *cut, lies pose) Surface {
	left := s.distance(s.mask(func(i int) bool { return s.body[i] && c.cut[i] >= 0 }))
	var distances []float64
	var sum, squares float64
	near := 0
	for _, i := range s.frontal(lies) {
		d := float64(left[i])
		distances = append(distances, d)
		sum, squares = sum+d, squares+d*d
		if d < nearSkin {
			near++
		}
	}
	n := float64(len(distances))
	if n == 0 {
		return Surface{}
	}
	slices.Sort(distances)
	mean := sum / n
	return Surface{
		Area: n * s.side * s.side / 100, Mean: mean, P95: distances[len(distances)*95/100],
		Spread: math.Sqrt(max(squares/n-mean*mean, 0)), Near: float64(near) / n,
	}
}

// frontal returns the cells of the face's skin, between eyes and chin, that one sees
// from the front.
func (s *scene) frontal(lies pose) []int {
	var out []int
	for z := range s.n[2] {
		for x := range s.n[0] {
			for k := range s.n[1] {
				y := k
				if lies.forward > 0 {
					y = s.n[1] - 1 - k
				}
				i := s.index(x, y, z)
				if !s.body[i] {
					continue
				}
				aside, ahead, above := lies.place(s.centre(i))
				if math.Abs(aside) < 60 && ahead > -35 && above < belowBrow && above > -115 {
					out = append(out, i)
				}
				break
			}
		}
	}
	return out
}
