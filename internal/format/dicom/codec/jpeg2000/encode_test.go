package jpeg2000_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// shapes of images to encode.
func encodeImages() []jpeg2000.Image {
	noise := picture(70, 65, 3, 8, false)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pixels {
		noise.Pixels[i] = byte(255 * random.IntN(2)) // colours as far apart as can be
	}
	flat := picture(100, 100, 1, 16, false)
	clear(flat.Pixels)
	return []jpeg2000.Image{
		picture(1, 1, 1, 8, false), picture(2, 3, 1, 1, false), picture(97, 61, 1, 16, false), picture(200, 131, 1, 12, true),
		picture(64, 64, 3, 8, false), picture(129, 255, 3, 16, true), picture(33, 90, 4, 8, true), picture(300, 2, 2, 10, false),
		picture(512, 512, 1, 16, true), picture(65, 66, 1, 24, false), picture(65, 66, 3, 20, true), noise, flat,
	}
}

// TestEncodesWithoutLoss reads back what it wrote, with Decode and with OpenJPEG.
func TestEncodesWithoutLoss(t *testing.T) {
	t.Parallel()
	for _, m := range encodeImages() {
		t.Run(fmt.Sprintf("%d x %d x %d, %d bits, signed %t", m.Columns, m.Rows, m.Samples, m.Precision, m.Signed), func(t *testing.T) {
			t.Parallel()
			data, err := jpeg2000.EncodeLossless(m)
			if err != nil {
				t.Fatal(err)
			}
			got, err := jpeg2000.Decode(data, int64(len(m.Pixels)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Pixels, m.Pixels) {
				most, at := furthest(got, m)
				t.Fatalf("differs by %d, at %d", most, at)
			}
			if !got.Lossless || got.MCT != (m.Samples == 3) || got.Signed != m.Signed || got.Precision != m.Precision {
				t.Errorf("got lossless %t, transform %t, signed %t, %d bits", got.Lossless, got.MCT, got.Signed, got.Precision)
			}
			if testing.Short() {
				t.Skip("needs opj_decompress")
			}
			if m.Precision > 16 {
				return // OpenJPEG's raw files have no more
			}
			if most, at := furthest(m, interleaved(t, m, decompress(t, data))); most > 0 {
				t.Errorf("OpenJPEG differs by %d, at %d", most, at)
			}
		})
	}
}

// TestEncodeRefusesWhatDoesNotFit gives images whose header isn't true.
func TestEncodeRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*jpeg2000.Image){
		"no rows":         func(m *jpeg2000.Image) { m.Rows = 0 },
		"too few pixels":  func(m *jpeg2000.Image) { m.Pixels = m.Pixels[1:] },
		"five samples":    func(m *jpeg2000.Image) { m.Samples = 5 },
		"precision 0":     func(m *jpeg2000.Image) { m.Precision = 0 },
		"precision 25":    func(m *jpeg2000.Image) { m.Precision = 25 },
		"a sample beyond": func(m *jpeg2000.Image) { m.Precision = 11 },
		"a huge image":    func(m *jpeg2000.Image) { m.Rows, m.Columns = 1<<40, 1<<40 },
	} {
		m := picture(20, 20, 1, 12, false)
		change(&m)
		if _, err := jpeg2000.EncodeLossless(m); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
}
