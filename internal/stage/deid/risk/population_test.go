package risk_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

func encoded(tb testing.TB, p *risk.Population) []byte {
	tb.Helper()
	b, err := p.MarshalBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestSameStudiesEncodeToTheSameBytes adds them in another order, with others
// between that are removed again.
func TestSameStudiesEncodeToTheSameBytes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := risk.New(secret)
		m := grow(t, rng, p, 150)
		want := encoded(t, p)
		again := risk.New(secret)
		rng.Shuffle(len(m), func(i, j int) { m[i], m[j] = m[j], m[i] })
		for _, s := range m {
			if err := again.Add(s.person, s.traits); err != nil {
				t.Fatal(err)
			}
		}
		if got := encoded(t, again); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: %d bytes differ from %d", seed, len(got), len(want))
		}
	}
}

// TestDecodedPopulationAssessesAsTheEncodedOne compares every answer.
func TestDecodedPopulationAssessesAsTheEncodedOne(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	p := risk.New(secret)
	grow(t, rng, p, 400)
	again, err := risk.Decode(secret, encoded(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.Studies(), p.Studies(); got != want {
		t.Errorf("studies: got %d, want %d", got, want)
	}
	for range 200 {
		d := risk.Disclosure{Traits: random(rng).traits}
		got, want := fmt.Sprint(again.Assess(d, risk.Policy{})), fmt.Sprint(p.Assess(d, risk.Policy{}))
		if got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// TestEveryChangedByteIsRefusedOrMeansAnotherPopulation flips each bit: what is
// still accepted encodes to the changed bytes, so that there is one form only.
func TestEveryChangedByteIsRefusedOrMeansAnotherPopulation(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	grow(t, rand.New(rand.NewPCG(4, 4)), p, 40)
	b := encoded(t, p)
	refused := 0
	for i := range len(b) * 8 {
		changed := bytes.Clone(b)
		changed[i/8] ^= 1 << (i % 8)
		q, err := risk.Decode(secret, changed)
		switch {
		case err == nil && !bytes.Equal(encoded(t, q), changed):
			t.Fatalf("bit %d: another form was accepted", i)
		case err != nil:
			refused++
			if !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) && !errors.Is(err, sinso.ErrDenied) {
				t.Fatalf("bit %d: error without a class: %v", i, err)
			}
		}
	}
	for n := range b {
		if _, err := risk.Decode(secret, b[:n]); err == nil {
			t.Fatalf("cut after %d of %d bytes: accepted", n, len(b))
		}
	}
	if refused < len(b) {
		t.Errorf("only %d of %d changes were refused", refused, len(b)*8)
	}
}

// FuzzDecode: what is accepted has one form; nothing panics.
func FuzzDecode(f *testing.F) {
	p := risk.New(secret)
	f.Add(encoded(f, p))
	var tr risk.Traits
	tr.SetAge("045Y")
	tr.SetDate("20240117")
	for _, person := range []string{"", "a", "b"} {
		if err := p.Add(person, tr); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(encoded(f, p))
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := risk.Decode(secret, b)
		if err == nil && !bytes.Equal(encoded(t, q), b) {
			t.Error("another form was accepted")
		}
	})
}

func TestAnotherSecretOpensNothing(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	if err := p.Add("somebody", risk.Traits{risk.Sex: "F"}); err != nil {
		t.Fatal(err)
	}
	b := encoded(t, p)
	if _, err := risk.Decode([32]byte{9}, b); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("got %v, want ErrDenied", err)
	}
	if bytes.Contains(b, []byte("somebody")) {
		t.Error("the person's key is in the encoding")
	}
	other := risk.New([32]byte{9})
	if err := other.Add("somebody", risk.Traits{risk.Sex: "F"}); err != nil {
		t.Fatal(err)
	}
	if o := encoded(t, other); bytes.Equal(o[9:], b[9:]) { // behind version and check
		t.Error("a person has the same hash under two secrets")
	}
}

func TestPersonCountsOnceAndStudiesWithoutOneEach(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	shown := risk.Traits{risk.Sex: "F", risk.Modalities: "CT"}
	for _, person := range []string{"a", "a", "a", "b", "", ""} {
		if err := p.Add(person, shown); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Add("b", risk.Traits{risk.Sex: "F", risk.Modalities: "MR"}); err != nil {
		t.Fatal(err)
	}
	if got := p.Assess(risk.Disclosure{Traits: shown}, risk.Policy{}).K; got != 4 {
		t.Errorf("K: got %d, want 4: a, b, and two of whom nothing is known", got)
	}
	if got := p.Assess(risk.Disclosure{Traits: risk.Traits{risk.Sex: "F"}}, risk.Policy{}).K; got != 4 {
		t.Errorf("K over two combinations: got %d, want 4", got)
	}
	for range 3 {
		if err := p.Remove("a", shown); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.Assess(risk.Disclosure{Traits: shown}, risk.Policy{}).K; got != 3 {
		t.Errorf("K after a is gone: got %d, want 3", got)
	}
}

func TestRemoveOfWhatIsNotThereChangesNothing(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	if err := p.Add("a", risk.Traits{risk.Sex: "F"}); err != nil {
		t.Fatal(err)
	}
	want := encoded(t, p)
	for name, s := range map[string]study{
		"another person": {"b", risk.Traits{risk.Sex: "F"}},
		"nobody":         {"", risk.Traits{risk.Sex: "F"}},
		"other traits":   {"a", risk.Traits{risk.Sex: "M"}},
		"less":           {"a", risk.Traits{}},
	} {
		if err := p.Remove(s.person, s.traits); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", name, err)
		}
	}
	if !bytes.Equal(encoded(t, p), want) {
		t.Error("the population changed")
	}
}

// TestTooManyValuesAreRefusedAndNotMixed fills the dictionary of a small trait: a
// value that has no number must not take another's.
func TestTooManyValuesAreRefusedAndNotMixed(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		err = p.Add("", risk.Traits{risk.Smoking: fmt.Sprint("value ", n)})
	}
	if !errors.Is(err, sinso.ErrUnsupported) {
		t.Fatalf("got %v after %d values, want ErrUnsupported", err, n)
	}
	if got := p.Assess(risk.Disclosure{Traits: risk.Traits{risk.Smoking: fmt.Sprint("value ", n-1)}}, risk.Policy{}); got.K != 0 {
		t.Errorf("K of the value that was refused: got %d, want 0", got.K)
	}
	if got := p.Studies(); got != uint64(n-1) {
		t.Errorf("studies: got %d, want %d", got, n-1)
	}
}
