package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// attempt decodes hostile bytes, and looks that the error has a class.
func attempt(t *testing.T, name string, data []byte, limit int64) (jpeg2000.Image, error) {
	t.Helper()
	m, err := jpeg2000.Decode(data, limit)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("%s: no class: %v", name, err)
	}
	if err == nil && (int64(len(m.Pixels)) > limit || len(m.Pixels) != m.Rows*m.Columns*m.Samples*bytesOf(m.Precision)) {
		t.Errorf("%s: %d bytes of pixels for %d x %d", name, len(m.Pixels), m.Columns, m.Rows)
	}
	return m, err
}

// seeds are whole codestreams that need no peer.
func seeds(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, m := range []jpeg2000.Image{picture(40, 33, 1, 12, true), picture(17, 20, 3, 8, false)} {
		data, err := jpeg2000.EncodeLossless(m)
		if err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprintf("%d samples", m.Samples)] = data
	}
	return all
}

// TestSurvivesMutants decodes thousands of damaged images in bounded time and memory.
func TestSurvivesMutants(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	for name, seed := range seeds(t) {
		for i := range 2000 {
			b := slices.Clone(seed)
			header := 110 // most of the mutants hit the headers
			switch i % 5 {
			case 0:
				b = b[:random.IntN(len(b))]
			case 1:
				b[random.IntN(header)] ^= 1 << random.IntN(8)
			case 2:
				b[random.IntN(len(b))] = byte(random.IntN(256))
			case 3:
				binary.BigEndian.PutUint16(b[random.IntN(header):], uint16(0xFFFF>>random.IntN(16)))
			case 4:
				for range 1 + random.IntN(6) {
					b[random.IntN(len(b))] ^= 1 << random.IntN(8)
				}
			}
			start := time.Now()
			_, _ = attempt(t, fmt.Sprintf("%s, mutant %d", name, i), b, 1<<18)
			if took := time.Since(start); took > 10*time.Second { // of a busy machine
				t.Errorf("%s, mutant %d took %v", name, i, took)
			}
		}
	}
}

// TestTruncatedLosslessIsCorrupt cuts an image at each byte: it is never handed out
// with less than it had.
func TestTruncatedLosslessIsCorrupt(t *testing.T) {
	t.Parallel()
	for name, seed := range seeds(t) {
		whole, err := jpeg2000.Decode(seed, limit)
		if err != nil {
			t.Fatal(err)
		}
		for n := range seed {
			got, err := attempt(t, name, seed[:n], limit)
			switch {
			case err == nil && n < len(seed)-2:
				t.Errorf("%s: the first %d of %d bytes were read", name, n, len(seed))
			case err == nil && !bytes.Equal(got.Pixels, whole.Pixels):
				t.Errorf("%s: without the end marker it is another image", name)
			case err != nil && n >= len(seed)-2:
				t.Errorf("%s: without the end marker: %v", name, err)
			case err != nil && !errors.Is(err, sinso.ErrCorrupt):
				t.Errorf("%s: %d bytes: got %v, want ErrCorrupt", name, n, err)
			}
		}
	}
}

// patched returns the codestream of a small image with bytes put at an offset.
func patched(t *testing.T, at int, b ...byte) []byte {
	t.Helper()
	data, err := jpeg2000.EncodeLossless(picture(40, 33, 1, 12, false))
	if err != nil {
		t.Fatal(err)
	}
	copy(data[at:], b)
	return data
}

// TestHugeClaimsAllocateLittle reads headers that claim what the data can't have.
func TestHugeClaimsAllocateLittle(t *testing.T) { //nolint:paralleltest // measures what is allocated
	const xsiz, xtsiz, cod = 8, 24, 45
	huge := []byte{0x7F, 0xFF, 0xFF, 0xFF}
	tests := map[string]struct {
		data  []byte
		limit int64
	}{
		"a huge image":            {patched(t, xsiz, slices.Concat(huge, huge)...), 1 << 62},
		"a large image":           {patched(t, xsiz, 0, 0, 0xF0, 0, 0, 0, 0xF0, 0), 1 << 20},
		"tiles of a point":        {patched(t, xtsiz, 0, 0, 0, 1, 0, 0, 0, 1), limit},
		"2^31 tiles":              {patched(t, xsiz, slices.Concat(huge, huge, make([]byte, 8), []byte{0, 0, 0, 1, 0, 0, 0, 1})...), 1 << 62},
		"the most layers":         {patched(t, cod+6, 0xFF, 0xFF), limit},
		"32 levels":               {patched(t, cod+9, 32), limit},
		"code-blocks of 1024^2":   {patched(t, cod+10, 8, 8), limit},
		"a progression of 5":      {patched(t, cod+5, 5), limit},
		"high throughput":         {patched(t, cod+12, 0x40), limit},
		"no grid of samples":      {patched(t, xsiz+35, 0, 0), limit},
		"precincts of a point":    {slices.Insert(patched(t, xsiz, 0, 0, 0x10, 0, 0, 0, 0x10, 0), cod+14, 0, 0x11, 0x11, 0x11, 0x11, 0x11), limit},
		"no components":           {patched(t, xsiz+32, 0, 0), limit},
		"packed packet headers":   {patched(t, cod, 0xFF, 0x60), limit},
		"no coding":               {patched(t, cod, 0xFF, 0x64), limit},
		"not a codestream":        {[]byte("\xFF\xD8\xFF\xE0 a JPEG image"), limit},
		"nothing":                 {nil, limit},
		"a jp2 file with nothing": {[]byte("\x00\x00\x00\x0CjP  \r\n\x87\n"), limit},
	}
	points := tests["precincts of a point"].data
	points[cod+3], points[cod+4] = 18, 1
	for name, tt := range tests {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := attempt(t, name, tt.data, tt.limit)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: it was read", name)
		}
		if used, took := after.TotalAlloc-before.TotalAlloc, time.Since(start); used > 16<<20 || took > 5*time.Second {
			t.Errorf("%s: allocated %d bytes, took %v", name, used, took)
		}
	}
}

// TestLimitIsOfPixels reads an image with a limit that fits, and one byte less.
func TestLimitIsOfPixels(t *testing.T) {
	t.Parallel()
	data := patched(t, 0)
	if _, err := jpeg2000.Decode(data, 40*33*2); err != nil {
		t.Error(err)
	}
	if _, err := jpeg2000.Decode(data, 40*33*2-1); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v, want ErrUnsupported", err)
	}
}

// TestHighThroughputIsUnsupported has a CAP segment that asks for Part 15.
func TestHighThroughputIsUnsupported(t *testing.T) {
	t.Parallel()
	data := patched(t, 0)
	const afterSIZ = 2 + 2 + 41
	data = slices.Insert(data, afterSIZ, 0xFF, 0x50, 0, 8, 0, 2, 0, 0, 0, 0)
	if _, err := jpeg2000.Decode(data, limit); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v, want ErrUnsupported", err)
	}
}

// FuzzDecode decodes what is not there to be decoded; what it decodes is written
// without loss.
func FuzzDecode(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	if !testing.Short() { // needs pydicom's test files
		for _, frame := range frames(f, filepath.Join(pydicomFiles, "MR_small_jp2klossless.dcm")) {
			f.Add(frame)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := attempt(t, "fuzz", data, 1<<18)
		if err != nil {
			return
		}
		again, err := jpeg2000.EncodeLossless(m)
		if err != nil {
			if m.Rows <= 1<<16 && m.Columns <= 1<<16 {
				t.Fatal(err)
			}
			return
		}
		got, err := jpeg2000.Decode(again, 1<<18)
		if err != nil || !bytes.Equal(got.Pixels, m.Pixels) {
			t.Errorf("%d x %d, %d bits: not what was written: %v", m.Columns, m.Rows, m.Precision, err)
		}
	})
}
