package deface

import (
	"math"
	"slices"
)

// MR shows no bone: skull and air are dark alike. The space inside the skull is found
// from its middle by rays: each ends at the dark ring between brain and scalp, no
// farther than the ellipsoid that the scalp of the upper half is fitted by.
const (
	tops       = 15.0  // cm², the area of a section that is the head's top
	lowMiddle  = 140.0 // mm below the top: the brain's middle is above
	highMiddle = 45.0
	scalp      = 9.0 // mm, of skin and bone at the thinnest, that the ellipsoid is within
	turns      = 120 // rays around the axis
	tilts      = 60  // and from pole to pole
	ringDip    = 0.6 // of the brain's brightness: darker is skull, or fluid next to it
	ringSure   = 0.6 // share of the upper rays that meet a dark ring
	ringSome   = 0.35
	leastRing  = 25.0 // mm, the radius of a newborn's brain in its shortest direction
	mostRing   = 115.0
)

// ball is a surface given by its distance from a middle in each direction.
type ball struct {
	middle vec
	radius [tilts][turns]float64 // mm
}

func (b *ball) direction(tilt, turn int) vec {
	lat := (float64(tilt)+0.5)/tilts*math.Pi - math.Pi/2
	lon := float64(turn) / turns * 2 * math.Pi
	return vec{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// has reports whether a place is within the surface.
func (b *ball) has(p vec) bool {
	d := p.sub(b.middle)
	r := d.length()
	if r < leastRing/2 {
		return true
	}
	tilt := min(int((math.Asin(d[2]/r)+math.Pi/2)/math.Pi*tilts), tilts-1)
	turn := int(math.Round((math.Atan2(d[1], d[0])+2*math.Pi)/(2*math.Pi)*turns)) % turns
	return r <= b.radius[tilt][turn]
}

// brain finds the space inside the skull in an MR; nil if the body is no such shape.
func (s *scene) brain() *inside {
	top, ok := s.top()
	if !ok {
		return nil
	}
	air := s.distance(s.out)
	middle, half, ok := s.middle(air, top)
	if !ok || half < leastRing+scalp || half > mostRing {
		return nil
	}
	b := &ball{middle: middle}
	bright := s.brightness(middle, half/2)
	skin := s.skinAlong(b)
	oval, ok := fitOval(b, &skin)
	if !ok {
		return nil
	}
	met, rays := 0, 0
	for tilt := range tilts {
		for turn := range turns {
			along := b.direction(tilt, turn)
			end := oval.reach(along)
			if known := skin[tilt][turn]; known > 0 {
				end = min(end, known-scalp/2)
			}
			r, dark := s.ring(middle, along, 0.72*end, 1.04*end, bright)
			b.radius[tilt][turn] = r
			if along[2] < 0.2 || skin[tilt][turn] == 0 {
				continue
			}
			rays++
			if dark {
				met++
			}
		}
	}
	b.regular()
	in := &inside{deep: middle, seen: float64(rays) / (turns * tilts / 2)}
	if rays > 0 {
		in.shell = float64(met) / float64(rays)
	}
	in.cells = s.mask(func(i int) bool { return s.body[i] && b.has(s.centre(i)) })
	return in
}

// top returns the height of the body's highest section of some size, in mm.
func (s *scene) top() (float64, bool) {
	section := s.n[0] * s.n[1]
	for z := s.n[2] - 1; z >= 0; z-- {
		if float64(s.body[z*section:(z+1)*section].count())*s.side*s.side >= tops*100 {
			return s.centre(z * section)[2], true
		}
	}
	return 0, false
}

// middle returns the middle of the largest ball that fits into the upper part of the
// body, and its radius.
func (s *scene) middle(air []float32, top float64) (vec, float64, bool) {
	most := float32(0)
	within := func(i int) bool {
		z := s.centre(i)[2]
		return s.body[i] && z < top-highMiddle && z > top-lowMiddle
	}
	for i, d := range air {
		if d > most && d < far && within(i) {
			most = d
		}
	}
	sum, n := vec{}, 0.0
	for i, d := range air {
		if d > most-4 && d < far && within(i) {
			sum = sum.add(s.centre(i))
			n++
		}
	}
	if n == 0 {
		return vec{}, 0, false
	}
	return sum.scale(1 / n), float64(most), true
}

// brightness returns the median value around a place.
func (s *scene) brightness(middle vec, r float64) float64 {
	var values []int16
	for i, in := range s.body {
		if in && s.centre(i).sub(middle).length() < r {
			values = append(values, s.values[i])
		}
	}
	if len(values) == 0 {
		return s.threshold
	}
	slices.Sort(values)
	return float64(values[len(values)/2])
}

// skinAlong returns how far the skin is in each direction, in mm; 0 where the volume ends first.
func (s *scene) skinAlong(b *ball) [tilts][turns]float64 {
	var skin [tilts][turns]float64
	for tilt := range tilts {
		for turn := range turns {
			along := b.direction(tilt, turn)
			for d := leastRing; d < 2*mostRing; d += s.side / 2 {
				i := s.find(b.middle.add(along.scale(d)))
				if i < 0 || s.values[i] == unseen {
					break
				}
				if s.out[i] {
					skin[tilt][turn] = d
					break
				}
			}
		}
	}
	return skin
}

// ring returns where a ray is darkest between two distances, and whether it is dark
// there with something brighter behind it.
func (s *scene) ring(middle, along vec, from, to, bright float64) (float64, bool) {
	at, least, behind := to, math.Inf(1), 0.0
	for d := from; d <= to+scalp+4; d++ {
		value := s.smooth(middle.add(along.scale(d)))
		if d <= to && value < least {
			least, at, behind = value, d, 0
		}
		behind = max(behind, value)
	}
	if least > ringDip*bright {
		return to, false
	}
	return at, behind > 1.3*least
}

// regular takes the median over neighbours of each radius: a ray that passed a
// fissure or a vessel is led back by those around it.
func (b *ball) regular() {
	const reach = 3
	var out [tilts][turns]float64
	for tilt := range tilts {
		lat := (float64(tilt)+0.5)/tilts*math.Pi - math.Pi/2
		wide := min(int(reach/max(math.Cos(lat), 0.05)), turns/2-1)
		for turn := range turns {
			var near []float64
			for dt := -reach; dt <= reach; dt++ {
				for du := -wide; du <= wide; du++ {
					if t := tilt + dt; t >= 0 && t < tilts {
						near = append(near, b.radius[t][(turn+du+turns)%turns])
					}
				}
			}
			slices.Sort(near)
			// The upper half of what is likely: to keep too much is the safe side.
			out[tilt][turn] = near[len(near)*6/10]
		}
	}
	b.radius = out
}

// terms are how many an ellipsoid has.
const terms = 9

// oval is an ellipsoid: the sum of its terms, each times what expand makes of a place, is 1.
type oval [terms]float64

// expand returns the squares, the products and the coordinates of a place.
func expand(p vec) [terms]float64 {
	return [terms]float64{p[0] * p[0], p[1] * p[1], p[2] * p[2], p[0] * p[1], p[0] * p[2], p[1] * p[2], p[0], p[1], p[2]}
}

// reach returns how far it is from the origin to the surface.
func (o oval) reach(along vec) float64 {
	a, b := 0.0, 0.0
	for i, x := range expand(along) {
		if i < 6 {
			a += o[i] * x
		} else {
			b += o[i] * x
		}
	}
	root := b*b + 4*a
	if a <= 0 || root < 0 {
		return mostRing
	}
	return min(max((math.Sqrt(root)-b)/(2*a), leastRing), mostRing)
}

// fitOval fits the skull's outside, by the scalp of the upper half.
func fitOval(b *ball, skin *[tilts][turns]float64) (oval, bool) {
	var normal [terms][terms + 1]float64
	n := 0
	for tilt := range tilts {
		for turn := range turns {
			d := b.direction(tilt, turn)
			known := skin[tilt][turn]
			if known == 0 || d[2] < 0 {
				continue
			}
			x := expand(d.scale((known - scalp) / unitOval))
			weight := math.Sqrt(max(1-d[2]*d[2], 0))
			for i := range terms {
				for j := range terms {
					normal[i][j] += weight * x[i] * x[j]
				}
				normal[i][terms] += weight * x[i]
			}
			n++
		}
	}
	if n < turns*tilts/8 {
		return oval{}, false
	}
	out, ok := solve(normal)
	for i := range out {
		out[i] /= unitOval
		if i < 6 {
			out[i] /= unitOval
		}
	}
	return out, ok
}

// unitOval keeps the equations' terms of one size, in mm.
const unitOval = 80.0

// solve is Gauss's elimination with pivots.
func solve(m [terms][terms + 1]float64) (oval, bool) {
	for c := range terms {
		pivot := c
		for r := c + 1; r < terms; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		m[c], m[pivot] = m[pivot], m[c]
		if math.Abs(m[c][c]) < 1e-9 {
			return oval{}, false
		}
		for r := range terms {
			if r == c {
				continue
			}
			f := m[r][c] / m[c][c]
			for k := c; k <= terms; k++ {
				m[r][k] -= f * m[c][k]
			}
		}
	}
	var out oval
	for c := range terms {
		out[c] = m[c][terms] / m[c][c]
	}
	return out, true
}
