package jpegls

import (
	"fmt"
	"math/bits"

	"sinso.dev/sinso"
)

// scan decodes the lines of one scan.
type scan struct {
	*model
	in reader
}

func errCode() error {
	return fmt.Errorf("jpegls: decode: an error that cannot be: %w", sinso.ErrCorrupt)
}

// line decodes one line of one component into now[1:], with the line above it. Both
// have a sample more at each end: those beyond the image, which line sets. The
// component has the number of its state (T.87 §A.2 to §A.7).
//
// What sample does stands here once more, in one loop: most of the time goes into it.
func (s *scan) line(above, now []int32, component int) error {
	m, in, columns := s.model, s.in, len(now)-2
	above = above[:len(now)]
	above[columns+1] = above[columns]
	now[0] = above[1]
	a, b, c := int(now[0]), int(above[1]), int(above[0])
	middle, limit, maxval := m.maxval+1, m.limit-m.qbits-1, m.maxval
	for x := 1; x <= columns; x++ {
		d := int(above[x+1])
		q := (int(m.quantized[middle+d-b])*9+int(m.quantized[middle+b-c]))*9 + int(m.quantized[middle+c-a])
		if q == 0 {
			s.in = in
			next, err := s.run(above, now, x, component)
			if err != nil {
				return err
			}
			in = s.in
			if x = next; x > columns {
				break
			}
			a, b, c = int(now[x]), int(above[x+1]), int(above[x])
			continue
		}
		sign := q >> 63
		ctx := &m.contexts[(q^sign)-sign]
		k := uint(ctx.k)
		if in.n < enough {
			in.fill()
		}
		zeros := bits.LeadingZeros64(in.word)
		need := zeros + 1 + int(k)
		var code int
		if zeros >= limit || need > in.n {
			if code = in.long(k, limit, m.qbits); code > maxError {
				return errCode()
			}
		} else {
			word := in.word << uint(zeros&63) << 1
			in.word = word << (k & 63)
			in.n -= need
			code = zeros<<(k&63) | int(word>>1>>((63-k)&63)) //nolint:gosec // k bits
		}
		err := code>>1 ^ -(code & 1) ^ int(ctx.flip)
		predicted := min(max(predict(a, b, c)+((int(ctx.c)^sign)-sign), 0), maxval)
		m.update(ctx, err)
		v := m.rebuild(predicted, (err^sign)-sign)
		now[x] = int32(v) //nolint:gosec // at most maxval
		a, b, c = v, d, b
	}
	s.in = in
	if s.in.overrun() {
		return errShort()
	}
	return nil
}

func errShort() error {
	return fmt.Errorf("jpegls: decode: a scan ends before its image does: %w", sinso.ErrCorrupt)
}

// sample decodes a sample in regular mode, T.87 §A.4 to §A.6.
func (s *scan) sample(predicted, q, sign int) (int, error) {
	ctx := &s.contexts[q]
	predicted = min(max(predicted+((int(ctx.c)^sign)-sign), 0), s.maxval)
	code := s.in.golomb(uint(ctx.k), s.limit-s.qbits-1, s.qbits)
	if code > maxError {
		return 0, errCode()
	}
	err := code>>1 ^ -(code & 1) ^ int(ctx.flip)
	s.update(ctx, err)
	return s.rebuild(predicted, (err^sign)-sign), nil
}

// run decodes a run that begins at x and the sample that ends it, and returns the
// place of the last sample decoded; beyond the line if it ends there (T.87 §A.7.1).
func (s *scan) run(above, now []int32, x, component int) (int, error) {
	columns := len(now) - 2
	a := now[x-1]
	end, err := s.runEnd(x, columns, component)
	if err != nil {
		return 0, err
	}
	for ; x < end; x++ {
		now[x] = a
	}
	if x > columns {
		return x, nil
	}
	v, err := s.interruption(int(a), int(above[x]), s.alike(int(a), int(above[x])), component)
	now[x] = int32(v) //nolint:gosec // at most maxval
	s.runIndex[component] = max(s.runIndex[component]-1, 0)
	return x, err
}

// alike returns RItype.
func (m *model) alike(a, b int) int {
	if max(a-b, b-a) <= m.near {
		return 1
	}
	return 0
}

// runEnd decodes the length of a run and returns the place behind it.
func (s *scan) runEnd(x, columns, component int) (int, error) {
	index := &s.runIndex[component]
	for s.in.bits(1) == 1 {
		unit := 1 << runLengths[*index]
		if left := columns + 1 - x; unit > left {
			return columns + 1, nil
		}
		x += unit
		*index = min(*index+1, len(runLengths)-1)
		if x > columns {
			return x, nil
		}
	}
	x += s.in.bits(uint(runLengths[*index]))
	if x > columns {
		return 0, fmt.Errorf("jpegls: decode: a run is longer than its line: %w", sinso.ErrCorrupt)
	}
	return x, nil
}

// interruption decodes the sample that ends a run, T.87 §A.7.2.
func (s *scan) interruption(a, b, kind, component int) (int, error) {
	ctx := &s.runContexts[kind]
	k := ctx.k(kind)
	limit := s.limit - int(runLengths[s.runIndex[component]]) - 1
	code := s.in.golomb(k, limit-s.qbits-1, s.qbits)
	if code > maxError {
		return 0, errCode()
	}
	err := (code + kind + 1) >> 1
	if ctx.odd(k, true) == ((code+kind)&1 == 1) {
		err = -err
	}
	s.updateRun(ctx, err, code, kind)
	predicted := b
	switch {
	case kind == 1:
		predicted = a
	case a > b:
		err = -err
	}
	return s.rebuild(predicted, err), nil
}
