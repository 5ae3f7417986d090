//nolint:gosec // coefficients are 16 bits; what exceeds them is damage, and harmless
package jpeg

import "bytes"

// progressive decodes a scan of a progressive frame (T.81 §G.2).
func (d *decoder) progressive(s *scan) error {
	first := s.high == 0
	switch {
	case s.start > s.end || s.end > 63 || s.start == 0 && s.end != 0 || s.start > 0 && len(s.components) != 1,
		s.low > 13 || !first && s.high != s.low+1: // T.81 Table B.3
		return corrupt("a progressive scan of coefficients %d to %d, bits %d to %d", s.start, s.end, s.high, s.low)
	}
	if err := d.ready(s, s.start == 0 && first, s.start > 0); err != nil {
		return err
	}
	for _, c := range s.components {
		for k := s.start; k <= s.end; k++ {
			if first != (c.exact[k] == 0) || !first && uint(c.exact[k]) != s.high+1 {
				return corrupt("a progressive scan sends bits again, or too early")
			}
			c.exact[k] = int8(s.low + 1)
		}
	}
	switch {
	case s.start > 0 && first:
		return d.eachBand(s, d.firstAC)
	case s.start > 0:
		return d.eachBand(s, d.refineAC)
	}
	return d.eachBlock(s, func(i, x, y int) {
		c := s.components[i]
		dc := &c.coefficients[(y*c.wide+x)*64]
		if first {
			_, diff := d.next(s.dc[i]) // T.81 §G.1.2.1
			c.pred += diff
			*dc = int16(c.pred << s.low)
		} else {
			*dc |= int16(d.take(1) << s.low)
		}
	})
}

// eachBand calls visit for the blocks of a scan of one component's band, but for those
// in a run of blocks that are at their end and have nothing to correct: scans of long
// runs cost no more than their bytes.
func (d *decoder) eachBand(s *scan, visit func(s *scan, block *[64]int16) bool) error {
	c := s.components[0]
	next := byte(markerRST0)
	until := d.interval
	for y := range s.mcuY {
		filled := c.filled[y*c.wide:][:s.mcuX]
		for x := 0; x < s.mcuX; {
			if d.interval == 0 {
				until = s.mcuX
			} else if until == 0 {
				if err := d.restart(next); err != nil {
					return err
				}
				s.reset()
				until, next = d.interval, markerRST0+(next+1)&7
			}
			skip := min(s.run, until, s.mcuX-x)
			if s.high > 0 && skip > 0 {
				if at := bytes.IndexByte(filled[x:x+skip], 1); at >= 0 {
					skip = at
				}
			}
			if s.run -= skip; skip == 0 {
				at := (y*c.wide + x) * 64
				if visit(s, (*[64]int16)(c.coefficients[at:at+64])) {
					filled[x] = 1
				}
				skip = 1
			}
			x, until = x+skip, until-skip
			if d.failed() {
				return d.why()
			}
		}
	}
	return nil
}

// firstAC is the first scan of a band (T.81 §G.1.2.2). It reports whether there is a
// coefficient in it.
func (d *decoder) firstAC(s *scan, block *[64]int16) (filled bool) {
	for k := s.start; k <= s.end; k++ {
		value, number := d.next(s.ac[0])
		if value&15 == 0 {
			if value>>4 < 15 {
				s.run = d.endOfBand(value>>4) - 1
				return filled
			}
			k += 15
			continue
		}
		if k += int(value >> 4); k > s.end {
			d.bad = true
			return filled
		}
		block[k&63] = int16(number << s.low)
		filled = true
	}
	return filled
}

// endOfBand reads how many blocks are at their end (T.81 §G.1.2.2, Table G.1).
func (d *decoder) endOfBand(n byte) int {
	if d.bad {
		return 1
	}
	return 1<<n + int(d.take(uint(n)))
}

// refineAC is one bit more of a band: a correction of each coefficient that is not
// zero, and those that become so (T.81 §G.1.2.3), of which it reports whether there
// are any.
func (d *decoder) refineAC(s *scan, block *[64]int16) (filled bool) {
	bit := int16(1) << s.low
	k := s.start
	if s.run == 0 {
		for ; k <= s.end; k++ {
			value, number := d.next(s.ac[0])
			zeros := int(value >> 4)
			switch {
			case value&15 > 1 || d.bad:
				d.bad = true
				return filled
			case value == 0 || value&15 == 0 && zeros < 15:
				s.run = d.endOfBand(value >> 4)
			}
			if s.run > 0 {
				break
			}
			k = d.correct(block, k, s.end, zeros, bit)
			if number != 0 {
				if k > s.end {
					d.bad = true
					return filled
				}
				block[k&63] = int16(number) * bit
				filled = true
			}
		}
	}
	if s.run > 0 {
		d.correct(block, k, s.end, 64, bit)
		s.run--
	}
	return filled
}

// correct reads a bit for each coefficient from k that is not zero, passing over
// zeros of those that are, and returns the place of the next zero, or end + 1.
func (d *decoder) correct(block *[64]int16, k, end, zeros int, bit int16) int {
	for ; k <= end; k++ {
		c := &block[k&63]
		switch {
		case *c == 0:
			if zeros == 0 {
				return k
			}
			zeros--
		case d.take(1) == 0:
		case *c > 0:
			*c += bit
		default:
			*c -= bit
		}
	}
	return k
}

// reconstruct makes the samples of a progressive frame of its coefficients.
func (f *frame) reconstruct() {
	var block [64]int32
	for i := range f.components {
		c := &f.components[i]
		for at := 0; at < len(c.coefficients); at += 64 {
			coefficients := (*[64]int16)(c.coefficients[at : at+64])
			var others int32
			for k, v := range coefficients {
				block[zigzag[k]&63] = int32(v) * c.quant[k]
				if k > 0 {
					others |= int32(v)
				}
			}
			unit := at / 64
			c.put(&block, unit%c.wide, unit/c.wide, f.precision, others != 0)
		}
		c.coefficients, c.filled = nil, nil
	}
}
