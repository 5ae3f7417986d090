package sampling

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestGammaIntervalOfOneWeightIsGarwoods: with equal weights it is the exact
// interval of a Poisson count, as R's poisson.test prints it.
func TestGammaIntervalOfOneWeightIsGarwoods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ count, time, low, high float64 }{
		{0, 1, 0, 3.688879},
		{1, 1, 0.02531781, 5.571643},
		{10, 1, 4.795389, 18.39036},
		{137, 24.19893, 4.753125, 6.692709}, // R, poisson.test: Welsh nickel workers
	} {
		got := gammaInterval([]sample{{tt.count, 1 / tt.time}}, 0.95)
		if math.Abs(got.Low-tt.low) > 1e-6*tt.high || math.Abs(got.High-tt.high) > 1e-6*tt.high {
			t.Errorf("%g in %g: got %.7f to %.7f, want %.7f to %.7f", tt.count, tt.time, got.Low, got.High, tt.low, tt.high)
		}
	}
}

// TestIncompleteFunctionsHaveTheirClosedForms at arguments where there is one, from
// the smallest to the largest.
func TestIncompleteFunctionsHaveTheirClosedForms(t *testing.T) {
	t.Parallel()
	check := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-10*math.Max(want, 1e-3) {
			t.Errorf("%s: got %.15g, want %.15g", what, got, want)
		}
	}
	for _, x := range []float64{0, 1e-12, 0.001, 0.3, 0.5, 0.77, 0.999, 1} {
		check("I_x(1, 1)", betaRegularized(x, 1, 1), x)
		check("I_x(5, 1)", betaRegularized(x, 5, 1), math.Pow(x, 5))
		check("I_x(1, 700)", betaRegularized(x, 1, 700), -math.Expm1(700*math.Log1p(-x)))
		check("I_x(0.5, 0.5)", betaRegularized(x, 0.5, 0.5), 2/math.Pi*math.Asin(math.Sqrt(x)))
		check("symmetry", betaRegularized(x, 31, 7), 1-betaRegularized(1-x, 7, 31))
	}
	for _, x := range []float64{0, 1e-9, 0.1, 1, 3, 10, 40} {
		check("P(1, x)", gammaRegularized(1, x), -math.Expm1(-x))
		check("P(2, x)", gammaRegularized(2, x), 1-(1+x)*math.Exp(-x))
		check("P(0.5, x)", gammaRegularized(0.5, x), math.Erf(math.Sqrt(x)))
	}
}

func TestQuantilesAreUndoneByTheirFunctions(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		p := 0.0005 + 0.999*rng.Float64()
		a, b := math.Exp(8*rng.Float64()), math.Exp(14*rng.Float64())
		if got := betaRegularized(betaQuantile(p, a, b), a, b); math.Abs(got-p) > 1e-8 {
			t.Errorf("beta %g, %g: got %g, want %g", a, b, got, p)
		}
		if got := gammaRegularized(b, gammaQuantile(p, b)); math.Abs(got-p) > 1e-8 {
			t.Errorf("gamma %g: got %g, want %g", b, got, p)
		}
	}
}
