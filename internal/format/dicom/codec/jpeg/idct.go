package jpeg

// The constants of the fast DCT of Loeffler, Ligtenberg and Moschytz (ICASSP 1989),
// with 11 multiplications, in 1/8192, as the IJG's accurate integer DCT has them.
const (
	fixBits = 13

	fix0298 = 2446
	fix0390 = 3196
	fix0541 = 4433
	fix0765 = 6270
	fix0899 = 7373
	fix1175 = 9633
	fix1501 = 12299
	fix1847 = 15137
	fix1961 = 16069
	fix2053 = 16819
	fix2562 = 20995
	fix3072 = 25172
)

// sample is what a plane holds: bytes up to 8 bits of precision, else words.
type sample interface{ uint8 | uint16 }

// keptBits is how many fraction bits are kept between the two passes of a DCT, so
// that 32 bits hold all.
func keptBits(precision int) uint {
	if precision > 8 {
		return 1
	}
	return 2
}

// idct puts the samples of a block, dequantised and row by row, at out, whose rows
// are stride apart (T.81 §A.3.3, level shift §A.3.1). It destroys the block.
func idct[S sample](block *[64]int32, out []S, stride, precision int) {
	kept := keptBits(precision) & 3
	for i := range 8 {
		c := block[i : i+57 : i+57]
		if c[8]|c[16]|c[24]|c[32]|c[40]|c[48]|c[56] == 0 {
			v := c[0] << kept
			c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56] = v, v, v, v, v, v, v, v
			continue
		}
		shift := (fixBits - kept) & 31
		round := int32(1) << (shift - 1)
		e0, e1, e2, e3 := evenPart(c[0], c[16], c[32], c[48], round)
		o0, o1, o2, o3 := oddPart(c[8], c[24], c[40], c[56])
		c[0], c[56] = (e0+o0)>>shift, (e0-o0)>>shift
		c[8], c[48] = (e1+o1)>>shift, (e1-o1)>>shift
		c[16], c[40] = (e2+o2)>>shift, (e2-o2)>>shift
		c[24], c[32] = (e3+o3)>>shift, (e3-o3)>>shift
	}
	shift := (fixBits + kept + 3) & 31
	limit := int32(1)<<uint(precision&31) - 1
	round := int32(1)<<(shift-1) + (limit+1)/2<<shift // the level shift too
	for i := range 8 {
		c := block[i*8 : i*8+8 : i*8+8]
		row := out[i*stride : i*stride+8 : i*stride+8]
		e0, e1, e2, e3 := evenPart(c[0], c[2], c[4], c[6], round)
		o0, o1, o2, o3 := oddPart(c[1], c[3], c[5], c[7])
		row[0], row[7] = S(clamp((e0+o0)>>shift, limit)), S(clamp((e0-o0)>>shift, limit))
		row[1], row[6] = S(clamp((e1+o1)>>shift, limit)), S(clamp((e1-o1)>>shift, limit))
		row[2], row[5] = S(clamp((e2+o2)>>shift, limit)), S(clamp((e2-o2)>>shift, limit))
		row[3], row[4] = S(clamp((e3+o3)>>shift, limit)), S(clamp((e3-o3)>>shift, limit))
	}
}

// evenPart is the half of a one-dimensional inverse DCT of the even coefficients.
func evenPart(c0, c2, c4, c6, round int32) (e0, e1, e2, e3 int32) {
	z := (c2 + c6) * fix0541
	t2, t3 := z-c6*fix1847, z+c2*fix0765
	t0, t1 := (c0+c4)<<fixBits+round, (c0-c4)<<fixBits+round
	return t0 + t3, t1 + t2, t1 - t2, t0 - t3
}

// oddPart is that of the odd ones.
func oddPart(c1, c3, c5, c7 int32) (o0, o1, o2, o3 int32) {
	z5 := (c7 + c3 + c5 + c1) * fix1175
	z3, z4 := z5-(c7+c3)*fix1961, z5-(c5+c1)*fix0390
	z1, z2 := (c7+c1)*fix0899, (c5+c3)*fix2562
	o3 = c7*fix0298 - z1 + z3
	o2 = c5*fix2053 - z2 + z4
	o1 = c3*fix3072 - z2 + z3
	o0 = c1*fix1501 - z1 + z4
	return o0, o1, o2, o3
}

// flatBlock puts a block that has but a DC coefficient, dequantised, at out: what
// idct would, which rounds but once then.
func flatBlock[S sample](dc int32, out []S, stride, precision int) {
	limit := int32(1)<<uint(precision&31) - 1
	v := S(clamp((dc+4)>>3+(limit+1)/2, limit))
	for i := range 8 {
		row := out[i*stride : i*stride+8 : i*stride+8]
		row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] = v, v, v, v, v, v, v, v
	}
}
