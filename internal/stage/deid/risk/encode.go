package risk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// version is the first byte of an encoded population.
const version = 1

// MarshalBinary encodes the population: the same studies give the same bytes, in
// whatever order they came and whatever was removed between. It holds the traits
// of people: keep it sealed.
//
//	01 ‖ check (8) ‖ number of traits
//	of each trait: number of values, then each, sorted: length ‖ text
//	number of persons, then each, sorted: first 8 bytes of HMAC-SHA256(person key, person)
//	number of combinations, then each, sorted by what follows first:
//	  of each trait: 0 if not shown, else the place of its value, from 1
//	  number of persons, then each, sorted: 0 for nobody, else the place, from 1 ‖ number of studies
//
// Numbers are unsigned LEB128 varints, hashes big endian. check and person key are
// HMAC-SHA256(secret, "sinso/risk/check/v1") and (secret, "sinso/risk/person/v1").
func (p *Population) MarshalBinary() ([]byte, error) {
	live := p.live()
	rank, texts := p.rankValues(live)
	persons, personRank := p.rankPersons()
	out := append([]byte{version}, p.check[:]...)
	out = binary.AppendUvarint(out, traits)
	for _, of := range texts {
		out = binary.AppendUvarint(out, uint64(len(of)))
		for _, text := range of {
			out = binary.AppendUvarint(out, uint64(len(text)))
			out = append(out, text...)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(persons)))
	for _, hash := range persons {
		out = binary.BigEndian.AppendUint64(out, hash)
	}
	rows := make([]row, len(live))
	for i, n := range live {
		rows[i].n = n
		c := p.combination(n)
		for t := range rows[i].places {
			rows[i].places[t] = rank[t][c.number(Trait(t))]
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return slices.Compare(a.places[:], b.places[:]) })
	out = binary.AppendUvarint(out, uint64(len(rows)))
	for i := range rows {
		out = p.appendRow(out, &rows[i], personRank)
	}
	return out, nil
}

// row is a combination by the places of its values.
type row struct {
	n      uint32
	places [traits]uint32
}

// number returns the number of a trait's value, 0 if it is not shown.
func (c *combination) number(t Trait) uint64 {
	f := fields[t]
	return c[f.word] & f.mask() >> f.shift
}

// live returns the combinations that some study shows.
func (p *Population) live() []uint32 {
	var out []uint32
	for n, head := range p.heads {
		for at := head; at != 0; at = p.pairs[at-1].next {
			if p.pairs[at-1].studies > 0 {
				out = append(out, uint32(n))
				break
			}
		}
	}
	return out
}

// rankValues returns the values of each trait that are in use, sorted, and for
// each number its place among them, from 1.
func (p *Population) rankValues(live []uint32) (rank [traits][]uint32, texts [traits][]string) {
	for t := range rank {
		d := &p.values[t]
		used := make([]bool, len(d.texts)+1)
		for _, n := range live {
			c := p.combination(n)
			used[c.number(Trait(t))] = true
		}
		for i, text := range d.texts {
			if used[i+1] {
				texts[t] = append(texts[t], text)
			}
		}
		slices.Sort(texts[t])
		rank[t] = make([]uint32, len(used))
		for i, text := range texts[t] {
			rank[t][d.numbers[text]] = uint32(i) + 1
		}
	}
	return rank, texts
}

// rankPersons returns the hashes of the persons who have a study, sorted, and for
// each number the place among them, from 1.
func (p *Population) rankPersons() (hashes []uint64, rank []uint32) {
	used := make([]bool, len(p.persons))
	for i := range p.pairs {
		used[p.pairs[i].person] = used[p.pairs[i].person] || p.pairs[i].studies > 0
	}
	for n, hash := range p.persons {
		if n != anonymous && used[n] {
			hashes = append(hashes, hash)
		}
	}
	slices.Sort(hashes)
	rank = make([]uint32, len(p.persons))
	for n, hash := range p.persons {
		if n != anonymous && used[n] {
			at, _ := slices.BinarySearch(hashes, hash)
			rank[n] = number32(at) + 1
		}
	}
	return hashes, rank
}

func (p *Population) appendRow(out []byte, r *row, rank []uint32) []byte {
	for _, place := range r.places {
		out = binary.AppendUvarint(out, uint64(place))
	}
	type have struct{ person, studies uint32 }
	var who []have
	for at := p.heads[r.n]; at != 0; at = p.pairs[at-1].next {
		if pair := &p.pairs[at-1]; pair.studies > 0 {
			who = append(who, have{rank[pair.person], pair.studies})
		}
	}
	slices.SortFunc(who, func(a, b have) int { return int(a.person) - int(b.person) })
	out = binary.AppendUvarint(out, uint64(len(who)))
	for _, w := range who {
		out = binary.AppendUvarint(out, uint64(w.person))
		out = binary.AppendUvarint(out, uint64(w.studies))
	}
	return out
}

// Decode reads a population that was encoded under the same secret. It is
// ErrDenied for another secret, ErrUnsupported for another version or other
// traits, ErrCorrupt for what no population encodes to.
func Decode(secret [32]byte, b []byte) (*Population, error) {
	p := New(secret)
	d := &decoder{rest: b}
	head := d.take(1 + checkSize)
	switch {
	case head == nil:
		return nil, corrupt("header")
	case head[0] != version:
		return nil, fmt.Errorf("risk: decode: version %d: %w", head[0], sinso.ErrUnsupported)
	case !bytes.Equal(head[1:], p.check[:]):
		return nil, fmt.Errorf("risk: decode: made under another secret: %w", sinso.ErrDenied)
	case d.place(maxEntries) != traits:
		return nil, fmt.Errorf("risk: decode: other traits than these: %w", sinso.ErrUnsupported)
	}
	if err := d.population(p); err != nil {
		return nil, err
	}
	again, err := p.MarshalBinary()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) { // order, doubles, what nothing refers to, long numbers
		return nil, corrupt("not in the one form that it is written in")
	}
	return p, nil
}

func corrupt(what string) error {
	return fmt.Errorf("risk: decode: %s: %w", what, sinso.ErrCorrupt)
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

// place returns the next number, 0 and a failure if it is over limit.
func (d *decoder) place(limit int) int {
	v, n := binary.Uvarint(d.rest)
	if d.failed || n <= 0 || v > uint64(limit) { //nolint:gosec // limits are not negative
		d.failed = true
		return 0
	}
	d.rest = d.rest[n:]
	return int(v) //nolint:gosec // at most limit
}

// count returns the next number, of entries of at least size bytes each.
func (d *decoder) count(size int) int { return d.place(len(d.rest) / size) }

func (d *decoder) population(p *Population) error {
	for t := range p.values {
		n := d.count(2)
		if n >= 1<<fields[t].bits-1 {
			return corrupt("number of values")
		}
		for range n {
			text := string(d.take(d.place(maxValue)))
			if d.failed || text == "" {
				return corrupt("values")
			}
			p.values[t].texts = append(p.values[t].texts, text)
			p.values[t].numbers[text] = uint64(len(p.values[t].texts))
		}
	}
	persons := make([]uint64, 1+d.count(8))
	for i := range persons[1:] {
		if b := d.take(8); b != nil {
			persons[i+1] = binary.BigEndian.Uint64(b)
		}
	}
	for range d.count(traits + 3) {
		if err := d.row(p, persons); err != nil {
			return err
		}
	}
	if d.failed || len(d.rest) > 0 {
		return corrupt("length")
	}
	return nil
}

// row reads one combination and its persons.
func (d *decoder) row(p *Population, persons []uint64) error {
	var c combination
	for t, f := range fields {
		c[f.word] |= uint64(number32(d.place(len(p.values[t].texts)))) << f.shift
	}
	for range d.count(2) {
		person := d.place(len(persons) - 1)
		studies := number32(d.place(maxEntries))
		if d.failed || studies == 0 {
			return corrupt("persons of a combination")
		}
		if _, err := p.insert(c, persons[person], studies); err != nil {
			return err
		}
	}
	if d.failed {
		return corrupt("combination")
	}
	return nil
}
