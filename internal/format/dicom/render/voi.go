package render

import (
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// tone turns what the Modality LUT gives out into gray from 0 to 255.
type tone func(v float64) uint8

// ramp is a straight line from black at low to white at high.
type ramp struct{ low, high float64 }

// ramp returns the line of a window of the functions Linear and LinearExact (PS3.3
// C.11.2.1.2.1, C.11.2.1.3.2), and whether the window can be.
func (w Window) ramp() (ramp, bool) {
	if !finite(w.Center) || !finite(w.Width) {
		return ramp{}, false
	}
	switch w.Function {
	case "", Linear:
		half := (w.Width - 1) / 2
		return ramp{w.Center - 0.5 - half, w.Center - 0.5 + half}, w.Width >= 1
	case LinearExact, Sigmoid:
		return ramp{w.Center - w.Width/2, w.Center + w.Width/2}, w.Width > 0
	default:
		return ramp{}, false
	}
}

// tone returns the function of a window that can be.
func (w Window) tone() tone {
	line, _ := w.ramp()
	if w.Function == Sigmoid {
		return func(v float64) uint8 { // PS3.3 C.11.2.1.3.1
			return byteOf(math.MaxUint8 / (1 + math.Exp(-4*(v-w.Center)/w.Width)))
		}
	}
	return line.tone()
}

func (r ramp) tone() tone {
	if r.high <= r.low {
		return func(v float64) uint8 {
			if v > r.low {
				return math.MaxUint8
			}
			return 0
		}
	}
	length := r.high - r.low
	return func(v float64) uint8 { return byteOf((v - r.low) * math.MaxUint8 / length) }
}

// byteOf cuts a number to a byte; what is no number is 0.
func byteOf(v float64) uint8 {
	if !(v > 0) { // so written for what is no number
		return 0
	}
	return uint8(min(v, math.MaxUint8))
}

// extent returns the lowest and the highest that f makes of the samples of a
// frame, padding apart.
type extent func(f func(float64) float64) ramp

// tone chooses how gray values are drawn (PS3.3 C.11.2). of tells what the
// frame holds, after the Modality LUT.
func (h *header) tone(o Options, modality func(float64) float64, of extent, signed bool) (tone, error) {
	if o.Window != nil {
		return o.Window.tone(), nil
	}
	for _, s := range h.macro(tagFrameVOI) {
		windows := s.windows()
		if o.VOI < len(windows) {
			if _, ok := windows[o.VOI].ramp(); ok {
				return windows[o.VOI].tone(), nil
			}
			return h.stretch(modality, of, signed), nil
		}
		luts := s.items(tagVOILUTs, 0, maxChoices)
		if i := o.VOI - len(windows); i < len(luts) {
			return luts[i].voiLUT(of(modality).low < 0 || signed)
		}
		if len(windows)+len(luts) > 0 {
			break
		}
	}
	if o.VOI > 0 {
		return nil, fmt.Errorf("render: VOI LUT %d: %w", o.VOI, sinso.ErrNotFound)
	}
	return h.stretch(modality, of, signed), nil
}

// windows returns those of a data set (PS3.3 C.11.2.1.2).
func (s scope) windows() []Window {
	centers, widths := s.numbers(tagCenter), s.numbers(tagWidth)
	function := s.text(tagFunction)
	if function != LinearExact && function != Sigmoid {
		function = Linear
	}
	windows := make([]Window, min(len(centers), len(widths), maxChoices))
	for i := range windows {
		windows[i] = Window{Center: centers[i], Width: widths[i], Function: function}
	}
	return windows
}

// voiLUT reads an item of the VOI LUT Sequence (PS3.3 C.11.2.1.1). negative tells
// whether the values that go in may be below 0, and so the first one mapped.
func (s scope) voiLUT(negative bool) (tone, error) {
	descriptor, _ := s.words(tagDescriptor)
	data, _ := s.words(tagLUTData)
	table, err := readLUT(descriptor, data, negative)
	if err != nil {
		return nil, err
	}
	return func(v float64) uint8 { return table.gray8(table.at(v)) }, nil
}

// stretch draws all that the frame holds. In an object of several frames it is all
// that the object holds, if its header says that and the frame agrees: then frames
// can be compared.
func (h *header) stretch(modality func(float64) float64, of extent, signed bool) tone {
	line := of(modality)
	frames, _ := h.number(tagFrames)
	smallest, ok := h.stored(tagSmallest, signed)
	largest, ok2 := h.stored(tagLargest, signed)
	if frames > 1 && ok && ok2 {
		a, b := modality(smallest), modality(largest)
		if all := (ramp{min(a, b), max(a, b)}); all.low <= line.low && all.high >= line.high {
			line = all
		}
	}
	return line.tone()
}
