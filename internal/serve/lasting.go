package serve

import (
	"context"
	"sync"
)

// lasting is work that goes on when who asked for it has gone: a page was closed, or a
// connection lost. It ends with the node, and then only if nobody waits for it: what
// somebody waits for may finish while the doors are being closed.
type lasting struct {
	mu     sync.Mutex // guards the rest
	closed bool
	left   map[*context.CancelFunc]struct{} // work whose caller has gone
}

// begin returns the context of work that a request asks for, and what ends it.
func (l *lasting) begin(request context.Context) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(request))
	heard := context.AfterFunc(request, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		switch {
		case l.closed:
			cancel()
		case ctx.Err() == nil: // it has not ended meanwhile
			l.left[&cancel] = struct{}{}
		}
	})
	return ctx, func() {
		heard()
		cancel()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.left, &cancel)
	}
}

// close ends what nobody waits for, and lets nothing outlive its caller any more.
func (l *lasting) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for cancel := range l.left {
		(*cancel)()
	}
}
