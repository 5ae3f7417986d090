package jpegls_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

const (
	allowed     = 1 << 20 // bytes of pixels
	allowedMore = 8 << 20 // bytes beside them: lines of 65,535 samples of four components, tables of 16 bits
	allowedTime = 2 * time.Second
)

// streams are small ones in every form: with one and three components, near, with
// samples interleaved, with preset parameters and an APP8 segment.
func streams(tb testing.TB) [][]byte {
	tb.Helper()
	mono, deep, colour := drawn("smooth", 40, 50, 1, 8), drawn("edges", 40, 50, 1, 16), drawn("flat", 20, 30, 3, 8)
	all := [][]byte{mustEncode(tb, mono, 0), mustEncode(tb, deep, 3), mustEncode(tb, colour, 0), mustEncode(tb, colour, 2)}
	sampled := bytes.Clone(all[2])
	sampled[bytes.Index(sampled, []byte{0xFF, 0xDA})+12] = 2
	all = append(all, sampled, withSegments(all[0]), bytes.Clone(sampled[:len(sampled)/2]))
	return all
}

// withSegments puts preset parameters, a restart interval and an APP8 segment before
// the scan.
func withSegments(b []byte) []byte {
	scan := bytes.Index(b, []byte{0xFF, 0xDA})
	out := bytes.Clone(b[:scan])
	out = append(out, 0xFF, 0xF8, 0, 13, 1, 0, 255, 0, 4, 0, 9, 0, 30, 0, 40)
	out = append(out, 0xFF, 0xDD, 0, 4, 0, 40, 0xFF, 0xE8, 0, 7, 'm', 'r', 'f', 'x', 1)
	return append(out, b[scan:]...)
}

// look decodes and checks what is promised of any bytes.
func look(tb testing.TB, b []byte) bool {
	tb.Helper()
	m, err := jpegls.Decode(b, allowed)
	if err != nil {
		if !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) {
			tb.Errorf("no class: %v", err)
		}
		return false
	}
	size := 1
	if m.Precision > 8 {
		size = 2
	}
	if want := m.Rows * m.Columns * m.Samples * size; len(m.Pixels) != want || want > allowed {
		tb.Errorf("got %d bytes of pixels, want %d", len(m.Pixels), want)
	}
	return true
}

// FuzzDecode decodes anything; what is decoded can be encoded, and is the same again.
func FuzzDecode(f *testing.F) {
	for _, b := range streams(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !look(t, b) {
			return
		}
		m, err := jpegls.Decode(b, allowed)
		if err != nil {
			t.Fatal(err)
		}
		again, err := jpegls.Decode(mustEncode(t, m, 0), allowed)
		if err != nil || !bytes.Equal(again.Pixels, m.Pixels) {
			t.Errorf("encoded and decoded it is another image: %v", err)
		}
	})
}

// TestMutantsAreBounded damages streams 6,000 times: nothing panics, hangs or takes
// memory beyond the limit. It is not parallel, since it measures what is allocated.
func TestMutantsAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all := streams(t)
	const mutants = 6000
	taken := 0
	for i := range mutants {
		b := mutated(r, all[i%len(all)])
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		if look(t, b) {
			taken++
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > allowed+allowedMore || took > allowedTime {
			t.Errorf("mutant %d: allocated %d, took %v", i, used, took)
		}
	}
	if taken == 0 || taken == mutants {
		t.Errorf("%d of %d mutants were decoded: the damage is none, or total", taken, mutants)
	}
}

// mutated damages a stream in one of the ways that streams are damaged.
func mutated(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	header := min(len(b), 60)
	switch r.IntN(5) {
	case 0:
		return b[:r.IntN(len(b))]
	case 1:
		for range 1 + r.IntN(10) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2:
		for range 1 + r.IntN(3) {
			b[r.IntN(header)] ^= 1 << r.IntN(8)
		}
	case 3:
		binary.BigEndian.PutUint16(b[r.IntN(header-2):], []uint16{0, 1, 0x7FFF, 0xFFFF, 0xFFD0}[r.IntN(5)])
	default:
		from := r.IntN(len(b))
		b = append(b[:from], b[min(len(b), from+r.IntN(30)):]...)
	}
	return b
}

// TestLargeImagesInFewBytesAreRefused declares more than the data or the limit allows.
func TestLargeImagesInFewBytesAreRefused(t *testing.T) {
	t.Parallel()
	b := mustEncode(t, drawn("flat", 2, 2, 1, 8), 0)
	b[7], b[8], b[9], b[10] = 0xFF, 0xFF, 0xFF, 0xFF
	if _, err := jpegls.Decode(b, 1<<30); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("beyond the limit: got %v", err)
	}
	if _, err := jpegls.Decode(b, 1<<40); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("beyond the data: got %v", err)
	}
}

// TestDecodeRefuses gives it what it has no meaning for.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good := mustEncode(t, drawn("smooth", 8, 8, 3, 8), 0)
	scan := bytes.Index(good, []byte{0xFF, 0xDA})
	with := func(at int, v byte) []byte {
		b := bytes.Clone(good)
		b[at] = v
		return b
	}
	insert := func(segment ...byte) []byte {
		return append(append(bytes.Clone(good[:scan]), segment...), good[scan:]...)
	}
	for name, tt := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":                       {nil, sinso.ErrCorrupt},
		"another kind of JPEG":          {with(3, 0xC0), sinso.ErrCorrupt},
		"a precision of 17 bits":        {with(6, 17), sinso.ErrCorrupt},
		"no rows":                       {with(8, 0), sinso.ErrUnsupported},
		"a component of half the width": {with(13, 0x21), sinso.ErrUnsupported},
		"a mapping table in a scan":     {with(scan+6, 1), sinso.ErrUnsupported},
		"an interleave mode of 3":       {with(scan+12, 3), sinso.ErrCorrupt},
		"components without interleave": {with(scan+12, 0), sinso.ErrCorrupt},
		"a component twice":             {with(scan+5, good[scan+7]), sinso.ErrCorrupt},
		"a point transform":             {with(scan+13, 1), sinso.ErrUnsupported},
		"a near of 200":                 {with(scan+11, 200), sinso.ErrCorrupt},
		"a mapping table":               {insert(0xFF, 0xF8, 0, 5, 2, 1, 1), sinso.ErrUnsupported},
		"a largest sample of 9 bits":    {insert(0xFF, 0xF8, 0, 13, 1, 1, 255, 0, 0, 0, 0, 0, 0, 0, 0), sinso.ErrCorrupt},
		"thresholds that do not ascend": {insert(0xFF, 0xF8, 0, 13, 1, 0, 0, 0, 9, 0, 3, 0, 4, 0, 0), sinso.ErrCorrupt},
		"an unknown colour transform":   {insert(0xFF, 0xE8, 0, 7, 'm', 'r', 'f', 'x', 9), sinso.ErrUnsupported},
		"a missing restart marker":      {insert(0xFF, 0xDD, 0, 4, 0, 2), sinso.ErrCorrupt},
		"half a scan":                   {good[:scan+24], sinso.ErrCorrupt},
	} {
		if _, err := jpegls.Decode(tt.b, unlimited); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	if _, err := jpegls.Decode(insert(0xFF, 0xE8, 0, 4, 'S', 'P', 0xFF, 0xFE, 0, 2), unlimited); err != nil {
		t.Errorf("a SPIFF header and a comment: got %v", err)
	}
}

// TestUndoesTransformsOfColours applies each of HP's transforms, in its forward
// form, before encoding.
func TestUndoesTransformsOfColours(t *testing.T) {
	t.Parallel()
	want := drawn("smooth", 16, 16, 3, 8)
	for transform, forward := range map[byte]func(r, g, b int) [3]int{
		1: func(r, g, b int) [3]int { return [3]int{r - g + 128, g, b - g + 128} },
		2: func(r, g, b int) [3]int { return [3]int{r - g + 128, g, b - (r+g)>>1 + 128} },
		3: func(r, g, b int) [3]int {
			v2, v3 := (b-g+128)&255, (r-g+128)&255
			return [3]int{g + (v2+v3)>>2 - 64, v2, v3}
		},
	} {
		m := want
		m.Pixels = bytes.Clone(want.Pixels)
		for at := 0; at < len(m.Pixels); at += 3 {
			for i, v := range forward(int(m.Pixels[at]), int(m.Pixels[at+1]), int(m.Pixels[at+2])) {
				m.Pixels[at+i] = byte(v)
			}
		}
		b := mustEncode(t, m, 0)
		b = append([]byte{0xFF, 0xD8, 0xFF, 0xE8, 0, 7, 'm', 'r', 'f', 'x', transform}, b[2:]...)
		got, err := jpegls.Decode(b, unlimited)
		if err != nil || !bytes.Equal(got.Pixels, want.Pixels) {
			t.Errorf("transform %d: not undone, %v", transform, err)
		}
	}
}
