package dicomweb

import (
	"context"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
)

// object is one object on its way out.
type object struct {
	row    sinso.InstanceRow
	bytes  []byte
	parts  io.ReaderAt // of a large one that is sent as it is stored, in place of bytes
	syntax string
	err    error
	done   chan struct{}
	weight int64 // bytes of memory it is counted with
}

// fetching is how objects are read.
type fetching struct {
	object func(context.Context, *object)
	weight func(sinso.InstanceRow) int64 // bytes of memory that one takes
}

// ahead reads objects and calls send with them in order. A few are read while one is
// sent: maxInFlight at once, of maxAhead bytes, as long as all requests together
// leave memory for them. fetch.object is called from several goroutines.
func (c *call) ahead(rows []sinso.InstanceRow, fetch fetching, send func(*object) error) error {
	ctx, cancel := context.WithCancel(c.ctx())
	defer cancel()
	l := &line{memory: c.memory, objects: make(chan *object, maxInFlight), left: make(chan int64, maxInFlight)}
	var group sync.WaitGroup
	var waiting error
	group.Go(func() {
		defer close(l.objects)
		for _, row := range rows {
			o := &object{row: row, done: make(chan struct{}), weight: min(max(fetch.weight(row), 1), maxMemory)}
			if waiting = l.enter(ctx, o); waiting != nil {
				return
			}
			group.Go(func() {
				defer close(o.done)
				fetch.object(ctx, o)
			})
			l.objects <- o
		}
	})
	var err error
	for o := range l.objects { // to the end, so that each gives its memory back
		<-o.done
		if err == nil {
			if err = o.err; err == nil {
				err = send(o)
			}
			if err != nil {
				cancel()
			}
		}
		o.bytes = nil
		l.memory.Release(o.weight)
		l.left <- o.weight
	}
	group.Wait()
	if err == nil {
		err = waiting
	}
	return err
}

// line is the objects of one request that are read and not sent yet. n and bytes
// are its reader's.
type line struct {
	memory interface {
		TryAcquire(n int64) bool
		Acquire(ctx context.Context, n int64) error
		Release(n int64)
	}
	objects chan *object
	left    chan int64 // bytes of each that was sent
	n       int
	bytes   int64
}

// enter waits until there is room for an object. The first in a line waits for the
// memory of all; one that is read ahead is not while there is none.
func (l *line) enter(ctx context.Context, o *object) error {
	for l.n > 0 {
		if l.n < maxInFlight && l.bytes+o.weight <= maxAhead && l.memory.TryAcquire(o.weight) {
			l.n, l.bytes = l.n+1, l.bytes+o.weight
			return nil
		}
		select {
		case bytes := <-l.left:
			l.n, l.bytes = l.n-1, l.bytes-bytes
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := l.memory.Acquire(ctx, o.weight); err != nil {
		return fmt.Errorf("dicomweb: wait for memory: %w", err)
	}
	l.n, l.bytes = 1, o.weight
	return nil
}
