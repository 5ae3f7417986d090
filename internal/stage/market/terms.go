package market

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// The sentences of a licence (docs/formats.md, "The licence text"). An order names the hash
// of the text, so that none of them may ever change: another wording is another constant.
const (
	mayDerive   = "The buyer may open, compute on and derive from this copy"
	mayView     = "The buyer may open and view this copy and say what it shows"
	deriveNone  = " The buyer may not train a program on it, and may not compute or derive other data from it."
	neverAnyone = " The buyer may not try to identify anyone, and may not pass the copy or its key on."
	useUntil    = " The buyer may use it for %s from the delivery of the key, and then destroys every copy and the key."
	keepResults = " Results that were derived before may be kept."
)

var purposeClauses = map[sinso.Purpose]string{
	sinso.PurposeAny:       "",
	sinso.PurposeResearch:  ", for research on health and disease and for nothing else",
	sinso.PurposeNonprofit: ", for research on health and disease that is not done for profit, and for nothing else",
	sinso.PurposeTeaching:  ", for teaching and for nothing else",
}

// LicenceText is the text of a licence, which an order is signed under. Each licence has one
// text, and each text is of one licence.
func LicenceText(l sinso.Licence) string {
	var text strings.Builder
	if l.Use == sinso.UseView {
		text.WriteString(mayView + purposeClauses[l.Purpose] + "." + deriveNone)
	} else {
		text.WriteString(mayDerive + purposeClauses[l.Purpose] + ".")
	}
	text.WriteString(neverAnyone)
	if l.Days > 0 {
		span := strconv.Itoa(int(l.Days)) + " days"
		if l.Days == 1 {
			span = "1 day"
		}
		fmt.Fprintf(&text, useUntil, span)
		if l.Use == sinso.UseDerive {
			text.WriteString(keepResults)
		}
	}
	return text.String()
}

var daysOfUse = regexp.MustCompile(`for (\d{1,4}) days? from`)

// LicenceOf is the licence that a text is of; false if it is in other words than this
// program's.
func LicenceOf(text string) (sinso.Licence, bool) {
	var days uint64
	if found := daysOfUse.FindStringSubmatch(text); found != nil {
		days, _ = strconv.ParseUint(found[1], 10, 16) // four digits at most
	}
	if days > sinso.MaxUseDays {
		return sinso.Licence{}, false
	}
	for _, purpose := range sinso.Purposes {
		for _, use := range sinso.Uses {
			l := sinso.Licence{Purpose: purpose, Use: use, Days: uint16(days)}
			if LicenceText(l) == text {
				return l, true
			}
		}
	}
	return sinso.Licence{}, false
}

// UseEnds is when the days of use of an offer are over, of which the key was delivered at
// a moment; zero if its text names no end in this program's words, or nothing was delivered.
func UseEnds(offer sinso.Offer, delivered time.Time) time.Time {
	licence, known := LicenceOf(offer.Terms)
	if !known || licence.Days == 0 || delivered.IsZero() {
		return time.Time{}
	}
	return delivered.UTC().AddDate(0, 0, int(licence.Days))
}
