package sqlite

import (
	"context"
	"fmt"
	"sync"

	"sinso.dev/sinso"
)

// pool hands out connections, the one that came back last first: its cache is warm.
type pool struct {
	free   chan struct{} // one for each connection that is in
	closed <-chan struct{}

	mu   sync.Mutex // guards conn
	conn []*conn
}

func newPool(closed <-chan struct{}, conns ...*conn) *pool {
	p := &pool{free: make(chan struct{}, len(conns)), closed: closed}
	for _, c := range conns {
		p.put(c)
	}
	return p
}

// put gives a connection back.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	p.conn = append(p.conn, c)
	p.mu.Unlock()
	p.free <- struct{}{}
}

// take waits for a connection.
func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.closed:
		return nil, fmt.Errorf("meta: the index is closed: %w", sinso.ErrUnavailable)
	case <-ctx.Done():
		return nil, fmt.Errorf("meta: wait for the index: %w", ctx.Err())
	default:
	}
	select {
	case <-p.closed:
		return nil, fmt.Errorf("meta: the index is closed: %w", sinso.ErrUnavailable)
	case <-ctx.Done():
		return nil, fmt.Errorf("meta: wait for the index: %w", ctx.Err())
	case <-p.free:
		return p.last(), nil
	}
}

// drain waits for a connection though the index is closed.
func (p *pool) drain() *conn {
	<-p.free
	return p.last()
}

func (p *pool) last() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.conn) - 1
	c := p.conn[n]
	p.conn = p.conn[:n]
	return c
}
