package pack

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestTableIsAMap does the same to a table and to a map of Go, with few tags, so that they
// meet, and with as many as make it grow.
func TestTableIsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tags := rapid.IntRange(1, 5000).Draw(t, "tags")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		index, want := newTable(), map[tag]place{}
		for range rapid.IntRange(0, 4*tags).Draw(t, "steps") {
			var k tag
			binary.LittleEndian.PutUint64(k[:], rng.Uint64N(uint64(tags)))
			if rng.IntN(3) == 0 {
				index.remove(k)
				delete(want, k)
				continue
			}
			at := place(rng.Uint64N(1 << 60))
			index.set(k, at)
			want[k] = at
		}
		if index.len() != len(want) {
			t.Fatalf("%d tags, want %d", index.len(), len(want))
		}
		for n := range tags {
			var k tag
			binary.LittleEndian.PutUint64(k[:], uint64(n))
			at, found := index.get(k)
			if there, has := want[k]; found != has || at != there {
				t.Fatalf("tag %d: %d, %t, want %d, %t", n, at, found, there, has)
			}
		}
	})
}
