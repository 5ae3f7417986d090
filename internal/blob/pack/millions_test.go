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
	put(b *testing.B, blocks []sinso.Block)
	get(b *testing.B, cid sinso.CID) []byte
}

type packStore struct{ *pack.Pack }

func (s packStore) put(b *testing.B, blocks []sinso.Block) {
	b.Helper()
	if err := s.Put(b.Context(), blocks...); err != nil {
		b.Fatal(err)
	}
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
	folders := map[string]bool{}
	for _, block := range blocks {
		path := s.path(block.CID)
		folders[filepath.Dir(path)] = true
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = writeSynced(path+".temp", block.Data)
		}
		if err == nil {
			err = os.Rename(path+".temp", path)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for dir := range folders {
		if err := durable.SyncDir(dir); err != nil {
			b.Fatal(err)
		}
	}
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

// fill stores blocks, and reports the rates of the first and of the last tenth, of writing and
// of reading any of those that are there.
func fill(b *testing.B, s store, count int) {
	b.Helper()
	const parts = 10
	part := count / parts
	for i := range parts {
		start, end := time.Now(), (i+1)*part
		for n := i * part; n < end; {
			blocks := make([]sinso.Block, 0, smallBatch)
			for ; len(blocks) < smallBatch && n < end; n++ {
				blocks = append(blocks, small(n))
			}
			s.put(b, blocks)
		}
		if name, ok := map[int]string{0: "first", parts - 1: "last"}[i]; ok {
			b.ReportMetric(float64(part)/time.Since(start).Seconds(), name+"-puts/s")
			b.ReportMetric(readAny(b, s, end), name+"-gets/s")
		}
	}
}

// readAny returns how many blocks are read in a second, any of those below n: the
// best of five times, as others may be at work on the machine.
func readAny(b *testing.B, s store, n int) (best float64) {
	b.Helper()
	for range 5 {
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
		best = max(best, smallReads/time.Since(start).Seconds())
	}
	return best
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
	start = time.Now()
	if err := p.List(b.Context(), func(sinso.CID) error { return nil }); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(start).Seconds(), "s/list")
}

// BenchmarkBlocksByTheMillion stores many small blocks, reads some, opens the log again, and
// deletes and condenses; and stores the same with a file for each block, of which it stores 200,000 at most. Making the blocks
// and hashing them is part of the times of writing.
func BenchmarkBlocksByTheMillion(b *testing.B) {
	count := 50_000
	if set := os.Getenv(millions); set != "" {
		var err error
		if count, err = strconv.Atoi(set); err != nil {
			b.Fatal(err)
		}
	}
	b.Run(fmt.Sprintf("pack/%d", count), func(b *testing.B) {
		dir := b.TempDir()
		before := heap()
		p, err := pack.Open(dir, pack.Options{})
		if err != nil {
			b.Fatal(err)
		}
		fill(b, packStore{p}, count)
		b.ReportMetric((heap()-before)/float64(count), "heap-B/block")
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if p, err = pack.Open(dir, pack.Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "s/open")
		b.ReportMetric((heap()-before)/float64(count), "heap-opened-B/block")
		b.ReportMetric(readAny(b, packStore{p}, count), "opened-gets/s")
		condense(b, p, count)
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	})
	count = min(count, 200_000)
	b.Run(fmt.Sprintf("files/%d", count), func(b *testing.B) { fill(b, fileStore{b.TempDir()}, count) })
}
