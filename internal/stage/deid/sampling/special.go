package sampling

import "math"

// Bounds of an evaluation: a fraction or a series that has not settled then never
// will.
const (
	maxTerms = 1_000_000
	settled  = 1e-15
	tiny     = 1e-300 // in place of a zero that would be divided by
)

// betaQuantile returns the x for which betaRegularized(x, a, b) is p.
func betaQuantile(p, a, b float64) float64 {
	return bisect(0, 1, func(x float64) bool { return betaRegularized(x, a, b) < p })
}

// gammaQuantile returns the x for which gammaRegularized(a, x) is p.
func gammaQuantile(p, a float64) float64 {
	high := a + 1
	for gammaRegularized(a, high) < p {
		high *= 2
	}
	return bisect(0, high, func(x float64) bool { return gammaRegularized(a, x) < p })
}

// bisect returns the place between low and high up to which below is true.
func bisect(low, high float64, below func(float64) bool) float64 {
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high || high < math.SmallestNonzeroFloat64/settled {
			return middle
		}
		if below(middle) {
			low = middle
		} else {
			high = middle
		}
	}
}

// betaRegularized is the regularized incomplete beta function I_x(a, b), a and b
// positive: the continued fraction of DLMF 8.17.22, on the side where it settles
// fast.
func betaRegularized(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaFraction(1-x, b, a)
	default:
		return betaFraction(x, a, b)
	}
}

// betaFraction is I_x(a, b) by the fraction 1/(1 + d1/(1 + d2/(1 + …))), evaluated
// from the front by Lentz's method.
func betaFraction(x, a, b float64) float64 {
	term := func(n int) float64 {
		m := float64(n / 2)
		if n%2 == 0 {
			return m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		}
		return -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
	}
	f, c, d := 1.0, 1.0, 0.0
	for n := 1; n < maxTerms; n++ {
		d = 1 / nonzero(1+term(n)*d)
		c = nonzero(1 + term(n)/c)
		f *= c * d
		if math.Abs(c*d-1) < settled {
			break
		}
	}
	front := a*math.Log(x) + b*math.Log1p(-x) - logBeta(a, b)
	return math.Exp(front) / (a * f)
}

// gammaRegularized is the regularized lower incomplete gamma function P(a, x), a
// positive: the series of DLMF 8.11.4 below a + 1, the fraction of 8.9.2 above.
func gammaRegularized(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	front := math.Exp(a*math.Log(x) - x - logGamma(a))
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := 1.0; n < maxTerms && term > sum*settled; n++ {
			term *= x / (a + n)
			sum += term
		}
		return front * sum
	}
	b := x + 1 - a
	c, d := 1/tiny, 1/nonzero(b)
	f := d
	for n := 1.0; n < maxTerms; n++ {
		b += 2
		term := -n * (n - a)
		d = 1 / nonzero(b+term*d)
		c = nonzero(b + term/c)
		f *= c * d
		if math.Abs(c*d-1) < settled {
			break
		}
	}
	return 1 - front*f
}

func nonzero(v float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

func logGamma(v float64) float64 {
	out, _ := math.Lgamma(v) // v is positive
	return out
}

func logBeta(a, b float64) float64 { return logGamma(a) + logGamma(b) - logGamma(a+b) }
