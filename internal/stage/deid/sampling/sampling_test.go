package sampling_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/sampling"
)

var (
	secret  = [32]byte{7}
	profile = [32]byte{1}
)

func newSampler(tb testing.TB, secret [32]byte, plan sampling.Plan) *sampling.Sampler {
	tb.Helper()
	s, err := sampling.New(secret, plan)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func report(tb testing.TB, s *sampling.Sampler) sampling.Report {
	tb.Helper()
	r, err := s.Report(0)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestExactlyNOfEachMAreChosen(t *testing.T) {
	t.Parallel()
	for _, plan := range []sampling.Plan{{1, 1, 0}, {1, 10, 0}, {3, 7, 0}, {20, 20, 0}, {50, 1000, 0}} {
		s := newSampler(t, secret, plan)
		for window := range 20 {
			chosen := uint32(0)
			for range plan.Of {
				if s.Draw("device", profile).Chosen {
					chosen++
				}
				s.Draw("another", profile) // has windows of its own
			}
			if chosen != plan.Examine {
				t.Fatalf("%d of %d: window %d has %d", plan.Examine, plan.Of, window, chosen)
			}
		}
	}
}

// TestEverySetOfPlacesIsAsLikely counts the sets of 2 of 5 over many windows.
func TestEverySetOfPlacesIsAsLikely(t *testing.T) {
	t.Parallel()
	const windows = 20_000
	s := newSampler(t, secret, sampling.Plan{Examine: 2, Of: 5})
	sets := map[string]int{}
	for range windows {
		var b strings.Builder
		for at := range 5 {
			if s.Draw("device", profile).Chosen {
				fmt.Fprint(&b, at)
			}
		}
		sets[b.String()]++
	}
	chi := 0.0
	const want = windows / 10.
	for _, n := range sets {
		chi += (float64(n) - want) * (float64(n) - want) / want
	}
	if len(sets) != 10 || chi > 27.88 { // of 9 degrees of freedom, exceeded once in 1,000
		t.Errorf("%d sets, chi squared %.1f: %v", len(sets), chi, sets)
	}
}

func TestDrawsDependOnSecretStratumAndPlaceAlone(t *testing.T) {
	t.Parallel()
	plan := sampling.Plan{Examine: 10, Of: 40}
	draws := func(secret [32]byte, device string, profile [32]byte, others bool) string {
		s := newSampler(t, secret, plan)
		var b strings.Builder
		for range 400 {
			if others {
				s.Draw("another", profile)
			}
			d := s.Draw(device, profile)
			fmt.Fprint(&b, map[bool]int{true: 1}[d.Chosen])
		}
		return b.String()
	}
	want := draws(secret, "device", profile, false)
	if got := draws(secret, "device", profile, true); got != want {
		t.Error("draws of another stratum changed them")
	}
	for name, got := range map[string]string{
		"secret":  draws([32]byte{8}, "device", profile, false),
		"device":  draws(secret, "device 2", profile, false),
		"profile": draws(secret, "device", [32]byte{2}, false),
	} {
		if got == want {
			t.Errorf("another %s: the same draws", name)
		}
	}
}

// TestExtraLeavesNoPlaceUnwatched: after the last one of the plan in a window some
// are still chosen, as often as asked for.
func TestExtraLeavesNoPlaceUnwatched(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 100, Extra: 20_000})
	after, chosenAfter := 0, 0
	for range 500 {
		planned := false
		for range 100 {
			d := s.Draw("device", profile)
			if planned {
				after++
			}
			if planned && d.Chosen {
				chosenAfter++
			}
			planned = planned || d.Chosen
		}
	}
	if rate := float64(chosenAfter) / float64(after); rate < 0.015 || rate > 0.04 {
		t.Errorf("chosen after the first: %d of %d, want about 2 to 3 %%", chosenAfter, after)
	}
}

func TestPlansThatCannotBeFollowedAreRefused(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 2})
	for _, plan := range []sampling.Plan{{}, {0, 5, 0}, {6, 5, 0}, {1, math.MaxUint32, 0}, {1, 2, 1_000_001}} {
		if _, err := sampling.New(secret, plan); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%+v: got %v, want ErrInvalid", plan, err)
		}
		if err := s.Follow(plan); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("follow %+v: got %v, want ErrInvalid", plan, err)
		}
	}
	for _, confidence := range []float64{-1, 1, 2, math.NaN(), math.Inf(1)} {
		if _, err := s.Report(confidence); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("confidence %g: got %v, want ErrInvalid", confidence, err)
		}
	}
}

func TestAnotherPlanIsAnotherStratum(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 10})
	s.Draw("device", profile)
	if err := s.Follow(sampling.Plan{Examine: 5, Of: 10}); err != nil {
		t.Fatal(err)
	}
	if d := s.Draw("device", profile); d.Place != 0 || d.Stratum.Plan.Examine != 5 {
		t.Errorf("got place %d of %+v", d.Place, d.Stratum.Plan)
	}
	if r := report(t, s); len(r.Rows) != 2 || r.Overall.Made != 2 {
		t.Errorf("got %d rows, %d made", len(r.Rows), r.Overall.Made)
	}
}

func TestVerdictsAreCountedOnWhatWasChosenOnly(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 2, Of: 2})
	d := s.Draw("device", profile)
	if err := s.Record(sampling.Stratum{Device: "nobody's"}, false); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if err := s.Record(d.Stratum, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(d.Stratum, true); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("one chosen, two verdicts: got %v, want ErrInvalid", err)
	}
	if got := report(t, s).Rows[0].Tally; got != (sampling.Tally{Made: 1, Chosen: 1, Examined: 1, Leaks: 1}) {
		t.Errorf("got %+v", got)
	}
}

// TestStrataAreBounded: who makes up devices does not fill the memory, and does not
// escape either.
func TestStrataAreBounded(t *testing.T) {
	t.Parallel()
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 3})
	long := s.Draw(strings.Repeat("x", 10_000), profile)
	if n := len(long.Stratum.Device); n > 256 {
		t.Errorf("a device's signature of %d bytes is kept", n)
	}
	chosen := 0
	for i := range 66_000 {
		if s.Draw(fmt.Sprint("made up ", i), profile).Chosen {
			chosen++
		}
	}
	if chosen < 21_000 || chosen > 23_000 {
		t.Errorf("chosen %d of 66,000, want about a third", chosen)
	}
	if d := s.Draw("one more", profile); d.Stratum.Device != "" {
		t.Errorf("a stratum of its own beyond the bound")
	}
}

// played returns a sampler that drew and examined a while.
func played(tb testing.TB, rng *rand.Rand) *sampling.Sampler {
	tb.Helper()
	s := newSampler(tb, secret, sampling.Plan{Examine: 2, Of: 5, Extra: 100_000})
	for range 5 + rng.IntN(60) {
		if d := s.Draw(fmt.Sprint("device ", rng.IntN(3)), profile); d.Chosen && rng.IntN(4) > 0 {
			if err := s.Record(d.Stratum, rng.IntN(5) == 0); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return s
}

func encoded(tb testing.TB, s *sampling.Sampler) []byte {
	tb.Helper()
	b, err := s.MarshalBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestDecodedSamplerGoesOnWhereTheEncodedOneStood(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := played(t, rng)
		again := newSampler(t, secret, sampling.Plan{Examine: 2, Of: 5, Extra: 100_000})
		if err := again.UnmarshalBinary(encoded(t, s)); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got, want := fmt.Sprint(report(t, again)), fmt.Sprint(report(t, s)); got != want {
			t.Fatalf("seed %d: got %s, want %s", seed, got, want)
		}
		for range 30 {
			if got, want := again.Draw("device 1", profile), s.Draw("device 1", profile); got != want {
				t.Fatalf("seed %d: got %+v, want %+v", seed, got, want)
			}
		}
		if !bytes.Equal(encoded(t, again), encoded(t, s)) {
			t.Fatalf("seed %d: they differ afterwards", seed)
		}
	}
}

// TestEveryChangedByteIsRefusedOrMeansAnotherHistory flips each bit.
func TestEveryChangedByteIsRefusedOrMeansAnotherHistory(t *testing.T) {
	t.Parallel()
	b := encoded(t, played(t, rand.New(rand.NewPCG(2, 2))))
	s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 1})
	refused := 0
	for i := range len(b) * 8 {
		changed := bytes.Clone(b)
		changed[i/8] ^= 1 << (i % 8)
		before := encoded(t, s)
		err := s.UnmarshalBinary(changed)
		switch {
		case err == nil && !bytes.Equal(encoded(t, s), changed):
			t.Fatalf("bit %d: another form was accepted", i)
		case err != nil && !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported):
			t.Fatalf("bit %d: error without a class: %v", i, err)
		case err != nil && !bytes.Equal(encoded(t, s), before):
			t.Fatalf("bit %d: refused, and the sampler changed", i)
		case err != nil:
			refused++
		}
	}
	for n := range b {
		if s.UnmarshalBinary(b[:n]) == nil {
			t.Fatalf("cut after %d of %d bytes: accepted", n, len(b))
		}
	}
	if refused < len(b)*2 {
		t.Errorf("only %d of %d changes were refused", refused, len(b)*8)
	}
}

// FuzzUnmarshal: what is accepted has one form, can be reported and drawn from.
func FuzzUnmarshal(f *testing.F) {
	f.Add(encoded(f, played(f, rand.New(rand.NewPCG(1, 1)))))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSampler(t, secret, sampling.Plan{Examine: 1, Of: 3})
		if s.UnmarshalBinary(b) != nil {
			return
		}
		if !bytes.Equal(encoded(t, s), b) {
			t.Error("another form was accepted")
		}
		for _, row := range report(t, s).Rows {
			s.Draw(row.Device, row.Profile)
		}
	})
}
