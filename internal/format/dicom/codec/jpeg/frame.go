package jpeg

// maxBlocks is how many blocks or samples an MCU of several components may have
// (T.81 §B.2.3).
const maxBlocks = 10

// frame is a frame header (T.81 §B.2.2) with what is decoded of it.
type frame struct {
	process       byte // its marker
	precision     int
	rows, columns int
	components    []component
	maxH, maxV    int // the largest sampling factors
	mcuX, mcuY    int // MCUs of a scan of all components
	shifted       bool
}

// component is one component of a frame.
type component struct {
	id, tq        byte
	h, v          int // sampling factors
	rows, columns int // of samples that count
	wide, high    int // of the planes, in blocks, or in samples if lossless: whole MCUs
	quant         *[64]int32
	pred          int32 // DC coefficient of the block before

	// What there is of it: a plane of samples by precision, rows of stride, and
	// for progressive frames the coefficients of its blocks, each in zigzag order.
	narrow       []uint8
	words        []uint16
	stride       int
	coefficients []int16
	filled       []byte // of each block, whether it has AC coefficients
	seen         bool
	exact        [64]int8 // progressive: 1 + the lowest bit of a coefficient that was sent; 0: none
}

// startFrame reads a frame header and takes the memory it needs.
func (d *decoder) startFrame(marker byte, body []byte) error {
	if d.frame != nil {
		return corrupt("a second frame header")
	}
	if len(body) < 6 {
		return corrupt("a frame header of %d bytes", len(body))
	}
	f := &frame{
		process: marker, precision: int(body[0]),
		rows: int(body[1])<<8 | int(body[2]), columns: int(body[3])<<8 | int(body[4]),
		components: make([]component, body[5]),
	}
	n := len(f.components)
	if n < 1 || n > 4 || len(body) != 6+3*n {
		return corrupt("a frame header of %d bytes with %d components", len(body), n)
	}
	if f.rows == 0 {
		f.rows = d.lines()
	}
	if f.rows == 0 || f.columns == 0 {
		return corrupt("a frame of %d rows, %d columns", f.rows, f.columns)
	}
	lossless := marker == markerSOF3
	if lossless && (f.precision < 2 || f.precision > 16) || !lossless && f.precision != 8 && f.precision != 12 {
		return unsupported("%d bits in the process of marker FF%02X", f.precision, marker)
	}
	if size := int64(f.rows) * int64(f.columns) * int64(n*sampleBytes(f.precision)); size > d.limit {
		return unsupported("a frame of %d bytes, %d are allowed", size, d.limit)
	}
	for i := range f.components {
		c, b := &f.components[i], body[6+3*i:]
		c.id, c.h, c.v, c.tq = b[0], int(b[1]>>4), int(b[1]&15), b[2]
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.tq > 3 {
			return corrupt("component %d has sampling factors %d, %d and quantisation table %d", i, c.h, c.v, c.tq)
		}
		f.maxH, f.maxV = max(f.maxH, c.h), max(f.maxV, c.v)
	}
	d.frame = f
	return d.takeMemory()
}

// lines looks ahead for the number of lines, which is in a DNL segment behind the
// first scan if the frame header has none (T.81 §B.2.5). It is 0 if there is none.
func (d *decoder) lines() int {
	look := decoder{bitReader: bitReader{data: d.data, at: d.at}}
	scanned := false
	for {
		marker, ok := look.marker()
		switch {
		case !ok || marker == markerEOI:
			return 0
		case marker >= markerRST0 && marker <= markerRST7:
			continue
		case scanned && marker != markerDNL:
			return 0
		}
		body, err := look.segment()
		if err != nil {
			return 0
		}
		if marker == markerDNL && len(body) == 2 {
			return int(body[0])<<8 | int(body[1])
		}
		scanned = marker == markerSOS
	}
}

// takeMemory lays out the components. Every block of a frame takes a bit or two,
// every sample of a lossless one a bit: if there are fewer left, nothing is taken.
func (d *decoder) takeMemory() error {
	f := d.frame
	unit, least := 8, 2
	switch f.process {
	case markerSOF2:
		least = 1
	case markerSOF3:
		unit, least = 1, 1
	}
	f.mcuX, f.mcuY = ceil(f.columns, unit*f.maxH), ceil(f.rows, unit*f.maxV)
	need := 0
	for i := range f.components {
		c := &f.components[i]
		c.columns, c.rows = ceil(f.columns*c.h, f.maxH), ceil(f.rows*c.v, f.maxV)
		c.wide, c.high = f.mcuX*c.h, f.mcuY*c.v
		c.stride = c.wide * unit
		need += ceil(c.columns, unit) * ceil(c.rows, unit) * least
	}
	if left := len(d.data) - d.at; ceil(need, 8) > left {
		return corrupt("a frame of %d rows, %d columns in %d bytes: cut off", f.rows, f.columns, left)
	}
	if f.process == markerSOF3 && f.level() {
		d.pixels = make([]byte, f.rows*f.columns*len(f.components)*sampleBytes(f.precision))
		return nil
	}
	for i := range f.components {
		c := &f.components[i]
		switch size := c.stride * c.high * unit; {
		case f.process == markerSOF3 || f.precision > 8:
			c.words = make([]uint16, size)
		default:
			c.narrow = make([]uint8, size)
		}
		if f.process == markerSOF2 {
			c.coefficients, c.filled = make([]int16, c.wide*c.high*64), make([]byte, c.wide*c.high)
		}
	}
	return nil
}

// level reports whether no component is subsampled.
func (f *frame) level() bool {
	for i := range f.components {
		c := &f.components[i]
		if len(f.components) > 1 && (c.h != 1 || c.v != 1) {
			return false
		}
	}
	return true
}

// complete reports whether all of a component was decoded. A progressive one need
// not be sent to the last bit, but then the end of image shows that nothing lacks.
func (c *component) complete(f *frame, ended bool) bool {
	if f.process != markerSOF2 {
		return c.seen
	}
	if c.exact[0] == 0 {
		return false
	}
	for _, e := range c.exact {
		if e != 1 && !ended {
			return false
		}
	}
	return true
}

func ceil(n, by int) int { return (n + by - 1) / by }
