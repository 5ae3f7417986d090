package jpegls_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

const unlimited = 1 << 30

// TestRoundTripStaysWithinNear encodes and decodes images of all precisions, sizes
// and numbers of components.
func TestRoundTripStaysWithinNear(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for precision := 2; precision <= 16; precision++ {
			for _, near := range []int{0, 1, 3, 5} {
				if near > (1<<precision-1)/2 {
					continue
				}
				for _, size := range [][3]int{{1, 1, 1}, {1, 70, 1}, {70, 1, 3}, {33, 47, 1}, {20, 31, 2}, {20, 31, 3}, {9, 100, 4}} {
					name := fmt.Sprintf("%s, %d bits, near %d, %v", kind, precision, near, size)
					want := drawn(kind, size[0], size[1], size[2], precision)
					got, err := jpegls.Decode(mustEncode(t, want, near), int64(len(want.Pixels)))
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					if far := furthest(t, got, want); far > near || got.Near != near {
						t.Errorf("%s: samples are %d apart, near is %d", name, far, got.Near)
					}
				}
			}
		}
	}
}

// TestDecodesTheExampleOfT87 decodes the image of T.87 §H.3: 4×4 samples of 8 bits.
func TestDecodesTheExampleOfT87(t *testing.T) {
	t.Parallel()
	stream := []byte{
		0xFF, 0xD8, 0xFF, 0xF7, 0x00, 0x0B, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00,
		0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00,
		0xC0, 0x00, 0x00, 0x6C, 0x80, 0x20, 0x8E, 0x01, 0xC0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E,
		0xE6, 0x00, 0x00, 0x01, 0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8, 0x00, 0x00, 0x91, 0x60, 0xFF, 0xD9,
	}
	want := []byte{0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145}
	got, err := jpegls.Decode(stream, unlimited)
	if err != nil || !bytes.Equal(got.Pixels, want) {
		t.Fatalf("got %v, %v, want %v", got.Pixels, err, want)
	}
	stream = append(stream[:len(stream)-1], 0xFF, 0xD9) // of even length
	if again := mustEncode(t, got, 0); !bytes.Equal(again, stream) {
		t.Errorf("encoded: got % X, want % X", again, stream)
	}
}

// TestEncodeRefusesImagesThatCannotBe gives it sizes, precisions, samples.
func TestEncodeRefusesImagesThatCannotBe(t *testing.T) {
	t.Parallel()
	good := jpegls.Image{Rows: 2, Columns: 2, Samples: 1, Precision: 7, Pixels: []byte{1, 2, 3, 127}}
	for name, change := range map[string]func(*jpegls.Image) int{
		"no rows":           func(m *jpegls.Image) int { m.Rows, m.Pixels = 0, nil; return 0 },
		"too many columns":  func(m *jpegls.Image) int { m.Rows, m.Columns, m.Pixels = 1, 1<<16, make([]byte, 1<<16); return 0 },
		"five components":   func(m *jpegls.Image) int { m.Samples, m.Pixels = 5, make([]byte, 20); return 0 },
		"a bit":             func(m *jpegls.Image) int { m.Precision = 1; return 0 },
		"a byte is missing": func(m *jpegls.Image) int { m.Pixels = m.Pixels[1:]; return 0 },
		"a large sample":    func(m *jpegls.Image) int { m.Pixels = []byte{1, 2, 128, 3}; return 0 },
		"a large near":      func(*jpegls.Image) int { return 64 },
		"near below zero":   func(*jpegls.Image) int { return -1 },
	} {
		m := good
		near := change(&m)
		if _, err := jpegls.Encode(m, near); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want %v", name, err, sinso.ErrInvalid)
		}
	}
}

// TestDecodesInterval decodes an image that is made of restart intervals: each is an
// image of its own, joined by markers (T.87 §C.2.5).
func TestDecodesRestartIntervals(t *testing.T) {
	t.Parallel()
	const columns, strip = 41, 4
	for _, samples := range []int{1, 3} {
		var joined []byte
		var want jpegls.Image
		for i := range 11 {
			m := drawn(kinds[i%len(kinds)], strip, columns, samples, 12)
			b := mustEncode(t, m, 0)
			scan := bytes.Index(b, []byte{0xFF, 0xDA})
			if i == 0 {
				want = m
				joined = append(joined, b[:scan]...)
				joined[7], joined[8] = 0, 11*strip
				joined = append(joined, 0xFF, 0xDD, 0, 5, 0, 0, strip)
				joined = append(joined, b[scan:len(b)-2]...)
				continue
			}
			want.Rows += strip
			want.Pixels = append(want.Pixels, m.Pixels...)
			data := scan + 2 + int(b[scan+3])
			joined = append(joined, 0xFF, 0xD0+byte(i-1)%8)
			joined = append(joined, b[data:len(b)-2]...)
		}
		joined = append(joined, 0xFF, 0xD9)
		got, err := jpegls.Decode(joined, unlimited)
		if err != nil {
			t.Fatal(err)
		}
		if far := furthest(t, got, want); far != 0 {
			t.Errorf("%d components: samples are %d apart", samples, far)
		}
	}
}
