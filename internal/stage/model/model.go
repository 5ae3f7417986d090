// Package model makes surface models of the series of a study: bone, skin, whatever lies
// above a value, or what somebody outlined.
package model

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/volume"
	"sinso.dev/sinso/internal/format/mesh"
)

// Kind is what a model shows.
type Kind string

// The kinds of model.
const (
	Bone      Kind = "bone"      // of CT: what is hard and lies in a body; the patient table does not
	Skin      Kind = "skin"      // the outer surface of the largest body, without what is inside
	Threshold Kind = "threshold" // all parts that are not specks, of any modality
	Segment   Kind = "segment"   // one segment of a segmentation of the series, as it was outlined
)

// Options say what model to make.
type Options struct {
	Kind Kind
	// Level is the least value that belongs to the model: HU of CT, else the rescaled
	// value. Nil is 250 for bone and -300 for skin, both of CT; of a threshold, and of
	// other modalities, it must be given.
	Level *int16
	// Segment is the number of a segment, and Segmentation opens the object that it is of,
	// which must refer to the series of this UID.
	Segment      int
	SeriesUID    string
	Segmentation func(ctx context.Context) ([]byte, error)
	// Triangles is how many the model may have at most; 0 is 500,000. Where that cannot
	// be without holes or a change of the volume beyond 0.5 %, it has more.
	Triangles int
}

// The bounds of a model.
const (
	UsualTriangles = 500_000
	LeastTriangles = 1_000
	MostTriangles  = 4_000_000
	maxVoxels      = 1 << 28  // two bytes each
	maxHeader      = 16 << 20 // bytes of an object besides its pixels, of two bytes at most

	maxSegmentation = 256 << 20 // bytes of a segmentation
	maxFrames       = 1 << 16   // of a segmentation
	MaxSegment      = 1<<16 - 1 // a Segment Number is a US
)

// The levels in HU, rounded from textbook values: spongy bone begins at some 200 to 300,
// and -300 is midway between fat and air with the edge of the skin.
const (
	boneLevel = 250
	skinLevel = -300
)

// Figures are what a model measures.
type Figures struct {
	Triangles        int        `json:"triangles"`
	Vertices         int        `json:"vertices"`
	VolumeCubicCM    float64    `json:"volumeCm3"`     // within the surface
	AreaSquareCM     float64    `json:"areaCm2"`       // of the surface
	SizeMillimetres  [3]float64 `json:"sizeMm"`        // from right to left, front to back, feet to head
	Watertight       bool       `json:"watertight"`    // every edge has two triangles, in opposite directions
	Parts            int        `json:"parts"`         // pieces of surface; the wall of a cavity is one
	Level            int        `json:"level"`         // the least value that belongs to the model; 0 of a segment
	Hounsfield       bool       `json:"hounsfield"`    // whether Level is in HU
	VoxelMillimetres [3]float64 `json:"voxelMm"`       // from column to column, row to row, slice to slice
	Slices           int        `json:"slices"`        // that the model was made of
	FullTriangles    int        `json:"fullTriangles"` // before it was thinned out
	FullVolume       float64    `json:"fullVolumeCm3"` // before it was thinned out
}

// Make makes the model of one series from its objects, count of them, each opened once by
// open with its number from 0, several at a time. It takes some seconds, two bytes for each
// voxel and some 150 for each triangle.
//
// It is ErrInvalid for options that cannot be and if nothing in the series is so dense, and
// ErrUnsupported for a series that is no block of slices (see volume.Read), for
// bone or skin by their usual levels of other than CT, for a segmentation that does not lie
// in the series pixel on pixel (see volume.Segmentation), and for what is too large. It is
// ErrNotFound for a segment that is not there.
func Make(ctx context.Context, count int, open func(ctx context.Context, n int) ([]byte, error), o Options) (*mesh.Mesh, Figures, error) {
	if err := o.Check(); err != nil {
		return nil, Figures{}, err
	}
	source := volume.Source{Open: open, Frame: codec.Frame}
	if o.Kind == Segment {
		source.Frame = volume.Unseen
	}
	v, err := volume.Read(ctx, count, source, maxVoxels)
	if err == nil && o.Kind == Segment {
		err = outline(ctx, v, o)
	}
	if err != nil {
		return nil, Figures{}, fmt.Errorf("model: %w", err)
	}
	return Of(ctx, v, o)
}

// outline puts a segment in the place of a volume's values.
func outline(ctx context.Context, v *volume.Volume, o Options) error {
	raw, err := o.Segmentation(ctx)
	if err != nil {
		return err
	}
	s, err := volume.ReadSegmentation(raw)
	if err != nil {
		return err
	}
	if !s.Of(o.SeriesUID) {
		return fmt.Errorf("the segmentation is of another series: %w", sinso.ErrUnsupported)
	}
	v.CT = false
	return s.Fill(ctx, v, o.Segment, codec.Frame)
}

// surface is that of a mask. Of a segment, which has no values to tell where between two
// voxels its border is, it is put where its volume is that of the voxels that were
// outlined: midway between them it would lie inside of what is round.
func (w *work) surface(ctx context.Context, mask *mesh.Mask, kind Kind) (*mesh.Mesh, error) {
	midway, err := mesh.Surface(ctx, &w.Grid, mask, w.level)
	if err != nil || kind != Segment {
		return midway, err
	}
	const step = volume.Inside / 10
	out, err := mesh.Surface(ctx, &w.Grid, mask, w.level-step)
	if err != nil {
		return nil, err
	}
	want, near, far := float64(mask.Voxels())*w.voxel(), midway.Measure().Volume, out.Measure().Volume
	if far <= near {
		return midway, nil
	}
	off := math.Round(step * (want - near) / (far - near))
	return mesh.Surface(ctx, &w.Grid, mask, w.level-int16(max(-4*step, min(4*step, off))))
}

// errFault is what a panic becomes. Its value is not told: it may quote the series.
var errFault = errors.New("model: the program failed on a series")

// Of makes the model of a volume, as [Make] does. A mistake in this program is an error.
func Of(ctx context.Context, v *volume.Volume, o Options) (_ *mesh.Mesh, _ Figures, err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	if err := o.Check(); err != nil {
		return nil, Figures{}, err
	}
	level, err := o.level(v.CT)
	if err != nil {
		return nil, Figures{}, err
	}
	w := &work{Grid: gridOf(v), level: level}
	mask, err := w.mask(ctx, o.Kind)
	if err != nil {
		return nil, Figures{}, fmt.Errorf("model: %w", err)
	}
	full, err := w.surface(ctx, mask, o.Kind)
	if err != nil {
		return nil, Figures{}, fmt.Errorf("model: %w", err)
	}
	if o.Kind == Segment {
		level = 0 // it is no value of the series
	}
	if len(full.Triangles) == 0 {
		return nil, Figures{}, fmt.Errorf("model: nothing in the series is so dense: %w", sinso.ErrInvalid)
	}
	thin, err := full.Decimate(ctx, o.Triangles)
	if err != nil {
		return nil, Figures{}, fmt.Errorf("model: %w", err)
	}
	return thin, figures(full, thin, v, level), nil
}

// Fits refuses, with ErrUnsupported, objects of a series by what the archive states of them:
// before any is read, for each is whole in memory while it is.
func Fits(rows []sinso.InstanceRow) error {
	left := int64(maxVoxels)
	for _, row := range rows {
		voxels := int64(row.Rows) * int64(row.Columns)
		if int64(row.Frames) > left/max(voxels, 1) {
			return fmt.Errorf("model: the series has too many voxels and is too large: %w", sinso.ErrUnsupported)
		}
		voxels *= int64(row.Frames)
		if left -= voxels; row.Size > 2*voxels+maxHeader {
			return fmt.Errorf("model: an object of the series is too large for its picture: %w", sinso.ErrUnsupported)
		}
	}
	return nil
}

// FitsSegmentation reports whether a segmentation is no larger than one that is read, by
// what the archive states of it: its cells, of two bytes at most, and a header.
func FitsSegmentation(row sinso.InstanceRow) bool {
	cells := int64(row.Rows) * int64(row.Columns) * int64(min(row.Frames, maxFrames))
	return row.Size <= maxSegmentation && row.Size <= 2*cells+maxHeader
}

// Check refuses options that cannot be with ErrInvalid, and puts in what was not said.
func (o *Options) Check() error {
	if o.Triangles == 0 {
		o.Triangles = UsualTriangles
	}
	switch {
	case o.Kind != Bone && o.Kind != Skin && o.Kind != Threshold && o.Kind != Segment:
		return fmt.Errorf("model: no such kind of model: %w", sinso.ErrInvalid)
	case o.Triangles < LeastTriangles || o.Triangles > MostTriangles:
		return fmt.Errorf("model: triangles are %d to %d: %w", LeastTriangles, MostTriangles, sinso.ErrInvalid)
	case o.Kind == Threshold && o.Level == nil:
		return fmt.Errorf("model: a threshold needs its value: %w", sinso.ErrInvalid)
	case o.Kind == Segment && (o.Level != nil || o.Segmentation == nil || o.Segment < 1 || o.Segment > MaxSegment):
		return fmt.Errorf("model: a segment needs its number, and has no threshold: %w", sinso.ErrInvalid)
	}
	return nil
}

func (o *Options) level(ct bool) (int16, error) {
	switch {
	case o.Kind == Segment:
		return (volume.Inside + volume.Outside) / 2, nil
	case o.Level != nil:
		return *o.Level, nil
	case !ct:
		return 0, fmt.Errorf("model: the values of this series have no unit: bone and skin need a threshold: %w", sinso.ErrUnsupported)
	case o.Kind == Bone:
		return boneLevel, nil
	}
	return skinLevel, nil
}

// gridOf is the volume as package mesh takes it.
func gridOf(v *volume.Volume) mesh.Grid {
	g := mesh.Grid{Columns: v.Columns, Rows: v.Rows, Slices: v.Slices, Origin: v.Origin, Z: v.Step}
	for axis := range 3 {
		g.X[axis] = v.Row[axis] * v.Spacing[0]
		g.Y[axis] = v.Column[axis] * v.Spacing[1]
	}
	return g
}

// figures measures a model.
func figures(full, thin *mesh.Mesh, v *volume.Volume, level int16) Figures {
	m := thin.Measure()
	parts, _ := thin.Parts()
	f := Figures{
		Triangles: len(thin.Triangles), Vertices: len(thin.Vertices), Parts: len(parts),
		VolumeCubicCM: rounded(m.Volume / 1000), AreaSquareCM: rounded(m.Area / 100), Watertight: m.Watertight,
		Level: int(level), Hounsfield: v.CT, Slices: len(v.Slices),
		FullTriangles: len(full.Triangles), FullVolume: rounded(m.Volume / 1000),
	}
	if full != thin {
		f.FullVolume = rounded(full.Measure().Volume / 1000)
	}
	for axis := range 3 {
		f.SizeMillimetres[axis] = rounded(float64(m.High[axis] - m.Low[axis]))
	}
	step := math.Sqrt(v.Step[0]*v.Step[0] + v.Step[1]*v.Step[1] + v.Step[2]*v.Step[2])
	f.VoxelMillimetres = [3]float64{v.Spacing[0], v.Spacing[1], step}
	return f
}

// rounded leaves three decimals.
func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }
