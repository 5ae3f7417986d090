package deidrun

import (
	"crypto/sha256"
	"maps"
	"slices"
)

// least keeps the values of the k least keys it has seen, and how many keys there
// were. What it keeps does not depend on the order in which they came.
type least[V any] struct {
	k      int
	values map[string]*V
	seen   map[id]struct{} // hashes of all keys
	bound  string          // keys above it are not among the least, if not ""
}

func newLeast[V any](k int) *least[V] {
	return &least[V]{k: k, values: map[string]*V{}, seen: map[id]struct{}{}}
}

// at returns the value of a key, nil if it is not among the least.
func (l *least[V]) at(key string) *V {
	if v := l.values[key]; v != nil {
		return v
	}
	l.seen[half(sha256.Sum256([]byte(key)))] = struct{}{}
	if l.bound != "" && key > l.bound {
		return nil
	}
	v := new(V)
	l.values[key] = v
	if len(l.values) > 2*l.k {
		l.prune()
	}
	return l.values[key]
}

// prune leaves the k least. A key that is left out never comes back: it is above the
// bound from then on.
func (l *least[V]) prune() {
	keys := slices.Sorted(maps.Keys(l.values))
	l.bound = keys[l.k-1]
	for _, key := range keys[l.k:] {
		delete(l.values, key)
	}
}

// keys returns the k least, sorted.
func (l *least[V]) keys() []string {
	keys := slices.Sorted(maps.Keys(l.values))
	return keys[:min(l.k, len(keys))]
}

func (l *least[V]) sorted() []*V {
	var out []*V
	for _, key := range l.keys() {
		out = append(out, l.values[key])
	}
	return out
}

func (l *least[V]) leftOut() int { return len(l.seen) - len(l.keys()) }

// All and LeftOut are for the template.
func (l *least[V]) All() []*V    { return l.sorted() }
func (l *least[V]) LeftOut() int { return l.leftOut() }
