package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/copies"
)

// Blobs are the node's blocks, with copies behind them: what is damaged or missing here is
// got from a peer, stored again, and returned as if nothing had been. What is deleted is
// ordered to be deleted at every peer before it is deleted here; nothing else is a reason to
// delete a copy.
type Blobs struct {
	sinso.Blobs
	set *Set
}

// lastBlock is the block that was read last, of an engine that gives whole blocks alone: who
// reads an object from its beginning on reads each in several parts.
type lastBlock struct {
	mu   sync.Mutex // guards what follows
	cid  sinso.CID
	data []byte
}

func (l *lastBlock) get(cid sinso.CID) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cid != cid {
		return nil
	}
	return l.data
}

func (l *lastBlock) set(cid sinso.CID, data []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cid, l.data = cid, data
}

var (
	_ sinso.Blobs           = (*Blobs)(nil)
	_ sinso.UnverifiedBlobs = (*Blobs)(nil)
	_ sinso.ReclaimingBlobs = (*Blobs)(nil)
)

// Blobs returns the node's blocks with the copies behind them.
func (s *Set) Blobs() *Blobs { return &Blobs{s.cfg.Own, s} }

// Get implements [sinso.Blobs].
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) { return b.set.get(ctx, cid) }

// get gets a block, and mends it if it can.
func (s *Set) get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, err := s.cfg.Own.Get(ctx, cid)
	lost := errors.Is(err, sinso.ErrCorrupt)
	if errors.Is(err, sinso.ErrNotFound) {
		_, state := s.now()
		if state == nil {
			return data, err
		}
		known, knownErr := state.Known(ctx, cid)
		lost = knownErr == nil && known // one that was never here, or was deleted, is asked of nobody
	}
	if !lost {
		return data, err
	}
	found, mendErr := s.fetch(ctx, cid)
	if mendErr != nil {
		return data, err
	}
	// What cannot be stored now is returned all the same.
	if storeErr := s.store(ctx, sinso.Block{CID: cid, Data: found}, errors.Is(err, sinso.ErrNotFound)); storeErr != nil {
		s.cfg.Log.WarnContext(ctx, "a block that was damaged here was got from a peer, and cannot be stored", slog.String("error", storeErr.Error()))
	}
	return found, nil
}

// Mend gets a block that is damaged here from a peer and stores it again.
func (s *Set) Mend(ctx context.Context, cid sinso.CID) error {
	data, err := s.fetch(ctx, cid)
	if err != nil {
		return err
	}
	return s.store(ctx, sinso.Block{CID: cid, Data: data}, false)
}

// store stores a block that a peer gave back, unless it was deleted here meanwhile. ErrBusy
// while something is being deleted: it is got again another time.
func (s *Set) store(ctx context.Context, b sinso.Block, missing bool) error {
	if !s.deleting.TryRLock() {
		return fmt.Errorf("replica: blocks are being deleted: %w", sinso.ErrBusy)
	}
	defer s.deleting.RUnlock()
	still := s.cfg.Own.Has
	if _, state := s.now(); missing && state != nil {
		still = state.Known
	}
	if is, err := still(ctx, b.CID); err != nil || !is {
		return err
	}
	if err := s.cfg.Own.Put(ctx, b); err != nil { // of what is whole changes nothing
		return err
	}
	s.mended.Add(1)
	return nil
}

// Mended is how many blocks were mended since the last [Set.Tidy].
func (s *Set) Mended() int64 { return s.mended.Load() }

// fetch gets a block from a peer; it is verified.
func (s *Set) fetch(ctx context.Context, cid sinso.CID) ([]byte, error) {
	members, _ := s.now()
	err := fmt.Errorf("replica: no peer is asked for block %s: %w", cid, sinso.ErrNotFound)
	for _, m := range members {
		if time.Now().UnixNano() < m.restUntil.Load() {
			continue
		}
		data, getErr := m.blobs.Get(ctx, cid)
		if getErr == nil {
			return data, nil
		}
		if ctx.Err() != nil {
			return nil, getErr
		}
		if errors.Is(getErr, sinso.ErrUnavailable) {
			m.restUntil.Store(time.Now().Add(rest).UnixNano())
		}
		err = getErr
	}
	return nil, err
}

// GetUnverified implements [sinso.UnverifiedBlobs]. Whoever cannot open what it returns
// reads again by Get.
func (b *Blobs) GetUnverified(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if quick, can := b.Blobs.(sinso.UnverifiedBlobs); can {
		return quick.GetUnverified(ctx, cid)
	}
	return b.Get(ctx, cid)
}

// ReadUnverifiedAt implements [sinso.UnverifiedBlobs].
func (b *Blobs) ReadUnverifiedAt(ctx context.Context, cid sinso.CID, p []byte, offset int64) error {
	if quick, can := b.Blobs.(sinso.UnverifiedBlobs); can {
		return quick.ReadUnverifiedAt(ctx, cid, p, offset)
	}
	data := b.set.last.get(cid)
	if data == nil {
		var err error
		if data, err = b.Get(ctx, cid); err != nil {
			return err
		}
		b.set.last.set(cid, data)
	}
	if offset < 0 || offset > int64(len(data)-len(p)) {
		return fmt.Errorf("block %s has %d bytes, not %d from %d on: %w", cid, len(data), len(p), offset, sinso.ErrCorrupt)
	}
	copy(p, data[offset:])
	return nil
}

// Reclaim implements [sinso.ReclaimingBlobs].
func (b *Blobs) Reclaim(ctx context.Context) (freed int64, err error) {
	if engine, can := b.Blobs.(sinso.ReclaimingBlobs); can {
		return engine.Reclaim(ctx)
	}
	return 0, nil
}

// Delete implements [sinso.Blobs].
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	b.set.last.set("", nil)
	b.set.deleting.Lock()
	defer b.set.deleting.Unlock()
	members, state := b.set.now()
	if state != nil && len(cids) > 0 {
		err := state.Delete(ctx, cids)
		if errors.Is(err, copies.ErrDamaged) { // with the file all is lost that it knew, and nothing waits for it
			if err = b.set.renew(ctx, state); err == nil {
				members, state = b.set.now()
				err = state.Delete(ctx, cids)
			}
		}
		if err != nil {
			return err
		}
	}
	if err := b.Blobs.Delete(ctx, cids...); err != nil {
		return err
	}
	if state != nil && len(cids) > 0 {
		if err := state.Unowe(ctx, cids); err != nil { // who had seen them here may have noted them meanwhile
			return err
		}
	}
	for _, m := range members {
		poke(m.wake)
	}
	return nil
}

// askTime is how long an erasure waits for the peers that it asks.
const askTime = 10 * time.Second

// Deleted asks the peers to delete now what was deleted here, and says of each what it
// answered, and up to which order: [Set.Confirmed] says the same later.
func (s *Set) Deleted(ctx context.Context) ([]sinso.ErasedCopy, error) {
	answers := []sinso.ErasedCopy{}
	members, state := s.now()
	if state == nil {
		return answers, nil
	}
	last, err := state.LastDeletion(ctx)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var wait sync.WaitGroup
	for _, m := range members {
		wait.Go(func() { _ = m.deletions(within, state) }) // what is not confirmed is asked again
	}
	wait.Wait()
	for _, m := range members {
		answer := sinso.ErasedCopy{Peer: m.name, Answer: sinso.CopyDropped, Order: last}
		done, _, err := s.Confirmed(ctx, m.name, last)
		if err != nil {
			return nil, err
		}
		if !done {
			answer.Answer = sinso.CopyAsked
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// Confirmed reports whether a peer has confirmed all that it was told to delete up to an
// order. Of one that is kept no longer, and of an order that was lost, that is not known.
func (s *Set) Confirmed(ctx context.Context, peer string, order int64) (done, known bool, err error) {
	_, state := s.now()
	if state == nil {
		return false, false, nil
	}
	pending, known, err := state.Pending(ctx, peer, order)
	return known && pending == 0, known, err
}

// Undelivered has a peer delete once more what it was told to, waits a little, and returns of
// how many blocks it has not confirmed that. 0 for one that keeps no copies.
func (s *Set) Undelivered(ctx context.Context, name string) (int64, error) {
	members, state := s.now()
	at := slices.IndexFunc(members, func(m *member) bool { return m.name == name })
	if state == nil || at < 0 {
		return 0, nil
	}
	within, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	_ = members[at].deletions(within, state) // what it did not confirm is counted
	last, err := state.LastDeletion(ctx)
	if err != nil {
		return 0, err
	}
	pending, _, err := state.Pending(ctx, name, last)
	return pending, err
}
