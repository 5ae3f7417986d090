package jpegls

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"

	"sinso.dev/sinso"
)

// Markers, T.81 Table B.1 and T.87 Table C.1.
const (
	markRST  = 0xD0 // to 0xD7
	markSOI  = 0xD8
	markEOI  = 0xD9
	markSOS  = 0xDA
	markDNL  = 0xDC
	markDRI  = 0xDD
	markAPP0 = 0xE0 // to 0xEF
	markAPP8 = 0xE8
	markSOF  = 0xF7 // SOF55
	markLSE  = 0xF8
	markCOM  = 0xFE
)

// Interleave modes, T.87 §C.2.3.
const (
	byPlane = iota
	byLine
	bySample
)

// decoder reads an image, marker by marker.
type decoder struct {
	data       []byte // from the next marker on
	limit      int64
	image      Image
	components []byte // their identifiers
	given      preset // by LSE; zeros are defaults
	restart    int    // lines between restart markers, 0: none
	transform  byte   // of colours, by APP8 of HP's encoder
	decoded    int    // components
}

// marker takes the next marker. Fill bytes of ones may stand before it.
func (d *decoder) marker() (byte, error) {
	if len(d.data) < 2 || d.data[0] != 0xFF {
		return 0, fmt.Errorf("jpegls: decode: no marker %d bytes before the end: %w", len(d.data), sinso.ErrCorrupt)
	}
	for len(d.data) > 2 && d.data[1] == 0xFF {
		d.data = d.data[1:]
	}
	m := d.data[1]
	d.data = d.data[2:]
	return m, nil
}

// segment takes the parameters that follow a marker.
func (d *decoder) segment() ([]byte, error) {
	if len(d.data) >= 2 {
		if n := int(binary.BigEndian.Uint16(d.data)); n >= 2 && n <= len(d.data) {
			s := d.data[2:n]
			d.data = d.data[n:]
			return s, nil
		}
	}
	return nil, errSegment()
}

func errSegment() error {
	return fmt.Errorf("jpegls: decode: a marker segment of a length that cannot be: %w", sinso.ErrCorrupt)
}

func unsupported(what string) error {
	return fmt.Errorf("jpegls: decode: %s: %w", what, sinso.ErrUnsupported)
}

// frame takes the frame header, T.87 §C.2.2.
func (d *decoder) frame(s []byte) error {
	if d.components != nil || len(s) < 6 || len(s) != 6+3*int(s[5]) {
		return errSegment()
	}
	m := Image{
		Precision: int(s[0]), Rows: int(binary.BigEndian.Uint16(s[1:])),
		Columns: int(binary.BigEndian.Uint16(s[3:])), Samples: int(s[5]),
	}
	switch {
	case m.Rows == 0 || m.Columns == 0:
		return unsupported("the size of the image is not in its frame header")
	case m.Precision < 2 || m.Precision > 16:
		return fmt.Errorf("jpegls: decode: a precision of %d bits: %w", m.Precision, sinso.ErrCorrupt)
	case m.Samples < 1 || m.Samples > 4:
		return unsupported("more components than four, or none")
	}
	if size := int64(m.Rows) * int64(m.Columns) * int64(m.Samples) * int64(m.bytes()); size > d.limit {
		return fmt.Errorf("jpegls: decode: an image of %d bytes, %d are allowed: %w", size, d.limit, sinso.ErrUnsupported)
	}
	for i := range m.Samples {
		if s[7+3*i] != 0x11 {
			return unsupported("components of different sizes")
		}
		d.components = append(d.components, s[6+3*i])
	}
	d.image = m
	return nil
}

// presets takes preset parameters, T.87 §C.2.4.1.
func (d *decoder) presets(s []byte) error {
	if len(s) < 1 {
		return errSegment()
	}
	if s[0] != 1 {
		return unsupported("a mapping table or a size of 32 bits")
	}
	if len(s) != 11 {
		return errSegment()
	}
	get := func(i int) int { return int(binary.BigEndian.Uint16(s[i:])) }
	d.given = preset{maxval: get(1), t1: get(3), t2: get(5), t3: get(7), reset: int32(get(9))} //nolint:gosec // 16 bits
	return nil
}

// parameters returns what holds for a scan, T.87 Table C.1 to C.3.
func (d *decoder) parameters(near int) (preset, error) {
	largest := 1<<d.image.Precision - 1
	maxval := cmp.Or(d.given.maxval, largest)
	if maxval > largest || near > min(255, maxval/2) {
		return preset{}, fmt.Errorf("jpegls: decode: coding parameters that cannot be: %w", sinso.ErrCorrupt)
	}
	p := defaults(maxval, near)
	p.t1, p.t2 = cmp.Or(d.given.t1, p.t1), cmp.Or(d.given.t2, p.t2)
	p.t3, p.reset = cmp.Or(d.given.t3, p.t3), cmp.Or(d.given.reset, p.reset)
	if p.t1 <= near || p.t2 < p.t1 || p.t3 < p.t2 || p.t3 > maxval || p.reset < 3 {
		return preset{}, fmt.Errorf("jpegls: decode: coding parameters that cannot be: %w", sinso.ErrCorrupt)
	}
	return p, nil
}

// interval takes the restart interval, T.87 §C.2.5: two to four bytes of lines.
func (d *decoder) interval(s []byte) error {
	if len(s) < 2 || len(s) > 4 {
		return errSegment()
	}
	d.restart = 0
	for _, b := range s {
		d.restart = d.restart<<8 | int(b)
	}
	return nil
}

// application takes an APP8 segment. One of HP's encoder names a transform of
// colours; others, such as a SPIFF header, are passed over.
func (d *decoder) application(s []byte) error {
	if len(s) != 5 || string(s[:4]) != "mrfx" {
		return nil
	}
	if d.transform = s[4]; d.transform > transformHP3 {
		return unsupported("a transform of colours that is not known")
	}
	return nil
}

// scanHeader is what a scan says of itself, T.87 §C.2.3.
type scanHeader struct {
	components       []int
	near, interleave int
}

func (d *decoder) scanHeader(s []byte) (h scanHeader, err error) {
	if d.components == nil || len(s) < 1 || len(s) != 4+2*int(s[0]) {
		return h, errSegment()
	}
	n := int(s[0])
	seen := uint(0)
	for i := range n {
		for k, id := range d.components {
			if id == s[1+2*i] && seen>>k&1 == 0 {
				h.components = append(h.components, k)
				seen |= 1 << k
				break
			}
		}
		if s[2+2*i] != 0 {
			return h, unsupported("a mapping table")
		}
	}
	h.near, h.interleave = int(s[1+2*n]), int(s[2+2*n])
	switch {
	case len(h.components) != n || n != bits.OnesCount(seen),
		h.interleave > bySample, n == 0, n > 1 && h.interleave == byPlane:
		return h, fmt.Errorf("jpegls: decode: a scan of components or an interleave mode that cannot be: %w", sinso.ErrCorrupt)
	case s[3+2*n] != 0:
		return h, unsupported("a point transform")
	}
	if n == 1 {
		h.interleave = byPlane
	}
	return h, nil
}
