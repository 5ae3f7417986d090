package risk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/maphash"
	"math"

	"sinso.dev/sinso"
)

// combination is the traits of a study as numbers: of each trait the number of its
// value in the trait's dictionary, 0 where it is not shown, at its field's place.
type combination [words]uint64

// pair counts the studies of one person that show one combination.
type pair struct {
	combination, person uint32
	studies             uint32 // 0 once all were removed
	next                uint32 // pair of the same combination, + 1; 0 is the end
}

// maxEntries bounds combinations, persons, pairs, and the studies of a pair.
const maxEntries = math.MaxInt32

// anonymous is the person of the studies that were added without one: each of
// them counts as a person.
const anonymous = 0

// Population counts the persons of a catalogue by what their studies show. It
// holds each combination of traits once, and for each the persons who have it: 90
// bytes a study where nearly all differ, 60 where five are alike.
//
// It is for one goroutine at a time; several may assess while none adds, removes
// or encodes.
type Population struct {
	mac      hash.Hash // HMAC-SHA256, keyed: what persons are told apart by
	check    [checkSize]byte
	seed     maphash.Seed
	values   [traits]dictionary
	columns  [words][]uint64 // combinations, word by word
	sketches []uint64        // of each combination
	heads    []uint32        // of each combination, its first pair + 1
	persons  []uint64        // by number: the beginning of the keyed hash; the first is anonymous
	pairs    []pair
	studies  uint64

	byCombination, byPerson, byPair table
}

// dictionary numbers the values of one trait, from 1.
type dictionary struct {
	numbers map[string]uint64
	texts   []string // by number - 1
}

// The labels under the population's secret.
const (
	labelPerson = "sinso/risk/person/v1"
	labelCheck  = "sinso/risk/check/v1"
	checkSize   = 8
)

// New returns an empty population. Persons are kept as keyed hashes under secret:
// what is encoded names nobody to those who do not have it.
func New(secret [32]byte) *Population {
	p := &Population{seed: maphash.MakeSeed(), persons: []uint64{0}}
	key := derive(secret, labelPerson)
	p.mac = hmac.New(sha256.New, key[:])
	check := derive(secret, labelCheck)
	p.check = [checkSize]byte(check[:])
	for i := range p.values {
		p.values[i].numbers = map[string]uint64{}
	}
	return p
}

func derive(secret [32]byte, label string) [sha256.Size]byte {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(label))
	return [sha256.Size]byte(mac.Sum(nil))
}

// Studies returns how many studies are in the population.
func (p *Population) Studies() uint64 { return p.studies }

// Persons returns how many persons are in the population.
func (p *Population) Persons() uint64 {
	persons := p.newCounter()
	for n := range p.heads {
		persons.add(number32(n), math.MaxUint64)
	}
	return persons.n
}

// Fit returns traits without the values for which the population has no number left,
// and what refines them: with it a study can always be added.
func (p *Population) Fit(t Traits) Traits {
	for i, value := range t {
		_, known := p.values[i].numbers[short(value)]
		if value != "" && !known && uint64(len(p.values[i].texts))+1 >= 1<<fields[i].bits-1 {
			t = t.Without(Trait(i))
		}
	}
	return t
}

// Add counts a study of a person. The key is whatever the caller tells persons
// apart by; without one the study counts as a person of its own. It is
// ErrUnsupported, and nothing is counted, if a trait has more different values or
// the population more entries than can be numbered.
func (p *Population) Add(person string, t Traits) error {
	_, err := p.Enter(person, t)
	return err
}

// Entry is a study's place in a population, good for as long as the population is in
// memory. Studies of one person with the same traits have the same. Zero is none.
type Entry uint32

// Enter is [Population.Add] for who keeps the study's place.
func (p *Population) Enter(person string, t Traits) (Entry, error) {
	c, err := p.number(&t)
	if err != nil {
		return 0, err
	}
	at, err := p.insert(c, p.personHash(person), 1)
	return Entry(at + 1), err
}

// Leave takes out one study that has a place. It is ErrNotFound if none is there.
func (p *Population) Leave(e Entry) error {
	if e == 0 || uint64(e) > uint64(len(p.pairs)) || p.pairs[e-1].studies == 0 {
		return fmt.Errorf("risk: remove a study: nothing is at its place: %w", sinso.ErrNotFound)
	}
	p.pairs[e-1].studies--
	p.studies--
	return nil
}

// At returns the traits of the studies at a place; a value of more than 128 bytes is a
// hash, which stands for it everywhere here. Those of no place are none.
func (p *Population) At(e Entry) (t Traits) {
	if e == 0 || uint64(e) > uint64(len(p.pairs)) {
		return t
	}
	c := p.combination(p.pairs[e-1].combination)
	for i := range t {
		if n := c.number(Trait(i)); n != 0 {
			t[i] = p.values[i].texts[n-1]
		}
	}
	return t
}

// Remove takes out a study that was added. It is ErrNotFound if there is none of
// this person with these traits.
func (p *Population) Remove(person string, t Traits) error {
	q := p.pattern(&t)
	var c combination
	for _, a := range q.parts {
		c[a.word] = a.want
	}
	n, ok := p.byCombination.find(p.hashOf(c), func(n uint32) bool { return p.combination(n) == c })
	if ok && q.known {
		at, known := p.findPerson(p.personHash(person))
		i, paired := p.findPair(n, at)
		if known && paired && p.pairs[i].studies > 0 {
			p.pairs[i].studies--
			p.studies--
			return nil
		}
	}
	return fmt.Errorf("risk: remove a study: no such study in the population: %w", sinso.ErrNotFound)
}

// number returns the combination of traits, with numbers for values that are new.
func (p *Population) number(t *Traits) (combination, error) {
	var c combination
	for i, value := range t {
		d, f := &p.values[i], fields[i]
		if value == "" {
			continue
		}
		value = short(value)
		n, ok := d.numbers[value]
		if !ok {
			n = uint64(len(d.texts)) + 1
			if n >= 1<<f.bits-1 { // the last one is for what no study has
				return c, fmt.Errorf("risk: add a study: %s has more than %d values: %w", f.name, n-1, sinso.ErrUnsupported)
			}
			d.numbers[value] = n
			d.texts = append(d.texts, value)
		}
		c[f.word] |= n << f.shift
	}
	return c, nil
}

// maxValue bounds a value in bytes; a longer one stands by its hash.
const maxValue = 128

func short(value string) string {
	if len(value) <= maxValue {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// insert counts studies of a person, who is known by hash, and returns the pair.
func (p *Population) insert(c combination, person uint64, studies uint32) (at uint32, err error) {
	if max(len(p.heads), len(p.persons), len(p.pairs)) >= maxEntries {
		return 0, fmt.Errorf("risk: add a study: more than %d entries: %w", maxEntries, sinso.ErrUnsupported)
	}
	n, ok := p.byCombination.find(p.hashOf(c), func(n uint32) bool { return p.combination(n) == c })
	if !ok {
		n = number32(len(p.heads))
		for i := range c {
			p.columns[i] = append(p.columns[i], c[i])
		}
		p.sketches = append(p.sketches, c.sketch())
		p.heads = append(p.heads, 0)
		p.byCombination.add(p.hashOf(c), n, func(n uint32) uint64 { return p.hashOf(p.combination(n)) })
	}
	who, ok := p.findPerson(person)
	if !ok {
		who = number32(len(p.persons))
		p.persons = append(p.persons, person)
		p.byPerson.add(person, who, func(n uint32) uint64 { return p.persons[n] })
	}
	at, ok = p.findPair(n, who)
	if !ok {
		at = number32(len(p.pairs))
		p.pairs = append(p.pairs, pair{combination: n, person: who, next: p.heads[n]})
		p.heads[n] = at + 1
		p.byPair.add(p.pairHash(n, who), at, func(i uint32) uint64 { return p.pairHash(p.pairs[i].combination, p.pairs[i].person) })
	}
	if p.pairs[at].studies > maxEntries-studies {
		return 0, fmt.Errorf("risk: add a study: more than %d of one person with the same traits: %w", maxEntries, sinso.ErrUnsupported)
	}
	p.pairs[at].studies += studies
	p.studies += uint64(studies)
	return at, nil
}

// combination returns the n-th combination.
func (p *Population) combination(n uint32) combination {
	var c combination
	for i := range c {
		c[i] = p.columns[i][n]
	}
	return c
}

// personHash returns the first 64 bits of the keyed hash of a person's key; 0 for
// nobody. Two of ten million persons share one with a chance of 3 in a million,
// and then count as one, which errs to the safe side.
func (p *Population) personHash(key string) uint64 {
	if key == "" {
		return 0
	}
	p.mac.Reset()
	p.mac.Write([]byte(key))
	return max(1, binary.BigEndian.Uint64(p.mac.Sum(nil)))
}

func (p *Population) findPerson(hash uint64) (uint32, bool) {
	if hash == 0 {
		return anonymous, true
	}
	return p.byPerson.find(hash, func(n uint32) bool { return p.persons[n] == hash })
}

func (p *Population) findPair(combination, person uint32) (uint32, bool) {
	return p.byPair.find(p.pairHash(combination, person), func(i uint32) bool {
		return p.pairs[i].combination == combination && p.pairs[i].person == person
	})
}

func (p *Population) hashOf(c combination) uint64 { return maphash.Comparable(p.seed, c) }

func (p *Population) pairHash(combination, person uint32) uint64 {
	return maphash.Comparable(p.seed, uint64(combination)<<32|uint64(person))
}
