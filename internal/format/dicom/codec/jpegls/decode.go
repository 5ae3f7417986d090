package jpegls

import (
	"bytes"
	"fmt"

	"sinso.dev/sinso"
)

// Decode reads an image, whatever its interleave mode. limit is the most bytes that
// Pixels may have. What stands behind the image is not looked at; its end marker may
// be missing.
//
// It is ErrCorrupt if data is no JPEG-LS image or ends before the image does,
// ErrUnsupported if the image is larger than limit, or has what the transfer
// syntaxes of DICOM have not: mapping tables, components of different sizes.
func Decode(data []byte, limit int64) (Image, error) {
	d := decoder{data: data, limit: limit}
	if m, err := d.marker(); err != nil || m != markSOI {
		return Image{}, fmt.Errorf("jpegls: decode: no start of an image: %w", sinso.ErrCorrupt)
	}
	for d.components == nil || d.decoded < len(d.components) {
		if err := d.next(); err != nil {
			return Image{}, err
		}
	}
	d.image.colours(d.transform)
	return d.image, nil
}

// next takes a marker with what belongs to it.
func (d *decoder) next() error {
	mark, err := d.marker()
	if err != nil {
		return err
	}
	s, err := d.segment()
	if err != nil {
		return err
	}
	switch {
	case mark == markSOF:
		return d.frame(s)
	case mark == markLSE:
		return d.presets(s)
	case mark == markDRI:
		return d.interval(s)
	case mark == markAPP8:
		return d.application(s)
	case mark == markSOS:
		h, err := d.scanHeader(s)
		if err != nil {
			return err
		}
		return d.scan(h)
	case mark&0xF0 == markAPP0, mark == markCOM, mark == markDNL:
		return nil
	default:
		return fmt.Errorf("jpegls: decode: marker %02X has no place here: %w", mark, sinso.ErrCorrupt)
	}
}

// entropy takes the data of a scan or a restart interval: up to a marker, or the end.
func (d *decoder) entropy() []byte {
	for at := 0; ; at++ {
		i := bytes.IndexByte(d.data[at:], 0xFF)
		if i < 0 || at+i+1 >= len(d.data) {
			data := d.data
			d.data = nil
			return data
		}
		if at += i; d.data[at+1] >= 0x80 {
			data := d.data[:at]
			d.data = d.data[at:]
			return data
		}
	}
}

// scan decodes a scan into the image.
func (d *decoder) scan(h scanHeader) error {
	p, err := d.parameters(h.near)
	if err != nil {
		return err
	}
	if d.decoded += len(h.components); d.decoded > len(d.components) {
		return fmt.Errorf("jpegls: decode: a component has more than one scan: %w", sinso.ErrCorrupt)
	}
	m := &d.image
	m.Near = max(m.Near, h.near)
	lines := d.restart
	if lines == 0 {
		lines = m.Rows
	}
	s := scan{model: newModel(p, h.near), in: reader{data: d.entropy()}}
	if d.image.Pixels == nil {
		if err := d.allocate(len(s.in.data)); err != nil {
			return err
		}
	}
	above, now := newLines(len(h.components), m.Columns), newLines(len(h.components), m.Columns)
	for y := range m.Rows {
		if y > 0 && y%lines == 0 {
			if err := d.restarted(y/lines-1, &s, above); err != nil {
				return err
			}
		}
		if err := s.lines(above, now, h.interleave); err != nil {
			return err
		}
		for i, component := range h.components {
			m.store(now[i][1:m.Columns+1], y, component)
		}
		above, now = now, above
	}
	m.Spare += s.in.unread()
	return nil
}

// allocate makes room for the pixels, once it is seen that each line can have a bit.
func (d *decoder) allocate(scanBytes int) error {
	m := &d.image
	if d.restart == 0 && scanBytes < m.Rows/8 {
		return errShort()
	}
	m.Pixels = make([]byte, m.Rows*m.Columns*m.Samples*m.bytes())
	return nil
}

// lines decodes a line of each component of a scan.
func (s *scan) lines(above, now [][]int32, interleave int) error {
	if interleave == bySample {
		return s.pixels(above, now)
	}
	for i := range now {
		if err := s.line(above[i], now[i], i); err != nil {
			return err
		}
	}
	return nil
}

// restarted begins a restart interval, the n-th from 0 that has a marker before it.
func (d *decoder) restarted(n int, s *scan, above [][]int32) error {
	if mark, err := d.marker(); err != nil || mark != byte(markRST+n%8) {
		return fmt.Errorf("jpegls: decode: restart marker %d is missing: %w", n%8, sinso.ErrCorrupt)
	}
	d.image.Spare += s.in.unread()
	s.in = reader{data: d.entropy()}
	s.start()
	for _, line := range above {
		clear(line)
	}
	return nil
}

// newLines returns a line for each component, with a sample more at each end.
func newLines(components, columns int) [][]int32 {
	lines := make([][]int32, components)
	for i := range lines {
		lines[i] = make([]int32, columns+2)
	}
	return lines
}

// store puts the samples of a line into the pixels.
func (m *Image) store(line []int32, y, component int) {
	at := (y*m.Columns*m.Samples + component) * m.bytes()
	if m.bytes() == 1 {
		out := m.Pixels[at:]
		for x, v := range line {
			out[x*m.Samples] = byte(v) //nolint:gosec // at most 8 bits
		}
		return
	}
	out := m.Pixels[at:]
	step := 2 * m.Samples
	for x, v := range line {
		out[x*step], out[x*step+1] = byte(v), byte(v>>8) //nolint:gosec // two bytes of 16 bits
	}
}
