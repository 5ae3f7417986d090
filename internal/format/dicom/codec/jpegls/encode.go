package jpegls

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
)

// Encode writes an image with the default parameters; the lines of several
// components are interleaved (ILV 1). near is how far a decoded sample may be from
// the one given: 0 is lossless.
//
// It is ErrInvalid for an image that cannot be: a size or precision out of bounds,
// pixels that are not as many as it says or are larger than its precision allows,
// near of more than 255 or half of the largest sample.
func Encode(img Image, near int) ([]byte, error) {
	if err := img.check(near); err != nil {
		return nil, err
	}
	p := defaults(1<<img.Precision-1, near)
	out := writeHeader(make([]byte, 0, len(img.Pixels)/2+256), &img, near)
	e := encoder{model: newModel(p, near), out: writer{out: out}}
	above, now := newLines(img.Samples, img.Columns), newLines(img.Samples, img.Columns)
	for y := range img.Rows {
		for i := range img.Samples {
			if img.load(now[i][1:img.Columns+1], y, i) > p.maxval {
				return nil, fmt.Errorf("jpegls: encode: a sample of more than %d bits: %w", img.Precision, sinso.ErrInvalid)
			}
			e.line(above[i], now[i], i)
		}
		above, now = now, above
	}
	if out = e.out.close(); len(out)%2 == 1 {
		out = append(out, 0xFF) // a fill byte: the fragment of an object has an even length, PS3.5 §A.4
	}
	return append(out, 0xFF, markEOI), nil
}

func (m *Image) check(near int) error {
	switch {
	case m.Rows < 1 || m.Rows > 1<<16-1 || m.Columns < 1 || m.Columns > 1<<16-1, m.Samples < 1 || m.Samples > 4,
		m.Precision < 2 || m.Precision > 16, near < 0 || near > min(255, (1<<m.Precision-1)/2):
		return fmt.Errorf("jpegls: encode: a size, precision or tolerance that cannot be: %w", sinso.ErrInvalid)
	case int64(len(m.Pixels)) != int64(m.Rows)*int64(m.Columns)*int64(m.Samples)*int64(m.bytes()):
		return fmt.Errorf("jpegls: encode: %d bytes of pixels are not what the size says: %w", len(m.Pixels), sinso.ErrInvalid)
	}
	return nil
}

// writeHeader appends what stands before the data of the scan, T.87 §C.2.
func writeHeader(out []byte, m *Image, near int) []byte {
	out = append(out, 0xFF, markSOI, 0xFF, markSOF)
	out = binary.BigEndian.AppendUint16(out, uint16(8+3*m.Samples)) //nolint:gosec // at most 20
	out = append(out, byte(m.Precision))                            //nolint:gosec // checked
	out = binary.BigEndian.AppendUint16(out, uint16(m.Rows))        //nolint:gosec // checked
	out = binary.BigEndian.AppendUint16(out, uint16(m.Columns))     //nolint:gosec // checked
	out = append(out, byte(m.Samples))                              //nolint:gosec // checked
	for i := range m.Samples {
		out = append(out, byte(i+1), 0x11, 0)
	}
	out = append(out, 0xFF, markSOS)
	out = binary.BigEndian.AppendUint16(out, uint16(6+2*m.Samples)) //nolint:gosec // at most 14
	out = append(out, byte(m.Samples))                              //nolint:gosec // checked
	for i := range m.Samples {
		out = append(out, byte(i+1), 0)
	}
	interleave := byte(byPlane)
	if m.Samples > 1 {
		interleave = byLine
	}
	return append(out, byte(near), interleave, 0) //nolint:gosec // checked
}

// load takes the samples of a line from the pixels and returns the largest.
func (m *Image) load(line []int32, y, component int) int {
	in := m.Pixels[(y*m.Columns*m.Samples+component)*m.bytes():]
	largest := int32(0)
	if m.bytes() == 1 {
		for x := range line {
			line[x] = int32(in[x*m.Samples])
			largest = max(largest, line[x])
		}
		return int(largest)
	}
	step := 2 * m.Samples
	for x := range line {
		line[x] = int32(in[x*step]) | int32(in[x*step+1])<<8
		largest = max(largest, line[x])
	}
	return int(largest)
}

// encoder encodes lines.
type encoder struct {
	*model
	out writer
}

// line encodes now[1:] of one component, with the line above it, and leaves in now
// what will be decoded. Both have a sample more at each end, as scan.line has them.
func (e *encoder) line(above, now []int32, component int) {
	columns := len(now) - 2
	above = above[:len(now)]
	above[columns+1] = above[columns]
	now[0] = above[1]
	a, b, c := int(now[0]), int(above[1]), int(above[0])
	for x := 1; x <= columns; x++ {
		d := int(above[x+1])
		q, sign := e.surroundings(a, b, c, d)
		if q == 0 {
			if x = e.run(above, now, x, component); x > columns {
				break
			}
			a, b, c = int(now[x]), int(above[x+1]), int(above[x])
			continue
		}
		v := e.sample(int(now[x]), predict(a, b, c), q, sign)
		now[x] = int32(v) //nolint:gosec // at most maxval
		a, b, c = v, d, b
	}
}

// quantize returns the error of a sample as it is coded, and the sample as it will
// be decoded; sign is 0 or -1 (T.87 §A.4.4, §A.4.5).
func (e *encoder) quantize(v, predicted, sign int) (err, decoded int) {
	err = ((v - predicted) ^ sign) - sign
	if e.mask != 0 {
		unused := 64 - e.qbits
		return int(int64(err) << unused >> unused), v // modulo RANGE
	}
	if e.near > 0 {
		if err > 0 {
			err = (err + e.near) / e.step
		} else {
			err = -((e.near - err) / e.step)
		}
	}
	decoded = min(max(predicted+((err*e.step)^sign)-sign, 0), e.maxval)
	if err < 0 {
		err += e.span
	}
	if err >= (e.span+1)/2 {
		err -= e.span
	}
	return err, decoded
}

// sample encodes a sample in regular mode and returns what will be decoded.
func (e *encoder) sample(v, predicted, q, sign int) int {
	ctx := &e.contexts[q]
	predicted = min(max(predicted+((int(ctx.c)^sign)-sign), 0), e.maxval)
	err, decoded := e.quantize(v, predicted, sign)
	mapped := err ^ int(ctx.flip)
	e.out.golomb(mapped<<1^mapped>>63, uint(ctx.k), e.limit-e.qbits-1, e.qbits)
	e.update(ctx, err)
	return decoded
}

// run encodes a run that begins at x and the sample that ends it, and returns the
// place of the last sample encoded; beyond the line if it ends there (T.87 §A.7.1).
func (e *encoder) run(above, now []int32, x, component int) int {
	columns := len(now) - 2
	a := now[x-1]
	index := &e.runIndex[component]
	length := 0
	for ; x <= columns && e.alike(int(a), int(now[x])) == 1; x++ {
		now[x] = a
		length++
	}
	for length >= 1<<runLengths[*index] {
		e.out.put(1, 1)
		length -= 1 << runLengths[*index]
		*index = min(*index+1, len(runLengths)-1)
	}
	if x > columns {
		if length > 0 {
			e.out.put(1, 1)
		}
		return x
	}
	e.out.put(uint32(length), int(runLengths[*index])+1)
	now[x] = int32(e.interruption(int(now[x]), int(a), int(above[x]), component)) //nolint:gosec // at most maxval
	*index = max(*index-1, 0)
	return x
}

// interruption encodes the sample that ends a run, T.87 §A.7.2, and returns what
// will be decoded.
func (e *encoder) interruption(v, a, b, component int) int {
	kind := e.alike(a, b)
	ctx := &e.runContexts[kind]
	predicted, sign := b, 0
	switch {
	case kind == 1:
		predicted = a
	case a > b:
		sign = -1
	}
	err, decoded := e.quantize(v, predicted, sign)
	k := ctx.k(kind)
	code := 2*max(err, -err) - kind
	if err != 0 && ctx.odd(k, err < 0) {
		code--
	}
	limit := e.limit - int(runLengths[e.runIndex[component]]) - 1
	e.out.golomb(code, k, limit-e.qbits-1, e.qbits)
	e.updateRun(ctx, err, code, kind)
	return decoded
}
