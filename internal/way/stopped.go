package way

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// stops notes whether a release stopped at the chain, which did not answer.
func (m *making) stops(id sinso.ReleaseID, there bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if there {
		m.stopped[id] = true
	} else {
		delete(m.stopped, id)
	}
}

// free lists the releases that stopped at the chain and that nobody waits for.
func (m *making) free() []sinso.ReleaseID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.stopped)), func(id sinso.ReleaseID) bool { return m.plans[id] != nil })
}

// settlesSoon is how long what was sent before is waited for, before anything is sent again.
const settlesSoon = 5 * time.Second

// tendStopped goes on with the releases that the chain did not answer for, once what this
// node has sent is settled: a mint that waits in the pool is not paid for twice. They are made
// and sealed already, so that this is short; while another is being made, or the chain still
// does not answer, it is left to the next time.
func (w *Way) tendStopped(ctx context.Context) error {
	ids := w.making.free()
	if len(ids) == 0 {
		return nil
	}
	select {
	case w.making.turn <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-w.making.turn }()
	settling, cancel := context.WithTimeout(ctx, settlesSoon)
	defer cancel()
	if err := w.Chain.Settle(settling, func(uint64) {}); err != nil {
		return fmt.Errorf("way: releases that stopped at the chain: %w", err)
	}
	var errs []error
	for _, id := range ids {
		_, err := w.advance(ctx, id, "node", nil)
		errs = append(errs, err)
		if errors.Is(err, sinso.ErrUnavailable) {
			break
		}
	}
	return errors.Join(errs...)
}
