package jpeg

import "encoding/binary"

// assemble interleaves the planes, with those that are subsampled brought to the
// size of the frame.
func (f *frame) assemble() []byte {
	if c := &f.components[0]; len(f.components) == 1 && c.narrow != nil && c.stride == f.columns {
		return c.narrow[: f.rows*f.columns : f.rows*f.columns] // the plane is the image
	}
	pixels := make([]byte, f.rows*f.columns*len(f.components)*sampleBytes(f.precision))
	rows := make([][]uint8, len(f.components))
	words := make([][]uint16, len(f.components))
	line := make([]uint16, f.columns*len(f.components))
	bytesOfRow := len(pixels) / f.rows
	narrow, wide := make([]upsampler[uint8], len(rows)), make([]upsampler[uint16], len(rows))
	for y := range f.rows {
		out := pixels[y*bytesOfRow : (y+1)*bytesOfRow]
		for i := range f.components {
			if c := &f.components[i]; c.words != nil {
				words[i] = wide[i].row(f, c, c.words, y)
			} else {
				rows[i] = narrow[i].row(f, c, c.narrow, y)
			}
		}
		switch {
		case f.components[0].words == nil:
			interleave(out, rows)
		case f.precision <= 8: // lossless
			interleave(line, words)
			for i, v := range line {
				out[i] = byte(v) //nolint:gosec // at most 8 bits, checked as it was decoded
			}
		default:
			interleave(line, words)
			putWords(out, line, 0)
		}
	}
	return pixels
}

// interleave merges a row of each plane.
func interleave[S sample](out []S, rows [][]S) {
	switch len(rows) {
	case 1:
		copy(out, rows[0])
	case 3:
		n := len(out) / 3
		a, b, c := rows[0][:n], rows[1][:n], rows[2][:n]
		for i := range a {
			pixel := out[3*i : 3*i+3 : 3*i+3]
			pixel[0], pixel[1], pixel[2] = a[i], b[i], c[i]
		}
	default:
		for at, row := range rows {
			for i, v := range row[:len(out)/len(rows)] {
				out[i*len(rows)+at] = v
			}
		}
	}
}

// putWords writes values, shifted up, lower byte first.
func putWords(out []byte, values []uint16, shift uint) {
	out = out[:2*len(values)]
	for i, v := range values {
		binary.LittleEndian.PutUint16(out[2*i:2*i+2], v<<(shift&15))
	}
}

// upsampler brings rows of a component to the width of the frame as the IJG's
// library does: by a triangle filter ("fancy") where it halves the width, or width
// and height, of a DCT frame; by repetition where it is another ratio.
type upsampler[S sample] struct {
	out  []S
	sums []int32 // of two rows, weighted 3 to 1
}

// row returns row y of the frame's; it is good until the next call.
func (u *upsampler[S]) row(f *frame, c *component, plane []S, y int) []S {
	row := func(y int) []S {
		y = min(max(y, 0), c.rows-1)
		return plane[y*c.stride:][:c.columns]
	}
	if c.h == f.maxH && c.v == f.maxV {
		return row(y)
	}
	if u.out == nil {
		u.out = make([]S, max(f.columns, 2*c.columns))
		u.sums = make([]int32, c.columns)
	}
	fancy := f.process != markerSOF3 && c.columns > 2 && 2*c.h == f.maxH
	switch {
	case fancy && c.v == f.maxV:
		widen(u.out, row(y))
	case fancy && 2*c.v == f.maxV:
		near, far := row(y/2), row(y/2-1+y%2*2)
		for i := range u.sums {
			u.sums[i] = 3*int32(near[i]) + int32(far[i])
		}
		widenSums(u.out, u.sums)
	default:
		in := row(y * c.v / f.maxV)
		for x := range f.columns {
			u.out[x] = in[x*c.h/f.maxH]
		}
	}
	return u.out
}

// widen doubles a row of three or more samples: each is 3/4 of the nearer one and
// 1/4 of the next. The halves are rounded down and up in turn.
func widen[S sample](out, in []S) {
	n := len(in)
	out = out[:2*n]
	out[0], out[2*n-1] = in[0], in[n-1]
	for i := 1; i < n; i++ {
		a, b := int32(in[i-1]), int32(in[i])
		out[2*i-1], out[2*i] = S((3*a+b+2)>>2), S((3*b+a+1)>>2)
	}
}

// widenSums does so with sums of two rows, four times as large.
func widenSums[S sample](out []S, in []int32) {
	n := len(in)
	out = out[:2*n]
	out[0], out[2*n-1] = S((4*in[0]+8)>>4), S((4*in[n-1]+7)>>4)
	for i := 1; i < n; i++ {
		a, b := in[i-1], in[i]
		out[2*i-1], out[2*i] = S((3*a+b+7)>>4), S((3*b+a+8)>>4)
	}
}
