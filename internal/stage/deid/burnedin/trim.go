package burnedin

import "image"

// plain is the part of a text's contrast up to which the values of two rows of pixels may
// differ where nothing of it stands. What was taken for a stroke is more (edge).
const plain = .15

// trim cuts rows and columns of pixels off the sides of a box as long as values differ by
// no more than t there and up to the next: the gap between a text's plate and the frame's
// edge is as narrow as a stroke, and was taken for one. One row or column beside what
// stands out stays.
func trim(p plane, r image.Rectangle, t int32) image.Rectangle {
	r = r.Intersect(image.Rect(0, 0, p.w, p.h))
	for before := (image.Rectangle{}); r != before && !r.Empty(); {
		before = r
		for r.Dy() > 1 && p.even(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+2), t) {
			r.Min.Y++
		}
		for r.Dy() > 1 && p.even(image.Rect(r.Min.X, r.Max.Y-2, r.Max.X, r.Max.Y), t) {
			r.Max.Y--
		}
		for r.Dx() > 1 && p.even(image.Rect(r.Min.X, r.Min.Y, r.Min.X+2, r.Max.Y), t) {
			r.Min.X++
		}
		for r.Dx() > 1 && p.even(image.Rect(r.Max.X-2, r.Min.Y, r.Max.X, r.Max.Y), t) {
			r.Max.X--
		}
	}
	return r
}

// even reports whether the values of a rectangle, which has some, differ by no more than t.
func (p plane) even(r image.Rectangle, t int32) bool {
	low := p.v[r.Min.Y*p.w+r.Min.X]
	high := low
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range p.v[y*p.w+r.Min.X : y*p.w+r.Max.X] {
			low, high = min(low, v), max(high, v)
		}
		if high-low > t { // within ±2^30 each
			return false
		}
	}
	return true
}
