package jpegls

// The transforms of colours that HP's encoder may name in APP8 "mrfx". They are no
// part of T.87; each is its own modulo 2^Precision.
const (
	transformHP1 = 1 + iota
	transformHP2
	transformHP3
)

// colours undoes a transform of colours of three components.
func (m *Image) colours(transform byte) {
	if transform == 0 || m.Samples != 3 {
		return
	}
	size := m.bytes()
	full := 1 << m.Precision
	for at := 0; at < len(m.Pixels); at += 3 * size {
		var v [3]int
		for i := range v {
			v[i] = m.sample(at + i*size)
		}
		for i, w := range untransformed(transform, v, full) {
			m.set(at+i*size, w)
		}
	}
}

// untransformed returns red, green, blue.
func untransformed(transform byte, v [3]int, full int) [3]int {
	half, mask := full/2, full-1
	switch transform {
	case transformHP1:
		return [3]int{(v[0] + v[1] - half) & mask, v[1], (v[2] + v[1] - half) & mask}
	case transformHP2:
		red := (v[0] + v[1] - half) & mask
		return [3]int{red, v[1], (v[2] + (red+v[1])>>1 - half) & mask}
	default: // HP3
		green := (v[0] - (v[1]+v[2])>>2 + full/4) & mask
		return [3]int{(v[2] + green - half) & mask, green, (v[1] + green - half) & mask}
	}
}

// sample returns the sample at a place in the pixels.
func (m *Image) sample(at int) int {
	if m.Precision <= 8 {
		return int(m.Pixels[at])
	}
	return int(m.Pixels[at]) | int(m.Pixels[at+1])<<8
}

func (m *Image) set(at, v int) {
	m.Pixels[at] = byte(v) //nolint:gosec // the lower byte
	if m.Precision > 8 {
		m.Pixels[at+1] = byte(v >> 8) //nolint:gosec // the upper byte
	}
}
