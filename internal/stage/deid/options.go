package deid

import (
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// Option is an option of PS3.15 Annex E, by the name that a profile has for it.
type Option string

// The options (PS3.15 §E.3).
const (
	CleanPixelData               Option = "clean-pixel-data"
	CleanVisualFeatures          Option = "clean-recognizable-visual-features"
	CleanGraphics                Option = "clean-graphics"
	CleanStructuredContent       Option = "clean-structured-content"
	CleanDescriptors             Option = "clean-descriptors"
	RetainFullDates              Option = "retain-full-dates"
	RetainModifiedDates          Option = "retain-modified-dates"
	RetainPatientCharacteristics Option = "retain-patient-characteristics"
	RetainDeviceIdentity         Option = "retain-device-identity"
	RetainUIDs                   Option = "retain-uids"
	RetainSafePrivate            Option = "retain-safe-private"
	RetainInstitutionIdentity    Option = "retain-institution-identity"
)

// code is an option as a derivative names it (PS3.16 CID 7050).
type code struct{ value, meaning string }

// optionCodes has every option.
var optionCodes = map[Option]code{
	CleanPixelData:               {"113101", "Clean Pixel Data Option"},
	CleanVisualFeatures:          {"113102", "Clean Recognizable Visual Features Option"},
	CleanGraphics:                {"113103", "Clean Graphics Option"},
	CleanStructuredContent:       {"113104", "Clean Structured Content Option"},
	CleanDescriptors:             {"113105", "Clean Descriptors Option"},
	RetainFullDates:              {"113106", "Retain Longitudinal Temporal Information Full Dates Option"},
	RetainModifiedDates:          {"113107", "Retain Longitudinal Temporal Information Modified Dates Option"},
	RetainPatientCharacteristics: {"113108", "Retain Patient Characteristics Option"},
	RetainDeviceIdentity:         {"113109", "Retain Device Identity Option"},
	RetainUIDs:                   {"113110", "Retain UIDs Option"},
	RetainSafePrivate:            {"113111", "Retain Safe Private Option"},
	RetainInstitutionIdentity:    {"113112", "Retain Institution Identity Option"},
}

// basicCode is what every derivative names first.
var basicCode = code{"113100", "Basic Application Confidentiality Profile"}

// identifying are the options after which a derivative is no longer T1: what they
// keep tells who, where or when (DESIGN's T2, "limited or pseudonymised").
var identifying = []Option{RetainFullDates, RetainDeviceIdentity, RetainUIDs, RetainInstitutionIdentity}

// Options is a set of them.
type Options map[Option]bool

// newOptions checks what a profile asks for.
func newOptions(names []Option) (Options, error) {
	out := Options{}
	for _, name := range names {
		if _, known := optionCodes[name]; !known {
			return nil, fmt.Errorf("deid: profile: there is no option %q: %w", name, sinso.ErrInvalid)
		}
		out[name] = true
	}
	if out[RetainFullDates] && out[RetainModifiedDates] {
		return nil, fmt.Errorf("deid: profile: %s and %s exclude each other: %w", RetainFullDates, RetainModifiedDates, sinso.ErrInvalid)
	}
	return out, nil
}

// Sorted returns the options in the order of their codes.
func (o Options) Sorted() []Option {
	out := make([]Option, 0, len(o))
	for option := range o {
		out = append(out, option)
	}
	slices.SortFunc(out, func(a, b Option) int {
		if optionCodes[a].value < optionCodes[b].value {
			return -1
		}
		return 1
	})
	return out
}
