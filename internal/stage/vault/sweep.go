package vault

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"sinso.dev/sinso"
)

// Names is a set of CIDs that forgets none and takes two bytes for each: a Bloom filter.
// About one in two thousand that were never added is found in it too, another one in each
// set: what is garbage may stay, for one sweep, and what is named never goes.
type Names struct {
	bits  []uint64
	seeds [2]maphash.Seed
}

const (
	bitsEach = 16
	probes   = 8
)

// NewNames returns an empty set that has room for some CIDs.
func NewNames(room int) *Names {
	return &Names{bits: make([]uint64, room*bitsEach/64+1), seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// Add adds a CID.
func (n *Names) Add(cid sinso.CID) {
	n.each(cid, func(word *uint64, bit uint64) bool {
		*word |= bit
		return true
	})
}

// Has reports whether a CID was added, or looks as if it was.
func (n *Names) Has(cid sinso.CID) bool {
	return n.each(cid, func(word *uint64, bit uint64) bool { return *word&bit != 0 })
}

func (n *Names) each(cid sinso.CID, fn func(word *uint64, bit uint64) bool) bool {
	at, step := maphash.String(n.seeds[0], string(cid)), maphash.String(n.seeds[1], string(cid))|1
	for range probes {
		place := at % (uint64(len(n.bits)) * 64)
		if !fn(&n.bits[place/64], 1<<(place%64)) {
			return false
		}
		at += step
	}
	return true
}

// waste is which blocks nobody named when they were looked at, and since when. What is
// stored or used again meanwhile is none.
type waste struct {
	mu    sync.RWMutex // guards what follows
	since map[sinso.CID]time.Time
	held  map[sinso.CID]int // by how many streams: of objects whose root is not stored yet
}

// hold keeps a block of a stream from being waste until it is let go of.
func (w *waste) hold(cid sinso.CID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		w.held = map[sinso.CID]int{}
	}
	w.held[cid]++
	delete(w.since, cid)
}

// let lets go of blocks: a sweep that finds them without a name from now on waits its grace.
func (w *waste) let(cids []sinso.CID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cid := range cids {
		if w.held[cid]--; w.held[cid] == 0 {
			delete(w.held, cid)
		}
		delete(w.since, cid)
	}
}

// Use says that blocks are stored by somebody else than this Vault: before they are.
func (v *Vault) Use(blocks ...sinso.Block) {
	for _, b := range blocks {
		v.waste.use(b.CID)
	}
}

// use takes blocks out before they are stored, or found to be here.
func (w *waste) use(cids ...sinso.CID) {
	w.mu.RLock()
	empty := len(w.since) == 0
	w.mu.RUnlock()
	if empty {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cid := range cids {
		delete(w.since, cid)
	}
}

// maxWaste bounds how many blocks without a name are noted, of some 200 bytes each; those
// beyond come to be noted when these have gone.
const maxWaste = 1 << 18

// Swept is what a sweep found and did.
type Swept struct {
	Blocks  int // deleted
	Waiting int // that nobody names, and that are not old enough yet
}

// Sweep deletes the blocks that are not named, and were not in a sweep of this Vault at
// least grace ago either: what is being stored is named soon. A grace of 0 is for a node on
// which nothing is being stored. deleted is called after each batch that is gone.
func (v *Vault) Sweep(ctx context.Context, named *Names, now time.Time, grace time.Duration, deleted func([]sinso.CID) error) (Swept, error) {
	var swept Swept
	for {
		due, waiting, err := v.findWaste(ctx, named, now, grace)
		swept.Waiting = waiting
		if err != nil || len(due) == 0 {
			return swept, err
		}
		for len(due) > 0 {
			batch := due[:min(sweepBatch, len(due))]
			due = due[len(batch):]
			gone, err := v.deleteWaste(ctx, batch)
			swept.Blocks += len(gone)
			if err == nil && len(gone) > 0 {
				err = deleted(gone)
			}
			if err != nil {
				return swept, err
			}
		}
	}
}

// sweepBatch is how many blocks are deleted with one sync, while what is stored waits.
const sweepBatch = 1024

// findWaste notes what nobody names, and returns what is due to be deleted.
func (v *Vault) findWaste(ctx context.Context, named *Names, now time.Time, grace time.Duration) (due []sinso.CID, waiting int, err error) {
	found := map[sinso.CID]bool{}
	err = v.blobs.List(ctx, func(cid sinso.CID) error {
		if len(found) < maxWaste && !named.Has(cid) {
			found[cid] = true
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, 0, fmt.Errorf("vault: sweep: %w", err)
	}
	v.waste.mu.Lock()
	defer v.waste.mu.Unlock()
	since := make(map[sinso.CID]time.Time, len(found))
	for cid := range found {
		if v.waste.held[cid] > 0 {
			delete(found, cid)
			continue
		}
		first, before := v.waste.since[cid]
		if !before {
			first = now
		}
		since[cid] = first
		if now.Sub(first) >= grace {
			due = append(due, cid)
		}
	}
	v.waste.since = since
	return due, len(found) - len(due), nil
}

// deleteWaste deletes those of a batch that nobody used meanwhile.
func (v *Vault) deleteWaste(ctx context.Context, batch []sinso.CID) (gone []sinso.CID, err error) {
	v.waste.mu.Lock() // nobody begins to use one of them
	defer v.waste.mu.Unlock()
	for _, cid := range batch {
		if _, still := v.waste.since[cid]; still {
			gone = append(gone, cid)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	if err := v.blobs.Delete(ctx, gone...); err != nil {
		return nil, fmt.Errorf("vault: sweep: %w", err)
	}
	for _, cid := range gone {
		delete(v.waste.since, cid)
	}
	return gone, nil
}
