package risk

// table finds the numbers of entries that are kept elsewhere by their hashes: open
// addressing, linear probing, at most three quarters full. It takes 4 to 11 bytes
// an entry; a map of Go takes the key again. Nothing is ever taken out.
type table struct {
	slots []uint32 // number + 1; 0 is free
	mask  uint64   // number of slots, a power of two, - 1
	used  uint64
}

const minSlots = 16

// number32 returns a number that an entry can have.
func number32(n int) uint32 {
	return uint32(n) //nolint:gosec // insert lets nothing have 2^32 entries
}

// find returns the number of the entry for which same is true.
func (t *table) find(hash uint64, same func(n uint32) bool) (uint32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	for at := hash & t.mask; t.slots[at] != 0; at = (at + 1) & t.mask {
		if n := t.slots[at] - 1; same(n) {
			return n, true
		}
	}
	return 0, false
}

// add puts in a number that find does not know. hashOf returns the hash of an
// entry that is in already.
func (t *table) add(hash uint64, n uint32, hashOf func(n uint32) uint64) {
	if len(t.slots) == 0 || 4*(t.used+1) > 3*(t.mask+1) {
		old := t.slots
		t.mask = max(minSlots, 2*(t.mask+1)) - 1
		t.slots = make([]uint32, t.mask+1)
		for _, slot := range old {
			if slot != 0 {
				t.place(hashOf(slot-1), slot)
			}
		}
	}
	t.place(hash, n+1)
	t.used++
}

func (t *table) place(hash uint64, slot uint32) {
	at := hash & t.mask
	for t.slots[at] != 0 {
		at = (at + 1) & t.mask
	}
	t.slots[at] = slot
}
