package jpeg

// maxScans bounds the work on one frame. Each scan of a progressive frame sends a
// bit that was not sent before; real ones have some ten, at most some fifty.
const maxScans = 128

// scan is a scan header (T.81 §B.2.3).
type scan struct {
	components []*component
	dc, ac     []*table // of each component
	start, end int      // of the spectral selection; start is the predictor if lossless
	high, low  uint     // successive approximation; low is the point transform if lossless

	mcuX, mcuY int // MCUs
	run        int // progressive: blocks yet to come whose band is at its end
}

// scan reads a scan header and the data that follows.
func (d *decoder) scan(body []byte) error {
	f := d.frame
	if f == nil {
		return corrupt("a scan before the frame header")
	}
	if d.scans++; d.scans > maxScans {
		return unsupported("more than %d scans", maxScans)
	}
	s, err := d.scanHeader(body)
	if err != nil {
		return err
	}
	d.realign()
	switch f.process {
	case markerSOF3:
		err = d.lossless(s)
	case markerSOF2:
		err = d.progressive(s)
	default:
		err = d.sequential(s)
	}
	d.spare += d.unread()
	d.realign()
	return err
}

// scanHeader reads a scan header, but for the tables it needs by process.
func (d *decoder) scanHeader(body []byte) (*scan, error) {
	if len(body) < 1 || body[0] < 1 || body[0] > 4 || len(body) != 4+2*int(body[0]) {
		return nil, corrupt("a scan header of %d bytes", len(body))
	}
	n := int(body[0])
	rest := body[1+2*n:]
	s := &scan{start: int(rest[0]), end: int(rest[1]), high: uint(rest[2] >> 4), low: uint(rest[2] & 15)}
	blocks := 0
	for i := range n {
		c := d.frame.byID(body[1+2*i], i, n)
		dc, ac := body[2+2*i]>>4, body[2+2*i]&15
		if c == nil || dc > 3 || ac > 3 {
			return nil, corrupt("component %d of a scan is none, or has no tables", i)
		}
		for _, other := range s.components {
			if other == c {
				return nil, corrupt("a component is twice in a scan")
			}
		}
		s.components = append(s.components, c)
		s.dc, s.ac = append(s.dc, d.huffman[0][dc]), append(s.ac, d.huffman[1][ac])
		blocks += c.h * c.v
	}
	s.mcuX, s.mcuY = d.frame.mcuX, d.frame.mcuY
	if n == 1 { // its MCU is one block or sample (T.81 §A.2.2)
		c, unit := s.components[0], 8
		if d.frame.process == markerSOF3 {
			unit = 1
		}
		s.mcuX, s.mcuY = ceil(c.columns, unit), ceil(c.rows, unit)
	} else if blocks > maxBlocks {
		return nil, corrupt("an MCU of %d blocks", blocks)
	}
	return s, nil
}

// byID finds a component of the frame. Where several have one name, which encoders
// of RGB images wrote, the place in a scan of all of them decides.
func (f *frame) byID(id byte, place, n int) *component {
	if n == len(f.components) && f.components[place].id == id {
		return &f.components[place]
	}
	for i := range f.components {
		if f.components[i].id == id {
			return &f.components[i]
		}
	}
	return nil
}

// eachBlock calls visit for the blocks of a scan in their order (T.81 §A.2), with
// the component's place in the scan and the block's in its plane.
func (d *decoder) eachBlock(s *scan, visit func(i, x, y int)) error {
	until := d.interval
	next := byte(markerRST0)
	for my := range s.mcuY {
		for mx := range s.mcuX {
			if d.interval > 0 {
				if until == 0 {
					if err := d.restart(next); err != nil {
						return err
					}
					s.reset()
					until, next = d.interval, markerRST0+(next+1)&7
				}
				until--
			}
			if len(s.components) == 1 {
				visit(0, mx, my)
			} else {
				for i, c := range s.components {
					for v := range c.v {
						for h := range c.h {
							visit(i, mx*c.h+h, my*c.v+v)
						}
					}
				}
			}
			if d.failed() {
				return d.why()
			}
		}
	}
	return nil
}

// restart goes behind a restart marker. Another than the expected one means that a
// part of the data is lost.
func (d *decoder) restart(want byte) error {
	if d.failed() {
		return d.why()
	}
	d.spare += d.unread()
	d.realign()
	at := d.at
	if marker, ok := d.marker(); !ok || marker != want {
		return corrupt("no restart marker FF%02X behind offset %d", want, at)
	}
	return nil
}

// reset is what a restart does to a scan (T.81 §F.2.1.3.1, §G.1.2.2).
func (s *scan) reset() {
	for _, c := range s.components {
		c.pred = 0
	}
	s.run = 0
}

// ready checks that the tables that a scan needs are there, and latches the
// quantisation tables, which may change until the next scan.
func (d *decoder) ready(s *scan, dc, ac bool) error {
	for i, c := range s.components {
		if dc && (s.dc[i] == nil || s.dc[i].most > 15) || ac && s.ac[i] == nil {
			return corrupt("a Huffman table of component %d of a scan lacks", i)
		}
		if c.quant == nil {
			if c.quant = d.quant[c.tq]; c.quant == nil {
				return corrupt("the quantisation table of component %d of a scan lacks", i)
			}
		}
	}
	s.reset()
	return nil
}

// claim makes a scan of a sequential frame ready. Each component has one.
func (d *decoder) claim(s *scan) error {
	if err := d.ready(s, true, true); err != nil {
		return err
	}
	for _, c := range s.components {
		if c.seen {
			return corrupt("a component is in two scans")
		}
		c.seen = true
	}
	return nil
}

// sequential decodes a scan of a baseline or extended frame (T.81 §F.2).
func (d *decoder) sequential(s *scan) error {
	if err := d.claim(s); err != nil {
		return err
	}
	precision := d.frame.precision
	var block [64]int32
	return d.eachBlock(s, func(i, x, y int) {
		c := s.components[i]
		var full bool
		c.pred, full = d.block(&block, c.quant, s.dc[i], s.ac[i], c.pred)
		c.put(&block, x, y, precision, full)
	})
}

// put reconstructs a block. full is whether it has more than a DC coefficient.
func (c *component) put(block *[64]int32, x, y, precision int, full bool) {
	at := y*8*c.stride + x*8
	switch {
	case c.narrow == nil && full:
		idct(block, c.words[at:], c.stride, precision)
	case c.narrow == nil:
		flatBlock(block[0], c.words[at:], c.stride, precision)
	case full:
		idct(block, c.narrow[at:], c.stride, precision)
	default:
		flatBlock(block[0], c.narrow[at:], c.stride, precision)
	}
}
