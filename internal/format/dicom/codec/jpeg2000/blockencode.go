package jpeg2000

import "math/bits"

// blockEncoder codes code-blocks, one after the other (T.800 Annex D).
type blockEncoder struct {
	blockState
	mq mqEncoder
}

// encode codes the coefficients of a block, whose first stands at cells[0]. It sets
// the block's planes and its one segment.
func (e *blockEncoder) encode(b *block, orientation int, cells []int32, stride int) {
	e.prepare(b.x1-b.x0, b.y1-b.y0, orientation, false)
	all := uint32(0)
	for y := range e.height {
		row := cells[y*stride:][:e.width]
		for x, v := range row {
			sign := uint32(v) & signBit     //nolint:gosec // its sign
			magnitude := uint32(max(v, -v)) //nolint:gosec // not negative
			all |= magnitude
			e.magnitudes[((y&^(stripe-1))*e.width+y&(stripe-1))+x*stripe] = magnitude | sign
		}
	}
	b.planes = bits.Len32(all)
	if b.planes == 0 {
		return
	}
	e.mq.start()
	for plane := uint(b.planes); plane > 0; plane-- {
		if plane < uint(b.planes) {
			e.significance(plane - 1)
			e.refinement(plane - 1)
		}
		e.cleanup(plane - 1)
	}
	b.included = true
	b.segments = []segment{{passes: 3*b.planes - 2, data: append([]byte(nil), e.mq.flush()...)}}
}

// appear codes the sign of coefficient j of word p, and makes it significant.
func (e *blockEncoder) appear(p int, f, j, magnitude uint32) uint32 {
	c := uint32(signContexts[e.signIndex(p, f, j)&0xFF])
	sign := magnitude >> 31
	e.mq.encode(c&^signFlip, sign^c>>7)
	e.tell(p, j, sign)
	return f | flagSelf<<(3*j) | sign<<(signSelf+j)
}

// columns calls code for each column of each stripe: with the place of its word, its
// flags, its magnitudes and how many there are. It returns the new flags.
func (e *blockEncoder) columns(code func(p int, f uint32, cells []uint32) uint32) {
	for y := 0; y < e.height; y += stripe {
		rows := min(stripe, e.height-y)
		p := (y>>stripeLog+1)*e.stride + 1
		for x := range e.width {
			e.flags[p+x] = code(p+x, e.flags[p+x], e.magnitudes[y*e.width+x*stripe:][:rows])
		}
	}
}

func (e *blockEncoder) significance(plane uint) {
	e.columns(func(p int, f uint32, cells []uint32) uint32 {
		if f == 0 {
			return f
		}
		for i, v := range cells {
			j := uint32(i)
			around := f >> (3 * j)
			if around&flagSelf != 0 || around&flagAround == 0 {
				continue
			}
			bit := v >> plane & 1
			e.mq.encode(uint32(e.zero[around&511]), bit)
			f |= flagVisited << j
			if bit == 1 {
				f = e.appear(p, f, j, v)
			}
		}
		return f
	})
}

func (e *blockEncoder) refinement(plane uint) {
	e.columns(func(_ int, f uint32, cells []uint32) uint32 {
		for i, v := range cells {
			j := uint32(i)
			if f>>(3*j)&flagSelf == 0 || f>>j&flagVisited != 0 {
				continue
			}
			context := uint32(contextRefine)
			switch {
			case f>>j&flagRefined != 0:
				context += 2
			case f>>(3*j)&flagAround != 0:
				context++
			}
			e.mq.encode(context, v>>plane&1)
			f |= flagRefined << j
		}
		return f
	})
}

func (e *blockEncoder) cleanup(plane uint) {
	e.columns(func(p int, f uint32, cells []uint32) uint32 {
		first := 0
		if f == 0 && len(cells) == stripe {
			for first < stripe && cells[first]>>plane&1 == 0 {
				first++
			}
			if first == stripe {
				e.mq.encode(contextRun, 0)
				return 0
			}
			j := uint32(first)
			e.mq.encode(contextRun, 1)
			e.mq.encode(contextUniform, j>>1)
			e.mq.encode(contextUniform, j&1)
			f = e.appear(p, f, j, cells[first])
			first++
		}
		for i := first; i < len(cells); i++ {
			j := uint32(i)
			around := f >> (3 * j)
			if around&flagSelf != 0 || f>>j&flagVisited != 0 {
				continue
			}
			bit := cells[i] >> plane & 1
			e.mq.encode(uint32(e.zero[around&511]), bit)
			if bit == 1 {
				f = e.appear(p, f, j, cells[i])
			}
		}
		return f &^ allVisited
	})
}
