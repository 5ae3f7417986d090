package evm

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// Out is a transaction that is signed and not final.
type Out struct {
	Doing string    `json:"doing"`
	Since time.Time `json:"since"` // of the newest block when it was first signed
	Nonce uint64    `json:"nonce"`
	Forms int       `json:"forms"` // how often it was signed: with a higher fee, or another nonce
	State OutState  `json:"state"`
}

// OutState is what was found out of a transaction, and done about it.
type OutState string

// The states of what is out.
const (
	OutBusy    OutState = "busy"    // a call waits for it
	OutMined   OutState = "mined"   // in a block that is not final yet
	OutWaiting OutState = "waiting" // the endpoint has it
	OutSent    OutState = "sent"    // the endpoint had forgotten it, and was given it again
	OutRaised  OutState = "raised"  // signed anew: with a higher fee, or another nonce
	OutRefused OutState = "refused" // the endpoint does not want it, and its caller was told
	OutTaken   OutState = "taken"   // its nonce is another's; the owner's next call signs it anew
	OutUnknown OutState = "unknown" // the endpoint does not answer
)

// keptFor is how long what is done stays among what the limits of carrying look at.
const keptFor = 48 * time.Hour

// Recover looks after everything that is signed and not final, of this process or of one
// that ended: it finds receipts, sends again what was forgotten, and signs anew, for the
// node's account, what is stuck. It returns what is out then, oldest first. What other
// people's accounts signed it can only send again: their secrets come with their calls.
// An endpoint that does not answer is no error; a disk that does not keep things is.
func (c *Chain) Recover(ctx context.Context) ([]Out, error) { return c.lookAfter(ctx, c.node) }

// lookAfter is Recover, with the node's account given: without its signer, nothing is signed anew.
func (c *Chain) lookAfter(ctx context.Context, node account) ([]Out, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	sendings := slices.DeleteFunc(c.outbox.All(), func(s Sending) bool { return s.Chain != c.contracts.ChainID })
	if len(sendings) == 0 {
		return nil, nil
	}
	slices.SortFunc(sendings, func(a, b Sending) int { return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Nonce, b.Nonce)) })
	newest, unknown := c.newest(ctx)
	var all []Out
	for _, s := range sendings {
		state := OutUnknown
		if unknown == nil {
			var err error
			if state, err = c.recover(ctx, node, s, newest); err != nil {
				return all, err
			}
		} else if !s.out() {
			continue
		}
		if state != "" {
			all = append(all, Out{Doing: s.Doing, Since: moment(s.Since), Nonce: s.Nonce, Forms: len(s.Forms), State: state})
		}
	}
	return all, nil
}

// recover looks after one sending. "": it is final.
func (c *Chain) recover(ctx context.Context, node account, s Sending, newest head) (OutState, error) {
	leave, ok := c.tryTurn(s.Once)
	if !ok {
		return OutBusy, nil
	}
	defer leave()
	s, found, err := c.outbox.Get(s.Chain, s.Once) // as it is now
	if err != nil || !found {
		return "", err
	}
	if !s.out() {
		if newest.time() < s.Since+uint64(keptFor/time.Second) {
			return "", nil
		}
		s.Old = true
		return "", c.outbox.Put(s)
	}
	receipt, _, err := c.look(ctx, s.Doing, s)
	if errors.Is(err, sinso.ErrNotFound) {
		return c.rescue(ctx, node, s, newest)
	}
	if err != nil {
		return OutUnknown, nil
	}
	if sure, err := c.confirmed(ctx, receipt); err != nil || !sure {
		return OutMined, nil
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return "", c.fail(s, receipt)
	}
	return "", c.settle(s, receipt)
}

// rescue does what can be done for a sending without a receipt.
func (c *Chain) rescue(ctx context.Context, node account, s Sending, newest head) (OutState, error) {
	gone, err := c.usurped(ctx, s, newest)
	if err != nil {
		return OutUnknown, nil //nolint:nilerr // told by the state
	}
	if gone && (s.Refused || s.Doing == filling) { // its caller was told so, and may have given up
		return "", c.outbox.Drop(s.Chain, s.Once)
	}
	if s.Refused {
		return OutRefused, nil
	}
	m, ours, err := messageOf(node, s)
	if err != nil {
		return "", err
	}
	if gone && !ours {
		return OutTaken, nil
	}
	before := len(s.Forms)
	has, err := c.has(ctx, s)
	if err == nil {
		err = c.tend(ctx, m, &s)
	}
	switch {
	case errors.Is(err, errUnkept):
		return "", err
	case err != nil:
		return OutUnknown, nil //nolint:nilerr // told by the state
	case len(s.Forms) > before:
		return OutRaised, nil
	case has:
		return OutWaiting, nil
	}
	return OutSent, nil
}

// messageOf returns what a sending is for. ours: the node's own account sends it, and can
// sign it anew.
func messageOf(node account, s Sending) (m message, ours bool, err error) {
	forms, err := s.forms()
	if err != nil {
		return m, false, err
	}
	last := forms[len(forms)-1]
	m = message{doing: s.Doing, by: account{address: common.Address(s.From)}, to: last.To(), data: last.Data(), value: last.Value(), once: s.Once, relay: s.Relay}
	if m.by.address == node.address {
		m.by = node
	}
	return m, m.by.signer != nil, nil
}

// tryTurn is turn, for who does not wait.
func (c *Chain) tryTurn(once sinso.Hash) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, busy := c.busy[once]; busy {
		return nil, false
	}
	return c.take(once), true
}

// take marks a name as busy. The caller holds mu.
func (c *Chain) take(once sinso.Hash) (leave func()) {
	mine := make(chan struct{})
	c.busy[once] = mine
	return func() {
		c.mu.Lock()
		delete(c.busy, once)
		c.mu.Unlock()
		close(mine)
	}
}
