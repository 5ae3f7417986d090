package burnedin

import (
	"encoding/binary"
	"image"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Blank sets every pixel of the rectangles to the frame's background, in place.
// Rectangles are in pixels from the top left, half open; parts outside of the frame
// are ignored.
//
// The background is black for colour (PS3.3 C.7.6.3.1.2). For MONOCHROME2 and
// PALETTE COLOR it is the lowest value, for MONOCHROME1 the highest one, that the
// frame has: what is stored stays within the range that the object speaks of. A
// frame whose shape does not fit its data is cleared as a whole, so that no text is
// left in it.
func Blank(frame dicom.Frame, boxes []image.Rectangle) {
	if len(boxes) == 0 {
		return
	}
	if !sound(frame) {
		clear(frame.Data)
		return
	}
	black := background(frame)
	whole := image.Rect(0, 0, frame.Columns, frame.Rows)
	for _, r := range boxes {
		r = r.Intersect(whole)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				for s, v := range black {
					put(frame, index(frame, x, y, s), v)
				}
			}
		}
	}
}

// background returns the stored bits of each sample of what is darkest.
func background(frame dicom.Frame) []uint32 {
	low := frame.High + 1 - frame.Stored
	switch {
	case frame.Samples == 1:
		return []uint32{darkest(frame)}
	case strings.HasPrefix(frame.Photometric, "YBR_"):
		grey := uint32(1) << (frame.Stored - 1) << low
		luma := uint32(0)
		if strings.HasPrefix(frame.Photometric, "YBR_PARTIAL") {
			luma = grey / 8 // 16 of 8 bits
		}
		return []uint32{luma, grey, grey}[:frame.Samples]
	default:
		return make([]uint32, frame.Samples)
	}
}

// darkest returns the bits of the sample that is shown darkest of those there are.
// Where negative values go on in the bits over the stored ones, a value that does
// not is none: it is too large to be stored, and may be shown bright.
func darkest(frame dicom.Frame) uint32 {
	n := frame.Rows * frame.Columns
	all := wide(frame)
	extended := false
	for i := 0; i < n && !extended; i++ {
		extended = frame.Signed && value(all, i) < 0
	}
	best, at := int32(0), -1
	for i := range n {
		v := value(frame, i)
		if extended && v != value(all, i) {
			continue
		}
		if at < 0 || v != best && (v > best) == (frame.Photometric == "MONOCHROME1") {
			best, at = v, i
		}
	}
	return cell(frame, max(at, 0)) // without any, no value is better than another
}

// put writes the bits of a sample.
func put(frame dicom.Frame, i int, v uint32) {
	switch frame.Allocated {
	case 1:
		frame.Data[i/8] = frame.Data[i/8]&^(1<<(i%8)) | byte(v&1)<<(i%8)
	case 8:
		frame.Data[i] = byte(v) //nolint:gosec // eight bits are allocated
	case 16:
		binary.LittleEndian.PutUint16(frame.Data[2*i:], uint16(v)) //nolint:gosec // sixteen bits are allocated
	default:
		binary.LittleEndian.PutUint32(frame.Data[4*i:], v)
	}
}
