package pack

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
)

// earlyBatch is testBatch with a block first, which can be written early.
func earlyBatch(n int, sizes []int) []sinso.JournalEntry {
	entries := testBatch(n, sizes)
	for i, e := range entries {
		if entries[i].Kind, entries[i].CID = sinso.EntryEvent, ""; i == 0 {
			entries[i].Kind, entries[i].CID = sinso.EntryBlock, sinso.CIDOf(sinso.CodecRaw, e.Data)
		}
	}
	return entries
}

// appendEarly appends each of work, its first block written early: whole or in part,
// left alone, or overtaken by another append.
func appendEarly(ctx context.Context, t *rapid.T, p *Pack, model *logModel, work [][]int) {
	p.worth = 1
	appendOne := func(n int, entries []sinso.JournalEntry) {
		if after, err := p.Append(ctx, entries...); err == nil {
			model.ack(n, after)
		}
	}
	for _, sizes := range work {
		model.next++
		n := model.next
		model.sizes[n] = sizes
		entries := earlyBatch(n, sizes)
		data := entries[0].Data
		p.sparing = 0
		entries[0].Early = p.Early(int64(len(data)), len(entries)-1)
		if entries[0].Early != nil {
			written := rapid.IntRange(0, 2*len(data)).Draw(t, "written early")
			for rest := data[:min(written, len(data))]; len(rest) > 0; {
				part := min(len(rest), rapid.IntRange(1, 1000).Draw(t, "part"))
				_, _ = entries[0].Early.Write(rest[:part])
				rest = rest[part:]
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "overtaken") == 0 {
			appendOne(model.begin([]int{5}))
		}
		if rapid.IntRange(0, 5).Draw(t, "given up") > 0 {
			appendOne(n, entries)
		}
	}
}

// TestEarlyBlocksSurviveAsOthersDo cuts the power anywhere while blocks are written
// before their batches: what is acknowledged is there, and nothing else is.
func TestEarlyBlocksSurviveAsOthersDo(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		model := &logModel{sizes: map[int][]int{}, acked: map[int]sinso.Position{}}
		d := newSimDisk()
		opts := Options{SegmentBytes: rapid.SampledFrom([]int64{1 << 10, 8 << 10, 1 << 20}).Draw(t, "segment")}
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			d.left = rapid.IntRange(0, 60).Draw(t, "operations")
			work := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 4), 1, 8).Draw(t, "work")
			p, err := open(d, opts)
			switch {
			case err == nil:
				if err := model.check(ctx, p); err != nil {
					t.Fatal(err)
				}
				appendEarly(ctx, t, p, model, work)
				if rapid.Bool().Draw(t, "closed") {
					_ = p.Close() // the power may be gone
				}
			case !errors.Is(err, errPower):
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "killed") {
				d = d.killed()
				continue
			}
			keep := rapid.IntRange(0, 4).Draw(t, "of four pending changes, kept")
			d = d.crash(func() bool { return rapid.IntRange(0, 3).Draw(t, "keep") < keep })
		}
		p, err := open(d, opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := model.check(ctx, p); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(ctx, nil, func(d Damage) { t.Error(d) }); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEarlyBlockIsWrittenOnce counts what the Append of a block that was written early
// still writes, and wants no byte of it behind the log's end when it is closed.
func TestEarlyBlockIsWrittenOnce(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, err := open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	counted := &countingWrites{file: p.segments[0].file}
	p.segments[0].file = counted
	entries := earlyBatch(1, []int{1 << 20, 10, 10})
	e := p.Early(int64(len(entries[0].Data)), 2)
	for _, part := range [][]byte{entries[0].Data[:300_000], entries[0].Data[300_000:]} {
		if n, err := e.Write(part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if p.Early(1<<20, 2) != nil {
		t.Error("two are written early at once, in one place")
	}
	counted.n = 0
	entries[0].Early = e
	if _, err := p.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
	if counted.n > 1000 {
		t.Errorf("%d bytes were written with the batch", counted.n)
	}
	if got, err := p.Get(t.Context(), entries[0].CID); err != nil || !bytes.Equal(got, entries[0].Data) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if e = p.Early(1<<20, 2); e == nil {
		t.Fatal("not taken early again")
	}
	_, _ = e.Write(make([]byte, 1000))
	size := p.segments[0].size
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if got := int64(len(d.image()[segmentName(1)])); got != size {
		t.Errorf("the closed segment has %d bytes, its batches %d", got, size)
	}
	if n, err := e.Write(make([]byte, 1000)); n != 1000 || err != nil || int64(len(d.image()[segmentName(1)])) != size {
		t.Error("something was written into a closed log")
	}
}

type countingWrites struct {
	file
	n int
}

func (f *countingWrites) WriteAt(b []byte, offset int64) (int, error) {
	f.n += len(b)
	return f.file.WriteAt(b, offset)
}

// TestEarlyBesideOthers lets several write early, and some not, into small segments
// of a real folder.
func TestEarlyBesideOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := Options{SegmentBytes: 2 << 20}
	p, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	blocks := map[sinso.CID][]byte{}
	for writer := range 4 {
		wait.Go(func() {
			for n := range 12 {
				data := bytes.Repeat([]byte(strconv.Itoa(100*writer+n)+" "), 50_000)
				entry := sinso.JournalEntry{Kind: sinso.EntryBlock, CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
				if writer < 3 {
					if entry.Early = p.Early(int64(len(data)), 1); entry.Early != nil {
						_, _ = entry.Early.Write(data[:100_000])
						_, _ = entry.Early.Write(data[100_000:])
					}
				}
				if _, err := p.Append(t.Context(), entry, sinso.JournalEntry{Kind: sinso.EntryEvent, Data: []byte{1}}); err != nil {
					t.Error(err)
				}
				mu.Lock()
				blocks[entry.CID] = data
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	for range 2 {
		for cid, want := range blocks {
			if got, err := p.Get(t.Context(), cid); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("got %d bytes, %v", len(got), err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if p, err = Open(dir, opts); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(t.Context(), nil, func(d Damage) { t.Error(d) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
