package render_test

import (
	"bytes"
	"image/png"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// FuzzThumbnail: whatever the bytes say of their pixels, there is a picture of the
// size asked for, or an error of a class; never a panic.
func FuzzThumbnail(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b, 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, frame int) {
		file, err := dicom.Read(data)
		if err != nil {
			return
		}
		const side = 64
		picture, err := render.Thumbnail(file, frame, side)
		if err != nil {
			if !classOf(err) {
				t.Fatalf("an error without a class: %v", err)
			}
			return
		}
		drawn, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil || max(drawn.Width, drawn.Height) > side {
			t.Fatalf("%d by %d: %v", drawn.Width, drawn.Height, err)
		}
	})
}

// FuzzPicture: any header over any frame, with every option that changes the way.
func FuzzPicture(f *testing.F) {
	for i, b := range seeds(f) {
		f.Add(b, i%2, i%3, i%2 == 0, int16(i), int16(-i))
	}
	f.Fuzz(func(t *testing.T, data []byte, index, voi int, overlays bool, x, w int16) {
		drawAll(t, data, index, render.Options{VOI: voi, Overlays: overlays, Viewport: &render.Viewport{Width: 20, Height: 30, X: float64(x), W: float64(w)}})
	})
}
