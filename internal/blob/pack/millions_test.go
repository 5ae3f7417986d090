package pack_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/durable"
)

// millions says how many blocks BenchmarkBlocksByTheMillion stores; 50,000 if it is not set.
const millions = "SINSO_BENCH_BLOCKS"

const (
	smallBytes = 400 // of one block
	smallBatch = 64  // blocks of one Put
	smallReads = 40_000

	syncedFiles = 1_560 * smallBatch // a file for each block: some 100,000, which take minutes
)

// small returns the n-th block: its bytes follow from n, so that none is kept.
func small(n int) sinso.Block {
	data := make([]byte, smallBytes)
	rng := rand.New(rand.NewPCG(uint64(n), 0))
	for i := 0; i < len(data); i += 8 {
		binary.LittleEndian.PutUint64(data[i:], rng.Uint64())
	}
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
}

// store is what is measured.
type store interface {
	put(b *testing.B, blocks []sinso.Block) // durable
	lay(b *testing.B, blocks []sinso.Block) // so that they are there: what is measured comes after
	get(b *testing.B, cid sinso.CID) []byte
}

type packStore struct{ *pack.Pack }

func (s packStore) put(b *testing.B, blocks []sinso.Block) {
	b.Helper()
	if err := s.Put(b.Context(), blocks...); err != nil {
		b.Fatal(err)
	}
}

func (s packStore) lay(b *testing.B, blocks []sinso.Block) {
	b.Helper()
	s.put(b, blocks)
}

func (s packStore) get(b *testing.B, cid sinso.CID) []byte {
	b.Helper()
	data, err := s.Get(b.Context(), cid)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// fileStore is a file for each block, in 1,024 folders, as flatfs has it: each file is synced,
// and the folders of a batch once.
type fileStore struct{ dir string }

func (s fileStore) path(cid sinso.CID) string {
	return filepath.Join(s.dir, string(cid[len(cid)-3:len(cid)-1]), string(cid))
}

func (s fileStore) put(b *testing.B, blocks []sinso.Block) {
	b.Helper()
	for dir := range s.write(b, blocks, writeSynced) {
		if err := durable.SyncDir(dir); err != nil {
			b.Fatal(err)
		}
	}
}

// lay leaves the syncs to the system: ten million of them take the better part of a day.
func (s fileStore) lay(b *testing.B, blocks []sinso.Block) {
	b.Helper()
	s.write(b, blocks, func(path string, data []byte) error { return os.WriteFile(path, data, 0o600) })
}

// write writes a file for each block, and returns their folders.
func (s fileStore) write(b *testing.B, blocks []sinso.Block, file func(path string, data []byte) error) (folders map[string]bool) {
	b.Helper()
	folders = map[string]bool{}
	for _, block := range blocks {
		path := s.path(block.CID)
		folders[filepath.Dir(path)] = true
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = file(path+".temp", block.Data)
		}
		if err == nil {
			err = os.Rename(path+".temp", path)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return folders
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func (s fileStore) get(b *testing.B, cid sinso.CID) []byte {
	b.Helper()
	data, err := os.ReadFile(s.path(cid))
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// batch returns blocks n to n+smallBatch.
func batch(n int) []sinso.Block {
	blocks := make([]sinso.Block, smallBatch)
	for i := range blocks {
		blocks[i] = small(n + i)
	}
	return blocks
}

// fill stores blocks, the last of them, a tenth at most, in turns with the first of another
// store, and reports the rates of both, of writing and of reading any that are there: so that
// both meet the same load of the machine.
func fill(b *testing.B, s, other store, count, most int) {
	b.Helper()
	tenth := min(count/10, most)
	var rates []rate
	for n := 0; n < count-tenth; n += count / 10 {
		end := min(n+count/10, count-tenth)
		var took time.Duration
		for i := n; i < end; i += smallBatch {
			some := batch(i)
			start := time.Now()
			s.lay(b, some)
			took += time.Since(start)
		}
		rates = append(rates, rate{end, float64(end-n) / took.Seconds(), bestOf(b, s, end)})
		b.Logf("%d blocks: %.0f laid/s, %.0f got/s", end, rates[len(rates)-1].put, rates[len(rates)-1].read)
	}
	var last, first time.Duration
	for n := 0; n < tenth; n += smallBatch {
		late, early := batch(count-tenth+n), batch(n)
		start := time.Now()
		s.put(b, late)
		between := time.Now()
		other.put(b, early)
		last, first = last+between.Sub(start), first+time.Since(between)
	}
	b.ReportMetric(float64(tenth)/last.Seconds(), "last-puts/s")
	b.ReportMetric(float64(tenth)/first.Seconds(), "first-puts/s")
	late, early := 0.0, 0.0
	for range 5 { // the best of them: others may be at work on the machine
		late, early = max(late, readAny(b, s, count)), max(early, readAny(b, other, tenth))
	}
	b.ReportMetric(late, "last-gets/s")
	b.ReportMetric(early, "first-gets/s")
	if path := os.Getenv(plotted); path != "" {
		if _, is := s.(packStore); is {
			plot(b, path, append(rates, rate{count, float64(tenth) / last.Seconds(), late}))
		}
	}
}

// bestOf reads a few times: others may be at work on the machine.
func bestOf(b *testing.B, s store, n int) (best float64) {
	b.Helper()
	for range 3 {
		best = max(best, readAny(b, s, n))
	}
	return best
}

// readAny returns how many blocks are read in a second, any of those below n.
func readAny(b *testing.B, s store, n int) float64 {
	b.Helper()
	cids := make([]sinso.CID, smallReads)
	for i := range cids {
		cids[i] = small(rand.IntN(n)).CID
	}
	start := time.Now()
	for _, cid := range cids {
		if data := s.get(b, cid); len(data) != smallBytes {
			b.Fatalf("%d bytes", len(data))
		}
	}
	return smallReads / time.Since(start).Seconds()
}

// heap returns the bytes in use.
func heap() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

// condense deletes one of ten blocks, and reports how fast the log is gone through to free
// them.
func condense(b *testing.B, p *pack.Pack, count int) {
	b.Helper()
	const each = 10
	for n := 0; n < count; {
		var gone []sinso.JournalEntry
		for ; len(gone) < smallBatch && n < count; n += each {
			gone = append(gone, sinso.JournalEntry{Kind: sinso.EntryDelete, CID: small(n).CID})
		}
		if _, err := p.Append(b.Context(), gone...); err != nil {
			b.Fatal(err)
		}
	}
	_, total := p.Dead()
	start := time.Now()
	freed, err := p.Condense(b.Context(), pack.CondenseOptions{Last: true})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(total)/1e6/time.Since(start).Seconds(), "condense-MB/s")
	b.ReportMetric(float64(freed)/float64(total), "freed/B")
}

// BenchmarkBlocksByTheMillion stores many small blocks, reads some, opens the log again, and
// deletes and condenses; and stores the same with a file for each block, of which the last
// 100,000 are synced.
func BenchmarkBlocksByTheMillion(b *testing.B) {
	count := 50_000
	if set := os.Getenv(millions); set != "" {
		var err error
		if count, err = strconv.Atoi(set); err != nil {
			b.Fatal(err)
		}
	}
	count -= count % (10 * smallBatch)
	b.Run(fmt.Sprintf("pack/%d", count), func(b *testing.B) {
		dir := b.TempDir()
		fillPacks(b, dir, count)
		before, start := heap(), time.Now()
		p := openPack(b, dir)
		b.ReportMetric(time.Since(start).Seconds(), "s/open")
		b.ReportMetric((heap()-before)/float64(count), "heap-B/block")
		condense(b, p, count)
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	})
	b.Run(fmt.Sprintf("files/%d", count), func(b *testing.B) {
		fill(b, fileStore{b.TempDir()}, fileStore{b.TempDir()}, count, syncedFiles)
	})
}

func fillPacks(b *testing.B, dir string, count int) {
	b.Helper()
	p, other := openPack(b, dir), openPack(b, b.TempDir())
	fill(b, packStore{p}, packStore{other}, count, count)
	if err := errors.Join(other.Close(), p.Close()); err != nil {
		b.Fatal(err)
	}
}

func openPack(b *testing.B, dir string) *pack.Pack {
	b.Helper()
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return p
}
