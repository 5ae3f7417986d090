package volume

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// stack puts the slices in order along the normal, and checks their steps.
func (r *reader) stack() (*Volume, error) {
	all := r.slices
	if len(all) < 2 {
		return nil, refused("one slice is no block")
	}
	if len(all) > maxSlices {
		return nil, refused("more than " + strconv.Itoa(maxSlices) + " slices")
	}
	slices.SortFunc(all, func(a, b slice) int { return cmp.Compare(a.along, b.along) })
	if why := gaps(all); why != "" {
		return nil, refused(why)
	}
	p := r.first
	v := &Volume{Columns: p.columns, Rows: p.rows, Origin: all[0].position, Row: p.row, Column: p.column, Spacing: p.spacing, CT: p.ct}
	steps := float64(len(all) - 1)
	last := all[len(all)-1]
	for axis := range 3 {
		v.Step[axis] = (last.position[axis] - v.Origin[axis]) / steps
	}
	if step := length(v.Step); step > maxSpacing || (last.along-all[0].along)/steps < step/2 {
		return nil, refused("the steps between slices cannot be") // or a tilt beyond 60 degrees
	}
	most := max(uneven*length(v.Step), samePlace)
	for i, s := range all {
		var at [3]float64
		for axis := range 3 {
			at[axis] = v.Origin[axis] + float64(i)*v.Step[axis]
		}
		if length(sub(s.position, at)) > most {
			return nil, refused("slice " + strconv.Itoa(i+1) + " along the normal is out of its place")
		}
		v.Slices = append(v.Slices, s.values)
	}
	return v, nil
}

// gaps says what is wrong with the distances between slices, or "".
func gaps(all []slice) string {
	distances := make([]float64, 0, len(all)-1)
	for i := range all[1:] {
		distances = append(distances, all[i+1].along-all[i].along)
	}
	usual := slices.Sorted(slices.Values(distances))[len(distances)/2]
	for i, d := range distances {
		between := "between slices " + strconv.Itoa(i+1) + " and " + strconv.Itoa(i+2) + " along the normal"
		times := math.Round(d / max(usual, samePlace))
		switch {
		case d < samePlace:
			return "two slices are at one place: " + strconv.Itoa(i+1) + " and " + strconv.Itoa(i+2) + " along the normal"
		case math.Abs(d-usual) <= uneven*usual:
		case times >= 2 && math.Abs(d-times*usual) <= uneven*usual:
			return "slices are missing " + between
		default:
			return "the step is uneven " + between
		}
	}
	return ""
}
