package render

import (
	"math"

	"sinso.dev/sinso/internal/format/dicom"
)

// modality returns the Modality LUT of the frame (PS3.3 C.11.1): a table, or a
// slope, 1 if it says 0, and an intercept.
func (h *header) modality(signed bool) (func(float64) float64, error) {
	if luts := h.items(tagModalityLUT, 0, 1); len(luts) > 0 {
		descriptor, _ := luts[0].words(tagDescriptor)
		data, _ := luts[0].words(tagLUTData)
		table, err := readLUT(descriptor, data, signed)
		if err != nil {
			return nil, err
		}
		return func(v float64) float64 { return float64(table.at(v)) }, nil
	}
	slope, intercept := 1.0, 0.0
	for _, s := range h.macro(tagTransform) {
		a, ok := s.number(tagSlope)
		b, ok2 := s.number(tagIntercept)
		if ok && a != 0 {
			slope = a
		}
		if ok2 {
			intercept = b
		}
		if ok || ok2 {
			break
		}
	}
	return func(v float64) float64 { return slope*v + intercept }, nil
}

// inverse reports whether low values are white. A Presentation LUT Shape says it
// (PS3.3 C.11.6), else the photometric interpretation (PS3.3 C.7.6.3.1.2).
func (h *header) inverse(photometric string) bool {
	switch h.text(tagShape) {
	case "INVERSE":
		return true
	case "IDENTITY":
		return false
	default:
		return photometric == "MONOCHROME1"
	}
}

// padding returns the stored values that stand for no measurement (PS3.3
// C.7.5.1.1.2): one, or those up to a limit. There are none if low is above high.
func (h *header) padding(signed bool) ramp {
	for _, tags := range [...][2]dicom.Tag{{tagFloatPadding, tagFloatLimit}, {tagDoublePadding, tagDoubleLimit}} {
		if v, ok := h.number(tags[0]); ok {
			end, ok := h.number(tags[1])
			if !ok {
				end = v
			}
			return ramp{min(v, end), max(v, end)}
		}
	}
	v, ok := h.stored(tagPadding, signed)
	if !ok {
		return ramp{math.Inf(1), math.Inf(-1)}
	}
	end, ok := h.stored(tagPaddingLimit, signed)
	if !ok {
		end = v
	}
	return ramp{min(v, end), max(v, end)}
}

func (r ramp) holds(v float64) bool { return v >= r.low && v <= r.high }

// widen makes the range hold a number.
func (r *ramp) widen(v float64) {
	if finite(v) {
		r.low, r.high = min(r.low, v), max(r.high, v)
	}
}

// among returns the extent of values that each calls it with: of those that are no
// padding, or of all if all are.
func among(padding ramp, each func(yield func(v float64))) extent {
	return func(f func(float64) float64) ramp {
		line, all := ramp{math.Inf(1), math.Inf(-1)}, ramp{math.Inf(1), math.Inf(-1)}
		each(func(v float64) {
			if padding.holds(v) {
				all.widen(f(v))
				return
			}
			line.widen(f(v))
		})
		switch {
		case line.low <= line.high:
			return line
		case all.low <= all.high:
			return all
		default:
			return ramp{}
		}
	}
}

// grayOf returns the whole way of a stored value to what is drawn.
func (h *header) grayOf(frame dicom.Frame, o Options, of extent) (tone, error) {
	modality, err := h.modality(frame.Signed)
	if err != nil {
		return nil, err
	}
	draw, err := h.tone(o, modality, of, frame.Signed)
	if err != nil {
		return nil, err
	}
	if h.inverse(frame.Photometric) {
		return func(v float64) uint8 { return math.MaxUint8 - draw(modality(v)) }, nil
	}
	return func(v float64) uint8 { return draw(modality(v)) }, nil
}

// narrowGray draws samples of up to 16 stored bits: only those that the frame has
// are computed, once each.
func narrowGray(h *header, frame dicom.Frame, o Options) (painter, error) {
	c := cellsOf(frame)
	seen := c.seen(frame.Rows * frame.Columns)
	gray, err := h.grayOf(frame, o, among(h.padding(frame.Signed), func(yield func(float64)) {
		for key, is := range seen {
			if is {
				yield(c.value(key))
			}
		}
	}))
	if err != nil {
		return painter{}, err
	}
	var table [1 << narrowBits]uint8
	for key, is := range seen {
		if is {
			table[key] = gray(c.value(key))
		}
	}
	keys := make([]uint16, frame.Columns)
	return painter{channels: 1, row: func(dst []uint8, y, from int) {
		some := keys[:len(dst)]
		c.keys(some, y*frame.Columns+from)
		for i, key := range some {
			dst[i] = table[key]
		}
	}}, nil
}

// wideGray draws samples of more bits, and floating point (PS3.3 C.7.6.24).
func wideGray(h *header, frame dicom.Frame, float bool, o Options) (painter, error) {
	c := cellsOf(frame)
	values := make([]float64, frame.Columns)
	gray, err := h.grayOf(frame, o, among(h.padding(frame.Signed), func(yield func(float64)) {
		for y := range frame.Rows {
			c.wide(values, y*frame.Columns, float)
			for _, v := range values {
				yield(v)
			}
		}
	}))
	if err != nil {
		return painter{}, err
	}
	return painter{channels: 1, row: func(dst []uint8, y, from int) {
		some := values[:len(dst)]
		c.wide(some, y*frame.Columns+from, float)
		for i, v := range some {
			dst[i] = gray(v)
		}
	}}, nil
}
