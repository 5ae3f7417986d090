package jpeg_test

import (
	"bytes"
	stdimage "image"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// checkHostile blanks any bytes: it is an error with a class, or a stream that decodes to
// what the bytes do, but for the box. It reports whether it was blanked.
func checkHostile(t testing.TB, b []byte) bool {
	t.Helper()
	boxes := []stdimage.Rectangle{stdimage.Rect(3, 2, 14, 9)}
	was, wasErr := jpeg.Decode(b, mutantLimit)
	out, err := jpeg.Blank(b, boxes, mutantLimit, dark)
	if err != nil {
		if !classified(err) {
			t.Errorf("no class: %v", err)
		}
		return false
	}
	got, err := jpeg.Decode(out, mutantLimit)
	if err != nil || wasErr != nil {
		t.Errorf("what is blanked does not decode, or what did not decode was blanked: %v, %v", err, wasErr)
		return true
	}
	again, err := jpeg.Blank(out, boxes, mutantLimit, dark)
	if err != nil || !bytes.Equal(again, out) {
		t.Errorf("blanked twice it is another stream: %v", err)
	}
	plain, err := jpeg.Blank(b, nil, mutantLimit, dark)
	if err != nil {
		t.Errorf("without boxes: %v", err)
		return true
	}
	if same, err := jpeg.Decode(plain, mutantLimit); err != nil || !bytes.Equal(same.Pixels, was.Pixels) || same.Transform != was.Transform {
		t.Errorf("without boxes it is another image: %v", err)
	}
	if len(got.Pixels) != len(was.Pixels) {
		t.Error("an image of another size")
	}
	return true
}

// TestBlankOfMutants damages streams 3,000 times: nothing panics, hangs, or takes memory
// that is not allowed. It is not parallel, since it measures what is allocated.
func TestBlankOfMutants(t *testing.T) {
	all := dctStreams(t)
	names := sortedNames(all)
	r := rand.New(rand.NewPCG(3, 4))
	var before, after runtime.MemStats
	blanked, n := 0, 3000
	for i := range n {
		name := names[i%len(names)]
		b := mutate(r, all[name])
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, _ = jpeg.Blank(b, nil, mutantLimit, dark) // the result is looked at below
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		// Planes, coefficients and the result; Huffman tables, for which b is long enough.
		if used := after.TotalAlloc - before.TotalAlloc; used > 8*mutantLimit+400*uint64(len(b)) || took > 2*time.Second {
			t.Errorf("%s, mutant %d: %d bytes, allocated %d, took %v", name, i, len(b), used, took)
		}
		if checkHostile(t, b) {
			blanked++
		}
		if t.Failed() {
			t.Fatalf("%s, mutant %d", name, i)
		}
	}
	if blanked < n/20 || blanked > n*19/20 {
		t.Errorf("%d of %d mutants were blanked: the damage is none, or total", blanked, n)
	}
	t.Logf("%d of %d mutants were blanked, the rest refused", blanked, n)
}

// TestBlankOfWorstStreamsIsBounded blanks streams made to cost most.
func TestBlankOfWorstStreamsIsBounded(t *testing.T) {
	huge := []byte{0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0xFF, 0xFF, 0xFF, 0xFF, 4, 1, 0x44, 0, 2, 0x44, 0, 3, 0x44, 0, 4, 0x44, 0}
	table := append(append([]byte{0xFF, 0xC4, 0, 20, 0, 1}, make([]byte, 15)...), 5)
	for name, b := range map[string][]byte{
		"a huge frame":           huge,
		"many Huffman tables":    append([]byte{0xFF, 0xD8}, bytes.Repeat(table, 20000)...),
		"many scans":             endless(4096, 128),
		"only starts of images":  bytes.Repeat([]byte{0xFF, 0xD8}, 1<<19),
		"only application data":  append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte("\xFF\xE0\x00\x07JFIF\x00"), 50000)...),
		"only quantisation data": append([]byte{0xFF, 0xD8}, bytes.Repeat(append([]byte{0xFF, 0xDB, 0, 67, 0}, make([]byte, 64)...), 5000)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		out, err := jpeg.Blank(b, []stdimage.Rectangle{stdimage.Rect(0, 0, 1<<20, 1<<20)}, 1<<26, dark)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 300*uint64(len(b))+16*uint64(len(out))+1<<27 || took > 5*time.Second {
			t.Errorf("%s: %d bytes, allocated %d, took %v", name, len(b), used, took)
		}
		if err != nil && !classified(err) || err == nil && name != "many scans" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzBlank blanks anything.
func FuzzBlank(f *testing.F) {
	for _, stream := range streams(f) {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkHostile(t, b) })
}

// BenchmarkBlank blanks a strip of 512×512 pixels.
func BenchmarkBlank(b *testing.B) {
	for name, m := range map[string]jpeg.Image{"grey 8": slice(1, 8), "colour 8": slice(3, 8), "grey 12": slice(1, 12)} {
		stream, err := jpeg.EncodeBaseline(m, 90)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(m.Pixels)))
			for b.Loop() {
				if _, err := jpeg.Blank(stream, []stdimage.Rectangle{stdimage.Rect(0, 0, 256, 40)}, 1<<30, dark); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
