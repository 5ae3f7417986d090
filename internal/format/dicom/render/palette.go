package render

import (
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// palettePainter draws samples that are places in three tables (PS3.3 C.7.9).
func palettePainter(h *header, frame dicom.Frame) (painter, error) {
	if frame.Stored > narrowBits {
		return painter{}, fmt.Errorf("render: places of %d bits in a palette: %w", frame.Stored, sinso.ErrUnsupported)
	}
	c := cellsOf(frame)
	seen := c.seen(frame.Rows * frame.Columns)
	colours := make([][3]uint8, 1<<narrowBits)
	for i := range 3 {
		table, err := h.palette(dicom.Tag(i), frame.Signed)
		if err != nil {
			return painter{}, err
		}
		for key, is := range seen {
			if is {
				colours[key][i] = table.colour8(table.at(c.value(key)))
			}
		}
	}
	keys := make([]uint16, frame.Columns)
	return painter{channels: 3, row: func(dst []uint8, y, from int) {
		some := keys[:len(dst)/3]
		c.keys(some, y*frame.Columns+from)
		for i, key := range some {
			copy(dst[3*i:], colours[key][:])
		}
	}}, nil
}

// palette reads the table of one colour: 0 is red.
func (h *header) palette(colour dicom.Tag, signed bool) (lut, error) {
	descriptor, ok := h.words(tagPalette + colour)
	if !ok {
		return lut{}, fmt.Errorf("render: no palette: %w", sinso.ErrCorrupt)
	}
	if data, ok := h.words(tagColours + colour); ok {
		return readLUT(descriptor, data, signed)
	}
	segments, ok := h.words(tagSegmented + colour)
	if !ok {
		return lut{}, fmt.Errorf("render: no palette: %w", sinso.ErrCorrupt)
	}
	table, n, err := readDescriptor(descriptor, signed)
	if err != nil {
		return lut{}, err
	}
	s := segmented{data: segments, size: 2, most: n}
	if table.bits == 8 {
		s.size = 1
	}
	if err := s.expand(0, math.MaxInt, false); err != nil {
		return lut{}, err
	}
	if len(s.out) == 0 {
		return lut{}, segmentsWrong("none")
	}
	table.entries = s.out
	return table, nil
}

// segmented is a table written in segments (PS3.3 C.7.9.2).
type segmented struct {
	data []byte
	size int // bytes of a number
	most int // entries that the descriptor allows
	out  []uint16
}

// The kinds of segment (PS3.3 C.7.9.2).
const (
	discrete = 0
	straight = 1
	indirect = 2
)

func segmentsWrong(what string) error {
	return fmt.Errorf("render: the segments of a palette: %s: %w", what, sinso.ErrCorrupt)
}

// expand appends what count segments from at on say; it ends with the data. No
// segment is empty and a copy has no copies in it, so the table bounds their number.
func (s *segmented) expand(at, count int, copied bool) error {
	for ; count > 0 && at+2*s.size <= len(s.data) && len(s.out) < s.most; count-- {
		kind, n := s.number(at), s.number(at+s.size)
		at += 2 * s.size
		if n == 0 {
			return segmentsWrong("an empty one")
		}
		switch {
		case kind == discrete && n <= (len(s.data)-at)/s.size && n <= s.most-len(s.out):
			for range n {
				s.out = append(s.out, uint16(s.number(at))) //nolint:gosec // at most 16 bits
				at += s.size
			}
		case kind == straight && at+s.size <= len(s.data) && n <= s.most-len(s.out) && len(s.out) > 0:
			s.line(n, s.number(at))
			at += s.size
		case kind == indirect && !copied && at+4 <= len(s.data):
			offset := int(binary.LittleEndian.Uint32(s.data[at:]))
			at += 4
			if offset >= len(s.data) {
				return segmentsWrong("a place outside")
			}
			if err := s.expand(offset, n, true); err != nil {
				return err
			}
		default:
			return segmentsWrong("a kind or a length")
		}
	}
	return nil
}

func (s *segmented) number(at int) int {
	if s.size == 1 {
		return int(s.data[at])
	}
	return int(binary.LittleEndian.Uint16(s.data[at:]))
}

// line appends n entries that lead straight from the last one to end.
func (s *segmented) line(n, end int) {
	start := int(s.out[len(s.out)-1])
	for i := 1; i <= n; i++ {
		v := math.Round(float64(start) + float64((end-start)*i)/float64(n))
		s.out = append(s.out, uint16(v))
	}
}
