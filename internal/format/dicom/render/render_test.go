package render_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

func TestThumbnailDrawsValues(t *testing.T) {
	t.Parallel()
	window := map[dicom.Tag]string{0x00281050: `50\1`, 0x00281051: `101\2`}
	palette := map[dicom.Tag][]byte{
		0x00281101: words(2, 10, 8), 0x00281102: words(2, 10, 8), 0x00281103: words(2, 10, 8),
		0x00281201: {1, 2}, 0x00281202: {3, 4}, 0x00281203: {5, 6},
	}
	gray := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	for name, tt := range map[string]struct {
		pic  pic
		want []color.RGBA
	}{
		"8 bit, stretched": {pic{rows: 1, columns: 2, allocated: 8, photometric: "MONOCHROME2", pixels: []byte{7, 9}}, []color.RGBA{gray(0), gray(255)}},
		"MONOCHROME1":      {pic{rows: 1, columns: 2, allocated: 8, photometric: "MONOCHROME1", pixels: []byte{7, 9}}, []color.RGBA{gray(255), gray(0)}},
		"16 bit, windowed": {pic{rows: 1, columns: 4, allocated: 16, photometric: "MONOCHROME2", text: window, pixels: words(0, 25, 50, 1000)}, []color.RGBA{gray(1), gray(65), gray(128), gray(255)}},
		"signed":           {pic{rows: 1, columns: 2, allocated: 16, signed: 1, photometric: "MONOCHROME2", pixels: words(-5, 5)}, []color.RGBA{gray(0), gray(255)}},
		"12 bits signed":   {pic{rows: 1, columns: 2, allocated: 16, stored: 12, signed: 1, photometric: "MONOCHROME2", pixels: words(0x0FFF, 1)}, []color.RGBA{gray(0), gray(255)}},
		"rescaled":         {pic{rows: 1, columns: 2, allocated: 8, photometric: "MONOCHROME2", pixels: []byte{10, 0}, text: map[dicom.Tag]string{0x00281050: "0", 0x00281051: "2", 0x00281052: "10", 0x00281053: "-2"}}, []color.RGBA{gray(0), gray(255)}},
		"flat":             {pic{rows: 1, columns: 2, allocated: 8, photometric: "MONOCHROME2", pixels: []byte{3, 3}}, []color.RGBA{gray(0), gray(0)}},
		"1 bit":            {pic{rows: 1, columns: 2, allocated: 1, photometric: "MONOCHROME2", pixels: []byte{2, 0}}, []color.RGBA{gray(0), gray(255)}},
		"RGB by pixel":     {pic{rows: 1, columns: 2, samples: 3, allocated: 8, photometric: "RGB", pixels: []byte{1, 2, 3, 4, 5, 6}}, []color.RGBA{{1, 2, 3, 255}, {4, 5, 6, 255}}},
		"RGB by plane":     {pic{rows: 1, columns: 2, samples: 3, allocated: 8, planar: 1, photometric: "RGB", pixels: []byte{1, 4, 2, 5, 3, 6}}, []color.RGBA{{1, 2, 3, 255}, {4, 5, 6, 255}}},
		"YBR_FULL":         {pic{rows: 1, columns: 2, samples: 3, allocated: 8, photometric: "YBR_FULL", pixels: []byte{76, 85, 255, 9, 128, 128}}, []color.RGBA{{254, 0, 0, 255}, {9, 9, 9, 255}}},
		"PALETTE COLOR":    {pic{rows: 1, columns: 4, allocated: 8, photometric: "PALETTE COLOR", raw: palette, pixels: []byte{10, 11, 0, 99}}, []color.RGBA{{1, 3, 5, 255}, {2, 4, 6, 255}, {1, 3, 5, 255}, {2, 4, 6, 255}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := decode(t, mustThumbnail(t, tt.pic.file(t), 0, 64))
			if got.Bounds() != image.Rect(0, 0, len(tt.want), 1) {
				t.Fatalf("got %v, want %d pixels", got.Bounds(), len(tt.want))
			}
			for x, want := range tt.want {
				r, g, b, _ := got.At(x, 0).RGBA()
				if have := (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}); have != want {
					t.Errorf("pixel %d: got %v, want %v", x, have, want)
				}
			}
		})
	}
}

func TestThumbnailTakesTheFrame(t *testing.T) {
	t.Parallel()
	f := pic{rows: 1, columns: 2, allocated: 8, frames: "2", photometric: "MONOCHROME2", pixels: []byte{0, 9, 9, 0}}.file(t)
	first, second := decode(t, mustThumbnail(t, f, 0, 8)), decode(t, mustThumbnail(t, f, 1, 8))
	if first.At(0, 0) != second.At(1, 0) || first.At(0, 0) == second.At(0, 0) {
		t.Error("the second frame is not the first mirrored")
	}
	if _, err := render.Thumbnail(f, 2, 8); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("third frame of two: got %v", err)
	}
}

func TestThumbnailScalesDownByTheMean(t *testing.T) {
	t.Parallel()
	f := pic{rows: 4, columns: 8, allocated: 8, photometric: "MONOCHROME2", pixels: bytes.Repeat([]byte{0, 200}, 16), text: map[dicom.Tag]string{0x00281050: "128", 0x00281051: "256"}}.file(t)
	got := decode(t, mustThumbnail(t, f, 0, 4))
	if got.Bounds() != image.Rect(0, 0, 4, 2) {
		t.Fatalf("got %v, want 4×2", got.Bounds())
	}
	if y := got.At(1, 1).(color.Gray).Y; y < 99 || y > 101 {
		t.Errorf("got %d, want the mean 100", y)
	}
}

func TestThumbnailRefuses(t *testing.T) {
	t.Parallel()
	good := pic{rows: 2, columns: 2, allocated: 8, photometric: "MONOCHROME2", pixels: make([]byte, 4)}
	with := func(change func(*pic)) pic { p := good; change(&p); return p }
	for name, tt := range map[string]struct {
		pic  pic
		want error
	}{
		"compressed":        {with(func(p *pic) { p.pixels, p.fragments = nil, [][]byte{{}, {1, 2}} }), sinso.ErrUnsupported},
		"too few pixels":    {with(func(p *pic) { p.rows, p.columns = 60000, 60000 }), sinso.ErrUnsupported},
		"pixels cut off":    {with(func(p *pic) { p.rows = 4 }), sinso.ErrCorrupt},
		"a frame cut off":   {with(func(p *pic) { p.frames = "9" }), sinso.ErrCorrupt},
		"no rows":           {with(func(p *pic) { p.rows = 0 }), sinso.ErrCorrupt},
		"24 bits":           {with(func(p *pic) { p.allocated, p.pixels = 24, make([]byte, 12) }), sinso.ErrUnsupported},
		"64 bits":           {with(func(p *pic) { p.allocated, p.pixels = 64, make([]byte, 32) }), sinso.ErrUnsupported},
		"more bits than is": {with(func(p *pic) { p.stored = 12 }), sinso.ErrCorrupt},
		"another colour":    {with(func(p *pic) { p.photometric = "CMYK" }), sinso.ErrUnsupported},
		"no palette":        {with(func(p *pic) { p.photometric = "PALETTE COLOR" }), sinso.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frame := 0
			if tt.pic.frames != "" {
				frame = 8
			}
			if _, err := render.Thumbnail(tt.pic.file(t), frame, 64); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	for _, side := range []int{0, -1, 5000} {
		if _, err := render.Thumbnail(good.file(t), 0, side); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("side %d: got %v, want ErrInvalid", side, err)
		}
	}
}

func mustThumbnail(tb testing.TB, f *dicom.File, frame, side int) []byte {
	tb.Helper()
	b, err := render.Thumbnail(f, frame, side)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func decode(tb testing.TB, b []byte) image.Image {
	tb.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	return img
}
