//nolint:gosec // coefficients are checked to be of 16 bits
package jpeg

import (
	"bytes"
	"image"
	"math"
)

// Blank returns the stream of one frame with rectangles blanked in the domain of its
// coefficients: no sample is decoded, and no block outside loses anything.
//
// A block of a component that a rectangle touches keeps no coefficient but a DC that
// is the component's background; so does what lies beyond the edge of the frame next
// to it. In a component that is subsampled the rectangle is one of its samples larger
// on each side first, since decoders interpolate. So every pixel in a rectangle is
// blank, and none is changed that is further from it than the side of an MCU and one
// such sample: up to 7 pixels in a component that is not subsampled, 18 where two
// pixels share a sample. Every other block keeps all its coefficients. A background
// at an end or in the middle of the samples' range is met exactly, others as near as
// the quantisation table allows. Rectangles are in pixels from the top left; parts
// outside the frame are ignored.
//
// Frame header, scans, restart intervals and quantisation stay; a progressive frame
// (T.81 §G) is written with two scans of each component. What may show what was blanked
// goes: Huffman tables, which encoders fit to all blocks, so that a guess can be tried
// against them (the best for what is left take their places); tables that no scan uses,
// thumbnails, application data but JFIF's and Adobe's of the colours, comments, and what
// is around the stream. So the result depends on nothing of a blanked block.
//
// background is asked once for the value of each component, 0 to 1<<Precision - 1; it
// is given what the stream says of itself, without pixels. Its error is returned.
//
// It is ErrCorrupt for a stream that is damaged or cut off, ErrUnsupported for another
// process than Huffman-coded DCT (lossless too) or a frame of more than limit bytes
// once decoded. Beside the result, planes of that size and two bytes a sample are kept.
func Blank(data []byte, boxes []image.Rectangle, limit int64, background func(Image) ([]uint16, error)) ([]byte, error) {
	d, err := newDecoder(data, limit)
	if err != nil {
		return nil, err
	}
	b := blanker{decoder: d}
	ended, err := d.each(b.interpret)
	if err == nil {
		err = d.complete(ended)
	}
	if err != nil {
		return nil, err
	}
	m := Image{
		Rows: d.frame.rows, Columns: d.frame.columns, Samples: len(d.frame.components), Precision: d.frame.precision,
		Transform: d.transform(),
	}
	values, err := background(m)
	if err != nil {
		return nil, err
	}
	if len(values) != m.Samples {
		return nil, invalid("a background of %d components for %d", len(values), m.Samples)
	}
	for i := range d.frame.components {
		c := &d.frame.components[i]
		dc := flatDC(int32(values[i]), c.quant[0], m.Precision)
		for _, box := range boxes {
			c.blank(c.touched(box, d.frame), dc)
		}
	}
	return b.write()
}

// blanker reads the coefficients of a stream, and remembers what else is written again.
type blanker struct {
	*decoder
	header      []byte    // of the frame
	application [2][]byte // JFIF, Adobe
	layouts     []layout
}

// layout is how a scan of a sequential frame is written.
type layout struct {
	*scan
	header   []byte
	interval int
	tables   [2][]byte // by class: the destination of each component's table
}

// interpret reads one marker segment.
func (b *blanker) interpret(marker byte, body []byte) error {
	if marker == markerSOS && b.frame != nil && b.frame.process != markerSOF2 {
		return b.scan(body)
	}
	if err := b.decoder.interpret(marker, body); err != nil {
		return err
	}
	switch marker {
	case markerSOF0, markerSOF1, markerSOF2:
		b.begin(marker, body)
	case markerSOF3:
		return unsupported("the process of marker FF%02X has no coefficients", marker)
	case markerAPP0:
		if bytes.HasPrefix(body, []byte("JFIF\x00")) {
			b.application[0] = make([]byte, 14)
			copy(b.application[0][:12], body) // no thumbnail
		}
	case markerAPP14:
		if len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")) {
			b.application[1] = body[:12]
		}
	}
	return nil
}

// begin makes room for the coefficients instead of samples.
func (b *blanker) begin(marker byte, body []byte) {
	b.header = bytes.Clone(body)
	b.header[1], b.header[2] = byte(b.frame.rows>>8), byte(b.frame.rows) // if DNL said them
	for i := range b.frame.components {
		c := &b.frame.components[i]
		c.narrow, c.words = nil, nil
		if marker != markerSOF2 {
			c.coefficients = make([]int16, c.wide*c.high*64)
		}
	}
}

// scan reads the coefficients of a scan of a sequential frame.
func (b *blanker) scan(body []byte) error {
	s, err := b.scanHeader(body)
	if err != nil {
		return err
	}
	l := layout{scan: s, header: body, interval: b.interval}
	for i := range s.components {
		l.tables[0] = append(l.tables[0], body[2+2*i]>>4)
		l.tables[1] = append(l.tables[1], body[2+2*i]&15)
	}
	if err := b.claim(s); err != nil {
		return err
	}
	b.layouts = append(b.layouts, l)
	b.realign()
	defer b.realign()
	one := [64]int32{}
	for k := range one {
		one[k] = 1
	}
	var block [64]int32
	return b.eachBlock(s, func(i, x, y int) {
		c := s.components[i]
		c.pred, _ = b.block(&block, &one, s.dc[i], s.ac[i], c.pred)
		b.bad = b.bad || c.pred < math.MinInt16 || c.pred > math.MaxInt16
		out := c.unit(x, y)
		for k, at := range zigzag {
			out[k] = int16(block[at&63])
		}
	})
}

// unit returns the coefficients of a block, in zigzag order.
func (c *component) unit(x, y int) *[64]int16 {
	return (*[64]int16)(c.coefficients[(y*c.wide+x)*64:])
}

// touched returns the blocks of a component that a rectangle touches.
func (c *component) touched(box image.Rectangle, f *frame) image.Rectangle {
	box = box.Canon().Intersect(image.Rect(0, 0, f.columns, f.rows))
	if box.Empty() {
		return image.Rectangle{}
	}
	var out image.Rectangle
	out.Min.X, out.Max.X = units(box.Min.X, box.Max.X, c.h, f.maxH, c.columns, c.wide)
	out.Min.Y, out.Max.Y = units(box.Min.Y, box.Max.Y, c.v, f.maxV, c.rows, c.high)
	return out
}

// units returns the range of blocks that pixels from, up to before end, touch in one
// direction. The component has by samples for each most pixels, samples in all, and
// blocks of them.
func units(from, end, by, most, samples, blocks int) (first, behind int) {
	first, last := from*by/most, ((end-1)*by)/most
	if by < most {
		first, last = max(first-1, 0), last+1
	}
	if last >= samples-1 {
		return min(first, samples-1) / 8, blocks
	}
	return first / 8, last/8 + 1
}

// blank leaves a DC coefficient in blocks, and nothing else.
func (c *component) blank(blocks image.Rectangle, dc int16) {
	for y := blocks.Min.Y; y < blocks.Max.Y; y++ {
		for x := blocks.Min.X; x < blocks.Max.X; x++ {
			*c.unit(x, y) = [64]int16{dc}
		}
	}
}

// flatDC returns the quantised DC coefficient of a block of one value: at the ends of
// the range one that is clamped to it, else the nearest.
func flatDC(value, quant int32, precision int) int16 {
	centre := int32(1) << (precision - 1)
	want := (min(value, 2*centre-1) - centre) * 8
	quant = max(quant, 1)
	switch value {
	case 0:
		return int16(-((-want + quant - 1) / quant))
	case 2*centre - 1:
		return int16((want + quant - 1) / quant)
	}
	if want < 0 {
		return int16(-((-want + quant/2) / quant))
	}
	return int16((want + quant/2) / quant)
}
