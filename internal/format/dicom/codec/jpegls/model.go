package jpegls

import "math/bits"

// Bounds and defaults of T.87.
const (
	defaultReset = 64   // T.87 Table C.2
	minBias      = -128 // of a context, T.87 §A.6.2
	maxBias      = 127
	regular      = 365 // contexts of regular mode, T.87 §A.3.4
	maxError     = 1 << 17
)

// runLengths are the bits of a run's unit by its index, T.87 §A.2.1: J.
const runLengths = "\x00\x00\x00\x00\x01\x01\x01\x01\x02\x02\x02\x02\x03\x03\x03\x03" +
	"\x04\x04\x05\x05\x06\x06\x07\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F"

// preset are the coding parameters, T.87 §C.2.4.1.1.
type preset struct {
	maxval, t1, t2, t3 int
	reset              int32
}

// defaults returns the parameters that hold where no others are given.
func defaults(maxval, near int) preset {
	p := preset{maxval: maxval, reset: defaultReset}
	clamp := func(v, low int) int {
		if v > maxval || v < low {
			return low
		}
		return v
	}
	if maxval >= 128 {
		factor := (min(maxval, 4095) + 128) / 256
		p.t1 = clamp(factor*(3-2)+2+3*near, near+1)
		p.t2 = clamp(factor*(7-3)+3+5*near, p.t1)
		p.t3 = clamp(factor*(21-4)+4+7*near, p.t2)
		return p
	}
	factor := 256 / (maxval + 1)
	p.t1 = clamp(max(2, 3/factor+3*near), near+1)
	p.t2 = clamp(max(3, 7/factor+5*near), p.t1)
	p.t3 = clamp(max(4, 21/factor+7*near), p.t2)
	return p
}

// context is what was learned of the errors in one surrounding, T.87 §A.2.1: A, B,
// C, N.
type context struct {
	a       uint32
	b, c, n int32
	k       uint32 // parameter of the Golomb code, made before it is needed
	flip    int32  // -1 where the codes of signs are swapped, T.87 §A.5.2
}

// runContext is that of samples that end a run: A, N, Nn.
type runContext struct{ a, n, negative int }

// model is the state that encoder and decoder share.
type model struct {
	preset
	near, step  int   // step: 2·NEAR+1
	exact       int32 // -1 if near is 0, else 0
	mask        int   // maxval where what is lossless is reckoned modulo maxval+1, else 0
	span        int   // RANGE
	wrap        int   // RANGE·(2·NEAR+1)
	qbits       int   // bits of an error that is written as it is: qbpp
	limit       int   // longest code of an error: LIMIT
	quantized   []int8
	contexts    [regular]context
	runContexts [2]runContext
	runIndex    [4]int
}

func newModel(p preset, near int) *model {
	m := &model{preset: p, near: near, step: 2*near + 1}
	m.span = (p.maxval+2*near)/m.step + 1
	m.wrap = m.span * m.step
	if near == 0 {
		m.exact = -1
		if p.maxval&(p.maxval+1) == 0 {
			m.mask = p.maxval
		}
	}
	m.qbits = bits.Len(uint(m.span - 1))
	depth := max(2, bits.Len(uint(p.maxval)))
	m.limit = 2 * (depth + max(8, depth))        // T.87 §A.2.1
	m.quantized = make([]int8, 2*(p.maxval+1)+1) // T.87 §A.3.3
	middle := p.maxval + 1
	for d := range middle + 1 {
		q := int8(4)
		switch {
		case d <= near:
			q = 0
		case d < p.t1:
			q = 1
		case d < p.t2:
			q = 2
		case d < p.t3:
			q = 3
		}
		m.quantized[middle+d], m.quantized[middle-d] = q, -q
	}
	m.start()
	return m
}

// start sets the state of the beginning of a scan or a restart interval, T.87 §A.2.1.
func (m *model) start() {
	first := max(2, (m.span+32)/64)
	for i := range m.contexts {
		m.contexts[i] = context{a: uint32(first), n: 1, k: golombK(uint32(first), 1)} //nolint:gosec // at most 1024
	}
	for i := range m.runContexts {
		m.runContexts[i] = runContext{a: first, n: 1}
	}
	m.runIndex = [4]int{}
}

// predict is the median edge detector, T.87 §A.4.1: the median of its neighbours and
// of the plane through them.
func predict(a, b, c int) int {
	low, high := min(a, b), max(a, b)
	return max(low, min(high, a+b-c))
}

// golombK returns the parameter of the Golomb code, T.87 §A.5.1: the least with
// n·2^k >= a. It has no branch, since none could be foretold.
func golombK(a uint32, n int32) uint32 {
	k := uint32(max(bits.Len32(a)-bits.Len32(uint32(n)), 0)) //nolint:gosec // positive
	return k + uint32((uint64(n)<<(k&63)-uint64(a))>>63)     //nolint:gosec // positive
}

// update learns an error, T.87 §A.6.
func (m *model) update(c *context, err int) {
	a := c.a + uint32(max(err, -err)) //nolint:gosec // below maxError, which reset times fits
	b := c.b + int32(err*m.step)      //nolint:gosec // likewise
	n := c.n
	if n == m.reset {
		a >>= 1
		b >>= 1
		n >>= 1
	}
	n++
	low, high := (b+n-1)>>31, -b>>31 // -1 where the bias is to be lowered, raised
	b = min(max(b+n&low-n&high, 1-n), 0)
	c.a, c.b, c.n = a, b, n
	c.c = min(max(c.c+low-high, minBias), maxBias)
	k := golombK(a, n)
	c.k = k
	c.flip = (2*b + n - 1) >> 31 & int32(k-1) >> 31 & m.exact //nolint:gosec // at most 32
}

// k returns the parameter of the Golomb code of a sample that ends a run; kind is
// RItype, 1 where both neighbours are alike (T.87 §A.7.2.1).
func (r *runContext) k(kind int) uint {
	weight := r.a
	if kind == 1 {
		weight += r.n >> 1
	}
	k := uint(0)
	for r.n<<k < weight {
		k++
	}
	return k
}

// odd reports whether errors of the sign have odd codes: map of T.87 §A.7.2.2.
func (r *runContext) odd(k uint, negative bool) bool {
	return negative == (k != 0 || 2*r.negative >= r.n)
}

// update learns an error by its code, T.87 §A.7.2.2.
func (m *model) updateRun(r *runContext, err, code, kind int) {
	if err < 0 {
		r.negative++
	}
	r.a += (code + 1 - kind) >> 1
	if r.n == int(m.reset) {
		r.a >>= 1
		r.n >>= 1
		r.negative >>= 1
	}
	r.n++
}

// rebuild adds an error to what was predicted, T.87 §A.4.4 and §A.4.5.
func (m *model) rebuild(predicted, err int) int {
	if m.mask != 0 {
		return (predicted + err) & m.mask
	}
	v := predicted + err*m.step
	v += m.wrap & ((v + m.near) >> 63)
	v -= m.wrap & ((m.maxval + m.near - v) >> 63)
	return min(max(v, 0), m.maxval)
}

// surroundings returns the number of a context and its sign, 0 or -1, T.87 §A.3.4.
func (m *model) surroundings(a, b, c, d int) (q, sign int) {
	middle := m.maxval + 1
	q = (int(m.quantized[middle+d-b])*9+int(m.quantized[middle+b-c]))*9 + int(m.quantized[middle+c-a])
	sign = q >> 63
	return (q ^ sign) - sign, sign
}
