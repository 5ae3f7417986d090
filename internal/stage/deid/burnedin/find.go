package burnedin

import (
	"fmt"
	"image"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// maxPixels bounds the frames that are looked at: 8192², some 2 GB at work.
const maxPixels = 1 << 26

// Find returns the rectangles of a frame in which text may stand, with a margin,
// sorted by row and column; empty if there are none. Those that overlap are joined
// where that costs little.
//
// They are in pixels from the top left, half open, and inside of the frame. It is
// ErrInvalid or ErrCorrupt if shape and data do not fit, ErrUnsupported for frames
// of a kind or size that are not looked at: text may be in them.
func Find(frame dicom.Frame) ([]image.Rectangle, error) {
	if err := seeable(frame); err != nil {
		return nil, err
	}
	whole := image.Rect(0, 0, frame.Columns, frame.Rows)
	var boxes []image.Rectangle
	for _, p := range planes(frame) {
		for n, l := range scan(p) {
			for _, t := range l.texts(n, slices.Clone(boxes)) {
				box := trim(p, full(t.Rectangle, n), int32(plain*t.usual))
				boxes = append(boxes, margin(box, l.high(t)<<n, min(p.w, p.h)).Intersect(whole))
			}
		}
	}
	return joined(boxes), nil
}

// seeable says why a frame is not looked at.
func seeable(frame dicom.Frame) error {
	if err := check(frame); err != nil {
		return err
	}
	if frame.Rows*frame.Columns > maxPixels {
		return fmt.Errorf("burnedin: %d × %d pixels, at most %d are looked at: %w", frame.Rows, frame.Columns, maxPixels, sinso.ErrUnsupported)
	}
	return nil
}
