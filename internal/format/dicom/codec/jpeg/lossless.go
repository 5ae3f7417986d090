//nolint:gosec // bit fields are cut out of wider numbers; sums are modulo 2^16
package jpeg

// lossless decodes a scan of a lossless frame (T.81 §H.2).
func (d *decoder) lossless(s *scan) error {
	f := d.frame
	if s.start < 1 || s.start > 7 || int(s.low) >= f.precision {
		return corrupt("a lossless scan of predictor %d, point transform %d", s.start, s.low)
	}
	f.shifted = f.shifted || s.low > 0
	for i, c := range s.components {
		if s.dc[i] == nil || s.dc[i].most > 16 {
			return corrupt("a Huffman table of component %d of a scan lacks", i)
		}
		if c.seen {
			return corrupt("a component is in two scans")
		}
		c.seen = true
	}
	if d.interval%s.mcuX != 0 { // T.81 §H.1.1
		return corrupt("a restart interval of %d in rows of %d samples", d.interval, s.mcuX)
	}
	if d.pixels == nil {
		return d.subsampled(s)
	}
	return d.level(s)
}

// level decodes a scan without subsampling, row by row.
func (d *decoder) level(s *scan) error {
	f, n := d.frame, len(s.components)
	row, above := make([]uint16, f.columns*n), make([]uint16, f.columns*n)
	next := byte(markerRST0)
	first := true
	for y := range f.rows {
		if d.interval > 0 && y > 0 && y%(d.interval/s.mcuX) == 0 {
			if err := d.restart(next); err != nil {
				return err
			}
			next, first = markerRST0+(next+1)&7, true
		}
		d.differences(row, s.dc)
		if d.failed() {
			return d.why()
		}
		for i := range n {
			if first {
				firstRow(row, i, n, 1<<(uint(f.precision)-s.low-1))
			} else {
				undoRow(row, above, i, n, s.start)
			}
		}
		if !fits(row, f.precision-int(s.low)) {
			return corrupt("a sample of row %d exceeds %d bits", y, f.precision)
		}
		d.store(s, y, row)
		row, above, first = above, row, false
	}
	return nil
}

// differences decodes a row of differences of interleaved components.
func (b *bitReader) differences(row []uint16, tables []*table) {
	bits, left := b.bits, b.left
	for len(row) >= len(tables) {
		for i, t := range tables {
			if left < enough {
				b.bits, b.left = bits, left
				b.fill()
				bits, left = b.bits, b.left
			}
			e := t.look[bits>>(64-lookBits)]
			if e == 0 {
				if e = t.search(bits); e == 0 {
					b.bad = true
					return
				}
			}
			bits <<= e & entryLength
			left -= int(e & entryLength)
			v := int32(e) >> 16
			if e&more != 0 {
				n := e >> 8 & 15
				v = int32(bits>>(64-n)) + (-1<<n+1)&(int32(bits>>63)-1)
				bits <<= n
				left -= int(n)
			}
			row[i] = uint16(v)
		}
		row = row[len(tables):]
	}
	b.bits, b.left = bits, left
}

// fits reports whether all values have at most so many bits.
func fits(row []uint16, bits int) bool {
	var all uint16
	for _, v := range row {
		all |= v
	}
	return all>>uint(bits) == 0
}

// store puts a row of the components of a scan into the pixels.
func (d *decoder) store(s *scan, y int, row []uint16) {
	f, n := d.frame, len(d.frame.components)
	size := sampleBytes(f.precision)
	out := d.pixels[y*f.columns*n*size:][:f.columns*n*size]
	shift := s.low & 15
	if len(s.components) == n && s.inOrder(f) {
		if size == 2 {
			putWords(out, row, shift)
			return
		}
		for i, v := range row[:len(out)] {
			out[i] = byte(v << shift)
		}
		return
	}
	for i, c := range s.components {
		at := f.place(c)
		for x := range f.columns {
			v := row[x*len(s.components)+i] << shift
			if size == 2 {
				putWords(out[2*(x*n+at):], []uint16{v}, 0)
			} else {
				out[x*n+at] = byte(v)
			}
		}
	}
}

// place returns which component of the frame c is.
func (f *frame) place(c *component) int {
	for i := range f.components {
		if &f.components[i] == c {
			return i
		}
	}
	return 0
}

// inOrder reports whether a scan has the components in the frame's order.
func (s *scan) inOrder(f *frame) bool {
	for i, c := range s.components {
		if f.place(c) != i {
			return false
		}
	}
	return true
}

// subsampled decodes a scan of a frame whose components differ in size, sample by
// sample. The planes hold whole MCUs.
func (d *decoder) subsampled(s *scan) error {
	precision := d.frame.precision - int(s.low)
	top := 0 // the first row of MCUs since the last restart
	over := false
	err := d.eachRestart(s, func(i, x, y, row int, restarted bool) {
		if restarted {
			top = row
		}
		c := s.components[i]
		firstY := top
		if len(s.components) > 1 {
			firstY = top * c.v
		}
		_, diff := d.next(s.dc[i])
		at := y*c.stride + x
		var pred int32
		switch a := func(back int) int32 { return int32(c.words[at-back] >> s.low) }; {
		case x == 0 && y == firstY:
			pred = 1 << (precision - 1)
		case y == firstY:
			pred = a(1)
		case x == 0:
			pred = a(c.stride)
		default:
			pred = predict(s.start, a(1), a(c.stride), a(c.stride+1))
		}
		v := uint16(pred + diff)
		over = over || v>>uint(precision) != 0
		c.words[at] = v << s.low
	})
	if err == nil && over {
		return corrupt("a sample exceeds %d bits", d.frame.precision)
	}
	return err
}

// eachRestart is eachBlock with the row of MCUs, and whether a restart was before.
func (d *decoder) eachRestart(s *scan, visit func(i, x, y, row int, restarted bool)) error {
	n, perRow := 0, 0
	for _, c := range s.components {
		perRow += c.h * c.v
	}
	if len(s.components) == 1 {
		perRow = 1
	}
	perRow *= s.mcuX
	every := 0
	if d.interval > 0 {
		every = d.interval / s.mcuX * perRow
	}
	return d.eachBlock(s, func(i, x, y int) {
		restarted := n == 0 || every > 0 && n%every == 0
		visit(i, x, y, n/perRow, restarted)
		n++
	})
}
