package jpeg2000

import "math/bits"

// mqDecoder is the arithmetic decoder of T.800 Annex C.
//
// A decision that leaves both the interval and the code above their bounds gives the
// more probable symbol and changes nothing but to take Qe from both. So the
// distance to the nearer bound is kept apart: such a decision takes Qe from it and
// is done while it is not negative. The callers do that in their own registers and
// call decide for the rest.
type mqDecoder struct {
	contexts [contextsAllotted]state
	data     []byte
	at       int   // of the byte read last
	a, c     int64 // the interval, of 2^31 to 2^32, and the code, both less the distance
	count    uint  // bits left in the lower half of c
}

// start begins a codeword segment (T.800 §C.3.5) and returns the distance.
func (m *mqDecoder) start(data []byte) int64 {
	m.data, m.at = data, 0
	m.c = int64(m.byteAt(0)) << 16
	m.bytein()
	m.c <<= 7
	m.count -= 7
	m.a = 1 << 31
	distance := min(m.a-1<<31, m.c)
	m.a -= distance
	m.c -= distance
	return distance
}

// byteAt returns a byte, all ones behind the end.
func (m *mqDecoder) byteAt(i int) byte {
	if i < len(m.data) {
		return m.data[i]
	}
	return 0xFF
}

// bytein takes a byte (T.800 §C.3.4).
func (m *mqDecoder) bytein() {
	following := m.byteAt(m.at + 1)
	switch {
	case m.byteAt(m.at) != 0xFF:
		m.at++
		m.c += int64(following) << 8
		m.count = 8
	case following > 0x8F:
		m.c += 0xFF00
		m.count = 8
	default:
		m.at++
		m.c += int64(following) << 9
		m.count = 7
	}
}

// decide ends a decision that made the distance negative: the exchange of T.800
// §C.3.2 and the renormalisation of §C.3.3. It returns the symbol and the new
// distance.
func (m *mqDecoder) decide(context uint32, distance int64) (symbol uint32, left int64) {
	cell := &m.contexts[context&contextMask]
	s := *cell
	qe := int64(s >> 32)
	a, c := m.a+distance, m.c+distance
	lps := a < qe // the exchange of sizes
	if c < 0 {
		c += qe
		a, lps = qe, !lps
	}
	symbol = uint32(s & 1)
	if lps {
		symbol ^= 1
		*cell = next.lps[s&127]
	} else {
		*cell = next.mps[s&127]
	}
	shift := uint(bits.LeadingZeros32(uint32(a)))
	a <<= shift & 63
	if shift <= m.count {
		c <<= shift & 63
		m.count -= shift
	} else {
		c = m.renormalise(c, shift)
	}
	distance = min(a-1<<31, c)
	m.a, m.c = a-distance, c-distance
	return symbol, distance
}

// renormalise doubles the code shift times, where that takes new bytes (T.800 §C.3.3).
func (m *mqDecoder) renormalise(c int64, shift uint) int64 {
	m.c = c
	for shift > m.count {
		m.c <<= m.count
		shift -= m.count
		m.bytein()
	}
	m.count -= shift
	return m.c << shift
}
