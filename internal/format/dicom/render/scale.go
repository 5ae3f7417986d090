package render

import (
	"image"
	"math"
)

// painter gives the rows of a picture at the size of its frame.
type painter struct {
	channels int                            // bytes of a pixel: 1 gray, 3 red, green, blue
	row      func(dst []uint8, y, from int) // fills dst with pixels of row y, from column from on
}

// axis says of which source pixels each pixel of a picture is made in one
// direction, and of how much of each.
type axis struct {
	first  []int    // of the source
	end    []int    // of its weights: they begin where those of the one before end
	weight []uint32 // of first and those after it
	total  uint64   // of the weights of a pixel
}

// axisOf shrinks by the mean of the area and enlarges by the line between
// neighbours.
func axisOf(source, size int) axis {
	a := axis{first: make([]int, size), end: make([]int, size), weight: make([]uint32, 0, source+2*size)}
	if size > source {
		a.lines(source, size)
		return a
	}
	a.total = uint64(source) //nolint:gosec // positive
	for i := range size {
		left, right := i*source, (i+1)*source // in parts of which a source pixel has size
		a.first[i] = left / size
		for at := a.first[i]; at*size < right; at++ {
			a.weight = append(a.weight, uint32(min((at+1)*size, right)-max(at*size, left))) //nolint:gosec // up to size
		}
		a.end[i] = len(a.weight)
	}
	return a
}

func (a *axis) lines(source, size int) {
	a.total = uint64(2 * size) //nolint:gosec // positive
	for i := range size {
		at := max(0, (2*i+1)*source-size) // between centers of source pixels, which are 2*size apart
		a.first[i] = at / (2 * size)
		part := at % (2 * size)
		if a.first[i] >= source-1 {
			a.first[i], part = source-1, 0
		}
		a.weight = append(a.weight, uint32(2*size-part)) //nolint:gosec // up to 2*size
		if part > 0 {
			a.weight = append(a.weight, uint32(part))
		}
		a.end[i] = len(a.weight)
	}
}

// of returns the first source pixel and the weights for one of the picture.
func (a *axis) of(i int) (first int, weights []uint32) {
	start := 0
	if i > 0 {
		start = a.end[i-1]
	}
	return a.first[i], a.weight[start:a.end[i]]
}

// draw makes the picture: it takes each row of the frame at most once, in order.
func (p painter) draw(at placement) image.Image {
	c := newCanvas(p.channels, at)
	if at.width == at.columns && at.height == at.rows {
		line := make([]uint8, at.columns*p.channels)
		for y := range at.rows {
			p.row(line, at.top+y, at.left)
			c.put(y, line)
		}
		return c.image()
	}
	r := resampler{painter: p, at: at, x: axisOf(at.columns, at.width), have: [2]int{-1, -1}}
	r.source = make([]uint8, at.columns*p.channels)
	for i := range r.lines {
		r.lines[i] = make([]uint32, at.width*p.channels)
	}
	rows := axisOf(at.rows, at.height)
	sums, line := make([]uint64, at.width*p.channels), make([]uint8, at.width*p.channels)
	scale := 1 / (float64(rows.total) * float64(r.x.total))
	for y := range at.height {
		clear(sums)
		first, weights := rows.of(y)
		for k, weight := range weights {
			for i, v := range r.line(first + k) {
				sums[i] += uint64(v) * uint64(weight)
			}
		}
		for i, sum := range sums {
			line[i] = uint8(float64(sum)*scale + 0.5)
		}
		c.put(y, line)
	}
	return c.image()
}

// resampler scales rows in their direction. It keeps the last two: neighbours in
// the picture share them.
type resampler struct {
	painter
	at     placement
	x      axis
	source []uint8
	lines  [2][]uint32
	have   [2]int // row in each of lines
}

func (r *resampler) line(y int) []uint32 {
	line := r.lines[y&1]
	if r.have[y&1] == y {
		return line
	}
	r.have[y&1] = y
	r.row(r.source, r.at.top+y, r.at.left)
	if r.channels == 1 {
		r.gray(line)
		return line
	}
	for x := range r.at.width {
		first, weights := r.x.of(x)
		var red, green, blue uint32
		for k, weight := range weights {
			pixel := r.source[3*(first+k):][:3]
			red += uint32(pixel[0]) * weight
			green += uint32(pixel[1]) * weight
			blue += uint32(pixel[2]) * weight
		}
		line[3*x], line[3*x+1], line[3*x+2] = red, green, blue
	}
	return line
}

func (r *resampler) gray(line []uint32) {
	for x := range line {
		first, weights := r.x.of(x)
		var sum uint32
		for k, v := range r.source[first:][:len(weights)] {
			sum += uint32(v) * weights[k]
		}
		line[x] = sum
	}
}

// canvas takes the rows of a picture.
type canvas struct {
	gray   *image.Gray
	colour *image.RGBA
	at     placement
}

func newCanvas(channels int, at placement) canvas {
	bounds := image.Rect(0, 0, at.width, at.height)
	if channels == 1 {
		return canvas{gray: image.NewGray(bounds), at: at}
	}
	return canvas{colour: image.NewRGBA(bounds), at: at}
}

// put places row y, mirrored if it is to be.
func (c canvas) put(y int, line []uint8) {
	if c.at.mirrorY {
		y = c.at.height - 1 - y
	}
	if c.gray != nil {
		to := c.gray.Pix[y*c.gray.Stride:][:len(line)]
		copy(to, line)
		if c.at.mirrorX {
			for i, j := 0, len(to)-1; i < j; i, j = i+1, j-1 {
				to[i], to[j] = to[j], to[i]
			}
		}
		return
	}
	to := c.colour.Pix[y*c.colour.Stride:][:4*c.at.width]
	for x := range c.at.width {
		k := x
		if c.at.mirrorX {
			k = c.at.width - 1 - x
		}
		pixel := to[4*k:][:4]
		pixel[0], pixel[1], pixel[2], pixel[3] = line[3*x], line[3*x+1], line[3*x+2], math.MaxUint8
	}
}

func (c canvas) image() image.Image {
	if c.gray != nil {
		return c.gray
	}
	return c.colour
}
