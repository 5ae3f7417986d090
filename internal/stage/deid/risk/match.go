package risk

import (
	"math/bits"
	"slices"
)

// part is one word of a pattern.
type part struct {
	word   int
	want   uint64 // the numbers of the values
	show   uint64 // all bits of the fields that are shown
	high   uint64 // the highest bit of each of them
	finest uint64 // those of high that no shown trait refines
}

// pattern is what is looked for: its sketch, which rules most combinations out,
// and the words in which something is shown.
type pattern struct {
	sketch part
	parts  []part
	known  bool // every value is in the population
}

// A sketch has four bits for each trait that refines none: 0 where it is not
// shown, else 1 to 15, by the value's number.
const (
	sketchBits   = 4
	sketchValues = 1<<sketchBits - 1
)

// sketch returns the sketch of a combination.
func (c *combination) sketch() uint64 {
	var out uint64
	shift := 0
	for t := range fields {
		if fields[t].refines != none {
			continue
		}
		if n := c.number(Trait(t)); n != 0 {
			out |= (1 + (n-1)%sketchValues) << shift
		}
		shift += sketchBits
	}
	return out
}

// mask returns the bits of a field.
func (f field) mask() uint64 { return (1<<f.bits - 1) << f.shift }

// top returns the highest bit of a field.
func (f field) top() uint64 { return 1 << (f.shift + f.bits - 1) }

// pattern returns the pattern of traits. A value that no study of the population
// has is looked for by a number that no value has.
func (p *Population) pattern(t *Traits) *pattern {
	q := &pattern{known: true, parts: make([]part, words)}
	var c combination
	for i, value := range t {
		if value == "" {
			continue
		}
		f := fields[i]
		n, ok := p.values[i].numbers[short(value)]
		if !ok {
			n, q.known = 1<<f.bits-1, false
		}
		c[f.word] |= n << f.shift
		at := &q.parts[f.word]
		at.show |= f.mask()
		at.high |= f.top()
		at.finest |= f.top()
		if f.refines != none {
			coarse := fields[f.refines]
			q.parts[coarse.word].finest &^= coarse.top()
		}
	}
	for w := range q.parts {
		q.parts[w].word, q.parts[w].want = w, c[w]
	}
	q.parts = slices.DeleteFunc(q.parts, func(a part) bool { return a.show == 0 })
	q.sketch.want = c.sketch()
	for x := q.sketch.want; x != 0; {
		nibble := bits.TrailingZeros64(x) / sketchBits * sketchBits
		q.sketch.show |= sketchValues << nibble
		q.sketch.high |= 1 << (nibble + sketchBits - 1)
		x &^= sketchValues << nibble
	}
	return q
}

// nonzero returns the highest bit of every field in which x has a bit, high being
// those and low all below them: adding low to what stands there carries into high.
func nonzero(x, low, high uint64) uint64 { return (x&low + low | x) & high }

// unlike returns the highest bit of every field that is shown and differs.
func (a *part) unlike(have uint64) uint64 {
	return nonzero((have^a.want)&a.show, a.show&^a.high, a.high)
}

// exact calls yield with each combination that shows all of the pattern, until it
// returns false.
func (p *Population) exact(q *pattern, yield func(n uint32) bool) {
	want, show := q.sketch.want, q.sketch.show
next:
	for n, have := range p.sketches {
		if (have^want)&show != 0 {
			continue
		}
		for i := range q.parts {
			if a := &q.parts[i]; (p.columns[a.word][n]^a.want)&a.show != 0 {
				continue next
			}
		}
		if !yield(uint32(n)) {
			return
		}
	}
}

// possible calls yield with each combination that differs from the pattern in
// nothing that it shows, until it returns false.
func (p *Population) possible(q *pattern, yield func(n uint32) bool) {
	want, high := q.sketch.want, q.sketch.high
	low := q.sketch.show &^ high
next:
	for n, have := range p.sketches {
		if nonzero(have^want, low, high)&nonzero(have, low, high) != 0 {
			continue
		}
		for i := range q.parts {
			a := &q.parts[i]
			have := p.columns[a.word][n]
			if a.unlike(have)&nonzero(have, a.show&^a.high, a.high) != 0 {
				continue next
			}
		}
		if !yield(uint32(n)) {
			return
		}
	}
}

// near calls yield with each combination that differs from the pattern in at most
// limit of its traits, levels of one trait counted once, until it returns false.
// Who differs in a coarse level differs in the finer ones, so that the sketch
// rules nobody out wrongly.
func (p *Population) near(q *pattern, limit int, yield func(n uint32) bool) {
	want, high := q.sketch.want, q.sketch.high
	low := q.sketch.show &^ high
next:
	for n, have := range p.sketches {
		if bits.OnesCount64(nonzero(have^want, low, high)) > limit {
			continue
		}
		count := 0
		for i := range q.parts {
			a := &q.parts[i]
			count += bits.OnesCount64(a.unlike(p.columns[a.word][n]) & a.finest)
			if count > limit {
				continue next
			}
		}
		if !yield(uint32(n)) {
			return
		}
	}
}

// counter counts the persons of combinations, each once.
type counter struct {
	p    *Population
	seen []uint64 // by person's number, a bit each
	n    uint64
}

func (p *Population) newCounter() *counter {
	return &counter{p: p, seen: make([]uint64, len(p.persons)/64+1)}
}

// reset forgets everybody.
func (c *counter) reset() {
	clear(c.seen)
	c.n = 0
}

// upTo returns a function that counts the persons of a combination, and is false
// once there are limit.
func (c *counter) upTo(limit uint64) func(n uint32) bool {
	return func(n uint32) bool {
		c.add(n, limit)
		return c.n < limit
	}
}

// add counts the persons of a combination, until there are limit of them.
func (c *counter) add(n uint32, limit uint64) {
	for at := c.p.heads[n]; at != 0 && c.n < limit; {
		pair := &c.p.pairs[at-1]
		at = pair.next
		switch bit := uint64(1) << (pair.person % 64); {
		case pair.studies == 0:
		case pair.person == anonymous:
			c.n = min(limit, c.n+uint64(pair.studies))
		case c.seen[pair.person/64]&bit == 0:
			c.seen[pair.person/64] |= bit
			c.n++
		}
	}
}
