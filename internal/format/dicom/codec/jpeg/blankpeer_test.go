package jpeg_test

import (
	"bytes"
	stdimage "image"
	stdcolor "image/color"
	stdjpeg "image/jpeg"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// TestStandardLibraryReadsWhatIsBlanked writes by image/jpeg with its subsampling, and
// reads by it, whose decoder shares nothing with ours.
func TestStandardLibraryReadsWhatIsBlanked(t *testing.T) {
	t.Parallel()
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, 75, 50))
	for i := range m.Pix {
		m.Pix[i] = byte(i*i>>6 + i)
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	box := stdimage.Rect(20, 17, 41, 30)
	all := goImages(t)
	all["of the standard library"] = b.Bytes()
	for name, stream := range all {
		before, err := stdjpeg.Decode(bytes.NewReader(stream))
		if err != nil {
			t.Fatal(err)
		}
		background := dark
		if _, ok := before.(*stdimage.RGBA); ok {
			background = func(jpeg.Image) ([]uint16, error) { return []uint16{0, 0, 0}, nil }
		}
		if _, ok := before.(*stdimage.CMYK); ok {
			background = bright
		}
		out, err := jpeg.Blank(stream, []stdimage.Rectangle{box}, 1<<28, background)
		if err != nil {
			t.Fatal(err)
		}
		after, err := stdjpeg.Decode(bytes.NewReader(out))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		near := stdimage.Rect(0, 0, 80, 48) // MCUs of at most 32 pixels
		for y := range before.Bounds().Dy() {
			for x := range before.Bounds().Dx() {
				p := stdimage.Pt(x, y)
				if !p.In(near) && before.At(x, y) != after.At(x, y) {
					t.Fatalf("%s: %v was changed", name, p)
				}
				if p.In(box) && !isDark(after.At(x, y)) {
					t.Fatalf("%s: %v is %v", name, p, after.At(x, y))
				}
			}
		}
	}
}

func isDark(c stdcolor.Color) bool {
	if ink, ok := c.(stdcolor.CMYK); ok {
		return ink == stdcolor.CMYK{} // image/jpeg turns it over
	}
	r, g, b, _ := c.RGBA()
	return r|g|b == 0
}

// TestDCMTKReadsWhatIsBlanked compares samples as dcmdjpeg decodes them with ours.
func TestDCMTKReadsWhatIsBlanked(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs dcmtk")
	}
	t.Parallel()
	for name, stream := range dctStreams(t) {
		if dcmtkRefuses(name) || strings.HasPrefix(name, "ours") && decode(t, stream).Samples == 4 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := jpeg.Blank(stream, []stdimage.Rectangle{stdimage.Rect(5, 3, 30, 14)}, 1<<28, dark)
			if err != nil {
				t.Fatal(err)
			}
			compareWithDCMTK(t, out)
		})
	}
}
