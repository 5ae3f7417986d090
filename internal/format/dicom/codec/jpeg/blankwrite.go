//nolint:gosec // the bytes of a field are cut out of wider numbers
package jpeg

import (
	"math"
	"slices"
)

// write writes the stream of what was read.
func (b *blanker) write() ([]byte, error) {
	w := blankWriter{streamWriter: streamWriter{out: make([]byte, 0, len(b.data)+1024)}}
	w.out = append(w.out, 0xFF, markerSOI)
	for i, marker := range [2]byte{markerAPP0, markerAPP14} {
		if b.application[i] != nil {
			w.segment(marker, b.application[i]...)
		}
	}
	for i := range b.frame.components {
		if c := &b.frame.components[i]; w.quant[c.tq] == nil {
			w.quantise(c)
		}
	}
	w.segment(b.frame.process, b.header...)
	if b.frame.process == markerSOF2 {
		return w.progressive(b.frame)
	}
	for i := range b.layouts {
		if err := w.sequential(&b.layouts[i]); err != nil {
			return nil, err
		}
	}
	return w.end(), nil
}

// blankWriter knows what it has written.
type blankWriter struct {
	streamWriter
	quant    [4]*[64]int32
	interval int
}

// quantise writes the quantisation table of a component (T.81 §B.2.4.1).
func (w *blankWriter) quantise(c *component) {
	w.quant[c.tq] = c.quant
	wide := slices.Max(c.quant[:]) > math.MaxUint8
	body := []byte{c.tq}
	if wide {
		body[0] |= 0x10
	}
	for _, q := range c.quant {
		if wide {
			body = append(body, byte(q>>8))
		}
		body = append(body, byte(q))
	}
	w.segment(markerDQT, body...)
}

// sequential writes a scan of a sequential frame.
func (w *blankWriter) sequential(l *layout) error {
	var counts [2][4]statistics
	l.each(func(i int, block *[64]int16, pred int32) {
		counts[0][l.tables[0][i]][magnitude(int32(block[0])-pred)]++
		counts[1][l.tables[1][i]].others(block)
	}, func(byte) {})
	var codes [2][4]*code
	for class := range codes {
		for i, to := range l.tables[class] {
			if class == 0 && counts[0][to][16] > 0 {
				return corrupt("a DC coefficient of component %d of a scan is too far from the next", i)
			}
			if codes[class][to] == nil {
				codes[class][to] = counts[class][to].code()
				w.define(byte(class), to, codes[class][to])
			}
		}
	}
	for _, c := range l.components {
		if w.quant[c.tq] != c.quant {
			w.quantise(c)
		}
	}
	if w.interval != l.interval {
		w.interval = l.interval
		w.segment(markerDRI, byte(l.interval>>8), byte(l.interval))
	}
	w.segment(markerSOS, l.header...)
	l.each(func(i int, block *[64]int16, pred int32) {
		w.block(block, codes[0][l.tables[0][i]], codes[1][l.tables[1][i]], pred)
	}, func(marker byte) {
		w.flush()
		w.out = append(w.out, 0xFF, marker)
	})
	w.flush()
	return nil
}

// each calls visit with the blocks of a scan in their order (T.81 §A.2), with the
// component's place in the scan and the DC coefficient before it; and restart with the
// markers between them.
func (l *layout) each(visit func(i int, block *[64]int16, pred int32), restart func(marker byte)) {
	pred := make([]int32, len(l.components))
	one := func(i, x, y int) {
		block := l.components[i].unit(x, y)
		visit(i, block, pred[i])
		pred[i] = int32(block[0])
	}
	for n := range l.mcuX * l.mcuY {
		if l.interval > 0 && n > 0 && n%l.interval == 0 {
			restart(markerRST0 + byte(n/l.interval-1)&7)
			clear(pred)
		}
		mx, my := n%l.mcuX, n/l.mcuX
		if len(l.components) == 1 {
			one(0, mx, my)
			continue
		}
		for i, c := range l.components {
			for v := range c.v {
				for h := range c.h {
					one(i, mx*c.h+h, my*c.v+v)
				}
			}
		}
	}
}

// progressive writes a progressive frame: for each component its DC coefficients, then
// all others, whole (T.81 §G.1.1.1, spectral selection alone).
func (w *blankWriter) progressive(f *frame) ([]byte, error) {
	for i := range f.components {
		c := &f.components[i]
		if f.byID(c.id, 0, 0) != c {
			return nil, unsupported("a progressive frame with components of one name")
		}
		if slices.Contains(c.coefficients, math.MinInt16) {
			return nil, corrupt("a coefficient of component %d of more than 15 bits", i)
		}
		l := layout{scan: &scan{components: []*component{c}, mcuX: ceil(c.columns, 8), mcuY: ceil(c.rows, 8)}}
		var first, others statistics
		l.each(func(_ int, block *[64]int16, pred int32) {
			first[magnitude(int32(block[0])-pred)]++
			others.others(block)
		}, nil)
		if first[16] > 0 {
			return nil, corrupt("a DC coefficient of component %d is too far from the next", i)
		}
		dc, ac := first.code(), others.code()
		w.define(0, 0, dc)
		w.segment(markerSOS, 1, c.id, 0, 0, 0, 0)
		l.each(func(_ int, block *[64]int16, pred int32) {
			diff := int32(block[0]) - pred
			w.number(dc, 0, diff, magnitude(diff))
		}, nil)
		w.flush()
		w.define(1, 0, ac)
		w.segment(markerSOS, 1, c.id, 0, 1, 63, 0)
		l.each(func(_ int, block *[64]int16, _ int32) { w.others(block, ac) }, nil)
		w.flush()
	}
	return w.end(), nil
}
