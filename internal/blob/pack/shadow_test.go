package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// shadow is what a log must hold after calls of which some failed.
type shadow struct {
	acked   []sinso.JournalEntry   // in order, with their data
	doubted [][]sinso.JournalEntry // batches whose Append failed: at most one of them is there, behind the others
}

// live returns the blocks that are stored.
func (s *shadow) live() map[sinso.CID][]byte {
	live := map[sinso.CID][]byte{}
	for _, e := range s.acked {
		switch e.Kind { //nolint:exhaustive // events and leaves are not blocks
		case sinso.EntryBlock:
			live[e.CID] = e.Data
		case sinso.EntryDelete:
			delete(live, e.CID)
		}
	}
	return live
}

func (s *shadow) append(ctx context.Context, p *Pack, entries ...sinso.JournalEntry) error {
	if _, err := p.Append(ctx, entries...); err != nil {
		s.doubted = append(s.doubted, entries)
		return err
	}
	s.acked = append(s.acked, entries...)
	return nil
}

// get reads every block: what is read must be right.
func (s *shadow) get(ctx context.Context, p *Pack) error {
	live := s.live()
	for _, cid := range slices.Sorted(maps.Keys(live)) {
		data, err := p.Get(ctx, cid)
		if err != nil {
			return err
		}
		if !bytes.Equal(data, live[cid]) {
			return errors.New("get served other bytes")
		}
	}
	return nil
}

// settle compares an open log with what was acknowledged, and takes over which of the
// doubted batches is there.
func (s *shadow) settle(ctx context.Context, p *Pack) error {
	if d := p.Damage(); len(d) > 0 {
		return fmt.Errorf("damage: %v", d)
	}
	n, due := 0, slices.Clone(s.acked)
	err := p.Replay(ctx, 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		if n == len(s.acked) { // one of those of which nobody knows
			i := slices.IndexFunc(s.doubted, func(batch []sinso.JournalEntry) bool { return same(batch[0], e) })
			if i < 0 {
				return fmt.Errorf("entry %d was never appended", n)
			}
			due = append(due, s.doubted[i]...)
		}
		if n >= len(due) || !same(due[n], e) {
			return fmt.Errorf("entry %d is not what was appended", n)
		}
		n++
		return nil
	})
	if err != nil {
		return err
	}
	if n != len(due) {
		return fmt.Errorf("%d entries, want %d", n, len(due))
	}
	s.acked, s.doubted = due, nil
	if err := s.blocks(ctx, p); err != nil {
		return err
	}
	return p.Check(ctx, nil, func(Damage) {})
}

// same compares an entry with what Replay says of it.
func same(want, got sinso.JournalEntry) bool {
	return want.Kind == got.Kind && want.CID == got.CID && (want.CID != "" || bytes.Equal(want.Data, got.Data))
}

// blocks checks that the live blocks are there and the others are not.
func (s *shadow) blocks(ctx context.Context, p *Pack) error {
	if err := s.get(ctx, p); err != nil {
		return err
	}
	live := s.live()
	for _, e := range s.acked {
		if _, ok := live[e.CID]; ok || e.CID == "" {
			continue
		}
		if _, err := p.Get(ctx, e.CID); !errors.Is(err, sinso.ErrNotFound) {
			return fmt.Errorf("get of a deleted block: %w, want ErrNotFound", err)
		}
	}
	var listed []sinso.CID
	err := p.List(ctx, func(cid sinso.CID) error { listed = append(listed, cid); return nil })
	if err == nil && !slices.Equal(listed, slices.Sorted(maps.Keys(live))) {
		err = fmt.Errorf("list: got %v", listed)
	}
	return err
}

// testBlock returns an entry with a block of a text, many times over.
func testBlock(text string, size int) sinso.JournalEntry {
	data := []byte(strings.Repeat(text+" ", size/(len(text)+1)+1)[:size])
	return sinso.JournalEntry{Kind: sinso.EntryBlock, CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
}

func testEvent(text string) sinso.JournalEntry {
	return sinso.JournalEntry{Kind: sinso.EntryEvent, Data: []byte(text)}
}

func deletion(e sinso.JournalEntry) sinso.JournalEntry {
	return sinso.JournalEntry{Kind: sinso.EntryDelete, CID: e.CID}
}

// script is a small run of everything a log does, on a disk that may fail anywhere. It
// goes on behind a call that fails, but for one that opens, and returns each error.
func script(ctx context.Context, d disk, s *shadow) (errs []error) {
	p := (*Pack)(nil)
	reopen := func() error {
		if p != nil {
			errs = append(errs, p.Close())
		}
		var err error
		if p, err = open(d, Options{SegmentBytes: 2500}); err != nil {
			p = nil
			return err
		}
		if err := s.settle(ctx, p); err != nil { // what is there is not known
			errs = append(errs, p.Close())
			p = nil
			return err
		}
		return nil
	}
	add := func(entries ...sinso.JournalEntry) func() error {
		return func() error { return s.append(ctx, p, entries...) }
	}
	get := func() error { return s.get(ctx, p) }
	condense := func(opts CondenseOptions) func() error {
		return func() error { _, err := p.Condense(ctx, opts); return err }
	}
	early := func(e sinso.JournalEntry, use bool) func() error { // what is not used is cut off
		return func() error {
			p.worth, p.sparing = 1, 0
			if e.Early = p.Early(int64(len(e.Data)), 1); e.Early != nil {
				_, _ = e.Early.Write(e.Data)
			}
			if !use {
				return nil
			}
			return s.append(ctx, p, e, testEvent("with it"))
		}
	}
	a, b, c, e := testBlock("a", 700), testBlock("b", 900), testBlock("c", 1), testBlock("e", 1200)
	for _, step := range []func() error{
		reopen,
		add(testEvent("first"), a, testEvent("leaf")),
		add(b, c, testEvent("second")),
		add(testBlock("d", 800), e), add(deletion(a)), get,
		add(testBlock("f", 600)), add(deletion(c)),
		condense(CondenseOptions{}), get,
		add(a), add(deletion(e), testEvent("third")),
		condense(CondenseOptions{Last: true}), get,
		early(testBlock("h", 500), true), early(testBlock("i", 400), false),
		add(testEvent("fourth")), reopen, get,
		add(deletion(a)), add(testBlock("g", 300)), early(testBlock("j", 600), false),
		condense(CondenseOptions{Last: true, Share: 0.1}), add(e), get,
		reopen,
	} {
		if err := step(); err != nil {
			errs = append(errs, err)
		}
		if p == nil {
			return errs
		}
	}
	return append(errs, p.Close())
}

// errorsOf leaves out the nils.
func errorsOf(errs []error) []error {
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

// TestScriptOnASoundDisk checks that the script does what it is meant to do.
func TestScriptOnASoundDisk(t *testing.T) {
	t.Parallel()
	d, s := newSimDisk(), &shadow{}
	if errs := errorsOf(script(t.Context(), d, s)); len(errs) > 0 {
		t.Fatal(errs)
	}
	condensed := 0
	for name, content := range d.image() {
		if strings.HasPrefix(content, condensedMagic) {
			condensed++
		}
		if strings.Contains(content, string(testBlock("a", 100).Data)) {
			t.Errorf("%s holds a deleted block", name)
		}
	}
	if condensed < 3 {
		t.Errorf("%d segments are condensed, want more", condensed)
	}
}
