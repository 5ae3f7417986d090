package burnedin

import (
	"image"
	"math"
	"math/rand/v2"

	"sinso.dev/sinso/internal/format/dicom"
)

// letters are drawn by lines between points of a grid that is 2 wide and 4 high,
// each point two digits, lines parted by spaces.
var letters = map[rune]string{
	'0': "0020240400", '1': "011014", '2': "002022020424", '3': "00202404 0222", '4': "000222 2024",
	'5': "200002222404", '6': "200004242202", '7': "002014", '8': "0020240400 0222", '9': "220200202404",
	'A': "041024 0323", 'D': "00102123140400", 'E': "20000424 0222", 'H': "0004 2024 0222", 'J': "2023140403",
	'K': "0004 2002 0224", 'L': "000424", 'M': "0400122024", 'N': "04002420", 'O': "0020240400", 'R': "0400202202 1224", 'S': "200002222404",
	'T': "0020 1014", 'X': "0024 2004", '-': "0222", '/': "2004", ' ': "",
}

// pen draws lines of text into a picture of coverage.
type pen struct {
	w, h  int
	cover []float64 // 0 to 1
}

func newPen(w, h int) *pen { return &pen{w, h, make([]float64, w*h)} }

// text draws a line whose letters are high pixels, its begin at x, y, turned by
// angle in radians, and returns the box of its ink.
func (p *pen) text(s string, x, y, high, thick, angle float64) image.Rectangle {
	box := image.Rectangle{Min: image.Pt(p.w, p.h)}
	sin, cos := math.Sincos(angle)
	unit, at := high/4, 0.
	for _, c := range s {
		var lastX, lastY float64
		begun := false
		stroke := letters[c]
		for i := 0; i+1 < len(stroke); i += 2 {
			if stroke[i] == ' ' {
				begun = false
				i--
				continue
			}
			u, v := at+float64(stroke[i]-'0')*unit, float64(stroke[i+1]-'0')*unit
			px, py := x+u*cos-v*sin, y+u*sin+v*cos
			if begun {
				box = p.line(lastX, lastY, px, py, thick, box)
			}
			lastX, lastY, begun = px, py, true
		}
		at += 3.2 * unit
	}
	return box
}

// line draws one line with round ends, and returns the box widened by its ink.
func (p *pen) line(x0, y0, x1, y1, thick float64, box image.Rectangle) image.Rectangle {
	r := thick/2 + 1
	for y := int(min(y0, y1) - r); y <= int(max(y0, y1)+r); y++ {
		for x := int(min(x0, x1) - r); x <= int(max(x0, x1)+r); x++ {
			if x < 0 || y < 0 || x >= p.w || y >= p.h {
				continue
			}
			dx, dy := x1-x0, y1-y0
			t := min(1, max(0, ((float64(x)-x0)*dx+(float64(y)-y0)*dy)/(dx*dx+dy*dy+1e-9)))
			far := math.Hypot(float64(x)-x0-t*dx, float64(y)-y0-t*dy)
			if c := min(1, max(0, thick/2+.5-far)); c > 0 {
				p.cover[y*p.w+x] = max(p.cover[y*p.w+x], c)
				if c > .25 {
					box.Min.X, box.Max.X = min(box.Min.X, x), max(box.Max.X, x+1)
					box.Min.Y, box.Max.Y = min(box.Min.Y, y), max(box.Max.Y, y+1)
				}
			}
		}
	}
	return box
}

// scene is synthetic anatomy: an ellipse with smooth shades, thin vessels and the
// noise of a detector, within 0 to 1.
func scene(w, h int, noise float64, r *rand.Rand) []float64 {
	out := make([]float64, w*h)
	type wave struct{ x, y, phase float64 }
	waves := make([]wave, 6)
	for i := range waves {
		waves[i] = wave{r.NormFloat64() * 9, r.NormFloat64() * 9, r.Float64() * 6}
	}
	vessels := newPen(w, h)
	for range 5 {
		x, y, a := r.Float64()*float64(w), r.Float64()*float64(h), r.Float64()*6
		for range 40 {
			a += r.NormFloat64() * .2
			sin, cos := math.Sincos(a)
			vessels.line(x, y, x+5*cos, y+5*sin, 3, image.Rectangle{})
			x, y = x+5*cos, y+5*sin
		}
	}
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w)-.5, float64(y)/float64(h)-.5
			i := y*w + x
			if u*u/.16+v*v/.2 < 1 {
				out[i] = .4 + .12*vessels.cover[i]
				for _, k := range waves {
					out[i] += .03 * math.Sin(k.x*u+k.y*v+k.phase)
				}
			} else {
				out[i] = .03
			}
		}
	}
	for range 4 { // no scanner is as sharp as a pen
		out = smooth(out, w, h)
	}
	for i := range out {
		out[i] = min(1, max(0, out[i]+noise*r.NormFloat64()))
	}
	return out
}

// smooth returns the mean of each pixel and its neighbours in rows and columns.
func smooth(v []float64, w, h int) []float64 {
	out := make([]float64, w*h)
	for y := range h {
		for x := range w {
			up, down, left, right := max(0, y-1), min(h-1, y+1), max(0, x-1), min(w-1, x+1)
			out[y*w+x] = (2*v[y*w+x] + v[up*w+x] + v[down*w+x] + v[y*w+left] + v[y*w+right]) / 6
		}
	}
	return out
}

// frameOf stores values of 0 to 1 as a frame of 8 bits, or of 16 with a sign.
func frameOf(v []float64, w, h, allocated int) dicom.Frame {
	f := dicom.Frame{Shape: dicom.Shape{
		Rows: h, Columns: w, Samples: 1, Allocated: allocated, Stored: allocated, High: allocated - 1,
		Signed: allocated == 16, Photometric: "MONOCHROME2",
	}, Data: make([]byte, w*h*allocated/8)}
	for i, x := range v {
		if allocated == 8 {
			put(f, i, uint32(x*255))
		} else {
			put(f, i, uint32(uint16(int16(x*4000-1000))))
		}
	}
	return f
}

// covered reports whether every pixel of a rectangle is in one of the boxes.
func covered(r image.Rectangle, boxes []image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
	pixel:
		for x := r.Min.X; x < r.Max.X; x++ {
			for _, b := range boxes {
				if image.Pt(x, y).In(b) {
					continue pixel
				}
			}
			return false
		}
	}
	return true
}

// lost returns how many pixels outside of the planted rectangles are in a box.
func lost(w, h int, planted, boxes []image.Rectangle) (n, outside int) {
	in := make([]uint8, w*h)
	paint := func(rs []image.Rectangle, v uint8) {
		for _, r := range rs {
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					in[y*w+x] = v
				}
			}
		}
	}
	paint(boxes, 1)
	paint(planted, 2)
	for _, v := range in {
		if v < 2 {
			outside++
			n += int(v)
		}
	}
	return n, outside
}
