package replica

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// deleting are blocks of which one is deleted just when a mend has seen that it is here.
type deleting struct {
	sinso.Blobs
	once *sync.Once
	gone func(sinso.CID)
}

func (d deleting) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	has, err := d.Blobs.Has(ctx, cid)
	d.once.Do(func() { d.gone(cid) })
	return has, err
}

// TestWhatIsDeletedWhileItIsMendedDoesNotComeBack: one that was damaged, and is erased while a
// peer gives it back.
func TestWhatIsDeletedWhileItIsMendedDoesNotComeBack(t *testing.T) {
	t.Parallel()
	ctx, gone := t.Context(), block(1)
	s, p := newSet(t, nil)
	if err := p.Put(ctx, gone); err != nil {
		t.Fatal(err)
	}
	deleted := make(chan error, 1)
	s.cfg.Own = deleting{p, &sync.Once{}, func(cid sinso.CID) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			deleted <- s.Blobs().Delete(ctx, cid)
		}()
		select {
		case <-ended:
		case <-time.After(100 * time.Millisecond): // it waits for the mend
		}
	}}
	if err := s.store(ctx, gone, false); err != nil {
		t.Fatal(err)
	}
	if err := <-deleted; err != nil {
		t.Fatal(err)
	}
	if has, err := p.Has(ctx, gone.CID); has || err != nil {
		t.Errorf("a deleted block is here: %t, %v", has, err)
	}
}

// TestAReadDoesNotWaitForADeletion: what a peer gave back is stored another time.
func TestAReadDoesNotWaitForADeletion(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, p := newSet(t, nil)
	if err := p.Put(ctx, block(1)); err != nil {
		t.Fatal(err)
	}
	s.deleting.Lock()
	defer s.deleting.Unlock()
	if err := s.store(ctx, block(1), false); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("got %v, want %v", err, sinso.ErrBusy)
	}
}
