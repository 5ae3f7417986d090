package sampling

import "math"

// Interval is a confidence interval of a rate, between 0 and 1.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ClopperPearson returns the exact interval of a rate of which k of n were seen:
// of a process that goes on, of which those n are a sample (Clopper and Pearson,
// Biometrika 26, 1934). Each end is missed with at most half of 1 - confidence.
// With n = 0 nothing is known. k must not exceed n, and confidence lie between 0
// and 1.
func ClopperPearson(k, n uint64, confidence float64) Interval {
	tail := (1 - confidence) / 2
	x, y := float64(k), float64(n-k)
	out := Interval{0, 1}
	if k > 0 {
		out.Low = betaQuantile(tail, x, y+1)
	}
	if k < n {
		out.High = 1 - betaQuantile(tail, y, x+1) // the upper tail of the mirrored distribution
	}
	return out
}

// Hypergeometric returns the exact interval of how many of all leak, of which n
// were examined and k of those leak: the numbers that are not refused by a test of
// half of 1 - confidence on either side. With n = all it is k itself. k must not
// exceed n, nor n all.
func Hypergeometric(k, n, all uint64, confidence float64) (low, high uint64) {
	tail := (1 - confidence) / 2
	least, most := k, all-(n-k)
	// The more leak, the likelier are k or more: the first that is likely enough.
	low = first(least, most, func(leaks uint64) bool {
		_, upper := hypergeometricTails(k, n, leaks, all)
		return upper > tail
	})
	// And the less likely k or fewer: the last before the first that is not.
	high = first(least, most+1, func(leaks uint64) bool {
		if leaks > most {
			return true
		}
		lower, _ := hypergeometricTails(k, n, leaks, all)
		return lower <= tail
	})
	return low, max(low, high-1)
}

// first returns the first number from least on that fits, as then do all that
// follow; most if there is none before it.
func first(least, most uint64, fits func(uint64) bool) uint64 {
	for least < most {
		middle := least + (most-least)/2
		if fits(middle) {
			most = middle
		} else {
			least = middle + 1
		}
	}
	return least
}

// negligible is what a term of a sum may be to be left out, of the largest.
const negligible = 1e-18

// hypergeometricTails returns the chances of at most k and of at least k leaks
// among n that are drawn from all, of which so many leak. The terms are summed
// outwards from the likeliest, each from the one before.
func hypergeometricTails(k, n, leaks, all uint64) (lower, upper float64) {
	least, most := uint64(0), min(n, leaks)
	if n+leaks > all {
		least = n + leaks - all
	}
	mode := uint64((float64(n) + 1) / (float64(all) + 2) * (float64(leaks) + 1))
	mode = min(max(mode, least), most)
	var sum float64
	add := func(x uint64, weight float64) {
		sum += weight
		if x <= k {
			lower += weight
		}
		if x >= k {
			upper += weight
		}
	}
	// up is the weight of x + 1 over that of x.
	up := func(x uint64) float64 {
		return float64(leaks-x) / float64(x+1) * float64(n-x) / float64(all-leaks-(n-x-1))
	}
	add(mode, 1)
	for x, weight := mode, 1.0; x < most && weight > negligible; x++ {
		weight *= up(x)
		add(x+1, weight)
	}
	for x, weight := mode, 1.0; x > least && weight > negligible; x-- {
		weight /= up(x - 1)
		add(x-1, weight)
	}
	return lower / sum, upper / sum
}

// sample is what a weighted sum is made of: leaks seen, and the weight of each.
type sample struct {
	leaks  float64
	weight float64
}

// gammaInterval returns the interval of a sum of rates, each weighted, from the
// leaks seen (Fay and Feuer, Statistics in Medicine 16, 1997, after their formulas
// for directly standardized rates). It takes the counts as of Poisson's
// distribution, which is wider than that of a sample. Where nothing was seen, no
// higher sum than its upper end shows that often: of all rates with the same chance
// of it, those are highest that lie in the heaviest stratum alone. Otherwise it rests
// on simulation, theirs and that of the tests.
func gammaInterval(samples []sample, confidence float64) Interval {
	tail := (1 - confidence) / 2
	var y, variance, heaviest float64
	for _, s := range samples {
		y += s.weight * s.leaks
		variance += s.weight * s.weight * s.leaks
		heaviest = max(heaviest, s.weight)
	}
	var out Interval
	if y > 0 {
		out.Low = variance / y * gammaQuantile(tail, y*y/variance)
	}
	y += heaviest
	variance += heaviest * heaviest
	out.High = variance / y * gammaQuantile(1-tail, y*y/variance)
	return out
}

// ruleOfThree returns 3/n: with none seen in n, the rate is below it with 95 %
// confidence, on one side (Hanley and Lippman-Hand, JAMA 249, 1983).
func ruleOfThree(n uint64) float64 { return math.Min(1, 3/float64(n)) }
