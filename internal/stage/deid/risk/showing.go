package risk

import (
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Showing is which traits a derivative shows, and what needs no statistics: a
// [Disclosure] without its values, small enough to be kept of every instance. It
// identifies nobody. The zero value shows nothing.
type Showing struct {
	traits uint32 // bits
	flags  uint8  // bits, by their places in intrinsic
	texts  []dicom.Tag
}

// intrinsic are the flags that a derivative raises by itself.
var intrinsic = []Flag{FlagAge, FlagBirthDate, FlagDate, FlagTime, FlagText}

// Showing returns what is shown, without values.
func (d *Disclosure) Showing() Showing {
	var s Showing
	for _, trait := range d.Traits.Shown() {
		s.traits |= 1 << trait
	}
	for i, raised := range []bool{tooOld(d.Traits[Age], true), d.BirthDate, d.ExactDate, d.TimeOfDay, len(d.Texts) > 0} {
		if raised {
			s.flags |= 1 << i
		}
	}
	s.texts = d.Texts
	return s
}

// Merge adds what another instance of the same study shows.
func (s *Showing) Merge(other Showing) {
	s.traits |= other.traits
	s.flags |= other.flags
	for _, t := range other.texts {
		at, found := slices.BinarySearch(s.texts, t)
		if !found && len(s.texts) < maxTexts {
			s.texts = slices.Insert(slices.Clone(s.texts), at, t) // an instance's list is its own
		}
	}
}

// Traits returns the traits that are shown.
func (s *Showing) Traits() []Trait {
	var out []Trait
	for _, trait := range All() {
		if s.traits&(1<<trait) != 0 {
			out = append(out, trait)
		}
	}
	return out
}

// Flags returns what the derivative raises by itself, sorted.
func (s *Showing) Flags() []Flag {
	var out []Flag
	for i, flag := range intrinsic {
		if s.flags&(1<<i) != 0 {
			out = append(out, flag)
		}
	}
	slices.Sort(out)
	return out
}

// Texts returns the elements that hold text, as (gggg,eeee), sorted; at most 64.
func (s *Showing) Texts() []string {
	var out []string
	for _, tag := range s.texts {
		out = append(out, tag.String())
	}
	return out
}

// NewShowing makes one of names again: of traits, of flags, of elements. Flags that
// no derivative raises by itself are left out. It is ErrInvalid for a trait or an
// element that is none.
func NewShowing(traits, flags, texts []string) (Showing, error) {
	var s Showing
	for _, name := range traits {
		var trait Trait
		if err := trait.UnmarshalText([]byte(name)); err != nil {
			return s, err
		}
		s.traits |= 1 << trait
	}
	for i, flag := range intrinsic {
		if slices.Contains(flags, string(flag)) {
			s.flags |= 1 << i
		}
	}
	for _, text := range texts {
		var group, element uint16
		if _, err := fmt.Sscanf(text, "(%04X,%04X)", &group, &element); err != nil || len(s.texts) == maxTexts {
			return s, fmt.Errorf("risk: no element is called so: %w", sinso.ErrInvalid)
		}
		s.texts = append(s.texts, dicom.Tag(uint32(group)<<16|uint32(element)))
	}
	slices.Sort(s.texts)
	return s, nil
}

// Of returns a study's own traits, as far as they are shown, and those that are shown
// of which the catalogue knows nothing: they cannot be compared.
//
// A derivative may say less of a trait than its study does, a description without a
// name in it, say. Who has all of what the study says is among those who have what the
// derivative says, so that a count by the study's own errs to the safe side.
func (s *Showing) Of(own Traits) (shown Traits, unknown []Trait) {
	for _, trait := range s.Traits() {
		if shown[trait] = own[trait]; own[trait] == "" {
			unknown = append(unknown, trait)
		}
	}
	return shown, unknown
}
