package pack

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
)

// A test batch says of each of its entries which batch it belongs to, so that a
// batch that is half there, or in another place, is seen.

// testBatch makes batch number n of the given entry sizes: events and blocks in
// turn.
func testBatch(n int, sizes []int) []sinso.JournalEntry {
	var entries []sinso.JournalEntry
	for i, size := range sizes {
		data := binary.BigEndian.AppendUint32(nil, uint32(n))
		data = append(data, byte(i), byte(len(sizes)))
		data = append(data, bytes.Repeat([]byte{byte(n)}, size)...)
		e := sinso.JournalEntry{Kind: sinso.EntryEvent, Data: data}
		if i%2 == 1 {
			e.Kind, e.CID = sinso.EntryBlock, sinso.CIDOf(sinso.CodecRaw, data)
		}
		entries = append(entries, e)
	}
	return entries
}

// logModel is what a log must hold.
type logModel struct {
	mu      sync.Mutex // guards what follows
	sizes   map[int][]int
	acked   map[int]sinso.Position // batches whose Append returned, and what it returned
	visible []int                  // batches that were seen after an open, in order: they must stay
	next    int
}

func (m *logModel) begin(sizes []int) (int, []sinso.JournalEntry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	m.sizes[m.next] = sizes
	return m.next, testBatch(m.next, sizes)
}

func (m *logModel) ack(n int, after sinso.Position) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.acked[n] = after
}

// check compares an open log with the model.
func (m *logModel) check(ctx context.Context, p *Pack) error {
	if d := p.Damage(); len(d) > 0 {
		return fmt.Errorf("damage found where there is none: %v", d)
	}
	var seen []int
	due := 0 // entries still due of the batch that is being read
	err := p.Replay(ctx, 0, func(after sinso.Position, e sinso.JournalEntry) error {
		data := e.Data
		if e.Kind == sinso.EntryBlock {
			var err error
			if data, err = p.Get(ctx, e.CID); err != nil {
				return err
			}
		}
		n, i := int(binary.BigEndian.Uint32(data)), int(data[4])
		if due == 0 {
			seen, due = append(seen, n), len(m.sizes[n])
		}
		if n != seen[len(seen)-1] || i != len(m.sizes[n])-due || len(data) != 6+m.sizes[n][i] {
			return fmt.Errorf("entry %d of batch %d stands in batch %d", i, n, seen[len(seen)-1])
		}
		if due--; due == 0 {
			if want, ok := m.acked[n]; ok && want != after {
				return fmt.Errorf("batch %d ends at %d, acknowledged was %d", n, after, want)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if due > 0 {
		return fmt.Errorf("batch %d is there by half", seen[len(seen)-1])
	}
	return m.compare(seen)
}

func (m *logModel) compare(seen []int) error {
	if len(seen) < len(m.visible) || !slices.Equal(seen[:len(m.visible)], m.visible) {
		return fmt.Errorf("batches seen before %v, now %v", m.visible, seen)
	}
	for n := range m.acked {
		if !slices.Contains(seen, n) {
			return fmt.Errorf("batch %d was acknowledged and is gone; there are %v", n, seen)
		}
	}
	m.visible = seen
	return nil
}

// TestAcknowledgedSurvivesLossOfPower runs random appends by several writers on
// a model of a disk that loses, tears and reorders what was not synced, and cuts
// the power anywhere, several times over one log: everything acknowledged is
// there, in order, nothing is there by half, and what was once seen stays.
func TestAcknowledgedSurvivesLossOfPower(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		model := &logModel{sizes: map[int][]int{}, acked: map[int]sinso.Position{}}
		d := newSimDisk()
		opts := Options{SegmentBytes: rapid.SampledFrom([]int64{1 << 10, 16 << 10, 1 << 20}).Draw(t, "segment")}
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			d.left = rapid.IntRange(0, 30).Draw(t, "operations")
			writers := rapid.IntRange(1, 3).Draw(t, "writers")
			work := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 5), 1, 8).Draw(t, "work")
			p, err := open(d, opts)
			switch {
			case err == nil:
				if err := model.check(ctx, p); err != nil {
					t.Fatal(err)
				}
				appendAll(ctx, p, model, writers, work)
			case !errors.Is(err, errPower):
				t.Fatal(err)
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

// appendAll appends each of work, so many at a time as one group, until the power
// fails.
func appendAll(ctx context.Context, p *Pack, model *logModel, writers int, work [][]int) {
	for group := range slices.Chunk(work, writers) {
		p.leader <- struct{}{} // somebody is writing, so they wait for each other
		var wait sync.WaitGroup
		for _, sizes := range group {
			wait.Go(func() {
				n, entries := model.begin(sizes)
				if after, err := p.Append(ctx, entries...); err == nil {
					model.ack(n, after)
				}
			})
		}
		waitForQueue(p, len(group))
		<-p.leader
		wait.Wait()
	}
}

// waitForQueue returns when so many appends wait.
func waitForQueue(p *Pack, n int) {
	for waiting := -1; waiting < n; runtime.Gosched() {
		p.mu.RLock()
		waiting = len(p.queue)
		p.mu.RUnlock()
	}
}

// TestKilledProcessLosesNothing runs the same with kill -9 instead of loss of
// power: the cache stays, and so the mark is current.
func TestKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		model := &logModel{sizes: map[int][]int{}, acked: map[int]sinso.Position{}}
		d := newSimDisk()
		for range rapid.IntRange(1, 5).Draw(t, "kills") {
			d.left = rapid.IntRange(0, 40).Draw(t, "operations")
			work := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 5), 0, 6).Draw(t, "work")
			p, err := open(d, Options{SegmentBytes: 4 << 10})
			switch {
			case err == nil:
				if err := model.check(ctx, p); err != nil {
					t.Fatal(err)
				}
				appendAll(ctx, p, model, 1, work)
			case !errors.Is(err, errPower):
				t.Fatal(err)
			}
			d = d.killed()
		}
		p, err := open(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := model.check(ctx, p); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFailedSyncStopsWriting checks that nothing is acknowledged after a sync
// failed, and that what the next process then shows really is on the disk.
func TestFailedSyncStopsWriting(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	model := &logModel{sizes: map[int][]int{}, acked: map[int]sinso.Position{}}
	d := newSimDisk()
	p, err := open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	appendAll(ctx, p, model, 1, [][]int{{10, 20}})
	d.failSync = true
	_, entries := model.begin([]int{30, 40})
	if _, err := p.Append(ctx, entries...); !errors.Is(err, sinso.ErrUnavailable) || !errors.Is(err, errSync) {
		t.Errorf("append with a failing sync: got %v, want ErrUnavailable and the cause", err)
	}
	_, entries = model.begin([]int{50})
	if _, err := p.Append(ctx, entries...); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("append after a failed sync: got %v, want ErrUnavailable", err)
	}
	for range 2 { // the second time on what the first made durable
		if p, err = open(d, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := model.check(ctx, p); err != nil {
			t.Fatal(err)
		}
		d = d.crash(func() bool { return false })
	}
	if len(model.visible) == 0 {
		t.Error("nothing was seen")
	}
}

// TestFullDiskTakesNothingAndGoesOn checks that a batch that does not fit leaves
// nothing behind, whatever the room, and that the log works when there is room.
func TestFullDiskTakesNothingAndGoesOn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for room := int64(0); room < 4500; room += 100 {
		model := &logModel{sizes: map[int][]int{}, acked: map[int]sinso.Position{}}
		d := newSimDisk()
		p, err := open(d, Options{SegmentBytes: 6 << 10})
		if err != nil {
			t.Fatal(err)
		}
		appendAll(ctx, p, model, 1, [][]int{{1000, 500}})
		before := d.image()
		d.room = room
		_, entries := model.begin([]int{2000, 2500}) // 4,500 bytes and the framing
		if _, err := p.Append(ctx, entries...); !errors.Is(err, sinso.ErrUnavailable) {
			t.Fatalf("append into %d bytes: got %v, want ErrUnavailable", room, err)
		}
		if err := model.check(ctx, p); err != nil {
			t.Fatal(err)
		}
		for name, content := range d.image() { // a new segment may have been begun
			if name != markName && content != before[name] && len(content) != segmentHeaderBytes {
				t.Errorf("append into %d bytes left something behind in %s", room, name)
			}
		}
		d.room = -1
		appendAll(ctx, p, model, 1, [][]int{{3000, 2500}, {1}})
		for range 2 {
			if err := model.check(ctx, p); err != nil {
				t.Fatal(err)
			}
			if len(model.acked) != 3 || len(model.visible) != 3 {
				t.Fatalf("with %d bytes of room: acknowledged %d, seen %d, want 3", room, len(model.acked), len(model.visible))
			}
			if p, err = open(d.crash(func() bool { return false }), Options{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestGroupSharesOneSync checks that appends which wait while another is written
// are written together.
func TestGroupSharesOneSync(t *testing.T) {
	t.Parallel()
	p, err := open(newSimDisk(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.leader <- struct{}{} // somebody is writing
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			if _, err := p.Append(t.Context(), testBatch(n, []int{10})...); err != nil {
				t.Error(err)
			}
		})
	}
	waitForQueue(p, 8)
	syncs := &countingFile{file: p.segments[0].file}
	p.segments[0].file = syncs
	<-p.leader
	wait.Wait()
	if syncs.n != 1 {
		t.Errorf("syncs for 8 appends: got %d, want 1", syncs.n)
	}
	if p.End() != 8 {
		t.Errorf("end: got %d, want 8", p.End())
	}
}

type countingFile struct {
	file
	n int
}

func (f *countingFile) datasync() error { f.n++; return f.file.datasync() }

// TestCancelledAppendIsWithdrawn checks that an Append that is cancelled while
// it waits leaves nothing.
func TestCancelledAppendIsWithdrawn(t *testing.T) {
	t.Parallel()
	p, err := open(newSimDisk(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.leader <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := p.Append(ctx, testBatch(1, []int{1})...)
		done <- err
	}()
	waitForQueue(p, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	<-p.leader
	if _, err := p.Append(t.Context(), testBatch(2, []int{1})...); err != nil || p.End() != 1 {
		t.Errorf("append after it: got %v, end %d, want 1", err, p.End())
	}
}

// TestForgedBatchInABlockIsNotBelieved checks that bytes inside a block cannot
// pass for a batch that vouches for a torn end.
func TestForgedBatchInABlockIsNotBelieved(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, err := open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Append(t.Context(), testBatch(1, []int{1})...); err != nil {
		t.Fatal(err)
	}
	r, err := newRequest(testBatch(9, []int{1}))
	if err != nil {
		t.Fatal(err)
	}
	r.header.position, r.header.watermark = 1000, 1000
	raw, _ := r.header.bytes(logID{1, 2, 3}) // the writer of a block does not know the log's name
	forged := append(slices.Concat(raw, r.table), r.data[0]...)
	forged = append(forged, strings.Repeat(batchMagic, 100_000)...) // and each of these is looked at once
	d.left = 1
	event := sinso.JournalEntry{Kind: sinso.EntryEvent, Data: forged}
	if _, err := p.Append(t.Context(), event); err == nil {
		t.Fatal("the append outlived the power")
	}
	first := true
	d = d.crash(func() bool { f := first; first = false; return !f }) // all but the first sector
	if p, err = open(d, Options{}); err != nil {
		t.Fatal(err)
	}
	if len(p.Damage()) > 0 || p.End() != 1 {
		t.Errorf("got damage %v, end %d, want none and 1", p.Damage(), p.End())
	}
}
