package render_test

import (
	"errors"
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// bytesPic is an 8-bit image whose window leaves values as they are.
func bytesPic(columns int, pixels ...byte) pic {
	return pic{rows: len(pixels) / columns, columns: columns, allocated: 8, photometric: "MONOCHROME2", pixels: pixels}
}

// TestViewportPlacesTheSource is PS3.18 §8.3.5.1.3 on a picture of 4 by 2 pixels.
func TestViewportPlacesTheSource(t *testing.T) {
	t.Parallel()
	p := bytesPic(4, 0, 10, 20, 30, 100, 110, 120, 130)
	plain := render.Window{Center: 127.5, Width: 255, Function: render.LinearExact}
	for text, want := range map[string]struct {
		size image.Point
		gray []uint8
	}{
		"4,2":           {image.Pt(4, 2), p.pixels},
		"4,2,,,,":       {image.Pt(4, 2), p.pixels},
		"4,9,0,0,4,2":   {image.Pt(4, 2), p.pixels},
		"9,2,0,0,4,2":   {image.Pt(4, 2), p.pixels},
		"4,2,0,0,-4,2":  {image.Pt(4, 2), []uint8{30, 20, 10, 0, 130, 120, 110, 100}},
		"4,2,0,0,4,-2":  {image.Pt(4, 2), []uint8{100, 110, 120, 130, 0, 10, 20, 30}},
		"4,2,0,0,-4,-2": {image.Pt(4, 2), []uint8{130, 120, 110, 100, 30, 20, 10, 0}},
		"2,2,1,0,2,2":   {image.Pt(2, 2), []uint8{10, 20, 110, 120}},
		"2,2,-1,0,2,2":  {image.Pt(2, 2), []uint8{10, 20, 110, 120}},
		"2,2,2,,,":      {image.Pt(2, 2), []uint8{20, 30, 120, 130}},
		"2,2,2,0,99,99": {image.Pt(2, 2), []uint8{20, 30, 120, 130}},
		"2,1":           {image.Pt(2, 1), []uint8{55, 75}},
		"1,1":           {image.Pt(1, 1), []uint8{65}},
		"4,4,1,0,-2,2":  {image.Pt(4, 4), []uint8{20, 18, 13, 10, 45, 43, 38, 35, 95, 93, 88, 85, 120, 118, 113, 110}},
		"3,9,0,1,3,1":   {image.Pt(3, 1), []uint8{100, 110, 120}},
	} {
		v, err := render.ParseViewport(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		picture, err := drawn(t, p.part10(t), 0, render.Options{Window: &plain, Viewport: &v})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := flat(picture); picture.Bounds().Size() != want.size || !slices.Equal(got, want.gray) {
			t.Errorf("%s: got %v of %v, want %v of %v", text, got, picture.Bounds().Size(), want.gray, want.size)
		}
	}
}

// TestColoursAreScaledAsGrayIs mirrors and scales a picture whose three colours are
// the same.
func TestColoursAreScaledAsGrayIs(t *testing.T) {
	t.Parallel()
	gray := bytesPic(16, noise(16*8)...)
	colour := pic{rows: 8, columns: 16, samples: 3, allocated: 8, planar: 1, photometric: "RGB", pixels: slices.Concat(gray.pixels, gray.pixels, gray.pixels)}
	plain := render.Window{Center: 127.5, Width: 255, Function: render.LinearExact}
	for _, v := range []render.Viewport{{Width: 16, Height: 16, W: -16}, {Width: 5, Height: 5}, {Width: 40, Height: 33, H: -8}, {Width: 7, Height: 7, X: 3, Y: 2, W: -11}} {
		o := render.Options{Window: &plain, Viewport: &v}
		want, got := samplesOf(t, gray, o), samplesOf(t, colour, o)
		for i, w := range want {
			if got[3*i] != w || got[3*i+1] != w || got[3*i+2] != w {
				t.Fatalf("%+v: pixel %d: got %v, want %d", v, i, got[3*i:3*i+3], w)
			}
		}
	}
}

// TestMeanOfAllIsKept shrinks noise to every size: its mean stays, whatever the
// borders cut.
func TestMeanOfAllIsKept(t *testing.T) {
	t.Parallel()
	const side = 61
	p := bytesPic(side, noise(side*side)...)
	mean := func(b []uint8) float64 {
		sum := 0
		for _, v := range b {
			sum += int(v)
		}
		return float64(sum) / float64(len(b))
	}
	b, plain := p.part10(t), render.Window{Center: 127.5, Width: 255, Function: render.LinearExact}
	for size := 1; size < side; size++ {
		picture, err := drawn(t, b, 0, render.Options{Window: &plain, MaxSide: size})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := mean(flat(picture)), mean(p.pixels); picture.Bounds().Dx() != size || got < want-0.6 || got > want+0.6 {
			t.Errorf("%d: got %v with a mean of %v, want %v", size, picture.Bounds(), got, want)
		}
	}
}

func TestMaxSideNeverEnlarges(t *testing.T) {
	t.Parallel()
	p := bytesPic(4, noise(12)...)
	for side, want := range map[int]image.Point{0: {4, 3}, 4: {4, 3}, 100: {4, 3}, 3: {3, 2}, 1: {1, 1}} {
		picture, err := drawn(t, p.part10(t), 0, render.Options{MaxSide: side})
		if err != nil || picture.Bounds().Size() != want {
			t.Errorf("%d: got %v, %v, want %v", side, picture.Bounds(), err, want)
		}
	}
}

func TestParametersAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]render.Window{
		"40,400,linear":            {Center: 40, Width: 400, Function: render.Linear},
		"40,400":                   {Center: 40, Width: 400, Function: render.Linear},
		"-0.5,1e2,LINEAR-EXACT":    {Center: -0.5, Width: 100, Function: render.LinearExact},
		"1024.25,0.5,linear-exact": {Center: 1024.25, Width: 0.5, Function: render.LinearExact},
		"1,2,sigmoid":              {Center: 1, Width: 2, Function: render.Sigmoid},
	} {
		if got, err := render.ParseWindow(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "40", "40,", ",400", "a,b", "40,400,cubic", "40,400,linear,1", "40,0", "40,0.5", "40,-1,sigmoid", "NaN,1", "1,Inf", "1e999,1"} {
		if _, err := render.ParseWindow(text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("window %q: got %v", text, err)
		}
	}
	if got, err := render.ParseViewport("512,256,1.5,-2,,-30"); err != nil || got != (render.Viewport{Width: 512, Height: 256, X: 1.5, Y: -2, H: -30}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, text := range []string{"", "1", "1,2,3", "0,1", "1,-1", "1.5,1", "a,b", "1,1,a,0,0,0", "1,1,0,0,0,NaN", "1,1,0,0,0,0,0", "99999999999999999999,1"} {
		if _, err := render.ParseViewport(text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("viewport %q: got %v", text, err)
		}
	}
}
