package way

import (
	"context"
	"sync"

	"sinso.dev/sinso"
)

// turns lets one caller at a time work on an order.
type turns struct {
	mu    sync.Mutex                   // guards taken
	taken map[sinso.Hash]chan struct{} // closed at the turn's end
}

// try takes the turn, or returns what is closed when the one that has it is done.
func (t *turns) try(order sinso.Hash) (end func(), running <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if running, busy := t.taken[order]; busy {
		return nil, running
	}
	done := make(chan struct{})
	t.taken[order] = done
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.taken, order)
		close(done)
	}, nil
}

// take waits for the turn.
func (t *turns) take(ctx context.Context, order sinso.Hash) (end func(), err error) {
	for {
		end, running := t.try(order)
		if end != nil {
			return end, nil
		}
		select {
		case <-running:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
