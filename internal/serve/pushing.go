package serve

import (
	"fmt"
	"net/http"
	"time"

	"sinso.dev/sinso"
)

// pushing writes an answer to a caller who takes it, each piece within the time in which a
// piece of a body must come: whoever does not holds files, places and memory.
type pushing struct {
	http.ResponseWriter
	clock sinso.Clock
	stall time.Duration
	sent  int64 // bytes
}

const (
	pushed    = 64 << 10 // bytes of a piece
	unflushed = 8 << 10  // bytes: more than what net/http holds back (2 KiB and 4 KiB)
)

// Write implements [io.Writer].
func (p *pushing) Write(b []byte) (n int, err error) {
	defer p.until(time.Time{}) // what follows may take its time
	for first := true; err == nil && (first || n < len(b)); first = false {
		p.until(p.clock.Now().Add(p.stall))
		var piece int
		piece, err = p.ResponseWriter.Write(b[n:min(n+pushed, len(b))])
		n += piece
	}
	p.sent += int64(n)
	if err != nil {
		return n, fmt.Errorf("serve: the caller has gone: %w", sinso.ErrUnavailable)
	}
	return n, nil
}

// FlushError is what [http.ResponseController] flushes by.
func (p *pushing) FlushError() error {
	p.until(p.clock.Now().Add(p.stall))
	defer p.until(time.Time{})
	return http.NewResponseController(p.ResponseWriter).Flush() //nolint:wrapcheck // of the library
}

// end sends the rest of an answer that does not fit into what is held back: the server
// would wait for the caller to take it.
func (p *pushing) end() {
	if p.sent > unflushed {
		_ = p.FlushError() // the caller may have gone
	}
}

// until sets the deadline; a recorder has none.
func (p *pushing) until(at time.Time) {
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(at)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (p *pushing) Unwrap() http.ResponseWriter { return p.ResponseWriter }
