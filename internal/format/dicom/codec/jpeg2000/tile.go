package jpeg2000

import "math"

// rect is half open.
type rect struct{ x0, y0, x1, y1 int }

func (r rect) empty() bool { return r.x0 >= r.x1 || r.y0 >= r.y1 }

// intersect returns the part of r that is in s.
func (r rect) intersect(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

// tile is a tile with its geometry (T.800 Annex B).
type tile struct {
	*tileParts
	order     uint8
	layers    int
	mct       bool
	sop, eph  bool
	parts     []tileComponent
	precincts []*precinct // of all components
	complete  bool        // no packet is missing
	spare     int         // bytes behind the last packet
}

// tileComponent is a component of a tile.
type tileComponent struct {
	rect
	*coding
	resolutions []resolution
}

// resolution is a resolution of a component of a tile.
type resolution struct {
	rect
	ppx, ppy     int // logarithms of a precinct's sides
	across, down int // precincts
	bands        []band
}

// band is a sub-band.
type band struct {
	rect
	orientation int
	planes      int     // of bits that magnitudes may have, with the region of interest
	step        float32 // what a magnitude with its bit of fraction is multiplied with
	atX, atY    int     // of the band in the plane of the component
}

// precinct is what packets are of.
type precinct struct {
	component, resolution, number int
	x, y                          int // on the reference grid, for the progressions by position
	layers                        int // that were read
	bands                         []precinctBand
}

// precinctBand is the part of a band that is in a precinct.
type precinctBand struct {
	*band
	across, down int
	blocks       []block
	inclusion    tagTree
	zeroPlanes   tagTree
}

// block is a code-block. Its place is in the band.
type block struct {
	rect
	included bool
	spare    int // bytes that its passes did not need
	planes   int
	lblock   int
	segments []segment
}

// segment is a codeword segment: what one run of a decoder takes.
type segment struct {
	passes, most int
	data         []byte
}

// newTile computes the geometry of a tile. most bounds the packets that can follow,
// and so the precincts that there may be.
func (h *codestream) newTile(index, most int) (*tile, error) {
	parts := &h.tiles[index]
	general := h.main.tile
	if parts.tile.set {
		general = parts.tile
	}
	t := &tile{tileParts: parts, order: general.order, layers: general.layers, mct: general.mct, sop: general.sop, eph: general.eph}
	across := h.tilesAcross()
	p, q := index%across, index/across
	area := rect{
		max(h.tileX0+p*h.tx, h.x0), max(h.tileY0+q*h.ty, h.y0),
		min(h.tileX0+(p+1)*h.tx, h.x1), min(h.tileY0+(q+1)*h.ty, h.y1),
	}
	for c := range h.components {
		if err := h.addComponent(t, c, area, most); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// addComponent adds a component with its resolutions and precincts.
func (h *codestream) addComponent(t *tile, c int, area rect, most int) error {
	of := h.components[c]
	tc := tileComponent{
		rect:   rect{ceilDiv(area.x0, of.dx), ceilDiv(area.y0, of.dy), ceilDiv(area.x1, of.dx), ceilDiv(area.y1, of.dy)},
		coding: h.coding(&t.params, c),
	}
	quantised, roi := h.quantisation(&t.params, c), h.shift(&t.params, c)
	for r := range tc.levels + 1 {
		down := tc.levels - r
		size := tc.precincts[r]
		res := resolution{
			rect: rect{ceilShift(tc.x0, down), ceilShift(tc.y0, down), ceilShift(tc.x1, down), ceilShift(tc.y1, down)},
			ppx:  int(size & 15), ppy: int(size >> 4),
		}
		if !res.empty() {
			res.across = ceilShift(res.x1, res.ppx) - res.x0>>res.ppx
			res.down = ceilShift(res.y1, res.ppy) - res.y0>>res.ppy
		}
		if res.across > most || res.down > most || res.across*res.down > most-len(t.precincts) {
			return corrupt("more precincts than bytes of packets")
		}
		if err := res.addBands(&tc, r, of.precision, roi, quantised); err != nil {
			return err
		}
		for k := range res.across * res.down {
			t.precincts = append(t.precincts, &precinct{
				component: c, resolution: r, number: k,
				x: position(area.x0, of.dx, res.x0, res.ppx, down, k%res.across),
				y: position(area.y0, of.dy, res.y0, res.ppy, down, k/res.across),
			})
		}
		tc.resolutions = append(tc.resolutions, res)
	}
	t.parts = append(t.parts, tc)
	return nil
}

// position returns where on the reference grid the n-th row or column of precincts
// of a resolution begins, as the progressions count it (T.800 §B.12.1.3). The
// resolution begins at start and its component has down more of them.
func position(tile, sampling, start, pp, down, n int) int {
	if n == 0 && (start<<down)%(1<<(pp+down)) != 0 {
		return tile
	}
	return (start>>pp + n) << (pp + down) * sampling
}

// addBands adds the bands of resolution r (T.800 §B.5).
func (r *resolution) addBands(tc *tileComponent, n, precision, roi int, q *quantisation) error {
	first, last := bandHL, bandHH
	if n == 0 {
		first, last = bandLL, bandLL
	}
	for o := first; o <= last; o++ {
		level := tc.levels - n + 1
		if n == 0 {
			level = tc.levels
		}
		xo, yo := o&1, o>>1
		b := band{orientation: o}
		b.rect = rect{
			bandEdge(tc.x0, xo, level), bandEdge(tc.y0, yo, level),
			bandEdge(tc.x1, xo, level), bandEdge(tc.y1, yo, level),
		}
		if n > 0 {
			below := tc.resolutions[n-1]
			b.atX, b.atY = xo*(below.x1-below.x0), yo*(below.y1-below.y0)
		}
		step, ok := q.of(n, o)
		if !ok {
			return corrupt("fewer steps of quantisation than bands")
		}
		b.planes = q.guard + step.exponent - 1 + roi
		gain := xo + yo // T.800 Table E.1
		b.step = float32(math.Ldexp(1+float64(step.mantissa)/2048, precision+gain-step.exponent-1))
		r.bands = append(r.bands, b)
	}
	return nil
}

// bandEdge is T.800 equation B-15.
func bandEdge(at, odd, level int) int {
	if level == 0 {
		return at
	}
	return ceilShift(at-odd<<(level-1), level)
}

// open makes the code-blocks of a precinct, when its first packet is not empty.
func (p *precinct) open(tc *tileComponent) {
	r := &tc.resolutions[p.resolution]
	px, py := r.x0>>r.ppx+p.number%r.across, r.y0>>r.ppy+p.number/r.across
	ppx, ppy := r.ppx, r.ppy
	if p.resolution > 0 {
		ppx, ppy = ppx-1, ppy-1
	}
	xcb, ycb := min(tc.xcb, ppx), min(tc.ycb, ppy)
	p.bands = make([]precinctBand, 0, len(r.bands))
	for i := range r.bands {
		b := &r.bands[i]
		area := rect{px << ppx, py << ppy, (px + 1) << ppx, (py + 1) << ppy}.intersect(b.rect)
		pb := precinctBand{band: b}
		if !area.empty() {
			pb.divide(area, xcb, ycb)
		}
		p.bands = append(p.bands, pb)
	}
}

// divide makes the code-blocks of an area (T.800 §B.7).
func (b *precinctBand) divide(area rect, xcb, ycb int) {
	x, y := area.x0>>xcb, area.y0>>ycb
	b.across, b.down = ceilShift(area.x1, xcb)-x, ceilShift(area.y1, ycb)-y
	b.blocks = make([]block, b.across*b.down)
	for i := range b.blocks {
		cx, cy := x+i%b.across, y+i/b.across
		b.blocks[i].rect = rect{cx << xcb, cy << ycb, (cx + 1) << xcb, (cy + 1) << ycb}.intersect(area)
	}
	b.inclusion, b.zeroPlanes = newTagTree(b.across, b.down), newTagTree(b.across, b.down)
}
