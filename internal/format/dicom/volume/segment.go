package volume

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The SOP classes of segmentations (PS3.4 Table B.5-1).
const (
	SegmentationClass = "1.2.840.10008.5.1.4.1.1.66.4" // Segmentation Storage
	LabelMapClass     = "1.2.840.10008.5.1.4.1.1.66.7" // Label Map Segmentation Storage
)

// The values of Segmentation Type (PS3.3 C.8.20.2).
const (
	typeBinary     = "BINARY"     // a frame for each segment, whose pixels are bits
	typeFractional = "FRACTIONAL" // a frame for each segment, whose pixels are parts of a most
	typeLabelMap   = "LABELMAP"   // a frame for all segments, whose pixels are their numbers
)

// The values that [Segmentation.Fill] leaves in a volume; the surface lies midway.
const (
	Inside  = 1000
	Outside = 0
)

// Segment is one thing that a segmentation tells apart (PS3.3 C.8.20.4).
type Segment struct {
	Number int    // Segment Number, from 1
	Label  string // Segment Label, at most 64 characters: what somebody called it
}

// Segmentation is an object that says of each voxel of a series whether it belongs to a
// segment (PS3.3 A.51, A.51.2). One that belongs to it in part does so from a half on.
type Segmentation struct {
	Segments []Segment

	kind   string
	most   int // value of a pixel that is in a fractional segment as a whole
	object *object
	series map[string]bool // UIDs of those that it refers to
}

const (
	tagSegmentationType   dicom.Tag = 0x00620001
	tagSegmentSequence    dicom.Tag = 0x00620002
	tagMaximumFraction    dicom.Tag = 0x0062000E
	tagSegmentNumber      dicom.Tag = 0x00620004
	tagSegmentLabel       dicom.Tag = 0x00620005
	macroSegment          dicom.Tag = 0x0062000A
	tagReferencedSegment  dicom.Tag = 0x0062000B
	tagReferencedSeries   dicom.Tag = 0x00081115
	tagSeriesUID          dicom.Tag = 0x0020000E
	maxSegments                     = 1 << 10
	maxSegmentationFrames           = 1 << 16
	maxLabel                        = 256 // bytes: 64 characters of an LO of at most four each
)

// ReadSegmentation reads a segmentation from a Part 10 file. It is ErrUnsupported for what
// is none, or whose pixels are of another kind, and ErrCorrupt for what cannot be read.
func ReadSegmentation(raw []byte) (_ *Segmentation, err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	file, err := dicom.Read(raw)
	if err != nil {
		return nil, fmt.Errorf("volume: segmentation: %w", err)
	}
	o := &object{file: file, frames: 1}
	s := &Segmentation{object: o, series: map[string]bool{}}
	if err := s.readKind(); err != nil {
		return nil, err
	}
	if n, ok := file.Int(tagFrames); ok && n > 1 {
		o.frames = n
	}
	if o.tree, err = file.Tree(); err != nil {
		return nil, fmt.Errorf("volume: segmentation: %w", err)
	}
	if e := o.tree.Find(tagPerFrame); e != nil {
		o.perFrame = e.Items
	}
	if e := o.tree.Find(tagShared); e != nil && len(e.Items) > 0 {
		o.shared = &e.Items[0]
	}
	if o.frames > maxSegmentationFrames || len(o.perFrame) != o.frames {
		return nil, refused("it has too many frames, or does not say where they lie")
	}
	return s, s.describe()
}

// readKind reads what the pixels say.
func (s *Segmentation) readKind() (err error) {
	o := s.object
	s.kind = o.file.String(tagSegmentationType)
	class, cells := SegmentationClass, []int{8}
	switch s.kind {
	case typeBinary:
		cells = []int{1}
	case typeFractional:
		const whole = 255 // the most that a cell can say
		s.most, _ = o.file.Int(tagMaximumFraction)
		if s.most < 1 || s.most > whole {
			s.most = whole
		}
	case typeLabelMap:
		class, cells = LabelMapClass, []int{8, 16}
	}
	if o.file.String(tagSOPClass) != class {
		return refused("it is no segmentation of a type that is read")
	}
	if o.shape, err = o.file.Shape(); err != nil || o.shape.Samples != 1 || o.shape.Signed || !slices.Contains(cells, o.shape.Allocated) {
		return refused("its pixels are not those of its type")
	}
	return nil
}

// IsSegmentation reports whether objects of a SOP class may be segmentations.
func IsSegmentation(class string) bool { return class == SegmentationClass || class == LabelMapClass }

// describe reads what the segments are and which series they are of.
func (s *Segmentation) describe() error {
	if e := s.object.tree.Find(tagReferencedSeries); e != nil {
		for i := range e.Items {
			if uid := e.Items[i].Find(tagSeriesUID); uid != nil {
				s.series[trimmed(string(uid.Value))] = true
			}
		}
	}
	e := s.object.tree.Find(tagSegmentSequence)
	if e == nil || len(e.Items) == 0 || len(e.Items) > maxSegments {
		return refused("it has no segments, or too many")
	}
	for i := range e.Items {
		number := short(e.Items[i].Find(tagSegmentNumber))
		if number == 0 && s.kind == typeLabelMap {
			continue // the background
		}
		if number < 1 {
			return refused("a segment has no number")
		}
		segment := Segment{Number: number}
		if label := e.Items[i].Find(tagSegmentLabel); label != nil && len(label.Value) <= maxLabel {
			segment.Label = trimmed(s.object.file.Charset().Decode(label.Value, false))
		}
		s.Segments = append(s.Segments, segment)
	}
	return nil
}

// Of reports whether it refers to a series, by Series Instance UID (PS3.3 C.12.2.1).
func (s *Segmentation) Of(series string) bool { return series != "" && s.series[series] }

// Fill puts [Inside] into the voxels of a volume that belong to a segment, and [Outside]
// into all others. frame is as in [Source].
//
// It is ErrNotFound if there is no such segment, and ErrUnsupported if a frame of it does
// not lie in a slice of the volume, pixel on pixel, or two lie in one: it is never resampled.
func (s *Segmentation) Fill(ctx context.Context, v *Volume, number int, frame func(*dicom.File, int) (dicom.Frame, error)) (err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	for _, values := range v.Slices {
		clear(values) // Outside
	}
	if !slices.ContainsFunc(s.Segments, func(one Segment) bool { return one.Number == number }) {
		return fmt.Errorf("volume: there is no such segment: %w", sinso.ErrNotFound)
	}
	filled := map[int]bool{} // slices
	for n := range s.object.frames {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("volume: segmentation: %w", err)
		}
		if s.kind != typeLabelMap && s.segmentOf(n) != number {
			continue
		}
		if err := s.fill(v, n, number, frame, filled); err != nil {
			return fmt.Errorf("volume: segmentation, frame %d: %w", n, err)
		}
	}
	if len(filled) == 0 {
		return fmt.Errorf("volume: no frame is of this segment: %w", sinso.ErrNotFound)
	}
	return nil
}

// fill puts what a frame says of a segment into the slice that it lies in, where no other may
// lie: frames can be compressed, and many.
func (s *Segmentation) fill(v *Volume, n, number int, frame func(*dicom.File, int) (dicom.Frame, error), filled map[int]bool) error {
	k, err := s.sliceOf(v, n)
	if err != nil {
		return err
	}
	if filled[k] {
		return fmt.Errorf("another frame of the segment lies in its slice: %w", sinso.ErrUnsupported)
	}
	filled[k] = true
	cells, err := frame(s.object.file, n)
	if err != nil {
		return err
	}
	values, bits := v.Slices[k], s.object.shape.Allocated
	if cells.Allocated != bits || cells.Samples != 1 || cells.Rows != v.Rows || cells.Columns != v.Columns || len(cells.Data) < (len(values)*bits+7)/8 {
		return fmt.Errorf("it is not of the size it says: %w", sinso.ErrCorrupt)
	}
	for i := range values {
		if s.has(cells, i, number) {
			values[i] = Inside
		}
	}
	return nil
}

// has reports whether a pixel of a frame belongs to a segment.
func (s *Segmentation) has(cells dicom.Frame, i, number int) bool {
	switch {
	case s.kind == typeBinary:
		return cells.Data[i/8]>>(i%8)&1 != 0 // the lowest bit first, PS3.5 §8.1.1
	case s.kind == typeFractional:
		return 2*int(cells.Data[i]) >= s.most //nolint:mnd // from a half on
	case cells.Allocated == 8:
		return int(cells.Data[i]) == number
	}
	return int(binary.LittleEndian.Uint16(cells.Data[2*i:])) == number
}

// segmentOf is the number of the segment that a frame is of, 0 if it does not say.
func (s *Segmentation) segmentOf(n int) int {
	value := s.object.find(n, macroSegment, tagReferencedSegment)
	if len(value) < 2 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(value))
}

// sliceOf returns which slice a frame lies in.
func (s *Segmentation) sliceOf(v *Volume, n int) (int, error) {
	p, err := s.object.plane(n)
	if err != nil {
		return 0, err
	}
	series := &plane{rows: v.Rows, columns: v.Columns, row: v.Row, column: v.Column, spacing: v.Spacing}
	if series.differs(p) != "" {
		return 0, fmt.Errorf("its pixels are not those of the series: %w", sinso.ErrUnsupported)
	}
	normal := cross(v.Row, v.Column)
	step, from := dot(v.Step, normal), sub(p.position, v.Origin)
	k := int(math.Round(dot(from, normal) / step))
	if k < 0 || k >= len(v.Slices) {
		return 0, fmt.Errorf("it lies beside the series: %w", sinso.ErrUnsupported)
	}
	off := from
	for axis := range 3 {
		off[axis] -= float64(k) * v.Step[axis]
	}
	along := math.Abs(dot(off, normal))
	if along > uneven*math.Abs(step) || math.Abs(dot(off, v.Row)) > v.Spacing[0]/2 || math.Abs(dot(off, v.Column)) > v.Spacing[1]/2 {
		return 0, fmt.Errorf("it lies between the slices or pixels of the series: %w", sinso.ErrUnsupported)
	}
	return k, nil
}

// Unseen is a [Source] frame that is dark, for whom only where slices lie counts.
func Unseen(file *dicom.File, _ int) (dicom.Frame, error) {
	shape, err := file.Shape()
	if err != nil {
		return dicom.Frame{}, err
	}
	return dicom.Frame{Shape: shape, Data: make([]byte, shape.Bytes())}, nil
}

func trimmed(text string) string { return strings.Trim(text, " \x00") }

// short reads a value of US, 0 if there is none.
func short(e *dicom.DataElement) int {
	if e == nil || len(e.Value) < 2 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(e.Value))
}
