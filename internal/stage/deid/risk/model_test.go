package risk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/stage/deid/risk"
)

var secret = [32]byte{1, 2, 3}

// study is one row of the model: what a population is, kept as it is said.
type study struct {
	person string
	traits risk.Traits
}

// model answers by going through every study, and through every set of traits.
type model []study

func (m model) k(t risk.Traits) uint64 {
	return m.persons(func(have *risk.Traits) bool {
		for i, value := range t {
			if value != "" && have[i] != value {
				return false
			}
		}
		return true
	})
}

func (m model) possible(t risk.Traits) uint64 {
	return m.persons(func(have *risk.Traits) bool {
		for i, value := range t {
			if value != "" && have[i] != "" && have[i] != value {
				return false
			}
		}
		return true
	})
}

func (m model) persons(matches func(*risk.Traits) bool) uint64 {
	who := map[string]bool{}
	n := uint64(0)
	for i := range m {
		switch {
		case !matches(&m[i].traits):
		case m[i].person == "":
			n++
		default:
			who[m[i].person] = true
		}
	}
	return n + uint64(len(who))
}

// advice returns every smallest set of traits to hide, as text, sorted, and K. A
// set is one if none that hides less, of as many traits, is.
func (m model) advice(t risk.Traits, threshold uint64) map[string]uint64 {
	out := map[string]uint64{}
	shown := t.Shown()
	for size := 1; size <= 3 && len(out) == 0; size++ {
		enough := map[string][]risk.Trait{}
		for _, hide := range subsets(shown, size) {
			if distinctRoots(hide) && m.k(t.Without(hide...)) >= threshold {
				enough[key(hide)] = hide
			}
		}
		for name, hide := range enough {
			minimal := true
			for _, other := range enough {
				minimal = minimal && !hidesLess(t, other, hide)
			}
			if minimal {
				out[name] = m.k(t.Without(hide...))
			}
		}
	}
	return out
}

func subsets(shown []risk.Trait, size int) [][]risk.Trait {
	if size == 0 {
		return [][]risk.Trait{nil}
	}
	var out [][]risk.Trait
	for i := range shown {
		for _, rest := range subsets(shown[i+1:], size-1) {
			out = append(out, append([]risk.Trait{shown[i]}, rest...))
		}
	}
	return out
}

func distinctRoots(hide []risk.Trait) bool {
	seen := map[risk.Trait]bool{}
	for _, t := range hide {
		for coarse, ok := t.Refines(); ok; coarse, ok = t.Refines() {
			t = coarse
		}
		if seen[t] {
			return false
		}
		seen[t] = true
	}
	return true
}

// hidesLess reports whether a hides part of what b hides, and nothing else.
func hidesLess(t risk.Traits, a, b []risk.Trait) bool {
	left, more := t.Without(a...), t.Without(b...)
	if left == more {
		return false
	}
	for i := range left {
		if left[i] == "" && more[i] != "" {
			return false
		}
	}
	return true
}

// random returns a study out of few values, so that many match.
func random(rng *rand.Rand) study {
	var t risk.Traits
	maybe := func(trait risk.Trait, n int) {
		if rng.IntN(5) > 0 {
			t[trait] = fmt.Sprint("v", rng.IntN(n))
		}
	}
	maybe(risk.Sex, 2)
	maybe(risk.Procedures, 3)
	maybe(risk.Protocols, 2)
	maybe(risk.BodyParts, 2)
	maybe(risk.Smoking, 2)
	if rng.IntN(4) > 0 {
		t.SetAge(fmt.Sprintf("%03dY", 20+rng.IntN(80)))
	}
	if rng.IntN(3) > 0 {
		t.SetDate(fmt.Sprintf("202%d01%02d", rng.IntN(2), 1+rng.IntN(9)))
	}
	maybe(risk.Manufacturer, 2)
	if t[risk.Manufacturer] != "" {
		maybe(risk.Model, 2)
	}
	if t[risk.Model] != "" {
		maybe(risk.Device, 2)
	}
	s := study{traits: t}
	if rng.IntN(6) > 0 {
		s.person = fmt.Sprint("person ", rng.IntN(60))
	}
	return s
}

// grow adds n random studies to both, and takes some out again.
func grow(t *testing.T, rng *rand.Rand, p *risk.Population, n int) model {
	t.Helper()
	var m model
	for range n {
		s := random(rng)
		if err := p.Add(s.person, s.traits); err != nil {
			t.Fatal(err)
		}
		m = append(m, s)
		if rng.IntN(5) == 0 {
			gone := rng.IntN(len(m))
			if err := p.Remove(m[gone].person, m[gone].traits); err != nil {
				t.Fatal(err)
			}
			m = slices.Delete(m, gone, gone+1)
		}
	}
	return m
}

// key names a set of traits.
func key(hide []risk.Trait) string {
	var b strings.Builder
	for _, t := range hide {
		b.WriteString(t.String() + " ")
	}
	return b.String()
}

func adviceOf(a risk.Assessment) map[string]uint64 {
	out := map[string]uint64{}
	for _, advice := range a.Advice {
		slices.Sort(advice.Hide)
		out[key(advice.Hide)] = advice.K
	}
	return out
}

// TestAssessmentIsThatOfEveryStudyComparedOneByOne compares with the model: K,
// what is possible, and what to hide.
func TestAssessmentIsThatOfEveryStudyComparedOneByOne(t *testing.T) {
	t.Parallel()
	var seen tally
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := risk.New(secret)
		m := grow(t, rng, p, 20+rng.IntN(300))
		for range 25 {
			compare(t, p, m, random(rng).traits, 6, &seen)
		}
	}
	if seen.advised < 500 || seen.full == 0 {
		t.Errorf("%d pieces of advice, %d full lists: too few to tell", seen.advised, seen.full)
	}
}

// TestAdviceIsTheSameWhereManyAreNear has more studies that differ in little than
// are listed at once.
func TestAdviceIsTheSameWhereManyAreNear(t *testing.T) {
	t.Parallel()
	var seen tally
	rng := rand.New(rand.NewPCG(7, 7))
	p := risk.New(secret)
	m := grow(t, rng, p, 9000)
	for i := range 12 {
		shown := random(rng).traits
		if i%2 == 0 {
			shown[risk.Sex] = "of nobody"
		}
		compare(t, p, m, shown, 30, &seen)
	}
	if seen.advised < 12 {
		t.Errorf("%d pieces of advice: too few to tell", seen.advised)
	}
}

// tally is how much was compared.
type tally struct{ advised, full int }

func compare(t *testing.T, p *risk.Population, m model, shown risk.Traits, threshold uint64, seen *tally) {
	t.Helper()
	a := p.Assess(risk.Disclosure{Traits: shown}, risk.Policy{K: threshold})
	if got, want := a.K, m.k(shown); got != want {
		t.Fatalf("K of %s: got %d, want %d", describe(shown), got, want)
	}
	if got, want := a.Possible, m.possible(shown); got != want {
		t.Fatalf("possible of %s: got %d, want %d", describe(shown), got, want)
	}
	want := map[string]uint64{}
	if a.K < threshold {
		want = m.advice(shown, threshold)
	}
	got := adviceOf(a)
	for hide, k := range got {
		if want[hide] != k {
			t.Fatalf("%s without %s: got K %d, want %d of %v", describe(shown), hide, k, want[hide], want)
		}
	}
	if len(got) != min(8, len(want)) {
		t.Fatalf("%s: got advice %v, want %v", describe(shown), got, want)
	}
	seen.advised += len(got)
	seen.full += len(want) / 9
}

// describe shows invented values, which Traits itself never prints.
func describe(t risk.Traits) string { return strings.Join(t[:], "|") }
