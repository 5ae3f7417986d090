package deid

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid/deface"
)

// slice is one frame of a series, and where it lies.
type slice struct {
	object, frame int
	number        int // Instance Number, which tells phases apart
	position      [3]float64
	along         float64 // mm along the normal
	phase         int
	place         int // in the phase
}

// volume is a series as blocks of values: one for each phase, echo or reconstruction
// that lies at the same places.
type volume struct {
	deface.Volume                 // what all phases share: columns, rows, spacing, directions, CT
	slices        []slice         // by object and frame
	phases        []deface.Volume // without values
	foreign       bool            // not all of it is CT or MR
	read          func(context.Context, int) (*dicom.File, *dicom.Dataset, error)
	fixed         bool   // a frame of it cannot be replaced by another, as in JPEG with loss
	syntax        string // of the last object of which that is known
}

// What a series must be to be one block.
const (
	maxVolume  = 1 << 28 // voxels: two bytes each
	maxSlices  = 1 << 13
	maxPhases  = 32
	sameCosine = 1e-3
	samePlace  = 0.01 // mm: nearer than that two slices are at one place, as echoes and phases are
	uneven     = 0.25 // share of the step by which a slice may be out of its place
)

// errNoVolume says that a series is no block of parallel slices at even steps.
var errNoVolume = fmt.Errorf("deid: the series is no block of parallel slices: %w", sinso.ErrUnsupported)

// newVolume finds out how the slices of a series lie; open returns its objects.
func newVolume(ctx context.Context, count int, open func(int) ([]byte, error)) (*volume, error) {
	v := &volume{read: func(ctx context.Context, i int) (*dicom.File, *dicom.Dataset, error) {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("deid: %w", err)
		}
		raw, err := open(i)
		if err != nil {
			return nil, nil, err
		}
		file, err := dicom.Read(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("deid: %w", err)
		}
		tree, err := file.Tree()
		return file, &tree, err
	}}
	for i := range count {
		file, tree, err := v.read(ctx, i)
		if err != nil {
			return nil, err
		}
		if err := v.place(i, file, tree); err != nil {
			return nil, err
		}
	}
	return v, v.stack()
}

// load returns a phase with its values.
func (v *volume) load(ctx context.Context, phase int) (deface.Volume, error) {
	out := v.phases[phase]
	if out.Slices == 0 {
		return out, errNoVolume
	}
	out.Values = make([]int16, out.Slices*out.Rows*out.Columns)
	last := -1
	for _, s := range v.slices { // by object
		if s.phase != phase || s.object == last {
			continue
		}
		last = s.object
		file, tree, err := v.read(ctx, s.object)
		if err != nil {
			return out, err
		}
		if err := v.fill(out, phase, s.object, file, tree); err != nil {
			return out, err
		}
	}
	return out, nil
}

// find says whether a head is in any of the phases: the worst of what they show.
func (v *volume) find(ctx context.Context) (deface.Verdict, error) {
	worst := deface.None
	for phase := range v.phases {
		if phase > 0 && v.thin(phase) {
			continue
		}
		verdict, err := v.findIn(ctx, phase)
		if err != nil || verdict == deface.Head {
			return verdict, err
		}
		if verdict == deface.Unclear {
			worst = verdict
		}
	}
	return worst, nil
}

// findIn says it of one phase.
func (v *volume) findIn(ctx context.Context, phase int) (deface.Verdict, error) {
	loaded, err := v.load(ctx, phase)
	if errors.Is(err, errNoVolume) {
		return deface.Unclear, nil
	}
	if err != nil {
		return deface.Unclear, err
	}
	found, err := deface.Find(ctx, loaded)
	if errors.Is(err, sinso.ErrInvalid) {
		return deface.Unclear, nil
	}
	if err != nil {
		return deface.Unclear, fmt.Errorf("deid: %w", err)
	}
	return found.Verdict, nil
}

// thin reports whether a phase has fewer slices than a face can be rebuilt from.
func (v *volume) thin(phase int) bool {
	n := 0
	for _, s := range v.slices {
		if s.phase == phase {
			n++
		}
	}
	return n < faceFrames
}

// plan plans how the face is taken out of each phase, or says why that cannot be done
// well enough; plans has what was planned so far.
func (v *volume) plan(ctx context.Context, key []byte) (plans []*deface.Plan, why string, err error) {
	if v.foreign { // no rule is known by which a face is taken out of it
		return nil, WhyVolume, nil
	}
	for phase := range v.phases {
		loaded, err := v.load(ctx, phase)
		if errors.Is(err, errNoVolume) {
			return plans, WhyVolume, nil
		}
		if err != nil {
			return plans, "", err
		}
		plan, err := deface.New(ctx, loaded, key)
		if errors.Is(err, sinso.ErrInvalid) {
			return plans, WhyVolume, nil
		}
		if err != nil {
			return plans, "", fmt.Errorf("deid: %w", err)
		}
		plans = append(plans, plan)
		switch {
		case len(plan.Failed) > 0:
			return plans, string(plan.Failed[0]), nil
		case v.fixed:
			return plans, WhyEncoded, nil
		}
	}
	return plans, "", nil
}

// place notes where the frames of one object lie.
func (v *volume) place(object int, file *dicom.File, tree *dicom.Dataset) error {
	shape, err := file.Shape()
	if err != nil { // it has no pixels, as a structure set
		return errNoVolume
	}
	plane := planeOf(tree, isCT(file))
	v.foreign = v.foreign || !isTomographic(file)
	orientation, positions := lies(tree)
	if len(v.slices) == 0 {
		v.Columns, v.Rows, v.CT = shape.Columns, shape.Rows, plane.ct
		v.Spacing = [2]float64{plane.column, plane.row}
		copy(v.Row[:], orientation[:3])
		copy(v.Column[:], orientation[3:])
	}
	same := func(a, b float64) bool { return math.Abs(a-b) < sameCosine }
	turned := !slices.EqualFunc(append(v.Row[:3:3], v.Column[:]...), orientation[:], same)
	if turned || shape.Columns != v.Columns || shape.Rows != v.Rows || plane.ct != v.CT || !same(plane.column, v.Spacing[0]) || !same(plane.row, v.Spacing[1]) ||
		shape.Samples != 1 || shape.Photometric != "MONOCHROME2" || len(positions) == 0 || len(v.slices)+len(positions) > maxSlices {
		return errNoVolume
	}
	normal := cross(v.Row, v.Column)
	number, _ := file.Int(tagInstanceNumber)
	for n, at := range positions {
		v.slices = append(v.slices, slice{object: object, frame: n, number: number, position: at, along: dot(normal, at)})
	}
	return nil
}

// stack gives each slice its phase and its place in it. Of slices at one place each is
// of another phase, by their numbers.
func (v *volume) stack() error {
	order := make([]*slice, len(v.slices))
	for i := range v.slices {
		order[i] = &v.slices[i]
	}
	slices.SortStableFunc(order, func(a, b *slice) int { return cmp.Compare(a.along, b.along) })
	var phases [][]*slice
	for len(order) > 0 {
		n := 1
		for n < len(order) && order[n].along-order[0].along <= samePlace {
			n++
		}
		here := order[:n]
		order = order[n:]
		slices.SortStableFunc(here, func(a, b *slice) int {
			return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.object, b.object), cmp.Compare(a.frame, b.frame))
		})
		for phase, s := range here {
			if phase == maxPhases {
				return errNoVolume
			}
			if phase == len(phases) {
				phases = append(phases, nil)
			}
			s.phase, s.place = phase, len(phases[phase])
			phases[phase] = append(phases[phase], s)
		}
	}
	if len(phases) == 0 || len(phases[0]) < 2 {
		return errNoVolume
	}
	for _, all := range phases {
		v.phases = append(v.phases, v.block(all))
	}
	if v.phases[0].Slices == 0 {
		return errNoVolume
	}
	return nil
}

// block returns the volume of one phase's slices, in their order; without slices if they
// are none.
func (v *volume) block(all []*slice) deface.Volume {
	out := v.Volume
	if len(all) < 2 || int64(len(all))*int64(v.Rows)*int64(v.Columns) > maxVolume {
		return out
	}
	first, last := all[0], all[len(all)-1]
	steps := float64(len(all) - 1)
	out.Origin = first.position
	for axis := range 3 {
		out.Step[axis] = (last.position[axis] - first.position[axis]) / steps
	}
	step := (last.along - first.along) / steps
	for _, s := range all {
		if math.Abs(s.along-first.along-step*float64(s.place)) > uneven*step {
			return out
		}
	}
	out.Slices = len(all)
	return out
}

// fill reads the values of those of an object's frames that are of a phase.
func (v *volume) fill(into deface.Volume, phase, object int, file *dicom.File, tree *dicom.Dataset) error {
	scale := v.scale(file, tree)
	size := v.Rows * v.Columns
	for _, s := range v.slices {
		if s.object != object || s.phase != phase {
			continue
		}
		frame, err := codec.Frame(file, s.frame)
		if err != nil {
			return errNoVolume
		}
		if err := scale.read(frame, into.Values[s.place*size:][:size]); err != nil {
			return err
		}
		if syntax := file.Syntax(); syntax.Encapsulated && syntax.UID != v.syntax {
			_, err := codec.Replace(file, map[int]dicom.Frame{s.frame: frame})
			v.syntax, v.fixed = syntax.UID, v.fixed || errors.Is(err, sinso.ErrUnsupported)
		}
	}
	return nil
}

// scale turns stored values into those of a volume and back.
type scale struct{ slope, intercept float64 }

func (v *volume) scale(file *dicom.File, tree *dicom.Dataset) scale {
	if v.CT {
		p := planeOf(tree, true)
		return scale{p.slope, p.intercept}
	}
	out := scale{slope: 1}
	if stored, ok := file.Int(tagBitsStored); ok && stored > 15 { // 16 bits without a sign, or more
		out.slope = 1 / float64(int64(1)<<(stored-15))
	}
	return out
}

func (s scale) read(frame dicom.Frame, values []int16) error {
	size := frame.Allocated / 8
	if s.slope == 0 || size != 1 && size != 2 && size != 4 || len(frame.Data) < size*len(values) {
		return errNoVolume
	}
	for i := range values {
		values[i] = clamped(stored(frame, size, i)*s.slope + s.intercept)
	}
	return nil
}

// write puts one value into a frame, as near as its bits allow.
func (s scale) write(frame dicom.Frame, at int, value int16) {
	low, high := 0.0, float64(int64(1)<<frame.Stored-1)
	if frame.Signed {
		low, high = -float64(int64(1)<<(frame.Stored-1)), float64(int64(1)<<(frame.Stored-1)-1)
	}
	back := math.Round((float64(value) - s.intercept) / s.slope)
	cell := uint32(int64(max(low, min(high, back)))) //nolint:gosec // two's complement of what fits
	cell <<= frame.High + 1 - frame.Stored
	size := frame.Allocated / 8
	for b := range size {
		frame.Data[at*size+b] = byte(cell >> (8 * b)) //nolint:gosec // its lowest byte
	}
}

func clamped(v float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
}

// lies returns the orientation of an object's frames and the position of each; of an
// enhanced object from its functional groups (PS3.3 C.7.6.16.2.3, C.7.6.16.2.4). No
// position if one of them does not say, or lies otherwise than the first.
func lies(ds *dicom.Dataset) (orientation [6]float64, positions [][3]float64) {
	turned := false
	take := func(value []byte) {
		numbers := decimals(value)
		if len(numbers) != len(orientation) {
			turned = true
			return
		}
		if orientation == [6]float64{} {
			copy(orientation[:], numbers)
		}
		for i, n := range numbers {
			turned = turned || math.Abs(n-orientation[i]) > sameCosine
		}
	}
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error { // the function returns no error
		switch e.Tag {
		case tagOrientation:
			take(e.Value)
		case tagPosition:
			if numbers := decimals(e.Value); len(numbers) == 3 {
				positions = append(positions, [3]float64(numbers))
			} else {
				turned = true
			}
		}
		return nil
	})
	frames := 1
	if e := ds.Find(tagFrames); e != nil {
		if n := decimals(e.Value); len(n) == 1 && n[0] > 1 {
			frames = int(min(n[0], maxSlices+1))
		}
	}
	if turned || len(positions) != frames {
		return orientation, nil
	}
	return orientation, positions
}

func isCT(file *dicom.File) bool {
	return strings.TrimSpace(file.String(tagModality)) == "CT" || imageClasses[file.String(tagSOPClass)] == "CT"
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
