package jpeg

// fdct makes a block of samples, shifted to be around zero, coefficients, eight
// times too large (T.81 §A.3.3): the transform that idct inverts.
func fdct(block *[64]int32, precision int) {
	kept := keptBits(precision) & 3
	shift := (fixBits - kept) & 31
	round := int32(1) << (shift - 1)
	for i := 0; i < 64; i += 8 {
		d := block[i : i+8 : i+8]
		e0, e4, e2, e6 := evenSums(d[0]+d[7], d[1]+d[6], d[2]+d[5], d[3]+d[4], round)
		o1, o3, o5, o7 := oddSums(d[0]-d[7], d[1]-d[6], d[2]-d[5], d[3]-d[4], round)
		d[0], d[4], d[2], d[6] = e0<<kept, e4<<kept, e2>>shift, e6>>shift
		d[1], d[3], d[5], d[7] = o1>>shift, o3>>shift, o5>>shift, o7>>shift
	}
	shift = (fixBits + kept) & 31
	round = 1 << (shift - 1)
	sumRound := int32(1) << kept >> 1
	for i := range 8 {
		d := block[i : i+57 : i+57]
		e0, e4, e2, e6 := evenSums(d[0]+d[56], d[8]+d[48], d[16]+d[40], d[24]+d[32], round)
		o1, o3, o5, o7 := oddSums(d[0]-d[56], d[8]-d[48], d[16]-d[40], d[24]-d[32], round)
		d[0], d[32], d[16], d[48] = (e0+sumRound)>>kept, (e4+sumRound)>>kept, e2>>shift, e6>>shift
		d[8], d[24], d[40], d[56] = o1>>shift, o3>>shift, o5>>shift, o7>>shift
	}
}

// evenSums makes the even coefficients of the sums of opposite samples: 0 and 4 as
// they are, 2 and 6 times 2^fixBits, with round.
func evenSums(s0, s1, s2, s3, round int32) (c0, c4, c2, c6 int32) {
	a0, a3 := s0+s3, s0-s3
	a1, a2 := s1+s2, s1-s2
	z := (a2+a3)*fix0541 + round
	return a0 + a1, a0 - a1, z + a3*fix0765, z - a2*fix1847
}

// oddSums makes the odd ones of the differences, all times 2^fixBits, with round.
func oddSums(d0, d1, d2, d3, round int32) (c1, c3, c5, c7 int32) {
	z5 := (d3+d1+d2+d0)*fix1175 + round
	z3, z4 := z5-(d3+d1)*fix1961, z5-(d2+d0)*fix0390
	z1, z2 := (d3+d0)*fix0899, (d2+d1)*fix2562
	c7 = d3*fix0298 - z1 + z3
	c5 = d2*fix2053 - z2 + z4
	c3 = d1*fix3072 - z2 + z3
	c1 = d0*fix1501 - z1 + z4
	return c1, c3, c5, c7
}
