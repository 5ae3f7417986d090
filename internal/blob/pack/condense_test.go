package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// filled returns a log with blocks of 1,000 bytes named 0, 1, 2…, four in a segment, all in
// segments that are not the last.
func filled(t *testing.T, d disk, blocks int) (*Pack, *shadow, []sinso.JournalEntry) {
	t.Helper()
	p, err := open(d, Options{SegmentBytes: 5000})
	if err != nil {
		t.Fatal(err)
	}
	s := &shadow{}
	var made []sinso.JournalEntry
	for n := range blocks {
		b := testBlock(fmt.Sprintf("block %d", n), 1000)
		made = append(made, b)
		if err := s.append(t.Context(), p, b, testEvent("with it")); err != nil {
			t.Fatal(err)
		}
	}
	p.leader <- struct{}{}
	defer func() { <-p.leader }()
	if err := p.roll(); err != nil {
		t.Fatal(err)
	}
	return p, s, made
}

func kill(t *testing.T, p *Pack, s *shadow, blocks ...sinso.JournalEntry) {
	t.Helper()
	for _, b := range blocks {
		if err := s.append(t.Context(), p, deletion(b)); err != nil {
			t.Fatal(err)
		}
	}
}

// filesOf returns the bytes of all files in a folder.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := osDisk{dir}.list()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(content)
	}
	return files
}

func bytesOf(files map[string]string) (n int64) {
	for _, content := range files {
		n += int64(len(content))
	}
	return n
}

// TestCondenseTakesDeadBytesAway deletes blocks, puts one again, and looks for their bytes in
// every file: what is dead is gone, all else is as before, also for the next process, and a
// segment can be condensed again.
func TestCondenseTakesDeadBytesAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, s, made := filled(t, osDisk{dir}, 12)
	for round, gone := range [][]sinso.JournalEntry{made[:3], made[5:6], made[3:5], made[6:]} {
		kill(t, p, s, gone...)
		if round == 1 { // put again behind its deletion: it stays, at its new place
			if err := s.append(t.Context(), p, made[1]); err != nil {
				t.Fatal(err)
			}
		}
		if dead, total := p.Dead(); dead != int64(len(gone))*1000 || total != bytesOf(filesOf(t, dir))-markBytes {
			t.Errorf("round %d: dead %d, total %d, want %d and %d", round, dead, total, len(gone)*1000, bytesOf(filesOf(t, dir))-markBytes)
		}
		before := bytesOf(filesOf(t, dir))
		var progress []int64
		freed, err := p.Condense(t.Context(), CondenseOptions{Progress: func(done, total int64) { progress = append(progress, done, total) }})
		if err != nil {
			t.Fatal(err)
		}
		files := filesOf(t, dir)
		if got := before - bytesOf(files); freed != got || freed < int64(len(gone))*1000-600 {
			t.Errorf("round %d: freed %d, files are smaller by %d", round, freed, got)
		}
		if n := len(progress); n == 0 || progress[n-2] > progress[n-1] || progress[n-2] < progress[n-1]-4*segmentHeaderBytes {
			t.Errorf("round %d: progress %v", round, progress)
		}
		live := s.live()
		for _, b := range made {
			held := 0
			for _, content := range files {
				held += strings.Count(content, string(b.Data))
			}
			if _, want := live[b.CID]; (held > 0) != want || held > 1 {
				t.Errorf("round %d: %.8s is there %d times, live is %t", round, b.Data, held, want)
			}
		}
		for range 2 {
			if dead, _ := p.Dead(); dead != 0 {
				t.Errorf("round %d: %d bytes are dead", round, dead)
			}
			if err := errors.Join(s.settle(t.Context(), p), p.Close()); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if p, err = open(osDisk{dir}, Options{SegmentBytes: 5000}); err != nil {
				t.Fatal(err)
			}
		}
		if freed, err := p.Condense(t.Context(), CondenseOptions{}); freed != 0 || err != nil {
			t.Errorf("round %d: condensed again: freed %d, %v, want nothing", round, freed, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCondenseWhatIsWorthIt checks the policy: by share, and the last segment if asked to.
func TestCondenseWhatIsWorthIt(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, s, made := filled(t, d, 8)
	kill(t, p, s, made[0], made[4], made[5], made[6]) // a quarter of the first segment, most of the second
	condensed := func() (names []string) {
		for _, s := range p.segments {
			if s.condensed {
				names = append(names, segmentName(s.number))
			}
		}
		return names
	}
	last := testBlock("the last", 1000)
	if err := s.append(t.Context(), p, last); err != nil {
		t.Fatal(err)
	}
	kill(t, p, s, last)
	for _, step := range []struct {
		opts CondenseOptions
		want int
	}{{CondenseOptions{Share: 0.5}, 1}, {CondenseOptions{Share: 0.9, Last: true}, 1}, {CondenseOptions{}, 2}, {CondenseOptions{Last: true}, 3}} {
		if _, err := p.Condense(t.Context(), step.opts); err != nil {
			t.Fatal(err)
		}
		if got := condensed(); len(got) != step.want {
			t.Errorf("%+v: condensed %v, want %d", step.opts, got, step.want)
		}
	}
	if err := s.settle(t.Context(), p); err != nil {
		t.Error(err)
	}
}

// TestRottenBlockIsKept checks that a live block whose bytes changed is neither dropped nor in
// the way of what is to go: it stays as it is, is named, and can be stored again.
func TestRottenBlockIsKept(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, s, made := filled(t, d, 4)
	name, offset := whereIs(t, p, made[1].CID)
	d.live[name].live[offset+10] ^= 1
	rotten := string(d.live[name].live[offset : offset+1000])
	kill(t, p, s, made[0])
	var told []Damage
	freed, err := p.Condense(t.Context(), CondenseOptions{Report: func(d Damage) { told = append(told, d) }})
	if err != nil || freed < 800 {
		t.Fatalf("freed %d, %v", freed, err)
	}
	content := d.image()[name]
	if len(told) != 1 || told[0].CID != made[1].CID || told[0].File != name || content[told[0].Offset:][:told[0].Length] != rotten {
		t.Errorf("told %v, want the block where it is now", told)
	}
	if strings.Contains(content, string(made[0].Data)) || !strings.Contains(content, rotten) {
		t.Error("the dead block is there, or the rotten one is not")
	}
	if found := checkAll(t, p); len(found) != 1 || found[0].CID != made[1].CID {
		t.Errorf("check: %v", found)
	}
	if err := p.Put(t.Context(), sinso.Block{CID: made[1].CID, Data: made[1].Data}); err != nil {
		t.Fatal(err)
	}
	s.acked = append(s.acked, made[1])
	if _, err := p.Condense(t.Context(), CondenseOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.settle(t.Context(), p); err != nil {
		t.Error(err)
	}
	if strings.Contains(d.image()[name], rotten) {
		t.Error("the rotten bytes are there though the block was stored again")
	}
}

// TestDamagedSegmentIsNotCondensed checks that a segment whose headers or tables cannot be read
// any more is named and left alone, and that the others are condensed.
func TestDamagedSegmentIsNotCondensed(t *testing.T) {
	t.Parallel()
	const frames = segmentHeaderBytes + batchHeaderBytes + 2*tableEntryBytes
	for at := segmentHeaderBytes; at < frames; at++ { // the segment's header is made anew
		d := newSimDisk()
		p, s, made := filled(t, d, 8)
		kill(t, p, s, made[0], made[4])
		name := segmentName(1)
		d.live[name].live[at] ^= 1
		before := d.image()[name]
		freed, err := p.Condense(t.Context(), CondenseOptions{})
		if !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), name) || freed < 800 {
			t.Errorf("byte %d: freed %d, %v, want ErrCorrupt that names %s", at, freed, err, name)
		}
		if after := d.image(); after[name] != before || after[condensingName] != "" {
			t.Errorf("byte %d: the segment was changed, or a file is left", at)
		}
		if _, err := p.Get(t.Context(), made[4].CID); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("byte %d: %v", at, err)
		}
	}
	files, want := condensedSample(t)
	files[segmentName(2)] = ""
	p, err := open(diskOf(files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Condense(t.Context(), CondenseOptions{}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("condense of a damaged log: got %v, want ErrCorrupt", err)
	}
	servesNothingWrong(t.Context(), t, "damaged", p, want)
}

// TestCondenseIsCutOff ends it by the caller, by Close and by a full disk, in the middle: the
// log is as it was, or has some of its segments condensed, and nothing is left behind.
func TestCondenseIsCutOff(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]struct {
		do   func(d *simDisk, p *Pack, cancel func(), closed chan<- error)
		want error
	}{
		"cancelled": {func(_ *simDisk, _ *Pack, cancel func(), _ chan<- error) { cancel() }, context.Canceled},
		"full disk": {func(d *simDisk, _ *Pack, _ func(), _ chan<- error) { d.room = 100 }, sinso.ErrUnavailable},
		"closed": {func(_ *simDisk, p *Pack, _ func(), closed chan<- error) {
			go func() { closed <- p.Close() }()
			for closing := false; !closing; runtime.Gosched() {
				p.mu.RLock()
				closing = p.closing
				p.mu.RUnlock()
			}
		}, sinso.ErrUnavailable},
	} {
		for calls := 1; calls <= 6; calls++ { // of Progress, before it is cut off
			d := newSimDisk()
			p, s, made := filled(t, d, 8)
			kill(t, p, s, made[0], made[3], made[4])
			before := d.image()
			ctx, cancel := context.WithCancel(t.Context())
			closed, n := make(chan error, 1), 0
			_, err := p.Condense(ctx, CondenseOptions{Progress: func(int64, int64) {
				if n++; n == calls {
					cut.do(d, p, cancel, closed)
				}
			}})
			cancel()
			if !errors.Is(err, cut.want) {
				t.Errorf("%s after %d: got %v, want %v", name, calls, err, cut.want)
			}
			after := d.image()
			if _, left := after[condensingName]; left || len(after) != len(before) || (calls <= 4 && after[segmentName(1)] != before[segmentName(1)]) {
				t.Errorf("%s after %d: a file is left, gone or changed", name, calls)
			}
			if name == "closed" {
				if err := <-closed; err != nil {
					t.Fatal(err)
				}
			}
			d.room = -1
			if name == "closed" {
				if p, err = open(d, Options{}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := p.Condense(t.Context(), CondenseOptions{}); err != nil {
				t.Errorf("%s after %d: condensed again: %v", name, calls, err)
			}
			if err := s.settle(t.Context(), p); err != nil {
				t.Errorf("%s after %d: %v", name, calls, err)
			}
		}
	}
}

// TestCondensedIsDurable checks that after loss of power the dead bytes are still gone, and the
// mark vouches for what says that they are dead.
func TestCondensedIsDurable(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, s, made := filled(t, d, 8)
	kill(t, p, s, made[0], made[4])
	if _, err := p.Condense(t.Context(), CondenseOptions{}); err != nil {
		t.Fatal(err)
	}
	files := d.crash(func() bool { return false }).image()
	for _, b := range []sinso.JournalEntry{made[0], made[4]} {
		for name, content := range files {
			if strings.Contains(content, string(b.Data)) {
				t.Errorf("%s holds a dead block again", name)
			}
		}
	}
	if m, err := parseMark([]byte(files[markName])); err != nil || m.position != p.End() {
		t.Errorf("the mark vouches up to %d, %v, want %d", m.position, err, p.End())
	}
}

// flippingDisk writes one byte of a condensed segment wrong.
type flippingDisk struct {
	*simDisk
	at      int64
	flipped bool
}

func (d *flippingDisk) create(name string) (file, error) {
	f, err := d.simDisk.create(name)
	if err != nil || name != condensingName {
		return f, err
	}
	return &flippingFile{f, d}, nil
}

type flippingFile struct {
	file
	disk *flippingDisk
}

func (f *flippingFile) WriteAt(b []byte, offset int64) (int, error) {
	if at := f.disk.at - offset; at >= 0 && at < int64(len(b)) {
		b = bytes.Clone(b)
		b[at] ^= 1
		f.disk.flipped = true
	}
	return f.file.WriteAt(b, offset)
}

// TestBadCopyIsThrownAway writes each byte of a copy wrong: the segment stays as it was.
func TestBadCopyIsThrownAway(t *testing.T) {
	t.Parallel()
	for at, flipped := int64(0), true; flipped; at++ {
		d := &flippingDisk{simDisk: newSimDisk(), at: at}
		p, s, made := filled(t, d, 4)
		kill(t, p, s, made[0], made[2])
		before := d.image()[segmentName(1)]
		freed, err := p.Condense(t.Context(), CondenseOptions{Report: func(d Damage) { t.Error(d) }})
		if flipped = d.flipped; !flipped {
			continue
		}
		if freed != 0 || !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("byte %d: freed %d, %v, want ErrUnavailable", at, freed, err)
		}
		if after := d.image(); after[segmentName(1)] != before || after[condensingName] != "" {
			t.Errorf("byte %d: the segment was changed, or the copy is left", at)
		}
	}
}

// TestWhoReadsTheOldFileReadsOn checks that the file of a segment that was condensed stays open
// for whoever reads it, and is closed behind the last.
func TestWhoReadsTheOldFileReadsOn(t *testing.T) {
	t.Parallel()
	p, s, made := filled(t, osDisk{t.TempDir()}, 4)
	kill(t, p, s, made[0])
	k, at, held, err := p.find(t.Context(), made[1].CID)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = p.Replay(t.Context(), 0, func(after sinso.Position, e sinso.JournalEntry) error {
		if after == 1 {
			if _, err := p.Condense(t.Context(), CondenseOptions{}); err != nil {
				return err
			}
		}
		if !same(s.acked[n], e) {
			t.Errorf("entry %d is another", n)
		}
		n++
		return nil
	})
	if err != nil || n != len(s.acked) {
		t.Errorf("replay: %d entries, %v", n, err)
	}
	file := held.file
	if data, err := held.block(p.id, k, at, true); err != nil || !bytes.Equal(data, made[1].Data) {
		t.Errorf("read from the old file: %d bytes, %v", len(data), err)
	}
	if _, err := file.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("behind the last reader: got %v, want a closed file", err)
	}
	if err := errors.Join(s.settle(t.Context(), p), p.Close()); err != nil {
		t.Error(err)
	}
}

// TestCondenseBesideOthers appends, deletes, reads and replays while segments are condensed.
func TestCondenseBesideOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := Open(dir, Options{SegmentBytes: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	const each = 40 // blocks that one writer keeps
	ctx, stop := context.WithCancel(t.Context())
	var writers, others sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for n := range each {
				b, kept := testBlock(fmt.Sprintf("dead %d %d", w, n), 2000), testBlock(fmt.Sprintf("kept %d %d", w, n), 2000)
				for _, batch := range [][]sinso.JournalEntry{{b, testEvent("x")}, {kept}, {deletion(b)}} {
					if _, err := p.Append(ctx, batch...); err != nil {
						t.Error(err)
					}
				}
				if got, err := p.Get(ctx, kept.CID); err != nil || !bytes.Equal(got, kept.Data) {
					t.Errorf("get: %d bytes, %v", len(got), err)
				}
			}
		})
	}
	rounds := [3]int{}
	for i, work := range []func() error{
		func() error { _, err := p.Condense(ctx, CondenseOptions{Last: true}); return err },
		func() error { return p.Replay(ctx, 0, func(sinso.Position, sinso.JournalEntry) error { return nil }) },
		func() error {
			return errors.Join(p.List(ctx, func(sinso.CID) error { return nil }), p.Check(ctx, nil, func(d Damage) { t.Error(d) }))
		},
	} {
		others.Go(func() {
			for ; ctx.Err() == nil; rounds[i]++ {
				if err := work(); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	others.Wait()
	if _, err := p.Condense(t.Context(), CondenseOptions{Last: true}); err != nil {
		t.Fatal(err)
	}
	if dead, _ := p.Dead(); dead != 0 || rounds[0] < 2 {
		t.Errorf("%d bytes are dead after %d rounds", dead, rounds[0])
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range filesOf(t, dir) {
		if strings.Contains(content, "dead ") {
			t.Errorf("%s holds a dead block", name)
		}
	}
	if p, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := p.List(t.Context(), func(sinso.CID) error { n++; return nil }); err != nil || n != 3*each {
		t.Errorf("%d blocks, %v, want %d", n, err, 3*each)
	}
	if err := errors.Join(p.Check(t.Context(), nil, func(d Damage) { t.Error(d) }), p.Close()); err != nil {
		t.Error(err)
	}
}

// TestNothingIsAppendedToACondensedSegment takes the mark, and the header of the only segment
// behind a condensed one, as an operator may accept it.
func TestNothingIsAppendedToACondensedSegment(t *testing.T) {
	t.Parallel()
	d := newSimDisk()
	p, s, made := filled(t, d, 4)
	kill(t, p, s, made[0])
	if _, err := p.Condense(t.Context(), CondenseOptions{Last: true}); err != nil {
		t.Fatal(err)
	}
	files := d.image()
	for name, content := range files { // back to before the deletion: its bytes stay dropped
		if name == markName {
			delete(files, name)
		} else if !strings.HasPrefix(content, condensedMagic) {
			files[name] = strings.Repeat("x", segmentHeaderBytes)
		}
	}
	d = diskOf(files)
	for n, opts := range []Options{{RestoreMark: true}, {}} {
		p, err := open(d, opts)
		if err != nil {
			t.Fatal(err)
		}
		if found := checkAll(t, p); len(found) > 0 {
			t.Fatalf("opened %d times: %v", n+1, found)
		}
		if _, err := p.Append(t.Context(), testEvent("x")); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCondensedSegmentIsNeverTheLast checks that the loss of the segment behind a condensed
// one is seen without the mark, and no licence to write into it.
func TestCondensedSegmentIsNeverTheLast(t *testing.T) {
	t.Parallel()
	files, _ := condensedSample(t)
	last := ""
	for name, content := range files {
		if strings.HasPrefix(content, condensedMagic) {
			last = max(last, name)
		}
	}
	maps.DeleteFunc(files, func(name, _ string) bool { return name > last && name != markName })
	delete(files, markName)
	p, err := open(diskOf(files), Options{RestoreMark: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Damage()) != 1 || p.Damage()[0].Why != "the segment is missing" {
		t.Errorf("damage: got %v, want the missing segment", p.Damage())
	}
	if _, err := p.Append(t.Context(), testEvent("x")); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("append: got %v, want ErrCorrupt", err)
	}
}
