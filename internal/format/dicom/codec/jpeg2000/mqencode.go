package jpeg2000

// mqEncoder is the arithmetic encoder of T.800 §C.2.
type mqEncoder struct {
	contexts [contextsAllotted]state
	out      []byte // the first byte stands before the code
	a, c     uint32
	count    uint
}

func (m *mqEncoder) start() {
	resetContexts(&m.contexts)
	m.out = append(m.out[:0], 0)
	m.a, m.c, m.count = 0x8000, 0, 12
}

// encode codes a decision.
func (m *mqEncoder) encode(context, bit uint32) {
	cell := &m.contexts[context&contextMask]
	s := *cell
	qe := uint32(s >> 48)
	m.a -= qe
	if bit == uint32(s&1) {
		if m.a&0x8000 != 0 {
			m.c += qe
			return
		}
		if m.a < qe {
			m.a = qe
		} else {
			m.c += qe
		}
		*cell = next.mps[s&127]
	} else {
		if m.a < qe {
			m.c += qe
		} else {
			m.a = qe
		}
		*cell = next.lps[s&127]
	}
	for m.a&0x8000 == 0 {
		m.a <<= 1
		m.c <<= 1
		if m.count--; m.count == 0 {
			m.byteout()
		}
	}
}

// byteout puts out a byte; after one of all ones a bit is stuffed (T.800 §C.2.8).
func (m *mqEncoder) byteout() {
	last := &m.out[len(m.out)-1]
	if *last != 0xFF && m.c&0x8000000 != 0 { // the carry
		*last++
		m.c &= 0x7FFFFFF
	}
	if *last == 0xFF {
		m.out = append(m.out, byte(m.c>>20)) //nolint:gosec // 8 bits are left
		m.c &= 0xFFFFF
		m.count = 7
		return
	}
	m.out = append(m.out, byte(m.c>>19)) //nolint:gosec // 8 bits are left
	m.c &= 0x7FFFF
	m.count = 8
}

// flush ends the code (T.800 §C.2.9) and returns it until the next start.
func (m *mqEncoder) flush() []byte {
	end := m.c + m.a
	m.c |= 0xFFFF
	if m.c >= end {
		m.c -= 0x8000
	}
	for range 2 {
		m.c <<= m.count
		m.byteout()
	}
	if m.out[len(m.out)-1] == 0xFF {
		return m.out[1 : len(m.out)-1]
	}
	return m.out[1:]
}
