package deid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid/deface"
)

// labelFace derives the key by which faces are cut (docs/formats.md, "de-identification").
const labelFace = "sinso/deid/face/v1"

// Faceless is a series of CT or MR without its face.
type Faceless struct {
	volume *volume
	plans  []*deface.Plan // of its phases
}

// Finding says what a series shows.
type Finding string

// The findings.
const (
	ShowsHead    Finding = "head"
	ShowsNone    Finding = "none" // certainly no head
	ShowsUnclear Finding = "unclear"
)

// Plan returns what was planned, with its figures; of several phases, for the first.
func (f *Faceless) Plan() *deface.Plan { return f.plans[0] }

// Portrait draws the surface of what a series shows, as seen from the front, from the
// left and from the right, side by side: size pixels high, three times as wide. If
// backwards is set the front is where its orientation says that the back is
// ([deface.Plan]). count objects are read by open, twice each. ErrUnsupported for what is
// no block of slices.
func Portrait(ctx context.Context, count int, open func(int) ([]byte, error), size int, backwards bool) (*image.Gray, error) {
	v, err := newVolume(ctx, count, open)
	if err != nil {
		return nil, err
	}
	from := []deface.View{deface.Front, deface.Left, deface.Right}
	if backwards {
		from = []deface.View{deface.Back, deface.Right, deface.Left}
	}
	loaded, err := v.load(ctx, 0)
	if err != nil {
		return nil, err
	}
	views, err := deface.RenderAll(ctx, loaded, size, from...)
	if errors.Is(err, sinso.ErrInvalid) {
		return nil, errNoVolume
	}
	if err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	side := views[0].Rect.Dx()
	out := image.NewGray(image.Rect(0, 0, len(views)*side, side))
	for i, view := range views {
		draw.Draw(out, view.Rect.Add(image.Pt(i*side, 0)), view, image.Point{}, draw.Src)
	}
	return out, nil
}

// Clean de-identifies one object of the series, by its number in [Profile.Judge], with
// the face taken out.
func (f *Faceless) Clean(ctx context.Context, p *Profile, object int, record sinso.Record, release Release) (Result, error) {
	return p.clean(ctx, record, release, func(file *dicom.File, original *dicom.Dataset, blanked []dicom.DataElement) ([]dicom.DataElement, error) {
		scale := f.volume.scale(file, original)
		if len(blanked) > 0 {
			var err error
			if file, err = redrawn(file, original, blanked); err != nil {
				return nil, err
			}
		}
		return f.elements(object, file, scale)
	})
}

// redrawn returns an object's pixels with some elements in the place of its own.
func redrawn(file *dicom.File, original *dicom.Dataset, elements []dicom.DataElement) (*dicom.File, error) {
	var ds dicom.Dataset
	for _, e := range original.Elements {
		if group := e.Tag.Group(); group == tagRows.Group() || group == tagPixelData.Group() {
			ds.Set(e)
		}
	}
	for _, e := range elements {
		ds.Set(e)
	}
	raw, err := dicom.EncodeMeta(syntaxOf(file), dicom.Dataset{}, ds)
	if err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	if file, err = dicom.Read(raw); err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	return file, nil
}

// elements returns what replaces the pixels of one object.
func (f *Faceless) elements(object int, file *dicom.File, scale scale) ([]dicom.DataElement, error) {
	frames := map[int]dicom.Frame{}
	before := make([]int16, f.volume.Rows*f.volume.Columns)
	for _, s := range f.volume.slices {
		if s.object != object {
			continue
		}
		frame, err := codec.Frame(file, s.frame)
		if err != nil {
			return nil, fmt.Errorf("deid: %w", err)
		}
		if err := scale.read(frame, before); err != nil {
			return nil, err
		}
		replaced, err := f.plans[s.phase].Apply(s.place, before)
		if err != nil {
			return nil, fmt.Errorf("deid: %w", err)
		}
		frame.Data = bytes.Clone(frame.Data)
		for i, cut := range replaced {
			if cut {
				scale.write(frame, i, before[i])
			}
		}
		frames[s.frame] = frame
	}
	elements, err := codec.Replace(file, frames)
	if err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	return elements, nil
}
