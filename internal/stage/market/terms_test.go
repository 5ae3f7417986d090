package market_test

import (
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// TestTheUsualTextNeverChanges: offers of before there was a choice are read as it.
func TestTheUsualTextNeverChanges(t *testing.T) {
	t.Parallel()
	const usual = "The buyer may open, compute on and derive from this copy. The buyer may not try to identify anyone, and may not pass the copy or its key on."
	if got := market.LicenceText(usualTerms.Licence); got != usual {
		t.Errorf("got %q", got)
	}
}

// TestEachLicenceHasOneText, and is read from it again.
func TestEachLicenceHasOneText(t *testing.T) {
	t.Parallel()
	seen := map[string]sinso.Licence{}
	for _, purpose := range sinso.Purposes {
		for _, use := range sinso.Uses {
			for _, days := range []uint16{0, 1, 90, sinso.MaxUseDays} {
				want := sinso.Licence{Purpose: purpose, Use: use, Days: days}
				text := market.LicenceText(want)
				if other, twice := seen[text]; twice {
					t.Errorf("%v and %v have one text", want, other)
				}
				seen[text] = want
				if got, known := market.LicenceOf(text); !known || got != want {
					t.Errorf("%v is read as %v, %t", want, got, known)
				}
			}
		}
	}
}

// TestATextInOtherWordsIsNoLicence: nothing is shown as one that it does not say.
func TestATextInOtherWordsIsNoLicence(t *testing.T) {
	t.Parallel()
	text := market.LicenceText(sinso.Licence{Purpose: sinso.PurposeResearch, Use: sinso.UseDerive, Days: 90})
	_, end, _ := strings.Cut(text, "its key on.")
	for name, other := range map[string]string{
		"nothing":             "",
		"own words":           "Do as you like, for 90 days from now.",
		"a sentence more":     text + " The buyer may sell it on.",
		"a word less":         strings.Replace(text, "not ", "", 1),
		"zeros before days":   strings.Replace(text, "90 days", "090 days", 1),
		"more than a number":  strings.Replace(text, "90 days", "99999 days", 1),
		"longer than allowed": strings.Replace(text, "90 days", "9999 days", 1),
		"days of one day":     strings.Replace(text, "90 days", "1 days", 1),
		"no days":             strings.Replace(text, "90 days", "0 days", 1),
		"two ends":            text + end,
	} {
		if licence, known := market.LicenceOf(other); known {
			t.Errorf("%s: read as %v", name, licence)
		}
	}
}

// TestUseEndsDaysAfterTheDelivery, and not before anything is delivered.
func TestUseEndsDaysAfterTheDelivery(t *testing.T) {
	t.Parallel()
	delivered := time.Date(2026, 2, 27, 3, 4, 5, 0, time.UTC)
	offer := sinso.Offer{Terms: market.LicenceText(sinso.Licence{Use: sinso.UseView, Purpose: sinso.PurposeTeaching, Days: 2})}
	if got, want := market.UseEnds(offer, delivered), delivered.AddDate(0, 0, 2); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, got := range map[string]time.Time{
		"before the delivery": market.UseEnds(offer, time.Time{}),
		"without days":        market.UseEnds(sinso.Offer{Terms: market.LicenceText(usualTerms.Licence)}, delivered),
		"in other words":      market.UseEnds(sinso.Offer{Terms: "for 2 days from now"}, delivered),
	} {
		if !got.IsZero() {
			t.Errorf("%s: %s", name, got)
		}
	}
}
