package burnedin

import (
	"image"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
)

// Gray returns a frame as eight bits, for a reader of print: stored values, or how
// light colours are, stretched so that the darkest and the brightest thousandth are
// black and white. Errors are those of [Find].
func Gray(frame dicom.Frame) (*image.Gray, error) {
	if err := seeable(frame); err != nil {
		return nil, err
	}
	p := planes(frame)[0]
	low, high := extremes(p.v)
	out := image.NewGray(image.Rect(0, 0, p.w, p.h))
	span := max(1, int64(high)-int64(low))
	for i, v := range p.v {
		out.Pix[i] = uint8((int64(min(max(v, low), high)) - int64(low)) * 255 / span) //nolint:gosec // 0 to 255
	}
	return out, nil
}

// extremes returns the values that a thousandth of all are at most, and at least.
func extremes(v []int32) (low, high int32) {
	const samples = 1 << 16
	step := max(1, len(v)/samples) | 1 // odd, so as not to go down a column
	sorted := make([]int32, 0, len(v)/step+1)
	for i := 0; i < len(v); i += step {
		sorted = append(sorted, v[i])
	}
	slices.Sort(sorted)
	return sorted[len(sorted)/1000], sorted[len(sorted)-1-len(sorted)/1000]
}
