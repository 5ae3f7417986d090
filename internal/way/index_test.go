package way

import (
	"context"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// gated holds a transaction up, and tells who looks at the index meanwhile.
type gated struct {
	sinso.Meta
	entered, open, looked chan struct{}
}

func (g gated) Tx(ctx context.Context, fn func(sinso.MetaTx) error) error {
	g.entered <- struct{}{}
	<-g.open
	return g.Meta.Tx(ctx, fn)
}

func (g gated) View(ctx context.Context, fn func(sinso.MetaTx) error) error {
	select {
	case g.looked <- struct{}{}:
	default:
	}
	return g.Meta.View(ctx, fn)
}

// TestReaderWaitsForWhatIsBeingIndexed: what was acknowledged is seen, also while
// somebody else is just bringing it into the index.
func TestReaderWaitsForWhatIsBeingIndexed(t *testing.T) {
	t.Parallel()
	w := archive(t)
	gate := gated{w.Meta, make(chan struct{}, 1), make(chan struct{}), make(chan struct{}, 1)}
	w.Meta = gate
	body := sinso.PersonCreated{Person: "p_1", Match: "m_1"}
	logged := make(chan error, 1)
	go func() { logged <- w.recordOne(t.Context(), sinso.EventPersonCreated, "test", "p_1", body) }()
	<-gate.entered
	select {
	case <-gate.looked: // it asked how far the index is
	default:
	}
	found := make(chan int, 1)
	go func() {
		rows, err := w.Persons(t.Context())
		if err != nil {
			t.Error(err)
		}
		found <- len(rows)
	}()
	select {
	case <-gate.looked:
		t.Error("a reader looks at an index that is behind the log")
	case <-time.After(50 * time.Millisecond): // it waits
	}
	close(gate.open)
	if n := <-found; n != 1 {
		t.Errorf("found %d persons, want 1", n)
	}
	if err := <-logged; err != nil {
		t.Error(err)
	}
}
