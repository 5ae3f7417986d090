// Package volume stacks the slices of one series into a block of values in patient
// coordinates (PS3.3 C.7.6.2.1.1): x to the patient's left, y to the back, z to the head,
// in mm.
//
// Slices are put in order by where they lie, never by their numbers or names. What is no
// block of parallel slices at even steps is refused: a measure taken of it would be wrong.
package volume

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Volume is a block of values. The centre of the voxel (column, row, slice) lies at
// Origin + column·Spacing[0]·Row + row·Spacing[1]·Column + slice·Step.
type Volume struct {
	Columns, Rows int
	Slices        [][]int16  // of each slice Rows × Columns values, row by row; HU of CT, else rescaled, rounded and clamped
	Origin        [3]float64 // mm, the centre of the first voxel of the first slice
	Row, Column   [3]float64 // unit vectors: along a row (to the next column), down a column (to the next row)
	Spacing       [2]float64 // mm from column to column, from row to row
	// Step leads from a slice to the next, in mm. Where the gantry was tilted it is not
	// at right angles to the slices.
	Step [3]float64
	CT   bool // the values are in HU
}

// What the geometry of a series may be.
const (
	maxSlices   = 1 << 14
	maxDistance = 1e5 // mm from the origin of patient coordinates
	minSpacing  = 1e-3
	maxSpacing  = 100.0 // mm
	sameCosine  = 1e-3
	samePlace   = 0.01 // mm along the normal: nearer than that two slices are at one place
	uneven      = 0.2  // share of a step by which a slice may be out of its place
	maxAtOnce   = 4    // objects that are read at once
)

const huAir = -1024 // HU: what a CT has below, it has outside of its field of view

// Source is where the objects of a series come from. Both functions are called several at
// a time.
type Source struct {
	Open  func(ctx context.Context, n int) ([]byte, error)   // the n-th object, from 0, as a Part 10 file
	Frame func(file *dicom.File, n int) (dicom.Frame, error) // the n-th frame of one, from 0, native, as codec.Frame returns it
}

// Read reads the objects of one series, count of them, each opened once. Single frames and
// the frames of enhanced objects (PS3.3 C.7.6.16) are taken alike.
//
// It takes two bytes for each voxel, and is ErrUnsupported before it takes them if there
// are more than most. It is ErrUnsupported too if the slices are no block: other than one
// sample of at most 16 bits, of several sizes, spacings or directions, two at one place,
// one missing, uneven, or fewer than two. ErrCorrupt is what cannot be read; what the
// source fails with is passed on, and a mistake in this program about an object is an error.
func Read(ctx context.Context, count int, source Source, most int64) (*Volume, error) {
	if count < 1 {
		return nil, refused("the series has no objects")
	}
	r := &reader{Source: source, left: most}
	if err := r.read(ctx, 0); err != nil { // it says what the others must be
		return nil, err
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(min(runtime.GOMAXPROCS(0), maxAtOnce))
	for n := 1; n < count; n++ {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error { return r.read(inner, n) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	return r.stack()
}

func refused(why string) error {
	return fmt.Errorf("volume: %s: %w", why, sinso.ErrUnsupported)
}

// reader gathers slices.
type reader struct {
	Source

	mu     sync.Mutex // guards the rest
	first  *plane     // of the series
	left   int64      // voxels that may still be taken
	slices []slice
}

// slice is one frame.
type slice struct {
	position [3]float64 // of its first voxel
	along    float64    // mm along the normal
	values   []int16
}

// errFault is what a panic becomes. Its value is not told: it may quote the object.
var errFault = errors.New("volume: the program failed on an object")

// read reads one object. A panic would end the node, since nobody else can recover from it.
func (r *reader) read(ctx context.Context, n int) (err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	raw, err := r.Open(ctx, n)
	if err != nil {
		return err
	}
	o, err := newObject(raw)
	if err != nil {
		return fmt.Errorf("volume: object %d: %w", n, err)
	}
	for frame := range o.frames {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("volume: %w", err)
		}
		if err := r.take(o, frame); err != nil {
			return fmt.Errorf("volume: object %d, frame %d: %w", n, frame, err)
		}
	}
	return nil
}

// take takes one frame, if it fits the others and there is room for it.
func (r *reader) take(o *object, n int) error {
	p, err := o.plane(n)
	if err != nil {
		return err
	}
	if err := r.admit(p); err != nil {
		return err
	}
	frame, err := r.Frame(o.file, n)
	if err != nil {
		return err
	}
	values, err := o.values(n, frame)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slices = append(r.slices, slice{position: p.position, along: dot(cross(p.row, p.column), p.position), values: values})
	return nil
}

// admit checks a plane against the first, and takes room for it.
func (r *reader) admit(p *plane) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first == nil {
		r.first = p
	}
	if why := r.first.differs(p); why != "" {
		return fmt.Errorf("%s: %w", why, sinso.ErrUnsupported)
	}
	size := int64(p.rows) * int64(p.columns)
	if r.left -= size; r.left < 0 {
		return fmt.Errorf("the series has too many voxels: %w", sinso.ErrUnsupported)
	}
	return nil
}

// object is one DICOM object that is read.
type object struct {
	file     *dicom.File
	tree     dicom.Dataset
	shape    dicom.Shape
	frames   int
	perFrame []dicom.Dataset // functional groups; none in an object of a single frame
	shared   *dicom.Dataset
	known    map[[2]dicom.Tag][]byte // what [object.common] has looked up
	ct       bool
}

const (
	tagSOPClass  dicom.Tag = 0x00080016
	tagModality  dicom.Tag = 0x00080060
	tagFrames    dicom.Tag = 0x00280008
	tagPadding   dicom.Tag = 0x00280120
	tagSlope     dicom.Tag = 0x00281053
	tagIntercept dicom.Tag = 0x00281052
	tagShared    dicom.Tag = 0x52009229
	tagPerFrame  dicom.Tag = 0x52009230
)

func newObject(raw []byte) (*object, error) {
	file, err := dicom.Read(raw)
	if err != nil {
		return nil, err
	}
	o := &object{file: file, frames: 1, ct: isCT(file)}
	if o.shape, err = file.Shape(); err != nil {
		return nil, fmt.Errorf("it has no pixels: %w", sinso.ErrUnsupported)
	}
	switch s := o.shape; {
	case s.Samples != 1 || s.Photometric != "MONOCHROME2" && s.Photometric != "MONOCHROME1":
		return nil, fmt.Errorf("its pixels are in colour: %w", sinso.ErrUnsupported)
	case s.Allocated != 8 && s.Allocated != 16 || s.Stored < 1 || s.Stored > s.High+1 || s.High >= s.Allocated:
		return nil, fmt.Errorf("its samples are none of 8 or 16 bits: %w", sinso.ErrUnsupported)
	}
	if o.tree, err = file.Tree(); err != nil {
		return nil, err
	}
	if n, ok := file.Int(tagFrames); ok && n > 1 {
		o.frames = n
	}
	if e := o.tree.Find(tagPerFrame); e != nil {
		o.perFrame = e.Items
	}
	if e := o.tree.Find(tagShared); e != nil && len(e.Items) > 0 {
		o.shared = &e.Items[0]
	}
	switch {
	case o.frames > maxSlices:
		return nil, fmt.Errorf("it has more than %d frames: %w", maxSlices, sinso.ErrUnsupported)
	case o.frames > 1 && len(o.perFrame) != o.frames:
		return nil, fmt.Errorf("it does not say where its frames lie: %w", sinso.ErrUnsupported)
	}
	return o, nil
}

// isCT tells by the SOP class or the modality whether values are in HU (PS3.3 C.8.2.1).
func isCT(file *dicom.File) bool {
	switch file.String(tagSOPClass) {
	case "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2":
		return true
	}
	return file.String(tagModality) == "CT"
}

// find returns the value of an attribute of a frame: from its functional groups, those of
// all frames, or the root.
func (o *object) find(n int, macro, tag dicom.Tag) []byte {
	if n < len(o.perFrame) {
		if e := grouped(&o.perFrame[n], macro, tag); e != nil {
			return e.Value
		}
	}
	return o.common(macro, tag)
}

// common returns the value of an attribute that all frames have in common, nil if there is
// none. It is looked up once: both places may be long, and the frames many.
func (o *object) common(macro, tag dicom.Tag) []byte {
	key := [2]dicom.Tag{macro, tag}
	value, known := o.known[key]
	if known {
		return value
	}
	var e *dicom.DataElement
	if o.shared != nil {
		e = grouped(o.shared, macro, tag)
	}
	if e == nil {
		e = o.tree.Find(tag)
	}
	if e != nil {
		value = e.Value
	}
	if o.known == nil {
		o.known = map[[2]dicom.Tag][]byte{}
	}
	o.known[key] = value
	return value
}

// grouped returns an attribute of a functional group, nil if it is not there.
func grouped(groups *dicom.Dataset, macro, tag dicom.Tag) *dicom.DataElement {
	sequence := groups.Find(macro)
	if sequence == nil || len(sequence.Items) == 0 {
		return nil
	}
	return sequence.Items[0].Find(tag)
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func sub(a, b [3]float64) [3]float64 { return [3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func length(a [3]float64) float64 { return math.Sqrt(dot(a, a)) }
