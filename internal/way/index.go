package way

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sinso.dev/sinso"
)

// The index follows the log. An event is acknowledged when the log has it; the
// index takes events in the log's order, many at a time, and whoever reads the
// index sees all that was acknowledged before: [Way.follow].

// backlog is what the log has and the index has not.
type backlog struct {
	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	writing int                    // appends under way
	logged  map[uint64]loggedEvent // by Seq
	taken   int                    // from logged, on their way into the index
	lost    bool                   // some are missing here: they are read from the log
}

// loggedEvent is one of them. indexed, if not nil, is called when the index has it.
type loggedEvent struct {
	sinso.Event
	sealed   *sealedBody // its body, if it is of that type and came with it
	indexed  func()
	subjects []string // what it concerns, once it is in the index
	late     bool     // it is under a key that was erased before, and is as if it were erased too
}

// sealedBody is the body of an instance-sealed event with its metadata inflated.
type sealedBody struct {
	sinso.InstanceSealed
	metadata []byte // nil if there is none
}

// keptBodies is how many events wait with their bodies at most.
const keptBodies = 2 * indexMost

// handover is what goes with events to the index. Its zero value is fit for use.
type handover struct {
	sealed  []*sealedBody // the bodies of all instance-sealed events, in their order: read once; or nil
	indexed func()        // called when the index has the events, from any goroutine; or nil
}

func newBacklog() *backlog {
	b := &backlog{logged: map[uint64]loggedEvent{}}
	b.changed = sync.NewCond(&b.mu)
	return b
}

// begin announces an append; every begin is followed by end.
func (b *backlog) begin() {
	b.mu.Lock()
	b.writing++
	b.mu.Unlock()
}

// end hands over what an append logged: nothing if it failed, and then the log may
// have it all the same.
func (b *backlog) end(events []sinso.Event, hand handover) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writing--
	for i, event := range events {
		l := loggedEvent{Event: event}
		if event.Type == sinso.EventInstanceSealed && len(hand.sealed) > 0 {
			if len(b.logged) < keptBodies { // else the index is behind, and memory counts
				l.sealed = hand.sealed[0]
			}
			hand.sealed = hand.sealed[1:]
		}
		if i == len(events)-1 {
			l.indexed = hand.indexed
		}
		b.logged[event.Seq] = l
	}
	b.changed.Broadcast()
}

// next takes the events that follow cursor without a gap. One that is missing
// because its append is still under way is waited for; one that no append brings
// is lost to the backlog.
func (b *backlog) next(cursor uint64) (events []loggedEvent, lost bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		for len(events) < catchUpBatch {
			event, there := b.logged[cursor]
			if !there {
				break
			}
			delete(b.logged, cursor)
			events, cursor = append(events, event), cursor+1
		}
		if len(events) > 0 || len(b.logged) == 0 && !b.lost {
			b.taken = len(events)
			return events, false
		}
		if b.lost || b.writing == 0 {
			return nil, true
		}
		b.changed.Wait()
	}
}

// forget drops what the index has by now, and calls back for it.
func (b *backlog) forget(before uint64) {
	b.mu.Lock()
	var done []func()
	for seq, event := range b.logged {
		if seq < before {
			if event.indexed != nil {
				done = append(done, event.indexed)
			}
			delete(b.logged, seq)
		}
	}
	b.lost = false
	b.mu.Unlock()
	for _, indexed := range done {
		indexed()
	}
}

// lose says that events were taken and did not come into the index.
func (b *backlog) lose(events []loggedEvent) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost, b.taken = true, 0
	for _, event := range events {
		event.sealed = nil // it may take long, and the log has it
		b.logged[event.Seq] = event
	}
}

// brought says that the events that were taken are in the index.
func (b *backlog) brought() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = 0
}

// waiting is how many events the index has not: those that somebody is just bringing
// into it too.
func (b *backlog) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.logged) + b.taken
}

// follow brings into the index every event that was acknowledged before the call.
func (w *Way) follow(ctx context.Context) error {
	if w.backlog.waiting() == 0 {
		return nil
	}
	w.indexing.Lock()
	defer w.indexing.Unlock()
	for {
		cursor, err := w.cursor(ctx)
		if err != nil {
			return err
		}
		events, lost := w.backlog.next(cursor)
		if lost {
			return w.catchUp(ctx)
		}
		if len(events) == 0 {
			return nil
		}
		if err := w.index(ctx, events); err != nil {
			w.backlog.lose(events)
			return err
		}
		w.backlog.brought()
		for _, event := range events {
			if event.indexed != nil {
				event.indexed()
			}
		}
	}
}

// index projects events in one transaction.
func (w *Way) index(ctx context.Context, events []loggedEvent) error {
	err := w.Meta.Tx(ctx, func(tx sinso.MetaTx) error {
		erased, err := anyErasure(tx)
		if err != nil {
			return err
		}
		for i := range events {
			e := &events[i]
			if erased && e.Under != "" && !e.Erased {
				if e.late, err = anyOf(tx, subjectErased(e.Under)); err != nil {
					return err
				}
			}
			if err := e.project(tx); err != nil {
				return err
			}
			erased = erased || e.Type == sinso.EventErased
		}
		return nil
	})
	if err == nil {
		w.crowd.note(events)
	}
	return err
}

// cursor is the number of events that the index has.
func (w *Way) cursor(ctx context.Context) (cursor uint64, err error) {
	err = w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		cursor, err = tx.Cursor()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("way: read the index: %w", err)
	}
	return cursor, nil
}

// CatchUp brings the index up to the log, from wherever it stands.
func (w *Way) CatchUp(ctx context.Context) error {
	w.indexing.Lock()
	defer w.indexing.Unlock()
	return w.catchUp(ctx)
}

// catchUpBatch is how many events one transaction applies at most.
const catchUpBatch = 1000

// catchUp reads what the index misses from the log. The caller holds w.indexing.
func (w *Way) catchUp(ctx context.Context) error {
	cursor, err := w.cursor(ctx)
	if err != nil {
		return err
	}
	var batch []loggedEvent
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := w.index(ctx, batch)
		cursor += uint64(len(batch))
		batch = batch[:0]
		return err
	}
	err = w.Audit.Events(ctx, cursor, func(event sinso.Event) error {
		if batch = append(batch, loggedEvent{Event: event}); len(batch) < catchUpBatch {
			return nil
		}
		return flush()
	})
	if errors.Is(err, sinso.ErrInvalid) { // the log does not reach as far
		err = fmt.Errorf("way: the index knows of %d events and the log of fewer: the log is an older copy, or its end was lost: %w", cursor, sinso.ErrCorrupt)
	}
	if err := errors.Join(err, flush()); err != nil {
		return err
	}
	w.backlog.forget(cursor)
	return nil
}

// Rebuild empties the index and makes it again from the log.
func (w *Way) Rebuild(ctx context.Context) error {
	w.indexing.Lock()
	defer w.indexing.Unlock()
	defer w.crowd.noteAll()
	if err := w.Meta.Reset(ctx); err != nil {
		return fmt.Errorf("way: empty the index: %w", err)
	}
	return w.catchUp(ctx)
}

// How the indexer gathers: a reader never waits for it, it only saves work.
const (
	indexDelay = 250 * time.Millisecond // for more to come
	indexRetry = 500 * time.Millisecond
	indexMost  = 256 // events; as many are not waited for
)

// Index brings what doors take in into the index, some at a time, until ctx ends.
// While it runs, [Way.Take] leaves that to it.
func (w *Way) Index(ctx context.Context) error {
	w.indexer.Store(true)
	defer w.indexer.Store(false)
	timer := time.NewTimer(indexDelay)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return w.follow(context.WithoutCancel(ctx))
		case <-w.taken:
		}
		if w.backlog.waiting() < indexMost {
			timer.Reset(indexDelay)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
		}
		for {
			err := w.follow(ctx)
			if err == nil || ctx.Err() != nil {
				break
			}
			if !errors.Is(err, sinso.ErrUnavailable) && !errors.Is(err, sinso.ErrBusy) {
				return err
			}
			// A full disk, say: the log has what the index has not, and room may come.
			timer.Reset(indexRetry)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
		}
	}
}
