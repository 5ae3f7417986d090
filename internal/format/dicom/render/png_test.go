package render_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"hash/adler32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// grayOf returns a picture whose pixels f gives.
func grayOf(width, height int, f func(x, y int) uint8) *image.Gray {
	p := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.Pix[y*p.Stride+x] = f(x, y)
		}
	}
	return p
}

// pictures are such that each way to write a row and a block is taken.
func pictures() map[string]image.Image {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(int, int) uint8 { return uint8(r.Uint32()) }
	rare := func(int, int) uint8 { // counts like Fibonacci's, whose tree is deepest
		v := r.Uint32() | 1<<24
		n := 0
		for ; v&1 == 0; v >>= 1 {
			n++
		}
		return uint8(n * 7)
	}
	all := map[string]image.Image{
		"one pixel":      grayOf(1, 1, random),
		"a row":          grayOf(1000, 1, random),
		"a column":       grayOf(1, 1000, random),
		"black":          grayOf(700, 300, func(int, int) uint8 { return 0 }),
		"white":          grayOf(700, 300, func(int, int) uint8 { return 255 }),
		"noise":          grayOf(517, 401, random),
		"rare values":    grayOf(517, 401, rare),
		"a slope":        grayOf(300, 300, func(x, y int) uint8 { return uint8(x + y) }),
		"checked":        grayOf(300, 300, func(x, y int) uint8 { return uint8((x ^ y) & 1 * 255) }),
		"rows too long":  grayOf(60000, 3, random),
		"a part of more": grayOf(100, 100, random).SubImage(image.Rect(10, 20, 77, 93)),
		"a palette":      &image.Paletted{Pix: []uint8{0, 1, 1, 0}, Stride: 2, Rect: image.Rect(0, 0, 2, 2), Palette: color.Palette{color.RGBA{1, 2, 3, 255}, color.RGBA{9, 8, 7, 255}}},
	}
	for n := range 600 { // runs of every length
		all["run "+string(rune('0'+n/100))+string(rune('0'+n/10%10))+string(rune('0'+n%10))] = grayOf(n+2, 2, func(x, _ int) uint8 { return uint8(min(x/max(n, 1), 1)) })
	}
	for _, width := range []int{1, 2, 3, 5, 8, 9, 300} {
		p := image.NewRGBA(image.Rect(0, 0, width, 200))
		for i := range p.Pix {
			p.Pix[i] = uint8(r.Uint32())
			if i%4 == 3 {
				p.Pix[i] = 255
			}
		}
		all["colours "+string(rune('0'+width%10))] = p
	}
	return all
}

// TestPNGHoldsThePicture reads what EncodePNG wrote with the standard library.
func TestPNGHoldsThePicture(t *testing.T) {
	t.Parallel()
	for name, picture := range pictures() {
		var out bytes.Buffer
		if err := render.EncodePNG(&out, picture); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := png.Decode(&out)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if out.Len() != 0 {
			t.Errorf("%s: %d bytes are left", name, out.Len())
		}
		if !slices.Equal(flat(got), flat(picture)) || got.Bounds().Size() != picture.Bounds().Size() {
			t.Errorf("%s is another", name)
		}
	}
}

// TestPNGIsNotLarger compares with the standard library's fastest on what it is for,
// and bounds what noise may take.
func TestPNGIsNotLarger(t *testing.T) {
	t.Parallel()
	f, frame := ctSlice(t)
	slice, err := render.Picture(f, frame, 0, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	size := func(picture image.Image) (ours, theirs int) {
		var a, b bytes.Buffer
		if err := errors.Join(render.EncodePNG(&a, picture), (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, picture)); err != nil {
			t.Fatal(err)
		}
		return a.Len(), b.Len()
	}
	if ours, theirs := size(slice); ours > theirs*11/10 {
		t.Errorf("a slice: %d bytes, the standard library's fastest has %d", ours, theirs)
	}
	if ours, _ := size(pictures()["noise"]); ours > 517*401*101/100+1000 {
		t.Errorf("noise of %d bytes: %d", 517*401, ours)
	}
	if ours, _ := size(pictures()["black"]); ours > 2000 {
		t.Errorf("black: %d bytes", ours)
	}
}

// TestStreamsArePlainZlib reads streams of the deflater alone, block by block.
func TestStreamsArePlainZlib(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		b := make([]byte, r.IntN(5000)+1)
		span := 1 + r.IntN(256)
		for i := range b {
			b[i] = uint8(r.IntN(span))
			if i > 0 && r.IntN(3) > 0 {
				b[i] = b[i-1]
			}
		}
		z, err := zlib.NewReader(bytes.NewReader(render.Deflated(b, 1+r.IntN(3000), adler32.Checksum(b))))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%d bytes of %d values: %v", len(b), span, err)
		}
	}
}

func TestJPEGHoldsThePicture(t *testing.T) {
	t.Parallel()
	picture := grayOf(64, 48, func(x, y int) uint8 { return uint8(2*x + y) })
	sizes := map[int]int{}
	for _, quality := range []int{0, 10, 90, 100} {
		var out bytes.Buffer
		if err := render.EncodeJPEG(&out, picture, quality); err != nil {
			t.Fatal(err)
		}
		sizes[quality] = out.Len()
		got, err := jpeg.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		if _, gray := got.(*image.Gray); !gray {
			t.Errorf("a gray picture became a %T", got)
		}
		if quality >= 90 {
			sameWithin(t, "quality", got, picture, 6)
		}
	}
	if sizes[0] != sizes[90] || sizes[10] >= sizes[90] || sizes[90] >= sizes[100] {
		t.Errorf("sizes do not follow the quality: %v", sizes)
	}
	for _, quality := range []int{-1, 101} {
		if err := render.EncodeJPEG(io.Discard, picture, quality); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("quality %d: got %v", quality, err)
		}
	}
}

// broken fails after some bytes.
type broken struct{ left int }

var errFull = errors.New("full")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestEncodersReportAWriterThatFails(t *testing.T) {
	t.Parallel()
	picture := pictures()["noise"]
	var whole bytes.Buffer
	if err := render.EncodePNG(&whole, picture); err != nil {
		t.Fatal(err)
	}
	for left := 0; left < whole.Len(); left += 1 + left/2 {
		if err := render.EncodePNG(&broken{left}, picture); !errors.Is(err, errFull) {
			t.Errorf("png, after %d bytes: got %v", left, err)
		}
	}
	if err := render.EncodeJPEG(&broken{100}, picture, 90); !errors.Is(err, errFull) {
		t.Errorf("jpeg: got %v", err)
	}
	if err := render.EncodePNG(io.Discard, image.NewGray(image.Rect(0, 0, 0, 5))); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no pixel: got %v", err)
	}
}
