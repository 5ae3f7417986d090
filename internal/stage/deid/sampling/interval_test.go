package sampling_test

import (
	"math"
	"math/big"
	"testing"

	"sinso.dev/sinso/internal/stage/deid/sampling"
)

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// TestClopperPearsonIsAsPublished compares with figures that the documentation of R's
// binom.test and common tables print, and with the ends that have a closed form.
func TestClopperPearsonIsAsPublished(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		k, n      uint64
		low, high float64
	}{
		{682, 925, 0.7076683, 0.7654066}, // R, binom.test: Mendel's peas
		{0, 10, 0, 0.3084971},
		{1, 10, 0.002528579, 0.4450161},
		{2, 10, 0.02521073, 0.5560955},
		{3, 10, 0.06673951, 0.6524529},
		{4, 10, 0.1215523, 0.7376219},
		{5, 10, 0.1870860, 0.8129140},
		{10, 100, 0.04900469, 0.1762226},
		{0, 20, 0, 1 - math.Pow(0.025, 1./20)},
		{20, 20, math.Pow(0.025, 1./20), 1},
		{0, 1_000_000, 0, -math.Expm1(math.Log(0.025) / 1e6)},
		{1, 1, 0.025, 1},
		{0, 0, 0, 1},
	} {
		got := sampling.ClopperPearson(tt.k, tt.n, 0.95)
		if !near(got.Low, tt.low, 1e-7) || !near(got.High, tt.high, 1e-7) {
			t.Errorf("%d of %d: got %.9f to %.9f, want %.9f to %.9f", tt.k, tt.n, got.Low, got.High, tt.low, tt.high)
		}
	}
}

// binomialTail returns the chance of at most k of n, computed with 200 bits.
func binomialTail(k, n uint64, p float64) float64 {
	const bits = 200
	x := new(big.Float).SetPrec(bits).SetFloat64(p)
	y := new(big.Float).SetPrec(bits).Sub(big.NewFloat(1).SetPrec(bits), x)
	sum := new(big.Float).SetPrec(bits)
	for i := uint64(0); i <= k; i++ {
		term := new(big.Float).SetPrec(bits).SetInt(new(big.Int).Binomial(int64(n), int64(i)))
		for range i {
			term.Mul(term, x)
		}
		for range n - i {
			term.Mul(term, y)
		}
		sum.Add(sum, term)
	}
	out, _ := sum.Float64()
	return out
}

// TestEndsOfClopperPearsonLeaveTheirTails computes the binomial tails at the ends.
func TestEndsOfClopperPearsonLeaveTheirTails(t *testing.T) {
	t.Parallel()
	for _, n := range []uint64{1, 2, 7, 30, 301} {
		for k := uint64(0); k <= n; k += 1 + n/9 {
			for _, confidence := range []float64{0.5, 0.9, 0.95, 0.999} {
				tail := (1 - confidence) / 2
				got := sampling.ClopperPearson(k, n, confidence)
				if k < n && !near(binomialTail(k, n, got.High), tail, 1e-11) {
					t.Errorf("%d of %d, %g: upper tail %g, want %g", k, n, confidence, binomialTail(k, n, got.High), tail)
				}
				if k > 0 && !near(1-binomialTail(k-1, n, got.Low), tail, 1e-11) {
					t.Errorf("%d of %d, %g: lower tail %g, want %g", k, n, confidence, 1-binomialTail(k-1, n, got.Low), tail)
				}
			}
		}
	}
}

// TestClopperPearsonCoversAtLeastAsOften sums, for many rates, the chances of all
// outcomes whose interval holds the rate.
func TestClopperPearsonCoversAtLeastAsOften(t *testing.T) {
	t.Parallel()
	least := 1.0
	for _, n := range []uint64{5, 20, 60} {
		intervals := make([]sampling.Interval, n+1)
		for k := range intervals {
			intervals[k] = sampling.ClopperPearson(uint64(k), n, 0.95)
		}
		for p := 0.0; p <= 1; p += 0.003 {
			covered := 0.0
			for k, in := range intervals {
				if in.Low <= p && p <= in.High {
					covered += binomial(n, uint64(k), p)
				}
			}
			least = min(least, covered)
			if covered < 0.95-1e-9 {
				t.Errorf("n %d, rate %.3f: covered %.4f", n, p, covered)
			}
		}
	}
	if least > 0.98 {
		t.Errorf("covered %.4f at the least: wider than it needs to be", least)
	}
}

func binomial(n, k uint64, p float64) float64 {
	c, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
	return c * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}

// hypergeometric returns the chance of k leaks among n drawn of all.
func hypergeometric(k, n, leaks, all uint64) float64 {
	ways := new(big.Int).Mul(new(big.Int).Binomial(int64(leaks), int64(k)), new(big.Int).Binomial(int64(all-leaks), int64(n-k)))
	out, _ := new(big.Rat).SetFrac(ways, new(big.Int).Binomial(int64(all), int64(n))).Float64()
	return out
}

// TestHypergeometricIntervalIsThatOfTheTests compares with what a test of every
// number of leaks does not refuse, in exact arithmetic, for all small strata; and
// sums how often it covers.
func TestHypergeometricIntervalIsThatOfTheTests(t *testing.T) {
	t.Parallel()
	for _, all := range []uint64{1, 2, 3, 8, 19} {
		for n := uint64(0); n <= all; n++ {
			covered := make([]float64, all+1)
			for k := uint64(0); k <= n; k++ {
				low, high := sampling.Hypergeometric(k, n, all, 0.9)
				for leaks := k; leaks <= all-(n-k); leaks++ {
					lower, upper := 0.0, 0.0
					for x := uint64(0); x <= min(n, leaks); x++ {
						if n-x > all-leaks {
							continue
						}
						p := hypergeometric(x, n, leaks, all)
						if x <= k {
							lower += p
						}
						if x >= k {
							upper += p
						}
					}
					want := lower > 0.05 && upper > 0.05
					if got := low <= leaks && leaks <= high; got != want && !near(lower, 0.05, 1e-12) && !near(upper, 0.05, 1e-12) {
						t.Fatalf("%d leaks in %d of %d: %d in interval %t, want %t (%g, %g)", k, n, all, leaks, got, want, lower, upper)
					}
					if low <= leaks && leaks <= high {
						covered[leaks] += hypergeometric(k, n, leaks, all)
					}
				}
			}
			for leaks, c := range covered {
				if c < 0.9-1e-9 {
					t.Errorf("%d of %d examined, %d leaks: covered %.4f", n, all, leaks, c)
				}
			}
		}
	}
}

// TestHypergeometricIntervalMeetsItsLimits: all examined is known, a large stratum
// is as if without end.
func TestHypergeometricIntervalMeetsItsLimits(t *testing.T) {
	t.Parallel()
	if low, high := sampling.Hypergeometric(3, 50, 50, 0.95); low != 3 || high != 3 {
		t.Errorf("all examined: got %d to %d, want 3", low, high)
	}
	if low, high := sampling.Hypergeometric(0, 0, 50, 0.95); low != 0 || high != 50 {
		t.Errorf("none examined: got %d to %d, want 0 to 50", low, high)
	}
	const all = 1 << 40
	for _, k := range []uint64{0, 1, 17, 500, 999, 1000} {
		low, high := sampling.Hypergeometric(k, 1000, all, 0.95)
		want := sampling.ClopperPearson(k, 1000, 0.95)
		if !near(float64(low)/all, want.Low, 1e-6) || !near(float64(high)/all, want.High, 1e-6) {
			t.Errorf("%d of 1000: got %g to %g, want %g to %g", k, float64(low)/all, float64(high)/all, want.Low, want.High)
		}
	}
	// With 2 of 80 leaking, 59 are clean with a chance of 21·20/(80·79) = 0.0665, with
	// 3 of 0.0665·19/78 = 0.0162.
	if _, high := sampling.Hypergeometric(0, 59, 80, 0.9); high != 2 {
		t.Errorf("59 of 80 clean: got at most %d leaks, want 2", high)
	}
}
