package pack_test

import (
	"crypto/rand"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
)

// instanceBytes is a sealed 512×512 CT of 16 bits.
const instanceBytes = 525_000

func benchPack(b *testing.B) *pack.Pack {
	b.Helper()
	p, err := pack.Open(b.TempDir(), pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	})
	return p
}

// instance is what one import step appends: a block, an event, a leaf.
func instance(b *testing.B, size int) []sinso.JournalEntry {
	b.Helper()
	data := make([]byte, size)
	if _, err := rand.Read(data); err != nil {
		b.Fatal(err)
	}
	return []sinso.JournalEntry{
		{Kind: sinso.EntryEvent, Data: data[:min(size, 1500)]},
		{Kind: sinso.EntryLeaf, Data: data[:32]},
		{Kind: sinso.EntryBlock, CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data},
	}
}

// BenchmarkAppend is one writer: hash, write, sync.
func BenchmarkAppend(b *testing.B) {
	for name, size := range map[string]int{"400B": 400, "525kB": instanceBytes} {
		b.Run(name, func(b *testing.B) {
			p, entries := benchPack(b), instance(b, size)
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := p.Append(b.Context(), entries...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAppendGroup is eight writers that share syncs.
func BenchmarkAppendGroup(b *testing.B) {
	for name, size := range map[string]int{"400B": 400, "525kB": instanceBytes} {
		b.Run(name, func(b *testing.B) {
			p, entries := benchPack(b), instance(b, size)
			b.SetBytes(int64(size))
			b.ResetTimer()
			var wait sync.WaitGroup
			for w := range 8 {
				wait.Go(func() {
					for n := w; n < b.N; n += 8 {
						if _, err := p.Append(b.Context(), entries...); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wait.Wait()
		})
	}
}

// BenchmarkGet reads and verifies a block.
func BenchmarkGet(b *testing.B) {
	p, entries := benchPack(b), instance(b, instanceBytes)
	if _, err := p.Append(b.Context(), entries...); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(instanceBytes)
	for b.Loop() {
		if _, err := p.Get(b.Context(), entries[2].CID); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a log of 1,000 instances of 100 kB, closed in order.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	entries := instance(b, 100_000)
	for range 1000 {
		if _, err := p.Append(b.Context(), entries...); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
		if p, err = pack.Open(dir, pack.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
}
