// Package grade gives each object its sensitivity tier.
//
// An original is identified clinical data and so T3; a few kinds, declared in
// rules.go, are T4. A derivative is T1 if de-identification found nothing that
// holds it back, and stays as high as its original otherwise. Grading up is by
// rule and never needs a person; nothing here grades an original down.
package grade

import (
	"strings"

	"sinso.dev/sinso"
)

// Original returns the tier of an original: T3, or T4 by the declared rules.
func Original(h sinso.Header) sinso.Tier {
	if biometricClasses[h.SOPClassUID] || biometricModalities[strings.ToUpper(strings.TrimSpace(h.Modality))] {
		return sinso.T4
	}
	// Revealed to compare with the word lists; nothing of it is kept.
	text := fold(h.StudyDescription.Reveal() + " " + h.SeriesDescription.Reveal() + " " + h.BodyPart)
	for _, rule := range stigmas {
		if rule.matches(text) {
			return sinso.T4
		}
	}
	return sinso.T3
}

// Derivative returns the tier of what was made of an original of the given tier.
// withheld are the reasons for which de-identification holds it back. What was
// T4 stays T4: two persons release it, and no rule.
func Derivative(original sinso.Tier, withheld []sinso.Reason) sinso.Tier {
	switch {
	case original.Effective() == sinso.T4:
		return sinso.T4
	case len(withheld) > 0:
		return sinso.T3
	default:
		return sinso.T1
	}
}

// fold lower-cases text and puts one blank for each run of anything that is no
// letter or digit, with one at both ends, so that words can be looked for.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	blank := true
	for _, r := range strings.ToLower(text) {
		if isWordRune(r) {
			b.WriteRune(r)
			blank = false
			continue
		}
		if !blank {
			b.WriteByte(' ')
			blank = true
		}
	}
	b.WriteByte(' ')
	return b.String()
}
