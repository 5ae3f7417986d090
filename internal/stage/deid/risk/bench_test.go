package risk_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/stage/deid/risk"
)

// catalogue returns a population of n studies of half as many persons, who show
// all that options can retain; nearly every combination is another.
func catalogue(tb testing.TB, rng *rand.Rand, n int) (*risk.Population, []risk.Traits) {
	tb.Helper()
	p := risk.New(secret)
	all := make([]risk.Traits, n)
	for i := range all {
		all[i] = patient(rng)
		if err := p.Add(strconv.Itoa(rng.IntN(n/2+1)), all[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return p, all
}

func patient(rng *rand.Rand) risk.Traits {
	pick := func(n int) string { return fmt.Sprint("V", min(rng.IntN(n), rng.IntN(n))) } // low ones are frequent
	t := risk.Traits{
		risk.Sex: pick(2), risk.EthnicGroup: pick(12), risk.Smoking: pick(2), risk.Modalities: pick(8), risk.BodyParts: pick(60),
		risk.Procedures: pick(3000), risk.Protocols: pick(2000), risk.Manufacturer: pick(8),
	}
	t[risk.Model] = t[risk.Manufacturer] + pick(20)
	t.SetAge(fmt.Sprintf("%03dY", rng.IntN(95)))
	t.SetSize(fmt.Sprintf("1.%02d", 40+rng.IntN(60)))
	t.SetWeight(strconv.Itoa(40 + rng.IntN(80)))
	t.SetDate(fmt.Sprintf("20%02d%02d%02d", 10+rng.IntN(15), 1+rng.IntN(12), 1+rng.IntN(28)))
	return t
}

// BenchmarkAssess is over a million studies, by how much a derivative shows.
func BenchmarkAssess(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	p, all := catalogue(b, rng, 1_000_000)
	for name, hide := range map[string][]risk.Trait{
		"everything":      nil,
		"no-date-no-size": {risk.Date, risk.Size, risk.Weight, risk.Protocols},
		"usual":           {risk.Year, risk.SizeBand, risk.WeightBand, risk.Procedures, risk.Protocols, risk.EthnicGroup, risk.Smoking},
		"sex-and-year":    {risk.AgeBand, risk.SizeBand, risk.WeightBand, risk.Procedures, risk.Protocols, risk.EthnicGroup, risk.Smoking, risk.Modalities, risk.BodyParts, risk.Manufacturer, risk.Date},
		"nothing":         risk.All(),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Assess(risk.Disclosure{Traits: all[rng.IntN(len(all))].Without(hide...)}, risk.Policy{})
			}
		})
	}
	b.Run("one-of-three-unknown", func(b *testing.B) {
		t := all[0].Without(risk.All()[risk.AgeBand:]...)
		t[risk.Smoking], t[risk.Modalities], t[risk.EthnicGroup] = "unheard of", "V0", "V0"
		for b.Loop() {
			p.Assess(risk.Disclosure{Traits: t}, risk.Policy{})
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	p := risk.New(secret)
	all := make([]risk.Traits, 10_000)
	for i := range all {
		all[i] = patient(rng)
	}
	for i := 0; b.Loop(); i++ {
		if err := p.Add(strconv.Itoa(i/2), all[rng.IntN(len(all))]); err != nil {
			b.Fatal(err)
		}
	}
}
