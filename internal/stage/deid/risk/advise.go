package risk

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Bounds of an advice: more than three traits to hide is no advice, and neither
// is a list that nobody reads.
const (
	maxHidden = 3
	maxAdvice = 8
	maxNear   = 2_000 // combinations that are listed before it is known that they are needed
)

// cut hides one trait, and what refines it.
type cut struct {
	hide Trait
	bits uint32 // of what it hides, by the places in what is shown
	all  uint32 // of all levels of the trait that are shown
}

// plan is cuts of different traits.
type plan struct {
	cuts []cut
	bits uint32
}

// group is the combinations that differ from the pattern in the same places.
type group struct {
	unlike  uint32 // bits by the places in what is shown
	first   uint32 // in groups.next, + 1
	studies uint64
}

// groups holds the combinations near a pattern.
type groups struct {
	list         []group
	next         []uint32
	combinations []uint32
	persons      *counter
}

// advise returns the smallest plans that bring K to the threshold, with the persons
// of each counted up to limit.
func (p *Population) advise(q *pattern, shown []Trait, threshold, limit uint64) []Advice {
	cuts := cutsOf(shown)
	near, whole := p.grouped(q, shown, maxHidden, maxNear)
	for size := 1; size <= maxHidden; size++ {
		if !whole { // there are many: list those of one size at a time, for the first is mostly enough
			near, _ = p.grouped(q, shown, size, math.MaxInt)
		}
		var found []plan
		for _, candidate := range plansOf(cuts, size) {
			if len(found) == maxAdvice {
				break
			}
			more := slices.ContainsFunc(found, func(f plan) bool { return f.bits&^candidate.bits == 0 })
			if !more && near.reaches(candidate.bits, threshold) {
				found = append(found, candidate)
			}
		}
		if len(found) > 0 {
			return near.advice(found, limit)
		}
	}
	return nil
}

// advice counts the persons of each plan, up to limit.
func (g *groups) advice(plans []plan, limit uint64) []Advice {
	out := make([]Advice, len(plans))
	for i, plan := range plans {
		out[i].K = g.count(plan.bits, limit)
		for _, c := range plan.cuts {
			out[i].Hide = append(out[i].Hide, c.hide)
		}
	}
	return out
}

// cutsOf returns every way to hide one of the traits that are shown.
func cutsOf(shown []Trait) []cut {
	root := func(t Trait) Trait {
		for fields[t].refines != none {
			t = fields[t].refines
		}
		return t
	}
	cuts := make([]cut, len(shown))
	for i, hide := range shown {
		cuts[i].hide = hide
		for j, t := range shown {
			for at := t; at != none; at = fields[at].refines {
				if at == hide {
					cuts[i].bits |= 1 << j
				}
			}
			if root(t) == root(hide) {
				cuts[i].all |= 1 << j
			}
		}
	}
	return cuts
}

// plansOf returns every combination of size cuts of different traits, those that
// hide least first.
func plansOf(cuts []cut, size int) []plan {
	plans := []plan{{}}
	for range size {
		var longer []plan
		for _, have := range plans {
			for _, c := range cuts {
				if n := len(have.cuts); n > 0 && c.all <= have.cuts[n-1].all {
					continue // each set once, and one level of a trait
				}
				longer = append(longer, plan{append(slices.Clone(have.cuts), c), have.bits | c.bits})
			}
		}
		plans = longer
	}
	slices.SortStableFunc(plans, func(a, b plan) int {
		return cmp.Compare(bits.OnesCount32(a.bits), bits.OnesCount32(b.bits))
	})
	return plans
}

// grouped returns the combinations that hiding size traits can make match. They
// are not the whole if there are more than limit.
func (p *Population) grouped(q *pattern, shown []Trait, size, limit int) (g *groups, whole bool) {
	var at [words * 64]uint32
	for i, trait := range shown {
		f := fields[trait]
		at[int(f.word)*64+int(f.shift+f.bits)-1] = 1 << i
	}
	g = &groups{persons: p.newCounter()}
	numbers := make([]uint32, 1<<len(shown)) // of the group, + 1; at most 8 MB
	p.near(q, size, func(n uint32) bool {
		var where uint32
		for i := range q.parts {
			a := &q.parts[i]
			for x := a.unlike(p.columns[a.word][n]); x != 0; x &= x - 1 {
				where |= at[a.word*64+bits.TrailingZeros64(x)]
			}
		}
		if numbers[where] == 0 {
			g.list = append(g.list, group{unlike: where})
			numbers[where] = number32(len(g.list))
		}
		into := &g.list[numbers[where]-1]
		g.combinations = append(g.combinations, n)
		g.next = append(g.next, into.first)
		into.first = number32(len(g.next))
		for i := p.heads[n]; i != 0; i = p.pairs[i-1].next {
			into.studies += uint64(p.pairs[i-1].studies)
		}
		return len(g.next) <= limit
	})
	return g, len(g.next) <= limit
}

// reaches reports whether hiding what the bits stand for lets threshold persons
// match. Most of what does not is seen by the number of studies alone.
func (g *groups) reaches(hidden uint32, threshold uint64) bool {
	var studies uint64
	for i := range g.list {
		if g.list[i].unlike&^hidden == 0 {
			studies += g.list[i].studies
		}
	}
	return studies >= threshold && g.count(hidden, threshold) >= threshold
}

// count counts the persons who match then, until there are limit of them.
func (g *groups) count(hidden uint32, limit uint64) uint64 {
	g.persons.reset()
	for i := range g.list {
		if g.list[i].unlike&^hidden != 0 {
			continue
		}
		for at := g.list[i].first; at != 0 && g.persons.n < limit; at = g.next[at-1] {
			g.persons.add(g.combinations[at-1], limit)
		}
	}
	return g.persons.n
}
