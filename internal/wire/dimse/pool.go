package dimse

import (
	"context"
	"fmt"
	"math/bits"
	"sync"
	"time"

	"sinso.dev/sinso"
)

const (
	smallestBuffer = 64 << 10 // bytes
	largestPooled  = 16 << 20 // bytes of a buffer that is kept for the next object
	keptBuffers    = 16 << 20 // bytes of all buffers that are kept
	waitForRoom    = 10 * time.Second
)

// pool gives buffers for objects, bounds what all of them together have, and keeps
// some for the next object.
type pool struct {
	limit int64

	mu   sync.Mutex // guards what follows
	used int64      // bytes of buffers given
	idle int64      // bytes of buffers kept
	free [40][][]byte
	room chan struct{} // closed when some is given back; nil if nobody waits
}

func newPool(limit int64) *pool { return &pool{limit: limit} }

// buffer is the memory of one object.
type buffer struct {
	b    []byte
	pool *pool
	kept bool
	gone bool
}

// class returns the size of a buffer with room for n bytes: a power of two while
// that is small, then a multiple of the largest kept one.
func class(n int64) int64 {
	if n <= smallestBuffer {
		return smallestBuffer
	}
	if n > largestPooled {
		return (n + largestPooled - 1) / largestPooled * largestPooled
	}
	return 1 << bits.Len64(uint64(n-1))
}

// take counts size bytes. It waits while others have too many; what nobody else
// shares may be larger than the limit. held are bytes that the caller has.
func (p *pool) take(ctx context.Context, size, held int64) error {
	var timer <-chan time.Time
	for {
		p.mu.Lock()
		if p.used+size <= p.limit || p.used == held {
			p.used += size
			p.mu.Unlock()
			return nil
		}
		if p.room == nil {
			p.room = make(chan struct{})
		}
		room := p.room
		p.mu.Unlock()
		if timer == nil {
			t := time.NewTimer(waitForRoom)
			defer t.Stop()
			timer = t.C
		}
		select {
		case <-room:
		case <-timer:
			return fmt.Errorf("dimse: no room for an object: %w", sinso.ErrBusy)
		case <-ctx.Done():
			return fmt.Errorf("dimse: no room for an object: %w: %w", ctx.Err(), sinso.ErrBusy)
		}
	}
}

// memory returns size bytes, which may have anything in them.
func (p *pool) memory(size int64) []byte {
	if size <= largestPooled {
		p.mu.Lock()
		k := bits.Len64(uint64(size)) //nolint:gosec // positive
		if n := len(p.free[k]); n > 0 {
			b := p.free[k][n-1]
			p.free[k] = p.free[k][:n-1]
			p.idle -= size
			p.mu.Unlock()
			return b[:0]
		}
		p.mu.Unlock()
	}
	return make([]byte, 0, size)
}

// give takes memory back.
func (p *pool) give(b []byte) {
	size := int64(cap(b))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used -= size
	if size <= largestPooled && p.idle+size <= keptBuffers {
		k := bits.Len64(uint64(size))
		p.free[k] = append(p.free[k], b[:0])
		p.idle += size
	}
	if p.room != nil {
		close(p.room)
		p.room = nil
	}
}

// get returns an empty buffer with room for size bytes.
func (p *pool) get(ctx context.Context, size int64) (*buffer, error) {
	size = class(size)
	if err := p.take(ctx, size, 0); err != nil {
		return nil, err
	}
	return &buffer{b: p.memory(size), pool: p}, nil
}

// grow makes room for n more bytes.
func (b *buffer) grow(ctx context.Context, n int) error {
	if cap(b.b)-len(b.b) >= n {
		return nil
	}
	size := class(max(int64(len(b.b))+int64(n), int64(cap(b.b))*5/4))
	if err := b.pool.take(ctx, size, int64(cap(b.b))); err != nil {
		return err
	}
	larger := append(b.pool.memory(size), b.b...)
	b.pool.give(b.b)
	b.b = larger
	return nil
}

// release gives the memory back, once.
func (b *buffer) release() {
	b.pool.mu.Lock()
	gone := b.gone
	b.gone = true
	b.pool.mu.Unlock()
	if !gone {
		b.pool.give(b.b)
		b.b = nil
	}
}
