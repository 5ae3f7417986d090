package identity_test

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAPrintIsTheFingerprint: bytes that come one after the other have the fingerprint of
// all of them, however they are cut.
func TestAPrintIsTheFingerprint(t *testing.T) {
	t.Parallel()
	n := namer(3)
	rapid.Check(t, func(r *rapid.T) {
		data := make([]byte, rapid.SampledFrom([]int{0, 1, 15, 16, 17, 64<<10 - 1, 64 << 10, 64<<10 + 1, 128 << 10, 300_001}).Draw(r, "size"))
		seed := rapid.Uint64().Draw(r, "seed")
		for i := range data {
			seed = seed*6364136223846793005 + 1442695040888963407
			data[i] = byte(seed >> 56)
		}
		p := n.Print()
		for left := data; len(left) > 0; {
			take := min(len(left), rapid.IntRange(1, 200_000).Draw(r, "part"))
			if m, err := p.Write(left[:take]); m != take || err != nil {
				r.Fatalf("wrote %d of %d, %v", m, take, err)
			}
			left = left[take:]
		}
		if got, want := p.Sum(), n.Fingerprint(data); got != want {
			r.Errorf("%d bytes: got %s, want %s", len(data), got, want)
		}
	})
}

// BenchmarkPrint hashes a stream.
func BenchmarkPrint(b *testing.B) {
	data := make([]byte, 1<<20)
	p := namer(1).Print()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		_, _ = p.Write(data)
	}
}
