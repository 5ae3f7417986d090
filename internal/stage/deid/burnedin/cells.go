package burnedin

import (
	"image"
	"math/bits"
	"slices"
)

const (
	side  = 8 // pixels of a cell's side
	block = 4 // cells of the side of a block, whose median is the local noise
)

// sums is what is counted in a cell, or added up over several.
type sums struct {
	pixels                   float32
	over20, over40           float32 // pixels whose top-hat is over so many percent of the highest around
	over60, over80           float32
	across, down, rise, fall float32 // where a stroke's edge lies between neighbours: in a row, a column, the diagonals
	jump                     float32 // how far the top-hat jumps at the edges in rows and columns, of the highest
	value, square            float32 // of the pixels over 60 percent, less the frame's lowest: summed, and squared
	rest, restStep           float32 // pixels under 20 percent, and how far their neighbours in the row differ
	extreme                  float32 // pixels that have the frame's highest value
}

func (s *sums) add(o *sums) {
	s.pixels += o.pixels
	s.over20 += o.over20
	s.over40 += o.over40
	s.over60 += o.over60
	s.over80 += o.over80
	s.across += o.across
	s.down += o.down
	s.rise += o.rise
	s.fall += o.fall
	s.jump += o.jump
	s.value += o.value
	s.square += o.square
	s.rest += o.rest
	s.restStep += o.restStep
	s.extreme += o.extreme
}

// grid is a plane cut into cells of side × side pixels, with what is known of each.
type grid struct {
	plane, hat plane
	nx, ny     int
	low, high  int32     // the plane's lowest and highest value
	floor      float32   // contrast below which nothing is looked at
	top        float32   // the highest top-hat of all
	peak       []float32 // by cell: the highest top-hat
	near       []float32 // the highest of the cell and its eight neighbours
	noise      []float32 // by block: the median of the cells' mean top-hats
	clutter    []float32 // by block: the upper quartile of the cells' peaks
	bx, by     int
	cells      []sums
}

// newGrid measures the cells of a plane. What is lower than floor is left out.
func newGrid(p plane, floor float32) *grid {
	g := &grid{plane: p, hat: tophat(p), nx: (p.w + side - 1) / side, ny: (p.h + side - 1) / side, floor: floor}
	g.low, g.high = p.v[0], p.v[0]
	for _, v := range p.v {
		g.low, g.high = min(g.low, v), max(g.high, v)
	}
	g.peaks()
	g.near = make([]float32, g.nx*g.ny)
	for y := range g.ny {
		for x := range g.nx {
			var near float32
			g.around(x, y, 1, func(i int) { near = max(near, g.peak[i]) })
			g.near[y*g.nx+x] = near
		}
	}
	g.cells = make([]sums, g.nx*g.ny)
	for y := range g.ny {
		for x := range g.nx {
			if g.candidate(x, y) {
				g.around(x, y, windows-1, g.count)
			}
		}
	}
	return g
}

// candidate reports whether something stands out of a cell.
func (g *grid) candidate(x, y int) bool {
	peak := g.peak[y*g.nx+x]
	return peak >= g.floor && peak >= 2*g.noise[y/block*g.bx+x/block] && peak > .3*g.near[y*g.nx+x]
}

// around calls f for each cell that is at most n from the one at x, y.
func (g *grid) around(x, y, n int, f func(i int)) {
	for cy := max(0, y-n); cy <= min(g.ny-1, y+n); cy++ {
		for cx := max(0, x-n); cx <= min(g.nx-1, x+n); cx++ {
			f(cy*g.nx + cx)
		}
	}
}

// peaks finds the highest and the mean top-hat of each cell, and of the blocks
// what is usual in them.
func (g *grid) peaks() {
	g.peak = make([]float32, g.nx*g.ny)
	mean := make([]float32, g.nx*g.ny)
	for cy := range g.ny {
		y1 := min((cy+1)*side, g.hat.h)
		for cx := range g.nx {
			x0, x1 := cx*side, min((cx+1)*side, g.hat.w)
			var peak int32
			var sum int64
			for y := cy * side; y < y1; y++ {
				for _, v := range g.hat.v[y*g.hat.w+x0 : y*g.hat.w+x1] {
					peak = max(peak, v)
					sum += int64(v)
				}
			}
			i := cy*g.nx + cx
			g.peak[i] = float32(peak)
			mean[i] = float32(sum) / float32((y1-cy*side)*(x1-x0))
			g.top = max(g.top, g.peak[i])
		}
	}
	g.bx, g.by = (g.nx+block-1)/block, (g.ny+block-1)/block
	g.noise, g.clutter = make([]float32, g.bx*g.by), make([]float32, g.bx*g.by)
	var a, b [block * block]float32
	for y := range g.by {
		for x := range g.bx {
			n := 0
			for cy := y * block; cy < min((y+1)*block, g.ny); cy++ {
				for cx := x * block; cx < min((x+1)*block, g.nx); cx++ {
					a[n], b[n] = mean[cy*g.nx+cx], g.peak[cy*g.nx+cx]
					n++
				}
			}
			slices.Sort(a[:n])
			slices.Sort(b[:n])
			g.noise[y*g.bx+x], g.clutter[y*g.bx+x] = a[n/2], b[n*3/4]
		}
	}
}

// count fills what is counted in a cell, once.
func (g *grid) count(cell int) {
	s, near := &g.cells[cell], g.near[cell]
	if s.pixels > 0 || near < g.floor {
		return
	}
	x0, y0 := cell%g.nx*side, cell/g.nx*side
	r := image.Rect(x0, y0, min(x0+side, g.hat.w), min(y0+side, g.hat.h))
	s.pixels = float32(r.Dx() * r.Dy())
	g.countEdges(r, near, s)
	g.countHeights(r, near, s)
}

// countEdges counts where strokes begin and end: between a pixel and the ones before
// it, in the cell or not.
func (g *grid) countEdges(r image.Rectangle, near float32, s *sums) {
	half := int32(near * .5)
	inside := (uint32(1)<<(r.Dx()+1) - 1) &^ 1 // bit 0 is the pixel before the cell
	before := g.mask(r.Min.X, max(0, r.Min.Y-1), r.Max.X, half)
	var across, down, rise, fall int
	var jump int64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		hat, hatUp := g.hat.v[y*g.hat.w:], g.hat.v[max(0, y-1)*g.hat.w:]
		mask := g.mask(r.Min.X, y, r.Max.X, half)
		edges := (mask ^ mask<<1) & inside
		across += bits.OnesCount32(edges)
		for m := edges; m != 0; m &= m - 1 {
			x := r.Min.X + bits.TrailingZeros32(m) - 1
			d := hat[x] - hat[max(0, x-1)]
			jump += int64(max(d, -d))
		}
		edges = (mask ^ before) & inside
		down += bits.OnesCount32(edges)
		for m := edges; m != 0; m &= m - 1 {
			x := r.Min.X + bits.TrailingZeros32(m) - 1
			d := hat[x] - hatUp[x]
			jump += int64(max(d, -d))
		}
		rise += bits.OnesCount32((mask<<1 ^ before) & inside &^ 2)
		fall += bits.OnesCount32((mask ^ before<<1) & inside)
		before = mask
	}
	s.across, s.down, s.rise, s.fall = float32(across), float32(down), float32(rise), float32(fall)
	s.jump = float32(jump) / near
}

// countHeights counts how high the pixels of a cell stand, what values the highest
// have, and how still the others are.
func (g *grid) countHeights(r image.Rectangle, near float32, s *sums) {
	t20, t40, t60, t80 := int32(near*.2), int32(near*.4), int32(near*.6), int32(near*.8)
	var n20, n40, n60, n80, rest, extreme int
	var restStep, value int64
	var square float64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		hat, val := g.hat.v[y*g.hat.w:], g.plane.v[y*g.hat.w:]
		for x := r.Min.X; x < r.Max.X; x++ {
			t := hat[x]
			if t < t20 {
				rest++
				d := val[x] - val[max(0, x-1)]
				restStep += int64(max(d, -d))
				continue
			}
			n20++
			if t > t40 {
				n40++
			}
			if t > t60 {
				n60++
				v := int64(val[x] - g.low)
				value += v
				square += float64(v) * float64(v)
				if val[x] == g.high {
					extreme++
				}
			}
			if t > t80 {
				n80++
			}
		}
	}
	s.over20, s.over40, s.over60, s.over80 = float32(n20), float32(n40), float32(n60), float32(n80)
	s.value, s.square, s.extreme = float32(value), float32(square), float32(extreme)
	s.rest, s.restStep = float32(rest), float32(restStep)
}

// mask returns bit 1 and on for the pixels from x0 to x1 whose top-hat is over t,
// and bit 0 for the one before them.
func (g *grid) mask(x0, y, x1 int, t int32) uint32 {
	row := g.hat.v[y*g.hat.w : y*g.hat.w+x1]
	var m uint32
	if row[max(0, x0-1)] > t {
		m = 1
	}
	for i, v := range row[x0:] {
		m |= uint32(t-v) >> 31 << (i + 1) //nolint:gosec // the sign's bit
	}
	return m
}
