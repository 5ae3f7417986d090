package render

import (
	"encoding/binary"
	"math"

	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes of an overlay plane, in group 6000 and the even ones up to 601E
// (PS3.3 C.9.2).
const (
	tagOverlayRows     = dicom.Tag(0x60000010)
	tagOverlayColumns  = dicom.Tag(0x60000011)
	tagOverlayFrames   = dicom.Tag(0x60000015)
	tagOverlayOrigin   = dicom.Tag(0x60000050)
	tagOverlayFirst    = dicom.Tag(0x60000051) // Image Frame Origin
	tagOverlayCell     = dicom.Tag(0x60000100) // Overlay Bits Allocated
	tagOverlayPosition = dicom.Tag(0x60000102)
	tagOverlayData     = dicom.Tag(0x60003000)

	overlayPlanes = 16
	overlayStep   = dicom.Tag(0x00020000)
)

// plane is one overlay on one frame: a bit for each pixel.
type plane struct {
	top, left, rows, columns int // in pixels of the frame
	data                     []byte
	first                    int // bit of data that is the plane's first
	stride, bit              int // bits from one to the next, the one in each that counts
}

// overlaid returns the painter with the frame's overlays in white.
func (h *header) overlaid(p painter, frame dicom.Frame) painter {
	var planes []plane
	for i := range dicom.Tag(overlayPlanes) {
		if o, ok := h.plane(i*overlayStep, frame); ok {
			planes = append(planes, o)
		}
	}
	if len(planes) == 0 {
		return p
	}
	under := p.row
	p.row = func(dst []uint8, y, from int) {
		under(dst, y, from)
		for i := range planes {
			planes[i].draw(dst, y, from, p.channels)
		}
	}
	return p
}

// plane reads one overlay; what does not fit is not drawn, as a picture without it
// is better than none.
func (h *header) plane(group dicom.Tag, frame dicom.Frame) (plane, bool) {
	rows, ok := h.word(tagOverlayRows + group)
	columns, ok2 := h.word(tagOverlayColumns + group)
	if !ok || !ok2 || rows == 0 || columns == 0 {
		return plane{}, false
	}
	o := plane{rows: int(rows), columns: int(columns), stride: 1}
	if origin, _ := h.words(tagOverlayOrigin + group); len(origin) >= 4 {
		o.top = int(int16(binary.LittleEndian.Uint16(origin))) - 1      //nolint:gosec // two's complement
		o.left = int(int16(binary.LittleEndian.Uint16(origin[2:]))) - 1 //nolint:gosec // two's complement
	}
	if data, ok := h.words(tagOverlayData + group); ok {
		number, ok := h.overlayFrame(group)
		bits := o.rows * o.columns
		if !ok || number > len(data)*8/bits || (number+1)*bits > len(data)*8 {
			return plane{}, false
		}
		o.data, o.first = data, number*bits
		return o, true
	}
	return h.embedded(o, group, frame)
}

// overlayFrame returns which of the overlay's frames is on this frame of the image.
func (h *header) overlayFrame(group dicom.Tag) (int, bool) {
	frames, ok := h.number(tagOverlayFrames + group)
	if !ok || frames < 1 {
		return 0, true
	}
	first, ok := h.word(tagOverlayFirst + group)
	if !ok {
		first = 1
	}
	number := h.index + 1 - int(first)
	return number, number >= 0 && float64(number) < frames
}

// embedded reads an overlay from a bit of the pixel cells that is not stored
// (PS3.5 §8.1.2, retired).
func (h *header) embedded(o plane, group dicom.Tag, frame dicom.Frame) (plane, bool) {
	cell, ok := h.word(tagOverlayCell + group)
	position, ok2 := h.word(tagOverlayPosition + group)
	bit := int(position)
	if !ok || !ok2 || frame.Samples != 1 || frame.Allocated < 8 || int(cell) != frame.Allocated || bit >= frame.Allocated ||
		bit <= frame.High && bit > frame.High-frame.Stored || o.rows != frame.Rows || o.columns != frame.Columns {
		return plane{}, false
	}
	o.data, o.stride, o.bit, o.top, o.left = frame.Data, frame.Allocated, bit, 0, 0
	return o, true
}

// draw makes white what the overlay marks in one row.
func (o *plane) draw(dst []uint8, y, from, channels int) {
	if y < o.top || y >= o.top+o.rows {
		return
	}
	for x := max(from, o.left); x < min(from+len(dst)/channels, o.left+o.columns); x++ {
		bit := o.first + ((y-o.top)*o.columns+x-o.left)*o.stride + o.bit
		if o.data[bit>>3]>>(bit&7)&1 == 0 {
			continue
		}
		for c := range channels {
			dst[(x-from)*channels+c] = math.MaxUint8
		}
	}
}
