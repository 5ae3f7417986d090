package way

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/register"
)

// How many releases may be made, or wait for it, at once: each is minutes of work.
const (
	maxMaking    = 64
	maxOwnMaking = 8  // of one person's
	maxOwnAsked  = 64 // of one person's that wait for a co-creator: a row each
)

// ErrManyReleases is an [sinso.ErrBusy]: so many releases are being made, or wait for it,
// that no other is begun.
var ErrManyReleases = fmt.Errorf("too many releases wait to be made: %w", sinso.ErrBusy)

// ReasonCalledOff ends a release that a person called off before it was registered.
const ReasonCalledOff = sinso.Reason("called-off")

// making is which releases are being made, or wait for it.
type making struct {
	turn chan struct{} // has one while a release is made: one derivation fills the machine

	mu      sync.Mutex // guards what follows, to stopped
	asked   map[sinso.PersonID]int
	all     int
	plans   map[sinso.ReleaseID]*asking             // of who asked, and waits
	under   map[*context.CancelFunc]sinso.ReleaseID // what ends the work on a release
	stopped map[sinso.ReleaseID]bool                // that the chain did not answer for

	ending  sync.Mutex                        // held while one is called off; guards minting
	minting map[sinso.ReleaseID]chan struct{} // that go to the chain just now; closed when they have
}

// asking is one request for a release.
type asking struct {
	*making

	person sinso.PersonID
	heard  func() bool // ends the watch of who asked
}

func newMaking() *making {
	return &making{
		turn: make(chan struct{}, 1), asked: map[sinso.PersonID]int{}, plans: map[sinso.ReleaseID]*asking{},
		under: map[*context.CancelFunc]sinso.ReleaseID{}, stopped: map[sinso.ReleaseID]bool{}, minting: map[sinso.ReleaseID]chan struct{}{},
	}
}

// enter counts one release more of a person, until who asked leaves. Who has gone holds no plan from that moment on: who
// asks the same then takes it up, however long the work still needs to end. ErrManyReleases if there are too many.
func (m *making) enter(ctx context.Context, person sinso.PersonID) (*asking, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.asked[person] >= maxOwnMaking {
		return nil, fmt.Errorf("way: %d of this person, and no more than that at once: %w", maxOwnMaking, ErrManyReleases)
	}
	if m.all >= maxMaking {
		return nil, fmt.Errorf("way: %d on this node, and no more than that at once: %w", maxMaking, ErrManyReleases)
	}
	m.asked[person]++
	m.all++
	a := &asking{making: m, person: person}
	a.heard = context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		a.letGo()
	})
	return a, nil
}

// leave ends a request, whatever came of it.
func (a *asking) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all--
	if a.asked[a.person]--; a.asked[a.person] == 0 {
		delete(a.asked, a.person)
	}
	a.heard()
	a.letGo()
}

// letGo holds nothing any more. The caller has mu.
func (a *asking) letGo() {
	maps.DeleteFunc(a.plans, func(_ sinso.ReleaseID, by *asking) bool { return by == a })
}

// hold keeps a plan for a request: no other takes it up.
func (a *asking) hold(id sinso.ReleaseID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.plans[id] = a
}

// isHeld reports whether somebody asked for a release, and waits for it.
func (m *making) isHeld(id sinso.ReleaseID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.plans[id] != nil
}

// take waits for the turn.
func (m *making) take(ctx context.Context) (end func(), err error) {
	select {
	case m.turn <- struct{}{}:
		return func() { <-m.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("way: wait for other releases: %w", ctx.Err())
	}
}

// begin returns the context of work on a release, which ends when it is called off.
func (m *making) begin(ctx context.Context, id sinso.ReleaseID) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.under[&cancel] = id
	return ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.under, &cancel)
		cancel()
	}
}

// end ends all work on a release.
func (m *making) end(id sinso.ReleaseID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for cancel, of := range m.under {
		if of == id {
			(*cancel)()
		}
	}
}

// unlessCalledOff works on a release. If it is called off meanwhile, or was, that is no
// error: the row says so.
func (w *Way) unlessCalledOff(ctx context.Context, id sinso.ReleaseID, work func(context.Context) (sinso.ReleaseRow, error)) (sinso.ReleaseRow, error) {
	working, end := w.making.begin(ctx, id)
	defer end()
	row, err := work(working)
	if err != nil && working.Err() != nil && ctx.Err() == nil {
		return w.ReleaseRow(ctx, id)
	}
	return row, err
}

// settleWithin is how long calling off waits for the chain.
const settleWithin = 2 * time.Minute

// CallOff ends a release that is not registered yet: it is refused from now on, the work on
// it stops, and a co-creator who has not answered is asked no longer. ErrExists if it is
// registered; ErrUnavailable if the chain does not say whether it is. Again is no error.
//
// A mint that is on its way is waited for, for a time: waits is told how many transactions
// are left. One that this node sends just now decides. One that it sent before, whose answer
// was lost, is looked for after the call-off is written down: should its token be on the
// chain, the release names it. What ends the wait, a crash too, leaves that to [Way.Tend].
func (w *Way) CallOff(ctx context.Context, id sinso.ReleaseID, actor string, waits func(left uint64)) (sinso.ReleaseRow, error) {
	settling, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for {
		row, err := w.ReleaseRow(ctx, id)
		if err == nil && row.State == sinso.ReleaseIsStored && !row.Draft {
			err = w.notMinted(ctx, row) // unlocked: the chain may take its time
		}
		if err != nil {
			return row, err
		}
		off, minting, err := w.callOff(ctx, row, actor)
		if err != nil {
			return row, err
		}
		if minting != nil {
			waits(1)
			if err := wait(settling, minting); err != nil {
				return row, fmt.Errorf("way: release %s goes to the chain just now, which has not answered yet: %w: %w", id, err, sinso.ErrUnavailable)
			}
		}
		if off {
			w.making.end(id)
			w.making.stops(id, false)
			w.settled(settling, row, waits)
			return w.ReleaseRow(ctx, id)
		}
	}
}

// settled waits for what was sent to the chain before a release was called off. What fails is
// no failure of the call-off: [Way.Tend] looks again.
func (w *Way) settled(ctx context.Context, row sinso.ReleaseRow, waits func(left uint64)) {
	if row.State != sinso.ReleaseIsStored { // nothing of it was sent
		return
	}
	if err := w.Chain.Settle(ctx, waits); err == nil {
		_ = w.landed(ctx, row)
	}
}

// callOff reports false if a release is not in the state any more that it was found in, or
// goes to the chain just now: until minting is closed.
func (w *Way) callOff(ctx context.Context, was sinso.ReleaseRow, actor string) (off bool, minting <-chan struct{}, err error) {
	w.asking.Lock() // who answers just now has done so, or comes too late
	defer w.asking.Unlock()
	w.making.ending.Lock()
	defer w.making.ending.Unlock()
	row, err := w.ReleaseRow(ctx, was.ID)
	switch {
	case err != nil || row.State != was.State:
		return false, nil, err
	case row.State == sinso.ReleaseIsRefused && row.Reason == ReasonCalledOff:
		return true, nil, nil
	case row.State == sinso.ReleaseIsRefused:
		return false, nil, fmt.Errorf("way: release %s is refused: there is nothing to call off: %w", row.ID, sinso.ErrExists)
	case row.Draft && row.Author == nil:
		return false, nil, fmt.Errorf("way: release %s is a draft, and for nobody: there is nothing to call off: %w", row.ID, sinso.ErrInvalid)
	case row.State == sinso.ReleaseIsRegistered:
		return false, nil, errRegistered(row.ID)
	case w.making.minting[row.ID] != nil:
		return false, w.making.minting[row.ID], nil
	}
	return true, nil, w.recordOne(ctx, sinso.EventReleaseCalledOff, actor, row.Person, sinso.ReleaseCalledOff{Release: row.ID})
}

// projectCalledOff refuses a release, whatever is logged of it later.
func projectCalledOff(tx sinso.MetaTx, e sinso.Event, b sinso.ReleaseCalledOff) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.State, row.Reason = sinso.ReleaseIsRefused, cmp.Or(b.Reason, ReasonCalledOff)
	})
}

func errRegistered(id sinso.ReleaseID) error {
	return fmt.Errorf("way: release %s is registered on the chain: end its grant instead: %w", id, sinso.ErrExists)
}

// notMinted asks the chain whether the token of a release is there: the answer to who
// minted it may have been lost.
func (w *Way) notMinted(ctx context.Context, row sinso.ReleaseRow) error {
	if w.Chain == nil {
		return fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	token, err := register.Check(w.Chain.Contracts(), row.Asset)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", row.ID, err)
	}
	_, err = w.Chain.Owner(ctx, token)
	switch {
	case errors.Is(err, sinso.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("way: release %s: whether it is registered is not known: %w", row.ID, err)
	}
	return errRegistered(row.ID)
}

// mint registers a release that is stored. Who calls it off now waits for what comes of it.
func (w *Way) mint(ctx context.Context, row sinso.ReleaseRow, actor string) error {
	begun, err := w.beginMint(ctx, row.ID, actor)
	if err != nil || !begun {
		return err
	}
	defer func() {
		w.making.ending.Lock()
		defer w.making.ending.Unlock()
		close(w.making.minting[row.ID])
		delete(w.making.minting, row.ID)
	}()
	return w.register(ctx, row, actor)
}

// beginMint reports false if the release was called off, or recalled, a moment ago, or is too poor. That
// is one step for all: of two of the same pictures, the second finds the first on its way.
func (w *Way) beginMint(ctx context.Context, id sinso.ReleaseID, actor string) (bool, error) {
	w.making.ending.Lock()
	defer w.making.ending.Unlock()
	row, err := w.ReleaseRow(ctx, id)
	if err != nil || row.State != sinso.ReleaseIsStored {
		return false, err
	}
	if refused, err := w.tooPoor(ctx, row, actor); err != nil || refused {
		return false, err
	}
	w.making.minting[id] = make(chan struct{})
	return true, nil
}
