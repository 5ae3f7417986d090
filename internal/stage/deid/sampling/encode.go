package sampling

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
)

// version is the first byte of an encoded sampler.
const version = 1

// maxMade bounds the derivatives of a stratum, and so the time of a report.
const maxMade = 1 << 32

// append appends the stratum: length of the device's signature ‖ signature ‖
// profile's hash (32) ‖ examine ‖ of ‖ extra, four bytes each.
func (s *Stratum) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s.Device))) //nolint:gosec // at most maxDevice
	b = append(b, s.Device...)
	b = append(b, s.Profile[:]...)
	b = binary.BigEndian.AppendUint32(b, s.Plan.Examine)
	b = binary.BigEndian.AppendUint32(b, s.Plan.Of)
	return binary.BigEndian.AppendUint32(b, s.Plan.Extra)
}

// compare orders strata by device, profile and plan.
func (s *Stratum) compare(o *Stratum) int {
	return cmp.Or(
		cmp.Compare(s.Device, o.Device),
		bytes.Compare(s.Profile[:], o.Profile[:]),
		cmp.Compare(s.Plan.Examine, o.Plan.Examine),
		cmp.Compare(s.Plan.Of, o.Plan.Of),
		cmp.Compare(s.Plan.Extra, o.Plan.Extra),
	)
}

// sorted returns the strata in their order.
func (s *Sampler) sorted() []Stratum {
	return slices.SortedFunc(maps.Keys(s.strata), func(a, b Stratum) int { return a.compare(&b) })
}

// MarshalBinary encodes what was drawn and found; neither key nor plan in force.
// The same history gives the same bytes:
//
//	01 ‖ number of strata (4) ‖ of each, sorted: stratum ‖ made, chosen, examined, leaks, chosen by the plan in the window (8 each)
//
// All numbers are big endian.
func (s *Sampler) MarshalBinary() ([]byte, error) {
	out := []byte{version}
	out = binary.BigEndian.AppendUint32(out, uint32(len(s.strata))) //nolint:gosec // little more than maxStrata
	for _, stratum := range s.sorted() {
		out = stratum.append(out)
		have := s.strata[stratum]
		for _, n := range have.numbers() {
			out = binary.BigEndian.AppendUint64(out, *n)
		}
	}
	return out, nil
}

// numbers returns the numbers of a state in the order in which they are written.
func (s *state) numbers() []*uint64 {
	return []*uint64{&s.Made, &s.Chosen, &s.Examined, &s.Leaks, &s.window}
}

// UnmarshalBinary takes over what was drawn and found, and forgets what it had. It
// is ErrUnsupported for another version, ErrCorrupt for what no sampler encodes
// to; then nothing changes.
func (s *Sampler) UnmarshalBinary(b []byte) error {
	d := decoder{rest: b}
	head := d.take(1)
	if len(head) == 1 && head[0] != version {
		return fmt.Errorf("sampling: decode: version %d: %w", head[0], sinso.ErrUnsupported)
	}
	count := int64(d.uint32())
	strata := map[Stratum]*state{}
	var last *Stratum
	for range count {
		stratum, have := d.stratum(), d.state()
		ordered := last == nil || last.compare(&stratum) < 0
		if d.failed || !ordered || stratum.Plan.check() != nil || !have.possible(stratum.Plan) {
			return fmt.Errorf("sampling: decode: stratum %d: %w", len(strata), sinso.ErrCorrupt)
		}
		strata[stratum], last = have, &stratum
	}
	if d.failed || len(d.rest) > 0 {
		return fmt.Errorf("sampling: decode: length: %w", sinso.ErrCorrupt)
	}
	s.strata = strata
	return nil
}

// possible reports whether drawing by the plan can lead to the state.
func (s *state) possible(p Plan) bool {
	whole, at := s.Made/uint64(p.Of), s.Made%uint64(p.Of)
	planned := s.window // in the window that is open
	if at == 0 && s.Made > 0 {
		whole, at = whole-1, uint64(p.Of) // the last one is full, and stands until the next draw
	}
	left := uint64(p.Of) - at
	planned += whole * uint64(p.Examine)
	return s.Made > 0 && s.Made <= maxMade && s.window <= min(at, uint64(p.Examine)) && uint64(p.Examine)-s.window <= left &&
		planned <= s.Chosen && (s.Chosen == planned || p.Extra > 0) &&
		s.Chosen <= s.Made && s.Examined <= s.Chosen && s.Leaks <= s.Examined
}

// decoder reads bytes; after the first failure everything is zero.
type decoder struct {
	rest   []byte
	failed bool
}

// take returns the next n bytes, nil if there are fewer.
func (d *decoder) take(n int) []byte {
	if d.failed || n > len(d.rest) {
		d.failed = true
		return nil
	}
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out
}

func (d *decoder) uint32() uint32 {
	if b := d.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) stratum() Stratum {
	var s Stratum
	length := d.uint32()
	if length > maxDevice {
		d.failed = true
		return s
	}
	s.Device = string(d.take(int(length)))
	copy(s.Profile[:], d.take(len(s.Profile)))
	s.Plan = Plan{d.uint32(), d.uint32(), d.uint32()}
	return s
}

func (d *decoder) state() *state {
	s := &state{}
	for _, n := range s.numbers() {
		if b := d.take(8); b != nil {
			*n = binary.BigEndian.Uint64(b)
		}
	}
	return s
}
