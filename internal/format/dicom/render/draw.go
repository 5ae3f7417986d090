package render

import (
	"encoding/binary"
	"image"
	"math"
)

// source is one native frame and how to read it (PS3.3 C.7.6.3).
type source struct {
	rows, columns int
	samples       int // per pixel: 1 or 3
	allocated     int // bits: 1, 8 or 16
	stored        int // bits
	high          int // bit
	signed        bool
	planar        bool // samples apart
	data          []byte
	order         binary.ByteOrder
}

// bytes is how long the frame must be.
func (s *source) bytes() int64 {
	return (int64(s.rows)*int64(s.columns)*int64(s.samples)*int64(s.allocated) + 7) / 8
}

// value returns a sample as it is stored: shifted, masked, its sign extended.
func (s *source) value(pixel, sample int) int {
	i := pixel*s.samples + sample
	if s.planar {
		i = sample*s.rows*s.columns + pixel
	}
	var raw int
	switch s.allocated {
	case 1:
		return int(s.data[i/8]>>(i%8)) & 1
	case 8:
		raw = int(s.data[i])
	default:
		raw = int(s.order.Uint16(s.data[2*i:]))
	}
	raw = raw >> (s.high + 1 - s.stored) & (1<<s.stored - 1)
	if s.signed && raw&(1<<(s.stored-1)) != 0 {
		raw -= 1 << s.stored
	}
	return raw
}

// size is that of the picture: not above maxSide, and never enlarged.
func (s *source) size(maxSide int) (width, height int) {
	longest := max(s.rows, s.columns)
	if longest <= maxSide {
		return s.columns, s.rows
	}
	return max(1, s.columns*maxSide/longest), max(1, s.rows*maxSide/longest)
}

// shade turns one pixel into red, green and blue; gray ones are equal.
type shade func(pixel int) [3]uint8

// picture scales a frame down by taking the mean of the pixels that fall on each
// one of the picture. It reads every pixel at most once.
func (s *source) picture(maxSide int, gray bool, of shade) image.Image {
	width, height := s.size(maxSide)
	grays, colours := image.NewGray(image.Rect(0, 0, 0, 0)), image.NewRGBA(image.Rect(0, 0, 0, 0))
	if gray {
		grays = image.NewGray(image.Rect(0, 0, width, height))
	} else {
		colours = image.NewRGBA(image.Rect(0, 0, width, height))
	}
	for y := range height {
		top, bottom := y*s.rows/height, (y+1)*s.rows/height
		for x := range width {
			mean := s.mean(x*s.columns/width, (x+1)*s.columns/width, top, bottom, of)
			if gray {
				grays.Pix[y*grays.Stride+x] = mean[0]
				continue
			}
			copy(colours.Pix[y*colours.Stride+4*x:], []uint8{mean[0], mean[1], mean[2], math.MaxUint8})
		}
	}
	if gray {
		return grays
	}
	return colours
}

func (s *source) mean(left, right, top, bottom int, of shade) [3]uint8 {
	var sum [3]int
	for row := top; row < bottom; row++ {
		for column := left; column < right; column++ {
			c := of(row*s.columns + column)
			for i := range sum {
				sum[i] += int(c[i])
			}
		}
	}
	n := (right - left) * (bottom - top)
	var mean [3]uint8
	for i := range mean {
		mean[i] = uint8(sum[i] / n) //nolint:gosec // the mean of bytes
	}
	return mean
}

// window maps values to gray (PS3.3 C.11.2.1.2.1, linear).
type window struct{ centre, width float64 }

// gray returns 0 to 255.
func (w window) gray(v float64) uint8 {
	if w.width <= 1 {
		if v <= w.centre-0.5 {
			return 0
		}
		return math.MaxUint8
	}
	y := ((v-(w.centre-0.5))/(w.width-1) + 0.5) * math.MaxUint8
	return uint8(min(max(y, 0), math.MaxUint8))
}

// full is the window that shows every value of the frame.
func (s *source) full(rescale func(int) float64) window {
	lowest, highest := math.Inf(1), math.Inf(-1)
	for pixel := range s.rows * s.columns {
		v := rescale(s.value(pixel, 0))
		lowest, highest = min(lowest, v), max(highest, v)
	}
	return window{centre: (lowest+highest)/2 + 0.5, width: highest - lowest + 1}
}
