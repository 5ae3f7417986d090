package slip39

// GF(256) with the reduction polynomial x^8 + x^4 + x^3 + x + 1, as AES has it. Bytes of a
// secret go through here: neither a branch nor an address depends on them.

// multiply returns the product of two bytes.
func multiply(a, b byte) (product byte) {
	for range 8 {
		product ^= a & -(b & 1)
		b >>= 1
		a = a<<1 ^ 0x1b&-(a>>7)
	}
	return product
}

// invert returns the inverse of a byte, a^254; of zero, zero.
func invert(a byte) byte {
	result, power := byte(1), a
	for range 7 { // 254 is 11111110 in binary
		power = multiply(power, power)
		result = multiply(result, power)
	}
	return result
}

// point is a value of the polynomials, one for each byte, at one place.
type point struct {
	x byte
	y []byte
}

// interpolate returns the values at x of the polynomials through the points, whose places
// are public and all different (SLIP-0039, "Shamir's secret sharing").
func interpolate(points []point, x byte) []byte {
	value := make([]byte, len(points[0].y))
	for i, p := range points {
		factor := byte(1)
		for j, other := range points {
			if i != j {
				factor = multiply(factor, multiply(x^other.x, invert(p.x^other.x)))
			}
		}
		for at, y := range p.y {
			value[at] ^= multiply(factor, y)
		}
	}
	return value
}
