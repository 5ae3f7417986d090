package sinso

import (
	"fmt"
	"slices"
)

// Purpose is what a copy may be used for. A closed set.
type Purpose string

// The purposes. Research is what the Data Use Ontology calls "health or medical or
// biomedical research" (DUO:0000006), Nonprofit the same for whom it earns nothing
// (DUO:0000018), Any is "no restriction" (DUO:0000004).
const (
	PurposeAny       Purpose = "any"
	PurposeResearch  Purpose = "research"
	PurposeNonprofit Purpose = "nonprofit-research"
	PurposeTeaching  Purpose = "teaching"
)

// Use is what may be done with a copy. A closed set.
type Use string

// The uses.
const (
	UseDerive Use = "derive" // open, compute on it, derive from it: train a program, too
	UseView   Use = "view"   // open it, look and say what is seen; derive nothing
)

// Purposes and Uses list all there are, the widest first.
var (
	Purposes = []Purpose{PurposeAny, PurposeResearch, PurposeNonprofit, PurposeTeaching}
	Uses     = []Use{UseDerive, UseView}
)

// Licence is what a buyer may do with a copy, what for, and for how long.
type Licence struct {
	Purpose Purpose `json:"purpose"`
	Use     Use     `json:"use"`
	Days    uint16  `json:"days"` // from the delivery of the key on; 0: no end
}

// Terms are what a seller fixes of an offer besides the price.
type Terms struct {
	Licence   Licence `json:"licence"`
	OfferDays uint16  `json:"offerDays"` // how long it can be bought
	// Panel decides if a buyer says that the content is wrong (docs/contracts/panel.md). Zero: nobody does.
	Panel Address `json:"panel,omitzero"`
}

// The bounds and the usual length of terms, in days.
const (
	MaxUseDays     = 3650
	MaxOfferDays   = 365
	UsualOfferDays = 30
)

// Full are the terms with what they leave open as it is usually: any purpose, any use,
// without an end, to be bought for 30 days.
func (t Terms) Full() Terms {
	if t.Licence.Purpose == "" {
		t.Licence.Purpose = PurposeAny
	}
	if t.Licence.Use == "" {
		t.Licence.Use = UseDerive
	}
	if t.OfferDays == 0 {
		t.OfferDays = UsualOfferDays
	}
	return t
}

// Check is ErrInvalid for terms that are not full, or out of bounds.
func (t Terms) Check() error {
	switch {
	case !slices.Contains(Purposes, t.Licence.Purpose):
		return fmt.Errorf("terms: the purpose is one of %v: %w", Purposes, ErrInvalid)
	case !slices.Contains(Uses, t.Licence.Use):
		return fmt.Errorf("terms: the use is one of %v: %w", Uses, ErrInvalid)
	case t.Licence.Days > MaxUseDays:
		return fmt.Errorf("terms: use ends after at most %d days, or not (0): %w", MaxUseDays, ErrInvalid)
	case t.OfferDays < 1 || t.OfferDays > MaxOfferDays:
		return fmt.Errorf("terms: an offer stands for 1 to %d days: %w", MaxOfferDays, ErrInvalid)
	}
	return nil
}
