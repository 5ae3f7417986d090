package pack

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// sample returns the files of a closed log of some batches in some segments, and
// what it holds.
func sample(t *testing.T) (files map[string]string, entries []sinso.JournalEntry) {
	t.Helper()
	d := newSimDisk()
	p, err := open(d, Options{SegmentBytes: 1500})
	if err != nil {
		t.Fatal(err)
	}
	for n, sizes := range [][]int{{40, 300}, {20}, {10, 600, 10}, {5, 100}, {30, 30}, {1}} {
		batch := testBatch(n, sizes)
		entries = append(entries, batch...)
		if _, err := p.Append(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return d.image(), entries
}

// condensedSample is a sample of which blocks were deleted, one was put again, and the
// dead bytes were dropped.
func condensedSample(t *testing.T) (files map[string]string, entries []sinso.JournalEntry) {
	t.Helper()
	files, entries = sample(t)
	d := diskOf(files)
	p, err := open(d, Options{SegmentBytes: 1500})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{1, 4, 7, 9} { // its blocks
		gone := sinso.JournalEntry{Kind: sinso.EntryDelete, CID: entries[n].CID}
		if i == 2 {
			gone = sinso.JournalEntry{Kind: sinso.EntryBlock, CID: entries[n].CID, Data: entries[n].Data}
		}
		if _, err := p.Append(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, gone)
		if _, err := p.Condense(t.Context(), CondenseOptions{Last: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	condensed := 0
	for _, content := range d.image() {
		if strings.HasPrefix(content, condensedMagic) {
			condensed++
		}
	}
	if condensed == 0 {
		t.Fatal("nothing was condensed")
	}
	return d.image(), entries
}

// eachSample runs a test on a log as it was appended, and on a condensed one.
func eachSample(t *testing.T, test func(t *testing.T, files map[string]string, want []sinso.JournalEntry)) {
	t.Helper()
	for name, sample := range map[string]func(*testing.T) (map[string]string, []sinso.JournalEntry){
		"appended": sample, "condensed": condensedSample,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, want := sample(t)
			test(t, files, want)
		})
	}
}

// checkAll returns what Check finds.
func checkAll(t *testing.T, p *Pack) []Damage {
	t.Helper()
	var found []Damage
	err := p.Check(t.Context(), nil, func(d Damage) { found = append(found, d) })
	if (len(found) > 0) != errors.Is(err, sinso.ErrCorrupt) || (err != nil && len(found) == 0) {
		t.Fatalf("check: %d damages and error %v", len(found), err)
	}
	return found
}

// servesNothingWrong reads everything and checks that each thing is as written,
// or ErrCorrupt; it reports whether anything was refused.
func servesNothingWrong(ctx context.Context, t *testing.T, what string, p *Pack, want []sinso.JournalEntry) (refused bool) {
	t.Helper()
	n := 0
	err := p.Replay(ctx, 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		if n >= len(want) || e.Kind != want[n].Kind || e.CID != want[n].CID || (e.CID == "" && !bytes.Equal(e.Data, want[n].Data)) {
			t.Fatalf("%s: entry %d is not what was written", what, n)
		}
		n++
		return nil
	})
	switch {
	case errors.Is(err, sinso.ErrCorrupt):
		refused = true
	case err != nil:
		t.Fatalf("%s: replay: %v", what, err)
	case n != len(want):
		t.Fatalf("%s: replay ended after %d of %d entries without a word", what, n, len(want))
	}
	deleted := map[sinso.CID]bool{}
	for _, e := range want {
		deleted[e.CID] = e.Kind == sinso.EntryDelete
	}
	for _, e := range want {
		if e.Kind != sinso.EntryBlock {
			continue
		}
		data, err := p.Get(ctx, e.CID)
		switch {
		case errors.Is(err, sinso.ErrNotFound) && deleted[e.CID]:
		case errors.Is(err, sinso.ErrCorrupt) && deleted[e.CID]: // it may have been in a damaged place
		case errors.Is(err, sinso.ErrCorrupt):
			refused = true
		case err != nil:
			t.Fatalf("%s: get: %v, want the bytes or ErrCorrupt", what, err)
		case !bytes.Equal(data, e.Data):
			t.Fatalf("%s: get served other bytes", what)
		}
	}
	return refused
}

// TestEveryFlippedByteIsFound flips each byte of each file in turn: Check names
// the file and a place that covers the byte, nothing wrong is served, something
// is refused, and no file is changed.
func TestEveryFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	eachSample(t, everyFlippedByteIsFound)
}

func everyFlippedByteIsFound(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	if len(files) < 4 {
		t.Fatalf("the sample has %d files, want several segments", len(files))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for at := range len(files[name]) {
			if testing.Short() && at%3 != 0 {
				continue
			}
			flipByte(t, files, want, name, at)
		}
	}
}

func flipByte(t *testing.T, files map[string]string, want []sinso.JournalEntry, name string, at int) {
	t.Helper()
	flipped := maps.Clone(files)
	raw := []byte(flipped[name])
	raw[at] ^= 1 << (at % 8)
	flipped[name] = string(raw)
	d := diskOf(flipped)
	p, err := open(d, Options{SegmentBytes: 1500})
	if err != nil {
		t.Fatalf("%s byte %d: open: %v", name, at, err)
	}
	refused := servesNothingWrong(t.Context(), t, name, p, want)
	found := checkAll(t, p)
	if !slices.ContainsFunc(found, func(d Damage) bool {
		return d.File == name && d.Offset <= int64(at) && int64(at) < d.Offset+d.Length
	}) {
		t.Fatalf("%s byte %d: check found %v", name, at, found)
	}
	if !refused {
		t.Errorf("%s byte %d: everything was served", name, at)
	}
	if len(p.Damage()) > 0 && p.broken {
		if _, err := p.Append(t.Context(), testBatch(99, []int{1})...); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s byte %d: append to a damaged log: got %v, want ErrCorrupt", name, at, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for other, content := range d.image() {
		if content != flipped[other] {
			t.Errorf("%s byte %d: file %s was changed", name, at, other)
		}
	}
}

// TestOldMarkIsNoLicenceToCut flips bytes in a log whose mark is older than the
// log, as loss of power may leave it: the watermark of a later batch and the
// header of a later segment vouch for what they follow.
func TestOldMarkIsNoLicenceToCut(t *testing.T) {
	t.Parallel()
	for _, batches := range []int{1, 3} {
		flipBeforeTheLastBatch(t, batches)
	}
}

func flipBeforeTheLastBatch(t *testing.T, batches int) {
	t.Helper()
	d := newSimDisk()
	p, err := open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	old := string(mark{id: p.id}.bytes()) // as it was before the first segment
	var want []sinso.JournalEntry
	for n := range batches {
		batch := testBatch(n, []int{30, 50})
		want = append(want, batch...)
		if _, err := p.Append(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	last := p.segments[0].batches[batches-1].offset
	files := d.image()
	files[markName] = old
	name := segmentName(1)
	for at := range last { // of the last batch nobody can say that it was acknowledged
		flipped := maps.Clone(files)
		raw := []byte(files[name])
		raw[at] ^= 0x10
		flipped[name] = string(raw)
		d := diskOf(flipped)
		p, err := open(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !servesNothingWrong(t.Context(), t, name, p, want) || len(checkAll(t, p)) == 0 {
			t.Fatalf("byte %d: nothing was found", at)
		}
		if d.image()[name] != flipped[name] {
			t.Fatalf("byte %d: the log was changed", at)
		}
	}
}

// TestFlippedByteInAnOpenLogIsFound flips bytes after the log was opened.
func TestFlippedByteInAnOpenLogIsFound(t *testing.T) {
	t.Parallel()
	eachSample(t, flippedByteInAnOpenLogIsFound)
}

func flippedByteInAnOpenLogIsFound(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for at := 0; at < len(files[name]); at += 7 {
			d := diskOf(files)
			p, err := open(d, Options{})
			if err != nil {
				t.Fatal(err)
			}
			d.live[name].live[at] ^= 0x40
			if refused := servesNothingWrong(t.Context(), t, name, p, want); !refused && name != markName {
				t.Errorf("%s byte %d: everything was served", name, at)
			}
			if found := checkAll(t, p); !slices.ContainsFunc(found, func(d Damage) bool { return d.File == name }) {
				t.Errorf("%s byte %d: check found %v", name, at, found)
			}
		}
	}
}

// TestLostBytesAreFound cuts files short and takes files away: nothing that was
// acknowledged goes without a word.
func TestLostBytesAreFound(t *testing.T) {
	t.Parallel()
	eachSample(t, lostBytesAreFound)
}

func lostBytesAreFound(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for size := -1; size < len(files[name]); size += 5 { // -1: the file is gone
			cut := maps.Clone(files)
			if size < 0 {
				delete(cut, name)
			} else {
				cut[name] = cut[name][:size]
			}
			p, err := open(diskOf(cut), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !servesNothingWrong(t.Context(), t, name, p, want) {
				t.Errorf("%s cut to %d: everything was served", name, size)
			}
			if found := checkAll(t, p); !slices.ContainsFunc(found, func(d Damage) bool { // where a batch ends, the next file tells
				return d.File == name || (d.File > name && d.File != markName)
			}) {
				t.Errorf("%s cut to %d: check found %v", name, size, found)
			}
		}
	}
}

// TestRemovedBatchIsFound takes whole batches out of the middle of a segment.
func TestRemovedBatchIsFound(t *testing.T) {
	t.Parallel()
	eachSample(t, removedBatchIsFound)
}

func removedBatchIsFound(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	p, err := open(diskOf(files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.segments {
		for i, b := range s.batches {
			end := s.size
			if i+1 < len(s.batches) {
				end = s.batches[i+1].offset
			}
			name := segmentName(s.number)
			cut := maps.Clone(files)
			cut[name] = files[name][:b.offset] + files[name][end:]
			damaged, err := open(diskOf(cut), Options{})
			if err != nil {
				t.Fatal(err)
			}
			refused, found := servesNothingWrong(t.Context(), t, name, damaged, want), checkAll(t, damaged)
			if !refused || !slices.ContainsFunc(found, func(d Damage) bool { return d.File >= name && d.File != markName }) {
				t.Errorf("%s without batch %d: refused %t, found %v", name, i, refused, found)
			}
		}
	}
}

// TestReplayBehindDamage checks that what stands behind a damaged place can be
// read from there on, and that reading across it is refused.
func TestReplayBehindDamage(t *testing.T) {
	t.Parallel()
	eachSample(t, replayBehindDamage)
}

func replayBehindDamage(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	raw := []byte(files[segmentName(1)])
	raw[segmentHeaderBytes+10] ^= 1 // the first batch's header: entries 0 and 1
	files[segmentName(1)] = string(raw)
	p, err := open(diskOf(files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []sinso.JournalEntry
	if err := p.Replay(t.Context(), 2, func(_ sinso.Position, e sinso.JournalEntry) error { got = append(got, e); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want)-2 {
		t.Errorf("entries behind the damage: got %d, want %d", len(got), len(want)-2)
	}
	for _, from := range []sinso.Position{0, 1} {
		err := p.Replay(t.Context(), from, func(sinso.Position, sinso.JournalEntry) error { return nil })
		if !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), segmentName(1)) {
			t.Errorf("replay from %d: got %v, want ErrCorrupt that names the segment", from, err)
		}
	}
}

// TestDamagedBlockIsStoredAgain checks that a Put after a Get that failed mends
// the block, also for the next process.
func TestDamagedBlockIsStoredAgain(t *testing.T) {
	t.Parallel()
	files, want := sample(t)
	d := diskOf(files)
	p, err := open(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := want[1]
	name, offset := whereIs(t, p, e.CID)
	d.live[name].live[offset] ^= 1
	b := sinso.Block{CID: e.CID, Data: e.Data}
	if _, err := p.Get(t.Context(), e.CID); !errors.Is(err, sinso.ErrCorrupt) {
		t.Fatalf("get: %v, want ErrCorrupt", err)
	}
	for range 2 { // the second is stored already
		if err := p.Put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if p.End() != sinso.Position(len(want)+1) {
		t.Errorf("end: got %d, want %d", p.End(), len(want)+1)
	}
	for range 2 {
		if got, err := p.Get(t.Context(), e.CID); err != nil || !bytes.Equal(got, e.Data) {
			t.Errorf("get of the mended block: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if p, err = open(d, Options{}); err != nil {
			t.Fatal(err)
		}
	}
}

// whereIs returns in which file and where a block's bytes stand.
func whereIs(t *testing.T, p *Pack, cid sinso.CID) (name string, offset int64) {
	t.Helper()
	_, at, s, err := p.find(t.Context(), cid)
	if err != nil {
		t.Fatal(err)
	}
	defer s.release()
	b, n, err := s.entry(p.id, at.position())
	if err != nil {
		t.Fatal(err)
	}
	return segmentName(s.number), b.payload(n)
}

// TestBlocksAreFoundByTheirRowAlone checks that a sound block is found without reading the
// whole batch, and where the whole batch has it.
func TestBlocksAreFoundByTheirRowAlone(t *testing.T) {
	t.Parallel()
	eachSample(t, func(t *testing.T, files map[string]string, _ []sinso.JournalEntry) {
		t.Helper()
		p, err := open(diskOf(files), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Append(t.Context(), testBatch(9, []int{5, 6, 7, 8})...); err != nil {
			t.Fatal(err)
		}
		n := 0
		err = p.List(t.Context(), func(cid sinso.CID) error {
			k, at, s, err := p.find(t.Context(), cid)
			if err != nil {
				return err
			}
			defer s.release()
			_, want := whereIs(t, p, cid)
			if got, ok := s.offset(k, at.position()); !ok || got != want {
				t.Errorf("%s: at %d, %t, want %d", cid, got, ok, want)
			}
			if got, ok := s.starts.of(at.position(), s.first); !ok || got != want {
				t.Errorf("%s: noted at %d, %t, want %d", cid, got, ok, want)
			}
			k[5] ^= 1
			if _, ok := s.offset(k, at.position()); ok {
				t.Errorf("%s: found as another", cid)
			}
			n++
			return nil
		})
		if err != nil || n < 3 {
			t.Errorf("%d blocks, %v", n, err)
		}
	})
}

// TestBlocksOfOneTag checks that of two blocks whose CIDs begin alike none is served
// for the other.
func TestBlocksOfOneTag(t *testing.T) {
	t.Parallel()
	p, err := open(newSimDisk(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := []byte("a block")
	b := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, first), Data: first}
	k, err := keyOf(b.CID)
	if err != nil {
		t.Fatal(err)
	}
	k[len(k)-1] ^= 1
	if err := p.Put(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Get(t.Context(), k.cid()); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("get of the other: got %q, %v, want ErrNotFound", got, err)
	}
	if got, err := p.GetUnverified(t.Context(), k.cid()); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("get unverified of the other: got %q, %v, want ErrNotFound", got, err)
	}
	if got, err := p.Get(t.Context(), b.CID); err != nil || !bytes.Equal(got, first) {
		t.Errorf("get: got %q, %v", got, err)
	}
}

// TestListWhileBlocksArePutAgain checks that a block that is stored again while the
// list is read is in it, once.
func TestListWhileBlocksArePutAgain(t *testing.T) {
	t.Parallel()
	p, err := open(newSimDisk(), Options{SegmentBytes: 1000})
	if err != nil {
		t.Fatal(err)
	}
	batch := testBatch(1, []int{10, 20, 30, 40})
	for range 3 { // two of each are no longer where the index looks
		if _, err := p.Append(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	var want []sinso.CID
	for _, e := range batch {
		if e.CID != "" {
			want = append(want, e.CID)
		}
	}
	first, _, err := p.segments[0].entry(p.id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.appendStored(nil, first, 4); len(got) != 2 {
		t.Errorf("blocks put again behind the end: got %d, want 2", len(got))
	}
	if got := p.appendStored(nil, first, p.End()); len(got) != 0 {
		t.Errorf("blocks put again before the end: got %d, want none here", len(got))
	}
	slices.Sort(want)
	var got []sinso.CID
	if err := p.List(t.Context(), func(cid sinso.CID) error { got = append(got, cid); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("list: got %v, want %v", got, want)
	}
}

// TestRestoreMark checks the way out when the mark alone is damaged.
func TestRestoreMark(t *testing.T) {
	t.Parallel()
	eachSample(t, restoreMark)
}

func restoreMark(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	for name, damage := range map[string]func(map[string]string){
		"flipped": func(f map[string]string) { f[markName] = strings.Replace(f[markName], "SNM", "SNN", 1) },
		"missing": func(f map[string]string) { delete(f, markName) },
		"no segment": func(f map[string]string) {
			clear(f)
			f[markName] = "?"
		},
	} {
		damaged := maps.Clone(files)
		damage(damaged)
		d := diskOf(damaged)
		p, err := open(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Damage()) != 1 || p.Damage()[0].File != markName {
			t.Errorf("%s: damage: got %v, want the mark", name, p.Damage())
		}
		if _, err := p.Append(t.Context(), testBatch(1, []int{1})...); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: append: got %v, want ErrCorrupt", name, err)
		}
		for _, opts := range []Options{{RestoreMark: true}, {}} {
			if p, err = open(d, opts); err != nil {
				t.Fatal(err)
			}
			if found := checkAll(t, p); len(found) > 0 {
				t.Errorf("%s: after the mark was restored: %v", name, found)
			}
			if _, err := p.Append(t.Context(), testBatch(1, []int{1})...); err != nil {
				t.Errorf("%s: append after the mark was restored: %v", name, err)
			}
			if len(damaged) > 1 && int(p.End()) < len(want) {
				t.Errorf("%s: end: got %d, want at least %d", name, p.End(), len(want))
			}
		}
	}
}

// TestTornEndIsCut checks that what was never acknowledged is cut off, whatever
// is left of it, and that the mark decides.
func TestTornEndIsCut(t *testing.T) {
	t.Parallel()
	eachSample(t, tornEndIsCut)
}

func tornEndIsCut(t *testing.T, files map[string]string, want []sinso.JournalEntry) {
	t.Helper()
	last := segmentName(uint32(len(files) - 1))
	r, err := newRequest(testBatch(50, []int{200}))
	if err != nil {
		t.Fatal(err)
	}
	r.header.position = sinso.Position(len(want))
	for name, tail := range map[string]string{
		"zeros": strings.Repeat("\x00", 700), "noise": "garbage", "a header of another log": func() string {
			raw, _ := r.header.bytes(logID{1})
			return string(raw) + string(r.table)
		}(),
	} {
		torn := maps.Clone(files)
		torn[last] += tail
		d := diskOf(torn)
		p, err := open(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if found := checkAll(t, p); len(found) > 0 {
			t.Errorf("%s: got damage %v, want a cut", name, found)
		}
		if d.image()[last] != files[last] {
			t.Errorf("%s: the tail is still there", name)
		}
		if servesNothingWrong(t.Context(), t, name, p, want) {
			t.Errorf("%s: something was refused", name)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzOpen opens logs with foreign bytes in a segment: no panic, and nothing but
// what was written is served.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(batchMagic), uint16(100), uint8(0))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff}, uint16(116), uint8(1))
	f.Add([]byte{0}, uint16(segmentHeaderBytes+batchHeaderBytes+2*tableEntryBytes), uint8(128)) // what is kept
	f.Fuzz(func(t *testing.T, patch []byte, at uint16, segment uint8) {
		files, want := sample(t)
		if segment >= 128 {
			files, want = condensedSample(t)
		}
		name := segmentName(uint32(segment)%uint32(len(files)-1) + 1)
		raw := []byte(files[name])
		copy(raw[int(at)%len(raw):], patch)
		files[name] = string(raw)
		p, err := open(diskOf(files), Options{})
		if err != nil {
			t.Fatal(err)
		}
		servesNothingWrong(t.Context(), t, name, p, want)
		checkAll(t, p)
	})
}
