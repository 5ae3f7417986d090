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

// TestBacklogIsBounded: bodies that wait for the index take a bounded part of memory,
// and none if the index could not take them.
func TestBacklogIsBounded(t *testing.T) {
	t.Parallel()
	b := newBacklog()
	for seq := range uint64(keptBodies + 10) {
		b.begin()
		hand := handover{sealed: []*sealedBody{{}}}
		b.end([]sinso.Event{{Seq: seq, Type: sinso.EventInstanceSealed}}, hand)
	}
	bodies := func() (n int) {
		for _, event := range b.logged {
			if event.sealed != nil {
				n++
			}
		}
		return n
	}
	if n := bodies(); n != keptBodies || b.waiting() != keptBodies+10 {
		t.Errorf("%d bodies of %d events, want %d", n, b.waiting(), keptBodies)
	}
	events, lost := b.next(0)
	if len(events) != keptBodies+10 || lost {
		t.Fatalf("took %d events, lost %v", len(events), lost)
	}
	if b.lose(events); bodies() != 0 || b.waiting() != keptBodies+10 {
		t.Errorf("after a failure %d bodies of %d events", bodies(), b.waiting())
	}
	if _, lost := b.next(keptBodies + 10); !lost {
		t.Error("the log is not asked")
	}
}

// TestTidyListsWhileOthersComplete: studies that become complete without end do not
// keep one from being listed.
func TestTidyListsWhileOthersComplete(t *testing.T) {
	t.Parallel()
	w := newScene(t)
	receipt := w.take(object(t, "ADA", "1", 1, nil))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	listed := make(chan sinso.StudyID, 10)
	go w.Tidy(ctx, func(id sinso.StudyID) { listed <- id }, func(error) {}) // of the other there is nothing
	w.Complete(receipt.Study)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		select {
		case id := <-listed:
			if id == receipt.Study {
				return
			}
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("it was never listed")
		}
		w.touch("s_other", ImportOptions{})
		w.Complete("s_other")
	}
}
