package pack

import (
	"hash/maphash"
	"math/bits"
)

// table is the index: which tag is where. Its slots stand in a row, 24 bytes each, and a tag
// is in the first free one from where its hash points to on, so that finding one of ten
// million costs one look at memory that is in no cache, where a map of Go needs four. The
// hash is keyed by a secret of the process: nobody can make blocks that crowd one place.
type table struct {
	seed   maphash.Seed
	shards [shardCount]shard // each grows by itself, so that no Put waits for all of it
	count  int
}

const (
	shardBits  = 8
	shardCount = 1 << shardBits

	leastSlots = 8
)

type shard struct {
	slots []slot
	used  int
}

// slot is free if its place is 0: places are kept as one more than they are.
type slot struct {
	tag tag
	at  place
}

func newTable() *table { return &table{seed: maphash.MakeSeed()} }

// len returns how many tags there are.
func (t *table) len() int { return t.count }

// home returns a tag's shard, and the rest of its hash.
func (t *table) home(tag tag) (*shard, uint64) {
	h := maphash.Bytes(t.seed, tag[:])
	return &t.shards[h>>(64-shardBits)], h << shardBits
}

// first returns the slot that a hash points to.
func (s *shard) first(h uint64) int {
	hi, _ := bits.Mul64(h, uint64(len(s.slots)))
	return int(hi) //nolint:gosec // less than len
}

func (s *shard) after(i int) int {
	if i++; i == len(s.slots) {
		return 0
	}
	return i
}

// find returns the slot of a tag, or the free one that it would be in.
func (s *shard) find(tag tag, h uint64) (i int, found bool) {
	if len(s.slots) == 0 {
		return 0, false
	}
	for i = s.first(h); s.slots[i].at != 0; i = s.after(i) {
		if s.slots[i].tag == tag {
			return i, true
		}
	}
	return i, false
}

// get returns where a tag is.
func (t *table) get(tag tag) (place, bool) {
	s, h := t.home(tag)
	i, found := s.find(tag, h)
	if !found {
		return 0, false
	}
	return s.slots[i].at - 1, true
}

// set says where a tag is.
func (t *table) set(tag tag, at place) {
	s, h := t.home(tag)
	i, found := s.find(tag, h)
	if !found {
		if s.used++; s.used*5 > len(s.slots)*4 {
			t.grow(s)
			i, _ = s.find(tag, h)
		}
		t.count++
	}
	s.slots[i] = slot{tag, at + 1}
}

// grow makes a shard a quarter larger.
func (t *table) grow(s *shard) {
	old := s.slots
	s.slots = make([]slot, max(leastSlots, len(old)+len(old)/4))
	for _, one := range old {
		if one.at != 0 {
			_, h := t.home(one.tag)
			i, _ := s.find(one.tag, h)
			s.slots[i] = one
		}
	}
}

// remove forgets a tag. Those behind it move up, until one is where its hash points to.
func (t *table) remove(tag tag) {
	s, h := t.home(tag)
	free, found := s.find(tag, h)
	if !found {
		return
	}
	for i := s.after(free); s.slots[i].at != 0; i = s.after(i) {
		_, h := t.home(s.slots[i].tag)
		if first := s.first(h); !between(free, first, i) {
			s.slots[free] = s.slots[i]
			free = i
		}
	}
	s.slots[free] = slot{}
	s.used--
	t.count--
}

// between reports whether i lies behind a and not behind b, going round.
func between(a, i, b int) bool {
	if a <= b {
		return a < i && i <= b
	}
	return a < i || i <= b
}
