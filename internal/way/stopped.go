package way

import (
	"context"
	"errors"
	"maps"
	"slices"

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
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.stopped)), func(id sinso.ReleaseID) bool { return m.plans[id] })
}

// tendStopped goes on with the releases that the chain did not answer for. They are made and
// sealed already, so that this is short; while another is being made it is left to the next time.
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
	var errs []error
	for _, id := range ids {
		if _, err := w.advance(ctx, id, "node", nil); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
