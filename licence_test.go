package sinso_test

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestTermsAreBounded: what is no purpose or use, and what lasts too long, is refused.
func TestTermsAreBounded(t *testing.T) {
	t.Parallel()
	full := sinso.Terms{}.Full()
	if want := (sinso.Terms{Licence: sinso.Licence{Purpose: sinso.PurposeAny, Use: sinso.UseDerive}, OfferDays: 30}); full != want || full.Check() != nil {
		t.Errorf("the usual terms: %v, %v", full, full.Check())
	}
	for name, edit := range map[string]func(*sinso.Terms){
		"not full":       func(o *sinso.Terms) { *o = sinso.Terms{} },
		"purpose":        func(o *sinso.Terms) { o.Licence.Purpose = "advertising" },
		"use":            func(o *sinso.Terms) { o.Licence.Use = "resell" },
		"too long a use": func(o *sinso.Terms) { o.Licence.Days = sinso.MaxUseDays + 1 },
		"too long offer": func(o *sinso.Terms) { o.OfferDays = sinso.MaxOfferDays + 1 },
		"no day to buy":  func(o *sinso.Terms) { o.OfferDays = 0 },
	} {
		terms := full
		if edit(&terms); !errors.Is(terms.Check(), sinso.ErrInvalid) {
			t.Errorf("%s: %v is taken", name, terms)
		}
	}
	longest := full
	longest.Licence.Days, longest.OfferDays = sinso.MaxUseDays, sinso.MaxOfferDays
	if err := longest.Check(); err != nil {
		t.Error(err)
	}
}
