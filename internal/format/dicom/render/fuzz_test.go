package render_test

import (
	"bytes"
	"errors"
	"image/png"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// FuzzThumbnail: whatever the bytes say of their pixels, there is a picture of the
// size asked for, or an error of a class; never a panic.
func FuzzThumbnail(f *testing.F) {
	err := phantom.Series(phantom.Options{Slices: 2, Rows: 9, Columns: 7}, func(_ string, part10 []byte) error {
		f.Add(part10, 0)
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, frame int) {
		file, err := dicom.Read(data)
		if err != nil {
			return
		}
		const side = 64
		picture, err := render.Thumbnail(file, frame, side)
		if err != nil {
			for _, class := range []error{sinso.ErrInvalid, sinso.ErrCorrupt, sinso.ErrUnsupported, sinso.ErrNotFound} {
				if errors.Is(err, class) {
					return
				}
			}
			t.Fatalf("an error without a class: %v", err)
		}
		drawn, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil || max(drawn.Width, drawn.Height) > side {
			t.Fatalf("%d by %d: %v", drawn.Width, drawn.Height, err)
		}
	})
}
