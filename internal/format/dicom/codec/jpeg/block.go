package jpeg

// zigzag is the place in a block, row by row, of the coefficients in the order they
// are coded (T.81 Figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// block decodes a block of a sequential scan into out, dequantised and row by row
// (T.81 §F.2.2). pred is the DC coefficient before it; the block's is returned, with
// whether it has others. quant is in zigzag order.
func (b *bitReader) block(out, quant *[64]int32, dc, ac *table, pred int32) (int32, bool) {
	*out = [64]int32{}
	_, diff := b.next(dc)
	pred += diff
	out[0] = pred * quant[0]
	bits, left := b.bits, b.left
	flat := true
	for k := 1; k < 64; k++ {
		if left < enough {
			b.bits, b.left = bits, left
			b.fill()
			bits, left = b.bits, b.left
		}
		e := ac.look[bits>>(64-lookBits)]
		if e == 0 {
			if e = ac.search(bits); e == 0 {
				b.bad = true
				break
			}
		}
		bits <<= e & entryLength
		left -= int(e & entryLength)
		n, run := e>>8&15, int(e>>12&15)
		if n == 0 {
			if run != 15 {
				break // end of block
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			b.bad = true
			break
		}
		v := int32(e) >> 16 //nolint:gosec // the upper half is signed
		if e&more != 0 {
			v = int32(bits>>(64-n)) + (-1<<n+1)&(int32(bits>>63)-1) //nolint:gosec // n bits
			bits <<= n
			left -= int(n)
		}
		out[zigzag[k&63]&63] = v * quant[k&63]
		flat = false
	}
	b.bits, b.left = bits, left
	return pred, !flat
}
