package dimse

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sinso.dev/sinso"
)

// canceller returns a function that sends the C-CANCEL of a request, once, and gives
// the peer ARTIM to end it. It is also called when ctx ends, until release.
func (a *Association) canceller(ctx context.Context, c *accepted, messageID uint16) (cancel, release func()) {
	var once sync.Once
	var timer *time.Timer
	cancel = func() {
		once.Do(func() {
			timer = time.AfterFunc(a.opts.ARTIM, func() { a.stop(0) })
			_ = a.send(c, &command{field: cancelRQ, messageID: messageID}, nil) // if it is lost, so is the association
		})
	}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		cancel()
	})
	return cancel, func() {
		if !stop() {
			<-done
		}
		if timer != nil {
			timer.Stop()
		}
	}
}

// Release ends a client's association in order (PS3.8 §7.2), after the operation at
// work. The connection is closed in any case; the error says that the peer did not
// agree.
func (a *Association) Release(ctx context.Context) error {
	if a.server != nil {
		return fmt.Errorf("dimse: release: a server's association is released by its peer: %w", sinso.ErrInvalid)
	}
	if err := a.lock(ctx); err != nil {
		a.Abort()
		return err
	}
	defer a.unlock()
	defer a.watch(ctx)()
	a.failed = errClosed()
	a.setWait(a.opts.ARTIM)
	if err := a.write(releasePDU(pduReleaseRQ)); err != nil {
		_ = a.conn.Close()
		return because(ctx, err)
	}
	if err := a.released(); err != nil {
		a.conclude(err)
		return because(ctx, err)
	}
	if err := a.conn.Close(); err != nil {
		return lost("close", err)
	}
	return nil
}

// released waits for the A-RELEASE-RP (Sta7 of PS3.8 §9.2): data that is still on
// its way is left out, and a release that the peer asks for at the same time is
// granted (Sta9, Sta11).
func (a *Association) released() error {
	if err := a.skip(a.left); err != nil {
		return err
	}
	a.left = 0
	for collided := false; ; {
		kind, length, err := a.header()
		if err != nil {
			return err
		}
		switch {
		case kind == pduReleaseRP:
			_, err = a.body(length)
			return err
		case kind == pduData && !collided:
			err = a.skip(length)
		case kind == pduReleaseRQ && !collided:
			collided = true
			if _, err = a.body(length); err == nil {
				err = a.write(releasePDU(pduReleaseRP))
			}
		case kind == pduAbort:
			b, err := a.body(length)
			if err != nil {
				return err
			}
			return parseAbort(b)
		default:
			return unexpected(kind)
		}
		if err != nil {
			return err
		}
	}
}

// Abort ends the association at once (PS3.8 §7.3), whatever is at work, which then
// fails. It may be called by anyone, also on a server's association, and more than
// once.
func (a *Association) Abort() {
	if a.server != nil {
		a.stop(stopGrace) // the goroutine that serves it aborts and closes
		return
	}
	if a.writeMu.TryLock() {
		if !a.broken {
			_ = a.writeLocked([][]byte{abortPDU(&Abort{})}) // whether it arrives or not
			a.broken = true
		}
		a.writeMu.Unlock()
	}
	a.stop(0)
	select {
	case a.turn <- struct{}{}:
		if a.failed == nil {
			a.failed = errClosed()
		}
		a.unlock()
	default: // who has the turn fails, and closes
	}
	_ = a.conn.Close()
}

// Listen takes what the server of a client's association asks for, reports of
// events above all, until ctx ends; then it returns nil and the association can be
// used on. An error says that the association has ended; it is nil, too, and
// Ended is true from then on, if the server released it.
func (a *Association) Listen(ctx context.Context) error {
	if a.server != nil {
		return fmt.Errorf("dimse: listen: a server listens anyway: %w", sinso.ErrInvalid)
	}
	if err := a.lock(ctx); err != nil {
		return err
	}
	defer a.unlock()
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		a.nudge(true)
	})
	defer func() {
		if !stop() {
			<-done
			a.nudge(false)
		}
	}()
	for {
		m, err := a.receive(ctx)
		if err != nil {
			return a.heard(ctx, err)
		}
		if m.isResponse() {
			continue // to a request that was given up
		}
		if err := a.answerServer(ctx, m); err != nil {
			return a.fail(ctx, err)
		}
	}
}

// heard says what an error in Listen means.
func (a *Association) heard(ctx context.Context, err error) error {
	if ctx.Err() != nil && a.untouched() {
		return nil
	}
	return a.fail(ctx, err)
}
