package way

import (
	"testing"

	"sinso.dev/sinso"
)

// TestCopiesThatComeBackAreNobodyElse: who files copies of a person as research data makes
// no others who look the same, also read anew and after a copy was rejected.
func TestCopiesThatComeBackAreNobodyElse(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t, sinso.RiskLimits{})
	before := c.forecastOf(c.rare.Study)
	release := c.draft(c.rare.Study)
	key := must[sinso.CEK](t)(c.sealer.Key(t.Context(), release.Manifest, release.Keys, release.Custodian()))
	object := must[sinso.Manifest](t)(c.readManifest(t.Context(), release.Manifest, key)).Objects[0]
	raw := must[[]byte](t)(c.open(t.Context(), object.CID, sinso.CEK(object.Key)))
	for _, copied := range [][]byte{raw, unmarked(t, raw), copyOf(t, scanned(t, "OLD", 100, rare))} {
		c.research(copied)
		if after := c.forecastOf(c.rare.Study); after.K != before.K || after.Persons != before.Persons {
			t.Errorf("with a copy: K is %d of %d, was %d of %d", after.K, after.Persons, before.K, before.Persons)
		}
	}
	c.sameWhenReadAnew("with copies")
}
