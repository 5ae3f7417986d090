// Package risk says how far a study's derivative can still be told from those of
// other people by what it shows: the quasi-identifiers that options of PS3.15
// Annex E retain, such as sex, age, dates, device and procedure.
//
// A [Population] counts, for every combination of such traits in a catalogue, the
// persons who have it. [Population.Assess] finds K, the number of persons who show
// all that a derivative shows: k-anonymity's class size, counted over a population
// and not over the data set alone (Sweeney's k-map). 1/K bounds the chance of an
// attacker who knows these traits of somebody and picks one of those who match.
//
// It is a count over one catalogue, by these traits, and no more: what that means
// and what it does not is in docs/adr/0021-re-identification-risk.md.
package risk

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// Trait is one quasi-identifier, at one level of detail. Some traits refine
// another one, see [Trait.Refines].
type Trait uint8

// The traits. Each is text in a form of its own; the setters of [Traits] make it.
const (
	Sex          Trait = iota // M, F, O
	AgeBand                   // ten years: 40-49; 90+
	Age                       // as shown: 45Y, 3M, 2W, 1D
	SizeBand                  // ten centimetres: 170-179
	Size                      // metres, as shown: 1.73
	WeightBand                // ten kilograms: 70-79
	Weight                    // kilograms, as shown: 72.5
	EthnicGroup               // text
	Smoking                   // YES, NO, UNKNOWN
	Pregnancy                 // 1 to 4, PS3.3 C.7.2.3
	Modalities                // of the study: CT, CT\PT
	BodyParts                 // text and codes
	Procedures                // codes; the description where there is none
	Protocols                 // text
	Manufacturer              // text
	Model                     // text
	Device                    // what names one device: serial number, station, UID
	Institution               // name, address, department
	Year                      // of the study
	Date                      // of the study: 20240117
	Time                      // of day, of the study: 101500

	traits = iota
)

// none is no trait.
const none = Trait(traits)

// field is how a trait is named, and where its number stands in a combination.
type field struct {
	name    string
	refines Trait
	word    uint8 // of words
	shift   uint8 // bits from the lowest
	bits    uint8 // 2^bits - 2 different values at most
}

// words is the length of a combination in 64-bit words.
const words = 4

// fields lists the traits. The widths are what a catalogue of ten million studies
// can need.
var fields = [traits]field{
	Sex:          {"sex", none, 1, 0, 4},
	AgeBand:      {"age-band", none, 1, 4, 5},
	Age:          {"age", AgeBand, 0, 20, 10},
	SizeBand:     {"size-band", none, 1, 18, 6},
	Size:         {"size", SizeBand, 2, 0, 14},
	WeightBand:   {"weight-band", none, 1, 24, 7},
	Weight:       {"weight", WeightBand, 2, 14, 16},
	EthnicGroup:  {"ethnic-group", none, 1, 31, 12},
	Smoking:      {"smoking", none, 1, 43, 3},
	Pregnancy:    {"pregnancy", none, 1, 46, 4},
	Modalities:   {"modalities", none, 3, 0, 14},
	BodyParts:    {"body-parts", none, 3, 14, 16},
	Procedures:   {"procedures", none, 0, 0, 20},
	Protocols:    {"protocols", none, 3, 30, 20},
	Manufacturer: {"manufacturer", none, 1, 50, 12},
	Model:        {"model", Manufacturer, 2, 30, 16},
	Device:       {"device", Model, 2, 46, 18},
	Institution:  {"institution", none, 3, 50, 14},
	Year:         {"year", none, 1, 9, 9},
	Date:         {"date", Year, 0, 30, 17},
	Time:         {"time", none, 0, 47, 17},
}

// All returns every trait; one that refines another comes after it.
func All() []Trait {
	out := make([]Trait, traits)
	for i := range out {
		out[i] = Trait(i)
	}
	return out
}

// String returns the trait's name, such as "age-band".
func (t Trait) String() string {
	if t >= none {
		return "unknown"
	}
	return fields[t].name
}

// MarshalText returns the trait's name.
func (t Trait) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a name. It is ErrInvalid for one that no trait has.
func (t *Trait) UnmarshalText(text []byte) error {
	for _, trait := range All() {
		if fields[trait].name == string(text) {
			*t = trait
			return nil
		}
	}
	return fmt.Errorf("risk: no such trait: %w", sinso.ErrInvalid)
}

// Refines returns the trait of which t is a finer level: a band, a manufacturer, a
// year. To hide t and show that one is to coarsen, and not to remove.
func (t Trait) Refines() (Trait, bool) {
	if t >= none || fields[t].refines == none {
		return none, false
	}
	return fields[t].refines, true
}

// Traits is what a derivative shows. An empty value is not shown and may be
// anything. Several values of a study are sorted, with a backslash between them.
//
// The values may identify a person: they are never printed, logged or marshalled,
// only the names of the traits that are shown.
type Traits [traits]string

// Shown returns the traits that have a value.
func (t *Traits) Shown() []Trait {
	var out []Trait
	for i, value := range t {
		if value != "" {
			out = append(out, Trait(i))
		}
	}
	return out
}

// names returns the names of what is shown, as text.
func (t *Traits) names() string {
	shown := t.Shown()
	names := make([]string, len(shown))
	for i, trait := range shown {
		names[i] = trait.String()
	}
	return "[" + strings.Join(names, " ") + "]"
}

// Format implements [fmt.Formatter]: the names of what is shown, by every verb.
func (t Traits) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.names())) }

// LogValue implements [slog.LogValuer] as Format.
func (t Traits) LogValue() slog.Value { return slog.StringValue(t.names()) }

// MarshalText implements [encoding.TextMarshaler] as Format.
func (t Traits) MarshalText() ([]byte, error) { return []byte(t.names()), nil }

// Without returns what is left if some traits are hidden, and with each of them
// those that refine it.
func (t Traits) Without(hidden ...Trait) Traits {
	for i := range t {
		for at := Trait(i); at != none; at = fields[at].refines {
			if slices.Contains(hidden, at) {
				t[i] = ""
			}
		}
	}
	return t
}

// Merge adds what another instance of the same study shows: the study shows both.
func (t *Traits) Merge(other Traits) {
	for i, value := range other {
		t[i] = union(t[i], value)
	}
}

// union returns the values of both, sorted, each once.
func union(a, b string) string {
	if b == "" || a == b {
		return a
	}
	if a == "" {
		return b
	}
	values := append(strings.Split(a, `\`), strings.Split(b, `\`)...)
	slices.Sort(values)
	return strings.Join(slices.Compact(values), `\`)
}
