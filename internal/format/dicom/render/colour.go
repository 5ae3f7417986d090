package render

import (
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// convert changes pixels of three bytes in place.
type convert func(pixels []uint8)

// colourPainter draws samples that are colours themselves.
func colourPainter(frame dicom.Frame) (painter, error) {
	if frame.Allocated == 1 {
		return painter{}, fmt.Errorf("render: colours of 1 bit: %w", sinso.ErrUnsupported)
	}
	b := bytesOf(frame)
	var after convert
	switch p := frame.Photometric; {
	case frame.Samples == 4 && p == "ARGB": // retired; the palette that A may point into is not drawn
		b.first = 1
	case frame.Samples == 4 && p == "CMYK": // retired
		return painter{channels: 3, row: b.cmyk}, nil
	case frame.Samples != 3:
		return painter{}, noPhotometric(frame.Samples)
	case p == "RGB", p == "", p == "YBR_RCT", p == "YBR_ICT": // the last two name what JPEG 2000 did, and undid
	case p == "YBR_FULL", p == "YBR_FULL_422": // 1.402, 0.344136, 0.714136, 1.772
		after = ybr{0, 1 << fraction, 91881, 22554, 46802, 116130}.toRGB
	case p == "YBR_PARTIAL_422", p == "YBR_PARTIAL_420": // 1.16438, 1.59603, 0.391762, 0.812968, 2.01723
		after = ybr{16, 76309, 104597, 25675, 53279, 132201}.toRGB
	default:
		return painter{}, noPhotometric(frame.Samples)
	}
	row := b.row
	if halved(frame.Shape) && int64(len(frame.Data)) < frame.Bytes() {
		row = b.halved
	}
	return painter{channels: 3, row: func(dst []uint8, y, from int) {
		row(dst, y, from)
		if after != nil {
			after(dst)
		}
	}}, nil
}

// samples reads the samples of colours as bytes: the upper 8 of the stored bits,
// or fewer bits stretched.
type samples struct {
	frame   dicom.Frame
	first   int        // sample that is red
	between int        // samples from one pixel to the next
	planes  int        // samples from one colour to the next
	size    int        // bytes of a cell
	shift   int        // of cells longer than a byte
	table   *[256]byte // of cells of a byte; nil if they stay as they are
}

func bytesOf(frame dicom.Frame) *samples {
	s := &samples{frame: frame, between: frame.Samples, planes: 1, size: frame.Allocated / 8}
	if frame.Planar {
		s.between, s.planes = 1, frame.Rows*frame.Columns
	}
	low := frame.High + 1 - frame.Stored
	s.shift = low + frame.Stored - 8
	if s.size == 1 && frame.Stored < 8 {
		top := 1<<frame.Stored - 1
		var table [256]byte
		for i := range table {
			table[i] = byte(i >> low & top * math.MaxUint8 / top) //nolint:gosec // at most 255
		}
		s.table = &table
	}
	return s
}

// at returns the sample with a number.
func (s *samples) at(i int) uint8 {
	data := s.frame.Data
	switch {
	case s.size == 1 && s.table == nil:
		return data[i]
	case s.size == 1:
		return s.table[data[i]]
	case s.size == 2:
		return s.wide(uint32(binary.LittleEndian.Uint16(data[2*i:])))
	default:
		return s.wide(binary.LittleEndian.Uint32(data[4*i:]))
	}
}

// wide returns the upper bits of a long cell.
func (s *samples) wide(cell uint32) uint8 {
	if s.shift >= 0 && s.frame.Stored >= 8 {
		return uint8(cell >> s.shift) //nolint:gosec // the bits above are not stored
	}
	top := uint32(1)<<s.frame.Stored - 1
	low := s.frame.High + 1 - s.frame.Stored
	return uint8(cell >> low & top * math.MaxUint8 / top) //nolint:gosec // at most 255
}

func (s *samples) row(dst []uint8, y, from int) {
	i := (y*s.frame.Columns+from)*s.between + s.first*s.planes
	if s.size == 1 && s.table == nil && s.between == 3 {
		copy(dst, s.frame.Data[i:])
		return
	}
	for k := 0; k+2 < len(dst); k += 3 {
		dst[k], dst[k+1], dst[k+2] = s.at(i), s.at(i+s.planes), s.at(i+2*s.planes)
		i += s.between
	}
}

// halved reads pairs of pixels that share chrominance: two luminances, blue, red
// (PS3.3 C.7.6.3.1.2).
func (s *samples) halved(dst []uint8, y, from int) {
	row := s.frame.Data[2*y*s.frame.Columns:][:2*s.frame.Columns]
	for k := 0; k+2 < len(dst); k += 3 {
		x := from + k/3
		pair := row[x/2*4:][:4]
		dst[k], dst[k+1], dst[k+2] = s.byte(pair[x&1]), s.byte(pair[2]), s.byte(pair[3])
	}
}

func (s *samples) byte(v byte) byte {
	if s.table == nil {
		return v
	}
	return s.table[v]
}

func (s *samples) cmyk(dst []uint8, y, from int) {
	i := (y*s.frame.Columns + from) * s.between
	for k := 0; k+2 < len(dst); k += 3 {
		black := int(s.at(i + 3*s.planes))
		for c := range 3 {
			dst[k+c] = uint8(max(0, math.MaxUint8-black-int(s.at(i+c*s.planes)))) //nolint:gosec // at most 255
		}
		i += s.between
	}
}

const fraction = 16 // bits after the point of the factors below

// ybr is the way back from luminance and chrominance to colours, times 2^fraction:
// the inverse of what PS3.3 C.7.6.3.1.2 says.
type ybr struct{ offset, y, red, greenBlue, greenRed, blue int32 }

// toRGB converts pixels in place.
func (c ybr) toRGB(pixels []uint8) {
	for ; len(pixels) >= 3; pixels = pixels[3:] {
		y := (int32(pixels[0])-c.offset)*c.y + 1<<(fraction-1)
		b, r := int32(pixels[1])-128, int32(pixels[2])-128
		pixels[0] = clamped((y + c.red*r) >> fraction)
		pixels[1] = clamped((y - c.greenBlue*b - c.greenRed*r) >> fraction)
		pixels[2] = clamped((y + c.blue*b) >> fraction)
	}
}

func clamped(v int32) uint8 {
	if uint32(v) > math.MaxUint8 { //nolint:gosec // negative ones are large
		return uint8(^v >> 31) //nolint:gosec // 0 below, 255 above
	}
	return uint8(v) //nolint:gosec // 0 to 255
}
