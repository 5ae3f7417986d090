package deface

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
)

// View says from where a picture is drawn.
type View int

// The views: the eye looks at the patient's front, left or right side, or the back, with
// the head up.
const (
	Front View = iota
	Left
	Right
	Back
)

// maxPicture is the most pixels a side that Render draws.
const maxPicture = 1024

// Render draws the body's surface as seen from one side, by the light of a lamp
// beside the eye: a square grey picture of size pixels a side (at most 1024), black
// where there is nothing. A volume that is none gives a black picture.
func Render(v Volume, view View, size int) *image.Gray {
	pictures, err := RenderAll(context.Background(), v, size, view) //nolint:forbidigo // no caller waits on it: its time is bounded by the volume's
	if err != nil {
		size = min(max(size, 1), maxPicture)
		return image.NewGray(image.Rect(0, 0, size, size))
	}
	return pictures[0]
}

// RenderAll is [Render] of several views, which takes little longer than one. Returns
// ErrInvalid for a volume that is none, and the context's error.
func RenderAll(ctx context.Context, v Volume, size int, views ...View) ([]*image.Gray, error) {
	size = min(max(size, 1), maxPicture)
	s, err := newScene(ctx, v)
	if err != nil {
		return nil, err
	}
	near := s.grow(s.body, s.side)
	var out []*image.Gray
	for _, view := range views {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("deface: render: %w", err)
		}
		out = append(out, s.draw(near, view, size))
	}
	return out, nil
}

// draw draws one view; near is where the body may begin.
func (s *scene) draw(near mask, view View, size int) *image.Gray {
	picture := image.NewGray(image.Rect(0, 0, size, size))
	c := newCamera(s, view, size)
	depth := make([]float64, size*size)
	for y := range size {
		for x := range size {
			depth[y*size+x] = c.depth(s, near, float64(x), float64(y))
		}
	}
	for y := range size {
		for x := range size {
			picture.SetGray(x, y, color.Gray{Y: c.shade(depth, x, y)})
		}
	}
	return picture
}

// camera maps pixels to parallel rays.
type camera struct {
	size              int
	pixel             float64 // mm
	corner            vec     // the start of the ray of the first pixel
	right, down, look vec
	reach             float64 // mm
}

func newCamera(s *scene, view View, size int) camera {
	c := camera{size: size, right: vec{1, 0, 0}, down: vec{0, 0, -1}, look: vec{0, 1, 0}}
	switch view {
	case Front:
	case Left:
		c.right, c.look = vec{0, 1, 0}, vec{-1, 0, 0}
	case Right:
		c.right, c.look = vec{0, -1, 0}, vec{1, 0, 0}
	case Back:
		c.right, c.look = vec{-1, 0, 0}, vec{0, -1, 0}
	}
	extent := vec{float64(s.n[0]), float64(s.n[1]), float64(s.n[2])}.scale(s.side)
	middle := s.origin.add(extent.scale(0.5))
	longest := max(extent[0], extent[1], extent[2])
	c.pixel = longest / float64(size)
	c.reach = longest
	c.corner = middle.sub(c.right.add(c.down).add(c.look).scale(longest / 2))
	return c
}

// depth returns how far along its ray a pixel meets the body, in mm; NaN if it does not.
func (c camera) depth(s *scene, near mask, x, y float64) float64 {
	const step = 0.5 // mm
	from := c.corner.add(c.right.scale((x + 0.5) * c.pixel)).add(c.down.scale((y + 0.5) * c.pixel))
	for d := 0.0; d < c.reach; d += s.side {
		i := s.find(from.add(c.look.scale(d)))
		if i < 0 || !near[i] {
			continue
		}
		for fine := d - s.side; fine < d+s.side; fine += step {
			if s.smooth(from.add(c.look.scale(fine))) > s.threshold {
				return fine
			}
		}
	}
	return math.NaN()
}

// smooth returns the value between eight cells; what the volume has no value for is background.
func (s *scene) smooth(p vec) float64 {
	q := p.sub(s.origin).scale(1 / s.side)
	x, fx, ok1 := place(q[0], s.n[0])
	y, fy, ok2 := place(q[1], s.n[1])
	z, fz, ok3 := place(q[2], s.n[2])
	if !ok1 || !ok2 || !ok3 {
		return math.Inf(-1)
	}
	sum := 0.0
	for corner := range 8 {
		dx, dy, dz := corner&1, corner>>1&1, corner>>2
		i := s.index(min(x+dx, s.n[0]-1), min(y+dy, s.n[1]-1), min(z+dz, s.n[2]-1))
		value := s.threshold - 1
		if s.values[i] != unseen {
			value = float64(s.values[i])
		}
		weight := math.Abs(1-float64(dx)-fx) * math.Abs(1-float64(dy)-fy) * math.Abs(1-float64(dz)-fz)
		sum += value * weight
	}
	return sum
}

// shade lights a pixel by the slope of the surface.
func (c camera) shade(depth []float64, x, y int) uint8 {
	at := func(x, y int) float64 {
		x, y = min(max(x, 0), c.size-1), min(max(y, 0), c.size-1)
		return depth[y*c.size+x]
	}
	here := at(x, y)
	if math.IsNaN(here) {
		return 0
	}
	slope := func(a, b float64) float64 {
		if math.IsNaN(a) || math.IsNaN(b) {
			return 2
		}
		return (b - a) / (2 * c.pixel)
	}
	dx, dy := slope(at(x-1, y), at(x+1, y)), slope(at(x, y-1), at(x, y+1))
	// The lamp stands up and to the left of the eye.
	light := (1 + 0.4*dx + 0.5*dy) / math.Sqrt(1+dx*dx+dy*dy) / math.Sqrt(1+0.16+0.25)
	return uint8(30 + 225*min(max(light, 0), 1))
}
