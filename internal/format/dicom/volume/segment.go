package volume

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// SegmentationClass is the Segmentation Storage SOP class (PS3.4 Table B.5-1).
const SegmentationClass = "1.2.840.10008.5.1.4.1.1.66.4"

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
// segment, by one bit (PS3.3 A.51, Segmentation Type BINARY).
type Segmentation struct {
	Segments []Segment

	object *object
	series map[string]bool // UIDs of those that it refers to
}

const (
	tagSegmentationType   dicom.Tag = 0x00620001
	tagSegmentSequence    dicom.Tag = 0x00620002
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
// is none, or one other than of single bits, and ErrCorrupt for what cannot be read.
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
	if file.String(tagSOPClass) != SegmentationClass || file.String(tagSegmentationType) != "BINARY" {
		return nil, refused("it is no segmentation of single bits")
	}
	o := &object{file: file, frames: 1}
	if o.shape, err = file.Shape(); err != nil || o.shape.Samples != 1 || o.shape.Allocated != 1 {
		return nil, refused("its pixels are not of single bits")
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
	s := &Segmentation{object: o, series: map[string]bool{}}
	return s, s.describe()
}

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
	found, filled := false, make([]bool, len(v.Slices))
	for n := range s.object.frames {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("volume: segmentation: %w", err)
		}
		if s.segmentOf(n) != number {
			continue
		}
		found = true
		k, err := s.sliceOf(v, n)
		if err != nil {
			return fmt.Errorf("volume: segmentation, frame %d: %w", n, err)
		}
		if filled[k] {
			return refused("a segmentation has two frames of a segment in one slice")
		}
		filled[k] = true
		values := v.Slices[k]
		bits, err := frame(s.object.file, n)
		if err != nil {
			return fmt.Errorf("volume: segmentation, frame %d: %w", n, err)
		}
		if bits.Allocated != 1 || bits.Rows != v.Rows || bits.Columns != v.Columns || len(bits.Data) < (len(values)+7)/8 {
			return fmt.Errorf("volume: segmentation, frame %d is not of the size it says: %w", n, sinso.ErrCorrupt)
		}
		for i := range values {
			if bits.Data[i/8]>>(i%8)&1 != 0 { // the lowest bit first, PS3.5 §8.1.1
				values[i] = Inside
			}
		}
	}
	if !found {
		return fmt.Errorf("volume: no frame is of this segment: %w", sinso.ErrNotFound)
	}
	return nil
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
