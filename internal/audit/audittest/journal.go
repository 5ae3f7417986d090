package audittest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"sinso.dev/sinso"
)

// Journal is a journal in memory whose entries a test may change behind the
// log's back.
type Journal struct {
	mu      sync.Mutex // guards what follows
	Entries []sinso.JournalEntry
	Batches [][]sinso.JournalEntry // what each Append was given
	// Before, if set, is asked before an Append; its error is returned and
	// nothing is done. After is asked when it is done: its error is returned all
	// the same.
	Before, After func(entries []sinso.JournalEntry) error
}

var _ sinso.Journal = (*Journal)(nil)

// Append implements [sinso.Journal].
func (j *Journal) Append(ctx context.Context, entries ...sinso.JournalEntry) (sinso.Position, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("audittest: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Before != nil {
		if err := j.Before(entries); err != nil {
			return 0, err
		}
	}
	for _, e := range entries {
		if e.Kind == sinso.EntryBlock && e.CID.Verify(e.Data) != nil {
			return 0, fmt.Errorf("audittest: block %s: %w", e.CID, sinso.ErrInvalid)
		}
	}
	for _, e := range entries {
		e.Data = slices.Clone(e.Data)
		j.Entries = append(j.Entries, e)
	}
	j.Batches = append(j.Batches, slices.Clone(entries))
	if j.After != nil {
		if err := j.After(entries); err != nil {
			return 0, err
		}
	}
	return sinso.Position(len(j.Entries)), nil
}

// Replay implements [sinso.Journal].
func (j *Journal) Replay(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.JournalEntry) error) error {
	j.mu.Lock()
	entries := slices.Clone(j.Entries)
	j.mu.Unlock()
	if from > sinso.Position(len(entries)) {
		return fmt.Errorf("audittest: replay from %d of %d: %w", from, len(entries), sinso.ErrInvalid)
	}
	for i := int(from); i < len(entries); i++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("audittest: %w", err)
		}
		e := entries[i]
		if e.Kind == sinso.EntryBlock {
			e.Data = nil
		}
		e.Data = slices.Clone(e.Data)
		if err := fn(sinso.Position(i+1), e); err != nil {
			return err
		}
	}
	return nil
}

// Copy returns a journal with the same entries, each with bytes of its own.
func (j *Journal) Copy() *Journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &Journal{}
	for _, e := range j.Entries {
		e.Data = slices.Clone(e.Data)
		c.Entries = append(c.Entries, e)
	}
	return c
}
