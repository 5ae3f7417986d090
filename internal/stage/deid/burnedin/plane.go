package burnedin

import (
	"slices"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// plane is one rendering of a frame: w × h values, row by row, within ±2^30 so
// that differences do not overflow.
type plane struct {
	w, h int
	v    []int32
}

func newPlane(w, h int) plane { return plane{w, h, make([]int32, w*h)} }

// planes returns the renderings of a frame in which text is looked for: what is
// stored and, if the bits beside the stored ones say something else, all bits; for
// colour how light it is and, if anything is coloured, how much: text may differ
// from what is under it in its colour alone.
func planes(frame dicom.Frame) []plane {
	if frame.Samples == 1 {
		p := newPlane(frame.Columns, frame.Rows)
		read(frame, 0, p.v)
		if frame.High == frame.Allocated-1 {
			return []plane{p}
		}
		all := newPlane(frame.Columns, frame.Rows)
		read(wide(frame), 0, all.v)
		if slices.Equal(p.v, all.v) {
			return []plane{p}
		}
		return []plane{p, all}
	}
	a, b, c := newPlane(frame.Columns, frame.Rows), newPlane(frame.Columns, frame.Rows), newPlane(frame.Columns, frame.Rows)
	read(frame, 0, a.v)
	read(frame, 1, b.v)
	read(frame, 2, c.v)
	if strings.HasPrefix(frame.Photometric, "YBR_") {
		chroma(b.v, c.v, middle(frame))
	} else {
		lightness(a.v, b.v, c.v)
	}
	if slices.Max(b.v) == slices.Min(b.v) {
		return []plane{a}
	}
	return []plane{a, b}
}

// middle is the chrominance of grey (PS3.3 C.7.6.3.1.2).
func middle(frame dicom.Frame) int32 {
	return int32(uint32(1) << (frame.Stored - 1) >> spare(frame.Stored)) //nolint:gosec // at most 1<<29
}

// chroma writes into b how far two chrominances are from grey.
func chroma(b, c []int32, grey int32) {
	for i := range b {
		b[i] = max(b[i]-grey, grey-b[i]) + max(c[i]-grey, grey-c[i])
	}
}

// lightness turns red, green and blue into how light, and into b how coloured.
func lightness(r, g, b []int32) {
	for i := range r {
		lightest, darkest := max(r[i], g[i], b[i]), min(r[i], g[i], b[i])
		r[i], b[i] = r[i]/4+g[i]/2+b[i]/4, lightest-darkest
	}
}

// read writes the values of one sample into out.
func read(frame dicom.Frame, sample int, out []int32) {
	first, step := index(frame, 0, 0, sample), frame.Samples
	if frame.Planar {
		step = 1
	}
	if frame.Allocated == 16 && step == 1 { // as value does, without asking for each
		left, right := 31-frame.High, 32-frame.Stored
		data := frame.Data[2*first:][:2*len(out)]
		for i := range out {
			v := uint32(data[2*i]) | uint32(data[2*i+1])<<8
			if out[i] = int32(v << left >> right); frame.Signed { //nolint:gosec // at most 16 bits are left
				out[i] = int32(v<<left) >> right //nolint:gosec // two's complement
			}
		}
		return
	}
	for i := range out {
		out[i] = value(frame, first+i*step)
	}
}

// negative returns the plane upside down: what was dark on bright is bright on dark.
func (p plane) negative() plane {
	out := newPlane(p.w, p.h)
	for i, v := range p.v {
		out.v[i] = -v
	}
	return out
}

// half returns the plane at half its size: the mean of each four pixels.
func (p plane) half() plane {
	out := newPlane((p.w+1)/2, (p.h+1)/2)
	for y := range out.h {
		top := p.v[2*y*p.w:]
		bottom := p.v[min(2*y+1, p.h-1)*p.w:]
		for x := range out.w {
			l, r := 2*x, min(2*x+1, p.w-1)
			out.v[y*out.w+x] = (top[l]/2 + top[r]/2 + bottom[l]/2 + bottom[r]/2) / 2
		}
	}
	return out
}
