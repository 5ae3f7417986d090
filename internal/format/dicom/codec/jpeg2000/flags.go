package jpeg2000

// A code-block is coded in stripes of four rows. A word holds what is known of the
// four coefficients of one column of a stripe and of their neighbours:
//
//	bits  0 to 17  significance of the three columns around, of the row above to the
//	               row below, a row in three bits from the left: coefficient j
//	               stands at bit 4+3j, and 3j shifts its neighbourhood down
//	bits 18 to 23  signs (1 is negative) of the column, from the row above
//	bits 24 to 27  the coefficient was refined before
//	bits 28 to 31  the coefficient was coded in this bit-plane
//
// Words have a border of one, so that neighbours need no case.
const (
	flagSelf    = 1 << 4
	flagAround  = 0x1EF
	flagSelves  = flagSelf | flagSelf<<3 | flagSelf<<6 | flagSelf<<9
	flagRefined = 1 << 24
	flagVisited = 1 << 28
	allVisited  = 0xF << 28
	signAbove   = 18
	signSelf    = 19
	signBelow   = 20
)

// A code-block has at most 4096 coefficients, 1024 in a row or column (T.800 Table
// A.18): its words with the border are the most if it is a stripe of 1024.
const (
	maxBlock  = 4096
	maxSide   = 1024
	maxWords  = (maxSide + 2) * 3
	stripeLog = 2
	stripe    = 1 << stripeLog
)

// Block is what decoder and encoder of a code-block share: flags and magnitudes.
type blockState struct {
	width, height, stride int
	causal                bool // vertically causal contexts (T.800 §D.7)
	zero                  *[512]uint8
	flags                 [maxWords]uint32
	// magnitudes hold a column of a stripe in four words; the sign is bit 31.
	magnitudes [maxBlock]uint32
}

const signBit = 1 << 31

// prepare empties the state for a block.
func (s *blockState) prepare(width, height, orientation int, causal bool) {
	s.width, s.height, s.stride, s.causal = width, height, width+2, causal
	s.zero = &zeroContexts[orientation]
	stripes := (height + stripe - 1) >> stripeLog
	clear(s.flags[:s.stride*(stripes+2)])
	clear(s.magnitudes[:width*stripes*stripe])
}

// tell tells the neighbours of coefficient j of word p that it became significant;
// p itself is left to the caller, who has it in a register.
func (s *blockState) tell(p int, j, sign uint32) {
	f := &s.flags
	f[p-1] |= 1 << ((5 + 3*j) & 31)
	f[p+1] |= 1 << ((3 + 3*j) & 31)
	if j == 0 && !s.causal {
		up := f[p-s.stride-1:]
		up = up[:3]
		up[0] |= 1 << 17
		up[1] |= 1<<16 | sign<<23
		up[2] |= 1 << 15
	}
	if j == 3 {
		down := f[p+s.stride-1:]
		down = down[:3]
		down[0] |= 1 << 2
		down[1] |= 1<<1 | sign<<signAbove
		down[2] |= 1
	}
}

// signIndex returns the place in signContexts for coefficient j of word p.
func (s *blockState) signIndex(p int, f, j uint32) uint32 {
	left, right := s.flags[p-1]>>((signSelf+j)&31), s.flags[p+1]>>((signSelf+j)&31)
	return f>>((3*j+1)&31)&0x55 | f>>((signAbove+j)&31)&1<<1 | left&1<<3 | right&1<<5 | f>>((signBelow+j)&31)&1<<7
}

// The bands (T.800 §B.5), named for the filter of the rows, then of the columns.
const (
	bandLL = iota
	bandHL
	bandLH
	bandHH
)

var (
	zeroContexts = makeZeroContexts()
	signContexts = makeSignContexts()
)

// makeZeroContexts is T.800 Table D.1: by band, then by the nine bits of significance
// around and in a coefficient.
func makeZeroContexts() *[4][512]uint8 {
	t := new([4][512]uint8)
	for i := range 512 {
		bit := func(n int) int { return i >> n & 1 }
		h, v := bit(3)+bit(5), bit(1)+bit(7)
		d := bit(0) + bit(2) + bit(6) + bit(8)
		t[bandLL][i] = zeroContext(h, v, d)
		t[bandHL][i] = zeroContext(v, h, d)
		t[bandLH][i] = t[bandLL][i]
		t[bandHH][i] = zeroContextHH(h+v, d)
	}
	return t
}

func zeroContext(h, v, d int) uint8 {
	switch {
	case h == 2:
		return 8
	case h == 1 && v >= 1:
		return 7
	case h == 1 && d >= 1:
		return 6
	case h == 1:
		return 5
	case v == 2:
		return 4
	case v == 1:
		return 3
	case d >= 2:
		return 2
	case d == 1:
		return 1
	default:
		return 0
	}
}

func zeroContextHH(hv, d int) uint8 {
	switch {
	case d >= 3:
		return 8
	case d == 2 && hv >= 1:
		return 7
	case d == 2:
		return 6
	case d == 1 && hv >= 2:
		return 5
	case d == 1 && hv == 1:
		return 4
	case d == 1:
		return 3
	case hv >= 2:
		return 2
	case hv == 1:
		return 1
	default:
		return 0
	}
}

// signFlip in signContexts says that the coded bit is the opposite of the sign.
const signFlip = 0x80

// makeSignContexts is T.800 Tables D.2 and D.3. An index has a pair of bits for each
// neighbour (above, left, right, below): significant, negative.
func makeSignContexts() *[256]uint8 {
	t := new([256]uint8)
	for i := range 256 {
		share := func(n int) int { return (i >> n & 1) * (1 - 2*(i>>(n+1)&1)) }
		v := max(-1, min(1, share(0)+share(6)))
		h := max(-1, min(1, share(2)+share(4)))
		flip := uint8(0)
		if h < 0 || h == 0 && v < 0 {
			h, v, flip = -h, -v, signFlip
		}
		t[i] = [2][3]uint8{{0, contextSign, contextSign + 1}, {contextSign + 2, contextSign + 3, contextSign + 4}}[h][v+1] | flip
	}
	return t
}
