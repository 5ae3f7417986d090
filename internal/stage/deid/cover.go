package deid

import "image"

// cover counts how much of an object's frames was found to be writing. What a region or
// a template blanks in every frame, and what a person drew, is not part of a frame here:
// it says nothing of how much of the rest is text.
type cover struct {
	bounds      image.Rectangle
	mask        []bool // pixels of the frame at hand that are blanked, row by row
	found, left int    // pixels of all frames: found to be writing, and not blanked otherwise
}

// add counts the marks of one frame, which was decoded: its size is true. A pixel under
// several marks counts once.
func (c *cover) add(marks []Mark) {
	if c.mask == nil {
		c.mask = make([]bool, c.bounds.Dx()*c.bounds.Dy())
	}
	clear(c.mask)
	otherwise := 0
	for _, mark := range marks {
		if mark.By != ByDetection {
			otherwise += c.paint(mark.Box)
		}
	}
	c.left += len(c.mask) - otherwise
	for _, mark := range marks {
		if mark.By == ByDetection {
			c.found += c.paint(mark.Box)
		}
	}
}

// paint sets the pixels of a box, and returns how many of them were not set.
func (c *cover) paint(box image.Rectangle) int {
	box = box.Intersect(c.bounds)
	fresh := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := c.mask[y*c.bounds.Dx()+box.Min.X : y*c.bounds.Dx()+box.Max.X]
		for x := range row {
			if !row[x] {
				row[x] = true
				fresh++
			}
		}
	}
	return fresh
}

// share is that of writing in what is not blanked otherwise, from 0 to 1; 1 if nothing is left.
func (c *cover) share() float64 {
	if c.left == 0 {
		return 1
	}
	return float64(c.found) / float64(c.left)
}
