package way

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"

	"sinso.dev/sinso"
)

// readerFunc is a text reader of a test's own.
type readerFunc func() ([]image.Rectangle, error)

func (f readerFunc) Words(context.Context, *image.Gray) ([]image.Rectangle, error) { return f() }

// TestWhatTheReaderReadsIsBlank: what an operator's reader still reads is blank in the
// derivative, and while it fails none is made; when it works again, one is.
func TestWhatTheReaderReadsIsBlank(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	works := false
	s.Reader = readerFunc(func() ([]image.Rectangle, error) {
		if !works {
			return nil, sinso.ErrUnavailable
		}
		return []image.Rectangle{image.Rect(10, 20, 30, 26)}, nil
	})
	if _, err := s.Draft(t.Context(), study, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("without its reader: %v", err)
	}
	works = true
	row := s.draft(study)
	if row.State != sinso.ReleaseIsStored || row.Instances != 1 {
		t.Fatalf("got %s with %d", row.State, row.Instances)
	}
	pixels, original := s.pixels(row)[0], echoPixels()
	for y := range echoRows {
		got, was := pixels[y*echoColumns:][:echoColumns], original[y*echoColumns:][:echoColumns]
		inside := image.Pt(12, y).In(image.Rect(7, 17, 33, 29))
		if inside && bytes.Equal(got[7:33], was[7:33]) || !bytes.Equal(got[33:], was[33:]) || !inside && !bytes.Equal(got, was) {
			t.Errorf("row %d: %v, was %v", y, got, was)
		}
	}
}
