package quality

import (
	"cmp"
	"math"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
)

// plane is where a slice lies (PS3.3 C.7.6.2).
type plane struct {
	known         bool // all of it is there
	position      [3]float64
	row, column   [3]float64
	reference     string // Frame of Reference UID
	rows, columns int
	spacing       [2]float64
}

// place reads where a slice lies.
func (o *object) place() plane {
	p := plane{reference: o.file.String(tagFrameOfReference)}
	p.rows, _ = o.file.Int(tagRows)
	p.columns, _ = o.file.Int(tagColumns)
	at, directions, spacing := o.numbers(tagPosition, 3), o.numbers(tagOrientation, 6), o.numbers(tagSpacing, 2)
	if p.reference == "" || p.rows < 1 || p.columns < 1 || at == nil || directions == nil || !positive(spacing) {
		return p
	}
	p.position, p.row, p.column, p.spacing = [3]float64(at), [3]float64(directions[:3]), [3]float64(directions[3:]), [2]float64(spacing)
	normal := p.normal()
	size := math.Sqrt(dot(normal, normal))
	const skew = 0.05 // how far directions may be from perpendicular ones of length one
	p.known = math.Abs(size-1) < skew
	return p
}

// numbers are n values, each of a size that a place in a room has; nil if they are not.
func (o *object) numbers(t dicom.Tag, n int) []float64 {
	const farthest = 1e5 // millimetres
	values := o.file.Floats(t)
	if len(values) != n || slices.ContainsFunc(values, func(v float64) bool { return !(math.Abs(v) < farthest) }) {
		return nil
	}
	return values
}

func (p plane) normal() [3]float64 {
	a, b := p.row, p.column
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// differs says in what two slices cannot be of one block, "" if they can.
func (p plane) differs(q plane) string {
	const turned, stretched = 1e-3, 1e-3 // of a direction; millimetres
	far := func(a, b []float64, most float64) bool {
		for i := range a {
			if math.Abs(a[i]-b[i]) > most {
				return true
			}
		}
		return false
	}
	switch {
	case p.reference != q.reference:
		return "reference"
	case far(p.row[:], q.row[:], turned), far(p.column[:], q.column[:], turned):
		return "turned"
	case p.rows != q.rows, p.columns != q.columns, far(p.spacing[:], q.spacing[:], stretched):
		return "shape"
	}
	return ""
}

// Limits of the steps between slices.
const (
	samePlace = 0.01 // millimetres: nearer slices are at one place
	uneven    = 0.1  // of the usual step: how far another may be from it
)

// steps is what is wrong between the slices of a block.
type steps struct {
	gaps, missing, doubles, uneven int
}

func (s steps) bad() int { return s.gaps + s.doubles + s.uneven }

// stepsOf measures the steps between slices that can be of one block. Several at one place,
// as many at each, are volumes one after another: phases, echoes.
func stepsOf(all []plane) (found steps) {
	along := make([]float64, len(all))
	for i, p := range all {
		along[i] = dot(p.position, all[0].normal())
	}
	slices.Sort(along)
	places, times := along[:0:0], []int(nil)
	for _, at := range along {
		if n := len(places); n > 0 && at-places[n-1] < samePlace {
			times[n-1]++
			continue
		}
		places, times = append(places, at), append(times, 1)
	}
	usually := slices.Sorted(slices.Values(times))[len(times)/2]
	for _, n := range times {
		switch {
		case n > usually:
			found.doubles += n - usually
		case n < usually:
			found.gaps, found.missing = found.gaps+1, found.missing+usually-n
		}
	}
	distances := make([]float64, 0, len(places))
	for i := 1; i < len(places); i++ {
		distances = append(distances, places[i]-places[i-1])
	}
	if len(distances) == 0 {
		return found
	}
	usual := slices.Sorted(slices.Values(distances))[len(distances)/2]
	for _, d := range distances {
		lies := math.Round(d / usual)
		switch {
		case math.Abs(d-usual) <= uneven*usual:
		case lies >= 2 && math.Abs(d-lies*usual) <= uneven*usual:
			found.gaps++
			found.missing += int(min(lies-1, float64(len(all)))) // one that lies far off is no thousand gaps
		default:
			found.uneven++
		}
	}
	return found
}

// judged is what was found of one series.
type judged struct {
	continuity, completeness int  // 0 to 100
	continuous               bool // continuity is asked for
	findings                 map[finding]int
}

// Series is the instances of one series in a release.
type Series struct {
	Instances []Instance
	Withheld  int // instances that were to be in it, and are held back
}

// judge looks at a series as a whole.
func (s Series) judge() judged {
	j := judged{continuity: whole, completeness: whole, findings: map[finding]int{}}
	var planes []plane
	slices := 0
	for _, i := range s.Instances {
		switch {
		case i.class == nil: // what it is part of nobody can say
			j.continuity, j.completeness, j.continuous = 0, 0, true
			return j
		case i.class.kind == kindSlices:
			slices++
			if i.plane.known {
				planes = append(planes, i.plane)
			}
		}
	}
	missing := 0
	if slices > 1 {
		j.continuous = true
		missing = j.block(slices, planes)
	}
	j.complete(s, slices, missing)
	return j
}

// block judges whether slices make a block, and returns how many are missing in it.
func (j *judged) block(all int, planes []plane) (missing int) {
	if unknown := all - len(planes); unknown > 0 {
		j.findings[finding{Continuity, "unplaced", tagPosition}] = unknown
		j.continuity = 0
		return all
	}
	first := slices.MaxFunc(planes, func(a, b plane) int { return cmp.Compare(like(planes, a), like(planes, b)) })
	var block []plane
	bad := 0
	for _, p := range planes {
		why := p.differs(first)
		if why == "" {
			block = append(block, p)
			continue
		}
		bad++
		j.findings[finding{Continuity, why, 0}]++
	}
	found := stepsOf(block)
	for what, n := range map[string]int{"gap": found.gaps, "double": found.doubles, "uneven": found.uneven} {
		if n > 0 {
			j.findings[finding{Continuity, what, 0}] = n
		}
	}
	if bad += found.bad(); bad > 0 {
		const some, each = 25, 300 // lost by any, and by the share of them
		j.continuity = max(0, whole-some-each*bad/all)
	}
	return found.missing
}

// maxLike bounds the slices that others are compared with, to find those that most are like.
const maxLike = 64

// like counts those of some planes that can be of one block with another.
func like(planes []plane, p plane) int {
	n, stride := 0, 1+len(planes)/maxLike
	for i := 0; i < len(planes); i += stride {
		if planes[i].differs(p) == "" {
			n++
		}
	}
	return n
}

// complete judges whether all of a series is there. missing is of the slices of a block.
func (j *judged) complete(s Series, slices, missing int) {
	there, due, frames := 0, 0, 0
	for _, i := range s.Instances {
		there, due = there+i.there, due+i.frames
		if i.there < i.frames {
			frames++
		}
	}
	if frames > 0 {
		j.completeness = whole * there / due
	}
	if s.Withheld > 0 {
		j.findings[finding{Completeness, "withheld", 0}] = s.Withheld
		j.completeness = min(j.completeness, whole*len(s.Instances)/(len(s.Instances)+s.Withheld))
	}
	if missing > 0 {
		const some, each = 15, 200 // lost by any, and by the share of them
		j.findings[finding{Completeness, "slices", 0}] = missing
		j.completeness = min(j.completeness, max(0, whole-some-each*missing/(slices+missing)))
	}
	if slices > 1 {
		j.completeness = min(j.completeness, j.numbers(s))
	}
}

// numbers judges by Instance Number whether slices are missing. It may count otherwise than by
// one, so that half is the least that it takes; without one nothing can be said.
func (j *judged) numbers(s Series) int {
	const least = whole / 2
	known := map[int]bool{}
	low, high := math.MaxInt, math.MinInt
	for _, i := range s.Instances {
		if !i.numbered {
			j.findings[finding{Completeness, "unnumbered", tagInstanceNumber}]++
			continue
		}
		known[i.number] = true
		low, high = min(low, i.number), max(high, i.number)
	}
	if j.findings[finding{Completeness, "unnumbered", tagInstanceNumber}] > 0 {
		return least
	}
	span := float64(high) - float64(low) + 1
	if span > 2*float64(len(known)) || span <= float64(len(known)) { // counted otherwise, or without a gap
		return whole
	}
	j.findings[finding{Completeness, "numbers", tagInstanceNumber}] = int(span) - len(known)
	return max(least, int(whole*float64(len(known))/span))
}
