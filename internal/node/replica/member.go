package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/copies"
)

const (
	batchBlocks = 64      // that are brought, and proven, at once
	batchBytes  = 4 << 20 // of them, and one block more
	sampleSize  = 32      // blocks of one challenge: a peer that lost one in ten is found out 97 times in 100
	sweepBlocks = 4096    // that are asked for at once
	maxRetry    = time.Hour
	orders      = 4096 // deletions at once
)

// problem is what is wrong with a peer, in words for its keeper.
type problem string

func (p problem) Error() string { return string(p) }

// run looks after one peer until ctx ends.
func (m *member) run(ctx context.Context, state *copies.Copies) {
	retry := m.cfg.Retry
	for {
		err := m.round(ctx, state)
		if errors.Is(err, copies.ErrDamaged) && ctx.Err() == nil && m.renew(ctx, state) == nil {
			return // who runs this begins anew
		}
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			retry = m.cfg.Retry
			wait := m.cfg.Sample
			if !m.sampled.IsZero() {
				wait -= time.Since(m.sampled)
			}
			if !sleep(ctx, max(wait, m.cfg.Look), m.wake) {
				return
			}
			continue
		}
		m.sampled = time.Time{} // it is well again when it has proven a sample
		if note := m.note(ctx, state, err); note != nil && ctx.Err() == nil {
			m.cfg.Log.WarnContext(ctx, "how a peer is could not be written down", slog.String("peer", m.name), slog.String("error", note.Error()))
		}
		if !sleep(ctx, m.jitter(retry), nil) {
			return
		}
		retry = min(2*retry, maxRetry)
	}
}

// jitter keeps those who failed together from coming back together.
func (m *member) jitter(d time.Duration) time.Duration {
	var b [1]byte
	if _, err := m.cfg.Rand.Read(b[:]); err != nil {
		return d
	}
	return d/2 + d*time.Duration(b[0])/256
}

// note writes down what is wrong with a peer. That it is busy is nothing wrong.
func (m *member) note(ctx context.Context, state *copies.Copies, err error) error {
	var said problem
	switch {
	case errors.Is(err, sinso.ErrBusy):
		return nil
	case errors.As(err, &said):
	case errors.Is(err, sinso.ErrFull):
		said = "its quota for this node is used"
	case errors.Is(err, sinso.ErrDenied):
		said = "it does not take the token any more"
	case errors.Is(err, sinso.ErrCorrupt):
		said = "it answers what is no answer to what was asked"
	default:
		said = "it cannot be reached, or does not answer in time"
	}
	m.cfg.Log.WarnContext(ctx, "a peer that keeps copies is not well", slog.String("peer", m.name), slog.String("problem", string(said)), slog.String("error", err.Error()))
	return state.Health(ctx, m.name, time.Time{}, string(said))
}

// round does what there is to do for a peer.
func (m *member) round(ctx context.Context, state *copies.Copies) error {
	if err := m.deletions(ctx, state); err != nil {
		return err
	}
	brought := m.bring(ctx, state)
	if brought != nil && !errors.Is(brought, sinso.ErrFull) { // who is full still has what it has
		return brought
	}
	if m.sampled.IsZero() || time.Since(m.sampled) >= m.cfg.Sample {
		if err := m.sample(ctx, state); err != nil {
			return err
		}
	}
	return brought
}

// bring brings the peer what it is to have, and has it prove each block. When a challenge is
// due it leaves the rest for the next round, which begins at once.
func (m *member) bring(ctx context.Context, state *copies.Copies) error {
	after, unreadable := sinso.CID(""), 0
	for begun := time.Now(); ; {
		last, failed, err := m.bringBatch(ctx, state, after)
		if err != nil {
			return err
		}
		if unreadable += failed; last == "" {
			break
		}
		after = last
		if time.Since(begun) >= m.cfg.Sample {
			poke(m.wake)
			break
		}
	}
	if unreadable > 0 {
		m.cfg.Log.WarnContext(ctx, "blocks that have no copy yet cannot be read here: run sinso check", slog.Int("blocks", unreadable))
	}
	return nil
}

// bringBatch brings one batch of what is due behind a block, and returns the last of it: ""
// if nothing is.
func (m *member) bringBatch(ctx context.Context, state *copies.Copies, after sinso.CID) (last sinso.CID, unreadable int, err error) {
	end, err := m.takeTurn(ctx)
	if err != nil {
		return "", 0, err
	}
	defer end()
	due, err := state.Due(ctx, m.name, after, batchBlocks)
	if err != nil {
		return "", 0, err
	}
	var blocks []sinso.Block
	for size := 0; len(due) > 0 && size < batchBytes; due = due[1:] {
		last = due[0]
		data, err := m.get(ctx, last)
		if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
			unreadable++
			continue
		}
		if err != nil {
			return "", 0, err
		}
		blocks = append(blocks, sinso.Block{CID: last, Data: data, Fresh: true})
		size += len(data)
	}
	return last, unreadable, m.bringSome(ctx, state, blocks)
}

// takeTurn waits for the member's turn.
func (m *member) takeTurn(ctx context.Context) (end func(), err error) {
	select {
	case m.turn <- struct{}{}:
		return func() { <-m.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("replica: %w", ctx.Err())
	}
}

// bringSome brings blocks that the peer says it does not have, or cannot prove.
func (m *member) bringSome(ctx context.Context, state *copies.Copies, blocks []sinso.Block) error {
	if len(blocks) == 0 {
		return nil
	}
	cids := make([]sinso.CID, len(blocks))
	for i, b := range blocks {
		cids[i] = b.CID
	}
	present, err := m.blobs.Present(ctx, cids...)
	if err != nil {
		return err
	}
	var absent []sinso.Block
	for i, b := range blocks {
		if !present[i] {
			absent = append(absent, b)
		}
	}
	if err := m.blobs.Put(ctx, absent...); err != nil {
		return err
	}
	failed, err := m.prove(ctx, state, blocks)
	if err != nil || len(failed) == 0 {
		return err
	}
	if err := m.blobs.Put(ctx, failed...); err != nil { // it has them, and they have rotten
		return err
	}
	failed, err = m.prove(ctx, state, failed)
	if err == nil && len(failed) > 0 {
		err = problem(fmt.Sprintf("it cannot prove %d blocks that it has just been given", len(failed)))
	}
	return err
}

// prove challenges the peer, writes down what it has proven, and returns what it has not.
func (m *member) prove(ctx context.Context, state *copies.Copies, blocks []sinso.Block) (failed []sinso.Block, err error) {
	proven, err := m.blobs.Prove(ctx, blocks...)
	if err != nil {
		return nil, err
	}
	sizes := map[sinso.CID]int64{}
	for i, b := range blocks {
		sizes[b.CID] = int64(len(b.Data))
		if !proven[i] {
			sizes[b.CID] = -1
			failed = append(failed, b)
		}
	}
	return failed, state.Mark(ctx, m.name, sizes)
}

// sample challenges the peer on blocks at random, each drawn apart, so that it cannot know
// which it may lose.
func (m *member) sample(ctx context.Context, state *copies.Copies) error {
	drawn := map[sinso.CID]bool{}
	for range sampleSize {
		cid, err := m.draw(ctx, state)
		if err != nil {
			return err
		}
		if cid != "" {
			drawn[cid] = true
		}
	}
	var blocks []sinso.Block
	asked, lost := 0, 0
	ask := func() error {
		if len(blocks) == 0 {
			return nil
		}
		failed, err := m.prove(ctx, state, blocks)
		asked, lost = asked+len(blocks), lost+len(failed)
		blocks = nil
		return err
	}
	size := 0
	for cid := range drawn {
		data, err := m.get(ctx, cid)
		if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
			continue // deleted meanwhile, or there is nothing to compare with
		}
		if err != nil {
			return err
		}
		blocks = append(blocks, sinso.Block{CID: cid, Data: data})
		if size += len(data); size >= batchBytes {
			size = 0
			if err := ask(); err != nil {
				return err
			}
		}
	}
	if err := ask(); err != nil {
		return err
	}
	if lost > 0 {
		gone, err := m.sweep(ctx, state)
		if err != nil {
			return err
		}
		return problem(fmt.Sprintf("of %d blocks that it had proven before it could not prove %d now, and says that it lacks %d more: they are brought again", asked, lost, gone))
	}
	at := time.Time{}
	if asked > 0 { // else it has nothing yet, and answers
		m.sampled, at = time.Now(), m.cfg.Clock.Now()
	}
	return state.Health(ctx, m.name, at, "")
}

// draw returns a block at random of those that the peer has proven, or "".
func (m *member) draw(ctx context.Context, state *copies.Copies) (sinso.CID, error) {
	var at [32]byte
	if _, err := m.cfg.Rand.Read(at[:]); err != nil {
		return "", fmt.Errorf("replica: draw a block: %w", err)
	}
	for _, after := range []sinso.CID{sinso.CIDOfDigest(sinso.CodecRaw, at), ""} { // behind the last comes the first
		found, err := state.Proven(ctx, m.name, after, 1)
		if err != nil {
			return "", err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	return "", nil
}

// sweep asks a peer that has lost something for all that it had proven. What it says that
// it lacks is owed again.
func (m *member) sweep(ctx context.Context, state *copies.Copies) (gone int, err error) {
	for after := sinso.CID(""); ; {
		cids, err := state.Proven(ctx, m.name, after, sweepBlocks)
		if err != nil || len(cids) == 0 {
			return gone, err
		}
		after = cids[len(cids)-1]
		present, err := m.blobs.Present(ctx, cids...)
		if err != nil {
			return gone, err
		}
		lacks := map[sinso.CID]int64{}
		for i, cid := range cids {
			if !present[i] {
				lacks[cid] = -1
			}
		}
		gone += len(lacks)
		if err := state.Mark(ctx, m.name, lacks); err != nil {
			return gone, err
		}
	}
}

// deletions has the peer delete what was deleted here. An order for a block that is here
// waits: it was given just before the block goes.
func (m *member) deletions(ctx context.Context, state *copies.Copies) error {
	end, err := m.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	for after := int64(0); ; {
		all, err := state.Deletions(ctx, m.name, after, orders)
		if err != nil || len(all) == 0 {
			return err
		}
		after = all[len(all)-1].Number
		var due []copies.Deletion
		var cids []sinso.CID
		for _, one := range all {
			has, err := m.cfg.Own.Has(ctx, one.CID)
			if err != nil {
				return err
			}
			if !has {
				due, cids = append(due, one), append(cids, one.CID)
			}
		}
		if len(due) == 0 {
			continue
		}
		if err := m.blobs.Delete(ctx, cids...); err != nil {
			return err
		}
		if _, err := m.blobs.Reclaim(ctx); err != nil { // it has their bytes until then
			return err
		}
		if err := state.Deleted(ctx, due); err != nil {
			return err
		}
	}
}
