package dimse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"sinso.dev/sinso"
)

// clientClosing is how long a client waits for the server to close after an abort.
const clientClosing = time.Second

// ClientConfig is what a client asks for.
type ClientConfig struct {
	Options

	Called   string        // AE title of the server
	Contexts []Context     // from 1 to 128; see [ContextsOf]
	TLS      *tls.Config   // nil: no TLS. An empty ServerName becomes the host of the address
	Identity *UserIdentity // nil: none

	// Event takes reports that the server sends on this association: while a request
	// waits for its response, and in Listen. nil: they are refused.
	Event func(ctx context.Context, a *Association, r *EventReport) Status
}

// Dial connects to host:port and makes an association. AETitle is the calling one.
// The error is a *Rejection if the server says no, an *Abort if it aborts,
// ErrUnavailable if it cannot be reached, ErrInvalid if c cannot be.
func Dial(ctx context.Context, address string, c ClientConfig) (*Association, error) {
	if _, err := c.request(); err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, lost("connect", err)
	}
	if c.TLS != nil {
		t := c.TLS.Clone()
		if t.ServerName == "" {
			t.ServerName, _, _ = net.SplitHostPort(address) // it was dialled: it can be split
		}
		conn = tls.Client(conn, t)
	}
	return Connect(ctx, conn, c)
}

// Connect makes an association on a connection, which it owns from then on. It
// does the handshake if that is one of TLS; c.TLS is not used. Errors are those of
// [Dial].
func Connect(ctx context.Context, conn net.Conn, c ClientConfig) (*Association, error) {
	rq, err := c.request()
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	a := newAssociation(conn, &c.Options, newPool(c.MaxMemory))
	a.client, a.closing = &c, min(a.opts.ARTIM, clientClosing)
	a.peer.Calling, a.peer.Called = c.AETitle, c.Called
	release := a.watch(ctx)
	err = a.associate(ctx, rq)
	release()
	if err != nil {
		a.conclude(err)
		return nil, because(ctx, err)
	}
	a.setWait(a.opts.Response)
	return a, nil
}

// request returns the A-ASSOCIATE-RQ.
func (c *ClientConfig) request() (*associate, error) {
	var err error
	if c.Options, err = c.filled(); err != nil {
		return nil, err
	}
	if err := errors.Join(validAE(c.AETitle), validAE(c.Called)); err != nil {
		return nil, err
	}
	if len(c.Contexts) == 0 || len(c.Contexts) > maxContexts {
		return nil, fmt.Errorf("dimse: associate: %d presentation contexts, from 1 to %d can be proposed: %w", len(c.Contexts), maxContexts, sinso.ErrInvalid)
	}
	rq := &associate{called: c.Called, calling: c.AETitle, maxLength: uint32(c.MaxPDU), identity: c.Identity} //nolint:gosec // at most 1 MiB
	roles := map[string]bool{}
	for i, context := range c.Contexts {
		if !validUID(context.Abstract) || len(context.Syntaxes) == 0 || len(context.Syntaxes) > maxSyntaxes {
			return nil, fmt.Errorf("dimse: associate: presentation context %d has no SOP class, or no transfer syntax: %w", i, sinso.ErrInvalid)
		}
		for _, syntax := range context.Syntaxes {
			if !validUID(syntax) {
				return nil, fmt.Errorf("dimse: associate: presentation context %d: a transfer syntax is no UID: %w", i, sinso.ErrInvalid)
			}
		}
		rq.contexts = append(rq.contexts, proposal{id: byte(2*i + 1), abstract: context.Abstract, syntaxes: context.Syntaxes})
		if (context.SCP || context.NotSCU) && !roles[context.Abstract] {
			roles[context.Abstract] = true
			rq.roles = append(rq.roles, role{context.Abstract, !context.NotSCU, context.SCP})
		}
	}
	return rq, nil
}

// associate sends the request and takes the answer (Sta5 of PS3.8 §9.2).
func (a *Association) associate(ctx context.Context, rq *associate) error {
	if err := a.handshake(ctx); err != nil {
		return err
	}
	b, err := rq.encode(pduAssociateRQ)
	if err != nil {
		return err
	}
	if err := a.write(b); err != nil {
		return err
	}
	kind, length, err := a.header()
	if err != nil {
		return err
	}
	if kind != pduAssociateAC && kind != pduAssociateRJ && kind != pduAbort {
		return unexpected(kind)
	}
	if b, err = a.body(length); err != nil {
		return err
	}
	if kind == pduAbort {
		return parseAbort(b)
	}
	if kind == pduAssociateRJ {
		no, err := parseReject(b)
		if err != nil {
			return err
		}
		return no
	}
	ac, err := parseAssociate(kind, b)
	if err != nil {
		return err
	}
	return a.accept(rq, ac)
}

// accept takes over what the server accepted.
func (a *Association) accept(rq, ac *associate) error {
	a.peer.ImplementationClassUID, a.peer.ImplementationVersionName = ac.classUID, ac.versionName
	roles := map[string]role{}
	for _, r := range ac.roles {
		roles[r.class] = r
	}
	for i := range ac.contexts {
		p := &ac.contexts[i]
		n := int(p.id) / 2
		if n >= len(rq.contexts) {
			return invalid("association: presentation context %d was not proposed", p.id)
		}
		if p.result != resultAccepted {
			continue
		}
		c := &accepted{id: p.id, abstract: rq.contexts[n].abstract, syntax: p.syntaxes[0], weSCU: true}
		if asked := a.client.Contexts[n]; asked.SCP || asked.NotSCU {
			if r, ok := roles[c.abstract]; ok { // without an answer the roles are the default ones
				c.weSCU, c.weSCP = r.scu && !asked.NotSCU, r.scp && asked.SCP
			}
		}
		a.contexts[p.id] = c
	}
	return a.setMaxSend(ac.maxLength)
}

// watch makes the association fail when ctx ends, until release is called, which
// returns after that was done or can no longer be.
func (a *Association) watch(ctx context.Context) (release func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		a.stop(0)
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

// because adds that ctx has ended to an error that comes of it.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("dimse: %w: %w", ctx.Err(), err)
	}
	return err
}

// Pair is a SOP class in a transfer syntax.
type Pair struct{ Class, Syntax string }

// ContextsOf returns presentation contexts in which objects of these pairs can be
// sent as they are: one for each pair, in as many groups as there must be for each
// to fit one association. A pair that comes again is left out.
func ContextsOf(pairs ...Pair) [][]Context {
	var groups [][]Context
	seen := map[Pair]bool{}
	for _, p := range pairs {
		if seen[p] {
			continue
		}
		if len(seen)%maxContexts == 0 {
			groups = append(groups, nil)
		}
		seen[p] = true
		last := &groups[len(groups)-1]
		*last = append(*last, Context{Abstract: p.Class, Syntaxes: []string{p.Syntax}})
	}
	return groups
}
