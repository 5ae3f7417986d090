package deface

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// stream returns bytes that only the key tells, one sequence for each label.
func stream(key []byte, label string) (cipher.Stream, error) {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte("sinso deface " + label)) // a hash's Write returns no error
	secret := mac.Sum(nil)
	block, err := aes.NewCipher(secret[:16])
	if err != nil {
		return nil, fmt.Errorf("deface: noise: %w: %w", err, sinso.ErrInvalid)
	}
	return cipher.NewCTR(block, secret[16:]), nil
}

// lattice is smooth keyed noise in space: values between -1 and 1 at the corners of
// cubes, and between them what their corners say.
type lattice struct {
	pitch  float64 // mm
	n      [3]int
	origin vec
	values []float32
}

// newLattice draws noise of a wave length over the grid.
func newLattice(bytes cipher.Stream, g grid, pitch float64) lattice {
	l := lattice{pitch: pitch, origin: g.origin}
	total := 1
	for axis := range 3 {
		l.n[axis] = int(float64(g.n[axis])*g.side/pitch) + 3
		total *= l.n[axis]
	}
	raw := make([]byte, 4*total)
	bytes.XORKeyStream(raw, raw)
	l.values = make([]float32, total)
	for i := range l.values {
		l.values[i] = float32(float64(binary.LittleEndian.Uint32(raw[4*i:]))/math.MaxUint32*2 - 1)
	}
	return l
}

// at returns the noise at a place of the grid.
func (l lattice) at(p vec) float64 {
	q := p.sub(l.origin).scale(1 / l.pitch)
	var at [3]int
	var part [3]float64
	for axis := range 3 {
		x := min(max(q[axis], 0), float64(l.n[axis]-2))
		at[axis] = int(x)
		f := x - float64(at[axis])
		part[axis] = f * f * (3 - 2*f)
	}
	sum := 0.0
	for corner := range 8 {
		i, weight := 0, 1.0
		for axis := 2; axis >= 0; axis-- {
			bit := corner >> axis & 1
			i = i*l.n[axis] + min(at[axis]+bit, l.n[axis]-1)
			if bit == 1 {
				weight *= part[axis]
			} else {
				weight *= 1 - part[axis]
			}
		}
		sum += weight * float64(l.values[i])
	}
	return sum
}

// mix spreads the bits of a number (SplitMix64, Steele et al. 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
