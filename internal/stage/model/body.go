package model

import (
	"context"
	"math"
	"slices"

	"sinso.dev/sinso/internal/format/mesh"
)

// work is one model in the making.
type work struct {
	mesh.Grid
	level int16
}

const (
	thick     = 20.0   // mm: what is nowhere as thick in any direction is no body
	bodyShare = 0.005  // of the largest body that another, as an arm beside the trunk, has at least
	leastBone = 100.0  // mm³ of a part that is kept
	leastPart = 10.0   // mm³ of a part that is kept, of a threshold
	cavity    = 1000.0 // mm³ of a hole in bone that is noise or marrow, and is filled
	mostSteps = 40     // of growing or shrinking
)

// mask finds the voxels of a model.
func (w *work) mask(ctx context.Context, kind Kind) (*mesh.Mask, error) {
	switch kind {
	case Bone:
		return w.bone(ctx)
	case Skin:
		return w.skin(ctx)
	case Threshold, Segment:
	}
	m, err := mesh.Above(ctx, &w.Grid, w.level)
	if err != nil || kind == Segment { // all of it: somebody meant it so
		return m, err
	}
	return m, w.drop(m, leastPart)
}

// bone is what is hard within a body: closed by a voxel, so that thin walls hold, without
// specks, and with small cavities filled.
func (w *work) bone(ctx context.Context) (*mesh.Mask, error) {
	hard, err := mesh.Above(ctx, &w.Grid, w.level)
	if err != nil {
		return nil, err
	}
	if w.level > skinLevel {
		bodies, err := w.bodies(ctx)
		if err != nil {
			return nil, err
		}
		if err := hard.And(bodies); err != nil {
			return nil, err
		}
	}
	if err := w.drop(hard, leastBone/10); err != nil { // before closing: specks are not to be joined
		return nil, err
	}
	closed, err := hard.Close(ctx, 1)
	if err != nil {
		return nil, err
	}
	if err := w.drop(closed, leastBone); err != nil {
		return nil, err
	}
	return closed, closed.FillHoles(int(cavity / w.voxel()))
}

// bodies is what bones lie in: the largest part of what is denser than air, and those
// others that are thick and large enough for an arm. A patient table is a shell or a slab:
// nowhere so thick, and not joined to the body. What the bodies surround in a slice is
// theirs.
func (w *work) bodies(ctx context.Context) (*mesh.Mask, error) {
	m, err := mesh.Above(ctx, &w.Grid, skinLevel)
	if err != nil {
		return nil, err
	}
	parts, err := m.Parts()
	if err != nil || parts.Len() == 0 {
		return m, err
	}
	core, err := m.Shrink(ctx, w.steps(thick/2))
	if err != nil {
		return nil, err
	}
	keep, voxels := parts.Meets(core), parts.Voxels()
	largest := largestOf(parts)
	for i := range keep {
		keep[i] = i == largest || keep[i] && float64(voxels[i]) >= bodyShare*float64(voxels[largest])
	}
	m.Keep(parts, keep)
	return m, m.FillSlices(ctx)
}

// skin is the largest part of what is denser than air, with all that it surrounds in a
// slice filled, so that airways, lungs and sinuses have no surface.
func (w *work) skin(ctx context.Context) (*mesh.Mask, error) {
	m, err := mesh.Above(ctx, &w.Grid, w.level)
	if err != nil {
		return nil, err
	}
	parts, err := m.Parts()
	if err != nil || parts.Len() == 0 {
		return m, err
	}
	keep := make([]bool, parts.Len())
	keep[largestOf(parts)] = true
	m.Keep(parts, keep)
	return m, m.FillSlices(ctx)
}

// drop takes away parts smaller than so many mm³; the largest stays.
func (w *work) drop(m *mesh.Mask, least float64) error {
	parts, err := m.Parts()
	if err != nil || parts.Len() == 0 {
		return err
	}
	keep := make([]bool, parts.Len())
	for i, voxels := range parts.Voxels() {
		keep[i] = float64(voxels)*w.voxel() >= least
	}
	keep[largestOf(parts)] = true
	m.Keep(parts, keep)
	return nil
}

// largestOf is the part with the most voxels, the first of several.
func largestOf(p *mesh.Parts) int {
	return slices.Index(p.Voxels(), slices.Max(p.Voxels()))
}

// voxel is the volume of one in mm³.
func (w *work) voxel() float64 { return math.Abs(w.VoxelVolume()) }

// steps is how many voxels make so many mm along each axis.
func (w *work) steps(millimetres float64) (out [3]int) {
	for i, axis := range [3][3]float64{w.X, w.Y, w.Z} {
		length := math.Sqrt(axis[0]*axis[0] + axis[1]*axis[1] + axis[2]*axis[2])
		out[i] = min(int(math.Ceil(millimetres/length)), mostSteps)
	}
	return out
}
