// Package render turns frames of native DICOM pixel data into pictures of 8 bits:
// gray through the Modality LUT, the VOI LUT and the Presentation LUT (PS3.3
// C.11, PS3.4 N.2), colour by its Photometric Interpretation (PS3.3 C.7.6.3.1.2),
// with overlays, at the size that is asked for (PS3.18 §8.3.5.1), as PNG or JPEG.
//
// Frames come decompressed. Every attribute may be hostile: dimensions and
// tables are checked before memory is taken for them, and time is bounded by
// the size of the frame, the header and the picture.
package render

import (
	"fmt"
	"image"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Bounds of what is read and drawn.
const (
	maxFrameBytes    = 1 << 30 // of one frame
	maxPictureSide   = 8192    // pixels of a side that is asked for
	maxPicturePixels = 1 << 25 // a mammogram of 4,728 by 5,928 has 28 million
)

// Picture draws one frame: an [image.Gray], or an opaque [image.RGBA] if it has
// colours. frame is native (see [dicom.Frame]), index its number in the object
// from 0. f is the object's header; what stands in its pixel data is not read.
// The frame's own shape and Photometric Interpretation count, not those of f:
// decompression may have changed them.
//
// Gray values go through the Modality LUT of the frame, then through the window
// of o, or the VOI LUT of the frame that o chooses, or are stretched over what
// the frame holds, padding apart, where there is none; then they are inverted if
// low ones are to be white.
//
// It is ErrInvalid for options that cannot be, ErrNotFound for a VOI LUT that is
// not there, ErrUnsupported for a Photometric Interpretation that is not drawn
// and for what is beyond the bounds of this package, ErrCorrupt if the frame or a
// table does not fit its description.
func Picture(f *dicom.File, frame dicom.Frame, index int, o Options) (image.Image, error) {
	if index < 0 {
		return nil, fmt.Errorf("render: frame %d: %w", index, sinso.ErrInvalid)
	}
	if err := checkShape(frame.Shape); err != nil {
		return nil, err
	}
	if need := frameBytes(frame.Shape, len(frame.Data)); need > int64(len(frame.Data)) {
		return nil, fmt.Errorf("render: a frame of %d bytes, %d are there: %w", need, len(frame.Data), sinso.ErrCorrupt)
	}
	at, err := o.placement(frame.Columns, frame.Rows)
	if err != nil {
		return nil, err
	}
	h := headerOf(f, index)
	p, err := painterOf(h, frame, o)
	if err != nil {
		return nil, err
	}
	if o.Overlays {
		p = h.overlaid(p, frame)
	}
	return p.draw(at), nil
}

// checkShape refuses what no frame can be, and what is not read.
func checkShape(s dicom.Shape) error {
	switch {
	case s.Rows < 1 || s.Columns < 1 || s.Rows > math.MaxUint16 || s.Columns > math.MaxUint16,
		s.Stored < 1 || s.Stored > s.Allocated || s.High < s.Stored-1 || s.High >= s.Allocated:
		return fmt.Errorf("render: rows, columns or bits that cannot be: %w", sinso.ErrCorrupt)
	case s.Samples != 1 && s.Samples != 3 && s.Samples != 4:
		return fmt.Errorf("render: %d samples a pixel: %w", s.Samples, sinso.ErrUnsupported)
	case s.Allocated != 1 && s.Allocated != 8 && s.Allocated != 16 && s.Allocated != 32 && s.Allocated != 64:
		return fmt.Errorf("render: cells of %d bits: %w", s.Allocated, sinso.ErrUnsupported)
	case s.Bytes() > maxFrameBytes:
		return fmt.Errorf("render: a frame of %d bytes: %w", s.Bytes(), sinso.ErrUnsupported)
	default:
		return nil
	}
}

// frameBytes returns how long the frame must be. Where pairs of pixels may share
// chrominance, a frame too short for all samples is one in which they do.
func frameBytes(s dicom.Shape, have int) int64 {
	if halved(s) && int64(have) < s.Bytes() {
		return 2 * int64(s.Rows) * int64(s.Columns)
	}
	return s.Bytes()
}

// halved reports whether native pairs of pixels share chrominance (PS3.3
// C.7.6.3.1.2). It is defined for cells of 8 bits and an even number of columns.
func halved(s dicom.Shape) bool {
	return s.Samples == 3 && s.Allocated == 8 && s.Columns%2 == 0 &&
		(s.Photometric == "YBR_FULL_422" || s.Photometric == "YBR_PARTIAL_422")
}

// painterOf chooses by the photometric interpretation (PS3.3 C.7.6.3.1.2).
func painterOf(h *header, frame dicom.Frame, o Options) (painter, error) {
	if o.Window != nil {
		if _, ok := o.Window.ramp(); !ok {
			return painter{}, fmt.Errorf("render: a window that cannot be: %w", sinso.ErrInvalid)
		}
	}
	float := h.isFloat(frame.Shape)
	if frame.Allocated == 64 && !float {
		return painter{}, fmt.Errorf("render: cells of 64 bits: %w", sinso.ErrUnsupported)
	}
	if frame.Samples > 1 {
		return colourPainter(frame)
	}
	switch frame.Photometric {
	case "MONOCHROME1", "MONOCHROME2", "":
		if float || frame.Stored > narrowBits {
			return wideGray(h, frame, float, o)
		}
		return narrowGray(h, frame, o)
	case "PALETTE COLOR":
		return palettePainter(h, frame)
	default:
		return painter{}, noPhotometric(frame.Samples)
	}
}

func noPhotometric(samples int) error {
	return fmt.Errorf("render: this photometric interpretation with %d samples a pixel: %w", samples, sinso.ErrUnsupported)
}
