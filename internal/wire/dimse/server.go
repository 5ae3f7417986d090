package dimse

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	defaultAssociations = 64
	refusers            = 64                    // connections beyond the associations that are heard, to be told no
	acceptAgain         = 50 * time.Millisecond // after an accept that failed for now
)

// Server answers associations. It is safe for use by several goroutines.
type Server struct {
	config Config
	pool   *pool

	mu   sync.Mutex // guards live
	live int        // associations that stand
}

// NewServer returns a server. It is ErrInvalid if an option cannot be.
func NewServer(c Config) (*Server, error) {
	var err error
	if c.Options, err = c.filled(); err != nil {
		return nil, err
	}
	if c.MaxAssociations <= 0 {
		c.MaxAssociations = defaultAssociations
	}
	return &Server{config: c, pool: newPool(c.MaxMemory)}, nil
}

// Serve takes associations from the listener until ctx ends, then closes the
// listener, lets handlers return, aborts what stands, and returns nil after the
// last association has ended. For TLS give it a listener of crypto/tls. The error
// is that of the listener, ErrUnavailable.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() })
	defer stop()
	slots := make(chan struct{}, s.config.MaxAssociations+refusers)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			_ = ln.Close()
			return nil
		}
		conn, err := ln.Accept()
		switch {
		case err == nil:
			all.Go(func() {
				defer func() { <-slots }()
				s.serve(ctx, conn)
			})
		case ctx.Err() != nil:
			return nil
		case temporary(err):
			<-slots
			pause(ctx, acceptAgain)
		default:
			_ = ln.Close()
			return lost("accept", err)
		}
	}
}

// temporary reports whether accepting may work again: too many files are open.
func temporary(err error) bool {
	var again interface{ Temporary() bool }
	return errors.As(err, &again) && again.Temporary()
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// serve answers one connection.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	a := newAssociation(conn, &s.config.Options, s.pool)
	a.server = s
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { a.stop(stopGrace) })
	defer stop()
	if err := a.handshake(ctx); err != nil {
		return
	}
	rq, err := a.request()
	if err != nil {
		a.refuse(err)
		return
	}
	if no := s.admit(ctx, a, rq); no != nil {
		a.reject(no)
		return
	}
	err = a.establish(rq)
	if err == nil {
		err = a.serve(ctx)
	}
	s.leave()
	if errors.Is(err, errReleased) {
		err = nil
	}
	if s.config.Ended != nil {
		s.config.Ended(a, err)
	}
	a.conclude(err)
}

// leave ends counting an association.
func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live--
}

// request reads an A-ASSOCIATE-RQ (Sta2 of PS3.8 §9.2).
func (a *Association) request() (*associate, error) {
	kind, length, err := a.header()
	if err != nil {
		return nil, err
	}
	if kind != pduAssociateRQ && kind != pduAbort {
		return nil, unexpected(kind)
	}
	b, err := a.body(length)
	if err != nil {
		return nil, err
	}
	if kind == pduAbort {
		return nil, parseAbort(b)
	}
	rq, err := parseAssociate(kind, b)
	if err != nil {
		return nil, err
	}
	a.peer.Calling, a.peer.Called = rq.calling, rq.called
	a.peer.Identity = rq.identity
	a.peer.ImplementationClassUID, a.peer.ImplementationVersionName = rq.classUID, rq.versionName
	return rq, nil
}

// admit says why the association is not wanted; nil if it is, and then counts it.
func (s *Server) admit(ctx context.Context, a *Association, rq *associate) *Rejection {
	switch {
	case rq.version&1 == 0:
		return &Rejection{Source: sourceACSE, Reason: 2}
	case rq.application != applicationContext:
		return &Rejection{Source: sourceUser, Reason: 2}
	case validAE(rq.calling) != nil:
		return RejectCallingAE()
	case s.config.AETitle != "" && rq.called != s.config.AETitle:
		return RejectCalledAE()
	}
	s.mu.Lock()
	full := s.live >= s.config.MaxAssociations
	if !full {
		s.live++
	}
	s.mu.Unlock()
	if full {
		return RejectLimit()
	}
	if s.config.Accept != nil {
		if no := s.config.Accept(ctx, &a.peer); no != nil {
			s.leave()
			return no
		}
	}
	return nil
}

// establish accepts the association.
func (a *Association) establish(rq *associate) error {
	ac, err := a.answer(rq)
	if err != nil {
		return err
	}
	b, err := ac.encode(pduAssociateAC)
	if err != nil {
		return err
	}
	return a.write(b)
}

// reject says no, and waits for the peer to close.
func (a *Association) reject(no *Rejection) {
	if a.write(rejectPDU(no)) == nil {
		a.linger()
	}
}

// refuse ends a connection on which no association was asked for: silently when
// ARTIM has expired (AA-2 of PS3.8 §9.2.3).
func (a *Association) refuse(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = a.conn.Close()
		return
	}
	a.conclude(err)
}

// conclude sends what ends an association and closes it: after a release the answer
// to it, after a fault of the peer, or of ours, an A-ABORT with its reason.
func (a *Association) conclude(err error) {
	var wrong *violation
	var aborted *Abort
	switch {
	case err == nil:
		if a.write(releasePDU(pduReleaseRP)) == nil {
			a.linger()
		}
	case errors.As(err, &aborted):
	case errors.As(err, &wrong) && !wrong.user:
		a.abort(&Abort{Provider: true, Reason: wrong.reason})
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
	default:
		a.abort(&Abort{})
	}
	_ = a.conn.Close()
}
