package dimse

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"

	"sinso.dev/sinso"
)

// Association is one association, of a server's peer or made by [Dial].
//
// The methods of a client's may be called from several goroutines; one operation
// is done at a time.
type Association struct {
	link
	opts     Options
	peer     Peer
	server   *Server       // nil in a client
	client   *ClientConfig // nil in a server
	pool     *pool
	contexts [256]*accepted // by their number
	maxSend  int            // bytes of data in a PDV that we send
	lastSize int64          // bytes of the last object that arrived

	commandBuf [1024]byte // for the command set that arrives

	turn      chan struct{} // taken while we wait for the response to a request of ours
	messageID uint16        // of our last request; of who has the turn
	getting   func(context.Context, *Association, *StoreRequest) Status
	failed    error         // why a client's association has ended; of who has the turn
	responses chan *message // to requests of a server, from the goroutine that reads
	op        *operation    // the peer's, at work: of the goroutine that reads

	endOnce sync.Once
	ended   chan struct{}
}

// accepted is a presentation context in use.
type accepted struct {
	id               byte
	abstract, syntax string
	weSCU, weSCP     bool
}

func newAssociation(conn net.Conn, opts *Options, p *pool) *Association {
	a := &Association{
		opts: *opts, pool: p,
		turn: make(chan struct{}, 1), responses: make(chan *message, 1), ended: make(chan struct{}),
	}
	a.conn, a.options, a.wait, a.closing = conn, &a.opts, a.opts.ARTIM, a.opts.ARTIM
	a.peer.Local, a.peer.Remote = conn.LocalAddr(), conn.RemoteAddr()
	if tcp, ok := plain(conn).(*net.TCPConn); ok {
		_ = tcp.SetNoDelay(true) // a failed one is slow, not wrong
	}
	return a
}

// plain returns the connection below TLS.
func plain(conn net.Conn) net.Conn {
	if over, ok := conn.(interface{ NetConn() net.Conn }); ok {
		return over.NetConn()
	}
	return conn
}

// handshake does that of TLS, if the connection has it.
func (a *Association) handshake(ctx context.Context) error {
	secure, ok := a.conn.(interface {
		HandshakeContext(context.Context) error
		ConnectionState() tls.ConnectionState
	})
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.ARTIM)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		return lost("TLS handshake", err)
	}
	state := secure.ConnectionState()
	a.peer.TLS, a.secure = &state, true
	return nil
}

// Peer says who is at the other end. It must not be changed.
func (a *Association) Peer() *Peer { return &a.peer }

// Syntaxes returns the transfer syntaxes in which we can send requests with a data
// set of the SOP class, in the order in which they were proposed.
func (a *Association) Syntaxes(class string) []string {
	var out []string
	for _, c := range a.contexts {
		if c != nil && c.abstract == class && c.weSCU {
			out = append(out, c.syntax)
		}
	}
	return out
}

// contextFor returns a context for requests of ours. With a syntax, for a data set
// that is written so; without, the first.
func (a *Association) contextFor(class, syntax string) (*accepted, error) {
	for _, c := range a.contexts {
		if c != nil && c.abstract == class && c.weSCU && (syntax == "" || c.syntax == syntax) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("dimse: the peer accepted no presentation context for SOP class %s in transfer syntax %s: %w", class, syntax, sinso.ErrUnsupported)
}

// setMaxSend takes the peer's maximum length (PS3.8 D.1).
func (a *Association) setMaxSend(theirs uint32) error {
	limit := int64(max(a.opts.MaxPDU, DefaultMaxPDU))
	if theirs != 0 {
		if theirs < minPeerPDU {
			return invalid("association: the peer takes PDUs of at most %d bytes", theirs)
		}
		limit = min(limit, int64(theirs))
	}
	a.maxSend = int(limit-pdvHeaderBytes) &^ 1 // fragments have an even number of bytes (PS3.8 E.1)
	return nil
}

// end marks the association as ended.
func (a *Association) end() { a.endOnce.Do(func() { close(a.ended) }) }
