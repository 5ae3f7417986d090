package render

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes that say what a frame's values mean.
const (
	tagFrames      = dicom.Tag(0x00280008)
	tagSmallest    = dicom.Tag(0x00280106) // image pixel value (PS3.3 C.7.6.3)
	tagLargest     = dicom.Tag(0x00280107)
	tagStored      = dicom.Tag(0x00280101)
	tagPixelData   = dicom.Tag(0x7FE00010)
	tagFloatPixels = dicom.Tag(0x7FE00008)

	tagDoublePixels = dicom.Tag(0x7FE00009)

	tagPadding       = dicom.Tag(0x00280120) // PS3.3 C.7.5.1.1.2
	tagPaddingLimit  = dicom.Tag(0x00280121)
	tagFloatPadding  = dicom.Tag(0x00280122)
	tagDoublePadding = dicom.Tag(0x00280123)
	tagFloatLimit    = dicom.Tag(0x00280124)
	tagDoubleLimit   = dicom.Tag(0x00280125)

	tagCenter      = dicom.Tag(0x00281050) // PS3.3 C.11.2
	tagWidth       = dicom.Tag(0x00281051)
	tagFunction    = dicom.Tag(0x00281056)
	tagVOILUTs     = dicom.Tag(0x00283010)
	tagIntercept   = dicom.Tag(0x00281052) // PS3.3 C.11.1
	tagSlope       = dicom.Tag(0x00281053)
	tagModalityLUT = dicom.Tag(0x00283000)
	tagDescriptor  = dicom.Tag(0x00283002)
	tagLUTData     = dicom.Tag(0x00283006)
	tagShape       = dicom.Tag(0x20500020) // Presentation LUT Shape, PS3.3 C.11.6

	tagPalette   = dicom.Tag(0x00281101) // descriptors of red, green, blue (PS3.3 C.7.9)
	tagColours   = dicom.Tag(0x00281201) // their data
	tagSegmented = dicom.Tag(0x00281221) // their data in segments

	tagShared    = dicom.Tag(0x52009229) // functional groups (PS3.3 C.7.6.16)
	tagPerFrame  = dicom.Tag(0x52009230)
	tagFrameVOI  = dicom.Tag(0x00289132) // PS3.3 C.7.6.16.2.10
	tagTransform = dicom.Tag(0x00289145) // PS3.3 C.7.6.16.2.9
)

const (
	maxChoices  = 256  // windows or VOI LUTs of one frame
	maxTextByte = 4096 // of a number or some of them as text
)

// matters reports whether pictures are made by an attribute.
func matters(t dicom.Tag) bool {
	group := t.Group()
	return group == 0x0028 || group == 0x2050 || group == 0x5200 || group&0xFF00 == 0x6000 || group == 0x7FE0
}

// scope is one data set in the index of a file: the root or an item.
type scope struct {
	f       *dicom.File
	entries []dicom.Element
	own     []int // those of entries at this level that matter
}

// scopeOf takes all that stands in one data set, whose own elements are depth deep.
func scopeOf(f *dicom.File, entries []dicom.Element, depth uint16) scope {
	s := scope{f: f, entries: entries}
	for i := range entries {
		if e := &entries[i]; e.Depth == depth && e.Kind != dicom.KindItem && e.Kind != dicom.KindFragment && matters(e.Tag) {
			s.own = append(s.own, i)
		}
	}
	return s
}

// find returns where the element with the tag is; of several, as a file is read,
// the last.
func (s scope) find(t dicom.Tag) (int, bool) {
	for _, i := range slices.Backward(s.own) {
		if s.entries[i].Tag == t {
			return i, true
		}
	}
	return 0, false
}

// items returns up to most items of a sequence, from the one with number first on.
func (s scope) items(t dicom.Tag, first, most int) []scope {
	at, ok := s.find(t)
	if !ok || s.entries[at].Kind != dicom.KindSequence {
		return nil
	}
	depth := s.entries[at].Depth + 1
	var items []scope
	start, n := -1, -1 // of the item in hand: its first entry, its number
	end := at + 1
	for ; end < len(s.entries) && s.entries[end].Depth >= depth && len(items) < most; end++ {
		if e := &s.entries[end]; e.Kind != dicom.KindItem || e.Depth != depth {
			continue
		}
		if start >= 0 && n >= first {
			items = append(items, scopeOf(s.f, s.entries[start:end], depth))
		}
		start, n = end+1, n+1
	}
	if start >= 0 && n >= first && len(items) < most {
		items = append(items, scopeOf(s.f, s.entries[start:end], depth))
	}
	return items
}

// value returns an element and its bytes; none of one that is empty.
func (s scope) value(t dicom.Tag) (dicom.Element, []byte, bool) {
	at, ok := s.find(t)
	if !ok || s.entries[at].Kind != dicom.KindValue || s.entries[at].Length == 0 {
		return dicom.Element{}, nil, false
	}
	return s.entries[at], s.f.Value(s.entries[at]), true
}

// words returns a value as bytes in the order of little endian words of 16 bits.
func (s scope) words(t dicom.Tag) ([]byte, bool) {
	e, b, ok := s.value(t)
	if !ok || !e.BigEndian() || e.VR() != dicom.VRUS && e.VR() != dicom.VRSS && e.VR() != dicom.VROW {
		return b, ok
	}
	b = slices.Clone(b)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return b, true
}

// word returns the first word of a value.
func (s scope) word(t dicom.Tag) (uint16, bool) {
	_, b, ok := s.value(t)
	if !ok || len(b) < 2 || len(b) > maxTextByte {
		return 0, false
	}
	b, _ = s.words(t)
	return binary.LittleEndian.Uint16(b), true
}

// stored returns a value that is written as samples are: US or SS.
func (s scope) stored(t dicom.Tag, signed bool) (float64, bool) {
	v, ok := s.word(t)
	if signed {
		return float64(int16(v)), ok //nolint:gosec // two's complement
	}
	return float64(v), ok
}

// text returns a value without its padding.
func (s scope) text(t dicom.Tag) string {
	_, b, _ := s.value(t)
	if len(b) > maxTextByte {
		return ""
	}
	return strings.Trim(string(b), " \x00")
}

// numbers returns the values of a DS, or of floating point; what is no finite
// number among them is NaN.
func (s scope) numbers(t dicom.Tag) []float64 {
	e, b, ok := s.value(t)
	if !ok || len(b) > maxTextByte {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if e.BigEndian() {
		order = binary.BigEndian
	}
	var out []float64
	switch e.VR() {
	case dicom.VRFL:
		for ; len(b) >= 4; b = b[4:] {
			out = append(out, float64(math.Float32frombits(order.Uint32(b))))
		}
	case dicom.VRFD:
		for ; len(b) >= 8; b = b[8:] {
			out = append(out, math.Float64frombits(order.Uint64(b)))
		}
	default:
		for part := range strings.SplitSeq(strings.Trim(string(b), " \x00"), `\`) {
			v, err := strconv.ParseFloat(strings.Trim(part, " \x00"), 64)
			if err != nil || !finite(v) {
				v = math.NaN()
			}
			out = append(out, v)
		}
	}
	return out
}

// number returns the first value, if it is a finite number.
func (s scope) number(t dicom.Tag) (float64, bool) {
	values := s.numbers(t)
	if len(values) == 0 || !finite(values[0]) {
		return 0, false
	}
	return values[0], true
}

// header is what a file says of one frame.
type header struct {
	scope         // the root
	index int     // of the frame
	group []scope // functional groups: of the frame, then shared ones
}

func headerOf(f *dicom.File, index int) *header {
	root := scopeOf(f, f.Elements(), 0)
	return &header{scope: root, index: index, group: append(root.items(tagPerFrame, index, 1), root.items(tagShared, 0, 1)...)}
}

// macro returns the data sets that may hold the attributes of a functional group:
// the frame's, the shared one, the root.
func (h *header) macro(t dicom.Tag) []scope {
	var all []scope
	for _, group := range h.group {
		all = append(all, group.items(t, 0, 1)...)
	}
	return append(all, h.scope)
}

// isFloat reports whether samples are floating point (PS3.3 C.7.6.24): a header
// that was read without the pixel data shows it by having no Bits Stored.
func (h *header) isFloat(s dicom.Shape) bool {
	if s.Samples != 1 || s.Allocated != 32 && s.Allocated != 64 {
		return false
	}
	if _, ok := h.find(tagPixelData); ok {
		return false
	}
	_, stored := h.find(tagStored)
	return !stored
}
