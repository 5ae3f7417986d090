package jpeg_test

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// mutate damages a stream in one of the ways that streams are damaged.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	headers := min(len(b), 700)
	switch r.IntN(7) {
	case 0: // cut off
		return b[:r.IntN(len(b))]
	case 1: // flipped bits
		for range 1 + r.IntN(20) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2: // flipped bits where the headers are
		for range 1 + r.IntN(4) {
			b[r.IntN(headers)] ^= 1 << r.IntN(8)
		}
	case 3: // huge numbers
		at := r.IntN(headers - 2)
		b[at], b[at+1] = 0xFF, byte(r.IntN(256))
	case 4: // a dimension or table of another kind
		if at := bytes.Index(b, []byte{0xFF, []byte{0xC0, 0xC1, 0xC2, 0xC3, 0xDA, 0xC4}[r.IntN(6)]}); at >= 0 {
			b[at+2+r.IntN(min(14, len(b)-at-2))] = byte(r.IntN(256))
		}
	case 5: // another process
		if at := bytes.Index(b, []byte{0xFF, []byte{0xC0, 0xC1, 0xC2, 0xC3}[r.IntN(4)]}); at >= 0 {
			b[at+1] = byte(0xC0 + r.IntN(4))
		}
	default: // a piece repeated, or taken out
		from := r.IntN(len(b) - 1)
		piece := bytes.Clone(b[from : from+r.IntN(min(len(b)-from, 1000))])
		if r.IntN(2) == 0 {
			return slices.Insert(b, r.IntN(len(b)), piece...)
		}
		return slices.Delete(b, from, from+len(piece))
	}
	return b
}

const mutantLimit = 1 << 18 // decoded bytes

// classified reports whether an error has a class that Decode names.
func classified(err error) bool {
	return errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrUnsupported)
}

// whole reports whether an image is as it says.
func whole(m jpeg.Image) bool {
	size := 1
	if m.Precision > 8 {
		size = 2
	}
	return m.Rows > 0 && m.Columns > 0 && m.Samples > 0 && m.Samples < 5 && len(m.Pixels) == m.Rows*m.Columns*m.Samples*size
}

// TestMutants damages streams 6,000 times: nothing panics, hangs, or takes memory
// that is not allowed. It is not parallel, since it measures what is allocated.
func TestMutants(t *testing.T) {
	all := streams(t)
	names := slices.Sorted(maps.Keys(all))
	r := rand.New(rand.NewPCG(1, 2))
	var before, after runtime.MemStats
	decoded, n := 0, 6000
	for i := range n {
		name := names[i%len(names)]
		b := mutate(r, all[name])
		runtime.ReadMemStats(&before)
		start := time.Now()
		m, err := jpeg.Decode(b, mutantLimit)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		// Pixels, planes and coefficients; Huffman tables, for which b is long enough.
		if used := after.TotalAlloc - before.TotalAlloc; used > 6*mutantLimit+300*uint64(len(b)) || took > 2*time.Second {
			t.Errorf("%s, mutant %d: %d bytes, allocated %d, took %v", name, i, len(b), used, took)
		}
		switch {
		case err == nil && !whole(m), err != nil && !classified(err):
			t.Errorf("%s, mutant %d: an image that is none, or no class: %v", name, i, err)
		case err == nil:
			decoded++
			if m.ToRGB(); m.Samples == 3 && len(m.Pixels) == 0 {
				t.Error("no pixels")
			}
		}
	}
	if decoded == 0 || decoded == n {
		t.Errorf("%d of %d mutants were decoded: the damage is none, or total", decoded, n)
	}
	t.Logf("%d of %d mutants were decoded, the rest refused", decoded, n)
}

// TestWorstStreamsAreBounded decodes streams made to cost most.
func TestWorstStreamsAreBounded(t *testing.T) {
	huge := func(process, precision, sampling byte, components int) []byte {
		b := []byte{0xFF, 0xD8, 0xFF, process, 0, byte(8 + 3*components), precision, 0xFF, 0xFF, 0xFF, 0xFF, byte(components)}
		for i := range components {
			b = append(b, byte(i), sampling, 0)
		}
		return b
	}
	table := append(append([]byte{0xFF, 0xC4, 0, 20, 0, 1}, make([]byte, 15)...), 5)
	for name, b := range map[string][]byte{
		"a huge lossless frame":    huge(0xC3, 16, 0x11, 4),
		"a huge DCT frame":         huge(0xC0, 8, 0x44, 4),
		"a huge progressive frame": huge(0xC2, 12, 0x11, 4),
		"many Huffman tables":      append([]byte{0xFF, 0xD8}, bytes.Repeat(table, 20000)...),
		"many scans":               endless(4096, 128),
		"only FF":                  append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte{0xFF}, 1<<20)...),
		"only stuffing":            append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte{0xFF, 0}, 1<<19)...),
		"only starts of images":    bytes.Repeat([]byte{0xFF, 0xD8}, 1<<19),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		m, err := jpeg.Decode(b, 1<<40)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 300*uint64(len(b))+5*uint64(len(m.Pixels))+1<<16 || took > 5*time.Second {
			t.Errorf("%s: %d bytes, allocated %d, took %v", name, len(b), used, took)
		}
		if err != nil && !classified(err) || err == nil && name != "many scans" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzDecode decodes anything; what is decoded is encoded without loss and decoded
// to the same.
func FuzzDecode(f *testing.F) {
	for _, stream := range streams(f) {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := jpeg.Decode(b, 1<<18)
		if err != nil {
			if !classified(err) {
				t.Errorf("no class: %v", err)
			}
			return
		}
		if !whole(m) {
			t.Fatalf("an image that is none: %d, %d, %d, %d", m.Rows, m.Columns, m.Samples, m.Precision)
		}
		stream, err := jpeg.EncodeLossless(m, len(b)%8)
		if err != nil {
			t.Fatal(err)
		}
		again, err := jpeg.Decode(stream, 1<<18)
		if err != nil || !bytes.Equal(again.Pixels, m.Pixels) {
			t.Errorf("encoded without loss it is another image: %v", err)
		}
	})
}
