package deface

import (
	"math"
	"slices"
)

// The measures of a head, in mm of one whose skull is usual inches inside from front to
// back; others are scaled by theirs.
const (
	usual      = 170.0
	leastSize  = 0.5 // a newborn's
	mostSize   = 1.2
	underFloor = 6.0  // below the floor behind the forehead, and
	temporal   = 34.0 // no farther than this behind the forehead's inside, there is no brain
)

// mostTurn is how far to a side a head is taken to look, in radians; and what is less
// than leastOblong times as long as broad, seen from above, is too round to tell.
const (
	mostTurn    = math.Pi / 6
	leastOblong = 1.08
)

// pose is how a head lies in the patient coordinates.
type pose struct {
	middle    vec     // of the space inside the skull; its z is what it is deepest at
	sin, cos  float64 // of the angle by which the head is turned to a side
	front     float64 // mm from the middle to where the space inside the skull begins in front
	back      float64 // and behind
	length    float64 // mm, of that space from front to back
	half      float64 // mm, half of its breadth
	base      float64 // z, mm, of the skull's floor behind the forehead
	forward   float64 // -1 as the standard has it (the front is at low y), 1 where the head lies otherwise
	scale     float64
	open      bool // the volume ends above the floor behind the forehead
	backwards bool
}

// turned returns where a point is on the head: from its middle to the left and to the back, in mm.
func (p pose) turned(at vec) (x, y float64) {
	dx, dy := at[0]-p.middle[0], at[1]-p.middle[1]
	return dx*p.cos - dy*p.sin, dx*p.sin + dy*p.cos
}

// place returns where a point is on the head: apart from the middle, in front of the
// space inside the skull, above its floor; mm of a head of usual size.
func (p pose) place(at vec) (aside, ahead, above float64) {
	x, y := p.turned(at)
	return x / p.scale, (y*p.forward - p.front) / p.scale, (at[2] - p.base) / p.scale
}

// pose finds how the head lies from the space inside the skull.
func (s *scene) pose(in *inside) (pose, bool) {
	var cells []vec
	for i, is := range in.cells {
		if at := s.centre(i); is && at[2] > in.deep[2]-20 {
			cells = append(cells, at)
		}
	}
	p := pose{forward: -1, cos: 1}
	if len(cells) < s.cells(leastCore) {
		return p, false
	}
	p.align(cells)
	p.middle[2] = in.deep[2]
	xs, ys := make([]float64, len(cells)), make([]float64, len(cells))
	for i, at := range cells {
		xs[i], ys[i] = p.turned(at)
	}
	slices.Sort(xs)
	slices.Sort(ys)
	n := len(xs) - 1
	left, right, low, high := xs[n/200], xs[n-n/200], ys[n/200], ys[n-n/200]
	aside := (left + right) / 2
	p.middle[0], p.middle[1] = p.middle[0]+aside*p.cos, p.middle[1]-aside*p.sin
	p.half, p.length = (right-left)/2, high-low
	p.scale = min(max(p.length/usual, leastSize), mostSize)
	s.depth = s.depthOfSmoothed()
	p.front, p.back = -low, high
	switch s.facing(in, p) {
	case ahead:
	case behind:
		p = p.reversed()
	case unknown:
		return p, false
	}
	p.base, p.open = s.floor(in, p)
	if !s.ct {
		if dark := s.darkFloor(p); dark > p.base { // the inside is drawn wide there
			p.base, p.open = dark, false
		}
		s.lift(in, p)
	}
	return p, true
}

// align sets the middle and the turn: the brain is longer than broad.
func (p *pose) align(cells []vec) {
	for _, at := range cells {
		p.middle = p.middle.add(at.scale(1 / float64(len(cells))))
	}
	var xx, yy, xy float64
	for _, at := range cells {
		dx, dy := at[0]-p.middle[0], at[1]-p.middle[1]
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	// The variances along the axes of the ellipse, and the angle of its longer one.
	spread := math.Hypot((yy-xx)/2, xy)
	long, short := (xx+yy)/2+spread, (xx+yy)/2-spread
	angle := math.Atan2(2*xy, yy-xx) / 2
	if long < leastOblong*leastOblong*short || math.Abs(angle) > mostTurn {
		return
	}
	p.sin, p.cos = math.Sincos(angle)
}

// reversed is the pose of a head whose face is where its back should be.
func (p pose) reversed() pose {
	p.forward, p.backwards = -p.forward, !p.backwards
	p.front, p.back = p.back, p.front
	return p
}

// facing says at which end the face is.
type facing int

const (
	ahead   facing = iota // as the orientation says
	behind                // where the back of the head should be
	unknown               // cannot tell
)

// facing finds at which end of the head the face is: there the nose stands out of the
// smoothed surface, and there more sticks out below the brain. The end where the back
// of the head should be is taken only if the skull's floor is higher there, too.
func (s *scene) facing(in *inside, p pose) facing {
	front, back := s.ridges(p)
	least := float64(s.cells(leastNose)) * p.scale * p.scale * p.scale
	if front > least && front > 2*back {
		return ahead
	}
	out, away := s.beyond(p)
	if away <= out && back < max(least, 2*front) {
		return ahead
	}
	here, there := s.darkFloor(p), s.darkFloor(p.reversed())
	if s.ct {
		here, _ = s.floor(in, p)
		there, _ = s.floor(in, p.reversed())
	}
	if away > out && !math.IsInf(here, -1) && there > here+leastHigher*p.scale {
		return behind
	}
	return unknown
}

// leastNose is what of a nose stands out of the smoothed surface, at least, in cm³.
const leastNose = 2.0

// ridges counts the cells of the body that stand out of its smoothed surface, below
// the brain's middle and near the middle plane, in the front half and in the other.
func (s *scene) ridges(p pose) (front, back float64) {
	for i, is := range s.body {
		if !is || s.depth[i] >= 0 {
			continue
		}
		at := s.centre(i)
		aside, y := p.turned(at)
		if under := p.middle[2] - at[2]; under < 0 || under > 90*p.scale || math.Abs(aside) > 25*p.scale {
			continue
		}
		if y < 0 {
			front++
		} else {
			back++
		}
	}
	return front, back
}

// leastHigher is how much higher the skull's floor is in front than at the back, at least. mm.
const leastHigher = 10.0

// vaultOnly reports whether the volume ends above all of the face: above the floor
// behind the forehead, with no more below the crown than a vault has, and no nose.
func (s *scene) vaultOnly(p pose) bool {
	const most = 100.0 // mm from the crown to the floor behind the forehead
	top, ok := s.top()
	front, _ := s.ridges(p)
	if !ok || !p.open || top-p.base > most*p.scale {
		return false
	}
	return front < float64(s.cells(leastNose))*p.scale*p.scale*p.scale
}

// beyond returns how far the body sticks out in front of and behind the space inside
// the skull, below it: a face does, a nape does not. mm, medians over the sections.
func (s *scene) beyond(p pose) (front, back float64) {
	var fronts, backs []float64
	for z := range s.n[2] {
		height := s.origin[2] + float64(z)*s.side - p.middle[2]
		if height > -35*p.scale || height < -75*p.scale {
			continue
		}
		first, last := math.Inf(1), math.Inf(-1)
		for y := range s.n[1] {
			for x := range s.n[0] {
				at := s.origin.add(vec{float64(x), float64(y)}.scale(s.side))
				if aside, behind := p.turned(at); math.Abs(aside) < 30*p.scale && s.body[s.index(x, y, z)] {
					first, last = min(first, behind), max(last, behind)
				}
			}
		}
		if last >= first {
			fronts, backs = append(fronts, -first-p.front), append(backs, last-p.back)
		}
	}
	if len(fronts) < 3 {
		return 0, 0
	}
	slices.Sort(fronts)
	slices.Sort(backs)
	return fronts[len(fronts)/2], backs[len(backs)/2]
}

// floor returns the height of the skull's floor a little behind the forehead, and
// whether the volume ends before it.
func (s *scene) floor(in *inside, p pose) (float64, bool) {
	var floors []float64
	ended := 0
	for x := range s.n[0] {
		for y := range s.n[1] {
			at := s.origin.add(vec{float64(x), float64(y)}.scale(s.side))
			aside, ahead, _ := p.place(at)
			if math.Abs(aside) > 25 || ahead > -14 || ahead < -28 {
				continue
			}
			if low, found := s.lowest(in, x, y); found {
				floors = append(floors, s.origin[2]+float64(low)*s.side)
				if low == 0 || s.values[s.index(x, y, low-1)] == unseen {
					ended++
				}
			}
		}
	}
	if len(floors) == 0 {
		return p.middle[2] - 45*p.scale, false
	}
	slices.Sort(floors)
	return floors[len(floors)/2], ended*2 > len(floors)
}

// lowest returns where the uppermost stretch of the inside ends in a column of cells.
func (s *scene) lowest(in *inside, x, y int) (int, bool) {
	z := s.n[2] - 1
	for z >= 0 && !in.cells[s.index(x, y, z)] {
		z--
	}
	if z < 0 {
		return 0, false
	}
	for z > 0 && in.cells[s.index(x, y, z-1)] {
		z--
	}
	return z, true
}

// darkFloor returns the height at which, in an MR, the brain ends behind the forehead,
// beside the middle plane: bone and the air of the nose are dark in all contrasts, and
// broader than a furrow. In the orbits fat would hide it.
func (s *scene) darkFloor(p pose) float64 {
	bright := s.brightness(p.middle, leastRing)
	var floors []float64
	for x := range s.n[0] {
		for y := range s.n[1] {
			at := s.origin.add(vec{float64(x), float64(y)}.scale(s.side))
			aside, ahead, _ := p.place(at)
			if math.Abs(aside) < 3 || math.Abs(aside) > 14 || ahead > -14 || ahead < -28 {
				continue
			}
			if z, ok := s.darkUnder(x, y, p, bright); ok {
				floors = append(floors, z)
			}
		}
	}
	if len(floors) < 8 {
		return math.Inf(-1)
	}
	slices.Sort(floors)
	return floors[len(floors)/2]
}

// darkUnder returns where a column of cells becomes dark for some way, going down
// from what is brain.
func (s *scene) darkUnder(x, y int, p pose, bright float64) (float64, bool) {
	const broad = 6.0 // mm
	dark := 0.0
	for z := p.middle[2] + 15*p.scale; z > p.middle[2]-50*p.scale; z -= s.side {
		k := int(math.Round((z - s.origin[2]) / s.side))
		if k < 0 || k >= s.n[2] {
			return 0, false
		}
		value := s.values[s.index(x, y, k)]
		if value == unseen {
			return 0, false
		}
		if float64(value) > ringDip*bright {
			dark = 0
			continue
		}
		if dark += s.side; dark >= broad {
			return z + dark - s.side, true
		}
	}
	return 0, false
}

// lift takes out of an MR's inside what is drawn too wide: the orbits, and the nose's root.
func (s *scene) lift(in *inside, p pose) {
	for i := range in.cells {
		if !in.cells[i] {
			continue
		}
		if _, ahead, above := p.place(s.centre(i)); above < -underFloor && ahead > -temporal {
			in.cells[i] = false
		}
	}
}
