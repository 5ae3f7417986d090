package deid

import (
	"context"
	"fmt"
	"image"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid/burnedin"
)

// Mark is a rectangle that was blanked, and why.
type Mark struct {
	Frame int             `json:"frame"` // from 0
	Box   image.Rectangle `json:"box"`   // pixels; Max is outside
	By    MarkCause       `json:"by"`
}

// MarkCause says why a rectangle was blanked.
type MarkCause string

// The causes.
const (
	ByDetection MarkCause = "text"     // something that looks like writing
	ByRegion    MarkCause = "region"   // outside of what ultrasound calibrates (PS3.3 C.8.5.5)
	ByTemplate  MarkCause = "template" // the profile's, or the node's, template for this device
	ByPerson    MarkCause = "person"   // somebody who reviewed it
	ByReader    MarkCause = "reader"   // words that a program for reading print still could read
)

// visible is what is done about writing in the pixels of one object.
type visible struct {
	marks    []Mark
	overlays []uint16            // groups of overlays that were looked at
	element  []dicom.DataElement // in the place of the object's own
	looked   bool                // every frame was looked at
	page     bool                // a reader still read more words than a picture has
	share    float64             // of what is neither blanked anyway nor by a person, that was found to be writing
}

// Seen is what was found in the pixels of one object.
type Seen struct {
	marks  []Mark
	looked bool // every frame was looked at
}

// Size is how many marks there are.
func (s *Seen) Size() int { return len(s.marks) }

// maxPixels bounds the pixels of all frames that are looked at, some minutes' work: a few
// kilobytes of run lengths can stand for many more.
const maxPixels = 1 << 31

const (
	maxMarks   = 1 << 20 // of all frames of an object
	maxRegions = 64      // of an ultrasound image; real ones have up to ten
)

// mostlyBlank is the share of an object's pixels, without those that are blanked whatever
// they show, above which a cleaned picture shows nothing any more: it was a page of text.
const mostlyBlank = 0.6

// see blanks what is blanked in every frame and what persons drew, and, if it is to find
// it, the writing in each frame. What cannot
// be decoded or written again has a reason instead.
func (p *Profile) see(ctx context.Context, file *dicom.File, ds *dicom.Dataset, find bool, how look) (visible, sinso.Reason, error) {
	var v visible
	shape, err := file.Shape()
	if err != nil {
		return v, ReasonPixelLength, nil //nolint:nilerr // the reason says it
	}
	frames := 1
	if n, ok := file.Int(tagFrames); ok && n > 1 {
		frames = n
	}
	bounds := image.Rect(0, 0, shape.Columns, shape.Rows)
	if find && int64(frames)*int64(shape.Columns)*int64(shape.Rows) > maxPixels {
		return v, ReasonPixelUnread, nil
	}
	fixed := p.fixedMarks(file, ds, bounds)
	if int64(frames)*int64(len(fixed)) > maxMarks {
		return v, ReasonPixelUnread, nil
	}
	var found [][]Mark
	if find {
		if found, err = allMarks(ctx, file, frames, fixed, bounds); ctx.Err() != nil {
			return v, "", err
		} else if err != nil {
			return v, ReasonPixelUnread, nil //nolint:nilerr // the reason says it
		}
	}
	text := cover{bounds: bounds}
	for n := range frames {
		marks := how.review.marks(n, bounds)
		if find {
			marks = append(found[n], marks...)
			text.add(marks)
		} else {
			marks = append(inFrame(n, fixed), marks...)
		}
		if v.marks = append(v.marks, marks...); len(v.marks) > maxMarks {
			return v, ReasonPixelUnread, nil
		}
	}
	if v.looked = find; find {
		v.share = text.share()
		if err := v.read(ctx, how.reader, file, frames, bounds); err != nil {
			return v, "", err
		}
	}
	return v, v.blank(file, how.review), nil
}

// blank blanks the marks, or has a reason why it cannot.
func (v *visible) blank(file *dicom.File, review Review) sinso.Reason {
	switch {
	case !review.Overrules && v.share > mostlyBlank: // also where nothing was found, and a reader still reads a page
		return ReasonText
	case len(v.marks) == 0:
		return ""
	}
	boxes := map[int][]image.Rectangle{}
	for _, mark := range v.marks {
		boxes[mark.Frame] = append(boxes[mark.Frame], mark.Box)
	}
	var err error
	if v.element, err = codec.Blank(file, boxes); err != nil {
		return ReasonPixelUnread
	}
	return ""
}

// fixedMarks returns what is blanked in every frame, whatever it shows.
func (p *Profile) fixedMarks(file *dicom.File, ds *dicom.Dataset, bounds image.Rectangle) []Mark {
	drawn := templateMarks(file, p.source.NodeTemplates)
	if !p.options[CleanPixelData] {
		return drawn
	}
	return slices.Concat(regionMarks(ds, bounds), templateMarks(file, p.source.Templates), drawn)
}

// inFrame returns fixed marks as those of a frame.
func inFrame(n int, fixed []Mark) []Mark {
	out := slices.Clone(fixed)
	for i := range out {
		out[i].Frame = n
	}
	return out
}

// marksOf returns what is to be blanked in one frame: what is fixed, and the writing
// that is found beside it.
func marksOf(file *dicom.File, n int, fixed []Mark) ([]Mark, error) {
	frame, err := codec.Frame(file, n)
	if err != nil {
		return nil, fmt.Errorf("deid: frame %d: %w", n, err)
	}
	out := inFrame(n, fixed)
	found, err := burnedin.Find(frame)
	if err != nil {
		return nil, fmt.Errorf("deid: frame %d: %w", n, err)
	}
	for _, box := range found {
		inside := slices.ContainsFunc(fixed, func(m Mark) bool { return box.In(m.Box) })
		if !inside {
			out = append(out, Mark{n, box, ByDetection})
		}
	}
	return out, nil
}

// regionMarks returns what lies outside of an ultrasound image's calibrated regions:
// there is the machine's own screen (PS3.3 C.8.5.5.1). Without regions there is none.
func regionMarks(ds *dicom.Dataset, bounds image.Rectangle) []Mark {
	sequence := ds.Find(tagUltrasoundRegions)
	if sequence == nil {
		return nil
	}
	if len(sequence.Items) > maxRegions { // each with each makes rectangles
		return []Mark{{Box: bounds, By: ByRegion}}
	}
	var regions []image.Rectangle
	for i := range sequence.Items {
		item := &sequence.Items[i]
		x0, y0, x1, y1 := whole(item, tagRegionX0), whole(item, tagRegionY0), whole(item, tagRegionX1), whole(item, tagRegionY1)
		if region := image.Rect(x0, y0, x1+1, y1+1).Intersect(bounds); x0 >= 0 && y0 >= 0 && x1 > x0 && y1 > y0 && !region.Empty() {
			regions = append(regions, region)
		}
	}
	if len(regions) == 0 {
		return nil
	}
	var out []Mark
	for _, box := range outside(bounds, regions) {
		out = append(out, Mark{Box: box, By: ByRegion})
	}
	return out
}

// outside returns rectangles that cover bounds without the regions: bands of rows in
// which the same regions lie.
func outside(bounds image.Rectangle, regions []image.Rectangle) []image.Rectangle {
	rows := []int{bounds.Min.Y, bounds.Max.Y}
	for _, r := range regions {
		rows = append(rows, r.Min.Y, r.Max.Y)
	}
	slices.Sort(rows)
	rows = slices.Compact(rows)
	var out []image.Rectangle
	for i := 0; i+1 < len(rows); i++ {
		left := bounds.Min.X
		across := slices.DeleteFunc(slices.Clone(regions), func(r image.Rectangle) bool { return r.Min.Y > rows[i] || r.Max.Y < rows[i+1] })
		slices.SortFunc(across, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
		for _, r := range across {
			if r.Min.X > left {
				out = append(out, image.Rect(left, rows[i], r.Min.X, rows[i+1]))
			}
			left = max(left, r.Max.X)
		}
		if left < bounds.Max.X {
			out = append(out, image.Rect(left, rows[i], bounds.Max.X, rows[i+1]))
		}
	}
	return out
}

// whole reads the first value of a whole number of an item; -1 if it has none.
func whole(item *dicom.Dataset, tag dicom.Tag) int {
	e := item.Find(tag)
	if e == nil {
		return -1
	}
	at := 0
	for i, b := range e.Value {
		if i >= 4 {
			break
		}
		at |= int(b) << (8 * i) // a tree's values are little endian
	}
	if len(e.Value) == 0 || at > 1<<20 {
		return -1
	}
	return at
}
