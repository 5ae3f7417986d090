package tlog

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

// request is one Append that waits to be written.
type request struct {
	blocks []sinso.Block
	events []sinso.Event // as logged; Seq is set when they are written
	plain  []written     // the events' bytes
	leaves []tlog.Hash
	bytes  int

	err  error
	done chan struct{} // closed when err is set, or the events are logged
}

func (l *Log) newRequest(ctx context.Context, blocks []sinso.Block, events []sinso.Event) (*request, error) {
	r := &request{blocks: blocks, done: make(chan struct{})}
	for _, e := range events {
		logged, plain, err := l.normal(e)
		if err != nil {
			return nil, err
		}
		leaf, err := translog.Leaf(logged)
		if err != nil {
			return nil, err
		}
		w, err := l.write(ctx, logged, plain)
		if err != nil {
			return nil, err
		}
		r.events, r.plain = append(r.events, logged), append(r.plain, w)
		r.leaves = append(r.leaves, translog.LeafHash(leaf))
		r.bytes += len(plain)
	}
	for _, b := range blocks {
		r.bytes += len(b.Data)
	}
	return r, nil
}

// Append implements [sinso.Audit]. An event whose At is zero gets the clock's
// time. The blocks' data must not change until it returns. If it fails because
// the journal is unavailable, the events may be found in the log later: the
// journal could not say.
func (l *Log) Append(ctx context.Context, blocks []sinso.Block, events ...sinso.Event) ([]sinso.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("audit: append: %w", err)
	}
	if len(blocks) == 0 && len(events) == 0 {
		return nil, nil
	}
	r, err := l.newRequest(ctx, blocks, events)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.queue = append(l.queue, r)
	l.mu.Unlock()
	for {
		select {
		case <-r.done:
			return r.result()
		case l.leader <- struct{}{}:
			l.lead(context.WithoutCancel(ctx)) // it writes for others too
			<-l.leader
		case <-ctx.Done():
			if l.withdraw(r) {
				return nil, fmt.Errorf("audit: append: %w", ctx.Err())
			}
			<-r.done // it is being written: the caller learns what becomes of it
			return r.result()
		}
	}
}

func (r *request) result() ([]sinso.Event, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.events, nil
}

// withdraw takes r out of the queue and reports whether it still was there.
func (l *Log) withdraw(r *request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, q := range l.queue {
		if q == r {
			l.queue = append(l.queue[:i], l.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead writes what waits as one batch.
func (l *Log) lead(ctx context.Context) {
	group := l.gather()
	if len(group) == 0 {
		return
	}
	err := l.commit(ctx, group)
	if errors.Is(err, sinso.ErrInvalid) && len(group) > 1 { // one of them is: the others are not to suffer
		for _, r := range group {
			r.err = l.commit(ctx, []*request{r})
			close(r.done)
		}
		return
	}
	for _, r := range group {
		r.err = err
		close(r.done)
	}
}

// gather takes from the queue what goes into one batch.
func (l *Log) gather() []*request {
	const (
		maxBytes   = 32 << 20 // so that nobody waits long for what others brought
		maxEntries = 4096
	)
	l.mu.Lock()
	defer l.mu.Unlock()
	n, bytes, entries := 0, 0, 0
	for _, r := range l.queue {
		bytes += r.bytes
		entries += 2*len(r.events) + len(r.blocks)
		if n > 0 && (bytes > maxBytes || entries > maxEntries) {
			break
		}
		n++
	}
	group := l.queue[:n:n]
	l.queue = append([]*request(nil), l.queue[n:]...)
	return group
}

// commit gives the group's events their places and writes one batch.
func (l *Log) commit(ctx context.Context, group []*request) error {
	if l.unsure { // only the leader sets it
		if err := l.catchUp(ctx); err != nil {
			return err
		}
	}
	entries, err := l.entries(group)
	if err != nil {
		return err
	}
	end, err := l.journal.Append(ctx, entries...)
	if err != nil {
		l.unsure = !errors.Is(err, sinso.ErrInvalid)
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopAt(l.size, l.end) // others may have written behind l.end: they are passed over
	for _, r := range group {
		for i := range r.events {
			r.events[i].Seq = l.size
			if err := l.grow(r.leaves[i]); err != nil {
				return err
			}
		}
	}
	l.end = end
	return nil
}

// Early implements [sinso.EarlyAudit], if the journal takes blocks early.
func (l *Log) Early(length int64) sinso.Early {
	if journal, can := l.journal.(sinso.EarlyJournal); can {
		return journal.Early(length, 2) // the event and its leaf
	}
	return nil
}

// early is the block that was written before its batch, and must stand first in it;
// or nil.
func early(group []*request) *sinso.Block {
	if blocks := group[0].blocks; len(blocks) == 1 && blocks[0].Early != nil {
		return &blocks[0]
	}
	return nil
}

func blockEntry(b sinso.Block) sinso.JournalEntry {
	return sinso.JournalEntry{Kind: sinso.EntryBlock, CID: b.CID, Data: b.Data, Fresh: b.Fresh, Early: b.Early}
}

// entries puts events and leaves before the blocks, so that they lie close; but a block
// that was written early before them.
func (l *Log) entries(group []*request) ([]sinso.JournalEntry, error) {
	var entries []sinso.JournalEntry
	first := early(group)
	if first != nil {
		entries = append(entries, blockEntry(*first))
	}
	seq := l.size // only the leader changes it
	for _, r := range group {
		for i, plain := range r.plain {
			sealed, err := l.seal(seq, plain)
			if err != nil {
				return nil, err
			}
			seq++
			entries = append(entries,
				sinso.JournalEntry{Kind: sinso.EntryEvent, Data: sealed},
				sinso.JournalEntry{Kind: sinso.EntryLeaf, Data: r.leaves[i][:]})
		}
	}
	for i, r := range group {
		if i == 0 && first != nil {
			continue
		}
		for _, b := range r.blocks {
			entries = append(entries, blockEntry(b))
		}
	}
	return entries, nil
}
