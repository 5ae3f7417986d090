package jpeg2000

import "math"

// canvas is the image that tiles are drawn on.
type canvas struct {
	image      Image
	components []component
	area       rect // on the grid of the finest component
	dx, dy     int  // of that, on the reference grid
	whole      rect // on the reference grid
}

func newCanvas(h *codestream) *canvas {
	first := h.components[0]
	c := &canvas{components: h.components, dx: first.dx, dy: first.dy, whole: rect{h.x0, h.y0, h.x1, h.y1}}
	for _, of := range h.components {
		c.dx, c.dy = min(c.dx, of.dx), min(c.dy, of.dy)
	}
	c.area = rect{ceilDiv(h.x0, c.dx), ceilDiv(h.y0, c.dy), ceilDiv(h.x1, c.dx), ceilDiv(h.y1, c.dy)}
	c.image = Image{
		Rows: c.area.y1 - c.area.y0, Columns: c.area.x1 - c.area.x0, Samples: len(h.components),
		Precision: first.precision, Signed: first.signed,
	}
	return c
}

// size returns the bytes of Pixels, or more than any limit where an int64 can't hold them.
func (c *canvas) size() int64 {
	m := &c.image
	pixels := int64(m.Rows) * int64(m.Columns) // below 2^62
	each := int64(m.Samples * sampleBytes(m.Precision))
	if pixels > math.MaxInt64/each {
		return math.MaxInt64
	}
	return pixels * each
}

// draw puts the samples of a component of a tile in their place, with the shift of
// level (T.800 §G.1) and within the range of the precision.
func (c *canvas) draw(of int, area rect, cells []int32) {
	m := &c.image
	if m.Pixels == nil {
		m.Pixels = make([]byte, c.size())
	}
	low, high := int32(0), int32(1)<<m.Precision-1
	shift := int32(1) << (m.Precision - 1)
	if m.Signed {
		low, high, shift = -shift, shift-1, 0
	}
	for i, v := range cells {
		cells[i] = min(high, max(low, v+shift))
	}
	columns := c.columns(of, area)
	for y := area.y0; y < area.y1; y++ {
		row := cells[(y-area.y0)*(area.x1-area.x0):][:area.x1-area.x0]
		first, behind := c.cover(y, c.components[of].dy, c.dy, c.whole.y0, c.whole.y1, c.area.y0, m.Rows)
		for to := first; to < behind; to++ {
			c.row(m.Pixels, to*m.Columns, of, row, columns)
		}
	}
}

// columns returns where each column of an area begins in the image, and where the
// last ends; nil where each is one column.
func (c *canvas) columns(of int, area rect) []int {
	columns := make([]int, 0, area.x1-area.x0+1)
	for x := area.x0; x < area.x1; x++ {
		first, behind := c.cover(x, c.components[of].dx, c.dx, c.whole.x0, c.whole.x1, c.area.x0, c.image.Columns)
		if x == area.x0 {
			columns = append(columns, first)
		}
		columns = append(columns, behind)
	}
	return columns
}

// cover returns which rows (or columns) of the image the sample at a coordinate of
// a component stands for: those from itself to the next sample's, and at the edges
// those without one.
func (*canvas) cover(at, step, finest, start, end, origin, count int) (first, behind int) {
	first, behind = ceilDiv(at*step, finest)-origin, ceilDiv((at+1)*step, finest)-origin
	if at == ceilDiv(start, step) {
		first = 0
	}
	if at == ceilDiv(end, step)-1 {
		behind = count
	}
	return max(0, first), min(count, behind)
}

// row writes a row of one component; pixel is the number of the row's first pixel.
func (c *canvas) row(pixels []byte, pixel, of int, row []int32, columns []int) {
	m := &c.image
	size := sampleBytes(m.Precision)
	step := size * m.Samples
	if len(row) == 0 {
		return
	}
	to := pixels[(pixel+columns[0])*step+of*size:]
	at := 0
	for i, v := range row {
		for range columns[i+1] - columns[i] {
			switch size {
			case 1:
				to[at] = byte(v) //nolint:gosec // the lower byte is all of it
			case 2:
				pair := to[at : at+2]
				pair[0], pair[1] = byte(v), byte(v>>8) //nolint:gosec // both bytes
			default:
				four := to[at : at+4]
				four[0], four[1], four[2], four[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24) //nolint:gosec // all bytes
			}
			at += step
		}
	}
}

// untransformRCT undoes the reversible transform of colours (T.800 §G.2.2).
func untransformRCT(a, b, c []int32) {
	b, c = b[:len(a)], c[:len(a)]
	for i, y := range a {
		u, v := b[i], c[i]
		green := y - (u+v)>>2
		a[i], b[i], c[i] = v+green, green, u+green
	}
}

// untransformICT undoes the irreversible one (T.800 §G.3.2).
func untransformICT(a, b, c []float32) {
	b, c = b[:len(a)], c[:len(a)]
	for i, y := range a {
		blue, red := b[i], c[i]
		a[i] = y + 1.402*red
		b[i] = y - 0.344136*blue - 0.714136*red
		c[i] = y + 1.772*blue
	}
}

// rounded returns the nearest whole numbers. What a hostile image makes too large
// is cut to what the level shift can't carry over an int32.
func rounded(cells []float32) []int32 {
	const most = 1 << 28
	out := make([]int32, len(cells))
	for i, v := range cells {
		out[i] = int32(math.RoundToEven(float64(max(-most, min(most, v)))))
	}
	return out
}
