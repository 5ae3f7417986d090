package deid

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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

// Look says whether a series shows a head, by its geometry: in any of its phases, if
// several slices lie at one place. count objects are read by open. What is no block of
// slices is unclear.
func Look(ctx context.Context, count int, open func(int) ([]byte, error)) (Finding, error) {
	v, err := newVolume(ctx, count, open)
	if errors.Is(err, errNoVolume) {
		return ShowsUnclear, nil
	}
	if err != nil {
		return ShowsUnclear, err
	}
	verdict, err := v.find(ctx)
	if err != nil {
		return ShowsUnclear, err
	}
	switch verdict {
	case deface.Head:
		return ShowsHead, nil
	case deface.None:
		return ShowsNone, nil
	case deface.Unclear:
	}
	return ShowsUnclear, nil
}

// Deface plans how the face is taken out of a series. It is ErrUnsupported for one that
// cannot be defaced, or whose result failed a check: it stays where it is. The release's
// secret keys the cut; let it be the same for all releases of one study. count objects
// are read by open, twice each.
func (p *Profile) Deface(ctx context.Context, release Release, count int, open func(int) ([]byte, error)) (*Faceless, error) {
	if !p.options[CleanVisualFeatures] {
		return nil, fmt.Errorf("deid: the profile does not clean visual features: %w", sinso.ErrUnsupported)
	}
	v, err := newVolume(ctx, count, open)
	if err != nil {
		return nil, err
	}
	key := derive(release.Secret, labelFace)
	plans, err := v.plan(ctx, key[:])
	if err != nil {
		return nil, err
	}
	return &Faceless{v, plans}, nil
}

// Plan returns what was planned, with its figures; of several phases, for the first.
func (f *Faceless) Plan() *deface.Plan { return f.plans[0] }

// Clean de-identifies one object of the series, by its number in [Profile.Deface], with
// the face taken out.
func (f *Faceless) Clean(ctx context.Context, p *Profile, object int, record sinso.Record, release Release) (Result, error) {
	return p.clean(ctx, record, release, func(file *dicom.File, original *dicom.Dataset) ([]dicom.DataElement, error) {
		return f.elements(object, file, original)
	})
}

// elements returns what replaces the pixels of one object.
func (f *Faceless) elements(object int, file *dicom.File, tree *dicom.Dataset) ([]dicom.DataElement, error) {
	frames := map[int]dicom.Frame{}
	scale := f.volume.scale(file, tree)
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
		plan := f.plans[s.phase]
		mask, err := plan.Mask(s.place, before)
		if err != nil {
			return nil, fmt.Errorf("deid: %w", err)
		}
		if err := plan.Apply(s.place, before); err != nil {
			return nil, fmt.Errorf("deid: %w", err)
		}
		frame.Data = bytes.Clone(frame.Data)
		for i, cut := range mask {
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
