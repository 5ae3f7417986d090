package jpeg

import (
	"bytes"
)

// Markers (T.81 Table B.1).
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential
	markerSOF2  = 0xC2 // progressive
	markerSOF3  = 0xC3 // lossless
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerSOF15 = 0xCF
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerDNL   = 0xDC
	markerDRI   = 0xDD
	markerAPP0  = 0xE0
	markerAPP14 = 0xEE
	markerSOF55 = 0xF7 // JPEG-LS (T.87)
	markerTEM   = 0x01
)

// decoder is the state of one stream.
type decoder struct {
	bitReader // at is where the next segment is, too
	limit     int64

	quant    [4]*[64]int32 // by Tq, in zigzag order
	huffman  [2][4]*table  // by class (0 DC and lossless, 1 AC) and destination
	interval int           // MCUs between restarts; 0: none
	scans    int
	spare    int // bytes of scans that nothing was decoded from
	color    ColorTransform
	adobe    int // transform of APP14, or -1

	frame  *frame
	pixels []byte // of lossless frames without subsampling, which need no planes
}

// Decode reads one frame. What is before the start of image, fill bytes and
// leftovers before markers, and what follows the end are ignored; the end of image
// may lack if nothing else does.
//
// A stream that is damaged or cut off is ErrCorrupt, and none of it is returned. One
// of another process (arithmetic coding, hierarchical, JPEG-LS), or of more than
// limit bytes once decoded, is ErrUnsupported. Beside the pixels, planes of at most
// their size and, for progressive frames, coefficients of two bytes a sample are
// kept while decoding.
func Decode(data []byte, limit int64) (Image, error) {
	d, err := newDecoder(data, limit)
	if err != nil {
		return Image{}, err
	}
	ended, err := d.each(d.interpret)
	if err != nil {
		return Image{}, err
	}
	return d.finish(ended)
}

// newDecoder is a decoder behind the start of image.
func newDecoder(data []byte, limit int64) (*decoder, error) {
	start := bytes.Index(data, []byte{0xFF, markerSOI})
	if start < 0 {
		return nil, corrupt("no start of image in %d bytes", len(data))
	}
	return &decoder{bitReader: bitReader{data: data, at: start + 2}, limit: limit, adobe: -1}, nil
}

// each calls interpret with every marker segment. It reports whether there was an end
// of image.
func (d *decoder) each(interpret func(marker byte, body []byte) error) (ended bool, err error) {
	for {
		marker, ok := d.marker()
		if !ok || marker == markerEOI {
			return ok, nil
		}
		if marker >= markerRST0 && marker <= markerSOI || marker == markerTEM {
			continue // they have no parameters, and mean nothing here
		}
		body, err := d.segment()
		if err != nil {
			return false, err
		}
		if err := interpret(marker, body); err != nil {
			return false, err
		}
	}
}

// marker goes behind the next marker.
func (d *decoder) marker() (byte, bool) {
	for d.at < len(d.data) {
		next := bytes.IndexByte(d.data[d.at:], 0xFF)
		if next < 0 {
			break
		}
		for d.at += next; d.at < len(d.data) && d.data[d.at] == 0xFF; d.at++ {
			continue // fill bytes
		}
		if d.at < len(d.data) {
			d.at++
			if code := d.data[d.at-1]; code != 0 {
				return code, true
			}
		}
	}
	d.at = len(d.data)
	return 0, false
}

// segment returns the parameters of a marker and goes behind them.
func (d *decoder) segment() ([]byte, error) {
	left := d.data[d.at:]
	if len(left) < 2 {
		return nil, corrupt("cut off in a marker segment at offset %d", d.at)
	}
	length := int(left[0])<<8 | int(left[1])
	if length < 2 || length > len(left) {
		return nil, corrupt("a marker segment at offset %d says %d bytes, %d are left", d.at, length, len(left))
	}
	d.at += length
	return left[2:length], nil
}

// interpret reads one marker segment, and the scan that follows if it begins one.
func (d *decoder) interpret(marker byte, body []byte) error {
	switch marker {
	case markerDHT:
		return d.huffmanTables(body)
	case markerDQT:
		return d.quantTables(body)
	case markerDRI:
		if len(body) != 2 {
			return corrupt("a restart interval of %d bytes", len(body))
		}
		d.interval = int(body[0])<<8 | int(body[1])
		return nil
	case markerSOS:
		return d.scan(body)
	case markerAPP0, markerAPP14:
		d.application(marker, body)
		return nil
	case markerSOF0, markerSOF1, markerSOF2, markerSOF3:
		return d.startFrame(marker, body)
	case markerSOF55:
		return unsupported("the stream is JPEG-LS")
	default:
		if marker > markerSOF3 && marker <= markerSOF15 && marker != markerJPG {
			return unsupported("the process of marker FF%02X", marker)
		}
		return nil // comments, other application data, DNL (see frame.lines)
	}
}

// quantTables reads DQT (T.81 §B.2.4.1).
func (d *decoder) quantTables(body []byte) error {
	for len(body) > 0 {
		size, to := 64, body[0]&15
		if body[0]>>4 == 1 {
			size = 128
		}
		if body[0]>>4 > 1 || to > 3 || len(body) < 1+size {
			return corrupt("a quantisation table of %d bytes", len(body))
		}
		q := new([64]int32)
		for i := range q {
			if size == 64 {
				q[i] = int32(body[1+i])
			} else {
				q[i] = int32(body[1+2*i])<<8 | int32(body[2+2*i])
			}
		}
		d.quant[to] = q
		body = body[1+size:]
	}
	return nil
}

// huffmanTables reads DHT (T.81 §B.2.4.2).
func (d *decoder) huffmanTables(body []byte) error {
	for len(body) > 0 {
		class, to := body[0]>>4, body[0]&15
		if class > 1 || to > 3 || len(body) < 17 {
			return corrupt("a Huffman table of %d bytes", len(body))
		}
		counts := [16]byte(body[1:17])
		n := 0
		for _, count := range counts {
			n += int(count)
		}
		if n > 256 || len(body) < 17+n {
			return corrupt("a Huffman table of %d codes in %d bytes", n, len(body))
		}
		additional := byte(0x1F)
		if class == 1 {
			additional = 0x0F
		}
		t := newTable(&counts, body[17:17+n], additional)
		if t == nil {
			return corrupt("a Huffman table that is no prefix code")
		}
		d.huffman[class][to] = t
		body = body[17+n:]
	}
	return nil
}

// application reads what APP0 (JFIF 1.02) and APP14 (Adobe Technical Note 5116) say
// of the colours. Adobe's word counts more.
func (d *decoder) application(marker byte, body []byte) {
	switch {
	case marker == markerAPP0 && bytes.HasPrefix(body, []byte("JFIF\x00")):
		d.color = ColorJFIF
	case marker == markerAPP14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		d.adobe = int(body[11])
	}
}

// transform returns what the stream said of its colours.
func (d *decoder) transform() ColorTransform {
	components := d.frame.components
	switch n := len(components); {
	case n < 3:
		return ColorUnknown
	case d.adobe == 0 && n == 3:
		return ColorRGB
	case d.adobe == 0:
		return ColorCMYK
	case d.adobe == 1 && n == 3:
		return ColorYCbCr
	case d.adobe == 2 && n == 4:
		return ColorYCCK
	case n == 3 && d.color == ColorUnknown && components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B':
		return ColorRGB
	case n == 3:
		return d.color
	}
	return ColorUnknown
}

// complete reports what lacks of the frame. ended is whether there was an end of image.
func (d *decoder) complete(ended bool) error {
	if d.frame == nil {
		return corrupt("no frame in %d bytes", len(d.data))
	}
	for i := range d.frame.components {
		if !d.frame.components[i].complete(d.frame, ended) {
			return corrupt("the data of component %d is not all there", i)
		}
	}
	return nil
}

// finish makes the image of what was decoded. ended is whether there was an end of
// image.
func (d *decoder) finish(ended bool) (Image, error) {
	f := d.frame
	if err := d.complete(ended); err != nil {
		return Image{}, err
	}
	m := Image{
		Rows: f.rows, Columns: f.columns, Samples: len(f.components), Precision: f.precision,
		Lossless: f.process == markerSOF3 && !f.shifted, Transform: d.transform(), Spare: d.spare,
	}
	if f.process == markerSOF2 {
		f.reconstruct()
	}
	m.Pixels = d.pixels
	if m.Pixels == nil {
		m.Pixels = f.assemble()
	}
	return m, nil
}
