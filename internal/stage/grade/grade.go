// Package grade gives each object its sensitivity tier.
//
// An original is identified clinical data and so T3; a few kinds, declared in
// rules.go, are T4. A derivative is T1 if nothing holds it back, and T3 otherwise.
// Grading up is by rule and never needs a person; nothing here grades an original
// down.
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

// Derivative returns the tier of a derivative: withheld are the reasons for which
// it is held back, those of stage deid and those of [Held].
func Derivative(withheld []sinso.Reason) sinso.Tier {
	if len(withheld) > 0 {
		return sinso.T3
	}
	return sinso.T1
}

// ReasonOriginalT4 holds back what was made of a T4 original: two persons release
// it, and no rule.
const ReasonOriginalT4 sinso.Reason = "original-t4"

// Held returns why an original of this tier has no derivative to sell, if it is so.
func Held(original sinso.Tier) []sinso.Reason {
	if original.Effective() == sinso.T4 {
		return []sinso.Reason{ReasonOriginalT4}
	}
	return nil
}

// Explain returns a sentence for a reason of this package, "" for others.
func Explain(reason sinso.Reason) string {
	if reason == ReasonOriginalT4 {
		return "it belongs to what can harm a person most if it becomes known, and only two persons together may release it"
	}
	return ""
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
