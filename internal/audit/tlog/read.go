package tlog

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

// pairs reads a journal's events with their leaves.
type pairs struct {
	seq   uint64 // of the next event
	event []byte // that waits for its leaf
	fn    func(seq uint64, event []byte, leaf tlog.Hash) error
}

// entry takes one entry of the journal; what is neither event nor leaf is passed
// over.
func (p *pairs) entry(e sinso.JournalEntry) error {
	switch e.Kind { //nolint:exhaustive // blocks and deletions are no part of this log
	case sinso.EntryEvent:
		if p.event != nil {
			return fmt.Errorf("audit: event %d has no leaf: %w", p.seq, sinso.ErrCorrupt)
		}
		if p.event = e.Data; p.event == nil {
			p.event = []byte{}
		}
	case sinso.EntryLeaf:
		if p.event == nil {
			return fmt.Errorf("audit: leaf %d has no event: %w", p.seq, sinso.ErrCorrupt)
		}
		if len(e.Data) != tlog.HashSize {
			return fmt.Errorf("audit: leaf %d has %d bytes: %w", p.seq, len(e.Data), sinso.ErrCorrupt)
		}
		if err := p.fn(p.seq, p.event, tlog.Hash(e.Data)); err != nil {
			return err
		}
		p.event = nil
		p.seq++
	}
	return nil
}

// finish says whether the log ends between an event and its leaf.
func (p *pairs) finish() error {
	if p.event != nil {
		return fmt.Errorf("audit: event %d has no leaf: %w", p.seq, sinso.ErrCorrupt)
	}
	return nil
}

// catchUp reads what is in the journal behind l.end into the tree.
func (l *Log) catchUp(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, last := l.end, []byte(nil)
	p := pairs{seq: l.size, fn: func(_ uint64, event []byte, leaf tlog.Hash) error {
		last = event
		return l.grow(leaf)
	}}
	err := l.journal.Replay(ctx, from, func(after sinso.Position, e sinso.JournalEntry) error {
		if e.Kind == sinso.EntryEvent {
			l.stopAt(p.seq, l.end)
		}
		if err := p.entry(e); err != nil {
			return err
		}
		if p.event == nil { // never between an event and its leaf
			l.end = after
		}
		return nil
	})
	if err == nil {
		err = p.finish()
	}
	if err == nil && last != nil {
		_, _, err = l.open(ctx, l.size-1, last, l.leaf(l.size-1))
	}
	if err != nil {
		return fmt.Errorf("audit: read the log: %w", err)
	}
	l.unsure = false
	return nil
}

// errEnough ends a Replay early.
var errEnough = errors.New("enough")

// Events implements [sinso.Audit]. It ends with the last event that was logged
// when it began; fn may call the Log. Each event is checked against its leaf in
// the tree: one that was changed is ErrCorrupt, and not passed on. ErrInvalid if
// from lies behind the end.
func (l *Log) Events(ctx context.Context, from uint64, fn func(sinso.Event) error) error {
	return l.read(ctx, from, func(e sinso.Event, _ []byte) error { return fn(e) })
}

// read calls fn with each event from a place on, and its leaf's bytes.
func (l *Log) read(ctx context.Context, from uint64, fn func(sinso.Event, []byte) error) error {
	l.mu.RLock()
	size, at := l.size, l.before(from)
	l.mu.RUnlock()
	if from > size {
		return fmt.Errorf("audit: events from %d, there are %d: %w", from, size, sinso.ErrInvalid)
	}
	if from == size {
		return nil
	}
	p := pairs{seq: at.seq, fn: func(seq uint64, event []byte, leaf tlog.Hash) error {
		if seq < from {
			return nil
		}
		if seq == size {
			return errEnough
		}
		l.mu.RLock()
		want := l.leaf(seq)
		l.mu.RUnlock()
		if leaf != want {
			return fmt.Errorf("audit: leaf %d was changed: %w", seq, sinso.ErrCorrupt)
		}
		e, raw, err := l.open(ctx, seq, event, leaf)
		if err != nil {
			return err
		}
		return fn(e, raw)
	}}
	err := l.journal.Replay(ctx, at.from, func(_ sinso.Position, e sinso.JournalEntry) error { return p.entry(e) })
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return err
	case p.seq < size:
		return fmt.Errorf("audit: events %d to %d are gone: %w", p.seq, size, sinso.ErrCorrupt)
	}
	return p.finish()
}

// Prove implements [sinso.Audit]: ErrNotFound if there is no event seq.
func (l *Log) Prove(ctx context.Context, seq uint64) (sinso.Proof, error) {
	if seq >= l.Size() {
		return sinso.Proof{}, fmt.Errorf("audit: no event %d: %w", seq, sinso.ErrNotFound)
	}
	var leaf []byte
	err := l.read(ctx, seq, func(_ sinso.Event, raw []byte) error {
		leaf = raw
		return errEnough
	})
	if err == nil && leaf == nil {
		err = fmt.Errorf("audit: event %d was erased, and nothing of it can be proven: %w", seq, sinso.ErrDenied)
	}
	if err != nil {
		return sinso.Proof{}, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	n := int64(l.size)                                                              //nolint:gosec // far below 2^63
	path, err := tlog.ProveRecord(n, int64(seq), tlog.HashReaderFunc(l.readHashes)) //nolint:gosec // below size
	if err != nil {
		return sinso.Proof{}, fmt.Errorf("audit: prove event %d: %w", seq, err)
	}
	checkpoint, err := l.checkpoint(n)
	if err != nil {
		return sinso.Proof{}, err
	}
	return sinso.Proof{Leaf: leaf, Index: int64(seq), Path: raw(path), Checkpoint: checkpoint}, nil //nolint:gosec // below size
}

// raw returns the hashes' bytes.
func raw(hashes []tlog.Hash) [][]byte {
	all := make([][]byte, 0, len(hashes))
	for _, h := range hashes {
		all = append(all, h[:])
	}
	return all
}

// checkpoint signs the first n events; l.mu is held.
func (l *Log) checkpoint(n int64) (string, error) {
	root, err := tlog.TreeHash(n, tlog.HashReaderFunc(l.readHashes))
	if err != nil {
		return "", fmt.Errorf("audit: checkpoint of %d: %w", n, err)
	}
	return l.signer.Checkpoint(tlog.Tree{N: n, Hash: root})
}

// Checkpoint signs the log as it is now.
func (l *Log) Checkpoint() (string, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.checkpoint(int64(l.size)) //nolint:gosec // far below 2^63
}

// Extend returns a newer checkpoint and the proof that it extends an older one,
// to be checked with [translog.VerifyConsistency].
func (l *Log) Extend(older string) (newer string, path [][]byte, err error) {
	tree, err := translog.OpenCheckpoint(older, l.Public())
	if err != nil {
		return "", nil, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	n := int64(l.size) //nolint:gosec // far below 2^63
	if tree.N > n {
		return "", nil, fmt.Errorf("audit: the log has %d events, the checkpoint %d: %w", n, tree.N, sinso.ErrCorrupt)
	}
	if newer, err = l.checkpoint(n); err != nil || tree.N == 0 {
		return newer, nil, err
	}
	proof, err := tlog.ProveTree(n, tree.N, tlog.HashReaderFunc(l.readHashes))
	if err != nil {
		return "", nil, fmt.Errorf("audit: prove from %d to %d: %w", tree.N, n, err)
	}
	return newer, raw(proof), nil
}

// Extends returns nil if the log begins with that of a checkpoint it once
// signed, and ErrCorrupt if entries were removed or changed since.
func (l *Log) Extends(older string) error {
	newer, path, err := l.Extend(older)
	if err != nil {
		return err
	}
	return translog.VerifyConsistency(older, newer, path, l.Public())
}

// Verify implements [sinso.Audit]: it decrypts every event, makes its leaf again
// and compares it with the leaf in the journal and the one in the tree.
func (l *Log) Verify(ctx context.Context) error {
	return l.read(ctx, 0, func(sinso.Event, []byte) error { return nil })
}
